"""One way to trade against any pool of the practice market: an order in, what it would do out, nothing changed.

The maths is `core.curves`; this says only which function stands for which venue, with the fee rates the practice market
charges. The rates are those seen in public events where one was at hand, else round numbers (docs/practice.md).
"""

from typing import NamedTuple

import msgspec

from fluxdesk.core.curves import launchlab, meteora_damm, meteora_dbc, pumpfun, pumpswap
from fluxdesk.core.curves.integers import NotEnoughLiquidity
from fluxdesk.core.events import Side

PUMP_RATES = pumpfun.Rates(95, 30)
SWAP_RATES = pumpswap.Rates(20, 5, 5)
LAB_RATES = launchlab.Rates(2_500, 10_000, 500)
METEORA_FEE = 10_000_000
"""One percent, over 10^9."""


class DbcPool(msgspec.Struct, frozen=True, gc=False):
    """A Meteora bonding curve: the config it was launched under, and where it stands."""

    config: meteora_dbc.Config
    at: meteora_dbc.Pool


Pool = pumpfun.Curve | pumpswap.Pool | launchlab.Curve | DbcPool | meteora_damm.Pool
Result = pumpfun.Trade | pumpswap.Swap | launchlab.Trade | meteora_dbc.Swap | meteora_damm.Swap


class Fill(NamedTuple):
    """What an order does to a pool. `quote` and `token` are the legs as the program states them."""

    side: Side
    asked: int
    """Of a buy the quote units to spend, fees included; of a sell the tokens."""
    exact_tokens: bool
    """A buy that names tokens, as the last one of a pump.fun curve has to."""
    token: int
    quote: int
    cash: int
    """Quote units that leave the trader (buy) or reach them (sell), fees included."""
    fees: tuple[tuple[str, int], ...]
    result: Result
    before: Pool
    after: Pool
    complete: bool
    """The curve sold out with this."""


def vault_quote(pool: Pool) -> int:
    """Quote units the pool holds."""
    if isinstance(pool, pumpfun.Curve | launchlab.Curve):
        return pool.real_quote
    return pool.at.quote_reserve if isinstance(pool, DbcPool) else pool.quote


def buy(pool: Pool, spend: int, *, exact_tokens: bool = False) -> Fill:
    """Spend up to `spend` quote units. Raises `CurveError`."""
    if isinstance(pool, pumpfun.Curve):
        return _pump_buy(pool, spend, exact_tokens)
    if isinstance(pool, pumpswap.Pool):
        swap = pumpswap.buy_exact_quote(pool, spend, SWAP_RATES)
        if exact_tokens:
            swap = pumpswap.buy_exact_base(pool, swap.base, SWAP_RATES)
        return Fill(
            Side.BUY, spend, exact_tokens, swap.base, swap.quote, swap.paid(), _swap_fees(swap), swap, pool, swap.pool,
            complete=False,
        )  # fmt: skip
    if isinstance(pool, launchlab.Curve):
        lab = launchlab.buy_exact_quote(pool, spend, LAB_RATES)
        return Fill(
            Side.BUY, spend, False, lab.base, lab.quote, lab.quote, _lab_fees(lab), lab, pool, lab.curve,
            complete=lab.curve.complete(),
        )  # fmt: skip
    if isinstance(pool, DbcPool):
        dbc = meteora_dbc.buy(pool.config, pool.at, spend)
        return Fill(
            Side.BUY, spend, False, dbc.out, dbc.included_in, dbc.included_in, _meteora_fees("trading", dbc), dbc, pool,
            DbcPool(pool.config, dbc.pool), complete=dbc.pool.complete(pool.config),
        )  # fmt: skip
    damm = meteora_damm.buy(pool, spend)
    return Fill(
        Side.BUY, spend, False, damm.out, damm.included_in, damm.included_in, _meteora_fees("lp", damm), damm, pool,
        damm.pool, complete=False,
    )  # fmt: skip


def sell(pool: Pool, token: int) -> Fill:
    """Sell `token` base units. Raises `CurveError`."""
    after: Pool
    result: Result
    if isinstance(pool, pumpfun.Curve):
        result = pumpfun.sell(pool, token, PUMP_RATES)
        quote, cash, fees, after = result.quote, result.received(), _pump_fees(result), result.curve
    elif isinstance(pool, pumpswap.Pool):
        result = pumpswap.sell(pool, token, SWAP_RATES)
        quote, cash, fees, after = result.quote, result.received(), _swap_fees(result), result.pool
    elif isinstance(pool, launchlab.Curve):
        result = launchlab.sell(pool, token, LAB_RATES)
        quote, cash, fees, after = result.quote, result.quote, _lab_fees(result), result.curve
    elif isinstance(pool, DbcPool):
        result = meteora_dbc.sell(pool.config, pool.at, token)
        quote, cash, fees = result.out, result.out, _meteora_fees("trading", result)
        after = DbcPool(pool.config, result.pool)
    else:
        result = meteora_damm.sell(pool, token)
        quote, cash, fees, after = result.out, result.out, _meteora_fees("lp", result), result.pool
    return Fill(Side.SELL, token, False, token, quote, cash, fees, result, pool, after, complete=False)


def _pump_buy(pool: pumpfun.Curve, spend: int, exact_tokens: bool) -> Fill:
    try:
        trade = pumpfun.buy_exact_quote(pool, spend, PUMP_RATES)
        if exact_tokens:
            trade = pumpfun.buy_exact_tokens(pool, trade.token, PUMP_RATES)
    except NotEnoughLiquidity:
        trade, exact_tokens = pumpfun.buy_exact_tokens(pool, pool.real_token, PUMP_RATES), True
    return Fill(
        Side.BUY, spend, exact_tokens, trade.token, trade.quote, trade.paid(), _pump_fees(trade), trade, pool,
        trade.curve, complete=trade.curve.complete(),
    )  # fmt: skip


def _pump_fees(t: pumpfun.Trade) -> tuple[tuple[str, int], ...]:
    return ("protocol", t.protocol_fee), ("creator", t.creator_fee)


def _swap_fees(s: pumpswap.Swap) -> tuple[tuple[str, int], ...]:
    return ("lp", s.lp_fee), ("protocol", s.protocol_fee), ("creator", s.creator_fee)


def _lab_fees(t: launchlab.Trade) -> tuple[tuple[str, int], ...]:
    return ("protocol", t.fees.protocol), ("platform", t.fees.platform), ("creator", t.fees.creator)


def _meteora_fees(kept: str, s: meteora_dbc.Swap | meteora_damm.Swap) -> tuple[tuple[str, int], ...]:
    return (kept, s.trading_fee), ("protocol", s.protocol_fee)
