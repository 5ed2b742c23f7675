"""What the store is given, and how a decoded row becomes columns. Pure: no SQL runs here."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any, NamedTuple

import msgspec

from fluxdesk.core.events import Kind, Provenance, Row, Side, Venue
from fluxdesk.core.views import GapView

RANK: dict[Provenance, int] = {p: n for n, p in enumerate(Provenance)}
"""0 is the strongest."""
_WEAKEST = len(RANK)
_PROVENANCES = tuple(Provenance)
Columns = dict[str, Any]
Line = Sequence[Any]
"""A trade as flat values, which cost a fraction of a `Sighting` to hand over: see `line_of` for their order."""
PLACE = slice(0, 7)
"""The part of a line that repeats from trade to trade: source, network, venue, pool, mints, token program."""
L_MINT, L_QUOTE, L_SEQ, L_SIGNATURE, L_ORDINAL, L_RANK, L_REST = 4, 5, 8, 12, 13, 14, 9
_RANKS: dict[Provenance | None, int] = {p: n for n, p in enumerate((*Provenance, None))}
LOGGED = RANK[Provenance.EVENT_LOG]
_TRADE, _BUY = Kind.TRADE, Side.BUY
"""Taken off their enums once: looking one up there takes as long as a call."""


class Sighting(msgspec.Struct, frozen=True, gc=False, array_like=True):
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


class Race(msgspec.Struct, frozen=True, gc=False, array_like=True):
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


class TokenSave(msgspec.Struct, frozen=True, gc=False, array_like=True):
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
    lines: Iterable[Line] = ()
    """Trades in their flat form, in journal order, beside `sightings`; gone through once, and before
    `sightings` is looked at."""
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
    return name_of(network + "\0" + row.signature + name_end(row.venue, row.kind, row.ordinal))


def name_end(venue: str | None, kind: Kind, ordinal: int) -> str:
    """The end of the text behind a fact's name, after its network and signature."""
    # Joined, not formatted: members of a StrEnum are strings already, and formatting them takes longer than the hash.
    return "\0".join(("", venue or "", kind, str(ordinal)))


def name_of(text: str) -> bytes:
    """The hash of a fact's network, signature, venue, kind and ordinal."""
    return blake2b(text.encode(), digest_size=16).digest()


def is_line(row: Row) -> bool:
    """True for what has a flat form: a trade that names its transaction and venue."""
    return row.kind is _TRADE and row.signature is not None and row.venue is not None


def line_of(s: Sighting) -> Line:
    """A trade's flat form. `is_line` must hold of its row."""
    r = s.row
    side = r.side
    return (
        s.source, s.network, r.venue, r.pool, r.token_mint, r.quote_mint, r.token_program,
        s.time_s if s.time_s is not None else time_of(s), s.seq, s.wall_ns, r.slot, r.index, r.signature, r.ordinal,
        _RANKS[r.provenance], None if side is None else side is _BUY, r.token_amount, r.quote_amount, r.trader,
        s.ghost,
    )  # fmt: skip


def sighting_of(line: Line) -> Sighting:
    """The sighting that a line was made of, as far as the tables can tell."""
    (
        source, network, venue, pool, mint, quote_mint, program, time_s, seq, wall_ns, slot, index, signature, ordinal,
        strength, side, token, quote, trader, ghost,
    ) = line  # fmt: skip
    row = Row(
        kind=Kind.TRADE,
        venue=Venue(venue),
        signature=signature,
        slot=slot,
        index=index,
        pool=pool,
        token_mint=mint,
        quote_mint=quote_mint,
        token_program=program,
        side=None if side is None else Side.BUY if side else Side.SELL,
        token_amount=token,
        quote_amount=quote,
        trader=trader,
        provenance=None if strength == _WEAKEST else _PROVENANCES[strength],
        ordinal=ordinal,
    )
    return Sighting(seq, source, network, wall_ns, row, time_s, ghost)


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
