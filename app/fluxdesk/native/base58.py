"""Base58 with Bitcoin's alphabet, as Solana writes keys, signatures and instruction data. Pure: no I/O, no state.

`b58decode` and `b58encode` run in the C kernel where it is built and in Python otherwise; both give the same
bytes and the same errors. The alphabet is that of https://datatracker.ietf.org/doc/html/draft-msporny-base58-03 .
"""

from typing import Any

from fluxdesk.native import kernel

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
LONGEST_TEXT = 4096
"""Characters; more than three times what the largest Solana packet (1,232 bytes) can need."""
LONGEST_DATA = 2999
"""Bytes; the most whose text never exceeds `LONGEST_TEXT`, so that everything written can be read back."""

_VALUE = {character: value for value, character in enumerate(ALPHABET)}
_PAIRS = [a + b for a in ALPHABET for b in ALPHABET]
_CHUNK = 11
"""58**11 is the largest power that keeps a chunk in 65 bits; Horner inside a chunk stays in small integers."""


def b58decode_python(text: str) -> bytes:
    """`b58decode` without the kernel."""
    if len(text) > LONGEST_TEXT:
        raise ValueError(f"base58 text of {len(text)} characters; at most {LONGEST_TEXT} are read")
    digits = text.lstrip("1")
    zeros = len(text) - len(digits)
    value, table = 0, _VALUE
    try:
        for start in range(0, len(digits), _CHUNK):
            chunk = digits[start : start + _CHUNK]
            part = 0
            for character in chunk:
                part = part * 58 + table[character]
            value = value * 58 ** len(chunk) + part
    except KeyError as bad:
        raise ValueError(f"{bad.args[0]!r} is not a base58 character") from None
    return bytes(zeros) + value.to_bytes((value.bit_length() + 7) // 8, "big")


def b58encode_python(data: bytes) -> str:
    """`b58encode` without the kernel."""
    if len(data) > LONGEST_DATA:
        raise ValueError(f"{len(data)} bytes to write as base58; at most {LONGEST_DATA} are written")
    value = int.from_bytes(data, "big")
    zeros = len(data) - len(data.lstrip(b"\0"))
    chunks: list[str] = []
    while value:
        value, chunk = divmod(value, 58**10)
        high, low = divmod(chunk, 58**4)
        top, middle = divmod(high, 58**4)
        chunks.append(
            f"{_PAIRS[top]}{_PAIRS[middle // 3364]}{_PAIRS[middle % 3364]}{_PAIRS[low // 3364]}{_PAIRS[low % 3364]}"
        )
    return "1" * zeros + "".join(reversed(chunks)).lstrip("1")


def b58keys_python(data: bytes, offsets: bytes) -> tuple[str, ...]:
    """`b58keys` without the kernel."""
    keys = []
    for low, high in zip(offsets[::2], offsets[1::2], strict=False):
        key = data[low | high << 8 :][:32]
        if len(key) < 32:
            raise ValueError(f"no 32-byte key at offset {low | high << 8} of {len(data)} bytes")
        keys.append(b58encode_python(key))
    return tuple(keys)


def _bind() -> None:
    global _decode, _encode, _keys  # bound on first use, so that importing loads no library
    _decode, _encode, _keys = b58decode_python, b58encode_python, b58keys_python
    if (functions := kernel()) is not None:
        _decode, _encode, _keys = functions["b58decode"], functions["b58encode"], functions["b58keys"]


def _first_decode(text: str) -> Any:
    _bind()
    return _decode(text)


def _first_encode(data: bytes) -> Any:
    _bind()
    return _encode(data)


def _first_keys(data: bytes, offsets: bytes) -> Any:
    _bind()
    return _keys(data, offsets)


_decode: Any = _first_decode
_encode: Any = _first_encode
_keys: Any = _first_keys


def b58decode(text: str) -> bytes:
    """The bytes of a base58 text; every leading `1` is a zero byte, and the empty text is no bytes.

    Raises:
        ValueError: a character outside the alphabet, or more than `LONGEST_TEXT` characters.
    """
    out = _decode(text)
    if out is text:  # the kernel hands back what it cannot read; the slow path has the words
        return b58decode_python(text)
    data: bytes = out
    return data


def b58encode(data: bytes) -> str:
    """The base58 text of bytes; every leading zero byte is a `1`.

    Raises:
        ValueError: more than `LONGEST_DATA` bytes.
    """
    out = _encode(data)
    if out is data:
        return b58encode_python(data)
    text: str = out
    return text


def b58keys(data: bytes, offsets: bytes) -> tuple[str, ...]:
    """The texts of several 32-byte keys inside `data`, in one call: about 60 ns a key after the first.

    `offsets` is what `key_offsets` made of the byte positions.

    Raises:
        ValueError: fewer than 32 bytes at one of the offsets.
    """
    out = _keys(data, offsets)
    if out is data:
        return b58keys_python(data, offsets)
    keys: tuple[str, ...] = out
    return keys


def key_offsets(*positions: int) -> bytes:
    """Byte positions (0 to 65,535) as `b58keys` takes them: little-endian u16, to be made once per layout."""
    return b"".join(position.to_bytes(2, "little") for position in positions)
