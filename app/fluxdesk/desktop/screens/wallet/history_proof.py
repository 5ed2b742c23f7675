"""What an endpoint hands out as the proof of a transaction, checked as far as this process can: bytes, hash, fields.

An EVM transaction's bytes are made again from the fields the endpoint gave and held against the hash that names it: the
fields can then not be others. A Solana transaction's bytes come whole; its first signature is held against its name.
Nothing here says that it is on the chain: that is the endpoint's word.
"""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from fluxdesk.core.wallet_views import ChainView
from fluxdesk.desktop.i18n import tr
from fluxdesk.desktop.words import remote
from fluxdesk_host.signing.reading import Reading

_C = "History"
_SIGNATURE = 64


@dataclass(frozen=True, slots=True)
class Proof:
    """What could be found out about one transaction.

    Attributes:
        raw: Its signed bytes; empty where the endpoint gives none.
        checked: A sentence on what `raw` was held against.
        reading: What the bytes ask for, by the reader that the approval window uses; None where there are none.
        answer: What the endpoint said, as it said it.
        block_hash: Of the block it is in, as the endpoint said; empty where it did not.
    """

    raw: bytes
    checked: str
    reading: Reading | None
    answer: str
    block_hash: str = ""


def question(chain: ChainView, tx: str) -> tuple[str, list[object]]:
    """Method and parameters that ask an endpoint for a transaction."""
    if chain.family == "evm":
        return "eth_getTransactionByHash", [tx]
    return "getTransaction", [
        tx, {"encoding": "base64", "commitment": "confirmed", "maxSupportedTransactionVersion": 0}
    ]  # fmt: skip


def proof(chain: ChainView, tx: str, result: bytes) -> Proof:
    """What the answer to `question` proves. Never raises: what cannot be read is said."""
    try:
        found = msgspec.json.decode(result)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        found = None
    if not isinstance(found, dict):
        return Proof(b"", tr(_C, "The endpoint does not know this transaction any more."), None, "")
    answer = msgspec.json.format(result, indent=1).decode("utf-8", "backslashreplace")
    return _evm(chain, tx, found, answer) if chain.family == "evm" else _solana(chain, tx, found, answer)


def _evm(chain: ChainView, tx: str, found: Mapping[str, Any], answer: str) -> Proof:
    from fluxdesk_host.keys.errors import KeyFormatError, SigningError
    from fluxdesk_host.signing import read_evm_transaction

    block_hash = found.get("blockHash")
    fields = {name: found[name] for name in _FIELDS if found.get(name) is not None}
    if fields.get("gasPrice") is not None and "maxFeePerGas" in fields:
        del fields["gasPrice"]  # what was paid, not what was signed
    reading = read_evm_transaction(fields, account=_text(found.get("from")) or None, chain=_number_of(chain))
    try:
        raw = _signed(fields, found)
    except (KeyFormatError, SigningError, ValueError, TypeError) as error:
        said = tr(_C, "Its bytes could not be made from the fields ({why}); they are shown as the endpoint gave them.",
                  why=remote(str(error), 120))  # fmt: skip
        return Proof(b"", said, reading, answer, _text(block_hash))
    from fluxdesk_host.keys.keccak import keccak256

    if "0x" + keccak256(raw).hex() != tx.lower():
        said = tr(_C, "The fields do not belong to this hash. The endpoint gave another transaction than it names.")
        return Proof(b"", said, reading, answer, _text(block_hash))
    said = tr(_C, "The bytes were made from the fields, and their Keccak-256 is the hash.")
    return Proof(raw, said, reading, answer, _text(block_hash))


def _signed(fields: Mapping[str, Any], found: Mapping[str, Any]) -> bytes:
    """The signed bytes (EIP-155, EIP-2718) of fields with their signature."""
    from fluxdesk_host.keys import rlp
    from fluxdesk_host.keys.evm_fields import LEGACY, read_transaction
    from fluxdesk_host.keys.evm_tx import signing_payload

    transaction = read_transaction(fields, lenient=True)
    v, r, s = (int(str(found[name]), 16) for name in ("v", "r", "s") if name in found)
    payload = signing_payload(transaction)
    head, body = (b"", payload) if transaction.type == LEGACY else (payload[:1], payload[1:])
    items = rlp.decode(body)
    if isinstance(items, bytes):
        raise ValueError(tr(_C, "no list of fields"))
    if transaction.type == LEGACY:
        items = items[:6]  # EIP-155 puts the chain where the signature goes
    return head + rlp.encode([*items, v, r, s])


def _solana(chain: ChainView, tx: str, found: Mapping[str, Any], answer: str) -> Proof:
    from fluxdesk_host.signing import read_solana_transaction

    inside = found.get("transaction")
    if not (isinstance(inside, list) and inside and isinstance(inside[0], str)):
        return Proof(b"", tr(_C, "The endpoint gives no bytes of it, only what it read from them."), None, answer)
    try:
        raw = base64.b64decode(inside[0], validate=True)
    except ValueError:
        return Proof(b"", tr(_C, "The endpoint gives no bytes of it that can be read."), None, answer)
    from fluxdesk_host.keys.base58 import b58encode

    first = b58encode(raw[1 : 1 + _SIGNATURE]) if len(raw) > _SIGNATURE else ""
    if first != tx:
        said = tr(_C, "The first signature in the bytes is another one. The endpoint gave another transaction.")
        return Proof(b"", said, None, answer)
    reading = read_solana_transaction(raw, chain=chain.id)  # accounts of lookup tables stay unresolved, which it says
    return Proof(raw, tr(_C, "The bytes carry this signature as their first one."), reading, answer)


def undecoded(found: Proof) -> list[str]:
    """What of the bytes nobody read, in sentences."""
    if found.reading is None:
        return [tr(_C, "Nothing of it was decoded here: there are no bytes to read.")]
    said = []
    for part in found.reading.unknown:
        said.append(tr(_C, "{what}: {n} bytes not decoded.", what=remote(part.what, 160), n=f"{len(part.raw):,}"))
    for call in found.reading.calls:
        if not call.name and call.selector:
            said.append(tr(_C, "Call {place}: the method {selector} is not one we know.",
                           place=call.place, selector=call.selector))  # fmt: skip
    return said


_FIELDS = (
    "type", "chainId", "nonce", "gas", "gasPrice", "maxFeePerGas", "maxPriorityFeePerGas", "to", "value", "input",
    "accessList", "authorizationList",
)  # fmt: skip


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _number_of(chain: ChainView) -> int | None:
    number = chain.id.partition(":")[2]
    return int(number) if number.isascii() and number.isdecimal() else None
