"""The last published events, kept as encoded bytes and shared by all clients: memory does not grow with readers.

Only the event loop touches it.
"""

from collections import deque
from itertools import islice

from fluxdesk.launches.publication import Publication

MAX_ITEMS = 20_000
MAX_BYTES = 16 * 1024 * 1024
FRAME_ITEMS = 1_000
"""At most about so many events in one frame, so that a client that lags gets frames it can read."""


class Ring:
    """Publications in order, bounded by events and by bytes."""

    def __init__(self, last_seq: int, max_items: int = MAX_ITEMS, max_bytes: int = MAX_BYTES) -> None:
        self.last_seq = last_seq
        """The newest durable sequence number that was published."""
        self.floor = last_seq
        """Rows up to here are not in the ring."""
        self._max_items, self._max_bytes = max_items, max_bytes
        self._pubs: deque[Publication] = deque()
        self._items = self._bytes = 0

    def append(self, publication: Publication) -> None:
        """Takes the next publication and lets the oldest go."""
        self.last_seq = publication.last_seq
        self._pubs.append(publication)
        self._items += len(publication.items)
        self._bytes += publication.size
        while len(self._pubs) > 1 and (self._items > self._max_items or self._bytes > self._max_bytes):
            gone = self._pubs.popleft()
            self._items -= len(gone.items)
            self._bytes -= gone.size
            self.floor = gone.last_seq

    def after(self, seq: int, limit: int = FRAME_ITEMS) -> tuple[int, list[bytes]]:
        """(number up to which this answer is complete, encoded events after `seq`), whole publications at a time.

        `seq` must not be below `floor`.
        """
        start = len(self._pubs)
        while start > 0 and self._pubs[start - 1].last_seq > seq:
            start -= 1
        out: list[bytes] = []
        upto = seq
        for publication in islice(self._pubs, start, None):
            if out and len(out) + len(publication.items) > limit:
                break
            if publication.first_seq > seq:
                out.extend(publication.items)
            else:
                out.extend(item for own, item in zip(publication.seqs, publication.items, strict=True) if own > seq)
            upto = publication.last_seq
        return upto, out
