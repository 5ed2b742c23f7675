"""What routers hold for the account while a request runs: coins that were sent along, tokens not paid out yet.

Whatever a router still holds when the request ends is for anyone to take, so it is said. Also decides whether a router
pays with the coins sent along or takes wrapped ones from the account: it does the first only where they suffice.
"""

from collections.abc import Iterator


class Held:
    """The holdings of routers, by address. Mutable, lives for one request."""

    __slots__ = ("_coins", "_tokens")

    def __init__(self) -> None:
        self._coins: dict[str, int] = {}
        self._tokens: dict[tuple[str, str], None] = {}

    def receive(self, router: str, coins: int) -> None:
        """Coins are sent to a router."""
        self._coins[router] = self._coins.get(router, 0) + coins

    def spend(self, router: str, coins: int, at_most: bool = False) -> bool:
        """Use coins that a router has; False, and nothing used, where they do not suffice. `at_most`: some may stay."""
        if not 0 < coins <= self._coins.get(router, 0):
            return False
        self._coins[router] -= coins
        if at_most:
            self.keep(router, "native")
        return True

    def pay_out_coins(self, router: str) -> None:
        """All coins of a router go to somebody."""
        self._coins[router] = 0
        self.pay_out(router, "native")

    def keep(self, router: str, asset: str) -> None:
        """A router holds an asset from here on."""
        self._tokens[router, asset] = None

    def pay_out(self, router: str, asset: str) -> None:
        """All that a router holds of an asset goes to somebody."""
        self._tokens.pop((router, asset), None)

    def left(self) -> Iterator[tuple[str, str]]:
        """(router, asset) of what is not paid out."""
        yield from self._tokens
        yield from ((router, "native") for router, coins in self._coins.items() if coins)
