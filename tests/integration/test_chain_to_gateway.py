"""From a real validator's WebSocket to the node's socket: a launch and its trades, as a client of the node sees them.

The launchpad on the chain is `echo_program_standin`, which states the bytes of public events as it is told to.
"""

import asyncio
import base64
import json
from collections.abc import Iterator
from contextlib import aclosing
from pathlib import Path

import pytest

from fluxdesk.client import NodeClient
from fluxdesk.core import settings_file
from fluxdesk.core.paths import Profile
from fluxdesk.core.views import EventItem, EventsFrame, RecordView, SourceView
from integration.conftest import PUMPFUN
from integration.nodes import RunningNode, running
from integration.servers import Mode, Surfpool
from waiting import eventually

PROVIDER_KEY = "k3y-nobody-may-see"


@pytest.fixture
def node(surfpool: Surfpool, tmp_path: Path) -> Iterator[RunningNode]:
    """A live node that follows the validator twice, as two endpoints."""
    urls = ["--rpc", surfpool.ws_url, "--rpc", f"{surfpool.ws_url}/?api-key={PROVIDER_KEY}"]
    profile = Profile.of("live", tmp_path / "data")
    settings_file.change(profile.settings, {"solana_http": [surfpool.rpc_url]})
    with running(profile, *urls) as started:
        yield started


async def endpoints(client: NodeClient) -> list[SourceView]:
    return [view for view in (await client.sources()).items if view.kind == "solana_ws"]


async def connected(client: NodeClient) -> None:
    async def all_up() -> bool:
        return all(view.state == "up" for view in await endpoints(client))

    await eventually(all_up)


async def say(surfpool: Surfpool, event: str, name: str, mode: Mode = "log") -> str:
    return await asyncio.to_thread(surfpool.say, PUMPFUN, base64.b64decode(event), name, bytes(8), mode)


async def rows_until(node: RunningNode, signature: str, kind: str) -> list[EventItem]:
    """Events up to the one of a transaction and kind."""
    stream = NodeClient(node.socket).stream()
    stream.subscribe("events", since=0, every=True)
    seen: list[EventItem] = []
    async with asyncio.timeout(60), aclosing(stream.messages()) as messages:
        async for message in messages:
            if isinstance(message, EventsFrame):
                seen += message.items
            if any(item.kind == kind and signature in bytes(item.row).decode() for item in seen):
                break
    return seen


async def test_a_launch_and_a_trade_on_the_chain_are_one_token_of_the_gateway(
    surfpool: Surfpool, node: RunningNode, pump_events: dict[str, str]
) -> None:
    client = NodeClient(node.socket)
    await connected(client)
    launched = await say(surfpool, pump_events["create_event"], "CreateV2")
    traded = await say(surfpool, pump_events["trade_event"], "BuyExactSolIn")
    seen = await rows_until(node, traded, "trade")

    rows = [json.loads(bytes(item.row)) for item in seen]
    assert [row["signature"] for row in rows if row["kind"] == "launch"] == [launched]
    assert [row["signature"] for row in rows if row["kind"] == "trade"] == [traded]

    mint = next(row["token_mint"] for row in rows if row["kind"] == "launch")
    token = await client.token(mint)
    assert (token.launch.symbol, token.launch.trades, token.launch_signature) == ("TAS", 1, launched)
    assert token.launch.first_source in ("logs A", "logs B")

    async def heard_twice() -> bool:
        return (await client.token(mint)).launch.lead_ms is not None

    await eventually(heard_twice)
    trades = await client.trades(mint)
    assert [trade.signature for trade in trades.items] == [traded]
    found = await client.transaction(launched)
    assert {record.source for record in found.records} <= {"logs A", "logs B"}
    assert pump_events["create_event"] in found.records[0].payload

    async def hits() -> list[str]:
        return [hit.mint for hit in (await client.search("TAS")).items]

    assert mint in await eventually(hits)
    await client.close()


async def test_two_endpoints_deliver_one_fact_and_both_are_counted(
    surfpool: Surfpool, node: RunningNode, pump_events: dict[str, str]
) -> None:
    client = NodeClient(node.socket)
    await connected(client)
    before = (await client.status()).launches
    for _ in range(5):
        last = await say(surfpool, pump_events["create_event"], "CreateV2")
    await rows_until(node, last, "launch")

    async def heard_of_all() -> bool:
        return all(view.received >= 5 for view in await endpoints(client))

    await eventually(heard_of_all)
    assert (await client.status()).launches - before == 5
    assert sum(view.first_seen for view in await endpoints(client)) >= 5
    await client.close()


async def test_a_transaction_with_cut_logs_is_fetched_whole_and_passes_through_the_journal(
    surfpool: Surfpool, node: RunningNode, pump_events: dict[str, str]
) -> None:
    client = NodeClient(node.socket)
    await connected(client)
    signature = await say(surfpool, pump_events["create_event"], "CreateV2", "truncated")
    seen = await rows_until(node, signature, "unknown")
    assert any('"logs_truncated"' in bytes(item.row).decode() for item in seen)

    async def fetched() -> list[RecordView]:
        return [record for record in (await client.transaction(signature)).records if record.source == "resolve"]

    whole = await eventually(fetched)
    assert whole[0].shape == "solana_tx"
    assert json.loads(whole[0].payload)["meta"]["err"] is None
    await client.close()


async def test_no_credential_of_an_endpoint_is_in_any_answer_or_log(
    surfpool: Surfpool, node: RunningNode, pump_events: dict[str, str]
) -> None:
    client = NodeClient(node.socket)
    await connected(client)
    shown = repr([await client.status(), await client.sources(), await client.gaps()])
    await client.close()
    node.stop()
    logs = "".join(path.read_text() for path in node.profile.logs.iterdir())
    assert PROVIDER_KEY not in shown + logs
