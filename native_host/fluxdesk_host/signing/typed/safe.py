"""What owners of a Safe sign: its transactions, read like any call, and its messages.

Source: safe-smart-account, Safe.sol (`SAFE_TX_TYPEHASH`; `dataGas` before version 1.0) and
CompatibilityFallbackHandler.
"""

from fluxdesk_host.signing.evm.bundles import safe_inner
from fluxdesk_host.signing.evm.call import Call
from fluxdesk_host.signing.reading import EffectKind
from fluxdesk_host.signing.registry import TypedKind
from fluxdesk_host.signing.text import checksummed
from fluxdesk_host.signing.typed.document import Document


def _transaction(doc: Document) -> str:
    m, safe = doc.message, doc.contract or ""
    doc.warn("safe-transaction", target=safe)
    if m["gasPrice"]:
        doc.warn("transfer-of-others", source=safe)
        asset = "native" if int(m["gasToken"], 16) == 0 else f"token:{m['gasToken']}"
        doc.effect(EffectKind.UNKNOWN, asset=asset, source=safe, to=m["refundReceiver"], by=safe)
    outer = Call(doc.scene, safe, safe, 0, b"")
    inner = safe_inner(outer, safe, m["to"], m["value"], m["data"], m["operation"])
    return f"confirms for the Safe {checksummed(safe)}, number {m['nonce']}: {inner}"


def _message(doc: Document) -> str:
    safe = doc.contract or ""
    doc.warn("safe-message", target=safe)
    doc.draft.unread("", "message of the Safe", doc.message["message"])
    doc.effect(EffectKind.MESSAGE, by=safe)
    return f"confirms a message for the Safe {checksummed(safe)}"


def _fields(gas: str) -> tuple[tuple[str, str], ...]:
    return (
        ("to", "address"), ("value", "uint256"), ("data", "bytes"), ("operation", "uint8"), ("safeTxGas", "uint256"),
        (gas, "uint256"), ("gasPrice", "uint256"), ("gasToken", "address"), ("refundReceiver", "address"),
        ("nonce", "uint256"),
    )  # fmt: skip


KINDS = (
    TypedKind("SafeTx", {"SafeTx": _fields("baseGas")}, _transaction),
    TypedKind("SafeTx", {"SafeTx": _fields("dataGas")}, _transaction),
    TypedKind("SafeMessage", {"SafeMessage": (("message", "bytes"),)}, _message),
)
