"""What a transaction should offer for gas: from the chain's fee history, within bounds. Pure; wei, integers only.

EIP-1559: the base fee of a block is at most 1/8 above that of the block before, so twice the next base fee holds for
six full blocks. Endpoints take a replacement from 10 % more in both fields; 12.5 % is offered.
"""

from dataclasses import dataclass
from enum import StrEnum

PERCENTILES = (10, 50, 90)
"""Of the tips paid in each block, as `eth_feeHistory` is asked for them."""
_TIP_OUTLIER = 4
_BUMP_NUM, _BUMP_DEN = 9, 8


class Speed(StrEnum):
    """Which part of a block's tips to go with."""

    SLOW = "slow"
    NORMAL = "normal"
    FAST = "fast"


class FeeAboveLimit(Exception):
    """The chain asks for more than the limit allows. Both in wei per gas."""

    def __init__(self, needed: int, limit: int):
        super().__init__(
            f"The chain asks for {_gwei(needed)} gwei per gas, above the limit of {_gwei(limit)}. Nothing was sent."
        )
        self.needed, self.limit = needed, limit


@dataclass(frozen=True, slots=True)
class Fees:
    """Wei per gas. On a chain without EIP-1559 `tip` is None and `most` is the gas price."""

    most: int
    tip: int | None


@dataclass(frozen=True, slots=True)
class History:
    """`eth_feeHistory`: `next_base` is the base fee of the block to come; `tips` holds one triple for each block that
    was not empty, at `PERCENTILES`."""

    next_base: int
    tips: tuple[tuple[int, int, int], ...]


def suggest(history: History, speed: Speed, limit: int | None = None, tip_least: int = 1) -> Fees:
    """Fees that get a transaction in: the median over blocks of the speed's percentile, over twice the base fee.

    Args:
        limit: Most that may be offered per gas; `most` is cut to it while the next block is still within reach.
        tip_least: When blocks were empty or their tips zero.

    Raises:
        FeeAboveLimit: Not even the next block can be reached.
    """
    column = list(Speed).index(speed)
    tip = max(_median([tips[column] for tips in history.tips]), tip_least)
    usual = _median([tips[1] for tips in history.tips])
    if usual:
        tip = min(tip, usual * _TIP_OUTLIER)  # one block full of bribes is no price
    if limit is not None:
        if history.next_base + tip_least > limit:
            raise FeeAboveLimit(history.next_base + tip_least, limit)
        tip = min(tip, limit - history.next_base)
    most = 2 * history.next_base + tip
    return Fees(most if limit is None else min(most, limit), tip)


def legacy(gas_price: int, limit: int | None = None) -> Fees:
    """For a chain whose blocks have no base fee. Raises `FeeAboveLimit`."""
    if limit is not None and gas_price > limit:
        raise FeeAboveLimit(gas_price, limit)
    return Fees(gas_price, None)


def outbid(old: Fees, now: Fees, limit: int | None = None) -> Fees:
    """Fees that replace a transaction with the old ones: what the chain asks for now, and at least 12.5 % more.

    Raises `FeeAboveLimit`.
    """
    most = max(now.most, _bumped(old.most))
    tip = None if old.tip is None else max(now.tip or 0, _bumped(old.tip))
    if limit is not None and most > limit:
        if _bumped(old.most) > limit:
            raise FeeAboveLimit(_bumped(old.most), limit)
        most = limit
    return Fees(max(most, tip or 0), tip)


def _bumped(value: int) -> int:
    return -(-value * _BUMP_NUM // _BUMP_DEN) + (value == 0)


def _median(values: list[int]) -> int:
    """The lower one of two."""
    return sorted(values)[(len(values) - 1) // 2] if values else 0


def _gwei(wei: int) -> str:
    return f"{wei // 10**9}.{wei % 10**9 // 10**6:03d}"
