"""The part of a pool's fee that grows while its balances stand off their moving averages.

    fee (1 + multiplier |bi eo - bo ei| / (bi eo + bo ei))      b balances, e averages, before the trade

It depends on the state before the trade alone, so a trade of exactly so much in and one of exactly so much out pay the
same. The fraction is about half of the price's relative distance from its average. Integers as `DynamicFee.sol`.
"""

from collections.abc import Sequence
from typing import Final

from fluxdesk.core.curves.weighted import MOST_FEE, UNIT

MOST_MULTIPLIER: Final = 65_535


def deviation(balance_in: int, average_in: int, balance_out: int, average_out: int) -> int:
    """How far two balances stand off their averages, in units of 10^-18 below one, floored."""
    ours, theirs = balance_in * average_out, balance_out * average_in
    whole, apart = ours + theirs, abs(ours - theirs)
    if whole == 0:
        return 0
    shift = 64 if whole >> 192 else 0  # 256 bits hold the product with 10^18
    return (apart >> shift) * UNIT // (whole >> shift)


def volatile_fee(fee: int, multiplier: int, apart: int) -> int:
    """The fee with its volatile part, a tenth at most. `fee` is a tenth at most itself."""
    return min(fee + fee * multiplier * apart // UNIT, MOST_FEE)


def pair_fee(
    fee: int, multiplier: int, balances: Sequence[int], averages: Sequence[int], index_in: int, index_out: int
) -> int:
    """The fee of a trade between two assets."""
    if multiplier == 0:
        return fee
    apart = deviation(balances[index_in], averages[index_in], balances[index_out], averages[index_out])
    return volatile_fee(fee, multiplier, apart)


def side_fee(fee: int, multiplier: int, balances: Sequence[int], averages: Sequence[int], index: int) -> int:
    """The fee of liquidity in one asset: that of its dearest trade, so that none is a cheaper trade."""
    if multiplier == 0:
        return fee
    apart = max(
        deviation(balances[index], averages[index], balances[k], averages[k])
        for k in range(len(balances))
        if k != index
    )
    return volatile_fee(fee, multiplier, apart)
