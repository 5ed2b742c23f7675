"""Who trades on the practice market: wallets, each of one habit, and what the habits are.

Sizes are in thousandths of one SOL or its worth in another quote. The shares and sizes are invented to look like a
launchpad's first minutes; nobody's trades were fitted (docs/practice.md).
"""

from enum import IntEnum
from typing import NamedTuple

from fluxdesk.launches.context import WSOL
from fluxdesk.launches.practice.dice import Dice
from fluxdesk.native.base58 import b58decode


class Quote(NamedTuple):
    """A quote mint and how much of it a thousandth of a SOL is worth."""

    nth: int
    mint: bytes
    text: str
    decimals: int
    milli: int


USDC = "EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v"
QUOTES = (
    Quote(0, b58decode(WSOL), WSOL, 9, 1_000_000),
    Quote(1, b58decode(USDC), USDC, 6, 150_000),
)
"""SOL, and a dollar token at 150 to the SOL. The mints are the usual ones so that they are shown by name."""


class Habit(IntEnum):
    """What a wallet does."""

    CROWD = 0
    SNIPER = 1
    BOT = 2
    DIAMOND = 3
    DUMPER = 4
    CREATOR = 5


class Trait(NamedTuple):
    """A habit in numbers."""

    wallets: int
    share: int
    """Of ordinary buys, in permille."""
    small: int
    large: int
    """Buy size in thousandths of a SOL; one buy in eight is up to four times as large."""
    sells: int
    """Out of a thousand times this wallet comes up to sell, how often it does."""
    part: int
    """Of its holding that it then sells, in permille."""


TRAITS: dict[Habit, Trait] = {
    Habit.CROWD: Trait(1600, 600, 20, 600, 700, 600),
    Habit.SNIPER: Trait(60, 0, 300, 2500, 900, 1000),
    Habit.BOT: Trait(120, 230, 50, 400, 950, 1000),
    Habit.DIAMOND: Trait(260, 120, 100, 900, 20, 150),
    Habit.DUMPER: Trait(160, 50, 400, 3000, 800, 1000),
    Habit.CREATOR: Trait(320, 0, 100, 2000, 0, 1000),
}
SHARES = tuple(sum(t.share for t in list(TRAITS.values())[: i + 1]) for i in range(len(TRAITS)))
"""Ordinary buys by habit, added up."""


class Wallet:
    """A key with balances. Compared by identity, so that the books can hold millions of lookups."""

    __slots__ = ("habit", "key", "quote", "quote_account", "text")

    def __init__(self, key: bytes, text: str, habit: Habit) -> None:
        self.key = key
        self.text = text
        self.habit = habit
        self.quote = [0] * len(QUOTES)
        """Balance of each quote, in base units."""
        self.quote_account: list[bytes | None] = [None] * len(QUOTES)
        """Associated token account of each quote, once it was needed."""


class Crowd:
    """All wallets.

    Attributes:
        by_habit: Habit -> its wallets, for life.
    """

    def __init__(self, dice: Dice) -> None:
        self.by_habit = {h: [Wallet(*dice.address(), h) for _ in range(t.wallets)] for h, t in TRAITS.items()}

    def one(self, dice: Dice, habit: Habit) -> Wallet:
        """Some wallet of a habit."""
        return dice.pick(self.by_habit[habit])

    def buyer(self, dice: Dice) -> Wallet:
        """Some wallet that buys in the ordinary course."""
        return self.one(dice, Habit(dice.weighted(SHARES)))


def buy_size(dice: Dice, wallet: Wallet, quote: Quote) -> int:
    """What a wallet would spend now, in base units of the quote."""
    trait = TRAITS[wallet.habit]
    millis = dice.between(trait.small, trait.large)
    if dice.chance(125):
        millis *= dice.between(1, 4)
    return millis * quote.milli + dice.below(quote.milli)
