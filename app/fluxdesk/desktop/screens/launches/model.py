"""The rows of the Launches table: a book of everything known, and the part of it that tab, filters and search leave.

Fed with change sets. Values of shown rows change at once; order and membership change only in `settle`, which the view
calls a few times a second and not at all while the list is held.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from operator import itemgetter

from fluxdesk.core.views import LaunchesFrame, LaunchView
from fluxdesk.desktop import filters as flt
from fluxdesk.desktop import words
from fluxdesk.desktop.i18n import tr
from fluxdesk.desktop.qt import LEFT, RIGHT, Index, QAbstractTableModel, QModelIndex, QObject, Qt, Signal
from fluxdesk.desktop.screens.launches.columns import LASTING, SORT_KEYS, TABS, Column, columns, tab_of
from fluxdesk.desktop.theme import look

_C = "Launches"
ROW = int(Qt.ItemDataRole.UserRole)
FRESH_S = 60.0
"""An older launch that arrives now comes from a recording or out of a gap: it is listed, but it is no news."""
BOOK_LIMIT = 3_000
"""Launches kept in memory; older ones are found through search."""


class LaunchModel(QAbstractTableModel):
    """Launches after tab, filters and search, in order.

    Signals:
        summarised: Counts per tab, matches or hidden rows changed.
        arrived: Mints that were launched a moment ago and pass the filters, newest last.
    """

    summarised = Signal()
    arrived = Signal(list)

    def __init__(self, parent: QObject | None = None, now: Callable[[], float] = time.time) -> None:
        super().__init__(parent)
        self.columns: tuple[Column, ...] = columns()
        self.now = now
        self.tab = TABS[0]
        self.filters: tuple[flt.Filter, ...] = ()
        self.needle = ""
        self.sort_key, self.descending = "age", False
        self.waiting = 0
        self._book: dict[str, LaunchView] = {}
        self._under: dict[str, str] = {}
        self._rows: list[str] = []
        self._place: dict[str, int] = {}
        self._unsettled = False
        self._tally = dict.fromkeys((*TABS, ""), 0)
        self._moved = False
        self.changed: frozenset[str] = frozenset()
        self._fresh: list[str] = []
        self._held = False
        self._unnamed: set[str] | None = None
        """What the pieces of an incoming snapshot have not named so far; None while there is none."""

    # --- what the screen asks ---

    @property
    def known(self) -> int:
        """Launches in memory, shown or not."""
        return len(self._book)

    @property
    def matched(self) -> int:
        """Launches of all tabs that pass filters and search."""
        return sum(self._tally[tab] for tab in TABS)

    def counts(self) -> dict[str, int]:
        """Matches per tab."""
        return {tab: self._tally[tab] for tab in TABS}

    def hidden_by(self) -> dict[flt.Filter, int]:
        """How many launches of this tab each filter alone hides."""
        now = self.now()
        here = [view for view in self._book.values() if tab_of(view) == self.tab]
        return {one: sum(1 for view in here if not one.passes(view, now)) for one in self.filters}

    def in_tab(self) -> int:
        """Launches of this tab before filters and search."""
        return sum(1 for view in self._book.values() if tab_of(view) == self.tab)

    def view_at(self, row: int) -> LaunchView | None:
        """The launch in a row."""
        return self._book.get(self._rows[row]) if 0 <= row < len(self._rows) else None

    def get(self, mint: str) -> LaunchView | None:
        """A launch by its mint, shown or not."""
        return self._book.get(mint)

    def row_of(self, mint: str) -> int:
        """Its row, or -1 when it is not shown."""
        return self._place.get(mint, -1)

    def all_views(self) -> Iterator[LaunchView]:
        """Everything in memory."""
        return iter(self._book.values())

    # --- what changes it ---

    def apply(self, frame: LaunchesFrame) -> None:
        """Takes a change set in. A snapshot replaces the book once its last piece is here: what the node still knows
        stays where it is meanwhile.
        """
        book, place = self._book, self._place
        if frame.snapshot:
            self._unnamed = set(book)
        if self._unnamed is not None:
            self._unnamed.difference_update(view.mint for view in frame.upserts)
            if not frame.more:
                self._forget(self._unnamed)
                self._unnamed = None
        now = self.now()
        for view in frame.upserts:
            mint = view.mint
            before = book.get(mint)
            book[mint] = view
            # A birth time that became known moves a row although its column is a lasting one.
            self._moved = self._moved or (before is not None and before.created_s != view.created_s)
            self._judge(mint, view, now)
        self._unsettled = True
        touched = {view.mint for view in frame.upserts}
        self._fresh += [] if frame.snapshot else frame.new
        if frame.snapshot:
            self.settle()
        elif rows := [place[mint] for mint in touched if mint in place]:
            # One signal for the whole change set: the view asks `changed` which rows between its ends are meant.
            self.changed = frozenset(touched)
            self.dataChanged.emit(self.index(min(rows), 0), self.index(max(rows), len(self.columns) - 1))

    def hold(self, held: bool) -> None:
        """Keeps order and membership as they are while True; values still change."""
        self._held = held
        if not held:
            self.settle()

    @property
    def held(self) -> bool:
        """Whether the list stands still."""
        return self._held

    def settle(self) -> None:
        """Brings order and membership up to date with what arrived."""
        if not self._unsettled:
            return
        now = self.now()
        fresh = [mint for mint in self._fresh if self._under.get(mint) and flt.age_s(self._book[mint], now) < FRESH_S]
        self._fresh.clear()
        if self._held:
            # What passes now but has no row yet waits until the list moves again.
            self.waiting = self._tally[self.tab] - sum(1 for mint in self._rows if self._under.get(mint) == self.tab)
        else:
            self._unsettled = False
            self._trim()
            self.waiting = 0
            if self._moved or self.sort_key not in LASTING:
                self._moved = False
                self._arrange(self._target())
        if fresh:
            self.arrived.emit(fresh)
        self.summarised.emit()

    def age_rows(self) -> None:
        """Once a second: filters by age let rows go."""
        if any(one.key == "age" for one in self.filters):
            self._judge_all()
            self._unsettled = True
            self.settle()

    def show_tab(self, tab: str) -> None:
        """Shows another tab."""
        self.tab = tab
        self._rebuild()

    def set_filters(self, filters: Iterable[flt.Filter]) -> None:
        """Puts other filters in force."""
        self.filters = tuple(filters)
        self._rebuild()

    def set_needle(self, needle: str) -> None:
        """Quick search: shows rows that hold every word."""
        self.needle = needle.strip()
        self._rebuild()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sorts by a column; unknown values go last."""
        self.sort_key = self.columns[column].key
        self.descending = order == Qt.SortOrder.DescendingOrder
        self._arrange(self._target())
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self.columns) - 1)

    # --- inside ---

    def _forget(self, gone: set[str]) -> None:
        """Lets go of launches; also a held list does."""
        self._remove([row for row, mint in enumerate(self._rows) if mint in gone])
        for mint in gone:
            self._book.pop(mint, None)
            self._put_under(mint, None)

    def _judge_all(self) -> None:
        now = self.now()
        for mint, view in self._book.items():
            self._judge(mint, view, now)

    def _judge(self, mint: str, view: LaunchView, now: float) -> None:
        if flt.passes(self.filters, view, now) and (not self.needle or flt.matches_words(view, self.needle)):
            self._put_under(mint, tab_of(view))
        else:
            self._put_under(mint, "")

    def _put_under(self, mint: str, tab: str | None) -> None:
        """Files a launch under a tab, under none when it is hidden, or takes it out of the files."""
        before = self._under.get(mint)
        if before == tab:
            return
        self._moved = True
        if before is not None:
            self._tally[before] -= 1
        if tab is None:
            self._under.pop(mint, None)
        else:
            self._under[mint] = tab
            self._tally[tab] += 1

    def _target(self) -> list[str]:
        value_of, book, tab = SORT_KEYS[self.sort_key], self._book, self.tab
        pairs = [(value_of(book[mint]), mint) for mint, under in self._under.items() if under == tab]
        known = [pair for pair in pairs if pair[0] is not None]
        known.sort(key=itemgetter(0), reverse=self.descending)
        return [mint for _, mint in known] + [mint for value, mint in pairs if value is None]

    def _trim(self) -> None:
        spare = len(self._book) - BOOK_LIMIT
        if spare <= 0:
            return
        oldest = sorted(self._book.values(), key=lambda view: view.first_seen_wall_ns)[: spare + BOOK_LIMIT // 20]
        for view in oldest:
            del self._book[view.mint]
            self._put_under(view.mint, None)

    def _rebuild(self) -> None:
        self._judge_all()
        self._unsettled = False
        self._moved = False
        self.waiting = 0
        self.beginResetModel()
        self._take(self._target())
        self.endResetModel()
        self.summarised.emit()

    def _take(self, rows: list[str]) -> None:
        self._rows = rows
        self._place = {mint: place for place, mint in enumerate(rows)}

    def _arrange(self, target: list[str]) -> None:
        """Turns the shown rows into `target` with the smallest honest signals: removals, insertions, else a new
        order.
        """
        if target == self._rows:
            return
        wanted = set(target)
        self._remove([place for place, mint in enumerate(self._rows) if mint not in wanted])
        if [mint for mint in target if mint in self._place] != self._rows:
            self._reorder([mint for mint in target if mint in self._place])
        for first, last in _runs([place for place, mint in enumerate(target) if mint not in self._place]):
            self.beginInsertRows(QModelIndex(), first, last)
            self._rows[first:first] = target[first : last + 1]
            self.endInsertRows()
        self._take(self._rows)

    def _remove(self, places: list[int]) -> None:
        for first, last in reversed(list(_runs(places))):
            self.beginRemoveRows(QModelIndex(), first, last)
            del self._rows[first : last + 1]
            self.endRemoveRows()
        if places:
            self._take(self._rows)

    def _reorder(self, rows: list[str]) -> None:
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        mints = [self._rows[index.row()] for index in before]
        self._take(list(rows))
        after = [self.index(self._place[mint], index.column()) for mint, index in zip(mints, before, strict=True)]
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()

    # --- Qt ---

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  Qt's own signature
        """Rows shown."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  Qt's own signature
        """All columns; the view hides those without room."""
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> object:
        """The launch itself for the delegate, and a sentence for a screen reader."""
        view = self.view_at(index.row()) if index.isValid() else None
        if view is None:
            return None
        if role == ROW:
            return view
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self.sentence(view)
        return None

    def sentence(self, view: LaunchView) -> str:
        """What a screen reader says about a row."""
        unit = view.quote_symbol or tr(_C, "quote units")
        return tr(
            _C,
            "{symbol}, {name}, on {pad}, {age} old, market cap {mcap} {unit}, {change} since first seen, "
            "{buys} buys and {sells} sells in 5 minutes, curve {curve}",
            symbol=words.remote(view.symbol) or tr(_C, "no symbol"),
            name=words.remote(view.name) or tr(_C, "no name"),
            pad=words.launchpad(view.venue, view.brand),
            age=words.long_age(flt.age_s(view, self.now())),
            mcap=words.short_number(view.mcap_f64) if view.mcap_f64 is not None else tr(_C, "unknown"),
            unit=unit,
            change=words.percent(view.change_f64, signed=True)
            if view.change_f64 is not None
            else tr(_C, "unknown change"),
            buys=view.buys_5m,
            sells=view.sells_5m,
            curve=words.percent(view.progress_ppm / 1e6) if view.progress_ppm is not None else tr(_C, "unknown"),
        )

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = int(Qt.ItemDataRole.DisplayRole)
    ) -> object:
        """Title with the direction of the sort, and the definition of the number on hover."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        column = self.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            # Age counts up as birth counts down: the arrow shows how the visible figures run.
            arrow = "" if column.key != self.sort_key else " ↓" if self.descending != (column.key == "age") else " ↑"
            return column.title + arrow
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleDescriptionRole):
            return column.meaning
        if role == Qt.ItemDataRole.FontRole:
            return look().font("micro")
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return RIGHT if column.right else LEFT
        return None


def _runs(places: list[int]) -> Iterator[tuple[int, int]]:
    """First and last of each unbroken run in an ascending list."""
    start = previous = -2
    for place in places:
        if place != previous + 1:
            if start >= 0:
                yield start, previous
            start = place
        previous = place
    if start >= 0:
        yield start, previous
