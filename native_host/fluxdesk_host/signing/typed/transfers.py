"""Transfers and calls by signature: EIP-3009, meta-transactions, delegated votes.

Sources: EIP-3009; OpenZeppelin ERC2771Forwarder (with and without deadline) and Votes; Matic's NativeMetaTransaction.
"""

from fluxdesk_host.signing.evm.call import Call, amount_of, read_call
from fluxdesk_host.signing.reading import EffectKind
from fluxdesk_host.signing.registry import TypedKind
from fluxdesk_host.signing.text import checksummed
from fluxdesk_host.signing.typed.document import Document

_AUTHORISED = (
    ("from", "address"), ("to", "address"), ("value", "uint256"), ("validAfter", "uint256"), ("validBefore", "uint256"),
    ("nonce", "bytes32"),
)  # fmt: skip


def _authorised(doc: Document) -> str:
    m, token = doc.message, doc.contract or ""
    doc.for_account(m["from"])
    doc.warn("authorised-transfer")
    doc.effect(
        EffectKind.PERMIT,
        asset=f"token:{token}",
        amount=m["value"],
        source=m["from"],
        to=m["to"],
        spender=m["to"],
        expires=doc.draft.expiry(m["validBefore"]),
    )
    return f"lets whoever holds the signature send {amount_of(token, m['value'])} to {checksummed(m['to'])}"


def _cancelled(doc: Document) -> str:
    doc.for_account(doc.message["authorizer"])
    doc.warn("revoke")
    doc.effect(EffectKind.REVOKE, asset=f"token:{doc.contract or ''}", source=doc.message["authorizer"])
    return "takes back a signed transfer"


def _forwarded(doc: Document) -> str:
    m = doc.message
    doc.for_account(m["from"])
    doc.warn("meta-transaction")
    if "deadline" in m:
        doc.draft.expiry(m["deadline"])
    return f"lets others carry out: {_inside(doc, m['from'], m['to'], m['value'], m['data'])}"


def _native_meta(doc: Document) -> str:
    m = doc.message
    doc.for_account(m["from"])
    doc.warn("meta-transaction")
    return f"lets others carry out: {_inside(doc, m['from'], doc.contract or '', 0, m['functionSignature'])}"


def _inside(doc: Document, sender: str, to: str, value: int, data: bytes) -> str:
    if value:
        doc.effect(EffectKind.NATIVE_OUT, asset="native", amount=value, source=sender, to=to, through=True)
    return read_call(Call(doc.scene, sender, to, value, data, depth=1, through=True))


def _votes(doc: Document) -> str:
    m = doc.message
    doc.warn("votes", to=m["delegatee"])
    doc.effect(
        EffectKind.PERMIT,
        asset=f"votes:{doc.contract or ''}",
        to=m["delegatee"],
        source=doc.scene.account,
        expires=doc.draft.expiry(m["expiry"]),
    )
    return f"hands the votes of this account to {checksummed(m['delegatee'])} by signature"


_REQUEST = (("from", "address"), ("to", "address"), ("value", "uint256"), ("gas", "uint256"), ("nonce", "uint256"))

KINDS = (
    TypedKind("TransferWithAuthorization", {"TransferWithAuthorization": _AUTHORISED}, _authorised),
    TypedKind("ReceiveWithAuthorization", {"ReceiveWithAuthorization": _AUTHORISED}, _authorised),
    TypedKind(
        "CancelAuthorization", {"CancelAuthorization": (("authorizer", "address"), ("nonce", "bytes32"))}, _cancelled
    ),
    TypedKind("ForwardRequest", {"ForwardRequest": (*_REQUEST, ("data", "bytes"))}, _forwarded),
    TypedKind("ForwardRequest", {"ForwardRequest": (*_REQUEST, ("deadline", "uint48"), ("data", "bytes"))}, _forwarded),
    TypedKind(
        "MetaTransaction",
        {"MetaTransaction": (("nonce", "uint256"), ("from", "address"), ("functionSignature", "bytes"))},
        _native_meta,
    ),
    TypedKind(
        "Delegation",
        {"Delegation": (("delegatee", "address"), ("nonce", "uint256"), ("expiry", "uint256"))},
        _votes,
    ),
)
