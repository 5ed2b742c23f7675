"""Solana transactions as bytes: who has to sign, putting a signature in its place, and telling a transaction from text.

Legacy and version 0 messages: https://solana.com/docs/rpc/structures . What the instructions mean is read by
`fluxdesk_host.signing`; here only the frame is walked, strictly. Pure.
"""

from dataclasses import dataclass

from fluxdesk_host.keys.curves import ed25519_pair, sign_ed25519
from fluxdesk_host.keys.errors import SigningError
from fluxdesk_host.keys.secret import Secret

SIGNATURE = 64
OFFCHAIN_DOMAIN = b"\xffsolana offchain"
"""First byte of off-chain messages is one that no transaction message begins with."""


@dataclass(frozen=True, slots=True)
class Frame:
    """The frame of a message: `version` is None for a legacy one; `signers` are those who must sign, payer first."""

    version: int | None
    signers: tuple[bytes, ...]
    keys: tuple[bytes, ...]
    blockhash: bytes
    length: int
    """Bytes the message has; more may follow in what was read."""


class _Cursor:
    def __init__(self, data: bytes, at: int = 0) -> None:
        self.data, self.at = data, at

    def take(self, count: int) -> bytes:
        if self.at + count > len(self.data):
            raise SigningError("the Solana message ends early")
        self.at += count
        return self.data[self.at - count : self.at]

    def byte(self) -> int:
        return self.take(1)[0]

    def count(self) -> int:
        """A compact-u16: seven bits a byte, least significant first, in its shortest form."""
        value = 0
        for shift in (0, 7, 14):
            byte = self.byte()
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                if (byte == 0 and shift) or value > 0xFFFF:
                    break
                return value
        raise SigningError("a length in the Solana message is not in its shortest form")


def compact_u16(value: int) -> bytes:
    """A length as Solana writes it. Raises `SigningError` unless it fits 16 bits."""
    if not 0 <= value <= 0xFFFF:
        raise SigningError("a length does not fit 16 bits")
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes((*out, value))


def read_frame(message: bytes, *, exact: bool = True) -> Frame:
    """The frame of a transaction message, walked to its end.

    Raises:
        SigningError: not a message of a known version, or with `exact` bytes are left over.
    """
    cursor = _Cursor(message)
    first = cursor.byte()
    version = first & 0x7F if first >= 0x80 else None
    if version:
        raise SigningError(f"Solana messages of version {version} are not signed here")
    required = cursor.byte() if version is not None else first
    readonly_signed, readonly_unsigned = cursor.byte(), cursor.byte()
    keys = tuple(cursor.take(32) for _ in range(cursor.count()))
    if not required or readonly_signed >= required or required + readonly_unsigned > len(keys):
        raise SigningError("the header of the Solana message contradicts itself")
    if len(set(keys)) != len(keys):
        raise SigningError("an account is in the Solana message twice")
    blockhash = cursor.take(32)
    for _ in range(cursor.count()):
        cursor.byte()
        cursor.take(cursor.count())
        cursor.take(cursor.count())
    if version == 0:
        for _ in range(cursor.count()):
            cursor.take(32)
            cursor.take(cursor.count())
            cursor.take(cursor.count())
    if exact and cursor.at != len(message):
        raise SigningError(f"{len(message) - cursor.at} bytes follow the Solana message")
    return Frame(version, keys[:required], keys, blockhash, cursor.at)


def is_transaction_message(data: bytes) -> bool:
    """Whether these bytes, or the beginning of them, are a transaction message of any kind."""
    try:
        read_frame(data, exact=False)
    except SigningError:
        return False
    return True


def split_transaction(raw: bytes) -> tuple[list[bytes], bytes]:
    """(signatures, message) of a transaction as it travels; missing signatures are zeros.

    Raises:
        SigningError: not a transaction.
    """
    cursor = _Cursor(raw)
    signatures = [cursor.take(SIGNATURE) for _ in range(cursor.count())]
    message = raw[cursor.at :]
    if len(read_frame(message).signers) != len(signatures):
        raise SigningError("the transaction has another number of signatures than its message asks for")
    return signatures, message


def join_transaction(signatures: list[bytes], message: bytes) -> bytes:
    """The transaction as it travels. Raises `SigningError` unless there are as many signatures as the message needs."""
    if len(signatures) != len(read_frame(message).signers) or any(len(s) != SIGNATURE for s in signatures):
        raise SigningError("signatures do not fit the message")
    return compact_u16(len(signatures)) + b"".join(signatures) + message


def sign_message(private: Secret, message: bytes) -> bytes:
    """The 64-byte signature of a transaction message.

    Raises:
        SigningError: not a message of a known version, or one that this key is not asked to sign.
        KeyFormatError: not a private key.
    """
    return _sign(private, message)[1]


def _sign(private: Secret, message: bytes) -> tuple[int, bytes]:
    """(place among the signers, signature)."""
    public, sign = ed25519_pair(private)
    signers = read_frame(message).signers
    if public not in signers:
        raise SigningError("this account is not among those that the transaction asks to sign")
    return signers.index(public), sign(message)


def sign_transaction(private: Secret, raw: bytes) -> bytes:
    """The transaction with this key's signature in its place; other signatures stay. Raises as `sign_message` does."""
    signatures, message = split_transaction(raw)
    place, signature = _sign(private, message)
    signatures[place] = signature
    return join_transaction(signatures, message)


def sign_text(private: Secret, data: bytes) -> bytes:
    """The 64-byte signature over bytes as they are, as `signMessage` of the Wallet Standard wants it.

    Raises:
        SigningError: the bytes could be taken for a transaction or an off-chain message with a preamble.
        KeyFormatError: not a private key.
    """
    if is_transaction_message(data):
        raise SigningError("these bytes are a Solana transaction; they are not signed as a message")
    if data.startswith(OFFCHAIN_DOMAIN):
        raise SigningError("these bytes begin as an off-chain message; they are signed as one or not at all")
    return sign_ed25519(private, data)
