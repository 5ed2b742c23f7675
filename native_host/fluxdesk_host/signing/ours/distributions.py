"""Distributions: their creation, claims by id, payouts, and what verifiers and claimants sign.

Source: contracts/evm/src/interfaces/{IDistribution,IDistributionVault}.sol. Each distribution is a contract of its own,
which no list names: what is signed for one is said to be for a contract that is not known.
"""

from typing import Any

from fluxdesk_host.signing.abi import AbiError, decode, parse_type
from fluxdesk_host.signing.evm.call import Call, amount_of
from fluxdesk_host.signing.ours.common import gives, ours, place_of, units
from fluxdesk_host.signing.reading import EffectKind
from fluxdesk_host.signing.registry import EvmMethod, TypedKind
from fluxdesk_host.signing.text import checksummed, counted, until
from fluxdesk_host.signing.typed.document import Document

CONTRACT = "Distribution"
AUTHORISATION = {
    "Authorisation": (
        ("distributionId", "bytes32"), ("account", "address"), ("recipient", "address"), ("index", "uint256"),
        ("nullifier", "bytes32"), ("deadline", "uint256"),
    ),
}  # fmt: skip
ATTESTATION = {
    "Attestation": (
        ("distributionId", "bytes32"), ("claimant", "address"), ("nullifier", "bytes32"),
        ("requirementsHash", "bytes32"), ("issuedAt", "uint64"), ("expiresAt", "uint64"),
    ),
}  # fmt: skip
_PROOF = tuple(parse_type(t) for t in ("uint256", "uint256", "bytes32[]", "(bytes32,uint64,uint64)", "bytes"))


def _create(call: Call, values: tuple[Any, ...]) -> str:
    p = values[0]
    token, amount, recipients = p[3], p[4], p[5]
    admin, guardian, threshold, verifiers = p[13], p[14], p[16], p[17]
    gives(call, f"token:{token}", amount)
    call.draft.fact("Administrator", checksummed(admin))
    call.draft.fact("Guardian", checksummed(guardian))
    by = f", {threshold} of {counted(len(verifiers), 'verifier')} having to attest" if verifiers else ""
    return (
        f"puts {amount_of(token, amount)} into a distribution for up to {counted(recipients, 'claim')}{by}, open from "
        f"{p[7]} to {p[8]} (Unix seconds) {ours(call)}"
    )


def _claim(call: Call, values: tuple[Any, ...]) -> str:
    identity, proof = values
    try:
        claimed, end = decode(_PROOF, proof)
        if end != len(proof):
            raise AbiError("bytes are left over")
    except AbiError:
        call.warn("unread-arguments", name="claimTokens")
        call.draft.unread(call.place, "a proof", proof)
        call.effect(EffectKind.UNKNOWN, to=call.to)
        return f"claims from distribution 0x{identity.hex()} with a proof that is not read {ours(call)}"
    asset = place_of(call, identity.hex())
    call.effect(EffectKind.TOKEN_IN, asset=asset, amount=claimed[1] or None, bound="most", to=call.sender)
    what = units(claimed[1]) if claimed[1] else "what each person gets"
    return f"claims {what} from distribution 0x{identity.hex()} {ours(call)}"


def _payout(call: Call, values: tuple[Any, ...]) -> str:
    token, recipients, amounts, total = values
    for recipient, amount in zip(recipients, amounts, strict=False):
        call.effect(EffectKind.TOKEN_OUT, asset=f"token:{token}", amount=amount, source=call.sender, to=recipient)
    if len(recipients) != len(amounts) or sum(amounts) != total:
        call.warn("malformed", what="recipients, amounts and their sum do not belong together")
    return f"pays {amount_of(token, total)} to {counted(len(recipients), 'recipient')} {ours(call)}"


def _authorisation(doc: Document) -> str:
    m = doc.message
    doc.for_account(m["account"])
    expires = doc.draft.expiry(m["deadline"])
    doc.warn("claim-for", to=m["recipient"], target=doc.contract or "")
    if m["recipient"] != m["account"]:
        doc.warn("result-to-other", to=m["recipient"])
    doc.effect(
        EffectKind.PERMIT, asset=f"claim:0x{m['distributionId'].hex()}", source=m["account"], to=m["recipient"],
        spender=m["recipient"], expires=expires,
    )  # fmt: skip
    return (
        f"lets whoever holds the signature have claim {m['index']} of distribution 0x{m['distributionId'].hex()} "
        f"paid to {checksummed(m['recipient'])}{until(expires)}"
    )


def _attestation(doc: Document) -> str:
    m = doc.message
    expires = doc.draft.expiry(m["expiresAt"])
    doc.warn("attests", to=m["claimant"])
    doc.effect(EffectKind.MESSAGE, to=m["claimant"], expires=expires)
    doc.draft.fact("Requirements (hash)", f"0x{m['requirementsHash'].hex()}")
    return (
        f"attests that {checksummed(m['claimant'])} meets the requirements of distribution "
        f"0x{m['distributionId'].hex()}{until(expires)}"
    )


KINDS = (
    TypedKind("Authorisation", AUTHORISATION, _authorisation),
    TypedKind("Attestation", ATTESTATION, _attestation),
)
_PARAMETERS = (
    "(bytes32,bytes32,bytes32,address,uint256,uint256,uint256,uint256,uint256,uint256,uint256,uint256,uint256,address,"
    "address,address,uint256,address[])"
)
METHODS = (
    EvmMethod(f"createDistribution({_PARAMETERS} p)", _create),
    EvmMethod("claimTokens(bytes32 distributionId,bytes proof)", _claim),
    EvmMethod("payout(address token,address[] recipients,uint256[] amounts,uint256 total)", _payout),
)
