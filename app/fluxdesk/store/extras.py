"""What a batch carries beside facts: races, decode counts, pool mints, gaps, token states, notes. Writer only."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence

from fluxdesk.core.views import GapView
from fluxdesk.store.facts import LearntPool, Race, TokenSave, fact_name
from fluxdesk.store.names import Names

Arrived = tuple[bytes, int, int | None, int | None, int | None]
CountKey = tuple[str, str, str, str, int]
"""Source, kind, venue, reason, day: as in `tables.DecodeCount`."""


def write_arrivals(connection: sqlite3.Connection, arrived: Sequence[Arrived]) -> None:
    """(fact, origin, seq, wall clock, lead) of further sources; the first word of each source on a fact stays."""
    if arrived:
        connection.executemany(
            "INSERT INTO arrivals (fact, origin_id, seq, wall_ns, lead_ns) VALUES (?, ?, ?, ?, ?) "
            "ON CONFLICT (fact, origin_id) DO UPDATE SET seq = coalesce(seq, excluded.seq), "
            "wall_ns = coalesce(wall_ns, excluded.wall_ns), lead_ns = coalesce(lead_ns, excluded.lead_ns)",
            list(arrived),
        )


def race_rows(connection: sqlite3.Connection, names: Names, races: Iterable[Race]) -> list[Arrived]:
    """Races as arrivals of the later source."""
    return [
        (fact_name(r.network, r.row), names.origin(connection, r.network, r.other), None, None, r.lead_ns)
        for r in races
        if r.row.signature is not None
    ]


def write_counts(connection: sqlite3.Connection, counts: Mapping[CountKey, int]) -> None:
    """Adds to the decode counts of each source."""
    if counts:
        connection.executemany(
            "INSERT INTO decode_counts (source, kind, venue, reason, day, count) VALUES (?, ?, ?, ?, ?, ?) "
            "ON CONFLICT (source, kind, venue, reason, day) DO UPDATE SET count = count + excluded.count",
            [(*key, n) for key, n in counts.items()],
        )


def write_pools(connection: sqlite3.Connection, pools: Sequence[LearntPool]) -> None:
    """Keeps what a pool holds; the first word on a pool stays."""
    if pools:
        connection.executemany(
            "INSERT INTO pool_mints (network, pool, mint_a, mint_b, token_program) VALUES (?, ?, ?, ?, ?) "
            "ON CONFLICT (network, pool) DO UPDATE SET token_program = coalesce(token_program, excluded.token_program)",
            [(p.network, p.pool, p.mint_a, p.mint_b, p.token_program) for p in pools],
        )


def write_gaps(connection: sqlite3.Connection, gaps: Sequence[GapView]) -> None:
    """Opens gaps and notes how they were filled."""
    if gaps:
        connection.executemany(
            "INSERT OR REPLACE INTO gaps (source, from_slot, to_slot, opened_wall_ns, filled_by, reason) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            [(g.source, g.from_slot, g.to_slot, g.opened_wall_ns, g.filled_by, g.reason) for g in gaps],
        )


def write_tokens(connection: sqlite3.Connection, names: Names, tokens: Iterable[TokenSave]) -> None:
    """Keeps the node's state of tokens; one that no stored fact names is left out."""
    refs = ((t.state, names.known_token(connection, t.network, t.mint)) for t in tokens)
    rows = [(state, ref.id) for state, ref in refs if ref is not None]
    if rows:
        connection.executemany("UPDATE tokens SET state = ? WHERE id = ?", rows)


def write_notes(connection: sqlite3.Connection, notes: Mapping[str, bytes]) -> None:
    """Keeps the node's notes."""
    if notes:
        connection.executemany("INSERT OR REPLACE INTO notes (name, value) VALUES (?, ?)", list(notes.items()))
