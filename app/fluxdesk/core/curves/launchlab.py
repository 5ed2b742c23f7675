"""Raydium LaunchLab's constant-product curve: price (virtual_quote + real_quote) / (virtual_base - real_base), fees
on the quote side.

Real reserves count up from zero: base sold and quote collected. Sources: `launchpad/curve/*.ts` of raydium-sdk-V2
(read, not shipped) and a public TradeEvent, which `buy_exact_quote` reproduces to the unit (tests/real_data). Rates
are in millionths.
"""

from typing import NamedTuple

import msgspec

from fluxdesk.core.curves.constant_product import amount_out
from fluxdesk.core.curves.integers import NotEnoughLiquidity, ZeroAmount, ceil_div, positive, u64

RATE_ONE = 1_000_000
_Q64 = 1 << 64


class Rates(NamedTuple):
    """Fee rates of a trade in millionths."""

    protocol: int
    platform: int
    creator: int
    share: int = 0


class Fees(NamedTuple):
    """The one ceiled fee, split: platform, creator and share floored, the protocol gets the rest."""

    protocol: int
    platform: int
    creator: int
    share: int


class Curve(msgspec.Struct, frozen=True, gc=False):
    """What a pool's state account holds of its curve, in base units."""

    total_base_sell: int
    total_quote_raise: int
    virtual_base: int
    virtual_quote: int
    real_base: int = 0
    real_quote: int = 0

    def complete(self) -> bool:
        """All is sold, or all is raised."""
        return self.real_base >= self.total_base_sell or self.real_quote >= self.total_quote_raise


class Trade(NamedTuple):
    """One trade. `quote` is what the trader pays or gets, fees included; `net_quote` is what moved on the curve."""

    base: int
    quote: int
    net_quote: int
    fees: Fees
    curve: Curve


def launch(supply: int, total_base_sell: int, total_quote_raise: int, locked: int = 0, migrate_fee: int = 0) -> Curve:
    """The curve whose last price equals the price of the pool it migrates to (`getInitParam`); both virtual reserves
    are floored.

    Raises:
        ZeroAmount: nothing is left to migrate with.
        Overflow: a virtual reserve does not fit 64 bits.
    """
    to_pool, raised = supply - total_base_sell - locked, total_quote_raise - migrate_fee
    if to_pool <= 0 or raised <= 0:
        raise ZeroAmount("nothing is left for the pool that the curve migrates to")
    price_x64 = raised * _Q64 // to_pool
    below = price_x64 * total_base_sell // _Q64 - total_quote_raise
    if below <= 0:
        raise ZeroAmount("the curve would not rise")
    virtual_base = price_x64 * total_base_sell * total_base_sell // _Q64 // below
    virtual_quote = total_quote_raise * total_quote_raise // below
    return Curve(
        u64(total_base_sell, "tokens for sale"),
        u64(total_quote_raise, "quote to raise"),
        u64(virtual_base, "virtual base"),
        u64(virtual_quote, "virtual quote"),
    )


def buy_exact_quote(curve: Curve, spend: int, rates: Rates) -> Trade:
    """Spend `spend` quote units, fees included (`buy_exact_in`); the last buy pays only for what is left.

    The fee is ceiled and base floored: for the curve. A buy that would exceed the tokens left gets those, for the
    quote still to be raised and a fee on top that is ceiled.

    Raises:
        ZeroAmount: too little to buy one unit, or the curve is complete.
        Overflow: a result does not fit 64 bits.
    """
    if curve.complete():
        raise ZeroAmount("the curve is complete")
    quote = positive(spend, "quote amount")
    fee = ceil_div(spend * sum(rates), RATE_ONE)
    base = amount_out(curve.virtual_quote + curve.real_quote, curve.virtual_base - curve.real_base, quote - fee)
    left = curve.total_base_sell - curve.real_base
    if base > left:
        base, net = left, curve.total_quote_raise - curve.real_quote
        quote = ceil_div(net * RATE_ONE, RATE_ONE - sum(rates))
        fee = quote - net
    if base == 0:
        raise ZeroAmount(f"{spend} buys no token")
    return _traded(curve, base, quote, quote - fee, rates)


def sell(curve: Curve, base: int, rates: Rates) -> Trade:
    """Sell `base` units (`sell_exact_in`). The gross is floored and the fee ceiled: for the curve.

    Raises:
        ZeroAmount: worth less than one unit.
        NotEnoughLiquidity: more than was ever sold.
    """
    positive(base, "base amount")
    if base > curve.real_base:
        raise NotEnoughLiquidity(f"{base} sold back of {curve.real_base} that are out")
    gross = amount_out(curve.virtual_base - curve.real_base, curve.virtual_quote + curve.real_quote, base)
    fee = ceil_div(gross * sum(rates), RATE_ONE)
    if gross - fee <= 0:
        raise ZeroAmount(f"{base} tokens are worth nothing")
    if gross > curve.real_quote:
        raise NotEnoughLiquidity(f"{gross} of {curve.real_quote} quote units raised")
    return _traded(curve, -base, gross - fee, -gross, rates)


def split(fee: int, rates: Rates) -> Fees:
    """The parts of one fee; they add up to it exactly."""
    total = sum(rates)
    if total == 0:
        return Fees(fee, 0, 0, 0)
    platform, creator, share = (fee * rate // total for rate in (rates.platform, rates.creator, rates.share))
    return Fees(fee - platform - creator - share, platform, creator, share)


def _traded(curve: Curve, base: int, quote: int, net: int, rates: Rates) -> Trade:
    """`base` and `net` with their sign on the curve: positive bought, negative sold."""
    after = Curve(
        curve.total_base_sell,
        curve.total_quote_raise,
        curve.virtual_base,
        curve.virtual_quote,
        curve.real_base + base,
        u64(curve.real_quote + net, "quote raised"),
    )
    return Trade(abs(base), u64(quote, "quote amount"), abs(net), split(abs(quote - abs(net)), rates), after)


def quote_needed(total_base_sell: int, virtual_base: int, virtual_quote: int) -> int:
    """Quote the whole curve collects, from the constants that every TradeEvent repeats. Ceiling of the exact value.

    Raises:
        NotEnoughLiquidity: the constants are not those of a curve.
    """
    if not 0 < total_base_sell < virtual_base:
        raise NotEnoughLiquidity("the tokens for sale are not below the virtual reserve")
    return ceil_div(virtual_quote * total_base_sell, virtual_base - total_base_sell)
