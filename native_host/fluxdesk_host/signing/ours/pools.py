"""Swaps and liquidity of the pool manager. Source: contracts/evm/src/interfaces/ILiquidityPoolManager.sol.

A pool is a number and an asset its place in it: which tokens those are, the bytes do not say.
"""

from typing import Any

from fluxdesk_host.signing.evm.call import Call, amount_of
from fluxdesk_host.signing.ours.common import gets, gives, listed, ours, place_of, units
from fluxdesk_host.signing.reading import EffectKind
from fluxdesk_host.signing.registry import EvmMethod
from fluxdesk_host.signing.text import checksummed, counted

CONTRACT = "LiquidityPoolManager"
_FROM_ACCOUNT, _FROM_INTERNAL = 0, 1
_KINDS = ("a weighted pool", "a stable pool", "a hybrid pool")


def _swap_in(call: Call, values: tuple[Any, ...]) -> str:
    pool, joins, leaves, amount, least, to, deadline = values
    call.draft.expiry(deadline, call.place)
    gives(call, place_of(call, pool, joins), amount)
    whose = gets(call, place_of(call, pool, leaves), least, to)
    back = f"at least {units(least)}" if least else "any amount, even nothing,"
    return f"trades {units(amount)} of asset {joins} of pool {pool} for {back} of asset {leaves}{whose} {ours(call)}"


def _swap_out(call: Call, values: tuple[Any, ...]) -> str:
    pool, joins, leaves, amount, most, to, deadline = values
    call.draft.expiry(deadline, call.place)
    gives(call, place_of(call, pool, joins), most, "most")
    whose = gets(call, place_of(call, pool, leaves), amount, to, "exact")
    return (
        f"trades up to {units(most)} of asset {joins} of pool {pool} for {units(amount)} of asset {leaves}{whose} "
        f"{ours(call)}"
    )


def _path(call: Call, values: tuple[Any, ...]) -> str:
    path, amount, least, payment, inside, to, deadline, data = values
    call.draft.expiry(deadline, call.place)
    if not path or payment not in (_FROM_ACCOUNT, _FROM_INTERNAL) or data:
        call.warn("unread-arguments", name="swapPath")
        call.draft.unread(call.place, "a path that is paid by a callback or leads nowhere", call.data)
        call.effect(EffectKind.UNKNOWN, to=call.to)
        return f"trades in a way that is not read {ours(call)}"
    first, last = path[0], path[-1]
    gives(call, place_of(call, first[0], first[1]), amount)
    whose = gets(call, place_of(call, last[0], last[2]), least, to)
    if inside:
        call.warn("keeps-in-router")
    kept = " and leaves it there" if inside else ""
    back = f"at least {units(least)}" if least else "any amount, even nothing,"
    return (
        f"trades {units(amount)} of asset {first[1]} of pool {first[0]} in {counted(len(path), 'step')} for {back} of "
        f"asset {last[2]} of pool {last[0]}{whose}{kept} {ours(call)}"
    )


def _first(call: Call, values: tuple[Any, ...]) -> str:
    pool, amounts, to = values
    for index, amount in enumerate(amounts):
        gives(call, place_of(call, pool, index), amount)
    whose = gets(call, place_of(call, pool, "shares"), 1, to)
    return f"gives pool {pool} its first {counted(len(amounts), 'amount')}{whose} {ours(call)}"


def _add(call: Call, values: tuple[Any, ...]) -> str:
    pool, shares, most, to, deadline = values
    call.draft.expiry(deadline, call.place)
    for index, amount in enumerate(most):
        gives(call, place_of(call, pool, index), amount, "most")
    whose = gets(call, place_of(call, pool, "shares"), shares, to, "exact")
    return f"adds at most {listed(most)} to pool {pool} for {shares:,} shares{whose} {ours(call)}"


def _add_in(call: Call, values: tuple[Any, ...]) -> str:
    pool, index, amount, least, to, deadline = values
    call.draft.expiry(deadline, call.place)
    gives(call, place_of(call, pool, index), amount)
    whose = gets(call, place_of(call, pool, "shares"), least, to)
    return f"adds {units(amount)} of asset {index} to pool {pool} for at least {least:,} shares{whose} {ours(call)}"


def _add_shares(call: Call, values: tuple[Any, ...]) -> str:
    pool, index, shares, most, to, deadline = values
    call.draft.expiry(deadline, call.place)
    gives(call, place_of(call, pool, index), most, "most")
    whose = gets(call, place_of(call, pool, "shares"), shares, to, "exact")
    return f"adds up to {units(most)} of asset {index} to pool {pool} for {shares:,} shares{whose} {ours(call)}"


def _remove(call: Call, values: tuple[Any, ...]) -> str:
    pool, shares, least, inside, to, deadline = values
    call.draft.expiry(deadline, call.place)
    gives(call, place_of(call, pool, "shares"), shares)
    whose = [gets(call, place_of(call, pool, index), amount, to) for index, amount in enumerate(least)]
    if inside:
        call.warn("keeps-in-router")
    kept = " and leaves it there" if inside else ""
    said = whose[0] if whose else ""
    return f"takes at least {listed(least)} out of pool {pool} for {shares:,} shares{said}{kept} {ours(call)}"


def _remove_shares(call: Call, values: tuple[Any, ...]) -> str:
    pool, index, shares, least, to, deadline = values
    call.draft.expiry(deadline, call.place)
    gives(call, place_of(call, pool, "shares"), shares)
    whose = gets(call, place_of(call, pool, index), least, to)
    return (
        f"takes at least {units(least)} of asset {index} out of pool {pool} for {shares:,} shares{whose} {ours(call)}"
    )


def _remove_out(call: Call, values: tuple[Any, ...]) -> str:
    pool, index, amount, most, to, deadline = values
    call.draft.expiry(deadline, call.place)
    gives(call, place_of(call, pool, "shares"), most, "most")
    whose = gets(call, place_of(call, pool, index), amount, to, "exact")
    return f"takes {units(amount)} of asset {index} out of pool {pool} for up to {most:,} shares{whose} {ours(call)}"


def _create(call: Call, values: tuple[Any, ...]) -> str:
    ((kind, tokens, weights, groups, amplification, fee, off_peg, volatility),) = values
    call.warn("opens-pool")
    for index, token in enumerate(tokens):
        weight = f", weight {weights[index]:,}" if index < len(weights) else ""
        group = f", group {groups[index]}" if index < len(groups) else ""
        call.draft.fact(f"Asset {index}", f"{checksummed(token)}{weight}{group}")
    call.draft.fact("Fee and weights (units of 1e-18)", f"{fee:,}")
    call.draft.fact("Amplification, off-peg and volatility multipliers", f"{amplification}, {off_peg}, {volatility}")
    said = _KINDS[kind] if kind < len(_KINDS) else "a pool of a kind that is not known"
    return f"opens {said} of {counted(len(tokens), 'token')} {ours(call)}"


def _collect(call: Call, values: tuple[Any, ...]) -> str:
    pool, index = values
    return f"has what the protocol is owed in asset {index} of pool {pool} paid to the contract's owner {ours(call)}"


def _stop_ramp(call: Call, values: tuple[Any, ...]) -> str:
    return f"ends the change of the amplification of pool {values[0]} where it is {ours(call)}"


def _deposit(call: Call, values: tuple[Any, ...]) -> str:
    token, amount, to = values
    gives(call, f"token:{token}", amount)
    if not call.mine(to):
        call.warn("result-to-other", to=to)
    return f"puts {amount_of(token, amount)} into the balance of {checksummed(to)} {ours(call)}"


def _withdraw(call: Call, values: tuple[Any, ...]) -> str:
    token, amount, to = values
    whose = gets(call, f"token:{token}", amount, to, "exact")
    return f"takes {amount_of(token, amount)} out of its balance{whose} {ours(call)}"


METHODS = (
    EvmMethod("createPool((uint8,address[],uint256[],uint256[],uint256,uint256,uint256,uint256) parameters)", _create),
    EvmMethod("collectProtocolFee(uint256 pool,uint256 index)", _collect),
    EvmMethod("stopRamp(uint256 pool)", _stop_ramp),
    EvmMethod(
        "swapExactIn(uint256 pool,uint256 indexIn,uint256 indexOut,uint256 amountIn,uint256 minAmountOut,address to,"
        "uint256 deadline)",
        _swap_in,
    ),
    EvmMethod(
        "swapExactOut(uint256 pool,uint256 indexIn,uint256 indexOut,uint256 amountOut,uint256 maxAmountIn,address to,"
        "uint256 deadline)",
        _swap_out,
    ),
    EvmMethod(
        "swapPath((uint256,uint256,uint256)[] path,uint256 amountIn,uint256 minAmountOut,uint8 payment,"
        "bool toInternalBalance,address to,uint256 deadline,bytes data)",
        _path,
    ),
    EvmMethod("initialize(uint256 pool,uint256[] amounts,address to)", _first),
    EvmMethod("addProportional(uint256 pool,uint256 shares,uint256[] maxAmounts,address to,uint256 deadline)", _add),
    EvmMethod(
        "addOneExactIn(uint256 pool,uint256 index,uint256 amount,uint256 minShares,address to,uint256 deadline)",
        _add_in,
    ),
    EvmMethod(
        "addOneExactShares(uint256 pool,uint256 index,uint256 shares,uint256 maxAmount,address to,uint256 deadline)",
        _add_shares,
    ),
    EvmMethod(
        "removeProportional(uint256 pool,uint256 shares,uint256[] minAmounts,bool toInternalBalance,address to,"
        "uint256 deadline)",
        _remove,
    ),
    EvmMethod(
        "removeOneExactShares(uint256 pool,uint256 index,uint256 shares,uint256 minAmount,address to,uint256 deadline)",
        _remove_shares,
    ),
    EvmMethod(
        "removeOneExactOut(uint256 pool,uint256 index,uint256 amount,uint256 maxShares,address to,uint256 deadline)",
        _remove_out,
    ),
    EvmMethod("deposit(address token,uint256 amount,address to)", _deposit),
    EvmMethod("withdraw(address token,uint256 amount,address to)", _withdraw),
)
