"""Whose account on which chain: the bar above the history and the allowances. Offers only chains that are served."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from fluxdesk.core.wallet_views import ChainView
from fluxdesk.desktop.i18n import tr
from fluxdesk.desktop.paint import draw_icon
from fluxdesk.desktop.qt import QComboBox, QPainter, QPaintEvent, QWidget, Signal, Slot
from fluxdesk.desktop.theme import look, set_role
from fluxdesk.desktop.tokens import BAR
from fluxdesk.desktop.widgets.basics import box, hbox, vbox
from fluxdesk.desktop.words import address_key, remote, short_address

if TYPE_CHECKING:
    from fluxdesk.desktop.agent_facts import Account
    from fluxdesk.desktop.agent_link import AgentLink

_C = "Wallet"
LARGE = 130
"""Per cent of text size from which a bar takes two rows."""


class Where(QWidget):
    """Two lists that fit together: an account, and the chains of its family.

    Signals:
        changed: Another account or chain was chosen, by the user or because the lists changed.
    """

    changed = Signal()

    def __init__(self, wanted: "Callable[[Account], bool]" = lambda _: True) -> None:
        """`wanted`: which accounts are offered."""
        super().__init__()
        self._wanted = wanted
        self._accounts: tuple[Account, ...] = ()
        self._chains: tuple[ChainView, ...] = ()
        self.account_box, self.chain_box = Choice(tr(_C, "Account"), 190), Choice(tr(_C, "Chain"), 110)
        self.setLayout(hbox(self.account_box, self.chain_box, gap=8))
        self.account_box.activated.connect(self._choose_account)
        self.chain_box.activated.connect(self._emit)

    @property
    def account(self) -> "Account | None":
        """The account chosen."""
        place = self.account_box.currentIndex()
        return self._accounts[place] if 0 <= place < len(self._accounts) else None

    @property
    def chain(self) -> ChainView | None:
        """The chain chosen."""
        found = self._offered()
        place = self.chain_box.currentIndex()
        return found[place] if 0 <= place < len(found) else None

    def show_lists(self, accounts: "Sequence[Account]", chains: Sequence[ChainView]) -> None:
        """Offers these; the choice is kept where it still can be. Emits nothing."""
        account, chain = self.account, self.chain
        self._accounts = tuple(a for a in accounts if self._wanted(a))
        self._chains = tuple(c for c in chains if c.endpoints or c.practice)
        self.account_box.clear()
        for one in self._accounts:
            self.account_box.addItem(f"{remote(one.label, 32)} · {short_address(one.address, 6)}")
        ids = [one.id for one in self._accounts]
        if ids:
            self.account_box.setCurrentIndex(ids.index(account.id) if account is not None and account.id in ids else 0)
        self._show_chains("" if chain is None else chain.id)

    def choose(self, account: str, chain: str = "") -> None:
        """Chooses by ids, as the user would."""
        self.account_box.setCurrentIndex([one.id for one in self._accounts].index(account))
        self._show_chains(chain)
        self.changed.emit()

    def _offered(self) -> list[ChainView]:
        account = self.account
        return [c for c in self._chains if account is not None and c.family == account.family]

    def _show_chains(self, chosen: str) -> None:
        self.chain_box.clear()
        found = self._offered()
        for chain in found:
            self.chain_box.addItem(remote(chain.name, 32) + (f" · {chain.practice}" if chain.practice else ""))
        ids = [chain.id for chain in found]
        if ids:
            self.chain_box.setCurrentIndex(ids.index(chosen) if chosen in ids else 0)

    @Slot()
    def _choose_account(self) -> None:
        self._show_chains("")
        self.changed.emit()

    @Slot()
    def _emit(self) -> None:
        self.changed.emit()


def tools(left: Sequence[QWidget], right: Sequence[QWidget]) -> QWidget:
    """The bar above a list, in two rows where text is large."""
    first, *more = left
    if look().scale < LARGE:
        bar = box(hbox(first, *more, None, *right, margins=(16, 0, 16, 0)))
        bar.setFixedHeight(look().px(BAR))
        return bar
    return box(vbox(hbox(first, None, *right), hbox(*more, None), margins=(16, 8, 16, 8)))


async def names_of(link: "AgentLink", accounts: "Sequence[Account]") -> dict[str, str]:
    """The owner's own names for addresses: those of the address book, and of the accounts, which come first."""
    names = {address_key(contact.address): contact.label for contact in await link.contacts()}
    return names | {address_key(account.address): account.label for account in accounts}


class Choice(QComboBox):
    """A list to choose from, with the arrow that says so."""

    def __init__(self, name: str, least: int) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.setMinimumWidth(look().px(least))
        set_role(self, "small")

    def paintEvent(self, event: QPaintEvent) -> None:
        """The field and its arrow."""
        super().paintEvent(event)
        draw_icon(QPainter(self), self.width() - 20, (self.height() - 12) / 2, "down", "text2", 12)
