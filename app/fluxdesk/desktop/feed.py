"""What the screens may ask of the node and what they hear from it. The window gives each screen only what it needs."""

from collections.abc import Mapping
from typing import Protocol

from fluxdesk.core.views import (
    CandlePage,
    HolderPage,
    Interval,
    MetadataView,
    SearchHit,
    SettingsView,
    TokenView,
    TradePage,
    TransactionView,
)


class NodeTrouble(RuntimeError):
    """The node could not answer. The message is for the user: what happened, what was kept, what to do."""


class Queries(Protocol):
    """Questions to the node. Every coroutine raises `NodeTrouble` and nothing else."""

    async def token(self, mint: str) -> TokenView:
        """Everything about a token but its candles and trades."""
        ...

    async def candles(self, mint: str, interval: Interval) -> CandlePage:
        """The newest bars of an interval, oldest first."""
        ...

    async def trades(self, mint: str, before: str | None) -> TradePage:
        """A page of trades, newest first."""
        ...

    async def holders(self, mint: str) -> HolderPage:
        """Largest balances first."""
        ...

    async def metadata(self, mint: str) -> MetadataView:
        """What the token's uri holds; the node fetches it now."""
        ...

    async def search(self, words: str) -> list[SearchHit]:
        """Tokens that match, best first."""
        ...

    async def transaction(self, signature: str) -> TransactionView:
        """Every journal record that holds a transaction."""
        ...

    async def change_settings(self, changes: Mapping[str, object]) -> SettingsView:
        """Checks all values, then saves all."""
        ...
