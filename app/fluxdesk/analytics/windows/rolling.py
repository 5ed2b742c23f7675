"""The rolling five minutes of the fallback: seconds, and whose last buy fell into them. No numpy, no clock."""

from collections.abc import Iterable, Iterator

from fluxdesk.analytics.windows.records import ROLLING_S, Rolling


class Second:
    """One second of one token."""

    __slots__ = ("buyers", "buys", "quote", "sells")

    def __init__(self) -> None:
        self.quote = self.buys = self.sells = 0
        self.buyers: set[int] = set()
        """Wallets whose last buy of the token was in this second, so that a wallet stands in one second only."""


class RollingSeconds:
    """The seconds of all tokens inside the rolling window."""

    def __init__(self) -> None:
        self.first = 0
        """The first second inside the window."""
        self._seconds: dict[int, dict[int, Second]] = {}
        self._tokens: dict[int, dict[int, Second]] = {}
        self._last_buy: dict[int, dict[int, int]] = {}

    def add(self, token: int, second: int, quote: int, buys: int, sells: int, buyers: Iterable[int]) -> None:
        """Adds trades of one token in one second; `buyers` are the known wallets that bought."""
        of_token = self._tokens.setdefault(token, {})
        here = of_token.get(second)
        if here is None:
            here = of_token[second] = self._seconds.setdefault(second, {})[token] = Second()
        here.quote += quote
        here.buys += buys
        here.sells += sells
        last_buy = self._last_buy.setdefault(token, {})
        for buyer in buyers:
            before = last_buy.get(buyer, -1)
            if before < second:
                if before >= 0:
                    of_token[before].buyers.discard(buyer)
                here.buyers.add(buyer)
                last_buy[buyer] = second

    def roll(self, now_s: int) -> None:
        """Moves the window so that it ends with the second `now_s`."""
        first = max(now_s - ROLLING_S + 1, 0)
        if first <= self.first:
            return
        self.first = first
        for second in [s for s in self._seconds if s < first]:
            for token, gone in self._seconds.pop(second).items():
                del self._tokens[token][second]
                last_buy = self._last_buy[token]
                for buyer in gone.buyers:
                    del last_buy[buyer]
                if not self._tokens[token]:
                    del self._tokens[token], self._last_buy[token]

    def figures(self, token: int, now_s: int) -> Rolling:
        """The window that ends with the second `now_s`, which is not before the one last rolled to."""
        first = max(now_s - ROLLING_S + 1, 0)
        inside = [here for second, here in self._tokens.get(token, {}).items() if second >= first]
        return Rolling(
            sum(here.quote for here in inside),
            sum(here.buys for here in inside),
            sum(here.sells for here in inside),
            sum(len(here.buyers) for here in inside),
        )

    def seconds(self) -> Iterator[tuple[int, int, Second]]:
        """(token, second, what happened) for all."""
        for token, of_token in self._tokens.items():
            for second, here in of_token.items():
                yield token, second, here
