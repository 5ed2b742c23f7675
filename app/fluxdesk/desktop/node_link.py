"""The desktop's connection to its node: live frames as signals, questions as coroutines that fail in one way only."""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from fluxdesk.client.errors import NodeProblem, NodeUnreachable
from fluxdesk.client.link import Link
from fluxdesk.client.rest import NodeClient
from fluxdesk.core.views import (
    CandlePage,
    HolderPage,
    Interval,
    LaunchesFrame,
    MetadataView,
    SearchHit,
    SendsFrame,
    SettingsView,
    SourcesFrame,
    StatusFrame,
    TokenFrame,
    TokenView,
    TradePage,
    TransactionView,
)
from fluxdesk.desktop.feed import NodeTrouble
from fluxdesk.desktop.i18n import tr
from fluxdesk.desktop.qt import QObject, Signal

if TYPE_CHECKING:
    from fluxdesk.desktop.wallet_node import WalletNode

T = TypeVar("T")
_C = "Node"
ROUND_TRIP_EVERY_S = 5.0


class NodeQueries:
    """Questions to the node; see `feed.Queries`."""

    def __init__(self, client: NodeClient) -> None:
        self._client = client

    async def _ask(self, question: Awaitable[T]) -> T:
        try:
            return await question
        except NodeUnreachable as error:
            raise NodeTrouble(tr(_C, "{why} What is stored is kept; ask again when it runs.", why=error)) from error
        except NodeProblem as error:
            raise NodeTrouble(error.problem.detail) from error

    async def token(self, mint: str) -> TokenView:
        """Everything about a token but its candles and trades."""
        return await self._ask(self._client.token(mint))

    async def candles(self, mint: str, interval: Interval) -> CandlePage:
        """The newest bars of an interval, oldest first."""
        return await self._ask(self._client.candles(mint, interval))

    async def trades(self, mint: str, before: str | None) -> TradePage:
        """A page of trades, newest first."""
        return await self._ask(self._client.trades(mint, cursor=before))

    async def holders(self, mint: str) -> HolderPage:
        """Largest balances first."""
        return await self._ask(self._client.holders(mint))

    async def metadata(self, mint: str) -> MetadataView:
        """What the token's uri holds; the node fetches it now."""
        return await self._ask(self._client.metadata(mint))

    async def search(self, words: str) -> list[SearchHit]:
        """Tokens that match, best first."""
        return (await self._ask(self._client.search(words))).items

    async def transaction(self, signature: str) -> TransactionView:
        """Every journal record that holds a transaction."""
        return await self._ask(self._client.transaction(signature))

    async def change_settings(self, changes: Mapping[str, object]) -> SettingsView:
        """Checks all values, then saves all."""
        return await self._ask(self._client.change_settings(changes))


class NodeLink(QObject):
    """One connection, from `open` to `close`.

    Signals:
        launches, token, sources, status, sends: Frames of their topics; of `sends` once `follow_sends` was called.
        linked: Where the connection stands, at each change of it.
        round_trip: Milliseconds of a small question, every five seconds.
    """

    launches = Signal(object)
    token = Signal(object)
    sources = Signal(object)
    status = Signal(object)
    sends = Signal(object)
    linked = Signal(object)
    round_trip = Signal(float)

    def __init__(self, socket: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.client = NodeClient(socket)
        self.queries = NodeQueries(self.client)
        self._stream = self.client.stream()
        self._tasks: list[asyncio.Task[None]] = []
        self._watched = ""
        self._wallet: WalletNode | None = None

    @property
    def wallet(self) -> "WalletNode":
        """The node's wallet side."""
        from fluxdesk.desktop.wallet_node import WalletNode

        if self._wallet is None:
            self._wallet = WalletNode(self.client.socket)
        return self._wallet

    def open(self) -> None:
        """Subscribes and reads until `close`."""
        for topic in ("launches", "sources", "status"):
            self._stream.subscribe(topic)
        self._tasks = [asyncio.ensure_future(self._read()), asyncio.ensure_future(self._measure())]

    async def close(self) -> None:
        """Ends the connection. Nothing is signalled afterwards."""
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with contextlib.suppress(asyncio.CancelledError):
                await task
        self._tasks.clear()
        await self.client.close()
        if self._wallet is not None:
            await self._wallet.close()

    def follow_sends(self) -> None:
        """Follows the transactions of the wallet, from the first time its screen is shown on."""
        self._stream.subscribe("sends")

    def watch(self, mint: str) -> None:
        """Follows one token; an empty string follows none."""
        if self._watched:
            self._stream.unsubscribe(f"token:{self._watched}")
        self._watched = mint
        if mint:
            self._stream.subscribe(f"token:{mint}")

    async def _read(self) -> None:
        async for message in self._stream.messages():
            if isinstance(message, LaunchesFrame):
                self.launches.emit(message)
            elif isinstance(message, TokenFrame):
                self.token.emit(message)
            elif isinstance(message, SourcesFrame):
                self.sources.emit(message)
            elif isinstance(message, StatusFrame):
                self.status.emit(message.status)
            elif isinstance(message, SendsFrame):
                self.sends.emit(message)
            elif isinstance(message, Link):
                self.linked.emit(message)
            # Frames that are here already would be taken without a break: the window comes first after each.
            await asyncio.sleep(0)

    async def _measure(self) -> None:
        while True:
            await asyncio.sleep(ROUND_TRIP_EVERY_S)
            began = time.monotonic()
            with contextlib.suppress(NodeUnreachable, NodeProblem):
                await self.client.status()
                self.round_trip.emit((time.monotonic() - began) * 1000)
