"""What is on its way: offered more for, cancelled, and several recipients at once, each signed by the real agent."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from solders.keypair import Keypair

from agent_process import EVM as EVM_ACCOUNT
from fluxdesk.client.wallet import WalletClient
from fluxdesk.desktop.agent_link import AgentLink
from fluxdesk.desktop.qt import QPushButton, QWidget
from fluxdesk.desktop.screens.wallet.in_flight import InFlight
from fluxdesk.desktop.screens.wallet.screen import WalletScreen
from fluxdesk.desktop.screens.wallet.send_words import is_over
from gui.desktop.wallet_desk import EVM, SOL, SOLANA, coin_of, texts, wallet
from integration.nodes import RunningNode, practice_node
from integration.servers import ANVIL, Anvil
from integration.wallets import live_node
from needs import tool
from windows import Run, settle


@pytest.fixture(scope="module")
def chain() -> Iterator[Anvil]:
    """An EVM chain that makes a block when it is told to."""
    tool(ANVIL)
    with Anvil() as anvil:
        anvil.rpc("evm_setAutomine", [False])
        anvil.rpc("anvil_setBalance", [EVM_ACCOUNT.removeprefix("evm:"), hex(10**19)])
        anvil.rpc("anvil_mine", ["0x2"])
        yield anvil


@pytest.fixture
def node(chain: Anvil) -> Iterator[RunningNode]:
    with live_node([f"{EVM} {chain.rpc_url}"], ["31337 Local EVM ETH test"]) as started:
        yield started


@pytest.fixture(scope="module")
def practice() -> Iterator[RunningNode]:
    with practice_node(31) as started:
        yield started


def press(widget: QWidget, words: str) -> None:
    """Clicks the first button of these words."""
    next(button for button in widget.findChildren(QPushButton) if button.text() == words).click()


async def approved(made: WalletScreen, link: AgentLink) -> None:
    """Asks for the signature of what is reviewed, and approves it."""
    made.send.review.sign_button.click()
    await settle(until=lambda: bool(link.waiting))
    (request,) = link.waiting.values()
    await link.approve(request)
    await settle(until=lambda: made.send.step == "form")


def test_more_is_offered_for_a_payment_that_waits_and_then_it_is_cancelled(
    run: Run, tmp_path: Path, chain: Anvil, node: RunningNode
) -> None:
    async def whole() -> None:
        async with wallet(tmp_path, node.socket) as (made, link, _):
            made.pay_from(await coin_of(made, EVM))
            line, flight = made.send.form.lines[0], made.send.flight
            line.to.setText("0x" + "b2" * 20)
            line.amount.setText("0.5")
            await settle(until=lambda: line._answered)
            made.send.form.review_button.click()
            await settle(until=lambda: made.send.step == "review")
            await approved(made, link)
            await settle(until=lambda: bool(flight.sends) and len(flight.sends[0].txs) == 1)
            assert "Broadcast, not seen in a block yet" in texts(flight)
            press(flight, "Offer more")
            await settle(until=lambda: made.send.step == "review")
            assert made.send.review.title.words == "Offer more for this payment"
            await approved(made, link)
            await settle(until=lambda: len(flight.sends[0].txs) == 2)
            press(flight, "Cancel")
            await settle(until=lambda: made.send.step == "review")
            assert made.send.review.title.words == "Cancel this payment"
            await approved(made, link)
            await settle(until=lambda: len(flight.sends[0].txs) == 3)
            chain.rpc("anvil_mine", ["0x20"])
            await settle(until=lambda: flight.sends[0].state == "cancelled")
            assert "Cancelled: nothing was paid" in texts(flight)
            assert chain.rpc("eth_getBalance", ["0x" + "b2" * 20, "latest"]) == "0x0"

    run(whole())


def ended(flight: InFlight, address: str) -> bool:
    """Whether the payment to an address is over."""
    return any(send.recipient == address and is_over(send) for send in flight.sends)


async def several(made: WalletScreen, link: AgentLink, client: WalletClient, practice: RunningNode) -> list[str]:
    """Three recipients reviewed and ordered; their addresses. The request waits in the approval window."""
    link.admit_node(practice.process.pid)
    held = await coin_of(made, SOLANA)
    await client.fund(SOLANA, held.account.address)
    made.balances.refresh()
    await settle(until=lambda: not made.balances.busy)
    made.pay_from(await coin_of(made, SOLANA))
    form = made.send.form
    form.add_button.click()
    form.add_button.click()
    to = [str(Keypair().pubkey()) for _ in form.lines]
    for line, address in zip(form.lines, to, strict=True):
        line.to.setText(address)
        line.amount.setText("1")
    await settle(until=lambda: all(line._answered for line in form.lines))
    form.review_button.click()
    await settle(until=lambda: made.send.step == "review" or bool(form.problem.words))
    assert made.send.review.title.words == "Send 3 SOL to 3 recipients", form.problem.words
    assert all(address in texts(made.send.review).replace(" ", "") for address in to)
    made.send.review.sign_button.click()
    await settle(until=lambda: bool(link.waiting))
    return to


def test_several_recipients_are_paid_by_one_review(run: Run, tmp_path: Path, practice: RunningNode) -> None:
    async def whole() -> None:
        async with wallet(tmp_path, practice.socket) as (made, link, joined):
            to = await several(made, link, joined.wallet, practice)
            (request,) = link.waiting.values()
            assert (request.waits.origin, request.waits.proven) == ("node:wallet", True)
            await link.approve(request)
            await settle(until=lambda: [s.state for s in made.send.flight.sends] == ["paid"] * 3)
            for address in to:
                (item,) = (await joined.wallet.balances(SOLANA, [address])).items
                assert item.native_base == str(SOL)

    run(whole())


def test_what_waits_for_its_signature_is_cancelled_and_leaves_the_approval_window(
    run: Run, tmp_path: Path, practice: RunningNode
) -> None:
    async def whole() -> None:
        async with wallet(tmp_path, practice.socket) as (made, link, joined):
            to = await several(made, link, joined.wallet, practice)
            flight = made.send.flight
            await settle(until=lambda: sum(s.recipient in to for s in flight.sends) == 3)
            assert "Waits for its signature" in texts(flight)
            for address in to:
                (send,) = [s for s in flight.sends if s.recipient == address]
                flight.cancel_asked.emit(send)
                await settle(until=partial(ended, flight, address))
            await settle(until=lambda: not link.waiting)
            assert {s.state for s in flight.sends if s.recipient in to} == {"cancelled"}

    run(whole())
