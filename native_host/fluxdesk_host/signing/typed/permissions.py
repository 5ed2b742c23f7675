"""Permissions given by a signature alone: EIP-2612, DAI, and the six kinds of Permit2.

Sources: EIP-2612; dai.sol; Permit2's PermitHash. Nothing is sent and nothing is paid: whoever holds the signature
submits it.
"""

from typing import Any

from fluxdesk_host.signing.draft import UNLIMITED_EVM
from fluxdesk_host.signing.evm.call import amount_of
from fluxdesk_host.signing.reading import EffectKind
from fluxdesk_host.signing.registry import TypedKind
from fluxdesk_host.signing.text import checksummed, counted, until
from fluxdesk_host.signing.typed.document import Document

_TOKENS = (("token", "address"), ("amount", "uint256"))
_DETAILS = (("token", "address"), ("amount", "uint160"), ("expiration", "uint48"), ("nonce", "uint48"))
_TAIL = (("spender", "address"), ("nonce", "uint256"), ("deadline", "uint256"))


def _allow(
    doc: Document, token: str, owner: str | None, spender: str, amount: int, expires: int | None, ends: bool = False
) -> str:
    """One allowance: the warning, the effect, the words. `ends`: it ends at `expires`, else only the signature does."""
    asset = f"token:{token}"
    if amount == 0:
        doc.warn("revoke")
        doc.effect(EffectKind.REVOKE, asset=asset, amount=0, source=owner, spender=spender, expires=expires)
        return f"signs that {checksummed(spender)} may take nothing of token {checksummed(token)}"
    unlimited = amount >= UNLIMITED_EVM
    doc.warn("permit-unlimited" if unlimited else "permit", spender=spender)
    _spender(doc, spender)
    doc.effect(
        EffectKind.PERMIT,
        asset=asset,
        amount=amount,
        bound="most",
        source=owner,
        spender=spender,
        unlimited=unlimited,
        expires=expires,
    )
    much = "any amount" if unlimited else f"up to {amount:,} base units"
    what = f"{much} of token {checksummed(token)} from this account"
    held = until(expires) if ends else f", by a signature that holds{until(expires)}" if expires else ", by signature"
    return f"lets {checksummed(spender)} take {what}{held}{', without asking again' if unlimited else ''}"


def _spender(doc: Document, spender: str) -> None:
    if not doc.scene.known(spender):
        doc.warn("permit-spender", spender=spender)


def _permit(doc: Document) -> str:
    m = doc.message
    doc.for_account(m["owner"])
    expires = doc.draft.expiry(m["deadline"])
    return _allow(doc, doc.contract or "", m["owner"], m["spender"], m["value"], expires)


def _dai(doc: Document) -> str:
    m = doc.message
    doc.for_account(m["holder"])
    expires = doc.draft.expiry(m["expiry"]) if m["expiry"] else None
    if not m["expiry"]:
        doc.warn("never-expires")
    amount = (1 << 256) - 1 if m["allowed"] else 0
    return _allow(doc, doc.contract or "", m["holder"], m["spender"], amount, expires)


def _permit2(doc: Document) -> None:
    if not doc.scene.is_a("permit2", doc.contract):
        doc.warn("not-permit2", target=doc.contract or "no contract")


def _single(doc: Document) -> str:
    return _allowances(doc, (doc.message["details"],))


def _batch(doc: Document) -> str:
    return _allowances(doc, doc.message["details"])


def _allowances(doc: Document, details: tuple[dict[str, Any], ...]) -> str:
    _permit2(doc)
    spender = doc.message["spender"]
    doc.draft.expiry(doc.message["sigDeadline"])
    phrases = [
        _allow(doc, d["token"], doc.scene.account, spender, d["amount"], doc.draft.expiry(d["expiration"]), True)
        for d in details
    ]
    return _together(phrases, spender)


def _together(phrases: list[str], spender: str) -> str:
    if len(phrases) == 1:
        return phrases[0]
    return f"lets {checksummed(spender)} take {counted(len(phrases), 'token')} by signature; each is listed"


def _taken(doc: Document) -> str:
    """SignatureTransfer: the spender itself takes up to the amount, once; witness data bind what it must do for it."""
    _permit2(doc)
    m = doc.message
    permitted = m["permitted"] if isinstance(m["permitted"], tuple) else (m["permitted"],)
    spender, expires = m["spender"], doc.draft.expiry(m["deadline"])
    phrases = []
    for item in permitted:
        token, amount = item["token"], item["amount"]
        unlimited = amount >= UNLIMITED_EVM
        doc.warn("permit-unlimited" if unlimited else "permit-takes", spender=spender)
        _spender(doc, spender)
        doc.effect(
            EffectKind.PERMIT,
            asset=f"token:{token}",
            amount=amount,
            bound="most",
            source=doc.scene.account,
            spender=spender,
            unlimited=unlimited,
            expires=expires,
        )
        phrases.append(
            f"lets {checksummed(spender)} take {amount_of(token, amount)} once, by signature{until(expires)}"
        )
    return _together(phrases, spender)


def _witnessed(doc: Document) -> str | None:
    """A permit with a witness of the spender's own making: what the witness demands is for the spender to keep."""
    fields = doc.types[doc.primary]
    batch = doc.primary == "PermitBatchWitnessTransferFrom"
    head = (("permitted", "TokenPermissions[]" if batch else "TokenPermissions"), *_TAIL)
    if len(fields) != 5 or fields[:4] != head or doc.types.get("TokenPermissions") != _TOKENS:
        return None
    doc.warn("order")
    return f"{_taken(doc)}, under conditions that it checks itself (“{fields[4][0][:32]}”)"


def _nft(doc: Document) -> str:
    m = doc.message
    spender = m["spender"]
    doc.warn("permit-nft", spender=spender)
    _spender(doc, spender)
    doc.effect(
        EffectKind.PERMIT,
        asset=f"erc721:{doc.contract or ''}",
        amount=1,
        token_id=m["tokenId"],
        source=doc.scene.account,
        spender=spender,
        expires=doc.draft.expiry(m["deadline"]),
    )
    return f"lets {checksummed(spender)} take by signature NFT {m['tokenId']} of {checksummed(doc.contract or '')}"


def _all_nfts(doc: Document) -> str:
    m = doc.message
    doc.for_account(m["owner"])
    expires, operator, asset = doc.draft.expiry(m["deadline"]), m["operator"], f"token:{doc.contract or ''}"
    if not m["approved"]:
        doc.warn("revoke")
        doc.effect(EffectKind.REVOKE, asset=asset, source=m["owner"], spender=operator, expires=expires)
        return f"signs that {checksummed(operator)} may take no NFT of {checksummed(doc.contract or '')}"
    doc.warn("permit-unlimited", spender=operator)
    _spender(doc, operator)
    doc.effect(EffectKind.PERMIT, asset=asset, source=m["owner"], spender=operator, unlimited=True, expires=expires)
    return f"lets {checksummed(operator)} take every NFT of {checksummed(doc.contract or '')} by signature"


def _credit(doc: Document) -> str:
    m = doc.message
    unlimited = m["value"] >= UNLIMITED_EVM
    doc.warn("credit-unlimited" if unlimited else "credit", to=m["delegatee"])
    doc.effect(
        EffectKind.PERMIT, asset=f"token:{doc.contract or ''}", amount=m["value"], bound="most",
        source=doc.scene.account, spender=m["delegatee"], unlimited=unlimited,
        expires=doc.draft.expiry(m["deadline"]),
    )  # fmt: skip
    what = amount_of(doc.contract or "", m["value"])
    return f"lets {checksummed(m['delegatee'])} borrow {what} by signature, and this account owe it"


def _delegation(doc: Document) -> str:
    """ERC-7710: the delegate acts with the rights of the account, within what the caveats' contracts let pass."""
    m = doc.message
    doc.for_account(m["delegator"])
    doc.warn("delegates-rights", to=m["delegate"])
    doc.warn("never-expires")
    if m["caveats"]:
        for caveat in m["caveats"]:
            doc.draft.unread("", f"terms for {checksummed(caveat['enforcer'])}", caveat["terms"])
    doc.effect(EffectKind.DELEGATE, source=m["delegator"], to=m["delegate"], unlimited=True)
    bounds = (
        f"within {counted(len(m['caveats']), 'condition')} that other contracts keep"
        if m["caveats"]
        else "without conditions"
    )
    return f"lets {checksummed(m['delegate'])} act for the account, {bounds}"


KINDS = (
    TypedKind(
        "Permit",
        {
            "Permit": (
                ("owner", "address"), ("spender", "address"), ("value", "uint256"), ("nonce", "uint256"),
                ("deadline", "uint256"),
            )
        },
        _permit,
    ),
    TypedKind(
        "Permit",
        {
            "Permit": (
                ("holder", "address"), ("spender", "address"), ("nonce", "uint256"), ("expiry", "uint256"),
                ("allowed", "bool"),
            )
        },
        _dai,
    ),
    TypedKind(
        "PermitSingle",
        {
            "PermitSingle": (("details", "PermitDetails"), ("spender", "address"), ("sigDeadline", "uint256")),
            "PermitDetails": _DETAILS,
        },
        _single,
    ),
    TypedKind(
        "PermitBatch",
        {
            "PermitBatch": (("details", "PermitDetails[]"), ("spender", "address"), ("sigDeadline", "uint256")),
            "PermitDetails": _DETAILS,
        },
        _batch,
    ),
    TypedKind(
        "PermitTransferFrom",
        {"PermitTransferFrom": (("permitted", "TokenPermissions"), *_TAIL), "TokenPermissions": _TOKENS},
        _taken,
    ),
    TypedKind(
        "PermitBatchTransferFrom",
        {"PermitBatchTransferFrom": (("permitted", "TokenPermissions[]"), *_TAIL), "TokenPermissions": _TOKENS},
        _taken,
    ),
    TypedKind(
        "Permit",
        {
            "Permit": (
                ("spender", "address"), ("tokenId", "uint256"), ("nonce", "uint256"), ("deadline", "uint256"),
            )
        },
        _nft,
    ),
    TypedKind(
        "PermitForAll",
        {
            "PermitForAll": (
                ("owner", "address"), ("operator", "address"), ("approved", "bool"), ("nonce", "uint256"),
                ("deadline", "uint256"),
            )
        },
        _all_nfts,
    ),
    TypedKind(
        "DelegationWithSig",
        {
            "DelegationWithSig": (
                ("delegatee", "address"), ("value", "uint256"), ("nonce", "uint256"), ("deadline", "uint256"),
            )
        },
        _credit,
    ),
    TypedKind(
        "Delegation",
        {
            "Delegation": (
                ("delegate", "address"), ("delegator", "address"), ("authority", "bytes32"), ("caveats", "Caveat[]"),
                ("salt", "uint256"),
            ),
            "Caveat": (("enforcer", "address"), ("terms", "bytes")),
        },
        _delegation,
    ),
    TypedKind("PermitWitnessTransferFrom", None, _witnessed),
    TypedKind("PermitBatchWitnessTransferFrom", None, _witnessed),
)  # fmt: skip
