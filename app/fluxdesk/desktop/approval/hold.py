"""A button that cannot be pressed by accident: held off for a moment after anything changed, and never by Enter."""

import time

from fluxdesk.desktop.i18n import tr
from fluxdesk.desktop.qt import QKeyEvent, QPainter, QPaintEvent, QRectF, Qt, QTimer, Signal
from fluxdesk.desktop.theme import look
from fluxdesk.desktop.widgets.basics import Button

HOLD_S = 1.5
TICK_MS = 50
SIDE = 18
"""Pixels beside the words: padding and border of a tall button."""


class HeldButton(Button):
    """Disabled until `HOLD_S` after the last `hold`, and for as long as something `blocks` it.

    Signals:
        pressed_late: A click that counts.
    """

    pressed_late = Signal()

    def __init__(self) -> None:
        super().__init__("", "primary", large=True)
        self._verb = ""
        self._until = 0.0
        self._away = True
        self._blocked = False
        self._tick = QTimer(self)
        self._tick.setInterval(TICK_MS)
        self._tick.timeout.connect(self._show)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.clicked.connect(self._clicked)

    def offer(self, verb: str, dangerous: bool) -> None:
        """Another content: its verb and its colour; held off anew."""
        self._verb = verb
        # As wide from the start as its longest words: what is beside it must not move when they change.
        self.setFixedWidth(self.fontMetrics().horizontalAdvance(_held(verb, HOLD_S)) + 2 * SIDE)
        self.setProperty("kind", "danger" if dangerous else "primary")
        self.style().unpolish(self)
        self.style().polish(self)
        self.hold()

    def hold(self) -> None:
        """Held off from now."""
        self._away = False
        self._until = time.monotonic() + HOLD_S
        self._tick.start()
        self._show()

    def let_go(self) -> None:
        """The window has not the attention: nothing can be pressed until the next `hold`."""
        self._away = True
        self._tick.stop()
        self._show()

    def block(self, blocked: bool) -> None:
        """Something else is needed first."""
        self._blocked = blocked
        self._show()

    @property
    def left_s(self) -> float:
        """Seconds until it can be pressed."""
        return max(0.0, self._until - time.monotonic())

    @property
    def free(self) -> bool:
        """Whether a press counts now."""
        return not self._away and not self._blocked and self.left_s <= 0

    def _show(self) -> None:
        left = self.left_s
        if left <= 0:
            self._tick.stop()
        words = self._verb if left <= 0 or self._away else _held(self._verb, left)
        if words != self.text():
            self.setText(words)
        self.setAccessibleName(self._verb)
        self.setEnabled(self.free)
        self.update()

    def _clicked(self) -> None:
        if self.free:
            self.pressed_late.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Some platforms let Enter press a focused button; this one never."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.accept()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The button, and under it a bar that fills while it is held off."""
        super().paintEvent(event)
        left = self.left_s
        if self._away or left <= 0 or look().still:
            return
        p = QPainter(self)
        whole = self.width() - 12.0
        p.fillRect(QRectF(6, self.height() - 4, whole * (1 - left / HOLD_S), 2), look().colour("text2"))


def _held(verb: str, left: float) -> str:
    return tr("Approval", "{verb} in {n} s", verb=verb, n=f"{left:.1f}")
