"""One batch of sightings into the fact tables: what is new is inserted, what is known is filled. Writer only.

Every sum over trades (bars, balances) changes here and nowhere else, by the difference that a fact makes.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from fluxdesk.core.events import Kind, Venue
from fluxdesk.store.amounts import u256
from fluxdesk.store.bars import draw, drawn_trades, erase_hour, merge_bars
from fluxdesk.store.extras import Arrived, CountKey
from fluxdesk.store.facts import (
    L_ORDINAL,
    L_RANK,
    L_SIGNATURE,
    LOGGED,
    Columns,
    GhostPrint,
    Line,
    Sighting,
    fact_name,
    merge,
    name_end,
    name_of,
    other_columns,
    rank,
    sighting_of,
    time_of,
    trade_columns,
)
from fluxdesk.store.folds import HOUR, Drawn, Fold, refold
from fluxdesk.store.inserts import InsertRows, stored
from fluxdesk.store.names import MarketKey, Names, Place, TokenRef, market_key
from fluxdesk.store.tape import Tape
from fluxdesk.store.wallets import Wallet, Wallets

TABLES: dict[Kind, str] = {
    Kind.TRADE: "trades",
    Kind.LAUNCH: "launches",
    Kind.POOL: "pools",
    Kind.LIQUIDITY: "liquidity",
    Kind.MIGRATION: "migrations",
}
OTHERS: tuple[Kind, ...] = tuple(kind for kind in TABLES if kind is not Kind.TRADE)
_CHUNK = 500
DAY = 86_400
_ENDS = {str(venue): name_end(venue, Kind.TRADE, 0) for venue in Venue}
_AMOUNTS = ("token_base", "quote_base", "supply")
Inserts = dict[Kind, InsertRows]


class Effect(NamedTuple):
    """What a trade adds to the sums: a movement of a balance, a print on the chart."""

    wallet: Wallet | None
    amount: int
    bought_s: int | None
    drawn: Drawn | None


NO_EFFECT = Effect(None, 0, None, None)


def effect_of(trade: Columns, market: MarketKey, token: TokenRef | None) -> Effect:
    """The effect of a trade's columns."""
    token_id, trader, side, amount = trade["token_id"], trade["trader"], trade["side"], trade["token_base"]
    if token is None or token_id is None or side is None:
        return NO_EFFECT
    quote_mint = market[4]
    drawn = None
    if trade["ghost"] is None and quote_mint is not None and quote_mint == token.quote_mint != token.mint:
        drawn = draw(
            trade["id"], token_id, trade["time_s"], trade["slot"], side, amount, trade["quote_base"], trader
        )  # fmt: skip
    if trader is None or not amount:
        return Effect(None, 0, None, drawn)
    return Effect((token_id, trader), amount if side else -amount, trade["time_s"] if side else None, drawn)


class Ingest:
    """The work of one transaction, or of a part of one. Counts what it did in `new`, `filled` and `known`.

    Trades read from logs are new as a rule, since the pipeline has sifted them: they are inserted unseen. Where one is
    known after all, the table refuses it; what was inserted is taken back, and all are looked up. A savepoint would do
    that too, but keeps a copy of every page that the transaction then changes: a tenth of all it costs.
    """

    def __init__(
        self, connection: sqlite3.Connection, names: Names, inserts: Inserts, next_ids: dict[Kind, int]
    ) -> None:
        self._connection = connection
        self._inserts = inserts
        self._names = names
        self._next_ids = next_ids
        self.new = self.filled = self.known = 0
        self.arrivals: list[Arrived] = []
        self.counts: dict[CountKey, int] = {}
        self._changes: list[tuple[Effect, Effect]] = []
        self._tape = Tape(connection, inserts[Kind.TRADE], next_ids[Kind.TRADE])

    def take(self, lines: Sequence[Line], others: Iterable[Sighting]) -> None:
        """Stores trades, then all else. Rows without a transaction id or a venue are counted only."""
        if lines:
            self._take_trades([(_trade_name(line), line) for line in lines])
        groups: dict[Kind, list[tuple[bytes, Sighting]]] = {kind: [] for kind in OTHERS}
        for sighting in others:
            row = sighting.row
            if row.signature is None or row.venue is None or row.kind not in groups:
                self._count(sighting)
            else:
                groups[row.kind].append((fact_name(sighting.network, row), sighting))
        for kind in OTHERS:
            self._take_kind(kind, groups[kind])

    def haunt(self, ghosts: Sequence[GhostPrint]) -> None:
        """Takes stored trades off the chart."""
        found = self._stored(Kind.TRADE, [fact_name(g.network, g.row) for g in ghosts])
        for ghost in ghosts:
            trade = found.get(fact_name(ghost.network, ghost.row))
            if trade is None or trade["ghost"] is not None:
                continue
            self._update(Kind.TRADE, trade["id"], {"ghost": ghost.reason})
            before = self._stored_effect(trade)
            trade["ghost"] = ghost.reason
            self._changes.append((before, before._replace(drawn=None)))

    def settle(self) -> None:
        """Brings the sums in line with the trades."""
        effects = [effect for change in self._changes for effect in change]
        touched = [e.wallet for e in effects if e.wallet is not None]
        drawing = [(d.token_id, d.trader) for e in effects if (d := e.drawn) is not None and d.trader is not None]
        wallets = Wallets(self._connection, [*self._tape.wallets(), *touched, *drawing])
        self._tape.settle(wallets)
        self._settle_changes(wallets)
        wallets.write()

    def _settle_changes(self, wallets: Wallets) -> None:
        """Stored trades that changed: one that was not drawn is added, any other has its hour summed up again."""
        fold = Fold()
        undrawn: list[Drawn] = []
        stale: set[tuple[int, int]] = set()
        for before, after in self._changes:
            if before.wallet is not None:
                wallets[before.wallet].move(-before.amount, None)
            if after.wallet is not None:
                wallets[after.wallet].move(after.amount, after.bought_s)
            if before.drawn is None:
                if (d := after.drawn) is not None:
                    new = 0 if d.trader is None else wallets.draw((d.token_id, d.trader), d.time_s, d.id)
                    fold.add(d.token_id, d.time_s, d.slot, d.price, d.quote, new)
            elif before.drawn != after.drawn:
                undrawn += [d for d in (before.drawn, after.drawn) if d is not None]
                stale.update((d.token_id, d.time_s - d.time_s % HOUR) for d in (before.drawn, after.drawn) if d)
        for drawn in undrawn:
            wallets.undraw(drawn)
        merge_bars(self._connection, fold)
        for token_id, hour_s in stale:
            erase_hour(self._connection, token_id, hour_s)
            merge_bars(self._connection, refold(list(drawn_trades(self._connection, token_id, hour_s))))

    def _take_trades(self, named: Sequence[tuple[bytes, Line]]) -> None:
        known = self._stored(Kind.TRADE, [name for name, line in named if line[L_RANK] != LOGGED])
        if not known:
            last_market = self._names.last_market(self._connection)
            try:
                self._add_trades(named, known)
            except sqlite3.IntegrityError:
                self._take_back(last_market)
            else:
                return
        self._add_trades(named, self._stored(Kind.TRADE, [name for name, _ in named]))

    def _take_back(self, last_market: int) -> None:
        """Removes trades that were inserted unseen, and the markets that only they may have named."""
        first = self._next_ids[Kind.TRADE]
        self._connection.execute("DELETE FROM trades WHERE id >= ?", (first,))
        self._connection.execute("DELETE FROM markets WHERE id > ?", (last_market,))
        self._names.forget()
        self._tape = Tape(self._connection, self._inserts[Kind.TRADE], first)
        self.arrivals.clear()
        self.filled = self.known = 0

    def _add_trades(self, named: Sequence[tuple[bytes, Line]], known: dict[bytes, Columns]) -> None:
        """Raises `sqlite3.IntegrityError` for a stored trade that is not in `known`; nothing stored has then changed
        if that was empty."""
        tape, names, connection = self._tape, self._names, self._connection
        taken = tape.taken
        fresh: dict[Place, int] = {}
        for name, line in named:
            if name in taken:
                columns = tape.columns(name)
                sighting = sighting_of(line)
                changes, market, token = self._merged(columns, self._market(columns), sighting)
                columns.update(changes)
                tape.change(name, columns, market[4], token)
                self._again(name, columns, sighting, bool(changes))
            elif name in known:
                self._fill(Kind.TRADE, name, known[name], sighting_of(line))
            else:
                place = names.place(connection, line)
                tape.add(name, line, place)
                fresh[place] = fresh.get(place, 0) + 1
        tape.insert()
        self.new += len(taken)
        self._next_ids[Kind.TRADE] = tape.next_id
        for place, count in fresh.items():
            key = (place.source, Kind.TRADE._value_, place.venue, "", 0)
            self.counts[key] = self.counts.get(key, 0) + count

    def _take_kind(self, kind: Kind, named: Sequence[tuple[bytes, Sighting]]) -> None:
        known = self._stored(kind, [name for name, _ in named])
        fresh: dict[bytes, Columns] = {}
        for name, sighting in named:
            if name in fresh:
                columns = fresh[name]
                changes, _, _ = self._merged(columns, self._market(columns), sighting)
                columns.update(changes)
                self._again(name, columns, sighting, bool(changes))
            elif name in known:
                self._fill(kind, name, known[name], sighting)
            else:
                fresh[name] = self._fresh(kind, name, sighting)
                self._count(sighting)
        if fresh:
            self.new += len(fresh)
            self._inserts[kind].run(self._connection, fresh.values())

    def _fresh(self, kind: Kind, name: bytes, sighting: Sighting) -> Columns:
        row, names, connection = sighting.row, self._names, self._connection
        token = names.token(connection, sighting) if row.token_mint is not None else None
        number = self._next_ids[kind]
        self._next_ids[kind] = number + 1
        return {
            "id": number,
            "fact": name,
            "market_id": names.market(connection, market_key(sighting.network, row)),
            "token_id": None if token is None else token.id,
            "time_s": time_of(sighting),
            "seq": sighting.seq,
            "origin_id": names.origin(connection, sighting.network, sighting.source),
            "wall_ns": sighting.wall_ns,
            "signature": row.signature,
            "ordinal": row.ordinal,
            "provenance": rank(row),
            **other_columns(row),
        }

    def _fill(self, kind: Kind, name: bytes, old: Columns, sighting: Sighting) -> None:
        before = self._stored_effect(old) if kind is Kind.TRADE else NO_EFFECT
        market = self._market(old)
        changes, market, token = self._merged(old, market, sighting)
        if changes:
            self._update(kind, old["id"], changes)
            old.update(changes)
            if kind is Kind.TRADE:
                self._changes.append((before, effect_of(old, market, token)))
        self._again(name, old, sighting, bool(changes))

    def _market(self, stored: Columns) -> MarketKey:
        return self._names.market_fields(self._connection, stored["market_id"])

    def _stored_effect(self, trade: Columns) -> Effect:
        market = self._market(trade)
        return effect_of(trade, market, self._token(market))

    def _merged(
        self, old: Columns, market: MarketKey, sighting: Sighting
    ) -> tuple[Columns, MarketKey, TokenRef | None]:
        """What changes, the market as it then is, and its token."""
        row = sighting.row
        stated = trade_columns(row) if row.kind is Kind.TRADE else other_columns(row)
        changes = merge(old, stated, rank(row))
        new = market_key(sighting.network, row)
        network, venue, pool, token_mint, quote_mint, program = market
        merged = (network, venue, pool or new[2], token_mint or new[3], quote_mint or new[4], program or new[5])
        if merged != market:
            changes["market_id"] = self._names.market(self._connection, merged)
        if row.token_mint is not None:
            token = self._names.token(self._connection, sighting)
            if old["token_id"] is None:
                changes["token_id"] = token.id
        return changes, merged, self._token(merged)

    def _token(self, market: MarketKey) -> TokenRef | None:
        return None if market[3] is None else self._names.known_token(self._connection, market[0], market[3])

    def _again(self, name: bytes, stored: Columns, sighting: Sighting, gained: bool) -> None:
        """A known fact: another source's arrival is kept beside the first one's."""
        if gained:
            self.filled += 1
        else:
            self.known += 1
        origin = self._names.origin(self._connection, sighting.network, sighting.source)
        if origin != stored["origin_id"]:
            self.arrivals.append((name, origin, sighting.seq, sighting.wall_ns, None))

    def _count(self, sighting: Sighting) -> None:
        row = sighting.row
        venue, reason = row.venue, row.reason
        key = (
            sighting.source,
            row.kind._value_,
            "" if venue is None else venue._value_,
            "" if reason is None else reason._value_,
            0
            if row.signature is not None and row.venue is not None and row.kind in TABLES
            else time_of(sighting) // DAY,
        )
        self.counts[key] = self.counts.get(key, 0) + 1

    def _stored(self, kind: Kind, names: Sequence[bytes]) -> dict[bytes, Columns]:
        """Rows of facts that are in the table already."""
        found: dict[bytes, Columns] = {}
        for start in range(0, len(names), _CHUNK):
            part = names[start : start + _CHUNK]
            sql = f"SELECT * FROM {TABLES[kind]} WHERE fact IN ({','.join('?' * len(part))})"  # noqa: S608
            rows = self._connection.execute(sql, tuple(part))
            titles = [column[0] for column in rows.description]
            for row in rows:
                columns = dict(zip(titles, row, strict=True))
                found[columns["fact"]] = columns
                for name in _AMOUNTS:
                    if columns.get(name) is not None:
                        columns[name] = u256(columns[name])
        return found

    def _update(self, kind: Kind, number: int, changes: Columns) -> None:
        settings = ", ".join(f"{name} = ?" for name in changes)
        values = (*map(stored, changes.values()), number)
        self._connection.execute(f"UPDATE {TABLES[kind]} SET {settings} WHERE id = ?", values)  # noqa: S608


def _trade_name(line: Line) -> bytes:
    """The name of a trade's fact, as `facts.fact_name` gives it."""
    ordinal, venue = line[L_ORDINAL], line[2]
    end = _ENDS[venue] if ordinal == 0 else name_end(venue, Kind.TRADE, ordinal)
    return name_of(line[1] + "\0" + line[L_SIGNATURE] + end)
