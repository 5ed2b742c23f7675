"""A page that reads a list from a chain for an account: whose and where, the list, the panel beside it, and its states.

History and Permissions are such pages. What is read, and what a row says, they say themselves.
"""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar

from fluxdesk.core.wallet_views import ChainView
from fluxdesk.desktop.i18n import tr
from fluxdesk.desktop.operation import Operation, run
from fluxdesk.desktop.qt import QLineEdit, QStackedWidget, Qt, QWidget, Signal
from fluxdesk.desktop.screens.wallet.chains_picker import Where, names_of, tools
from fluxdesk.desktop.screens.wallet.side_panel import SidePanel
from fluxdesk.desktop.theme import look, set_role
from fluxdesk.desktop.widgets.basics import Button, Label, Segmented, box, hbox, rule, vbox
from fluxdesk.desktop.widgets.grid import Grid
from fluxdesk.desktop.widgets.state_page import StatePage

if TYPE_CHECKING:
    from fluxdesk.desktop.agent_facts import Account
    from fluxdesk.desktop.agent_link import AgentLink
    from fluxdesk.desktop.wallet_node import WalletNode

T = TypeVar("T")
_C = "Wallet"


class ChainPage(QWidget):
    """What the pages share.

    Signals:
        said: A sentence to show for a moment.
        failed: Likewise, of something that did not work.
        copied: Text and its name.
    """

    said = Signal(str)
    failed = Signal(str)
    copied = Signal(str, str)

    def __init__(self, kinds: Segmented, grid: Grid, panel: SidePanel, again: str) -> None:
        """`again`: what the button does that reads once more."""
        super().__init__()
        self._link: AgentLink | None = None
        self._node: WalletNode | None = None
        self._asking: Operation | None = None
        self.names: dict[str, str] = {}
        self.where = Where()
        self.kinds, self.grid, self._panel = kinds, grid, panel
        # Large text may need more room than there is: no column may be out of reach.
        grid.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.search = QLineEdit()
        self.search.setMaxLength(100)
        set_role(self.search, "small")
        self.again_button = Button("", "ghost", "restart", tip=again)
        self.state_page = StatePage()
        self._foot = Label("", "micro", "text3", wrap=True)
        self._stack = QStackedWidget()
        self.home: QWidget = grid
        self.where.changed.connect(self.read)
        kinds.chosen.connect(self._filter)
        self.search.textChanged.connect(self._filter)
        self.again_button.clicked.connect(self.read)
        grid.selectionModel().currentRowChanged.connect(lambda now, _: self._select(now.row()))
        panel.copied.connect(self.copied)

    def _describe_search(self, hint: str, name: str, width: int) -> None:
        self.search.setPlaceholderText(hint)
        self.search.setAccessibleName(name)
        self.search.setFixedWidth(look().px(width))

    def _compose(self, right: tuple[QWidget, ...], foot: QWidget) -> None:
        table = box(vbox((self.grid, 1), rule(), foot, gap=0))
        self._stack.addWidget(box(hbox((table, 1), self._panel, gap=0)))
        self._stack.addWidget(self.state_page)
        head = tools((self.where, self.kinds, self.search), right)
        self.setLayout(vbox(head, rule(), (self._stack, 1), gap=0))

    # --- what a page says itself ---

    def _ask(self, node: "WalletNode", chain: ChainView, account: "Account") -> None:
        """Reads the list, and says in the foot that it does."""
        raise NotImplementedError

    def _renew(self, node: "WalletNode", chain: ChainView, account: "Account") -> bool:
        """Reads once more under the eyes of who reads; False where nothing was read before."""
        raise NotImplementedError

    def _filter(self) -> None:
        raise NotImplementedError

    def _select(self, row: int) -> None:
        raise NotImplementedError

    def _fail(self, error: BaseException) -> None:
        raise NotImplementedError

    # --- who is asked ---

    def set_link(self, link: "AgentLink | None") -> None:
        """The agent, which knows the accounts."""
        self._link = link
        self.forget()

    def set_node(self, node: "WalletNode | None") -> None:
        """The node, which reads the chains."""
        self._node = node
        self._panel.set_node(node)
        if node is None:
            self.forget()

    def refresh(self) -> None:
        """Reads accounts and chains, then the list."""
        if self._link is None:
            return
        if self._node is None:
            self._say_state("unplug", tr(_C, "The node does not run"), [tr(_C, "It reads the chain. Start it first.")])
            return
        self._run(_lists(self._link, self._node), self._take_lists)

    def _take_lists(self, found: "tuple[list[Account], list[ChainView], dict[str, str]]") -> None:
        accounts, chains, names = found
        before = self._chosen
        self.names.clear()
        self.names.update(names)
        self.where.show_lists(accounts, chains)
        node, account, chain = self._node, self.where.account, self.where.chain
        if (
            node is None
            or account is None
            or chain is None
            or before != self._chosen
            or not self._renew(node, chain, account)
        ):
            self.read()

    @property
    def _chosen(self) -> tuple[str, str]:
        account, chain = self.where.account, self.where.chain
        return "" if account is None else account.id, "" if chain is None else chain.id

    def read(self) -> None:
        """The list of the account and chain chosen, anew."""
        account, chain = self.where.account, self.where.chain
        self._clear()
        if self._node is None or account is None:
            return
        if chain is None:
            self._say_state(
                "link",
                tr(_C, "No chain of this account has an endpoint"),
                [tr(_C, "Settings, Chains takes one. Nothing is asked of anyone until then.")],
            )
            return
        self.grid.show_note("", loading=True)
        self._stack.setCurrentIndex(0)
        self._ask(self._node, chain, account)

    # --- states ---

    def forget(self) -> None:
        """Shows nothing and asks nobody."""
        self._clear()
        self.names.clear()
        self.where.show_lists((), ())

    def _clear(self) -> None:
        self._stop()
        self._panel.forget()
        self.grid.show_note("")
        self._foot.set("")

    def _stop(self) -> None:
        if self._asking is not None:
            self._asking.cancel()
            self._asking = None

    def _run(
        self, work: Awaitable[T], done: Callable[[T], None], failed: Callable[[BaseException], None] | None = None
    ) -> None:
        self._stop()
        self._asking = run(self, work, done, failed or self._fail)

    def _say_unread(self, title: str, error: BaseException, kept: str) -> None:
        again = Button(tr(_C, "Ask again"), "primary")
        again.clicked.connect(self.read if self.where.account is not None else self.refresh)
        self._say_state("unplug", title, [str(error), kept], [again])

    def _say_state(self, icon: str, title: str, lines: list[str], buttons: list[Button] | None = None) -> None:
        self.grid.show_note("")
        self._foot.set("")
        self.state_page.show_state(icon, "accent", title, lines, buttons or [])
        self._stack.setCurrentIndex(1)


async def _lists(link: "AgentLink", node: "WalletNode") -> "tuple[list[Account], list[ChainView], dict[str, str]]":
    accounts = await link.accounts()
    return accounts, (await node.chains()).items, await names_of(link, accounts)
