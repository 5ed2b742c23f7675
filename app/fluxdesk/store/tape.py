"""The trades that a batch adds: thousands of rows a second pass here, so it builds rows and sums directly.

Everything here has a slower twin that says the same of one stored trade (`ingest.effect_of`, `folds.refold`); the
property test holds them together.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection

from fluxdesk.core.events import Side
from fluxdesk.store.amounts import u256_bytes
from fluxdesk.store.bars import merge_bars
from fluxdesk.store.facts import Columns, Sighting, rank, time_of
from fluxdesk.store.folds import Fold
from fluxdesk.store.inserts import InsertRows
from fluxdesk.store.names import Names, TokenRef
from fluxdesk.store.tables import Trade, table_of
from fluxdesk.store.wallets import Wallets

COLUMNS = tuple(column.name for column in table_of(Trade).columns)
_INSERT = InsertRows(table_of(Trade))
(
    ID, FACT, MARKET, TOKEN, TIME, SEQ, ORIGIN, WALL, SLOT, POSITION, SIGNATURE, ORDINAL, PROVENANCE, SIDE, TOKEN_BASE,
    QUOTE_BASE, TRADER, GHOST,
) = range(18)  # fmt: skip
_BUY = Side.BUY


class Tape:
    """New trades of one transaction, by the name of their fact, in the order they came."""

    def __init__(self, connection: Connection, names: Names, first_id: int) -> None:
        self.next_id = first_id
        self._connection = connection
        self._names = names
        self._rows: dict[bytes, list[Any]] = {}
        self._charts: dict[bytes, tuple[str | None, TokenRef | None]] = {}

    def __len__(self) -> int:
        return len(self._rows)

    def __contains__(self, name: bytes) -> bool:
        return name in self._rows

    def add(self, name: bytes, sighting: Sighting) -> None:
        """Takes a trade that is in no table."""
        row = sighting.row
        market_id, token = self._names.place(self._connection, sighting)
        side = row.side
        self._rows[name] = [
            self.next_id,
            name,
            market_id,
            None if token is None else token.id,
            time_of(sighting),
            sighting.seq,
            self._names.origin(self._connection, sighting.network, sighting.source),
            sighting.wall_ns,
            row.slot,
            row.index,
            row.signature,
            row.ordinal,
            rank(row),
            None if side is None else 1 if side is _BUY else 0,
            row.token_amount,
            row.quote_amount,
            row.trader,
            sighting.ghost,
        ]
        self._charts[name] = (row.quote_mint, token)
        self.next_id += 1

    def columns(self, name: bytes) -> Columns:
        """A trade that was added, as columns."""
        return dict(zip(COLUMNS, self._rows[name], strict=True))

    def change(self, name: bytes, columns: Columns, quote_mint: str | None, token: TokenRef | None) -> None:
        """A trade that was added came again with more."""
        self._rows[name] = [columns[column] for column in COLUMNS]
        self._charts[name] = (quote_mint, token)

    def wallets(self) -> Iterable[tuple[int, str]]:
        """Whose balances and bars the trades touch."""
        return [
            (row[TOKEN], row[TRADER])
            for row in self._rows.values()
            if row[TRADER] and row[TOKEN_BASE] and row[TOKEN] is not None and row[SIDE] is not None
        ]

    def insert(self) -> None:
        """Puts the rows into the table."""
        _INSERT.run_rows(self._connection, [_encoded(row) for row in self._rows.values()])

    def settle(self, wallets: Wallets) -> None:
        """Adds the trades to balances and bars. They must be in the table."""
        fold = Fold()
        for name, (quote_mint, token) in self._charts.items():
            row = self._rows[name]
            side = row[SIDE]
            if token is None or side is None:
                continue
            amount, quote, trader, time_s = row[TOKEN_BASE], row[QUOTE_BASE], row[TRADER], row[TIME]
            wallet = (token.id, trader)
            if trader and amount:
                wallets[wallet].move(amount if side else -amount, time_s if side else None)
            drawn = row[GHOST] is None and amount and quote and quote_mint == token.quote_mint != token.mint
            if drawn and quote_mint is not None:
                new = wallets.draw(wallet, time_s, row[ID]) if trader else 0
                fold.add(token.id, time_s, row[SLOT] or 0, quote / amount, float(quote), new)
        merge_bars(self._connection, fold)


def _encoded(row: list[Any]) -> tuple[Any, ...]:
    token, quote = row[TOKEN_BASE], row[QUOTE_BASE]
    return (
        *row[:TOKEN_BASE],
        None if token is None else u256_bytes(token),
        None if quote is None else u256_bytes(quote),
        *row[TRADER:],
    )
