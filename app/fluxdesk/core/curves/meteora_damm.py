"""Meteora DAMM v2: one range of liquidity over all prices, fee in the quote token (`collect_fee_mode` 1).

Source: `math/liquidity/concentratedLiquidity.ts` and `math/feeMath.ts` of @meteora-ag/cp-amm-sdk 1.5.0. Covered:
constant base fee, no referral, no compounding; schedules and dynamic fees change only the numerator that is passed
in. Fees leave the reserves.
"""

from typing import NamedTuple

import msgspec

from fluxdesk.core.curves.concentrated import (
    FEE_ONE,
    MAX_SQRT_PRICE,
    MIN_SQRT_PRICE,
    PROTOCOL_PERCENT,
    base_between,
    liquidity_for_base,
    liquidity_for_quote,
    price_after_base_in,
    price_after_quote_in,
    quote_between,
)
from fluxdesk.core.curves.integers import NotEnoughLiquidity, ZeroAmount, ceil_div, positive, u64


class Pool(msgspec.Struct, frozen=True, gc=False):
    """Price, liquidity and the two reserves without fees owed, token A = base."""

    sqrt_price: int
    liquidity: int
    base: int
    quote: int
    fee: int
    """Trading fee numerator over 10^9."""


class Swap(NamedTuple):
    """One swap as EvtSwap2 states it."""

    included_in: int
    excluded_in: int
    out: int
    trading_fee: int
    protocol_fee: int
    pool: Pool


def open_pool(base: int, quote: int, sqrt_price: int, fee: int) -> Pool:
    """A pool over all prices from what is at hand; liquidity is floored and the deposits it takes are ceiled, never
    above what is given.

    Raises:
        ZeroAmount, Overflow: as named in `integers`.
    """
    from_base = liquidity_for_base(positive(base, "base amount"), sqrt_price, MAX_SQRT_PRICE)
    from_quote = liquidity_for_quote(positive(quote, "quote amount"), MIN_SQRT_PRICE, sqrt_price)
    liquidity = min(from_base, from_quote)
    taken_base = base_between(sqrt_price, MAX_SQRT_PRICE, liquidity, up=True)
    taken_quote = quote_between(MIN_SQRT_PRICE, sqrt_price, liquidity, up=True)
    return Pool(sqrt_price, liquidity, u64(taken_base, "base reserve"), u64(taken_quote, "quote reserve"), fee)


def buy(pool: Pool, spend: int) -> Swap:
    """Spend `spend` quote units (token B in). Fee ceiled off the input, base floored: for the pool.

    Raises:
        ZeroAmount, NotEnoughLiquidity, Overflow: as named in `integers`.
    """
    fee = ceil_div(positive(spend, "quote amount") * pool.fee, FEE_ONE)
    net = spend - fee
    price = price_after_quote_in(pool.sqrt_price, pool.liquidity, net)
    if price > MAX_SQRT_PRICE:
        raise NotEnoughLiquidity("the price would leave the range of the pool")
    out = base_between(pool.sqrt_price, price, pool.liquidity, up=False)
    if out == 0:
        raise ZeroAmount(f"{spend} buys nothing")
    protocol = fee * PROTOCOL_PERCENT // 100
    after = Pool(price, pool.liquidity, pool.base - out, u64(pool.quote + net, "quote reserve"), pool.fee)
    return Swap(spend, net, u64(out, "base amount"), fee - protocol, protocol, after)


def sell(pool: Pool, base: int) -> Swap:
    """Sell `base` units (token A in). Quote floored, fee ceiled off it: for the pool.

    Raises:
        ZeroAmount, NotEnoughLiquidity, Overflow: as named in `integers`.
    """
    price = price_after_base_in(pool.sqrt_price, pool.liquidity, positive(base, "base amount"))
    if price < MIN_SQRT_PRICE:
        raise NotEnoughLiquidity("the price would leave the range of the pool")
    gross = quote_between(price, pool.sqrt_price, pool.liquidity, up=False)
    fee = ceil_div(u64(gross, "quote amount") * pool.fee, FEE_ONE)
    if gross - fee <= 0:
        raise ZeroAmount(f"{base} base units are worth nothing")
    protocol = fee * PROTOCOL_PERCENT // 100
    after = Pool(price, pool.liquidity, u64(pool.base + base, "base reserve"), pool.quote - gross, pool.fee)
    return Swap(base, base, gross - fee, fee - protocol, protocol, after)
