"""The moving average that a pool keeps of each balance: what its price oracle and the volatile part of its fee read.

Exponential over time and exact between two touches, because a balance does not change between them; bit for bit as
`AssetSlots.sol`. A balance that changed in this block has no weight yet. Liquidity changes the supply of shares, and
averages go with it, so that what a share has of each asset on average moves by time alone.
"""

from typing import Final

from fluxdesk.core.curves.powers import BITS, exp

WINDOW: Final = 600
"""Seconds in which an average nears its balance by 1 - 1/e."""
MOST_WINDOWS: Final = 32
"""e^-32 of a balance is below the noise of the rest: from here on the average is the balance."""

MOST: Final = 2**112 - 1
"""What the contract's slot has room for."""


def average(balance: int, past: int, elapsed: int, window: int = WINDOW) -> int:
    """The average `elapsed` seconds after it was `past`, of a balance that has been the same since."""
    if elapsed == 0 or past == balance:
        return past
    if elapsed >= window * MOST_WINDOWS:
        return balance
    left = exp(-((elapsed << BITS) // window))
    if past > balance:
        return balance + ((past - balance) * left >> BITS)
    return balance - ((balance - past) * left >> BITS)


def rescaled(average_now: int, supply: int, supply_after: int) -> int:
    """The average that is to `supply_after` as it was to `supply`: to the nearest unit, half of one up, one at least.

    A call moves what a share has on average by half a unit of the pool's at most, that is by 1 / (2 `average_now`).
    """
    return max(1, min(MOST, (average_now * supply_after + supply // 2) // supply))
