"""Who holds a token, as far as the trades seen imply: one integer a wallet, so that a busy market fits in memory.

A ledger is dropped when its token has been quiet and memory is short; the store has its balances.
"""

from collections.abc import Iterable
from typing import NamedTuple


class Holding(NamedTuple):
    """What one wallet holds, as it was stored."""

    wallet: str
    balance: int
    bought: bool
    """Whether it ever bought."""


class Effect(NamedTuple):
    """What a trade changed."""

    holders: int
    """-1, 0 or 1."""
    new_buyer: bool


class Ledger:
    """Balances by wallet, and who bought. Wallets are 64-bit hashes of this process.

    A balance may be negative: the wallet sold tokens that it did not buy in sight.
    """

    __slots__ = ("_wallets",)

    def __init__(self, holdings: Iterable[Holding] = ()) -> None:
        self._wallets: dict[int, int] = {hash(held.wallet): (held.balance << 1) | held.bought for held in holdings}

    def __len__(self) -> int:
        return len(self._wallets)

    def apply(self, trader: str, is_buy: bool, token_amount: int) -> Effect:
        """Moves a balance by a trade."""
        wallet = hash(trader)
        packed = self._wallets.get(wallet, 0)
        balance, bought = packed >> 1, packed & 1
        after = balance + token_amount if is_buy else balance - token_amount
        self._wallets[wallet] = (after << 1) | (bought | is_buy)
        return Effect((after > 0) - (balance > 0), is_buy and not bought)
