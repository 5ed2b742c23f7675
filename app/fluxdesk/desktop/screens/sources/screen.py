"""Where the data comes from: every source with state, lag and counts, and every gap that is open or was just filled."""

from collections.abc import Sequence

from fluxdesk.core.views import GapView, SourcesFrame, SourceView
from fluxdesk.desktop import words
from fluxdesk.desktop.endpoints import BadEndpoint, check_endpoint, without_secrets
from fluxdesk.desktop.i18n import plural, tr
from fluxdesk.desktop.qt import QLineEdit, QStackedWidget, QWidget, Signal, Slot
from fluxdesk.desktop.state import NodeState
from fluxdesk.desktop.theme import look, set_role
from fluxdesk.desktop.tokens import BAR, HEADER
from fluxdesk.desktop.widgets.basics import Button, Label, box, clear, frame, hbox, rule, vbox
from fluxdesk.desktop.widgets.grid import Cell, Grid, GridColumn, GridModel
from fluxdesk.desktop.widgets.state_page import StatePage
from fluxdesk.desktop.widgets.stopped import show_stopped

_C = "Sources"
ROW = 36


def state_word(source: SourceView) -> str:
    """A state in a word."""
    return {
        "connecting": tr(_C, "connecting"),
        "up": tr(_C, "up"),
        "slow": tr(_C, "slow"),
        "down": tr(_C, "down"),
        "done": tr(_C, "read to the end"),
        "paused": tr(_C, "paused"),
    }[source.state]


def _count(number: int, tone: str = "text1") -> Cell:
    return Cell(words.count(number), tone if number else "text3")


def source_columns() -> tuple[GridColumn[SourceView], ...]:
    """Columns of the sources."""
    kinds = {
        "file": tr(_C, "recording"),
        "solana_ws": tr(_C, "Solana logs"),
        "solana_backfill": tr(_C, "Solana gap filling"),
        "evm_ws": tr(_C, "EVM logs"),
        "practice": tr(_C, "practice market"),
    }
    tones = {"up": "text1", "slow": "warn", "down": "sell", "paused": "warn"}
    return (
        GridColumn(
            tr(_C, "Source"),
            112,
            False,
            lambda s: Cell(words.remote(s.id, 24), kind="signal", text2=s.state, role="medium"),
        ),
        GridColumn(tr(_C, "Kind"), 116, False, lambda s: Cell(kinds.get(s.kind, s.kind), "text2")),
        GridColumn(
            tr(_C, "Endpoint"),
            0,
            False,
            lambda s: Cell(words.remote(s.endpoint, 120), "text2", "mono_micro"),
            tr(_C, "Without user name, password or key."),
            least=300,
        ),
        GridColumn(tr(_C, "State"), 112, False, lambda s: Cell(state_word(s), tones.get(s.state, "text2"))),
        GridColumn(
            tr(_C, "Lag"),
            60,
            True,
            lambda s: Cell(words.duration_ms(s.lag_ms), "text3" if s.lag_ms is None else "text1"),
            tr(_C, "Arrival minus block time of the newest event; the round trip of a ping while that is unknown."),
        ),
        GridColumn(
            tr(_C, "Slot"), 96, True, lambda s: Cell("–" if s.last_slot is None else f"{s.last_slot:,}", "text2")
        ),
        GridColumn(
            tr(_C, "Decoded"),
            72,
            True,
            lambda s: _count(s.decoded),
            tr(_C, "Rows the decoders read: launches, trades, pools, liquidity, migrations."),
        ),
        GridColumn(
            tr(_C, "Unknown"),
            72,
            True,
            lambda s: _count(s.unknown, "text2"),
            tr(_C, "What no layout table names. Never guessed at."),
        ),
        GridColumn(
            tr(_C, "Refused"),
            72,
            True,
            lambda s: _count(s.refused, "text2"),
            tr(_C, "Failed transactions, and bytes that break their format."),
        ),
        GridColumn(
            tr(_C, "First"),
            72,
            True,
            lambda s: _count(s.first_seen),
            tr(_C, "Facts this source delivered before every other."),
        ),
        GridColumn(tr(_C, "Reconnects"), 84, True, lambda s: _count(s.reconnects, "text2")),
        GridColumn(tr(_C, "Open gaps"), 76, True, lambda s: _count(s.open_gaps, "warn")),
    )


def source_sentence(source: SourceView) -> str:
    """What a screen reader says about a source."""
    return tr(
        _C,
        "{id}, {state}, lag {lag}, {decoded} decoded, {unknown} unknown, {refused} refused, {gaps} open "
        "gaps. {message}",
        id=words.remote(source.id, 24),
        state=state_word(source),
        lag=words.duration_ms(source.lag_ms),
        decoded=source.decoded,
        unknown=source.unknown,
        refused=source.refused,
        gaps=source.open_gaps,
        message=words.remote(source.message, 200),
    )


def gap_columns() -> tuple[GridColumn[GapView], ...]:
    """Columns of the gaps."""
    return (
        GridColumn(
            tr(_C, "Source"),
            112,
            False,
            lambda g: Cell(
                words.remote(g.source, 24), role="medium", kind="signal", text2="done" if g.filled_by else "slow"
            ),
        ),
        GridColumn(tr(_C, "Since"), 84, False, lambda g: Cell(words.clock(g.opened_wall_ns / 1e9), "text2")),
        GridColumn(tr(_C, "From slot"), 112, True, lambda g: Cell(f"{g.from_slot:,}", "text1")),
        GridColumn(tr(_C, "To slot"), 112, True, lambda g: Cell(f"{g.to_slot:,}", "text1")),
        GridColumn(tr(_C, "Slots"), 72, True, lambda g: Cell(f"{g.to_slot - g.from_slot + 1:,}", "text1")),
        GridColumn(
            tr(_C, "Filled by"),
            132,
            False,
            lambda g: Cell(
                words.remote(g.filled_by, 24) if g.filled_by else tr(_C, "nobody, open"),
                "text2" if g.filled_by else "warn",
            ),
        ),
        GridColumn(tr(_C, "Why"), 0, False, lambda g: Cell(words.remote(g.reason, 120), "text3"), least=400),
    )


class EndpointEditor(QWidget):
    """Adds and removes endpoints of the live mode.

    Signals:
        changed: The list of endpoints to save.
    """

    changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._endpoints: tuple[str, ...] = ()
        self.line = QLineEdit()
        self.line.setPlaceholderText("wss://…")
        self.line.setAccessibleName(tr(_C, "New Solana endpoint"))
        self.line.setMaxLength(400)
        set_role(self.line, "mono_micro")
        self.add_button = Button(tr(_C, "Add endpoint"), icon="plus", role="small")
        self.message = Label("", "small", "warn", wrap=True)
        self.message.hide()
        self._rows = vbox(gap=4)
        self.setLayout(vbox(self._rows, hbox((self.line, 1), self.add_button), self.message, gap=8))
        self.add_button.clicked.connect(self._add)
        self.line.returnPressed.connect(self._add)
        self.line.textChanged.connect(self._typed)

    def show_endpoints(self, endpoints: Sequence[str]) -> None:
        """Shows what is saved."""
        self._endpoints = tuple(endpoints)
        clear(self._rows)
        for endpoint in self._endpoints:
            remove = Button(
                "",
                "ghost",
                "trash",
                tip=tr(_C, "Remove {endpoint}", endpoint=words.remote(without_secrets(endpoint), 80)),
            )
            remove.setProperty("endpoint", endpoint)
            remove.clicked.connect(self._remove)
            shown = Label(words.remote(without_secrets(endpoint), 160), "mono_micro", "text2", elide=True)
            self._rows.addLayout(hbox((shown, 1), remove))
        if not endpoints:
            self._rows.addWidget(Label(tr(_C, "No endpoint: nothing is received. Add one."), "small", "warn"))

    @Slot(str)
    def _typed(self, typed: str) -> None:
        self.message.hide()

    @Slot()
    def _add(self) -> None:
        try:
            endpoint = check_endpoint(self.line.text())
            if endpoint in self._endpoints:
                raise BadEndpoint(tr(_C, "This endpoint is in the list already."))
        except BadEndpoint as error:
            self.message.set(str(error))
            self.message.show()
            return
        self.line.clear()
        self.changed.emit((*self._endpoints, endpoint))

    def _remove(self) -> None:
        button = self.sender()
        if isinstance(button, Button):
            gone = str(button.property("endpoint"))
            self.changed.emit(tuple(one for one in self._endpoints if one != gone))


class SourcesScreen(QWidget):
    """Sources and gaps.

    Signals:
        endpoints_changed: The list of Solana endpoints to save.
        mode_asked: Choose another mode.
        restart_asked: Restart the node now, so that a change takes effect.
        start_asked, log_asked: As on the Launches screen.
    """

    endpoints_changed = Signal(object)
    mode_asked = Signal()
    restart_asked = Signal()
    start_asked = Signal()
    log_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._state: NodeState | None = None
        self._mode = "practice"
        self._has_data = False
        self.sources: GridModel[SourceView] = GridModel(source_columns(), lambda s: s.id, source_sentence)
        self.grid = Grid(self.sources, tr(_C, "Sources"), ROW, lines=True)
        self.gaps: GridModel[GapView] = GridModel(
            gap_columns(),
            lambda g: (g.source, g.from_slot, g.opened_wall_ns),
            lambda g: tr(_C, "{source} missed slots {a} to {b}", source=g.source, a=g.from_slot, b=g.to_slot),
        )
        self.gap_grid = Grid(self.gaps, tr(_C, "Gaps"), 28)
        self.summary = Label("", "small", "text2", elide=True)
        self._explain = Label("", "small", "text3", wrap=True)
        self._message = Label("", "small", "warn", wrap=True)
        self._gap_note = Label("", "small", "text3", elide=True)
        self._mode_button = Button(tr(_C, "Change mode"), role="small", tip=tr(_C, "Practice, live or a recording"))
        self.editor = EndpointEditor()
        self._editor_box = box(
            vbox(
                rule(),
                box(vbox(Label(tr(_C, "Solana endpoints"), "strong"), self.editor, margins=(16, 12, 16, 12))),
                gap=0,
            )
        )
        self._restart_note = Label(
            tr(_C, "Saved. The node reads its endpoints when it starts."), "small", "text1", wrap=True
        )
        restart = Button(tr(_C, "Restart the node"), "primary", role="small")
        self.restart_bar = box(
            vbox(frame("warn", hbox((self._restart_note, 1), restart, margins=(12, 6, 6, 6))), margins=(16, 8, 16, 8))
        )
        self.restart_bar.hide()
        restart.clicked.connect(self.restart_asked)
        self.page = StatePage()
        self._compose()
        self._mode_button.clicked.connect(self.mode_asked)
        self.editor.changed.connect(self.endpoints_changed)
        self.grid.selectionModel().currentRowChanged.connect(self._say_message)

    def _compose(self) -> None:
        head = box(hbox((self.summary, 1), self._mode_button, margins=(16, 0, 16, 0)))
        head.setFixedHeight(look().px(BAR))
        gap_head = box(hbox(Label(tr(_C, "Gaps"), "strong"), (self._gap_note, 1), margins=(16, 0, 16, 0)))
        gap_head.setFixedHeight(look().px(36))
        explain = box(vbox(self._message, self._explain, gap=4, margins=(16, 8, 16, 10)))
        body = frame(
            "flat",
            vbox(
                head,
                rule(),
                self.restart_bar,
                self.grid,
                explain,
                self._editor_box,
                rule(),
                gap_head,
                (self.gap_grid, 1),
                None,
                gap=0,
            ),
        )
        self._stack = QStackedWidget()
        self._stack.addWidget(body)
        self._stack.addWidget(frame("flat", vbox(self.page)))
        self.setLayout(vbox(self._stack, gap=0))
        self.home: QWidget = self.grid

    # --- what the window calls ---

    def apply(self, news: SourcesFrame) -> None:
        """Takes the health of all sources in."""
        self._has_data = True
        self.sources.update(news.sources)
        self.gaps.update(sorted(news.gaps, key=lambda g: (g.filled_by is not None, -g.opened_wall_ns)))
        up = sum(1 for source in news.sources if source.state == "up")
        done = sum(1 for source in news.sources if source.state == "done")
        open_gaps = sum(1 for gap in news.gaps if gap.filled_by is None)
        parts = [plural(_C, len(news.sources), "{n} source", "{n} sources")]
        if up or not done:
            parts.append(tr(_C, "{n} delivering", n=up))
        if done:
            parts.append(tr(_C, "{n} read to the end", n=done))
        self.summary.set(f"{', '.join(parts)} · {plural(_C, open_gaps, '{n} open gap', '{n} open gaps')}")
        self._gap_note.set(
            tr(_C, "open, or filled within the last hour")
            if news.gaps
            else tr(_C, "No source has missed a slot in the last hour.")
        )
        self._say_message()
        self.gap_grid.setVisible(bool(news.gaps))
        self._fit_grid()
        self._refresh()

    def _fit_grid(self) -> None:
        """The table is as high as its rows, up to ten; the gaps follow right under it."""
        rows = max(1, min(10, len(self.sources.rows)))
        self.grid.setFixedHeight(look().px(HEADER - 6) + rows * look().px(ROW) + 2)

    def restyle(self) -> None:
        """Takes the height of the table from the text scale in force."""
        self._fit_grid()

    def set_state(self, state: NodeState, mode: str, launches: int) -> None:
        """Says how the node is and in which mode it runs."""
        self._state, self._mode = state, mode
        self._editor_box.setVisible(mode == "live")
        self._explain.set(
            {
                "practice": tr(
                    _C,
                    "Practice: one local source. It writes launches and trades in the programs' own byte "
                    "formats; no network is used.",
                ),
                "live": tr(
                    _C,
                    "Live: a free endpoint delivers logs only, late and with limits. What it leaves out is "
                    "marked as a gap, and filled where the endpoint allows it.",
                ),
                "replay": tr(
                    _C,
                    "Replay: recordings are read once, through the same journal and decoders. Reading them "
                    "twice changes nothing.",
                ),
            }[mode]
        )
        if state.phase == "stopped":
            show_stopped(self.page, state, launches, self.start_asked.emit, self.log_asked.emit)
        self._refresh()

    def forget(self) -> None:
        """Another profile is opened."""
        self._has_data = False
        self.sources.reset([])
        self.gaps.reset([])
        self._refresh()

    def show_endpoints(self, endpoints: Sequence[str]) -> None:
        """The endpoints as saved."""
        self.editor.show_endpoints(endpoints)

    def offer_restart(self, needed: bool) -> None:
        """Says that a saved change waits for a restart."""
        self.restart_bar.setVisible(needed)

    # --- inside ---

    def _say_message(self) -> None:
        row = self.grid.currentIndex().row()
        told = [s for s in self.sources.rows if s.message]
        chosen = self.sources.rows[row] if 0 <= row < len(self.sources.rows) else None
        source = chosen if chosen is not None and chosen.message else told[0] if told else None
        self._message.set(
            "" if source is None else f"{words.remote(source.id, 24)}: {words.remote(source.message, 300)}"
        )
        tone = "warn" if source is not None and source.state in ("slow", "down", "paused") else "text2"
        self._message.set(self._message.words, tone)
        self._message.setVisible(source is not None)

    def _refresh(self) -> None:
        state = self._state
        if state is not None and state.phase == "stopped":
            self._stack.setCurrentIndex(1)
        elif not self._has_data:
            self.page.show_state(
                "sources",
                "text3",
                tr(_C, "Asking the node about its sources"),
                [tr(_C, "The list appears when it answers.")],
            )
            self._stack.setCurrentIndex(1)
        elif not self.sources.rows:
            choose = Button(tr(_C, "Choose a mode"), "primary")
            choose.clicked.connect(self.mode_asked)
            self.page.show_state(
                "sources",
                "warn",
                tr(_C, "The node has no source"),
                [tr(_C, "Nothing is recorded until it has one: practice, an endpoint, or a recording.")],
                [choose],
            )
            self._stack.setCurrentIndex(1 if self._mode != "live" else 0)
        else:
            self._stack.setCurrentIndex(0)
