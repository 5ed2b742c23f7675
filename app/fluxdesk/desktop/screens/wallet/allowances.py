"""What others may take from an account: every allowance the chain still holds, and taking it back."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar

from fluxdesk.core.wallet_views import AllowancesView, ChainView
from fluxdesk.desktop.i18n import plural, tr
from fluxdesk.desktop.operation import Operation, run
from fluxdesk.desktop.qt import QLineEdit, QStackedWidget, Qt, QWidget, Signal
from fluxdesk.desktop.screens.wallet import allowances_rows as say
from fluxdesk.desktop.screens.wallet.allowances_detail import Detail
from fluxdesk.desktop.screens.wallet.chains_picker import Where, names_of, tools
from fluxdesk.desktop.theme import look, set_role
from fluxdesk.desktop.widgets.basics import Button, Label, Segmented, box, hbox, rule, vbox
from fluxdesk.desktop.widgets.grid import Cell, Grid, GridColumn, GridModel
from fluxdesk.desktop.widgets.state_page import StatePage

if TYPE_CHECKING:
    from fluxdesk.core.views import SendsFrame
    from fluxdesk.desktop.agent_link import Account, AgentLink
    from fluxdesk.desktop.wallet_node import WalletNode

T = TypeVar("T")
_C = "Allowances"


class Allowances(QWidget):
    """The page.

    Signals:
        said: A sentence to show for a moment.
        failed: Likewise, of something that did not work.
        copied: Text and its name.
    """

    said = Signal(str)
    failed = Signal(str)
    copied = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self._link: AgentLink | None = None
        self._node: WalletNode | None = None
        self._asking: Operation | None = None
        self._names: dict[str, str] = {}
        self._rows: list[say.Row] = []
        self._found: AllowancesView | None = None
        self.where = Where()
        self.kinds = Segmented(
            (tr(_C, "All"), tr(_C, "Unlimited"), tr(_C, "Unknown spender")), 0, tr(_C, "Which allowances")
        )
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr(_C, "Token or spender"))
        self.search.setAccessibleName(tr(_C, "Filter by token or spender"))
        self.search.setMaxLength(100)
        self.search.setFixedWidth(look().px(160))
        set_role(self.search, "small")
        self.again_button = Button("", "ghost", "restart", tip=tr(_C, "Read the list again"))
        self.model = _model()
        self.grid = Grid(self.model, tr(_C, "What others may take"), height=32, lines=True)
        # Large text may need more room than there is: no column may be out of reach.
        self.grid.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.detail = Detail()
        self.state_page = StatePage()
        self._foot = Label("", "micro", "text3", wrap=True)
        head = tools((self.where, self.kinds, self.search), (self.again_button,))
        table = box(vbox((self.grid, 1), rule(), box(hbox((self._foot, 1), margins=(16, 8, 16, 8))), gap=0))
        self._stack = QStackedWidget()
        self._stack.addWidget(box(hbox((table, 1), self.detail, gap=0)))
        self._stack.addWidget(self.state_page)
        self.setLayout(vbox(head, rule(), (self._stack, 1), gap=0))
        self.where.changed.connect(self.read)
        self.kinds.chosen.connect(self._filter)
        self.search.textChanged.connect(self._filter)
        self.again_button.clicked.connect(self.read)
        self.grid.selectionModel().currentRowChanged.connect(lambda now, _: self._select(now.row()))
        self.detail.copied.connect(self.copied)
        self.detail.said.connect(self.said)
        self.detail.taken_back.connect(self.read)
        self.home: QWidget = self.grid

    # --- who is asked ---

    def set_link(self, link: "AgentLink | None") -> None:
        """The agent, which knows the accounts."""
        self._link = link
        self.forget()

    def set_node(self, node: "WalletNode | None") -> None:
        """The node, which reads the chains."""
        self._node = node
        self.detail.set_node(node)
        if node is None:
            self.forget()

    def take_sends(self, news: "SendsFrame") -> None:
        """Transactions that came on."""
        self.detail.take_sends(news.items)

    def refresh(self) -> None:
        """Reads accounts and chains, then the list; not while something is being taken back."""
        if self._link is None or self.detail.under_way:
            return
        if self._node is None:
            self._say_state("unplug", tr(_C, "The node does not run"), [tr(_C, "It reads the chain. Start it first.")])
            return
        self._run(_lists(self._link, self._node), self._take_lists)

    def _take_lists(self, found: "tuple[list[Account], list[ChainView], dict[str, str]]") -> None:
        accounts, chains, self._names = found
        before = self._chosen
        self.where.show_lists(accounts, chains)
        account, chain = self.where.account, self.where.chain
        if self._found is None or before != self._chosen or self._node is None or account is None or chain is None:
            self.read()
        else:  # under the eyes of who reads: the selection stays
            self._run(self._node.allowances(chain.id, account.address), self._take)

    @property
    def _chosen(self) -> tuple[str, str]:
        account, chain = self.where.account, self.where.chain
        return "" if account is None else account.id, "" if chain is None else chain.id

    def read(self) -> None:
        """What others may take now."""
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
        self._foot.set(tr(_C, "Asking {chain}. Looking through its logs takes a while…", chain=chain.name))
        self._run(self._node.allowances(chain.id, account.address), self._take)

    def _take(self, found: AllowancesView) -> None:
        chain = self.where.chain
        if chain is None:
            return
        self._found = found
        self._rows = say.rows(found, chain, self._names)
        self._filter()

    def _filter(self) -> None:
        if self._found is None:
            return
        which, typed = self.kinds.current, self.search.text().lower().split()
        shown = [
            row
            for row in self._rows
            if (which != 1 or row.item.unlimited) and (which != 2 or not row.spender_known) and _holds(row, typed)
        ]
        self.model.update(shown)
        self.grid.show_note(
            tr(_C, "No allowance fits the filter.")
            if self._rows
            else tr(_C, "Nobody may take anything, as far as was looked.")
        )
        self._stack.setCurrentIndex(0)
        count = plural(_C, len(self._rows), "{n} allowance", "{n} allowances")
        unlimited = sum(row.item.unlimited for row in self._rows)
        open_ended = plural(_C, unlimited, "{n} without limit", "{n} without limit")
        self._foot.set(f"{count}, {open_ended}. {self._found.covers}")

    def _select(self, row: int) -> None:
        account, chain = self.where.account, self.where.chain
        if account is not None and chain is not None and 0 <= row < len(self.model.rows):
            self.detail.show_row(self.model.rows[row], chain, account)

    # --- states ---

    def forget(self) -> None:
        """Shows nothing and asks nobody."""
        self._clear()
        self._names = {}
        self.where.show_lists((), ())

    def _clear(self) -> None:
        if self._asking is not None:
            self._asking.cancel()
            self._asking = None
        self._rows, self._found = [], None
        self.model.reset([])
        self.detail.forget()
        self.grid.show_note("")
        self._foot.set("")

    def _run(self, work: Awaitable[T], done: Callable[[T], None]) -> None:
        if self._asking is not None:
            self._asking.cancel()
        self._asking = run(self, work, done, self._fail)

    def _fail(self, error: BaseException) -> None:
        again = Button(tr(_C, "Ask again"), "primary")
        again.clicked.connect(self.read if self.where.account is not None else self.refresh)
        self._say_state(
            "unplug",
            tr(_C, "The allowances could not be read"),
            [str(error), tr(_C, "Who may take what is unknown now; nothing was changed.")],
            [again],
        )

    def _say_state(self, icon: str, title: str, lines: list[str], buttons: list[Button] | None = None) -> None:
        self.grid.show_note("")
        self._foot.set("")
        self.state_page.show_state(icon, "accent", title, lines, buttons or [])
        self._stack.setCurrentIndex(1)


async def _lists(link: "AgentLink", node: "WalletNode") -> "tuple[list[Account], list[ChainView], dict[str, str]]":
    accounts = await link.accounts()
    return accounts, (await node.chains()).items, await names_of(link, accounts)


def _holds(row: say.Row, typed: list[str]) -> bool:
    hay = f"{row.item.asset} {row.asset.symbol} {row.item.spender} {row.spender_name}".lower()
    return all(word in hay for word in typed)


def _model() -> GridModel[say.Row]:
    columns: tuple[GridColumn[say.Row], ...] = (
        GridColumn(
            tr(_C, "Token"), 100, False, lambda r: Cell(say.token_words(r), role="medium"),
            tr(_C, "What the token calls itself, or its address. Any token may call itself anything."),
        ),
        GridColumn(
            tr(_C, "Spender"), 0, False, lambda r: Cell(say.spender_words(r), "text1" if r.spender_known else "warn"),
            tr(_C, "Your own name for it, or that of our list of contracts; else unknown."), least=170,
        ),
        GridColumn(
            tr(_C, "May take"), 130, True,
            lambda r: Cell(say.amount_words(r), "sell" if r.item.unlimited else "text1", "small"),
            tr(_C, "Exact. Unlimited: more than could ever exist."),
        ),
        GridColumn(
            tr(_C, "At risk now"), 110, True, lambda r: Cell(say.risk_words(r), "text1"),
            tr(_C, "What the account holds of it now, at most what may be taken."),
        ),
        GridColumn(tr(_C, "By"), 140, False, lambda r: Cell(say.kind_words(r), "text2")),
        GridColumn(
            tr(_C, "Given"), 158, False, lambda r: Cell(say.since_words(r), "text2"),
            tr(_C, "Of the block in which it was given last, by the chain's clock, in local time."),
        ),
    )  # fmt: skip
    return GridModel(columns, lambda row: row.key, say.sentence)
