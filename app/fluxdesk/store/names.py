"""Numbers for what repeats: origins, markets and tokens, looked up once and kept in bounded memory.

Used by the writer only, inside its transaction; a rolled-back transaction must be followed by `forget`.
"""

import sqlite3
from typing import Any

from fluxdesk.core.events import Kind, Row
from fluxdesk.store.facts import PLACE, Columns, Line, Sighting, sighting_of, storable, time_of

_KEPT = 12_000
"""About a kilobyte each."""
MarketKey = tuple[str, str, str | None, str | None, str | None, str | None]


class TokenRef:
    """What the writer remembers of a token. `quote_mint` is the quote its chart is drawn in."""

    __slots__ = ("id", "mint", "quote_mint", "texts")

    def __init__(self, number: int, mint: str, quote_mint: str | None, texts: Columns) -> None:
        self.id = number
        self.mint = mint
        self.quote_mint = quote_mint
        self.texts = texts


class Place:
    """Where trades happen, as the writer remembers it: what is the same for all trades of one source and market."""

    __slots__ = ("market_id", "origin_id", "source", "token", "token_id", "venue")

    def __init__(self, source: str, venue: str, origin_id: int, market_id: int, token: TokenRef | None) -> None:
        self.source = source
        self.venue = venue
        self.origin_id = origin_id
        self.market_id = market_id
        self.token = token
        self.token_id = None if token is None else token.id


def market_key(network: str, row: Row) -> MarketKey:
    """The market a row states."""
    venue = "" if row.venue is None else row.venue._value_
    return (network, venue, row.pool, row.token_mint, row.quote_mint, row.token_program)


class Names:
    """Lookup and creation of numbered rows."""

    def __init__(self) -> None:
        self._origins: dict[tuple[str, str], int] = {}
        self._markets: dict[MarketKey, int] = {}
        self._tokens: dict[tuple[str, str], TokenRef] = {}
        self._places: dict[tuple[Any, ...], Place] = {}

    def forget(self) -> None:
        """Drops what a rolled-back transaction may have put in."""
        self._origins.clear()
        self._markets.clear()
        self._tokens.clear()
        self._places.clear()

    def trim(self) -> None:
        """Keeps memory bounded; what is dropped is looked up again."""
        if len(self._markets) > _KEPT:
            self._markets.clear()
        if len(self._tokens) > _KEPT:
            self._tokens.clear()
            self._places.clear()
        if len(self._places) > _KEPT:
            self._places.clear()

    def origin(self, connection: sqlite3.Connection, network: str, source: str) -> int:
        """The number of a source on a network."""
        key = (network, source)
        number = self._origins.get(key)
        if number is None:
            found = _first(connection, _SELECT_ORIGIN, key)
            number = self._origins[key] = found[0] if found is not None else _insert(connection, _INSERT_ORIGIN, key)
        return number

    def market(self, connection: sqlite3.Connection, key: MarketKey) -> int:
        """The number of a market."""
        number = self._markets.get(key)
        if number is None:
            found = _first(connection, _SELECT_MARKET, key)
            number = self._markets[key] = found[0] if found is not None else _insert(connection, _INSERT_MARKET, key)
        return number

    def last_market(self, connection: sqlite3.Connection) -> int:
        """The number of the newest market; 0 when there is none."""
        found = _first(connection, "SELECT max(id) FROM markets", ())
        return 0 if found is None or found[0] is None else int(found[0])

    def market_fields(self, connection: sqlite3.Connection, number: int) -> MarketKey:
        """What the market of this number states."""
        row = connection.execute(f"SELECT {_MARKET_FIELDS} FROM markets WHERE id = ?", (number,)).fetchone()  # noqa: S608
        network, venue, pool, token, quote, program = row
        return (network, venue, pool, token, quote, program)

    def place(self, connection: sqlite3.Connection, line: Line) -> Place:
        """Origin, market and token of a trade in one look."""
        key = tuple(line[PLACE])
        found = self._places.get(key)
        if found is None:
            sighting = sighting_of(line)
            market = market_key(sighting.network, sighting.row)
            origin_id = self.origin(connection, sighting.network, sighting.source)
            token = self.token(connection, sighting) if sighting.row.token_mint is not None else None
            found = self._places[key] = Place(
                sighting.source, market[1], origin_id, self.market(connection, market), token
            )
        return found

    def token(self, connection: sqlite3.Connection, sighting: Sighting) -> TokenRef:
        """The token of a row that names one, created when new, filled where the row says more."""
        row, network = sighting.row, sighting.network
        assert row.token_mint is not None
        ref = self._tokens.get((network, row.token_mint)) or self._load(connection, network, row.token_mint)
        if ref is None:
            texts = _texts(sighting)
            named = (network, row.token_mint, str(row.venue), sighting.wall_ns, sighting.seq, sighting.seq)
            number = _insert(connection, _INSERT_TOKEN, (*named, row.quote_mint, *texts.values()))
            ref = TokenRef(number, row.token_mint, row.quote_mint, texts)
            self._tokens[network, row.token_mint] = ref
            return ref
        if row.kind is Kind.LAUNCH or (ref.quote_mint is None and row.quote_mint is not None):
            self._fill(connection, ref, sighting)
        return ref

    def known_token(self, connection: sqlite3.Connection, network: str, mint: str) -> TokenRef | None:
        """A token that is already there."""
        return self._tokens.get((network, mint)) or self._load(connection, network, mint)

    def _load(self, connection: sqlite3.Connection, network: str, mint: str) -> TokenRef | None:
        row = _first(connection, _SELECT_TOKEN, (mint, network))
        if row is None:
            return None
        texts = {name: row[2 + n] for n, name in enumerate(_TEXTS)}
        ref = self._tokens[network, mint] = TokenRef(row[0], mint, row[1], texts)
        return ref

    def _fill(self, connection: sqlite3.Connection, ref: TokenRef, sighting: Sighting) -> None:
        stated = _texts(sighting)
        changes: Columns = {n: v for n, v in stated.items() if v is not None and ref.texts[n] is None}
        ref.texts |= changes
        if any(name in changes for name in _SEARCHED):
            changes["text_seq"] = sighting.seq
        if ref.quote_mint is None and sighting.row.quote_mint is not None:
            ref.quote_mint = changes["quote_mint"] = sighting.row.quote_mint
        if sighting.row.kind is Kind.LAUNCH:
            changes["venue"] = str(sighting.row.venue)
        if changes:
            settings = ", ".join(f"{name} = ?" for name in changes)
            connection.execute(f"UPDATE tokens SET {settings} WHERE id = ?", (*changes.values(), ref.id))  # noqa: S608


_TEXTS = ("name", "symbol", "creator", "uri", "created_s")
_SEARCHED = ("name", "symbol", "creator", "created_s")
_SELECT_ORIGIN = "SELECT id FROM origins WHERE network = ? AND source = ?"
_INSERT_ORIGIN = "INSERT INTO origins (network, source) VALUES (?, ?)"
_SELECT_TOKEN = (
    "SELECT id, quote_mint, name, symbol, creator, uri, created_s FROM tokens WHERE mint = ? AND network = ?"
)
_INSERT_TOKEN = (
    "INSERT INTO tokens (network, mint, venue, first_wall_ns, first_seq, text_seq, quote_mint, name, symbol, creator, "
    "uri, created_s) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_MARKET_FIELDS = "network, venue, pool, token_mint, quote_mint, token_program"
_INSERT_MARKET = f"INSERT INTO markets ({_MARKET_FIELDS}) VALUES (?, ?, ?, ?, ?, ?)"  # noqa: S608
_SELECT_MARKET = (
    "SELECT id FROM markets WHERE network = ? AND venue = ? AND pool IS ? AND token_mint IS ? AND quote_mint IS ? "
    "AND token_program IS ?"
)


def _texts(sighting: Sighting) -> Columns:
    """What only a launch says of its token; None from every other row."""
    row = sighting.row
    if row.kind is not Kind.LAUNCH:
        return dict.fromkeys(_TEXTS)
    values: tuple[Any, ...] = (
        storable(row.name),
        storable(row.symbol),
        row.creator,
        storable(row.uri),
        time_of(sighting),
    )
    return dict(zip(_TEXTS, values, strict=True))


def _insert(connection: sqlite3.Connection, sql: str, values: tuple[Any, ...]) -> int:
    """Runs an insert and returns the new row's number."""
    return int(connection.execute(sql, values).lastrowid or 0)


def _first(connection: sqlite3.Connection, sql: str, values: tuple[Any, ...]) -> tuple[Any, ...] | None:
    """The first row of a query."""
    found: tuple[Any, ...] | None = connection.execute(sql, values).fetchone()
    return found
