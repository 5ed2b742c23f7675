"""One fact, once: the same event seen by several sources, or in logs and in the whole transaction, is one row.

Keeps the last facts in memory and asks the store about older ones, so that memory stays bounded and a replay of old
bytes is still recognised. Reads no clock: first-seen times are the ones the journal holds.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice

import msgspec
from msgspec.structs import replace

from fluxdesk.core.events import Raw, Row, Shape

CAPACITY = 65_536
MAX_LEAD_NS = 600_000_000_000
"""Two deliveries further apart are not a race: one of them was a replay, a backfill, or came from another boot."""

Known = Callable[[str, Sequence[Row]], Sequence[bool]]
"""(network, rows) -> for each row, whether the store already holds its fact."""

_FULLNESS: dict[Shape, int] = {Shape.SOLANA_LOGS: 0, Shape.EVM_LOG: 0, Shape.BARE_EVENT: 0}


class Fact(msgspec.Struct, frozen=True, gc=False):
    """A row with where and when it was seen. `fuller` marks a known fact that came again with more of its fields."""

    seq: int
    source: str
    network: str
    wall_ns: int
    row: Row
    fuller: bool = False


class Lead(msgspec.Struct, frozen=True, gc=False):
    """A second source delivered a known fact: `first` had it `lead_ns` before `other`."""

    network: str
    row: Row
    first: str
    other: str
    lead_ns: int


@dataclass(slots=True)
class Sifted:
    """What a batch adds: facts in journal order, races decided, and how many rows were known already."""

    facts: list[Fact] = field(default_factory=list)
    leads: list[Lead] = field(default_factory=list)
    known: int = 0


class _Seen(msgspec.Struct, gc=False):
    """First delivery of a fact. `raced` once a second source has delivered it."""

    source: str
    network: str
    mono_ns: int
    slot: int | None
    fullness: int
    raced: bool = False


class Dedup:
    """Facts are named by 64-bit hashes of (network, `Row.key()`): among 65,536 kept facts two share one with p < 1e-9.

    A row without a transaction id has no identity and always passes.
    """

    def __init__(self, known: Known | None = None, capacity: int = CAPACITY) -> None:
        self.first_seen: dict[str, int] = {}
        """Per source, how many facts it delivered before every other."""
        self._known = known
        self._capacity = capacity
        self._seen: dict[int, _Seen] = {}
        self._horizon: dict[str, int] = {}
        """Per network, the highest slot of a fact that memory may have lost; at or below it the store is asked."""

    def remembered_up_to(self, network: str, slot: int) -> None:
        """Says that facts up to `slot` may be in the store and not in memory (after a restart)."""
        self._horizon[network] = max(slot, self._horizon.get(network, -1))

    def sift(self, delivered: Iterable[tuple[int, Raw, Sequence[Row]]]) -> Sifted:
        """Splits (seq, bytes, rows) in journal order into new facts, fuller versions of known ones, and repetitions."""
        out = Sifted()
        seen = self._seen
        maybe_old: dict[int, int] = {}
        for seq, raw, rows in delivered:
            fullness = _FULLNESS.get(raw.shape, 1)
            network = raw.network
            for row in rows:
                if row.signature is None:
                    out.facts.append(Fact(seq, raw.source, network, raw.wall_ns, row))
                    continue
                name = hash((network, row.signature, row.venue, row.kind, row.ordinal))
                earlier = seen.get(name)
                if earlier is not None:
                    self._again(out, earlier, seq, raw, row)
                    continue
                slot = row.slot if row.slot is not None else raw.slot
                seen[name] = _Seen(raw.source, network, raw.mono_ns, slot, fullness)
                horizon = self._horizon.get(network, -1)
                if horizon >= 0 and (slot is None or slot <= horizon):
                    maybe_old[len(out.facts)] = fullness
                out.facts.append(Fact(seq, raw.source, network, raw.wall_ns, row))
        if maybe_old and self._known is not None:
            self._drop_stored(out, maybe_old, self._known)
        for fact in out.facts:
            if not fact.fuller:
                self.first_seen[fact.source] = self.first_seen.get(fact.source, 0) + 1
        if len(seen) > self._capacity:
            self._forget()
        return out

    def _again(self, out: Sifted, earlier: _Seen, seq: int, raw: Raw, row: Row) -> None:
        out.known += 1
        fullness = _FULLNESS.get(raw.shape, 1)
        if fullness > earlier.fullness:
            earlier.fullness = fullness
            out.facts.append(Fact(seq, raw.source, raw.network, raw.wall_ns, row, fuller=True))
        if earlier.raced or earlier.source == raw.source:
            return
        earlier.raced = True
        lead = raw.mono_ns - earlier.mono_ns
        if abs(lead) > MAX_LEAD_NS:
            return
        if lead >= 0:
            out.leads.append(Lead(raw.network, row, earlier.source, raw.source, lead))
        else:
            out.leads.append(Lead(raw.network, row, raw.source, earlier.source, -lead))

    def _drop_stored(self, out: Sifted, fullness_of: dict[int, int], known: Known) -> None:
        by_network: dict[str, list[int]] = {}
        for place in fullness_of:
            by_network.setdefault(out.facts[place].network, []).append(place)
        stored: set[int] = set()
        for network, group in by_network.items():
            answers = known(network, [out.facts[place].row for place in group])
            stored.update(place for place, is_known in zip(group, answers, strict=True) if is_known)
        out.known += len(stored)
        # A stored fact's fullness is not remembered: a whole transaction may fill what logs left open.
        out.facts = [
            replace(fact, fuller=True) if place in stored else fact
            for place, fact in enumerate(out.facts)
            if place not in stored or fullness_of[place]
        ]

    def _forget(self) -> None:
        """Drops the oldest in one go (down to seven eighths), so that the cost per event stays flat."""
        for name in list(islice(self._seen, len(self._seen) - self._capacity * 7 // 8)):
            seen = self._seen.pop(name)
            self.remembered_up_to(seen.network, seen.slot or 0)
