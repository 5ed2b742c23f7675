"""The atomic types of EIP-712: a JSON value to its 32 bytes, strictly. Pure.

https://eips.ethereum.org/EIPS/eip-712#definition-of-encodedata . Numbers are JSON integers, decimal texts or 0x texts;
bytes are 0x texts. No value is rounded, cut or guessed.
"""

import re
from typing import Any

from fluxdesk_host.keys.errors import SigningError
from fluxdesk_host.keys.keccak import keccak256

_SIZED = re.compile(r"(u?int)([0-9]{1,3})?|bytes([0-9]{1,2})")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,77})|0[xX][0-9a-fA-F]{1,64}")
_HEX = re.compile(r"0[xX]((?:[0-9a-fA-F]{2})*)")
_PLAIN = frozenset({"address", "bool", "bytes", "string"})


def is_atomic(kind: str) -> bool:
    """Whether a type is no struct: address, bool, string, bytes, bytes1 to bytes32, int and uint of 8 to 256 bits."""
    if kind in _PLAIN:
        return True
    match = _SIZED.fullmatch(kind)
    if match is None:
        return False
    if match[3] is not None:
        return match[3][0] != "0" and 1 <= int(match[3]) <= 32
    return match[2] is None or (match[2][0] != "0" and int(match[2]) % 8 == 0 and 8 <= int(match[2]) <= 256)


def atomic(kind: str, value: Any, place: str) -> bytes:
    """The 32 bytes of a value; of `string` and `bytes` their hash. `place` is for the error.

    Raises:
        SigningError: the value is not of this type, or the type is none.
    """
    if kind == "string":
        if not isinstance(value, str):
            raise SigningError(f"{place}: not a text")
        try:
            return keccak256(value.encode())
        except UnicodeEncodeError:
            raise SigningError(f"{place}: half a character (a lone surrogate)") from None
    if kind == "bytes":
        return keccak256(_bytes(value, place))
    if kind == "bool":
        if not isinstance(value, bool):
            raise SigningError(f"{place}: neither true nor false")
        return bytes(31) + bytes((value,))
    if kind == "address":
        data = _bytes(value, place)
        if len(data) != 20:
            raise SigningError(f"{place}: an address has 20 bytes, not {len(data)}")
        return bytes(12) + data
    if not is_atomic(kind):
        raise SigningError(f"{place}: the type {kind[:60]} is not defined")
    if kind.startswith("bytes"):
        data, most = _bytes(value, place), int(kind[5:])
        if len(data) > most:
            raise SigningError(f"{place}: {len(data)} bytes do not fit {kind}")
        return data + bytes(32 - len(data))
    return _integer(kind, value, place)


def _bytes(value: Any, place: str) -> bytes:
    match = _HEX.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise SigningError(f"{place}: not 0x and pairs of hexadecimal digits")
    return bytes.fromhex(match[1])


def _integer(kind: str, value: Any, place: str) -> bytes:
    if type(value) is int:
        number = value
    elif isinstance(value, str) and _NUMBER.fullmatch(value):
        number = int(value, 16 if value[:2] in ("0x", "0X") else 10)
    else:
        raise SigningError(f"{place}: not a whole number")
    signed = not kind.startswith("u")
    bits = int(kind.removeprefix("u").removeprefix("int") or 256)
    least, most = (-(1 << bits - 1), (1 << bits - 1) - 1) if signed else (0, (1 << bits) - 1)
    if not least <= number <= most:
        raise SigningError(f"{place}: the number does not fit {kind}")
    return number.to_bytes(32, "big", signed=signed)
