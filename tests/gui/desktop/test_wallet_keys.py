"""Keys and commands of the wallet in the whole window: they act on an open wallet, and on no other."""

from pathlib import Path

from PySide6.QtTest import QTest

from fluxdesk.desktop.qt import Qt
from fluxdesk.desktop.window import MainWindow
from gui.desktop.agent_desk import linked
from gui.desktop.wallet_desk import texts
from windows import Run, settle

CTRL = Qt.KeyboardModifier.ControlModifier


def titles(window: MainWindow) -> set[str]:
    """What the palette offers of the wallet."""
    return {c.title for c in window.commands if c.name.startswith("wallet.") and c.possible()}


def test_keys_of_the_wallet_act_while_it_is_open(run: Run, tmp_path: Path, window: MainWindow) -> None:
    async def whole() -> None:
        assert not titles(window)
        QTest.keyClick(window, Qt.Key.Key_P, CTRL)
        assert window.place == "launches"
        async with linked(tmp_path) as link:
            window.set_agent_link(link)
            link.changed.connect(window.set_agent)
            window.set_agent(link.state)
            assert len(titles(window)) == 3
            QTest.keyClick(window, Qt.Key.Key_P, CTRL)
            assert (window.place, window.wallet.tab) == ("wallet", "send")
            assert window.focusWidget() is window.wallet.send.form.lines[0].to
            await settle(until=lambda: len(window.wallet.accounts.accounts) == 2)
            QTest.keyClick(window, Qt.Key.Key_B, CTRL)
            assert window.wallet.tab == "balances"
            window.show_receive(window.wallet.accounts.accounts[0])
            address = window.wallet.accounts.accounts[0].address
            assert address in texts(window.receive_panel).replace(" ", "")
            QTest.keyClick(window, Qt.Key.Key_P, CTRL)
            assert window.wallet.tab == "balances", "a panel lies over the window"
            window.lock_asked.connect(link.lock)
            link.lock()
            await settle(until=lambda: not link.state.unlocked and window.wallet.shown == "unlock")
            assert not window.receive_overlay.isVisible()
            assert address not in texts(window.receive_panel).replace(" ", "")
            assert not titles(window)
            link.changed.disconnect(window.set_agent)
            window.set_agent_link(None)

    run(whole())


def test_without_an_account_receive_says_so(run: Run, tmp_path: Path, window: MainWindow) -> None:
    async def whole() -> None:
        async with linked(tmp_path) as link:
            window.set_agent_link(link)
            link.changed.connect(window.set_agent)
            window.set_agent(link.state)
            window.commands.get("wallet.receive").run()
            assert "no address to be received on" in window.toast.words
            link.changed.disconnect(window.set_agent)
            window.set_agent_link(None)

    run(whole())
