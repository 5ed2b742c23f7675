"""A dense read-only table for lists of facts: trades, holders, sources, gaps. One model, one delegate, no widgets
in cells.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar

from fluxdesk.desktop.paint import draw_signal, stamp_avatar, text
from fluxdesk.desktop.qt import (
    AA,
    CENTER,
    LEFT,
    RIGHT,
    Index,
    QAbstractItemView,
    QAbstractTableModel,
    QHeaderView,
    QItemSelectionModel,
    QKeyEvent,
    QModelIndex,
    QObject,
    QPainter,
    QPaintEvent,
    QRect,
    QRectF,
    QResizeEvent,
    QSize,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    Qt,
    QTableView,
    Signal,
)
from fluxdesk.desktop.theme import look
from fluxdesk.desktop.tokens import DENSE, HEADER, INSET, Role

T = TypeVar("T")
PADDING = 8
AVATAR = 24
WIDEST = 0.6
"""By how much a column may grow in a wide window."""


@dataclass(frozen=True, slots=True)
class Cell:
    """What one cell shows. `bar` draws `value` (0 to 1) as a bar; `signal` draws the shape and `avatar` the letter of
    `text2` before the text.
    """

    text: str
    tone: str = "text1"
    role: Role = "small"
    kind: Literal["text", "bar", "signal", "avatar"] = "text"
    value: float = 0.0
    text2: str = ""


@dataclass(frozen=True, slots=True)
class GridColumn(Generic[T]):
    """One column: title, width at 100 % text (0 takes the rest, which is at least `least`), side, what it shows, and
    what that means.
    """

    title: str
    width: int
    right: bool
    show: Callable[[T], Cell]
    meaning: str = ""
    least: int = 96


class GridModel(QAbstractTableModel, Generic[T]):
    """Rows by key, changed in place and never rebuilt while the same list is shown."""

    def __init__(
        self,
        columns: Sequence[GridColumn[T]],
        key: Callable[[T], Hashable],
        sentence: Callable[[T], str],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self.rows: list[T] = []
        self._key, self._sentence = key, sentence

    def reset(self, rows: Sequence[T]) -> None:
        """Shows another list."""
        self.beginResetModel()
        self.rows = list(rows)
        self.endResetModel()

    def update(self, rows: Sequence[T]) -> None:
        """The same list, later: rows are changed, added and removed where they differ."""
        keys = [self._key(row) for row in rows]
        wanted = set(keys)
        for place in range(len(self.rows) - 1, -1, -1):
            if self._key(self.rows[place]) not in wanted:
                self.beginRemoveRows(QModelIndex(), place, place)
                del self.rows[place]
                self.endRemoveRows()
        held = [self._key(row) for row in self.rows]
        if [key for key in keys if key in set(held)] != held:
            self.reset(rows)
            return
        last = len(self.columns) - 1
        for place, row in enumerate(rows):
            if place < len(self.rows) and self._key(self.rows[place]) == keys[place]:
                if self.rows[place] != row:
                    self.rows[place] = row
                    self.dataChanged.emit(self.index(place, 0), self.index(place, last))
            else:
                self.beginInsertRows(QModelIndex(), place, place)
                self.rows.insert(place, row)
                self.endInsertRows()

    def prepend(self, rows: Sequence[T], limit: int) -> None:
        """Adds rows at the top, first one topmost, and drops from the bottom what is over the limit."""
        known = {self._key(row) for row in self.rows}
        fresh = [row for row in rows if self._key(row) not in known]
        if not fresh:
            return
        self.beginInsertRows(QModelIndex(), 0, len(fresh) - 1)
        self.rows[0:0] = fresh
        self.endInsertRows()
        if len(self.rows) > limit:
            self.beginRemoveRows(QModelIndex(), limit, len(self.rows) - 1)
            del self.rows[limit:]
            self.endRemoveRows()

    def append(self, rows: Sequence[T]) -> None:
        """Adds rows at the bottom."""
        known = {self._key(row) for row in self.rows}
        fresh = [row for row in rows if self._key(row) not in known]
        if fresh:
            self.beginInsertRows(QModelIndex(), len(self.rows), len(self.rows) + len(fresh) - 1)
            self.rows += fresh
            self.endInsertRows()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  Qt's own signature
        """Rows."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  Qt's own signature
        """Columns."""
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        """Text of a cell; the whole row as a sentence for a screen reader."""
        if not index.isValid() or index.row() >= len(self.rows):
            return None
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return self.columns[index.column()].show(row).text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._sentence(row)
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = int(Qt.ItemDataRole.DisplayRole)
    ) -> Any:
        """Titles, and their meaning on hover."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        column = self.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.title
        if role == Qt.ItemDataRole.ToolTipRole:
            return column.meaning or None
        if role == Qt.ItemDataRole.FontRole:
            return look().font("micro")
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return RIGHT if column.right else LEFT
        return None


class GridDelegate(QStyledItemDelegate):
    """Paints the cells of a grid."""

    def __init__(self, view: "Grid", model: GridModel[Any], height: int, lines: bool) -> None:
        super().__init__(view)
        self._view, self._model, self._height, self._lines = view, model, height, lines

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Every row has one height."""
        return QSize(0, look().px(self._height))

    def paint(self, p: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Ground when selected, then the cell."""
        if index.row() >= len(self._model.rows):
            return
        column = self._model.columns[index.column()]
        cell = column.show(self._model.rows[index.row()])
        area: QRect = option.rect
        p.save()
        if index.row() == self._view.painted_selection:
            p.fillRect(area, look().colour("selected"))
            if index.column() == 0:
                p.fillRect(QRect(area.x(), area.y(), 2, area.height()), look().colour("accent"))
        if self._lines:
            p.fillRect(QRect(area.x(), area.bottom(), area.width(), 1), look().colour("line"))
        left, right = self._view.padding(index.column())
        box = QRectF(area).adjusted(left, 0, -right, 0)
        if cell.kind == "bar":
            y = box.center().y() - 2
            p.fillRect(QRectF(box.x(), y, box.width(), 4), look().colour("line"))
            p.fillRect(QRectF(box.x(), y, box.width() * min(1.0, max(0.0, cell.value)), 4), look().colour(cell.tone))
        else:
            if cell.kind == "signal":
                draw_signal(p, box.x(), box.center().y() - 4, cell.text2)
                box = box.adjusted(16, 0, 0, 0)
            elif cell.kind == "avatar":
                stamp_avatar(p, box.x(), box.center().y() - AVATAR / 2, cell.text2, AVATAR)
                box = box.adjusted(AVATAR + 10, 0, 0, 0)
            text(p, box, cell.text, cell.role, cell.tone, RIGHT if column.right else LEFT, elide=True)
        p.restore()


class Grid(QTableView):
    """The view of a grid.

    Signals:
        activated_row: Row of the entry opened with Enter or a double click.
        bottom_reached: The last rows can be seen; more may be fetched.
    """

    activated_row = Signal(int)
    bottom_reached = Signal()

    def __init__(self, model: GridModel[Any], name: str, height: int = DENSE, lines: bool = False) -> None:
        super().__init__()
        self.grid, self._height = model, height
        self._note = ""
        self._loading = False
        self.painted_selection = -1
        self.setModel(model)
        self.setItemDelegate(GridDelegate(self, model, height, lines))
        self.setAccessibleName(name)
        self._lines = lines
        self.setProperty("edge", lines)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        across, down = self.horizontalHeader(), self.verticalHeader()
        down.hide()
        down.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        across.setSectionsClickable(False)
        across.setHighlightSections(False)
        across.setMinimumSectionSize(24)
        across.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.doubleClicked.connect(lambda index: self.activated_row.emit(index.row()))
        self.verticalScrollBar().valueChanged.connect(self._scrolled)
        self.restyle()

    def restyle(self) -> None:
        """Takes row and header heights from the text scale in force."""
        self.verticalHeader().setDefaultSectionSize(look().px(self._height))
        self.horizontalHeader().setFixedHeight(look().px(HEADER - 6))
        self.horizontalHeader().setFont(look().font("micro"))
        self._lay_columns()

    def show_note(self, words: str, loading: bool = False) -> None:
        """What stands there while there is no row: a sentence, or the skeleton of rows on their way."""
        self._note, self._loading = words, loading
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Rows, else the note or the skeleton."""
        rows = self.selectionModel().selectedRows()
        self.painted_selection = rows[0].row() if rows else -1
        super().paintEvent(event)
        if self.grid.rowCount():
            return
        p = QPainter(self.viewport())
        if self._loading:
            self._paint_skeleton(p)
        elif self._note:
            text(p, QRectF(self.viewport().rect()), self._note, "small", "text3", CENTER)

    def _paint_skeleton(self, p: QPainter) -> None:
        p.setRenderHint(AA)
        p.setPen(Qt.PenStyle.NoPen)
        height = look().px(self._height)
        for row in range(self.viewport().height() // height + 1):
            p.setBrush(look().colour("line_strong", max(24, 150 - row * 16)))
            for place, column in enumerate(self.grid.columns):
                before, after = self.padding(place)
                left = self.columnViewportPosition(place) + before
                width = self.columnWidth(place) - before - after
                bar = min(width * 0.7, 72.0) - (row * 11 + place * 5) % 14
                if bar > 4:
                    x = left + width - bar if column.right else left
                    p.drawRoundedRect(QRectF(x, row * height + height / 2 - 3, bar, 6), 3, 3)

    def step(self, by: int) -> None:
        """Moves the current row."""
        row = max(0, min(self.grid.rowCount() - 1, self.currentIndex().row() + by))
        if self.grid.rowCount():
            flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
            self.selectionModel().setCurrentIndex(self.grid.index(row, 0), flags)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens the current row; letters are commands, not a search."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self.currentIndex().isValid():
                self.activated_row.emit(self.currentIndex().row())
        elif event.text().isprintable() and event.text().strip():
            event.ignore()
        else:
            super().keyPressEvent(event)

    def _scrolled(self, value: int) -> None:
        if value >= self.verticalScrollBar().maximum() - 2 * look().px(self._height):
            self.bottom_reached.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The column without a width takes the rest."""
        super().resizeEvent(event)
        self._lay_columns()

    def _lay_columns(self) -> None:
        across, room = self.horizontalHeader(), self.viewport().width()
        px = look().px
        columns = self.grid.columns
        more = [sum(self.padding(place)) - 2 * PADDING for place in range(len(columns))]
        fixed = sum(px(column.width) + extra for column, extra in zip(columns, more, strict=True) if column.width)
        least = sum(px(column.least) for column in columns if not column.width)
        # In a wide window every column gets more room, not only the one that takes the rest.
        factor = 1 + min(WIDEST, max(0.0, (room - fixed - least) / max(1, fixed)))
        widths = [
            round(px(column.width) * factor) + extra if column.width else 0
            for column, extra in zip(columns, more, strict=True)
        ]
        for place, width in enumerate(widths):
            across.resizeSection(place, width or max(px(72), room - sum(widths)))

    def padding(self, column: int) -> tuple[int, int]:
        """Pixels left empty at the left and right of a column's cells: the first begins where titles begin; a table
        over the whole width ends where they end.
        """
        last = self._lines and column == len(self.grid.columns) - 1
        return PADDING if column else INSET, INSET if last else PADDING
