"""Allowances with a real live node over a real anvil and a real agent: listed as they hold, taken back by a signature
that the owner gives in the approval window.
"""

import os
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from PySide6.QtTest import QTest

from agent_process import EVM, PASSPHRASE, make_keystore, transfer
from fluxdesk.desktop.agent_link import AgentLink
from fluxdesk.desktop.approval.window import ApprovalWindow
from fluxdesk.desktop.node_link import NodeLink
from fluxdesk.desktop.qt import QLabel, Qt, QWidget
from fluxdesk.desktop.screens.wallet.allowances import Allowances
from fluxdesk.desktop.theme import dress
from fluxdesk.desktop.widgets.basics import Label
from gui.desktop.agent_desk import Program
from gui.desktop.test_approval_window import attended
from integration.nodes import RunningNode
from integration.servers import ANVIL, UNISWAP_V2, Anvil, UniswapV2, word
from integration.wallets import live_node
from needs import tool
from windows import Run, settle

CHAIN = "eip155:31337"
MINE = EVM.partition(":")[2]
STRANGER, OTHER = "0x" + "5e" * 20, "0x" + "22" * 20
ETHER = 10**18


@pytest.fixture(scope="module")
def chain() -> Iterator[Anvil]:
    tool(ANVIL)
    with Anvil(block_time_s=0.3) as server:
        server.rpc("anvil_setBalance", [MINE, hex(10 * ETHER)])
        server.rpc("anvil_impersonateAccount", [MINE])
        yield server


@pytest.fixture(scope="module")
def token(chain: Anvil) -> str:
    """A token of which the account holds five, with two allowances on it."""
    tool(UNISWAP_V2)
    made = UniswapV2(chain).token()
    chain.send("0xa9059cbb" + word(MINE) + word(5 * ETHER), made)
    for spender, amount in ((STRANGER, 2**256 - 1), (OTHER, 2 * ETHER)):
        sent = {"from": MINE, "to": made, "data": "0x095ea7b3" + word(spender) + word(amount), "gas": hex(200_000)}
        chain.mined(sent)
    return made


@pytest.fixture(scope="module")
def node(chain: Anvil) -> Iterator[RunningNode]:
    with live_node([f"{CHAIN} {chain.rpc_url}"], ["31337 Local EVM ETH test"]) as started:
        yield started


@asynccontextmanager
async def page(data: Path, node: RunningNode) -> AsyncIterator[tuple[Allowances, AgentLink, ApprovalWindow]]:
    """The page with the agent of a live profile, which knows the node."""
    os.environ["PYTHONPATH"] = os.pathsep.join(p for p in sys.path if p)
    make_keystore(data)
    link, joined = AgentLink(data, "live", data / "agent.out"), NodeLink(node.socket)
    made, approval = Allowances(), ApprovalWindow(link, "live")
    link.start()
    try:
        await settle(until=lambda: link.state.phase == "up")
        await settle(until=lambda: "ready" in link.output.read_text())
        await link.unlock(bytearray(PASSPHRASE.encode()))
        link.admit_node(node.process.pid)
        joined.sends.connect(made.take_sends)
        joined.follow_sends()
        joined.open()
        dress(made)
        made.resize(1200, 700)
        made.set_link(link)
        made.set_node(joined.wallet)
        approval.set_node(joined.wallet)
        made.show()
        yield made, link, approval
    finally:
        made.set_node(None)
        approval.finish()
        made.close()
        made.deleteLater()
        await joined.close()
        await link.close()
        link.deleteLater()
        await settle()


async def listed(made: Allowances, count: int) -> None:
    """The list of the account on the local chain, read."""
    made.refresh()
    await settle(until=lambda: made.where.account is not None)
    made.where.choose(EVM, CHAIN)
    await settle(until=lambda: len(made.model.rows) == count)


def texts(widget: QWidget) -> str:
    found = (label.words if isinstance(label, Label) else label.text() for label in widget.findChildren(QLabel))
    return " ".join(found).replace("\u200b", "")


def test_they_are_listed_with_what_is_at_risk_the_unlimited_first(
    run: Run, tmp_path: Path, node: RunningNode, token: str
) -> None:
    async def whole() -> None:
        async with page(tmp_path, node) as (made, _, _approval):
            await listed(made, 2)
            first, second = made.model.rows
            shown = [[column.show(row).text for column in made.model.columns] for row in (first, second)]
            assert [row[2] for row in shown] == ["unlimited", "2"]
            assert [row[3] for row in shown] == ["5", "2"]
            assert all(row[1].startswith("unknown") for row in shown)
            assert "2 allowances, 1 without limit." in made._foot.words
            made.grid.step(1)
            said = texts(made.detail)
            assert STRANGER in said and token in said
            assert "Unknown is not the same as bad." in said
            made.kinds.choose(1)
            made._filter()
            assert [row.item.unlimited for row in made.model.rows] == [True]

    run(whole())


def test_one_is_taken_back_by_a_signature_of_the_owner_and_the_list_is_read_again(
    run: Run, tmp_path: Path, node: RunningNode, token: str
) -> None:
    async def whole() -> None:
        async with page(tmp_path, node) as (made, _, approval):
            await listed(made, 2)
            made.grid.step(1)
            made.detail.revoke_button.click()
            await settle(until=made.detail.go_button.isVisible)
            assert "It costs at most 0.0" in made.detail.cost.words
            said: list[str] = []
            made.said.connect(said.append)
            made.detail.go_button.click()
            await attended(approval)
            assert approval.request is not None and approval.request.waits.reading is not None
            assert "The node: wallet" in approval._who.words
            await settle(until=lambda: approval.forecast.found.outcome != "waiting")
            await settle(until=approval.approve_button.isEnabled)
            QTest.mouseClick(approval.approve_button, Qt.MouseButton.LeftButton)
            await settle(until=lambda: bool(said))
            assert said == ["Taken back. The list is read again."]
            await settle(until=lambda: [row.item.spender for row in made.model.rows] == [OTHER])

    run(whole())


def test_a_no_leaves_the_allowance_and_is_said(run: Run, tmp_path: Path, node: RunningNode, token: str) -> None:
    async def whole() -> None:
        async with page(tmp_path, node) as (made, _, approval):
            made.refresh()
            await settle(until=lambda: made.where.account is not None)
            made.where.choose(EVM, CHAIN)
            await settle(until=lambda: bool(made.model.rows))
            made.grid.step(1)
            made.detail.plan()
            await settle(until=made.detail.go_button.isVisible)
            made.detail.go_button.click()
            await attended(approval)
            approval.reject()
            await settle(until=lambda: "It was not taken back" in made.detail.progress.words)
            assert made.detail.revoke_button.isEnabled()

    run(whole())


def test_what_an_unlimited_approval_puts_at_risk_is_said_before_it_is_signed(
    run: Run, tmp_path: Path, node: RunningNode, token: str
) -> None:
    async def whole() -> None:
        async with page(tmp_path, node) as (_, link, approval):
            payload = {
                "type": "0x2", "chainId": hex(31337), "nonce": "0x7", "gas": hex(100_000), "to": token, "value": "0x0",
                "maxFeePerGas": hex(4 * 10**9), "maxPriorityFeePerGas": "0x1",
                "data": "0x095ea7b3" + word("0x" + "77" * 20) + "f" * 64,
            }  # fmt: skip
            program = Program()
            await program.ask(transfer(chain=CHAIN, payload=payload))
            await settle(until=lambda: approval.forecast.found.outcome != "waiting" and approval.isVisible())
            found = approval.forecast.found
            assert found.outcome == "passes", found
            assert found.lines[0].words.startswith("▼ −5 ")
            assert found.lines[0].note == "all of it, and what comes later"
            assert any(line.words.startswith("Fee ") for line in found.lines)
            assert "Simulated at Local EVM block" in found.source
            approval.reject()
            await settle(until=lambda: not link.waiting)
            program.close()

    run(whole())
