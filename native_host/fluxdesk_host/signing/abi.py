"""Solidity ABI, read strictly: a value is taken only where the bytes are the one canonical encoding of it.

Source: https://docs.soliditylang.org/en/latest/abi-spec.html ("strict encoding mode"). Tails follow one another
without gap or overlap in the order of their heads, padding is zero, numbers fit their type. So nothing can be shown
that another decoder would read otherwise, and work is bounded by the length of the input. Raises `AbiError` only.
"""

import re
from functools import lru_cache
from typing import Any, Final

_INTEGER = re.compile(r"(u?)int(\d+)\Z")
_DEEPEST = 8
_WORD: Final = 32


class AbiError(ValueError):
    """The bytes are not the canonical encoding of the types."""


class AbiType:
    """One type. `head`: what it takes in the heads, in bytes. `inner`: fields of a tuple, or element of an array."""

    dynamic: bool
    __slots__ = ("count", "dynamic", "head", "inner", "kind", "size", "text")

    def __init__(self, text: str, kind: str, size: int, inner: "tuple[AbiType, ...]", count: int | None) -> None:
        self.text, self.kind, self.size, self.inner, self.count = text, kind, size, inner, count
        if kind == "array":
            self.dynamic = count is None or inner[0].dynamic
        else:
            self.dynamic = kind in ("bytes", "string") or any(t.dynamic for t in inner)
        if self.dynamic:
            self.head = _WORD
        elif kind == "array":
            self.head = inner[0].head * (count or 0)
        else:
            self.head = sum(t.head for t in inner) if kind == "tuple" else _WORD


@lru_cache(maxsize=2048)
def parse_type(text: str, depth: int = 0) -> AbiType:
    """A type from its text, such as `(address,uint256)[]`. Raises `AbiError`."""
    if depth > _DEEPEST:
        raise AbiError("types are nested too deeply")
    if text.endswith("]"):
        element, _, count = text[:-1].rpartition("[")
        if count and (not count.isascii() or not count.isdecimal() or not 0 < int(count[:6]) == int(count) <= 1024):
            raise AbiError(f"{text!r:.40} is not a type")
        return AbiType(text, "array", 0, (parse_type(element, depth + 1),), int(count) if count else None)
    if text.startswith("(") and text.endswith(")"):
        fields = split_types(text[1:-1])
        if not fields:
            raise AbiError("an empty tuple")
        return AbiType(text, "tuple", 0, tuple(parse_type(t, depth + 1) for t in fields), None)
    if text in ("address", "bool", "bytes", "string"):
        return AbiType(text, text, 0, (), None)
    if integer := _INTEGER.match(text):
        bits = int(integer[2][:4])
        if bits % 8 == 0 and 8 <= bits <= 256 and text == f"{integer[1]}int{bits}":
            return AbiType(text, "uint" if integer[1] else "int", bits, (), None)
    if text.startswith("bytes") and text[5:].isascii() and text[5:].isdecimal() and text == f"bytes{int(text[5:][:3])}":
        size = int(text[5:])
        if 1 <= size <= _WORD:
            return AbiType(text, "fixed", size, (), None)
    raise AbiError(f"{text!r:.40} is not a type")


def split_types(text: str) -> list[str]:
    """The types of a list such as `address,(uint256,bytes)[]`, split at its outer commas."""
    out, depth, start = [], 0, 0
    for at, c in enumerate(text):
        if c == "," and depth == 0:
            out.append(text[start:at])
            start = at + 1
        depth += (c == "(") - (c == ")")
    return [*out, text[start:]] if text else out


def decode(types: tuple[AbiType, ...], data: bytes, start: int = 0) -> tuple[tuple[Any, ...], int]:
    """Values of an argument list that begins at `start`, and where it ends.

    Addresses are lower-case 0x-hex, integers int, `bytes*` bytes, tuples and arrays tuples. Raises `AbiError`.
    """
    return _fields(types, data, start)


def _fields(types: tuple[AbiType, ...], data: bytes, base: int) -> tuple[tuple[Any, ...], int]:
    at = base
    tail = base + sum(t.head for t in types)
    if tail > len(data):
        raise AbiError("shorter than its values")
    values = []
    for t in types:
        if t.dynamic:
            if int.from_bytes(data[at : at + _WORD], "big") != tail - base:
                raise AbiError("an offset does not point to the next value")
            value, tail = _tail(t, data, tail)
        else:
            value = _static(t, data, at)
        values.append(value)
        at += t.head
    return tuple(values), tail


def _tail(t: AbiType, data: bytes, at: int) -> tuple[Any, int]:
    if t.kind == "tuple":
        return _fields(t.inner, data, at)
    if t.kind == "array" and t.count is not None:
        return _fields(t.inner * t.count, data, at)
    if at + _WORD > len(data):
        raise AbiError("shorter than a length")
    length = int.from_bytes(data[at : at + _WORD], "big")
    at += _WORD
    if t.kind == "array":
        if length * t.inner[0].head > len(data) - at:
            raise AbiError("a list is longer than its bytes")
        return _fields(t.inner * length, data, at)
    if length > len(data) - at:
        raise AbiError("a length is greater than the bytes")
    end = at + -(-length // _WORD) * _WORD
    raw = data[at : at + length]
    if data[at + length : end] != bytes(end - at - length):  # shorter at the end of the data, so unequal there too
        raise AbiError("padding is missing or not zero")
    if t.kind == "bytes":
        return raw, end
    try:
        return raw.decode(), end
    except UnicodeDecodeError:
        raise AbiError("text is not UTF-8") from None


def _static(t: AbiType, data: bytes, at: int) -> Any:
    kind = t.kind
    if kind == "address":
        if int.from_bytes(data[at : at + 12], "big"):
            raise AbiError("an address has more than 20 bytes")
        return "0x" + data[at + 12 : at + _WORD].hex()
    if kind == "uint":
        number = int.from_bytes(data[at : at + _WORD], "big")
        if number >> t.size:
            raise AbiError(f"a number does not fit {t.text}")
        return number
    if kind == "bool":
        number = int.from_bytes(data[at : at + _WORD], "big")
        if number > 1:
            raise AbiError("a truth value is neither 0 nor 1")
        return number == 1
    if kind == "fixed":
        if int.from_bytes(data[at + t.size : at + _WORD], "big"):
            raise AbiError("padding is not zero")
        return data[at : at + t.size]
    if kind == "int":
        signed = int.from_bytes(data[at : at + _WORD], "big", signed=True)
        if not -(1 << (t.size - 1)) <= signed < 1 << (t.size - 1):
            raise AbiError(f"a number does not fit {t.text}")
        return signed
    inner = t.inner * t.count if t.kind == "array" and t.count else t.inner
    values = []
    for field in inner:
        values.append(_static(field, data, at))
        at += field.head
    return tuple(values)
