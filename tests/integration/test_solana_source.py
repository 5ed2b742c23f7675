"""The Solana source, its gaps and the resolver against a real validator's RPC and WebSocket (Surfpool).

The launchpad there is `echo_program_standin`: it states the event bytes of a public pump.fun transaction, as it is told
to."""

import asyncio
import base64
from collections.abc import AsyncIterator

import pytest

from fluxdesk.core.endpoint import Endpoint
from fluxdesk.core.events import Kind, Shape, Side
from fluxdesk.launches.context import DecodeContext
from fluxdesk.launches.decode import decode_raw
from fluxdesk.launches.sources.backfill import SolanaBackfill
from fluxdesk.launches.sources.gaps import GapTracker
from fluxdesk.launches.sources.resolver import TransactionResolver
from fluxdesk.launches.sources.rpc import RpcHttp
from fluxdesk.launches.sources.socket_source import Line
from fluxdesk.launches.sources.solana_ws import SolanaLogs
from fluxdesk.launches.sources.wire import WireTiming
from integration.conftest import METEORA_DBC, PUMPFUN
from integration.reading import Reader
from integration.servers import Mode, Relay, Surfpool
from waiting import eventually

PROGRAMS = {PUMPFUN: "pumpfun", METEORA_DBC: "meteora_dbc"}
QUICK = Line(WireTiming(ping_every_s=0.5, look_every_s=0.1), backoff_first_s=0.05, backoff_cap_s=0.2)


def source_at(url: str, source_id: str = "logs A", gaps: GapTracker | None = None) -> SolanaLogs:
    endpoint = Endpoint.parse(url, ("ws",))
    return SolanaLogs(source_id, endpoint, PROGRAMS, gaps=gaps, line=QUICK)


@pytest.fixture
async def http(surfpool: Surfpool) -> AsyncIterator[RpcHttp]:
    async with RpcHttp(Endpoint.parse(surfpool.rpc_url, ("http",)), per_second=500) as client:
        yield client


async def say(surfpool: Surfpool, event: str, name: str = "CreateV2", mode: Mode = "log") -> str:
    return await asyncio.to_thread(surfpool.say, PUMPFUN, base64.b64decode(event), name, bytes(8), mode)


async def test_a_launch_and_a_trade_arrive_over_the_socket_and_decode(
    surfpool: Surfpool, pump_events: dict[str, str]
) -> None:
    async with Reader(source_at(surfpool.ws_url)) as reader:
        await reader.up()
        launch = await say(surfpool, pump_events["create_event"])
        trade = await say(surfpool, pump_events["trade_event"], "BuyExactSolIn")
        await reader.holding(launch, trade)
        rows = [row for raw in reader.raws for row in decode_raw(raw, DecodeContext())]
        health = reader.source.health()

    assert [(r.kind, r.signature, r.symbol, r.side) for r in rows] == [
        (Kind.LAUNCH, launch, "TAS", None),
        (Kind.TRADE, trade, None, Side.BUY),
    ]
    assert all(raw.shape is Shape.SOLANA_LOGS and raw.slot for raw in reader.raws)
    assert all(raw.wall_ns > 0 and raw.mono_ns > 0 and raw.source == "logs A" for raw in reader.raws)
    assert (health.received, health.open_gaps, health.reconnects) == (2, 0, 0)
    assert health.last_slot >= reader.raws[-1].slot


async def test_the_event_arrives_byte_for_byte_as_the_chain_stated_it(
    surfpool: Surfpool, pump_events: dict[str, str]
) -> None:
    async with Reader(source_at(surfpool.ws_url)) as reader:
        await reader.up()
        await say(surfpool, pump_events["create_event"])
        await reader.holding("Program data: " + pump_events["create_event"])


async def test_a_failed_transaction_is_passed_on_too(surfpool: Surfpool, pump_events: dict[str, str]) -> None:
    async with Reader(source_at(surfpool.ws_url)) as reader:
        await reader.up()
        failed = await say(surfpool, pump_events["create_event"], mode="failed")
        await reader.holding(failed, "failed: custom program error: 0x1771")


async def test_the_round_trip_of_a_ping_is_the_lag(surfpool: Surfpool) -> None:
    async with Reader(source_at(surfpool.ws_url)) as reader:
        await reader.up()
        await eventually(lambda: reader.source.health().lag_ms is not None)
        assert 0 < reader.source.health().lag_ms < 2_000


async def test_two_endpoints_deliver_the_same_transaction_each_under_its_own_id(
    surfpool: Surfpool, pump_events: dict[str, str]
) -> None:
    async with (
        Reader(source_at(surfpool.ws_url, "logs A")) as first,
        Reader(source_at(surfpool.ws_url, "logs B")) as second,
    ):
        await first.up()
        await second.up()
        signature = await say(surfpool, pump_events["create_event"])
        await first.holding(signature)
        await second.holding(signature)
    assert {raw.source for raw in first.raws} == {"logs A"}
    assert {raw.source for raw in second.raws} == {"logs B"}


async def test_a_cut_line_opens_a_gap_that_the_backfill_fills(
    surfpool: Surfpool, relay: Relay, http: RpcHttp, pump_events: dict[str, str]
) -> None:
    tracker = GapTracker("logs A")
    fill = SolanaBackfill([http], list(PROGRAMS), [tracker], look_every_s=0.05, waits_s=(0.1, 0.2))
    async with Reader(source_at(relay.url, gaps=tracker)) as live, Reader(fill) as filler:
        await live.up()
        before = await say(surfpool, pump_events["create_event"])
        await live.holding(before)

        await relay.cut()
        await eventually(lambda: live.source.health().state == "down")
        assert [gap.filled_by for gap in live.source.gaps()] == [None]
        missed = await say(surfpool, pump_events["create_event"])
        missed_and_failed = await say(surfpool, pump_events["trade_event"], "Buy", mode="failed")
        relay.mend()

        await live.up()
        after = await say(surfpool, pump_events["create_event"])
        await live.holding(after)
        await filler.holding(missed, missed_and_failed)
        await eventually(lambda: live.source.health().open_gaps == 0)
        (gap,) = live.source.gaps()

    assert missed not in live.texts
    assert gap.filled_by == "fill"
    slots = [raw.slot for raw in filler.raws]
    assert slots == sorted(slots)
    assert gap.from_slot <= min(slots) <= max(slots) <= gap.to_slot
    rows = [row for raw in filler.raws for row in decode_raw(raw, DecodeContext()) if row.signature == missed]
    assert [row.kind for row in rows] == [Kind.LAUNCH]
    assert live.source.health().reconnects >= 1


async def test_what_another_source_received_is_not_fetched_again(
    surfpool: Surfpool, relay: Relay, http: RpcHttp, pump_events: dict[str, str]
) -> None:
    cut, whole = GapTracker("logs A"), GapTracker("logs B")
    fill = SolanaBackfill([http], list(PROGRAMS), [cut, whole], look_every_s=0.05)
    async with (
        Reader(source_at(surfpool.ws_url, "logs B", whole)) as steady,
        Reader(source_at(relay.url, "logs A", cut)) as live,
        Reader(fill) as filler,
    ):
        await steady.up()
        await live.up()
        await eventually(lambda: whole.complete_to is not None)
        first = whole.complete_to
        await eventually(lambda: (live.source.health().last_slot or 0) > first + 2)
        await live.holding(await say(surfpool, pump_events["create_event"]))
        await relay.cut()
        await eventually(lambda: live.source.health().state == "down")
        missed = await say(surfpool, pump_events["create_event"])
        relay.mend()
        await live.up()
        await eventually(
            lambda: [gap.filled_by for gap in live.source.gaps()] == ["logs B"],
            said=lambda: (cut.views(), whole.views(), whole.complete_to),
        )
    assert missed in steady.texts
    assert filler.raws == []


async def test_the_slot_to_resume_from_never_runs_ahead_of_what_the_reader_has_worked_off(
    surfpool: Surfpool, pump_events: dict[str, str]
) -> None:
    source = source_at(surfpool.ws_url)
    batches = source.batches()
    reading = asyncio.create_task(anext(batches))
    await eventually(lambda: source.health().state == "up")
    source.resume_slot()
    await say(surfpool, pump_events["create_event"])
    (raw,) = await reading
    before = source.resume_slot()
    await eventually(lambda: source.gap_tracker.complete_to >= raw.slot)
    assert source.resume_slot() == source.resume_slot() == before, "the reader still holds the batch"
    assert before is None or before <= raw.slot, "a gap begins with this slot, so it may be half delivered"
    further = asyncio.create_task(anext(batches, None))
    await eventually(lambda: (source.resume_slot() or 0) >= raw.slot)
    await source.close()
    assert await further is None


async def test_after_a_restart_of_node_the_time_between_is_a_gap_and_gets_filled(
    surfpool: Surfpool, http: RpcHttp, pump_events: dict[str, str]
) -> None:
    tracker = GapTracker("logs A")
    async with Reader(source_at(surfpool.ws_url, gaps=tracker)) as first_run:
        await first_run.up()
        await first_run.holding(await say(surfpool, pump_events["create_event"]))
    last_slot = first_run.raws[-1].slot
    missed = await say(surfpool, pump_events["create_event"])

    again = GapTracker("logs A")
    again.load(tracker.save(), last_slot)
    assert again.views()[-1].reason == "The node was not running."
    fill = SolanaBackfill([http], list(PROGRAMS), [again], look_every_s=0.05)
    async with Reader(source_at(surfpool.ws_url, gaps=again)) as second_run, Reader(fill) as filler:
        await second_run.up()
        await filler.holding(missed)
        await eventually(lambda: second_run.source.health().open_gaps == 0)


async def test_a_killed_server_that_comes_back_as_another_chain_leaves_the_gap_open(
    surfpool_here: None, pump_events: dict[str, str]
) -> None:
    tracker = GapTracker("logs A")
    old = Surfpool([PUMPFUN, METEORA_DBC])
    try:
        async with (
            Relay(old.ws_url) as line,
            Relay(old.rpc_url) as http_line,
            RpcHttp(Endpoint.parse(http_line.url, ("http",)), per_second=500) as client,
            Reader(source_at(line.url, gaps=tracker)) as live,
            Reader(SolanaBackfill([client], list(PROGRAMS), [tracker], look_every_s=0.05)) as filler,
        ):
            await live.up()
            await live.holding(await say(old, pump_events["create_event"]))
            old.kill()
            await eventually(lambda: live.source.health().state == "down")
            with Surfpool([PUMPFUN, METEORA_DBC]) as new:
                line.mend(new.ws_url)
                http_line.mend(new.rpc_url)
                await live.up()
                await eventually(
                    lambda: tracker.waiting() and "on another chain" in tracker.waiting()[0].reason, said=tracker.views
                )
                await live.holding(await say(new, pump_events["create_event"]))
                assert live.source.health().open_gaps == 1
            assert filler.raws == []
    finally:
        old.stop()


async def test_a_gap_larger_than_the_limit_stays_open_and_says_so(
    surfpool: Surfpool, http: RpcHttp, pump_events: dict[str, str]
) -> None:
    for _ in range(3):
        await say(surfpool, pump_events["trade_event"], "Buy")
    tracker = GapTracker("logs A")
    first, last = surfpool.rpc("getFirstAvailableBlock"), surfpool.rpc("getSlot", [{"commitment": "confirmed"}])
    tracker.resumed(first)
    tracker.missed(first, last, "test")
    async with Reader(SolanaBackfill([http], list(PROGRAMS), [tracker], max_signatures=2, look_every_s=0.05)) as filler:
        await eventually(lambda: "more than 2 transactions" in tracker.waiting()[0].reason, said=tracker.views)
    assert filler.raws == []


async def test_a_gap_older_than_what_the_endpoint_keeps_stays_open_and_says_so(
    surfpool: Surfpool, http: RpcHttp
) -> None:
    first = surfpool.rpc("getFirstAvailableBlock")
    tracker = GapTracker("logs A")
    tracker.resumed(first - 1)
    tracker.missed(first - 1, first, "test")
    async with Reader(SolanaBackfill([http], list(PROGRAMS), [tracker], look_every_s=0.05)):
        await eventually(lambda: f"keeps nothing before slot {first}" in tracker.waiting()[0].reason)


async def test_a_gap_is_not_filled_before_the_pipeline_is_done_with_its_transactions(
    surfpool: Surfpool, http: RpcHttp, pump_events: dict[str, str]
) -> None:
    signature = await say(surfpool, pump_events["create_event"])
    slot = surfpool.rpc("getTransaction", [signature, {"commitment": "confirmed"}])["slot"]
    tracker = GapTracker("logs A")
    tracker.resumed(slot)
    tracker.missed(slot, slot, "test")
    fill = SolanaBackfill([http], list(PROGRAMS), [tracker], look_every_s=0.05)
    batches = fill.batches()
    batch = await anext(batches)
    assert signature in batch[0].payload.decode()
    with pytest.raises(AssertionError):  # the reader still holds the batch
        await eventually(lambda: not tracker.waiting(), within_s=0.7)
    further = asyncio.create_task(anext(batches, None))
    await eventually(lambda: not tracker.waiting())
    await fill.close()
    assert await further is None


async def test_a_whole_transaction_is_fetched_where_logs_are_cut(
    surfpool: Surfpool, http: RpcHttp, pump_events: dict[str, str]
) -> None:
    async with Reader(source_at(surfpool.ws_url)) as reader:
        await reader.up()
        signature = await say(surfpool, pump_events["create_event"], mode="truncated")
        await reader.holding(signature)
    assert pump_events["create_event"] not in reader.texts
    resolver = TransactionResolver([http])
    twice = await asyncio.gather(resolver.transaction(signature), resolver.transaction(signature))
    assert twice[0] is twice[1]
    assert twice[0].shape is Shape.SOLANA_TX
    assert signature in twice[0].payload.decode()
    assert (resolver.waiting, resolver.reason(signature)) == (0, None)


async def test_an_event_only_in_a_self_cpi_is_in_the_whole_transaction(
    surfpool: Surfpool, http: RpcHttp, pump_events: dict[str, str]
) -> None:
    signature = await say(surfpool, pump_events["create_event"], mode="self_cpi")
    raw = await TransactionResolver([http]).transaction(signature)
    rows = decode_raw(raw, DecodeContext())
    assert "Program data:" not in raw.payload.decode()
    assert [row.symbol for row in rows if row.kind is Kind.LAUNCH] == ["TAS"]


async def test_a_transaction_nobody_has_is_given_up_with_a_reason(surfpool: Surfpool, http: RpcHttp) -> None:
    unknown = "1" * 87
    resolver = TransactionResolver([http], waits_s=(0.01,))
    assert await resolver.transaction(unknown) is None
    assert resolver.reason(unknown)
