"""The bar over the Launches table: tabs with counts, filters as chips, the small editor that adds one, search and
pause.
"""

from collections.abc import Callable, Mapping

from fluxdesk.desktop import words
from fluxdesk.desktop.filters import BadFilter, Filter, parse
from fluxdesk.desktop.i18n import tr
from fluxdesk.desktop.qt import (
    RIGHT,
    QFrame,
    QKeyEvent,
    QLineEdit,
    QPoint,
    QResizeEvent,
    QSizePolicy,
    Qt,
    QWidget,
    Signal,
    Slot,
)
from fluxdesk.desktop.screens.launches.columns import TABS
from fluxdesk.desktop.theme import look, set_role
from fluxdesk.desktop.tokens import BAR
from fluxdesk.desktop.widgets.basics import Button, Label, Segmented, box, clear, frame, hbox, vbox
from fluxdesk.desktop.widgets.flow import FlowLayout

_C = "Launches"
SUGGESTED = ("mcap >= 100", "liq >= 30", "age <= 30m", "curve >= 50%", "buyers >= 25", "launchpad = pump.fun")
SEARCH_FROM = 720
"""Below this width, at 100 % text, the quick search leaves; S and the palette still search."""


class FilterEditor(QFrame):
    """A small window in which a filter is typed. It says at once what is wrong with the text and adds nothing
    until it is right.

    Signals:
        added: The filter to add.
    """

    added = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setProperty("panel", "dialog")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.line = QLineEdit()
        self.line.setPlaceholderText(tr(_C, "mcap >= 5k SOL"))
        self.line.setAccessibleName(tr(_C, "New filter"))
        self.line.setMaxLength(120)
        set_role(self.line, "body")
        self.message = Label("", "small", "text3", wrap=True)
        self.message.setMinimumHeight(look().px(34))
        self.button = Button(tr(_C, "Add filter"), "primary")
        suggestions = FlowLayout(6)
        for example in SUGGESTED:
            chip = Button(example, "chip", role="small", tip=tr(_C, "Put {example} into the field", example=example))
            chip.clicked.connect(self._suggest)
            suggestions.addWidget(chip)
        self.setLayout(
            vbox(
                Label(tr(_C, "Show only launches with"), "strong"),
                hbox((self.line, 1), self.button),
                self.message,
                box(suggestions),
                margins=(16, 12, 16, 14),
            )
        )
        self.setFixedWidth(look().px(440))
        self.line.textChanged.connect(self._check)
        self.line.returnPressed.connect(self._add)
        self.button.clicked.connect(self._add)
        self._check("")

    def open_at(self, corner: QPoint) -> None:
        """Shows the editor with its top left corner there and the cursor in the field."""
        self.line.clear()
        self.move(corner)
        self.show()
        self.line.setFocus()

    def _suggest(self) -> None:
        chip = self.sender()
        if isinstance(chip, Button):
            self.line.setText(chip.text())
            self.line.setFocus()

    @Slot(str)
    def _check(self, typed: str) -> None:
        try:
            made = parse(typed)
        except BadFilter as error:
            self.button.setEnabled(False)
            self.message.set(str(error), "text3" if not typed.strip() else "warn")
        else:
            self.button.setEnabled(True)
            self.message.set(tr(_C, "Shows only launches with {filter}.", filter=made.text), "text2")

    @Slot()
    def _add(self) -> None:
        try:
            made = parse(self.line.text())
        except BadFilter:
            return
        self.hide()
        self.added.emit(made)


class QuickSearch(QLineEdit):
    """Search as you type within what is loaded. Esc empties it and gives the keys back to the table."""

    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc, Enter and Down leave the field."""
        if event.key() == Qt.Key.Key_Escape:
            self.clear()
            self.left.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Down):
            self.left.emit()
        else:
            super().keyPressEvent(event)


class FilterBar(QWidget):
    """Tabs, chips, search and pause.

    Signals:
        tab_chosen: Name of the tab.
        filters_changed: The tuple of filters in force.
        searched: Words of the quick search.
        pause_asked: Pause or go on.
        done: The user is finished with the search field.
    """

    tab_chosen = Signal(str)
    filters_changed = Signal(object)
    searched = Signal(str)
    pause_asked = Signal()
    done = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.filters: tuple[Filter, ...] = ()
        self._titles: tuple[Callable[[], str], ...] = (
            lambda: tr(_C, "New"),
            lambda: tr(_C, "Final stretch"),
            lambda: tr(_C, "Graduated"),
        )
        self.tabs = Segmented([title() for title in self._titles], name=tr(_C, "Stage of the launch"))
        self._chips = hbox(gap=6)
        self.add_button = Button(tr(_C, "Filter"), "ghost", "filter", tip=tr(_C, "Add a filter: F"), role="small")
        self.search = QuickSearch()
        self.search.setPlaceholderText(tr(_C, "Search list"))
        self.search.setAccessibleName(tr(_C, "Search this list"))
        self.search.setMaxLength(64)
        self.search.setClearButtonEnabled(False)
        self.search.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        set_role(self.search, "small")
        self.note = Label("", "small", "text3", elide=True)
        self.note.setAlignment(RIGHT)
        self.pause = Button("", "ghost", "pause", tip=tr(_C, "Pause the list: Space"))
        self.editor = FilterEditor(self)
        ground = frame(
            "flat",
            hbox(
                self.tabs,
                4,
                self._chips,
                self.add_button,
                (self.note, 1),
                self.search,
                self.pause,
                margins=(16, 0, 12, 0),
            ),
        )
        self.setLayout(vbox(ground, gap=0))
        self.tabs.chosen.connect(self._tab)
        self.add_button.clicked.connect(self.open_editor)
        self.editor.added.connect(self.add)
        self.search.textChanged.connect(self.searched)
        self.search.left.connect(self.done)
        self.pause.clicked.connect(self.pause_asked)
        self.restyle()

    def restyle(self) -> None:
        """Takes its heights from the text scale in force."""
        self.setFixedHeight(look().px(BAR))
        self.search.setFixedWidth(look().px(104))

    def show_counts(self, counts: Mapping[str, int] | None) -> None:
        """Puts a count behind each tab; None while they are not known."""
        for place, tab in enumerate(TABS):
            number = "–" if counts is None else words.count(counts[tab])
            self.tabs.rename(place, f"{self._titles[place]()} {number}")

    def set_paused(self, paused: bool) -> None:
        """Shows what the button would do."""
        self.pause.set_icon("play" if paused else "pause")
        tip = tr(_C, "Let the list go on: Space") if paused else tr(_C, "Pause the list: Space")
        self.pause.setToolTip(tip)
        self.pause.setAccessibleName(tip)

    def set_filters(self, filters: tuple[Filter, ...]) -> None:
        """Puts other filters in force and tells whoever listens."""
        self.filters = filters
        self._show_chips()
        self.filters_changed.emit(filters)

    def _show_chips(self) -> None:
        """As many chips as there is room for; the rest share one."""
        clear(self._chips)
        fixed = (self.tabs, self.add_button, self.search, self.pause)
        room = self.width() - sum(part.sizeHint().width() for part in fixed) - look().px(136) - 72
        shown = 0
        for one in self.filters:
            room -= look().width(f"{one.text}  ×", "small") + 30
            if room < 0 and shown:
                break
            shown += 1
            self._chip(f"{one.text}  ×", tr(_C, "Remove the filter {filter}", filter=one.text), (one,))
        if rest := self.filters[shown:]:
            self._chip(tr(_C, "+{n}  ×", n=len(rest)), "\n".join(one.text for one in rest), rest)

    def _chip(self, title: str, tip: str, filters: tuple[Filter, ...]) -> None:
        chip = Button(title, "chip", role="small", tip=tip)
        chip.setAccessibleName(tip if len(filters) == 1 else tr(_C, "Remove {n} more filters", n=len(filters)))
        chip.setProperty("source", "\n".join(one.source for one in filters))
        chip.clicked.connect(self._remove)
        self._chips.addWidget(chip)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Shows the chips there is room for."""
        super().resizeEvent(event)
        self.search.setVisible(self.width() >= look().px(SEARCH_FROM))
        if event.oldSize().width() != event.size().width():
            self._show_chips()

    @Slot(object)
    def add(self, made: Filter) -> None:
        """Adds a filter; one on the same number and side is replaced."""
        kept = tuple(one for one in self.filters if (one.key, one.sign) != (made.key, made.sign))
        self.set_filters((*kept, made))

    @Slot()
    def open_editor(self) -> None:
        """Opens the small editor under its button."""
        self.editor.open_at(self.add_button.mapToGlobal(QPoint(0, self.add_button.height() + 6)))

    def _remove(self) -> None:
        chip = self.sender()
        if isinstance(chip, Button):
            gone = str(chip.property("source")).split("\n")
            self.set_filters(tuple(one for one in self.filters if one.source not in gone))

    @Slot(int)
    def _tab(self, place: int) -> None:
        self.tab_chosen.emit(TABS[place])
