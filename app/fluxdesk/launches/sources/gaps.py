"""Which slots a source missed: opened when its line breaks, closed at the first slot after, filled only on proof.

A gap fails closed: it starts at the last slot known to be complete (that slot included, it may be half delivered), ends
at the first slot seen once every subscription was confirmed again, and stays visible until someone fetched and handed
on everything in it. Slots are Solana slots or EVM block numbers; nothing here reaches a network or a disk."""

from collections.abc import Iterable, Sequence

import msgspec

from fluxdesk.core.clock import Clock, SystemClock
from fluxdesk.core.views import GapView

KEPT_FILLED = 200
"""Filled gaps kept for the Sources screen; open ones are all kept."""
FILLED_SHOWN_NS = 3_600_000_000_000
"""How long a gap is shown after it was filled."""
NOT_RUNNING = "The node was not running."


class GapTracker:
    """Gaps of one source.

    Attributes:
        complete_to: Everything up to and including this slot was received, unless a gap says otherwise; None before the
            first slot.
    """

    def __init__(self, source: str, clock: Clock | None = None):
        self.source = source
        self.complete_to: int | None = None
        self._clock = clock or SystemClock()
        self._gaps: list[GapView] = []
        self._broken: GapView | None = None
        self._since: int | None = None
        self._newest: str | None = None
        self._anchors: dict[int, str] = {}
        self._filled_wall: dict[tuple[int, int, int], int] = {}

    # --- what happened on the line ---

    def saw(self, complete_to: int) -> None:
        """Everything up to this slot has been delivered; ignored while the line is broken or before it first
        `resumed`."""
        if self._broken is None and self.complete_to is not None and complete_to > self.complete_to:
            self.complete_to = complete_to

    def delivered(self, tx: str) -> None:
        """The newest transaction that came over the line and will not be undone: the anchor of the next gap."""
        self._newest = tx

    def lost(self, reason: str) -> None:
        """The line broke, or part of it does not deliver. Before the first slot there is nothing to miss."""
        if self._broken is not None:
            self._broken = msgspec.structs.replace(self._broken, reason=reason)
        elif self.complete_to is not None:
            self._broken = self._new(self.complete_to, self.complete_to, reason)

    def still_lost_at(self, slot: int, reason: str) -> None:
        """The chain moved on while part of the line delivers nothing: the gap grows, or begins here if nothing was seen
        before."""
        if self._broken is None:
            if self.complete_to is None:
                self.complete_to = self._since = slot
            self._broken = self._new(self.complete_to, slot, reason)
        else:
            self._broken = msgspec.structs.replace(self._broken, to_slot=max(slot, self._broken.to_slot), reason=reason)

    def resumed(self, first_slot: int) -> GapView | None:
        """Every subscription delivers, `first_slot` being the first slot since. The gap that is now bounded, if any."""
        if self._broken is None:
            if self.complete_to is None:
                self.complete_to = self._since = first_slot
            return None
        gap, self._broken = self._broken, None
        self.complete_to = max(first_slot, self.complete_to or first_slot)
        return self._keep(msgspec.structs.replace(gap, to_slot=max(gap.to_slot, first_slot)))

    def missed(self, from_slot: int, to_slot: int, reason: str) -> GapView:
        """A sequence break while the line is up: slots in between were not delivered."""
        return self._keep(self._new(from_slot, to_slot, reason))

    # --- what became of the gaps ---

    def waiting(self) -> list[GapView]:
        """Bounded gaps that are not filled, oldest first."""
        return [gap for gap in self._gaps if gap.filled_by is None]

    def anchor(self, gap: GapView) -> str | None:
        """A transaction received before the gap: who fills the gap must know it, or is on another chain. None if
        unknown."""
        return self._anchors.get(gap.opened_wall_ns)

    def filled(self, gap: GapView, by: str) -> None:
        """Everything in the gap was fetched and handed on. A gap that changed since it was handed out stays open."""
        if self._swap(gap, msgspec.structs.replace(gap, filled_by=by, reason=gap.reason)):
            self._filled_wall[_name(gap)] = int(self._clock.now().wall)
        done = [g for g in self._gaps if g.filled_by is not None]
        for old in done[:-KEPT_FILLED]:
            self._gaps.remove(old)
            self._anchors.pop(old.opened_wall_ns, None)
            self._filled_wall.pop(_name(old), None)

    def explain(self, gap: GapView, reason: str) -> None:
        """Why the gap is still open."""
        self._swap(gap, msgspec.structs.replace(gap, reason=reason))

    def covers(self, from_slot: int, to_slot: int) -> bool:
        """True when this source itself received everything in these slots without interruption, or filled what it
        missed."""
        if self._since is None or self.complete_to is None or self.complete_to < to_slot:
            return False
        broken = [*self.waiting(), *([self._broken] if self._broken else [])]
        # Of its very first slot it may have seen only the end.
        return self._since < from_slot and not any(g.from_slot <= to_slot and from_slot <= g.to_slot for g in broken)

    def may_cover(self, from_slot: int) -> bool:
        """True when this source is delivering without interruption since before `from_slot`, so its proof may still
        come."""
        there = self._since is not None and self._since < from_slot
        return there and self._broken is None and all(gap.to_slot < from_slot for gap in self.waiting())

    # --- restarts and screens ---

    def views(self) -> list[GapView]:
        """Gaps that are open or were filled in the last hour, oldest first, the one still growing last."""
        since = int(self._clock.now().wall) - FILLED_SHOWN_NS
        return [gap for gap in self.save() if gap.filled_by is None or self._filled_at(gap) >= since]

    def save(self) -> list[GapView]:
        """What to keep across a restart, together with the highest slot journalled for this source."""
        return [*self._gaps, *([self._broken] if self._broken else [])]

    def load(self, gaps: Iterable[GapView], last_slot: int | None) -> None:
        """Take up where an earlier run stopped; what happened since its last journalled slot is a gap from here on."""
        self._gaps = []
        for gap in sorted((g for g in gaps if g.source == self.source), key=lambda g: (g.from_slot, g.to_slot)):
            self._keep(gap)
        if last_slot is not None and self.complete_to is None:
            self.complete_to = self._since = last_slot
            self.lost(NOT_RUNNING)

    def _new(self, from_slot: int, to_slot: int, reason: str) -> GapView:
        wall_ns = int(self._clock.now().wall)
        if self._newest is not None:
            self._anchors[wall_ns] = self._newest
        return GapView(source=self.source, from_slot=from_slot, to_slot=to_slot, opened_wall_ns=wall_ns, reason=reason)

    def _keep(self, gap: GapView) -> GapView:
        """Add a gap, joined with an open one it overlaps, so that a flapping line does not fetch the same slots
        twice."""
        last = self._gaps[-1] if self._gaps else None
        if last and last.filled_by is None and gap.filled_by is None and gap.from_slot <= last.to_slot:
            gap = msgspec.structs.replace(
                last,
                from_slot=min(last.from_slot, gap.from_slot),
                to_slot=max(last.to_slot, gap.to_slot),
                reason=gap.reason,
            )
            self._gaps[-1] = gap
        else:
            self._gaps.append(gap)
        return gap

    def _filled_at(self, gap: GapView) -> int:
        """Wall clock of the filling; of one that an earlier run filled all that is known is that it was not earlier."""
        return self._filled_wall.get(_name(gap), gap.opened_wall_ns)

    def _swap(self, old: GapView, new: GapView) -> bool:
        for i, gap in enumerate(self._gaps):
            if _name(gap) == _name(old):
                self._gaps[i] = new
                return True
        return False


def _name(gap: GapView) -> tuple[int, int, int]:
    return gap.from_slot, gap.to_slot, gap.opened_wall_ns


def filled_from_another(gap: GapView, trackers: Sequence[GapTracker]) -> str | None:
    """The id of another source of the same network and launchpads that received every slot of the gap, or None."""
    for tracker in trackers:
        if tracker.source != gap.source and tracker.covers(gap.from_slot, gap.to_slot):
            return tracker.source
    return None
