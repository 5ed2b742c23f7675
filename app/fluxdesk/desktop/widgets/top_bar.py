"""The bar at the top: the screen's title, the way into the palette, the mode."""

from fluxdesk.desktop.i18n import tr
from fluxdesk.desktop.paint import draw_icon, rounded, text
from fluxdesk.desktop.qt import (
    CENTER,
    QAbstractButton,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QRectF,
    QSize,
    Qt,
    QWidget,
    Signal,
)
from fluxdesk.desktop.theme import look
from fluxdesk.desktop.tokens import BAR
from fluxdesk.desktop.widgets.basics import Label, frame, hbox, vbox
from fluxdesk.desktop.widgets.mode import Mode, ModeBadge

_C = "Window"


class SearchButton(QAbstractButton):
    """Looks like a search field and opens the palette, where the typing happens."""

    def __init__(self) -> None:
        super().__init__()
        self.setText(tr(_C, "Search token, address, command"))
        self.setAccessibleName(self.text())
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.restyle()

    def restyle(self) -> None:
        """Takes its size from the text scale in force."""
        self.setFixedSize(self.sizeHint())

    def sizeHint(self) -> QSize:
        """Wide enough for its words at any scale."""
        return QSize(look().px(376), look().px(32))

    def paintEvent(self, event: QPaintEvent) -> None:
        """A well with icon, words and key."""
        p, area = QPainter(self), QRectF(self.rect())
        rounded(p, area, "raised", "control" if self.underMouse() else "line", 6)
        if self.hasFocus():
            p.setPen(QPen(look().colour("accent"), 2))
            p.setBrush(Qt.BrushStyle.NoBrush)
            p.drawRoundedRect(area.adjusted(1, 1, -1, -1), 6, 6)
        px = look().px
        draw_icon(p, px(9), area.center().y() - px(16) / 2, "search", "text3", px(16))
        text(p, area.adjusted(px(33), 0, -px(70), 0), self.text(), "body", "text3", elide=True)
        width = look().width("Ctrl K", "micro") + 12
        chip = QRectF(area.right() - width - 7, area.center().y() - px(18) / 2, width, px(18))
        rounded(p, chip, None, "line_strong", 4)
        text(p, chip, "Ctrl K", "micro", "text3", CENTER)


class _ClickableBadge(ModeBadge):
    clicked = Signal()

    def __init__(self, mode: Mode) -> None:
        super().__init__(mode)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.clicked.emit()


class TopBar(QWidget):
    """Title, search, mode.

    Signals:
        mode_asked: The user wants another mode.
    """

    mode_asked = Signal()

    def __init__(self, mode: Mode) -> None:
        super().__init__()
        self._title = Label("", "title")
        self.search = SearchButton()
        self._badge = _ClickableBadge(mode)
        self._badge.clicked.connect(self.mode_asked)
        row = hbox((self._title, 1), self.search, (_right(self._badge), 1), margins=(16, 0, 16, 0))
        self.setLayout(vbox(frame("flat", row), gap=0))
        self.restyle()

    def restyle(self) -> None:
        """Takes its height from the text scale in force."""
        self.setFixedHeight(look().px(BAR))

    def set_title(self, title: str) -> None:
        """Names the screen."""
        self._title.set(title)

    def set_mode(self, mode: Mode) -> None:
        """Shows the mode."""
        self._badge.set_mode(mode)


def _right(widget: QWidget) -> QWidget:
    made = QWidget()
    made.setLayout(hbox(None, widget, gap=0))
    return made
