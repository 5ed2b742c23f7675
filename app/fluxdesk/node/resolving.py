"""Fetches whole transactions that the pipeline asked for and feeds them back in, through the journal like everything.

What is asked while too many wait is dropped and counted: the row stays `unknown`, which is true.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence

from fluxdesk.core.events import Raw
from fluxdesk.core.ids import SOLANA
from fluxdesk.launches.ports import Resolver

WORKERS = 8
MAX_WAITING = 2_000
REMEMBERED = 8_192

Feed = Callable[[Sequence[Raw]], Awaitable[None]]


class Resolving:
    """A few workers between the pipeline's questions and a `Resolver`."""

    def __init__(self, resolver: Resolver, feed: Feed, network: str = SOLANA) -> None:
        self.dropped = 0
        """Transactions that were not fetched because too many waited."""
        self._resolver = resolver
        self._feed = feed
        self._network = network
        self._waiting: asyncio.Queue[str] = asyncio.Queue(MAX_WAITING)
        self._asked: OrderedDict[str, None] = OrderedDict()

    def want(self, asks: Sequence[tuple[str, str]]) -> None:
        """Notes (network, signature) pairs; each signature is fetched once."""
        for network, signature in asks:
            if network != self._network or signature in self._asked:
                continue
            self._asked[signature] = None
            if len(self._asked) > REMEMBERED:
                self._asked.popitem(last=False)
            try:
                self._waiting.put_nowait(signature)
            except asyncio.QueueFull:
                self.dropped += 1

    async def run(self) -> None:
        """Works until cancelled."""
        async with asyncio.TaskGroup() as group:
            for _ in range(WORKERS):
                group.create_task(self._work())

    async def _work(self) -> None:
        while True:
            raw = await self._resolver.transaction(await self._waiting.get())
            if raw is not None:
                await self._feed([raw])
