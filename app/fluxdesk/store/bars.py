"""Bars into and out of their tables. Writer only, inside its transaction."""

import sqlite3
from collections.abc import Iterator
from operator import itemgetter

from fluxdesk.store.amounts import u256
from fluxdesk.store.folds import HOUR, Bars, Drawn, Fold

_COLUMNS = (
    "token_id, start_s, open_f64, high_f64, low_f64, close_f64, open_slot, close_slot, quote_f64, trades, traders, "
    "traders_wide"
)
_MERGE = (
    "open_f64 = CASE WHEN excluded.open_slot < open_slot THEN excluded.open_f64 ELSE open_f64 END, "
    "open_slot = min(open_slot, excluded.open_slot), "
    "high_f64 = max(high_f64, excluded.high_f64), low_f64 = min(low_f64, excluded.low_f64), "
    "close_f64 = CASE WHEN excluded.close_slot >= close_slot THEN excluded.close_f64 ELSE close_f64 END, "
    "close_slot = max(close_slot, excluded.close_slot), "
    "quote_f64 = quote_f64 + excluded.quote_f64, trades = trades + excluded.trades, "
    "traders = traders + excluded.traders, traders_wide = traders_wide + excluded.traders_wide"
)
_SECONDS = (
    f"INSERT INTO candles_1s ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "  # noqa: S608
    f"ON CONFLICT (token_id, start_s) DO UPDATE SET {_MERGE}"
)
_MINUTES = (
    f"INSERT INTO candles_1m ({_COLUMNS}, traders_hour) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "  # noqa: S608
    f"ON CONFLICT (token_id, start_s) DO UPDATE SET {_MERGE}, traders_hour = traders_hour + excluded.traders_hour"
)
DRAWN = (
    "FROM trades t JOIN markets m ON m.id = t.market_id JOIN tokens k ON k.id = t.token_id "
    "WHERE t.token_id = ? AND t.time_s >= ? AND t.time_s < ? AND t.ghost IS NULL AND t.side IS NOT NULL "
    "AND m.quote_mint = k.quote_mint AND m.quote_mint != k.mint "
    "AND t.token_base > 0 AND t.quote_base > 0"
)
"""The drawn trades of (token, from, to): the same ones as `ingest.effect_of` draws."""
_HOUR = (
    f"SELECT t.id, t.time_s, coalesce(t.slot, 0), t.side, t.token_base, t.quote_base, t.trader {DRAWN} "
    "ORDER BY coalesce(t.slot, 0), t.id"
)


def merge_bars(connection: sqlite3.Connection, fold: Fold) -> None:
    """Adds new bars to the stored ones."""
    if fold.seconds:
        connection.executemany(_SECONDS, [row[:-1] for row in _rows(fold.seconds)])
        connection.executemany(_MINUTES, _rows(fold.minutes))


def erase_hour(connection: sqlite3.Connection, token_id: int, hour_s: int) -> None:
    """Removes a token's bars of one hour."""
    for table in ("candles_1s", "candles_1m"):
        connection.execute(
            f"DELETE FROM {table} WHERE token_id = ? AND start_s >= ? AND start_s < ?",  # noqa: S608
            (token_id, hour_s, hour_s + HOUR),
        )


def drawn_trades(connection: sqlite3.Connection, token_id: int, hour_s: int) -> Iterator[Drawn]:
    """A token's drawn trades of one hour, in order of (slot, arrival)."""
    rows = connection.execute(_HOUR, (token_id, hour_s, hour_s + HOUR))
    for number, time_s, slot, side, token_base, quote_base, trader in rows:
        drawn = draw(number, token_id, time_s, slot, side, u256(token_base), u256(quote_base), trader)
        if drawn is not None:
            yield drawn


def draw(
    number: int, token_id: int, time_s: int, slot: int | None, side: int | None, token: int | None, quote: int | None,
    trader: str | None,
) -> Drawn | None:  # fmt: skip
    """The trade as the chart sees it, or None when its amounts give no price."""
    if side is None or not token or not quote:
        return None
    return Drawn(number, token_id, time_s, slot or 0, quote / token, float(quote), trader)


def _rows(bars: Bars) -> list[tuple[float, ...]]:
    """In key order, which is the order of the table's pages."""
    return [
        (
            token_id, start_s, b.open_f64, b.high_f64, b.low_f64, b.close_f64, b.open_slot, b.close_slot,
            b.quote_f64, b.trades, b.traders, b.traders_wide, b.traders_hour,
        )
        for (token_id, start_s), b in sorted(bars.items(), key=itemgetter(0))
    ]  # fmt: skip
