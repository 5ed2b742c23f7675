"""The practice source: the bytes of `generate`, paced by a clock that decides nothing else."""

import asyncio
import time

import pytest

from fluxdesk.core.clock import Instant, SystemClock
from fluxdesk.core.events import Raw
from fluxdesk.core.ids import MonoNanos, WallNanos
from fluxdesk.launches.practice import START_S, PracticeSource, generate


class WallAhead:
    """The machine's clocks with a wall clock that can be put forward, as after a sleep. A stand-in for tests."""

    def __init__(self) -> None:
        self.ahead_ns = 0

    def now(self) -> Instant:
        now = SystemClock().now()
        return Instant(WallNanos(now.wall + self.ahead_ns), MonoNanos(now.mono))


async def take(source: PracticeSource, count: int) -> list[Raw]:
    out: list[Raw] = []
    async for batch in source.batches():
        out += batch
        if len(out) >= count:
            await source.close()
    return out


async def test_speed_does_not_change_a_byte() -> None:
    expected = [(r.shape, r.slot, r.payload) for r in generate(11, events=2500, warm_up_s=40, start_s=START_S)]
    for speed in (1000.0, 5000.0):
        source = PracticeSource(11, speed=speed, start_s=START_S, warm_up_s=40)
        async with asyncio.timeout(30):  # at its own pace the market would take a minute and a half
            got = [(r.shape, r.slot, r.payload) for r in await take(source, 2500)]
        assert got[:2500] == expected


async def test_the_past_is_told_first_with_receive_times_in_the_past() -> None:
    before = time.time_ns()
    source = PracticeSource(12, warm_up_s=120)
    assert source.health().state == "connecting"
    walls: list[int] = []
    async for batch in source.batches():
        if source.health().state == "up":
            live = batch
            await source.close()
        else:
            walls += [r.wall_ns for r in batch]
    assert source.health().state == "done"
    assert walls == sorted(walls)
    assert before - 121 * 10**9 <= walls[0] < before - 100 * 10**9
    assert walls[-1] <= time.time_ns()
    assert all(abs(r.wall_ns - time.time_ns()) < 60 * 10**9 for r in live)
    assert source.health().received == len(walls) + len(live)
    assert source.health().last_slot == live[-1].slot
    assert source.gaps() == []


async def test_closing_ends_it_while_it_waits() -> None:
    source = PracticeSource(13, speed=0.0001, warm_up_s=0)
    reading = asyncio.create_task(take(source, 1_000_000))
    while source.health().state != "up":
        await asyncio.sleep(0)
    await source.close()
    await asyncio.wait_for(reading, 5)
    assert source.health().state == "done"


@pytest.mark.parametrize("days", [-3_650, 3_650])
async def test_a_clock_that_is_set_ends_nothing_and_nothing_is_made_up(days: int) -> None:
    clock = WallAhead()
    source = PracticeSource(15, rate=500, clock=clock, warm_up_s=0)
    slots: list[int] = []
    async for batch in source.batches():
        slots += [r.slot for r in batch if r.slot is not None]
        if len(slots) > 20 and clock.ahead_ns == 0:
            clock.ahead_ns = days * 86_400 * 10**9
        if len(slots) > 200:
            await source.close()
    assert slots == sorted(slots)
    assert len(slots) < 1_000
    assert slots[-1] - slots[0] < 20, "the market keeps its own time"


async def test_after_a_sleep_the_market_catches_up_with_the_wall_clock() -> None:
    clock = WallAhead()
    source = PracticeSource(14, rate=500, clock=clock, warm_up_s=0)
    slots: list[int] = []
    async for batch in source.batches():
        slots += [r.slot for r in batch if r.slot is not None]
        if len(slots) > 20 and clock.ahead_ns == 0:
            awake = slots[-1]
            clock.ahead_ns = 120 * 10**9
        if slots[-1] > slots[0] + 280:
            await source.close()
    assert slots == sorted(slots)
    missed = [s for s in slots if awake < s < awake + 280]
    assert 280 * 2 < len(missed) < 280 * 20  # some trades of every missed slot, but not five hundred a second
