"""The transaction wire format: bytes in, the same JSON-like object `getTransaction` gives in json encoding out.

Sources: Solana transaction format (legacy and v0, short-vector lengths); SIMD-0385 (v1: the message first, counts in
single bytes, no lookup tables, signatures last). Never trusts a length; raises `WireError` only.
"""

from typing import Any, NamedTuple

from fluxdesk.native.base58 import b58encode

_MAX_PACKET = 65_536
"""Far above today's 1,232 bytes, so that larger formats still parse, far below what could exhaust memory."""


_V1 = b"\x81"


class WireError(ValueError):
    """The bytes do not follow the transaction format; the message says where."""


class _Cursor(NamedTuple):
    data: bytes

    def take(self, at: int, size: int) -> bytes:
        if size < 0 or at + size > len(self.data):
            raise WireError(f"needs {size} bytes at offset {at}, has {len(self.data) - at}")
        return self.data[at : at + size]

    def compact(self, at: int) -> tuple[int, int]:
        """A compact-u16 (7 bits a byte, at most 3 bytes): (value, next offset)."""
        value = 0
        for i in range(3):
            byte = self.take(at + i, 1)[0]
            value |= (byte & 0x7F) << (7 * i)
            if not byte & 0x80:
                if value > 0xFFFF:
                    break
                return value, at + i + 1
        raise WireError(f"compact-u16 at offset {at} is longer than 16 bits")


def parse_transaction(data: bytes) -> dict[str, Any]:
    """`{signatures, message: {accountKeys, header, instructions, addressTableLookups?}, version}`.

    Instruction data stays bytes. Raises `WireError`.
    """
    if len(data) > _MAX_PACKET:
        raise WireError(f"{len(data)} bytes are more than a transaction can have")
    c = _Cursor(data)
    if data[:1] == _V1:
        return _v1(c)
    n, at = c.compact(0)
    signatures = []
    for _ in range(n):
        signatures.append(b58encode(c.take(at, 64)))
        at += 64
    version: int | str = "legacy"
    first = c.take(at, 1)[0]
    if first & 0x80:
        version = first & 0x7F
        if version != 0:
            raise WireError(f"message version {version} is not known")
        at += 1
    header = c.take(at, 3)
    n, at = c.compact(at + 3)
    keys, at = _keys(c, at, n)
    at += len(c.take(at, 32))  # the recent blockhash is of no use here
    instructions, at = _instructions(c, at)
    message: dict[str, Any] = {"header": _header(header), "accountKeys": keys, "instructions": instructions}
    if version == 0:
        message["addressTableLookups"], at = _lookups(c, at)
    if at != len(data):
        raise WireError(f"{len(data) - at} bytes are left over")
    return {"signatures": signatures, "message": message, "version": version}


def _header(counts: bytes) -> dict[str, int]:
    return {
        "numRequiredSignatures": counts[0],
        "numReadonlySignedAccounts": counts[1],
        "numReadonlyUnsignedAccounts": counts[2],
    }


def _v1(c: _Cursor) -> dict[str, Any]:
    """Version 1: prefix, header, mask of settings, lifetime, counts, addresses, settings (four bytes for each set bit),
    a header of four bytes for each instruction, then accounts and data of each, then the signatures.
    """
    header = c.take(1, 3)
    mask = int.from_bytes(c.take(4, 4), "little")
    count, addresses = c.take(40, 2)
    keys, at = _keys(c, 42, addresses)
    at += len(c.take(at, 4 * mask.bit_count()))
    heads = c.take(at, 4 * count)
    at += len(heads)
    instructions = []
    for i in range(0, len(heads), 4):
        program, accounts, size = heads[i], heads[i + 1], int.from_bytes(heads[i + 2 : i + 4], "little")
        indexes = list(c.take(at, accounts))
        instructions.append({"programIdIndex": program, "accounts": indexes, "data": c.take(at + accounts, size)})
        at += accounts + size
    signatures = [b58encode(c.take(at + 64 * i, 64)) for i in range(header[0])]
    at += 64 * len(signatures)
    if at != len(c.data):
        raise WireError(f"{len(c.data) - at} bytes are left over")
    message = {"header": _header(header), "accountKeys": keys, "instructions": instructions}
    return {"signatures": signatures, "message": message, "version": 1}


def _keys(c: _Cursor, at: int, n: int) -> tuple[list[str], int]:
    keys = []
    for _ in range(n):
        keys.append(b58encode(c.take(at, 32)))
        at += 32
    return keys, at


def _instructions(c: _Cursor, at: int) -> tuple[list[dict[str, Any]], int]:
    n, at = c.compact(at)
    out = []
    for _ in range(n):
        program = c.take(at, 1)[0]
        accounts, at = c.compact(at + 1)
        indexes = list(c.take(at, accounts))
        size, at = c.compact(at + accounts)
        out.append({"programIdIndex": program, "accounts": indexes, "data": c.take(at, size)})
        at += size
    return out, at


def _lookups(c: _Cursor, at: int) -> tuple[list[dict[str, Any]], int]:
    n, at = c.compact(at)
    out = []
    for _ in range(n):
        key = b58encode(c.take(at, 32))
        writable, at = c.compact(at + 32)
        w = list(c.take(at, writable))
        readonly, at = c.compact(at + writable)
        r = list(c.take(at, readonly))
        at += readonly
        out.append({"accountKey": key, "writableIndexes": w, "readonlyIndexes": r})
    return out, at
