"""Uniswap V2: constant product with 0.3 % taken from the input. Source: UniswapV2Library.sol (getAmountOut,
getAmountIn).
"""

from fluxdesk.core.curves.integers import U256_MAX, NotEnoughLiquidity, Overflow, ZeroAmount

_KEPT = 997
_ONE = 1000
RESERVE_MAX = (1 << 112) - 1
"""A pair keeps its reserves in 112 bits."""


def _check(reserve_in: int, reserve_out: int, amount: int) -> None:
    if min(reserve_in, reserve_out, amount) <= 0:
        raise ZeroAmount("an amount or a reserve is zero")
    if max(reserve_in, reserve_out) > RESERVE_MAX:
        raise Overflow("a reserve does not fit 112 bits")


def amount_out(reserve_in: int, reserve_out: int, amount_in: int) -> int:
    """What a swap of exactly `amount_in` gives. Floored: for the pair.

    Raises:
        ZeroAmount, Overflow: as Solidity's checked arithmetic would revert.
    """
    _check(reserve_in, reserve_out, amount_in)
    kept = amount_in * _KEPT
    if max(kept * reserve_out, reserve_in * _ONE + kept) > U256_MAX:
        raise Overflow("the swap does not fit 256 bits")
    return kept * reserve_out // (reserve_in * _ONE + kept)


def amount_in(reserve_in: int, reserve_out: int, amount_out: int) -> int:
    """What a swap for exactly `amount_out` costs: floor plus one, for the pair.

    Raises:
        ZeroAmount, Overflow: as above.
        NotEnoughLiquidity: `amount_out` is the reserve or more.
    """
    _check(reserve_in, reserve_out, amount_out)
    if amount_out >= reserve_out:
        raise NotEnoughLiquidity(f"{amount_out} of a reserve of {reserve_out}")
    return reserve_in * amount_out * _ONE // ((reserve_out - amount_out) * _KEPT) + 1
