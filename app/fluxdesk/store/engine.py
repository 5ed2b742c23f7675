"""SQLAlchemy engines on the store's SQLite file: one writer, and readers that see the last committed batch."""

import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import QueuePool, StaticPool

PAGE_SIZE = 8192
"""A batch touches pages all over the tables; fewer, larger ones halve the cost of its commit."""
_WRITER = (
    f"PRAGMA page_size = {PAGE_SIZE}",
    "PRAGMA journal_mode = WAL",
    # The journal is the truth: what a power cut takes from these tables is read from it again.
    "PRAGMA synchronous = normal",
    "PRAGMA secure_delete = OFF",
    "PRAGMA cache_size = -8192",
    "PRAGMA wal_autocheckpoint = 4000",
    "PRAGMA journal_size_limit = 67108864",
)
_READER = ("PRAGMA query_only = ON", "PRAGMA cache_size = -4096")


def writer_engine(path: Path) -> Engine:
    """An engine with one connection, whose transactions take the write lock at once."""

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=5.0)
        for pragma in _WRITER:
            connection.execute(pragma)
        return connection

    engine = create_engine("sqlite+pysqlite://", creator=connect, poolclass=StaticPool)
    event.listen(engine, "begin", _begin_immediate)
    return engine


def reader_engine(path: Path, connections: int = 4) -> Engine:
    """An engine whose connections cannot write; each question sees one committed state."""

    def connect() -> sqlite3.Connection:
        uri = f"{path.absolute().as_uri()}?mode=ro"
        connection = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False, timeout=5.0)
        for pragma in _READER:
            connection.execute(pragma)
        return connection

    engine = create_engine(
        "sqlite+pysqlite://", creator=connect, poolclass=QueuePool, pool_size=connections, max_overflow=0
    )
    event.listen(engine, "begin", _begin)
    return engine


def sqlite_error(error: Any) -> int:
    """The extended SQLite code of the driver's error, bare or inside SQLAlchemy's; 0 for any other error."""
    code = getattr(getattr(error, "orig", error), "sqlite_errorcode", 0)
    return int(code)


def is_no_room(error: Any) -> bool:
    """True when a write failed because the file system, a quota or a file size limit took no more."""
    return sqlite_error(error) in (
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR_WRITE,
        sqlite3.SQLITE_IOERR_TRUNCATE,
        sqlite3.SQLITE_IOERR_SHMSIZE,
        sqlite3.SQLITE_IOERR_FSYNC,
    )


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")
