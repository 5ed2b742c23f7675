"""A switch: on is accent with the knob at the right and the word On, so that neither colour nor place stands alone."""

from fluxdesk.desktop.i18n import tr
from fluxdesk.desktop.paint import rounded, text
from fluxdesk.desktop.qt import AA, QAbstractButton, QPainter, QPaintEvent, QPen, QPointF, QRectF, QSize, Qt
from fluxdesk.desktop.theme import look

_C = "Settings"


class Switch(QAbstractButton):
    """Two states, toggled by click or Space."""

    def __init__(self) -> None:
        super().__init__()
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.restyle()

    def restyle(self) -> None:
        """Takes its size from the text scale in force."""
        self.setFixedSize(self.sizeHint())

    def sizeHint(self) -> QSize:
        """Track and word."""
        return QSize(44 + look().px(30), look().px(28))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Track, knob, word, focus ring."""
        p, on = QPainter(self), self.isChecked()
        middle = self.height() / 2
        track = QRectF(0, middle - 9, 34, 18)
        rounded(p, track, "accent_fill" if on else "raised", None if on else "control", 9)
        p.setRenderHint(AA)
        p.setPen(Qt.PenStyle.NoPen)
        p.setBrush(look().colour("on_accent" if on else "control"))
        p.drawEllipse(QPointF(track.right() - 9 if on else track.left() + 9, middle), 6, 6)
        if self.hasFocus():
            p.setPen(QPen(look().colour("accent"), 2))
            p.setBrush(Qt.BrushStyle.NoBrush)
            p.drawRoundedRect(track.adjusted(1, 1, -1, -1), 8, 8)
        word = tr(_C, "On") if on else tr(_C, "Off")
        text(p, QRectF(44, 0, self.width() - 44, self.height()), word, "small", "text1" if on else "text3")
