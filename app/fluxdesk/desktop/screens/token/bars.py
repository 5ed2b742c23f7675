"""Bars as arrays, cut to what is visible and merged when they are narrower than two pixels. NumPy, no Qt.

Loaded with the first chart, not with the window.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from fluxdesk.core.views import CandleView

Floats = npt.NDArray[np.float64]
STEP_S = {"1s": 1, "15s": 15, "1m": 60, "5m": 300, "1h": 3600}


@dataclass(frozen=True, slots=True)
class Bars:
    """Arrays of equal length: `x` in steps since the first bar's start, then open, high, low, close, volume.

    `width` is how many steps one bar spans: more than 1 when bars were merged.
    """

    x: Floats
    open: Floats
    high: Floats
    low: Floats
    close: Floats
    volume: Floats
    width: int = 1

    def __len__(self) -> int:
        return len(self.x)


class Series:
    """All bars of one token and interval. The last ones change while trades arrive."""

    def __init__(self, items: Sequence[CandleView], step_s: int) -> None:
        self.step_s = step_s
        self.start_s = items[0].start_s if items else 0
        self._n = 0
        self._data = np.zeros((6, max(256, len(items) * 2)))
        for item in items:
            self.put(item)

    def __len__(self) -> int:
        return self._n

    def put(self, item: CandleView) -> None:
        """Adds a bar at the end, or replaces the bar of the same start. An older one that is not there is left out."""
        if not self._n:
            self.start_s = item.start_s
        x = (item.start_s - self.start_s) / self.step_s
        row = (x, item.open_f64, item.high_f64, item.low_f64, item.close_f64, item.volume_f64)
        place = self._n
        while place and self._data[0, place - 1] > x:
            place -= 1
        if place and self._data[0, place - 1] == x:
            self._data[:, place - 1] = row
        elif place == self._n:
            if self._n == self._data.shape[1]:
                self._data = np.concatenate([self._data, np.zeros_like(self._data)], axis=1)
            self._data[:, self._n] = row
            self._n += 1

    @property
    def last_x(self) -> float:
        """Position of the last bar; 0 without any."""
        return float(self._data[0, self._n - 1]) if self._n else 0.0

    def at(self, x: float) -> tuple[float, ...] | None:
        """x, open, high, low, close, volume of the bar under a position, else of the last one before it."""
        if not self._n:
            return None
        place = int(np.searchsorted(self._data[0, : self._n], x, side="right")) - 1
        return tuple(float(value) for value in self._data[:, max(0, place)])

    def visible(self, low: float, high: float, pixels: float, factor: float = 1.0) -> Bars:
        """Bars that touch [low, high), merged so that each spans at least two pixels; prices times `factor`."""
        first = int(np.searchsorted(self._data[0, : self._n], low - 1, side="right"))
        last = int(np.searchsorted(self._data[0, : self._n], high, side="left"))
        x, o, h, lo, c, v = self._data[:, first:last]
        per_pixel = (high - low) / max(1.0, pixels)
        width = max(1, int(np.ceil(2 * per_pixel))) if per_pixel > 0.5 else 1
        if width > 1 and len(x):
            group = np.floor(x / width)
            starts = np.flatnonzero(np.r_[True, group[1:] != group[:-1]])
            ends = np.r_[starts[1:], len(x)] - 1
            x, o, c = group[starts] * width, o[starts], c[ends]
            h, lo = np.maximum.reduceat(h, starts), np.minimum.reduceat(lo, starts)
            v = np.add.reduceat(v, starts)
        return Bars(x, o * factor, h * factor, lo * factor, c * factor, v, width)


def ticks(low: float, high: float, wish: int) -> list[float]:
    """About `wish` round values within [low, high]: 1, 2, 2.5 or 5 times a power of ten apart."""
    span = high - low
    if not np.isfinite(span) or span <= 0:
        return []
    raw = span / max(1, wish)
    power = 10.0 ** np.floor(np.log10(raw))
    step = next(m * power for m in (1, 2, 2.5, 5, 10) if m * power >= raw * 0.999)
    first = int(np.ceil(low / step))
    return [n * step for n in range(first, int(np.floor(high / step)) + 1)]


TIME_STEPS_S = (1, 5, 15, 30, 60, 300, 900, 1800, 3600, 7200, 14400, 43200, 86400, 172800, 604800)


def time_step(seconds_per_pixel: float, room: float) -> int:
    """The smallest round step of time, seconds, whose labels are at least `room` pixels apart."""
    return next((step for step in TIME_STEPS_S if step >= seconds_per_pixel * room), TIME_STEPS_S[-1])
