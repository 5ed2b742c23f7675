"""The forms of the Security page: each asks for what it needs, does one thing through the agent, forgets all of it."""

import time
from collections.abc import Awaitable
from typing import TYPE_CHECKING, Any

from fluxdesk.desktop.i18n import tr
from fluxdesk.desktop.operation import run
from fluxdesk.desktop.qt import QLineEdit, QTimer, QWidget, Signal
from fluxdesk.desktop.screens.wallet.fields import NewPassphrase, SecretEdit
from fluxdesk.desktop.screens.wallet.qr import QrCode
from fluxdesk.desktop.theme import look, set_role
from fluxdesk.desktop.widgets.basics import Button, Label, box, frame, hbox, vbox
from fluxdesk.desktop.widgets.meter import Meter

if TYPE_CHECKING:
    from fluxdesk.desktop.agent_link import AgentLink

_C = "Wallet"
SEGMENTS = 24
TICK_MS = 100


def code_field() -> QLineEdit:
    """Six digits of the second factor."""
    field = QLineEdit()
    field.setMaxLength(7)
    field.setAccessibleName(tr(_C, "Code of the second factor"))
    field.setPlaceholderText(tr(_C, "6 digits"))
    field.setFixedWidth(look().px(120))
    set_role(field, "mono")
    return field


def code_of(field: QLineEdit) -> str | None:
    """The digits that were typed, without blanks; None for none."""
    return "".join(field.text().split()) or None


class Working(QWidget):
    """How far something is that says nothing until it ends: time gone of the time it took last, never quite full."""

    def __init__(self) -> None:
        super().__init__()
        self._began = self._whole = 0.0
        self._meter = Meter(SEGMENTS)
        self.words = Label("", "small", "text2")
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._tick)
        self.setLayout(vbox(self.words, self._meter, gap=4))
        self.hide()

    def begin(self, what: str, seconds: float) -> None:
        """Something began that takes about so long."""
        self._began, self._whole = time.monotonic(), max(seconds, 0.1)
        self.words.set(tr(_C, "{what}; about {n} s by the last time", what=what, n=f"{max(1, round(seconds))}"))
        self._tick()
        self._timer.start()
        self.show()

    def end(self) -> None:
        """It ended."""
        self._timer.stop()
        self.hide()

    @property
    def level(self) -> int:
        """Segments filled."""
        gone = (time.monotonic() - self._began) / self._whole
        return min(SEGMENTS - 1, int(gone * SEGMENTS))

    def _tick(self) -> None:
        self._meter.set_level(self.level, "accent")


class Form(QWidget):
    """One task with its way back.

    Signals:
        left: Back, or done.
        said: A sentence about what was done.
    """

    left = Signal()
    said = Signal(str)

    def __init__(self, title: str, note: str, verb: str, *fields: QWidget, danger: bool = False) -> None:
        super().__init__()
        self._link: AgentLink | None = None
        self.busy = False
        self.title = Label(title, "h2")
        self.note = Label(note, "body", "text2", wrap=True)
        self.problem = Label("", "small", "sell", wrap=True)
        self.working = Working()
        self.go_button = Button(verb, "danger" if danger else "primary", large=True)
        self.back_button = Button(tr(_C, "Back"), "ghost", "back")
        self.card = vbox(*fields, self.problem, self.working, gap=8, margins=(20, 18, 20, 18))
        self.setLayout(
            vbox(
                hbox(self.back_button, None),
                self.title,
                self.note,
                frame("card", self.card),
                hbox(None, self.go_button),
                None,
                gap=12,
            )
        )
        self.home: QWidget = self.back_button
        self.back_button.clicked.connect(self.left)
        self.go_button.clicked.connect(self.go)

    def open(self, link: "AgentLink") -> None:
        """Shown anew, empty."""
        self._link = link
        self.forget()
        self.check()

    def forget(self) -> None:
        """Empties every field."""
        self.problem.set("")
        for field in self.findChildren(QLineEdit):
            field.setText("")

    def check(self) -> None:
        """Whether it can go."""
        self.go_button.setEnabled(not self.busy and self.ready())

    def ready(self) -> bool:
        """Whether everything needed was typed."""
        return True

    def go(self) -> None:
        """Does it, if everything is there."""
        if self._link is None or not self.go_button.isEnabled():
            return
        self.problem.set("")
        self.begin(self._link)

    def begin(self, link: "AgentLink") -> None:
        """Does it."""
        raise NotImplementedError

    def work(self, work: Awaitable[Any], what: str, derivations: float, done: Any) -> None:
        """Waits for the agent; `done` gets its answer."""
        self.busy = True
        self.back_button.setEnabled(False)
        self.check()
        if what and self._link is not None:
            self.working.begin(what, derivations * self._link.kdf_s)
        run(self, work, lambda answer: self._end("", done, answer), lambda e: self._end(str(e), None, None))

    def _end(self, why: str, done: Any, answer: Any) -> None:
        self.busy = False
        self.working.end()
        self.back_button.setEnabled(True)
        self.problem.set(why)
        self.check()
        if done is not None:
            done(answer)


class ChangePassphrase(Form):
    """The old one, the new one twice."""

    def __init__(self) -> None:
        self.old = SecretEdit(tr(_C, "Present passphrase"))
        self.new = NewPassphrase()
        super().__init__(
            tr(_C, "Change the passphrase"),
            tr(
                _C,
                "Everything is sealed anew under a new key, the generation before included. Copies of the file that "
                "you made yourself keep the old passphrase. A device that remembered the wallet forgets it.",
            ),
            tr(_C, "Change the passphrase"),
            Label(tr(_C, "Present passphrase"), "small_strong"),
            self.old,
            self.new,
        )
        self.home = self.old
        self.old.textChanged.connect(self.check)
        self.new.changed.connect(self.check)
        self.new.entered.connect(self.go)

    def ready(self) -> bool:
        """Both passphrases, and the new one is strong enough to be taken."""
        return bool(self.old.text()) and self.new.ready

    def begin(self, link: "AgentLink") -> None:
        """Changes it: asked again, calibrated, derived."""
        work = link.change_passphrase(self.old.take(), self.new.take())
        self.work(work, tr(_C, "Deriving the old and the new key"), 3.0, self._done)

    def _done(self, _: object) -> None:
        self.said.emit(tr(_C, "The passphrase was changed. The old one opens nothing of this computer any more."))
        self.left.emit()


class Remember(Form):
    """Lets this device open the wallet."""

    def __init__(self) -> None:
        self.passphrase = SecretEdit(tr(_C, "Passphrase"))
        super().__init__(
            tr(_C, "Remember on this device"),
            tr(
                _C,
                "The key goes into this desktop's secret store, sealed; its other half stays beside the wallet. "
                "Whoever is logged in to this desktop can then open the wallet without the passphrase, and so can a "
                "program that runs as you. Words, keys and a new passphrase still need it. The agent "
                "starts anew for this.",
            ),
            tr(_C, "Remember on this device"),
            Label(tr(_C, "Passphrase"), "small_strong"),
            self.passphrase,
        )
        self.home = self.passphrase
        self.passphrase.textChanged.connect(self.check)
        self.passphrase.returnPressed.connect(self.go)

    def ready(self) -> bool:
        """A passphrase was typed."""
        return bool(self.passphrase.text())

    def begin(self, link: "AgentLink") -> None:
        """Asks again, looks for a secret store, remembers."""
        self.work(link.remember(self.passphrase.take()), tr(_C, "Reaching the secret store"), 3.0, self._done)

    def _done(self, _: object) -> None:
        self.said.emit(tr(_C, "This device opens the wallet without its passphrase from now on."))
        self.left.emit()


class TotpOn(Form):
    """The secret as a code to scan, and one code as proof."""

    def __init__(self) -> None:
        self.picture = QrCode()
        self.secret = Label("", "mono", wrap=True)
        self.code = code_field()
        scan = tr(_C, "Scan it with an authenticator, or type the letters into one. They are shown this once.")
        super().__init__(
            tr(_C, "Set up a second factor"),
            tr(
                _C,
                "Six digits that change every 30 seconds (RFC 6238). They are asked for before words or keys leave, "
                "and for amounts above a limit that you set. They protect against someone at this desktop who knows "
                "the passphrase, not against one who has the wallet's file and it.",
            ),
            tr(_C, "Turn it on"),
            Label(scan, "small", "text2", wrap=True),
            box(hbox(self.picture, None)),
            self.secret,
            Label(tr(_C, "A code it shows now"), "small_strong"),
            self.code,
        )
        self.home = self.code
        self.code.textChanged.connect(self.check)
        self.code.returnPressed.connect(self.go)

    def open(self, link: "AgentLink") -> None:
        """Shown with a new secret."""
        super().open(link)
        run(self, link.totp_begin(), self._show, lambda e: self.problem.set(str(e)))

    def forget(self) -> None:
        """No secret on the screen."""
        super().forget()
        self.secret.set("")
        self.picture.forget()

    def _show(self, uri: str) -> None:
        self.picture.set_text(uri)
        self.picture.setAccessibleName(tr(_C, "QR code of the second factor"))
        secret = uri.partition("secret=")[2].partition("&")[0]
        self.secret.set(" ".join(secret[at : at + 4] for at in range(0, len(secret), 4)))

    def ready(self) -> bool:
        """Six digits."""
        digits = code_of(self.code) or ""
        return len(digits) == 6 and digits.isascii() and digits.isdecimal()

    def begin(self, link: "AgentLink") -> None:
        """Confirms."""
        self.work(link.totp_confirm(code_of(self.code) or ""), "", 0, self._done)

    def _done(self, _: object) -> None:
        self.said.emit(tr(_C, "The second factor is on."))
        self.left.emit()


class TotpOff(Form):
    """Passphrase and a code."""

    def __init__(self) -> None:
        self.passphrase = SecretEdit(tr(_C, "Passphrase"))
        self.code = code_field()
        super().__init__(
            tr(_C, "Turn off the second factor"),
            tr(_C, "Needs the passphrase and a code. Limits that ask for a code then refuse instead."),
            tr(_C, "Turn it off"),
            Label(tr(_C, "Passphrase"), "small_strong"),
            self.passphrase,
            Label(tr(_C, "Code"), "small_strong"),
            self.code,
            danger=True,
        )
        self.home = self.passphrase
        self.passphrase.textChanged.connect(self.check)
        self.code.textChanged.connect(self.check)

    def ready(self) -> bool:
        """Both were typed."""
        return bool(self.passphrase.text()) and len(code_of(self.code) or "") == 6

    def begin(self, link: "AgentLink") -> None:
        """Turns it off."""
        work = link.totp_off(self.passphrase.take(), code_of(self.code) or "")
        self.work(work, tr(_C, "Checking the passphrase"), 1.0, self._done)

    def _done(self, _: object) -> None:
        self.said.emit(tr(_C, "The second factor is off."))
        self.left.emit()
