"""Folds the write-ahead log into the file on a thread of its own, so that few appends wait for the disk.

SQLite starts its log anew only when nothing was appended since the last page was folded, never the case under load.
So this thread does the bulk, and the next append folds the little that came meanwhile (`due`).
"""

import logging
import sqlite3
import threading
from pathlib import Path

from fluxdesk.launches.journal.database import no_room

EVERY_BYTES = 16 << 20
FALLBACK_PAGES = 16_000
"""SQLite's own checkpoint, should this thread ever stand still: 64 MB."""
log = logging.getLogger(__name__)


class Checkpoints:
    """Told by the writer what it appended; `close` ends the thread."""

    def __init__(self, path: Path) -> None:
        self.due = False
        """The bulk is folded; the writer should fold the rest after its commit."""
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=5.0)
        self._written = 0
        self._wake = threading.Event()
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="journal checkpoints", daemon=True)
        self._thread.start()

    def wrote(self, size: int) -> None:
        """Bytes that went into the log."""
        self._written += size
        if self._written >= EVERY_BYTES:
            self._written = 0
            self._wake.set()

    def close(self) -> None:
        """Ends the thread."""
        self._closing = True
        self._wake.set()
        self._thread.join()
        self._connection.close()

    def _run(self) -> None:
        while self._wake.wait() and not self._closing:
            self._wake.clear()
            self.due = fold(self._connection)


def fold(connection: sqlite3.Connection) -> bool:
    """One checkpoint that waits for nobody; False when the disk is full, which the next append will say."""
    try:
        connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
    except sqlite3.OperationalError as error:
        if not no_room(error):
            log.warning("the journal's log was not folded into its file: %s", error)
        return False
    return True
