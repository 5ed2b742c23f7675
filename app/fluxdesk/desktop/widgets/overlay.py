"""What lies over the window for a while: a scrim with a dialog on it, and a short message that goes by itself."""

from fluxdesk.desktop.qt import (
    QColor,
    QEvent,
    QGraphicsDropShadowEffect,
    QKeyEvent,
    QMouseEvent,
    QObject,
    QPainter,
    QPaintEvent,
    QPointF,
    Qt,
    QTimer,
    QWidget,
    Signal,
)
from fluxdesk.desktop.theme import look
from fluxdesk.desktop.widgets.basics import Label, frame, hbox, vbox

ROOM_BESIDE = 96
"""Pixels that a message leaves free beside it."""
SHOWN_MS = 2600


class Overlay(QWidget):
    """Dims its window and holds a panel. Esc or a click beside the panel closes it and gives the focus back.

    Signals:
        closed: It went away.
    """

    closed = Signal()

    def __init__(self, window: QWidget, panel: QWidget, top: int | None = None) -> None:
        super().__init__(window)
        self.panel = panel
        self._over = window
        self._before: QWidget | None = None
        shadow = QGraphicsDropShadowEffect(panel)
        shadow.setBlurRadius(48)
        shadow.setOffset(QPointF(0, 16))
        shadow.setColor(QColor(0, 0, 0, 140))
        panel.setGraphicsEffect(shadow)
        column = vbox(*([top] if top is not None else [None]), panel, None, gap=0)
        self.setLayout(hbox(None, column, None))
        window.installEventFilter(self)
        self.hide()

    def open(self) -> None:
        """Covers the window."""
        window = self.window()
        self._before = window.focusWidget()
        self.setGeometry(self._over.rect())
        self.show()
        self.raise_()
        home: QWidget = getattr(self.panel, "home", self.panel)
        home.setFocus()

    def close_panel(self) -> None:
        """Uncovers the window."""
        if not self.isVisible():
            return
        self.hide()
        if self._before is not None and self._before.isVisible():
            self._before.setFocus()
        self.closed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follows the size of the window."""
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self.setGeometry(self._over.rect())
        return False

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click beside the panel closes it."""
        if not self.panel.geometry().contains(event.position().toPoint()):
            self.close_panel()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes it; nothing reaches the window below."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_panel()
        event.accept()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The scrim."""
        QPainter(self).fillRect(self.rect(), look().colour("scrim"))


class Toast(QWidget):
    """A short message over the lower edge of the window."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._over = window
        self._words = Label("", "small")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setLayout(vbox(frame("dialog", hbox(self._words, margins=(14, 8, 14, 8)))))
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        self.hide()

    @property
    def words(self) -> str:
        """What it last said."""
        return self._words.words

    def say(self, words: str) -> None:
        """Shows a message for a moment."""
        self._words.set(words)
        self.setAccessibleName(words)
        area = self._over.rect()
        room = area.width() - ROOM_BESIDE
        long = self._words.fontMetrics().horizontalAdvance(words) > room
        self._words.setWordWrap(long)
        self._words.setMinimumWidth(room if long else 0)
        self.adjustSize()
        self.move((area.width() - self.width()) // 2, area.height() - self.height() - 48)
        self.show()
        self.raise_()
        self._timer.start(SHOWN_MS)
