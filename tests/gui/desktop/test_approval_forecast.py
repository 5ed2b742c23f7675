"""What the node says of a request that waits: a real agent, a real practice node, the exact bytes tried on LiteSVM."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtTest import QTest
from solders.keypair import Keypair

from agent_process import EVM, transfer
from fluxdesk.core import wallet_views as w
from fluxdesk.desktop.agent_link import AgentLink
from fluxdesk.desktop.approval.window import ApprovalWindow
from fluxdesk.desktop.qt import Qt
from fluxdesk.desktop.wallet_node import WalletNode
from gui.desktop.agent_desk import Program, linked
from gui.desktop.test_approval_window import attended, shown, typed
from integration.nodes import RunningNode, practice_node
from requests_to_sign import permit
from windows import Run, settle

SOLANA = "solana:local"
SOL = 10**9


@pytest.fixture(scope="module")
def node() -> Iterator[RunningNode]:
    with practice_node(31) as started:
        yield started


@asynccontextmanager
async def window(data: Path, socket: Path) -> AsyncIterator[tuple[ApprovalWindow, AgentLink, Program, WalletNode]]:
    async with linked(data) as link:
        made, client = ApprovalWindow(link, "practice"), WalletNode(socket)
        made.set_accounts({a.id: a for a in await link.accounts()})
        made.set_node(client)
        program = Program()
        try:
            yield made, link, program, client
            made.reject()
            await settle(until=lambda: not link.waiting)
        finally:
            program.close()
            made.finish()
            await settle()
            await client.close()


async def solana_request(
    link: AgentLink, client: WalletNode, to: str, amount: int, fund: bool = True
) -> dict[str, Any]:
    account = next(a for a in await link.accounts() if a.family == "solana")
    await client.fund(SOLANA, account.address)
    asked = w.TransferAsked(account=account.address, asset="native", recipient=to, amount_base=str(amount))
    view = await client.transfer(SOLANA, asked)
    return transfer(kind="solana_tx", account=account.id, chain=SOLANA, payload=view.payload_b64)


def words(made: ApprovalWindow) -> list[str]:
    return [line.words for line in made.forecast.found.lines]


def test_exact_bytes_are_tried_and_the_answer_is_the_nodes_word(run: Run, tmp_path: Path, node: RunningNode) -> None:
    async def whole() -> None:
        async with window(tmp_path, node.socket) as (made, link, program, client):
            to = str(Keypair().pubkey())
            await program.ask(await solana_request(link, client, to, 2 * SOL))
            await attended(made)
            await settle(until=lambda: made.forecast.found.outcome != "waiting")
            assert made.forecast.found.outcome == "passes", made.forecast.found
            assert words(made)[0] == "▼ −2.000005 SOL"
            assert made.forecast.found.lines[0].note == "you receive nothing"
            assert "Fee 0.000005 SOL" in words(made)
            said = shown(made)
            assert "from the node, not from the agent" in said
            assert "A forecast; the fields below are the bytes you sign." in said
            assert to in said

    run(whole())


def test_an_answer_moves_no_button_and_holds_the_approval_off_anew(run: Run, tmp_path: Path, node: RunningNode) -> None:
    async def whole() -> None:
        async with window(tmp_path, node.socket) as (made, link, program, client):
            made.set_node(None)
            await program.ask(await solana_request(link, client, str(Keypair().pubkey()), SOL))
            await attended(made)
            await settle(until=made.approve_button.isEnabled)
            assert made.forecast.found.outcome == "unknown"
            assert "nobody could try it" in made.forecast.foot.words
            buttons = (made.reject_button, made.approve_button, made._raw_more)
            before = [button.mapTo(made, button.rect().topLeft()) for button in buttons]
            made.set_node(client)
            await settle(until=lambda: made.forecast.found.outcome == "passes")
            assert not made.approve_button.isEnabled()
            await settle()
            assert [button.mapTo(made, button.rect().topLeft()) for button in buttons] == before
            assert made.reject_button.hasFocus()
            QTest.keyClick(made, Qt.Key.Key_Escape)
            await settle(until=lambda: not link.waiting and not made.isVisible())

    run(whole())


def test_what_would_fail_is_said_with_its_reason(run: Run, tmp_path: Path, node: RunningNode) -> None:
    async def whole() -> None:
        async with window(tmp_path, node.socket) as (made, link, program, client):
            asked = await solana_request(link, client, str(Keypair().pubkey()), 99 * SOL)
            from solders.message import Message
            from solders.pubkey import Pubkey
            from solders.system_program import TransferParams
            from solders.system_program import transfer as move

            account = Pubkey.from_string(asked["account"].partition(":")[2])
            given = (await client.balances(SOLANA, [str(account)])).items[0].native_base
            assert given is not None
            import base64

            too_much = move(TransferParams(from_pubkey=account, to_pubkey=Keypair().pubkey(), lamports=int(given) * 2))
            message = Message([too_much], account)
            await program.ask(asked | {"payload": base64.b64encode(bytes(message)).decode()})
            await attended(made)
            await settle(until=lambda: made.forecast.found.outcome != "waiting")
            assert made.forecast.found.outcome == "fails", made.forecast.found
            assert words(made)[0] == "It would fail, and the fee would be paid all the same"

    run(whole())


def test_a_chain_that_the_node_does_not_have_is_said_and_nothing_is_shown_as_harmless(
    run: Run, tmp_path: Path, node: RunningNode
) -> None:
    async def whole() -> None:
        async with window(tmp_path, node.socket) as (made, _, program, _client):
            await program.ask(typed(permit(owner=EVM[4:], value=str(2**256 - 1))))
            await attended(made)
            await settle(until=lambda: made.forecast.found.outcome != "waiting")
            assert made.forecast.found.outcome == "unknown"
            assert words(made) == ["Not tried out: what it would do is unknown"]
            assert "eip155:1" in made.forecast.found.foot

    run(whole())
