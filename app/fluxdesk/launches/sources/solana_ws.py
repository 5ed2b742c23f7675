"""Launches and trades from a Solana RPC endpoint: one `logsSubscribe` per launchpad, `slotSubscribe` to know the line
is alive.

What it cannot see: account changes, instructions, balances, and logs past the validator's cut. The notification is
passed on as the bytes that arrived, failed transactions included; reading them is the decoder's work.

Commitment `confirmed` is the default: about a second later than `processed`, but a `processed` block may be dropped
with its fork, and a launch shown from it never happened."""

import time
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import Literal

import msgspec

from fluxdesk.chains.solana.notices import read_notice
from fluxdesk.core.clock import Clock, Instant
from fluxdesk.core.endpoint import Endpoint
from fluxdesk.core.events import Raw, Shape
from fluxdesk.core.ids import SOLANA
from fluxdesk.launches.sources.gaps import GapTracker
from fluxdesk.launches.sources.inbox import Inbox
from fluxdesk.launches.sources.socket_source import Line, SocketSource
from fluxdesk.launches.sources.wire import Frame, Wire, WireClosed

Commitment = Literal["processed", "confirmed"]

SLOT_JUMP_MAX = 1_000_000
"""About five days: a slot further ahead than this, within one connection, is not a slot."""
HIGHEST_SLOT = (1 << 63) - 1
SEEN_KEPT = 8_192
RETRY_REFUSED_S = 60.0
_SLOTS = "slots"


class _Context(msgspec.Struct):
    slot: int


class _Value(msgspec.Struct):
    signature: str


class _Logs(msgspec.Struct):
    context: _Context
    value: _Value


class _Slot(msgspec.Struct):
    slot: int
    parent: int
    root: int


Notice = tuple[int | str, int, str, bytes]
"""Subscription, slot, signature, the bytes of `result`."""

_read_logs = msgspec.json.Decoder(_Logs).decode
_read_slot = msgspec.json.Decoder(_Slot).decode
_read_id = msgspec.json.Decoder(int | str).decode


class SolanaLogs(SocketSource):
    """One endpoint, several launchpads.

    Attributes:
        programs: Program id -> the launchpad's name for messages.
    """

    kind: Literal["solana_ws"] = "solana_ws"

    def __init__(
        self,
        source_id: str,
        endpoint: Endpoint,
        programs: Mapping[str, str],
        commitment: Commitment = "confirmed",
        *,
        network: str = SOLANA,
        gaps: GapTracker | None = None,
        inbox: Inbox | None = None,
        clock: Clock | None = None,
        line: Line | None = None,
    ):
        super().__init__(source_id, network, endpoint, gaps, inbox, clock, line)
        self.programs = dict(programs)
        self._commitment = commitment
        self._seen: OrderedDict[tuple[str, int], None] = OrderedDict()
        self._forget()

    def _forget(self) -> None:
        """Everything that belongs to one connection; none of it may outlive it."""
        self._asked: dict[int, tuple[str, float]] = {}
        self._standing: dict[int | str, str] = {}
        self._refused: dict[str, tuple[str, float]] = {}
        self._slot: int | None = None
        self._root = 0
        self._newest_logs = 0

    async def converse(self, wire: Wire) -> None:
        """Subscribe to slots and launchpads, then read until the wire closes."""
        self._forget()
        await self._ask(wire, _SLOTS)
        for program in self.programs:
            await self._ask(wire, program)
        while True:
            messages = await wire.messages()
            now = self.clock.now()
            logs: list[Notice] = []
            for message in messages:
                notice = read_notice(message)
                if notice is not None:
                    logs.append(notice)
                    continue
                await self._logs(wire, logs, now)
                logs.clear()
                await self._other(wire, message, now)
            await self._logs(wire, logs, now)
            await self._ask_again(wire)

    def check(self) -> str | None:
        """A subscription that nobody answered in time, or a line without slots."""
        now = time.monotonic()
        late = [what for what, asked in self._asked.values() if now - asked > self.line.answer_s]
        if late:
            return f"the endpoint did not answer the subscription to {self._name(late[0])}"
        # Where slots are refused, quiet launchpads are no sign of a dead line.
        return None if _SLOTS in self._refused else super().check()

    def degraded(self) -> str | None:
        """Launchpads whose subscription the endpoint refused."""
        if not self._refused:
            return None
        said = "; ".join(f"{self._name(what)} ({why})" for what, (why, _) in self._refused.items())
        return f"The endpoint refuses: {said}."

    async def _ask(self, wire: Wire, what: str) -> None:
        if what == _SLOTS:
            ident = await wire.request("slotSubscribe", [])
        else:
            ident = await wire.request("logsSubscribe", [{"mentions": [what]}, {"commitment": self._commitment}])
        self._asked[ident] = (what, time.monotonic())

    async def _ask_again(self, wire: Wire) -> None:
        now = time.monotonic()
        for what in [w for w, (_, at) in self._refused.items() if now - at > RETRY_REFUSED_S]:
            self._refused[what] = (self._refused[what][0], now)
            await self._ask(wire, what)

    def _answered(self, wire: Wire, frame: Frame) -> None:
        asked = self._asked.pop(frame.id or 0, None)
        if asked is None:
            wire.bad_frames += 1
            return
        what = asked[0]
        if frame.error is not None:
            why = self.endpoint.scrub(frame.error.message, 80) or f"code {frame.error.code}"
            self._refused[what] = (why, time.monotonic())
            self._sparse.say("refused", "%s: the endpoint refused %s: %s", self.id, self._name(what), why)
        else:
            try:
                self._standing[_read_id(frame.result)] = what
            except msgspec.MsgspecError:
                self._refused[what] = ("its answer is no subscription", time.monotonic())
            else:
                self._refused.pop(what, None)
        if not self._asked and len(self._refused) == 1 + len(self.programs):
            raise WireClosed(f"the endpoint refused every subscription: {self._refused[_SLOTS][0]}", 10.0)
        if not self._asked:
            self.established()

    async def _other(self, wire: Wire, message: bytes, now: Instant) -> None:
        frame = wire.read(message)
        if frame is None:
            return
        if frame.method is not None:
            await self._notified(wire, frame, now)
        elif frame.id is not None:
            self._answered(wire, frame)
        else:
            wire.bad_frames += 1

    async def _notified(self, wire: Wire, frame: Frame, now: Instant) -> None:
        params = frame.params
        if params is None or not self._ours(params.subscription):
            wire.bad_frames += 1
            return
        try:
            if frame.method == "logsNotification":
                logs = _read_logs(params.result)
                notice = (params.subscription, logs.context.slot, logs.value.signature, bytes(params.result))
                await self._logs(wire, [notice], now)
            elif frame.method == "slotNotification":
                self._slots(_read_slot(params.result))
            else:
                wire.bad_frames += 1
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, _NoSlot):
            wire.bad_frames += 1

    def _ours(self, subscription: int | str) -> bool:
        return bool(self._asked) or subscription in self._standing

    async def _logs(self, wire: Wire, notices: Sequence[Notice], now: Instant) -> None:
        """Hands on what came together; the moment of arrival is the same for all of it."""
        if not notices:
            return
        wire.sound()
        seen, standing, anyone = self._seen, self._standing, bool(self._asked)  # as `_ours` has it
        most = self._most()
        newest = -1
        fresh: dict[tuple[str, int], Raw] = {}
        for subscription, slot, signature, payload in notices:
            if not (anyone or subscription in standing) or not 0 <= slot <= most:
                wire.bad_frames += 1
                continue
            newest = max(newest, slot)
            place = (signature, slot)
            if place not in seen:
                fresh[place] = Raw(self.id, self.network, Shape.SOLANA_LOGS, slot, now.wall, now.mono, payload)
        if newest >= 0:
            self.heard(newest)
        dropped = set(map(id, await self.accept_all(list(fresh.values()))))
        if dropped:
            fresh = {place: raw for place, raw in fresh.items() if id(raw) not in dropped}
        seen.update(dict.fromkeys(fresh))
        while len(seen) > SEEN_KEPT:
            seen.popitem(last=False)
        if fresh:
            self._taken(list(fresh))

    def _taken(self, places: Sequence[tuple[str, int]]) -> None:
        """Notes the (signature, slot) of what was handed on, in order."""
        if set(self._refused) == {_SLOTS} and not self._asked:
            self.gap_tracker.resumed(places[0][1])
        self._newest_logs = max(self._newest_logs, *(slot for _, slot in places))
        if self._commitment == "confirmed":
            self.gap_tracker.delivered(places[-1][0])
        self._advance()

    def _slots(self, news: _Slot) -> None:
        if not 0 <= news.slot <= self._most():
            raise _NoSlot
        self.heard(news.slot)
        before, self._slot = self._slot, max(news.slot, self._slot or 0)
        self._root = max(self._root, min(news.root, news.slot))
        if self._asked or self.dropping:
            return
        if self._refused:
            self.gap_tracker.still_lost_at(news.slot, self.degraded() or "")
            return
        self.gap_tracker.resumed(news.slot)
        if before is not None and news.parent > before:
            self.gap_tracker.missed(
                min(before, self.gap_tracker.complete_to or before),
                news.slot,
                f"The endpoint skipped from slot {before:,} to {news.slot:,}.",
            )
        self._advance()

    def _advance(self) -> None:
        # Confirmed logs come in slot order, so the newest vouches for all before it. Processed ones come per fork: only
        # the root vouches there. A gap that begins too early costs a few requests; one that begins too late loses a
        # launch.
        newest = self._newest_logs if self._commitment == "confirmed" else 0
        self.gap_tracker.saw(max(self._root, newest))

    def _most(self) -> int:
        """The highest slot that can be believed now."""
        return HIGHEST_SLOT if self._slot is None else self._slot + SLOT_JUMP_MAX

    def _name(self, what: str) -> str:
        return "slots" if what == _SLOTS else self.programs.get(what, what)


class _NoSlot(Exception):
    """A slot number that no chain is at."""
