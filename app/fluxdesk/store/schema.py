"""Brings the store's file to this version's tables, on a copy: the old file is replaced only by one that is complete.

A backup of the old file stays beside it, one per version (`store.sqlite.<version>.bak`). It takes as much free disk as
the file has, twice, for as long as the migration runs.
"""

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import Engine

from fluxdesk.store.engine import PAGE_SIZE, open_writer
from fluxdesk.store.errors import MigrationFailed, StoreDamaged, StoreNewer

HEAD = "0002"
"""The newest version under migrations/versions."""
TABLES = frozenset(
    (
        "arrivals", "balances", "candles_1m", "candles_1s", "checkpoint", "decode_counts", "gaps", "launches",
        "liquidity", "markets", "migrations", "notes", "origins", "pool_mints", "pools", "tokens", "trades",
    )
)  # fmt: skip
"""What every version up to `HEAD` has."""
MIGRATIONS = Path(__file__).parent / "migrations"


def prepare(path: Path, migrations: Path = MIGRATIONS, head: str = HEAD) -> Path | None:
    """Creates the file or migrates it. Returns the backup it made, if any.

    Raises `StoreDamaged`, `StoreNewer`, `MigrationFailed`; in each case the file is as it was.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if _is_new(path):
        _build(path, None, migrations)
        return None
    version = version_of(path)
    if version == head:
        return None
    if version not in _known_versions(migrations):
        raise StoreNewer(path, version)
    backup = path.with_name(f"{path.name}.{version}.bak")
    _back_up(path, backup)
    if path.with_name(path.name + "-wal").exists():
        # Its last user takes the log away; left behind, it would be read as the new file's.
        raise MigrationFailed(path, version, "another program has them open; end it and start again")
    _build(path, backup, migrations)
    return backup


def is_due(path: Path, head: str = HEAD) -> bool:
    """True when `prepare` would have something to do. Raises `StoreDamaged`."""
    return _is_new(path) or version_of(path) != head


def _is_new(path: Path) -> bool:
    return not path.exists() or path.stat().st_size == 0


def version_of(path: Path) -> str:
    """The version of a store's file. Raises `StoreDamaged`."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True)) as connection:
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
            found = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    except sqlite3.DatabaseError as error:
        raise StoreDamaged(path, str(error)) from error
    if row is None:
        raise StoreDamaged(path, "it names no version")
    version = str(row[0])
    if version <= HEAD and (absent := sorted(TABLES - found)):
        raise StoreDamaged(path, f"no such table: {absent[0]}, which version {version} has")
    return version


def _known_versions(migrations: Path) -> set[str]:
    from alembic.script import ScriptDirectory

    return {script.revision for script in ScriptDirectory(str(migrations)).walk_revisions()}


def _back_up(path: Path, backup: Path) -> None:
    """A consistent copy, write-ahead log included; closing the last connection folds the log into the file."""
    partial = backup.with_name(backup.name + ".partial")
    partial.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(partial)) as target:
        source.backup(target)
    partial.chmod(0o600)
    os.replace(partial, backup)


def _repage(copy: Path) -> None:
    """Gives a file the pages that a new one has, which only a rebuild outside the write-ahead log does."""
    with closing(sqlite3.connect(copy, isolation_level=None)) as connection:
        if connection.execute("PRAGMA page_size").fetchone()[0] != PAGE_SIZE:
            connection.execute("PRAGMA journal_mode = DELETE")
            connection.execute(f"PRAGMA page_size = {PAGE_SIZE}")
            connection.execute("VACUUM")


def alchemy(path: Path) -> "Engine":
    """SQLAlchemy's engine on one writing connection, as Alembic wants it."""
    from sqlalchemy import create_engine, event
    from sqlalchemy.pool import StaticPool

    engine = create_engine("sqlite+pysqlite://", creator=lambda: open_writer(path), poolclass=StaticPool)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine


def _build(path: Path, start: Path | None, migrations: Path) -> None:
    """Migrates a copy of `start` (nothing: from empty) beside `path` and puts it in its place."""
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError
    from sqlalchemy.exc import SQLAlchemyError

    version = "nothing" if start is None else version_of(start)
    copy = path.with_name(path.name + ".new")
    _clear(copy)
    try:
        if start is not None:
            shutil.copyfile(start, copy)
            _repage(copy)
        copy.touch(mode=0o600)
        engine = alchemy(copy)
        try:
            with engine.begin() as connection:
                config = Config()
                config.set_main_option("script_location", str(migrations))
                config.attributes["connection"] = connection
                command.upgrade(config, "head")
        finally:
            engine.dispose()
        with copy.open("rb") as done:
            os.fsync(done.fileno())
        os.replace(copy, path)
    except (SQLAlchemyError, sqlite3.Error, OSError, CommandError) as error:
        raise MigrationFailed(path, version, str(error).splitlines()[0]) from error
    finally:
        _clear(copy)


def _clear(copy: Path) -> None:
    """Removes what an unfinished migration left: the log of another file must not meet a new one."""
    for end in ("", "-wal", "-shm"):
        copy.with_name(copy.name + end).unlink(missing_ok=True)
