"""Every pool as a weighted product of groups, each of which is one asset or a stable pool of several.

    V = product over groups of D(group) ^ weight      D of a lone asset is its balance

A weighted pool has groups of one, a stable pool is one group of all, a hybrid pool is anything between. Trades inside a
group are those of `stable`, between lone assets of a weighted pool those of `weighted`; the rest is here: trades from
group to group, liquidity in one asset for all kinds, and the price. Bit for bit as `PoolCurve.sol`; every result is
rounded for the pool.

D is homogeneous, so shares are proportional to V. What an asset is worth of the pool is x dV/dx / V, its weight times

    (A n x + K) / (A n S + n K)      K = D^(n+1) / (n^n P), inside its group
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from fluxdesk.core.curves import stable, weighted
from fluxdesk.core.curves.integers import U128_MAX, NotEnoughLiquidity, Overflow, ZeroAmount, ceil_div
from fluxdesk.core.curves.powers import BITS, ONE, power_down, power_up
from fluxdesk.core.curves.weighted import MOST_PER_TRADE, UNIT, BadPool, TooLarge, fee_of

PRICE_UNIT: Final = 10**36


@dataclass(frozen=True, slots=True)
class Groups:
    """`weights` has the weight of each asset's group, once for each asset; `rates` scale to 18 decimals and are 10^18
    for a weighted pool, which needs none. Amplification is in hundredths.
    """

    balances: tuple[int, ...]
    rates: tuple[int, ...]
    weights: tuple[int, ...]
    groups: tuple[int, ...]
    amp: int

    def check(self) -> None:
        """Raises `BadPool` unless the groups count up from zero and their weights add up to one."""
        count = len(self.balances)
        if not 2 <= count <= 8 or not len(self.rates) == len(self.weights) == len(self.groups) == count:
            raise BadPool("a hybrid pool has two to eight assets, each with a rate, a group and its weight")
        seen: dict[int, int] = {}
        for group, weight in zip(self.groups, self.weights, strict=True):
            if group > len(seen) or group < 0:
                raise BadPool("groups are numbered from 0 as they first appear")
            if seen.setdefault(group, weight) != weight:
                raise BadPool("the assets of a group have the group's weight")
        if any(w < weighted.LEAST_WEIGHT for w in seen.values()) or sum(seen.values()) != UNIT:
            raise BadPool("the weights of the groups are 0.01 or more and add up to one")
        stable.check_pool(self.balances, self.rates, self.amp)

    def members(self, index: int) -> list[int]:
        """The places of the assets of this one's group."""
        return [k for k, group in enumerate(self.groups) if group == self.groups[index]]

    def scaled(self, indices: Sequence[int]) -> list[int]:
        """Scaled balances of those assets."""
        return [self.balances[k] * self.rates[k] // UNIT for k in indices]


def amount_out(
    pool: Groups, index_in: int, index_out: int, amount: int, fee: int, multiplier: int = 0
) -> tuple[int, int]:
    """What goes out for `amount` in, floored, and the fee that was taken from it.

    Raises `ZeroAmount`, `Overflow`, `TooLarge` or `NotEnoughLiquidity`.
    """
    if amount <= 0:
        raise ZeroAmount("an amount of zero")
    if pool.groups[index_in] == pool.groups[index_out]:
        whole = _pair(pool, index_in, index_out)
        out = stable.amount_out(*whole, amount, fee, multiplier)
        return out, stable.amount_out(*whole, amount, 0) - out
    joined, held = _group(pool, index_in), _group(pool, index_out)
    before, after = joined.bounds(amount)
    _within(before, after)
    left = power_up(before, after, pool.weights[index_in], pool.weights[index_out])
    if left >= ONE:
        return 0, 0
    kept = held.balance_for(ceil_div(held.up() * left, ONE))
    gross = held.x - kept
    if gross <= 0:
        return 0, 0
    out = (gross - fee_of(gross, fee)) * UNIT // held.rate
    return out, gross * UNIT // held.rate - out


def amount_in(
    pool: Groups, index_in: int, index_out: int, amount: int, fee: int, multiplier: int = 0
) -> tuple[int, int]:
    """What must come in for `amount` to go out, ceiled, and the fee that is taken from what goes out.

    Raises `ZeroAmount`, `Overflow`, `TooLarge` or `NotEnoughLiquidity`.
    """
    if amount <= 0:
        raise ZeroAmount("an amount of zero")
    if pool.groups[index_in] == pool.groups[index_out]:
        whole = _pair(pool, index_in, index_out)
        needed = stable.amount_in(*whole, amount, fee, multiplier)
        free = stable.amount_out(*whole, needed, 0)
        return needed, free - stable.amount_out(*whole, needed, fee, multiplier)
    joined, held = _group(pool, index_in), _group(pool, index_out)
    gross = ceil_div(amount * held.rate, UNIT) * UNIT
    gross = ceil_div(gross, UNIT - fee)
    if gross >= held.x:
        raise NotEnoughLiquidity(f"{amount} is more than the pool gives")
    before, after = held.up(), held.down(held.x - gross)
    _within(before, after)
    grown = power_up(before, after, pool.weights[index_out], pool.weights[index_in])
    target = ceil_div(joined.up() * grown, ONE)
    needed = ceil_div((joined.balance_for(target) - joined.x) * UNIT, joined.rate)
    return needed, gross * UNIT // held.rate - amount


def _pair(pool: Groups, index_in: int, index_out: int) -> tuple[list[int], list[int], int, int, int]:
    """The stable pool that a group is, and the places of two of its assets."""
    inside = pool.members(index_in)
    return (
        [pool.balances[k] for k in inside],
        [pool.rates[k] for k in inside],
        pool.amp,
        inside.index(index_in),
        inside.index(index_out),
    )


def value_share(pool: Groups, index: int) -> int:
    """The part of the pool's value that an asset is, at the margin, in units of 10^-36, floored."""
    group = _group(pool, index)
    if len(group.xs) == 1:
        return pool.weights[index] * UNIT
    n, d = len(group.xs), group.d
    product = d
    for x in group.xs:
        product = product * d // x
    product //= int(n**n)
    ann, total = pool.amp * n, sum(group.xs)
    own = ann * group.x + stable.AMP_UNIT * product
    return own * PRICE_UNIT // (ann * total + stable.AMP_UNIT * n * product) * pool.weights[index] // UNIT


def price(pool: Groups, index_in: int, index_out: int) -> int:
    """What a base unit of one asset is worth in base units of another at the margin without a fee, in units of 10^-36.

    Of the averages of all balances it is the oracle's price.
    """
    share_in, share_out = value_share(pool, index_in), value_share(pool, index_out)
    return share_in * pool.balances[index_out] * PRICE_UNIT // (share_out * pool.balances[index_in])


def side_rate(pool: Groups, index: int, fee: int, multiplier: int) -> int:
    """The off-peg fee of liquidity in one asset: that of its dearest trade inside its group."""
    group = _group(pool, index)
    return max([fee, *(stable.off_peg_fee(group.x, x, fee, multiplier) for x in group.others())])


def shares_for_one(pool: Groups, index: int, supply: int, amount: int, fee: int) -> tuple[int, int]:
    """Shares for exactly `amount` of one asset, floored, and the fee in it.

    The part that a proportional deposit would have swapped pays the fee (`side_rate` of it).
    Raises `ZeroAmount`, `TooLarge` or `Overflow`.
    """
    if amount <= 0:
        raise ZeroAmount("an amount of zero")
    group = _group(pool, index)
    taken = _side_fee(pool, index, amount, fee)
    if amount <= taken:
        raise ZeroAmount("the fee is all of it")
    before, after = group.bounds(amount - taken)
    if after <= before:
        return 0, taken
    return _grown_down(supply, before, after, pool.weights[index]), taken


def one_for_new_shares(pool: Groups, index: int, supply: int, shares: int, fee: int) -> tuple[int, int]:
    """What one asset alone must bring for exactly `shares`, ceiled, and the fee in it.

    Raises `ZeroAmount`, `TooLarge` or `Overflow`.
    """
    if shares <= 0:
        raise ZeroAmount("no shares")
    group, weight = _group(pool, index), pool.weights[index]
    if weight == UNIT:
        target = ceil_div(group.up() * (supply + shares), supply)
    else:
        target = ceil_div(group.up() * power_up(supply + shares, supply, UNIT, weight), ONE)
        _within(group.up(), target)
    net = ceil_div(max(group.balance_for(target) - group.x, 0) * UNIT, group.rate)
    return _with_side_fee(pool, index, net, fee)


def one_for_shares(pool: Groups, index: int, supply: int, shares: int, fee: int) -> tuple[int, int]:
    """What one asset alone pays for shares that are given back, floored, and the fee left in the pool.

    Raises `ZeroAmount`, `NotEnoughLiquidity` or `Overflow`.
    """
    if shares <= 0:
        raise ZeroAmount("no shares are given back")
    if shares >= supply:
        raise NotEnoughLiquidity(f"{shares} shares of {supply}")
    group, weight = _group(pool, index), pool.weights[index]
    if weight == UNIT:
        target = ceil_div(group.up() * (supply - shares), supply)
    else:
        target = ceil_div(group.up() * power_up(supply - shares, supply, UNIT, weight), ONE)
        _within(group.up(), target)
    kept = group.balance_for(target)
    gross = max(group.x - kept, 0) * UNIT // group.rate
    taken = _side_fee(pool, index, gross, fee)
    return max(gross - taken, 0), taken


def shares_for_one_out(pool: Groups, index: int, supply: int, amount: int, fee: int) -> tuple[int, int]:
    """Shares that must be given back for exactly `amount` of one asset, ceiled, and the fee left in the pool.

    Raises `ZeroAmount`, `NotEnoughLiquidity` or `Overflow`.
    """
    if amount <= 0:
        raise ZeroAmount("an amount of zero")
    group, weight = _group(pool, index), pool.weights[index]
    gross, taken = _with_side_fee(pool, index, amount, fee)
    if gross >= pool.balances[index]:
        raise NotEnoughLiquidity(f"{amount} is more than the pool gives")
    before, after = group.up(), group.down((pool.balances[index] - gross) * group.rate // UNIT)
    if weight == UNIT:
        return ceil_div(supply * (before - after), before), taken
    _within(before, after)
    left = power_down(after, before, weight, UNIT)
    return ceil_div(supply * (ONE - left), ONE), taken


@dataclass(frozen=True, slots=True)
class _Group:
    """An asset's group: its scaled balances, the asset's place among them, D and the bits that refine it."""

    xs: list[int]
    place: int
    rate: int
    amp: int
    d: int
    guard: int

    @property
    def x(self) -> int:
        return self.xs[self.place]

    def others(self) -> list[int]:
        return [x for k, x in enumerate(self.xs) if k != self.place]

    def up(self) -> int:
        """D refined, not below the true one."""
        if len(self.xs) == 1:
            return self.x << self.guard
        return _fits(stable.invariant_up(self.xs, self.amp, self.d, self.guard))

    def down(self, x: int) -> int:
        """D refined, not above the true one, with another balance of the asset."""
        if len(self.xs) == 1:
            return _fits(x << self.guard)
        xs = [x if k == self.place else held for k, held in enumerate(self.xs)]
        return _fits(stable.invariant_down(xs, self.amp, stable.invariant(xs, self.amp), self.guard))

    def bounds(self, amount: int) -> tuple[int, int]:
        """D before (up) and after (down) `amount` more."""
        before, after = self.up(), self.down(self.x + amount * self.rate // UNIT)
        return before, max(after, before)

    def balance_for(self, target: int) -> int:
        """The least whole scaled balance of the asset that gives its group D of `target` (refined)."""
        if len(self.xs) == 1:
            return ceil_div(target, 1 << self.guard)
        return stable.solve_up(self.others(), self.amp, _fits(target), self.x, self.guard)


def _group(pool: Groups, index: int) -> _Group:
    inside = pool.members(index)
    xs = pool.scaled(inside)
    if min(xs) == 0:
        raise ZeroAmount("a scaled balance is zero")
    d = xs[0] if len(xs) == 1 else stable.invariant(xs, pool.amp)
    return _Group(xs, inside.index(index), pool.rates[index], pool.amp, d, stable.guard_bits(d))


def _grown_down(supply: int, before: int, after: int, weight: int) -> int:
    if weight == UNIT:
        return supply * (after - before) // before
    _within(before, after)
    grown = power_down(after, before, weight, UNIT)
    return supply * (grown - ONE) >> BITS if grown > ONE else 0


def _side_fee(pool: Groups, index: int, amount: int, fee: int) -> int:
    """The fee of `amount`, of which the asset's own share of the pool's value is free."""
    return fee_of(ceil_div(amount * (UNIT - value_share(pool, index) // UNIT), UNIT), fee)


def _with_side_fee(pool: Groups, index: int, net: int, fee: int) -> tuple[int, int]:
    """The gross amount that leaves `net` after `_side_fee`, and that fee."""
    share = UNIT - value_share(pool, index) // UNIT
    gross = ceil_div(net * UNIT, UNIT - ceil_div(share * fee, UNIT))
    taken = fee_of(ceil_div(gross * share, UNIT), fee)
    while gross - taken < net:  # two ceilings in the fee: at most twice
        gross += 1
        taken = fee_of(ceil_div(gross * share, UNIT), fee)
    return gross, taken


def _within(before: int, after: int) -> None:
    """Powers are proven where one step moves a group's D by three tenths at most."""
    if abs(after - before) * UNIT > before * MOST_PER_TRADE:
        raise TooLarge("over three tenths of a group")


def _fits(value: int) -> int:
    if value > U128_MAX:
        raise Overflow("a refined invariant does not fit 128 bits")
    return value
