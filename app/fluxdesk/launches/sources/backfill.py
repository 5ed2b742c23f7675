"""Fills the gaps of Solana sources: `getSignaturesForAddress` per launchpad, then every transaction, then the proof.

A gap is called filled only when the endpoint is known to hold its slots, every signature in it was fetched, and the
reader is done with all of them. Anything less leaves it open with the reason. What another source received meanwhile is
not fetched again."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress

import msgspec

from fluxdesk.core.clock import Clock, SystemClock
from fluxdesk.core.events import Raw, Shape
from fluxdesk.core.ids import SOLANA
from fluxdesk.core.pacing import Backoff, SparseLog
from fluxdesk.core.views import GapView, SourceState, SourceView
from fluxdesk.launches.sources.gaps import GapTracker, filled_from_another
from fluxdesk.launches.sources.inbox import Inbox, InboxClosed
from fluxdesk.launches.sources.rpc import RpcFailed, RpcHttp, RpcUnavailable
from fluxdesk.launches.sources.running import batches_of
from fluxdesk.launches.sources.transactions import NOT_YET_S, NotFetched, fetch_transaction

log = logging.getLogger(__name__)

PAGE = 1_000
"""Most signatures a page may hold (Solana RPC docs)."""
LOOK_EVERY_S = 1.0
OTHER_SOURCE_S = 20.0
"""How long a gap waits for another source to prove that it has the slots; its proof may trail by 32 slots, about 13
s."""
MAX_SIGNATURES = 5_000
AT_ONCE = 8
LISTINGS_MAX = 5


class CannotFill(Exception):
    """Why a gap stays open, in words for the screen."""


class _NotThereYet(CannotFill):
    """The endpoint will have the slots shortly."""


class _Signature(msgspec.Struct):
    signature: str
    slot: int


class _Statuses(msgspec.Struct):
    value: list[dict[str, object] | None]


_read_page = msgspec.json.Decoder(list[_Signature]).decode
_read_int = msgspec.json.Decoder(int).decode


class SolanaBackfill:
    """The source of transactions that other sources missed.

    Attributes:
        id: Names it in the journal and as filler of gaps.
        network: `solana`.
    """

    def __init__(
        self,
        endpoints: Sequence[RpcHttp],
        programs: Sequence[str],
        trackers: Sequence[GapTracker],
        source_id: str = "fill",
        *,
        network: str = SOLANA,
        max_signatures: int = MAX_SIGNATURES,
        inbox: Inbox | None = None,
        clock: Clock | None = None,
        look_every_s: float = LOOK_EVERY_S,
        other_source_s: float = OTHER_SOURCE_S,
        waits_s: Sequence[float] = NOT_YET_S,
    ):
        self.id, self.network = source_id, network
        self._endpoints, self._programs, self._trackers = list(endpoints), list(programs), list(trackers)
        self._max = max_signatures
        self._inbox = inbox or Inbox()
        self._clock = clock or SystemClock()
        self._look_every_s, self._other_source_s, self._waits_s = look_every_s, other_source_s, waits_s
        self._tries: dict[tuple[str, int, int], tuple[Backoff, float]] = {}
        self._sparse = SparseLog(log)
        self._stop = asyncio.Event()
        self._busy = ""
        self._done = False
        self._received = 0
        self._last_slot: int | None = None

    # --- the port ---

    def batches(self) -> AsyncIterator[list[Raw]]:
        """Transactions out of gaps, oldest first within each. Ends when closed."""
        return batches_of(self._run, self.id, self._inbox, self._stop)

    def health(self) -> SourceView:
        """What it is filling, or that nothing waits."""
        waiting = sum(len(t.waiting()) for t in self._trackers)
        state: SourceState = "done" if self._done else "down" if not self._endpoints else "up"
        message = self._busy or (f"{waiting} gaps wait." if waiting else "No gaps to fill.")
        return SourceView(
            id=self.id,
            kind="solana_backfill",
            endpoint=", ".join(rpc.endpoint.shown for rpc in self._endpoints),
            network=self.network,
            state=state,
            message=message if self._endpoints else "No HTTP endpoint is set, so gaps stay open.",
            last_slot=self._last_slot,
            received=self._received,
        )

    def gaps(self) -> list[GapView]:
        """None of its own: gaps belong to the sources that missed something."""
        return []

    async def close(self) -> None:
        """Stop filling; what is unfinished stays open."""
        self._stop.set()
        self._inbox.close()

    # --- the loop ---

    async def _run(self) -> None:
        with suppress(InboxClosed):
            await self._fill_all()
        self._done = True

    async def _fill_all(self) -> None:
        while not self._stop.is_set():
            for tracker in self._trackers:
                for gap in tracker.waiting():
                    await self._consider(tracker, gap)
            with suppress(TimeoutError):
                async with asyncio.timeout(self._look_every_s):
                    await self._stop.wait()

    async def _consider(self, tracker: GapTracker, gap: GapView) -> None:
        key = (gap.source, gap.from_slot, gap.to_slot)
        if other := filled_from_another(gap, self._trackers):
            tracker.filled(gap, other)
            self._tries.pop(key, None)
            return
        if key not in self._tries:
            others = any(t.may_cover(gap.from_slot) for t in self._trackers if t is not tracker)
            wait_s = self._other_source_s if others else 0.0
            self._tries[key] = (Backoff(first_s=5.0, cap_s=300.0), time.monotonic() + wait_s)
        backoff, at = self._tries[key]
        if time.monotonic() < at:
            return
        self._busy = f"Filling slots {gap.from_slot:,} to {gap.to_slot:,} of {gap.source}."
        try:
            await self._fill(gap, tracker.anchor(gap))
        except _NotThereYet as error:
            tracker.explain(gap, f"Still open: {error}.")
            self._tries[key] = (backoff, time.monotonic() + self._look_every_s)
        except (CannotFill, NotFetched, RpcFailed, RpcUnavailable) as error:
            tracker.explain(gap, f"Still open: {error}.")
            self._tries[key] = (backoff, time.monotonic() + backoff.next_s())
            self._sparse.say("open", "gap of %s stays open: %s", gap.source, error, level=logging.INFO)
        else:
            tracker.filled(gap, self.id)
            del self._tries[key]
        finally:
            self._busy = ""

    async def _fill(self, gap: GapView, anchor: str | None) -> None:
        error: CannotFill | RpcFailed | RpcUnavailable = CannotFill("no HTTP endpoint is set")
        for rpc in self._endpoints:
            try:
                await self._holds(rpc, gap)
                if anchor is not None:
                    await self._knows(rpc, anchor)
                await self._from(rpc, gap)
            except (CannotFill, RpcFailed, RpcUnavailable) as failed:
                error = failed
                continue
            return
        raise error

    async def _from(self, rpc: RpcHttp, gap: GapView) -> None:
        """Fetch until a listing shows nothing new: behind a load balancer one node may lag and leave the newest out."""
        done: set[str] = set()
        for listing in range(LISTINGS_MAX):
            fresh = [s for s in await self._signatures(rpc, gap) if s.signature not in done]
            if listing and not fresh:
                return
            await self._hand_on(fresh)
            done |= {s.signature for s in fresh}
        raise CannotFill(f"{rpc.endpoint.shown} lists other transactions each time")

    async def _holds(self, rpc: RpcHttp, gap: GapView) -> None:
        """Raises `CannotFill` unless the endpoint holds every slot of the gap."""
        try:
            first = _read_int(await rpc.call("getFirstAvailableBlock", []))
            newest = _read_int(await rpc.call("getSlot", [{"commitment": "confirmed"}]))
        except msgspec.MsgspecError:
            raise CannotFill(f"{rpc.endpoint.shown} does not say which slots it holds") from None
        if first > gap.from_slot:
            raise CannotFill(f"{rpc.endpoint.shown} keeps nothing before slot {first:,}")
        if newest < gap.to_slot:
            raise _NotThereYet(f"{rpc.endpoint.shown} is at slot {newest:,} and has not reached its end")

    async def _knows(self, rpc: RpcHttp, anchor: str) -> None:
        """Raises `CannotFill` unless the endpoint knows a transaction that was received before the gap."""
        statuses = await rpc.call("getSignatureStatuses", [[anchor], {"searchTransactionHistory": True}])
        try:
            known = msgspec.json.decode(statuses, type=_Statuses).value != [None]
        except msgspec.MsgspecError:
            known = False
        if not known:
            raise CannotFill(
                f"{rpc.endpoint.shown} does not know a transaction from just before it: it is on another chain or "
                "has lost its history"
            )

    async def _signatures(self, rpc: RpcHttp, gap: GapView) -> list[_Signature]:
        """Every signature of the followed programs in the gap, oldest first."""
        found: dict[str, _Signature] = {}
        for program in self._programs:
            before: str | None = None
            while page := await self._page(rpc, program, before):
                found |= {s.signature: s for s in page if gap.from_slot <= s.slot <= gap.to_slot}
                if len(found) > self._max:
                    raise CannotFill(f"it holds more than {self._max:,} transactions, the limit in the settings")
                before = page[-1].signature
                if page[-1].slot < gap.from_slot:
                    break
        oldest_first = list(found.values())[::-1]
        oldest_first.sort(key=lambda s: s.slot)
        return oldest_first

    async def _page(self, rpc: RpcHttp, program: str, before: str | None) -> list[_Signature]:
        options: dict[str, object] = {"limit": PAGE, "commitment": "confirmed"}
        if before is not None:
            options["before"] = before
        try:
            page = _read_page(await rpc.call("getSignaturesForAddress", [program, options]))
        except msgspec.MsgspecError:
            raise CannotFill(f"{rpc.endpoint.shown} gave no list of signatures") from None
        if before is not None and page and page[-1].signature == before:
            raise CannotFill(f"{rpc.endpoint.shown} does not turn the page")
        return page

    async def _hand_on(self, signatures: Sequence[_Signature]) -> None:
        for at in range(0, len(signatures), AT_ONCE):
            chunk = signatures[at : at + AT_ONCE]
            fetched = await asyncio.gather(
                *(fetch_transaction(self._endpoints, s.signature, self._waits_s) for s in chunk), return_exceptions=True
            )
            for result in fetched:
                if isinstance(result, BaseException):
                    raise result
                slot, payload = result
                now = self._clock.now()
                raw = Raw(self.id, self.network, Shape.SOLANA_TX, slot, now.wall, now.mono, payload)
                await self._inbox.put(raw)
                self._received += 1
                self._last_slot = slot
            self._busy = f"Filling: {min(at + AT_ONCE, len(signatures)):,} of {len(signatures):,} transactions."
        await self._inbox.handed_on(self._inbox.accepted)
