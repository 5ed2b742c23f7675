"""Balances in front of a real agent and a real practice node: exact, with their source, and unknown where unknown."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from fluxdesk.core.paths import Profile
from fluxdesk.desktop.screens.wallet.holdings import Holding
from fluxdesk.desktop.screens.wallet.screen import WalletScreen
from gui.desktop.wallet_desk import EVM, SOL, SOLANA, texts, wallet
from integration.nodes import RunningNode, running
from windows import Run, settle


@pytest.fixture(scope="module")
def node() -> Iterator[RunningNode]:
    """Without anvil on its PATH: its EVM chain is away."""
    with tempfile.TemporaryDirectory(prefix="fd-n-") as folder:
        profile = Profile.of("practice", Path(folder) / "data")
        with running(profile, "--seed", "23", environment={"PATH": ""}) as started:
            yield started


def rows(made: WalletScreen) -> dict[tuple[str, str], Holding]:
    return {(row.chain.id, row.asset): row for row in made.balances.holdings}


def test_balances_are_read_and_funded_and_say_where_they_come_from(run: Run, tmp_path: Path, node: RunningNode) -> None:
    async def whole() -> None:
        async with wallet(tmp_path, node.socket) as (made, _, _):
            page = made.balances
            assert made.tab == "balances"
            held = rows(made)[SOLANA, "native"]
            assert (held.symbol, held.amount, held.empty) == ("SOL", "0", True)
            page.grid.step(-9)
            assert page.current is not None and page.current.chain.id == SOLANA
            assert "LiteSVM" in texts(page) and "worth nothing" in texts(page)
            page.detail.fund_button.click()
            assert not page.detail.fund_button.isEnabled()
            await settle(until=lambda: rows(made)[SOLANA, "native"].amount_base == str(100 * SOL))
            await settle(until=lambda: page.detail.amount.words == "100")
            shown = texts(page.detail)
            assert "100,000,000,000 base units, 9 decimals" in shown
            assert "LiteSVM, answers, head" in shown
            assert "by this machine's clock" in shown
            assert page.detail.send_button.isEnabled()

    run(whole())


def test_a_chain_that_is_away_is_said_beside_the_one_that_answers(run: Run, tmp_path: Path, node: RunningNode) -> None:
    async def whole() -> None:
        async with wallet(tmp_path, node.socket) as (made, _, _):
            evm, solana = rows(made)[EVM, "native"], rows(made)[SOLANA, "native"]
            assert evm.amount == "?"
            assert "not installed" in evm.problem
            assert solana.amount_base is not None
            assert "Practice EVM: not all is known." in texts(made.balances)

    run(whole())


def test_a_wallet_opened_before_its_node_asks_again_by_itself(run: Run, tmp_path: Path, node: RunningNode) -> None:
    async def whole() -> None:
        early = tmp_path / "no-node.sock"
        async with wallet(tmp_path, early) as (made, _, _):
            await settle(until=lambda: "The node did not list its chains" in texts(made.balances))
            early.symlink_to(node.socket)
            made.set_live()
            await settle(until=lambda: (SOLANA, "native") in rows(made))

    run(whole())


def test_locked_no_figure_and_no_address_stays(run: Run, tmp_path: Path, node: RunningNode) -> None:
    async def whole() -> None:
        async with wallet(tmp_path, node.socket) as (made, link, _):
            address = rows(made)[SOLANA, "native"].account.address
            link.lock()
            await settle(until=lambda: made.shown == "unlock")
            await settle()
            assert not made.balances.holdings
            assert made.balances.model.rowCount() == 0
            assert address not in texts(made.balances).replace(" ", "")

    run(whole())


def test_without_a_node_nothing_is_claimed(run: Run, tmp_path: Path, node: RunningNode) -> None:
    async def whole() -> None:
        async with wallet(tmp_path, node.socket) as (made, _, _):
            made.set_node(None)
            assert made.balances.state_page.title == "No node to ask"
            assert not made.balances.holdings

    run(whole())
