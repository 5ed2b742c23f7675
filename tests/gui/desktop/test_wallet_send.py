"""Paying from the window: real node, real practice chain, real agent; nothing is sent that was not approved."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from solders.keypair import Keypair

from fluxdesk.client.wallet import WalletClient
from fluxdesk.desktop.agent_facts import Request
from fluxdesk.desktop.agent_link import AgentLink
from fluxdesk.desktop.screens.wallet.screen import WalletScreen
from gui.desktop.wallet_desk import SOL, SOLANA, coin_of, texts, wallet
from integration.nodes import RunningNode, practice_node
from windows import Run, settle


@pytest.fixture(scope="module")
def node() -> Iterator[RunningNode]:
    with practice_node(29) as started:
        yield started


@asynccontextmanager
async def funded(data: Path, node: RunningNode) -> AsyncIterator[tuple[WalletScreen, AgentLink, WalletClient]]:
    """An open wallet whose Solana account has coins, at the form of a payment from it."""
    async with wallet(data, node.socket) as (made, link, joined):
        held = await coin_of(made, SOLANA)
        await joined.wallet.fund(SOLANA, held.account.address)
        made.balances.refresh()
        await settle(until=lambda: not made.balances.busy)
        made.pay_from(await coin_of(made, SOLANA))
        await settle(until=lambda: "A plain payment costs at most" in texts(made.send.form))
        yield made, link, joined.wallet


async def reviewed(made: WalletScreen, to: str, amount: str) -> None:
    """Types a payment and waits for its review."""
    line = made.send.form.lines[0]
    line.to.setText(to)
    line.amount.setText(amount)
    await settle(until=lambda: line._answered)
    made.send.form.review_button.click()
    assert not line.to.isEnabled(), "no other payment is typed while one is made"
    assert not made.send.form.where.isEnabled()
    await settle(until=lambda: made.send.step == "review" or bool(made.send.form.problem.words))
    assert made.send.step == "review", made.send.form.problem.words


async def waiting(link: AgentLink) -> Request:
    """The request that reaches the approval window."""
    await settle(until=lambda: bool(link.waiting))
    (request,) = link.waiting.values()
    return request


def test_a_payment_is_shown_approved_sent_and_followed(run: Run, tmp_path: Path, node: RunningNode) -> None:
    async def whole() -> None:
        async with funded(tmp_path, node) as (made, link, client):
            to = str(Keypair().pubkey())
            await reviewed(made, to, "1.5")
            shown = texts(made.send.review)
            assert "Send 1.5 SOL to" in shown
            assert to in shown.replace(" ", "")
            assert "First contact" in shown
            assert "Leaves the account, at most 1.500005 SOL" in shown
            assert "It would go through" in shown and "−1.500005 SOL" in shown
            made.send.review.sign_button.click()
            request = await waiting(link)
            assert (request.waits.origin, request.waits.proven) == ("node:desktop", True)
            assert not (await client.sends()).items
            await link.approve(request)
            await settle(until=lambda: bool(made.send.flight.sends))
            assert made.send.step == "form"
            assert made.send.form.lines[0].to.text() == ""
            await settle(until=lambda: made.send.flight.sends[0].state == "paid")
            assert "Confirmed for good" in texts(made.send.flight)
            assert "1.5 SOL to" in texts(made.send.flight)
            (item,) = (await client.balances(SOLANA, [to])).items
            assert item.native_base == str(3 * SOL // 2)

    run(whole())


def test_a_review_asked_for_before_the_agent_has_answered_comes_by_itself(
    run: Run, tmp_path: Path, node: RunningNode
) -> None:
    async def whole() -> None:
        async with funded(tmp_path, node) as (made, _, _client):
            line = made.send.form.lines[0]
            line.to.setText(str(Keypair().pubkey()))
            line.amount.setText("0.5")
            made.send.form.review_button.click()
            assert line.looking
            assert made.send.form.review_button.text() == "Looking the address up"
            await settle(until=lambda: made.send.step == "review")

    run(whole())


def test_a_no_in_the_approval_window_sends_nothing_and_keeps_the_payment(
    run: Run, tmp_path: Path, node: RunningNode
) -> None:
    async def whole() -> None:
        async with funded(tmp_path, node) as (made, link, client):
            before = len((await client.sends()).items)
            to = str(Keypair().pubkey())
            await reviewed(made, to, "0.25")
            made.send.review.sign_button.click()
            await link.reject(await waiting(link))
            await settle(until=lambda: "Not signed" in made.send.review.problem.words)
            assert "Nothing was sent" in made.send.review.problem.words
            assert made.send.step == "review"
            assert made.send.review.sign_button.isEnabled()
            assert len((await client.sends()).items) == before

    run(whole())


def test_a_request_taken_back_leaves_the_approval_window(run: Run, tmp_path: Path, node: RunningNode) -> None:
    async def whole() -> None:
        async with funded(tmp_path, node) as (made, link, _):
            gone: list[str] = []
            link.gone.connect(lambda identifier, _: gone.append(identifier))
            await reviewed(made, str(Keypair().pubkey()), "0.25")
            made.send.review.sign_button.click()
            request = await waiting(link)
            made.send.review.back_button.click()
            await settle(until=lambda: request.waits.id in gone)
            assert "Taken back" in made.send.review.problem.words
            made.send.review.back_button.click()
            assert made.send.step == "form"

    run(whole())


def test_a_lock_in_the_middle_takes_the_payment_off_the_screen(run: Run, tmp_path: Path, node: RunningNode) -> None:
    async def whole() -> None:
        async with funded(tmp_path, node) as (made, link, client):
            before = len((await client.sends()).items)
            to = str(Keypair().pubkey())
            await reviewed(made, to, "0.25")
            made.send.review.sign_button.click()
            await waiting(link)
            link.lock()
            await settle(until=lambda: made.shown == "unlock")
            await settle()
            assert to not in texts(made).replace(" ", "")
            assert made.send.form.lines[0].to.text() == ""
            assert len((await client.sends()).items) == before

    run(whole())


@pytest.mark.parametrize(
    ("to", "amount", "said"),
    [
        ("", "1", "Type whom to pay"),
        ("nobody at all", "1", "Not an address or a known name"),
        ("0x" + "11" * 20, "1", "An EVM address"),
        ("1" * 31, "1", "Not an address or a known name"),
        ("{to}", "", "Nothing to send"),
        ("{to}", "0.000", "Nothing to send"),
        ("{to}", "1,5", "A comma is read in two ways"),
        ("{to}", "-1", "Not an amount"),
        ("{to}", "1e9", "Not an amount"),
        ("{to}", "٣", "Not an amount"),
        ("{to}", "0.0000000001", "At most 9 digits"),
        ("{to}", "9" * 80, "More than there is"),
    ],
)
def test_nonsense_is_said_and_nothing_is_made(
    run: Run, tmp_path: Path, node: RunningNode, to: str, amount: str, said: str
) -> None:
    async def whole() -> None:
        async with funded(tmp_path, node) as (made, _, _):
            line = made.send.form.lines[0]
            line.to.setText(to.format(to=str(Keypair().pubkey())))
            line.amount.setText(amount)
            await settle(until=lambda: line._answered or not line.address)
            made.send.form.review_button.click()
            assert said in line.problem.words
            assert made.send.step == "form"
            assert made.send._work is None

    run(whole())


def test_a_lookalike_of_an_own_account_is_said_before_and_in_the_review(
    run: Run, tmp_path: Path, node: RunningNode
) -> None:
    async def whole() -> None:
        async with funded(tmp_path, node) as (made, link, _):
            contact = str(Keypair().pubkey())
            await link.add_contact(f"solana:{contact}", "Exchange")
            near = lookalike_of(contact)
            line = made.send.form.lines[0]
            line.to.setText(near)
            await settle(until=lambda: "Looks like your contact Exchange" in texts(line))
            line.to.setText(contact)
            await settle(until=lambda: "In your address book as Exchange" in texts(line))
            made.send.refresh()
            await settle(until=lambda: bool(made.send.form._contacts))
            line.to.setText("exchange")
            assert line.address == contact
            await reviewed(made, near, "0.1")
            assert "Compare every character" in texts(made.send.review)

    run(whole())


def lookalike_of(address: str) -> str:
    """Another key whose text has the same ends."""
    from fluxdesk_host.keys.base58 import b58decode, b58encode

    raw = bytearray(b58decode(address))
    while True:
        for place in range(12, 20):
            raw[place] = (raw[place] + 37) % 256
        made = b58encode(bytes(raw))
        if made[:4] == address[:4] and made != address:
            value = made[:-4] + address[-4:]
            if len(b58decode(value)) == 32:
                return value


def test_a_node_that_ends_before_the_broadcast_is_said_and_the_payment_stays(run: Run, tmp_path: Path) -> None:
    async def whole(own: RunningNode) -> None:
        async with funded(tmp_path, own) as (made, link, _):
            await reviewed(made, str(Keypair().pubkey()), "0.25")
            made.send.review.sign_button.click()
            request = await waiting(link)
            own.kill()
            await link.approve(request)
            await settle(until=lambda: "Signed, but not sent" in made.send.review.problem.words)
            assert made.send.step == "review"
            made.send.review.sign_button.click()
            await settle(until=lambda: bool(link.waiting) or "Not signed" in made.send.review.problem.words)

    with practice_node(37) as own:
        run(whole(own))


def test_everything_goes_but_the_fee(run: Run, tmp_path: Path, node: RunningNode) -> None:
    async def whole() -> None:
        async with funded(tmp_path, node) as (made, link, client):
            to = str(Keypair().pubkey())
            line = made.send.form.lines[0]
            line.max_button.click()
            await reviewed(made, to, line.amount.text())
            held = int(made.send.form.holding.amount_base or 0) if made.send.form.holding else 0
            made.send.review.sign_button.click()
            await link.approve(await waiting(link))
            await settle(until=lambda: any(s.recipient == to and s.state == "paid" for s in made.send.flight.sends))
            (item,) = (await client.balances(SOLANA, [to])).items
            assert int(item.native_base or 0) == held - 5_000

    run(whole())
