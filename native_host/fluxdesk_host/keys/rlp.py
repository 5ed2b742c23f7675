"""RLP, Ethereum's serialisation: bytes and lists of them. Reading is strict: what has two forms is read in one. Pure.

https://ethereum.org/en/developers/docs/data-structures-and-encoding/rlp/
"""

from collections.abc import Sequence

from fluxdesk_host.keys.errors import SigningError

Item = bytes | list["Item"]
Writable = bytes | int | Sequence["Writable"]
DEEPEST = 16
"""Lists inside lists that are read; a transaction has four."""


def encode(item: Writable) -> bytes:
    """The RLP of bytes, of a number (big-endian without leading zeros), or of a sequence of such.

    Raises:
        SigningError: a negative number.
    """
    if isinstance(item, bytes):
        return item if len(item) == 1 and item[0] < 0x80 else _head(0x80, len(item)) + item
    if isinstance(item, int):
        if item < 0:
            raise SigningError("RLP has no negative numbers")
        return encode(item.to_bytes((item.bit_length() + 7) // 8, "big"))
    body = b"".join(map(encode, item))
    return _head(0xC0, len(body)) + body


def _head(base: int, length: int) -> bytes:
    if length < 56:
        return bytes((base + length,))
    size = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes((base + 55 + len(size),)) + size


def decode(data: bytes) -> Item:
    """The one item that these bytes are.

    Raises:
        SigningError: not RLP, not its shortest form, nested deeper than `DEEPEST`, or bytes left over.
    """
    item, end = _read(data, 0, len(data), 0)
    if end != len(data):
        raise SigningError(f"{len(data) - end} bytes follow the RLP item")
    return item


def _read(data: bytes, at: int, limit: int, depth: int) -> tuple[Item, int]:
    """The item at `at`, which may not reach past `limit`, and where it ends."""
    if at >= limit:
        raise SigningError("the RLP ends early")
    first = data[at]
    if first < 0x80:
        return data[at : at + 1], at + 1
    base = 0x80 if first < 0xC0 else 0xC0
    start, length = at + 1, first - base
    if length > 55:
        size = length - 55
        start, length = at + 1 + size, int.from_bytes(data[at + 1 : at + 1 + size], "big")
        if start > limit or length < 56 or data[at + 1] == 0:
            raise SigningError("an RLP length is not in its shortest form")
    end = start + length
    if end > limit:
        raise SigningError("the RLP ends early")
    if base == 0x80:
        if length == 1 and data[start] < 0x80:
            raise SigningError("an RLP byte is not in its shortest form")
        return data[start:end], end
    if depth >= DEEPEST:
        raise SigningError(f"RLP lists nested deeper than {DEEPEST}")
    items: list[Item] = []
    while start < end:
        item, start = _read(data, start, end, depth + 1)
        items.append(item)
    return items, end


def number(item: Item, what: str, bits: int = 256) -> int:
    """The number an item stands for.

    Raises:
        SigningError: a list, a leading zero, or more than `bits` bits.
    """
    if not isinstance(item, bytes) or item[:1] == b"\0" or len(item) * 8 > bits:
        raise SigningError(f"{what} is not a number of at most {bits} bits in its shortest form")
    return int.from_bytes(item, "big")


def exactly(item: Item, what: str, length: int) -> bytes:
    """The bytes of an item. Raises `SigningError` unless it is `length` bytes."""
    if not isinstance(item, bytes) or len(item) != length:
        raise SigningError(f"{what} has not {length} bytes")
    return item
