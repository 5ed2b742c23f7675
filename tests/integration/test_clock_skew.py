"""A wall clock that jumps changes neither what is shown nor in which order, and no duration comes out negative."""

import asyncio
import time
from pathlib import Path

import pytest

from fluxdesk.client import NodeClient
from fluxdesk.core.clock import Instant, SystemClock
from fluxdesk.core.ids import MonoNanos, WallNanos
from fluxdesk.launches.practice.generate import generate
from fluxdesk.node.node import Node
from fluxdesk.node.options import NodeOptions

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
