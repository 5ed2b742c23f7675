"""Uniswap's universal router: one byte a command, one ABI blob of inputs for each.

Source: the universal-router repository, `Commands.sol` and the technical reference at docs.uniswap.org. Other
routers use the same `execute` with other meanings, so at an address that is not listed nothing is believed.
"""

from collections.abc import Callable
from typing import Any

from fluxdesk_host.signing.abi import AbiError, AbiType, decode, parse_type, split_types
from fluxdesk_host.signing.evm.call import DEEPEST, ZERO, Call, amount_of, shown_value
from fluxdesk_host.signing.evm.permits import is_universal, moved, permit2_allowances
from fluxdesk_host.signing.evm.routers import SENDER, resolved, trade, v3_ends
from fluxdesk_host.signing.evm.v4 import v4_swap
from fluxdesk_host.signing.reading import Argument, Called, EffectKind
from fluxdesk_host.signing.registry import EvmMethod
from fluxdesk_host.signing.text import checksummed, counted

_MAY_FAIL = 0x80
_DETAILS = "(address,uint160,uint48,uint48)"
_LAST_OF_FIRST = 0x0E
"""The last command that the first universal router and the later ones share."""
ROUTERS_BALANCE = 1 << 255
"""An amount that stands for all that the router holds."""
_INPUTS = {
    0x00: ("V3_SWAP_EXACT_IN", "address,uint256,uint256,bytes,bool"),
    0x01: ("V3_SWAP_EXACT_OUT", "address,uint256,uint256,bytes,bool"),
    0x02: ("PERMIT2_TRANSFER_FROM", "address,address,uint160"),
    0x03: ("PERMIT2_PERMIT_BATCH", f"({_DETAILS}[],address,uint256),bytes"),
    0x04: ("SWEEP", "address,address,uint256"),
    0x05: ("TRANSFER", "address,address,uint256"),
    0x06: ("PAY_PORTION", "address,address,uint256"),
    0x08: ("V2_SWAP_EXACT_IN", "address,uint256,uint256,address[],bool"),
    0x09: ("V2_SWAP_EXACT_OUT", "address,uint256,uint256,address[],bool"),
    0x0A: ("PERMIT2_PERMIT", f"({_DETAILS},address,uint256),bytes"),
    0x0B: ("WRAP_ETH", "address,uint256"),
    0x0C: ("UNWRAP_WETH", "address,uint256"),
    0x0D: ("PERMIT2_TRANSFER_FROM_BATCH", "(address,address,uint160,address)[]"),
    0x0E: ("BALANCE_CHECK_ERC20", "address,address,uint256"),
    0x10: ("V4_SWAP", "bytes,bytes[]"),
    0x21: ("EXECUTE_SUB_PLAN", "bytes,bytes[]"),
}


def _types(text: str) -> tuple[AbiType, ...]:
    return tuple(parse_type(t) for t in split_types(text))


def _execute(call: Call, values: tuple[Any, ...]) -> str:
    commands, inputs = values[:2]
    if len(values) == 3:
        call.draft.expiry(values[2], call.place)
    if call.value:
        call.warn("value-with-call")
    if not is_universal(call):
        call.warn("router-unknown")
        call.warn("unread-arguments", name="execute(bytes,bytes[],…)")
        call.draft.unread(call.place, "commands of a router that is not listed", call.data)
        call.effect(EffectKind.UNKNOWN, to=call.to)
        return f"runs {counted(len(commands), 'command')} at {checksummed(call.to)}, which is not a router we know"
    return _plan(call, commands, inputs)


def _plan(call: Call, commands: bytes, inputs: tuple[bytes, ...]) -> str:
    if len(commands) != len(inputs):
        call.warn("malformed", what="as many inputs as commands are needed")
        call.draft.unread(call.place, "commands", commands)
        return f"runs commands at {checksummed(call.to)} that cannot be read"
    phrases = []
    for i, (command, given) in enumerate(zip(commands, inputs, strict=True)):
        inner = Call(call.scene, call.sender, call.to, call.value, given, f"{call.place}.{i}", call.depth + 1, True)
        if command & _MAY_FAIL:
            inner.warn("may-fail")
        phrases.append(_command(inner, command & ~_MAY_FAIL))
    shown = "; ".join(p for p in phrases if p)
    shown = shown if len(shown) < 2000 else shown[:2000] + "…"
    return (
        f"runs {counted(len(commands), 'command')} at {call.scene.named(call.to)}: {shown}"
        if phrases
        else "runs no commands"
    )


def _command(call: Call, command: int) -> str:
    name, types = _INPUTS.get(command, ("", ""))
    try:
        if not name or call.depth > DEEPEST or (command > _LAST_OF_FIRST and call.scene.is_a("universal1", call.to)):
            raise AbiError("unknown")
        kinds = _types(types)
        values, end = decode(kinds, call.data)
        if end != len(call.data):
            raise AbiError("bytes are left over")
    except AbiError:
        call.warn("unknown-command", what=f"0x{command:02x} {name}".strip())
        call.draft.unread(call.place, f"inputs of command 0x{command:02x}", call.data)
        call.effect(EffectKind.UNKNOWN, to=call.to)
        return f"runs command 0x{command:02x}, which cannot be read"
    call.draft.called(
        Called(
            place=call.place,
            target=call.to,
            name=name,
            known=call.scene.known(call.to),
            selector=f"0x{command:02x}",
            arguments=tuple(
                Argument(str(n), t.text, shown_value(t, v)) for n, (t, v) in enumerate(zip(kinds, values, strict=True))
            ),
        )
    )
    return _READ[command](call, values)


def _swap_v3(call: Call, values: tuple[Any, ...], exact_in: bool) -> str:
    to, first, second, path, from_user = values
    ends = v3_ends(path)
    if ends is None:
        call.warn("unknown-command", what="swap along a path that is none")
        call.draft.unread(call.place, "path", path)
        call.effect(EffectKind.UNKNOWN, to=call.to)
        return "trades along a path that cannot be read"
    pays, gets = ends if exact_in else (ends[1], ends[0])
    return _swap(call, to, first, second, pays, gets, from_user, exact_in)


def _swap_v2(call: Call, values: tuple[Any, ...], exact_in: bool) -> str:
    to, first, second, path, from_user = values
    if len(path) < 2:
        call.warn("malformed", what="a trade needs two tokens")
        return "asks for a trade of one token only"
    return _swap(call, to, first, second, path[0], path[-1], from_user, exact_in)


def _swap(call: Call, to: str, first: int, second: int, pays: str, gets: str, from_user: bool, exact_in: bool) -> str:
    """Tokens of the user are taken through Permit2, never paid with coins that were sent along. An amount that stands
    for what the router holds is taken from the user all the same where the user pays.
    """
    most, least = (first, second) if exact_in else (second, first)
    bounded = None if most == ROUTERS_BALANCE else most
    return trade(call, pays, bounded, gets, least, resolved(call, to), exact_in, call.sender if from_user else None)


def _recipient(call: Call, to: str) -> str | None:
    """Who gets what the router pays out; None while it stays there."""
    who = resolved(call, to)
    if who is not None and who != call.scene.account:
        call.warn("result-to-other", to=who)
    return who


def _paid(call: Call, token: str, to: str, amount: int | None, bound: str, words: str) -> str:
    who = _recipient(call, to)
    native = int(token, 16) == 0
    if who is not None:
        call.effect(
            EffectKind.NATIVE_IN if native else EffectKind.TOKEN_IN,
            asset="native" if native else f"token:{token}",
            amount=amount,
            bound=bound,
            to=who,
        )
    return f"{words} {checksummed(who) if who else 'the router'}"


def _sweep(call: Call, values: tuple[Any, ...]) -> str:
    token, to, least = values
    if least == 0:
        call.warn("no-minimum")
    if resolved(call, to) is not None:
        _emptied(call, token)
    return _paid(call, token, to, least, "least", f"pays out at least {_amount(call, token, least)} to")


def _emptied(call: Call, token: str) -> None:
    if int(token, 16) == 0:
        call.scene.held.pay_out_coins(call.to)
    else:
        call.scene.held.pay_out(call.to, f"token:{token}")


def _pay(call: Call, values: tuple[Any, ...]) -> str:
    token, to, amount = values
    exact = None if amount == ROUTERS_BALANCE else amount
    if resolved(call, to) is not None:
        if exact is None:
            _emptied(call, token)
        elif int(token, 16) == 0:
            call.scene.held.spend(call.to, exact)
    return _paid(call, token, to, exact, "exact", f"pays out {_amount(call, token, amount)} to")


def _portion(call: Call, values: tuple[Any, ...]) -> str:
    token, to, bips = values
    return _paid(call, token, to, None, "exact", f"pays {bips / 100:g} % of token {checksummed(token)} to")


def _amount(call: Call, token: str, amount: int) -> str:
    if amount == ROUTERS_BALANCE:
        return "all that the router holds"
    return call.scene.coins(amount) if int(token, 16) == 0 else amount_of(token, amount)


def _wrap(call: Call, values: tuple[Any, ...]) -> str:
    to, amount = values
    held, who, token = call.scene.held, _recipient(call, to), f"token:{call.scene.wrapped() or ZERO}"
    if amount == ROUTERS_BALANCE:
        held.pay_out_coins(call.to)
    else:
        held.spend(call.to, amount)
    if who is None:
        held.keep(call.to, token)
    else:
        exact = None if amount == ROUTERS_BALANCE else amount
        call.effect(EffectKind.TOKEN_IN, asset=token, amount=exact, to=who)
    what = "all" if amount == ROUTERS_BALANCE else call.scene.coins(amount)
    return f"wraps {what} of the native coin that was sent along"


def _unwrap(call: Call, values: tuple[Any, ...]) -> str:
    to, least = values
    if least == 0:
        call.warn("no-minimum")
    call.scene.held.pay_out(call.to, f"token:{call.scene.wrapped() or ZERO}")
    if resolved(call, to) is None:
        call.scene.held.keep(call.to, "native")
    return _paid(call, ZERO, to, least, "least", f"unwraps at least {call.scene.coins(least)} for")


def _taken_by(call: Call, token: str, to: str) -> str:
    who = _recipient(call, to)
    if who is None:
        call.scene.held.keep(call.to, f"token:{token}")
    return who or call.to


def _take(call: Call, values: tuple[Any, ...]) -> str:
    token, to, amount = values
    return moved(call, token, call.sender or SENDER, _taken_by(call, token, to), amount)


def _take_batch(call: Call, values: tuple[Any, ...]) -> str:
    for source, to, amount, token in values[0]:
        moved(call, token, source, _taken_by(call, token, to), amount)
    return f"takes {counted(len(values[0]), 'amount')} through Permit2"


def _permit(call: Call, values: tuple[Any, ...]) -> str:
    details, spender, deadline = values[0]
    return permit2_allowances(call, call.sender or SENDER, (details,), spender, deadline)


def _permits(call: Call, values: tuple[Any, ...]) -> str:
    details, spender, deadline = values[0]
    return permit2_allowances(call, call.sender or SENDER, details, spender, deadline) if details else "permits nothing"


_READ: dict[int, Callable[[Call, tuple[Any, ...]], str]] = {
    0x00: lambda call, values: _swap_v3(call, values, True),
    0x01: lambda call, values: _swap_v3(call, values, False),
    0x02: _take,
    0x03: _permits,
    0x04: _sweep,
    0x05: _pay,
    0x06: _portion,
    0x08: lambda call, values: _swap_v2(call, values, True),
    0x09: lambda call, values: _swap_v2(call, values, False),
    0x0A: _permit,
    0x0B: _wrap,
    0x0C: _unwrap,
    0x0D: _take_batch,
    0x0E: lambda call, values: f"goes on only while {checksummed(values[0])} holds {amount_of(values[1], values[2])}",
    0x10: v4_swap,
    0x21: lambda call, values: _plan(call, values[0], values[1]),
}

METHODS = (
    EvmMethod("execute(bytes commands,bytes[] inputs,uint256 deadline)", _execute),
    EvmMethod("execute(bytes commands,bytes[] inputs)", _execute),
)
