"""The bytes of a transaction, held against the name it goes by, and read as the approval window reads them.

The node checked them already; it is done again here because an endpoint, or a program in the node's place, could hand
out another transaction. Nothing here says that it is on the chain: that stays the endpoint's word.
"""

import base64
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fluxdesk.core.wallet_views import ChainView, TxView
from fluxdesk.desktop.i18n import tr
from fluxdesk.desktop.words import remote

if TYPE_CHECKING:
    from fluxdesk_host.signing.reading import Reading

_C = "History"
_SIGNATURE = 64


@dataclass(frozen=True, slots=True)
class Proof:
    """What could be found out about one transaction.

    Attributes:
        raw: Its signed bytes; empty where the endpoint gives none, or others.
        checked: A sentence on what `raw` was held against.
        reading: What the bytes ask for; None where there are none.
    """

    raw: bytes
    checked: str
    reading: "Reading | None"


def proof(chain: ChainView, found: TxView) -> Proof:
    """What the node's answer proves. Never raises: what cannot be read is said."""
    try:
        raw = base64.b64decode(found.raw_b64, validate=True)
    except ValueError:
        raw = b""
    if not raw:
        return Proof(b"", tr(_C, "The endpoint has no bytes of it: nothing can be checked or read here."), None)
    return _evm(chain, found.tx, raw) if chain.family == "evm" else _solana(chain, found.tx, raw)


def _evm(chain: ChainView, tx: str, raw: bytes) -> Proof:
    from fluxdesk_host.keys.evm_tx import read_signed_transaction
    from fluxdesk_host.keys.keccak import keccak256
    from fluxdesk_host.signing import read_evm_transaction

    if "0x" + keccak256(raw).hex() != tx.lower():
        return Proof(b"", tr(_C, "The bytes do not have this hash: the endpoint gave another transaction."), None)
    said = tr(_C, "{n} bytes; their Keccak-256 is the hash.", n=f"{len(raw):,}")
    try:
        signed = read_signed_transaction(raw)
    except ValueError as error:
        why = remote(str(error), 160)
        return Proof(raw, tr(_C, "{said} They cannot be read here: {why}.", said=said, why=why), None)
    number = chain.id.partition(":")[2]
    reading = read_evm_transaction(
        signed.transaction, account="0x" + signed.sender.hex(), chain=int(number) if number.isdecimal() else None
    )
    return Proof(raw, said, reading)


def _solana(chain: ChainView, tx: str, raw: bytes) -> Proof:
    from fluxdesk_host.keys.base58 import b58encode
    from fluxdesk_host.signing import read_solana_transaction

    if len(raw) <= _SIGNATURE or b58encode(raw[1 : 1 + _SIGNATURE]) != tx:
        return Proof(b"", tr(_C, "The bytes carry another signature: the endpoint gave another transaction."), None)
    said = tr(_C, "{n} bytes; this is the first signature in them.", n=f"{len(raw):,}")
    return Proof(raw, said, read_solana_transaction(raw, chain=chain.id))


def undecoded(found: Proof) -> list[str]:
    """What of the bytes nobody read, in sentences."""
    if found.reading is None:
        return [tr(_C, "Nothing of it was decoded here.")]
    said = [
        tr(_C, "Not decoded: {what}, {n} bytes.", what=remote(part.what, 160), n=f"{len(part.raw):,}")
        for part in found.reading.unknown
    ]
    said += [
        tr(_C, "Call {place}: the method {selector} is none we know.", place=call.place, selector=call.selector)
        for call in found.reading.calls
        if not call.name and call.selector
    ]
    return said
