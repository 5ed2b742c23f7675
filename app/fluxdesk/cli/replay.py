"""`fluxdesk replay PATH... --data DIR`: recordings through journal, pipeline and store, as fast as they go.

A document that the journal of this profile holds already is not journalled again; its rows are counted as known. So the
same replay twice changes nothing. With `--json`: each new row as one object (the printed contract and `seq`), then the
counts.
"""

import asyncio
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import msgspec

from fluxdesk.cli.attach import checked, expected_failures, fail
from fluxdesk.cli.table import line, sentence
from fluxdesk.core.events import Kind, Raw
from fluxdesk.core.views import EventItem
from fluxdesk.node.options import BadOptions, NodeOptions

if TYPE_CHECKING:
    from fluxdesk.node.vault import Vault

CUT_EVERY = 20_000
_read_item = msgspec.json.Decoder(EventItem).decode


class Totals(msgspec.Struct, kw_only=True):
    """The last line of a replay."""

    op: str = "counts"
    unreadable: int
    """Files, or parts of files, that could not be read; each is named on standard error."""
    records: int
    """Documents read."""
    new_records: int
    """Of them, those that the journal did not hold."""
    rows: dict[str, int]
    """New rows by kind; every kind is named."""
    known_rows: int
    """Rows that were known already, from this replay or an earlier one."""
    seq: int
    """The journal's last number."""


@dataclass(slots=True)
class _Count:
    unreadable: int = 0
    records: int = 0
    new_records: int = 0
    known_rows: int = 0
    rows: Counter[str] = field(default_factory=Counter)


def run(paths: Sequence[Path], data: Path | None = None, json: bool = False, out: TextIO | None = None) -> int:
    """Exit code: 0, 1 when the profile cannot be used, 2 for wrong options or when a file could not be read."""
    out = out or sys.stdout
    if not paths:
        return fail("replay", "Name at least one recording.")
    try:
        options = checked(NodeOptions("replay", data, recordings=tuple(paths)))
    except BadOptions as wrong:
        return fail("replay", str(wrong))
    try:
        totals = _replay(options, json, out)
    except expected_failures() as error:
        return fail("replay", str(error), 1)
    out.write(msgspec.json.encode(totals).decode() + "\n" if json else _words(totals))
    return 2 if totals.unreadable else 0


def _replay(options: NodeOptions, json: bool, out: TextIO) -> Totals:
    from fluxdesk.core import settings_file
    from fluxdesk.core.clock import SystemClock
    from fluxdesk.core.redaction import redact
    from fluxdesk.node.lock import ProfileLock
    from fluxdesk.node.places import check_places
    from fluxdesk.node.vault import Vault

    profile = options.profile()
    check_places(profile)
    lock = ProfileLock(profile.lock)
    try:
        loaded = settings_file.load(profile.settings)
        for remark in loaded.problems:
            print(f"fluxdesk replay: {redact(remark)}", file=sys.stderr)
        vault = Vault.open(profile, loaded.settings, SystemClock(), lock)
        vault.keeper.start()
        count = _Count()
        try:
            asyncio.run(_play(options, vault, count, json, out))
        finally:
            # Nothing new, nothing written: the same replay twice leaves the same bytes.
            vault.close(vault.pipeline.last_cut() if count.new_records else None, index_rest=True)
        return Totals(
            unreadable=count.unreadable,
            records=count.records,
            new_records=count.new_records,
            rows={kind.value: count.rows[kind.value] for kind in Kind},
            known_rows=count.known_rows,
            seq=vault.pipeline.book.last_seq,
        )
    finally:
        lock.release()


async def _play(options: NodeOptions, vault: "Vault", count: _Count, json: bool, out: TextIO) -> None:
    """One loop: nothing else happens in this process, so the pipeline may run on it."""
    from fluxdesk.launches.sources.files import FileSource
    from fluxdesk.node.evidence import decode_apart

    source = FileSource(options.recordings)
    known = {_digest(raw) for _, raw in vault.journal.read()}
    since_cut = 0
    async for batch in source.batches():
        fresh, repeated = _sorted(batch, known)
        count.records += len(batch)
        count.new_records += len(fresh)
        count.known_rows += sum(len(decode_apart(raw, vault.pipeline.context)) for raw in repeated)
        if not fresh:
            continue
        step = vault.pipeline.append(fresh)
        count.known_rows += step.known
        for item in map(_read_item, step.publication.items):
            count.rows[item.kind] += 1
            out.write(line(item) + "\n" if json else sentence(bytes(item.row)) + "\n")
        since_cut += len(step.publication.items)
        if since_cut >= CUT_EVERY:
            since_cut = 0
            _save(vault)
    count.unreadable = len(source.problems)
    for path, why in source.problems:
        print(f"fluxdesk replay: {path}: {why}", file=sys.stderr)


def _save(vault: "Vault") -> None:
    """Hands a cut to the store's thread once it has written the one before."""
    cut = vault.pipeline.cut()
    vault.keeper.offer_when_idle(cut)


def _sorted(batch: Sequence[Raw], known: set[bytes]) -> tuple[list[Raw], list[Raw]]:
    """(documents that are new, documents that were seen before); the new ones are noted in `known`."""
    fresh: list[Raw] = []
    repeated: list[Raw] = []
    for raw in batch:
        digest = _digest(raw)
        (repeated if digest in known else fresh).append(raw)
        known.add(digest)
    return fresh, repeated


def _digest(raw: Raw) -> bytes:
    return blake2b(f"{raw.network} {raw.shape} ".encode() + raw.payload, digest_size=16).digest()


def _words(totals: Totals) -> str:
    rows = ", ".join(f"{count:,} {kind}" for kind, count in totals.rows.items() if count) or "no new rows"
    return (
        f"Read {totals.records:,} documents, {totals.new_records:,} of them new: {rows}. "
        f"{totals.known_rows:,} rows were known already.\n"
    )
