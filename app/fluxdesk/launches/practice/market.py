"""The books of the practice market: every unit of every quote and token is somewhere, always.

What was paid in (`deposits`) equals what wallets and pools hold, what fees took, what left with a migration, and what
is in pools that were forgotten. Changes go through `apply`, `fund` and `graduate` only; a refused order changes
nothing.
"""

from math import isqrt
from typing import NamedTuple

from fluxdesk.core.curves import launchlab, meteora_damm, pumpfun, pumpswap
from fluxdesk.core.events import Side, Venue
from fluxdesk.launches.practice.actors import QUOTES, Quote, Wallet
from fluxdesk.launches.practice.pools import METEORA_FEE, DbcPool, Fill, Pool, buy, sell, vault_quote
from fluxdesk.launches.practice.port import Order, Unfunded
from fluxdesk.launches.practice.token import SUPPLY, Token

NETWORK_FEE = 5_000
"""Lamports a transaction with one signature costs."""
PUMP_MIGRATION_FEE = 15_000_001
"""What pump.fun's `migrate` keeps, in lamports (0.015 SOL and one), scaled by worth for another quote."""


class Graduation(NamedTuple):
    """A curve that moved: what went into the new pool and what did not."""

    venue: Venue | None
    """None when the new exchange is not played here."""
    pool: Pool | None
    token: int
    quote: int
    fee: int
    """Quote units kept by the launchpad."""
    spare: int
    """Tokens that went neither to buyers nor to the pool."""


class Market:
    """See `port.PracticeMarket`."""

    def __init__(self) -> None:
        self.deposits = [0] * len(QUOTES)
        self.fees = [0] * len(QUOTES)
        """Protocol, creator, platform and LP claims that left the pools."""
        self.network = 0
        """Lamports paid for transactions."""
        self.elsewhere = [0] * len(QUOTES)
        """Quote that left with a migration to an exchange not played here, and in pools that were forgotten."""

    def fund(self, wallet: Wallet, quote: Quote, amount: int) -> None:
        """A deposit from outside."""
        wallet.quote[quote.nth] += amount
        self.deposits[quote.nth] += amount

    def charge(self, wallet: Wallet) -> None:
        """The network's price of one transaction. Raises `Unfunded`."""
        if wallet.quote[0] < NETWORK_FEE:
            raise Unfunded(wallet.text)
        wallet.quote[0] -= NETWORK_FEE
        self.network += NETWORK_FEE

    def quote(self, order: Order) -> Fill:
        """What the order would do now. Raises `CurveError`, `Unfunded`."""
        token, wallet = order.token, order.wallet
        if order.side is Side.SELL:
            if token.holdings.get(wallet, 0) < order.amount:
                raise Unfunded(wallet.text)
            return sell(token.pool, order.amount)
        fill = buy(token.pool, order.amount, exact_tokens=order.exact_tokens)
        if wallet.quote[token.quote.nth] < fill.cash:
            raise Unfunded(wallet.text)
        return fill

    def apply(self, order: Order, fill: Fill) -> None:
        """Book a fill that was quoted on the pool as it stands. Raises `ValueError` for a stale one."""
        token, wallet, index = order.token, order.wallet, order.token.quote.nth
        if fill.before is not token.pool:
            raise ValueError("the fill was quoted on another state of the pool")
        held = token.holdings.get(wallet, 0)
        buys = fill.side is Side.BUY
        cash = fill.cash if buys else -fill.cash
        wallet.quote[index] -= cash
        self.fees[index] += cash - vault_quote(fill.after) + vault_quote(fill.before)
        if wallet not in token.holdings:
            token.holders.append(wallet)
        token.holdings[wallet] = held + fill.token if buys else held - fill.token
        token.pool = fill.after
        if fill.complete:
            token.stage = "complete"

    def graduate(self, token: Token) -> Graduation:
        """Move a complete curve's quote and the tokens that were not for sale to its next pool."""
        pool, index = token.pool, token.quote.nth
        held = vault_quote(pool)
        if isinstance(pool, pumpfun.Curve):
            fee = PUMP_MIGRATION_FEE * token.quote.milli // QUOTES[0].milli
            rest = SUPPLY - sum(token.holdings.values())
            done = Graduation(Venue.PUMPSWAP, pumpswap.Pool(rest, held - fee), rest, held - fee, fee, 0)
        elif isinstance(pool, DbcPool):
            rest = SUPPLY - sum(token.holdings.values())
            damm = meteora_damm.open_pool(rest, held, pool.at.sqrt_price, METEORA_FEE)
            left = held - damm.quote
            done = Graduation(Venue.METEORA_DAMM_V2, damm, damm.base, damm.quote, left, rest - damm.base)
        elif isinstance(pool, launchlab.Curve):
            done = Graduation(None, None, SUPPLY - pool.real_base, held, 0, 0)
            self.elsewhere[index] += held
        else:
            raise ValueError("this pool has no curve to leave")
        self.fees[index] += done.fee
        if done.pool is None or done.venue is None:
            token.stage = "gone"
        else:
            token.pool, token.venue, token.stage = done.pool, done.venue, "pool"
        return done

    def forget(self, token: Token) -> None:
        """Stop playing a token nobody looks at; what its pool holds stays on the books."""
        if token.stage != "gone":
            self.elsewhere[token.quote.nth] += vault_quote(token.pool)
            token.stage = "gone"


def initial_liquidity(graduation: Graduation) -> int:
    """LP tokens of a new PumpSwap pool: floor(sqrt(base * quote)), as its CreatePoolEvents show."""
    return isqrt(graduation.token * graduation.quote)
