"""The accounts: labels, addresses in full, receive, copy, the next account, one more to watch."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from fluxdesk.desktop.i18n import plural, tr
from fluxdesk.desktop.operation import run
from fluxdesk.desktop.qt import QLineEdit, QMenu, QWidget, Signal
from fluxdesk.desktop.screens.wallet.parts import page, row, section, two_lines
from fluxdesk.desktop.screens.wallet.setup import account_of
from fluxdesk.desktop.theme import set_role
from fluxdesk.desktop.widgets.basics import Button, Label, Picture, box, clear, hbox, vbox
from fluxdesk.desktop.words import remote

if TYPE_CHECKING:
    from fluxdesk.desktop.agent_link import Account, AgentLink, Family

_C = "Wallet"


class Accounts(QWidget):
    """The list.

    Signals:
        receive_asked: An `Account` to be shown as a code.
        copied: Text and its name.
        listed: The accounts, whenever they were read.
        failed: A sentence.
    """

    receive_asked = Signal(object)
    copied = Signal(str, str)
    listed = Signal(object)
    failed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._link: AgentLink | None = None
        self.accounts: tuple[Account, ...] = ()
        self._count = Label("", "title")
        self._column = vbox(gap=0)
        self.add_button = Button(tr(_C, "Add an account"), icon="plus")
        self._menu = QMenu(self)
        self.add_button.clicked.connect(self._offer)
        self.watched = QLineEdit()
        self.watched.setPlaceholderText(tr(_C, "0x… or a Solana address"))
        self.watched.setAccessibleName(tr(_C, "Address to watch"))
        self.watched.setMaxLength(64)
        set_role(self.watched, "mono")
        self.watch_button = Button(tr(_C, "Watch the address"))
        self.problem = Label("", "small", "sell", wrap=True)
        area = page(
            hbox(self._count, None, self.add_button),
            box(self._column),
            section(tr(_C, "Watch an address"), tr(_C, "It is listed here. Nothing can be signed for it.")),
            hbox((self.watched, 1), self.watch_button),
            self.problem,
        )
        self.setLayout(vbox(area, gap=0))
        self.home: QWidget = self.add_button
        self.watch_button.clicked.connect(self._watch)
        self.watched.returnPressed.connect(self._watch)

    def set_link(self, link: "AgentLink | None") -> None:
        """The agent to ask."""
        self._link = link
        self.forget()

    def refresh(self) -> None:
        """Reads the list again."""
        if self._link is not None:
            run(self, self._link.accounts(), self._show, lambda error: self.failed.emit(str(error)))

    def forget(self) -> None:
        """Shows nothing."""
        self._show(())

    def _show(self, accounts: "Sequence[Account]") -> None:
        self.accounts = tuple(accounts)
        self._count.set(plural(_C, len(accounts), "{n} account", "{n} accounts"))
        clear(self._column)
        for account in self.accounts:
            self._column.addWidget(self._row(account))
        wallets = {a.wallet for a in self.accounts if a.wallet}
        self.add_button.setVisible(bool(wallets))
        self.listed.emit(self.accounts)

    def _row(self, account: "Account") -> QWidget:
        chains = tr(_C, "Solana") if account.family == "solana" else tr(_C, "EVM chains")
        how = chains if account.signs else tr(_C, "{chains}, watched only", chains=chains)
        label = remote(account.label)
        copy = Button("", "ghost", "copy", tip=tr(_C, "Copy the address of {label}", label=label))
        receive = Button(
            tr(_C, "Receive"), role="small", tip=tr(_C, "Show the address of {label} as a code", label=label)
        )
        copy.clicked.connect(lambda: self.copied.emit(account.address, tr(_C, "Address")))
        receive.clicked.connect(lambda: self.receive_asked.emit(account))
        made = row(
            Picture("avatar", label, size=32),
            (two_lines(label, account.address), 1),
            Label(how, "small", "text2"),
            copy,
            receive,
        )
        made.setAccessibleName(f"{label}, {how}, {account.address}")
        return made

    def _offer(self) -> None:
        self._menu.clear()
        for wallet in dict.fromkeys(a.wallet for a in self.accounts if a.wallet):
            name = next(a.label for a in self.accounts if a.wallet == wallet).rpartition(", ")[0] or wallet
            families: list[tuple[Family, str]] = [("solana", tr(_C, "Solana")), ("evm", tr(_C, "EVM"))]
            for family, word in families:
                words = tr(_C, "Next {family} account of {wallet}", family=word, wallet=remote(name))
                self._menu.addAction(words, partial(self.add, wallet, family))
        self._menu.popup(self.add_button.mapToGlobal(self.add_button.rect().bottomLeft()))

    def add(self, wallet: str, family: "Family") -> None:
        """The next account of a wallet."""
        if self._link is not None:
            number = 1 + sum(1 for a in self.accounts if a.wallet == wallet and a.family == family)
            word = tr(_C, "Solana") if family == "solana" else tr(_C, "EVM")
            label = tr(_C, "{family} {n}", family=word, n=number)
            run(self, self._link.add_account(wallet, family, label), self._show, lambda e: self.failed.emit(str(e)))

    def _watch(self) -> None:
        if self._link is None or not self.watched.text().strip():
            return
        try:
            account = account_of(self.watched.text().strip())
        except ValueError as error:
            self.problem.set(str(error))
            return
        self.problem.set("")
        run(self, self._link.watch(account, tr(_C, "Watched")), lambda _: self._was_added(), self._say)

    def _was_added(self) -> None:
        self.watched.setText("")
        self.refresh()

    def _say(self, error: BaseException) -> None:
        self.problem.set(str(error))
