"""The way in: one passphrase field."""

from typing import TYPE_CHECKING

from fluxdesk.desktop.i18n import tr
from fluxdesk.desktop.operation import run
from fluxdesk.desktop.qt import CENTER, QWidget
from fluxdesk.desktop.screens.wallet.fields import SecretEdit
from fluxdesk.desktop.theme import look
from fluxdesk.desktop.widgets.basics import Button, Label, Picture, box, frame, hbox, vbox

if TYPE_CHECKING:
    from fluxdesk.desktop.agent_link import AgentLink

_C = "Wallet"


class Unlock(QWidget):
    """Asks for the passphrase."""

    def __init__(self) -> None:
        super().__init__()
        self._link: AgentLink | None = None
        self._busy = False
        self.passphrase = SecretEdit(tr(_C, "Passphrase"), tr(_C, "Passphrase"))
        self.passphrase.setMinimumWidth(look().px(320))
        self.button = Button(tr(_C, "Unlock the wallet"), "primary")
        self.device_button = Button(tr(_C, "Unlock with this device"))
        self.problem = Label("", "small", "sell", wrap=True)
        self.problem.setAlignment(CENTER)
        badge = frame("well", hbox(Picture("icon", "lock", "accent", 24), margins=(11, 11, 11, 11)))
        badge.setFixedSize(48, 48)
        note = Label(
            tr(_C, "The keys are sealed. Nothing is signed, and no site sees an account, until you unlock."),
            "body",
            "text2",
        )
        column = vbox(
            None,
            hbox(None, badge, None),
            hbox(None, Label(tr(_C, "The wallet is locked"), "h2"), None),
            hbox(None, note, None),
            8,
            hbox(None, self.passphrase, self.button, None),
            hbox(None, self.device_button, None),
            self.problem,
            None,
            gap=10,
            margins=(24, 24, 24, 24),
        )
        self.setLayout(vbox(box(column), gap=0))
        self.home: QWidget = self.passphrase
        self.button.clicked.connect(self._go)
        self.device_button.clicked.connect(self._go_by_device)
        self.passphrase.returnPressed.connect(self._go)

    def set_link(self, link: "AgentLink | None") -> None:
        """The agent to talk to."""
        self._link, self._busy = link, False
        self.forget()

    def forget(self) -> None:
        """Empties the field."""
        self.passphrase.forget()
        self.problem.set("")
        self.device_button.setVisible(self._link is not None and self._link.remembered)

    def _go(self) -> None:
        if self._link is None or self._busy or not self.passphrase.text():
            return
        self._begin(tr(_C, "Deriving the key; this takes about a second."))
        run(self, self._link.unlock(self.passphrase.take()), lambda _: self._end(""), lambda e: self._end(str(e)))

    def _go_by_device(self) -> None:
        if self._link is not None and not self._busy:
            self._begin(tr(_C, "Asking the secret store of this desktop."))
            run(self, self._link.unlock_remembered(), lambda _: self._end(""), lambda e: self._end(str(e)))

    def _begin(self, what: str) -> None:
        self._busy = True
        self.button.setEnabled(False)
        self.device_button.setEnabled(False)
        self.problem.set(what, "text2")

    def _end(self, why: str) -> None:
        self._busy = False
        self.button.setEnabled(True)
        self.device_button.setEnabled(True)
        self.device_button.setVisible(self._link is not None and self._link.remembered)
        self.problem.set(why, "sell")
        if why and self.isVisible():
            self.passphrase.setFocus()
