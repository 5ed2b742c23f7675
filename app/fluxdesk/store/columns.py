"""Column types of amounts, for the models. Loaded with them, and so only while tables are made or migrated."""

from typing import Any

from sqlalchemy import LargeBinary
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from fluxdesk.store.amounts import i320, stored_i320, stored_u256, u256


class U256(TypeDecorator[int]):
    """A column of unsigned 256-bit integers (u64 of Solana, u256 of EVM)."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: int | None, dialect: Dialect) -> Any:
        """Python to SQLite."""
        return None if value is None else stored_u256(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> int | None:
        """SQLite to Python."""
        return None if value is None else u256(value)


class I320(TypeDecorator[int]):
    """A column of signed 320-bit integers: sums of amounts, which may fall below zero."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: int | None, dialect: Dialect) -> Any:
        """Python to SQLite."""
        return None if value is None else stored_i320(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> int | None:
        """SQLite to Python."""
        return None if value is None else i320(value)
