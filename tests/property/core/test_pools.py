"""Weighted and stable pools against exact arithmetic of other kinds: roots of integers, and the invariant itself."""

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from fluxdesk.core.curves import averages, dynamic_fee, grouped, powers, stable, weighted
from fluxdesk.core.curves.grouped import Groups
from fluxdesk.core.curves.integers import CurveError
from fluxdesk.core.curves.pool_ledger import FIRST_SHARES, PoolLedger
from fluxdesk.core.curves.pools import PoolState
from fluxdesk.core.curves.weighted import UNIT

AMOUNTS = st.integers(1, 10**30)
MOST = 10**12
PART = st.integers(1, 3 * MOST // 10)
"""Of a balance, in parts of `MOST`."""
SMALL = st.integers(1, 9)
"""Weights of tenths: powers of them are roots of small order, which integers can check."""


def at_least(value: Fraction, base: Fraction, over: int, under: int) -> bool:
    """value >= base ** (over / under), exactly."""
    return value**under >= base**over


@given(st.integers(1, 2**128), st.integers(2, 2**12), SMALL, SMALL)
def test_a_power_lies_between_its_bounds_and_they_are_close(b: int, times_64: int, over: int, under: int) -> None:
    a = max(1, b * times_64 // 64)
    low, high = powers.power_down(a, b, over, under), powers.power_up(a, b, over, under)
    base = Fraction(a, b)
    assert at_least(Fraction(high, powers.ONE), base, over, under)
    assert low <= 0 or not Fraction(low, powers.ONE) ** under > base**over
    assert high - low <= (high >> 90) + 3


@given(AMOUNTS, AMOUNTS, SMALL, PART)
def test_a_weighted_trade_never_lowers_the_product(held_in: int, held_out: int, tenths: int, part: int) -> None:
    amount = max(1, held_in * part // MOST)
    assume(amount * 10 <= held_in * 3)
    other = 10 - tenths
    out = weighted.amount_out(held_in, tenths * UNIT // 10, held_out, other * UNIT // 10, amount)
    before = held_in**tenths * held_out**other
    assert (held_in + amount) ** tenths * (held_out - out) ** other >= before
    if min(held_in, held_out) > 10**9:  # one unit more, or a part in 2^88, is more than there is
        more = out + 1 + (held_out >> 88)
        assert (held_in + amount) ** tenths * (held_out - more) ** other < before


@given(AMOUNTS, AMOUNTS, SMALL, PART)
def test_what_must_come_in_is_never_too_little(held_in: int, held_out: int, tenths: int, part: int) -> None:
    amount = max(1, held_out * part // MOST)
    assume(amount * 10 <= held_out * 3)
    other = 10 - tenths
    try:
        needed = weighted.amount_in(held_in, tenths * UNIT // 10, held_out, other * UNIT // 10, amount)
    except weighted.TooLarge:
        return
    assert (held_in + needed) ** tenths * (held_out - amount) ** other >= held_in**tenths * held_out**other


POOLS = st.integers(2, 8).flatmap(
    lambda n: st.tuples(
        st.lists(st.integers(10**6, 10**15), min_size=n, max_size=n),
        st.lists(st.sampled_from([10**18, 10**21, 10**30]), min_size=n, max_size=n),
        st.permutations(range(n)),
    )
)


def exact_invariant(xs: list[int], amp: int) -> int:
    """D in units of 2^-200, floored, by bisection of the invariant's own equation over integers."""
    n, shift = len(xs), 200
    ann, product = Fraction(amp, stable.AMP_UNIT) * n, 1
    for x in xs:
        product *= x
    low, high = 0, (sum(xs) + 1) << shift

    def below(d: int) -> bool:
        at = Fraction(d, 1 << shift)
        return ann * sum(xs) + at >= ann * at + at ** (n + 1) / (n**n * product)

    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if below(middle) else (low, middle)
    return low


@given(POOLS, st.sampled_from([1, 7, 100, 2000, 100_000]), st.integers(1, 500))
def test_a_stable_trade_without_a_fee_never_lowers_the_invariant(
    pool: tuple[list[int], list[int], list[int]], amplification: int, thousandths: int
) -> None:
    balances, rates, order = pool
    index_in, index_out = order[0], order[1]
    amount = max(1, balances[index_in] * thousandths // 1000)
    amp = amplification * stable.AMP_UNIT
    try:
        out = stable.amount_out(balances, rates, amp, index_in, index_out, amount, 0)
    except CurveError:
        return
    after = list(stable.scaled(balances, rates))
    before = exact_invariant(after, amp)
    after[index_in] = (balances[index_in] + amount) * rates[index_in] // UNIT
    after[index_out] -= -(-out * rates[index_out] // UNIT)
    assert exact_invariant(after, amp) >= before


@given(
    POOLS, st.sampled_from([10, 200, 2000]), st.integers(1, 300), st.sampled_from([0, 10**14, 10**16]),
    st.sampled_from([0, 2 * UNIT, 5 * UNIT]),
)  # fmt: skip
def test_a_stable_trade_is_the_same_from_either_end(
    pool: tuple[list[int], list[int], list[int]], amplification: int, thousandths: int, fee: int, multiplier: int
) -> None:
    balances, rates, order = pool
    index_in, index_out = order[0], order[1]
    amp, amount = amplification * stable.AMP_UNIT, max(1, balances[index_in] * thousandths // 1000)
    whole = (balances, rates, amp, index_in, index_out)
    try:
        out = stable.amount_out(*whole, amount, fee, multiplier)
        assume(out > 0)
        needed = stable.amount_in(*whole, out, fee, multiplier)
    except CurveError:
        return
    got = stable.amount_out(*whole, needed, fee, multiplier)
    assert got >= out
    xs = stable.scaled(balances, rates)
    if max(xs) < 100 * min(xs):  # beyond, a unit of one asset is many of another
        more = stable.amount_out(*whole, needed + 1, fee, multiplier)
        assert got <= max(out + 1 + (out >> 44), more)


HYBRIDS = st.tuples(
    st.lists(st.integers(10**6, 10**9), min_size=4, max_size=4),
    st.integers(1, 9),
    st.sampled_from([100, 20_000, 10**8]),
)
"""Two stable pairs of 18 decimals, so that no scale hides a unit, with a weight of tenths for the first."""


def hybrid(balances: list[int], tenths: int, amp: int) -> Groups:
    first, second = tenths * UNIT // 10, UNIT - tenths * UNIT // 10
    return Groups(tuple(balances), (UNIT,) * 4, (first, first, second, second), (0, 0, 1, 1), amp)


def product(pool: Groups, balances: list[int]) -> Fraction:
    """The groups' invariants to the tenth powers of their weights, to 2^-200 of a unit."""
    tenths = pool.weights[0] * 10 // UNIT
    first, second = exact_invariant(balances[:2], pool.amp), exact_invariant(balances[2:], pool.amp)
    return Fraction(first, 1 << 200) ** tenths * Fraction(second, 1 << 200) ** (10 - tenths)


@settings(max_examples=40)
@given(HYBRIDS, st.integers(0, 3), st.integers(1, 3), st.integers(1, 250))
def test_a_hybrid_trade_without_a_fee_never_lowers_the_product(
    terms: tuple[list[int], int, int], index_in: int, step: int, thousandths: int
) -> None:
    balances, tenths, amp = terms
    pool, index_out = hybrid(balances, tenths, amp), (index_in + step) % 4
    amount = max(1, balances[index_in] * thousandths // 1000)
    try:
        out, taken = grouped.amount_out(pool, index_in, index_out, amount, 0)
    except CurveError:
        return
    after = list(balances)
    after[index_in] += amount
    after[index_out] -= out
    assert taken == 0
    assert product(pool, after) >= product(pool, balances) * (1 - Fraction(1, 1 << 190))


@given(HYBRIDS, st.integers(0, 3), st.integers(1, 3), st.integers(1, 200), st.sampled_from([0, 10**15, 10**17]))
def test_a_hybrid_trade_is_the_same_from_either_end(
    terms: tuple[list[int], int, int], index_in: int, step: int, thousandths: int, fee: int
) -> None:
    balances, tenths, amp = terms
    pool, index_out = hybrid(balances, tenths, amp), (index_in + step) % 4
    amount = max(1, balances[index_in] * thousandths // 1000)
    try:
        out, _ = grouped.amount_out(pool, index_in, index_out, amount, fee)
        assume(out > 0)
        needed, _ = grouped.amount_in(pool, index_in, index_out, out, fee)
        again, _ = grouped.amount_out(pool, index_in, index_out, needed, fee)
    except CurveError:
        return
    assert again >= out - 1
    fewer = needed - needed // 10**9 - 2  # the units around what is needed give the same whole amount
    assert fewer <= 0 or grouped.amount_out(pool, index_in, index_out, fewer, fee)[0] <= out + 1


@given(HYBRIDS, st.integers(0, 3), st.integers(1, 250), st.sampled_from([0, 10**15, 10**17]))
def test_liquidity_in_one_asset_of_a_hybrid_pool_never_profits(
    terms: tuple[list[int], int, int], index: int, thousandths: int, fee: int
) -> None:
    balances, tenths, amp = terms
    pool, supply = hybrid(balances, tenths, amp), 10**24
    amount = max(1, balances[index] * thousandths // 1000)
    try:
        shares, taken = grouped.shares_for_one(pool, index, supply, amount, fee)
        assume(shares > 0)
        after = list(balances)
        after[index] += amount
        back, _ = grouped.one_for_shares(hybrid(after, tenths, amp), index, supply + shares, shares, fee)
    except CurveError:
        return
    assert back <= amount
    assert 0 <= taken <= amount
    paid, _ = grouped.one_for_new_shares(pool, index, supply, shares, fee)
    assert shares <= grouped.shares_for_one(pool, index, supply, paid + 2, fee)[0]


@given(st.integers(1, 2**112 - 1), st.integers(1, 2**112 - 1), st.integers(0, 10**6))
def test_an_average_lies_between_what_it_was_and_the_balance(balance: int, past: int, elapsed: int) -> None:
    now = averages.average(balance, past, elapsed)
    assert min(balance, past) <= now <= max(balance, past)
    later = averages.average(balance, past, elapsed + 60)
    assert abs(balance - later) <= abs(balance - now)


@given(
    st.integers(1, averages.MOST), st.lists(st.integers(10**12, 2**128 - 1), min_size=2, max_size=12),
)  # fmt: skip
def test_an_average_goes_with_the_supply_by_half_a_unit_a_call(first: int, supplies: list[int]) -> None:
    now, allowed = first, Fraction(0)
    for supply, after in pairwise(supplies):
        now = averages.rescaled(now, supply, after)
        if now in (1, averages.MOST):
            return
        allowed += Fraction(1, 2 * after)
        assert abs(Fraction(now, after) - Fraction(first, supplies[0])) <= allowed


def test_liquidity_added_at_a_moved_price_has_no_weight_in_the_oracle() -> None:
    prices = []
    for shares in (0, 50 * FIRST_SHARES):
        pool = PoolLedger(PoolState("weighted", (10**24, 10**24), weights=(UNIT // 2, UNIT // 2)), 0)
        for _ in range(2):
            pool.swap(0, 1, pool.balances[0] * 1892 // 10_000, exact_in=True)
        if shares:
            pool.add(shares)
        pool.now += 12
        prices.append(pool.oracle_price(1, 0))
    assert abs(prices[1] - prices[0]) * 10**15 < prices[0]
    assert 1.013 < prices[0] / 10**36 < 1.015


@given(st.integers(0, UNIT // 10), st.integers(0, 65_535), st.lists(st.integers(1, 2**112 - 1), min_size=4, max_size=4))
def test_the_volatile_fee_is_never_below_the_fee_and_never_above_a_tenth(
    fee: int, multiplier: int, numbers: list[int]
) -> None:
    found = dynamic_fee.pair_fee(fee, multiplier, numbers[:2], numbers[2:], 0, 1)
    assert fee <= found <= UNIT // 10
    assert found == dynamic_fee.pair_fee(fee, multiplier, numbers[:2], numbers[2:], 1, 0)
    assert dynamic_fee.pair_fee(fee, multiplier, numbers[:2], numbers[:2], 0, 1) == fee
    assert dynamic_fee.side_fee(fee, multiplier, numbers[:2], numbers[2:], 0) == found


def test_a_group_of_one_and_a_group_of_all_are_the_pools_they_are() -> None:
    balances, weights = (10**24, 3 * 10**24), (7 * UNIT // 10, 3 * UNIT // 10)
    lone = Groups(balances, (UNIT, UNIT), weights, (0, 1), 100)
    fee_free = weighted.amount_out(balances[0], weights[0], balances[1], weights[1], 10**22)
    assert abs(grouped.amount_out(lone, 0, 1, 10**22, 0)[0] - fee_free) <= 1
    assert grouped.price(lone, 0, 1) == 7 * 10**36
    both = Groups((10**24, 10**24), (UNIT, UNIT), (UNIT, UNIT), (0, 0), 20_000)
    assert grouped.price(both, 0, 1) == 10**36
    assert grouped.value_share(both, 0) == 10**36 // 2


def test_a_power_of_nothing_and_one_beyond_the_domain_are_refused() -> None:
    for numerator, denominator in [(0, 1), (1, 0), (257, 1), (1, 257)]:
        with pytest.raises(powers.OutOfRange):
            powers.power(numerator, denominator, 1, 1)
    with pytest.raises(powers.OutOfRange):
        powers.power(255, 1, 99, 1)
