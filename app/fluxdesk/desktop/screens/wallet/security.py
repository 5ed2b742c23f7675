"""What guards the wallet: passphrase, this device, second factor, locking, what leaves, back-ups, emergency stop."""

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from fluxdesk.desktop.i18n import plural, tr
from fluxdesk.desktop.operation import run
from fluxdesk.desktop.qt import QFileDialog, QLineEdit, QStackedWidget, QWidget, Signal
from fluxdesk.desktop.screens.wallet.limits import duration
from fluxdesk.desktop.screens.wallet.parts import page, row, section, two_lines
from fluxdesk.desktop.screens.wallet.security_export import ExportKey, Words
from fluxdesk.desktop.screens.wallet.security_forms import ChangePassphrase, Form, Remember, TotpOff, TotpOn
from fluxdesk.desktop.theme import look, set_role
from fluxdesk.desktop.widgets.basics import Button, Label, Picture, box, clear, frame, hbox, vbox
from fluxdesk.desktop.words import remote

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fluxdesk.desktop.agent_facts import Account, Device, HeldWallet, KnownBadList, PolicyState
    from fluxdesk.desktop.agent_link import AgentLink

_C = "Wallet"


class Line(QWidget):
    """One line of the page: what it is, how it stands, and what can be done about it."""

    def __init__(self, icon: str, name: str, *buttons: QWidget) -> None:
        super().__init__()
        self._picture = Picture("icon", icon)
        self.state = Label("", "small", "text2", wrap=True)
        words = box(vbox(Label(name, "strong"), self.state, gap=2))
        self.setLayout(vbox(row(self._picture, (words, 1), *buttons), gap=0))

    def say(self, words: str, tone: str = "text2") -> None:
        """How it stands."""
        self.state.set(words, tone)


class Security(QStackedWidget):
    """The page, and the forms that it opens.

    Signals:
        failed: A sentence.
        said: A sentence about what was changed.
    """

    failed = Signal(str)
    said = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._link: AgentLink | None = None
        self._policy: PolicyState | None = None
        self.change, self.remembering, self.totp_on, self.totp_off = (
            ChangePassphrase(),
            Remember(),
            TotpOn(),
            TotpOff(),
        )
        self.words, self.export = Words(), ExportKey()
        self._buttons()
        self.addWidget(self._overview())
        for form in (self.change, self.remembering, self.totp_on, self.totp_off, self.words, self.export):
            inner = box(vbox(form, gap=0))
            inner.setMaximumWidth(look().px(680))
            self.addWidget(page(inner))
            form.left.connect(self.back)
            form.said.connect(self.said)
        self.home: QWidget = self.change_button
        self._connect()
        self.forget()

    def _buttons(self) -> None:
        self.stop_button = Button(tr(_C, "Stop all signing"), "danger")
        self.resume_button = Button(tr(_C, "Ask to resume"))
        self.change_button = Button(tr(_C, "Change the passphrase"))
        self.remember_button = Button(tr(_C, "Remember on this device"))
        self.forget_button = Button(tr(_C, "Forget on this device"))
        self.totp_on_button = Button(tr(_C, "Set up a second factor"))
        self.totp_off_button = Button(tr(_C, "Turn it off"), tip=tr(_C, "Turn off the second factor"))
        self.export_button = Button(tr(_C, "Export a private key"))
        self.list_button = Button(tr(_C, "Bring in a list"), tip=tr(_C, "Bring in a known-bad list from a file"))
        self.idle = QLineEdit()
        self.idle.setAccessibleName(tr(_C, "Minutes until the idle lock; empty for never"))
        self.idle.setPlaceholderText(tr(_C, "never"))
        self.idle.setMaxLength(4)
        self.idle.setFixedWidth(look().px(72))
        set_role(self.idle, "body")
        self.idle_button = Button(tr(_C, "Save"), tip=tr(_C, "Save the idle lock"))

    def _overview(self) -> QWidget:
        self._state = Label("", "body", wrap=True)
        self.passphrase = Line("lock", tr(_C, "Passphrase"), self.change_button)
        self.device = Line("settings", tr(_C, "This device"), self.forget_button, self.remember_button)
        self.factor = Line("person", tr(_C, "Second factor"), self.totp_off_button, self.totp_on_button)
        self.locking = Line(
            "clock", tr(_C, "Lock by itself"), self.idle, Label(tr(_C, "min"), "small", "text2"), self.idle_button
        )
        self.keys = Line("key", tr(_C, "Private keys"), self.export_button)
        self.bad = Line("warn", tr(_C, "Known-bad addresses"), self.list_button)
        self.passphrase.say(
            tr(_C, "Opens the wallet's file on this computer (Argon2id). It cannot be recovered, and is no back-up.")
        )
        self.keys.say(tr(_C, "Leave the agent into a private file, after the passphrase and the second factor."))
        self._wallets = vbox(gap=0)
        well = hbox((self._state, 1), self.resume_button, self.stop_button, margins=(14, 10, 10, 10))
        backup = tr(_C, "The words of a wallet bring it back anywhere. A back-up that was never tried is none.")
        return page(
            frame("well", well),
            section(tr(_C, "Back-up"), backup),
            box(self._wallets),
            section(tr(_C, "Opening the wallet")),
            self.passphrase,
            self.device,
            self.factor,
            self.locking,
            section(tr(_C, "What leaves, and whom it reaches")),
            self.keys,
            self.bad,
        )

    def _connect(self) -> None:
        self.stop_button.clicked.connect(lambda: self._do("stop"))
        self.resume_button.clicked.connect(lambda: self._do("resume"))
        self.change_button.clicked.connect(lambda: self.open(self.change))
        self.remember_button.clicked.connect(lambda: self.open(self.remembering))
        self.forget_button.clicked.connect(self._forget_device)
        self.totp_on_button.clicked.connect(lambda: self.open(self.totp_on))
        self.totp_off_button.clicked.connect(lambda: self.open(self.totp_off))
        self.export_button.clicked.connect(self._open_export)
        self.idle_button.clicked.connect(self._set_idle)
        self.idle.returnPressed.connect(self._set_idle)
        self.list_button.clicked.connect(self._choose_list)

    # --- what the screen asks of it ---

    def set_link(self, link: "AgentLink | None") -> None:
        """The agent to ask."""
        self._link = link
        self.forget()

    def refresh(self) -> None:
        """Reads everything again. A form that is open stays."""
        link = self._link
        if link is None:
            return
        found = link.state.condition
        on = found is not None and found.second_factor
        self.totp_on_button.setVisible(not on)
        self.totp_off_button.setVisible(on)
        self.factor.say(
            tr(_C, "On: words and keys leave only after a code of your authenticator.")
            if on
            else tr(_C, "Off: whoever knows the passphrase can have words and keys shown at this desktop.")
        )
        run(self, link.policy(), self._show_policy, self._fail)
        run(self, link.wallets(), self._show_wallets, self._fail)
        run(self, link.device(), self._show_device, self._fail)
        run(self, link.known_bad(), self._show_list, self._fail)

    def forget(self) -> None:
        """Shows nothing, and every form is empty."""
        self._policy = None
        self._state.set("")
        self.idle.setText("")
        for line in (self.device, self.factor, self.locking, self.bad):
            line.say("")
        clear(self._wallets)
        for form in (self.change, self.remembering, self.totp_on, self.totp_off, self.words, self.export):
            form.forget()
        self.setCurrentIndex(0)

    # --- forms ---

    def open(self, form: Form) -> None:
        """Shows a form, empty."""
        if self._link is not None:
            form.open(self._link)
            self._show(form)

    def _show(self, form: "Form | Words") -> None:
        forms = (self.change, self.remembering, self.totp_on, self.totp_off, self.words, self.export)
        self.setCurrentIndex(1 + forms.index(form))
        if self.isVisible():
            form.home.setFocus()

    def back(self) -> None:
        """To the page, with nothing left in a form."""
        for form in (self.change, self.remembering, self.totp_on, self.totp_off, self.words, self.export):
            form.forget()
        self.setCurrentIndex(0)
        self.refresh()

    def open_words(self, wallet: "HeldWallet") -> None:
        """The words of a wallet, after the passphrase."""
        if self._link is not None:
            self.words.open_wallet(self._link, wallet)
            self._show(self.words)

    def _open_export(self) -> None:
        if self._link is not None:
            run(self, self._link.accounts(), self._export, self._fail)

    def _export(self, accounts: "Sequence[Account]") -> None:
        self.export.set_accounts(accounts)
        self.open(self.export)

    # --- what is shown ---

    def _is_earlier(self) -> bool:
        found = None if self._link is None else self._link.state.condition
        return found is not None and found.earlier_keystore

    def _show_policy(self, found: "PolicyState") -> None:
        self._policy = found
        if found.state != "whole":
            self._state.set(tr(_C, "The sealed policy is damaged: nothing is signed."), "sell")
        elif found.resumes_in_ms:
            wait = duration(max(60, round(found.resumes_in_ms / 60_000) * 60))
            self._state.set(tr(_C, "Emergency stop: nothing is signed. It ends in {time}.", time=wait), "warn")
        elif found.stopped:
            self._state.set(tr(_C, "Emergency stop: nothing is signed, whoever approves."), "sell")
        elif self._is_earlier():
            words = tr(
                _C,
                "The wallet's file is an earlier one that was put back. What sites were given, the second factor and "
                "the address book are as they were then. If it was not you, stop all signing.",
            )
            self._state.set(words, "sell")
        else:
            delay = duration(found.current.loosen_delay_s)
            self._state.set(
                tr(_C, "Signing is on. The emergency stop holds at once; ending it takes {time}.", time=delay), "text1"
            )
        self.stop_button.setVisible(not found.stopped)
        self.resume_button.setVisible(found.stopped and found.resumes_in_ms is None)
        idle = found.current.idle_lock_s
        self.idle.setText("" if idle is None else f"{idle / 60:g}")
        after = tr(_C, "never by itself") if idle is None else tr(_C, "after {time} without you", time=duration(idle))
        self.locking.say(
            tr(
                _C,
                "{after}; when this computer sleeps; with Ctrl L; when Fluxdesk ends. A longer time counts after "
                "the delay of every loosening.",
                after=after[:1].upper() + after[1:],
            )
        )

    def _show_wallets(self, wallets: "Sequence[HeldWallet]") -> None:
        clear(self._wallets)
        for wallet in wallets:
            count = plural(_C, wallet.words, "{n} word", "{n} words")
            state = (
                tr(_C, "{count}; the back-up was tried", count=count)
                if wallet.tried
                else tr(_C, "{count}; never tried: nobody knows whether they are written down", count=count)
            )
            label = remote(wallet.label)
            button = Button(tr(_C, "Show the words"), tip=tr(_C, "Show the words of {label}", label=label))
            button.setAccessibleName(button.toolTip())
            button.clicked.connect(lambda _=False, wallet=wallet: self.open_words(wallet))
            mark = Picture("mark", "ok" if wallet.tried else "warn", size=18)
            self._wallets.addWidget(row(mark, (two_lines(label, state, mono=False), 1), button))
        if not wallets:
            none = tr(_C, "No wallet of words: imported keys and watched addresses have no words to back up.")
            self._wallets.addWidget(Label(none, "body", "text2", wrap=True))

    def _show_device(self, found: "Device") -> None:
        self.forget_button.setVisible(found.remembered)
        self.remember_button.setVisible(not found.remembered)
        if not found.remembered:
            self.device.say(tr(_C, "Not remembered: the passphrase is asked for each time."))
        elif found.store is False:
            self.device.say(tr(_C, "Remembered, but no secret store answers: the passphrase is asked for."), "warn")
        else:
            self.device.say(tr(_C, "Remembered: whoever is logged in to this desktop can open the wallet."), "warn")

    def _show_list(self, found: "KnownBadList") -> None:
        if found.problem:
            self.bad.say(tr(_C, "The list cannot be used. {why}", why=remote(found.problem, 200)), "sell")
        elif not found.date:
            self.bad.say(tr(_C, "No list: no address is compared with one. Fluxdesk fetches none; bring your own."))
        else:
            count = plural(_C, found.count, "{n} address", "{n} addresses")
            self.bad.say(
                tr(
                    _C,
                    "{count} as of {date}, from {source}. What is missing from it is not cleared by that.",
                    count=count,
                    date=found.date,
                    source=remote(found.source, 60),
                )
            )

    def _fail(self, error: BaseException) -> None:
        self.failed.emit(str(error))

    # --- what is done at once ---

    def _do(self, what: str) -> None:
        if self._link is not None:
            work = self._link.stop_all() if what == "stop" else self._link.resume()
            run(self, work, lambda _: self.refresh(), self._fail)

    def _forget_device(self) -> None:
        if self._link is not None:
            done = tr(_C, "This device asks for the passphrase from now on.")
            run(self, self._link.forget_device(), lambda _: self._say(done), self._fail)

    def _set_idle(self) -> None:
        link, found, typed = self._link, self._policy, self.idle.text().strip()
        if link is None or found is None:
            return
        if typed and not (typed.isascii() and typed.isdecimal() and 1 <= int(typed) <= 1440):
            self.failed.emit(tr(_C, "Whole minutes from 1 to 1,440, or empty for never. Nothing was changed."))
            return
        policy = msgspec.structs.replace(found.current, idle_lock_s=int(typed) * 60 if typed else None)
        done = tr(_C, "Saved. A shorter time holds now, a longer one after the delay.")
        run(self, link.set_policy(policy), lambda _: self._say(done), self._fail)

    def _choose_list(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(self, tr(_C, "A list that you fetched"))
        if chosen:
            self.bring_in(Path(chosen))

    def bring_in(self, file: Path) -> None:
        """Reads a published list and puts it in the place of the one before."""
        if self._link is not None:
            run(self, _bring_in(self._link.data, file), lambda said: self._say(str(said)), self._fail)

    def _say(self, words: str) -> None:
        self.said.emit(words)
        self.refresh()


async def _bring_in(folder: Path, file: Path) -> str:
    import asyncio

    from fluxdesk_host.agent import known_bad

    try:
        count, strange, day = await asyncio.to_thread(known_bad.update, folder, file)
    except known_bad.NoList as no:
        raise ValueError(str(no)) from None
    except OSError as error:
        why = error.strerror or str(error)
        raise OSError(tr(_C, "{file}: {why}. The list before was kept.", file=file.name, why=why)) from None
    said = tr(_C, "{count} as of {date}.", count=plural(_C, count, "{n} address", "{n} addresses"), date=day)
    left = plural(_C, strange, "{n} entry was no address.", "{n} entries were no addresses.") if strange else ""
    return f"{said} {left}".strip()
