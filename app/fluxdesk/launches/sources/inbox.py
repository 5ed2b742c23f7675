"""The bounded queue between a connection and the pipeline.

It never drops on its own: `offer` says no, and who asked decides what to do about it. It also knows which items the
reader has finished with, which is what lets a gap be called filled only after its transactions were journalled.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence

from fluxdesk.core.events import Raw

MAX_ITEMS = 8_000
MAX_BYTES = 32 * 1024 * 1024
MAX_BATCH = 1_000


class InboxClosed(Exception):
    """The queue was closed; nothing more is accepted."""


class Inbox:
    """First in, first out, bounded by items and by bytes. One reader, any number of writers, one event loop."""

    def __init__(self, max_items: int = MAX_ITEMS, max_bytes: int = MAX_BYTES):
        self._items: deque[Raw] = deque()
        self._max_items, self._max_bytes = max_items, max_bytes
        self._bytes = 0
        self._accepted = self._taken = self._handed_on = 0
        self._closed = False
        self._arrived = asyncio.Event()
        self._moved = asyncio.Event()

    @property
    def accepted(self) -> int:
        """How many items were ever accepted: the mark to give to `handed_on`."""
        return self._accepted

    @property
    def done_with(self) -> int:
        """How many items the reader is done with."""
        return self._handed_on

    def offer(self, item: Raw) -> bool:
        """Accept an item now, or say that there is no room (or that the queue is closed)."""
        if self._closed or not self._fits(item):
            return False
        self._items.append(item)
        self._bytes += len(item.payload)
        self._accepted += 1
        if len(self._items) == 1:
            self._arrived.set()
        return True

    def offer_all(self, items: Sequence[Raw]) -> int:
        """Accept items that came together while there is room; how many of them, from the first."""
        size = sum([len(item.payload) for item in items])
        if self._closed or len(self._items) + len(items) > self._max_items or self._bytes + size > self._max_bytes:
            return next((n for n, item in enumerate(items) if not self.offer(item)), len(items))
        if not self._items:
            self._arrived.set()
        self._items += items
        self._bytes += size
        self._accepted += len(items)
        return len(items)

    async def put(self, item: Raw) -> None:
        """Accept an item as soon as there is room. Raises `InboxClosed`."""
        await self._until(lambda: self._closed or self._fits(item))
        if not self.offer(item):
            raise InboxClosed

    async def take(self) -> list[Raw]:
        """The next batch, at most `MAX_BATCH` items; empty when closed and read out.

        Asking for a batch says that the one before it is done with.
        """
        self._handed_on = self._taken
        self._wake_writers()
        while not self._items:
            if self._closed:
                return []
            self._arrived.clear()
            await self._arrived.wait()
        if len(self._items) <= MAX_BATCH:
            batch, self._bytes = list(self._items), 0
            self._items.clear()
        else:
            batch = [self._items.popleft() for _ in range(MAX_BATCH)]
            self._bytes -= sum([len(raw.payload) for raw in batch])
        self._taken += len(batch)
        self._wake_writers()
        return batch

    async def handed_on(self, mark: int) -> None:
        """Return once the reader is done with the first `mark` items. Raises `InboxClosed` if that will not happen."""
        await self._until(lambda: self._closed or self._handed_on >= mark)
        if self._handed_on < mark:
            raise InboxClosed

    def close(self) -> None:
        """Accept nothing more; the reader still gets what is in the queue."""
        self._closed = True
        self._arrived.set()
        self._wake_writers()

    def _fits(self, item: Raw) -> bool:
        if not self._items:
            return True
        return len(self._items) < self._max_items and self._bytes + len(item.payload) <= self._max_bytes

    async def _until(self, holds: Callable[[], bool]) -> None:
        while not holds():
            await self._moved.wait()

    def _wake_writers(self) -> None:
        # An Event that is replaced, not cleared: who waits on the old one is woken, who comes later waits on the new
        # one.
        self._moved.set()
        self._moved = asyncio.Event()
