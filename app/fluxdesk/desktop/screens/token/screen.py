"""The Token screen put together. It asks the node for what it shows and takes live changes while it is open."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from fluxdesk.core.views import (
    CandlePage,
    GapView,
    HolderPage,
    Interval,
    LaunchView,
    MetadataView,
    TokenFrame,
    TokenView,
    TradePage,
)
from fluxdesk.desktop import words
from fluxdesk.desktop.feed import Queries
from fluxdesk.desktop.filters import age_s
from fluxdesk.desktop.i18n import plural, tr
from fluxdesk.desktop.operation import Operation, run
from fluxdesk.desktop.qt import RIGHT, QResizeEvent, QStackedWidget, QTimer, QWidget, Signal, Slot
from fluxdesk.desktop.screens.token.about import AboutPanel, gap_words
from fluxdesk.desktop.screens.token.header import TokenHeader
from fluxdesk.desktop.screens.token.lists import TAPE_LIMIT, Units, holder_list, tape
from fluxdesk.desktop.state import NodeState
from fluxdesk.desktop.theme import look
from fluxdesk.desktop.tokens import INSET
from fluxdesk.desktop.widgets.basics import Button, Label, Segmented, box, frame, hbox, rule, vbox
from fluxdesk.desktop.widgets.grid import Grid
from fluxdesk.desktop.widgets.state_page import StatePage
from fluxdesk.desktop.widgets.stopped import show_stopped

if TYPE_CHECKING:
    from fluxdesk.desktop.screens.token.chart import CandleChart

_C = "Token"
INTERVALS: tuple[Interval, ...] = ("1s", "15s", "1m", "5m", "1h")
HOLDERS_EVERY_MS = 5_000
FEW_BARS = 8
"""Fewer bars than this say little; shorter ones are asked for, unless the user chose the length."""
ABOUT_FROM = 1120
LOWER = 248
AGE_LIMITS_S = (300, 3_600, 6 * 3_600, 48 * 3_600)
"""A token younger than this opens with bars of 1 s, 15 s, 1 min, 5 min; an older one with hours."""


class TokenScreen(QWidget):
    """One token.

    Signals:
        back_asked: Return to Launches.
        copied: Text for the clipboard, and what it is.
        link_asked: A web address to open.
        raw_asked: Signature of a transaction to show, and a note for it.
        watch_asked: Mint whose live changes are wanted; empty for none.
        start_asked, log_asked: As on the Launches screen.
        chart_made: The chart exists now and can be given its keys.
    """

    back_asked = Signal()
    copied = Signal(str, str)
    link_asked = Signal(str)
    raw_asked = Signal(str, str)
    watch_asked = Signal(str)
    start_asked = Signal()
    log_asked = Signal()
    chart_made = Signal()

    def __init__(self, now: Callable[[], float]) -> None:
        super().__init__()
        self.mint = ""
        self._queries: Queries | None = None
        self._now = now
        self._launch: LaunchView | None = None
        self._supply_f64: float | None = None
        self._cursor: str | None = None
        self._gaps: list[GapView] = []
        self._running: list[Operation] = []
        self._live = True
        self._shown = False
        self._outdated = False
        """What is shown was asked of a node that did not answer, or stopped since."""
        self._length_chosen = False
        self.units = Units()
        self.header = TokenHeader()
        self.intervals = Segmented(INTERVALS, 2, tr(_C, "Length of a bar"))
        self.measure = Segmented((tr(_C, "Price"), tr(_C, "Mkt cap")), 0, tr(_C, "What is drawn"))
        self._ghosts = Label("", "micro", "text3")
        self._show_ghosts_button = Button(tr(_C, "Show"), "link", role="small", checkable=True)
        self._show_ghosts_button.setAccessibleName(tr(_C, "Show ghost prints in the chart"))
        self._show_ghosts_button.hide()
        self._chart_note = Label("", "micro", "text3")
        self.chart: CandleChart | None = None
        self._chart_box = vbox(gap=0)
        self._chart_page = StatePage()
        self._chart_stack = QStackedWidget()
        self._chart_stack.addWidget(frame("flat", self._chart_box))
        self._chart_stack.addWidget(frame("flat", vbox(self._chart_page)))
        self.trades = tape(self.units)
        self.trade_grid = Grid(self.trades, tr(_C, "Trades"))
        self.holders = holder_list(self.units)
        self.holder_grid = Grid(self.holders, tr(_C, "Holders"))
        self._trades_note = Label("", "micro", "text3")
        self._holders_title = Label(tr(_C, "Holders"), "strong")
        self._holders_note = Label("", "micro", "text3", elide=True)
        self.about = AboutPanel()
        self._about_rule = rule("v")
        self.page = StatePage()
        self._compose()
        self._connect()
        self._holder_timer = QTimer(self)
        self._holder_timer.setInterval(HOLDERS_EVERY_MS)
        self._holder_timer.timeout.connect(self._ask_holders)

    def _compose(self) -> None:
        tools = box(
            hbox(
                self.intervals,
                self.measure,
                None,
                hbox(self._chart_note, self._ghosts, gap=3),
                self._show_ghosts_button,
                margins=(16, 0, 16, 0),
            )
        )
        tools.setFixedHeight(look().px(40))
        trades = vbox(
            _titled(Label(tr(_C, "Trades"), "strong"), self._trades_note), rule(), (self.trade_grid, 1), gap=0
        )
        holders = vbox(_titled(self._holders_title, self._holders_note), rule(), (self.holder_grid, 1), gap=0)
        lower = frame("flat", hbox((box(trades), 3), rule("v"), (box(holders), 2), gap=0))
        lower.setFixedHeight(look().px(LOWER))
        left = frame("flat", vbox(self.header, rule(), tools, (self._chart_stack, 1), rule(), lower, gap=0))
        whole = box(hbox((left, 1), self._about_rule, self.about, gap=0))
        self._stack = QStackedWidget()
        self._stack.addWidget(whole)
        self._stack.addWidget(frame("flat", vbox(self.page)))
        self.setLayout(vbox(self._stack, gap=0))
        self.home: QWidget = self.trade_grid

    def _connect(self) -> None:
        self.header.back_asked.connect(self.back_asked)
        self.header.copy_asked.connect(self.copied)
        self.about.copy_asked.connect(self.copied)
        self.about.link_asked.connect(self.link_asked)
        self.about.metadata_asked.connect(self.fetch_metadata)
        self.about.raw_asked.connect(lambda signature: self.raw_asked.emit(signature, ""))
        self.intervals.chosen.connect(self._choose_length)
        self.measure.chosen.connect(self._show_measure)
        self._show_ghosts_button.toggled.connect(self._draw_ghosts)
        self.trade_grid.activated_row.connect(self._open_trade)
        self.trade_grid.bottom_reached.connect(self._ask_older)

    # --- what the window calls ---

    @property
    def interval(self) -> Interval:
        """Length of a bar in force."""
        return INTERVALS[self.intervals.current]

    def open(self, mint: str, queries: Queries | None, known: LaunchView | None = None) -> None:
        """Shows a token: at once what is known of it, the rest when the node answers."""
        self.leave()
        self.mint, self._queries, self._shown = mint, queries, True
        self._outdated = queries is None or not self._live
        self._launch, self._supply_f64, self._cursor, self._gaps = known, None, None, []
        self.units.creator = ""
        self.trades.reset([])
        self.holders.reset([])
        self.about.forget()
        self._trades_note.set(tr(_C, "reading…"), "text3")
        self.trade_grid.show_note("", loading=True)
        self.holder_grid.show_note("", loading=True)
        self._holders_note.set("")
        self._holders_title.set(tr(_C, "Holders"))
        self._chart_note.set("")
        self._ghosts.set("")
        if known is not None:
            self._show_launch(known)
        self._length_chosen = False
        self.intervals.choose(self._fitting_interval(known))
        self._stack.setCurrentIndex(0)
        self._chart_page.show_state(
            "token", "text3", tr(_C, "Reading the bars"), [tr(_C, "The node puts them together from the journal.")]
        )
        self._chart_stack.setCurrentIndex(1)
        self._ask_all()
        self.watch_asked.emit(mint)

    def _fitting_interval(self, known: LaunchView | None) -> int:
        """The bar length that gives a token of this age about fifty to three hundred bars."""
        if known is None:
            return INTERVALS.index("1m")
        age = age_s(known, self._now())
        return next((place for place, limit in enumerate(AGE_LIMITS_S) if age < limit), len(AGE_LIMITS_S))

    def leave(self) -> None:
        """Stops what was asked for the token shown."""
        for operation in self._running:
            operation.cancel()
        self._running.clear()
        self._holder_timer.stop()
        if self._shown:
            self._shown = False
            self.watch_asked.emit("")

    def set_state(self, state: NodeState, launches: int) -> None:
        """Says how the node is; asks again when it came back."""
        self._live = state.live
        if state.phase == "stopped":
            show_stopped(self.page, state, launches, self.start_asked.emit, self.log_asked.emit)
            self._stack.setCurrentIndex(1)
            self._outdated = self._shown
        elif not (self._shown and self._outdated):
            return
        elif state.phase == "up":
            self.open(self.mint, self._queries, self._launch)
        elif state.phase in ("starting", "reading") and self._stack.currentIndex() == 1:
            self.page.show_state(
                "token",
                "text3",
                tr(_C, "The node is starting"),
                [tr(_C, "This token is read again as soon as it answers.")],
            )

    def take(self, change: TokenFrame) -> None:
        """A live change of the token shown."""
        if change.mint != self.mint:
            return
        self._show_launch(change.launch)
        self.trades.prepend(list(reversed(change.trades)), TAPE_LIMIT)
        if change.trades:
            self._trades_note.set(tr(_C, "live, newest first"))
        bars = change.bars.get(self.interval)
        if bars and self.chart is not None:
            self._chart_stack.setCurrentIndex(0)
            self.chart.put(bars)

    def open_current_trade(self) -> None:
        """The raw transaction of the selected trade, else of the newest."""
        self._open_trade(max(0, self.trade_grid.currentIndex().row()))

    def choose_interval(self, by: int) -> None:
        """The next longer or shorter bar."""
        place = max(0, min(len(INTERVALS) - 1, self.intervals.current + by))
        self.intervals.choose(place)
        self._choose_length()

    # --- asking ---

    def _start(self, operation: Operation) -> None:
        self._running = [one for one in self._running if one.running]
        self._running.append(operation)

    def _ask_all(self) -> None:
        if self._queries is None:
            return
        self._start(run(self, self._queries.token(self.mint), self._show_token, self._show_missing))
        self._start(run(self, self._queries.trades(self.mint, None), self._show_trades, self._trades_failed))
        self._ask_candles()
        self._ask_holders()
        self._holder_timer.start()

    @Slot()
    def _choose_length(self) -> None:
        self._length_chosen = True
        self._ask_candles()

    @Slot()
    def _ask_candles(self) -> None:
        if self._queries is not None and self.mint:
            self._start(
                run(self, self._queries.candles(self.mint, self.interval), self._show_candles, self._candles_failed)
            )

    @Slot()
    def _ask_holders(self) -> None:
        if self._queries is not None and self.mint and self.isVisible():
            self._start(run(self, self._queries.holders(self.mint), self._show_holders))

    @Slot()
    def _ask_older(self) -> None:
        if self._queries is not None and self._cursor and len(self.trades.rows) < TAPE_LIMIT:
            cursor, self._cursor = self._cursor, None
            self._start(run(self, self._queries.trades(self.mint, cursor), self._add_older))

    @Slot()
    def fetch_metadata(self) -> None:
        """Asks the node to fetch what the uri holds."""
        if self._queries is None or not self.mint:
            return
        self.about.show_fetching()
        self._start(
            run(self, self._queries.metadata(self.mint), self._show_metadata, lambda e: self.about.show_failure(str(e)))
        )

    # --- answers ---

    def _show_launch(self, launch: LaunchView) -> None:
        self._launch = launch
        self.units.quote_decimals, self.units.token_decimals = launch.quote_decimals, launch.token_decimals
        self.units.quote_symbol = words.remote(launch.quote_symbol, 8)
        self.units.creator = launch.creator or ""
        self.header.show_launch(launch, self._now())

    def _show_token(self, token: TokenView) -> None:
        self._show_launch(token.launch)
        decimals = token.launch.token_decimals
        if token.supply_base is not None and decimals is not None:
            self._supply_f64 = int(token.supply_base) / 10**decimals
        self.measure.setEnabled(self._supply_f64 is not None)
        self.about.show_token(token)
        if token.holders and not self.holders.rows:
            self._show_holders(
                HolderPage(
                    items=token.holders, total=token.launch.holders or len(token.holders), note=token.holders_note
                )
            )
        self._show_ghosts(token.ghosts)
        self._gaps = token.gaps
        if self.chart is not None:
            self._show_bands()

    def _show_missing(self, error: BaseException) -> None:
        again = Button(tr(_C, "Ask again"), "primary")
        again.clicked.connect(lambda: self.open(self.mint, self._queries, self._launch))
        back = Button(tr(_C, "Back to Launches"))
        back.clicked.connect(self.back_asked)
        self.page.show_state("token", "warn", tr(_C, "This token cannot be shown"), [str(error)], [again, back])
        self._stack.setCurrentIndex(1)

    def _show_candles(self, page: CandlePage) -> None:
        if page.interval != self.interval or page.mint != self.mint:
            return
        self._show_ghosts(page.ghosts)
        if not self._length_chosen and 0 < len(page.items) < FEW_BARS and self.intervals.current:
            # Nearly everything happened at once: shorter bars show more of it.
            self.intervals.choose(self.intervals.current - 1)
            self._ask_candles()
            return
        if self.chart is None:
            # NumPy and pyqtgraph take longer to load than a frame may.
            self._start(run(self, _load_chart(), lambda _: self._chart_loaded(page)))
            return
        if not page.items:
            title, why = tr(_C, "No trade to draw yet"), tr(_C, "The first bar appears with the first trade.")
            self._chart_page.show_state("token", "text3", title, [why])
            self._chart_stack.setCurrentIndex(1)
            self.chart.show_bars([], self.interval, 1.0, "")
            return
        self.chart.show_bars(page.items, self.interval, *self._measure_of())
        self._chart_stack.setCurrentIndex(0)
        self._note_chart()
        self._draw_ghosts()

    def _candles_failed(self, error: BaseException) -> None:
        again = Button(tr(_C, "Ask again"), "primary")
        again.clicked.connect(self._ask_candles)
        self._chart_page.show_state("warn", "warn", tr(_C, "The bars could not be read"), [str(error)], [again])
        self._chart_stack.setCurrentIndex(1)

    def _chart_loaded(self, page: CandlePage) -> None:
        self._make_chart()
        self._show_candles(page)

    def _make_chart(self) -> None:
        if self.chart is not None:
            return
        from fluxdesk.desktop.screens.token.chart import CandleChart

        self.chart = CandleChart()
        self._chart_box.addWidget(self.chart)
        self._show_bands()
        self.setTabOrder(self.measure, self.chart)
        self.chart_made.emit()

    def _measure_of(self) -> tuple[float, str]:
        if self.measure.current == 1 and self._supply_f64:
            return self._supply_f64, self.units.quote_symbol
        return 1.0, self.units.quote_symbol

    @Slot()
    def _show_measure(self) -> None:
        if self.chart is not None:
            self.chart.show_factor(*self._measure_of())
            self._note_chart()

    def _note_chart(self) -> None:
        if self.chart is not None:
            self.chart.setAccessibleDescription(self.chart.summary())
        unit = self.units.quote_symbol
        self._chart_note.set(tr(_C, "in {unit}, local time", unit=unit) if unit else tr(_C, "local time"))

    def _show_bands(self) -> None:
        from fluxdesk.desktop.screens.token.chart import Band

        assert self.chart is not None
        bands = []
        for gap in self._gaps:
            opened = gap.opened_wall_ns / 1e9
            # A slot takes about 0.4 s; the gap's own slots say how long it was.
            bands.append(Band(opened - (gap.to_slot - gap.from_slot + 1) * 0.4, opened, gap_words(gap)))
        self.chart.show_bands(bands)

    def _show_ghosts(self, ghosts: int) -> None:
        self._ghosts.set(
            plural(_C, ghosts, "· {n} ghost print left out", "· {n} ghost prints left out") if ghosts else ""
        )
        self._ghosts.setToolTip(tr(_C, "Prints far off the market. Open one in the tape to read why it is left out."))
        self._show_ghosts_button.setVisible(bool(ghosts))

    @Slot()
    def _draw_ghosts(self) -> None:
        """Marks the ghost prints of the tape in the chart, or takes the marks away."""
        shown = self._show_ghosts_button.isChecked()
        self._show_ghosts_button.setText(tr(_C, "Hide") if shown else tr(_C, "Show"))
        if self.chart is not None:
            found = [t for t in self.trades.rows if shown and t.ghost and t.price_f64 is not None]
            self.chart.show_ghosts([(t.time_s or t.seen_wall_ns / 1e9, t.price_f64 or 0.0) for t in found])

    def _show_trades(self, page: TradePage) -> None:
        self.trades.append(page.items)
        self._cursor = page.next_cursor
        self._trades_note.set(tr(_C, "live, newest first") if self.trades.rows else "", "text3")
        self.trade_grid.show_note(tr(_C, "No trade seen yet"))

    def _add_older(self, page: TradePage) -> None:
        self.trades.append(page.items)
        self._cursor = page.next_cursor

    def _trades_failed(self, error: BaseException) -> None:
        self._trades_note.set("")
        self.trade_grid.show_note(str(error))

    def _show_holders(self, page: HolderPage) -> None:
        self.units.largest_share = max((holder.share_f64 or 0.0 for holder in page.items), default=1.0)
        self.holders.update(page.items)
        self.holder_grid.show_note(tr(_C, "No holder known yet"))
        self._holders_title.set(tr(_C, "Holders {n}", n=words.count(page.total)))
        self._holders_note.set(page.note)

    def _show_metadata(self, found: MetadataView) -> None:
        if found.mint == self.mint:
            self.about.show_metadata(found)

    def _open_trade(self, row: int) -> None:
        if 0 <= row < len(self.trades.rows):
            trade = self.trades.rows[row]
            self.raw_asked.emit(trade.signature, trade.ghost or "")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The panel at the right leaves when the chart would be too narrow."""
        super().resizeEvent(event)
        roomy = self.width() >= look().px(ABOUT_FROM)
        self.about.setVisible(roomy)
        self._about_rule.setVisible(roomy)


async def _load_chart() -> None:
    """NumPy and pyqtgraph take longer to load than a frame may, so a thread loads them."""
    import asyncio
    import importlib

    await asyncio.to_thread(importlib.import_module, "fluxdesk.desktop.screens.token.chart")


def _titled(title: Label, note: Label) -> QWidget:
    made = box(hbox(title, (note, 1), margins=(INSET, 0, INSET, 0)))
    made.setFixedHeight(look().px(32))
    note.setAlignment(RIGHT)
    return made
