"""New Uniswap V2 pairs and their trades from an EVM endpoint: one `eth_subscribe` for logs by topic, `newHeads` as
heartbeat.

The subscription names topics, not addresses: a pair's first Mint is in the transaction that creates it, long before a
second subscription could stand. What belongs to no factory in the settings is left out here. Logs withdrawn by a
reorganisation arrive with `removed: true` and are passed on as they are. Pairs made before Fluxdesk began to watch are
followed only if it is told of them."""

import asyncio
import logging
from collections import OrderedDict, deque
from collections.abc import Iterable
from contextlib import suppress
from typing import Literal

import msgspec

from fluxdesk.core.clock import Clock
from fluxdesk.core.endpoint import Endpoint
from fluxdesk.core.events import Shape
from fluxdesk.core.ids import evm_network
from fluxdesk.core.pacing import Backoff
from fluxdesk.core.views import GapView
from fluxdesk.launches.sources.evm_logs import (
    MINT,
    PAIR_CREATED,
    SWAP,
    EvmLog,
    LogFailed,
    LogRanges,
    quantity,
    read_log,
)
from fluxdesk.launches.sources.gaps import GapTracker
from fluxdesk.launches.sources.inbox import Inbox
from fluxdesk.launches.sources.rpc import RpcHttp
from fluxdesk.launches.sources.socket_source import Line, SocketSource
from fluxdesk.launches.sources.wire import Frame, Wire, WireClosed, WireTiming

log = logging.getLogger(__name__)

REORG_BLOCKS = 12
"""A gap begins this many blocks before the last head: they may have been replaced while nobody was listening."""
START_BLOCKS = 100
"""Blocks read back at the first start."""
SEEN_KEPT = 16_384
PAIRS_MAX = 50_000
FILL_EVERY_S = 1.0
HEAD_JUMP_MAX = 5_000_000
_CHAIN, _HEADS, _LOGS = "chain id", "newHeads", "logs"


class _Head(msgspec.Struct):
    number: str
    hash: str | None = None
    timestamp: str = "0x0"


_read_head = msgspec.json.Decoder(_Head).decode
_read_text = msgspec.json.Decoder(str).decode


class EvmLogs(SocketSource):
    """One endpoint of one EVM chain. `network` is `evm` until the endpoint has said its chain id.

    Attributes:
        pairs: Pairs followed, oldest first: those given and those seen being created.
    """

    kind: Literal["evm_ws"] = "evm_ws"

    def __init__(
        self,
        source_id: str,
        endpoint: Endpoint,
        http: RpcHttp | None,
        factories: Iterable[str],
        *,
        pairs: Iterable[str] = (),
        start_blocks: int = START_BLOCKS,
        gaps: GapTracker | None = None,
        inbox: Inbox | None = None,
        clock: Clock | None = None,
        line: Line | None = None,
        fill_every_s: float = FILL_EVERY_S,
    ):
        # Some chains take a minute and more for a block, and no other frame arrives between.
        super().__init__(source_id, "evm", endpoint, gaps, inbox, clock, line or Line(timing=WireTiming(idle_s=180.0)))
        self.factories = frozenset(f.lower() for f in factories)
        self.pairs: OrderedDict[str, None] = OrderedDict.fromkeys(p.lower() for p in pairs)
        self._ranges = LogRanges(http) if http is not None else None
        self._start_blocks, self._fill_every_s = start_blocks, fill_every_s
        self._seen: OrderedDict[tuple[str | None, str | None, str | None, bool], None] = OrderedDict()
        self._forget()

    def _forget(self) -> None:
        self._asked: dict[int, str] = {}
        self._standing: dict[str, str] = {}
        self._head: int | None = None
        self._hashes: deque[str] = deque(maxlen=REORG_BLOCKS)

    async def converse(self, wire: Wire) -> None:
        """Learn the chain id, subscribe, read until the wire closes; fill gaps beside it."""
        self._forget()
        self._asked[await wire.request("eth_chainId", [])] = _CHAIN
        while self._asked:
            await self._answered(wire, await wire.frame())
        topics = [[PAIR_CREATED, MINT, SWAP]]
        self._asked[await wire.request("eth_subscribe", ["newHeads"])] = _HEADS
        self._asked[await wire.request("eth_subscribe", ["logs", {"topics": topics}])] = _LOGS
        filling = asyncio.create_task(self._fill_gaps())
        try:
            while True:
                frame = await wire.frame()
                if frame.method is not None:
                    await self._notified(wire, frame)
                else:
                    await self._answered(wire, frame)
        finally:
            filling.cancel()
            with suppress(asyncio.CancelledError):
                await filling

    async def _answered(self, wire: Wire, frame: Frame) -> None:
        what = self._asked.pop(frame.id, None) if frame.id is not None else None
        if what is None:
            wire.bad_frames += 1
            return
        if frame.error is not None:
            why = self.endpoint.scrub(frame.error.message, 80) or f"code {frame.error.code}"
            raise WireClosed(f"the endpoint refused {what}: {why}", 10.0)
        try:
            said = _read_text(frame.result)
        except msgspec.MsgspecError:
            raise WireClosed(f"the endpoint gave no usable answer for {what}", 10.0) from None
        if what == _CHAIN:
            self._on_chain(said)
        else:
            self._standing[said] = what
            if not self._asked:
                self.established()

    def _on_chain(self, said: str) -> None:
        chain_id = quantity(said)
        if chain_id is None:
            raise WireClosed("the endpoint gave no usable chain id", 10.0)
        network = evm_network(chain_id)
        if self.network not in ("evm", network):
            raise WireClosed(f"the endpoint is now on {network}, it was on {self.network}", 60.0)
        self.network = network

    async def _notified(self, wire: Wire, frame: Frame) -> None:
        params = frame.params
        what = self._standing.get(str(params.subscription)) if params is not None else None
        if params is None or what is None:
            wire.bad_frames += 1
            return
        try:
            if what == _HEADS:
                self._new_head(_read_head(params.result))
            else:
                await self._new_log(read_log(params.result), bytes(params.result))
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, _NoBlock):
            wire.bad_frames += 1

    def _new_head(self, head: _Head) -> None:
        number, stamp = quantity(head.number), quantity(head.timestamp)
        if number is None or (self._head is not None and number > self._head + HEAD_JUMP_MAX):
            raise _NoBlock
        self.heard(number)
        if stamp:
            self._lag_ms = max(0.0, self.clock.now().wall / 1e6 - stamp * 1000.0)  # a clock may be behind the chain's
        before, self._head = self._head, number
        if self._asked or self.dropping:
            return
        if self.gap_tracker.complete_to is None:
            self.gap_tracker.resumed(number)
            self.gap_tracker.missed(max(0, number - self._start_blocks), number, "Before Fluxdesk started.")
        self.gap_tracker.resumed(number)
        if before is not None and number > before + 1:
            self.gap_tracker.missed(before, number, f"The endpoint skipped from block {before:,} to {number:,}.")
        self.gap_tracker.saw(max(0, number - REORG_BLOCKS))
        if head.hash:
            self._hashes.append(head.hash)
            self.gap_tracker.delivered(self._hashes[0])

    async def _new_log(self, entry: EvmLog, payload: bytes) -> None:
        if self._ours(entry) and self._first_time(entry):
            block = entry.block
            if block is not None:
                self.heard(block)
            if not await self.deliver(Shape.EVM_LOG, block, payload):
                self._seen.pop(entry.identity(), None)

    def _ours(self, entry: EvmLog) -> bool:
        address = entry.address.lower()
        if entry.topic != PAIR_CREATED:
            return address in self.pairs
        if address not in self.factories:
            return False
        if (pair := entry.new_pair) is not None:
            self._follow(pair)
        return True

    def _follow(self, pair: str) -> None:
        self.pairs[pair] = None
        if len(self.pairs) > PAIRS_MAX:
            self.pairs.popitem(last=False)

    def _first_time(self, entry: EvmLog) -> bool:
        identity = entry.identity()
        if identity in self._seen:
            return False
        self._seen[identity] = None
        if len(self._seen) > SEEN_KEPT:
            self._seen.popitem(last=False)
        return True

    # --- gaps ---

    async def _fill_gaps(self) -> None:
        backoff = Backoff(first_s=2.0, cap_s=120.0)
        while True:
            wait_s = self._fill_every_s
            for gap in self.gap_tracker.waiting():
                try:
                    await self._fill(gap)
                except LogFailed as error:
                    self.gap_tracker.explain(gap, f"Still open: {error}.")
                    self._sparse.say("open", "gap of %s stays open: %s", self.id, error, level=logging.INFO)
                    wait_s = backoff.next_s()
                else:
                    self.gap_tracker.filled(gap, self.id)
                    backoff.reset()
            await asyncio.sleep(wait_s)

    async def _fill(self, gap: GapView) -> None:
        """Fetch and hand on everything of a gap. Raises `LogFailed`."""
        if self._ranges is None:
            raise LogFailed("no HTTP endpoint is set")
        if (head := await self._ranges.head()) < gap.to_slot:
            raise LogFailed(f"the HTTP endpoint is at block {head:,} and has not reached its end")
        if (anchor := self.gap_tracker.anchor(gap)) is not None and not await self._ranges.knows_block(anchor):
            raise LogFailed("the HTTP endpoint does not know a block from before it: it is on another chain")
        known = set(self.pairs)
        entries = await self._ranges.logs(self.factories, [PAIR_CREATED], gap.from_slot, gap.to_slot)
        fresh = {pair for entry, _ in entries if (pair := entry.new_pair) is not None} - known
        for pair in sorted(fresh):
            self._follow(pair)
        # Trades of a pair that was learnt just now may have been left out live, after the gap too; up to this head they
        # are read.
        head = await self._ranges.head()
        entries += await self._ranges.logs(fresh, [MINT, SWAP], gap.from_slot, head)
        entries += await self._ranges.logs(known, [MINT, SWAP], gap.from_slot, gap.to_slot)
        entries.sort(key=lambda pair: (pair[0].block or 0, quantity(pair[0].log_index) or 0))
        for entry, payload in entries:
            if self._first_time(entry):
                await self.put(Shape.EVM_LOG, entry.block, payload)
        await self.handed_on()


class _NoBlock(Exception):
    """A block number that no chain is at."""
