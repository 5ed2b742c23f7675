"""What the gateway asks of the node. The node implements it; tests of the gateway run against the real node."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeVar

from fluxdesk.core.views import (
    CandlePage,
    GapView,
    HolderPage,
    Interval,
    MetadataView,
    RecordView,
    SearchHit,
    SettingsView,
    SourceView,
    StatusView,
    TokenView,
    TradePage,
    TransactionView,
)
from fluxdesk.launches.bars import BarSet
from fluxdesk.launches.views import Book

T = TypeVar("T")


class NoSuchThing(Exception):
    """Asked for a token, transaction or journal record that is not there; the message says so."""


class BadRequest(Exception):
    """A parameter does not fit; the message says what would."""


@dataclass(frozen=True, slots=True)
class OpenedToken:
    """Bars that hold every drawn print up to `seq`, except those in `undecided`."""

    bars: BarSet
    seq: int
    undecided: frozenset[int]


class Desk(Protocol):
    """The node as the gateway sees it. Coroutines never block the event loop."""

    async def ask(self, question: Callable[[Book], T]) -> T:
        """Runs a short question on the pipeline's thread, between two batches."""
        ...

    def status(self) -> StatusView:
        """The node in one object."""
        ...

    def sources(self) -> list[SourceView]:
        """Health of every source, decode counts filled in."""
        ...

    def gaps(self) -> list[GapView]:
        """Gaps of every source."""
        ...

    async def token_key(self, mint: str) -> str:
        """The book's key of a mint, loaded into memory when it was not there. Raises `NoSuchThing`."""
        ...

    async def token(self, key: str) -> TokenView:
        """Everything the Token screen shows beside candles and trades. Raises `NoSuchThing`."""
        ...

    async def open_token(self, key: str) -> OpenedToken:
        """Bars of a watched token up to now. Raises `NoSuchThing`."""
        ...

    async def trades(self, key: str, before: str | None, limit: int) -> TradePage:
        """Trades of a token, newest first. Raises `BadRequest` for a cursor of somebody else."""
        ...

    async def candles(self, key: str, interval: Interval, end_s: int | None, limit: int) -> CandlePage:
        """The last `limit` bars that start before `end_s`."""
        ...

    async def holders(self, key: str, limit: int) -> HolderPage:
        """Largest balances first."""
        ...

    async def metadata(self, key: str) -> MetadataView:
        """What the token's uri holds."""
        ...

    async def search(self, words: str, limit: int) -> list[SearchHit]:
        """Tokens that match."""
        ...

    async def transaction(self, signature: str) -> TransactionView:
        """Raw bytes as journalled, and their rows. Raises `NoSuchThing`."""
        ...

    async def record(self, seq: int) -> RecordView:
        """One journal record. Raises `NoSuchThing`."""
        ...

    def settings(self) -> SettingsView:
        """The settings table with this profile's values."""
        ...

    async def change_settings(self, changes: dict[str, object]) -> SettingsView:
        """Checks all, then saves all. Raises `BadRequest`."""
        ...

    def shut_down(self) -> None:
        """Begins an orderly shutdown."""
        ...
