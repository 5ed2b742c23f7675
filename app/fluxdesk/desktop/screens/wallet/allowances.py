"""What others may take from an account: every allowance the chain still holds, and taking it back."""

from typing import TYPE_CHECKING

from fluxdesk.core.wallet_views import AllowancesView, ChainView
from fluxdesk.desktop.i18n import plural, tr
from fluxdesk.desktop.screens.wallet import allowances_rows as say
from fluxdesk.desktop.screens.wallet.allowances_detail import Detail
from fluxdesk.desktop.screens.wallet.chain_page import ChainPage
from fluxdesk.desktop.widgets.basics import Segmented, box, hbox
from fluxdesk.desktop.widgets.grid import Cell, Grid, GridColumn, GridModel

if TYPE_CHECKING:
    from fluxdesk.core.views import SendsFrame
    from fluxdesk.desktop.agent_facts import Account
    from fluxdesk.desktop.wallet_node import WalletNode

_C = "Allowances"


class Allowances(ChainPage):
    """The page."""

    def __init__(self) -> None:
        self._rows: list[say.Row] = []
        self._found: AllowancesView | None = None
        self.model = _model()
        self.detail = Detail()
        kinds = Segmented(
            (tr(_C, "All"), tr(_C, "Unlimited"), tr(_C, "Unknown spender")), 0, tr(_C, "Which allowances")
        )
        grid = Grid(self.model, tr(_C, "What others may take"), height=32, lines=True)
        super().__init__(kinds, grid, self.detail, tr(_C, "Read the list again"))
        self._describe_search(tr(_C, "Token or spender"), tr(_C, "Filter by token or spender"), 160)
        self._compose((self.again_button,), box(hbox((self._foot, 1), margins=(16, 8, 16, 8))))
        self.detail.said.connect(self.said)
        self.detail.taken_back.connect(self.read)

    def take_sends(self, news: "SendsFrame") -> None:
        """Transactions that came on."""
        self.detail.take_sends(news.items)

    def refresh(self) -> None:
        """Reads accounts and chains, then the list; not while something is being taken back."""
        if not self.detail.under_way:
            super().refresh()

    def _ask(self, node: "WalletNode", chain: ChainView, account: "Account") -> None:
        self._foot.set(tr(_C, "Asking {chain}. Looking through its logs takes a while…", chain=chain.name))
        self._run(node.allowances(chain.id, account.address), self._take)

    def _renew(self, node: "WalletNode", chain: ChainView, account: "Account") -> bool:
        if self._found is None:
            return False
        self._run(node.allowances(chain.id, account.address), self._take)
        return True

    def _take(self, found: AllowancesView) -> None:
        chain = self.where.chain
        if chain is None:
            return
        self._found = found
        self._rows = say.rows(found, chain, self.names)
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

    def _clear(self) -> None:
        self._rows, self._found = [], None
        self.model.reset([])
        super()._clear()

    def _fail(self, error: BaseException) -> None:
        kept = tr(_C, "Who may take what is unknown now; nothing was changed.")
        self._say_unread(tr(_C, "The allowances could not be read"), error, kept)


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
