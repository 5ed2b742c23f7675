"""What all curves share: the programs' integer widths, division with its rounding in the name, and the named
refusals.
"""

U64_MAX = (1 << 64) - 1
U128_MAX = (1 << 128) - 1
U256_MAX = (1 << 256) - 1
BPS = 10_000
"""Basis points in one."""


class CurveError(ArithmeticError):
    """The curve cannot do what was asked; no state changed."""


class Overflow(CurveError):
    """A value does not fit the integer width the program keeps it in."""


class NotEnoughLiquidity(CurveError):
    """The curve or pool does not hold what was asked for."""


class ZeroAmount(CurveError):
    """An amount, a reserve or an outcome of zero, which the programs refuse."""


def ceil_div(a: int, b: int) -> int:
    """Smallest integer not below a / b; b > 0."""
    return -(-a // b)


def u64(value: int, what: str) -> int:
    """The value, if a u64 holds it. Raises `Overflow`."""
    if 0 <= value <= U64_MAX:
        return value
    raise Overflow(f"{what} of {value} does not fit 64 bits")


def u128(value: int, what: str) -> int:
    """The value, if a u128 holds it. Raises `Overflow`."""
    if 0 <= value <= U128_MAX:
        return value
    raise Overflow(f"{what} of {value} does not fit 128 bits")


def positive(value: int, what: str) -> int:
    """The value, if it is a u64 above zero. Raises `ZeroAmount`, `Overflow`."""
    if value == 0:
        raise ZeroAmount(f"{what} is zero")
    return u64(value, what)


def bps_up(amount: int, bps: int) -> int:
    """`amount` times basis points, rounded up: against the trader, as pump.fun and PumpSwap charge every fee."""
    return ceil_div(amount * bps, BPS)
