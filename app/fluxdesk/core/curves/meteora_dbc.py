"""Meteora's Dynamic Bonding Curve: up to twenty ranges of liquidity walked one after the other, fee on the quote
side.

Fees are numerators over 10^9, ceiled; a fifth of the fee, floored, is the protocol's. Source: `math/swapQuote.ts`,
`math/feeMath.ts` and `helpers/buildCurve.ts` of @meteora-ag/dynamic-bonding-curve-sdk 1.5.12. Covered: constant base
fee, `collect_fee_mode` quote token, no referral; fee schedules, rate limiters and dynamic fees change only the
numerator that is passed in.
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


class Segment(NamedTuple):
    """Liquidity up to a square-root price; it begins where the segment before it ends."""

    sqrt_price: int
    liquidity: int


class Config(msgspec.Struct, frozen=True, gc=False):
    """What a config account fixes for every pool launched under it."""

    start: int
    segments: tuple[Segment, ...]
    stop: int
    """Square-root price at which the pool migrates."""
    threshold: int
    """Quote to collect before it does."""
    fee: int
    """Trading fee numerator over 10^9."""


class Pool(msgspec.Struct, frozen=True, gc=False):
    """Where a pool stands on its curve."""

    sqrt_price: int
    quote_reserve: int = 0

    def complete(self, config: Config) -> bool:
        """The threshold is reached."""
        return self.quote_reserve >= config.threshold


class Swap(NamedTuple):
    """One swap as EvtSwap2 states it: input with and without fee, what is left of it, output without fee, fees, pool
    after.
    """

    included_in: int
    excluded_in: int
    left: int
    out: int
    trading_fee: int
    protocol_fee: int
    pool: Pool


def single_segment(supply: int, to_pool: int, threshold: int, leftover: int, fee: int) -> Config:
    """A one-range curve that sells `supply - to_pool - leftover` for `threshold` and ends at the price of the pool it
    migrates to.

    As `buildCurve` for a migration to DAMM v2, with integer square root in place of decimal arithmetic. `to_pool`
    sets the price; the base that the full-range pool then takes differs from it a little. Raises `ZeroAmount`,
    `Overflow`.
    """
    from math import isqrt

    stop = isqrt((threshold << 128) // to_pool)
    full_range = liquidity_for_quote(threshold, MIN_SQRT_PRICE, stop)
    migrates = base_between(stop, MAX_SQRT_PRICE, full_range, up=True)
    sold = positive(supply - migrates - leftover, "tokens for sale")
    start = stop * migrates // sold
    liquidity = min(liquidity_for_base(sold, start, stop), liquidity_for_quote(threshold, start, stop))
    segments = [Segment(stop, liquidity)]
    spare = supply - base_between(start, stop, liquidity, up=True) - migrates - leftover
    if spare > 0:
        segments.append(Segment(MAX_SQRT_PRICE, liquidity_for_base(spare, stop, MAX_SQRT_PRICE)))
    return Config(start, tuple(segments), stop, threshold, fee)


def buy(config: Config, pool: Pool, spend: int) -> Swap:
    """Spend `spend` quote units; the last buy spends only what reaches the migration price (partial fill).

    Base out is floored and quote in ceiled in every range: for the curve.

    Raises:
        ZeroAmount: buys nothing, or the curve is complete.
        Overflow: a value does not fit the program's width.
    """
    if pool.complete(config):
        raise ZeroAmount("the curve is complete")
    fee = ceil_div(positive(spend, "quote amount") * config.fee, FEE_ONE)
    net = spend - fee
    left, out, price = net, 0, pool.sqrt_price
    for end, liquidity in config.segments:
        upper = min(end, config.stop)
        if upper <= price:
            continue
        room = quote_between(price, upper, liquidity, up=True)
        reached = price_after_quote_in(price, liquidity, left) if left < room else upper
        out += base_between(price, reached, liquidity, up=False)
        price, left = reached, max(0, left - room)
        if left == 0 or price == config.stop:
            break
    if out == 0:
        raise ZeroAmount(f"{spend} buys no token")
    if left:
        net -= left
        spend = ceil_div(net * FEE_ONE, FEE_ONE - config.fee)
        fee = spend - net
    protocol = fee * PROTOCOL_PERCENT // 100
    after = Pool(price, u64(pool.quote_reserve + net, "quote reserve"))
    return Swap(spend, net, left, u64(out, "base amount"), fee - protocol, protocol, after)


def sell(config: Config, pool: Pool, base: int) -> Swap:
    """Sell `base` units. Base in is ceiled and quote out floored in every range, the fee on it is ceiled: for the
    curve.

    Raises:
        ZeroAmount: worth less than one unit.
        NotEnoughLiquidity: more than was ever bought.
    """
    left, gross, price = positive(base, "base amount"), 0, pool.sqrt_price
    for i in range(len(config.segments) - 1, -1, -1):
        lower = config.segments[i - 1].sqrt_price if i else config.start
        if lower >= price:
            continue
        liquidity = config.segments[i].liquidity
        room = base_between(lower, price, liquidity, up=True)
        reached = price_after_base_in(price, liquidity, left) if left < room else lower
        gross += quote_between(reached, price, liquidity, up=False)
        price, left = reached, max(0, left - room)
        if left == 0:
            break
    if left:
        raise NotEnoughLiquidity(f"{left} of {base} base units are below the start of the curve")
    fee = ceil_div(u64(gross, "quote amount") * config.fee, FEE_ONE)
    if gross - fee <= 0:
        raise ZeroAmount(f"{base} tokens are worth nothing")
    if gross > pool.quote_reserve:
        raise NotEnoughLiquidity(f"{gross} of {pool.quote_reserve} quote units collected")
    protocol = fee * PROTOCOL_PERCENT // 100
    return Swap(base, base, 0, gross - fee, fee - protocol, protocol, Pool(price, pool.quote_reserve - gross))
