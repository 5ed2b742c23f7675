"""Reading a source in a test: collect what arrives, wait for it with a deadline, stop cleanly."""

import asyncio
from types import TracebackType
from typing import Self

from fluxdesk.core.events import Raw
from fluxdesk.launches.ports import Source
from waiting import eventually


class Reader:
    """Reads a source in a task of its own, as the node does.

    Attributes:
        raws: Everything that arrived.
    """

    def __init__(self, source: Source):
        self.source = source
        self.raws: list[Raw] = []
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._read())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.source.close()
        assert self._task is not None
        async with asyncio.timeout(30):
            await self._task

    @property
    def texts(self) -> str:
        """All payloads as one text."""
        return b"\n".join(raw.payload for raw in self.raws).decode()

    async def up(self) -> None:
        """Wait until the source says that it is connected and subscribed."""
        await eventually(lambda: self.source.health().state == "up", said=self.source.health)

    async def holding(self, *texts: str) -> None:
        """Wait until every text occurs in what arrived."""
        await eventually(
            lambda: all(text in self.texts for text in texts),
            said=lambda: f"{texts} among {len(self.raws)} payloads of {self.source.health()}",
        )

    async def _read(self) -> None:
        async for batch in self.source.batches():
            self.raws += batch
