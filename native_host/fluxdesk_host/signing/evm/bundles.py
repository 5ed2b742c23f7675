"""Calls inside calls: multicalls, accounts that execute, Safes. Each inner call is read like an outer one.

Sources: Uniswap's Multicall (the contract calls itself, the caller stays), Multicall3 (the inner calls are Multicall3's
own), Safe's GnosisSafe and MultiSend, accounts' execute as EIP-4337, ERC-7579 and ERC-7821 have it. The acting account
decides what an inner call can do.
"""

from collections.abc import Iterable
from typing import Any

from fluxdesk_host.signing.abi import AbiError, decode, parse_type
from fluxdesk_host.signing.evm.call import Call, read_call
from fluxdesk_host.signing.reading import EffectKind
from fluxdesk_host.signing.registry import EvmMethod
from fluxdesk_host.signing.text import checksummed, counted

_MOST_SHOWN = 3


def inner_calls(
    call: Call,
    calls: Iterable[tuple[str | None, str, int, bytes]],
    through: bool = False,
    delegated: bool = False,
) -> str:
    """Read (sender, target, value, data) inside `call`; the phrases in order, the first few of them.

    `through`: values are part of an amount that is stated already. `delegated`: the code at target runs as sender.
    """
    phrases = []
    for i, (sender, to, value, data) in enumerate(calls):
        if not call.draft.complete and i > 0 and len(call.draft.calls) >= 512:
            call.warn("too-many", what="calls")
            break
        inner = Call(call.scene, sender, to, value, data, f"{call.place}.{i}", call.depth + 1, through, delegated)
        if value and not through:
            call.draft.effect(
                EffectKind.NATIVE_OUT,
                asset="native",
                amount=value,
                source=sender,
                to=to,
                by=inner.by,
                place=inner.place,
            )
        phrases.append(read_call(inner))
    if len(phrases) > 1:
        call.warn("bundle", count=len(phrases))
    shown = "; ".join(phrases[:_MOST_SHOWN])
    more = f"; and {len(phrases) - _MOST_SHOWN} more" if len(phrases) > _MOST_SHOWN else ""
    return f"{shown}{more}" if phrases else "does nothing"


def acts_through(call: Call) -> None:
    """Say that the called contract makes the calls; one that is not listed need not make those it is given."""
    call.warn("acts-through" if call.scene.known(call.to) else "acts-through-unknown", by=call.to)


def _multicall(call: Call, values: tuple[Any, ...]) -> str:
    """The contract calls itself for each: `msg.sender` and `msg.value` stay what they are, so no value is added."""
    calls = [(call.sender, call.to, 0, data) for data in values[-1]]
    if call.value and call.depth == 0:
        call.warn("value-with-call")
    return f"makes {counted(len(calls), 'call')} of {checksummed(call.to)}: {inner_calls(call, calls, True)}"


def _multicall_until(call: Call, values: tuple[Any, ...]) -> str:
    call.draft.expiry(values[0], call.place)
    return _multicall(call, values)


def _as_multicall(call: Call, calls: list[tuple[str, int, bytes]]) -> str:
    by = call.scene.named(call.to)
    acts_through(call)
    inner = inner_calls(call, [(call.to, to, value, data) for to, value, data in calls], True)
    return f"has {by} make {counted(len(calls), 'call')}: {inner}"


def _aggregate(call: Call, values: tuple[Any, ...]) -> str:
    return _as_multicall(call, [(to, 0, data) for to, data in values[-1]])


def _try_aggregate(call: Call, values: tuple[Any, ...]) -> str:
    if not values[0]:
        call.warn("may-fail")
    return _aggregate(call, values)


def _aggregate3(call: Call, values: tuple[Any, ...]) -> str:
    if any(may_fail for _, may_fail, _ in values[0]):
        call.warn("may-fail")
    return _as_multicall(call, [(to, 0, data) for to, _, data in values[0]])


def _aggregate3_value(call: Call, values: tuple[Any, ...]) -> str:
    if any(may_fail for _, may_fail, _, _ in values[0]):
        call.warn("may-fail")
    return _as_multicall(call, [(to, value, data) for to, _, value, data in values[0]])


def _execute(call: Call, values: tuple[Any, ...]) -> str:
    return _as_account(call, [values])


def _execute_lists(call: Call, values: tuple[Any, ...]) -> str:
    targets, amounts, data = values if len(values) == 3 else (values[0], [0] * len(values[0]), values[1])
    if not len(targets) == len(amounts) == len(data):
        call.warn("malformed", what="as many amounts and calldata as targets are needed")
    return _as_account(call, list(zip(targets, amounts, data, strict=False)))


_SINGLE, _BATCH, _DELEGATECALL = 0x00, 0x01, 0xFF
_CALLS = (parse_type("(address,uint256,bytes)[]"),)
_CALLS_AND_MORE = (*_CALLS, parse_type("bytes"))
_WITH_MORE = bytes.fromhex("78210001")


def _execute_mode(call: Call, values: tuple[Any, ...]) -> str:
    """ERC-7579 and ERC-7821: the mode's first byte says what the data are, its second whether calls may fail."""
    mode, data = values
    kind, tolerant, form = mode[0], mode[1], mode[6:10]
    try:
        if any(mode[2:6]) or any(mode[10:]) or tolerant > 1 or form not in (bytes(4), _WITH_MORE):
            raise AbiError("a mode that is not known")
        calls = _calls_of(kind, form, data)
    except AbiError:
        call.warn("delegatecall" if kind == _DELEGATECALL else "unread-arguments",
                  **({"by": call.to} if kind == _DELEGATECALL else {"name": "execute(bytes32,bytes)"}))  # fmt: skip
        call.draft.unread(call.place, "calls of an account", data)
        call.effect(EffectKind.UNKNOWN, source=call.to, to=call.to)
        return f"has account {checksummed(call.to)} do what cannot be read"
    if tolerant:
        call.warn("may-fail")
    return _as_account(call, [(call.to if int(to, 16) == 0 else to, value, inner) for to, value, inner in calls])


def _calls_of(kind: int, form: bytes, data: bytes) -> list[tuple[str, int, bytes]]:
    """(target, value, calldata) of the calls. Raises `AbiError` for what is not exactly that."""
    if kind == _SINGLE and len(data) >= 52:
        return [("0x" + data[:20].hex(), int.from_bytes(data[20:52], "big"), data[52:])]
    if kind != _BATCH:
        raise AbiError("not calls")
    try:
        values, end = decode(_CALLS, data)
    except AbiError:
        if form != _WITH_MORE:
            raise
        values, end = decode(_CALLS_AND_MORE, data)
        if values[1]:
            raise AbiError("data for the account itself") from None
    if end != len(data):
        raise AbiError("bytes are left over")
    return list(values[0])


def _execute_operation(call: Call, values: tuple[Any, ...]) -> str:
    """(target, value, data, operation): operation 1 is foreign code with the account's own rights."""
    to, value, data, operation = values
    if operation == 0:
        return _as_account(call, [(to, value, data)])
    call.warn("delegatecall", by=call.to)
    call.draft.unread(call.place, "calldata of a delegatecall", data)
    call.effect(EffectKind.UNKNOWN, source=call.to, to=to)
    return f"runs the code of {checksummed(to)} with all rights of {checksummed(call.to)}"


def _execute_tuples(call: Call, values: tuple[Any, ...]) -> str:
    return _as_account(call, list(values[0]))


def _as_account(call: Call, calls: list[tuple[str, int, bytes]]) -> str:
    """The called account acts; under EIP-7702 that is the signing account itself."""
    if call.mine(call.to):
        call.warn("acts-as-account")
    else:
        acts_through(call)
    inner = inner_calls(call, [(call.to, to, value, data) for to, value, data in calls])
    who = "this account" if call.mine(call.to) else f"account {checksummed(call.to)}"
    return f"has {who} act: {inner}"


def safe_inner(call: Call, safe: str, to: str, value: int, data: bytes, operation: int) -> str:
    """What a Safe would do: a call, or foreign code with its rights. Shared with typed data."""
    if operation == 1 and data[:4] == _MULTISEND.selector and call.scene.is_a("multisend", to):
        return inner_calls(call, [(safe, to, value, data)], delegated=True)
    if operation != 0:
        call.warn("delegatecall", by=safe)
        call.draft.unread(call.place, "calldata of a delegatecall", data)
        call.draft.effect(EffectKind.UNKNOWN, source=safe, to=to, by=safe, place=call.place)
        return f"runs the code of {checksummed(to)} with all rights of the Safe"
    return inner_calls(call, [(safe, to, value, data)])


def _exec_transaction(call: Call, values: tuple[Any, ...]) -> str:
    to, value, data, operation, _, _, gas_price, gas_token, refund_to, _ = values
    call.warn("safe-call", target=call.to)
    if gas_price:
        token = "native" if int(gas_token, 16) == 0 else f"token:{gas_token}"
        call.effect(EffectKind.UNKNOWN, asset=token, source=call.to, to=refund_to)
        call.warn("transfer-of-others", source=call.to)
    return f"has the Safe {checksummed(call.to)} act: {safe_inner(call, call.to, to, value, data, operation)}"


def _multi_send(call: Call, values: tuple[Any, ...]) -> str:
    """Packed as operation (1 byte), to (20), value (32), length (32), data; anything else is not read."""
    packed, at, calls = values[0], 0, []
    actor = call.sender if call.delegated else call.to
    if not call.delegated:
        acts_through(call)
    while at < len(packed):
        length = int.from_bytes(packed[at + 53 : at + 85], "big")
        if at + 85 + length > len(packed) or packed[at] != 0:
            call.warn("unread-arguments", name="multiSend(bytes)")
            call.draft.unread(call.place, "packed calls", packed)
            call.effect(EffectKind.UNKNOWN, to=call.to)
            return f"makes calls through {checksummed(call.to)} that cannot be read"
        to = "0x" + packed[at + 1 : at + 21].hex()
        calls.append((actor, to, int.from_bytes(packed[at + 21 : at + 53], "big"), packed[at + 85 : at + 85 + length]))
        at += 85 + length
    if call.delegated:
        return inner_calls(call, calls)
    return f"has {call.scene.named(call.to)} make {counted(len(calls), 'call')}: {inner_calls(call, calls, True)}"


_MULTISEND = EvmMethod("multiSend(bytes transactions)", _multi_send)

METHODS = (
    EvmMethod("multicall(bytes[] data)", _multicall),
    EvmMethod("multicall(uint256 deadline,bytes[] data)", _multicall_until),
    EvmMethod("multicall(bytes32 previousBlockhash,bytes[] data)", _multicall),
    EvmMethod("aggregate((address,bytes)[] calls)", _aggregate),
    EvmMethod("blockAndAggregate((address,bytes)[] calls)", _aggregate),
    EvmMethod("tryAggregate(bool requireSuccess,(address,bytes)[] calls)", _try_aggregate),
    EvmMethod("tryBlockAndAggregate(bool requireSuccess,(address,bytes)[] calls)", _try_aggregate),
    EvmMethod("aggregate3((address,bool,bytes)[] calls)", _aggregate3),
    EvmMethod("aggregate3Value((address,bool,uint256,bytes)[] calls)", _aggregate3_value),
    EvmMethod("execute(address target,uint256 value,bytes data)", _execute),
    EvmMethod("execute(bytes32 mode,bytes executionData)", _execute_mode),
    EvmMethod("execute(address target,uint256 value,bytes data,uint8 operation)", _execute_operation),
    EvmMethod("execTransactionFromModule(address to,uint256 value,bytes data,uint8 operation)", _execute_operation),
    EvmMethod("executeBatch(address[] targets,bytes[] data)", _execute_lists),
    EvmMethod("executeBatch(address[] targets,uint256[] values,bytes[] data)", _execute_lists),
    EvmMethod("executeBatch((address,uint256,bytes)[] calls)", _execute_tuples),
    EvmMethod(
        "execTransaction(address to,uint256 value,bytes data,uint8 operation,uint256 safeTxGas,uint256 baseGas,"
        "uint256 gasPrice,address gasToken,address refundReceiver,bytes signatures)",
        _exec_transaction,
    ),
    _MULTISEND,
)
