"""The trades that a batch adds: thousands of rows a second pass here, so it builds rows and sums directly.

Everything here has a slower twin that says the same of one stored trade (`ingest.effect_of`, `folds.refold`); the
property test holds them together.
"""

import sqlite3
from collections.abc import Iterable
from operator import itemgetter
from typing import Any

from fluxdesk.store.amounts import NARROW
from fluxdesk.store.bars import merge_bars
from fluxdesk.store.facts import L_QUOTE, L_REST, Columns, Line
from fluxdesk.store.folds import Fold
from fluxdesk.store.inserts import InsertRows, stored
from fluxdesk.store.names import Place, TokenRef
from fluxdesk.store.wallets import Wallets

ID, TOKEN, SIDE, TOKEN_BASE, QUOTE_BASE, TRADER = 0, 3, 13, 14, 15, 16
"""Places in a row, whose order is that of `tables.Trade`."""
Taken = tuple[list[Any], str | None, TokenRef | None]
"""A row in the table's order, with what its chart needs: the quote it was paid in, and its token."""
_ROW = itemgetter(0)


class Tape:
    """New trades of one transaction, by the name of their fact, in the order they came."""

    def __init__(self, connection: sqlite3.Connection, inserts: InsertRows, first_id: int) -> None:
        self.next_id = first_id
        self._connection = connection
        self._inserts = inserts
        self.taken: dict[bytes, Taken] = {}
        self._sorted: list[Taken] = []

    def add(self, name: bytes, line: Line, place: Place) -> None:
        """Takes a trade that is in no table."""
        self.taken[name] = (
            [0, name, place.market_id, place.token_id, line[7], line[8], place.origin_id, *line[L_REST:]],
            line[L_QUOTE],
            place.token,
        )

    def columns(self, name: bytes) -> Columns:
        """A trade that was added, as columns."""
        return dict(zip(self._inserts.columns, self.taken[name][0], strict=True))

    def change(self, name: bytes, columns: Columns, quote_mint: str | None, token: TokenRef | None) -> None:
        """A trade that was added came again with more."""
        self.taken[name] = ([columns[column] for column in self._inserts.columns], quote_mint, token)

    def wallets(self) -> Iterable[tuple[int, str]]:
        """Whose balances and bars the trades touch."""
        return [
            (row[TOKEN], row[TRADER])
            for row, _, _ in self._sorted
            if row[TRADER] and row[TOKEN_BASE] and row[TOKEN] is not None and row[SIDE] is not None
        ]

    def insert(self) -> None:
        """Puts the rows into the table, token by token: their places in its index are then next to each other.

        Within a token numbers go on in order of arrival.
        """
        self._sorted = sorted(self.taken.values(), key=_token_first)
        rows = list(map(_ROW, self._sorted))
        wide = False
        for number, row in enumerate(rows, self.next_id):
            row[ID] = number
            wide = wide or (row[TOKEN_BASE] or 0) > NARROW or (row[QUOTE_BASE] or 0) > NARROW
        self._inserts.run_rows(self._connection, [list(map(stored, row)) for row in rows] if wide else rows)
        self.next_id += len(rows)

    def settle(self, wallets: Wallets) -> None:
        """Adds the trades to balances and bars. They must be in the table."""
        fold = Fold()
        add = fold.add
        for row, quote_mint, token in self._sorted:
            number, _, _, _, time_s, _, _, _, slot, _, _, _, _, side, amount, quote, trader, ghost = row
            if token is None or side is None or not amount:
                continue
            held = None
            if trader:
                held = wallets[token.id, trader]
                held.move(amount if side else -amount, time_s if side else None)
            if ghost is None and quote and quote_mint is not None and quote_mint == token.quote_mint != token.mint:
                new = 0
                if held is not None and held.last_drawn_s != time_s:
                    new = wallets.draw((token.id, trader), time_s, number)
                add(token.id, time_s, slot or 0, quote / amount, float(quote), new)
        merge_bars(self._connection, fold)


def _token_first(taken: Taken) -> int:
    return taken[0][TOKEN] or 0
