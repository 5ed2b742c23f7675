"""Uniswap V4 as the universal router trades there: actions that make debts and credits, and actions that settle them.

Source: v4-periphery, `Actions.sol`, `IV4Router.sol` and `V4Router.sol`. A debt is at most what the trades of its
currency may take; a credit at least what they must give. Actions that only the position manager knows are not read.
"""

from collections.abc import Callable
from typing import Any

from fluxdesk_host.signing.abi import AbiError, decode, parse_type, split_types
from fluxdesk_host.signing.evm.call import ZERO, Call, amount_of
from fluxdesk_host.signing.evm.routers import resolved
from fluxdesk_host.signing.reading import EffectKind
from fluxdesk_host.signing.text import checksummed

_KEY = "(address,address,uint24,int24,address)"
_PATH = "(address,uint24,int24,address,bytes)[]"
_ONE, _MANY = f"({_KEY},bool,uint128,uint128,bytes)", f"(address,{_PATH},uint128,uint128)"
_SETTLE, _SETTLE_ALL, _TAKE, _TAKE_ALL, _TAKE_PORTION = 0x0B, 0x0C, 0x0E, 0x0F, 0x10
_INPUTS = {
    0x06: _ONE, 0x07: _MANY, 0x08: _ONE, 0x09: _MANY,
    _SETTLE: "address,uint256,bool", _SETTLE_ALL: "address,uint256", _TAKE: "address,address,uint256",
    _TAKE_ALL: "address,uint256", _TAKE_PORTION: "address,address,uint256",
}  # fmt: skip
_ALL_IT_HOLDS = 1 << 255


class _Deltas:
    """What the trades so far may take of a currency at most, and must give of it at least."""

    def __init__(self, call: Call) -> None:
        self.call = call
        self.debts: dict[str, int] = {}
        self.credits: dict[str, int] = {}

    def trade(self, action: int, values: tuple[Any, ...]) -> str:
        exact_in = action in (0x06, 0x07)
        if action in (0x06, 0x08):
            (currency0, currency1, *_), zero_for_one, first, second, _ = values[0]
            pays, gets = (currency0, currency1) if zero_for_one else (currency1, currency0)
        else:
            end, path, first, second = values[0]
            if not path:
                raise AbiError("a trade needs two tokens")
            pays, gets = (end, path[-1][0]) if exact_in else (path[0][0], end)
        most, least = (first, second) if exact_in else (second, first)
        self.debts[pays] = self.debts.get(pays, 0) + most
        self.credits[gets] = self.credits.get(gets, 0) + least
        paid = _words(self.call, pays, most) if most else "all that an earlier step gave"
        got = _words(self.call, gets, least)
        return f"trades {'' if exact_in else 'up to '}{paid} for {'at least ' if exact_in else ''}{got}"

    def settle(self, currency: str, amount: int, by_user: bool) -> str:
        """Pays a debt: 0 is all of it, 2**255 what the router holds."""
        held, call = self.call.scene.held, self.call
        native = currency == ZERO
        most = self.debts.get(currency) if amount == 0 else None if amount == _ALL_IT_HOLDS else amount
        if native and (most is None or not held.spend(call.to, most, at_most=True)):
            held.pay_out_coins(call.to)
        elif not native and not by_user:
            held.pay_out(call.to, f"token:{currency}")
        elif not native:
            call.effect(
                EffectKind.TOKEN_OUT, asset=f"token:{currency}", amount=most, bound="most", source=call.sender,
                to=call.to,
            )  # fmt: skip
        return f"pays {'at most ' + _words(call, currency, most) if most is not None else 'what is owed'}"

    def take(self, currency: str, to: str, amount: int | None) -> str:
        """Takes a credit: 0 is all of it. Amount None: a part, how much the bytes do not say."""
        call, who = self.call, resolved(self.call, to)
        native = currency == ZERO
        asset = "native" if native else f"token:{currency}"
        least = self.credits.get(currency, 0) if amount == 0 else amount
        if who is None:
            call.scene.held.keep(call.to, asset)
            return "keeps the result for a later command"
        if who != call.scene.account:
            call.warn("result-to-other", to=who)
        elif least == 0:
            call.warn("no-minimum")
        call.effect(
            EffectKind.NATIVE_IN if native else EffectKind.TOKEN_IN, asset=asset, amount=least, bound="least", to=who
        )
        what = f"at least {_words(call, currency, least)}" if least is not None else "a part"
        return f"gives {what} to {checksummed(who)}"


def _words(call: Call, currency: str, amount: int) -> str:
    return call.scene.coins(amount) if currency == ZERO else amount_of(currency, amount)


def v4_swap(call: Call, values: tuple[Any, ...]) -> str:
    """The phrase of a V4_SWAP command: (actions, parameters of each)."""
    actions, parameters = values
    call.warn("router-known", name="Uniswap V4")
    deltas, phrases = _Deltas(call), []
    if len(actions) != len(parameters):
        return _unread(call, actions, "as many parameters as actions are needed")
    for action, given in zip(actions, parameters, strict=True):
        try:
            kinds = tuple(parse_type(t) for t in split_types(_INPUTS.get(action, "")))
            found, end = decode(kinds, given)
            if not kinds or end != len(given):
                raise AbiError("unknown, or bytes are left over")
            phrases.append(_act(deltas, action, found))
        except AbiError:
            phrases.append(_unread(call, given, f"V4 action 0x{action:02x}"))
    return "; ".join(phrases) or "does nothing at Uniswap V4"


def _act(deltas: _Deltas, action: int, found: tuple[Any, ...]) -> str:
    if action <= 0x09:
        return deltas.trade(action, found)
    read: dict[int, Callable[[], str]] = {
        _SETTLE: lambda: deltas.settle(*found),
        _SETTLE_ALL: lambda: deltas.settle(found[0], found[1] or 0, True),
        _TAKE: lambda: deltas.take(*found),
        _TAKE_ALL: lambda: deltas.take(found[0], deltas.call.sender or ZERO, found[1]),
        _TAKE_PORTION: lambda: deltas.take(found[0], found[1], None),
    }
    return read[action]()


def _unread(call: Call, raw: bytes, what: str) -> str:
    call.warn("unknown-command", what=what)
    call.draft.unread(call.place, what, raw)
    call.effect(EffectKind.UNKNOWN, to=call.to)
    return f"takes a step that cannot be read ({what})"
