"""Messages to sign: plain texts, sign-ins, and bytes that stand for something else.

`personal_sign` puts a prefix before what it signs, so that it is never a transaction itself; contracts accept such
signatures of 32 bytes all the same, as that of a Safe or of an order. A Solana message has no prefix: its bytes may
be a transaction. Sources: EIP-191; Solana's off-chain message format, in the SDK's short form and the proposal's
long one.
"""

import re

from fluxdesk_host.signing.draft import Draft, refused
from fluxdesk_host.signing.messages.foreign import evm_form
from fluxdesk_host.signing.messages.sign_in import judge, parse_sign_in, resembles_sign_in
from fluxdesk_host.signing.reading import EffectKind, Reading, Source
from fluxdesk_host.signing.solana.message import BadMessage, parse_message, split_transaction
from fluxdesk_host.signing.text import LONGEST_MESSAGE, hides, mixed_word, short_hex, visible

_LONGEST = 1 << 20
_DIGITS = re.compile(r"(?:0[xX])?([0-9a-fA-F]+)\Z")
_HASH, _LONG_HEX = 64, 32
"""Hexadecimal digits of a hash, and of what is called a long number."""
_BLANKS = re.compile(r"[^\S\n]+")
_MOST_BLANKS, _MOST_EMPTY_LINES = 64, 12
"""From here on blanks or empty lines are enough to push what follows out of a window."""
_OFF_CHAIN = b"\xffsolana offchain"


def read_personal_message(
    message: object, origin: str = "", *, account: str | None = None, chain: int | None = None, now: int | None = None
) -> Reading:
    """What a signature by `personal_sign` (EIP-191, version 0x45) states. Never raises.

    Args:
        message: the bytes before the prefix is put in front of them.
        origin: who asks, as `https://host[:port]`.
        account: who is to sign.
        chain: the chain the wallet is on.
        now: Unix seconds, to tell a sign-in whose time is over; None where that is not to be judged.
    """
    draft = Draft(f"eip155:{chain}" if chain is not None else None, account, origin)
    return _message("evm_message", "Ethereum", message, draft, account, now)


def read_solana_text(
    message: object, origin: str = "", *, account: str | None = None, chain: str | None = None, now: int | None = None
) -> Reading:
    """What a signature of bare bytes (`signMessage`, `signIn`) by a Solana key states. Never raises.

    `chain` as `solana:mainnet`. Bytes that are a transaction are said to be one and are danger 5.
    """
    return _message("solana_message", "Solana", message, Draft(chain, account, origin), account, now)


def read_solana_offchain(
    message: object, origin: str = "", *, account: str | None = None, chain: str | None = None, now: int | None = None
) -> Reading:
    """What a signature of an off-chain message, header included, states. Never raises."""
    draft = Draft(chain, account, origin)
    if not isinstance(message, (bytes, bytearray)) or len(message) > _LONGEST:
        return refused("solana_message", draft, "the message is not bytes, or too long", b"")
    found = off_chain(bytes(message))
    if found is None:
        return refused("solana_message", draft, "the bytes are not an off-chain message", bytes(message))
    body, signers, domain = found
    draft.signers = signers
    if any(domain):
        name = domain.rstrip(b"\0")
        printable = all(0x20 <= c < 0x7F for c in name)
        draft.fact("application", name.decode() if printable else short_hex(domain))
    if signers and account is not None and account not in signers:
        draft.warn("not-our-signature", wanted=account)
    return _message("solana_message", "Solana", body, draft, account, now, bare=False)


def off_chain(data: bytes) -> tuple[bytes, tuple[str, ...], bytes] | None:
    """(body, signers, application domain) of an off-chain message, as the signer reads it; None where it is none, or
    could be read in two ways.
    """
    from fluxdesk_host.keys.errors import SigningError
    from fluxdesk_host.keys.solana_offchain import Form, decode_offchain
    from fluxdesk_host.signing.solana.base58 import b58encode

    try:
        message = decode_offchain(data)
    except SigningError:
        return None
    rest = data[len(_OFF_CHAIN) + 1 :]
    if message.form is Form.CLI and len(rest) >= 34 and rest[32] <= 2 and rest[33]:
        end = 34 + 32 * rest[33]
        if len(rest) >= end + 2 and len(rest) == end + 2 + int.from_bytes(rest[end : end + 2], "little"):
            return None
    return message.text.encode(), tuple(b58encode(signer) for signer in message.signers), message.domain


def _message(
    source: Source, ledger: str, message: object, draft: Draft, account: str | None, now: int | None, bare: bool = True
) -> Reading:
    """`bare`: on Solana, nothing stands before the bytes when they are signed, so that they may be a transaction."""
    if isinstance(message, str):
        message = message.encode(errors="surrogatepass")
    if not isinstance(message, (bytes, bytearray)) or len(message) > _LONGEST:
        return refused(source, draft, "the message is not bytes, or too long", b"")
    data = bytes(message)
    if ledger == "Solana" and bare and _is_transaction(data):
        draft.warn("is-a-transaction")
        return _blind(source, draft, data, "signs a whole transaction as if it were a message.")
    if ledger == "Ethereum" and (form := evm_form(data)):
        draft.warn("foreign-form", what=form)
        return _blind(source, draft, data, f"signs {len(data):,} bytes that have the form of {form}.")
    if data.startswith(_OFF_CHAIN):
        draft.warn("binary-message")
        return _blind(source, draft, data, "signs an off-chain message inside a message.")
    try:
        text = data.decode()
    except UnicodeDecodeError:
        draft.warn("blind-hash" if len(data) == 32 else "binary-message")
        if ledger == "Solana" and bare and data[0] & 0x80:
            draft.warn("maybe-a-transaction")
        return _blind(source, draft, data, f"signs {len(data):,} bytes that are not text.")
    draft.text = visible(text, LONGEST_MESSAGE, lines=True)
    sign_in = parse_sign_in(text)
    if hides(text):
        draft.warn("hidden-characters")
    if word := mixed_word(text[:LONGEST_MESSAGE]):
        draft.warn("mixed-word", word=word)
    if sign_in is not None and sign_in.ledger == ledger:
        return draft.reading(source, judge(draft, sign_in, account, draft.chain, now) + ".")
    if resembles_sign_in(text):
        draft.warn("sign-in-form")
    return _text(source, draft, data, text)


def _text(source: Source, draft: Draft, data: bytes, text: str) -> Reading:
    bare = text.strip()
    if _padded(text):
        draft.warn("padded-text")
    if not bare:
        draft.warn("empty-message")
    found = _DIGITS.match(bare)
    digits = found[1] if found and len(found[1]) % 2 == 0 else ""
    if digits and source == "evm_message" and (form := evm_form(bytes.fromhex(digits))):
        draft.warn("foreign-form", what=form)
        return _blind(source, draft, data, f"signs the hexadecimal form of {form}.")
    if len(digits) == _HASH:
        draft.warn("blind-hex")
        return _blind(source, draft, data, "signs the hexadecimal form of 32 bytes.")
    if len(data) == 32:
        draft.warn("short-bytes" if text.isprintable() else "blind-hash")
        return _blind(source, draft, data, "signs 32 bytes.")
    if len(digits) >= _LONG_HEX:
        draft.warn("hex-text")
        return _blind(source, draft, data, "signs a long hexadecimal number.")
    if len(text) > LONGEST_MESSAGE:
        draft.warn("long-message")
        draft.unread("", "rest of the text", data)
    draft.warn("text-message")
    draft.effect(EffectKind.MESSAGE)
    return draft.reading(source, f"signs a text of {len(text):,} characters.")


def _padded(text: str) -> bool:
    if any(run.end() - run.start() >= _MOST_BLANKS for run in _BLANKS.finditer(text)):
        return True
    empty = 0
    for line in text.split("\n")[:-1]:
        empty = 0 if line.strip() else empty + 1
        if empty >= _MOST_EMPTY_LINES:
            return True
    return False


def _blind(source: Source, draft: Draft, data: bytes, sentence: str) -> Reading:
    draft.unread("", "message", data)
    draft.effect(EffectKind.UNKNOWN)
    return draft.reading(source, sentence)


def _is_transaction(data: bytes) -> bool:
    for candidate in (data, split_transaction(data)):
        if candidate is not None:
            try:
                parse_message(candidate)
            except BadMessage:
                continue
            return True
    return False
