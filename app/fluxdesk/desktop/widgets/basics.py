"""Labels, buttons, boxes and lines in the look of Fluxdesk. Every text is plain text and every control has a name."""

from collections.abc import Iterable
from typing import Literal

from fluxdesk.desktop import icons
from fluxdesk.desktop.paint import draw_avatar, draw_icon, draw_mark
from fluxdesk.desktop.qt import (
    CENTER,
    QBoxLayout,
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QPainter,
    QPaintEvent,
    QPushButton,
    QRectF,
    QSize,
    QSizePolicy,
    Qt,
    QVBoxLayout,
    QWidget,
    Signal,
)
from fluxdesk.desktop.theme import look, set_role
from fluxdesk.desktop.tokens import Role
from fluxdesk.desktop.words import no_markup

Kind = Literal["", "ghost", "link", "primary", "danger", "chip"]
Item = QWidget | QLayout | int | None
Margins = tuple[int, int, int, int]
NONE: Margins = (0, 0, 0, 0)
ICON_ROOM = 3
"""Between an icon and the words of its button, beside what Qt leaves there itself."""


class Label(QLabel):
    """One or more lines of plain text; with `elide` it is cut with an ellipsis instead of asking for room."""

    def __init__(
        self, words: str = "", role: Role = "body", tone: str = "text1", *, wrap: bool = False, elide: bool = False
    ) -> None:
        super().__init__()
        self._full = ""
        self._elide = elide
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(wrap)
        self.setProperty("tone", tone)
        set_role(self, role)
        if elide:
            self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.set(words)

    def set(self, words: str, tone: str | None = None) -> None:
        """Changes the text and, when given, its tone."""
        if words != self._full:
            self._full = words
            self.setText("" if self._elide else words)
            if self._elide:
                self.setToolTip(words)
                self.setAccessibleName(words)
                self.updateGeometry()
            self.update()
        if tone is not None and tone != self.property("tone"):
            self.setProperty("tone", tone)
            self.style().unpolish(self)
            self.style().polish(self)

    def setToolTip(self, tip: str) -> None:
        """Tips hold the same texts as labels, and Qt has no plain-text mode for them."""
        super().setToolTip(no_markup(tip))

    @property
    def words(self) -> str:
        """The whole text, also when less of it is drawn."""
        return self._full

    def sizeHint(self) -> QSize:
        """Room for the whole text."""
        if not self._elide:
            return super().sizeHint()
        metrics = self.fontMetrics()
        return QSize(metrics.horizontalAdvance(self._full) + 2, metrics.height())

    def minimumSizeHint(self) -> QSize:
        """An elided text can do with very little room."""
        return QSize(24, self.fontMetrics().height()) if self._elide else super().minimumSizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws the text, cut where it must be."""
        if not self._elide:
            super().paintEvent(event)
            return
        p = QPainter(self)
        p.setFont(self.font())
        p.setPen(look().colour(str(self.property("tone"))))
        cut = self.fontMetrics().elidedText(self._full, Qt.TextElideMode.ElideRight, self.width())
        p.drawText(self.rect(), self.alignment() | Qt.AlignmentFlag.AlignVCenter, cut)


class Button(QPushButton):
    """A button whose icon follows the theme. Its accessible name is its text or, for an icon alone, `tip`."""

    def __init__(
        self,
        words: str = "",
        kind: Kind = "",
        icon: str = "",
        *,
        tip: str = "",
        role: Role = "medium",
        large: bool = False,
        checkable: bool = False,
    ) -> None:
        super().__init__(words)
        self._icon = icon
        self.setProperty("kind", kind)
        self.setCheckable(checkable)
        if large:
            self.setProperty("tall", "true")
        if icon and not words:
            self.setProperty("icon_only", "true")
        set_role(self, role)
        self.setAccessibleName(words or tip)
        self.setToolTip(tip)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAutoDefault(False)
        self.restyle()

    def set_icon(self, name: str) -> None:
        """Shows another icon."""
        self._icon = name
        self.restyle()

    def restyle(self) -> None:
        """Draws the icon again in the palette in force."""
        if not self._icon:
            return
        tone = {"primary": "on_accent", "danger": "on_trade", "chip": "accent", "link": "accent"}.get(
            str(self.property("kind")), "text2"
        )
        size, room = look().px(16), look().px(ICON_ROOM) if self.text() else 0
        self.setIcon(icons.icon(self._icon, getattr(look().palette, tone), size, room))
        self.setIconSize(QSize(size + room, size))


class Picture(QWidget):
    """An icon, an avatar or a mark at a fixed size, painted in the look in force."""

    def __init__(self, what: Literal["icon", "avatar", "mark"], name: str, tone: str = "text2", size: int = 16) -> None:
        super().__init__()
        self._what, self._name, self._tone, self._size = what, name, tone, size
        self.setFixedSize(size, size)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def set(self, name: str, tone: str | None = None) -> None:
        """Shows something else."""
        self._name = name
        self._tone = tone or self._tone
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints it."""
        p, box = QPainter(self), QRectF(self.rect())
        if self._what == "icon":
            draw_icon(p, 0, 0, self._name, self._tone, self._size)
        elif self._what == "avatar":
            draw_avatar(p, box, self._name, self._size / 5)
        else:
            draw_mark(p, box.adjusted(1, 1, -1, -1), self._name)


class Key(QLabel):
    """A key hint, shown wherever a key does what the mouse does."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAlignment(CENTER)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        set_role(self, "micro")
        self.restyle()

    def restyle(self) -> None:
        """Takes border and colour from the palette in force."""
        p = look().palette
        self.setFixedHeight(look().px(18))
        self.setStyleSheet(
            f"color:{p.text3};border:1px solid {p.line_strong};border-radius:4px;padding:0 4px;background:transparent;"
        )


class Segmented(QFrame):
    """One choice of few. Arrow keys move inside it, Tab leaves it.

    Signals:
        chosen: Emitted with the place of the new choice when the user makes it.
    """

    chosen = Signal(int)

    def __init__(self, items: Iterable[str], current: int = 0, name: str = "") -> None:
        super().__init__()
        self.setProperty("seg", "box")
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._group = QButtonGroup(self)
        row = hbox(gap=0, margins=(1, 1, 1, 1))
        for place, words in enumerate(items):
            button = QPushButton(words)
            button.setCheckable(True)
            button.setChecked(place == current)
            button.setProperty("seg", "item")
            button.setAccessibleName(words)
            button.setAutoDefault(False)
            set_role(button, "small")
            self._group.addButton(button, place)
            row.addWidget(button)
        self.setLayout(row)
        self._group.idClicked.connect(self.chosen)

    @property
    def current(self) -> int:
        """Place of the choice in force."""
        return self._group.checkedId()

    def choose(self, place: int) -> None:
        """Makes a choice as if the user had clicked it, without the signal."""
        self._group.button(place).setChecked(True)

    def rename(self, place: int, words: str) -> None:
        """Changes the text of a choice, such as the count behind it."""
        button = self._group.button(place)
        if button.text() != words:
            button.setText(words)
            button.setAccessibleName(words)


class Box(QWidget):
    """A plain widget around a layout."""

    def __init__(self, layout: QLayout) -> None:
        super().__init__()
        self.setLayout(layout)


def rule(kind: Literal["h", "v"] = "h") -> QFrame:
    """A hairline."""
    line = QFrame()
    line.setProperty("rule", kind)
    return line


def frame(kind: str, layout: QLayout) -> QFrame:
    """A ground for other widgets: flat, canvas, card, chosen, well, dialog, warn or bad."""
    made = QFrame()
    made.setProperty("panel", kind)
    made.setLayout(layout)
    return made


def box(layout: QLayout) -> QWidget:
    """A transparent widget around a layout."""
    return Box(layout)


def _fill(layout: QBoxLayout, items: Iterable[Item | tuple[QWidget, int]], gap: int, margins: Margins) -> None:
    layout.setSpacing(gap)
    layout.setContentsMargins(*margins)
    for item in items:
        if item is None:
            layout.addStretch(1)
        elif isinstance(item, int):
            layout.addSpacing(item)
        elif isinstance(item, tuple):
            layout.addWidget(item[0], item[1])
        elif isinstance(item, QLayout):
            layout.addLayout(item)
        else:
            layout.addWidget(item)


def hbox(*items: Item | tuple[QWidget, int], gap: int = 8, margins: Margins = NONE) -> QHBoxLayout:
    """Side by side: widgets, layouts, a number for a fixed gap, None for a stretch, (widget, stretch)."""
    layout = QHBoxLayout()
    _fill(layout, items, gap, margins)
    return layout


def vbox(*items: Item | tuple[QWidget, int], gap: int = 8, margins: Margins = NONE) -> QVBoxLayout:
    """One under the other; see `hbox`."""
    layout = QVBoxLayout()
    _fill(layout, items, gap, margins)
    return layout


def clear(layout: QLayout) -> None:
    """Takes every widget out of a layout and lets Qt delete it."""
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        inner = item.layout()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
        elif inner is not None:
            clear(inner)
