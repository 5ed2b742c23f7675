"""Messages to sign: plain texts, sign-ins, and bytes that stand for something else.

`personal_sign` puts a prefix before what it signs, so that it is never a transaction itself; contracts accept such
signatures of 32 bytes all the same, as that of a Safe or of an order. A Solana message has no prefix: its bytes may
be a transaction. Sources: EIP-191; Solana's off-chain message format, in the SDK's short form and the proposal's
long one.
"""

import re

from fluxdesk_host.signing.draft import Draft, refused
from fluxdesk_host.signing.messages.sign_in import judge, parse_sign_in, resembles_sign_in
from fluxdesk_host.signing.reading import EffectKind, Reading, Source
from fluxdesk_host.signing.solana.message import BadMessage, parse_message, split_transaction
from fluxdesk_host.signing.text import LONGEST_MESSAGE, hides, visible

_LONGEST = 1 << 20
_HASH = re.compile(r"(?:0[xX])?[0-9a-fA-F]{64}\Z")
_HEX = re.compile(r"(?:0[xX])?(?:[0-9a-fA-F]{2}){16,}\Z")
_PADDED = re.compile(r"(?:[^\S\n]*\n){12}|[^\S\n]{64}")
"""A dozen empty lines or 64 blanks: enough to push what follows out of a window."""
_OFF_CHAIN = b"\xffsolana offchain"


def read_personal_message(
    message: object, origin: str = "", *, account: str | None = None, chain: int | None = None
) -> Reading:
    """What a signature by `personal_sign` (EIP-191, version 0x45) states. Never raises.

    Args:
        message: the bytes before the prefix is put in front of them.
        origin: who asks, as `https://host[:port]`.
        account: who is to sign.
        chain: the chain the wallet is on.
    """
    draft = Draft(f"eip155:{chain}" if chain is not None else None, account, origin)
    return _message("evm_message", "Ethereum", message, draft, account)


def read_solana_text(
    message: object, origin: str = "", *, account: str | None = None, chain: str | None = None
) -> Reading:
    """What a signature of bare bytes (`signMessage`, `signIn`) by a Solana key states. Never raises.

    `chain` as `solana:mainnet`. Bytes that are a transaction are said to be one and are danger 5.
    """
    return _message("solana_message", "Solana", message, Draft(chain, account, origin), account)


def read_solana_offchain(
    message: object, origin: str = "", *, account: str | None = None, chain: str | None = None
) -> Reading:
    """What a signature of an off-chain message, header included, states. Never raises."""
    draft = Draft(chain, account, origin)
    if not isinstance(message, (bytes, bytearray)) or len(message) > _LONGEST:
        return refused("solana_message", draft, "the message is not bytes, or too long", b"")
    found = off_chain(bytes(message))
    if found is None:
        return refused("solana_message", draft, "the bytes are not an off-chain message", bytes(message))
    body, signers = found
    draft.signers = signers
    if signers and account is not None and account not in signers:
        draft.warn("not-our-signature", wanted=account)
    return _message("solana_message", "Solana", body, draft, account)


def off_chain(data: bytes) -> tuple[bytes, tuple[str, ...]] | None:
    """(body, signers) of an off-chain message of version 0; None where it is none, or could be read in two ways."""
    from fluxdesk_host.signing.solana.base58 import b58encode

    if not data.startswith(_OFF_CHAIN + b"\0"):
        return None
    rest = data[len(_OFF_CHAIN) + 1 :]
    found: list[tuple[bytes, tuple[str, ...]]] = []
    if len(rest) >= 3 and rest[0] <= 2 and len(rest) == 3 + int.from_bytes(rest[1:3], "little"):
        found.append((rest[3:], ()))
    if len(rest) >= 34 and rest[32] <= 2 and rest[33]:
        end = 34 + 32 * rest[33]
        if len(rest) >= end + 2 and len(rest) == end + 2 + int.from_bytes(rest[end : end + 2], "little"):
            signers = tuple(b58encode(rest[i : i + 32]) for i in range(34, end, 32))
            found.append((rest[end + 2 :], signers))
    return found[0] if len(found) == 1 else None


def _message(source: Source, ledger: str, message: object, draft: Draft, account: str | None) -> Reading:
    if isinstance(message, str):
        message = message.encode(errors="surrogatepass")
    if not isinstance(message, (bytes, bytearray)) or len(message) > _LONGEST:
        return refused(source, draft, "the message is not bytes, or too long", b"")
    data = bytes(message)
    if ledger == "Solana" and _is_transaction(data):
        draft.warn("is-a-transaction")
        return _blind(source, draft, data, "signs a whole transaction as if it were a message.")
    if data.startswith(_OFF_CHAIN):
        draft.warn("binary-message")
        return _blind(source, draft, data, "signs an off-chain message inside a message.")
    try:
        text = data.decode()
    except UnicodeDecodeError:
        draft.warn("blind-hash" if len(data) == 32 else "binary-message")
        return _blind(source, draft, data, f"signs {len(data):,} bytes that are not text.")
    draft.text = visible(text, LONGEST_MESSAGE, lines=True)
    sign_in = parse_sign_in(text)
    if hides(text):
        draft.warn("hidden-characters")
    if sign_in is not None and sign_in.ledger == ledger:
        return draft.reading(source, judge(draft, sign_in, account, draft.chain) + ".")
    if resembles_sign_in(text):
        draft.warn("sign-in-form")
    return _text(source, draft, data, text)


def _text(source: Source, draft: Draft, data: bytes, text: str) -> Reading:
    bare = text.strip()
    if _PADDED.search(text):
        draft.warn("padded-text")
    if not bare:
        draft.warn("empty-message")
    if _HASH.match(bare):
        draft.warn("blind-hex")
        return _blind(source, draft, data, "signs the hexadecimal form of 32 bytes.")
    if len(data) == 32:
        draft.warn("short-bytes" if text.isprintable() else "blind-hash")
        return _blind(source, draft, data, "signs 32 bytes.")
    if _HEX.match(bare):
        draft.warn("hex-text")
        return _blind(source, draft, data, "signs a long hexadecimal number.")
    if len(text) > LONGEST_MESSAGE:
        draft.warn("long-message")
        draft.unread("", "rest of the text", data)
    draft.warn("text-message")
    draft.effect(EffectKind.MESSAGE)
    return draft.reading(source, f"signs a text of {len(text):,} characters.")


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
