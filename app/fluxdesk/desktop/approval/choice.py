"""Which accounts a site is to see: one switch each, shown while a site asks to connect. Decides nothing by itself."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from fluxdesk.desktop.i18n import tr
from fluxdesk.desktop.qt import QFrame, QVBoxLayout, QWidget, Signal
from fluxdesk.desktop.widgets.basics import Label, box, clear, hbox
from fluxdesk.desktop.widgets.switch import Switch
from fluxdesk.desktop.words import remote, short_address

if TYPE_CHECKING:
    from fluxdesk.desktop.agent_facts import Account

_C = "Approval"
MOST = 20
"""Accounts of one grant."""


class AccountsChoice(QFrame):
    """Empty and hidden for everything that is no question for accounts, and where there is only one to give.

    Signals:
        changed: Another choice.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("panel", "well")
        self._switches: dict[str, Switch] = {}
        self._kind = ""
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(12, 8, 12, 8)
        self._layout.setSpacing(2)
        self.hide()

    def offer(self, kind: str, accounts: Iterable["Account"]) -> None:
        """The accounts that a request of this kind may be given; the first is on. The same offer keeps the choice."""
        family = kind.removeprefix("connect ")
        fitting = [one for one in accounts if kind.startswith("connect ") and one.family == family and one.signs]
        if kind == self._kind and [one.id for one in fitting] == list(self._switches):
            return
        self._kind = kind
        clear(self._layout)
        self._switches.clear()
        self._layout.addWidget(Label(tr(_C, "Accounts the site is to see"), "strong"))
        for account in fitting[:MOST]:
            switch = Switch()
            name = remote(account.label, 40)
            switch.setAccessibleName(tr(_C, "Let the site see {name}, {address}", name=name, address=account.address))
            switch.setChecked(not self._switches)
            switch.toggled.connect(self.changed)
            self._switches[account.id] = switch
            address = Label(short_address(account.address, 6), "mono_micro", "text2")
            address.setToolTip(account.address)
            self._layout.addWidget(box(hbox(Label(name), address, None, switch)))
        self.setVisible(len(self._switches) > 1)
        self.changed.emit()

    def forget(self) -> None:
        """The next request begins anew."""
        self._kind = ""

    @property
    def chosen(self) -> tuple[str, ...]:
        """Ids of the accounts that are on."""
        return tuple(name for name, switch in self._switches.items() if switch.isChecked())

    @property
    def lacks(self) -> bool:
        """Whether there is a choice and nothing is chosen."""
        return bool(self._switches) and not self.chosen
