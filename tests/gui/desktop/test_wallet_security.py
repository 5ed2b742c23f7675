"""The Security page with a real agent: passphrase, second factor, words, keys into files, locking, emergency stop."""

import json
import re
import time
from base64 import b32decode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from agent_process import EVM, PASSPHRASE, WORDS
from fluxdesk.client.agent import AgentRefused
from fluxdesk.desktop.agent_link import AgentLink
from fluxdesk.desktop.qt import QAbstractButton, QGuiApplication, QLabel, QLineEdit, QWidget
from fluxdesk.desktop.screens.wallet import backup_trial, security_export
from fluxdesk.desktop.screens.wallet.security import Security
from fluxdesk.desktop.theme import dress
from fluxdesk.desktop.widgets.basics import Label
from fluxdesk_host.agent.totp import code
from fluxdesk_host.keys import keystore_v3
from gui.desktop.agent_desk import linked
from windows import Run, settle

LONG = "otter quilt marble seven"


@asynccontextmanager
async def page(data: Path) -> AsyncIterator[tuple[Security, AgentLink]]:
    async with linked(data) as link:
        made = Security()
        dress(made)
        made.resize(1000, 760)
        made.set_link(link)
        link.changed.connect(lambda state: made.refresh() if state.unlocked else made.forget())
        made.show()
        made.refresh()
        await settle(until=lambda: made.idle.text() == "15")
        try:
            yield made, link
        finally:
            link.changed.disconnect()
            made.close()
            made.deleteLater()
            await settle()


def texts(widget: QWidget) -> str:
    return " ".join(label.words if isinstance(label, Label) else label.text() for label in widget.findChildren(QLabel))


def said(made: Security) -> list[str]:
    heard: list[str] = []
    made.said.connect(heard.append)
    made.failed.connect(heard.append)
    return heard


def totp(uri: str, steps: int = 0) -> str:
    secret = uri.partition("secret=")[2].partition("&")[0]
    return code(b32decode(secret + "=" * (-len(secret) % 8)), int(time.time()) // 30 + steps)


async def factor_on(link: AgentLink) -> str:
    uri = await link.totp_begin()
    await link.totp_confirm(totp(uri, -1))
    return uri


def test_the_passphrase_is_changed_and_the_old_one_opens_nothing(run: Run, tmp_path: Path) -> None:
    async def whole() -> None:
        async with page(tmp_path) as (made, link):
            heard = said(made)
            made.change_button.click()
            form = made.change
            assert not form.go_button.isEnabled()
            form.old.setText("wrong wrong wrong")
            form.new.first.setText(LONG)
            form.new.again.setText(LONG)
            form.go_button.click()
            assert form.working.isVisible()
            assert not form.back_button.isEnabled()
            await settle(until=lambda: "does not open" in form.problem.words)
            assert not form.working.isVisible()
            assert form.old.text() == form.new.first.text() == ""
            form.old.setText(PASSPHRASE)
            form.new.first.setText(LONG)
            form.new.again.setText(LONG)
            form.go_button.click()
            await settle(until=lambda: bool(heard))
            assert "The old one opens nothing" in heard[0]
            assert made.currentIndex() == 0
            link.lock()
            await settle(until=lambda: not link.state.unlocked)
            with pytest.raises(AgentRefused, match="does not open"):
                await link.unlock(bytearray(PASSPHRASE.encode()))
            await link.unlock(bytearray(LONG.encode()))

    run(whole())


def test_a_weak_or_mistyped_new_passphrase_is_not_taken(run: Run, tmp_path: Path) -> None:
    async def whole() -> None:
        async with page(tmp_path) as (made, _):
            made.change_button.click()
            made.change.old.setText(PASSPHRASE)
            for first, again in (("short", "short"), (LONG, LONG + "x")):
                made.change.new.first.setText(first)
                made.change.new.again.setText(again)
                assert not made.change.go_button.isEnabled()

    run(whole())


def test_the_second_factor_is_set_up_by_a_code_asked_for_and_turned_off(run: Run, tmp_path: Path) -> None:
    async def whole() -> None:
        async with page(tmp_path) as (made, link):
            heard = said(made)
            made.totp_on_button.click()
            form = made.totp_on
            await settle(until=lambda: bool(form.picture.rows))
            secret = form.secret.words.replace(" ", "")
            uri = f"otpauth://totp/x?secret={secret}"
            assert len(form.picture.rows) >= 21
            form.code.setText("000 000")
            form.go_button.click()
            await settle(until=lambda: "does not fit" in form.problem.words)
            form.code.setText(totp(uri, -1))
            form.go_button.click()
            await settle(until=lambda: "The second factor is on." in heard)
            assert not form.picture.rows
            assert secret not in texts(made).replace(" ", "")
            await settle(until=lambda: made.totp_off_button.isVisible())
            wallet = (await link.wallets())[0]
            made.open_words(wallet)
            made.words.ask.passphrase.setText(PASSPHRASE)
            assert not made.words.ask.go_button.isEnabled(), "it wants a code"
            made.back()
            made.totp_off_button.click()
            made.totp_off.passphrase.setText(PASSPHRASE)
            made.totp_off.code.setText(totp(uri))
            made.totp_off.go_button.click()
            await settle(until=lambda: bool(made.totp_off.problem.words) or "The second factor is off." in heard)
            assert not made.totp_off.problem.words
            await settle(until=lambda: made.totp_on_button.isVisible())

    run(whole())


def test_words_are_shown_after_the_passphrase_tried_and_never_on_the_clipboard(run: Run, tmp_path: Path) -> None:
    async def whole() -> None:
        async with page(tmp_path) as (made, link):
            await settle(until=lambda: "never tried" in texts(made))
            button = next(b for b in made.findChildren(QAbstractButton) if b.toolTip() == "Show the words of Test")
            button.click()
            ask = made.words.ask
            ask.passphrase.setText("wrong wrong wrong")
            ask.go_button.click()
            await settle(until=lambda: "does not open" in ask.problem.words)
            ask.passphrase.setText(PASSPHRASE)
            ask.go_button.click()
            await settle(until=lambda: made.words.currentIndex() == 1)
            assert "about" not in texts(made.words.show_words).split()
            made.words.show_words.show_button.click()
            assert "about" in texts(made.words.show_words).split()
            assert "abandon" not in QGuiApplication.clipboard().text()
            made.words.show_words.next_button.click()
            words = WORDS.split()
            for place, field in made.words.ask_words.fields.items():
                field.setText(words[place])
            made.words.ask_words.check_button.click()
            await settle(until=lambda: "the back-up was tried" in texts(made))
            assert "abandon" not in texts(made).split()
            assert (await link.wallets())[0].tried

    run(whole())


def test_a_lock_takes_words_and_forms_off_the_screen(run: Run, tmp_path: Path) -> None:
    async def whole() -> None:
        async with page(tmp_path) as (made, link):
            made.open_words((await link.wallets())[0])
            made.words.ask.passphrase.setText(PASSPHRASE)
            made.words.ask.go_button.click()
            await settle(until=lambda: made.words.currentIndex() == 1)
            made.words.show_words.show_button.click()
            link.lock()
            await settle(until=lambda: made.currentIndex() == 0)
            await settle()
            assert "abandon" not in texts(made).split()
            assert not [f.text() for f in made.findChildren(QLineEdit) if f.text()]

    run(whole())


@pytest.mark.parametrize(("family", "form"), [("evm", "file"), ("evm", "text"), ("solana", "file"), ("solana", "text")])
def test_a_key_goes_into_a_file_for_the_user_alone(run: Run, tmp_path: Path, family: str, form: str) -> None:
    async def whole() -> None:
        async with page(tmp_path / "agent") as (made, link):
            heard = said(made)
            target = tmp_path / "key.out"
            target.write_text("older")
            target.chmod(0o644)
            made.export._choose = lambda parent, name: target
            made.export_button.click()
            await settle(until=lambda: made.export.account.count() == 2)
            accounts = {a.family: a for a in await link.accounts()}
            made.export.account.setCurrentIndex(made.export.account.findData(accounts[family].id))
            made.export.form.setCurrentIndex(made.export.form.findData(form))
            made.export.passphrase.setText(PASSPHRASE)
            if (family, form) == ("evm", "file"):
                assert not made.export.go_button.isEnabled(), "a key file has a password"
                made.export.password.first.setText(LONG)
                made.export.password.again.setText(LONG)
            made.export.go_button.click()
            await settle(until=lambda: bool(heard), seconds=60)
            assert "was written to key.out" in heard[0]
            assert target.stat().st_mode & 0o777 == 0o600
            assert [p.name for p in tmp_path.iterdir() if p.is_file()] == ["key.out"]
            text = target.read_text()
            assert text not in QGuiApplication.clipboard().text()
            if family == "solana" and form == "file":
                assert len(json.loads(text)) == 64
            elif family == "solana":
                assert re.fullmatch("[1-9A-HJ-NP-Za-km-z]{80,90}", text)
            elif form == "text":
                assert re.fullmatch("0x[0-9a-f]{64}", text)
            else:
                with keystore_v3.decrypt(text, LONG) as key:
                    assert len(key) == 32

    run(whole())


def test_a_key_that_cannot_be_written_is_said_and_none_is_left(run: Run, tmp_path: Path) -> None:
    async def whole() -> None:
        async with page(tmp_path / "agent") as (made, _):
            made.export._choose = lambda parent, name: tmp_path / "no such folder" / "key.out"
            made.export_button.click()
            await settle(until=lambda: made.export.account.count() == 2)
            made.export.account.setCurrentIndex(1 if "solana" in str(made.export.account.itemData(1)) else 0)
            made.export.passphrase.setText(PASSPHRASE)
            made.export.go_button.click()
            await settle(until=lambda: "could not be written" in made.export.problem.words)
            assert made.export.passphrase.text() == ""

    run(whole())


def test_nowhere_is_a_key_or_word_given_to_the_clipboard() -> None:
    for file in (security_export.__file__, backup_trial.__file__):
        source = Path(file).read_text(encoding="utf-8")
        assert "clipboard" not in source.replace("Nothing of it goes to the clipboard", "")
        assert "copied" not in source


def test_the_idle_lock_is_set_and_nonsense_refused(run: Run, tmp_path: Path) -> None:
    async def whole() -> None:
        async with page(tmp_path) as (made, link):
            heard = said(made)
            made.idle.setText("soon")
            made.idle_button.click()
            assert "Whole minutes" in heard[-1]
            made.idle.setText("5")
            made.idle_button.click()
            await settle(until=lambda: "Saved." in heard[-1])
            assert (await link.policy()).current.idle_lock_s == 300

    run(whole())


def test_the_emergency_stop_holds_at_once_and_its_end_waits(run: Run, tmp_path: Path) -> None:
    async def whole() -> None:
        async with page(tmp_path) as (made, link):
            made.stop_button.click()
            await settle(until=lambda: made.resume_button.isVisible())
            assert "Emergency stop" in texts(made)
            made.resume_button.click()
            await settle(until=lambda: "It ends in 1 day" in texts(made))
            assert (await link.policy()).stopped

    run(whole())


def test_an_earlier_file_of_the_wallet_that_was_put_back_is_said(run: Run, tmp_path: Path) -> None:
    async def whole() -> None:
        async with page(tmp_path) as (made, link):
            link.lock()
            await settle(until=lambda: not link.state.unlocked)
            (file,) = tmp_path.rglob("keystore.fdk")
            earlier = file.read_bytes()
            await link.unlock(bytearray(PASSPHRASE.encode()))
            await factor_on(link)
            await settle(until=lambda: made.totp_off_button.isVisible())
            assert "put back" not in texts(made)
            link.lock()
            await settle(until=lambda: not link.state.unlocked)
            file.write_bytes(earlier)
            await link.unlock(bytearray(PASSPHRASE.encode()))
            await settle(until=lambda: "an earlier one that was put back" in texts(made))
            assert made.totp_on_button.isVisible()

    run(whole())


def test_a_known_bad_list_is_brought_in_and_its_date_shown(run: Run, tmp_path: Path) -> None:
    async def whole() -> None:
        async with page(tmp_path / "agent") as (made, link):
            heard = said(made)
            await settle(until=lambda: "No list" in texts(made))
            none = tmp_path / "none.txt"
            none.write_text("nothing")
            made.bring_in(none)
            await settle(until=lambda: bool(heard))
            assert "No address was found" in heard[-1]
            good = tmp_path / "bad.csv"
            good.write_text(f"address,why\n0x{'ab' * 20},drainer\n")
            made.bring_in(good)
            await settle(until=lambda: "1 address as of" in heard[-1])
            await settle(until=lambda: "from bad.csv" in texts(made))
            found = await link.check_recipient("evm:0x" + "AB" * 20)
            assert found.bad is not None
            assert found.bad.why == "drainer"

    run(whole())


def test_where_no_secret_store_answers_that_is_said_and_the_wallet_stays_open(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))

    async def whole() -> None:
        async with page(tmp_path / "agent") as (made, link):
            pid = link.pid
            made.remember_button.click()
            made.remembering.passphrase.setText("wrong wrong wrong")
            made.remembering.go_button.click()
            await settle(until=lambda: "does not open" in made.remembering.problem.words)
            made.remembering.passphrase.setText(PASSPHRASE)
            made.remembering.go_button.click()
            await settle(until=lambda: "no secret store" in made.remembering.problem.words)
            assert "Nothing was remembered" in made.remembering.problem.words
            assert link.state.unlocked
            assert link.pid == pid, "the agent was not opened further for nothing"
            assert not link.remembered

    run(whole())


def test_the_account_of_the_test_wallet_is_what_is_exported(run: Run, tmp_path: Path) -> None:
    """The published words have a published key: what leaves is it."""

    async def whole() -> None:
        async with page(tmp_path) as (_, link):
            key = await link.export(EVM, "text", bytearray(PASSPHRASE.encode()), None, bytearray())
            assert key.decode() == "0x1ab42cc412b618bdea3a599e3c9bae199ebf030895b039e9db1e30dafb12b727"

    run(whole())
