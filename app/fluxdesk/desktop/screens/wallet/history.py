"""The history of one account on one chain, newest first, as the user's own endpoint tells it.

Paged: older transactions are read when the list is scrolled down. Filters look at what has been read, and say so.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from fluxdesk.core.wallet_views import ChainView, HistoryView
from fluxdesk.desktop.i18n import plural, tr
from fluxdesk.desktop.qt import QFileDialog
from fluxdesk.desktop.screens.wallet import history_file
from fluxdesk.desktop.screens.wallet import history_rows as rows
from fluxdesk.desktop.screens.wallet.chain_page import ChainPage
from fluxdesk.desktop.screens.wallet.history_evidence import Evidence
from fluxdesk.desktop.screens.wallet.history_table import history_model
from fluxdesk.desktop.widgets.basics import Button, Segmented, box, hbox
from fluxdesk.desktop.widgets.grid import Grid

if TYPE_CHECKING:
    from fluxdesk.desktop.agent_facts import Account
    from fluxdesk.desktop.wallet_node import WalletNode

_C = "History"
PAGE: Final = 50
EXPORT_MOST: Final = 5_000
"""Transactions that are read into a file at once."""
FILTERS: Final = ("all", "in", "out", "failed")


class History(ChainPage):
    """The page."""

    def __init__(self) -> None:
        self._pages: list[HistoryView] = []
        self._lines: list[rows.Line] = []
        self.units: dict[str, rows.Unit] = {}
        names: dict[str, str] = {}
        self.model = history_model(self.units, names)
        self.evidence = Evidence()
        kinds = Segmented(
            (tr(_C, "All"), tr(_C, "Received"), tr(_C, "Sent"), tr(_C, "Failed or withdrawn")), 0, tr(_C, "Which lines")
        )
        grid = Grid(self.model, tr(_C, "History"), height=32, lines=True)
        super().__init__(kinds, grid, self.evidence, tr(_C, "Read the newest again"))
        self.names = names
        self._describe_search(tr(_C, "Asset, address or hash"), tr(_C, "Filter by asset, address or hash"), 190)
        self.export_button = Button(tr(_C, "Export"), icon="file", role="small")
        self.export_button.setToolTip(tr(_C, "Write the history into a file, with a second one that defines it"))
        self.more_button = Button(tr(_C, "Read older ones"), role="small")
        foot = box(hbox((self._foot, 1), self.more_button, margins=(16, 6, 16, 6)))
        self._compose((self.again_button, self.export_button), foot)
        self.export_button.clicked.connect(self._ask_file)
        self.more_button.clicked.connect(self._read_more)
        grid.bottom_reached.connect(self._read_more)
        self.forget()

    # --- reading ---

    def _ask(self, node: "WalletNode", chain: ChainView, account: "Account") -> None:
        self.units[rows.NATIVE] = rows.Unit(chain.symbol, chain.decimals)
        self._foot.set(tr(_C, "Asking {chain}…", chain=chain.name))
        self._run(node.history(chain.id, account.address, limit=PAGE), self._take_page)

    def _renew(self, node: "WalletNode", chain: ChainView, account: "Account") -> bool:
        """The newest once more: the selection and what was read below stay."""
        if not self._pages:
            return False
        work = node.history(chain.id, account.address, limit=PAGE)
        self._run(work, self._take_newest, lambda error: self.failed.emit(str(error)))
        return True

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

    def _clear(self) -> None:
        self._pages, self._lines = [], []
        self.units.clear()
        self.model.reset([])
        super()._clear()
        self.more_button.hide()
        self.export_button.setEnabled(False)

    def _fail(self, error: BaseException) -> None:
        if self._lines:
            self._filter()
            self.failed.emit(str(error))
            return
        kept = tr(_C, "Nothing was changed. What is on the chain stays there.")
        self._say_unread(tr(_C, "The history could not be read"), error, kept)


def units_of(page: HistoryView) -> dict[str, rows.Unit]:
    """What the tokens of a page say of themselves."""
    return {one.asset: rows.Unit(one.symbol, one.decimals) for one in page.assets}
