"""The practice market as a source: the same bytes as `generate`, paced by the clock.

The wall clock decides when events are delivered and, unless a start is given, what time the market says it is. It never
decides what happens: seed, rate and start do. Only a machine that slept is told what it missed, briefly.
"""

import asyncio
from collections.abc import AsyncIterator

from fluxdesk.core.clock import Clock, SystemClock
from fluxdesk.core.events import Raw
from fluxdesk.core.ids import PRACTICE
from fluxdesk.core.views import GapView, SourceState, SourceView
from fluxdesk.launches.practice.generate import SOURCE
from fluxdesk.launches.practice.scribe import Scribe
from fluxdesk.launches.practice.simulation import LIVE, THIN, Happening, Pace, Simulation

_BATCH = 100
"""Events told at once while catching up: a few milliseconds of work."""
_SLEPT_NS = 30_000_000_000
"""So far behind the wall clock, the machine must have been asleep."""
_NO_SLEEP_NS = 86_400_000_000_000
"""So far behind, the clock itself was set: years of a market that nobody missed would take hours to tell."""
_S = 1_000_000_000


class PracticeSource:
    """See `launches.ports.Source`.

    Attributes:
        id: `practice`.
        network: `practice`.
    """

    id: str = SOURCE
    network: str = PRACTICE

    def __init__(
        self,
        seed: int,
        speed: float = 1.0,
        rate: int | None = None,
        clock: Clock | None = None,
        start_s: int | None = None,
        warm_up_s: int = 1800,
        scribe: Scribe | None = None,
    ) -> None:
        """`speed` is market seconds a second, `rate` trades a market second, `start_s` the market's time at the start
        (the wall clock's when it is not given), `warm_up_s` how much of its past is told first. `scribe` writes the
        bytes: `on_chain.OnChainScribe` has the practice launchpad run what pump.fun would.
        """
        self._clock = clock or SystemClock()
        self._seed = seed
        self._speed = speed
        self._pace = LIVE if rate is None else Pace.of(rate)
        self._follows_wall = start_s is None and speed == 1.0
        self._start_s = self._clock.now().wall // _S if start_s is None else start_s
        self._warm_up_s = warm_up_s
        self._scribe = scribe or Scribe()
        self._state: SourceState = "connecting"
        self._received = 0
        self._last_slot: int | None = None
        self._closed = asyncio.Event()

    async def batches(self) -> AsyncIterator[list[Raw]]:
        """The warm-up as fast as it can be told, with receive times in the past; then the market as it happens."""
        simulation = Simulation(self._seed, self._start_s - self._warm_up_s, THIN)
        began = self._clock.now()
        shift_ns = -self._warm_up_s * _S
        async for batch in self._catch_up(simulation, shift_ns, began.mono, self._warm_up_s * _S):
            yield batch
        simulation.set_pace(self._pace)
        self._state = "up"
        origin = self._clock.now().mono - int(simulation.elapsed_ns / self._speed)
        while not self._closed.is_set():
            wall_ns = self._clock.now().wall - self._start_s * _S - shift_ns
            behind_ns = wall_ns - simulation.elapsed_ns if self._follows_wall else 0
            if behind_ns > _NO_SLEEP_NS:
                self._follows_wall = False
            elif behind_ns > _SLEPT_NS:
                async for batch in self._catch_up(simulation, shift_ns, began.mono, wall_ns):
                    yield batch
                simulation.set_pace(self._pace)
                origin = self._clock.now().mono - simulation.elapsed_ns
            due = origin + int(simulation.elapsed_ns / self._speed)
            await self._until(due)
            batch = self._raw(simulation.step(), None)
            if batch:
                yield batch
        self._state = "done"

    def health(self) -> SourceView:
        """State and `received`; the lag of a market that happens here is nothing."""
        return SourceView(
            id=self.id,
            kind="practice",
            endpoint=f"seed {self._seed}, {self._pace.rate} trades/s",
            network=self.network,
            state=self._state,
            lag_ms=0.0 if self._state == "up" else None,
            last_slot=self._last_slot,
            received=self._received,
        )

    def gaps(self) -> list[GapView]:
        """None: nothing can be missed."""
        return []

    async def close(self) -> None:
        """`batches` ends before its next event."""
        self._closed.set()

    async def _catch_up(
        self, simulation: Simulation, shift_ns: int, mono_0: int, until_ns: int
    ) -> AsyncIterator[list[Raw]]:
        """Thin market up to `until_ns` of its own time, received when it says it happened."""
        while simulation.elapsed_ns % (400 * 1_000_000):
            yield self._raw(simulation.step(), None)
        simulation.set_pace(THIN)
        batch: list[Raw] = []
        while simulation.elapsed_ns < until_ns and not self._closed.is_set():
            ago = simulation.elapsed_ns + shift_ns
            batch += self._raw(simulation.step(), (self._start_s * _S + ago, mono_0 + ago))
            if len(batch) >= _BATCH:
                yield batch
                batch = []
                await asyncio.sleep(0)
        if batch:
            yield batch

    def _raw(self, happenings: list[Happening], at: tuple[int, int] | None) -> list[Raw]:
        if not happenings:
            return []
        wall_ns, mono_ns = self._clock.now() if at is None else at
        out = []
        for happening in happenings:
            shape, payload = self._scribe.write(happening)
            out.append(Raw(self.id, self.network, shape, happening.slot, wall_ns, mono_ns, payload))
        self._received += len(out)
        self._last_slot = happenings[-1].slot
        return out

    async def _until(self, due: int) -> None:
        """Waits for a moment of the monotonic clock, or for `close`."""
        wait = (due - self._clock.now().mono) / _S
        if wait <= 0:
            await asyncio.sleep(0)
            return
        try:
            await asyncio.wait_for(self._closed.wait(), wait)
        except TimeoutError:
            return
