"""The practice market without a clock: as many raw events as asked for, as fast as they can be made."""

from collections.abc import Iterator

from fluxdesk.core.events import Raw
from fluxdesk.core.ids import PRACTICE
from fluxdesk.launches.practice.scribe import Scribe
from fluxdesk.launches.practice.simulation import LIVE, THIN, Pace, Simulation

START_S = 1_790_000_000
"""Where the market's clock starts when nobody says otherwise (21 September 2026)."""
SOURCE = "practice"


def generate(
    seed: int,
    *,
    seconds: int | None = None,
    events: int | None = None,
    rate: int | None = None,
    start_s: int = START_S,
    warm_up_s: int = 0,
    scribe: Scribe | None = None,
) -> Iterator[Raw]:
    """Raw events of `seconds` of market time, or the first `events` of them; equal arguments give equal bytes.

    `start_s` is the end of the warm-up, which is told at a fifth of the usual trades and comes first. Receive times are
    the market's own: wall from `start_s`, monotonic from zero. `scribe` writes the bytes; another one than the usual is
    `on_chain.OnChainScribe`.
    """
    simulation, scribe = Simulation(seed, start_s - warm_up_s, THIN), scribe or Scribe()
    left = events
    for pace, end_ns in (
        (THIN, warm_up_s * 1_000_000_000),
        (LIVE if rate is None else Pace.of(rate), None if seconds is None else (warm_up_s + seconds) * 1_000_000_000),
    ):
        simulation.set_pace(pace)
        while end_ns is None or simulation.elapsed_ns < end_ns:
            mono_ns = simulation.elapsed_ns
            wall_ns = (start_s - warm_up_s) * 1_000_000_000 + mono_ns
            for happening in simulation.step():
                if left is not None:
                    if left == 0:
                        return
                    left -= 1
                shape, payload = scribe.write(happening)
                yield Raw(SOURCE, PRACTICE, shape, happening.slot, wall_ns, mono_ns, payload)
