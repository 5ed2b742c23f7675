"""Every curve against exact fractions: never more out than exact, bounded rounding, no profit in a circle."""

from fractions import Fraction
from math import isqrt

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from fluxdesk.core.curves import (
    concentrated,
    constant_product,
    launchlab,
    meteora_damm,
    meteora_dbc,
    progress,
    pumpfun,
    pumpswap,
    uniswap_v2,
)
from fluxdesk.core.curves.integers import U64_MAX, CurveError, NotEnoughLiquidity, Overflow, ZeroAmount

AMOUNT = st.integers(1, 10**16)
RESERVE = st.integers(10**6, 10**17)
BPS = st.integers(0, 500)
PUMP_RATES = st.builds(pumpfun.Rates, BPS, BPS)
SWAP_RATES = st.builds(pumpswap.Rates, BPS, BPS, BPS)
LAB_RATES = st.builds(launchlab.Rates, *[st.integers(0, 20_000)] * 4)


@st.composite
def pump_curves(draw: st.DrawFn) -> pumpfun.Curve:
    """A curve somewhere between launch and completion, as trades would have left it."""
    real = draw(st.integers(10**6, 10**16))
    fresh = pumpfun.Curve(
        real + real // 100 + draw(st.integers(10**6, 10**16)), draw(st.integers(10**6, 10**13)), real, 0
    )
    bought = draw(st.integers(0, real - 1))
    return pumpfun.buy_exact_tokens(fresh, bought, pumpfun.Rates(0, 0)).curve if bought else fresh


@given(RESERVE, RESERVE, AMOUNT)
def test_constant_product_rounds_by_less_than_one_unit_against_the_trader(x: int, y: int, amount: int) -> None:
    exact = Fraction(y * amount, x + amount)
    assert 0 <= exact - constant_product.amount_out(x, y, amount) < 1
    assume(amount < y)
    exact = Fraction(x * amount, y - amount)
    assert 0 <= constant_product.amount_in(x, y, amount) - exact < 1


@given(pump_curves(), AMOUNT, PUMP_RATES)
def test_pump_buy_of_tokens_never_undercharges_and_k_never_falls(c: pumpfun.Curve, n: int, r: pumpfun.Rates) -> None:
    t = pumpfun.buy_exact_tokens(c, n, r)
    exact = Fraction(t.token * c.virtual_quote, c.virtual_token - t.token)
    assert 0 < t.quote - exact <= 1
    for fee, bps in ((t.protocol_fee, r.protocol_bps), (t.creator_fee, r.creator_bps)):
        assert 0 <= fee - Fraction(t.quote * bps, 10_000) < 1
    assert t.curve.virtual_token * t.curve.virtual_quote > c.virtual_token * c.virtual_quote
    assert t.curve.real_quote - c.real_quote == t.quote
    assert c.real_token - t.curve.real_token == t.token


@given(pump_curves(), AMOUNT, PUMP_RATES)
def test_pump_buy_with_a_budget_never_exceeds_it_and_k_never_falls(c: pumpfun.Curve, n: int, r: pumpfun.Rates) -> None:
    try:
        t = pumpfun.buy_exact_quote(c, n, r)
    except CurveError:
        return
    assert t.paid() <= n
    assert n - t.paid() <= 2
    exact = Fraction(t.quote * c.virtual_token, c.virtual_quote + t.quote)
    assert t.token <= exact
    assert t.curve.virtual_token * t.curve.virtual_quote >= c.virtual_token * c.virtual_quote


@given(pump_curves(), AMOUNT, PUMP_RATES)
def test_pump_round_trip_never_profits(c: pumpfun.Curve, n: int, r: pumpfun.Rates) -> None:
    bought = pumpfun.buy_exact_tokens(c, n, r)
    try:
        sold = pumpfun.sell(bought.curve, bought.token, r)
    except CurveError:
        return
    assert sold.received() <= bought.paid()
    exact = Fraction(bought.token * bought.curve.virtual_quote, bought.curve.virtual_token + bought.token)
    assert 0 <= exact - sold.quote < 1
    after, before = sold.curve, bought.curve
    assert after.virtual_token * after.virtual_quote >= before.virtual_token * before.virtual_quote


@given(pump_curves(), PUMP_RATES)
def test_buying_the_rest_of_a_pump_curve_costs_what_progress_counts_with(c: pumpfun.Curve, r: pumpfun.Rates) -> None:
    needed = pumpfun.quote_needed(c)
    done = pumpfun.buy_exact_tokens(c, c.real_token, r)
    assert done.quote == needed
    assert done.curve.complete()
    assert pumpfun.quote_needed(done.curve) == 0
    values = progress.pump_progress_ppm(*(getattr(c, f) for f in c.__struct_fields__))
    assert values is not None
    assert 0 <= values < 1_000_000
    assert progress.pump_progress_ppm(*(getattr(done.curve, f) for f in c.__struct_fields__)) == 1_000_000


@given(RESERVE, RESERVE, AMOUNT, SWAP_RATES, st.integers(0, 10**9))
def test_pumpswap_budget_k_and_round_trip(base: int, quote: int, n: int, r: pumpswap.Rates, virtual: int) -> None:
    pool = pumpswap.Pool(base, quote, virtual)
    try:
        bought = pumpswap.buy_exact_quote(pool, n, r)
        sold = pumpswap.sell(bought.pool, bought.base, r)
    except CurveError:
        return
    assert bought.paid() <= n
    assert n - bought.paid() <= 3
    assert bought.base <= Fraction(bought.quote * base, pool.priced_quote() + bought.quote)
    assert bought.pool.base * bought.pool.priced_quote() >= base * pool.priced_quote()
    assert sold.pool.base * sold.pool.priced_quote() >= bought.pool.base * bought.pool.priced_quote()
    assert sold.received() <= bought.paid()
    assert sold.pool.quote - pool.quote == (
        bought.quote + bought.lp_fee - sold.quote + sold.lp_fee
    )  # what stays is what was paid in, LP fees included


@given(RESERVE, RESERVE, AMOUNT, SWAP_RATES)
def test_pumpswap_exact_base_never_undercharges(base: int, quote: int, n: int, r: pumpswap.Rates) -> None:
    assume(n < base)
    try:
        t = pumpswap.buy_exact_base(pumpswap.Pool(base, quote), n, r)
    except Overflow:
        return
    assert 0 <= t.quote - Fraction(quote * n, base - n) < 1
    assert t.pool.base * t.pool.quote >= base * quote


@given(st.integers(10**9, 10**15), st.integers(10**6, 10**13), st.lists(AMOUNT, min_size=1, max_size=6), LAB_RATES)
def test_launchlab_sells_out_exactly_and_never_profits(
    sell: int, raised: int, n: list[int], r: launchlab.Rates
) -> None:
    try:
        curve = launchlab.launch(sell * 5 // 4, sell, raised)
    except ZeroAmount:
        return
    for spend in n:
        try:
            t = launchlab.buy_exact_quote(curve, spend, r)
        except ZeroAmount:
            continue
        assert sum(t.fees) == t.quote - t.net_quote
        assert t.quote <= spend
        assert 0 <= sum(t.fees) - Fraction(t.quote * sum(r), launchlab.RATE_ONE) < 1
        if t.curve.real_base < curve.total_base_sell:
            exact = Fraction(
                t.net_quote * (curve.virtual_base - curve.real_base),
                curve.virtual_quote + curve.real_quote + t.net_quote,
            )
            assert 0 <= exact - t.base < 1
        else:
            assert t.curve.real_quote == raised
        try:
            back = launchlab.sell(t.curve, t.base, r)
        except CurveError:
            pass
        else:
            assert back.quote <= t.quote
        curve = t.curve
    assert 0 <= curve.real_base <= sell
    assert 0 <= curve.real_quote <= raised


@given(st.integers(1, 10**12), st.integers(1, 10**15), st.lists(AMOUNT, min_size=1, max_size=6), st.integers(0, 10**8))
def test_dbc_never_gives_more_than_exact_and_never_profits(
    threshold: int, to_pool: int, spends: list[int], fee: int
) -> None:
    try:
        config = meteora_dbc.single_segment(to_pool * 5, to_pool, threshold, to_pool // 2, fee)
    except (CurveError, ZeroDivisionError, ValueError):
        assume(False)
    pool = meteora_dbc.Pool(config.start)
    for spend in spends:
        try:
            t = meteora_dbc.buy(config, pool, spend)
        except CurveError:
            continue
        assert t.included_in == t.excluded_in + t.trading_fee + t.protocol_fee <= spend
        liquidity = config.segments[0].liquidity
        low, high = pool.sqrt_price, t.pool.sqrt_price
        assert t.out <= Fraction(liquidity * (high - low), low * high)
        assert Fraction(liquidity * (high - low), 1 << 128) <= t.excluded_in
        try:
            back = meteora_dbc.sell(config, t.pool, t.out)
        except CurveError:
            pass
        else:
            assert back.out <= t.included_in
            gross = back.out + back.trading_fee + back.protocol_fee
            assert gross <= Fraction(liquidity * (high - back.pool.sqrt_price), 1 << 128)
            assert back.pool.sqrt_price >= pool.sqrt_price
            assert back.pool.quote_reserve >= pool.quote_reserve
        pool = t.pool
    assert config.start <= pool.sqrt_price <= config.stop


@given(st.lists(st.tuples(st.integers(2, 10**6), st.integers(10**30, 10**36)), min_size=2, max_size=5), AMOUNT, AMOUNT)
def test_dbc_walks_several_ranges_within_one_unit_of_exact_in_each(
    steps: list[tuple[int, int]], spend: int, second: int
) -> None:
    start = price = 10**16
    segments = []
    for wide, liquidity in steps:
        price += price * wide // 10**6 + 1
        segments.append(meteora_dbc.Segment(price, liquidity))
    config = meteora_dbc.Config(start, tuple(segments), price, U64_MAX, 10_000_000)
    try:
        first = meteora_dbc.buy(config, meteora_dbc.Pool(start), spend)
        then = meteora_dbc.buy(config, first.pool, second)
    except CurveError:
        return
    exact, low = Fraction(0), start
    for end, liquidity in segments:
        high = min(end, then.pool.sqrt_price)
        if high > low:
            exact += Fraction(liquidity * (high - low), low * high)
            low = high
    got = first.out + then.out
    assert 0 <= exact - got < 2 * len(segments)
    try:
        back = meteora_dbc.sell(config, then.pool, got)
    except CurveError:
        return
    assert back.out <= first.included_in + then.included_in


@given(RESERVE, RESERVE, AMOUNT, st.integers(0, 10**8))
def test_damm_liquidity_never_leaks(base: int, quote: int, n: int, fee: int) -> None:
    price = isqrt((quote << 128) // base)
    assume(concentrated.MIN_SQRT_PRICE * 2 < price < concentrated.MAX_SQRT_PRICE // 2)
    try:
        pool = meteora_damm.open_pool(base, quote, price, fee)
        t = meteora_damm.buy(pool, n)
    except CurveError:
        return
    assert pool.base <= base
    assert pool.quote <= quote
    exact = Fraction(pool.liquidity * (t.pool.sqrt_price - price), price * t.pool.sqrt_price)
    assert 0 <= exact - t.out < 1
    assert t.pool.base >= 0
    try:
        back = meteora_damm.sell(t.pool, t.out)
    except CurveError:
        return
    assert back.out <= n
    assert back.pool.quote >= pool.quote
    assert back.pool.base == pool.base


@given(st.integers(10**10, 10**25), st.integers(10**20, 10**36), AMOUNT)
def test_a_range_moves_its_price_no_further_than_was_paid_for(price: int, liquidity: int, amount: int) -> None:
    up = concentrated.price_after_quote_in(price, liquidity, amount)
    assert 0 <= price + Fraction(amount << 128, liquidity) - up < 1
    down = concentrated.price_after_base_in(price, liquidity, amount)
    assert 0 <= down - Fraction(liquidity * price, liquidity + amount * price) < 1


@given(st.integers(1, 10**30), st.integers(1, 10**30), st.integers(1, 10**30))
def test_uniswap_v2_keeps_the_fee_and_k(x: int, y: int, n: int) -> None:
    out = uniswap_v2.amount_out(x, y, n)
    exact = Fraction(n * 997 * y, x * 1000 + n * 997)
    assert 0 <= exact - out < 1
    assert (x * 1000 + n * 997) * (y - out) >= x * y * 1000
    if out > 0:
        assert uniswap_v2.amount_in(x, y, out) <= n + 1


@pytest.mark.parametrize("n", [U64_MAX + 1, 1 << 80])
def test_amounts_past_64_bits_are_refused_by_name(n: int) -> None:
    curve = pumpfun.Curve(2**60, 2**60, 2**59, 0)
    pool = pumpswap.Pool(2**60, 2**60)
    config = meteora_dbc.single_segment(10**15, 2 * 10**14, 10**11, 10**14, 0)
    for call in (
        lambda: pumpfun.buy_exact_tokens(curve, n, pumpfun.Rates(0, 0)),
        lambda: pumpfun.buy_exact_quote(curve, n, pumpfun.Rates(0, 0)),
        lambda: pumpfun.sell(curve, n, pumpfun.Rates(0, 0)),
        lambda: pumpswap.buy_exact_quote(pool, n, pumpswap.Rates(0, 0, 0)),
        lambda: pumpswap.sell(pool, n, pumpswap.Rates(0, 0, 0)),
        lambda: launchlab.buy_exact_quote(launchlab.launch(10**15, 8 * 10**14, 10**11), n, launchlab.Rates(0, 0, 0)),
        lambda: meteora_dbc.buy(config, meteora_dbc.Pool(config.start), n),
    ):
        with pytest.raises(Overflow):
            call()


def test_results_past_64_bits_are_refused_by_name() -> None:
    steep = pumpfun.Curve(2**63 + 2, 2**63, 2**63, 0)
    with pytest.raises(Overflow):
        pumpfun.buy_exact_tokens(steep, 2**63, pumpfun.Rates(0, 0))
    with pytest.raises(Overflow):
        pumpswap.sell(pumpswap.Pool(U64_MAX, 10), U64_MAX, pumpswap.Rates(0, 0, 0))
    with pytest.raises(Overflow):
        concentrated.price_after_quote_in(1 << 100, 1, U64_MAX)
    with pytest.raises(Overflow):
        uniswap_v2.amount_out(1 << 112, 1, 1)


def test_selling_back_more_than_was_bought_is_refused_by_name() -> None:
    config = meteora_dbc.single_segment(10**15, 2 * 10**14, 10**11, 10**14, 0)
    bought = meteora_dbc.buy(config, meteora_dbc.Pool(config.start), 10**9)
    with pytest.raises(NotEnoughLiquidity):
        meteora_dbc.sell(config, bought.pool, bought.out + 2)
    with pytest.raises(NotEnoughLiquidity):
        launchlab.sell(launchlab.launch(10**15, 8 * 10**14, 10**11), 1, launchlab.Rates(0, 0, 0))
    with pytest.raises(NotEnoughLiquidity):
        pumpfun.sell(pumpfun.Curve(2**60, 2**60, 2**59, 0), 2**30, pumpfun.Rates(0, 0))
