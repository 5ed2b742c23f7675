"""Proposals and votes, and the second half of deploying the governor. A proposal's calls are the timelock's.

Sources: OpenZeppelin's Governor 5; contracts/evm/src/governance/GovernanceDeployment.sol.
"""

from typing import Any

from fluxdesk_host.keys.keccak import keccak256
from fluxdesk_host.signing.evm.bundles import inner_calls
from fluxdesk_host.signing.evm.call import Call
from fluxdesk_host.signing.ours.common import ours
from fluxdesk_host.signing.ours.deployments import codes
from fluxdesk_host.signing.reading import EffectKind
from fluxdesk_host.signing.registry import EvmMethod, TypedKind
from fluxdesk_host.signing.text import checksummed, counted, quoted, short_hex
from fluxdesk_host.signing.typed.document import Document

CONTRACT = "FluxdeskGovernor"
DEPLOYMENT = "GovernanceDeployment"
_SUPPORT = {0: "against", 1: "for", 2: "neither for nor against"}
"""GovernorCountingSimple; any other number reverts."""
_BALLOT = (("proposalId", "uint256"), ("support", "uint8"), ("voter", "address"), ("nonce", "uint256"))
BALLOT = {"Ballot": _BALLOT}
EXTENDED_BALLOT = {"ExtendedBallot": (*_BALLOT, ("reason", "string"), ("params", "bytes"))}
_SHOWN_BYTES = 80


def _propose(call: Call, values: tuple[Any, ...]) -> str:
    *lists, description = values
    call.warn("proposes", count=len(lists[0]))
    call.draft.fact("Description", description)
    return f"proposes that the timelock make {_listed(call, lists)} ({quoted(description, 160)}) {ours(call)}"


def _queue(call: Call, values: tuple[Any, ...]) -> str:
    *lists, description = values
    call.warn("proposes", count=len(lists[0]))
    return f"queues a proposal that was accepted: {_listed(call, lists)} {_described(description)} {ours(call)}"


def _execute(call: Call, values: tuple[Any, ...]) -> str:
    """The timelock makes the calls: each is read as what it is, whoever signs."""
    targets, amounts, data, description = values
    call.warn("acts-for-timelock")
    if not _fits(call, [targets, amounts, data]):
        return f"carries out a proposal that is not read {ours(call)}"
    calls = zip(targets, amounts, data, strict=True)
    inner = inner_calls(call, [(call.to, target, amount, one) for target, amount, one in calls], True)
    return f"has the timelock carry out a proposal {_described(description)}: {inner}; {ours(call)}"


def _cancel(call: Call, values: tuple[Any, ...]) -> str:
    *lists, description = values
    call.warn("proposes", count=len(lists[0]))
    return f"withdraws its proposal: {_listed(call, lists)} {_described(description)} {ours(call)}"


def _vote(call: Call, values: tuple[Any, ...]) -> str:
    proposal, support, *rest = values
    call.warn("casts-vote")
    call.draft.fact("Proposal", proposal)
    reason = f", saying {quoted(rest[0], 160)}" if rest and rest[0] else ""
    if len(rest) == 2 and rest[1]:  # this governor counts by support alone, so the rest changes nothing
        call.draft.fact("Parameters of the vote", short_hex(rest[1]))
    return f"votes {_way(support)} proposal {proposal}{reason} {ours(call)}"


def _vote_signed(call: Call, values: tuple[Any, ...]) -> str:
    proposal, support, voter, *rest = values
    call.warn("casts-vote")
    if not call.mine(voter):
        call.warn("submits-vote", owner=voter)
    reason = f", saying {quoted(rest[0], 160)}" if len(rest) == 3 and rest[0] else ""
    return f"brings the vote of {checksummed(voter)} {_way(support)} proposal {proposal}{reason} {ours(call)}"


def _ballot(doc: Document) -> str:
    """Every governor of OpenZeppelin's signs these types, and each may count in its own way: only ours is known to."""
    m = doc.message
    doc.for_account(m["voter"])
    doc.warn("ballot")
    doc.effect(EffectKind.MESSAGE, source=m["voter"], to=doc.contract or "")
    doc.draft.fact("Proposal", m["proposalId"])
    params = m.get("params", b"")
    if params:
        doc.draft.fact("Parameters of the vote", short_hex(params))
    if not doc.scene.is_a(CONTRACT, doc.contract):
        doc.warn("ballot-elsewhere", target=doc.contract or "no contract")
        if m["support"] not in _SUPPORT or params:
            doc.draft.unread("", "a vote", params)
            doc.effect(EffectKind.UNKNOWN, to=doc.contract)
            return f"votes on proposal {m['proposalId']} in a way ({m['support']}) that its governor alone knows"
    reason = f", saying {quoted(m['reason'], 160)}" if m.get("reason") else ""
    return f"votes {_way(m['support'])} proposal {m['proposalId']}{reason}"


def _way(support: int) -> str:
    return _SUPPORT.get(support, f"in a way that is not counted ({support})")


def _deploy(call: Call, values: tuple[Any, ...]) -> str:
    (code,) = values
    known = codes().get(CONTRACT)
    if known is None or keccak256(code) != keccak256(known.code):
        call.warn("creates-contract")
        call.draft.unread(call.place, "creation code", code)
        call.effect(EffectKind.DEPLOY, source=call.sender, amount=len(code), asset="code")
        return f"has a governor created from {len(code):,} bytes of code that is not ours, if agreed on, {ours(call)}"
    call.warn("creates-ours", name=CONTRACT)
    call.effect(EffectKind.DEPLOY, source=call.sender, amount=len(code), asset="code")
    return f"puts Fluxdesk's governor where the timelock of this deployment expects it, {ours(call)}"


def _fits(call: Call, lists: list[Any]) -> bool:
    if len({len(one) for one in lists}) == 1:
        return True
    call.warn("malformed", what="as many amounts and calldata as targets are needed")
    call.draft.unread(call.place, "calls that do not belong together", call.data)
    call.effect(EffectKind.UNKNOWN, to=call.to)
    return False


def _listed(call: Call, lists: list[Any]) -> str:
    """Nothing of it happens by this call: the calls are facts, not effects."""
    if not _fits(call, lists):
        return "calls that are not read"
    for number, (target, amount, data) in enumerate(zip(*lists, strict=True), 1):
        with_ = f" with {call.scene.coins(amount)}" if amount else ""
        call.draft.fact(f"Call {number}", f"{call.scene.named(target)}{with_}: {short_hex(data, _SHOWN_BYTES)}")
    return counted(len(lists[0]), "call")


def _described(description: bytes) -> str:
    return f"(description with hash {short_hex(description)})"


KINDS = (
    TypedKind("Ballot", BALLOT, _ballot),
    TypedKind("ExtendedBallot", EXTENDED_BALLOT, _ballot),
)
_CALLS = "address[] targets,uint256[] values,bytes[] calldatas"
METHODS = (
    EvmMethod(f"propose({_CALLS},string description)", _propose),
    EvmMethod(f"queue({_CALLS},bytes32 descriptionHash)", _queue),
    EvmMethod(f"execute({_CALLS},bytes32 descriptionHash)", _execute),
    EvmMethod(f"cancel({_CALLS},bytes32 descriptionHash)", _cancel),
    EvmMethod("castVote(uint256 proposalId,uint8 support)", _vote),
    EvmMethod("castVoteWithReason(uint256 proposalId,uint8 support,string reason)", _vote),
    EvmMethod("castVoteWithReasonAndParams(uint256 proposalId,uint8 support,string reason,bytes params)", _vote),
    EvmMethod("castVoteBySig(uint256 proposalId,uint8 support,address voter,bytes signature)", _vote_signed),
    EvmMethod(
        "castVoteWithReasonAndParamsBySig(uint256 proposalId,uint8 support,address voter,string reason,bytes params,"
        "bytes signature)",
        _vote_signed,
    ),
)
DEPLOYMENT_METHODS = (EvmMethod("deployGovernor(bytes creationCode)", _deploy),)
