"""The history with a real agent and a real practice node: what moved is read from the chain and shown exactly."""

import csv
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from solders.keypair import Keypair

from fluxdesk.core import wallet_views as w
from fluxdesk.desktop.agent_link import AgentLink
from fluxdesk.desktop.qt import QLabel
from fluxdesk.desktop.screens.wallet.history import History
from fluxdesk.desktop.theme import dress
from fluxdesk.desktop.wallet_node import WalletNode
from fluxdesk.desktop.widgets.basics import Label
from gui.desktop.agent_desk import linked
from integration.nodes import RunningNode, practice_node
from integration.servers import ANVIL, Anvil
from integration.wallets import ends, live_node, solana_broadcast
from needs import tool
from windows import Run, settle

SOLANA = "solana:local"
SOL = 10**9


@pytest.fixture(scope="module")
def node() -> Iterator[RunningNode]:
    with practice_node(21) as started:
        yield started


@asynccontextmanager
async def page(data: Path, node: RunningNode) -> AsyncIterator[tuple[History, AgentLink, WalletNode]]:
    async with linked(data) as link:
        made, client = History(), WalletNode(node.socket)
        dress(made)
        made.resize(1200, 700)
        made.set_link(link)
        made.set_node(client)
        made.show()
        try:
            yield made, link, client
        finally:
            made.forget()
            made.close()
            made.deleteLater()
            await settle()
            await client.close()


async def paid(client: WalletNode, key: Keypair, to: str, amount: int, number: str) -> None:
    """A payment on the practice chain, to its end."""
    account = str(key.pubkey())
    asked = w.TransferAsked(account=account, asset="native", recipient=to, amount_base=str(amount))
    view = await client.transfer(SOLANA, asked)
    await client.broadcast(SOLANA, solana_broadcast(view, key, number))
    assert (await ends(client, number)).state == "paid"


def texts(made: History) -> str:
    return " ".join(n.words if isinstance(n, Label) else n.text() for n in made.findChildren(QLabel))


def test_what_moved_is_shown_exactly_newest_first_with_its_evidence(
    run: Run, tmp_path: Path, node: RunningNode
) -> None:
    async def whole() -> None:
        async with page(tmp_path, node) as (made, link, client):
            key, to = Keypair(), str(Keypair().pubkey())
            account = str(key.pubkey())
            await link.watch(f"solana:{account}", "Looked at")
            await client.fund(SOLANA, account)
            await paid(client, key, to, SOL // 4, "history-1")
            await paid(client, key, to, SOL // 2, "history-2")
            made.refresh()
            await settle(until=lambda: made.where.account is not None)
            made.where.choose(f"solana:{account}", SOLANA)
            await settle(until=lambda: len(made.model.rows) == 2)
            shown = [[column.show(row).text for column in made.model.columns] for row in made.model.rows]
            assert [row[2] for row in shown] == ["−0.5", "−0.25"]
            assert {row[1] for row in shown} == {"▼ sent"}
            assert {row[3] for row in shown} == {"SOL"}
            assert shown[0][5] == "0.000005"
            made.grid.step(1)
            said = texts(made.evidence).replace("\u200b", "")
            assert made.model.rows[0].item.tx in said
            assert "chain's clock" in said
            assert "http" not in said
            made.evidence.fetch_button.click()
            await settle(until=lambda: made.evidence.proof is not None)
            assert made.evidence.proof is not None and made.evidence.proof.reading is not None
            assert "this is the first signature in them" in made.evidence.verdict.words
            assert bytes.fromhex(made.evidence.raw.toPlainText()) == made.evidence.proof.raw
            assert to in made.evidence.said.words
            await paid(client, key, to, SOL // 8, "history-3")
            made.refresh()
            await settle(until=lambda: len(made.model.rows) == 3)
            assert made.grid.currentIndex().row() == 1, "the selection went with its line"

    run(whole())


def test_filters_look_at_what_was_read_and_say_so(run: Run, tmp_path: Path, node: RunningNode) -> None:
    async def whole() -> None:
        async with page(tmp_path, node) as (made, link, client):
            one, two = Keypair(), Keypair()
            mine, theirs = str(one.pubkey()), str(two.pubkey())
            await link.watch(f"solana:{mine}", "Looked at")
            for account in (mine, theirs):
                await client.fund(SOLANA, account)
            await paid(client, one, theirs, SOL, "filter-01")
            await paid(client, two, mine, 3 * SOL, "filter-02")
            made.refresh()
            await settle(until=lambda: made.where.account is not None)
            made.where.choose(f"solana:{mine}", SOLANA)
            await settle(until=lambda: len(made.model.rows) == 2)
            made.kinds.choose(1)
            made._filter()
            assert [row.amount for row in made.model.rows] == [3 * SOL]
            assert "1 of 2 lines fit the filter" in made._foot.words
            made.search.setText("no such asset")
            assert made.model.rows == []
            assert made.grid._note == "No line that was read fits the filter."

    run(whole())


def test_the_file_has_exact_amounts_and_its_definitions_beside_it(run: Run, tmp_path: Path, node: RunningNode) -> None:
    async def whole() -> None:
        async with page(tmp_path / "agent", node) as (made, link, client):
            key, to = Keypair(), str(Keypair().pubkey())
            account = str(key.pubkey())
            await link.watch(f"solana:{account}", "Looked at")
            await client.fund(SOLANA, account)
            await paid(client, key, to, 1_234_567_891, "file-0001")
            made.refresh()
            await settle(until=lambda: made.where.account is not None)
            made.where.choose(f"solana:{account}", SOLANA)
            await settle(until=lambda: bool(made.model.rows))
            said: list[str] = []
            made.said.connect(said.append)
            file = tmp_path / "out.csv"
            made.export(file)
            await settle(until=lambda: bool(said))
            rows = list(csv.DictReader(file.open(newline="")))
            assert [(r["direction"], r["amount"], r["amount_base"], r["fee_base"]) for r in rows] == [
                ("out", "1.234567891", "1234567891", "5000")
            ]
            about = {r["column"] for r in csv.DictReader((tmp_path / "out-definitions.csv").open(newline=""))}
            assert set(rows[0]) < about
            assert "1 line was written" in said[0]

    run(whole())


def test_a_node_that_is_away_is_said_with_a_way_on(run: Run, tmp_path: Path) -> None:
    async def whole() -> None:
        async with linked(tmp_path / "agent") as link:
            made = History()
            made.set_link(link)
            made.set_node(None)
            made.refresh()
            assert made.state_page.title == "The node does not run"
            made.set_node(WalletNode(tmp_path / "no.sock"))
            made.refresh()
            await settle(until=lambda: made.state_page.title == "The history could not be read")
            assert [button.text() for button in made.state_page.buttons()] == ["Ask again"]
            made.deleteLater()
            await settle()

    run(whole())


@pytest.fixture(scope="module")
def chain() -> Iterator[Anvil]:
    tool(ANVIL)
    with Anvil() as server:
        yield server


def test_payments_of_the_coin_on_an_evm_chain_have_their_other_side_and_their_bytes(
    run: Run, tmp_path: Path, chain: Anvil
) -> None:
    local = "eip155:31337"
    mine, other = chain.accounts[1], "0x" + "3d" * 20

    async def whole(node: RunningNode) -> None:
        async with page(tmp_path, node) as (made, link, _):
            account = f"evm:{mine.lower()}"
            await link.watch(account, "Looked at")
            await link.add_contact(f"evm:{other}", "Baker")
            made.refresh()
            await settle(until=lambda: made.where.account is not None)
            made.where.choose(account, local)
            await settle(until=lambda: "no older ones" in made._foot.words or "older ones exist" in made._foot.words)
            chain.mined({"from": mine, "to": other, "value": hex(10**18)})
            made.refresh()
            await settle(until=lambda: bool(made.model.rows))
            (line,) = made.model.rows
            shown = [column.show(line).text for column in made.model.columns]
            assert shown[1:4] == ["▼ sent", "−1", "ETH"]
            assert shown[4].startswith("Baker")
            assert int(line.item.fee_base or 0) > 0
            made.grid.step(1)
            made.evidence.fetch()
            await settle(until=lambda: made.evidence.proof is not None)
            assert "their Keccak-256 is the hash" in made.evidence.verdict.words
            assert "0x3d" in made.evidence.said.words.lower()

    with live_node([f"{local} {chain.rpc_url}"], ["31337 Local EVM ETH test"]) as node:
        run(whole(node))
