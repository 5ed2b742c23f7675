"""Our line icons: one SVG a file in `resources/icons`, 24 units, coloured when drawn.

`currentColor` in the file is replaced before rendering, since Qt's SVG renderer does not take a colour from outside.
"""

from functools import lru_cache

from fluxdesk.core.resources import path
from fluxdesk.desktop.qt import QByteArray, QIcon, QPainter, QPixmap, QRectF, Qt


@lru_cache(maxsize=64)
def _source(name: str) -> str:
    return (path("icons") / f"{name}.svg").read_text("utf-8")


@lru_cache(maxsize=512)
def pixmap(name: str, colour: str, size: int, ratio: float = 1.0) -> QPixmap:
    """One icon as a square picture of `size` logical pixels. Raises `FileNotFoundError` for a name without a file."""
    from PySide6.QtSvg import QSvgRenderer

    side = round(size * ratio)
    picture = QPixmap(side, side)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    drawing = QSvgRenderer(QByteArray(_source(name).replace("currentColor", colour).encode()))
    drawing.render(painter, QRectF(0, 0, side, side))
    painter.end()
    picture.setDevicePixelRatio(ratio)
    return picture


def icon(name: str, colour: str, size: int = 16, room: int = 0) -> QIcon:
    """The same drawing for a button or menu, sharp on displays of twice the density. `room` stays empty beside it,
    for the words that follow.
    """
    made = QIcon()
    for ratio in (1.0, 2.0):
        drawn = pixmap(name, colour, size, ratio)
        made.addPixmap(_widened(drawn, round(room * ratio)) if room else drawn)
    return made


def _widened(drawn: QPixmap, room: int) -> QPixmap:
    wide = QPixmap(drawn.width() + room, drawn.height())
    wide.fill(Qt.GlobalColor.transparent)
    wide.setDevicePixelRatio(drawn.devicePixelRatio())
    painter = QPainter(wide)
    painter.drawPixmap(0, 0, drawn)
    painter.end()
    return wide
