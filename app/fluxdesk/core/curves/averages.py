"""The moving average that a pool keeps of each balance: what its price oracle and the volatile part of its fee read.

Exponential over time and exact between two touches, because a balance does not change between them; bit for bit as
`AssetSlots.sol`. A balance that changed in this block has no weight yet.
"""

from typing import Final

from fluxdesk.core.curves.powers import BITS, exp

WINDOW: Final = 600
"""Seconds in which an average nears its balance by 1 - 1/e."""
MOST_WINDOWS: Final = 32
"""e^-32 of a balance is below the noise of the rest: from here on the average is the balance."""


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
