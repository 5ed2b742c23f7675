"""A token of the practice market: who made it, where it trades, who holds it."""

from typing import Literal

from fluxdesk.core.events import Venue
from fluxdesk.launches.practice.actors import Quote, Wallet
from fluxdesk.launches.practice.pools import Pool

SUPPLY = 1_000_000_000_000_000
"""A billion tokens of six decimals, as all these launchpads issue."""
DECIMALS = 6
Stage = Literal["curve", "complete", "pool", "gone"]
"""`gone`: migrated to an exchange the practice market does not play."""


class Token:
    """Identity is fixed; pool, holdings and mood change as the market runs."""

    __slots__ = (
        "bias", "budget", "creator", "heat", "holders", "holdings", "key", "name", "pool", "pool_key", "pool_text",
        "quote", "stage", "symbol", "text", "uri", "vaults", "venue",
    )  # fmt: skip

    def __init__(
        self, key: bytes, text: str, names: tuple[str, str], creator: Wallet, venue: Venue, quote: Quote, pool: Pool
    ) -> None:
        self.key = key
        self.text = text
        self.name, self.symbol = names
        self.uri = f"practice:metadata/{text}"
        self.creator = creator
        self.venue = venue
        self.quote = quote
        self.pool = pool
        self.pool_key = b""
        self.pool_text = ""
        self.vaults = ("", "")
        """Token accounts of the pool: tokens, quote."""
        self.stage: Stage = "curve"
        self.holdings: dict[Wallet, int] = {}
        self.holders: list[Wallet] = []
        """Wallets that hold some, with those that sold out until the list is next swept."""
        self.heat = 0
        """How often it comes up, against the other tokens."""
        self.bias = 0
        """Out of a thousand times it comes up, how often to be bought."""
        self.budget = 0
        """Trades until attention moves on."""
