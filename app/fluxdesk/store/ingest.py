"""One batch of sightings into the fact tables: what is new is inserted, what is known is filled. Writer only.

Every sum over trades (bars, balances) changes here and nowhere else, by the difference that a fact makes.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, Table, update

from fluxdesk.core.events import Kind
from fluxdesk.store.bars import draw, drawn_trades, erase_hour, merge_bars
from fluxdesk.store.extras import Arrived, CountKey
from fluxdesk.store.facts import (
    Columns,
    GhostPrint,
    Sighting,
    fact_name,
    merge,
    other_columns,
    rank,
    time_of,
    trade_columns,
)
from fluxdesk.store.folds import HOUR, Drawn, Fold, refold
from fluxdesk.store.inserts import InsertRows
from fluxdesk.store.names import MarketKey, Names, market_key
from fluxdesk.store.tables import Launch, Liquidity, Migration, PoolFact, Trade, table_of
from fluxdesk.store.wallets import Wallet, Wallets

TABLES: dict[Kind, Table] = {
    Kind.TRADE: table_of(Trade),
    Kind.LAUNCH: table_of(Launch),
    Kind.POOL: table_of(PoolFact),
    Kind.LIQUIDITY: table_of(Liquidity),
    Kind.MIGRATION: table_of(Migration),
}
_CHUNK = 500
_INSERTS = {kind: InsertRows(table) for kind, table in TABLES.items()}
_UPDATES = {kind: update(table) for kind, table in TABLES.items()}


class Effect(NamedTuple):
    """What a trade adds to the sums: a movement of a balance, a print on the chart."""

    wallet: Wallet | None
    amount: int
    bought_s: int | None
    drawn: Drawn | None


NO_EFFECT = Effect(None, 0, None, None)


def effect_of(trade: Columns, market: MarketKey, chart_quote: str | None) -> Effect:
    """The effect of a trade's columns; `chart_quote` is the quote its token's chart is drawn in."""
    token_id, trader, side, amount = trade["token_id"], trade["trader"], trade["side"], trade["token_base"]
    if token_id is None or side is None:
        return NO_EFFECT
    token_mint, quote_mint = market[3], market[4]
    drawn = None
    if trade["ghost"] is None and quote_mint == chart_quote and quote_mint is not None and quote_mint != token_mint:
        drawn = draw(
            trade["id"], token_id, trade["time_s"], trade["slot"], side, amount, trade["quote_base"], trader
        )  # fmt: skip
    if trader is None or not amount:
        return Effect(None, 0, None, drawn)
    return Effect((token_id, trader), amount if side else -amount, trade["time_s"] if side else None, drawn)


class Ingest:
    """The work of one transaction. Counts what it did in `new`, `filled` and `known`."""

    def __init__(self, connection: Connection, names: Names, next_ids: dict[Kind, int]) -> None:
        self._connection = connection
        self._names = names
        self._next_ids = next_ids
        self.new = self.filled = self.known = 0
        self.arrivals: list[Arrived] = []
        self.counts: Counter[CountKey] = Counter()
        self._changes: list[tuple[Effect, Effect]] = []

    def take(self, sightings: Sequence[Sighting]) -> None:
        """Stores what the sightings state. Rows without a transaction id or a venue are counted only."""
        groups: dict[Kind, list[tuple[bytes, Sighting]]] = {}
        for sighting in sightings:
            row = sighting.row
            if row.kind in TABLES and row.signature is not None and row.venue is not None:
                groups.setdefault(row.kind, []).append((fact_name(sighting.network, row), sighting))
            else:
                self._count(sighting)
        for kind in TABLES:
            if kind in groups:
                self._take_kind(kind, groups[kind])

    def haunt(self, ghosts: Sequence[GhostPrint]) -> None:
        """Takes stored trades off the chart."""
        table = TABLES[Kind.TRADE]
        stored = self._stored(table, [fact_name(g.network, g.row) for g in ghosts])
        for ghost in ghosts:
            trade = stored.get(fact_name(ghost.network, ghost.row))
            if trade is None or trade["ghost"] is not None:
                continue
            self._connection.execute(_UPDATES[Kind.TRADE].where(table.c.id == trade["id"]).values(ghost=ghost.reason))
            before = self._stored_effect(trade)
            trade["ghost"] = ghost.reason
            self._changes.append((before, before._replace(drawn=None)))

    def settle(self) -> None:
        """Brings the sums in line with the trades."""
        effects = [effect for change in self._changes for effect in change]
        touched = [e.wallet for e in effects if e.wallet is not None]
        drawing = [(d.token_id, d.trader) for e in effects if (d := e.drawn) is not None and d.trader is not None]
        wallets = Wallets(self._connection, [*touched, *drawing])
        fold = Fold()
        undrawn: list[Drawn] = []
        stale: set[tuple[int, int]] = set()
        for before, after in self._changes:
            if before.wallet is not None:
                wallets.move(before.wallet, -before.amount, None)
            if after.wallet is not None:
                wallets.move(after.wallet, after.amount, after.bought_s)
            if before.drawn is None:
                if after.drawn is not None:
                    fold.add(after.drawn, wallets.draw(after.drawn))
            elif before.drawn != after.drawn:
                undrawn.append(before.drawn)
                stale.update((d.token_id, d.time_s - d.time_s % HOUR) for d in (before.drawn, after.drawn) if d)
        for drawn in undrawn:
            wallets.undraw(drawn)
        wallets.write()
        merge_bars(self._connection, fold)
        for token_id, hour_s in stale:
            erase_hour(self._connection, token_id, hour_s)
            merge_bars(self._connection, refold(list(drawn_trades(self._connection, token_id, hour_s))))

    def _take_kind(self, kind: Kind, named: Sequence[tuple[bytes, Sighting]]) -> None:
        stored = self._stored(TABLES[kind], [name for name, _ in named])
        fresh: dict[bytes, tuple[Columns, MarketKey, str | None]] = {}
        for name, sighting in named:
            if name in fresh:
                columns, market, _ = fresh[name]
                changes, market, quote = self._merged(columns, market, sighting)
                columns.update(changes)
                fresh[name] = (columns, market, quote)
                self._again(name, columns, sighting, bool(changes))
            elif name in stored:
                self._fill(kind, name, stored[name], sighting)
            else:
                fresh[name] = self._fresh(kind, name, sighting)
                self._count(sighting)
        if fresh:
            self.new += len(fresh)
            _INSERTS[kind].run(self._connection, [columns for columns, _, _ in fresh.values()])
        if kind is Kind.TRADE:
            self._changes += [(NO_EFFECT, effect_of(*placed)) for placed in fresh.values()]

    def _fresh(self, kind: Kind, name: bytes, sighting: Sighting) -> tuple[Columns, MarketKey, str | None]:
        row, names, connection = sighting.row, self._names, self._connection
        market = market_key(sighting.network, row)
        token = names.token(connection, sighting) if row.token_mint is not None else None
        number = self._next_ids[kind]
        self._next_ids[kind] = number + 1
        columns: Columns = {
            "id": number,
            "fact": name,
            "market_id": names.market(connection, market),
            "token_id": None if token is None else token.id,
            "time_s": time_of(sighting),
            "seq": sighting.seq,
            "origin_id": names.origin(connection, sighting.network, sighting.source),
            "wall_ns": sighting.wall_ns,
            "signature": row.signature,
            "ordinal": row.ordinal,
            "provenance": rank(row),
        }
        columns.update(trade_columns(row) if kind is Kind.TRADE else other_columns(row))
        if kind is Kind.TRADE:
            columns["ghost"] = sighting.ghost
        return columns, market, None if token is None else token.quote_mint

    def _fill(self, kind: Kind, name: bytes, old: Columns, sighting: Sighting) -> None:
        before = self._stored_effect(old) if kind is Kind.TRADE else NO_EFFECT
        market = self._market(old)
        changes, market, quote = self._merged(old, market, sighting)
        if changes:
            table = TABLES[kind]
            self._connection.execute(_UPDATES[kind].where(table.c.id == old["id"]).values(changes))
            old.update(changes)
            if kind is Kind.TRADE:
                self._changes.append((before, effect_of(old, market, quote)))
        self._again(name, old, sighting, bool(changes))

    def _market(self, stored: Columns) -> MarketKey:
        return self._names.market_fields(self._connection, stored["market_id"])

    def _stored_effect(self, trade: Columns) -> Effect:
        market = self._market(trade)
        return effect_of(trade, market, None if market[3] is None else self._chart_quote(market[0], market[3]))

    def _merged(self, old: Columns, market: MarketKey, sighting: Sighting) -> tuple[Columns, MarketKey, str | None]:
        """What changes, the market as it then is, and the quote of the token's chart."""
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
        return changes, merged, None if merged[3] is None else self._chart_quote(network, merged[3])

    def _chart_quote(self, network: str, mint: str) -> str | None:
        return self._names.chart_quote(self._connection, network, mint)

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
        self.counts[sighting.source, row.kind.value, str(row.venue or ""), str(row.reason or "")] += 1

    def _stored(self, table: Table, names: Sequence[bytes]) -> dict[bytes, Columns]:
        """Rows of facts that are in the table already."""
        found: dict[bytes, Columns] = {}
        for start in range(0, len(names), _CHUNK):
            part = names[start : start + _CHUNK]
            sql = f"SELECT id FROM {table.name} WHERE fact IN ({','.join('?' * len(part))})"  # noqa: S608
            known = self._connection.exec_driver_sql(sql, tuple(part)).scalars().all()
            if known:
                query: Any = table.select().where(table.c.id.in_(known))
                for row in self._connection.execute(query).mappings():
                    found[row["fact"]] = dict(row)
        return found
