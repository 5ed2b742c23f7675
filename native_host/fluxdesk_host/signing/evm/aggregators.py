"""Exchanges that find the way themselves: 1inch and 0x. What leaves is bounded by the call, what comes back too.

Sources: 1inch's AggregationRouter 5 and 6; 0x's TransformERC20, UniswapV3 and Uniswap features, AllowanceHolder and
Settler. Each is read only at the addresses that our list gives it; how the way is found is the executor's business,
which holds nothing of the account's but what it was handed.
"""

from typing import Any

from fluxdesk_host.signing.evm.bundles import inner_calls
from fluxdesk_host.signing.evm.call import ZERO, Call, amount_of
from fluxdesk_host.signing.evm.known import ALLOWANCE_HOLDER, CHAINS, ONE_INCH_5, ONE_INCH_6, ZERO_EX
from fluxdesk_host.signing.evm.routers import trade, v3_ends
from fluxdesk_host.signing.reading import EffectKind
from fluxdesk_host.signing.registry import EvmMethod
from fluxdesk_host.signing.text import checksummed, counted

_NATIVE = "0x" + "ee" * 20
_ALL = (1 << 256) - 1
_PARTIAL = 1
_DESCRIPTION = "(address,address,address,address,uint256,uint256,uint256)"
_AT_0X = frozenset(ZERO_EX.items())


def _swap(call: Call, pays: str, most: int | None, gets: str, least: int, to: str) -> str:
    """A trade whose native coin stands as 0xeee…, and whose recipient nobody stands for the sender."""
    native = pays in (_NATIVE, ZERO)
    if native:
        call.scene.held.pay_out_coins(call.to)
    who = (call.sender or ZERO) if to == ZERO else to
    bought = None if gets in (_NATIVE, ZERO) else gets
    return trade(call, None if native else pays, most, bought, least, who, True, call.sender)


def _one_inch(call: Call, values: tuple[Any, ...]) -> str:
    """(executor, description, [permit,] data): the router hands over the amount and checks what comes back."""
    _, (pays, gets, _, to, amount, least, flags) = values[:2]
    if flags & _PARTIAL:
        call.warn("may-fail")
    if len(values) == 4 and values[2]:
        call.warn("unread-arguments", name="permit")
        call.draft.unread(call.place, "permit", values[2])
    return _swap(call, pays, amount, gets, least, to)


def _transform(call: Call, values: tuple[Any, ...]) -> str:
    pays, gets, amount, least, _ = values
    return _swap(call, pays, None if amount == _ALL else amount, gets, least, ZERO)


def _sell_along(call: Call, values: tuple[Any, ...]) -> str:
    """(path of addresses, amount, least, exchange)."""
    tokens, amount, least, _ = values
    if len(tokens) < 2:
        call.warn("malformed", what="a trade needs two tokens")
        return f"asks {checksummed(call.to)} for a trade of one token only"
    return _swap(call, tokens[0], amount, tokens[-1], least, ZERO)


def _sell_v3(call: Call, values: tuple[Any, ...]) -> str:
    """(packed path, [amount,] least, recipient); without an amount the native coin that was sent along is sold."""
    path, least, to = values[0], values[-2], values[-1]
    ends = v3_ends(path)
    if ends is None:
        call.warn("unread-arguments", name="path")
        call.draft.unread(call.place, "path", path)
        call.effect(EffectKind.UNKNOWN, to=call.to)
        return f"trades at {checksummed(call.to)} along a path that cannot be read"
    pays, amount = (ends[0], values[1]) if len(values) == 4 else (_NATIVE, call.value)
    return _swap(call, pays, amount, ends[1], least, to)


def _sell_v3_for_coins(call: Call, values: tuple[Any, ...]) -> str:
    ends = v3_ends(values[0])
    if ends is None:
        return _sell_v3(call, values)
    return _swap(call, ends[0], values[1], _NATIVE, values[2], values[3])


def _allowance(call: Call, values: tuple[Any, ...]) -> str:
    """The operator may take the amount while the call runs, and no longer; the holder makes the call."""
    operator, token, amount, target, data = values
    call.warn("acts-through", by=call.to)
    call.warn("router-known", name=call.scene.known(call.to))
    if call.value and token in (_NATIVE, ZERO):
        call.scene.held.pay_out_coins(call.to)
    elif amount:
        call.effect(
            EffectKind.TOKEN_OUT, asset=f"token:{token}", amount=None if amount == _ALL else amount, bound="most",
            source=call.sender, to=operator,
        )  # fmt: skip
    inner = inner_calls(call, [(call.to, target, call.value, data)], True)
    return f"lets {checksummed(operator)} take up to {amount_of(token, amount)} for one call: {inner}"


def _settle(call: Call, values: tuple[Any, ...]) -> str:
    """Settler's actions are not read; what it promises is what must come back at the end."""
    (to, token, least), actions, _ = values
    call.warn("router-unknown")
    call.warn("unread-arguments", name="actions")
    call.draft.unread(call.place, "actions", b"".join(actions))
    if least == 0:
        call.warn("no-minimum")
    elif to != call.scene.account:
        call.warn("result-to-other", to=to)
    native = token in (_NATIVE, ZERO)
    call.effect(
        EffectKind.NATIVE_IN if native else EffectKind.TOKEN_IN, asset="native" if native else f"token:{token}",
        amount=least, bound="least", to=to,
    )  # fmt: skip
    got = call.scene.coins(least) if native else amount_of(token, least)
    return f"trades in {counted(len(actions), 'step')} that cannot be read for at least {got}"


METHODS = (
    EvmMethod(
        f"swap(address executor,{_DESCRIPTION} description,bytes data)",
        _one_inch,
        frozenset((chain, ONE_INCH_6) for chain in CHAINS),
    ),
    EvmMethod(
        f"swap(address executor,{_DESCRIPTION} description,bytes permit,bytes data)",
        _one_inch,
        frozenset((chain, ONE_INCH_5) for chain in CHAINS),
    ),
    EvmMethod(
        "transformERC20(address inputToken,address outputToken,uint256 inputTokenAmount,uint256 minOutputTokenAmount,"
        "(uint32,bytes)[] transformations)",
        _transform,
        _AT_0X,
    ),
    EvmMethod(
        "sellToUniswap(address[] tokens,uint256 sellAmount,uint256 minBuyAmount,bool isSushi)", _sell_along, _AT_0X
    ),
    EvmMethod("sellEthForTokenToUniswapV3(bytes path,uint256 minBuyAmount,address recipient)", _sell_v3, _AT_0X),
    EvmMethod(
        "sellTokenForTokenToUniswapV3(bytes path,uint256 sellAmount,uint256 minBuyAmount,address recipient)",
        _sell_v3,
        _AT_0X,
    ),
    EvmMethod(
        "sellTokenForEthToUniswapV3(bytes path,uint256 sellAmount,uint256 minBuyAmount,address recipient)",
        _sell_v3_for_coins,
        _AT_0X,
    ),
    EvmMethod(
        "exec(address operator,address token,uint256 amount,address target,bytes data)",
        _allowance,
        frozenset((chain, ALLOWANCE_HOLDER) for chain in CHAINS),
    ),
    EvmMethod("execute((address,address,uint256) slippage,bytes[] actions,bytes32 tag)", _settle),
)
