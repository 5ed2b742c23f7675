"""The source that replays recordings: files, folders and journals, as fast as possible or at a multiple of recorded
time.

A file that cannot be read is said in the health and does not keep the others back. What a journal holds comes out as it
went in, with its source and clocks of then."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterable, Iterator
from pathlib import Path

from fluxdesk.core.clock import Clock, SystemClock
from fluxdesk.core.events import Raw
from fluxdesk.core.views import GapView, SourceState, SourceView
from fluxdesk.launches.sources.recordings import NotReadable, Recorded, Stamp, files_in, read_file

BATCH_ITEMS = 256
BATCH_BYTES = 4 * 1024 * 1024
LONGEST_WAIT_S = 10.0
"""A recording may hold nights without events; a replay never waits longer than this."""
PROBLEMS_SHOWN = 3
PROBLEMS_KEPT = 1_000


class FileSource:
    """Recorded transactions as a `Source`.

    Attributes:
        id: Source id of what comes from JSON files.
        network: For the screen; each payload carries its own.
        problems: (file, why it could not be read), in order; at most `PROBLEMS_KEPT`.
    """

    def __init__(
        self,
        paths: Iterable[Path],
        source_id: str = "file",
        *,
        speed: float | None = None,
        clock: Clock | None = None,
        evm_chain_id: int = 1,
    ):
        """`speed` is a multiple of recorded time; None means as fast as possible."""
        self.id, self.network = source_id, "solana"
        self.problems: list[tuple[Path, str]] = []
        self._paths = [Path(p) for p in paths]
        self._speed = speed
        self._stamp = Stamp(source_id, clock or SystemClock(), evm_chain_id)
        self._state: SourceState = "connecting"
        self._files = self._received = self._problem_count = 0
        self._last_slot: int | None = None
        self._stop = asyncio.Event()
        self._origin: tuple[int, float] | None = None

    async def batches(self) -> AsyncIterator[list[Raw]]:
        """Every document, in a stable order. Ends after the last."""
        documents = self._documents()
        self._state = "up"
        while not self._stop.is_set():
            batch = await asyncio.to_thread(_some, documents)
            if not batch:
                break
            for part in self._paced(batch):
                if isinstance(part, float):
                    await self._wait(part)
                    continue
                if self._stop.is_set():
                    break
                self._received += len(part)
                self._last_slot = next((raw.slot for raw in reversed(part) if raw.slot is not None), self._last_slot)
                yield part
        self._state = "done"

    def health(self) -> SourceView:
        """How far it is, and what could not be read."""
        said = [f"{path.name}: {why}" for path, why in self.problems[:PROBLEMS_SHOWN]]
        if more := self._problem_count - len(said):
            said.append(f"and {more:,} more")
        return SourceView(
            id=self.id,
            kind="file",
            endpoint=", ".join(path.name for path in self._paths[:3]) + (" …" if len(self._paths) > 3 else ""),
            network=self.network,
            state=self._state,
            message=f"Not read: {'; '.join(said)}." if said else f"{self._files:,} files.",
            last_slot=self._last_slot,
            received=self._received,
        )

    def gaps(self) -> list[GapView]:
        """None: a recording holds what it holds."""
        return []

    async def close(self) -> None:
        """Stop after the batch being read."""
        self._stop.set()

    def _documents(self) -> Iterator[Recorded]:
        for path in files_in(self._paths):
            self._files += 1
            for item in read_file(path, self._stamp):
                if isinstance(item, NotReadable):
                    self._problem_count += 1
                    if len(self.problems) < PROBLEMS_KEPT:
                        self.problems.append((path, str(item)))
                else:
                    yield item

    def _paced(self, batch: list[Recorded]) -> Iterator[list[Raw] | float]:
        """The batch in parts, with the seconds to wait before each where a speed is set."""
        if self._speed is None:
            yield [item.raw for item in batch]
            return
        part: list[Raw] = []
        for item in batch:
            wait_s = self._due_in_s(item.at_ns)
            if wait_s > 0:
                if part:
                    yield part
                    part = []
                yield wait_s
            part.append(item.raw)
        if part:
            yield part

    def _due_in_s(self, at_ns: int | None) -> float:
        if at_ns is None or self._speed is None:
            return 0.0
        now = time.monotonic()
        if self._origin is None or at_ns < self._origin[0]:
            self._origin = (at_ns, now)
        wait_s = self._origin[1] + (at_ns - self._origin[0]) / 1e9 / self._speed - now
        if wait_s > LONGEST_WAIT_S:
            self._origin = (at_ns, now + LONGEST_WAIT_S)
            return LONGEST_WAIT_S
        return wait_s

    async def _wait(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._stop.wait()
        except TimeoutError:
            return


def _some(documents: Iterator[Recorded]) -> list[Recorded]:
    batch: list[Recorded] = []
    size = 0
    for item in documents:
        batch.append(item)
        size += len(item.raw.payload)
        if len(batch) >= BATCH_ITEMS or size >= BATCH_BYTES:
            break
    return batch
