"""Integers wider than SQLite's signed 64 bits: plain integers where they fit, else fixed-width big-endian blobs.

SQLite sorts every integer before every blob, so unsigned amounts sort like the numbers they are; each has one form.
"""

WIDTH = 32
SUM_WIDTH = 40
NARROW = (1 << 63) - 1
"""The largest integer that SQLite keeps as one."""
_OFFSET = 1 << 319
Stored = int | bytes


def stored_u256(value: int) -> Stored:
    """Unsigned, 0 .. 2^256-1, as SQLite takes it. Raises `OverflowError` outside of it."""
    return value if 0 <= value <= NARROW else value.to_bytes(WIDTH, "big")


def stored_i320(value: int) -> Stored:
    """Signed, -2^319 .. 2^319-1, as SQLite takes it; a blob is moved up by 2^319. Raises `OverflowError`.

    Wide enough for any sum of u256 amounts that a table can hold.
    """
    return value if -NARROW <= value <= NARROW else (value + _OFFSET).to_bytes(SUM_WIDTH, "big")


def u256(stored: Stored) -> int:
    """The number of `stored_u256`."""
    return stored if isinstance(stored, int) else int.from_bytes(stored, "big")


def i320(stored: Stored) -> int:
    """The number of `stored_i320`."""
    return stored if isinstance(stored, int) else int.from_bytes(stored, "big") - _OFFSET
