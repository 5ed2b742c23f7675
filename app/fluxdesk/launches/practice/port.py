"""What stands between the practice market and whoever trades on it: ask what an order would do, then do it."""

from typing import NamedTuple, Protocol

from fluxdesk.core.events import Side
from fluxdesk.launches.practice.actors import Wallet
from fluxdesk.launches.practice.pools import Fill
from fluxdesk.launches.practice.token import Token


class Order(NamedTuple):
    """A wallet's wish: of a buy the quote units to spend, fees included; of a sell the tokens, both in base units."""

    token: Token
    wallet: Wallet
    side: Side
    amount: int
    exact_tokens: bool = False


class Unfunded(Exception):
    """The wallet does not hold what the order would take."""


class PracticeMarket(Protocol):
    """The books of the market. A quote changes nothing; applying it is the one way anything changes."""

    def quote(self, order: Order) -> Fill:
        """What the order would do now. Raises `CurveError`, `Unfunded`."""
        ...

    def apply(self, order: Order, fill: Fill) -> None:
        """Book a fill that was quoted on the pool as it stands."""
        ...
