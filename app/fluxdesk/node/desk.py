"""The node's answers for the gateway: the pipeline's book for what is live, the tables for what was.

Before the tables are read they are brought up to the journal, so an answer is never older than what was published.
Slow reads run on worker threads.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar

from fluxdesk.core import settings_file, views
from fluxdesk.core.settings import TABLE, BadSetting, Settings, Value
from fluxdesk.gateway.desk import BadRequest, NoSuchThing, OpenedToken
from fluxdesk.launches.pipeline import Pipeline
from fluxdesk.launches.token_state import TokenState
from fluxdesk.launches.views import Book
from fluxdesk.node.engine import Engine
from fluxdesk.node.evidence import Evidence
from fluxdesk.node.shelf import Shelf

T = TypeVar("T")
SAVE_WITHIN_S = 3.0
HOLDERS_SHOWN = 20
HOLDERS_NOTE = (
    "As the trades seen so far imply; transfers between wallets, and trades before Fluxdesk first saw the token, "
    "are not in it."
)


class Health(Protocol):
    """What the node knows of itself without asking the pipeline's thread."""

    def status(self) -> views.StatusView:
        """The node in one object."""
        ...

    def sources(self) -> list[views.SourceView]:
        """Health of every source, decode counts filled in."""
        ...

    def gaps(self) -> list[views.GapView]:
        """Gaps of every source."""
        ...


@dataclass(frozen=True, slots=True)
class Parts:
    """What a desk is made of."""

    engine: Engine
    shelf: Shelf
    evidence: Evidence
    health: Health
    search: Callable[[str, int], list[views.SearchHit]]
    fetch: Callable[[str, str | None, Settings], Awaitable[views.MetadataView]]
    describe: Callable[[str, str, str], None]
    """Keeps a description for the search: network, mint, text."""
    settings: Path
    apply_settings: Callable[[Settings], None]
    shut_down: Callable[[], None]


class NodeDesk:
    """See `gateway.desk.Desk`."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._engine = parts.engine
        self._shelf = parts.shelf
        self._restart_needed = False

    async def ask(self, question: Callable[[Book], T]) -> T:
        """Runs a short question on the pipeline's thread, between two batches."""
        return await self._engine.ask(question)

    def status(self) -> views.StatusView:
        """The node in one object."""
        return self._parts.health.status()

    def sources(self) -> list[views.SourceView]:
        """Health of every source, decode counts filled in."""
        return self._parts.health.sources()

    def gaps(self) -> list[views.GapView]:
        """Gaps of every source."""
        return self._parts.health.gaps()

    async def token_key(self, mint: str) -> str:
        """The book's key of a mint, loaded into memory when it was not there. Raises `NoSuchThing`."""
        key = await self._engine.ask_pipeline(lambda pipeline: _find(pipeline, mint))
        if key is None:
            raise NoSuchThing(f"No token {mint} has been seen in this profile.")
        return key

    async def token(self, key: str) -> views.TokenView:
        """Everything the Token screen shows beside candles and trades. Raises `NoSuchThing`."""
        launch, token = await self._look(key)
        holders = await self.holders(key, HOLDERS_SHOWN)
        first_s = token.first_seen_wall_ns
        return views.TokenView(
            launch=launch,
            uri=token.uri,
            token_program=token.token_program,
            supply_base=None if token.supply is None else str(token.supply),
            launch_signature=token.launch_signature,
            launch_seq=token.launch_seq,
            pools=list(token.pools),
            holders=holders.items,
            holders_note=holders.note,
            gaps=[gap for gap in self.gaps() if gap.opened_wall_ns >= first_s or gap.filled_by is None],
            ghosts=token.ghosts,
        )

    async def open_token(self, key: str) -> OpenedToken:
        """Bars of a watched token up to now. Raises `NoSuchThing`."""
        before = await self._undecided(key)
        await self._saved()
        _, token = await self._look(key)
        undecided = before | await self._undecided(key)
        bars, seq = await asyncio.to_thread(self._shelf.last_hour, token, undecided)
        return OpenedToken(bars, seq, undecided)

    async def trades(self, key: str, before: str | None, limit: int) -> views.TradePage:
        """Trades of a token, newest first. Raises `BadRequest` for a cursor of somebody else."""
        await self._saved()
        _, token = await self._look(key)
        return await asyncio.to_thread(self._shelf.trades, token, before, limit)

    async def candles(self, key: str, interval: views.Interval, end_s: int | None, limit: int) -> views.CandlePage:
        """The last `limit` bars that start before `end_s`."""
        await self._saved()
        launch, token = await self._look(key)
        items = await asyncio.to_thread(self._shelf.candles, token, interval, end_s, limit)
        return views.CandlePage(
            mint=token.mint, interval=interval, quote_symbol=launch.quote_symbol, items=items, ghosts=token.ghosts
        )

    async def holders(self, key: str, limit: int) -> views.HolderPage:
        """Largest balances first."""
        await self._saved()
        _, token = await self._look(key)
        items, total = await asyncio.to_thread(self._shelf.holders, token, limit)
        return views.HolderPage(items=items, total=total, note=HOLDERS_NOTE)

    async def metadata(self, key: str) -> views.MetadataView:
        """What the token's uri holds."""
        _, token = await self._look(key)
        settings = settings_file.inspect(self._parts.settings).settings
        found = await self._parts.fetch(token.mint, token.uri, settings)
        if found.description is not None:
            await asyncio.to_thread(self._parts.describe, token.network, token.mint, found.description)
        return found

    async def search(self, words: str, limit: int) -> list[views.SearchHit]:
        """Tokens that match."""
        await self._saved()
        return await asyncio.to_thread(self._parts.search, words, limit)

    async def transaction(self, signature: str) -> views.TransactionView:
        """Raw bytes as journalled, and their rows. Raises `NoSuchThing`."""
        await self._saved()
        return await asyncio.to_thread(self._parts.evidence.transaction, signature)

    async def record(self, seq: int) -> views.RecordView:
        """One journal record. Raises `NoSuchThing`."""
        return await asyncio.to_thread(self._parts.evidence.record, seq)

    def settings(self) -> views.SettingsView:
        """The settings table with this profile's values."""
        return settings_view(settings_file.inspect(self._parts.settings).settings, self._restart_needed)

    async def change_settings(self, changes: dict[str, object]) -> views.SettingsView:
        """Checks all, then saves all. Raises `BadRequest`."""
        try:
            loaded = await asyncio.to_thread(settings_file.change, self._parts.settings, changes)
        except (BadSetting, settings_file.SettingsUnreadable) as error:
            raise BadRequest(str(error)) from error
        self._restart_needed |= any(line.restart_node for line in TABLE if line.key in changes)
        self._parts.apply_settings(loaded.settings)
        return settings_view(loaded.settings, self._restart_needed)

    def shut_down(self) -> None:
        """Begins an orderly shutdown."""
        self._parts.shut_down()

    async def _saved(self) -> None:
        """Tables as new as the journal, unless the store cannot be written: then what there is must do."""
        await self._engine.save(SAVE_WITHIN_S)

    async def _look(self, key: str) -> tuple[views.LaunchView, TokenState]:
        found = await self._engine.ask(lambda book: _copy(book, key))
        if found is None:
            raise NoSuchThing(f"The token {key} is not in memory any more; ask again.")
        return found

    async def _undecided(self, key: str) -> frozenset[int]:
        return await self._engine.ask(lambda book: _suspects(book, key))


def _find(pipeline: Pipeline, mint: str) -> str | None:
    book = pipeline.book
    if mint in book.tokens:
        return mint
    name, _, network = mint.partition("@")
    if not pipeline.recall(network or None, name):
        return None
    return next((key for key in (mint, name, f"{name}@{network}") if key in book.tokens), None)


def _copy(book: Book, key: str) -> tuple[views.LaunchView, TokenState] | None:
    """The row and a copy of the state that the pipeline will not change."""
    token = book.tokens.get(key)
    if token is None:
        return None
    return book.view(key), token.copy()


def _suspects(book: Book, key: str) -> frozenset[int]:
    token = book.tokens.get(key)
    suspect = None if token is None else token.prints.suspect
    return frozenset() if suspect is None else frozenset({suspect.seq})


def settings_view(values: Settings, restart_needed: bool) -> views.SettingsView:
    """The settings table with values."""
    items = [
        views.SettingView(
            key=line.key,
            kind=line.kind,
            value=_plain(values.value(line.key)),
            default=_plain(line.default),
            title=line.title,
            help=line.help,
            group=line.group,
            unit=line.unit,
            minimum=line.minimum,
            maximum=line.maximum,
            choices=list(line.choices),
            restart_node=line.restart_node,
        )
        for line in TABLE
    ]
    return views.SettingsView(items=items, restart_needed=restart_needed)


def _plain(value: Value) -> str | int | bool | list[str]:
    return list(value) if isinstance(value, tuple) else value
