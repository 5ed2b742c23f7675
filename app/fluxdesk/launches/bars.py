"""Candles of one token from its drawn trades: 1 s, 15 s, 1 m, 5 m and 1 h, by the chain's clock.

Pure. Volumes are summed as integers of quote base units; only the finished view is floating point.
"""

from bisect import bisect_left
from collections.abc import Iterable

from fluxdesk.core.views import CandleView, Interval
from fluxdesk.launches.prints import Print

SECONDS: dict[Interval, int] = {"1s": 1, "15s": 15, "1m": 60, "5m": 300, "1h": 3600}


class _Bar:
    __slots__ = ("close", "high", "low", "open", "quote", "start", "traders", "trades")

    def __init__(self, start: int, price: float) -> None:
        self.start = start
        self.open = self.high = self.low = self.close = price
        self.quote = 0
        self.trades = 0
        self.traders: set[str] = set()


class Bars:
    """The newest `keep` bars of one interval, oldest first."""

    def __init__(self, interval: Interval, keep: int) -> None:
        self._width = SECONDS[interval]
        self._keep = keep
        self._bars: list[_Bar] = []

    def add(self, drawn: Print) -> None:
        """Takes a drawn trade. One that comes late changes its bar's high, low and sums, not its close."""
        price = drawn.price_f64
        assert price is not None
        start = drawn.time_s - drawn.time_s % self._width
        bars = self._bars
        if not bars or bars[-1].start < start:
            bars.append(_Bar(start, price))
            if len(bars) > self._keep + self._keep // 4:
                del bars[: len(bars) - self._keep]
        bar = bars[-1]
        if bar.start == start:
            bar.close = price
        else:
            place = bisect_left(bars, start, key=lambda b: b.start)
            if bars[place].start != start:
                bars.insert(place, _Bar(start, price))
            bar = bars[place]
        bar.high = max(bar.high, price)
        bar.low = min(bar.low, price)
        bar.quote += drawn.row.quote_amount or 0
        bar.trades += 1
        if drawn.row.trader is not None:
            bar.traders.add(drawn.row.trader)

    def views(self, quote_unit: float, last: int | None = None) -> list[CandleView]:
        """The last `last` bars (all that are kept when None); `quote_unit` is base units per whole quote unit."""
        bars: Iterable[_Bar] = self._bars[-self._keep :] if last is None else self._bars[-last:]
        return [
            CandleView(
                start_s=b.start,
                open_f64=b.open,
                high_f64=b.high,
                low_f64=b.low,
                close_f64=b.close,
                volume_f64=b.quote / quote_unit,
                trades=b.trades,
                traders=len(b.traders),
            )
            for b in bars
        ]


class BarSet:
    """All intervals of one token, for as long as a screen shows it."""

    def __init__(self, keep: int) -> None:
        self._bars = {interval: Bars(interval, keep) for interval in SECONDS}

    def add(self, drawn: Print) -> None:
        """Takes a drawn trade into every interval."""
        for bars in self._bars.values():
            bars.add(drawn)

    def views(self, quote_unit: float, last: int) -> dict[str, list[CandleView]]:
        """The last bars of every interval."""
        return {interval: bars.views(quote_unit, last) for interval, bars in self._bars.items()}
