"""The history of one account on one chain, newest first, as the user's own endpoint tells it.

Paged: older transactions are read when the list is scrolled down. Filters look at what has been read, and say so.
"""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

import msgspec

from fluxdesk.core.wallet_views import ChainView, HistoryView
from fluxdesk.desktop.i18n import plural, tr
from fluxdesk.desktop.operation import Operation, run
from fluxdesk.desktop.qt import QFileDialog, QLineEdit, QStackedWidget, Qt, QWidget, Signal
from fluxdesk.desktop.screens.wallet import history_file
from fluxdesk.desktop.screens.wallet import history_rows as rows
from fluxdesk.desktop.screens.wallet.chains_picker import Where, names_of, tools
from fluxdesk.desktop.screens.wallet.history_evidence import Evidence
from fluxdesk.desktop.screens.wallet.history_table import history_model
from fluxdesk.desktop.theme import look, set_role
from fluxdesk.desktop.widgets.basics import Button, Label, Segmented, box, hbox, rule, vbox
from fluxdesk.desktop.widgets.grid import Grid
from fluxdesk.desktop.widgets.state_page import StatePage

if TYPE_CHECKING:
    from fluxdesk.desktop.agent_link import Account, AgentLink
    from fluxdesk.desktop.wallet_node import WalletNode

T = TypeVar("T")
_C = "History"
PAGE: Final = 50
EXPORT_MOST: Final = 5_000
"""Transactions that are read into a file at once."""
FILTERS: Final = ("all", "in", "out", "failed")


class History(QWidget):
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
        self._pages: list[HistoryView] = []
        self._lines: list[rows.Line] = []
        self.units: dict[str, rows.Unit] = {}
        self.names: dict[str, str] = {}
        self.where = Where()
        self.kinds = Segmented(
            (tr(_C, "All"), tr(_C, "Received"), tr(_C, "Sent"), tr(_C, "Failed or withdrawn")), 0, tr(_C, "Which lines")
        )
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr(_C, "Asset, address or hash"))
        self.search.setAccessibleName(tr(_C, "Filter by asset, address or hash"))
        self.search.setMaxLength(100)
        self.search.setFixedWidth(look().px(190))
        set_role(self.search, "small")
        self.again_button = Button("", "ghost", "restart", tip=tr(_C, "Read the newest again"))
        self.export_button = Button(tr(_C, "Export"), icon="file", role="small")
        self.export_button.setToolTip(tr(_C, "Write the history into a file, with a second one that defines it"))
        self.model = history_model(self.units, self.names)
        self.grid = Grid(self.model, tr(_C, "History"), height=32, lines=True)
        # Large text may need more room than there is: no column may be out of reach.
        self.grid.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.evidence = Evidence()
        self.state_page = StatePage()
        self._foot = Label("", "micro", "text3", wrap=True)
        self.more_button = Button(tr(_C, "Read older ones"), role="small")
        self._compose()
        self.where.changed.connect(self.read)
        self.kinds.chosen.connect(self._filter)
        self.search.textChanged.connect(self._filter)
        self.again_button.clicked.connect(self.read)
        self.export_button.clicked.connect(self._ask_file)
        self.more_button.clicked.connect(self._read_more)
        self.grid.bottom_reached.connect(self._read_more)
        self.grid.selectionModel().currentRowChanged.connect(lambda now, _: self._select(now.row()))
        self.evidence.copied.connect(self.copied)
        self.home: QWidget = self.grid
        self.forget()

    def _compose(self) -> None:
        head = tools((self.where, self.kinds, self.search), (self.again_button, self.export_button))
        foot = box(hbox((self._foot, 1), self.more_button, margins=(16, 6, 16, 6)))
        table = box(vbox((self.grid, 1), rule(), foot, gap=0))
        self._stack = QStackedWidget()
        self._stack.addWidget(box(hbox((table, 1), self.evidence, gap=0)))
        self._stack.addWidget(self.state_page)
        self.setLayout(vbox(head, rule(), (self._stack, 1), gap=0))

    # --- who is asked ---

    def set_link(self, link: "AgentLink | None") -> None:
        """The agent, which knows the accounts."""
        self._link = link
        self.forget()

    def set_node(self, node: "WalletNode | None") -> None:
        """The node, which knows the chains."""
        self._node = node
        self.evidence.set_node(node)
        if node is None:
            self.forget()

    def refresh(self) -> None:
        """Reads accounts and chains, then the newest transactions."""
        if self._link is None:
            return
        if self._node is None:
            self._say_state("unplug", tr(_C, "The node does not run"), [tr(_C, "It reads the chain. Start it first.")])
            return
        self._run(self._lists(self._link, self._node), self._take_lists)

    async def _lists(
        self, link: "AgentLink", node: "WalletNode"
    ) -> "tuple[list[Account], list[ChainView], dict[str, str]]":
        accounts = await link.accounts()
        chains = (await node.chains()).items
        return accounts, chains, await names_of(link, accounts)

    def _take_lists(self, found: "tuple[list[Account], list[ChainView], dict[str, str]]") -> None:
        accounts, chains, names = found
        before = self._chosen
        self.names.clear()
        self.names.update(names)
        self.where.show_lists(accounts, chains)
        if self._pages and before == self._chosen:
            self._renew()
        else:
            self.read()

    @property
    def _chosen(self) -> tuple[str, str]:
        account, chain = self.where.account, self.where.chain
        return "" if account is None else account.id, "" if chain is None else chain.id

    def _renew(self) -> None:
        """The newest once more, under the eyes of who reads: the selection and what was read below stay."""
        account, chain = self.where.account, self.where.chain
        if self._node is not None and account is not None and chain is not None:
            work = self._node.history(chain.id, account.address, limit=PAGE)
            self._run(work, self._take_newest, lambda error: self.failed.emit(str(error)))

    def _take_newest(self, page: HistoryView) -> None:
        known, newest = {item.tx for old in self._pages for item in old.items}, {item.tx for item in page.items}
        if page.items and not known & newest:
            self._pages, self._lines = [], []  # so much is new that what lies between was not read
        else:
            self._pages[0] = msgspec.structs.replace(
                self._pages[0],
                items=[*page.items, *(i for i in self._pages[0].items if i.tx not in newest)],
                next_cursor=page.next_cursor if len(self._pages) == 1 else self._pages[0].next_cursor,
            )
            self.units.update(units_of(page))
            self._lines = rows.lines([item for old in self._pages for item in old.items])
            self._filter()
            return
        self._take_page(page)

    # --- reading ---

    def read(self) -> None:
        """The newest transactions of the account and chain chosen."""
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
        self.units[rows.NATIVE] = rows.Unit(chain.symbol, chain.decimals)
        self.grid.show_note("", loading=True)
        self._stack.setCurrentIndex(0)
        self._foot.set(tr(_C, "Asking {chain}…", chain=chain.name))
        self._run(self._node.history(chain.id, account.address, limit=PAGE), self._take_page)

    def _read_more(self) -> None:
        account, chain, cursor = self.where.account, self.where.chain, self._cursor
        if self._node is None or account is None or chain is None or cursor is None or self._busy:
            return
        self.more_button.setEnabled(False)
        self._run(self._node.history(chain.id, account.address, cursor=cursor, limit=PAGE), self._take_page)

    @property
    def _cursor(self) -> str | None:
        return self._pages[-1].next_cursor if self._pages else None

    @property
    def _busy(self) -> bool:
        return self._asking is not None and self._asking.running

    def _take_page(self, page: HistoryView) -> None:
        self.units.update(units_of(page))
        self._pages.append(page)
        known = {line.key for line in self._lines}
        self._lines += [line for line in rows.lines(page.items) if line.key not in known]
        self._filter()

    def _filter(self) -> None:
        which, typed = FILTERS[self.kinds.current], self.search.text()
        shown = [line for line in self._lines if rows.fits(line, which, typed, self.units, self.names)]
        self.model.update(shown)
        self.grid.show_note(self._note())
        self._stack.setCurrentIndex(0)
        count = len({line.item.tx for page in self._pages for line in rows.lines(page.items)})
        read = plural(_C, count, "{n} transaction read", "{n} transactions read")
        if len(shown) != len(self._lines):
            read += tr(_C, ", {n} of {all} lines fit the filter", n=f"{len(shown):,}", all=f"{len(self._lines):,}")
        end = tr(_C, "older ones exist") if self._cursor is not None else tr(_C, "no older ones were found")
        covers = self._pages[-1].covers if self._pages else ""
        self._foot.set(tr(_C, "{read}; {end}. {covers}", read=read, end=end, covers=covers))
        self.more_button.setVisible(self._cursor is not None)
        self.more_button.setEnabled(True)
        self.export_button.setEnabled(bool(self._lines))

    def _note(self) -> str:
        if not self._lines and self._cursor is not None:
            return tr(_C, "Nothing in the blocks read so far. Older ones were not read yet.")
        if not self._lines:
            return tr(_C, "No transaction of this account was found on this chain.")
        return tr(_C, "No line that was read fits the filter.")

    def _select(self, row: int) -> None:
        chain = self.where.chain
        if chain is not None and 0 <= row < len(self.model.rows):
            self.evidence.show_line(self.model.rows[row], chain, self.units, self.names)

    # --- the file ---

    def _ask_file(self) -> None:
        suggested = str(Path.home() / "fluxdesk-history.csv")
        path, _ = QFileDialog.getSaveFileName(self, tr(_C, "Export the history"), suggested, tr(_C, "CSV (*.csv)"))
        if path:
            self.export(Path(path))

    def export(self, path: Path) -> None:
        """Reads on to the end, at most `EXPORT_MOST` transactions, and writes all of it whatever the filter."""
        account, chain = self.where.account, self.where.chain
        if self._node is None or account is None or chain is None:
            return
        self.export_button.setEnabled(False)
        self._foot.set(tr(_C, "Reading all of it for the file…"))
        self._run(self._export(self._node, chain, account.address, path), self._was_exported)

    async def _export(self, node: "WalletNode", chain: ChainView, account: str, path: Path) -> tuple[int, bool, Path]:
        import asyncio

        while self._cursor is not None and sum(len(page.items) for page in self._pages) < EXPORT_MOST:
            self._take_page(await node.history(chain.id, account, cursor=self._cursor, limit=PAGE))
        whole = self._cursor is None
        text = history_file.table(self._lines, chain, account, self.units, self.names)
        about = history_file.definitions(self._pages[-1].covers if self._pages else "", whole)
        beside = await asyncio.to_thread(history_file.write, path, text, about)
        return len(self._lines), whole, beside

    def _was_exported(self, found: tuple[int, bool, Path]) -> None:
        count, whole, beside = found
        self._filter()
        lines = plural(_C, count, "{n} line was written", "{n} lines were written")
        cut = "" if whole else tr(_C, " Older transactions exist and are not in it.")
        self.said.emit(
            tr(_C, "{lines}. What the columns mean is in {file}.{cut}", lines=lines, file=beside.name, cut=cut)
        )

    # --- states ---

    def forget(self) -> None:
        """Shows nothing and asks nobody."""
        self._clear()
        self.names.clear()
        self.where.show_lists((), ())

    def _clear(self) -> None:
        if self._asking is not None:
            self._asking.cancel()
            self._asking = None
        self._pages, self._lines = [], []
        self.units.clear()
        self.model.reset([])
        self.evidence.forget()
        self.grid.show_note("")
        self._foot.set("")
        self.more_button.hide()
        self.export_button.setEnabled(False)

    def _run(
        self, work: Awaitable[T], done: Callable[[T], None], failed: Callable[[BaseException], None] | None = None
    ) -> None:
        if self._asking is not None:
            self._asking.cancel()
        self._asking = run(self, work, done, failed or self._fail)

    def _fail(self, error: BaseException) -> None:
        if self._lines:
            self._filter()
            self.failed.emit(str(error))
            return
        again = Button(tr(_C, "Ask again"), "primary")
        again.clicked.connect(self.read if self.where.account is not None else self.refresh)
        self._say_state(
            "unplug",
            tr(_C, "The history could not be read"),
            [str(error), tr(_C, "Nothing was changed. What is on the chain stays there.")],
            [again],
        )

    def _say_state(self, icon: str, title: str, lines: list[str], buttons: list[Button] | None = None) -> None:
        self.grid.show_note("")
        self._foot.set("")
        self.state_page.show_state(icon, "accent", title, lines, buttons or [])
        self._stack.setCurrentIndex(1)


def units_of(page: HistoryView) -> dict[str, rows.Unit]:
    """What the tokens of a page say of themselves."""
    return {one.asset: rows.Unit(one.symbol, one.decimals) for one in page.assets}
