"""Messages that have the form of something else: of a transaction, of an authorisation, of what is hashed for one.

`personal_sign` puts a prefix before them, so that the signature does not fit; that a site asks for them all the same
says that it is after something else, or that it counts on a wallet without the prefix. Pure.
"""

from typing import Final

_TYPED = b"\x19\x01"
_FIELDS: Final = {0x01: (8, 11), 0x02: (9, 12), 0x03: (11, 14), 0x04: (10, 13)}
"""Of a typed transaction: how many fields it has without and with its signature, by its first byte."""
_RECIPIENT: Final = {0x01: 4, 0x02: 5, 0x03: 5, 0x04: 5}
_LEGACY = (6, 9)
_LONGEST = 262_144
"""Bytes; no node takes a longer transaction."""


def evm_form(data: bytes) -> str:
    """What the bytes have the form of, in words; empty for none."""
    from fluxdesk_host.keys.errors import SigningError
    from fluxdesk_host.keys.rlp import decode

    if data[:2] == _TYPED and len(data) == 66:
        return "the hash of typed data"
    kind = data[0] if data and data[0] in (*_FIELDS, 0x05) else None
    if not 9 <= len(data) <= _LONGEST or (kind is None and data[0] < 0xC0):
        return ""
    try:
        fields = decode(data[1:] if kind is not None else data)
    except SigningError:
        return ""
    if not isinstance(fields, list):
        return ""
    if kind == 0x05:
        return "a delegation of the account" if len(fields) == 3 and _is_address(fields[1]) else ""
    counts, at = (_FIELDS[kind], _RECIPIENT[kind]) if kind is not None else (_LEGACY, 3)
    if len(fields) in counts and (fields[at] == b"" or _is_address(fields[at])):
        return "a transaction"
    return ""


def _is_address(field: object) -> bool:
    return isinstance(field, bytes) and len(field) == 20
