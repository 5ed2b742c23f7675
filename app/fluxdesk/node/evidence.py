"""The raw bytes behind a number: journal records with their clocks and what the decoder reads in them now. Blocking."""

import base64
from collections import ChainMap
from collections.abc import Callable, MutableMapping, Sequence
from dataclasses import replace
from typing import cast

import msgspec

from fluxdesk.core.events import Raw, Row
from fluxdesk.core.views import RecordView, TransactionView
from fluxdesk.gateway.desk import NoSuchThing
from fluxdesk.launches.context import DecodeContext, PoolInfo, Pools
from fluxdesk.launches.decode import decode_raw
from fluxdesk.launches.journal import SqliteJournal
from fluxdesk.launches.printing import printed_json

SCANNED = 20_000
"""Records looked through for a transaction that left no fact."""


def decode_apart(raw: Raw, context: DecodeContext) -> list[Row]:
    """The rows of bytes that were decoded before: pools they teach go into a layer that is thrown away."""
    scratch: MutableMapping[str, PoolInfo] = ChainMap({}, context.pools)
    return decode_raw(raw, replace(context, pools=cast(Pools, scratch)))


class Evidence:
    """Reads single records; never changes what the pipeline's decode context has learnt."""

    def __init__(self, journal: SqliteJournal, context: DecodeContext, seqs_of: Callable[[str], Sequence[int]]) -> None:
        self._journal = journal
        self._context = context
        self._seqs_of = seqs_of

    def record(self, seq: int) -> RecordView:
        """One journal record. Raises `NoSuchThing`."""
        found = self._journal.record(seq)
        if found is None:
            last = self._journal.last_seq()
            why = f"the newest is {last:,}" if seq > last else "it was removed by the journal's size or age limit"
            raise NoSuchThing(f"The journal has no record {seq:,}: {why}.")
        return self._view(seq, found.raw)

    def transaction(self, signature: str) -> TransactionView:
        """Every record that stated something of a transaction. Raises `NoSuchThing`."""
        seqs = sorted(set(self._seqs_of(signature))) or self._scan(signature)
        if not seqs:
            raise NoSuchThing(f"No transaction {signature} has been seen in this profile.")
        records = [self._view(seq, found.raw) for seq in seqs if (found := self._journal.record(seq)) is not None]
        if not records:
            raise NoSuchThing(
                f"The bytes of transaction {signature} were removed by the journal's size or age limit; "
                "what was read in them is kept."
            )
        return TransactionView(signature=signature, records=records)

    def _scan(self, signature: str) -> list[int]:
        """Numbers of recent records that name a transaction: what is unknown or refused is in no table."""
        wanted = signature.encode()
        after = max(0, self._journal.last_seq() - SCANNED)
        return [seq for seq, raw in self._journal.read(after) if wanted in raw.payload]

    def _view(self, seq: int, raw: Raw) -> RecordView:
        return RecordView(
            seq=seq,
            source=raw.source,
            network=raw.network,
            shape=raw.shape.value,
            slot=raw.slot,
            wall_ns=raw.wall_ns,
            mono_ns=raw.mono_ns,
            payload=raw.payload.decode(errors="replace"),
            payload_b64=base64.b64encode(raw.payload).decode(),
            rows=[msgspec.Raw(printed_json(row)) for row in decode_apart(raw, self._context)],
        )
