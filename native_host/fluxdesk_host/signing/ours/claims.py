"""The vault of one distribution, called directly: claims, releases, the claw-back, and what its roles may do.

Source: contracts/evm/src/interfaces/IDistributionVault.sol. Which token it pays is one of its terms, not in the bytes.
"""

from typing import Any

from fluxdesk_host.signing.evm.call import Call, is_grave
from fluxdesk_host.signing.ours.common import ours, place_of, units
from fluxdesk_host.signing.reading import EffectKind
from fluxdesk_host.signing.registry import EvmMethod
from fluxdesk_host.signing.text import checksummed, counted

CONTRACT = "DistributionVault"


def _by_proof(call: Call, values: tuple[Any, ...]) -> str:
    index, amount, _ = values
    _paid(call, amount, call.sender or call.to)
    return f"claims {units(amount)} by leaf {index} {ours(call)}"


def _attested(call: Call, values: tuple[Any, ...]) -> str:
    index, amount, siblings, *_ = values
    by_tree = bool(siblings or amount or index)
    _paid(call, amount if by_tree else None, call.sender or call.to)
    what = f"{units(amount)} by leaf {index} and" if by_tree else "what each person gets, by"
    return f"claims {what} what verifiers attest {ours(call)}"


def _for_another(call: Call, values: tuple[Any, ...]) -> str:
    (index, account, amount), _, _, _, recipient, deadline, _ = values
    call.draft.expiry(deadline, call.place)
    _paid(call, amount or None, recipient)
    what = units(amount) if amount else "what each person gets"
    return f"claims {what} of {checksummed(account)} (leaf {index}) for {checksummed(recipient)} {ours(call)}"


def _batch(call: Call, values: tuple[Any, ...]) -> str:
    leaves = values[0]
    for _, account, amount in leaves:
        _paid(call, amount, account)
    whole = sum(amount for _, _, amount in leaves)
    return f"has {counted(len(leaves), 'claim')} ({units(whole)} in all) paid to the accounts they are of {ours(call)}"


def _release(call: Call, values: tuple[Any, ...]) -> str:
    (grant,) = values
    return f"has what has vested of grant {grant} paid to whom it is for {ours(call)}"


def _claw_back(call: Call, _: tuple[Any, ...]) -> str:
    call.effect(EffectKind.TOKEN_IN, asset=place_of(call, "claims"), to=call.sender)
    return f"takes back what no claim holds of its distribution, which is over then, {ours(call)}"


def _remove(call: Call, values: tuple[Any, ...]) -> str:
    (place,) = values
    call.warn("verifiers")
    return f"removes verifier {place}, at once and for good, {ours(call)}"


def _schedule(call: Call, values: tuple[Any, ...]) -> str:
    when = "to count two days from then at the earliest and sixteen at the latest"
    return f"schedules {_change(call, values)}, {when}, {ours(call)}"


def _cancel(call: Call, values: tuple[Any, ...]) -> str:
    return f"drops a change that was scheduled: {_change(call, values)} {ours(call)}"


def _apply(call: Call, values: tuple[Any, ...]) -> str:
    return f"carries out a change that was scheduled: {_change(call, values)} {ours(call)}"


def _pause(call: Call, values: tuple[Any, ...]) -> str:
    (seconds,) = values
    call.warn("pauses", name=call.scene.known(call.to))
    return f"stops attested claims for {seconds:,} seconds {ours(call)}"


def _unpause(call: Call, _: tuple[Any, ...]) -> str:
    call.warn("pauses", name=call.scene.known(call.to))
    return f"lets attested claims go on {ours(call)}"


def _change(call: Call, values: tuple[Any, ...]) -> str:
    added, threshold = values
    call.warn("verifiers")
    for one in added:
        call.draft.fact("Verifier", checksummed(one))
    return f"{counted(len(added), 'further verifier')}, of all of whom {threshold} must sign"


def _paid(call: Call, amount: int | None, to: str) -> None:
    if is_grave(to):
        call.warn("burns")
    if not call.mine(to):
        call.warn("result-to-other", to=to)
    call.effect(EffectKind.TOKEN_IN, asset=place_of(call, "claims"), amount=amount, bound="most", to=to)


_ATTESTATION = "(bytes32,uint64,uint64) attestation,bytes signatures"
METHODS = (
    EvmMethod("claimWithProof(uint256 index,uint256 amount,bytes32[] siblings)", _by_proof),
    EvmMethod(f"claimWithAttestations(uint256 index,uint256 amount,bytes32[] siblings,{_ATTESTATION})", _attested),
    EvmMethod(
        f"claimFor((uint256,address,uint256) leaf,bytes32[] siblings,{_ATTESTATION},address recipient,"
        "uint256 deadline,bytes authorisation)",
        _for_another,
    ),
    EvmMethod("claimBatch((uint256,address,uint256)[] batch,bytes32[] proof,bool[] flags)", _batch),
    EvmMethod("release(uint256 grant)", _release),
    EvmMethod("clawBack()", _claw_back),
    EvmMethod("removeVerifier(uint256 place)", _remove),
    EvmMethod("scheduleVerifiers(address[] added,uint256 threshold)", _schedule),
    EvmMethod("cancelVerifiers(address[] added,uint256 threshold)", _cancel),
    EvmMethod("applyVerifiers(address[] added,uint256 threshold)", _apply),
    EvmMethod("pauseAttestations(uint256 duration)", _pause),
    EvmMethod("unpauseAttestations()", _unpause),
)
