"""The view of the Launches table: hover, flash, hold while the pointer is inside, skeleton, and repaint by row only."""

from collections.abc import Iterable, Sequence

from fluxdesk.desktop.i18n import tr
from fluxdesk.desktop.qt import (
    Index,
    QAbstractItemView,
    QEnterEvent,
    QEvent,
    QHeaderView,
    QItemSelection,
    QItemSelectionModel,
    QKeyEvent,
    QModelIndex,
    QPainter,
    QPaintEvent,
    QRect,
    QResizeEvent,
    Qt,
    QTableView,
    QTimer,
    QWidget,
    Signal,
    Slot,
)
from fluxdesk.desktop.screens.launches.cells import RowPainter, Span
from fluxdesk.desktop.screens.launches.columns import DESCENDING_FIRST
from fluxdesk.desktop.screens.launches.model import LaunchModel
from fluxdesk.desktop.screens.launches.pictures import Ground, RowPictures
from fluxdesk.desktop.screens.launches.skeleton import paint_skeleton
from fluxdesk.desktop.theme import look
from fluxdesk.desktop.tokens import FLASH_MS, FLASH_STEP_MS, HEADER, ROW

_C = "Launches"
TOKEN_LEAST, TOKEN_WISH = 168, 220
SETTLE_MS = 250
CATCH_UP_MS = 8
"""Pause before rows are painted that a frame had no time for."""


class LaunchTable(QTableView):
    """Launches, one row each.

    Signals:
        picked: Mint of the row that became current, or an empty string.
        opened: Mint of the row to open on the Token screen.
        hold_changed: Whether the list stands still because of the pointer.
    """

    picked = Signal(str)
    opened = Signal(str)
    hold_changed = Signal(bool)

    def __init__(self, model: LaunchModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.launches = model
        self.hovered = -1
        self.flashes: dict[str, float] = {}
        self.loading = False
        self.paused = False
        self._inside = False
        self._kept = ""
        self.setModel(model)
        self._pictures = RowPictures(RowPainter(model.columns, model.now))
        self.setAccessibleName(tr(_C, "Launches"))
        self.setMouseTracking(True)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self._set_up_headers()
        self._fade_timer = QTimer(self)
        self._fade_timer.setInterval(FLASH_STEP_MS)
        self._fade_timer.timeout.connect(self._fade)
        self._settle_timer = QTimer(self)
        self._settle_timer.setInterval(SETTLE_MS)
        self._settle_timer.timeout.connect(model.settle)
        self._settle_timer.start()
        self._second = QTimer(self)
        self._second.setInterval(1000)
        self._second.timeout.connect(self._tick)
        self._second.start()
        self._catch_up = QTimer(self)
        self._catch_up.setSingleShot(True)
        self._catch_up.setInterval(CATCH_UP_MS)
        self._catch_up.timeout.connect(self.viewport().update)
        self.entered.connect(self._hover)
        self.doubleClicked.connect(self._open)
        model.arrived.connect(self.flash)
        model.modelAboutToBeReset.connect(self._keep)
        model.modelReset.connect(self._restore)

    def _set_up_headers(self) -> None:
        across, down = self.horizontalHeader(), self.verticalHeader()
        down.hide()
        down.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        across.setHighlightSections(False)
        across.setSectionsClickable(True)
        across.setMinimumSectionSize(24)
        across.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        across.setAccessibleName(tr(_C, "Column titles"))
        across.sectionClicked.connect(self._sort_by)
        self.restyle()

    def restyle(self) -> None:
        """Takes row and header heights from the text scale in force."""
        self.verticalHeader().setDefaultSectionSize(look().px(ROW))
        self.horizontalHeader().setFixedHeight(look().px(HEADER))
        self.horizontalHeader().setFont(look().font("micro"))
        self._lay_columns()

    # --- what the screen asks ---

    @property
    def current_mint(self) -> str:
        """Mint of the current row, or an empty string."""
        view = self.launches.view_at(self.selected_row)
        return view.mint if view else ""

    @property
    def selected_row(self) -> int:
        """The selected row, or -1. Qt makes a row current when the table gets the focus; that selects nothing."""
        rows = self.selectionModel().selectedRows()
        return rows[0].row() if rows else -1

    @property
    def behind(self) -> bool:
        """Whether rows in sight are still to be painted."""
        return self._catch_up.isActive()

    def select(self, mint: str) -> bool:
        """Makes a launch current; False when it is not shown."""
        row = self.launches.row_of(mint)
        if row < 0:
            return False
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        self.selectionModel().setCurrentIndex(self.launches.index(row, 0), flags)
        return True

    def step(self, by: int) -> None:
        """Moves the current row; the first step selects the top row."""
        row = self.selected_row
        target = 0 if row < 0 else max(0, min(self.launches.rowCount() - 1, row + by))
        view = self.launches.view_at(target)
        if view is not None:
            self.select(view.mint)
            self.scrollTo(self.launches.index(target, 0))

    def set_paused(self, paused: bool) -> None:
        """Holds the list until told otherwise."""
        self.paused = paused
        self._update_hold()

    def set_loading(self, loading: bool) -> None:
        """Shows skeleton rows in the geometry of real ones."""
        if loading != self.loading:
            self.loading = loading
            self.viewport().update()

    @Slot(list)
    def flash(self, mints: Iterable[str]) -> None:
        """Lights new rows up for a moment; not under reduced motion."""
        if look().still:
            return
        for mint in mints:
            self.flashes[mint] = 1.0
        if self.flashes and not self._fade_timer.isActive():
            self._fade_timer.start()

    # --- repaint by row ---

    def _row_rect(self, row: int) -> QRect:
        return QRect(0, self.rowViewportPosition(row), self.viewport().width(), self.rowHeight(row))

    def _repaint_row(self, row: int) -> None:
        if row >= 0:
            self.viewport().update(self._row_rect(row))

    @Slot()
    def _fade(self) -> None:
        for mint, strength in list(self.flashes.items()):
            left = strength - FLASH_STEP_MS / FLASH_MS
            if left > 0:
                self.flashes[mint] = left
            else:
                del self.flashes[mint]
            self._repaint_row(self.launches.row_of(mint))
        if not self.flashes:
            self._fade_timer.stop()

    @Slot()
    def _tick(self) -> None:
        self.launches.age_rows()
        # Rows whose age reads as before are put back as they are.
        self.viewport().update()

    def dataChanged(self, top_left: Index, bottom_right: Index, roles: Sequence[int] = ()) -> None:
        """Repaints the changed rows that can be seen; Qt's own answer may repaint everything."""
        for mint in self._mints_in_sight():
            if mint in self.launches.changed:
                self._repaint_row(self.launches.row_of(mint))

    # --- hover and hold ---

    def _hover(self, index: QModelIndex) -> None:
        before, self.hovered = self.hovered, index.row() if index.isValid() else -1
        self._repaint_row(before)
        self._repaint_row(self.hovered)

    def _update_hold(self) -> None:
        held = self.paused or self._inside
        if held != self.launches.held:
            self.launches.hold(held)
        self.hold_changed.emit(held)

    def enterEvent(self, event: QEnterEvent) -> None:
        """The list does not move while the pointer is in it."""
        self._inside = True
        self._update_hold()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """It moves again."""
        self._inside = False
        self._hover(QModelIndex())
        self._update_hold()
        super().leaveEvent(event)

    # --- selection, sorting, keys ---

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        """Tells the detail panel."""
        super().selectionChanged(selected, deselected)
        self.picked.emit(self.current_mint)

    def _keep(self) -> None:
        self._kept = self.current_mint or self._kept

    def _restore(self) -> None:
        if self._kept and self.select(self._kept):
            self._kept = ""
        else:
            self.picked.emit("")

    def _open(self, index: QModelIndex) -> None:
        view = self.launches.view_at(index.row())
        if view is not None:
            self.opened.emit(view.mint)

    def _sort_by(self, section: int) -> None:
        key = self.launches.columns[section].key
        if key == self.launches.sort_key:
            descending = not self.launches.descending
        else:
            descending = DESCENDING_FIRST.get(key, True)
        self.launches.sort(section, Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens; a letter never starts Qt's type-ahead, since letters are commands here."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open(self.launches.index(self.selected_row, 0))
        elif event.text().isprintable() and event.text().strip():
            event.ignore()
        else:
            super().keyPressEvent(event)

    # --- geometry and skeleton ---

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Shows the columns there is room for."""
        super().resizeEvent(event)
        self._lay_columns()

    def _lay_columns(self) -> None:
        px, columns = look().px, self.launches.columns
        room = self.viewport().width()
        if room <= 0:
            return
        used = px(TOKEN_LEAST)
        shown = set()
        for place, column in sorted(enumerate(columns), key=lambda pair: pair[1].rank):
            if used + px(column.width) <= room:
                used += px(column.width)
                shown.add(place)
            elif column.width:
                break
        spare = room - used - px(TOKEN_WISH - TOKEN_LEAST)
        wish = sum(px(columns[place].wide) for place in shown)
        stretch = max(0.0, min(1.0, spare / wish)) if wish else 0.0
        across, taken = self.horizontalHeader(), 0
        for place, column in enumerate(columns):
            self.setColumnHidden(place, place not in shown)
            if place in shown and column.width:
                width = px(column.width) + int(px(column.wide) * stretch)
                across.resizeSection(place, width)
                taken += width
        across.resizeSection(0, room - taken)

    def _spans(self) -> tuple[Span, ...]:
        shown = [place for place in range(len(self.launches.columns)) if not self.isColumnHidden(place)]
        return tuple(Span(place, self.columnViewportPosition(place), self.columnWidth(place)) for place in shown)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Rows, or their skeleton while the first ones are on their way."""
        p, now, port = QPainter(self.viewport()), look(), self.viewport()
        spans, height = self._spans(), now.px(ROW)
        p.fillRect(event.rect(), now.colour("panel"))
        if self.loading and not self.launches.rowCount():
            paint_skeleton(p, self.launches.columns, spans, port.width(), port.height(), height)
            return
        self._pictures.begin(Ground(spans, port.width(), height, (now.name, now.scale), port.devicePixelRatioF()))
        selected = self.selected_row
        row = self.rowAt(event.rect().top())
        while (view := self.launches.view_at(row)) is not None:
            top = self.rowViewportPosition(row)
            if top > event.rect().bottom():
                break
            self._pictures.draw(p, top, view, row == selected, row == self.hovered)
            if strength := self.flashes.get(view.mint):
                glow = now.colour("text1", int((22 if now.name == "dark" else 18) * strength))
                p.fillRect(QRect(0, top, port.width(), height - 1), glow)
            row += 1
        if event.rect().height() >= port.height():
            self._pictures.keep(self._mints_in_sight())
        if self._pictures.behind:
            self._catch_up.start()

    def _mints_in_sight(self) -> list[str]:
        first, last = self.rowAt(0), self.rowAt(self.viewport().height() - 1)
        last = last if last >= 0 else self.launches.rowCount() - 1
        views = (self.launches.view_at(row) for row in range(max(0, first), last + 1))
        return [view.mint for view in views if view is not None]
