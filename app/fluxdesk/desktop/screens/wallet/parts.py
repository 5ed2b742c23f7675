"""What the pages of the wallet share: a headed column that scrolls, and rows under hairlines."""

from collections.abc import Iterable

from fluxdesk.desktop.qt import QLayout, QScrollArea, Qt, QWidget
from fluxdesk.desktop.theme import look
from fluxdesk.desktop.widgets.basics import Label, box, hbox, rule, vbox


def page(*parts: QWidget | QLayout | int | None) -> QScrollArea:
    """A column of parts in a scroll area."""
    inner = box(vbox(*parts, None, gap=10, margins=(16, 16, 16, 32)))
    inner.setMaximumWidth(look().px(1000))
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(box(hbox((inner, 10), None, gap=0)))
    return area


def row(*parts: QWidget | tuple[QWidget, int] | int | None) -> QWidget:
    """One line of a list."""
    made = box(vbox(rule(), hbox(*parts, gap=12, margins=(4, 8, 4, 8)), gap=0))
    made.setMinimumHeight(look().px(52))
    return made


def two_lines(first: str, second: str, mono: bool = True) -> QWidget:
    """A name over what it stands for."""
    below = Label(second, "mono" if mono else "small", "text2", elide=True)
    return box(vbox(Label(first, "strong", elide=True), below, gap=2))


def section(title: str, note: str = "") -> QWidget:
    """A heading with a sentence."""
    parts: Iterable[Label] = [Label(title, "title"), *([Label(note, "small", "text2", wrap=True)] if note else [])]
    return box(vbox(*parts, gap=4, margins=(0, 8, 0, 0)))
