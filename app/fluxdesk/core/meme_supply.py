"""The supply of tokens of `fluxus_meme::meme_generator` in exact integers: what `contracts/move` computes, in Python.

Amounts are base units of the token (u64), analytics figures basis points, times Unix seconds of the chain's blocks.
Every division rounds down. tests/contracts/move holds both against each other in the Move virtual machine.
"""

from dataclasses import dataclass

BPS = 10_000
MOST_BPS = 50_000
"""The most that an analytics figure may say: five times."""
MOST_UNITS = (1 << 64) - 1


class SupplyRefused(Exception):
    """What the module aborts with; `code` is its abort code."""

    code = 0


class AnalyticsOutOfRange(SupplyRefused):
    """An analytics figure is above `MOST_BPS`."""

    code = 20


class ZeroSupply(SupplyRefused):
    """The analytics leave less than one unit."""

    code = 21


class AboveMaxSupply(SupplyRefused):
    """The analytics ask for more units than the token may ever have."""

    code = 22


class RateLimited(SupplyRefused):
    """More than the limiter has at this time."""

    code = 23


def initial_supply(base: int, max_supply: int, momentum_bps: int, sentiment_bps: int, volatility_bps: int) -> int:
    """floor(base x (1 + momentum) x (1 + sentiment) / (1 + volatility)), rounded once.

    Raises:
        AnalyticsOutOfRange, ZeroSupply, AboveMaxSupply: as the module aborts, in this order.
    """
    if max(momentum_bps, sentiment_bps, volatility_bps) > MOST_BPS:
        raise AnalyticsOutOfRange
    supply = base * (BPS + momentum_bps) * (BPS + sentiment_bps) // (BPS * (BPS + volatility_bps))
    if supply == 0:
        raise ZeroSupply
    if supply > max_supply:
        raise AboveMaxSupply
    return supply


@dataclass(frozen=True, slots=True)
class Limiter:
    """A leaky bucket of `capacity` units that empties in `period` seconds; full of units when it is new.

    `used` counts units times seconds, so that a second gives back exactly `capacity` and nothing is lost to rounding.
    """

    capacity: int
    period: int
    at: int
    used: int = 0

    def _used_at(self, now: int) -> int:
        """A clock that goes back gives nothing."""
        return max(0, self.used - max(0, now - self.at) * self.capacity)

    def available(self, now: int) -> int:
        """Units that may be minted at `now`."""
        return (self.capacity * self.period - self._used_at(now)) // self.period

    def take(self, amount: int, now: int) -> "Limiter":
        """The limiter after minting `amount` at `now`.

        Raises:
            RateLimited: it has less.
        """
        if amount > self.available(now):
            raise RateLimited
        return Limiter(self.capacity, self.period, max(now, self.at), self._used_at(now) + amount * self.period)
