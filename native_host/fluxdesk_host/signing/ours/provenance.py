"""Records of items and who has them. Nothing of value moves, and nothing that is written can be taken back.

Source: contracts/evm/src/interfaces/ISupplyChainTracker.sol.
"""

from typing import Any

from fluxdesk_host.signing.evm.call import ZERO, Call
from fluxdesk_host.signing.ours.common import ours
from fluxdesk_host.signing.registry import EvmMethod
from fluxdesk_host.signing.text import checksummed, counted

CONTRACT = "SupplyChainTracker"
_STATUSES = (
    "none", "produced", "packed", "in transit", "stored", "inspected", "delivered", "recalled", "destroyed",
)  # fmt: skip


def _register(call: Call, values: tuple[Any, ...]) -> str:
    _, payload = values
    return f"registers an item as its producer, {_with(call, payload)} {_recorded(call)}"


def _status(call: Call, values: tuple[Any, ...]) -> str:
    item, status, payload = values
    said = _STATUSES[status] if status < len(_STATUSES) else f"number {status}"
    return f"records that {_item(item)} is {said}, {_with(call, payload)} {_recorded(call)}"


def _note(call: Call, values: tuple[Any, ...]) -> str:
    item, payload = values
    return f"adds to the record of {_item(item)}, {_with(call, payload)} {_recorded(call)}"


def _offer(call: Call, values: tuple[Any, ...]) -> str:
    item, to = values
    if to == ZERO:
        return f"takes back an offer of {_item(item)} {ours(call)}"
    call.warn("custody", to=to)
    return f"offers {_item(item)} to {checksummed(to)}, who has it on accepting, {ours(call)}"


def _accept(call: Call, values: tuple[Any, ...]) -> str:
    item, payload = values
    return f"records that it has {_item(item)} from now on, {_with(call, payload)} {_recorded(call)}"


def _limits(call: Call, values: tuple[Any, ...]) -> str:
    item, feed, (low, high) = values
    return f"sets for good that feed {_named(feed)} of {_item(item)} must be from {low:,} to {high:,} {_recorded(call)}"


def _condition(call: Call, values: tuple[Any, ...]) -> str:
    item, feed = values
    return f"records what feed {_named(feed)} says now of {_item(item)} {_recorded(call)}"


def _batch(call: Call, values: tuple[Any, ...]) -> str:
    _, root, leaves, payload = values
    return (
        f"records one root ({_named(root)}) for {counted(leaves, 'record')}, {_with(call, payload)} {_recorded(call)}"
    )


def _with(call: Call, payload: tuple[bytes, int]) -> str:
    digest, codec = payload
    call.draft.fact("Content (sha2-256)", f"0x{digest.hex()}")
    return f"with content {_named(digest)} of codec {codec:#x}"


def _recorded(call: Call) -> str:
    call.warn("recorded")
    return ours(call)


def _item(item: bytes) -> str:
    return f"item {_named(item)}"


def _named(word: bytes) -> str:
    return f"0x{word.hex()}"


METHODS = (
    EvmMethod("register(bytes32 salt,(bytes32,uint64) payload)", _register),
    EvmMethod("changeStatus(bytes32 item,uint8 status,(bytes32,uint64) payload)", _status),
    EvmMethod("note(bytes32 item,(bytes32,uint64) payload)", _note),
    EvmMethod("offerCustody(bytes32 item,address to)", _offer),
    EvmMethod("acceptCustody(bytes32 item,(bytes32,uint64) payload)", _accept),
    EvmMethod("setLimits(bytes32 item,bytes32 feed,(uint128,uint128) limits)", _limits),
    EvmMethod("recordCondition(bytes32 item,bytes32 feed)", _condition),
    EvmMethod("commitBatch(bytes32 salt,bytes32 root,uint256 leaves,(bytes32,uint64) payload)", _batch),
)
