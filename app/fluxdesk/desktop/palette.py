"""The command palette: tokens found by the node, actions, and places to go. Opened with Ctrl K or /."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from fluxdesk.core.views import SearchHit
from fluxdesk.desktop import words
from fluxdesk.desktop.i18n import plural, tr
from fluxdesk.desktop.keys import Command, Commands, shown_key
from fluxdesk.desktop.paint import draw_icon, rounded, stamp_avatar, text
from fluxdesk.desktop.qt import (
    Index,
    QAbstractListModel,
    QEvent,
    QFrame,
    QKeyEvent,
    QLineEdit,
    QListView,
    QModelIndex,
    QObject,
    QPainter,
    QRect,
    QRectF,
    QSize,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    Qt,
    QTimer,
    QWidget,
    Signal,
    Slot,
)
from fluxdesk.desktop.theme import look, set_role
from fluxdesk.desktop.widgets.basics import Key, Label, Picture, box, hbox, rule, vbox

_C = "Palette"
WIDTH, LINE, HEADING = 640, 40, 28
TYPING_MS = 90
LINES = 9


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: a heading, a token or an action."""

    kind: str
    title: str
    note: str = ""
    icon: str = ""
    key: str = ""
    mint: str = ""
    command: Command | None = None


class EntryModel(QAbstractListModel):
    """The lines under the field."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.entries: list[Entry] = []

    def replace(self, entries: Sequence[Entry]) -> None:
        """Shows other lines."""
        self.beginResetModel()
        self.entries = list(entries)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  Qt's own signature
        """Lines, headings included."""
        return 0 if parent.isValid() else len(self.entries)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> object:
        """Title for Qt, a sentence for a screen reader."""
        if not index.isValid() or index.row() >= len(self.entries):
            return None
        entry = self.entries[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return entry.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(part for part in (entry.title, entry.note, entry.key) if part)
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Headings cannot be selected."""
        if index.isValid() and self.entries[index.row()].kind == "heading":
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


class EntryDelegate(QStyledItemDelegate):
    """Paints one line."""

    def __init__(self, view: QListView, model: EntryModel) -> None:
        super().__init__(view)
        self._view, self._model = view, model

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Headings are lower."""
        heading = self._model.entries[index.row()].kind == "heading"
        return QSize(0, look().px(HEADING if heading else LINE))

    def paint(self, p: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Icon or avatar, title, note, key."""
        entry = self._model.entries[index.row()]
        area: QRect = option.rect
        line = QRectF(area)
        if entry.kind == "heading":
            text(p, line.adjusted(16, 4, 0, 0), entry.title, "micro", "text3")
            return
        selected = index.row() == self._view.currentIndex().row()
        if selected:
            p.fillRect(area, look().colour("selected"))
            p.fillRect(QRect(area.x(), area.y(), 2, area.height()), look().colour("accent"))
        middle = line.center().y()
        if entry.kind == "token":
            stamp_avatar(p, line.x() + 16, middle - 12, entry.icon, 24)
        else:
            draw_icon(p, line.x() + 18, middle - 10, entry.icon, "accent" if selected else "text2", 20)
        left, right = line.x() + 52, line.right() - 16
        if entry.key:
            width = look().width(entry.key, "micro") + 12
            chip = QRectF(right - width, middle - 9, width, 18)
            rounded(p, chip, None, "line_strong", 4)
            text(p, chip, entry.key, "micro", "text3", Qt.AlignmentFlag.AlignCenter)
            right -= width + 12
        title = min(look().width(entry.title, "medium") + 2, int(right - left))
        text(p, QRectF(left, line.y(), title, line.height()), entry.title, "medium", "text1", elide=True)
        left += title + 12
        if right - left > 40:
            text(p, QRectF(left, line.y(), right - left, line.height()), entry.note, "small", "text3", elide=True)


class PaletteField(QLineEdit):
    """The field keeps the focus; arrows and Enter act on the list."""

    moved = Signal(int)
    entered = Signal()
    cancelled = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up, Down, Enter and Esc belong to the palette."""
        key = event.key()
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.moved.emit(1 if key == Qt.Key.Key_Down else -1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
        elif key == Qt.Key.Key_Escape:
            self.cancelled.emit()
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Tab moves in the list too, since there is nothing else to reach here."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Tab:
            self.moved.emit(1)
            return True
        return super().event(event)


class Palette(QFrame):
    """The panel of the palette.

    Signals:
        searched: Words to look up in the node, a moment after the last key.
        token_chosen: Mint to open.
        action_chosen: `copy` or `raw`, and the mint it is about.
        command_chosen: Name of the action to run.
        cancelled: Close without doing anything.
    """

    searched = Signal(str)
    token_chosen = Signal(str)
    action_chosen = Signal(str, str)
    command_chosen = Signal(str)
    cancelled = Signal()

    def __init__(self, commands: Commands, local: Callable[[str], list[SearchHit]]) -> None:
        super().__init__()
        self._commands, self._local = commands, local
        self._hits: list[SearchHit] = []
        self._said = ""
        self.setProperty("panel", "dialog")
        self.setFixedWidth(look().px(WIDTH))
        self.setAccessibleName(tr(_C, "Command palette"))
        self.field = PaletteField()
        self.field.setProperty("bare", "true")
        self.field.setMaxLength(120)
        self.field.setPlaceholderText(tr(_C, "Token, address, command"))
        self.field.setAccessibleName(tr(_C, "Search token, address, command"))
        set_role(self.field, "title")
        self.model = EntryModel(self)
        self.list = QListView()
        self.list.setModel(self.model)
        self.list.setItemDelegate(EntryDelegate(self.list, self.model))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setAccessibleName(tr(_C, "Results"))
        self.list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.note = Label("", "small", "text3")
        head = hbox(Picture("icon", "search", "text2", 20), (self.field, 1), Key("Esc"), gap=12, margins=(16, 0, 16, 0))
        foot = hbox(
            Key("↑ ↓"),
            Label(tr(_C, "move"), "small", "text3"),
            8,
            Key(tr(_C, "Enter")),
            Label(tr(_C, "open"), "small", "text3"),
            8,
            Key(">"),
            Label(tr(_C, "commands only"), "small", "text3"),
            None,
            self.note,
            gap=6,
            margins=(16, 0, 16, 0),
        )
        head_box, foot_box = box(head), box(foot)
        head_box.setFixedHeight(look().px(56))
        foot_box.setFixedHeight(look().px(40))
        self.setLayout(vbox(head_box, rule(), self.list, rule(), foot_box, gap=0, margins=(1, 1, 1, 1)))
        self.home: QWidget = self.field
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(TYPING_MS)
        self._typing.timeout.connect(self._ask)
        self.field.textChanged.connect(self._typed)
        self.field.moved.connect(self.move_by)
        self.field.entered.connect(self.choose)
        self.field.cancelled.connect(self.cancelled)
        self.list.clicked.connect(self._clicked)

    def restyle(self) -> None:
        """Takes its width from the text scale in force."""
        self.setFixedWidth(look().px(WIDTH))

    def prepare(self) -> None:
        """Empties the field and shows what can be done now."""
        self.field.clear()
        self._typed("")

    @Slot(str)
    def _typed(self, typed: str) -> None:
        self._hits, self._said = [], ""
        self._compose()
        self._typing.start()

    @Slot()
    def _ask(self) -> None:
        needle = self.field.text().strip()
        if needle and not needle.startswith(">"):
            self.searched.emit(needle)

    def show_hits(self, needle: str, hits: list[SearchHit], milliseconds: float) -> None:
        """The node's answer; an answer to an older question is dropped."""
        if needle != self.field.text().strip():
            return
        self._hits = hits
        self._said = plural(_C, len(hits), "{n} token", "{n} tokens") + tr(_C, " in {ms} ms", ms=round(milliseconds))
        self._compose()

    def show_failure(self, needle: str, message: str) -> None:
        """The node could not answer; what is in memory is still searched."""
        if needle == self.field.text().strip():
            self._said = message
            self._compose()

    def _compose(self) -> None:
        typed = self.field.text().strip()
        only_commands = typed.startswith(">")
        needle = typed.lstrip("> ").lower()
        entries: list[Entry] = []
        if needle and not only_commands:
            known = {hit.mint for hit in self._hits}
            hits = [*self._hits, *(hit for hit in self._local(needle) if hit.mint not in known)]
            entries += self._token_entries(hits[:4])
            if hits:
                entries += self._actions_on(hits[0])
        possible = [c for c in self._commands if c.in_palette and c.possible()]
        found = [c for c in possible if all(part in f"{c.title} {c.group}".lower() for part in needle.split())]
        for group, title in (("act", tr(_C, "Actions")), ("go", tr(_C, "Go to"))):
            here = [c for c in found if (c.group == tr("Keys", "Go to")) == (group == "go")]
            if here:
                entries.append(Entry("heading", title))
                entries += [
                    Entry("command", c.title, icon=c.icon, key=shown_key(c.keys[0]) if c.keys else "", command=c)
                    for c in here
                ]
        if not entries:
            entries.append(Entry("heading", tr(_C, "Nothing found. Try a symbol, a name, an address or a command.")))
        self.model.replace(entries)
        self._fit()
        self._select(next((i for i, e in enumerate(entries) if e.kind != "heading"), -1))
        self.note.set(self._said)

    @staticmethod
    def _actions_on(hit: SearchHit) -> list[Entry]:
        symbol = words.remote(hit.symbol, 16) or words.short_address(hit.mint)
        return [
            Entry("heading", tr(_C, "Actions on {symbol}", symbol=symbol)),
            Entry(
                "copy",
                tr(_C, "Copy the address of {symbol}", symbol=symbol),
                words.short_address(hit.mint, 8, 8),
                "copy",
                mint=hit.mint,
            ),
            Entry(
                "raw",
                tr(_C, "Show the launch transaction of {symbol}", symbol=symbol),
                tr(_C, "raw bytes and the decoded row"),
                "bytes",
                mint=hit.mint,
            ),
        ]

    def _token_entries(self, hits: list[SearchHit]) -> list[Entry]:
        if not hits:
            return []
        entries = [Entry("heading", tr(_C, "Tokens"))]
        oldest: dict[str, SearchHit] = {}
        for hit in hits:
            name = (hit.symbol or "").lower()
            first = oldest.get(name)
            if first is None or (hit.created_s or 0) < (first.created_s or 0):
                oldest[name] = hit
        for hit in hits:
            symbol = words.remote(hit.symbol, 24) or words.short_address(hit.mint)
            note = f"{words.remote(hit.name)} · {words.launchpad(hit.venue)} · {words.short_address(hit.mint)}"
            first = oldest.get((hit.symbol or "").lower())
            if first is not None and first is not hit and hit.created_s and first.created_s:
                gap = words.age(hit.created_s - first.created_s)
                note += tr(_C, " · same symbol, younger by {time}", time=gap)
            entries.append(Entry("token", symbol, note, icon=symbol, mint=hit.mint))
        return entries

    def _fit(self) -> None:
        px = look().px
        total = sum(px(HEADING if entry.kind == "heading" else LINE) for entry in self.model.entries) + 8
        self.list.setFixedHeight(min(total, px(LINE) * LINES))

    def _select(self, row: int) -> None:
        if row >= 0:
            self.list.setCurrentIndex(self.model.index(row, 0))

    @Slot(int)
    def move_by(self, by: int) -> None:
        """Selects the next line that can be chosen."""
        rows = [row for row, entry in enumerate(self.model.entries) if entry.kind != "heading"]
        if not rows:
            return
        current = self.list.currentIndex().row()
        place = rows.index(current) if current in rows else -by
        self._select(rows[(place + by) % len(rows)])
        self.list.scrollTo(self.list.currentIndex())

    @Slot()
    def choose(self) -> None:
        """Does what the current line says."""
        row = self.list.currentIndex().row()
        if not 0 <= row < len(self.model.entries):
            return
        entry = self.model.entries[row]
        if entry.kind == "token":
            self.token_chosen.emit(entry.mint)
        elif entry.kind in ("copy", "raw"):
            self.action_chosen.emit(entry.kind, entry.mint)
        elif entry.command is not None:
            self.command_chosen.emit(entry.command.name)

    @Slot(QModelIndex)
    def _clicked(self, index: QModelIndex) -> None:
        self._select(index.row())
        self.choose()
