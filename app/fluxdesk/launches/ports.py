"""The ports of launch tracking: what a source yields, what the journal promises, what stands between them."""

from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Protocol

from fluxdesk.core.events import Raw
from fluxdesk.core.views import GapView, SourceView


class Source(Protocol):
    """A place bytes come from. One task reads `batches`; closing it is enough to stop."""

    id: str
    network: str

    def batches(self) -> AsyncIterator[list[Raw]]:
        """Bytes in arrival order, in batches of at most a few milliseconds; never raises for a lost connection."""
        ...

    def health(self) -> SourceView:
        """Connection state and `received`; the pipeline fills in the decode counts."""
        ...

    def gaps(self) -> list[GapView]:
        """Gaps this source knows of, open ones and filled ones."""
        ...

    async def close(self) -> None:
        """Release the connection."""
        ...


class Resolver(Protocol):
    """Fetches a whole transaction when its logs do not say enough."""

    async def transaction(self, signature: str) -> Raw | None:
        """The `getTransaction` answer as bytes, or None when no endpoint has it (yet)."""
        ...


class Journal(Protocol):
    """Append-only raw bytes. `append` returns only when a `kill -9` can no longer lose them."""

    def append(self, batch: Sequence[Raw]) -> range:
        """Sequence numbers of the batch, in order. Raises `JournalFull` when the disk is."""
        ...

    def read(self, after: int = 0, limit: int | None = None) -> Iterator[tuple[int, Raw]]:
        """(seq, bytes) in order, from the first one after `after`."""
        ...

    def last_seq(self) -> int:
        """0 when empty."""
        ...

    def size_bytes(self) -> int:
        """Bytes on disk."""
        ...


class JournalFull(Exception):
    """The disk is full: nothing of the batch was stored, everything before it was."""
