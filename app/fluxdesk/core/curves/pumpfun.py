"""pump.fun's bonding curve: constant product on virtual reserves, fees on the quote side.

Sources: the `docs` of `buy_exact_sol_in` in the published IDL (@pump-fun/pump-sdk), `bondingCurve.ts` of the same
package, and public TradeEvents, which these functions reproduce to the unit (tests/real_data). Fees are charged
beside the curve: a buyer pays `quote + fees`, a seller receives `quote - fees`, the curve itself moves by `quote`.
"""

from typing import NamedTuple

import msgspec

from fluxdesk.core.curves.constant_product import amount_out
from fluxdesk.core.curves.integers import BPS, NotEnoughLiquidity, ZeroAmount, bps_up, positive, u64


class Rates(NamedTuple):
    """Fee rates in basis points. The second goes to the creator, or back to the trader on a cashback coin."""

    protocol_bps: int
    creator_bps: int


class Curve(msgspec.Struct, frozen=True, gc=False):
    """The four reserves of a BondingCurve account, in base units; the token side counts down to zero."""

    virtual_token: int
    virtual_quote: int
    real_token: int
    real_quote: int

    def complete(self) -> bool:
        """Every token for sale is sold."""
        return self.real_token == 0


class Trade(NamedTuple):
    """One trade: what moved on the curve, the two fees (each rounded up), and the curve after it."""

    token: int
    quote: int
    protocol_fee: int
    creator_fee: int
    curve: Curve

    def paid(self) -> int:
        """What a buyer pays in all."""
        return self.quote + self.protocol_fee + self.creator_fee

    def received(self) -> int:
        """What a seller gets in all."""
        return self.quote - self.protocol_fee - self.creator_fee


def buy_exact_tokens(curve: Curve, token: int, rates: Rates) -> Trade:
    """Buy `token` base units, or the rest of the curve when that is less (`buy`).

    Quote is floor(token * vq / (vt - token)) + 1: above exact by at most one unit, for the curve.

    Raises:
        ZeroAmount: nothing asked for, or the curve is complete.
        Overflow: a result does not fit 64 bits.
    """
    token = min(positive(token, "token amount"), curve.real_token)
    if token == 0:
        raise ZeroAmount("the curve is complete")
    if token >= curve.virtual_token:
        raise NotEnoughLiquidity(f"{token} of a virtual reserve of {curve.virtual_token}")
    quote = token * curve.virtual_quote // (curve.virtual_token - token) + 1
    return _bought(curve, token, quote, bps_up(quote, rates.protocol_bps), bps_up(quote, rates.creator_bps))


def buy_exact_quote(curve: Curve, spend: int, rates: Rates) -> Trade:
    """Spend at most `spend` quote units, fees included (`buy_exact_sol_in`).

    The net is floored, each fee ceiled, an excess taken off the net, and tokens are priced for one unit less than the
    net: every step for the curve. What the program charges when this would buy more than is left is not public; such
    a buy is refused here.

    Raises:
        ZeroAmount: the amount is too small to buy one unit.
        NotEnoughLiquidity: more tokens than the curve has left.
        Overflow: a result does not fit 64 bits.
    """
    positive(spend, "quote amount")
    net = spend * BPS // (BPS + rates.protocol_bps + rates.creator_bps)
    protocol, creator = bps_up(net, rates.protocol_bps), bps_up(net, rates.creator_bps)
    net -= max(0, net + protocol + creator - spend)
    token = amount_out(curve.virtual_quote, curve.virtual_token, net - 1) if net > 1 else 0
    if token == 0:
        raise ZeroAmount(f"{spend} buys no token")
    if token > curve.real_token:
        raise NotEnoughLiquidity(f"{token} tokens asked for, {curve.real_token} left")
    return _bought(curve, token, net, protocol, creator)


def sell(curve: Curve, token: int, rates: Rates) -> Trade:
    """Sell `token` base units (`sell`). Quote is floored and fees are ceiled: both for the curve.

    Raises:
        ZeroAmount: the tokens are worth less than one unit.
        NotEnoughLiquidity: the curve holds less quote than that, or the fees exceed it.
        Overflow: a result does not fit 64 bits.
    """
    quote = amount_out(curve.virtual_token, curve.virtual_quote, positive(token, "token amount"))
    if quote == 0:
        raise ZeroAmount(f"{token} tokens are worth nothing")
    protocol, creator = bps_up(quote, rates.protocol_bps), bps_up(quote, rates.creator_bps)
    if quote > curve.real_quote or protocol + creator > quote:
        raise NotEnoughLiquidity(
            f"{quote} quote units less {protocol + creator} of a curve that holds {curve.real_quote}"
        )
    after = Curve(
        u64(curve.virtual_token + token, "virtual token reserve"),
        curve.virtual_quote - quote,
        u64(curve.real_token + token, "real token reserve"),
        curve.real_quote - quote,
    )
    return Trade(token, quote, protocol, creator, after)


def _bought(curve: Curve, token: int, quote: int, protocol: int, creator: int) -> Trade:
    u64(quote + protocol + creator, "quote to pay")
    after = Curve(
        curve.virtual_token - token,
        u64(curve.virtual_quote + quote, "virtual quote reserve"),
        curve.real_token - token,
        u64(curve.real_quote + quote, "real quote reserve"),
    )
    return Trade(token, quote, protocol, creator, after)


def quote_needed(curve: Curve) -> int:
    """Quote that buying the rest of the curve in one go would add; zero when complete. Exact ceiling plus at most one
    unit.

    Raises:
        NotEnoughLiquidity: the reserves are not those of a curve (no virtual tokens beside the real ones).
    """
    if curve.real_token != 0 and curve.real_token >= curve.virtual_token:
        raise NotEnoughLiquidity("the real reserve is not below the virtual one")
    return price_of_rest(curve.virtual_token, curve.virtual_quote, curve.real_token)


def price_of_rest(virtual_token: int, virtual_quote: int, real_token: int) -> int:
    """`quote_needed` of reserves that are known to be those of a curve."""
    return real_token * virtual_quote // (virtual_token - real_token) + 1 if real_token else 0
