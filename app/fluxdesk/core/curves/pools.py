"""A pool's state as data, and what a trade or a deposit would do to it: `fluxdesk quote` and the desktop ask here.

Nothing is read from a chain and nothing is guessed: what the state does not say is a default that is named below.
"""

from dataclasses import dataclass
from typing import Literal

from fluxdesk.core.curves import stable, weighted
from fluxdesk.core.curves.integers import CurveError, ZeroAmount

Kind = Literal["weighted", "stable"]


@dataclass(frozen=True, slots=True)
class PoolState:
    """Balances in base units; weights, fee and off-peg multiplier in units of 10^-18; amplification in hundredths.

    A weighted pool takes its fee from what comes in, a stable one from what goes out, as their peers do.
    """

    kind: Kind
    balances: tuple[int, ...]
    fee: int = 0
    weights: tuple[int, ...] = ()
    amplification: int = 0
    rates: tuple[int, ...] = ()
    off_peg: int = 0

    def check(self) -> None:
        """Raises `BadPool` unless a pool can be in this state."""
        weighted.check_fee(self.fee)
        if self.kind == "weighted":
            weighted.check_weights(self.balances, self.weights)
        else:
            stable.check_pool(self.balances, self.rates, self.amplification)


@dataclass(frozen=True, slots=True)
class Quote:
    """One trade: all that comes in with its fee, all that goes out after it, and the fee in the asset it is taken from.

    `fee_in` says which: the asset that comes in (weighted) or the one that goes out (stable).
    """

    amount_in: int
    amount_out: int
    fee: int
    fee_in: bool


def quote(pool: PoolState, joins: int, leaves: int, amount: int, exact: Literal["in", "out"]) -> Quote:
    """A trade from asset `joins` to asset `leaves` (places in the lists) of exactly `amount` on the side named.

    Raises `CurveError`: every reason is a subclass with a sentence.
    """
    pool.check()
    count = len(pool.balances)
    if not (0 <= joins < count and 0 <= leaves < count and joins != leaves):
        raise CurveError(f"a trade is between two of the {count} assets, counted from 0")
    if pool.kind == "weighted":
        return _weighted(pool, joins, leaves, amount, exact)
    return _stable(pool, joins, leaves, amount, exact)


def _weighted(pool: PoolState, joins: int, leaves: int, amount: int, exact: str) -> Quote:
    b, w = pool.balances, pool.weights
    if exact == "in":
        if amount <= 0:
            raise ZeroAmount("an amount of zero")
        fee = weighted.fee_of(amount, pool.fee)
        out = weighted.amount_out(b[joins], w[joins], b[leaves], w[leaves], amount - fee) if amount > fee else 0
        return Quote(amount, out, fee, fee_in=True)
    net = weighted.amount_in(b[joins], w[joins], b[leaves], w[leaves], amount)
    gross = weighted.with_fee(net, pool.fee)
    return Quote(gross, amount, gross - net, fee_in=True)


def _stable(pool: PoolState, joins: int, leaves: int, amount: int, exact: str) -> Quote:
    whole = (pool.balances, pool.rates, pool.amplification, joins, leaves)
    given = amount if exact == "in" else stable.amount_in(*whole, amount, pool.fee, pool.off_peg)
    out = stable.amount_out(*whole, given, pool.fee, pool.off_peg)
    free = stable.amount_out(*whole, given, 0)
    return Quote(given, out if exact == "in" else amount, free - out, fee_in=False)
