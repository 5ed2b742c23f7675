"""The Balances page: every account on every chain that is served, exact figures, and where each of them comes from."""

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from fluxdesk.core.wallet_views import BalancesView, ChainsView, ChainView
from fluxdesk.desktop.i18n import plural, tr
from fluxdesk.desktop.operation import Operation, run
from fluxdesk.desktop.qt import QStackedWidget, QWidget, Signal
from fluxdesk.desktop.screens.wallet import holdings as h
from fluxdesk.desktop.screens.wallet.balance_detail import BalanceDetail
from fluxdesk.desktop.screens.wallet.balance_tokens import TokenEntry
from fluxdesk.desktop.screens.wallet.holdings import Holding
from fluxdesk.desktop.theme import look
from fluxdesk.desktop.tokens import BAR, ROW
from fluxdesk.desktop.widgets.basics import Button, Label, Picture, Segmented, box, clear, frame, hbox, rule, vbox
from fluxdesk.desktop.widgets.grid import Cell, Grid, GridColumn, GridModel
from fluxdesk.desktop.widgets.state_page import StatePage
from fluxdesk.desktop.words import address_key, clock, remote

if TYPE_CHECKING:
    from fluxdesk.desktop.agent_facts import Account
    from fluxdesk.desktop.agent_link import AgentLink
    from fluxdesk.desktop.wallet_node import WalletNode

_C = "Wallet"
TOKENS = "tokens_watched"
AT_ONCE = 20
"""Accounts, and tokens, that the node takes in one question."""


def columns() -> tuple[GridColumn[Holding], ...]:
    """Columns of the list."""
    return (
        GridColumn(
            tr(_C, "Asset"),
            176,
            False,
            lambda x: Cell(x.title, "text1" if x.symbol else "text3", "strong", "avatar", text2=x.symbol or "?"),
            tr(_C, "A token's symbol is its own word; its contract or mint is in the panel."),
        ),
        GridColumn(tr(_C, "Kind"), 116, False, lambda x: Cell(x.kind, "text2")),
        GridColumn(tr(_C, "Contract or mint"), 112, False, lambda x: Cell(h.asset_words(x), "text3", "mono_micro")),
        GridColumn(tr(_C, "Account"), 0, False, lambda x: Cell(remote(x.account.label, 40), "text2"), least=120),
        GridColumn(tr(_C, "Chain"), 140, False, lambda x: Cell(h.chain_words(x.chain), "text2")),
        GridColumn(
            tr(_C, "Amount"),
            200,
            True,
            lambda x: Cell(x.amount, _amount_tone(x), "medium"),
            tr(_C, "Exact, as the chain says it. ? is unknown, never nothing."),
        ),
    )


def _amount_tone(holding: Holding) -> str:
    if holding.amount_base is None:
        return "text3" if holding.reading else "warn"
    return "text3" if holding.empty else "text1"


class Balances(QWidget):
    """The page.

    Signals:
        failed, said: A sentence.
        copied: Text and its name.
        send_asked: A `Holding` to pay from.
        receive_asked: An `Account` and a `ChainView`.
        chains_read: The chains, whenever the node listed them.
        holdings_read: Every row, whenever one changed.
        setting_edited: Key and value of a setting to save.
    """

    failed = Signal(str)
    said = Signal(str)
    copied = Signal(str, str)
    send_asked = Signal(object)
    receive_asked = Signal(object, object)
    chains_read = Signal(object)
    holdings_read = Signal(object)
    setting_edited = Signal(str, object)

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        super().__init__()
        self._link: AgentLink | None = None
        self._node: WalletNode | None = None
        self._now = now
        self._accounts: tuple[Account, ...] = ()
        self.chains: list[ChainView] = []
        self.holdings: list[Holding] = []
        self._watched: tuple[str, ...] = ()
        self._left: set[str] = set()
        self._round = 0
        self._missed = False
        self._operations: list[Operation] = []
        self._read_s: float | None = None
        self._title = Label(tr(_C, "Balances"), "title")
        self.summary = Label("", "small", "text2", elide=True)
        self.filter = Segmented((tr(_C, "All"), tr(_C, "With a balance")), 0, tr(_C, "Which balances"))
        self.refresh_button = Button(tr(_C, "Refresh"), icon="restart", tip=tr(_C, "Ask every chain again"))
        self.token_button = Button(tr(_C, "Watch a token"), icon="plus", tip=tr(_C, "Read an ERC-20 balance too"))
        self.entry = TokenEntry()
        self._notices = vbox(gap=8, margins=(16, 0, 16, 8))
        self._notice_box = box(self._notices)
        self.model: GridModel[Holding] = GridModel(columns(), lambda x: x.key, h.sentence)
        self.grid = Grid(self.model, tr(_C, "Balances"), ROW, lines=True)
        self.detail = BalanceDetail()
        self.state_page = StatePage()
        bar = box(
            hbox(
                self._title,
                (self.summary, 1),
                self.filter,
                self.token_button,
                self.refresh_button,
                gap=12,
                margins=(16, 0, 16, 0),
            )
        )
        bar.setFixedHeight(look().px(BAR))
        self._entry_box = box(vbox(self.entry, margins=(16, 0, 16, 8)))
        self._entry_box.hide()
        body = box(hbox((self.grid, 1), rule("v"), self.detail, gap=0))
        self._stack = QStackedWidget()
        for part in (box(vbox(bar, self._entry_box, self._notice_box, rule(), (body, 1), gap=0)), self.state_page):
            self._stack.addWidget(part)
        self.setLayout(vbox(self._stack, gap=0))
        self.home: QWidget = self.grid
        self.refresh_button.clicked.connect(self.refresh)
        self.token_button.clicked.connect(self._open_entry)
        self.entry.closed.connect(self._entry_box.hide)
        self.entry.added.connect(self._watch)
        self.detail.unwatch_asked.connect(self._unwatch)
        self.filter.chosen.connect(lambda _: self._show_rows())
        self.grid.selectionModel().currentRowChanged.connect(lambda *_: self._show_detail())
        self.grid.activated_row.connect(lambda _: self._pay())
        self.detail.copied.connect(self.copied)
        self.detail.send_asked.connect(self.send_asked)
        self.detail.receive_asked.connect(lambda x: self.receive_asked.emit(x.account, x.chain))
        self.detail.fund_asked.connect(self._fund)
        self._show()

    # --- what it is given ---

    def set_link(self, link: "AgentLink | None") -> None:
        """The agent, whose accounts they are."""
        self._link = link
        self.forget()

    def set_node(self, node: "WalletNode | None") -> None:
        """The node to ask."""
        self._node = node
        self._drop()
        self.chains, self.holdings = [], []
        self._show()
        if node is not None and self._accounts:
            self.refresh()

    def set_live(self) -> None:
        """The node answers now: what it did not list when it was asked too early is asked again."""
        if self._missed:
            self.refresh()

    def set_accounts(self, accounts: "Sequence[Account]") -> None:
        """The accounts of the wallet."""
        if tuple(accounts) != self._accounts:
            self._accounts = tuple(accounts)
            if self._accounts:
                self.refresh()
            else:
                self.forget()

    def set_watched(self, lines: Sequence[str]) -> None:
        """The setting `tokens_watched`: tokens to ask for by name."""
        if tuple(lines) != self._watched:
            self._watched = tuple(lines)
            if self._accounts:
                self.refresh()

    def forget(self) -> None:
        """Locked: nothing of the wallet stays."""
        self._drop()
        self._accounts, self.holdings, self._read_s = (), [], None
        self.detail.show_holding(None)
        self._show()

    def _drop(self) -> None:
        """What is asked is not waited for any more."""
        self._round += 1
        for operation in self._operations:
            operation.cancel()
        self._operations, self._left = [], set()

    @property
    def busy(self) -> bool:
        """Whether an answer is on its way."""
        return bool(self._left)

    # --- reading ---

    def refresh(self) -> None:
        """Asks every chain anew. What is known stays until it is answered."""
        if self._node is None or not self._accounts:
            self._show()
            return
        self._drop()
        self._left = {""}
        self._start(self._node.chains(), self._take_chains, self._no_chains)
        self._show()

    def _start(self, work: object, done: Callable[[object], None], failed: Callable[[BaseException], None]) -> None:
        round_ = self._round

        def mine(call: Callable[..., None]) -> Callable[[object], None]:
            return lambda value: call(value) if round_ == self._round else None

        self._operations.append(run(self, work, mine(done), mine(failed)))  # type: ignore[arg-type]

    def _no_chains(self, error: BaseException) -> None:
        self._left, self._missed = set(), True
        self._show(str(error))

    def _take_chains(self, found: object) -> None:
        assert isinstance(found, ChainsView)
        assert self._node is not None
        self._missed = False
        self.chains = h.served(found.items)
        self.chains_read.emit(list(self.chains))
        self.entry.set_chains(self.chains)
        asked = [chain for chain in self.chains if h.of_family(self._accounts, chain)]
        wanted = {row.key for row in h.waiting(self._accounts, asked)}
        ids = {chain.id for chain in asked}
        kept = [row for row in self.holdings if row.chain.id in ids and row.account in self._accounts]
        fresh = [row for row in h.waiting(self._accounts, asked) if row.key not in {k.key for k in kept}]
        self.holdings = [row for row in [*kept, *fresh] if not row.native or row.key in wanted]
        self._left = ids
        for chain in asked:
            self._read(chain)
        self._show()

    def _read(self, chain: ChainView) -> None:
        assert self._node is not None
        addresses = [account.address for account in h.of_family(self._accounts, chain)]
        self._start(
            self._answer(chain.id, addresses),
            lambda found: self._take(chain, found),
            lambda error: self._take(chain, error),
        )

    async def _answer(self, chain: str, addresses: Sequence[str]) -> tuple[BalancesView, ChainView | None]:
        """The balances, and the chain with its endpoints as they stand after the question."""
        assert self._node is not None
        node = self._node
        tokens = self.tokens_of(chain)
        parts: list[BalancesView] = []
        for first in range(0, len(addresses), AT_ONCE):
            for token in range(0, max(1, len(tokens)), AT_ONCE):
                some = addresses[first : first + AT_ONCE]
                parts.append(await node.balances(chain, some, tokens[token : token + AT_ONCE]))
        answer = h.joined(parts)
        after = next((c for c in (await node.chains()).items if c.id == chain), None)
        return answer, after

    def tokens_of(self, chain: str) -> list[str]:
        """Tokens to ask for by name: on EVM a contract is found in no other way."""
        found = [line.partition(" ")[2] for line in self._watched if line.partition(" ")[0] == chain]
        return list(dict.fromkeys(address_key(address) for address in found))

    def _take(self, chain: ChainView, found: object) -> None:
        if isinstance(found, tuple):
            answer, after = found
            chain = after or chain
            rows = h.of_answer(self._accounts, chain, answer, self._now())
            self._read_s = self._now()
        else:
            rows = h.of_failure(self._accounts, chain, str(found))
        self.chains = [chain if known.id == chain.id else known for known in self.chains]
        others = [row for row in self.holdings if row.chain.id != chain.id]
        order = {known.id: place for place, known in enumerate(self.chains)}
        self.holdings = sorted([*others, *rows], key=lambda row: order.get(row.chain.id, len(order)))
        self._left.discard(chain.id)
        self._show()
        self.holdings_read.emit(list(self.holdings))

    def show_waiting(self, chains: Sequence[ChainView]) -> None:
        """Rows that are asked for and not answered yet."""
        self.chains = h.served(chains)
        self.holdings = h.waiting(self._accounts, self.chains)
        self._left = {chain.id for chain in self.chains}
        self._show()

    # --- showing ---

    def _show(self, failure: str = "") -> None:
        if self._node is None:
            words = tr(_C, "The node asks the chains; without it no figure is known. The keys are untouched.")
            self._say("unplug", tr(_C, "No node to ask"), [words])
        elif failure and not self.holdings:
            again = Button(tr(_C, "Ask again"), "primary", "restart")
            again.clicked.connect(self.refresh)
            self._say("unplug", tr(_C, "The node did not list its chains"), [failure], [again])
        elif not self._accounts:
            self._say("wallet", tr(_C, "No account yet"), [tr(_C, "Accounts are made and watched under Accounts.")])
        elif not self._left and not self.chains:
            words = tr(_C, "Settings, Wallet takes an HTTP endpoint for each chain. Nobody is asked until then.")
            self._say("sources", tr(_C, "No chain has an endpoint"), [words])
        else:
            self._stack.setCurrentIndex(0)
            if failure:
                self.failed.emit(failure)
            self._show_summary()
            self._show_notices()
            self._show_rows()

    def _say(self, icon: str, title: str, lines: Sequence[str], buttons: Sequence[Button] = ()) -> None:
        self.state_page.show_state(icon, "accent", title, lines, buttons)
        self._stack.setCurrentIndex(1)
        self.model.reset([])
        self.detail.show_holding(None)

    def _show_summary(self) -> None:
        if self._left:
            asked = plural(_C, len(self._left), "Asking {n} chain", "Asking {n} chains")
            self.summary.set(asked if "" not in self._left else tr(_C, "Asking the node for its chains"))
        else:
            figures = plural(_C, len(self.holdings), "{n} balance", "{n} balances")
            chains = plural(_C, len({row.chain.id for row in self.holdings}), "{n} chain", "{n} chains")
            read = tr(_C, "read {time} by this machine's clock", time=clock(self._read_s)) if self._read_s else ""
            self.summary.set(" · ".join(part for part in (figures, chains, read) if part))
        self.refresh_button.setEnabled(not self._left)

    def _show_notices(self) -> None:
        clear(self._notices)
        practice = [chain for chain in self.chains if chain.practice]
        if practice:
            said = ", ".join(tr(_C, "{program} for {chain}", program=c.practice, chain=c.name) for c in practice)
            words = tr(
                _C, "Practice money, worth nothing: {chains}. Choose a row and press Fund this account.", chains=said
            )
            self._notices.addWidget(_notice("well", "practice", words))
        away: dict[str, tuple[str, str]] = {}
        for row in self.holdings:
            if row.problem:
                away.setdefault(row.chain.id, (row.chain.name, row.problem))
        for name, why in away.values():
            words = tr(_C, "{chain}: not all is known. {why}", chain=remote(name, 40), why=why)
            self._notices.addWidget(_notice("warn", "warn", words))
        self._notice_box.setVisible(bool(practice or away))

    def _show_rows(self) -> None:
        rows = self.holdings if self.filter.current == 0 else [row for row in self.holdings if not row.empty]
        self.model.update(rows)
        nothing = tr(_C, "Every balance is nothing.") if self.holdings else ""
        self.grid.show_note(nothing, loading=bool(self._left) and not self.holdings)
        if rows and not self.grid.currentIndex().isValid():
            self.grid.step(0)
        self._show_detail()

    def _show_detail(self) -> None:
        self.detail.show_holding(self.current)

    @property
    def current(self) -> Holding | None:
        """The row chosen."""
        place = self.grid.currentIndex().row()
        return self.model.rows[place] if 0 <= place < len(self.model.rows) else None

    # --- tokens ---

    def _open_entry(self) -> None:
        self._entry_box.setVisible(self._entry_box.isHidden())
        if not self._entry_box.isHidden():
            self.entry.home.setFocus()

    def _watch(self, line: str) -> None:
        if line.lower() in (known.lower() for known in self._watched):
            self.said.emit(tr(_C, "This token is watched already."))
            return
        self.setting_edited.emit(TOKENS, (*self._watched, line))

    def _unwatch(self, holding: Holding) -> None:
        gone = f"{holding.chain.id} {holding.asset}".lower()
        self.setting_edited.emit(TOKENS, tuple(line for line in self._watched if line.lower() != gone))

    # --- doing ---

    def _pay(self) -> None:
        if self.current is not None and self.detail.send_button.isEnabled():
            self.send_asked.emit(self.current)

    def _fund(self, holding: Holding) -> None:
        if self._node is None:
            return
        self.detail.set_funding(True)
        run(
            self,
            self._node.fund(holding.chain.id, holding.account.address),
            lambda _: self._funded(holding),
            self._not_funded,
        )

    def _funded(self, holding: Holding) -> None:
        self.detail.set_funding(False)
        program, label = holding.chain.practice, remote(holding.account.label, 40)
        self.said.emit(tr(_C, "{program} gave practice coins to {label}.", program=program, label=label))
        self.refresh()

    def _not_funded(self, error: BaseException) -> None:
        self.detail.set_funding(False)
        self.failed.emit(str(error))


def _notice(kind: str, icon: str, words: str) -> QWidget:
    tone = "warn" if kind == "warn" else "accent"
    said = Label(words, "small", "text1", wrap=True)
    return frame(kind, hbox(Picture("icon", icon, tone), (said, 1), gap=10, margins=(12, 8, 12, 8)))
