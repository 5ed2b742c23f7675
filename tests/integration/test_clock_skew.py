"""A wall clock that jumps changes neither what is shown nor in which order, and no duration comes out negative."""

import asyncio
import time
from pathlib import Path

import pytest

from fluxdesk.client import NodeClient
from fluxdesk.core.clock import Instant, SystemClock
from fluxdesk.core.ids import MonoNanos, WallNanos
from fluxdesk.core.views import StatusView
from fluxdesk.launches.practice.generate import generate
from fluxdesk.node.node import Node
from fluxdesk.node.options import NodeOptions
from waiting import eventually

HOUR_NS = 3_600_000_000_000
Shown = list[tuple[object, ...]]


class JumpingClock:
    """A machine whose wall clock is set an hour back, then two forward, and so on; its monotonic clock is well."""

    def __init__(self) -> None:
        self._calls = 0

    def now(self) -> Instant:
        """Both clocks, the wall clock off by up to two hours."""
        self._calls += 1
        offset = (-HOUR_NS, 2 * HOUR_NS, 0)[self._calls // 50 % 3]
        return Instant(WallNanos(time.time_ns() + offset), MonoNanos(time.monotonic_ns()))


async def shown_with(clock: SystemClock | JumpingClock, recording: Path, data: Path) -> Shown:
    async with Node(NodeOptions("replay", data, recordings=(recording,)), clock) as node:
        client = NodeClient(node.profile.socket)
        try:
            await asyncio.wait_for(node.sources_done.wait(), 120)
            page = await client.launches(limit=1000)
            status = await client.status()
            assert status.events_per_s >= 0.0
            assert all(view.lag_ms is None or view.lag_ms >= 0 for view in (await client.sources()).items)
            return sorted(
                (
                    v.mint,
                    v.created_s,
                    v.price_f64,
                    v.trades,
                    v.buyers,
                    v.volume_5m_f64,
                    v.buys_5m,
                    v.buyers_5m,
                    v.last_seq,
                )
                for v in page.items
            )
        finally:
            await client.close()


@pytest.mark.filterwarnings("error")
async def test_what_is_shown_does_not_depend_on_the_wall_clock(tmp_path: Path) -> None:
    recording = tmp_path / "practice.jsonl"
    recording.write_bytes(b"\n".join(raw.payload for raw in generate(17, events=1_500)))
    steady = await shown_with(SystemClock(), recording, tmp_path / "steady")
    jumping = await shown_with(JumpingClock(), recording, tmp_path / "jumping")
    assert len(steady) > 10
    assert jumping == steady


class SetBack:
    """A machine whose wall clock can be set back. A stand-in for tests; its monotonic clock goes on."""

    def __init__(self) -> None:
        self.back_ns = 0

    def now(self) -> Instant:
        """Both clocks."""
        return Instant(WallNanos(time.time_ns() - self.back_ns), MonoNanos(time.monotonic_ns()))


async def traded(node: Node, after: int) -> StatusView:
    """The status once that many trades and more are known; nothing in it, nor in any list, is negative."""
    client = NodeClient(node.profile.socket)

    async def enough() -> StatusView | None:
        status = await client.status()
        return status if status.trades > after else None

    try:
        status = await eventually(enough)
        assert status.events_per_s >= 0.0
        assert all(view.lag_ms is None or view.lag_ms >= 0 for view in (await client.sources()).items)
        for row in (await client.launches(limit=1000)).items:
            assert min(row.volume_5m_f64 or 0, row.buys_5m, row.holders, row.lead_ms or 0, row.liquidity_f64 or 0) >= 0
        everything = await client.launches()
        assert (await client.launches(min_age_s=0)).matched >= everything.matched
        return status
    finally:
        await client.close()


async def test_a_practice_whose_clock_is_set_back_goes_on_and_keeps_everything(tmp_path: Path) -> None:
    clock = SetBack()
    options = NodeOptions("practice", tmp_path / "data", seed=3)
    async with Node(options, clock) as node:
        before = await traded(node, 0)
        clock.back_ns = HOUR_NS
        at_the_end = await traded(node, before.trades + 20)
    async with Node(options, clock) as node:
        again = await traded(node, at_the_end.trades)
    assert again.launches >= at_the_end.launches >= before.launches
    assert again.seq > at_the_end.seq > before.seq
