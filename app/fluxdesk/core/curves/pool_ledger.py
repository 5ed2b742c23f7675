"""What the pool manager keeps of a pool, and every call that changes it: the contract's other half for tests.

Amounts are those of `pools`; here they move balances, averages, supply and what the protocol is owed, as
`LiquidityPoolManager.sol` does, to the unit. Who holds which shares is not kept.
"""

from dataclasses import dataclass, field, replace
from typing import Final

from fluxdesk.core.curves import averages
from fluxdesk.core.curves.grouped import price
from fluxdesk.core.curves.integers import ZeroAmount, ceil_div
from fluxdesk.core.curves.pools import Liquidity, PoolState, quote, quote_liquidity
from fluxdesk.core.curves.weighted import UNIT

FIRST_SHARES: Final = 10**24
BURNT_SHARES: Final = 10**18


@dataclass(slots=True)
class PoolLedger:
    """A pool at a second. `protocol_share` is the protocol's part of a fee in units of 10^-18."""

    terms: PoolState
    protocol_share: int
    now: int = 0
    balances: list[int] = field(init=False)
    owed: list[int] = field(init=False)
    supply: int = FIRST_SHARES
    _past: list[int] = field(init=False)
    _since: list[int] = field(init=False)

    def __post_init__(self) -> None:
        self.balances = list(self.terms.balances)
        self.owed = [0] * len(self.balances)
        self._past, self._since = list(self.balances), [self.now] * len(self.balances)

    def averages(self) -> tuple[int, ...]:
        """Of all balances, as of now."""
        return tuple(
            averages.average(balance, past, self.now - since)
            for balance, past, since in zip(self.balances, self._past, self._since, strict=True)
        )

    def state(self) -> PoolState:
        """The pool as quotes take it."""
        return replace(self.terms, balances=tuple(self.balances), averages=self.averages(), supply=self.supply)

    def oracle_price(self, index_in: int, index_out: int) -> int:
        """The price at the averages, in units of 10^-36."""
        return price(replace(self.state(), balances=self.averages()).grouped(), index_in, index_out)

    def swap(self, index_in: int, index_out: int, amount: int, exact_in: bool) -> int:
        """Trades; returns the other amount. Raises `CurveError` and changes nothing."""
        found = quote(self.state(), index_in, index_out, amount, "in" if exact_in else "out")
        if found.amount_out == 0:
            raise ZeroAmount("nothing goes out")
        owed = found.fee * self.protocol_share // UNIT
        self._move(index_in, found.amount_in, owed if found.fee_in else 0)
        self._move(index_out, -found.amount_out, 0 if found.fee_in else owed)
        return found.amount_out if exact_in else found.amount_in

    def one_sided(self, index: int, amount: int, kind: Liquidity) -> int:
        """Liquidity in one asset; returns shares for an amount and an amount for shares."""
        found = quote_liquidity(self.state(), index, amount, kind)
        if found.amount == 0 or found.shares == 0:
            raise ZeroAmount("nothing comes of it")
        added = kind in ("add_exact_in", "add_exact_shares")
        self._resupply(found.shares if added else -found.shares)
        self._move(index, found.amount if added else -found.amount, found.fee * self.protocol_share // UNIT)
        return found.shares if kind in ("add_exact_in", "remove_exact_out") else found.amount

    def add(self, shares: int) -> list[int]:
        """Shares for their part of every asset, ceiled."""
        amounts = [ceil_div(balance * shares, self.supply) for balance in self.balances]
        self._resupply(shares)
        for index, amount in enumerate(amounts):
            self._move(index, amount, 0)
        return amounts

    def remove(self, shares: int) -> list[int]:
        """Shares back for their part of every asset, floored."""
        amounts = [balance * shares // self.supply for balance in self.balances]
        self._resupply(-shares)
        for index, amount in enumerate(amounts):
            self._move(index, -amount, 0)
        return amounts

    def _resupply(self, shares: int) -> None:
        """Makes or burns shares: the averages of all assets go with the supply, so liquidity has no weight in them."""
        after = self.supply + shares
        self._past = [averages.rescaled(average, self.supply, after) for average in self.averages()]
        self._since = [self.now] * len(self._past)
        self.supply = after

    def _move(self, index: int, amount: int, owed: int) -> None:
        self._past[index] = averages.average(self.balances[index], self._past[index], self.now - self._since[index])
        self._since[index] = self.now
        self.balances[index] += amount - owed
        self.owed[index] += owed
