"""The accounts: labels, addresses in full, receive, copy; wallets, imported keys, watched ones; the address book."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from fluxdesk.desktop.i18n import plural, tr
from fluxdesk.desktop.operation import run
from fluxdesk.desktop.qt import QLineEdit, QMenu, QStackedWidget, QWidget, Signal
from fluxdesk.desktop.screens.wallet.accounts_forms import Discover, ImportKey, OneMoreWallet, Rename
from fluxdesk.desktop.screens.wallet.address_book import AddressBook
from fluxdesk.desktop.screens.wallet.parts import page, row, section, two_lines
from fluxdesk.desktop.screens.wallet.rotation import Rotation
from fluxdesk.desktop.screens.wallet.setup import account_of
from fluxdesk.desktop.theme import look, set_role
from fluxdesk.desktop.widgets.basics import Button, Label, Picture, Segmented, box, clear, hbox, vbox
from fluxdesk.desktop.words import remote

if TYPE_CHECKING:
    from fluxdesk.desktop.agent_facts import Account, Family, HeldWallet
    from fluxdesk.desktop.agent_link import AgentLink
    from fluxdesk.desktop.wallet_node import WalletNode

_C = "Wallet"


class Accounts(QWidget):
    """The list, the address book, and moving to fresh keys; with the forms that they open.

    Signals:
        receive_asked: An `Account` to be shown as a code.
        copied: Text and its name.
        listed: The accounts, whenever they were read.
        failed: A sentence.
        said: A sentence about what was changed.
    """

    receive_asked = Signal(object)
    copied = Signal(str, str)
    listed = Signal(object)
    failed = Signal(str)
    said = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._link: AgentLink | None = None
        self.accounts: tuple[Account, ...] = ()
        self.wallets: tuple[HeldWallet, ...] = ()
        self.tabs = Segmented(
            (tr(_C, "Accounts"), tr(_C, "Address book"), tr(_C, "Fresh keys")), 0, tr(_C, "Part of the accounts")
        )
        self.book, self.rotation = AddressBook(), Rotation()
        self.rename, self.importing, self.more, self.discover = Rename(), ImportKey(), OneMoreWallet(), Discover()
        self._stack = QStackedWidget()
        for part in (self._list(), self.book, self.rotation):
            self._stack.addWidget(part)
        for form in (self.rename, self.importing, self.more, self.discover):
            inner = box(vbox(form, gap=0))
            inner.setMaximumWidth(look().px(680))
            self._stack.addWidget(page(inner))
            form.left.connect(self._back)
            form.said.connect(self.said)
        head = box(hbox(self.tabs, None, margins=(16, 10, 16, 0)))
        self.setLayout(vbox(head, (self._stack, 1), gap=0))
        self.home: QWidget = self.add_button
        self._connect()

    def _list(self) -> QWidget:
        self._count = Label("", "title")
        self._column = vbox(gap=0)
        self.add_button = Button(tr(_C, "Add an account"), icon="plus")
        self._menu = QMenu(self)
        self.watched = QLineEdit()
        self.watched.setPlaceholderText(tr(_C, "0x… or a Solana address"))
        self.watched.setAccessibleName(tr(_C, "Address to watch"))
        self.watched.setMaxLength(64)
        set_role(self.watched, "mono")
        self.watch_button = Button(tr(_C, "Watch the address"))
        self.import_button = Button(tr(_C, "Import a private key"))
        self.more_button = Button(tr(_C, "One more wallet"))
        self.discover_button = Button(tr(_C, "Look for used accounts"))
        self.problem = Label("", "small", "sell", wrap=True)
        return page(
            hbox(self._count, None, self.discover_button, self.more_button, self.import_button, self.add_button),
            box(self._column),
            section(tr(_C, "Watch an address"), tr(_C, "It is listed here. Nothing can be signed for it.")),
            hbox((self.watched, 1), self.watch_button),
            self.problem,
        )

    def _connect(self) -> None:
        self.add_button.clicked.connect(self._offer)
        self.import_button.clicked.connect(lambda: self._open(self.importing))
        self.more_button.clicked.connect(lambda: self._open(self.more))
        self.discover_button.clicked.connect(self._open_discover)
        self.watch_button.clicked.connect(self._watch)
        self.watched.returnPressed.connect(self._watch)
        self.tabs.chosen.connect(self.show_part)
        self.more.restored.connect(self._open_discover)
        self.discover.added.connect(self.refresh)
        self.rotation.added.connect(self.refresh)
        self.rotation.wallet_asked.connect(lambda: self._open(self.more))
        for part in (self.book, self.rotation):
            part.failed.connect(self.failed)
            part.said.connect(self.said)
        self.book.copied.connect(self.copied)

    # --- what the screen asks of it ---

    def set_link(self, link: "AgentLink | None") -> None:
        """The agent to ask."""
        self._link = link
        self.book.set_link(link)
        self.rotation.set_link(link)
        self.forget()

    def set_node(self, node: "WalletNode | None") -> None:
        """The node that reads chains."""
        self.rotation.set_node(node)
        self.discover.set_node(node)

    def set_tokens(self, tokens: Callable[[str], list[str]]) -> None:
        """Which EVM tokens of a chain to ask for."""
        self.rotation.set_tokens(tokens)

    def refresh(self) -> None:
        """Reads the lists again."""
        if self._link is not None:
            run(self, self._link.accounts(), self._show, lambda error: self.failed.emit(str(error)))
            run(self, self._link.wallets(), self._take_wallets, lambda error: self.failed.emit(str(error)))
            self.book.refresh()

    def forget(self) -> None:
        """Shows nothing, and every form is empty."""
        self.wallets = ()
        self.book.forget()
        self.rotation.forget()
        for form in (self.rename, self.importing, self.more, self.discover):
            form.forget()
        self.problem.set("")
        self.watched.setText("")
        self.show_part(0)
        self._show(())

    def show_part(self, place: int) -> None:
        """The list, the address book or moving."""
        self.tabs.choose(place)
        self._stack.setCurrentIndex(place)

    def look_for_used(self) -> None:
        """Offers to look which accounts of the newest wallet are in use."""
        self._open_discover()

    # --- forms ---

    def _open(self, form: "ImportKey | OneMoreWallet | Discover") -> None:
        if self._link is not None:
            form.open(self._link)
            self._raise(form)

    def _raise(self, form: "Rename | ImportKey | OneMoreWallet | Discover") -> None:
        self._stack.setCurrentIndex(3 + (self.rename, self.importing, self.more, self.discover).index(form))
        if self.isVisible():
            form.home.setFocus()

    def _back(self) -> None:
        for form in (self.rename, self.importing, self.more, self.discover):
            form.forget()
        self.show_part(0)
        self.refresh()

    def _open_discover(self) -> None:
        if self._link is not None:
            run(self, self._link.wallets(), self._discover, lambda error: self.failed.emit(str(error)))

    def _discover(self, wallets: "Sequence[HeldWallet]") -> None:
        self._open(self.discover)
        self.discover.set_wallets(wallets)

    # --- the list ---

    def _take_wallets(self, wallets: "Sequence[HeldWallet]") -> None:
        if self.accounts:
            self.wallets = tuple(wallets)
            self._fill()

    def _show(self, accounts: "Sequence[Account]") -> None:
        self.accounts = tuple(accounts)
        self._count.set(plural(_C, len(accounts), "{n} account", "{n} accounts"))
        self._fill()
        wallets = {a.wallet for a in self.accounts if a.wallet}
        self.add_button.setVisible(bool(wallets))
        self.discover_button.setVisible(bool(wallets))
        self.rotation.set_accounts(self.accounts)
        self.listed.emit(self.accounts)

    def _fill(self) -> None:
        """Rows under the name of their wallet, where there is more than one."""
        clear(self._column)
        names = {wallet.id: remote(wallet.label) for wallet in self.wallets}
        before = None
        several = len({a.wallet for a in self.accounts}) > 1
        for account in sorted(
            self.accounts, key=lambda a: (a.wallet == "", list(names).index(a.wallet) if a.wallet in names else 0)
        ):
            if several and account.wallet != before:
                before = account.wallet
                title = names.get(account.wallet) or tr(_C, "Imported and watched")
                self._column.addWidget(section(title if account.wallet else tr(_C, "Imported and watched")))
            self._column.addWidget(self._row(account))

    def _row(self, account: "Account") -> QWidget:
        chains = tr(_C, "Solana") if account.family == "solana" else tr(_C, "EVM chains")
        how = chains if account.signs else tr(_C, "{chains}, watched only", chains=chains)
        label = remote(account.label)
        copy = Button("", "ghost", "copy", tip=tr(_C, "Copy the address of {label}", label=label))
        receive = Button(
            tr(_C, "Receive"), role="small", tip=tr(_C, "Show the address of {label} as a code", label=label)
        )
        rename = Button(tr(_C, "Rename"), role="small", tip=tr(_C, "Give {label} another name", label=label))
        copy.clicked.connect(lambda: self.copied.emit(account.address, tr(_C, "Address")))
        receive.clicked.connect(lambda: self.receive_asked.emit(account))
        rename.clicked.connect(partial(self._rename, account))
        buttons = [copy, rename, receive]
        if not account.signs:
            drop = Button("", "ghost", "trash", tip=tr(_C, "Watch {label} no more", label=label))
            drop.clicked.connect(partial(self._unwatch, account))
            buttons.insert(1, drop)
        about = Label(how, "small", "text2")
        about.setToolTip(account.path and tr(_C, "Path {path}", path=account.path))
        made = row(Picture("avatar", label, size=32), (two_lines(label, account.address), 1), about, *buttons)
        made.setAccessibleName(f"{label}, {how}, {account.address}")
        return made

    def _rename(self, account: "Account") -> None:
        if self._link is not None:
            self.rename.open_account(self._link, account)
            self._raise(self.rename)

    def _unwatch(self, account: "Account") -> None:
        if self._link is not None:
            run(self, self._link.unwatch(account.id), lambda _: self.refresh(), lambda e: self.failed.emit(str(e)))

    def _offer(self) -> None:
        self._menu.clear()
        names = {wallet.id: wallet.label for wallet in self.wallets}
        for wallet in dict.fromkeys(a.wallet for a in self.accounts if a.wallet):
            families: list[tuple[Family, str]] = [("solana", tr(_C, "Solana")), ("evm", tr(_C, "EVM"))]
            for family, word in families:
                name = remote(names.get(wallet, wallet))
                words = tr(_C, "Next {family} account of {wallet}", family=word, wallet=name)
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
