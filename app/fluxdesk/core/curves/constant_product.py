"""x * y = k without fees: the swap that pump.fun, PumpSwap, LaunchLab and Uniswap V2 build on.

Rounding is always against the trader, so k never falls: what goes out is floored, what must come in is ceiled.
"""

from fluxdesk.core.curves.integers import NotEnoughLiquidity, ZeroAmount, ceil_div


def amount_out(reserve_in: int, reserve_out: int, amount_in: int) -> int:
    """Floor of reserve_out * amount_in / (reserve_in + amount_in): less than one unit below exact, never above.

    Raises:
        ZeroAmount: a reserve is zero.
    """
    if reserve_in <= 0 or reserve_out <= 0:
        raise ZeroAmount("a reserve is zero")
    return reserve_out * amount_in // (reserve_in + amount_in)


def amount_in(reserve_in: int, reserve_out: int, amount_out: int) -> int:
    """Ceiling of reserve_in * amount_out / (reserve_out - amount_out): less than one unit above exact, never below.

    Raises:
        ZeroAmount: a reserve is zero.
        NotEnoughLiquidity: `amount_out` is the whole reserve or more.
    """
    if reserve_in <= 0 or reserve_out <= 0:
        raise ZeroAmount("a reserve is zero")
    if amount_out >= reserve_out:
        raise NotEnoughLiquidity(f"{amount_out} of a reserve of {reserve_out}")
    return ceil_div(reserve_in * amount_out, reserve_out - amount_out)
