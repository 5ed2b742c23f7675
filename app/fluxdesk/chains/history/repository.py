"""The history's file. Blocking: indexers call it from a thread of their own.

Movements and the checkpoint that covers them are written in one transaction: after a crash neither is ahead.
"""

import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, delete, event, select, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import StaticPool
from sqlmodel import Session, col

from fluxdesk.chains.history.movement import Movement
from fluxdesk.chains.history.tables import VERSION, Base, CheckpointRow, MovementRow
from fluxdesk.core.chains import ChainId

_WIDTH = 32


class HistoryRepository:
    """One file. A file of another version is emptied, a damaged one set aside: it is read from the chain again."""

    def __init__(self, path: Path):
        def connect() -> sqlite3.Connection:
            connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=5.0)
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            return connection

        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.touch(mode=0o600, exist_ok=True)
        self._engine = create_engine("sqlite+pysqlite://", creator=connect, poolclass=StaticPool)
        event.listen(self._engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
        try:
            self._prepare()
        except (DatabaseError, sqlite3.DatabaseError) as error:
            self._engine.dispose()
            if not _is_damage(error):
                raise
            _set_aside(path)
            path.touch(mode=0o600)
            self._prepare()

    def _prepare(self) -> None:
        with self._engine.begin() as connection:
            if connection.exec_driver_sql("PRAGMA user_version").scalar_one() != VERSION:
                Base.metadata.drop_all(connection)
                Base.metadata.create_all(connection)
                connection.exec_driver_sql(f"PRAGMA user_version = {VERSION}")

    def close(self) -> None:
        """Release the file."""
        self._engine.dispose()

    def checkpoint(self, chain: ChainId, account: str, line: str) -> bytes | None:
        """What the indexer left for a line of an account."""
        with Session(self._engine) as session:
            row = session.get(CheckpointRow, (chain, account, line))
            return None if row is None else row.value

    def write(
        self, chain: ChainId, account: str, line: str, checkpoint: bytes, movements: Iterable[Movement],
        forget_from: int | None = None, forget_provisional: Iterable[str] = (),
    ) -> None:  # fmt: skip
        """Movements with the checkpoint that covers them.

        Args:
            forget_from: First withdraw what is at this height or above: the chain took it back.
            forget_provisional: First take out what is not final of these transactions.
        """
        with Session(self._engine) as session, session.begin():
            own = (col(MovementRow.chain) == chain, col(MovementRow.account) == account)
            if forget_from is not None:
                taken_back = (*own, col(MovementRow.block) >= forget_from)
                session.execute(update(MovementRow).where(*taken_back).values(withdrawn=True, final=False))
            if gone := list(forget_provisional):
                session.execute(
                    delete(MovementRow).where(*own, col(MovementRow.tx).in_(gone), col(MovementRow.final).is_(False))
                )
            for values in map(_columns, movements):
                session.execute(insert(MovementRow).values(values).on_conflict_do_update(set_=values))
            values = {"chain": chain, "account": account, "line": line, "value": checkpoint}
            session.execute(insert(CheckpointRow).values(values).on_conflict_do_update(set_=values))

    def settle(self, chain: ChainId, account: str, below: int) -> None:
        """What is below a height is final."""
        with Session(self._engine) as session, session.begin():
            session.execute(
                update(MovementRow)
                .where(
                    col(MovementRow.chain) == chain,
                    col(MovementRow.account) == account,
                    col(MovementRow.block) < below,
                    col(MovementRow.final).is_(False),
                    col(MovementRow.withdrawn).is_(False),
                )
                .values(final=True)
            )

    def movements(
        self, chain: ChainId, account: str, before: int | None = None, limit: int = 100, withdrawn: bool = False
    ) -> list[Movement]:
        """Newest first; `before` is a height to go on below. `withdrawn`: with those that the chain took back."""
        question = select(MovementRow).where(col(MovementRow.chain) == chain, col(MovementRow.account) == account)
        if not withdrawn:
            question = question.where(col(MovementRow.withdrawn).is_(False))
        if before is not None:
            question = question.where(col(MovementRow.block) < before)
        order = (col(MovementRow.block).desc(), col(MovementRow.tx), col(MovementRow.index))
        with Session(self._engine) as session:
            return [_movement(row) for row in session.scalars(question.order_by(*order).limit(limit))]


def _is_damage(error: DatabaseError | sqlite3.DatabaseError) -> bool:
    """True for a malformed page and for a file that is no database; false for a lock or a full disk."""
    cause = error.orig if isinstance(error, DatabaseError) else error
    code = getattr(cause, "sqlite_errorcode", 0)
    return code & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def _set_aside(path: Path) -> None:
    """The file keeps its bytes under another name; what SQLite laid beside it goes with it."""
    for end in ("-wal", "-shm"):
        path.with_name(path.name + end).unlink(missing_ok=True)
    number, aside = 1, path.with_name(path.name + ".damaged")
    while aside.exists():
        number += 1
        aside = path.with_name(f"{path.name}.damaged-{number}")
    path.replace(aside)


def _columns(m: Movement) -> dict[str, Any]:
    return {
        "chain": m.chain, "account": m.account, "tx": m.tx, "index": m.index, "kind": m.kind, "asset": m.asset,
        "incoming": m.amount > 0, "size": abs(m.amount).to_bytes(_WIDTH, "big"), "other": m.other, "block": m.block,
        "block_hash": m.block_hash, "time_s": m.time_s, "final": m.final, "withdrawn": m.withdrawn,
    }  # fmt: skip


def _movement(row: MovementRow) -> Movement:
    size = int.from_bytes(row.size, "big")
    return Movement(
        ChainId(row.chain), row.account, row.tx, row.index, row.kind, row.asset, size if row.incoming else -size,
        row.other, row.block, row.block_hash, row.time_s, row.final, row.withdrawn,
    )  # fmt: skip
