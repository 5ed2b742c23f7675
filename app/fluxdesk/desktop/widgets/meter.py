"""A level as filled segments; the colour repeats what the count says."""

from fluxdesk.desktop.qt import QPainter, QPaintEvent, QRectF, QWidget
from fluxdesk.desktop.theme import look


class Meter(QWidget):
    """Segments, five unless said otherwise."""

    def __init__(self, segments: int = 5) -> None:
        super().__init__()
        self._segments, self._level, self._tone = segments, 0, "accent"
        self.setFixedHeight(8)

    def set_level(self, level: int, tone: str) -> None:
        """How many are filled, and in which colour of the palette."""
        self._level, self._tone = level, tone
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints the segments."""
        p, gap = QPainter(self), 4
        width = (self.width() - gap * (self._segments - 1)) / self._segments
        for place in range(self._segments):
            colour = look().colour(self._tone if place < self._level else "line_strong")
            p.fillRect(QRectF(place * (width + gap), 0, width, 8), colour)
