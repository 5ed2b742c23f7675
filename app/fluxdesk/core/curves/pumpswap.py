"""PumpSwap: a constant product pool with three fees on the quote side, of which the LP fee stays in the pool.

Source: `buy.ts`, `sell.ts` and `util.ts` of @pump-fun/pump-swap-sdk 1.20.0. Some pools carry
`virtual_quote_reserves`, which is added to the quote reserve for pricing only; it may be negative.
"""

from typing import NamedTuple

import msgspec

from fluxdesk.core.curves.constant_product import amount_in, amount_out
from fluxdesk.core.curves.integers import BPS, NotEnoughLiquidity, ZeroAmount, bps_up, positive, u64


class Rates(NamedTuple):
    """Fee rates of a swap in basis points."""

    lp_bps: int
    protocol_bps: int
    creator_bps: int


class Pool(msgspec.Struct, frozen=True, gc=False):
    """Token balances of the pool's two vaults, in base units."""

    base: int
    quote: int
    virtual_quote: int = 0

    def priced_quote(self) -> int:
        """The quote reserve that sets the price."""
        return self.quote + self.virtual_quote


class Swap(NamedTuple):
    """One swap: legs before fees, the three fees (each rounded up), and the pool after it."""

    base: int
    quote: int
    lp_fee: int
    protocol_fee: int
    creator_fee: int
    pool: Pool

    def paid(self) -> int:
        """What a buyer pays in all (`user_quote_amount_in`)."""
        return self.quote + self.lp_fee + self.protocol_fee + self.creator_fee

    def received(self) -> int:
        """What a seller gets in all (`user_quote_amount_out`)."""
        return self.quote - self.lp_fee - self.protocol_fee - self.creator_fee


def buy_exact_base(pool: Pool, base: int, rates: Rates) -> Swap:
    """Buy `base` units (`buy`). The quote leg and each fee are rounded up: for the pool.

    Raises:
        ZeroAmount, NotEnoughLiquidity, Overflow: as named in `integers`.
    """
    quote = amount_in(pool.priced_quote(), pool.base, positive(base, "base amount"))
    return _bought(pool, base, quote, *_fees(quote, rates))


def buy_exact_quote(pool: Pool, spend: int, rates: Rates) -> Swap:
    """Spend at most `spend` quote units, fees included (`buy_exact_quote_in`).

    The net is floored, an excess of the ceiled fees is taken off it, and base is floored for one unit less than the
    net: for the pool.

    Raises:
        ZeroAmount, NotEnoughLiquidity, Overflow: as named in `integers`.
    """
    positive(spend, "quote amount")
    net = spend * BPS // (BPS + sum(rates))
    lp, protocol, creator = _fees(net, rates)
    net -= max(0, net + lp + protocol + creator - spend)
    base = amount_out(pool.priced_quote(), pool.base, net - 1) if net > 1 else 0
    if base == 0:
        raise ZeroAmount(f"{spend} buys nothing")
    return _bought(pool, base, net, lp, protocol, creator)


def sell(pool: Pool, base: int, rates: Rates) -> Swap:
    """Sell `base` units (`sell`). The quote leg is floored and each fee ceiled: for the pool.

    Raises:
        ZeroAmount, NotEnoughLiquidity, Overflow: as named in `integers`.
    """
    quote = amount_out(pool.base, pool.priced_quote(), positive(base, "base amount"))
    if quote == 0:
        raise ZeroAmount(f"{base} base units are worth nothing")
    lp, protocol, creator = _fees(quote, rates)
    if quote - lp > pool.quote or lp + protocol + creator > quote:
        raise NotEnoughLiquidity(f"{quote} quote units of a pool that holds {pool.quote}")
    after = Pool(u64(pool.base + base, "base reserve"), pool.quote - quote + lp, pool.virtual_quote)
    return Swap(base, quote, lp, protocol, creator, after)


def _fees(quote: int, rates: Rates) -> tuple[int, int, int]:
    return bps_up(quote, rates.lp_bps), bps_up(quote, rates.protocol_bps), bps_up(quote, rates.creator_bps)


def _bought(pool: Pool, base: int, quote: int, lp: int, protocol: int, creator: int) -> Swap:
    u64(quote + lp + protocol + creator, "quote to pay")
    after = Pool(pool.base - base, u64(pool.quote + quote + lp, "quote reserve"), pool.virtual_quote)
    return Swap(base, quote, lp, protocol, creator, after)
