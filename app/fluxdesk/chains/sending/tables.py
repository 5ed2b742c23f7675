"""The tables of the send queue, in a file of their own: what is in them may not be lost, nor rebuilt from anywhere.

A payment belongs to at most one send; a send is one place on the chain (an EVM nonce, a Solana message and its heirs)
and has attempts that exclude each other there. What is to be signed is written before the signer is asked, what was
signed before it is broadcast.
"""

from typing import Any, ClassVar

from sqlalchemy import BigInteger, Index, LargeBinary, text
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import registry
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel

WIDTH = 32


class Amount(TypeDecorator[int]):
    """An unsigned 256-bit integer as 32 bytes, big-endian: SQLite's own integers end at 63 bits."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: int | None, dialect: Dialect) -> bytes | None:
        """Python to SQLite. Raises `OverflowError`."""
        return None if value is None else value.to_bytes(WIDTH, "big")

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> int | None:
        """SQLite to Python."""
        return None if value is None else int.from_bytes(value, "big")


VERSION = 2
"""`PRAGMA user_version` of the file."""


NONCE_HELD = "state IN ('open', 'included') AND nonce IS NOT NULL AND NOT held"
"""The sends that hold their nonce alone."""
FROM_1 = (
    "ALTER TABLE payments ADD COLUMN call BLOB NOT NULL DEFAULT x''",
    "ALTER TABLE payments ADD COLUMN durable BOOLEAN NOT NULL DEFAULT 0",
    # Version 1 only ever held what came signed.
    "ALTER TABLE payments ADD COLUMN adopted BOOLEAN NOT NULL DEFAULT 1",
    "ALTER TABLE sends ADD COLUMN held BOOLEAN NOT NULL DEFAULT 0",
    "DROP INDEX ux_sends_nonce",
    f"CREATE UNIQUE INDEX ux_sends_nonce ON sends (chain, account, nonce) WHERE {NONCE_HELD}",
)
"""A file of version 1 to version 2."""


class Base(SQLModel, registry=registry()):
    """Keeps these tables apart from those of the store."""


class PaymentRow(Base, table=True):
    """A payment as it was asked for, and where it stands."""

    __tablename__ = "payments"
    __table_args__ = (
        Index("ix_payments_queue", "chain", "account", "state", "priority", "number"),
        Index("ix_payments_send", "send_id"),
    )
    number: int | None = Field(default=None, primary_key=True)
    """Order of asking."""
    id: str = Field(unique=True)
    chain: str
    account: str
    asset: str
    recipient: str
    amount: int = Field(sa_type=Amount)
    priority: int
    state: str
    send_id: int | None = None
    reason: str = ""
    """For the user."""
    call: bytes = b""
    durable: bool = False
    adopted: bool = False
    asked_ns: int = Field(sa_type=BigInteger)
    ended_ns: int | None = Field(default=None, sa_type=BigInteger)


class SendRow(Base, table=True):
    """One place on the chain."""

    __tablename__ = "sends"
    __table_args__: ClassVar[Any] = (
        Index("ix_sends_live", "chain", "account", "state"),
        # No two live sends of an account hold one nonce, whatever goes wrong above.
        Index(
            "ux_sends_nonce", "chain", "account", "nonce", unique=True,
            sqlite_where=text(NONCE_HELD),
        ),
    )  # fmt: skip
    id: int | None = Field(default=None, primary_key=True)
    chain: str
    account: str
    state: str
    nonce: int | None = Field(default=None, sa_type=BigInteger)
    held: bool = False
    """Every endpoint refused it. It may land all the same; it is watched and not broadcast, and its nonce is free for
    another: on the chain one of them excludes the other."""
    block: int | None = Field(default=None, sa_type=BigInteger)
    fee: int | None = Field(default=None, sa_type=Amount)
    landed_id: int | None = None
    made_ns: int = Field(sa_type=BigInteger)
    included_ns: int | None = Field(default=None, sa_type=BigInteger)
    ended_ns: int | None = Field(default=None, sa_type=BigInteger)


class AttemptRow(Base, table=True):
    """One transaction: unsigned (`raw` is null), signed, or dead."""

    __tablename__ = "attempts"
    __table_args__ = (Index("ix_attempts_send", "send_id"),)
    id: int | None = Field(default=None, primary_key=True)
    send_id: int
    payload: bytes
    raw: bytes | None = None
    tx: str | None = None
    expires: int | None = Field(default=None, sa_type=BigInteger)
    cost_most: int = Field(default=0, sa_type=Amount)
    cancels: bool = False
    dead: bool = False
    made_ns: int = Field(sa_type=BigInteger)
