"""Powers of ratios in fixed point with a proven bound: what weighted pools need, bit for bit as the contract has it.

Numbers are integers in units of 2^-120. `ln` adds a series of atanh, `exp` a quotient of Bernoulli's series for
r coth(r/2); both are cut where the rest is under 2^-106, so a power over the domain below is within 2^-92 of itself
and one unit, which `power_down` and `power_up` put on the safe side. Integer division truncates toward zero where the
EVM's does (`sdiv`), and shifts floor as `sar` does.

Source of the series: Abramowitz and Stegun 4.1.27 and 4.5.67. The contract's twin: `libraries/Powers.sol`.
"""

from fractions import Fraction
from math import factorial
from typing import Final

from fluxdesk.core.curves.integers import CurveError

BITS: Final = 120
ONE: Final = 1 << BITS
LN_2: Final = 921_350_637_599_661_305_226_344_307_672_478_455
"""round(ln 2 * 2^120)."""
ROOT_2: Final = 1_879_812_259_125_035_246_445_576_347_481_445_757
"""floor(sqrt 2 * 2^120)."""
LN_TERMS: Final = 20
MARGIN_BITS: Final = 92
"""A computed power is within this many bits of the true one, relatively."""
RATIO_BITS: Final = 8
"""Ratios from 2^-8 to under 2^8 are raised: beyond, the quotient itself holds too few digits, and pools forbid it."""
MOST_EXPONENT: Final = 60 * LN_2
"""The largest |ln| of a power that is computed: beyond, a pool's own limits were broken long before."""


class OutOfRange(CurveError):
    """A power over 2^60, or of a number outside the domain."""


def _ln_terms() -> tuple[int, ...]:
    """1 / (2i + 1), the highest first, for Horner's rule."""
    return tuple(ONE // (2 * i + 1) for i in reversed(range(LN_TERMS)))


def _exp_terms() -> tuple[int, ...]:
    """2 B(2n) / (2n)! of r coth(r/2), the highest first, rounded to nearest."""
    bernoulli = (
        Fraction(1), Fraction(1, 6), Fraction(-1, 30), Fraction(1, 42), Fraction(-1, 30), Fraction(5, 66),
        Fraction(-691, 2730), Fraction(7, 6), Fraction(-3617, 510), Fraction(43867, 798), Fraction(-174611, 330),
        Fraction(854513, 138), Fraction(-236364091, 2730),
    )  # fmt: skip
    return tuple(round(2 * ONE * b / factorial(2 * n)) for n, b in reversed(list(enumerate(bernoulli))))


LN_SERIES: Final = _ln_terms()
EXP_SERIES: Final = _exp_terms()


def ln(ratio: int) -> int:
    """Natural logarithm of a positive fixed-point number, in fixed point, within 2^-106 of the true one for each unit
    of log2. Raises `OutOfRange` at zero and below.
    """
    if ratio <= 0:
        raise OutOfRange("the logarithm of zero or less")
    shift = ratio.bit_length() - 1 - BITS
    mantissa = ratio >> shift if shift >= 0 else ratio << -shift
    if mantissa > ROOT_2:  # now in (1/sqrt 2, sqrt 2]
        mantissa >>= 1
        shift += 1
    z = _sdiv((mantissa - ONE) << BITS, mantissa + ONE)
    square = z * z >> BITS
    total = 0
    for term in LN_SERIES:
        total = (total * square >> BITS) + term
    return (total * z >> (BITS - 1)) + shift * LN_2


def exp(value: int) -> int:
    """e to a fixed-point number, in fixed point, within 2^-104 of itself. Raises `OutOfRange` beyond 2^±60."""
    if not -MOST_EXPONENT <= value <= MOST_EXPONENT:
        raise OutOfRange("a power beyond two to the sixtieth")
    halves = (value + (LN_2 >> 1)) // LN_2
    rest = value - halves * LN_2
    square = rest * rest >> BITS
    coth = 0
    for term in EXP_SERIES:
        coth = (coth * square >> BITS) + term
    result = ((coth + rest) << BITS) // (coth - rest)
    return result << halves if halves >= 0 else result >> -halves


def power(numerator: int, denominator: int, over: int, under: int) -> int:
    """(numerator / denominator) ** (over / under) to the nearest the series give; use the rounded ones below.

    Raises `OutOfRange`.
    """
    if numerator <= 0 or denominator <= 0:
        raise OutOfRange("a power of zero or of nothing")
    ratio = (numerator << BITS) // denominator
    if not ONE >> RATIO_BITS <= ratio < ONE << RATIO_BITS:
        raise OutOfRange("a power of a ratio beyond 256 to one")
    return exp(_sdiv(ln(ratio) * over, under))


def power_down(numerator: int, denominator: int, over: int, under: int) -> int:
    """A lower bound of the power, within 2^-91 of it."""
    found = power(numerator, denominator, over, under)
    return found - (found >> MARGIN_BITS) - 1


def power_up(numerator: int, denominator: int, over: int, under: int) -> int:
    """An upper bound of the power, within 2^-91 of it."""
    found = power(numerator, denominator, over, under)
    return found + (found >> MARGIN_BITS) + 1


def _sdiv(a: int, b: int) -> int:
    """The EVM's signed division: toward zero. b > 0."""
    return a // b if a >= 0 else -(-a // b)
