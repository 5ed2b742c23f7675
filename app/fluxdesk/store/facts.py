"""What the store is given, and how a decoded row becomes columns. Pure: no SQL runs here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any, NamedTuple

import msgspec

from fluxdesk.core.events import Kind, Provenance, Row, Side
from fluxdesk.core.views import GapView

RANK: dict[Provenance, int] = {p: n for n, p in enumerate(Provenance)}
"""0 is the strongest."""
_WEAKEST = len(RANK)
Columns = dict[str, Any]


class Sighting(msgspec.Struct, frozen=True, gc=False):
    """A decoded row with the journal record it was read from."""

    seq: int
    source: str
    network: str
    wall_ns: int
    row: Row
    time_s: int | None = None
    """Chain clock as the caller knows it; without it the row's block time, else this machine's clock."""
    ghost: str | None = None
    """Why the chart leaves a trade out, when that is known already."""


class Race(msgspec.Struct, frozen=True, gc=False):
    """A second source delivered a known fact: `first` had it `lead_ns` before `other`."""

    network: str
    row: Row
    first: str
    other: str
    lead_ns: int


class GhostPrint(msgspec.Struct, frozen=True, gc=False):
    """A stored trade turned out to be one the chart leaves out."""

    network: str
    row: Row
    reason: str


class TokenSave(msgspec.Struct, frozen=True, gc=False):
    """The node's state of a token, opaque to the store."""

    network: str
    mint: str
    state: bytes


class LearntPool(msgspec.Struct, frozen=True, gc=False):
    """The mints of a pool in the program's own order."""

    network: str
    pool: str
    mint_a: str
    mint_b: str
    token_program: str | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """Everything up to journal number `through_seq` that was not applied before: one transaction."""

    through_seq: int
    sightings: Sequence[Sighting] = ()
    races: Sequence[Race] = ()
    ghosts: Sequence[GhostPrint] = ()
    tokens: Sequence[TokenSave] = ()
    pools: Sequence[LearntPool] = ()
    gaps: Sequence[GapView] = ()
    notes: Mapping[str, bytes] = field(default_factory=dict)


class Applied(NamedTuple):
    """What a batch did: facts that were new, known ones that gained something, known ones that did not."""

    new: int
    filled: int
    known: int


def fact_name(network: str, row: Row) -> bytes:
    """The 128-bit name of a row's fact. The row must have a signature."""
    assert row.signature is not None
    # Joined, not formatted: members of a StrEnum are strings already, and formatting them takes longer than the hash.
    text = "\0".join((network, row.signature, row.venue or "", row.kind, str(row.ordinal)))
    return blake2b(text.encode(), digest_size=16).digest()


def time_of(sighting: Sighting) -> int:
    """Unix seconds of a sighting."""
    if sighting.time_s is not None:
        return sighting.time_s
    if sighting.row.block_time is not None:
        return sighting.row.block_time
    return sighting.wall_ns // 1_000_000_000


def storable(text: str | None) -> str | None:
    """Remote text as SQLite takes it: halves of surrogate pairs, which JSON can carry, become question marks."""
    return None if text is None else text.encode(errors="replace").decode()


def trade_columns(row: Row) -> Columns:
    """The columns of a trade that a fuller row may fill."""
    side = row.side
    return {
        "slot": row.slot,
        "position": row.index,
        "side": None if side is None else int(side is Side.BUY),
        "token_base": row.token_amount,
        "quote_base": row.quote_amount,
        "trader": row.trader,
    }


def other_columns(row: Row) -> Columns:
    """The columns of a launch, pool, liquidity or migration row that a fuller row may fill."""
    columns: Columns = {"slot": row.slot, "position": row.index}
    if row.kind is Kind.LAUNCH:
        state = row.state
        columns |= {"creator": row.creator, "name": storable(row.name), "symbol": storable(row.symbol)}
        columns["uri"] = storable(row.uri)
        columns |= {
            "config": None if state is None else state.config,
            "supply": None if state is None else state.supply,
        }
    elif row.kind is Kind.POOL:
        columns |= {"creator": row.creator, "reason": None if row.reason is None else row.reason.value}
    else:
        columns |= {"token_base": row.token_amount, "quote_base": row.quote_amount, "trader": row.trader}
        if row.kind is Kind.LIQUIDITY:
            columns["reason"] = None if row.reason is None else row.reason.value
    return columns


def merge(old: Mapping[str, Any], new: Columns, provenance: int) -> Columns:
    """What changes in a stored fact when it is stated again.

    Unknown columns are filled; known ones change only when the new statement's provenance is stronger; nothing becomes
    unknown. Empty when the new statement adds nothing.
    """
    stronger = provenance < old["provenance"]
    changes = {
        name: value
        for name, value in new.items()
        if value is not None and (old[name] is None or (stronger and old[name] != value))
    }
    if stronger:
        changes["provenance"] = provenance
    return changes


def rank(row: Row) -> int:
    """How strong a row's provenance is; 0 is the strongest."""
    return _WEAKEST if row.provenance is None else RANK[row.provenance]
