"""Trades through Uniswap V2 and V3 routers and their many twins.

Sources: IUniswapV2Router01/02, ISwapRouter (V3), IV3SwapRouter (router 02). What leaves the account is bounded by
the call; what comes back is bounded from below by it. Router 02 takes the recipient 1 for the sender and 2 for itself,
the V3 router takes 0 for itself; the V2 routers take every recipient as it stands.
"""

from collections.abc import Callable
from typing import Any

from fluxdesk_host.signing.evm.call import ZERO, Call, amount_of, is_grave
from fluxdesk_host.signing.reading import EffectKind
from fluxdesk_host.signing.registry import EvmMethod
from fluxdesk_host.signing.text import checksummed

_Read = Callable[[Call, tuple[Any, ...]], str]
SENDER = "0x" + "00" * 19 + "01"
ROUTER = "0x" + "00" * 19 + "02"


def trade(
    call: Call,
    pays: str | None,
    most: int | None,
    gets: str | None,
    least: int,
    to: str | None,
    exact_in: bool,
    payer: str | None,
) -> str:
    """A swap: at most `most` of token `pays` for at least `least` of token `gets`; a token None is the native coin.

    `most` None: the bytes do not say. `to` None: the router keeps what is bought. `payer` None: the router pays with
    what it holds already.
    """
    held = call.scene.held
    if call.scene.is_exchange(call.to):
        call.warn("router-known", name=call.scene.known(call.to))
    else:
        call.warn("router-unknown")
    bought = "native" if gets is None else f"token:{gets}"
    if to is None or to == call.to:
        call.warn("keeps-in-router")
        held.keep(call.to, bought)
    else:
        _result(call, to)
        if least == 0:  # a step in between has none: the last one holds the minimum
            call.warn("no-minimum")
        kind = EffectKind.NATIVE_IN if gets is None else EffectKind.TOKEN_IN
        call.effect(kind, asset=bought, amount=least, bound="least" if exact_in else "exact", to=to)
    if payer is None:
        if exact_in and pays is not None:
            held.pay_out(call.to, f"token:{pays}")
    elif pays is not None and most != 0:
        call.effect(
            EffectKind.TOKEN_OUT, asset=f"token:{pays}", amount=most, bound="exact" if exact_in else "most",
            source=payer, to=call.to,
        )  # fmt: skip
    whose = f", which {checksummed(to)} gets," if to not in (None, call.to, call.scene.account) else ""
    if least == 0 and exact_in:
        back = f"token {checksummed(gets)}" if gets else "the native coin"
        kept = to is None or to == call.to
        paid = _paid_words(call, pays, most, exact_in)
        got = f"{back}, which stays there for a later step" if kept else f"any amount of {back}, even nothing"
        return f"trades {paid} for {got}{whose}{_where(call)}"
    return f"{_trade_words(call, pays, most, gets, least, exact_in)}{whose}{_where(call)}"


def _where(call: Call) -> str:
    """Through whom, where that is not said already: a plan of the universal router names it once."""
    if call.depth and call.scene.is_router(call.to):
        return ""
    return f" through {call.scene.named(call.to)}"


def _paid_words(call: Call, pays: str | None, most: int | None, exact_in: bool) -> str:
    if most is None:
        return f"as much of token {checksummed(pays or ZERO)} as the router holds"
    return f"{'' if exact_in else 'up to '}{call.scene.coins(most) if pays is None else amount_of(pays, most)}"


def _trade_words(call: Call, pays: str | None, most: int | None, gets: str | None, least: int, exact_in: bool) -> str:
    paid = _paid_words(call, pays, most, exact_in)
    got = call.scene.coins(least) if gets is None else amount_of(gets, least)
    return f"trades {paid} for {'at least ' if exact_in else ''}{got}"


def _result(call: Call, to: str) -> None:
    if is_grave(to):
        call.warn("burns")
    if to != call.scene.account:
        call.warn("result-to-other", to=to)


def resolved(call: Call, to: str) -> str | None:
    """Who a recipient of router 02 and of the universal router is: 1 stands for the sender, 2 for the router (None)."""
    if to in (ROUTER, call.to):
        return None
    return call.sender if to == SENDER and call.sender else to


def _with_coins(call: Call, token: str, most: int, exact_in: bool) -> bool:
    """Whether a V3 router pays with coins that it was sent: a listed one does, where they cover the whole amount."""
    if not (call.scene.is_router(call.to) and call.scene.is_a("wrapped", token)):
        return False
    return call.scene.held.spend(call.to, most, at_most=not exact_in)


def _v2(native_in: bool, native_out: bool, exact_in: bool) -> _Read:
    """One of the V2 router's swap functions: (amounts…, path, to, deadline)."""

    def read(call: Call, values: tuple[Any, ...]) -> str:
        *amounts, path, to, deadline = values
        call.draft.expiry(deadline, call.place)
        if len(path) < 2:
            call.warn("malformed", what="a trade needs two tokens")
            return f"asks {checksummed(call.to)} for a trade of one token only"
        if native_in:
            most, least = call.value, amounts[0]
        elif exact_in:
            most, least = amounts
        else:
            least, most = amounts
        if native_in:  # the V2 routers give back themselves what they do not need
            call.scene.held.pay_out_coins(call.to)
        pays = None if native_in else path[0]
        gets = None if native_out else path[-1]
        return trade(call, pays, most, gets, least, to, exact_in, call.sender)

    return read


def _single(exact_in: bool) -> _Read:
    """V3 in one pool: (in, out, fee, to, [deadline,] amounts, limit). Only the old router takes a deadline."""

    def read(call: Call, values: tuple[Any, ...]) -> str:
        fields = values[0]
        pays, gets, _, to = fields[:4]
        first, second = fields[-3], fields[-2]
        deadline = fields[4] if len(fields) == 8 else None
        return _v3(call, pays, gets, to, deadline, first, second, exact_in)

    return read


def _v3(
    call: Call, pays: str, gets: str, to: str, deadline: int | None, first: int, second: int, exact_in: bool
) -> str:
    """A V3 trade: at the old router, which has a deadline, 0 stands for the router; at router 02 an amount of 0 stands
    for all that the router holds.
    """
    most, least = (first, second) if exact_in else (second, first)
    if deadline is not None:
        call.draft.expiry(deadline, call.place)
        who = None if to == ZERO else to
    else:
        who = resolved(call, to)
        if exact_in and first == 0:
            return trade(call, pays, None, gets, least, who, exact_in, None)
    if _with_coins(call, pays, most, exact_in):
        return trade(call, None, most, gets, least, who, exact_in, call.sender)
    return trade(call, pays, most, gets, least, who, exact_in, call.sender)


def v3_ends(path: bytes) -> tuple[str, str] | None:
    """First and last token of a packed V3 path (20 bytes, then 3 and 20 for each hop); None for anything else."""
    if len(path) < 43 or (len(path) - 20) % 23:
        return None
    return "0x" + path[:20].hex(), "0x" + path[-20:].hex()


def _along(exact_in: bool) -> _Read:
    """V3 along a path: (path, to, [deadline,] amounts). The path of an exact output runs backwards."""

    def read(call: Call, values: tuple[Any, ...]) -> str:
        fields = values[0]
        ends = v3_ends(fields[0])
        if ends is None:
            call.warn("unread-arguments", name="exactInput" if exact_in else "exactOutput")
            call.draft.unread(call.place, "path", fields[0])
            call.effect(EffectKind.UNKNOWN, to=call.to)
            return f"trades at {checksummed(call.to)} along a path that cannot be read"
        deadline = fields[2] if len(fields) == 5 else None
        first, second = fields[-2:]
        pays, gets = ends if exact_in else (ends[1], ends[0])
        return _v3(call, pays, gets, fields[1], deadline, first, second, exact_in)

    return read


def _v2_at_02(exact_in: bool) -> _Read:
    """V2 trades at router 02: (amounts, path, to)."""

    def read(call: Call, values: tuple[Any, ...]) -> str:
        first, second, path, to = values
        if len(path) < 2:
            call.warn("malformed", what="a trade needs two tokens")
            return f"asks {checksummed(call.to)} for a trade of one token only"
        return _v3(call, path[0], path[-1], to, None, first, second, exact_in)

    return read


def _paid_out(native: bool) -> _Read:
    """What the router holds goes to someone: unwrapWETH9(least[, to]), sweepToken(token, least[, to])."""

    def read(call: Call, values: tuple[Any, ...]) -> str:
        to = values[-1] if isinstance(values[-1], str) and len(values) > (1 if native else 2) else call.sender
        least = values[0] if native else values[1]
        _at_router(call)
        _result(call, to or "")
        if least == 0:
            call.warn("no-minimum")
        asset = "native" if native else f"token:{values[0]}"
        kind = EffectKind.NATIVE_IN if native else EffectKind.TOKEN_IN
        call.effect(kind, asset=asset, amount=least, bound="least", to=to)
        call.scene.held.pay_out(call.to, f"token:{call.scene.wrapped()}" if native else asset)
        what = call.scene.coins(least) if native else amount_of(values[0], least)
        return f"pays out at least {what} to {checksummed(to or '')}"

    return read


def _at_router(call: Call) -> None:
    if not call.scene.is_a("router", call.to):
        call.warn("router-unknown")


def _refund(call: Call, values: tuple[Any, ...]) -> str:
    _at_router(call)
    call.scene.held.pay_out_coins(call.to)
    return f"gives back what {checksummed(call.to)} has left of the native coin"


_PATH = "address[] path,address to,uint256 deadline"
_FEE = "SupportingFeeOnTransferTokens"

METHODS = (
    EvmMethod(f"swapExactTokensForTokens(uint256 amountIn,uint256 amountOutMin,{_PATH})", _v2(False, False, True)),
    EvmMethod(f"swapTokensForExactTokens(uint256 amountOut,uint256 amountInMax,{_PATH})", _v2(False, False, False)),
    EvmMethod(f"swapExactETHForTokens(uint256 amountOutMin,{_PATH})", _v2(True, False, True)),
    EvmMethod(f"swapETHForExactTokens(uint256 amountOut,{_PATH})", _v2(True, False, False)),
    EvmMethod(f"swapExactTokensForETH(uint256 amountIn,uint256 amountOutMin,{_PATH})", _v2(False, True, True)),
    EvmMethod(f"swapTokensForExactETH(uint256 amountOut,uint256 amountInMax,{_PATH})", _v2(False, True, False)),
    EvmMethod(
        f"swapExactTokensForTokens{_FEE}(uint256 amountIn,uint256 amountOutMin,{_PATH})", _v2(False, False, True)
    ),
    EvmMethod(f"swapExactETHForTokens{_FEE}(uint256 amountOutMin,{_PATH})", _v2(True, False, True)),
    EvmMethod(f"swapExactTokensForETH{_FEE}(uint256 amountIn,uint256 amountOutMin,{_PATH})", _v2(False, True, True)),
    EvmMethod(
        "swapExactTokensForTokens(uint256 amountIn,uint256 amountOutMin,address[] path,address to)", _v2_at_02(True)
    ),
    EvmMethod(
        "swapTokensForExactTokens(uint256 amountOut,uint256 amountInMax,address[] path,address to)", _v2_at_02(False)
    ),
    EvmMethod(
        "exactInputSingle((address,address,uint24,address,uint256,uint256,uint256,uint160) params)", _single(True)
    ),
    EvmMethod("exactInputSingle((address,address,uint24,address,uint256,uint256,uint160) params)", _single(True)),
    EvmMethod(
        "exactOutputSingle((address,address,uint24,address,uint256,uint256,uint256,uint160) params)", _single(False)
    ),
    EvmMethod("exactOutputSingle((address,address,uint24,address,uint256,uint256,uint160) params)", _single(False)),
    EvmMethod("exactInput((bytes,address,uint256,uint256,uint256) params)", _along(True)),
    EvmMethod("exactInput((bytes,address,uint256,uint256) params)", _along(True)),
    EvmMethod("exactOutput((bytes,address,uint256,uint256,uint256) params)", _along(False)),
    EvmMethod("exactOutput((bytes,address,uint256,uint256) params)", _along(False)),
    EvmMethod("unwrapWETH9(uint256 amountMinimum,address recipient)", _paid_out(True)),
    EvmMethod("unwrapWETH9(uint256 amountMinimum)", _paid_out(True)),
    EvmMethod("sweepToken(address token,uint256 amountMinimum,address recipient)", _paid_out(False)),
    EvmMethod("sweepToken(address token,uint256 amountMinimum)", _paid_out(False)),
    EvmMethod("refundETH()", _refund),
)
