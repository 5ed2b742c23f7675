"""The Launches screen put together: filter bar, table or state page, detail panel."""

from fluxdesk.core.views import LaunchesFrame, LaunchView
from fluxdesk.desktop import words
from fluxdesk.desktop.filters import Filter
from fluxdesk.desktop.i18n import plural, tr
from fluxdesk.desktop.qt import QResizeEvent, QStackedWidget, QWidget, Signal, Slot
from fluxdesk.desktop.screens.launches.columns import TABS
from fluxdesk.desktop.screens.launches.detail import DetailPanel
from fluxdesk.desktop.screens.launches.filter_bar import FilterBar
from fluxdesk.desktop.screens.launches.model import LaunchModel
from fluxdesk.desktop.screens.launches.table import LaunchTable
from fluxdesk.desktop.state import NodeState
from fluxdesk.desktop.theme import look
from fluxdesk.desktop.widgets.basics import Button, Label, box, frame, hbox, rule, vbox
from fluxdesk.desktop.widgets.state_page import StatePage
from fluxdesk.desktop.widgets.stopped import show_stopped

_C = "Launches"
DETAIL_FROM = 1060
"""Below this width, at 100 % text, the detail panel leaves the room to the table."""


class LaunchesScreen(QWidget):
    """Everything launched, as it happens.

    Signals:
        opened: Mint to show on the Token screen.
        copied: Text for the clipboard, and what it is.
        raw_asked: Mint whose launch transaction is wanted.
        start_asked: Start the node now.
        log_asked: Show the node's log.
        sources_asked: Show the Sources screen.
        filters_changed: Filters in force, for the next start to remember.
    """

    opened = Signal(str)
    copied = Signal(str, str)
    raw_asked = Signal(str)
    start_asked = Signal()
    log_asked = Signal()
    sources_asked = Signal()
    filters_changed = Signal(object)

    def __init__(self, model: LaunchModel) -> None:
        super().__init__()
        self.model = model
        self.bar = FilterBar()
        self.table = LaunchTable(model)
        self.detail = DetailPanel()
        self._state: NodeState | None = None
        self._mode = "practice"
        self._hint = Label("", "small", "text2")
        self._hint_right = Label("", "small", "text3")
        self._hint_bar = frame(
            "flat", vbox(hbox(self._hint, None, self._hint_right, margins=(16, 7, 16, 7)), rule(), gap=0)
        )
        self._hint_bar.hide()
        self.page = StatePage()
        self._stack = QStackedWidget()
        self._stack.addWidget(box(vbox(self._hint_bar, (self.table, 1), gap=0)))
        self._stack.addWidget(frame("flat", vbox(self.page)))
        self._detail_rule = rule("v")
        left = box(vbox(self.bar, rule(), (self._stack, 1), gap=0))
        self.setLayout(hbox((left, 1), self._detail_rule, self.detail, gap=0))
        self.home: QWidget = self.table
        self._connect()
        self._refresh()

    def _connect(self) -> None:
        self.bar.tab_chosen.connect(self.show_tab)
        self.bar.filters_changed.connect(self._filter)
        self.bar.searched.connect(self.model.set_needle)
        self.bar.pause_asked.connect(self.toggle_pause)
        self.bar.done.connect(self.table.setFocus)
        self.table.picked.connect(self._pick)
        self.table.opened.connect(self.opened)
        self.table.hold_changed.connect(self._note)
        self.detail.open_asked.connect(self.opened)
        self.detail.copy_asked.connect(self.copied)
        self.detail.raw_asked.connect(self.raw_asked)
        self.model.summarised.connect(self._refresh)
        self.model.dataChanged.connect(self._update_detail)

    # --- what the window calls ---

    def apply(self, frame_: LaunchesFrame) -> None:
        """Takes a change set in."""
        self.model.apply(frame_)

    def set_state(self, state: NodeState, mode: str) -> None:
        """Says how the node is; rows never look live when it is not."""
        self._state, self._mode = state, mode
        self._refresh()

    @Slot(str)
    def show_tab(self, tab: str) -> None:
        """Shows another stage."""
        self.bar.tabs.choose(TABS.index(tab))
        self.model.show_tab(tab)

    def next_tab(self, by: int) -> None:
        """Shows the stage beside the current one."""
        self.show_tab(TABS[(TABS.index(self.model.tab) + by) % len(TABS)])

    @Slot()
    def toggle_pause(self) -> None:
        """Holds the list, or lets it go on."""
        self.table.set_paused(not self.table.paused)
        self.bar.set_paused(self.table.paused)
        self._note()

    def current(self) -> LaunchView | None:
        """The selected launch."""
        return self.model.get(self.detail.mint) if self.detail.mint else None

    # --- inside ---

    @Slot(object)
    def _filter(self, filters: tuple[Filter, ...]) -> None:
        self.model.set_filters(filters)
        self.filters_changed.emit(filters)

    @Slot(str)
    def _pick(self, mint: str) -> None:
        self.detail.show_launch(self.model.get(mint) if mint else None, self.model.now())

    def _update_detail(self) -> None:
        if self.detail.mint in self.model.changed:
            self.detail.show_launch(self.model.get(self.detail.mint), self.model.now())

    @Slot()
    def _note(self) -> None:
        known, matched = self.model.known, self.model.matched
        state = self._state
        if state is not None and state.phase in ("stopped", "silent"):
            said = tr(_C, "{n} match · not live", n=words.count(matched))
        elif not known:
            said = ""
        elif self.table.paused or self.model.held:
            waiting = self.model.waiting
            why = tr(_C, "paused") if self.table.paused else tr(_C, "still while the pointer is here")
            said = tr(_C, "{why} · {n} waiting", why=why, n=words.count(waiting)) if waiting else why
        elif self.model.filters or self.model.needle:
            said = tr(_C, "{n} match · {hidden} hidden", n=words.count(matched), hidden=words.count(known - matched))
        else:
            said = plural(_C, known, "{n} launch", "{n} launches")
        self.bar.note.set(said)

    @Slot()
    def _refresh(self) -> None:
        state = self._state
        loading = state is not None and state.phase in ("starting", "reading") and not self.model.known
        self.bar.show_counts(None if loading or state is None else self.model.counts())
        self._note()
        self.table.set_loading(loading or state is None)
        self._hint_bar.setVisible(loading)
        if state is not None and state.phase == "stopped":
            self._show_stopped(state)
        elif loading and state is not None:
            self._show_loading(state)
        elif state is not None and not self.model.rowCount():
            self._show_empty(state)
        else:
            self._stack.setCurrentIndex(0)
        self._show_detail()

    def _show_stopped(self, state: NodeState) -> None:
        show_stopped(self.page, state, self.model.known, self.start_asked.emit, self.log_asked.emit)
        self._stack.setCurrentIndex(1)

    def _show_loading(self, state: NodeState) -> None:
        self._stack.setCurrentIndex(0)
        if state.phase == "starting":
            self._hint.set(tr(_C, "Starting the node"))
            self._hint_right.set(tr(_C, "attempt {n}", n=state.tries) if state.tries > 1 else "")
        elif state.done is not None and state.total:
            self._hint.set(
                tr(
                    _C,
                    "Reading the journal: {done} of {total} events",
                    done=f"{state.done:,}",
                    total=f"{state.total:,}",
                )
            )
            self._hint_right.set("")
        else:
            self._hint.set(tr(_C, "Reading the launches the node knows"))
            self._hint_right.set("")

    def _show_empty(self, state: NodeState) -> None:
        self._stack.setCurrentIndex(1)
        if self.model.needle:
            clear = Button(tr(_C, "Empty the search"), "primary")
            clear.clicked.connect(self.bar.search.clear)
            self.page.show_state(
                "search",
                "accent",
                tr(_C, "Nothing here holds “{words}”", words=words.remote(self.model.needle, 32)),
                [
                    tr(_C, "Searched: the {n} launches in memory.", n=words.count(self.model.known)),
                    tr(_C, "Ctrl K searches everything the node has stored."),
                ],
                [clear],
            )
        elif self.model.filters and self.model.in_tab():
            self._show_filtered_out()
        elif self.model.known:
            self._show_other_tab()
        else:
            self._show_none_yet(state)

    def _show_filtered_out(self) -> None:
        total = self.model.in_tab()
        hidden = self.model.hidden_by()
        worst = max(hidden, key=lambda one: hidden[one])
        softer = worst.loosened()
        buttons = []
        if softer is not None:
            loosen = Button(tr(_C, "Change to {filter}", filter=softer.text), "primary")
            loosen.clicked.connect(lambda: self.bar.add(softer))
            buttons.append(loosen)
        everything = Button(tr(_C, "Clear filters"), "" if buttons else "primary")
        everything.clicked.connect(lambda: self.bar.set_filters(()))
        self.page.show_state(
            "filter",
            "accent",
            tr(_C, "No launch matches your filters"),
            [
                tr(
                    _C,
                    "{n} launches are under this tab; {filter} alone hides {hidden} of them.",
                    n=words.count(total),
                    filter=worst.text,
                    hidden=words.count(hidden[worst]),
                ),
                tr(_C, "New matches appear here by themselves."),
            ],
            [*buttons, everything],
        )

    def _show_other_tab(self) -> None:
        counts = self.model.counts()
        fullest = max(counts, key=lambda tab: counts[tab])
        title = {
            "new": tr(_C, "No launch is early on its curve"),
            "final": tr(_C, "No launch is on its final stretch"),
            "graduated": tr(_C, "No launch has graduated yet"),
        }[self.model.tab]
        why = {
            "new": tr(_C, "Here stand launches below 80% of their curve."),
            "final": tr(_C, "Here stand launches from 80% of their curve until they have a pool."),
            "graduated": tr(_C, "Here stand tokens with a pool of their own, after a curve or without one."),
        }[self.model.tab]
        back = Button(tr(_C, "Show all {n} others", n=words.count(counts[fullest])), "primary")
        back.clicked.connect(lambda: self.show_tab(fullest))
        self.page.show_state("launches", "accent", title, [why, tr(_C, "They appear here by themselves.")], [back])

    def _show_none_yet(self, state: NodeState) -> None:
        sources = Button(tr(_C, "Look at the sources"), "primary")
        sources.clicked.connect(self.sources_asked)
        if state.phase == "silent":
            lines = [
                tr(_C, "The node runs but has said nothing since {time}.", time=words.clock(state.since_s)),
                tr(_C, "What it records meanwhile is shown when it answers again."),
            ]
            self.page.show_state("unplug", "warn", tr(_C, "Waiting for the node"), lines, [sources])
            return
        lines = {
            "practice": [tr(_C, "The practice market launches its first token within seconds.")],
            "live": [
                tr(_C, "The node listens; the first launch appears here when an endpoint delivers it."),
                tr(_C, "Sources shows whether the endpoints answer."),
            ],
            "replay": [tr(_C, "The recording holds no launch so far. Sources shows how far it was read.")],
        }[self._mode]
        self.page.show_state("launches", "accent", tr(_C, "No launch yet"), lines, [sources])

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The detail panel leaves when the table would be too narrow."""
        super().resizeEvent(event)
        self._show_detail()

    def _show_detail(self) -> None:
        paged = self._stack.currentIndex() == 1 and not self.detail.mint
        roomy = self.width() >= look().px(DETAIL_FROM) and not paged
        self.detail.setVisible(roomy)
        self._detail_rule.setVisible(roomy)
