"""Weighted pools of two to eight assets: the product of balances, each to the power of its weight, never falls.

Integers in, integers out, bit for bit as `WeightedMath.sol`. Balances are in base units of their own token: weights
make rates needless. Every rounding is for the pool: what goes out is floored, what must come in is ceiled, and the
fee is ceiled. Source: Martinelli and Mushegian, "Balancer: a non-custodial portfolio manager" (2019), equations 15
and 20.
"""

from collections.abc import Sequence
from typing import Final

from fluxdesk.core.curves.integers import U128_MAX, CurveError, ZeroAmount, ceil_div
from fluxdesk.core.curves.powers import BITS, ONE, power_up

UNIT: Final = 10**18
"""One, in weights, fees and rates."""
LEAST_WEIGHT: Final = UNIT // 100
MOST_PER_TRADE: Final = 3 * UNIT // 10
"""A trade moves at most this part of a balance: the ratios stay where powers are proven."""
MOST_FEE: Final = UNIT // 10


class BadPool(CurveError):
    """Weights, balances, fee or amplification that no pool can have."""


class TooLarge(CurveError):
    """A trade beyond three tenths of a balance."""


def check_weights(balances: Sequence[int], weights: Sequence[int]) -> None:
    """Raises `BadPool` unless there are two to eight balances above zero whose weights, 1 % each at least, add up to
    one.
    """
    if not 2 <= len(balances) <= 8 or len(weights) != len(balances):
        raise BadPool(f"{len(balances)} balances and {len(weights)} weights; a pool has two to eight of each")
    if any(not 0 < b <= U128_MAX for b in balances):
        raise BadPool("a balance is zero or does not fit 128 bits")
    if any(w < LEAST_WEIGHT for w in weights) or sum(weights) != UNIT:
        raise BadPool("weights are 0.01 or more and add up to one")


def check_fee(fee: int) -> None:
    """Raises `BadPool` for a fee that is negative or above a tenth."""
    if not 0 <= fee <= MOST_FEE:
        raise BadPool("a fee is from 0 to 0.1")


def fee_of(amount: int, fee: int) -> int:
    """The fee in an amount that comes in, ceiled."""
    return ceil_div(amount * fee, UNIT)


def with_fee(net: int, fee: int) -> int:
    """The least gross amount that leaves `net` after its fee."""
    return ceil_div(net * UNIT, UNIT - fee)


def amount_out(balance_in: int, weight_in: int, balance_out: int, weight_out: int, amount: int) -> int:
    """What goes out for `amount` net of fees, floored: out = Bo (1 - (Bi / (Bi + a)) ^ (wi / wo)).

    Raises:
        ZeroAmount: nothing comes in.
        TooLarge: over three tenths of the balance it joins.
    """
    _within(amount, balance_in)
    if weight_in == weight_out:
        return balance_out * amount // (balance_in + amount)
    left = power_up(balance_in, balance_in + amount, weight_in, weight_out)
    return balance_out * (ONE - left) >> BITS if left < ONE else 0


def amount_in(balance_in: int, weight_in: int, balance_out: int, weight_out: int, amount: int) -> int:
    """What must come in, net of fees, for `amount` to go out, ceiled: in = Bi ((Bo / (Bo - a)) ^ (wo / wi) - 1).

    Raises:
        ZeroAmount: nothing goes out.
        TooLarge: over three tenths of the balance it leaves, or of the one it joins.
    """
    _within(amount, balance_out)
    if weight_in == weight_out:
        needed = ceil_div(balance_in * amount, balance_out - amount)
    else:
        grown = power_up(balance_out, balance_out - amount, weight_out, weight_in)
        needed = -(-balance_in * (grown - ONE) >> BITS)
    _within(needed, balance_in)
    return needed


def _within(amount: int, balance: int) -> None:
    if amount <= 0:
        raise ZeroAmount("an amount of zero")
    if amount * UNIT > balance * MOST_PER_TRADE:
        raise TooLarge(f"{amount} is over three tenths of {balance}")
