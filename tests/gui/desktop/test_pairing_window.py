"""The pairing window with a real agent: the code is shown whole, no is first, and nothing is said by accident."""

from pathlib import Path

from PySide6.QtTest import QTest

from fluxdesk.desktop.approval.pairing import PairingWindow
from fluxdesk.desktop.qt import Qt
from fluxdesk_host.agent.owner import Codes
from gui.desktop.agent_desk import linked
from windows import Run, settle


def test_a_code_is_shown_whole_no_has_the_focus_and_a_browser_that_went_is_said(run: Run, tmp_path: Path) -> None:
    async def whole() -> None:
        async with linked(tmp_path, wallet=False) as link:
            made = PairingWindow(link)
            said: list[str] = []
            made.said.connect(said.append)
            link.compare.emit(Codes(7, "483920", "Chromium"))
            await settle(until=lambda: made.isVisible() and made.isActiveWindow())
            assert made.code.words.replace(" ", "") == "483920"
            assert made.no_button.hasFocus()
            assert not made.yes_button.isEnabled()
            made.yes_button.click()
            QTest.keyClick(made, Qt.Key.Key_Return)
            assert made.codes is not None
            QTest.keyClick(made, Qt.Key.Key_Escape)
            assert not made.isVisible()
            await settle(until=lambda: bool(said))
            assert said == ["The browser is gone."]
            made.finish()

    run(whole())
