"""A pool's state as data, and what a trade or a deposit would do to it: `fluxdesk quote` and the desktop ask here.

Nothing is read from a chain and nothing is guessed: what the state does not say is a default that is named below.
"""

from dataclasses import dataclass, replace
from typing import Literal

from fluxdesk.core.curves import dynamic_fee, grouped, stable, weighted
from fluxdesk.core.curves.grouped import PRICE_UNIT, Groups
from fluxdesk.core.curves.integers import CurveError, ZeroAmount
from fluxdesk.core.curves.weighted import UNIT

Kind = Literal["weighted", "stable", "hybrid"]
Liquidity = Literal["add_exact_in", "add_exact_shares", "remove_exact_shares", "remove_exact_out"]


@dataclass(frozen=True, slots=True)
class PoolState:
    """Balances in base units; weights, fee and off-peg multiplier in units of 10^-18; amplification in hundredths.

    A weighted pool takes its fee from what comes in, the others from what goes out, as their peers do. Weights of a
    hybrid pool are of each asset's group, once for each asset. `averages` are the balances' moving averages, needed
    where `volatility` (how often the fee is added again at a deviation of one) is above zero; `supply` is needed for
    liquidity in one asset.
    """

    kind: Kind
    balances: tuple[int, ...]
    fee: int = 0
    weights: tuple[int, ...] = ()
    amplification: int = 0
    rates: tuple[int, ...] = ()
    off_peg: int = 0
    groups: tuple[int, ...] = ()
    averages: tuple[int, ...] = ()
    volatility: int = 0
    supply: int = 0

    def check(self) -> None:
        """Raises `BadPool` unless a pool can be in this state."""
        weighted.check_fee(self.fee)
        if self.kind == "weighted":
            weighted.check_weights(self.balances, self.weights)
        elif self.kind == "stable":
            stable.check_pool(self.balances, self.rates, self.amplification)
        else:
            self.grouped().check()
        if self.volatility and len(self.averages) != len(self.balances):
            raise weighted.BadPool("a volatile fee needs the average of each balance")
        if not 0 <= self.volatility <= dynamic_fee.MOST_MULTIPLIER or any(a < 0 for a in self.averages):
            raise weighted.BadPool("volatility is from 0 to 65,535, averages are not negative")
        if self.off_peg and self.off_peg < UNIT:
            raise weighted.BadPool("an off-peg multiplier is 1.0 or more, which is 10^18 as a whole number; 0 is none")

    def grouped(self) -> Groups:
        """The pool as a product of groups."""
        count = len(self.balances)
        if self.kind == "weighted":
            return Groups(self.balances, (UNIT,) * count, self.weights, tuple(range(count)), stable.AMP_UNIT)
        if self.kind == "stable":
            return Groups(self.balances, self.rates, (UNIT,) * count, (0,) * count, self.amplification)
        return Groups(self.balances, self.rates, self.weights, self.groups, self.amplification)


@dataclass(frozen=True, slots=True)
class Quote:
    """One trade: all that comes in with its fee, all that goes out after it, and the fee in the asset it is taken from.

    `fee_in` says which: the asset that comes in (weighted) or the one that goes out (stable, hybrid). `impact` is the
    part of its value at the price before it that a trade loses to the curve and the fee, in units of 10^-18.
    """

    amount_in: int
    amount_out: int
    fee: int
    fee_in: bool
    impact: int = 0


@dataclass(frozen=True, slots=True)
class LiquidityQuote:
    """Shares against one asset alone, and the fee in that asset."""

    amount: int
    shares: int
    fee: int


def quote(pool: PoolState, index_in: int, index_out: int, amount: int, exact: Literal["in", "out"]) -> Quote:
    """A trade from asset `index_in` to asset `index_out` (places in the lists) of exactly `amount` on the side named.

    Raises `CurveError`: every reason is a subclass with a sentence.
    """
    pool.check()
    count = len(pool.balances)
    if not (0 <= index_in < count and 0 <= index_out < count and index_in != index_out):
        raise CurveError(f"a trade is between two of the {count} assets, counted from 0")
    fee = dynamic_fee.pair_fee(pool.fee, pool.volatility, pool.balances, pool.averages, index_in, index_out)
    if pool.kind == "weighted":
        found = _weighted(replace(pool, fee=fee), index_in, index_out, amount, exact)
    else:
        found = _grouped(replace(pool, fee=fee), index_in, index_out, amount, exact)
    price = grouped.price(pool.grouped(), index_in, index_out)
    return replace(found, impact=impact(found.amount_in, found.amount_out, price))


def quote_liquidity(pool: PoolState, index: int, amount: int, kind: Liquidity) -> LiquidityQuote:
    """Liquidity in asset `index` alone, of exactly `amount` of it or exactly `amount` shares.

    Raises `CurveError`.
    """
    pool.check()
    if not 0 <= index < len(pool.balances):
        raise CurveError(f"the asset is one of {len(pool.balances)}, counted from 0")
    if pool.supply <= 0:
        raise ZeroAmount("the supply of shares is needed")
    groups = pool.grouped()
    base = dynamic_fee.side_fee(pool.fee, pool.volatility, pool.balances, pool.averages, index)
    fee = grouped.side_rate(groups, index, base, pool.off_peg)
    if kind == "add_exact_in":
        shares, taken = grouped.shares_for_one(groups, index, pool.supply, amount, fee)
        return LiquidityQuote(amount, shares, taken)
    if kind == "remove_exact_out":
        shares, taken = grouped.shares_for_one_out(groups, index, pool.supply, amount, fee)
        return LiquidityQuote(amount, shares, taken)
    function = grouped.one_for_new_shares if kind == "add_exact_shares" else grouped.one_for_shares
    found, taken = function(groups, index, pool.supply, amount, fee)
    return LiquidityQuote(found, amount, taken)


def impact(amount_in: int, amount_out: int, price: int) -> int:
    """One less what a trade got over what `amount_in` is worth at `price` (units of 10^-36), floored at zero."""
    worth = amount_in * price // PRICE_UNIT
    return (worth - amount_out) * UNIT // worth if worth > amount_out else 0


def _weighted(pool: PoolState, index_in: int, index_out: int, amount: int, exact: str) -> Quote:
    b, w = pool.balances, pool.weights
    if exact == "in":
        if amount <= 0:
            raise ZeroAmount("an amount of zero")
        fee = weighted.fee_of(amount, pool.fee)
        net = amount - fee
        out = weighted.amount_out(b[index_in], w[index_in], b[index_out], w[index_out], net) if net > 0 else 0
        return Quote(amount, out, fee, fee_in=True)
    net = weighted.amount_in(b[index_in], w[index_in], b[index_out], w[index_out], amount)
    gross = weighted.with_fee(net, pool.fee)
    return Quote(gross, amount, gross - net, fee_in=True)


def _grouped(pool: PoolState, index_in: int, index_out: int, amount: int, exact: str) -> Quote:
    groups = pool.grouped()
    if exact == "in":
        out, fee = grouped.amount_out(groups, index_in, index_out, amount, pool.fee, pool.off_peg)
        return Quote(amount, out, fee, fee_in=False)
    given, fee = grouped.amount_in(groups, index_in, index_out, amount, pool.fee, pool.off_peg)
    return Quote(given, amount, fee, fee_in=False)
