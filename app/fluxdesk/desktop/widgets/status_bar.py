"""The bar under every screen: each source with its state and lag at the left, the node's own figures at the right."""

from collections.abc import Sequence
from dataclasses import dataclass

from fluxdesk.desktop.i18n import tr
from fluxdesk.desktop.paint import draw_signal, text
from fluxdesk.desktop.qt import LEFT, QMouseEvent, QPainter, QPaintEvent, QRectF, Qt, QWidget, Signal
from fluxdesk.desktop.theme import look
from fluxdesk.desktop.tokens import STATUS


@dataclass(frozen=True, slots=True)
class Lamp:
    """One source: its state by shape, its name, and its lag or trouble in words."""

    state: str
    name: str
    words: str


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure at the right; a warning is amber."""

    words: str
    warns: bool = False


class StatusBar(QWidget):
    """Painted, so that a new figure costs one small repaint.

    Signals:
        clicked: The user wants to see the sources.
    """

    clicked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._lamps: tuple[Lamp, ...] = ()
        self._figures: tuple[Figure, ...] = ()
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setToolTip(tr("Status", "Open Sources"))
        self.restyle()

    def restyle(self) -> None:
        """Takes its height from the text scale in force."""
        self.setFixedHeight(look().px(STATUS))

    def show_state(self, lamps: Sequence[Lamp], figures: Sequence[Figure]) -> None:
        """Shows other figures; nothing is repainted when none changed."""
        if (self._lamps, self._figures) == (tuple(lamps), tuple(figures)):
            return
        self._lamps, self._figures = tuple(lamps), tuple(figures)
        said = [f"{lamp.name} {lamp.state} {lamp.words}" for lamp in self._lamps] + [f.words for f in self._figures]
        self.setAccessibleName(tr("Status", "Status: {all}", all=", ".join(said)))
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Leads to Sources."""
        self.clicked.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Right side first: the node's figures matter more than the tenth source."""
        p, now = QPainter(self), look()
        p.fillRect(self.rect(), now.colour("canvas"))
        p.fillRect(QRectF(0, 0, self.width(), 1), now.colour("line"))
        height = float(self.height())
        right = self.width() - 16.0
        for figure in reversed(self._figures):
            width = now.width(figure.words, "micro")
            if right - width < self.width() * 0.4:
                break
            text(
                p,
                QRectF(right - width, 0, width + 2, height),
                figure.words,
                "micro",
                "warn" if figure.warns else "text3",
            )
            right -= width + 20
        x = 16.0
        for place, lamp in enumerate(self._lamps):
            name, said = now.width(lamp.name, "micro"), now.width(lamp.words, "micro")
            if x + 14 + name + said + 8 > right - 40:
                more = tr("Status", "+{n} more", n=len(self._lamps) - place)
                text(p, QRectF(x, 0, 80, height), more, "micro", "text3")
                break
            draw_signal(p, x, (height - 8) / 2 + 0.5, lamp.state)
            x += 14
            text(p, QRectF(x, 0, name + 2, height), lamp.name, "micro", "text2", LEFT)
            tone = {"slow": "warn", "down": "sell", "paused": "warn"}.get(lamp.state, "text3")
            text(p, QRectF(x + name + 6, 0, said + 2, height), lamp.words, "micro", tone, LEFT)
            x += name + said + 24
