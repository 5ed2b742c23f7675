"""Connections to the store's SQLite file: one writer, and readers that see the last committed batch.

They are the driver's own. SQLAlchemy is for what makes and migrates the file (schema.py).
"""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

PAGE_SIZE = 8192
"""A batch touches pages all over the tables; fewer, larger ones halve the cost of its commit."""
_WRITER = (
    f"PRAGMA page_size = {PAGE_SIZE}",
    "PRAGMA journal_mode = WAL",
    # The journal is the truth: what a power cut takes from these tables is read from it again.
    "PRAGMA synchronous = normal",
    "PRAGMA secure_delete = OFF",
    # Four times as much took no CPU off a batch, and 25 MB of memory.
    "PRAGMA cache_size = -8192",
    "PRAGMA wal_autocheckpoint = 4000",
    "PRAGMA journal_size_limit = 67108864",
)
_READER = ("PRAGMA query_only = ON", "PRAGMA cache_size = -4096")
_NO_ROOM = (
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR_WRITE,
    sqlite3.SQLITE_IOERR_TRUNCATE,
    sqlite3.SQLITE_IOERR_SHMSIZE,
    sqlite3.SQLITE_IOERR_FSYNC,
)


def open_writer(path: Path) -> sqlite3.Connection:
    """A connection that writes; its transactions are begun by `transaction`."""
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=5.0)
    for pragma in _WRITER:
        connection.execute(pragma)
    return connection


@contextmanager
def transaction(connection: sqlite3.Connection, begin: str = "BEGIN IMMEDIATE") -> Iterator[sqlite3.Connection]:
    """All or nothing; a writer takes the write lock at once."""
    connection.execute(begin)
    try:
        yield connection
        connection.execute("COMMIT")
    except BaseException:
        with suppress(sqlite3.OperationalError):  # SQLite has rolled back by itself where the disk is full
            connection.execute("ROLLBACK")
        raise


class Readers:
    """Connections that cannot write, a few at most; whoever finds all of them busy waits."""

    def __init__(self, path: Path, connections: int = 4) -> None:
        self._path = path
        self._free = threading.BoundedSemaphore(connections)
        self._idle: list[sqlite3.Connection] = []

    @contextmanager
    def connection(self) -> Iterator[sqlite3.Connection]:
        """One of them, for as long as the block runs."""
        with self._free:
            try:
                connection = self._idle.pop()
            except IndexError:
                connection = self._open()
            try:
                yield connection
            finally:
                self._idle.append(connection)

    def close(self) -> None:
        """Closes those that nobody uses."""
        while self._idle:
            self._idle.pop().close()

    def _open(self) -> sqlite3.Connection:
        uri = f"{self._path.absolute().as_uri()}?mode=ro"
        connection = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False, timeout=5.0)
        for pragma in _READER:
            connection.execute(pragma)
        return connection


def is_no_room(error: sqlite3.Error) -> bool:
    """True when a write failed because the file system, a quota or a file size limit took no more."""
    return error.sqlite_errorcode in _NO_ROOM
