"""The desktop with its real node: starting, dying, coming back, a second start, closing, quitting."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import qasync
from pytestqt.qtbot import QtBot

from fluxdesk.client.errors import NodeUnreachable
from fluxdesk.client.rest import NodeClient
from fluxdesk.core.paths import Profile
from fluxdesk.desktop import remembered
from fluxdesk.desktop.app import Desktop
from fluxdesk.desktop.node_process import NodeProcess
from fluxdesk.desktop.qt import QCloseEvent
from fluxdesk.desktop.screens.first_run import Choice
from fluxdesk.desktop.single import OnlyOne, UnsafeRuntimeFolder
from waiting import WITHIN_S, eventually
from windows import Run, settle


def alive(pid: int | None) -> bool:
    if pid is None:
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@asynccontextmanager
async def running(mode: str = "practice") -> AsyncIterator[Desktop]:
    """A desktop whose node shows launches; both are gone afterwards."""
    remembered.save(remembered.Remembered(mode="practice" if mode == "practice" else "live"))
    desktop = Desktop()
    desktop.window.show()
    life = asyncio.ensure_future(desktop.run())
    try:
        await settle(until=lambda: desktop.window.model.known > 0 or life.done())
        yield desktop
    finally:
        desktop.quit()
        await life
        desktop.window.deleteLater()
        await settle()


@pytest.fixture
def live(run: Run) -> Callable[[Callable[[Desktop], Awaitable[None]]], None]:
    """Runs a coroutine with a running desktop."""

    def go(test: Callable[[Desktop], Awaitable[None]]) -> None:
        async def whole() -> None:
            async with running() as desktop:
                await test(desktop)

        run(whole())

    return go


def test_launches_appear_and_quitting_stops_the_node(run: Run) -> None:
    async def whole() -> int | None:
        async with running() as desktop:
            assert desktop.window.node.phase == "up"
            await settle(until=lambda: desktop.window.status is not None)
            assert desktop.window.status is not None
            assert desktop.window.status.mode == "practice"
            assert desktop.node is not None
            assert alive(desktop.node.pid)
            return desktop.node.pid

    assert not alive(run(whole()))


def test_a_killed_node_is_said_and_comes_back_by_itself(live: Callable[..., None]) -> None:
    async def test(desktop: Desktop) -> None:
        assert desktop.node is not None
        first, known = desktop.node.pid, desktop.window.model.known
        assert first is not None
        os.kill(first, signal.SIGKILL)
        await settle(until=lambda: desktop.window.node.phase == "stopped")
        page = desktop.window.launches.page
        assert "It was ended by signal 9." in page.accessibleDescription()
        assert "started again by itself" in page.accessibleDescription()
        assert page.isVisible()
        await settle(until=lambda: desktop.window.node.phase == "up")
        assert desktop.node.pid != first
        assert desktop.window.model.known >= min(known, 1)
        assert not page.isVisible()

    live(test)


def test_a_token_is_followed_live_through_the_node(live: Callable[..., None]) -> None:
    async def test(desktop: Desktop) -> None:
        window = desktop.window
        view = max(window.model.all_views(), key=lambda v: v.trades)
        window.open_token(view.mint)
        await settle(until=lambda: bool(window.token.trades.rows) and window.token.chart is not None)
        trade = window.token.trades.rows[0]
        window.show_transaction(trade.signature)
        await settle(until=lambda: "decoded row" in window.raw_panel._rows_title.words)
        assert trade.signature in window.raw_panel._bytes.toPlainText()

    live(test)


def test_another_mode_is_another_profile_with_another_node(live: Callable[..., None]) -> None:
    async def test(desktop: Desktop) -> None:
        assert desktop.node is not None
        practice = desktop.node.pid
        desktop.window.mode_chosen.emit(Choice("live", "ws://127.0.0.1:9/"))
        await settle(
            until=lambda: desktop.window.mode == "live" and desktop.node is not None and alive(desktop.node.pid)
        )
        assert not alive(practice)
        assert desktop.window.model.known == 0
        assert desktop.settings.lines("solana_rpc") == ("ws://127.0.0.1:9/",)
        await settle(until=lambda: desktop.window.status is not None)
        assert desktop.window.status is not None
        assert desktop.window.status.mode == "live"
        assert desktop.window.launches.page.title == "No launch yet"

    live(test)


def test_settings_are_saved_applied_and_say_when_the_node_must_restart(live: Callable[..., None]) -> None:
    async def test(desktop: Desktop) -> None:
        desktop.window.setting_edited.emit("journal_max_days", 3)
        await settle(until=lambda: desktop.settings.integer("journal_max_days") == 3)
        desktop.window.setting_edited.emit("text_scale", 125)
        assert desktop.window.launches.table.rowHeight(0) == 55
        desktop.window.go("settings")
        assert not desktop.window.settings.restart_bar.isVisible()
        desktop.window.setting_edited.emit("solana_quotes", ("So11111111111111111111111111111111111111112",))
        assert desktop.window.settings.restart_bar.isVisible()
        assert desktop.node is not None
        before = desktop.node.pid
        desktop.window.restart_asked.emit()
        await settle(until=lambda: desktop.node is not None and desktop.node.pid not in (before, None))
        assert not desktop.window.settings.restart_bar.isVisible()
        await settle(until=lambda: desktop.window.node.phase == "up")

    live(test)


def test_closing_without_a_tray_says_so_and_quits(run: Run) -> None:
    async def whole() -> None:
        remembered.save(remembered.Remembered(mode="practice"))
        desktop = Desktop()
        desktop.window.show()
        life = asyncio.ensure_future(desktop.run())
        await settle(until=lambda: desktop.node is not None)
        if desktop.tray is None:
            event = QCloseEvent()
            desktop.window.closing.emit(event)
            assert "there is no tray to stay in" in desktop.window.toast.words
        else:
            desktop.quit()
        await asyncio.wait_for(life, WITHIN_S)
        desktop.window.deleteLater()

    run(whole())


def test_the_first_start_asks_and_starts_nothing(run: Run) -> None:
    async def whole() -> None:
        desktop = Desktop()
        desktop.window.show()
        life = asyncio.ensure_future(desktop.run())
        await settle()
        assert desktop.window.place == "first_run"
        assert desktop.node is None
        desktop.quit()
        await life
        desktop.window.deleteLater()

    run(whole())


def test_what_was_filtered_is_remembered(run: Run) -> None:
    from fluxdesk.desktop.filters import parse

    async def whole() -> None:
        desktop = Desktop()
        desktop.window.launches.bar.add(parse("mcap >= 5k SOL"))
        desktop.window.deleteLater()
        again = Desktop()
        assert [one.text for one in again.window.launches.bar.filters] == ["Mcap ≥ 5K SOL"]
        again.window.deleteLater()

    run(whole())


# --- the node as a process ---


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    return Profile.of("practice", tmp_path / "profile")


def test_a_node_that_outlived_its_desktop_is_found_and_not_started_twice(profile: Profile, run: Run) -> None:
    async def whole() -> None:
        first = NodeProcess(profile)
        await first.find_or_start()
        client = NodeClient(profile.socket)

        async def answers() -> bool:
            with contextlib.suppress(NodeUnreachable):
                return (await client.status()).mode == "practice"
            return False

        await eventually(answers)
        second = NodeProcess(profile)
        await second.find_or_start()
        assert second.pid == first.pid
        await second.stop()
        assert not alive(first.pid)
        await client.close()

    run(whole())


def stand_in_that_fails(*_: object) -> list[str]:
    return [sys.executable, "-c", "import sys; print('fluxdesk node: the disk is full'); sys.exit(1)"]


def test_a_node_that_cannot_start_says_why_and_is_not_tried_for_ever(
    profile: Profile, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fluxdesk.desktop.node_process.BACKOFF_S", (0.01, 0.02))

    async def whole() -> None:
        node = NodeProcess(profile, command_of=stand_in_that_fails)
        told: list[tuple[str, float | None]] = []
        node.ended.connect(lambda reason, wait: told.append((reason, wait)))
        await node.find_or_start()
        await settle(until=lambda: bool(told) and told[-1][1] is None)
        assert told[0] == ("It ended with code 1: fluxdesk node: the disk is full", 0.02)
        assert len(told) == 2
        await node.stop()

    run(whole())


def test_a_program_that_is_not_there_is_said(profile: Profile, run: Run) -> None:
    async def whole() -> None:
        node = NodeProcess(profile, command_of=lambda *_: ["/nowhere/python"])
        told: list[str] = []
        node.ended.connect(lambda reason, wait: told.append(reason))
        await node.find_or_start()
        assert told == ["It could not be started: No such file or directory."]
        await node.stop()

    run(whole())


# --- a second start, and whole processes ---


def test_a_second_start_raises_the_first_window(qtbot: QtBot, qt_loop: qasync.QEventLoop) -> None:
    first = OnlyOne()
    assert first.first
    assert first.listen()
    second = OnlyOne()
    assert not second.first
    with qtbot.waitSignal(first.asked_up, timeout=60_000):
        assert second.raise_first()
    os.close(second._lock)
    first.release()


def test_a_folder_that_others_can_use_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    open_folder = tmp_path / "open"
    open_folder.mkdir()
    open_folder.chmod(0o777)
    monkeypatch.setenv("FLUXDESK_RUNTIME", str(open_folder))
    with pytest.raises(UnsafeRuntimeFolder, match="open to others"):
        OnlyOne()


@pytest.fixture
def home(tmp_path: Path) -> Iterator[dict[str, str]]:
    """An environment of its own for whole processes; a short runtime folder, since a socket's path has little room."""
    import shutil
    import tempfile

    runtime = tempfile.mkdtemp(prefix="fd-")
    os.chmod(runtime, 0o700)
    environment = dict(os.environ, XDG_DATA_HOME=str(tmp_path / "home"), FLUXDESK_RUNTIME=runtime)
    environment.setdefault("QT_QPA_PLATFORM", "offscreen")
    folder = tmp_path / "home" / "fluxdesk"
    folder.mkdir(parents=True)
    (folder / "desktop.json").write_text('{"mode":"practice"}')
    yield environment
    shutil.rmtree(runtime, ignore_errors=True)


def node_pid(home: dict[str, str]) -> int | None:
    lock = Path(home["XDG_DATA_HOME"]) / "fluxdesk" / "practice" / "node.lock"
    text = lock.read_text().strip() if lock.exists() else ""
    return int(text) if text else None


def test_a_desktop_killed_at_any_moment_leaves_its_node_recording(home: dict[str, str], run: Run) -> None:
    async def whole() -> None:
        desktop = subprocess.Popen([sys.executable, "-m", "fluxdesk.desktop"], env=home)
        try:
            await settle(until=lambda: node_pid(home) is not None)
            second = subprocess.run([sys.executable, "-m", "fluxdesk.desktop"], env=home, timeout=60, check=False)
            assert second.returncode == 0, "a second start raises the first and ends"
            assert desktop.poll() is None
        finally:
            desktop.kill()
            desktop.wait()
        pid = node_pid(home)
        assert alive(pid)
        assert pid is not None
        os.kill(pid, signal.SIGTERM)
        await settle(until=lambda: not alive(pid) or node_pid(home) is None)

    run(whole())


AFTER_SHOW = """
import sys
from fluxdesk.desktop.app import Desktop
from fluxdesk.desktop.loop import application
app = application()
desktop = Desktop()
desktop.window.show()
app.processEvents()
heavy = {"web3", "solana", "sklearn", "pandas", "onnxruntime"}
heavy |= {"numpy", "pyqtgraph", "httpx", "websockets", "solders", "sqlmodel"}
print(sorted(heavy & sys.modules.keys()))
from fluxdesk.desktop.qt import QLabel
label = QLabel()
before = sys.getrefcount(None)
for _ in range(2_000):
    label.setText("a")
print(abs(sys.getrefcount(None) - before) < 50)
"""


def test_nothing_heavy_is_loaded_when_the_window_shows_and_none_keeps_its_references(home: dict[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", AFTER_SHOW], env=home, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stdout.split("\n")[:2] == ["[]", "True"], done.stderr
