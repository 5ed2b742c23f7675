"""Finds transactions, logs and events in any JSON a user or a source hands over, by the keys an object has.

Containers (RPC answers, notifications, blocks, lists, named test vectors) are opened; what is found keeps its own
object untouched.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from fluxdesk.core.events import Shape

_MAX_DEPTH = 12


class Found(NamedTuple):
    """One thing to decode. `slot` and `block_time` come from the container where the object itself lacks them."""

    shape: Shape
    value: Any
    slot: int | None = None
    block_time: int | None = None


def find(obj: object) -> Iterator[Found]:
    """Every transaction, log notification, receipt, batch of EVM logs or bare event in `obj`, in order."""
    yield from _find(obj, None, None, 0)


def _find(obj: object, slot: int | None, time: int | None, depth: int) -> Iterator[Found]:
    if depth > _MAX_DEPTH:
        return
    if isinstance(obj, list):
        if obj and all(isinstance(x, dict) and _is_evm_log(x) for x in obj):
            yield Found(Shape.EVM_LOG, obj)
            return
        for item in obj:
            yield from _find(item, slot, time, depth + 1)
    elif isinstance(obj, dict):
        shape = shape_of(obj)
        if shape is None:
            yield from _inside(obj, slot, time, depth)
        elif shape is Shape.SOLANA_BLOCK:
            yield from _block(obj, slot)
        elif shape is Shape.EVM_LOG:
            yield Found(shape, [obj])
        else:
            yield Found(shape, obj, slot, time)


def shape_of(obj: dict[str, Any]) -> Shape | None:
    """The shape of one object; None when it is a container or nothing of ours."""
    transaction = obj.get("transaction")
    if isinstance(transaction, (dict, list, str)) and ("meta" in obj or _has_message(transaction)):
        return Shape.SOLANA_TX
    if isinstance(obj.get("transactions"), list) and ("blockhash" in obj or "parentSlot" in obj):
        return Shape.SOLANA_BLOCK
    if isinstance(obj.get("logs"), list) and isinstance(obj.get("signature"), str):
        return Shape.SOLANA_LOGS
    if isinstance(obj.get("logMessages"), list):
        return Shape.SOLANA_LOGS
    if isinstance(obj.get("instructions"), list) and isinstance(obj.get("signature"), str):
        return Shape.HELIUS
    if isinstance(obj.get("program"), str) and isinstance(obj.get("program_data"), str):
        return Shape.BARE_EVENT
    if isinstance(obj.get("logs"), list) and "transactionHash" in obj:
        return Shape.EVM_RECEIPT
    if _is_evm_log(obj):
        return Shape.EVM_LOG
    return None


def _has_message(transaction: object) -> bool:
    if isinstance(transaction, dict):
        return "message" in transaction
    return isinstance(transaction, list) and len(transaction) == 2 and transaction[1] in ("base64", "base58")


def _is_evm_log(obj: dict[str, Any]) -> bool:
    return isinstance(obj.get("topics"), list) and isinstance(obj.get("address"), str)


def _int(value: object) -> int | None:
    return value if type(value) is int and 0 <= value < 1 << 63 else None


def _inside(obj: dict[str, Any], slot: int | None, time: int | None, depth: int) -> Iterator[Found]:
    """A container: its own slot and block time are handed down."""
    context = obj.get("context")
    if isinstance(context, dict):
        slot = _int(context.get("slot")) or slot
    slot = _int(obj.get("slot")) or slot
    time = _int(obj.get("blockTime")) or time
    for value in obj.values():
        if isinstance(value, (dict, list)):
            yield from _find(value, slot, time, depth + 1)


def _block(block: dict[str, Any], slot: int | None) -> Iterator[Found]:
    time = _int(block.get("blockTime"))
    if slot is None and (parent := _int(block.get("parentSlot"))) is not None and block.get("slot") is not None:
        slot = _int(block["slot"]) or parent
    for entry in block["transactions"]:
        if isinstance(entry, dict) and not _is_summary(entry):
            yield Found(Shape.SOLANA_TX, entry, slot, time)


def _is_summary(entry: dict[str, Any]) -> bool:
    """An entry of a block asked for with `transactionDetails: accounts`: who took part, no instruction, no log."""
    transaction = entry.get("transaction")
    return isinstance(transaction, dict) and "accountKeys" in transaction and "message" not in transaction
