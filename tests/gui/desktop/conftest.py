"""A window fed with the fixed sample, and one asyncio loop on Qt's for the whole session."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
import qasync
from PySide6.QtGui import QCursor, QGuiApplication
from pytestqt.qtbot import QtBot

from fluxdesk.core.settings import Settings
from fluxdesk.core.views import LaunchesFrame, LaunchView, SourcesFrame
from fluxdesk.desktop import sample, theme
from fluxdesk.desktop.qt import QApplication
from fluxdesk.desktop.state import NodeState
from fluxdesk.desktop.window import MainWindow
from windows import NOW, Run, settle


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The offscreen platform says of itself that it cannot do some things; no other warning is let through."""
    for item in items:
        if "tests/gui/" in item.nodeid:
            item.add_marker(pytest.mark.qt_log_ignore("This plugin does not support", extend=True))


@pytest.fixture(scope="session")
def qt_loop(qapp: QApplication) -> Iterator[qasync.QEventLoop]:
    qapp.setQuitOnLastWindowClosed(False)
    loop = qasync.QEventLoop(qapp, already_running=False)
    asyncio.set_event_loop(loop)
    yield loop
    loop.close()


@pytest.fixture
def run(qt_loop: qasync.QEventLoop) -> Run:
    """Runs a coroutine on Qt's loop."""
    return qt_loop.run_until_complete  # type: ignore[no-any-return]


@pytest.fixture(autouse=True)
def look(qapp: QApplication, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    theme.load_fonts()
    theme.apply("dark")


@pytest.fixture
def views() -> list[LaunchView]:
    return sample.launches(120)


@pytest.fixture
def window(qtbot: QtBot, qt_loop: qasync.QEventLoop, views: list[LaunchView]) -> Iterator[MainWindow]:
    made = MainWindow("practice", Settings({}), now=lambda: NOW)
    qtbot.addWidget(made)
    made.queries = sample.SampleQueries(views)
    made.resize(1280, 800)
    # Out of the way: a list under the pointer stands still.
    QCursor.setPos(QGuiApplication.primaryScreen().geometry().bottomRight())
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    made.launches.table.setFocus()
    made.take_launches(LaunchesFrame(seq=1, snapshot=True, upserts=views, new=[]))
    made.take_sources(SourcesFrame(seq=1, sources=sample.sources("live"), gaps=sample.gaps("live")))
    made.take_status(sample.status())
    made.set_node(NodeState(phase="up", since_s=NOW))
    yield made
    if made.place == "token":
        made.token.leave()
    qt_loop.run_until_complete(settle())
