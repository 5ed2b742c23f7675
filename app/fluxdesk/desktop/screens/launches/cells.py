"""Paints the cells of the Launches table. Colour never stands alone: a change has a sign, a side an arrow, a
state a shape.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from fluxdesk.core.views import LaunchView
from fluxdesk.desktop import words
from fluxdesk.desktop.filters import age_s
from fluxdesk.desktop.i18n import tr
from fluxdesk.desktop.paint import draw_icon, draw_spark, rounded, spark_polygon, stamp_avatar, text
from fluxdesk.desktop.qt import AA, CENTER, LEFT, RIGHT, QPainter, QPen, QPointF, QRectF, Qt
from fluxdesk.desktop.screens.launches.columns import FINAL_STRETCH_PPM, Column
from fluxdesk.desktop.theme import look
from fluxdesk.desktop.tokens import NEW_FOR_S, Role

_C = "Launches"
_Paint = Callable[[QPainter, QRectF, LaunchView], None]


@dataclass(frozen=True, slots=True)
class Span:
    """Where a column lies in a row, in pixels."""

    place: int
    left: int
    width: int


class RowPainter:
    """Paints the cells of one row; no widgets in cells."""

    def __init__(self, columns: tuple[Column, ...], now: Callable[[], float]) -> None:
        self._now = now
        paints: dict[str, _Paint] = {
            "token": self._token,
            "age": self._age,
            "price": self._price,
            "mcap": self._mcap,
            "spark": self._spark,
            "curve": self._curve,
            "volume": self._volume,
            "trades": self._trades,
            "buyers": self._buyers,
            "total": self._total,
            "creator": self._creator,
            "source": self._source,
        }
        self._paints = tuple(paints[column.key] for column in columns)

    def paint(self, p: QPainter, spans: Iterable[Span], height: int, view: LaunchView) -> None:
        """The cells of a row whose top is at 0; the ground is there already."""
        for span in spans:
            p.setRenderHint(AA, False)
            self._paints[span.place](p, QRectF(span.left + 8, 0, span.width - 16, height - 1), view)

    def young(self, view: LaunchView) -> bool:
        """Whether it is called new: a token without a name was met through a trade, when it began is not known."""
        return view.name is not None and age_s(view, self._now()) < NEW_FOR_S

    def age(self, view: LaunchView) -> str:
        """Its age as the row shows it."""
        said = words.age(age_s(view, self._now()))
        return said if view.created_s is not None else f"~{said}"

    # --- two lines, the number with its unit ---

    def _lines(self, r: QRectF) -> tuple[QRectF, QRectF]:
        px = look().px
        return QRectF(r.x(), r.y() + px(5), r.width(), px(18)), QRectF(r.x(), r.y() + px(22), r.width(), px(16))

    def _quantity(
        self, p: QPainter, box: QRectF, number: str, unit: str | None, role: Role = "medium", tone: str = "text1"
    ) -> None:
        """Right-aligned number with its quote in small grey letters behind it."""
        if unit and number != words.UNKNOWN:
            unit = words.remote(unit, 6)
            room = look().width(unit, "micro") + 3
            text(p, box, unit, "micro", "text3", RIGHT)
            box = box.adjusted(0, 0, -room, 0)
        text(p, box, number, role, "text3" if number == words.UNKNOWN else tone, RIGHT)

    # --- cells ---

    def _token(self, p: QPainter, r: QRectF, view: LaunchView) -> None:
        px = look().px
        symbol = words.remote(view.symbol, 24) or words.short_address(view.mint)
        side = px(28)
        stamp_avatar(p, r.x() + 8, r.y() + (r.height() - side) / 2, symbol, side)
        left = r.x() + side + 18
        top, below = self._lines(QRectF(left, r.y(), r.right() - left, r.height()))
        tag = tr(_C, "New") if self.young(view) else ""
        tag_room = look().width(tag, "micro") + 14 if tag else 0
        width = min(look().width(symbol, "strong") + 2, int(top.width()) - tag_room)
        text(p, QRectF(top.x(), top.y(), width, top.height()), symbol, "strong", "text1", elide=True)
        if tag:
            chip = QRectF(top.x() + width + 4, top.y() + px(2), tag_room - 4, px(14))
            rounded(p, chip, "accent_tint", radius=3)
            text(p, chip, tag, "micro", "accent", CENTER)
        second = words.launchpad(view.venue, view.brand)
        if view.name:
            second = f"{second} · {words.remote(view.name)}"
        text(p, below, second, "micro", "text3", elide=True)

    def _age(self, p: QPainter, r: QRectF, view: LaunchView) -> None:
        fresh = age_s(view, self._now()) < NEW_FOR_S
        text(p, r, self.age(view), "body", "text3" if view.created_s is None else "accent" if fresh else "text2", RIGHT)

    def _price(self, p: QPainter, r: QRectF, view: LaunchView) -> None:
        top, below = self._lines(r)
        text(p, top, words.price(view.price_f64), "body", "text1" if view.price_f64 is not None else "text3", RIGHT)
        text(p, below, words.remote(view.quote_symbol, 8) or words.UNKNOWN, "micro", "text3", RIGHT)

    def _mcap(self, p: QPainter, r: QRectF, view: LaunchView) -> None:
        top, below = self._lines(r)
        self._quantity(p, top, words.short_number(view.mcap_f64), view.quote_symbol)
        tone = "text3" if view.change_f64 is None else "buy" if view.change_f64 >= 0 else "sell"
        text(p, below, words.change(view.change_f64), "micro", tone, RIGHT)

    def _spark(self, p: QPainter, r: QRectF, view: LaunchView) -> None:
        values = view.spark_f64
        if len(values) < 2:
            text(p, r, tr(_C, "one trade") if values else tr(_C, "no trade yet"), "micro", "text3")
            return
        width, height = r.width() - 6, r.height() / 2
        line = spark_polygon(values, width, height)
        draw_spark(p, QPointF(r.x() + 2, r.y() + height / 2), line, width, values[-1] >= values[0])

    def _curve(self, p: QPainter, r: QRectF, view: LaunchView) -> None:
        top, _ = self._lines(r)
        if view.stage in ("graduated", "pool"):
            words_ = tr(_C, "Graduated") if view.stage == "graduated" else tr(_C, "Pool, no curve")
            if view.stage == "graduated":
                draw_icon(p, r.x(), r.y() + (r.height() - 14) / 2, "check", "text2", 14)
                r = r.adjusted(18, 0, 8, 0)
            text(p, r, words_, "micro", "text2" if view.stage == "graduated" else "text3", elide=True)
            return
        if view.progress_ppm is None:
            text(p, r, tr(_C, "? unknown"), "micro", "text3")
            return
        part = min(1.0, view.progress_ppm / 1e6)
        near = view.progress_ppm >= FINAL_STRETCH_PPM or view.stage == "complete"
        text(p, top, words.percent(part), "small_strong" if near else "small", "text1")
        if near:
            text(p, top, tr(_C, "sold out") if view.stage == "complete" else tr(_C, "final"), "micro", "accent", RIGHT)
        y = r.y() + look().px(27)
        rounded(p, QRectF(r.x(), y, r.width(), 4), "line_strong", radius=2)
        if part > 0:
            rounded(p, QRectF(r.x(), y, max(4.0, r.width() * part), 4), "accent", radius=2)
        for mark in (0.25, 0.5, 0.75):
            p.fillRect(QRectF(round(r.x() + r.width() * mark), y, 1, 4), look().colour("panel"))

    def _volume(self, p: QPainter, r: QRectF, view: LaunchView) -> None:
        top, below = self._lines(r)
        self._quantity(p, top, words.short_number(view.volume_5m_f64), view.quote_symbol)
        text(p, below, words.short_number(view.liquidity_f64), "micro", "text3", RIGHT)

    def _trades(self, p: QPainter, r: QRectF, view: LaunchView) -> None:
        now, (top, _) = look(), self._lines(r)
        both = view.buys_5m + view.sells_5m
        if not both:
            text(p, r, tr(_C, "none in 5 min"), "micro", "text3")
            return
        text(p, top, f"▲{words.count(view.buys_5m)}", "small", "buy", LEFT)
        text(p, top, f"{words.count(view.sells_5m)}▼", "small", "sell", RIGHT)
        y = r.y() + now.px(27)
        share = r.width() * view.buys_5m / both
        if view.buys_5m:
            p.fillRect(QRectF(r.x(), y, max(2.0, share - (1 if view.sells_5m else 0)), 4), now.colour("buy"))
        if view.sells_5m:
            p.setRenderHint(AA, False)
            p.setPen(QPen(now.colour("sell"), 1))
            p.setBrush(now.colour("sell_tint"))
            p.drawRect(QRectF(round(r.x() + share + 1), y, max(2.0, round(r.width() - share - 2)), 3))
            p.setPen(Qt.PenStyle.NoPen)

    def _buyers(self, p: QPainter, r: QRectF, view: LaunchView) -> None:
        top, below = self._lines(r)
        text(p, top, words.count(view.buyers), "medium", "text1", RIGHT)
        held = tr(_C, "{n} hold", n=words.count(view.holders)) if view.holders is not None else words.UNKNOWN
        text(p, below, held, "micro", "text3", RIGHT)

    def _total(self, p: QPainter, r: QRectF, view: LaunchView) -> None:
        text(p, r, words.count(view.trades), "body", "text1" if view.trades else "text3", RIGHT)

    def _creator(self, p: QPainter, r: QRectF, view: LaunchView) -> None:
        text(p, r, words.short_address(view.creator), "mono_micro", "text2" if view.creator else "text3")

    def _source(self, p: QPainter, r: QRectF, view: LaunchView) -> None:
        top, below = self._lines(r)
        text(p, top, words.remote(view.first_source, 24), "small", "text1", elide=True)
        ahead = (
            tr(_C, "only source")
            if view.lead_ms is None
            else tr(_C, "{time} ahead", time=words.duration_ms(view.lead_ms))
        )
        text(p, below, ahead, "micro", "text3", elide=True)
