"""How fast the window engine takes batches of 100 events, beside a plain Python loop on the same data in the same run.

5,000 tokens (Zipf 0.9), 100,000 wallets, 1,250 events a second of event time for 320 s, so that every interval closes
and the rolling five minutes roll; one event in fifty is up to eight seconds late. The garbage collector is off while a
clock runs, which favours the plain loop. Both sides get their own natural input: records here, tuples there. Rates are
per second of one core's time (what a shared machine gives to others is not counted); batch latencies are wall clock.
"""

import gc
import statistics
import time
from collections.abc import Callable
from itertools import accumulate
from random import Random
from typing import Any

from benchmarks.plain_windows import Event, PlainWindows, values
from fluxdesk.analytics.windows.bank import WindowBank
from fluxdesk.analytics.windows.engine import Engine
from fluxdesk.analytics.windows.fallback import NumpyEngine
from fluxdesk.analytics.windows.kernel import KernelEngine
from fluxdesk.analytics.windows.records import EVENT, Bar, Changes
from fluxdesk.cli.figures import Figure, GroupUnavailable
from fluxdesk.native import kernel

RUNS = 3
EVENTS = 400_000
BATCH = 100
TOKENS = 5_000
WALLETS = 100_000
PER_SECOND = 1_250
LATENESS = 10_000_000_000
START = 1_700_000_000_000_000_000
NUMPY_EVENTS = 50_000
PEER = "plain Python loop"


def run() -> list[Figure]:
    """Figures of the group `windows`. Raises `GroupUnavailable` where the kernel is not built."""
    if kernel() is None:
        raise GroupUnavailable("windows measures the C kernel: run `python -m fluxdesk.native.build`.")
    events = _events()
    loops = [events[at : at + BATCH] for at in range(0, EVENTS, BATCH)]
    records = [b"".join(_record(event) for event in batch) for batch in loops]
    _check_equal(loops, records, KernelEngine(LATENESS))
    _check_equal(loops[: NUMPY_EVENTS // BATCH], records[: NUMPY_EVENTS // BATCH], NumpyEngine(LATENESS))

    plain, ours, ratios, batches = [], [], [], []
    for _ in range(RUNS):
        slow, _ = _timed(PlainWindows(LATENESS).add, loops)
        engine = KernelEngine(LATENESS)
        fast, each = _timed(engine.add, records)
        plain.append(EVENTS / slow)
        ours.append(EVENTS / fast)
        ratios.append(slow / fast)
        batches += each
    spent, numpy_batches = _timed(NumpyEngine(LATENESS).add, records[: NUMPY_EVENTS // BATCH])
    bank, bank_batches = _timed(WindowBank(LATENESS).add, _named(loops))
    median = statistics.median
    loop = median(plain)
    return [
        Figure("windows.kernel", median(ours), "events/s", ">= 2000000", PEER, loop, RUNS),
        Figure("windows.kernel_beside_loop", median(ratios), "x", ">= 5", PEER, 1, RUNS),
        Figure("windows.kernel_batch_p50", _percentile(batches, 50), "us", runs=RUNS),
        Figure("windows.kernel_batch_p99", _percentile(batches, 99), "us", runs=RUNS),
        Figure("windows.kernel_memory", engine.size_bytes() / 1e6, "MB"),
        Figure("windows.numpy", NUMPY_EVENTS / spent, "events/s", None, PEER, loop),
        Figure("windows.numpy_batch_p50", _percentile(numpy_batches, 50), "us"),
        Figure("windows.numpy_batch_p99", _percentile(numpy_batches, 99), "us"),
        Figure("windows.bank", EVENTS / bank, "events/s", None, PEER, loop),
        Figure("windows.bank_batch_p99", _percentile(bank_batches, 99), "us"),
    ]


def _events() -> list[Event]:
    random = Random(1)
    weights = list(accumulate(1 / rank**0.9 for rank in range(1, TOKENS + 1)))
    tokens = random.choices(range(TOKENS), cum_weights=weights, k=EVENTS)
    prices = [random.lognormvariate(0, 1) for _ in range(TOKENS)]
    events = []
    for number, token in enumerate(tokens):
        late = random.randrange(8_000_000_000) if random.random() < 0.02 else 0
        prices[token] *= random.uniform(0.98, 1.021)
        events.append(
            (
                token,
                START + number * 1_000_000_000 // PER_SECOND - late,
                prices[token],
                random.randrange(1, 2**45),
                random.randrange(1, 2**64),
                random.random() < 0.55,
                random.randrange(1, WALLETS + 1),
            )
        )
    return events


def _record(event: Event) -> bytes:
    token, time_ns, price, base, quote, is_buy, trader = event
    return EVENT.pack(token, is_buy, time_ns, price, base, 0, quote, 0, trader)


def _named(loops: list[list[Event]]) -> list[list[tuple[Any, ...]]]:
    """The same events as the pipeline has them: with mints and wallets in base58's length."""
    mints = [f"{number:044d}" for number in range(TOKENS)]
    wallets = [f"{number:044d}" for number in range(WALLETS + 1)]
    return [
        [
            (mints[token], when, price, base, quote, buy, wallets[who])
            for token, when, price, base, quote, buy, who in batch
        ]
        for batch in loops
    ]


def _check_equal(loops: list[list[Event]], records: list[bytes], engine: Engine) -> None:
    """Every changed bar and every late event of every batch, field by field, and the rolling figures at the end."""
    plain = PlainWindows(LATENESS)
    for events, packed in zip(loops, records, strict=True):
        changed, late = plain.add(events)
        changes = Changes(engine.add(packed))
        if sorted(values(changed), key=_place) != sorted(changes.bars(), key=_place) or late != list(changes.late()):
            raise AssertionError(f"{type(engine).__name__} and the plain loop differ")
    for token in range(TOKENS):
        if engine.rolling(token, 0) != plain.rolling(token, 0):
            raise AssertionError(f"{type(engine).__name__} and the plain loop differ in the rolling figures of {token}")


def _place(bar: Bar) -> tuple[int, int, int]:
    return bar.interval, bar.start_ns, bar.token


def _timed(add: Callable[[Any], Any], batches: list[Any]) -> tuple[float, list[float]]:
    """CPU seconds for all batches, and wall microseconds of each."""
    each = []
    gc.collect()
    gc.disable()
    try:
        begun = time.thread_time_ns()
        for batch in batches:
            started = time.perf_counter_ns()
            add(batch)
            each.append((time.perf_counter_ns() - started) / 1000)
        return (time.thread_time_ns() - begun) / 1e9, each
    finally:
        gc.enable()


def _percentile(numbers: list[float], percent: int) -> float:
    return sorted(numbers)[len(numbers) * percent // 100]
