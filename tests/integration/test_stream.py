"""The live stream on a real node's socket: order, resuming, conflation, and clients that do not read."""

import asyncio
import json
from collections import OrderedDict
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import psutil
import pytest
from websockets.asyncio.client import ClientConnection, unix_connect

from fluxdesk.client import Link, NodeClient
from fluxdesk.core.events import PRINTED
from fluxdesk.core.paths import Profile
from fluxdesk.core.views import (
    Denied,
    EventsFrame,
    Heartbeat,
    LaunchesFrame,
    LaunchView,
    Missed,
    ServerMessage,
    SourcesFrame,
    StatusFrame,
    Subscribe,
    TokenFrame,
    TradeView,
    Unsubscribe,
)
from fluxdesk.gateway.hub import MAX_TOPICS
from integration.nodes import RunningNode, practice_node, running
from waiting import WITHIN_S, eventually

FOLLOWED = 16
T = TypeVar("T", bound=msgspec.Struct)
decode = msgspec.json.Decoder(ServerMessage).decode


@pytest.fixture(scope="module")
def node() -> Iterator[RunningNode]:
    """A practice node that has begun to trade and goes on."""
    with practice_node() as started:
        asyncio.run(listed(started, 1))
        yield started


async def listed(node: RunningNode, count: int) -> list[LaunchView]:
    """So many launches, once there are as many."""
    client = NodeClient(node.socket)

    async def enough() -> list[LaunchView]:
        items = (await client.launches(limit=count)).items
        return items if len(items) == count and any(row.trades for row in items) else []

    try:
        return await eventually(enough)
    finally:
        await client.close()


@asynccontextmanager
async def connected(node: RunningNode, **options: Any) -> AsyncIterator[ClientConnection]:
    async with unix_connect(
        str(node.socket), uri="ws://node/v1/stream", compression=None, max_size=None, **options
    ) as connection:
        yield connection


async def ask(connection: ClientConnection, topic: str, since: int | None = None, every: bool = False) -> None:
    await connection.send(msgspec.json.encode(Subscribe(topic=topic, since=since, every=every)).decode())


async def next_of(connection: ClientConnection, kind: type[T]) -> T:
    async with asyncio.timeout(WITHIN_S):
        while True:
            message = decode(await connection.recv())
            if isinstance(message, kind):
                return message


async def events(connection: ClientConnection, count: int) -> list[EventsFrame]:
    frames: list[EventsFrame] = []
    while sum(len(frame.items) for frame in frames) < count:
        frames.append(await next_of(connection, EventsFrame))
    return frames


async def test_events_come_in_journal_order_with_the_whole_printed_contract(node: RunningNode) -> None:
    async with connected(node) as connection:
        await ask(connection, "events", since=0, every=True)
        frames = await events(connection, 200)
    items = [item for frame in frames for item in frame.items]
    assert [item.seq for item in items] == sorted(item.seq for item in items)
    assert all(tuple(json.loads(bytes(item.row))) == PRINTED for item in items)
    assert all(frame.items[-1].seq <= frame.seq for frame in frames if frame.items)


async def test_resuming_from_a_frames_number_gives_exactly_what_a_client_that_stayed_got(node: RunningNode) -> None:
    async with connected(node) as stayed, connected(node) as left:
        await ask(stayed, "events", since=0, every=True)
        await ask(left, "events", since=0, every=True)
        before = await events(left, 50)
        await left.send(msgspec.json.encode(Unsubscribe(topic="events")).decode())
        async with connected(node) as again:
            await ask(again, "events", since=before[-1].seq, every=True)
            after = await events(again, 50)
        got = [bytes(item.row) for frame in (*before, *after) for item in frame.items]
        whole = [bytes(item.row) for frame in await events(stayed, len(got)) for item in frame.items]
    assert got == whole[: len(got)]


async def test_a_heartbeat_comes_every_two_seconds(node: RunningNode) -> None:
    async with connected(node) as connection:
        beats = [(await next_of(connection, Heartbeat)).wall_ns for _ in range(4)]
    # one may be late on a machine with other work; it is the middle one of three that tells
    _, gap_ns, _ = sorted(later - earlier for earlier, later in pairwise(beats))
    assert 1.5e9 < gap_ns < 5e9


async def test_launches_begin_with_a_snapshot_then_come_at_most_twenty_change_sets_a_second(node: RunningNode) -> None:
    loop = asyncio.get_running_loop()
    async with connected(node) as connection:
        asked_at = loop.time()
        await ask(connection, "launches")
        first = await next_of(connection, LaunchesFrame)
        assert first.snapshot
        assert first.upserts
        rows: dict[str, LaunchView] = {row.mint: row for row in first.upserts}
        while first.more:
            first = await next_of(connection, LaunchesFrame)
            rows.update({row.mint: row for row in first.upserts})
        for _ in range(10):
            frame = await next_of(connection, LaunchesFrame)
            assert not frame.snapshot
            assert set(frame.new) <= {row.mint for row in frame.upserts} | rows.keys()
            rows.update({row.mint: row for row in frame.upserts})
    # counted from before it asked: frames that pile up where they are read only make it longer
    assert loop.time() - asked_at > 0.05 * 10 * 0.8


async def test_resumed_launches_catch_up_to_what_rest_says(node: RunningNode) -> None:
    client = NodeClient(node.socket)
    async with connected(node) as connection:
        await ask(connection, "launches", since=1)
        frame = await next_of(connection, LaunchesFrame)
        caught_up = {row.mint for row in frame.upserts}
        while frame.more:
            frame = await next_of(connection, LaunchesFrame)
            caught_up |= {row.mint for row in frame.upserts}
    assert not frame.snapshot
    listed = {row.mint for row in (await client.launches(limit=1000)).items if row.last_seq <= frame.seq}
    assert listed <= caught_up
    await client.close()


async def trades_back_to(client: NodeClient, mint: str, seq: int) -> list[TradeView]:
    """The pages of a token's trades until one holds a trade of this number or an older one."""
    page = await client.trades(mint)
    trades = page.items
    while page.next_cursor is not None and trades[-1].seq > seq:
        page = await client.trades(mint, cursor=page.next_cursor)
        trades += page.items
    return trades


async def first_trades(connection: ClientConnection) -> TokenFrame:
    """The first frame with trades of any token: those that moved last are followed, as the list tells of them."""
    followed: OrderedDict[str, None] = OrderedDict()
    await ask(connection, "launches")
    async with asyncio.timeout(WITHIN_S):
        while True:
            message = decode(await connection.recv())
            if isinstance(message, TokenFrame) and message.trades:
                return message
            if not isinstance(message, LaunchesFrame):
                continue
            for row in sorted(message.upserts, key=lambda row: row.last_seq)[-FOLLOWED:]:
                if row.mint not in followed:
                    await ask(connection, f"token:{row.mint}")
                followed[row.mint] = None
                followed.move_to_end(row.mint)
            while len(followed) > FOLLOWED:
                mint, _ = followed.popitem(last=False)
                await connection.send(msgspec.json.encode(Unsubscribe(topic=f"token:{mint}")).decode())


async def test_an_open_token_gets_its_trades_and_bars_equal_to_rest(node: RunningNode) -> None:
    client = NodeClient(node.socket)
    async with connected(node) as connection:
        frame = await first_trades(connection)
        busiest = frame.mint
        candles = await client.candles(busiest, "1h", limit=3)
        trades = await trades_back_to(client, busiest, frame.trades[0].seq)
    assert frame.launch.mint == busiest
    assert all(trade in trades for trade in frame.trades)
    live = frame.bars["1h"][-1]
    stored = next(bar for bar in candles.items if bar.start_s == live.start_s)
    assert live.open_f64 == pytest.approx(stored.open_f64)
    assert live.trades <= stored.trades
    await client.close()


async def test_sources_and_status_come_once_a_second(node: RunningNode) -> None:
    async with connected(node) as connection:
        await ask(connection, "sources")
        await ask(connection, "status")
        sources, status = await next_of(connection, SourcesFrame), await next_of(connection, StatusFrame)
        again = await next_of(connection, StatusFrame)
    assert [view.id for view in sources.sources] == ["practice"]
    assert sources.sources[0].decoded > 0
    assert again.seq >= status.seq
    assert status.status.mode == "practice"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "not understood"),
        ("{}", "not understood"),
        ('{"op":"subscribe","topic":"weather"}', "no topic"),
        ('{"op":"subscribe","topic":"token:nobody"}', "No token nobody"),
        ('{"op":"subscribe","topic":"events","since":-1}', "sequence number"),
        ("x" * 10_000, "at most"),
        (b"\x00\x01", "at most"),
    ],
)
async def test_what_is_not_understood_is_answered_and_the_connection_stays(
    node: RunningNode, text: str | bytes, says: str
) -> None:
    async with connected(node) as connection:
        await connection.send(text)
        assert says in (await next_of(connection, Denied)).detail
        await ask(connection, "status")
        await next_of(connection, StatusFrame)


async def test_too_many_topics_are_denied(node: RunningNode) -> None:
    mints = [row.mint for row in await listed(node, MAX_TOPICS + 1)]
    async with connected(node) as connection:
        for mint in mints:
            await ask(connection, f"token:{mint}")
        assert f"At most {MAX_TOPICS}" in (await next_of(connection, Denied)).detail


async def test_a_client_that_reads_nothing_costs_bounded_memory_and_slows_nobody(node: RunningNode) -> None:
    process = psutil.Process(node.process.pid)
    async with connected(node) as busy:
        await ask(busy, "events", every=True)
        await ask(busy, "launches")
        await events(busy, 200)
        start = process.memory_info().rss
        await events(busy, 200)
        alone = process.memory_info().rss - start
        async with connected(node, max_queue=1) as lazy:
            await ask(lazy, "events", since=0, every=True)
            await ask(lazy, "launches")
            lazy.transport.pause_reading()
            start = process.memory_info().rss
            frames = await events(busy, 200)
            beside = process.memory_info().rss - start
            lazy.transport.resume_reading()
    assert sum(frame.dropped for frame in frames) == 0
    assert beside - alone < 32_000_000


async def test_a_point_older_than_memory_is_said_to_be_missed(tmp_path: Path) -> None:
    profile = Profile.of("practice", tmp_path / "data")
    with running(profile, "--seed", "1") as first:
        async with connected(first) as connection:
            await ask(connection, "events", since=0, every=True)
            await events(connection, 100)
    with running(profile, "--seed", "2") as second:
        async with connected(second) as connection:
            await ask(connection, "events", since=3, every=True)
            missed = await next_of(connection, Missed)
            following = await events(connection, 1)
        client = NodeClient(second.socket)
        assert (await client.record(missed.from_seq)).seq == 4
        await client.close()
    assert (missed.topic, missed.from_seq) == ("events", 4)
    assert next(item.seq for frame in following for item in frame.items) == missed.to_seq + 1


async def test_the_client_says_why_it_is_down_comes_back_by_itself_and_resumes(tmp_path: Path) -> None:
    profile = Profile.of("practice", tmp_path / "data")
    node = RunningNode(profile, ["--seed", "1"])
    stream = NodeClient(profile.socket).stream()
    stream.subscribe("events", since=0, every=True)
    links: list[Link] = []
    seqs: list[int] = []
    messages = stream.messages()
    restarted = None
    try:
        async with asyncio.timeout(120):
            async for message in messages:
                if isinstance(message, Link):
                    links.append(message)
                elif isinstance(message, EventsFrame):
                    seqs += [item.seq for item in message.items]
                if len(seqs) > 100 and restarted is None:
                    node.kill()
                    restarted = asyncio.create_task(asyncio.to_thread(RunningNode, profile, ["--seed", "2"]))
                    before = len(seqs)
                if restarted is not None and links[-1].state == "up" and len(seqs) > before + 50:
                    break
    finally:
        await messages.aclose()
        assert restarted is not None
        (await restarted).stop()
    states = [link.state for link in links]
    assert states[0] == "up"
    assert "down" in states
    assert states[-1] == "up"
    assert {link.reason for link in links if link.state == "down"} <= {
        "The node closed the connection.",
        "The node stopped without removing its socket.",
        "No node is running for this profile.",
    }
    assert all(link.attempts > 0 for link in links if link.state == "down")
    assert seqs == sorted(seqs)
