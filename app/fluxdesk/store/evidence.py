"""From a transaction to the journal records that state it: facts are named by hash, so names are tried in turn."""

import sqlite3
from itertools import chain

from fluxdesk.core.events import Kind, Row, Venue
from fluxdesk.store.facts import fact_name
from fluxdesk.store.ingest import TABLES

_AT_ONCE = 16


def journal_numbers(connection: sqlite3.Connection, network: str | None, signature: str) -> list[int]:
    """Journal numbers of every fact of a transaction and of its further arrivals, in order."""
    networks = [network] if network is not None else _networks(connection)
    found: set[int] = set()
    for name in networks:
        for kind, table in TABLES.items():
            for venue in Venue:
                found |= _of(connection, name, kind, venue, signature, table)
    return sorted(found)


def _of(connection: sqlite3.Connection, network: str, kind: Kind, venue: Venue, signature: str, table: str) -> set[int]:
    """The ordinals of one (venue, kind) have no holes, so the first block that finds nothing ends the search."""
    found: set[int] = set()
    marks = ",".join("?" * _AT_ONCE)
    start = 0
    while True:
        rows = [Row(kind=kind, venue=venue, signature=signature, ordinal=n) for n in range(start, start + _AT_ONCE)]
        names = tuple(fact_name(network, row) for row in rows)
        firsts = connection.execute(f"SELECT seq FROM {table} WHERE fact IN ({marks})", names).fetchall()  # noqa: S608
        if not firsts:
            return found
        more = connection.execute(f"SELECT seq FROM arrivals WHERE fact IN ({marks})", names)  # noqa: S608
        found.update(seq for (seq,) in chain(firsts, more) if seq is not None)
        start += _AT_ONCE


def _networks(connection: sqlite3.Connection) -> list[str]:
    return [network for (network,) in connection.execute("SELECT DISTINCT network FROM origins")]
