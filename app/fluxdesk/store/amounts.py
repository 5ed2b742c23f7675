"""Integers wider than SQLite's signed 64 bits, as fixed-width big-endian blobs that sort like the numbers they hold."""

from typing import Any

from sqlalchemy import LargeBinary
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

WIDTH = 32
SUM_WIDTH = 40
_OFFSET = 1 << 319


def u256_bytes(value: int) -> bytes:
    """Unsigned, 0 .. 2^256-1. Raises `OverflowError` outside of it."""
    return value.to_bytes(WIDTH, "big")


def i320_bytes(value: int) -> bytes:
    """Signed, -2^319 .. 2^319-1, moved up by 2^319 so that negative numbers sort first. Raises `OverflowError`.

    Wide enough for any sum of u256 amounts that a table can hold.
    """
    return (value + _OFFSET).to_bytes(SUM_WIDTH, "big")


def u256(blob: bytes) -> int:
    """The number of `u256_bytes`."""
    return int.from_bytes(blob, "big")


def i320(blob: bytes) -> int:
    """The number of `i320_bytes`."""
    return int.from_bytes(blob, "big") - _OFFSET


class U256(TypeDecorator[int]):
    """A column of unsigned 256-bit integers (u64 of Solana, u256 of EVM)."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: int | None, dialect: Dialect) -> bytes | None:
        """Python to blob."""
        return None if value is None else u256_bytes(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> int | None:
        """Blob to Python."""
        return None if value is None else u256(value)


class I320(TypeDecorator[int]):
    """A column of signed 320-bit integers: sums of amounts, which may fall below zero."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: int | None, dialect: Dialect) -> bytes | None:
        """Python to blob."""
        return None if value is None else i320_bytes(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> int | None:
        """Blob to Python."""
        return None if value is None else i320(value)
