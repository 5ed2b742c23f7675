"""The one writer of the tables: batches in journal order, each a single transaction that moves the checkpoint with it.

Applying a batch twice changes nothing; the same facts under other journal numbers add only what was not known. After a
crash the pipeline reads the journal again from `checkpoint()`.
"""

import threading
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from fluxdesk.core.events import Kind
from fluxdesk.store import extras
from fluxdesk.store.engine import is_no_room, writer_engine
from fluxdesk.store.errors import StoreFull
from fluxdesk.store.facts import Applied, Batch
from fluxdesk.store.ingest import TABLES, Ingest
from fluxdesk.store.names import Names
from fluxdesk.store.schema import prepare


class Store:
    """Writes the tables of one data folder. One thread at a time; readers use `Repository`."""

    def __init__(self, path: Path) -> None:
        """Opens, creates or migrates the file. Raises `StoreDamaged`, `StoreNewer`, `MigrationFailed`."""
        self._path = path
        self.backup = prepare(path)
        """The copy of the file that was made because it had to be migrated; None when it had not."""
        self._engine = writer_engine(path)
        self._lock = threading.Lock()
        self._names = Names()
        with self._engine.begin() as connection:
            seq = connection.exec_driver_sql("SELECT journal_seq FROM checkpoint").scalar()
            self._checkpoint = int(seq or 0)
            self._next_ids = {
                kind: int(connection.execute(select(func.coalesce(func.max(table.c.id), 0) + 1)).scalar_one())
                for kind, table in TABLES.items()
            }

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
            except OperationalError as error:
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
        with self._lock, self._engine.begin() as connection:
            connection.exec_driver_sql(
                "UPDATE tokens SET description = ?, text_seq = ? WHERE mint = ? AND network = ?",
                (description, self._checkpoint, mint, network),
            )

    def close(self) -> None:
        """Release the file."""
        with self._lock:
            self._engine.dispose()

    def _apply(self, batch: Batch, next_ids: dict[Kind, int]) -> Applied:
        with self._engine.begin() as connection:
            work = Ingest(connection, self._names, next_ids)
            work.take([s for s in batch.sightings if s.seq > self._checkpoint])
            work.haunt(batch.ghosts)
            work.settle()
            races = extras.race_rows(connection, self._names, batch.races)
            extras.write_arrivals(connection, [*work.arrivals, *races])
            extras.write_counts(connection, work.counts)
            extras.write_pools(connection, batch.pools)
            extras.write_gaps(connection, batch.gaps)
            extras.write_tokens(connection, self._names, batch.tokens)
            extras.write_notes(connection, batch.notes)
            connection.exec_driver_sql(
                "INSERT OR REPLACE INTO checkpoint (one, journal_seq) VALUES (1, ?)", (batch.through_seq,)
            )
            return Applied(work.new, work.filled, work.known)
