"""The life of the desktop: mode, node and window joined; settings kept; closing and quitting. `start` runs it."""

from pathlib import Path
from typing import TYPE_CHECKING

from fluxdesk.core.paths import Profile
from fluxdesk.core.settings import BY_KEY, BadSetting, Settings
from fluxdesk.core.settings_file import SettingsUnreadable, change, load
from fluxdesk.desktop import remembered, theme
from fluxdesk.desktop.collector import Collector
from fluxdesk.desktop.filters import BadFilter, Filter, parse
from fluxdesk.desktop.i18n import tr
from fluxdesk.desktop.loop import application
from fluxdesk.desktop.node_watch import NodeWatch
from fluxdesk.desktop.operation import run
from fluxdesk.desktop.qt import QCloseEvent, QDesktopServices, QEvent, QObject, QUrl, Slot
from fluxdesk.desktop.window import MainWindow

if TYPE_CHECKING:
    import asyncio

    from fluxdesk.core.views import LaunchesFrame, StatusView
    from fluxdesk.desktop.agent_desk import AgentDesk
    from fluxdesk.desktop.node_link import NodeLink
    from fluxdesk.desktop.node_process import NodeProcess
    from fluxdesk.desktop.screens.first_run import Choice
    from fluxdesk.desktop.tray import Tray

_C = "Window"
LOOK_KEYS = ("theme", "text_scale", "reduced_motion")
OWN_KEYS = (*LOOK_KEYS, "notify_launches", "close_to_tray")
NODE_KEYS = tuple(key for key, setting in BY_KEY.items() if key not in OWN_KEYS and not setting.restart_node)


class Desktop(QObject):
    """One running desktop."""

    def __init__(self, data: Path | None = None) -> None:
        super().__init__()
        self._data = data
        self.memory = remembered.load()
        self.profile = Profile.of(self.memory.mode or "practice", data)
        self.settings = Settings({})
        self._problems: tuple[str, ...] = ()
        self._read_settings()
        theme.load_fonts()
        self._dress()
        self.window = MainWindow(self.profile.mode, self.settings)
        self.window.resize(max(640, self.memory.width), max(480, self.memory.height))
        self.node: NodeProcess | None = None
        self.link: NodeLink | None = None
        self.agent: AgentDesk | None = None
        self._offer_wallet = False
        self.tray: Tray | None = None
        self._new: set[str] = set()
        self._quitting = False
        self._tasks: set[asyncio.Task[None]] = set()
        self._watch = NodeWatch(self)
        self._collector = Collector(self, self.window.isActiveWindow)
        self._done: asyncio.Future[None] | None = None
        self._connect()
        self._restore_filters()
        if self.memory.mode is None:
            self.window.choose_mode()

    def _connect(self) -> None:
        window = self.window
        window.mode_chosen.connect(self._choose)
        window.start_asked.connect(self._start_now)
        window.restart_asked.connect(self._restart)
        window.quit_asked.connect(self.quit)
        window.setting_edited.connect(self._edit)
        window.endpoints_edited.connect(lambda endpoints: self._edit("solana_rpc", endpoints))
        window.watch_asked.connect(self._follow)
        window.log_asked.connect(self._open_log)
        window.lock_asked.connect(self._lock)
        window.folder_asked.connect(lambda: self._open_path(self.profile.folder))
        window.closing.connect(self._close)
        window.filters_changed.connect(self._remember_filters)
        window.model.arrived.connect(self._note_new)
        window.installEventFilter(self)
        self._watch.changed.connect(window.set_node)

    # --- life ---

    async def run(self) -> None:
        """Everything after the first paint, until quitting."""
        import asyncio

        self._collector.start()
        self._done = asyncio.get_running_loop().create_future()
        self._watch.start()
        self._make_tray()
        for problem in self._problems:
            self.window.toast.say(problem)
        if self.memory.mode is not None:
            await self._open_profile()
        await self._done
        await self._shut_down()

    @Slot()
    def quit(self) -> None:
        """Stops node, tray and window."""
        if self._done is not None and not self._done.done():
            self._quitting = True
            self._done.set_result(None)

    async def _shut_down(self) -> None:
        self._watch.stop()
        self._collector.stop()
        size = self.window.size()
        self.memory.width, self.memory.height = size.width(), size.height()
        remembered.save(self.memory)
        if self.tray is not None:
            self.tray.hide()
        self.window.hide()
        await self._close_profile(stop_node=True)

    def _make_tray(self) -> None:
        from fluxdesk.desktop.tray import Tray, app_icon

        application().setWindowIcon(app_icon())
        if Tray.available():
            self.tray = Tray(self)
            self.tray.opened.connect(self.window.raise_up)
            self.tray.token_opened.connect(self._open_token)
            self.tray.quit_asked.connect(self.quit)
            self.tray.show()

    def _later(self, work: object) -> None:
        """Runs a coroutine of this object; the task is kept so that it is not lost."""
        import asyncio
        from collections.abc import Coroutine

        assert isinstance(work, Coroutine)
        task: asyncio.Task[None] = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # --- profile ---

    async def _open_profile(self) -> None:
        from fluxdesk.desktop.node_link import NodeLink
        from fluxdesk.desktop.node_process import NodeProcess

        recordings = [Path(path) for path in self.memory.recordings] if self.profile.mode == "replay" else []
        self._watch.began()
        self.node = NodeProcess(self.profile, recordings, self)
        self.node.began.connect(self._watch.began)
        self.node.ended.connect(self._watch.ended)
        self.link = NodeLink(self.profile.socket, self)
        self.link.launches.connect(self._take_launches)
        self.link.token.connect(self.window.take_token)
        self.link.sources.connect(self.window.take_sources)
        self.link.status.connect(self._take_status)
        self.link.linked.connect(self._watch.linked)
        self.link.round_trip.connect(self.window.take_round_trip)
        self.window.queries = self.link.queries
        self.window.set_node_link(self.link)
        await self.node.find_or_start()
        self.link.open()
        self._start_agent()

    def _start_agent(self) -> None:
        from fluxdesk.desktop.agent_desk import AgentDesk

        node = self.node
        if node is not None:
            self.agent = AgentDesk(self.window, self.profile, lambda: node.pid, self._offer_wallet, self)
            self._offer_wallet = False
            self.agent.set_node(None if self.link is None else self.link.wallet)
            node.began.connect(self.agent.admit_node)
            self.agent.start()

    @Slot()
    def _lock(self) -> None:
        if self.agent is not None:
            self.agent.lock()

    async def _close_profile(self, stop_node: bool) -> None:
        self.window.queries = None
        self.window.set_node_link(None)
        if self.agent is not None:
            agent, self.agent = self.agent, None
            await agent.close()
            agent.deleteLater()
        if self.link is not None:
            link, self.link = self.link, None
            await link.close()
            link.deleteLater()
        if self.node is not None:
            node, self.node = self.node, None
            if stop_node:
                await node.stop()
            node.deleteLater()

    @Slot(object)
    def _choose(self, choice: "Choice") -> None:
        self._later(self._change_mode(choice))

    async def _change_mode(self, choice: "Choice") -> None:
        same = self.node is not None and choice.mode == self.profile.mode and choice.mode != "replay"
        self.window.leave_first_run()
        if same and (choice.mode != "live" or choice.endpoint in self.settings.lines("solana_rpc")):
            return
        await self._close_profile(stop_node=True)
        self._offer_wallet = self.memory.mode is None
        self.memory.mode = choice.mode
        if choice.recording is not None:
            self.memory.recordings = [str(choice.recording)]
        remembered.save(self.memory)
        look: dict[str, object] = {key: self.settings.value(key) for key in LOOK_KEYS if key in self.settings.changed}
        self.profile = Profile.of(choice.mode, self._data)
        fresh = not self.profile.settings.exists()
        self._read_settings()
        self._save(look if fresh else {}, choice.endpoint)
        self._dress()
        self._new.clear()
        self.window.forget()
        self.window.set_mode(choice.mode)
        self.window.go("launches")
        self._show_settings()
        await self._open_profile()

    def _save(self, look: dict[str, object], endpoint: str) -> None:
        changes = dict(look)
        known = self.settings.lines("solana_rpc")
        if endpoint and endpoint not in known:
            changes["solana_rpc"] = [endpoint, *known] if "solana_rpc" in self.settings.changed else [endpoint]
        if changes:
            try:
                self.settings = change(self.profile.settings, changes).settings
            except (BadSetting, SettingsUnreadable) as error:
                self.window.toast.say(str(error))

    # --- the node's state ---

    def _take_launches(self, news: "LaunchesFrame") -> None:
        self.window.take_launches(news)
        self._watch.heard()

    def _take_status(self, status: "StatusView") -> None:
        self._watch.last_slot = status.last_slot
        self.window.take_status(status)

    @Slot()
    def _start_now(self) -> None:
        if self.node is not None:
            self.node.start_now()

    @Slot()
    def _restart(self) -> None:
        self._later(self._restart_node())

    async def _restart_node(self) -> None:
        if self.node is None:
            return
        self.window.offer_restart(False)
        self._watch.began()
        await self.node.restart()

    @Slot(str)
    def _follow(self, mint: str) -> None:
        if self.link is not None:
            self.link.watch(mint)

    # --- settings ---

    def _read_settings(self) -> None:
        try:
            found = load(self.profile.settings)
        except SettingsUnreadable as error:
            self.settings, self._problems = Settings({}), (str(error),)
            return
        self.settings, self._problems = found.settings, found.problems

    def _show_settings(self) -> None:
        self.window.show_settings(self.settings, str(self.profile.folder))

    def _dress(self) -> None:
        theme.apply(
            self.settings.text("theme"), self.settings.integer("text_scale"), self.settings.switch("reduced_motion")
        )

    @Slot(str, object)
    def _edit(self, key: str, value: object) -> None:
        queries = self.window.queries
        if key in NODE_KEYS and queries is not None and self.window.node.live:
            # The node saves it and takes it up at once; what needs its restart, or is ours, goes into the file.
            run(
                self.window,
                queries.change_settings({key: value}),
                lambda _: self._reload(),
                lambda error: self.window.show_errors({key: str(error)}),
            )
            return
        self._save_setting(key, value)

    def _reload(self) -> None:
        self._read_settings()
        self._show_settings()

    def _save_setting(self, key: str, value: object) -> None:
        try:
            self.settings = change(self.profile.settings, {key: value}).settings
        except (BadSetting, SettingsUnreadable) as error:
            self.window.show_errors({key: str(error)})
            return
        if key in LOOK_KEYS:
            self._dress()
        self._show_settings()
        if BY_KEY[key].restart_node and self.node is not None:
            self.window.offer_restart(True)

    # --- filters, new launches ---

    def _restore_filters(self) -> None:
        found = []
        for source in self.memory.filters:
            try:
                found.append(parse(source))
            except BadFilter:
                continue
        if found:
            self.window.launches.bar.set_filters(tuple(found))
        self._show_settings()

    @Slot(object)
    def _remember_filters(self, filters: tuple[Filter, ...]) -> None:
        self.memory.filters = [one.source for one in filters]
        remembered.save(self.memory)

    @Slot(list)
    def _note_new(self, mints: list[str]) -> None:
        if self.window.isActiveWindow():
            return
        self._new.update(mints)
        self._show_new()
        launch = self.window.model.get(mints[-1])
        if self.tray is not None and launch is not None and self.settings.switch("notify_launches"):
            self.tray.tell(launch)

    def _show_new(self) -> None:
        self.window.say_new(len(self._new))
        if self.tray is not None and self.tray.number != len(self._new):
            self.tray.show_count(len(self._new))

    @Slot(str)
    def _open_token(self, mint: str) -> None:
        self.window.raise_up()
        self.window.open_token(mint)

    # --- window ---

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Launches stop being new when the window gets the attention."""
        if event.type() == QEvent.Type.WindowActivate:
            if self._new:
                self._new.clear()
                self._show_new()
            if self.agent is not None:
                self.agent.touch()
        return False

    @Slot(QCloseEvent)
    def _close(self, event: QCloseEvent) -> None:
        if self._quitting:
            event.accept()
        elif self.tray is not None and self.settings.switch("close_to_tray"):
            event.accept()
            self.tray.icon.showMessage(
                "Fluxdesk",
                tr(_C, "The node goes on recording. Quit, in this menu, stops it."),
                self.tray.icon.icon(),
                6_000,
            )
        else:
            event.ignore()
            self.window.toast.say(tr(_C, "Stopping the node and quitting: there is no tray to stay in."))
            self.quit()

    def _open_log(self) -> None:
        files = [file for file in self.profile.logs.glob("*") if file.is_file() and file.stat().st_size]
        newest = max(files, key=lambda file: file.stat().st_mtime, default=self.profile.logs)
        self._open_path(newest)

    def _open_path(self, path: Path) -> None:
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
            self.window.copy(str(path), tr(_C, "Nothing opens it here. Path"))
