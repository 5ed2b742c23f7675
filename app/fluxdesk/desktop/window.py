"""The main window: mode strip, rail, top bar, the screens, status bar, palette and messages.

It shows what it is given and says what the user asked for; starting, stopping and saving belong to `app`.
"""

import time
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from fluxdesk.core.settings import Settings
from fluxdesk.core.views import (
    LaunchesFrame,
    SearchHit,
    SourcesFrame,
    StatusView,
    TokenFrame,
    TransactionView,
)
from fluxdesk.desktop import words
from fluxdesk.desktop.feed import Queries
from fluxdesk.desktop.i18n import plural, tr
from fluxdesk.desktop.keys import Commands
from fluxdesk.desktop.operation import run
from fluxdesk.desktop.qt import (
    QCloseEvent,
    QDesktopServices,
    QGuiApplication,
    QStackedWidget,
    Qt,
    QUrl,
    QWidget,
    Signal,
    Slot,
)
from fluxdesk.desktop.screens.launches.model import LaunchModel
from fluxdesk.desktop.screens.launches.screen import LaunchesScreen
from fluxdesk.desktop.state import NodeState
from fluxdesk.desktop.status import figures, lamps
from fluxdesk.desktop.theme import dress
from fluxdesk.desktop.tokens import SMALLEST
from fluxdesk.desktop.widgets.basics import box, frame, hbox, rule, vbox
from fluxdesk.desktop.widgets.mode import ModeStrip
from fluxdesk.desktop.widgets.overlay import Overlay, Toast
from fluxdesk.desktop.widgets.rail import Place, Rail
from fluxdesk.desktop.widgets.status_bar import Figure, StatusBar
from fluxdesk.desktop.widgets.top_bar import TopBar
from fluxdesk.desktop.window_commands import commands_of

if TYPE_CHECKING:
    from fluxdesk.core.wallet_views import ChainView
    from fluxdesk.desktop.agent_facts import Account, AgentState
    from fluxdesk.desktop.agent_link import AgentLink
    from fluxdesk.desktop.help import KeysPanel
    from fluxdesk.desktop.node_link import NodeLink
    from fluxdesk.desktop.palette import Palette
    from fluxdesk.desktop.screens.first_run import FirstRun
    from fluxdesk.desktop.screens.settings.screen import SettingsScreen
    from fluxdesk.desktop.screens.sources.screen import SourcesScreen
    from fluxdesk.desktop.screens.token.raw_dialog import RawPanel
    from fluxdesk.desktop.screens.token.screen import TokenScreen
    from fluxdesk.desktop.screens.wallet.receive import Receive
    from fluxdesk.desktop.screens.wallet.screen import WalletScreen

_C = "Window"
Mode = Literal["practice", "live", "replay"]


class MainWindow(QWidget):
    """The one window.

    Signals:
        mode_chosen: A `Choice` from the first window.
        start_asked, restart_asked, quit_asked: What they say, for the node or the whole program.
        setting_edited: Key and value to save.
        endpoints_edited: Solana endpoints to save.
        watch_asked: Mint whose live changes are wanted; empty for none.
        log_asked, folder_asked: Show the log or the data folder.
        closing: The user closes the window; the receiver decides whether the program goes on.
        activated: The window got the attention of the user.
        filters_changed: Filters to remember.
        lock_asked: Lock the agent.
        accounts_listed: The wallet's accounts, whenever they were read.
    """

    mode_chosen = Signal(object)
    start_asked = Signal()
    restart_asked = Signal()
    quit_asked = Signal()
    setting_edited = Signal(str, object)
    endpoints_edited = Signal(object)
    watch_asked = Signal(str)
    log_asked = Signal()
    folder_asked = Signal()
    closing = Signal(QCloseEvent)
    activated = Signal()
    filters_changed = Signal(object)
    lock_asked = Signal()
    accounts_listed = Signal(object)

    def __init__(self, mode: Mode, settings: Settings, now: Callable[[], float] = time.time) -> None:
        super().__init__()
        self.setWindowTitle("Fluxdesk")
        self.resize(*SMALLEST)
        self.mode: Mode = mode
        self.node = NodeState(phase="starting", since_s=now())
        self.queries: Queries | None = None
        self.status: StatusView | None = None
        self._sources: SourcesFrame | None = None
        self._round_trip_ms: float | None = None
        self._settings, self._where, self._restart_needed = settings, "", False
        self.agent: AgentState | None = None
        self._agent_link: AgentLink | None = None
        self._node_link: NodeLink | None = None
        self._now = now
        self.model = LaunchModel(self, now)
        self.launches = LaunchesScreen(self.model)
        self.rail = Rail(
            (
                Place("launches", "launches", tr(_C, "Launches"), "1"),
                Place("sources", "sources", tr(_C, "Sources"), "2"),
                Place("wallet", "wallet", tr(_C, "Wallet"), "4"),
                Place("settings", "settings", tr(_C, "Settings"), "3"),
            )
        )
        self.strip = ModeStrip(mode)
        self.top = TopBar(mode)
        self.bar = StatusBar()
        self.screens = QStackedWidget()
        self.screens.addWidget(self.launches)
        self._place = "launches"
        self._outer = QStackedWidget()
        main = vbox(self.top, rule(), (self.screens, 1), self.bar, gap=0)
        shell = box(vbox(self.strip, (box(hbox(self.rail, (frame("flat", main), 1), gap=0)), 1), gap=0))
        self._outer.addWidget(shell)
        self.setLayout(vbox(self._outer, gap=0))
        self.commands = Commands(self._covered)
        self.commands.add(commands_of(self))
        self.commands.bind(self, "anywhere")
        self.commands.bind(self.launches.table, "list")
        self.toast = Toast(self)
        self._connect()
        dress(self)
        self.set_mode(mode)
        self.go("launches")

    def _connect(self) -> None:
        self.rail.went.connect(self.go)
        self.top.search.clicked.connect(self.open_palette)
        self.top.mode_asked.connect(self.choose_mode)
        self.bar.clicked.connect(lambda: self.go("sources"))
        self.launches.opened.connect(self.open_token)
        self.launches.raw_asked.connect(self.show_launch_transaction)
        self.launches.sources_asked.connect(lambda: self.go("sources"))
        self.launches.filters_changed.connect(self.filters_changed)
        self.launches.copied.connect(self.copy)
        self.launches.start_asked.connect(self.start_asked)
        self.launches.log_asked.connect(self.log_asked)

    # --- what is built when it is first shown ---

    @cached_property
    def token(self) -> "TokenScreen":
        """The Token screen."""
        from fluxdesk.desktop.screens.token.screen import TokenScreen

        screen = TokenScreen(self._now)
        screen.back_asked.connect(self.leave_token)
        screen.raw_asked.connect(self.show_transaction)
        screen.link_asked.connect(self.open_link)
        screen.watch_asked.connect(self.watch_asked)
        screen.copied.connect(self.copy)
        screen.start_asked.connect(self.start_asked)
        screen.log_asked.connect(self.log_asked)
        screen.chart_made.connect(self._bind_chart)
        self.commands.bind(screen, "token")
        self.commands.bind(screen.trade_grid, "list")
        self.commands.bind(screen.holder_grid, "list")
        self.screens.addWidget(screen)
        screen.set_state(self.node, self.model.known)
        return screen

    @cached_property
    def sources(self) -> "SourcesScreen":
        """The Sources screen."""
        from fluxdesk.desktop.screens.sources.screen import SourcesScreen

        screen = SourcesScreen()
        screen.start_asked.connect(self.start_asked)
        screen.log_asked.connect(self.log_asked)
        screen.mode_asked.connect(self.choose_mode)
        screen.restart_asked.connect(self.restart_asked)
        screen.endpoints_changed.connect(self.endpoints_edited)
        self.screens.addWidget(screen)
        screen.show_endpoints(self._settings.lines("solana_rpc"))
        screen.offer_restart(self._restart_needed)
        screen.set_state(self.node, self.mode, self.model.known)
        if self._sources is not None:
            screen.apply(self._sources)
        return screen

    @cached_property
    def settings(self) -> "SettingsScreen":
        """The Settings screen."""
        from fluxdesk.desktop.screens.settings.screen import SettingsScreen

        screen = SettingsScreen()
        screen.edited.connect(self.setting_edited)
        screen.restart_asked.connect(self.restart_asked)
        screen.mode_asked.connect(self.choose_mode)
        screen.folder_asked.connect(self.folder_asked)
        self.screens.addWidget(screen)
        screen.show_settings(self._settings, self._where)
        screen.offer_restart(self._restart_needed)
        screen.set_node(None if self._node_link is None else self._node_link.wallet)
        return screen

    @cached_property
    def wallet(self) -> "WalletScreen":
        """The Wallet screen."""
        from fluxdesk.desktop.agent_facts import AgentState
        from fluxdesk.desktop.screens.wallet.screen import WalletScreen

        screen = WalletScreen(self._now)
        screen.left.connect(lambda: self.go("launches"))
        screen.said.connect(self.toast.say)
        screen.copied.connect(self.copy)
        screen.receive_asked.connect(self.show_receive)
        screen.listed.connect(self.accounts_listed)
        screen.setting_edited.connect(self.setting_edited)
        screen.balances.set_watched(self._settings.lines("tokens_watched"))
        self.screens.addWidget(screen)
        screen.set_link(self._agent_link)
        self._join_wallet(screen)
        screen.set_state(self.agent or AgentState())
        return screen

    @cached_property
    def receive_panel(self) -> "Receive":
        """The panel of an address."""
        from fluxdesk.desktop.screens.wallet.receive import Receive

        panel = Receive()
        panel.copied.connect(self.copy)
        return panel

    @cached_property
    def receive_overlay(self) -> Overlay:
        """An address over the window."""
        overlay = Overlay(self, self.receive_panel)
        self.receive_panel.close_asked.connect(overlay.close_panel)
        return overlay

    @cached_property
    def first_run(self) -> "FirstRun":
        """The first window."""
        from fluxdesk.desktop.screens.first_run import FirstRun

        endpoints = self._settings.lines("solana_rpc")
        screen = FirstRun(endpoints[0] if endpoints else "")
        screen.chosen.connect(self.mode_chosen)
        screen.left.connect(self.leave_first_run)
        self._outer.addWidget(screen)
        return screen

    @cached_property
    def palette_panel(self) -> "Palette":
        """The panel of the palette."""
        from fluxdesk.desktop.palette import Palette

        panel = Palette(self.commands, self._local_hits)
        panel.searched.connect(self._search)
        panel.token_chosen.connect(self._palette_token)
        panel.action_chosen.connect(self._palette_action)
        panel.command_chosen.connect(self._palette_command)
        return panel

    @cached_property
    def palette_overlay(self) -> Overlay:
        """The palette over the window."""
        overlay = Overlay(self, self.palette_panel, 96)
        self.palette_panel.cancelled.connect(overlay.close_panel)
        return overlay

    @cached_property
    def raw_panel(self) -> "RawPanel":
        """The panel of a raw transaction."""
        from fluxdesk.desktop.screens.token.raw_dialog import RawPanel

        panel = RawPanel()
        panel.copy_asked.connect(self.copy)
        return panel

    @cached_property
    def raw_overlay(self) -> Overlay:
        """The raw transaction over the window."""
        overlay = Overlay(self, self.raw_panel)
        self.raw_panel.close_asked.connect(overlay.close_panel)
        return overlay

    @cached_property
    def keys_panel(self) -> "KeysPanel":
        """The list of keys."""
        from fluxdesk.desktop.help import KeysPanel

        return KeysPanel(self.commands)

    @cached_property
    def keys_overlay(self) -> Overlay:
        """The list of keys over the window."""
        overlay = Overlay(self, self.keys_panel)
        self.keys_panel.close_asked.connect(overlay.close_panel)
        return overlay

    def _made(self, name: str) -> bool:
        return name in self.__dict__

    def _covered(self) -> bool:
        overlays = ("palette_overlay", "raw_overlay", "keys_overlay", "receive_overlay")
        return any(self._made(name) and getattr(self, name).isVisible() for name in overlays)

    def _bind_chart(self) -> None:
        if self.token.chart is not None:
            self.commands.bind(self.token.chart, "chart")

    # --- where we are ---

    @property
    def place(self) -> str:
        """Name of the screen shown; `first_run` for the first window."""
        return "first_run" if self._outer.currentIndex() == 1 else self._place

    @staticmethod
    def _focus(screen: QWidget) -> None:
        """Gives the focus to the part of a screen where work begins. A focus proxy would take the rest out of
        Tab's way.
        """
        home: QWidget = getattr(screen, "home", screen)
        home.setFocus()

    def _screen(self, name: str) -> QWidget:
        found = getattr(self, name)
        assert isinstance(found, QWidget)
        return found

    @Slot(str)
    def go(self, name: str) -> None:
        """Shows a screen."""
        if self.place == "first_run":
            self.leave_first_run()
        if self._place == "token" and name != "token":
            self.token.leave()
        titles = {
            "launches": tr(_C, "Launches"),
            "token": tr(_C, "Token"),
            "sources": tr(_C, "Sources"),
            "wallet": tr(_C, "Wallet"),
            "settings": tr(_C, "Settings"),
        }
        self._place = name
        self.screens.setCurrentWidget(self._screen(name))
        self.rail.set_current("launches" if name == "token" else name)
        self.top.set_title(titles[name])
        self._focus(self._screen(name))

    @Slot()
    def choose_mode(self) -> None:
        """Shows the first window; what runs goes on meanwhile."""
        self.first_run.set_returnable(self.node.phase != "starting" or self.model.known > 0)
        self._outer.setCurrentWidget(self.first_run)
        self._focus(self.first_run)

    @Slot()
    def leave_first_run(self) -> None:
        """Back to the screens."""
        self._outer.setCurrentIndex(0)
        self._focus(self._screen(self._place))

    @Slot(str)
    def open_token(self, mint: str) -> None:
        """Shows a token."""
        self.go("token")
        self.token.open(mint, self.queries, self.model.get(mint))

    @Slot()
    def leave_token(self) -> None:
        """Back to the list, the same row current."""
        mint = self.token.mint
        self.go("launches")
        self.launches.table.select(mint)

    # --- what the node says ---

    def set_mode(self, mode: Mode) -> None:
        """Shows the mode of the data."""
        self.mode = mode
        self.strip.set_mode(mode)
        self.top.set_mode(mode)
        self.set_node(self.node)

    def set_node(self, state: NodeState) -> None:
        """Says how the node is, on every screen."""
        if state.live and not self.node.live and self._made("wallet"):
            self.wallet.set_live()
        self.node = state
        self.launches.set_state(state, self.mode)
        if self._made("token"):
            self.token.set_state(state, self.model.known)
        if self._made("sources"):
            self.sources.set_state(state, self.mode, self.model.known)
        self._show_bar()

    def forget(self) -> None:
        """Another profile is opened: nothing of the last one may stay."""
        self.model.apply(LaunchesFrame(seq=0, snapshot=True, upserts=[], new=[]))
        self.status, self._sources = None, None
        if self.place == "token":
            self.go("launches")
        if self._made("sources"):
            self.sources.forget()

    def take_launches(self, news: LaunchesFrame) -> None:
        """A change set of the list."""
        self.launches.apply(news)

    def take_token(self, news: TokenFrame) -> None:
        """A change of the token shown."""
        if self._made("token"):
            self.token.take(news)

    def take_sources(self, news: SourcesFrame) -> None:
        """Health of the sources."""
        self._sources = news
        if self._made("sources"):
            self.sources.apply(news)
        self._show_bar()

    def take_status(self, status: StatusView) -> None:
        """The node in one object."""
        self.status = status
        self._show_bar()

    def take_round_trip(self, milliseconds: float | None) -> None:
        """How long the node took to answer the last question."""
        self._round_trip_ms = milliseconds

    def _show_bar(self) -> None:
        sources = self._sources.sources if self._sources is not None else []
        shown = figures(self.node, self.status, self._round_trip_ms)
        if self.agent is not None and self.agent.words:
            shown.append(Figure(self.agent.words, warns=self.agent.warns))
        self.bar.show_state(lamps(self.node, sources), shown)

    def set_node_link(self, link: "NodeLink | None") -> None:
        """The connection to the node of the profile in force; the wallet asks it for chains, balances and payments."""
        self._node_link = link
        if self._made("wallet"):
            self._join_wallet(self.wallet)
        if self._made("settings"):
            self.settings.set_node(None if link is None else link.wallet)

    def _join_wallet(self, screen: "WalletScreen") -> None:
        link = self._node_link
        screen.set_node(None if link is None else link.wallet)
        if link is not None:
            link.sends.connect(screen.take_sends)
            link.follow_sends()

    # --- the agent ---

    def set_agent_link(self, link: "AgentLink | None") -> None:
        """The agent of the profile in force."""
        self._agent_link = link
        if self._made("wallet"):
            self.wallet.set_link(link)

    def set_agent(self, state: "AgentState") -> None:
        """Says how the agent is."""
        self.agent = state
        if self._made("wallet"):
            self.wallet.set_state(state)
        if self._made("receive_overlay") and not state.unlocked:
            self.receive_overlay.close_panel()
            self.receive_panel.forget()
        self._show_bar()

    @Slot(object, object)
    def show_receive(self, account: "Account", chain: "ChainView | None" = None) -> None:
        """An address to be received on, and the chain that is meant."""
        self.receive_panel.show_account(account, chain, self.wallet.balances.chains)
        self.receive_overlay.open()

    # --- settings ---

    def show_settings(self, settings: Settings, where: str) -> None:
        """Shows saved values wherever they stand."""
        self._settings, self._where = settings, where
        if self._made("settings"):
            self.settings.show_settings(settings, where)
        if self._made("sources"):
            self.sources.show_endpoints(settings.lines("solana_rpc"))
        if self._made("wallet"):
            self.wallet.balances.set_watched(settings.lines("tokens_watched"))

    def lines(self, key: str) -> tuple[str, ...]:
        """A saved list."""
        return tuple(self._settings.lines(key))

    def show_errors(self, errors: Mapping[str, str]) -> None:
        """What could not be saved: at its field, and here and now where that is not in sight."""
        self.settings.show_errors(errors)
        if self.place != "settings":
            self.toast.say(" ".join(errors.values()))

    def offer_restart(self, needed: bool) -> None:
        """Says that a change waits for the node's restart."""
        self._restart_needed = needed
        if self._made("settings"):
            self.settings.offer_restart(needed)
        if self._made("sources"):
            self.sources.offer_restart(needed)

    # --- palette, raw transactions, keys ---

    @Slot()
    def open_palette(self) -> None:
        """Opens the palette."""
        self.palette_panel.prepare()
        self.palette_overlay.open()

    @Slot()
    def open_keys(self) -> None:
        """Lists every key."""
        self.keys_panel.fill()
        self.keys_overlay.open()

    def _local_hits(self, needle: str) -> list[SearchHit]:
        found = []
        for view in self.model.all_views():
            symbol, name = (view.symbol or "").lower(), (view.name or "").lower()
            if symbol.startswith(needle) or needle in name or view.mint.lower().startswith(needle):
                found.append(
                    SearchHit(
                        mint=view.mint,
                        network=view.network,
                        name=view.name,
                        symbol=view.symbol,
                        venue=view.venue,
                        created_s=view.created_s,
                        score_f64=0.0,
                        matched="symbol" if symbol.startswith(needle) else "name",
                    )
                )
                if len(found) == 6:
                    break
        return found

    @Slot(str)
    def _search(self, needle: str) -> None:
        if self.queries is None:
            self.palette_panel.show_failure(needle, tr(_C, "in memory only: the node does not answer"))
            return
        began = time.monotonic()

        def answer(hits: list[SearchHit]) -> None:
            self.palette_panel.show_hits(needle, hits, (time.monotonic() - began) * 1000)

        run(
            self, self.queries.search(needle), answer, lambda error: self.palette_panel.show_failure(needle, str(error))
        )

    @Slot(str)
    def _palette_token(self, mint: str) -> None:
        self.palette_overlay.close_panel()
        self.open_token(mint)

    @Slot(str, str)
    def _palette_action(self, action: str, mint: str) -> None:
        self.palette_overlay.close_panel()
        if action == "copy":
            self.copy(mint, tr(_C, "Address"))
        else:
            self.show_launch_transaction(mint)

    @Slot(str)
    def _palette_command(self, name: str) -> None:
        self.palette_overlay.close_panel()
        self.commands.get(name).run()

    @Slot(str, str)
    def show_transaction(self, signature: str, note: str = "") -> None:
        """The bytes of a transaction."""
        self.raw_panel.show_waiting(signature, note)
        self.raw_overlay.open()
        if self.queries is None:
            self.raw_panel.show_failure(tr(_C, "The node does not answer; the journal can be read when it runs again."))
            return

        def answer(found: TransactionView) -> None:
            self.raw_panel.show_transaction(found)

        run(self, self.queries.transaction(signature), answer, lambda error: self.raw_panel.show_failure(str(error)))

    @Slot(str)
    def show_launch_transaction(self, mint: str) -> None:
        """The bytes of the transaction that launched a token."""
        if self.queries is None or not mint:
            return

        def answer(token: object) -> None:
            signature = getattr(token, "launch_signature", None)
            if signature:
                self.show_transaction(signature)
            else:
                self.toast.say(
                    tr(_C, "Fluxdesk saw this token after its launch: its launch transaction is not in the journal.")
                )

        run(self, self.queries.token(mint), answer, lambda error: self.toast.say(str(error)))

    # --- small things ---

    @Slot(str, str)
    def copy(self, text: str, what: str) -> None:
        """Puts a text on the clipboard and says so."""
        if text:
            QGuiApplication.clipboard().setText(text)
            self.toast.say(tr(_C, "{what} copied: {text}", what=what, text=words.remote(text.replace("\n", " "), 48)))

    @Slot(str)
    def open_link(self, address: str) -> None:
        """Opens a web address in the user's browser."""
        url = QUrl(address)
        if url.scheme() in ("http", "https") and not QDesktopServices.openUrl(url):
            self.copy(address, tr(_C, "No browser could be opened. Address"))

    def copy_address(self) -> None:
        """The full address of the token in question."""
        mint = self.token.mint if self.place == "token" else self.launches.detail.mint
        self.copy(mint, tr(_C, "Address"))

    def say_new(self, number: int) -> None:
        """The number of launches since the window last had the attention, in its title."""
        self.setWindowTitle(plural(_C, number, "Fluxdesk · {n} new", "Fluxdesk · {n} new") if number else "Fluxdesk")

    def raise_up(self) -> None:
        """Brings the window to the front."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closing is the receiver's decision: it may keep the tray and the node."""
        self.closing.emit(event)
