"""Solana's off-chain messages: the bytes that are signed, in the three forms that are in use. Pure.

https://docs.anza.xyz/proposals/off-chain-message-signing . All begin with `\\xffsolana offchain` and a version:

    CLI      0, format, length (u16), text                               the solana command line and SDK
    V0       0, application domain (32), format, signers, length, text   the proposal, Ledger
    V1       1, signers in order, text                                   the Wallet Standard's signOffchainMessage
"""

from dataclasses import dataclass
from enum import Enum

from fluxdesk_host.keys.curves import ed25519_public, sign_ed25519
from fluxdesk_host.keys.errors import SigningError
from fluxdesk_host.keys.secret import Secret
from fluxdesk_host.keys.solana_message import OFFCHAIN_DOMAIN

ASCII, SHORT_UTF8, LONG_UTF8 = 0, 1, 2
SHORT_TOTAL = 1232
"""Bytes of preamble and text that formats 0 and 1 may have: a packet, what hardware wallets hold."""
LONG_TOTAL = 65535
"""Of format 2 in the CLI form; in V0 its text alone may have as many, as `@solana/kit` makes and reads it."""


class Form(Enum):
    """Which preamble stands before the text."""

    CLI = "cli"
    V0 = "v0"
    V1 = "v1"


@dataclass(frozen=True, slots=True)
class OffchainMessage:
    """A message and what its preamble says. `format` is None in V1, `domain` and `signers` are empty in CLI."""

    text: str
    form: Form = Form.CLI
    format: int | None = None
    domain: bytes = b""
    signers: tuple[bytes, ...] = ()


def offchain_message(
    text: str,
    form: Form = Form.CLI,
    *,
    signers: tuple[bytes, ...] = (),
    domain: bytes = bytes(32),
    encoding: int | None = None,
) -> OffchainMessage:
    """A message in the smallest format its text allows; `encoding` asks for another one.

    Raises:
        SigningError: the text is empty or too long, not of the format, or the signers do not fit the form.
    """
    if form is Form.V1:
        message = OffchainMessage(text, form, None, b"", tuple(sorted(signers)))
    elif form is Form.V0:
        message = OffchainMessage(text, form, ASCII, domain, signers)
    else:
        message = OffchainMessage(text, form, ASCII, b"", signers)
    if form is not Form.V1:
        chosen = _smallest(_utf8(text), len(_preamble(message)) + 2) if encoding is None else encoding
        message = OffchainMessage(text, form, chosen, message.domain, message.signers)
    encode_offchain(message)
    return message


def _utf8(text: str) -> bytes:
    try:
        data = text.encode()
    except UnicodeEncodeError:
        raise SigningError("the message holds half a character (a lone surrogate)") from None
    if not data:
        raise SigningError("the message is empty")
    return data


def _printable(data: bytes) -> bool:
    return all(0x20 <= byte <= 0x7E for byte in data)


def _smallest(data: bytes, preamble: int) -> int:
    if preamble + len(data) > SHORT_TOTAL:
        return LONG_UTF8
    return ASCII if _printable(data) else SHORT_UTF8


def _preamble(message: OffchainMessage) -> bytes:
    """All before the length, or before the text in V1."""
    signers = bytes((len(message.signers) & 0xFF,)) + b"".join(message.signers)
    if message.form is Form.V1:
        return OFFCHAIN_DOMAIN + b"\1" + signers
    format_byte = bytes((message.format or 0,))
    if message.form is Form.V0:
        return OFFCHAIN_DOMAIN + b"\0" + message.domain + format_byte + signers
    return OFFCHAIN_DOMAIN + b"\0" + format_byte


def encode_offchain(message: OffchainMessage) -> bytes:
    """The bytes that are signed.

    Raises:
        SigningError: the parts do not make a message.
    """
    data = _utf8(message.text)
    if message.form is Form.CLI:
        if message.signers or message.domain:
            raise SigningError("this form of off-chain message names no signers and no domain")
    elif not 0 < len(message.signers) < 256 or any(len(signer) != 32 for signer in message.signers):
        raise SigningError("an off-chain message names 1 to 255 signers of 32 bytes")
    if message.form is Form.V1:
        if list(message.signers) != sorted(set(message.signers)):
            raise SigningError("the signers of an off-chain message are not in order, or one is there twice")
        return _preamble(message) + data
    if message.form is Form.V0 and len(message.domain) != 32:
        raise SigningError("an application domain has 32 bytes")
    whole = _preamble(message) + len(data).to_bytes(2, "little") + data if len(data) <= LONG_TOTAL else b""
    long = LONG_TOTAL if message.form is Form.CLI else len(whole)
    most = {ASCII: SHORT_TOTAL, SHORT_UTF8: SHORT_TOTAL, LONG_UTF8: long}.get(message.format or 0, 0)
    if not whole or len(whole) > most:
        raise SigningError("the message is too long for this format of off-chain message")
    if message.format == ASCII and not _printable(data):
        raise SigningError("the message has characters that its format does not allow")
    return whole


def decode_offchain(data: bytes) -> OffchainMessage:
    """The message that these bytes are.

    Raises:
        SigningError: none, or not in the one form it has.
    """
    if not data.startswith(OFFCHAIN_DOMAIN) or len(data) < 18:
        raise SigningError("not an off-chain message")
    version, rest = data[16], data[17:]
    if version == 1:
        return _checked(_read_v1(rest), data)
    if version != 0:
        raise SigningError(f"off-chain messages of version {version} are not read here")
    if len(rest) >= 3 and rest[0] <= LONG_UTF8 and int.from_bytes(rest[1:3], "little") == len(rest) - 3:
        return _checked(OffchainMessage(_text(rest[3:]), Form.CLI, rest[0]), data)
    if len(rest) < 34:
        raise SigningError("the off-chain message ends early")
    domain, format_byte, (signers, rest) = rest[:32], rest[32], _signers(rest[33:])
    return _checked(OffchainMessage(_text(rest[2:]), Form.V0, format_byte, domain, signers), data)


def _read_v1(rest: bytes) -> OffchainMessage:
    signers, text = _signers(rest)
    return OffchainMessage(_text(text), Form.V1, None, b"", signers)


def _signers(rest: bytes) -> tuple[tuple[bytes, ...], bytes]:
    end = 1 + 32 * rest[0]
    if not rest[0] or len(rest) < end:
        raise SigningError("the signers of the off-chain message are cut off")
    return tuple(rest[i : i + 32] for i in range(1, end, 32)), rest[end:]


def _text(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise SigningError("the off-chain message is not text") from None


def _checked(message: OffchainMessage, data: bytes) -> OffchainMessage:
    if encode_offchain(message) != data:
        raise SigningError("the off-chain message is not in its one form")
    return message


def sign_offchain(private: Secret, message: OffchainMessage) -> bytes:
    """The 64-byte signature.

    Raises:
        SigningError: the message names signers, and this key is not among them.
        KeyFormatError: not a private key.
    """
    if message.signers and ed25519_public(private) not in message.signers:
        raise SigningError("this account is not among those that the message names as signers")
    return sign_ed25519(private, encode_offchain(message))
