"""A token of an EVM chain: watched by its contract, shown as it says of itself, and paid."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from agent_process import EVM as EVM_ACCOUNT
from fluxdesk.core.settings_file import change
from gui.desktop.wallet_desk import EVM, texts, wallet
from integration.nodes import RunningNode
from integration.servers import ANVIL, UNISWAP_V2, Anvil, UniswapV2
from integration.wallets import live_node
from needs import tool
from windows import Run, settle

UNIT = 10**18
SHOP = "0x" + "b2" * 20


@pytest.fixture(scope="module")
def chain() -> Iterator[Anvil]:
    tool(ANVIL)
    tool(UNISWAP_V2)
    with Anvil() as anvil:
        anvil.rpc("anvil_setBalance", [EVM_ACCOUNT.removeprefix("evm:"), hex(UNIT)])
        yield anvil


@pytest.fixture(scope="module")
def token(chain: Anvil) -> str:
    """A contract that gave five of its units to the wallet's account."""
    made = UniswapV2(chain).token(5 * UNIT)
    to = EVM_ACCOUNT.removeprefix("evm:0x").rjust(64, "0")
    chain.send("0xa9059cbb" + to + f"{5 * UNIT:064x}", made)
    return made


@pytest.fixture(scope="module")
def node(chain: Anvil, token: str) -> Iterator[RunningNode]:
    with live_node([f"{EVM} {chain.rpc_url}"], ["31337 Local EVM ETH test"]) as started:
        yield started


def test_a_token_is_watched_shown_and_paid(
    run: Run, tmp_path: Path, chain: Anvil, token: str, node: RunningNode
) -> None:
    async def whole() -> None:
        async with wallet(tmp_path, node.socket) as (made, link, joined):
            page = made.balances
            edited: list[tuple[str, tuple[str, ...]]] = []
            page.setting_edited.connect(lambda key, lines: edited.append((key, lines)))
            page.token_button.click()
            page.entry.contract.setText("0x12")
            page.entry.watch_button.click()
            assert "Not an address" in page.entry.problem.words
            page.entry.contract.setText(token)
            page.entry.watch_button.click()
            ((key, lines),) = edited
            change(node.profile.settings, {key: list(lines)})
            page.set_watched(lines)
            await settle(until=lambda: any(not x.native for x in page.holdings) and not page.busy)
            (held,) = [x for x in page.holdings if not x.native]
            assert (held.amount, held.decimals, held.asset) == ("5", 18, token.lower())
            page.grid.step(9)
            assert page.current == held
            assert "As of block" in texts(page.detail)
            assert "the token's own word" in texts(page.detail) or "no symbol that could be read" in texts(page.detail)
            made.pay_from(held)
            line = made.send.form.lines[0]
            line.to.setText(SHOP)
            line.amount.setText("1.25")
            await settle(until=lambda: line._answered)
            made.send.form.review_button.click()
            await settle(until=lambda: made.send.step == "review" or bool(made.send.form.problem.words))
            assert made.send.step == "review", made.send.form.problem.words
            assert token.lower() in texts(made.send.review).replace(" ", "").lower()
            made.send.review.sign_button.click()
            await settle(until=lambda: bool(link.waiting))
            (request,) = link.waiting.values()
            await link.approve(request)
            await settle(until=lambda: bool(made.send.flight.sends))
            chain.rpc("anvil_mine", ["0x20"])
            await settle(until=lambda: made.send.flight.sends[0].state == "paid")
            assert made.send.flight.what(made.send.flight.sends[0]).startswith("1.25")
            (item,) = (await joined.wallet.balances(EVM, [SHOP], [token])).items
            assert item.tokens[0].amount_base == str(5 * UNIT // 4)

    run(whole())
