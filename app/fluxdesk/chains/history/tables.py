"""The tables of the history. They hold what can be read from the chain again."""

from typing import Any, ClassVar

from sqlalchemy import BigInteger, Index
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

VERSION = 2
"""`PRAGMA user_version` of the file."""
_CLUSTERED = {"sqlite_with_rowid": False}


class Base(SQLModel, registry=registry()):
    """Keeps these tables apart from those of the store."""


class MovementRow(Base, table=True):
    """See `movement.Movement`. `size` is the absolute amount as 32 bytes, big-endian."""

    __tablename__ = "movements"
    __table_args__: ClassVar[Any] = (Index("ix_movements_account", "chain", "account", "block"), _CLUSTERED)
    chain: str = Field(primary_key=True)
    account: str = Field(primary_key=True)
    tx: str = Field(primary_key=True)
    index: str = Field(primary_key=True)
    kind: str
    asset: str
    incoming: bool
    size: bytes
    other: str | None = None
    block: int = Field(sa_type=BigInteger)
    block_hash: str
    time_s: int = Field(sa_type=BigInteger)
    final: bool
    withdrawn: bool = False


class CheckpointRow(Base, table=True):
    """How far a line of an account has been read; `value` belongs to the indexer that wrote it."""

    __tablename__ = "checkpoints"
    __table_args__: ClassVar[Any] = _CLUSTERED
    chain: str = Field(primary_key=True)
    account: str = Field(primary_key=True)
    line: str = Field(primary_key=True)
    value: bytes
