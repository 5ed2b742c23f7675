"""Rows to put into a store, and a store with its repository to put them into."""

from pathlib import Path
from typing import Any

from fluxdesk.core.events import Kind, PoolState, Provenance, Row, Side, Venue
from fluxdesk.store.facts import Batch, Sighting
from fluxdesk.store.repository import Repository
from fluxdesk.store.writer import Store

WSOL = "So11111111111111111111111111111111111111112"
MINT = "Mint1111111111111111111111111111111111111111"
NOW_S = 1_790_000_000


def trade(n: int, **fields: Any) -> Row:
    """A buy of 1,000 for n quote units by wallet `w<n>`, in a transaction of its own."""
    given: dict[str, Any] = {
        "kind": Kind.TRADE,
        "venue": Venue.PUMPFUN,
        "signature": f"sig{n}",
        "slot": 1000 + n,
        "index": "2.1",
        "pool": "Pool",
        "token_mint": MINT,
        "quote_mint": WSOL,
        "side": Side.BUY,
        "token_amount": 1000,
        "quote_amount": n,
        "trader": f"w{n}",
        "provenance": Provenance.EVENT_LOG,
        "block_time": NOW_S + n,
    }
    return Row(**{**given, **fields})


def launch(**fields: Any) -> Row:
    """The launch of MINT."""
    given: dict[str, Any] = {
        "kind": Kind.LAUNCH,
        "venue": Venue.PUMPFUN,
        "signature": "sigL",
        "slot": 999,
        "index": "1",
        "pool": "Pool",
        "token_mint": MINT,
        "quote_mint": WSOL,
        "creator": "dev",
        "name": "Name",
        "symbol": "SYM",
        "uri": "https://example.org/a.json",
        "provenance": Provenance.EVENT_LOG,
        "block_time": NOW_S,
        "state": PoolState(supply=10**15, token_decimals=6),
    }
    return Row(**{**given, **fields})


class Desk:
    """A store with its repository; `see` applies rows as the next journal records."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.store = Store(path)
        self.repository = Repository(path)
        self.seq = self.store.checkpoint()

    def see(self, *rows: Row, source: str = "logs A", network: str = "solana", **batch: Any) -> tuple[int, int, int]:
        sightings = [
            Sighting(self.seq + n, source, network, NOW_S * 10**9 + self.seq + n, row) for n, row in enumerate(rows, 1)
        ]
        self.seq += len(rows)
        return self.store.apply(Batch(self.seq, sightings, **batch))

    def table(self, name: str) -> list[tuple[Any, ...]]:
        """Every row of a table, in key order."""
        return sorted(self.repository._query(f"SELECT * FROM {name}"), key=repr)

    def everything(self) -> dict[str, list[tuple[Any, ...]]]:
        """All tables but the checkpoint."""
        tables = [r[0] for r in self.repository._query("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: self.table(name) for name in tables if name != "checkpoint"}

    def close(self) -> None:
        self.repository.close()
        self.store.close()
