"""Opening the journal's SQLite file: created if absent, checked before anything is written, never overwritten.

Tables: `blocks` (one row a block, keyed by its first sequence number), `origins` (source, network and shape, named
once), `boots` (monotonic clocks compare within one boot only), `state` (which numbers may already have been given out).
"""

import sqlite3
from pathlib import Path
from typing import Literal

from fluxdesk.launches.journal.errors import JournalDamaged, JournalNewer

APPLICATION_ID = 0x464C4A31
FORMAT = 1

Synchronous = Literal["normal", "full"]

_SCHEMA = """
PRAGMA page_size = 4096;
PRAGMA auto_vacuum = INCREMENTAL;
PRAGMA journal_mode = WAL;
BEGIN IMMEDIATE;
CREATE TABLE blocks (
    first_seq INTEGER PRIMARY KEY,
    count INTEGER NOT NULL,
    wall_ns INTEGER NOT NULL,
    boot INTEGER NOT NULL,
    bytes BLOB NOT NULL
);
CREATE TABLE origins (
    id INTEGER PRIMARY KEY,
    source TEXT NOT NULL,
    network TEXT NOT NULL,
    shape TEXT NOT NULL,
    UNIQUE (source, network, shape)
);
CREATE TABLE boots (id INTEGER PRIMARY KEY, boot_id TEXT NOT NULL UNIQUE);
CREATE TABLE state (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    floor INTEGER NOT NULL,
    reserved INTEGER NOT NULL,
    boot_id TEXT NOT NULL,
    clean INTEGER NOT NULL
);
INSERT INTO state VALUES (1, 0, 0, '', 1);
PRAGMA application_id = %d;
PRAGMA user_version = %d;
COMMIT;
"""


def boot_id() -> str:
    """The kernel's name for the time since the machine started."""
    return Path("/proc/sys/kernel/random/boot_id").read_text().strip()


def open_writer(path: Path, synchronous: Synchronous) -> sqlite3.Connection:
    """The one connection that appends. Raises `JournalDamaged`, `JournalNewer`, or `sqlite3.OperationalError`."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.touch(mode=0o600)
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=5.0)
    try:
        if _is_empty(connection, path):
            connection.executescript(_SCHEMA % (APPLICATION_ID, FORMAT))
        check(connection, path)
        connection.execute("PRAGMA secure_delete = OFF")
        connection.execute(f"PRAGMA synchronous = {synchronous}")
        connection.execute("PRAGMA journal_size_limit = 33554432")
    except BaseException:
        connection.close()
        raise
    return connection


def open_reader(path: Path) -> sqlite3.Connection:
    """A read-only connection, never a new file. Raises `JournalDamaged`, `JournalNewer`, `FileNotFoundError`."""
    if not path.exists():
        raise FileNotFoundError(f"There is no journal at {path}.")
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None, check_same_thread=False, timeout=5.0
    )
    try:
        check(connection, path)
    except BaseException:
        connection.close()
        raise
    return connection


def check(connection: sqlite3.Connection, path: Path) -> None:
    """Reads the identity of the file before anything else. Raises `JournalDamaged` or `JournalNewer`."""
    try:
        application = connection.execute("PRAGMA application_id").fetchone()[0]
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if application == APPLICATION_ID and version <= FORMAT:
            connection.execute("SELECT floor, reserved FROM state").fetchone()
            connection.execute("SELECT first_seq, count FROM blocks ORDER BY first_seq DESC LIMIT 1").fetchone()
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError) and not _is_damage(error):
            raise
        raise JournalDamaged(path, str(error)) from error
    if application != APPLICATION_ID:
        raise JournalDamaged(path, "it is not a Fluxdesk journal")
    if version > FORMAT:
        raise JournalNewer(path, version, FORMAT)


def _is_empty(connection: sqlite3.Connection, path: Path) -> bool:
    """True for a new file, and for one whose creation was interrupted before its tables were there."""
    try:
        return int(connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]) == 0
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError) and not _is_damage(error):
            raise
        raise JournalDamaged(path, str(error)) from error


def _is_damage(error: sqlite3.Error) -> bool:
    """True for a missing table, a malformed page or a file that is no database; false for a lock or a full disk."""
    return error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def no_room(error: sqlite3.Error) -> bool:
    """True when a write failed because the file system, a quota or a file size limit took no more."""
    code = error.sqlite_errorcode
    return code in (
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR_WRITE,
        sqlite3.SQLITE_IOERR_TRUNCATE,
        sqlite3.SQLITE_IOERR_SHMSIZE,
        sqlite3.SQLITE_IOERR_FSYNC,
    )
