"""What guards the wallet: passphrase, this device, second factor, locking, what leaves, back-ups, emergency stop."""

from typing import TYPE_CHECKING

from fluxdesk.desktop.i18n import tr
from fluxdesk.desktop.operation import run
from fluxdesk.desktop.qt import QWidget, Signal
from fluxdesk.desktop.screens.wallet.parts import page, section
from fluxdesk.desktop.widgets.basics import Button, Label, box, clear, frame, hbox, vbox

if TYPE_CHECKING:
    from fluxdesk.desktop.agent_link import AgentLink, HeldWallet, PolicyState

_C = "Wallet"


class Security(QWidget):
    """The page.

    Signals:
        failed: A sentence.
        said: A sentence about what was changed.
    """

    failed = Signal(str)
    said = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._link: AgentLink | None = None
        self.stop_button = Button(tr(_C, "Stop all signing"), "danger")
        self.resume_button = Button(tr(_C, "Ask to resume"))
        self._state = Label("", "body", wrap=True)
        self._wallets = vbox(gap=0)
        well = hbox((self._state, 1), self.resume_button, self.stop_button, margins=(14, 10, 10, 10))
        self.setLayout(
            vbox(
                page(
                    frame("well", well),
                    section(
                        tr(_C, "Back-up"), tr(_C, "The words are the back-up. The passphrase only opens this file.")
                    ),
                    box(self._wallets),
                ),
                gap=0,
            )
        )
        self.home: QWidget = self.stop_button
        self.stop_button.clicked.connect(lambda: self._do("stop"))
        self.resume_button.clicked.connect(lambda: self._do("resume"))

    def set_link(self, link: "AgentLink | None") -> None:
        """The agent to ask."""
        self._link = link
        self.forget()

    def refresh(self) -> None:
        """Reads everything again."""
        if self._link is not None:
            run(self, self._link.policy(), self._show_policy, self._fail)
            run(self, self._link.wallets(), self._show_wallets, self._fail)

    def forget(self) -> None:
        """Shows nothing."""
        self._state.set("")
        clear(self._wallets)

    def _show_policy(self, found: "PolicyState") -> None:
        self._state.set(
            tr(_C, "Emergency stop: nothing is signed.") if found.stopped else tr(_C, "Signing is on."),
            "sell" if found.stopped else "text1",
        )
        self.stop_button.setVisible(not found.stopped)
        self.resume_button.setVisible(found.stopped and found.resumes_in_ms is None)

    def _show_wallets(self, wallets: "list[HeldWallet]") -> None:
        clear(self._wallets)
        for wallet in wallets:
            state = tr(_C, "tried") if wallet.tried else tr(_C, "never tried")
            self._wallets.addWidget(Label(f"{wallet.label}: {state}", "body"))

    def _fail(self, error: BaseException) -> None:
        self.failed.emit(str(error))

    def _do(self, what: str) -> None:
        if self._link is not None:
            run(
                self,
                self._link.stop_all() if what == "stop" else self._link.resume(),
                lambda _: self.refresh(),
                self._fail,
            )
