"""Bytes of our programs' instructions, accounts and events: Borsh with Anchor's discriminators."""

import struct
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from solders.instruction import Instruction
    from solders.pubkey import Pubkey

_NUMBERS = {"u8": "<B", "u16": "<H", "u32": "<I", "u64": "<Q", "i64": "<q"}


class NotThis(ValueError):
    """The bytes are not the account or event they were taken for."""


class Unencodable(ValueError):
    """A value does not fit its field."""


def instruction(
    program: "Pubkey",
    discriminator: bytes,
    accounts: Sequence[tuple["Pubkey | str", bool, bool]],
    args: Sequence[tuple[str, Any]],
) -> "Instruction":
    """An instruction. Accounts are (address, signs, is written). Raises `Unencodable`."""
    from solders.instruction import AccountMeta, Instruction
    from solders.pubkey import Pubkey

    metas = [
        AccountMeta(Pubkey.from_string(key) if isinstance(key, str) else key, signs, writes)
        for key, signs, writes in accounts
    ]
    return Instruction(program, discriminator + b"".join(pack(kind, value) for kind, value in args), metas)


def pack(kind: str, value: Any) -> bytes:
    """A value as Borsh. Raises `Unencodable`."""
    if kind.startswith("vec:"):
        return struct.pack("<I", len(value)) + b"".join(pack(kind[4:], one) for one in value)
    if kind in _NUMBERS:
        try:
            return struct.pack(_NUMBERS[kind], value)
        except struct.error as e:
            raise Unencodable(f"{value} is no {kind}") from e
    if kind == "string":
        text = value.encode()
        return struct.pack("<I", len(text)) + bytes(text)
    if kind == "bool":
        return b"\1" if value else b"\0"
    key = bytes(value)
    if len(key) != 32:
        raise Unencodable(f"{len(key)} bytes where 32 belong")
    return key


def record(data: bytes, discriminator: bytes, layout: Sequence[str]) -> list[Any]:
    """The fields of an account or event, all of its bytes read. Raises `NotThis`."""
    if data[:8] != discriminator:
        raise NotThis("another discriminator")
    at, values = 8, []
    for kind in layout:
        value, at = _read(data, at, kind)
        values.append(value)
    if at != len(data):
        raise NotThis(f"{len(data) - at} bytes too many")
    return values


def _read(data: bytes, at: int, kind: str) -> tuple[Any, int]:
    if kind.startswith("vec:"):
        count, at = _read(data, at, "u32")
        values = []
        for _ in range(count):
            value, at = _read(data, at, kind[4:])
            values.append(value)
        return tuple(values), at
    if kind in _NUMBERS:
        shape = struct.Struct(_NUMBERS[kind])
        if at + shape.size > len(data):
            raise NotThis("it ends early")
        return shape.unpack_from(data, at)[0], at + shape.size
    if at + 32 > len(data):
        raise NotThis("it ends early")
    raw = data[at : at + 32]
    if kind == "hash":
        return raw, at + 32
    from solders.pubkey import Pubkey

    return Pubkey(raw), at + 32
