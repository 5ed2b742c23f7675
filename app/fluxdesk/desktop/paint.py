"""What widgets and table cells draw with: text, avatars, state shapes, sparks. Pure painting, no state of its own."""

from collections.abc import Sequence
from functools import lru_cache

from fluxdesk.desktop import icons
from fluxdesk.desktop.qt import (
    AA,
    CENTER,
    LEFT,
    QBrush,
    QColor,
    QFont,
    QLinearGradient,
    QPainter,
    QPainterPath,
    QPen,
    QPixmap,
    QPointF,
    QPolygonF,
    QRectF,
    Qt,
)
from fluxdesk.desktop.theme import look, paint_colour
from fluxdesk.desktop.tokens import AVATAR_TONES, Role
from fluxdesk.desktop.words import ISOLATE


def text(
    p: QPainter, box: QRectF, words: str, role: Role, tone: str, align: Qt.AlignmentFlag = LEFT, elide: bool = False
) -> None:
    """One line of text in a box, in a role and a tone of the look in force."""
    now = look()
    p.setFont(now.font(role))
    p.setPen(now.colour(tone))
    if elide:
        words = now.metrics(role).elidedText(words, Qt.TextElideMode.ElideRight, int(box.width()))
    p.drawText(box, align, words)


def rounded(p: QPainter, box: QRectF, fill: str | None, border: str | None = None, radius: float = 4) -> None:
    """A rounded box; a border is one pixel and drawn on the pixel grid."""
    p.setRenderHint(AA)
    p.setPen(QPen(look().colour(border), 1) if border else Qt.PenStyle.NoPen)
    p.setBrush(look().colour(fill) if fill else Qt.BrushStyle.NoBrush)
    p.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5) if border else box, radius, radius)


def draw_icon(p: QPainter, x: float, y: float, name: str, tone: str, size: int = 16) -> None:
    """An icon in a tone of the look in force, from its cached picture."""
    ratio = p.device().devicePixelRatioF()
    p.drawPixmap(QPointF(x, y), icons.pixmap(name, getattr(look().palette, tone), size, ratio))


def draw_avatar(p: QPainter, box: QRectF, ticker: str, radius: float = 6) -> None:
    """Two tones and a letter, both from the ticker: the stand-in until a token has a picture."""
    seed = sum(ord(letter) * (place + 3) for place, letter in enumerate(ticker))
    tone = QColor(AVATAR_TONES[seed % len(AVATAR_TONES)])
    path = QPainterPath()
    path.addRoundedRect(box, radius, radius)
    p.save()
    p.setRenderHint(AA)
    p.setClipPath(path)
    p.fillRect(box, tone.darker(138))
    p.setPen(Qt.PenStyle.NoPen)
    p.setBrush(tone)
    corner = (box.topLeft(), box.topRight(), box.bottomRight(), box.bottomLeft())[seed // 7 % 4]
    p.drawEllipse(corner, box.width() * 0.82, box.width() * 0.82)
    p.restore()
    font = QFont(look().font("strong"))
    font.setPixelSize(max(9, int(box.width() * 0.46)))
    p.setFont(font)
    p.setPen(paint_colour("#FFFFFF"))
    p.drawText(box, CENTER, ticker.lstrip(ISOLATE)[:1].upper() or "?")


@lru_cache(maxsize=2048)
def _avatar(ticker: str, size: int, ratio: float, scale: int) -> QPixmap:
    picture = QPixmap(round(size * ratio), round(size * ratio))
    picture.fill(Qt.GlobalColor.transparent)
    picture.setDevicePixelRatio(ratio)
    painter = QPainter(picture)
    draw_avatar(painter, QRectF(0, 0, size, size), ticker)
    painter.end()
    return picture


def stamp_avatar(p: QPainter, x: float, y: float, ticker: str, size: int) -> None:
    """An avatar from its cached picture: what a live table draws for every row."""
    p.drawPixmap(QPointF(x, y), _avatar(ticker, size, p.device().devicePixelRatioF(), look().scale))


SIGNAL_TONES = {
    "up": "buy",
    "slow": "warn",
    "down": "sell",
    "connecting": "text3",
    "paused": "warn",
    "done": "text2",
}


def draw_signal(p: QPainter, x: float, y: float, state: str) -> None:
    """A source's state by shape first: dot up, triangle slow, cross down, ring connecting, bars paused, tick done."""
    tone = look().colour(SIGNAL_TONES.get(state, "text3"))
    p.save()
    p.setRenderHint(AA)
    p.setPen(QPen(tone, 1.7, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    if state == "up":
        p.setPen(Qt.PenStyle.NoPen)
        p.setBrush(tone)
        p.drawEllipse(QPointF(x + 4, y + 4), 3, 3)
    elif state == "slow":
        p.setPen(Qt.PenStyle.NoPen)
        p.setBrush(tone)
        p.drawPolygon(QPolygonF([QPointF(x + 4, y), QPointF(x + 8.5, y + 8), QPointF(x - 0.5, y + 8)]))
    elif state == "down":
        p.drawLine(QPointF(x + 1, y + 1), QPointF(x + 7, y + 7))
        p.drawLine(QPointF(x + 7, y + 1), QPointF(x + 1, y + 7))
    elif state == "paused":
        p.drawLine(QPointF(x + 2.5, y + 1), QPointF(x + 2.5, y + 7))
        p.drawLine(QPointF(x + 5.5, y + 1), QPointF(x + 5.5, y + 7))
    elif state == "done":
        p.drawPolyline(QPolygonF([QPointF(x, y + 4.5), QPointF(x + 3, y + 7.5), QPointF(x + 8, y + 1)]))
    else:
        p.setBrush(Qt.BrushStyle.NoBrush)
        p.drawEllipse(QPointF(x + 4, y + 4), 3, 3)
    p.restore()


def draw_mark(p: QPainter, box: QRectF, mark: str) -> None:
    """`ok` a bare tick, `warn` a triangle, `bad` a filled octagon with a cross; any other a dashed ring with a "?"."""
    now, side, x, y = look(), box.width(), box.x(), box.y()
    p.save()
    p.setRenderHint(AA)
    caps = (Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
    if mark == "ok":
        p.setPen(QPen(now.colour("buy"), max(1.6, side / 7), *caps))
        steps = ((0.14, 0.54), (0.4, 0.8), (0.88, 0.22))
        p.drawPolyline(QPolygonF([QPointF(x + side * a, y + side * b) for a, b in steps]))
    elif mark == "warn":
        p.setPen(QPen(now.colour("warn"), 1.4, *caps))
        p.setBrush(now.colour("warn", 60))
        p.drawPolygon(
            QPolygonF([QPointF(x + side * a, y + side * b) for a, b in ((0.5, 0.08), (0.96, 0.9), (0.04, 0.9))])
        )
        p.drawLine(QPointF(x + side * 0.5, y + side * 0.4), QPointF(x + side * 0.5, y + side * 0.66))
    elif mark == "bad":
        p.setPen(Qt.PenStyle.NoPen)
        p.setBrush(now.colour("bad_fill"))
        near, far = 0.29, 0.71
        corners = ((near, 0), (far, 0), (1, near), (1, far), (far, 1), (near, 1), (0, far), (0, near))
        p.drawPolygon(QPolygonF([QPointF(x + side * a, y + side * b) for a, b in corners]))
        p.setPen(QPen(now.colour("on_bad"), max(1.4, side / 9), *caps))
        p.drawLine(QPointF(x + side * 0.34, y + side * 0.34), QPointF(x + side * 0.66, y + side * 0.66))
        p.drawLine(QPointF(x + side * 0.66, y + side * 0.34), QPointF(x + side * 0.34, y + side * 0.66))
    else:
        pen = QPen(now.colour("text3"), 1.2)
        pen.setDashPattern([2, 1.6])
        p.setPen(pen)
        p.setBrush(Qt.BrushStyle.NoBrush)
        p.drawEllipse(box.adjusted(0.6, 0.6, -0.6, -0.6))
        text(p, box, "?", "micro", "text3", CENTER)
    p.restore()


def spark_polygon(values: Sequence[float], width: float, height: float) -> QPolygonF:
    """Points of a price line in a box, highest value at the top; a flat line lies in the middle."""
    low, high = min(values), max(values)
    span = high - low
    step = width / max(1, len(values) - 1)
    level = [height / 2] * len(values) if span == 0 else [(high - value) / span * height for value in values]
    return QPolygonF([QPointF(place * step, y) for place, y in enumerate(level)])


def draw_spark(p: QPainter, origin: QPointF, line: QPolygonF, width: float, rising: bool) -> None:
    """A small price line: solid when it rose, dashed when it fell, dotted at its first value, a dot at its last."""
    now = look()
    tone = now.colour("buy" if rising else "sell")
    p.save()
    p.setRenderHint(AA)
    p.translate(origin)
    p.setPen(QPen(now.colour("line_strong"), 1, Qt.PenStyle.DotLine))
    p.drawLine(QPointF(0, line.first().y()), QPointF(width, line.first().y()))
    pen = QPen(tone, 1.4)
    if not rising:
        pen.setDashPattern([3, 1.4])
    p.setPen(pen)
    p.drawPolyline(line)
    p.setPen(Qt.PenStyle.NoPen)
    p.setBrush(tone)
    p.drawEllipse(line.last(), 2, 2)
    p.restore()


def draw_area(p: QPainter, box: QRectF, values: Sequence[float]) -> None:
    """A price line with a fading ground under it, for the detail panel."""
    now = look()
    tone = "buy" if values[-1] >= values[0] else "sell"
    line = spark_polygon(values, box.width() - 6, box.height() - 10)
    line.translate(box.x(), box.y() + 4)
    ground = QLinearGradient(0, box.top(), 0, box.bottom())
    ground.setColorAt(0, now.colour(tone, 60))
    ground.setColorAt(1, now.colour(tone, 0))
    p.save()
    p.setRenderHint(AA)
    p.setPen(Qt.PenStyle.NoPen)
    p.setBrush(QBrush(ground))
    closed = QPolygonF(line)
    closed.append(QPointF(line.last().x(), box.bottom()))
    closed.append(QPointF(line.first().x(), box.bottom()))
    p.drawPolygon(closed)
    p.setPen(QPen(now.colour("control"), 1, Qt.PenStyle.DotLine))
    p.drawLine(line.first(), QPointF(box.right() - 6, line.first().y()))
    pen = QPen(now.colour(tone), 1.6)
    if tone == "sell":
        pen.setDashPattern([4, 1.6])
    p.setPen(pen)
    p.setBrush(Qt.BrushStyle.NoBrush)
    p.drawPolyline(line)
    p.setPen(Qt.PenStyle.NoPen)
    p.setBrush(now.colour(tone))
    p.drawEllipse(line.last(), 3, 3)
    p.restore()
