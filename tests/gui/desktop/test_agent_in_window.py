"""The whole desktop with its real node and agent: started together, said in the status bar, locked by key, ended."""

import os
import sys

import pytest
from PySide6.QtTest import QTest

from agent_process import PASSPHRASE, make_keystore
from fluxdesk.core.paths import Profile
from fluxdesk.desktop.agent_desk import FOLDER
from fluxdesk.desktop.app import Desktop
from fluxdesk.desktop.qt import Qt
from gui.desktop.test_life import alive, running
from windows import Run, settle


@pytest.fixture(autouse=True)
def importable(monkeypatch: pytest.MonkeyPatch) -> None:
    """The agent's process finds the program where this one does."""
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(p for p in sys.path if p))


def bar(desktop: Desktop) -> str:
    return desktop.window.bar.accessibleName()


def test_the_agent_starts_with_the_desktop_and_ends_with_quit(run: Run) -> None:
    async def whole() -> int | None:
        async with running() as desktop:
            await settle(until=lambda: "No wallet" in bar(desktop))
            assert desktop.agent is not None
            assert desktop.agent.link is not None
            assert alive(desktop.agent.link.pid)
            desktop.window.go("wallet")
            assert desktop.window.wallet.shown == "setup"
            return desktop.agent.link.pid

    assert not alive(run(whole()))


def test_ctrl_l_locks_from_any_screen(run: Run) -> None:
    async def whole() -> None:
        make_keystore(Profile.of("practice").folder / FOLDER)
        async with running() as desktop:
            await settle(until=lambda: "Agent locked" in bar(desktop))
            window = desktop.window
            window.go("wallet")
            window.wallet.unlock.passphrase.setText(PASSPHRASE)
            window.wallet.unlock.button.click()
            await settle(until=lambda: "Agent unlocked" in bar(desktop))
            assert desktop.agent is not None
            assert desktop.agent.approval is not None
            await settle(until=lambda: len(desktop.agent.approval._accounts) == 2)  # type: ignore[union-attr]
            window.go("launches")
            window.activateWindow()
            await settle(until=window.isActiveWindow)
            QTest.keyClick(window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
            await settle(until=lambda: "Agent locked" in bar(desktop))
            assert not desktop.agent.approval._accounts
            window.go("wallet")
            assert window.wallet.shown == "unlock"

    run(whole())
