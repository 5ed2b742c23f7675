"""Questions to the tables, answered from any thread while the writer works: each sees the last committed batch.

Amounts come out in base units; prices and volumes are scaled by decimals that the caller knows. Nothing here writes.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from fluxdesk.core.events import Row, Side, Venue
from fluxdesk.core.views import CandleView, GapView, HolderView, Interval, TradePage, TradeView
from fluxdesk.store.amounts import i320, u256
from fluxdesk.store.engine import Readers, transaction
from fluxdesk.store.evidence import journal_numbers
from fluxdesk.store.facts import LearntPool, TokenSave, fact_name
from fluxdesk.store.ingest import TABLES
from fluxdesk.store.schema import HEAD, version_of

_CHUNK = 500
BASE: dict[Interval, tuple[str, str, int, int]] = {
    "1s": ("candles_1s", "traders", 1, 1),
    "15s": ("candles_1s", "traders_wide", 15, 15),
    "1m": ("candles_1m", "traders", 60, 1),
    "5m": ("candles_1m", "traders_wide", 300, 5),
    "1h": ("candles_1m", "traders_hour", 3600, 60),
}
"""Interval -> the table it is summed from, the column that counts its traders, its seconds, its base bars."""


class BadCursor(ValueError):
    """A cursor that `trades` did not give out."""


class Money(msgspec.Struct, frozen=True):
    """Decimals of a token and of its quote: what turns base units into whole ones."""

    token_decimals: int
    quote_decimals: int

    @property
    def price_scale(self) -> float:
        """Whole quote per whole token, for one quote base unit per token base unit."""
        return float(10.0 ** (self.token_decimals - self.quote_decimals))

    @property
    def quote_unit(self) -> float:
        """Base units in one whole quote unit."""
        return float(10.0**self.quote_decimals)


class WalletBalance(msgspec.Struct, frozen=True, gc=False):
    """What one wallet holds as its trades imply it (may be below zero), and when it bought last."""

    wallet: str
    net: int
    last_buy_s: int | None


class TokenText(msgspec.Struct, frozen=True, gc=False):
    """What is searched of a token. `text_seq`: the journal number at which it changed last."""

    network: str
    mint: str
    venue: Venue
    name: str | None
    symbol: str | None
    creator: str | None
    description: str | None
    created_s: int | None
    text_seq: int


class Repository:
    """Read access to a store's file, which a `Store` has made. Safe to use from several threads."""

    def __init__(self, path: Path) -> None:
        """Raises `StoreDamaged` when the file is no store, `FileNotFoundError` when there is none."""
        if not path.exists():
            raise FileNotFoundError(f"There are no tables at {path}.")
        self.version = version_of(path)
        """Its tables' version; a reader beside an older node may meet one that is not `schema.HEAD`."""
        self.current = self.version == HEAD
        self._readers = Readers(path)

    def close(self) -> None:
        """Release the file."""
        self._readers.close()

    def checkpoint(self) -> int:
        """The last journal number whose rows are in the tables."""
        rows = self._query("SELECT journal_seq FROM checkpoint")
        return int(rows[0][0]) if rows else 0

    def known(self, network: str, rows: Sequence[Row]) -> list[bool]:
        """For each row, whether its fact is in the tables. Rows without a transaction id have none."""
        wanted: dict[str, list[tuple[int, bytes]]] = {}
        for place, row in enumerate(rows):
            if row.kind in TABLES and row.signature is not None:
                wanted.setdefault(TABLES[row.kind], []).append((place, fact_name(network, row)))
        answer = [False] * len(rows)
        for table, named in wanted.items():
            for start in range(0, len(named), _CHUNK):
                part = named[start : start + _CHUNK]
                marks = ",".join("?" * len(part))
                sql = f"SELECT fact FROM {table} WHERE fact IN ({marks})"  # noqa: S608
                stored = {record[0] for record in self._query(sql, *(name for _, name in part))}
                for place, name in part:
                    answer[place] = name in stored
        return answer

    def trades(
        self, network: str, mint: str, limit: int, before: str | None = None, money: Money | None = None
    ) -> TradePage:
        """One page, newest first by the chain's clock. Raises `BadCursor`.

        New trades never shift a later page; prices are None without `money`.
        """
        time_s, number = _place(before)
        rows = self._query(_TRADES, mint, network, time_s, number, limit + 1)
        scale = None if money is None else money.price_scale
        items = [_trade_view(row, scale) for row in rows[:limit]]
        following = f"{rows[limit - 1][1]}.{rows[limit - 1][0]}" if len(rows) > limit > 0 else None
        return TradePage(items=items, next_cursor=following)

    def candles(
        self, network: str, mint: str, interval: Interval, limit: int, money: Money, end_s: int | None = None
    ) -> list[CandleView]:
        """The last `limit` bars with trades that start before `end_s`, oldest first."""
        number = self._token_id(network, mint)
        if number is None:
            return []
        table, traders, width, parts = BASE[interval]
        end = end_s if end_s is not None else 1 << 62
        shape = _BARS if parts == 1 else _WIDE
        sql = shape.format(table=table, traders=traders, width=width, parts=parts)
        scale, unit = money.price_scale, money.quote_unit
        return [
            CandleView(start, o * scale, h * scale, low * scale, c * scale, quote / unit, trades, count)
            for start, o, h, low, c, quote, trades, count in reversed(self._query(sql, number, end, limit))
        ]

    def holders(
        self, network: str, mint: str, limit: int, *, creator: str | None = None, supply: int | None = None,
        leave_out: Sequence[str] = (),
    ) -> tuple[list[HolderView], int]:  # fmt: skip
        """The largest balances that the trades imply, without `leave_out` (pools), and how many wallets hold any."""
        out = set(leave_out)
        held = [b for b in self.balances(network, mint) if b.net > 0 and b.wallet not in out]
        held.sort(key=lambda b: (-b.net, b.wallet))
        views = [
            HolderView(
                wallet=b.wallet,
                balance_base=str(b.net),
                share_f64=b.net / supply if supply else None,
                tag="creator" if b.wallet == creator else "",
            )
            for b in held[:limit]
        ]
        return views, len(held)

    def balances(self, network: str, mint: str) -> list[WalletBalance]:
        """Every wallet that traded a token."""
        number = self._token_id(network, mint)
        if number is None:
            return []
        rows = self._query("SELECT wallet, net, last_buy_s FROM balances WHERE token_id = ?", number)
        return [WalletBalance(wallet, i320(net), bought) for wallet, net, bought in rows]

    def journal_seqs(self, network: str | None, signature: str) -> list[int]:
        """Journal numbers whose bytes state a fact of this transaction, in order."""
        with self._readers.connection() as reader, transaction(reader, "BEGIN") as connection:
            return journal_numbers(connection, network, signature)

    def gaps(self, filled_since_wall_ns: int = 0) -> list[GapView]:
        """Open gaps, and filled ones that were opened since then, newest first."""
        rows = self._query(
            "SELECT source, from_slot, to_slot, opened_wall_ns, filled_by, reason FROM gaps "
            "WHERE filled_by IS NULL OR opened_wall_ns >= ? ORDER BY opened_wall_ns DESC, from_slot DESC",
            filled_since_wall_ns,
        )
        names = ("source", "from_slot", "to_slot", "opened_wall_ns", "filled_by", "reason")
        return [GapView(**dict(zip(names, row, strict=True))) for row in rows]

    def token_states(self, limit: int) -> Iterator[TokenSave]:
        """Saved states of the tokens that traded or were made last, the busiest last trades first."""
        sql = (
            "SELECT network, mint, state FROM tokens WHERE state IS NOT NULL AND id IN ("
            "SELECT token_id FROM trades WHERE id > (SELECT coalesce(max(id), 0) FROM trades) - 200000 "
            "UNION SELECT id FROM (SELECT id FROM tokens ORDER BY id DESC LIMIT ?)) ORDER BY id DESC LIMIT ?"
        )
        return (TokenSave(*row) for row in self._query(sql, limit, limit))

    def token_state(self, mint: str, network: str | None = None) -> TokenSave | None:
        """The saved state of one token; without a network, of the first one that uses this address."""
        rows = self._query(
            "SELECT network, mint, state FROM tokens WHERE mint = ?1 AND state IS NOT NULL "
            "AND (?2 IS NULL OR network = ?2) ORDER BY id LIMIT 1",
            mint, network,
        )  # fmt: skip
        return TokenSave(*rows[0]) if rows else None

    def tokens(self) -> int:
        """How many tokens are known."""
        return int(self._query("SELECT count(*) FROM tokens")[0][0])

    def texts(self, since: int = 0) -> Iterator[TokenText]:
        """What is searched of the tokens whose text changed at or after a journal number, in that order."""
        place = (since, 0)
        while rows := self._query(_TEXTS, *place):
            for _, network, mint, venue, *texts in rows:
                yield TokenText(network, mint, Venue(venue), *texts)
            place = (rows[-1][-1], rows[-1][0])

    def pools(self) -> Iterator[LearntPool]:
        """The mints of every pool, for decoding."""
        rows = self._query("SELECT network, pool, mint_a, mint_b, token_program FROM pool_mints")
        return (LearntPool(*row) for row in rows)

    def note(self, name: str) -> bytes | None:
        """What the node left under a name."""
        rows = self._query("SELECT value FROM notes WHERE name = ?", name)
        return bytes(rows[0][0]) if rows else None

    def decode_counts(self) -> dict[str, dict[str, int]]:
        """Source -> kind -> how many rows of it that source delivered first."""
        counts: dict[str, dict[str, int]] = {}
        for source, kind, count in self._query("SELECT source, kind, sum(count) FROM decode_counts GROUP BY 1, 2"):
            counts.setdefault(source, {})[kind] = count
        return counts

    def _token_id(self, network: str, mint: str) -> int | None:
        rows = self._query("SELECT id FROM tokens WHERE mint = ? AND network = ?", mint, network)
        return int(rows[0][0]) if rows else None

    def _query(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        with self._readers.connection() as connection:
            return connection.execute(sql, values).fetchall()


_TRADES = (
    "SELECT t.id, t.time_s, t.seq, t.signature, t.slot, t.position, t.wall_ns, t.side, t.token_base, t.quote_base, "
    "t.trader, m.venue, t.ghost FROM trades t JOIN markets m ON m.id = t.market_id "
    "WHERE t.token_id = (SELECT id FROM tokens WHERE mint = ? AND network = ?) AND t.side IS NOT NULL "
    "AND (t.time_s, t.id) < (?, ?) ORDER BY t.time_s DESC, t.id DESC LIMIT ?"
)
_BARS = (
    "SELECT start_s, open_f64, high_f64, low_f64, close_f64, quote_f64, trades, {traders} FROM {table} "
    "WHERE token_id = ? AND start_s < ? ORDER BY start_s DESC LIMIT ?"
)
_WIDE = (
    "WITH base AS ("
    "SELECT * FROM {table} WHERE token_id = ?1 AND start_s < ?2 ORDER BY start_s DESC LIMIT ?3 * {parts}), wide AS "
    "(SELECT start_s - start_s % {width} AS start, min(start_s) AS first, max(start_s) AS last, "
    "max(high_f64) AS high, min(low_f64) AS low, sum(quote_f64) AS quote, sum(trades) AS trades, "
    "sum({traders}) AS traders FROM base GROUP BY 1 ORDER BY 1 DESC LIMIT ?3) "
    "SELECT w.start, f.open_f64, w.high, w.low, l.close_f64, w.quote, w.trades, w.traders FROM wide w "
    "JOIN {table} f ON f.token_id = ?1 AND f.start_s = w.first "
    "JOIN {table} l ON l.token_id = ?1 AND l.start_s = w.last ORDER BY w.start DESC"
)
"""As many base bars as could fill the wanted ones, newest first; the oldest wide bar is then never cut."""
_TEXTS = (
    "SELECT id, network, mint, venue, name, symbol, creator, description, created_s, text_seq FROM tokens "
    "WHERE (text_seq, id) > (?, ?) ORDER BY text_seq, id LIMIT 2000"
)


def _place(cursor: str | None) -> tuple[int, int]:
    if cursor is None:
        return 1 << 62, 1 << 62
    time_s, _, number = cursor.partition(".")
    try:
        place = int(time_s), int(number)
    except ValueError:
        raise BadCursor(f"{cursor!r} is not a cursor of this list; start again without it.") from None
    if max(map(abs, place)) >= 1 << 62:
        raise BadCursor(f"{cursor!r} is not a cursor of this list; start again without it.")
    return place


def _trade_view(row: tuple[Any, ...], scale: float | None) -> TradeView:
    _, time_s, seq, signature, slot, position, wall_ns, side, token, quote, trader, venue, ghost = row
    token_base, quote_base = u256(token or 0), u256(quote or 0)
    return TradeView(
        seq=seq,
        signature=signature,
        slot=slot,
        index=position,
        time_s=time_s,
        seen_wall_ns=wall_ns,
        side=Side.BUY if side else Side.SELL,
        token_base=str(token_base),
        quote_base=str(quote_base),
        price_f64=quote_base / token_base * scale if scale is not None and token_base and quote_base else None,
        trader=trader,
        venue=Venue(venue),
        ghost=ghost,
    )
