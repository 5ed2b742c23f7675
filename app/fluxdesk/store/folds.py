"""How drawn trades become bars: pure sums over one batch or one hour, merged into the tables by SQL.

A bar never reads its trades again when trades arrive late: slots order its open and close, and each trader is counted
where he traded first (by arrival).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

SECOND, QUARTER, MINUTE, FIVE, HOUR = 1, 15, 60, 300, 3600


class Drawn(NamedTuple):
    """A trade that the chart draws."""

    id: int
    token_id: int
    time_s: int
    slot: int
    price: float
    """Quote base units per token base unit."""
    quote: float
    trader: str | None
    is_buy: bool


class New(NamedTuple):
    """Whether a trade is its trader's first in each interval it falls into."""

    second: bool
    quarter: bool
    minute: bool
    five: bool
    hour: bool


NOBODY = New(False, False, False, False, False)


@dataclass(slots=True)
class Bar:
    """One bar under construction; columns as in `tables.Candle`."""

    token_id: int
    start_s: int
    open_f64: float
    high_f64: float
    low_f64: float
    close_f64: float
    open_slot: int
    close_slot: int
    quote_f64: float = 0.0
    trades: int = 0
    traders: int = 0
    traders_wide: int = 0
    traders_hour: int = 0

    def add(self, drawn: Drawn) -> None:
        """Takes a trade, in order of arrival."""
        price, slot = drawn.price, drawn.slot
        if price > self.high_f64:
            self.high_f64 = price
        elif price < self.low_f64:
            self.low_f64 = price
        if slot >= self.close_slot:
            self.close_f64, self.close_slot = price, slot
        elif slot < self.open_slot:
            self.open_f64, self.open_slot = price, slot
        self.quote_f64 += drawn.quote
        self.trades += 1


Bars = dict[tuple[int, int], Bar]


class Fold:
    """Bars of one batch: seconds and minutes."""

    def __init__(self) -> None:
        self.seconds: Bars = {}
        self.minutes: Bars = {}

    def add(self, drawn: Drawn, new: New) -> None:
        """Takes a trade, in order of arrival."""
        bar = _bar(self.seconds, drawn, drawn.time_s)
        bar.add(drawn)
        bar.traders += new.second
        bar.traders_wide += new.quarter
        bar = _bar(self.minutes, drawn, drawn.time_s - drawn.time_s % MINUTE)
        bar.add(drawn)
        bar.traders += new.minute
        bar.traders_wide += new.five
        bar.traders_hour += new.hour


def _bar(bars: Bars, drawn: Drawn, start: int) -> Bar:
    key = (drawn.token_id, start)
    bar = bars.get(key)
    if bar is None:
        price, slot = drawn.price, drawn.slot
        bar = bars[key] = Bar(drawn.token_id, start, price, price, price, price, slot, slot)
    return bar


def refold(trades: Iterable[Drawn]) -> Fold:
    """The bars of whole hours from all their drawn trades, in order of (slot, arrival)."""
    fold = Fold()
    seen: set[tuple[str, int, int]] = set()

    def first(trader: str, width: int, start: int) -> bool:
        key = (trader, width, start)
        if key in seen:
            return False
        seen.add(key)
        return True

    for t in trades:
        new = NOBODY
        if t.trader is not None:
            new = New(*(first(t.trader, w, t.time_s - t.time_s % w) for w in (SECOND, QUARTER, MINUTE, FIVE, HOUR)))
        fold.add(t, new)
    return fold
