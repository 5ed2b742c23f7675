"""What an EVM transaction would do, tried out by `eth_simulateV1` on the user's endpoint; success alone where it is not
offered.

Changes of tokens are measured: balances are asked for before and after within one simulated block, for every token
whose logs name the account. A log alone is a claim of its contract.
"""

import msgspec

from fluxdesk.chains.evm.client import EvmClient
from fluxdesk.chains.evm.refusals import classified
from fluxdesk.chains.evm.words import Address, Data, Height, Quantity, Word
from fluxdesk.chains.rpc.errors import ChainError, NotUnderstood, Refused, Why
from fluxdesk.core import wallet_views as w
from fluxdesk.gateway.desk import BadRequest

TRANSFER = "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef"
APPROVAL = "0x8c5be1e5ebec7d5bd14f71427d1e84f3dd0314c0f7b2291e5b200ac8c7c3b925"
APPROVAL_FOR_ALL = "0x17307eab39ab6107e8899845ad3d59bd9653f200f220920489ca2b5937696c31"
OWNERSHIP = "0x8be0079c531659141344cd1fd0a4f28419497f9722a3daafe3b4186f6b6457e0"
"""Keccak-256 of the signatures of ERC-20, ERC-721 and Ownable events."""
COIN_LOGS = "0xeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee"
"""The address under which `traceTransfers` logs the coin (ERC-7528)."""
UNLIMITED = 1 << 255
"""More than any supply: what is shown as unlimited."""
_TOKENS_MOST = 20
_LISTED_MOST = 100
_KEPT = ("to", "value", "input", "gas", "gasPrice", "maxFeePerGas", "maxPriorityFeePerGas", "nonce", "accessList")


class Log(msgspec.Struct):
    """One log."""

    address: Address
    topics: list[Word]
    data: Data


class _Trouble(msgspec.Struct):
    code: int = 0
    message: str = ""
    data: str | None = None


class _Call(msgspec.Struct, rename="camel"):
    status: Quantity
    gas_used: Height
    return_data: Data = "0x"
    logs: list[Log] = []
    error: _Trouble | None = None


class _Block(msgspec.Struct, rename="camel"):
    calls: list[_Call]
    number: Height = "0x0"
    base_fee_per_gas: Quantity = "0x0"


_blocks = msgspec.json.Decoder(list[_Block])


async def simulate(client: EvmClient, account: str, payload: bytes) -> w.SimulationView:
    """Never raises for the chain: what could not be done is said in the answer. Raises `BadRequest`."""
    call = _call(account, payload)
    try:
        try:
            return await _full(client, account, call)
        except (Refused, NotUnderstood) as error:
            return await _short(client, call, str(error))
    except ChainError as error:
        return _undone(client, str(error))


async def _full(client: EvmClient, account: str, call: dict[str, object]) -> w.SimulationView:
    first = await _run(client, [call])
    ran = first.calls[0]
    if ran.status != "0x1":
        said = "" if ran.error is None else ran.error.message
        refused = classified(Refused(3, said))
        return _view(client, first, ran, ok=False, reason=str(Refused(3, said, refused.why)))
    touched = [log.address.lower() for log in ran.logs if _names(log, account)]
    tokens = [t for t in dict.fromkeys(touched) if t != COIN_LOGS][:_TOKENS_MOST]
    changes = _coin_changes(ran.logs, account)
    if tokens:
        ask: list[dict[str, object]] = [{"to": t, "input": "0x70a08231" + "00" * 12 + account[2:]} for t in tokens]
        second = await _run(client, [*ask, call, *ask])
        before, after = second.calls[: len(ask)], second.calls[len(ask) + 1 :]
        for token, a, b in zip(tokens, before, after, strict=True):
            held, holds = _word(a), _word(b)
            if held is not None and holds is not None and held != holds:
                changes.append(w.ChangeView(account=account, asset=token, change_base=str(holds - held)))
    return _view(client, first, ran, ok=True, reason="", changes=changes)


async def _run(client: EvmClient, calls: list[dict[str, object]]) -> _Block:
    options = {"blockStateCalls": [{"calls": calls}], "traceTransfers": True, "validation": False}
    raw = await client.rpc.call("eth_simulateV1", [options, "latest"])
    try:
        block = _blocks.decode(raw)[0]
    except (msgspec.MsgspecError, IndexError, RecursionError):
        raise NotUnderstood("a simulation") from None
    if len(block.calls) != len(calls):
        raise NotUnderstood("a simulation")
    return block


async def _short(client: EvmClient, call: dict[str, object], why: str) -> w.SimulationView:
    """Only whether it goes through."""
    view = _undone(client, f"The endpoint does not try transactions out ({why}) Only whether it goes through is known.")
    try:
        await client.rpc.call("eth_call", [call, "latest"])
        gas = int(msgspec.json.decode(await client.rpc.call("eth_estimateGas", [call]), type=Height), 16)
    except Refused as refused:
        found = classified(refused)
        if found.why is Why.OTHER:
            return view
        view.done, view.ok, view.reason = True, False, str(found)
        return view
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return view
    view.done, view.ok, view.units = True, True, gas
    return view


def _view(
    client: EvmClient, block: _Block, ran: _Call, ok: bool, reason: str, changes: list[w.ChangeView] | None = None
) -> w.SimulationView:
    units, logs = int(ran.gas_used, 16), ran.logs if ok else []
    return w.SimulationView(
        chain=client.chain.id, done=True, ok=ok, reason=reason, changes=changes or [],
        approvals=[a for log in logs if (a := approval(log)) is not None][:_LISTED_MOST],
        owners=[(log.address.lower(), _address(log.topics[2])) for log in logs if _changes_owner(log)][:_LISTED_MOST],
        fee_base=str(units * int(block.base_fee_per_gas, 16)) if int(block.base_fee_per_gas, 16) else None,
        units=units, block=int(block.number, 16) or None,
    )  # fmt: skip


def _undone(client: EvmClient, reason: str) -> w.SimulationView:
    return w.SimulationView(
        chain=client.chain.id, done=False, ok=None, reason=reason, changes=None, approvals=None, owners=None,
        fee_base=None, units=None, block=None,
    )  # fmt: skip


def _call(account: str, payload: bytes) -> dict[str, object]:
    try:
        fields = msgspec.json.decode(payload, type=dict[str, object])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise BadRequest("`payload_b64` holds no JSON fields of a transaction.") from None
    call: dict[str, object] = {name: fields[name] for name in _KEPT if fields.get(name) is not None}
    if "input" not in call and "data" in fields:
        call["input"] = fields["data"]
    return call | {"from": account}


def _coin_changes(logs: list[Log], account: str) -> list[w.ChangeView]:
    change = 0
    for log in logs:
        if log.address.lower() == COIN_LOGS and len(log.topics) == 3 and log.topics[0] == TRANSFER:
            amount = int(log.data, 16)
            change += amount * ((_address(log.topics[2]) == account) - (_address(log.topics[1]) == account))
    return [w.ChangeView(account=account, asset="native", change_base=str(change))] if change else []


def approval(log: Log) -> w.ApprovalView | None:
    """What a log says that somebody may take; None for any other log."""
    if not log.topics:
        return None
    asset = log.address.lower()
    if log.topics[0] == APPROVAL and len(log.topics) == 3 and len(log.data) == 66:
        amount = int(log.data, 16)
        return w.ApprovalView(
            owner=_address(log.topics[1]), asset=asset, spender=_address(log.topics[2]), amount_base=str(amount),
            unlimited=amount >= UNLIMITED,
        )  # fmt: skip
    if log.topics[0] == APPROVAL and len(log.topics) == 4:
        return w.ApprovalView(
            owner=_address(log.topics[1]), asset=asset, spender=_address(log.topics[2]), amount_base="1",
            unlimited=False,
        )  # fmt: skip
    if log.topics[0] == APPROVAL_FOR_ALL and len(log.topics) == 3:
        given = len(log.data) == 66 and int(log.data, 16) != 0
        return w.ApprovalView(
            owner=_address(log.topics[1]), asset=asset, spender=_address(log.topics[2]),
            amount_base=None if given else "0", unlimited=given,
        )  # fmt: skip
    return None


def _changes_owner(log: Log) -> bool:
    return len(log.topics) == 3 and log.topics[0] == OWNERSHIP


def _names(log: Log, account: str) -> bool:
    return any(topic[-40:].lower() == account[2:] for topic in log.topics[1:])


def _address(topic: str) -> str:
    return "0x" + topic[-40:].lower()


def _word(call: _Call) -> int | None:
    return int(call.return_data, 16) if call.status == "0x1" and len(call.return_data) == 66 else None
