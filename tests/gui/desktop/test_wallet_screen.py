"""The Wallet screen with a real agent: the first wallet, its back-up, unlocking, accounts, limits, the log."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from agent_process import EVM, PASSPHRASE, WORDS
from fluxdesk.desktop.agent_link import AgentLink
from fluxdesk.desktop.qt import QAbstractButton, QGuiApplication, QLabel, QLineEdit, QWidget
from fluxdesk.desktop.screens.wallet.screen import WalletScreen
from fluxdesk.desktop.theme import dress
from fluxdesk.desktop.widgets.basics import Label
from gui.desktop.agent_desk import linked
from windows import Run, settle

LONG = "otter quilt marble seven"


@asynccontextmanager
async def screen(data: Path, wallet: bool = True, unlock: bool = True) -> AsyncIterator[tuple[WalletScreen, AgentLink]]:
    async with linked(data, wallet, unlock) as link:
        made = WalletScreen()
        dress(made)
        made.resize(1000, 700)
        made.set_link(link)
        link.changed.connect(made.set_state)
        made.set_state(link.state)
        made.show()
        try:
            yield made, link
        finally:
            link.changed.disconnect(made.set_state)
            made.close()
            made.deleteLater()
            await settle()


def texts(widget: QWidget) -> str:
    """Whole texts, also of labels that are drawn cut."""
    return " ".join(label.words if isinstance(label, Label) else label.text() for label in widget.findChildren(QLabel))


def type_passphrase(made: WalletScreen) -> None:
    made.setup.form.passphrase.first.setText(LONG)
    made.setup.form.passphrase.again.setText(LONG)


def test_a_wallet_is_created_and_its_backup_tried(run: Run, tmp_path: Path) -> None:
    async def whole() -> None:
        async with screen(tmp_path, wallet=False) as (made, link):
            assert made.shown == "setup"
            setup = made.setup
            setup.ways.buttons["create"].click()
            setup.form.count.choose(1)
            assert not setup.form.go_button.isEnabled()
            type_passphrase(made)
            setup.form.go_button.click()
            assert setup.form.passphrase.first.text() == ""
            assert setup.form.problem.words.startswith("Deriving the key"), "emptied fields alone look like a failure"
            await settle(until=lambda: setup.currentIndex() == 2)
            words = list(setup._words)
            assert len(words) == 24
            assert not [w for w in words if f" {w} " in texts(setup.show_words)], "hidden until asked for"
            assert not setup.show_words.next_button.isEnabled()
            setup.show_words.show_button.click()
            assert all(word in texts(setup.show_words) for word in words)
            assert words[0] not in QGuiApplication.clipboard().text()
            setup.show_words.next_button.click()
            fields = setup.ask_words.fields
            assert len(fields) == 3
            for place, field in fields.items():
                field.setText(words[place])
            wrong = min(fields)
            fields[wrong].setText("wrong")
            setup.ask_words.check_button.click()
            assert setup.ask_words.problem.words.startswith(f"Not the word: {wrong + 1}.")
            fields[wrong].setText(words[wrong].upper() + " ")
            setup.ask_words.check_button.click()
            assert setup.currentIndex() == 4
            assert not setup._words
            setup.done.button.click()
            assert made.shown == "open"
            await settle(until=lambda: len(made.accounts.accounts) == 2)
            assert [w.tried for w in await link.wallets()] == [True], "the agent knows that the back-up was tried"

    run(whole())


def test_a_remembered_device_is_offered_and_asks_for_the_passphrase_where_it_cannot(run: Run, tmp_path: Path) -> None:
    async def whole() -> None:
        async with screen(tmp_path, unlock=False) as (made, _):
            assert not made.unlock.device_button.isVisible()
            (tmp_path / "keystore.fdk.device").write_bytes(b"half of a key that nobody knows any more")
            made.unlock.forget()
            assert made.unlock.device_button.isVisible()
            made.unlock.device_button.click()
            assert not made.unlock.button.isEnabled()
            await settle(until=lambda: "without the key ring" in made.unlock.problem.words)
            made.unlock.passphrase.setText(PASSPHRASE)
            made.unlock.button.click()
            await settle(until=lambda: made.shown == "open")

    run(whole())


def test_a_lock_in_the_middle_takes_the_words_off_the_screen(run: Run, tmp_path: Path) -> None:
    async def whole() -> None:
        async with screen(tmp_path, wallet=False) as (made, link):
            made.setup.choose("create")
            type_passphrase(made)
            made.setup.form.go_button.click()
            await settle(until=lambda: made.setup.currentIndex() == 2)
            made.setup.show_words.show_button.click()
            words = list(made.setup._words)
            link.lock()
            await settle(until=lambda: made.shown == "unlock")
            await settle()
            left = {x.words if isinstance(x, Label) else x.text() for x in made.findChildren(QLabel)}
            assert left.isdisjoint(words)  # a label for each; a sentence may hold one of them by chance

    run(whole())


def test_words_are_restored_and_a_wrong_one_is_said(run: Run, tmp_path: Path) -> None:
    async def whole() -> None:
        async with screen(tmp_path, wallet=False) as (made, _):
            form = made.setup.form
            made.setup.choose("restore")
            form.mnemonic.setPlainText(WORDS.replace("about", "abandon"))
            type_passphrase(made)
            form.go_button.click()
            await settle(until=lambda: not form.busy)
            assert "Deriving" not in form.problem.words
            assert form.problem.words
            assert made.shown == "setup"
            type_passphrase(made)
            form.mnemonic.setPlainText(WORDS.upper().replace(" ", "\n "))
            form.go_button.click()
            await settle(until=lambda: made.setup.currentIndex() == 4)
            assert form.mnemonic.toPlainText() == ""
            made.setup.done.button.click()
            await settle(until=lambda: EVM in {a.id for a in made.accounts.accounts})
            await settle(until=made.accounts.discover.isVisible)
            assert made.tab == "accounts"
            assert "m/44'/501'/n'/0'" in made.accounts.discover.note.words, "the paths are said"
            assert "20 addresses in a row" in made.accounts.discover.note.words

    run(whole())


def test_an_address_is_watched_without_a_wallet(run: Run, tmp_path: Path) -> None:
    async def whole() -> None:
        async with screen(tmp_path, wallet=False) as (made, _):
            made.setup.choose("watch")
            made.setup.form.address.setText("0x" + "ab" * 20)
            type_passphrase(made)
            made.setup.form.go_button.click()
            await settle(until=lambda: made.setup.currentIndex() == 4)
            made.setup.done.button.click()
            await settle(until=lambda: len(made.accounts.accounts) == 1)
            assert "watched only" in texts(made.accounts)
            assert not made.accounts.add_button.isVisible()

    run(whole())


def test_not_now_leads_away_and_changes_nothing(run: Run, tmp_path: Path) -> None:
    async def whole() -> None:
        async with screen(tmp_path, wallet=False) as (made, link):
            left: list[bool] = []
            made.left.connect(lambda: left.append(True))
            made.setup.ways.skipped.emit()
            assert left == [True]
            assert not link.state.has_wallet

    run(whole())


def test_a_wrong_passphrase_is_said_and_the_right_one_opens(run: Run, tmp_path: Path) -> None:
    async def whole() -> None:
        async with screen(tmp_path, unlock=False) as (made, _):
            assert made.shown == "unlock"
            made.unlock.passphrase.setText("wrong wrong wrong")
            made.unlock.button.click()
            assert made.unlock.passphrase.text() == ""
            await settle(until=lambda: "passphrase" in made.unlock.problem.words.lower())
            made.unlock.passphrase.setText(PASSPHRASE)
            made.unlock.button.click()
            await settle(until=lambda: made.shown == "open" and len(made.accounts.accounts) == 2)

    run(whole())


def test_locked_nothing_of_the_wallet_stays_on_the_screen(run: Run, tmp_path: Path) -> None:
    async def whole() -> None:
        async with screen(tmp_path) as (made, _):
            await settle(until=lambda: len(made.accounts.accounts) == 2)
            addresses = [a.address for a in made.accounts.accounts]
            assert all(a in texts(made) for a in addresses)
            made.lock_button.click()
            await settle(until=lambda: made.shown == "unlock")
            await settle()
            assert not made.accounts.accounts
            assert not [a for a in addresses if a in texts(made)]

    run(whole())


def test_addresses_are_shown_in_full_copied_and_made_into_a_code(run: Run, tmp_path: Path) -> None:
    async def whole() -> None:
        from fluxdesk.desktop.screens.wallet.receive import Receive

        async with screen(tmp_path) as (made, _):
            await settle(until=lambda: len(made.accounts.accounts) == 2)
            copied: list[str] = []
            asked: list[object] = []
            made.copied.connect(lambda text, _: copied.append(text))
            made.receive_asked.connect(lambda account, _: asked.append(account))
            for button in made.accounts.findChildren(QAbstractButton):
                if "Copy" in button.toolTip() or button.text() == "Receive":
                    button.click()
            assert copied == [a.address for a in made.accounts.accounts]
            assert asked == list(made.accounts.accounts)
            panel = Receive()
            panel.show_account(made.accounts.accounts[0])
            assert panel.address.words.replace(" ", "") == made.accounts.accounts[0].address
            assert len(panel.code.rows) >= 25
            panel.deleteLater()

    run(whole())


def test_the_next_account_is_added(run: Run, tmp_path: Path) -> None:
    async def whole() -> None:
        async with screen(tmp_path) as (made, _):
            await settle(until=lambda: len(made.accounts.accounts) == 2)
            made.accounts.add(made.accounts.accounts[0].wallet, "solana")
            await settle(until=lambda: len(made.accounts.accounts) == 3)
            assert made.accounts.accounts[-1].label == "Solana 2"

    run(whole())


def test_a_limit_that_is_set_is_the_agents_and_is_shown(run: Run, tmp_path: Path) -> None:
    async def whole() -> None:
        async with screen(tmp_path) as (made, link):
            made.show_tab("limits")
            limits = made.limits
            await settle(until=lambda: limits._policy is not None)
            limits.per_day.setText("1.2.3")
            limits.add_button.click()
            assert "Not an amount" in limits.problem.words
            limits.per_day.setText("9" * 40)
            limits.add_button.click()
            assert "More than a transaction of this chain can hold" in limits.problem.words
            limits.per_day.setText("1.5")
            limits.add_button.click()
            await settle(until=lambda: "At most 1.5 SOL in 24 hours" in texts(limits))
            (cap,) = (await link.policy()).current.caps
            assert (cap.chain, cap.asset, cap.amounts.per_day) == ("solana:local", "native", 1_500_000_000)
            limits.stop_button.click()
            await settle(until=lambda: "Emergency stop" in texts(limits))
            assert link.state.words == "Emergency stop"

    run(whole())


def test_the_log_is_checked_and_a_changed_record_is_said(run: Run, tmp_path: Path) -> None:
    async def whole() -> None:
        async with screen(tmp_path) as (made, _):
            made.show_tab("log")
            made.log.button.click()
            await settle(until=lambda: made.log.verdict.words.startswith("Whole"))
            file = tmp_path / "audit.log"
            body = file.read_bytes()
            file.write_bytes(body.replace(b"unlocked", b"unlooked", 1))
            made.log.button.click()
            await settle(until=lambda: made.log.verdict.words.startswith("Damaged"))

    run(whole())


@pytest.mark.parametrize("wallet", [True, False])
def test_everything_has_a_name(run: Run, tmp_path: Path, wallet: bool) -> None:
    async def whole() -> None:
        async with screen(tmp_path, wallet) as (made, _):
            await settle(until=lambda: not wallet or len(made.accounts.accounts) == 2)
            for kind in (QAbstractButton, QLineEdit):
                nameless = [
                    w for w in made.findChildren(kind) if not w.accessibleName() and w.objectName()[:3] != "qt_"
                ]
                assert not nameless

    run(whole())
