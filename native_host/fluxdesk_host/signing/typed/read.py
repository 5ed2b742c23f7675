"""Typed data by EIP-712: which kind it is, what its signature allows."""

import json

from fluxdesk_host.signing.depth import is_deep
from fluxdesk_host.signing.draft import Draft, refused
from fluxdesk_host.signing.evm.call import Scene
from fluxdesk_host.signing.reading import EffectKind, Reading
from fluxdesk_host.signing.registry import Registry
from fluxdesk_host.signing.standard import standard
from fluxdesk_host.signing.text import LONGEST_NAME, visible
from fluxdesk_host.signing.typed.document import (
    LONGEST,
    BadDocument,
    Document,
    flattened,
    load,
    parse,
    whole_number,
)


def read_typed_data(
    obj: object,
    origin: str = "",
    *,
    account: str | None = None,
    chain: int | None = None,
    registry: Registry | None = None,
) -> Reading:
    """What a signature of a typed-data document would allow. Never raises; what cannot be read is danger 5.

    Args:
        obj: the document of `eth_signTypedData_v4`, as JSON text or parsed.
        origin: who asks.
        account: who is to sign; a document that speaks for somebody else is said to.
        chain: the chain the wallet is on, likewise.
        registry: recognisers; those of `standard` where None.
    """
    account = account.lower() if account else None
    try:
        given = load(obj)
        scene = Scene(Draft(None, account, origin), registry or standard(), _chain(given, chain), account)
        doc = parse(given, scene)
    except (BadDocument, RecursionError) as bad:
        what = str(bad) if isinstance(bad, BadDocument) else "the document is nested too deeply"
        return refused("evm_typed", Draft(account=account, origin=origin), what, _raw(obj))
    draft = doc.draft
    _domain(doc, chain)
    for name, value in flattened(doc.domain, "domain"):
        draft.fact(name, value)
    for name, value in flattened(doc.message):
        draft.fact(name, value)
    if doc.unsigned:
        draft.warn("unsigned-field", what=", ".join(doc.unsigned[:8]))
        draft.complete = False
    return draft.reading("evm_typed", (_recognised(doc) or _unknown(doc, obj)) + ".")


def _chain(given: dict[str, object], chain: int | None) -> int | None:
    """The chain that inner calls are read for: the document's own, where its domain is signed with one."""
    types, domain = given.get("types"), given.get("domain")
    fields = types.get("EIP712Domain") if isinstance(types, dict) else None
    if isinstance(fields, list) and not any(isinstance(f, dict) and f.get("name") == "chainId" for f in fields):
        return chain
    try:
        return whole_number(domain["chainId"]) if isinstance(domain, dict) and "chainId" in domain else chain
    except BadDocument:
        return chain


def _domain(doc: Document, chain: int | None) -> None:
    stated = doc.domain.get("chainId")
    if stated is None:
        doc.warn("typed-domain", what="a chain")
    else:
        doc.draft.chain = f"eip155:{stated}"
        if chain is not None and stated != chain:
            doc.warn("chain-mismatch", stated=stated, wanted=chain)
    if doc.contract is None:
        doc.warn("typed-domain", what="a contract")


def _recognised(doc: Document) -> str | None:
    """The phrase of a known kind; None for any other, and for one that is bound to no contract."""
    named = False
    if doc.contract is None:
        return None
    for kind in doc.scene.registry.typed_of(doc.primary):
        if kind.types is not None and dict(kind.types) != dict(doc.types):
            named = True
            continue
        phrase = kind.read(doc)
        if phrase is not None:
            return phrase
        named = named or bool(kind.primary)
    if named:
        doc.warn("wrong-types", name=doc.primary)
    return None


def _unknown(doc: Document, obj: object) -> str:
    doc.draft.unread("", "typed data", _raw(obj))
    doc.warn("typed-unknown", name=visible(doc.primary, LONGEST_NAME))
    doc.effect(EffectKind.UNKNOWN, to=doc.contract)
    return f"signs typed data of the kind {visible(doc.primary, LONGEST_NAME)}, which is not known"


def _raw(obj: object) -> bytes:
    if isinstance(obj, str):
        return obj.encode(errors="surrogatepass")[:LONGEST]
    if isinstance(obj, (bytes, bytearray)):
        return bytes(obj[:LONGEST])
    if is_deep(obj):
        return b""
    try:
        return json.dumps(obj, ensure_ascii=True, default=repr).encode()[:LONGEST]
    except (ValueError, TypeError, RecursionError):
        return b""
