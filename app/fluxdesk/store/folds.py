"""How drawn trades become bars: pure sums over one batch or one hour, merged into the tables by SQL.

A bar never reads its trades again when trades arrive late: slots order its open and close, and each trader is counted
where he traded first (by arrival).
"""

from collections.abc import Iterable
from typing import NamedTuple

SECOND, QUARTER, MINUTE, FIVE, HOUR = 1, 15, 60, 300, 3600
WIDTHS = (SECOND, QUARTER, MINUTE, FIVE, HOUR)
"""Bit n of a trade's `new` says that it is its trader's first in the bar of WIDTHS[n] seconds."""


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


class Bar:
    """One bar under construction; columns as in `tables.Candle`."""

    __slots__ = (
        "close_f64", "close_slot", "high_f64", "low_f64", "open_f64", "open_slot", "quote_f64", "traders",
        "traders_hour", "traders_wide", "trades",
    )  # fmt: skip

    def __init__(self, price: float, slot: int) -> None:
        self.open_f64 = self.high_f64 = self.low_f64 = self.close_f64 = price
        self.open_slot = self.close_slot = slot
        self.quote_f64 = 0.0
        self.trades = self.traders = self.traders_wide = self.traders_hour = 0


Bars = dict[tuple[int, int], Bar]
"""(token, start in Unix seconds) -> bar."""


class Fold:
    """Bars of one batch: seconds and minutes."""

    def __init__(self) -> None:
        self.seconds: Bars = {}
        self.minutes: Bars = {}
        self._token_id = self._time_s = -1
        self._pair = (Bar(0.0, 0), Bar(0.0, 0))
        """The bars of the trade before: trades come token by token."""

    def add(self, token_id: int, time_s: int, slot: int, price: float, quote: float, new: int) -> None:
        """Takes a trade, in order of arrival; `new` as under WIDTHS."""
        if token_id == self._token_id and time_s == self._time_s:
            pair = self._pair
        else:
            self._token_id, self._time_s = token_id, time_s
            pair = self._pair = (
                _bar_of(self.seconds, (token_id, time_s), price, slot),
                _bar_of(self.minutes, (token_id, time_s - time_s % MINUTE), price, slot),
            )
        for bar in pair:
            if price > bar.high_f64:
                bar.high_f64 = price
            elif price < bar.low_f64:
                bar.low_f64 = price
            if slot >= bar.close_slot:
                bar.close_f64, bar.close_slot = price, slot
            elif slot < bar.open_slot:
                bar.open_f64, bar.open_slot = price, slot
            bar.quote_f64 += quote
            bar.trades += 1
        if new:
            bar, minute = pair
            bar.traders += new & 1
            bar.traders_wide += new >> 1 & 1
            minute.traders += new >> 2 & 1
            minute.traders_wide += new >> 3 & 1
            minute.traders_hour += new >> 4 & 1


def _bar_of(bars: Bars, key: tuple[int, int], price: float, slot: int) -> Bar:
    bar = bars.get(key)
    if bar is None:
        bar = bars[key] = Bar(price, slot)
    return bar


def refold(trades: Iterable[Drawn]) -> Fold:
    """The bars of whole hours from all their drawn trades, in order of (slot, arrival)."""
    fold = Fold()
    seen: set[tuple[str, int, int]] = set()
    for t in trades:
        new = 0
        if t.trader is not None:
            for bit, width in enumerate(WIDTHS):
                key = (t.trader, width, t.time_s // width)
                if key not in seen:
                    seen.add(key)
                    new |= 1 << bit
        fold.add(t.token_id, t.time_s, t.slot, t.price, t.quote, new)
    return fold
