"""Who holds a token, as far as the trades seen imply: one integer a wallet, so that a busy market fits in memory.

A ledger is dropped when its token has been quiet and memory is short; the store has its balances.
"""

from collections.abc import Iterable
from typing import NamedTuple

_STEP_BITS = 32
_STEP_MASK = (1 << _STEP_BITS) - 1


class Movement(NamedTuple):
    """One trade as a ledger needs it."""

    trader: str
    is_buy: bool
    token_amount: int
    step: int
    """Number of the ten-second step it falls into."""


class Holding(NamedTuple):
    """What one wallet holds, as it was stored."""

    wallet: str
    balance: int
    bought_step: int
    """Step of its latest buy; -1 when it never bought."""


class Effect(NamedTuple):
    """What a movement changed."""

    holders: int
    """-1, 0 or 1."""
    new_buyer: bool
    bought_before: int
    """Step of the wallet's buy before this one; -1 when there was none, or when this is no buy."""


class Ledger:
    """Balances and latest buys by wallet. Wallets are 64-bit hashes of this process.

    A balance may be negative: the wallet sold tokens that it did not buy in sight.
    """

    __slots__ = ("_wallets",)

    def __init__(self, holdings: Iterable[Holding] = ()) -> None:
        self._wallets: dict[int, int] = {
            hash(held.wallet): (held.balance << _STEP_BITS) | (held.bought_step + 1) for held in holdings
        }

    def __len__(self) -> int:
        return len(self._wallets)

    def apply(self, movement: Movement) -> Effect:
        """Moves a balance."""
        wallet = hash(movement.trader)
        packed = self._wallets.get(wallet, 0)
        balance, bought = packed >> _STEP_BITS, packed & _STEP_MASK
        if movement.is_buy:
            after = balance + movement.token_amount
            latest = max(bought, movement.step + 1)
        else:
            after = balance - movement.token_amount
            latest = bought
        self._wallets[wallet] = (after << _STEP_BITS) | latest
        holders = (after > 0) - (balance > 0)
        return Effect(holders, movement.is_buy and bought == 0, bought - 1 if movement.is_buy else -1)
