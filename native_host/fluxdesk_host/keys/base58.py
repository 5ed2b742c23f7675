"""Base58 with Bitcoin's alphabet, and its checked form. Pure; for keys and addresses, so short texts only.

https://datatracker.ietf.org/doc/html/draft-msporny-base58-03
"""

from hashlib import sha256

from fluxdesk_host.keys.errors import KeyFormatError

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
LONGEST = 256
"""Characters read and bytes written; the longest key text, an extended private key, has 111."""

_VALUE = {character: value for value, character in enumerate(ALPHABET)}


def b58encode(data: bytes) -> str:
    """The text of bytes; each leading zero byte is a `1`.

    Raises:
        KeyFormatError: more than `LONGEST` bytes.
    """
    if len(data) > LONGEST:
        raise KeyFormatError(f"{len(data)} bytes are too many for base58 here; at most {LONGEST}")
    number, digits = int.from_bytes(data, "big"), ""
    while number:
        number, digit = divmod(number, 58)
        digits = ALPHABET[digit] + digits
    return "1" * (len(data) - len(data.lstrip(b"\0"))) + digits


def b58decode(text: str) -> bytes:
    """The bytes of a text; each leading `1` is a zero byte.

    Raises:
        KeyFormatError: a character outside the alphabet (its place is named, not itself), or too long.
    """
    if len(text) > LONGEST:
        raise KeyFormatError(f"a base58 text of {len(text)} characters; at most {LONGEST} are read")
    number = 0
    for place, character in enumerate(text, 1):
        if (value := _VALUE.get(character)) is None:
            raise KeyFormatError(f"character {place} is not a base58 character")
        number = number * 58 + value
    zeros = len(text) - len(text.lstrip("1"))
    return bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8, "big")


def b58check_encode(data: bytes) -> str:
    """Base58 of the data and the first four bytes of its double SHA-256. Raises `KeyFormatError`."""
    return b58encode(data + sha256(sha256(data).digest()).digest()[:4])


def b58check_decode(text: str) -> bytes:
    """The data of a checked text.

    Raises:
        KeyFormatError: not base58, or the check does not fit.
    """
    data = b58decode(text)
    if len(data) < 4 or sha256(sha256(data[:-4]).digest()).digest()[:4] != data[-4:]:
        raise KeyFormatError("the check at the end of the base58 text does not fit")
    return data[:-4]
