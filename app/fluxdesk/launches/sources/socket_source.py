"""What every subscription source shares: reconnecting, the queue to the pipeline, health, and when a gap opens.

A subclass says what to subscribe to and what a notification means (`converse`). It never sleeps, reconnects or logs on
its own."""

import asyncio
import logging
import time
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal

from fluxdesk.core.clock import Clock, SystemClock
from fluxdesk.core.endpoint import Endpoint
from fluxdesk.core.events import Raw, Shape
from fluxdesk.core.pacing import BACKOFF_CAP_S, BACKOFF_FIRST_S, Backoff, SparseLog
from fluxdesk.core.views import GapView, SourceState, SourceView
from fluxdesk.launches.sources.gaps import GapTracker
from fluxdesk.launches.sources.inbox import Inbox, InboxClosed
from fluxdesk.launches.sources.running import batches_of
from fluxdesk.launches.sources.wire import Wire, WireClosed, WireTiming, open_wire

log = logging.getLogger(__name__)

DEFAULT_TIMING = WireTiming()
SETTLED_S = 20.0
"""A connection that held this long was a working one: the next back-off begins from the start."""
QUIET_S = 5.0
"""Without news of the chain for this long the source is shown as slow."""


@dataclass(frozen=True, slots=True)
class Line:
    """How patient a source is with its line, in seconds. Tests use shorter times."""

    timing: WireTiming = DEFAULT_TIMING
    backoff_first_s: float = BACKOFF_FIRST_S
    backoff_cap_s: float = BACKOFF_CAP_S
    full_queue_s: float = 10.0
    """How long a full queue holds the connection back before messages are dropped, which opens a gap. Servers keep
    seconds of messages for a slow reader; what is dropped has to be asked for again."""
    answer_s: float = 15.0
    """How long a subscription may stay unanswered."""


class SocketSource(ABC):
    """A `Source` that subscribes over one WebSocket and comes back whenever it breaks.

    Attributes:
        id: Such as `logs A`; names the source in journal, gaps and screens.
        network: `solana` or `evm:<chain id>`.
        endpoint: Where it connects.
        gap_tracker: Its gaps; shared with whoever fills them.
        line: How patient it is.
    """

    kind: Literal["solana_ws", "evm_ws"]

    def __init__(
        self,
        source_id: str,
        network: str,
        endpoint: Endpoint,
        gaps: GapTracker | None = None,
        inbox: Inbox | None = None,
        clock: Clock | None = None,
        line: Line | None = None,
    ):
        self.id, self.network, self.endpoint = source_id, network, endpoint
        self.clock = clock or SystemClock()
        self.gap_tracker = gaps or GapTracker(source_id, self.clock)
        self._inbox = inbox or Inbox()
        self.line = line or Line()
        self._backoff = Backoff(self.line.backoff_first_s, self.line.backoff_cap_s)
        self._sparse = SparseLog(log)
        self._wire: Wire | None = None
        self._state: SourceState = "connecting"
        self._message = ""
        self._received = self._reconnects = self._bad_frames = 0
        self._dropped: int | None = None
        self._last_slot: int | None = None
        self._resume_slot: int | None = None
        self._checkpoint: tuple[int, int | None] = (0, None)
        self._last_news = time.monotonic()
        self._lag_ms: float | None = None
        self._stop = asyncio.Event()

    # --- the port ---

    def batches(self) -> AsyncIterator[list[Raw]]:
        """Bytes in arrival order. Ends when the source is closed; leaving the loop closes it too."""
        return batches_of(self._run, self.id, self._inbox, self._stop)

    def health(self) -> SourceView:
        """The connection as it is now."""
        state, message = self._state, self._message
        if state == "up":
            quiet_s = time.monotonic() - self._last_news
            if self._dropped is not None:
                state, message = "slow", f"The queue is full; {self._dropped:,} messages were dropped and are a gap."
            elif note := self.degraded():
                state, message = "slow", note
            elif quiet_s > QUIET_S:
                state, message = "slow", f"No news of the chain for {quiet_s:.0f} s."
        bad = self._bad_frames + (self._wire.bad_frames if self._wire else 0)
        if bad and state in ("up", "slow"):
            message = f"{message} {bad:,} frames could not be read and were refused.".strip()
        return SourceView(
            id=self.id,
            kind=self.kind,
            endpoint=self.endpoint.shown,
            network=self.network,
            state=state,
            message=message,
            lag_ms=self._lag_ms if self._lag_ms is not None else (self._wire.round_trip_ms if self._wire else None),
            last_slot=self._last_slot,
            received=self._received,
            reconnects=self._reconnects,
            open_gaps=sum(gap.filled_by is None for gap in self.gap_tracker.views()),
        )

    def gaps(self) -> list[GapView]:
        """Gaps this source knows of, open ones and filled ones."""
        return self.gap_tracker.views()

    def resume_slot(self) -> int | None:
        """Where a next run must take up: all before was received and worked off by the reader, or is a gap.

        Never the newest slot heard of, whose events may still be on their way. The slot itself may be half delivered: a
        gap that begins with it includes it. Meant to be asked now and then.
        """
        mark, complete_to = self._checkpoint
        if complete_to is not None and self._inbox.done_with >= mark:
            self._resume_slot = complete_to
            complete_to = None
        if complete_to is None:
            self._checkpoint = (self._inbox.accepted, self.gap_tracker.complete_to)
        return self._resume_slot

    async def close(self) -> None:
        """End the connection; the reader gets what is already here and then the end."""
        self._stop.set()
        self._inbox.close()
        if self._wire is not None:
            self._wire.give_up("closed by us")

    # --- for subclasses ---

    @abstractmethod
    async def converse(self, wire: Wire) -> None:
        """Subscribe and read until the wire closes. Raises `WireClosed`."""

    def check(self) -> str | None:
        """Asked once a second while connected: a reason to reconnect, or None."""
        quiet_s = time.monotonic() - self._last_news
        if self._state == "up" and quiet_s > self.line.timing.idle_s:
            return f"frames arrive, but no news of the chain for {quiet_s:.0f} s"
        return None

    def degraded(self) -> str | None:
        """In words, what this source does not deliver although connected."""
        return None

    def heard(self, slot: int) -> None:
        """News of the chain arrived."""
        self._last_news = time.monotonic()
        if self._last_slot is None or slot > self._last_slot:
            self._last_slot = slot

    def established(self) -> None:
        """Every subscription stands."""
        self._state, self._message = "up", ""

    @property
    def dropping(self) -> bool:
        """True while a full queue makes this source drop; the gap is open as long."""
        return self._dropped is not None

    async def deliver(self, shape: Shape, slot: int | None, payload: bytes) -> bool:
        """Hand one payload to the pipeline. False when it had to be dropped, which has then opened a gap."""
        now = self.clock.now()
        return await self.accept(Raw(self.id, self.network, shape, slot, now.wall, now.mono, payload))

    async def accept(self, raw: Raw) -> bool:
        """The same for who made the journal's record itself."""
        return not await self.accept_all([raw])

    async def accept_all(self, raws: Sequence[Raw]) -> list[Raw]:
        """The same for records that came together; those that had to be dropped."""
        accepted = self._inbox.offer_all(raws)
        if accepted:
            self._dropped = None
        dropped = []
        for raw in raws[accepted:]:
            if self._inbox.offer(raw) or await self._wait_for_room(raw):
                self._dropped = None
            else:
                dropped.append(raw)
        self._received += len(raws) - len(dropped)
        return dropped

    async def put(self, shape: Shape, slot: int | None, payload: bytes) -> None:
        """Hand one payload of a gap to the pipeline, however long that takes. Raises `InboxClosed`."""
        now = self.clock.now()
        await self._inbox.put(Raw(self.id, self.network, shape, slot, now.wall, now.mono, payload))
        self._received += 1

    async def handed_on(self) -> None:
        """Return when the pipeline is done with everything handed to it so far. Raises `InboxClosed`."""
        await self._inbox.handed_on(self._inbox.accepted)

    async def _wait_for_room(self, raw: Raw) -> bool:
        """Hold the connection back for a moment, once; after that drop until there is room, saying so."""
        if self._stop.is_set():
            return False
        if self._dropped is None:
            try:
                async with asyncio.timeout(self.line.full_queue_s):
                    await self._inbox.put(raw)
            except TimeoutError:
                self._dropped = 0
            except InboxClosed:
                return False
            else:
                return True
        self._dropped += 1
        self.gap_tracker.lost(f"The queue was full: {self._dropped:,} messages were dropped.")
        self._sparse.say("drop", "%s: the queue is full, dropping; a gap is open", self.id)
        return False

    # --- the loop ---

    async def _run(self) -> None:
        while not self._stop.is_set():
            self._state, self._message = "connecting", ""
            began = time.monotonic()
            try:
                async with open_wire(self.endpoint, self.line.timing, self.check) as wire:
                    self._wire, self._last_news = wire, time.monotonic()
                    await self.converse(wire)
            except WireClosed as end:
                await self._pause(end, time.monotonic() - began)
            except InboxClosed:
                return

    async def _pause(self, end: WireClosed, held_s: float) -> None:
        if self._wire is not None:
            self._bad_frames += self._wire.bad_frames
            self._wire = None
        self._dropped = None
        if self._stop.is_set():
            return
        self.gap_tracker.lost(f"Disconnected: {end}.")
        if held_s >= SETTLED_S:
            self._backoff.reset()
        wait_s = self._backoff.next_s(end.retry_after_s)
        self._state = "down"
        self._message = f"{str(end)[:1].upper()}{str(end)[1:]}. Next try in {wait_s:.0f} s."
        self._sparse.say("down", "%s (%s): %s; next try in %.1f s", self.id, self.endpoint.shown, end, wait_s)
        with suppress(TimeoutError):
            async with asyncio.timeout(wait_s):
                await self._stop.wait()
        self._reconnects += 1
