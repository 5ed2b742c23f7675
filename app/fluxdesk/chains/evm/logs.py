"""EVM logs and receipts as JSON-RPC gives them, checked and in plain types. Never raises anything but `MalformedLog`.

Source: Ethereum JSON-RPC specification (eth_getLogs, eth_getTransactionReceipt, eth_subscribe).
"""

from dataclasses import dataclass
from typing import Any

_MOST = (1 << 63) - 1
"""No block number or log index comes near; a greater one would not fit where it is stored."""


class MalformedLog(ValueError):
    """The object does not follow the JSON-RPC shape it claims."""


@dataclass(frozen=True, slots=True)
class Log:
    """One log. Addresses and topics are lower-case 0x-hex."""

    address: str
    topics: tuple[str, ...]
    data: bytes
    tx: str | None
    block: int | None
    index: int | None
    removed: bool


@dataclass(frozen=True, slots=True)
class Receipt:
    """What one transaction logged. `sender` is the account that signed it, when the input says so."""

    logs: tuple[Log, ...]
    failed: bool
    sender: str | None
    tx: str | None
    block: int | None


def hex_bytes(value: object, size: int | None = None) -> bytes:
    """0x-hex to bytes. Raises `MalformedLog`."""
    if not isinstance(value, str) or not value.startswith(("0x", "0X")):
        raise MalformedLog(f"{value!r:.40} is not 0x-hex")
    try:
        data = bytes.fromhex(value[2:])
    except ValueError:
        raise MalformedLog(f"{value!r:.40} is not 0x-hex") from None
    if " " in value or (size is not None and len(data) != size):
        raise MalformedLog(f"{value!r:.80} is not {size} bytes")
    return data


def quantity(value: object) -> int | None:
    """A JSON-RPC quantity, or a plain number as some tools write it; None when absent. Raises `MalformedLog`."""
    if value is None:
        return None
    if type(value) is int and 0 <= value <= _MOST:
        return value
    if isinstance(value, str) and value.startswith("0x") and len(value) <= 18:
        try:
            number = int(value[2:] or "0", 16)  # "0x" is zero as block explorers write it
        except ValueError:
            number = -1
        if 0 <= number <= _MOST:
            return number
    raise MalformedLog(f"{value!r:.40} is not a quantity")


def address(value: object) -> str:
    """A 20-byte address. Raises `MalformedLog`."""
    return "0x" + hex_bytes(value, 20).hex()


def _hash(value: object) -> str | None:
    return None if value is None else "0x" + hex_bytes(value, 32).hex()


def stated_hash(obj: dict[str, Any]) -> str | None:
    """The transaction that a log or receipt names, as far as it can be read; for saying which one was refused."""
    try:
        return _hash(obj.get("transactionHash"))
    except MalformedLog:
        return None


def read_log(obj: dict[str, Any]) -> Log:
    """One log object. Raises `MalformedLog`."""
    topics = obj.get("topics")
    if not isinstance(topics, list) or len(topics) > 4:
        raise MalformedLog("a log has a list of at most four topics")
    return Log(
        address(obj.get("address")),
        tuple("0x" + hex_bytes(t, 32).hex() for t in topics),
        hex_bytes(obj.get("data", "0x")),
        _hash(obj.get("transactionHash")),
        quantity(obj.get("blockNumber")),
        quantity(obj.get("logIndex")),
        obj.get("removed") is True,
    )


def _reverted(status: object) -> bool:
    """Whether a receipt's status says so: 0 and 1 by the specification, as words or truth values by some tools (viem).

    Raises `MalformedLog`.
    """
    words = {"success": False, "failure": True, "reverted": True}
    if isinstance(status, bool):
        return not status
    if isinstance(status, str) and status.lower() in words:
        return words[status.lower()]
    if isinstance(status, str) and status in ("0", "1"):
        return status == "0"
    return quantity(status) == 0


def read_receipt(obj: dict[str, Any]) -> Receipt:
    """One receipt object. Raises `MalformedLog`."""
    logs = obj.get("logs")
    if not isinstance(logs, list) or not all(isinstance(x, dict) for x in logs):
        raise MalformedLog("a receipt has a list of logs")
    sender = obj.get("from")
    return Receipt(
        tuple(read_log(x) for x in logs),
        _reverted(obj.get("status")),
        None if sender is None else address(sender),
        _hash(obj.get("transactionHash")),
        quantity(obj.get("blockNumber")),
    )
