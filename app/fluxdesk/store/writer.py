"""The one writer of the tables: batches in journal order, each a single transaction that moves the checkpoint with it.

Applying a batch twice changes nothing; the same facts under other journal numbers add only what was not known. After a
crash the pipeline reads the journal again from `checkpoint()`.
"""

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from fluxdesk.core.events import Kind
from fluxdesk.store import extras
from fluxdesk.store.engine import is_no_room, open_writer, transaction
from fluxdesk.store.errors import StoreFull
from fluxdesk.store.facts import L_SEQ, Applied, Batch, GhostPrint, Line, Sighting, is_line, line_of
from fluxdesk.store.ingest import TABLES, Ingest
from fluxdesk.store.inserts import InsertRows
from fluxdesk.store.names import Names
from fluxdesk.store.schema import prepare

CHUNK = 10_000
"""Trades that are sorted and summed up at a time, which bounds what a large batch takes of memory."""


class Store:
    """Writes the tables of one data folder. One thread at a time; readers use `Repository`."""

    def __init__(self, path: Path) -> None:
        """Opens, creates or migrates the file. Raises `StoreDamaged`, `StoreNewer`, `MigrationFailed`."""
        self._path = path
        self.backup = prepare(path)
        """The copy of the file that was made because it had to be migrated; None when it had not."""
        self._connection = open_writer(path)
        self._lock = threading.Lock()
        self._names = Names()
        with transaction(self._connection) as connection:
            found = connection.execute("SELECT journal_seq FROM checkpoint").fetchone()
            self._checkpoint = 0 if found is None else int(found[0])
            self._next_ids = {
                kind: int(connection.execute(f"SELECT coalesce(max(id), 0) + 1 FROM {table}").fetchone()[0])  # noqa: S608
                for kind, table in TABLES.items()
            }
            self._inserts = {kind: InsertRows(connection, table) for kind, table in TABLES.items()}

    def checkpoint(self) -> int:
        """The last journal number whose rows are in the tables; 0 at first."""
        return self._checkpoint

    def apply(self, batch: Batch) -> Applied:
        """Applies what is beyond the checkpoint, all or nothing.

        Raises `StoreFull` when the disk is; the batch may be applied again once there is room.
        """
        with self._lock:
            if batch.through_seq < self._checkpoint:
                return Applied(0, 0, 0)
            next_ids = dict(self._next_ids)
            try:
                applied = self._apply(batch, next_ids)
            except sqlite3.OperationalError as error:
                self._names.forget()
                if is_no_room(error):
                    raise StoreFull(self._path) from error
                raise
            except BaseException:
                self._names.forget()
                raise
            self._next_ids = next_ids
            self._checkpoint = batch.through_seq
            self._names.trim()
            return applied

    def describe(self, network: str, mint: str, description: str) -> None:
        """Keeps a token's description, read from its metadata, for the search."""
        with self._lock, transaction(self._connection) as connection:
            connection.execute(
                "UPDATE tokens SET description = ?, text_seq = ? WHERE mint = ? AND network = ?",
                (description, self._checkpoint, mint, network),
            )

    def close(self) -> None:
        """Release the file."""
        with self._lock:
            self._connection.close()

    def _apply(self, batch: Batch, next_ids: dict[Kind, int]) -> Applied:
        lines = _flat(batch, self._checkpoint)
        new = filled = known = 0
        with transaction(self._connection) as connection:
            while True:
                part = list(islice(lines, CHUNK))
                last = len(part) < CHUNK
                others = _others(batch, self._checkpoint) if last else ()
                work = self._take(connection, next_ids, part, others, batch.ghosts if last else ())
                extras.write_arrivals(connection, work.arrivals)
                extras.write_counts(connection, work.counts)
                new, filled, known = new + work.new, filled + work.filled, known + work.known
                if last:
                    break
            extras.write_arrivals(connection, extras.race_rows(connection, self._names, batch.races))
            extras.write_pools(connection, batch.pools)
            extras.write_gaps(connection, batch.gaps)
            extras.write_tokens(connection, self._names, batch.tokens)
            extras.write_notes(connection, batch.notes)
            connection.execute(
                "INSERT OR REPLACE INTO checkpoint (one, journal_seq) VALUES (1, ?)", (batch.through_seq,)
            )
        return Applied(new, filled, known)

    def _take(
        self,
        connection: sqlite3.Connection,
        next_ids: dict[Kind, int],
        lines: Sequence[Line],
        others: Sequence[Sighting],
        ghosts: Sequence[GhostPrint],
    ) -> Ingest:
        """Stores a part of a batch."""
        work = Ingest(connection, self._names, self._inserts, next_ids)
        work.take(lines, others)
        work.haunt(ghosts)
        work.settle()
        return work


def _flat(batch: Batch, after: int) -> Iterator[Line]:
    """The trades of a batch beyond a journal number."""
    for line in batch.lines:
        if line[L_SEQ] > after:
            yield line
    for sighting in batch.sightings:
        if sighting.seq > after and is_line(sighting.row):
            yield line_of(sighting)


def _others(batch: Batch, after: int) -> list[Sighting]:
    """All else. Asked for after the lines, which may bring it along (`Batch.sightings`)."""
    return [s for s in batch.sightings if s.seq > after and not is_line(s.row)]
