"""The price chart: a pyqtgraph view that zooms and pans, with candles, volume, axes and crosshair drawn by us.

Only the visible range is painted, and bars narrower than two pixels are merged. Hollow candles rise, filled ones fall.
This module is imported when the first chart opens: it loads NumPy and pyqtgraph.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

os.environ.setdefault("PYQTGRAPH_QT_LIB", "PySide6")

import numpy as np
import pyqtgraph as pg

from fluxdesk.core.views import CandleView, Interval
from fluxdesk.desktop import words
from fluxdesk.desktop.i18n import plural, tr
from fluxdesk.desktop.paint import rounded, text
from fluxdesk.desktop.qt import (
    AA,
    CENTER,
    LEFT,
    QBrush,
    QKeyEvent,
    QLineF,
    QMouseEvent,
    QPainter,
    QPen,
    QPointF,
    QRectF,
    Qt,
    QWheelEvent,
    QWidget,
)
from fluxdesk.desktop.screens.token.bars import STEP_S, Series, ticks, time_step
from fluxdesk.desktop.theme import look
from fluxdesk.desktop.tokens import Role

_C = "Chart"
AXIS_WIDTH, AXIS_HEIGHT = 76, 24
FIRST_BARS = 104
FEWEST_FIRST = 40
FEWEST = 8.0
VOLUME_PART = 1 / 6


@dataclass(frozen=True, slots=True)
class Band:
    """A gap of a source, in Unix seconds, and what to say about it."""

    from_s: float
    to_s: float
    words: str


class CandleItem(pg.GraphicsObject):  # type: ignore[misc]
    """Candles and volume, painted in device pixels so that every edge is sharp."""

    def __init__(self, chart: "CandleChart") -> None:
        super().__init__()
        self._chart = chart

    def boundingRect(self) -> QRectF:
        """The visible range: nothing else is ever painted."""
        return QRectF(self.viewRect())

    def viewRangeChanged(self) -> None:
        """The bounding box follows the view."""
        self.prepareGeometryChange()

    def paint(self, p: QPainter, *_: Any) -> None:
        """Draws the bars of the visible range."""
        transform = p.transform()
        p.save()
        p.resetTransform()
        self._chart.draw_bars(p, transform.m11(), transform.m31(), transform.m22(), transform.m32())
        p.restore()


class CandleChart(pg.PlotWidget):  # type: ignore[misc]
    """One token's candles. Wheel or + − zoom, drag or arrows pan, the crosshair reads values."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, background=None)
        self.series = Series([], 60)
        self.bands: Sequence[Band] = ()
        self.ghosts: Sequence[tuple[float, float]] = ()
        self.factor = 1.0
        self.unit = ""
        self._follow = True
        self._cross: QPointF | None = None
        self._price_low, self._price_high = 0.0, 1.0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr(_C, "Price chart"))
        self.setFrameShape(pg.QtWidgets.QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        plot = self.getPlotItem()
        plot.hideButtons()
        plot.setMenuEnabled(False)
        for side in ("left", "bottom"):
            plot.hideAxis(side)
        plot.layout.setContentsMargins(0, 0, AXIS_WIDTH, AXIS_HEIGHT)
        self._view = plot.getViewBox()
        self._view.setMouseEnabled(x=True, y=False)
        self._view.setDefaultPadding(0)
        self._view.disableAutoRange()
        self._item = CandleItem(self)
        self._view.addItem(self._item, ignoreBounds=True)
        self._view.sigXRangeChanged.connect(self._fit_prices)

    # --- what the screen calls ---

    def show_bars(self, items: Sequence[CandleView], interval: Interval, factor: float, unit: str) -> None:
        """Shows other bars; `factor` turns a price into what is drawn (1, or the supply for the market cap)."""
        self.series = Series(items, STEP_S[interval])
        self.factor, self.unit = factor, unit
        self._follow = True
        self._show_end()

    def show_factor(self, factor: float, unit: str) -> None:
        """Draws price or market cap of the same bars."""
        self.factor, self.unit = factor, unit
        self._fit_prices()

    def put(self, items: Sequence[CandleView]) -> None:
        """Bars that changed; the view follows while its end is in sight."""
        before = self.series.last_x
        empty = not len(self.series)
        for item in items:
            self.series.put(item)
        moved = self.series.last_x - before
        if empty:
            self._show_end()
        elif moved and self._follow:
            low, high = self._view.viewRange()[0]
            self._view.setXRange(low + moved, high + moved, padding=0)
        else:
            self._fit_prices()

    def show_bands(self, bands: Sequence[Band]) -> None:
        """Gaps of the sources."""
        self.bands = bands
        self.viewport().update()

    def show_ghosts(self, ghosts: Sequence[tuple[float, float]]) -> None:
        """Time (Unix seconds) and price of prints that no bar holds; those off the scale are marked at its edge."""
        self.ghosts = ghosts
        self.viewport().update()

    def zoom(self, factor: float, at: float | None = None) -> None:
        """Shows more (above 1) or less time around a position, else around the end of the view."""
        low, high = self._view.viewRange()[0]
        centre = high if at is None else at
        wide = (high - low) * factor
        limit = max(FIRST_BARS, self.series.last_x + 1) * 1.5
        if FEWEST <= wide <= limit or (factor < 1) == (wide > limit):
            self._view.setXRange(centre - (centre - low) * factor, centre + (high - centre) * factor, padding=0)
        self._note_follow()

    def pan(self, part: float) -> None:
        """Moves by a part of the visible time; positive is later."""
        low, high = self._view.viewRange()[0]
        by = (high - low) * part
        if low + by < self.series.last_x and high + by > 0:
            self._view.setXRange(low + by, high + by, padding=0)
        self._note_follow()

    def restyle(self) -> None:
        """Paints in the palette in force."""
        self.viewport().update()

    # --- ranges ---

    def _show_end(self) -> None:
        """The newest bars: fewer and wider ones while the token is young."""
        bars = min(FIRST_BARS, max(FEWEST_FIRST, int(self.series.last_x + 1) * 5 // 4))
        end = self.series.last_x + max(2.0, bars * 0.04)
        self._view.setXRange(end - bars, end, padding=0)
        self._fit_prices()

    def _note_follow(self) -> None:
        low, high = self._view.viewRange()[0]
        self._follow = low <= self.series.last_x <= high

    def _fit_prices(self, *_: Any) -> None:
        low, high = self._view.viewRange()[0]
        bars = self.series.visible(low, high, self._plot_width(), self.factor)
        if len(bars):
            bottom, top = float(bars.low.min()), float(bars.high.max())
        else:
            last = self.series.at(high)
            bottom = top = (last[4] if last else 0.0) * self.factor
        span = (top - bottom) or abs(top) * 0.1 or 1.0
        self._price_low, self._price_high = bottom - span * 0.08, top + span * 0.14
        price_span = self._price_high - self._price_low
        floor = self._price_high - price_span / (1 - VOLUME_PART - 0.02)
        self._view.setYRange(floor, self._price_high, padding=0)
        self.viewport().update()

    def _plot_width(self) -> float:
        return max(1.0, float(self.width()) - AXIS_WIDTH)

    def _plot_height(self) -> float:
        return max(1.0, float(self.height()) - AXIS_HEIGHT)

    def _x_of(self, position: float) -> float:
        low, high = self._view.viewRange()[0]
        return float((position - low) / (high - low) * self._plot_width())

    def _y_of(self, price: float) -> float:
        low, high = self._view.viewRange()[1]
        return float((high - price) / (high - low) * self._plot_height())

    def _position_at(self, x: float) -> float:
        low, high = self._view.viewRange()[0]
        return float(low + x / self._plot_width() * (high - low))

    # --- painting ---

    def draw_bars(self, p: QPainter, sx: float, dx: float, sy: float, dy: float) -> None:
        """Candles and volume of the visible range; the four numbers map positions and prices to pixels."""
        low, high = self._view.viewRange()[0]
        bars = self.series.visible(low, high, self._plot_width(), self.factor)
        if not len(bars):
            return
        p.setRenderHint(AA, False)
        slot = sx * bars.width
        wide = max(1.0, min(11.0, float(np.floor(slot * 0.68))))
        centre = np.floor((bars.x + bars.width / 2) * sx + dx)
        rising = bars.close >= bars.open
        edges = {name: getattr(bars, name) * sy + dy for name in ("open", "high", "low", "close")}
        most = float(bars.volume.max()) or 1.0
        tall = bars.volume / most * self._plot_height() * VOLUME_PART
        for mask, tone in ((rising, "buy"), (~rising, "sell")):
            hollow = tone == "buy" and wide >= 4
            self._draw_side(p, {k: v[mask] for k, v in edges.items()}, centre[mask], tall[mask], wide, tone, hollow)

    def _draw_side(
        self, p: QPainter, edges: dict[str, Any], centre: Any, tall: Any, wide: float, tone: str, hollow: bool
    ) -> None:
        now, floor, half = look(), self._plot_height(), wide // 2
        top = np.round(np.minimum(edges["open"], edges["close"]))
        bottom = np.maximum(np.round(np.maximum(edges["open"], edges["close"])), top + 1)
        xs, tops, bottoms = centre.tolist(), top.tolist(), bottom.tolist()
        highs, lows, heights = np.round(edges["high"]).tolist(), np.round(edges["low"]).tolist(), tall.tolist()
        p.setPen(QPen(now.colour(tone), 1))
        p.drawLines([QLineF(x, a, x, b) for x, a, b in zip(xs, highs, tops, strict=True)])
        p.drawLines([QLineF(x, a, x, b) for x, a, b in zip(xs, bottoms, lows, strict=True)])
        p.setBrush(now.colour("panel" if hollow else tone))
        p.drawRects([QRectF(x - half, a, max(1.0, wide - 1), b - a) for x, a, b in zip(xs, tops, bottoms, strict=True)])
        p.setPen(Qt.PenStyle.NoPen)
        p.setBrush(now.colour(tone, 96))
        p.drawRects([QRectF(x - half, floor - h, wide, h) for x, h in zip(xs, heights, strict=True)])

    def drawBackground(self, p: QPainter, rect: QRectF) -> None:
        """Ground, gap bands, grid."""
        p.save()
        p.resetTransform()
        p.fillRect(self.viewport().rect(), look().colour("panel"))
        wide, high = self._plot_width(), self._plot_height()
        for tick in self._price_ticks():
            p.fillRect(QRectF(0, round(self._y_of(tick)), wide, 1), look().colour("line"))
        for x, _ in self._time_ticks():
            p.fillRect(QRectF(round(x), 0, 1, high), look().colour("line"))
        for band in self.bands:
            self._draw_band(p, band, wide, high)
        p.restore()

    def _draw_band(self, p: QPainter, band: Band, wide: float, high: float) -> None:
        step, start = self.series.step_s, self.series.start_s
        left = self._x_of((band.from_s - start) / step)
        right = max(self._x_of((band.to_s - start) / step), left + 3)
        if right < 0 or left > wide:
            return
        area = QRectF(max(0.0, left), 0, min(wide, right) - max(0.0, left), high)
        p.fillRect(area, QBrush(look().colour("warn", 70), Qt.BrushStyle.BDiagPattern))
        said = look().width(band.words, "micro")
        x = min(max(4.0, left + 4), max(4.0, wide - said - 8))
        box = QRectF(x - 4, high * (1 - VOLUME_PART) - 28, said + 8, look().px(18))
        p.fillRect(box, look().colour("panel", 220))
        text(p, box, band.words, "micro", "warn", CENTER)

    def drawForeground(self, p: QPainter, rect: QRectF) -> None:
        """Axes, last price, what the crosshair reads."""
        p.save()
        p.resetTransform()
        now, wide, high = look(), self._plot_width(), self._plot_height()
        p.fillRect(QRectF(wide, 0, self.width() - wide, self.height()), now.colour("panel"))
        p.fillRect(QRectF(0, high, self.width(), self.height() - high), now.colour("panel"))
        p.fillRect(QRectF(wide, 0, 1, high), now.colour("line"))
        p.fillRect(QRectF(0, high, self.width(), 1), now.colour("line"))
        self._draw_ghosts(p, wide)
        last = self.series.at(self.series.last_x)
        last_y = self._y_of(last[4] * self.factor) if last else -100.0
        for tick in self._price_ticks():
            y = self._y_of(tick)
            if abs(y - last_y) > 16:
                text(p, QRectF(wide + 8, y - 9, AXIS_WIDTH - 8, 18), self._said(tick), "micro", "text3")
        for x, label in self._time_ticks():
            text(p, QRectF(x - 40, high, 80, AXIS_HEIGHT), label, "micro", "text3", CENTER)
        if last:
            self._draw_last(p, last, last_y, wide, high)
            self._draw_reading(p, last, wide, high)
        p.restore()

    def _draw_ghosts(self, p: QPainter, wide: float) -> None:
        p.setRenderHint(AA)
        p.setPen(QPen(look().colour("warn"), 1.4))
        p.setBrush(Qt.BrushStyle.NoBrush)
        lowest = self._y_of(self._price_low)
        for moment, price in self.ghosts:
            x = self._x_of((moment - self.series.start_s) / self.series.step_s)
            y = min(lowest, max(34.0, self._y_of(price * self.factor)))
            if 0 <= x <= wide:
                p.drawEllipse(QPointF(x, y), 4, 4)
                p.drawLine(QPointF(x - 6, y), QPointF(x + 6, y))
        p.setRenderHint(AA, False)

    def _draw_last(self, p: QPainter, last: tuple[float, ...], y: float, wide: float, high: float) -> None:
        if not 0 <= y <= high:
            return
        rising = last[4] >= last[1]
        p.setPen(QPen(look().colour("buy" if rising else "sell"), 1, Qt.PenStyle.DotLine))
        p.drawLine(QPointF(0, round(y)), QPointF(wide, round(y)))
        self._tag(p, wide, y, self._said(last[4] * self.factor), "buy_fill" if rising else "sell_fill", "on_trade")

    def _draw_reading(self, p: QPainter, last: tuple[float, ...], wide: float, high: float) -> None:
        cross = self._cross
        shown = last
        if cross is not None and cross.x() < wide and cross.y() < high:
            position = self._position_at(cross.x())
            shown = self.series.at(position) or last
            x, y = round(cross.x()), round(cross.y())
            p.setPen(QPen(look().colour("text3"), 1, Qt.PenStyle.DashLine))
            p.drawLine(x, 0, x, int(high))
            p.drawLine(0, y, int(wide), y)
            low, top = self._view.viewRange()[1]
            price = top - y / high * (top - low)
            if price >= self._price_low:
                self._tag(p, wide, y, self._said(price), "line_strong", "text1")
            moment = words.local("%H:%M:%S", self.series.start_s + int(position) * self.series.step_s)
            room = look().width(moment, "micro") + 12
            box = QRectF(x - room / 2, high + 3, room, 18)
            rounded(p, box, "line_strong", radius=3)
            text(p, box, moment, "micro", "text1", CENTER)
        self._draw_figures(p, shown)

    def _draw_figures(self, p: QPainter, bar: tuple[float, ...]) -> None:
        _, o, h, low, c, volume = bar
        change = c / o - 1 if o else 0.0
        parts: list[tuple[str, Role, str]] = [
            (f"{letter} {self._said(value * self.factor)}", "small", "text2")
            for letter, value in (("O", o), ("H", h), ("L", low), ("C", c))
        ]
        parts.append((words.change(change), "small", "buy" if change >= 0 else "sell"))
        parts.append((tr(_C, "Vol {n} {unit}", n=words.short_number(volume), unit=self.unit).strip(), "small", "text3"))
        widths = [look().width(said, role) + 14 for said, role, _ in parts]
        height = look().px(20)
        p.fillRect(QRectF(8, 6, sum(widths), height), look().colour("panel", 224))
        x = 16.0
        for (said, role, tone), width in zip(parts, widths, strict=True):
            text(p, QRectF(x, 6, width, height), said, role, tone, LEFT)
            x += width

    def _tag(self, p: QPainter, wide: float, y: float, said: str, ground: str, tone: str) -> None:
        rounded(p, QRectF(wide + 2, y - 9, AXIS_WIDTH - 4, 18), ground, radius=3)
        text(p, QRectF(wide + 8, y - 9, AXIS_WIDTH - 10, 18), said, "micro", tone)

    def _said(self, value: float) -> str:
        return words.price(value) if self.factor == 1.0 else words.short_number(value)

    def _price_ticks(self) -> list[float]:
        if not len(self.series):
            return []
        room = self._plot_height() * (1 - VOLUME_PART)
        return ticks(self._price_low, self._price_high, max(2, int(room / 56)))

    def _time_ticks(self) -> list[tuple[float, str]]:
        if not len(self.series):
            return []
        low, high = self._view.viewRange()[0]
        step_s, start = self.series.step_s, self.series.start_s
        apart = time_step((high - low) * step_s / self._plot_width(), 88)
        first = int((start + low * step_s) // apart + 1) * apart
        out = []
        for moment in range(first, int(start + high * step_s) + 1, apart):
            x = self._x_of((moment - start) / step_s)
            form = "%H:%M:%S" if apart < 60 else "%H:%M" if apart < 86400 else "%-d %b"
            if 28 < x < self._plot_width() - 28:
                out.append((x, words.local(form, moment)))
        return out

    # --- mouse and keys ---

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zooms at the pointer."""
        self.zoom(0.85 if event.angleDelta().y() > 0 else 1 / 0.85, self._position_at(event.position().x()))
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Moves the crosshair, and the view while the button is down."""
        super().mouseMoveEvent(event)
        self._cross = event.position()
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._note_follow()
        self.viewport().update()

    def leaveEvent(self, event: Any) -> None:
        """Takes the crosshair away."""
        self._cross = None
        self.viewport().update()
        super().leaveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Letters and signs are commands of the window."""
        event.ignore()

    def summary(self) -> str:
        """What the chart shows, for a screen reader."""
        last = self.series.at(self.series.last_x)
        if last is None:
            return tr(_C, "No bar yet")
        bars = plural(_C, len(self.series), "{n} bar", "{n} bars")
        return tr(
            _C, "{bars}, last price {price} {unit}", bars=bars, price=self._said(last[4] * self.factor), unit=self.unit
        )
