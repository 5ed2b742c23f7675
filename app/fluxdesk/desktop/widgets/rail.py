"""The navigation rail: icon and word for each screen, an accent bar on the current one, Settings at the bottom."""

from collections.abc import Sequence
from dataclasses import dataclass

from fluxdesk.desktop.i18n import tr
from fluxdesk.desktop.paint import draw_icon, rounded, text
from fluxdesk.desktop.qt import (
    AA,
    CENTER,
    QAbstractButton,
    QPainter,
    QPaintEvent,
    QPen,
    QPointF,
    QPolygonF,
    QRectF,
    QSize,
    Qt,
    QWidget,
    Signal,
)
from fluxdesk.desktop.theme import look
from fluxdesk.desktop.tokens import RAIL
from fluxdesk.desktop.widgets.basics import vbox


@dataclass(frozen=True, slots=True)
class Place:
    """One destination: its name in the program, its icon, its word and its key."""

    name: str
    icon: str
    word: str
    key: str


class Logo(QWidget):
    """The mark of Fluxdesk."""

    def __init__(self, size: int = 28) -> None:
        super().__init__()
        self.setFixedSize(size, size)
        self.setAccessibleName("Fluxdesk")

    def paintEvent(self, event: QPaintEvent) -> None:
        """A rising line on the accent."""
        p, unit = QPainter(self), self.width() / 28
        rounded(p, QRectF(self.rect()), "accent_fill", radius=8 * unit)
        p.setRenderHint(AA)
        p.setPen(
            QPen(
                look().colour("on_accent"),
                2 * unit,
                Qt.PenStyle.SolidLine,
                Qt.PenCapStyle.RoundCap,
                Qt.PenJoinStyle.RoundJoin,
            )
        )
        p.drawPolyline(QPolygonF([QPointF(x * unit, y * unit) for x, y in ((6, 18), (11, 12), (15, 16), (22, 8))]))


class RailItem(QAbstractButton):
    """One destination as a button."""

    def __init__(self, place: Place) -> None:
        super().__init__()
        self.place = place
        self.setText(place.word)
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setAccessibleName(place.word)
        self.setToolTip(f"{place.word}  {place.key}")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.restyle()

    def restyle(self) -> None:
        """Takes its height from the text scale in force."""
        self.setFixedSize(self.sizeHint())

    def sizeHint(self) -> QSize:
        """Icon over word."""
        return QSize(look().px(RAIL) - 1, look().px(56))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Ground when current or under the pointer, bar when current, ring when focused."""
        p, on = QPainter(self), self.isChecked()
        box = QRectF(self.rect()).adjusted(5, 4, -5, -4)
        if on or self.underMouse():
            rounded(p, box, "selected" if on else "raised", radius=8)
        if self.hasFocus():
            p.setPen(QPen(look().colour("accent"), 2))
            p.setBrush(Qt.BrushStyle.NoBrush)
            p.drawRoundedRect(box.adjusted(1, 1, -1, -1), 8, 8)
        if on:
            p.fillRect(QRectF(0, self.height() / 2 - 12, 2, 24), look().colour("accent"))
        px = look().px
        side = px(20)
        draw_icon(p, (self.width() - side) / 2, px(11), self.place.icon, "accent" if on else "text2", side)
        line = QRectF(0, px(31), self.width(), px(16))
        text(p, line, self.place.word, "micro", "text1" if on else "text3", CENTER)


class Rail(QWidget):
    """The rail.

    Signals:
        went: Name of the destination the user chose.
    """

    went = Signal(str)

    def __init__(self, places: Sequence[Place]) -> None:
        super().__init__()
        self.setAccessibleName(tr("Rail", "Navigation"))
        self._items: dict[str, RailItem] = {}
        items = []
        for place in places:
            item = RailItem(place)
            item.clicked.connect(self._clicked)
            self._items[place.name] = item
            items.append(item)
        logo = Logo()
        self._box = vbox(12, logo, 18, *items[:-1], None, items[-1], gap=2, margins=(0, 0, 1, 8))
        self._box.setAlignment(logo, Qt.AlignmentFlag.AlignHCenter)
        self.setLayout(self._box)
        self.restyle()

    def restyle(self) -> None:
        """Takes its width from the text scale in force."""
        self.setFixedWidth(look().px(RAIL))

    def set_current(self, name: str) -> None:
        """Marks a destination; one that is not on the rail marks the one it is reached from."""
        item = self._items.get(name) or self._items["launches"]
        item.setChecked(True)

    def _clicked(self) -> None:
        item = self.sender()
        if isinstance(item, RailItem):
            self.went.emit(item.place.name)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Canvas ground and a hairline at the right."""
        p = QPainter(self)
        p.fillRect(self.rect(), look().colour("canvas"))
        p.fillRect(QRectF(self.width() - 1, 0, 1, self.height()), look().colour("line"))
