"""Reading the journal while it is written: in order for a replay, or one record with its evidence.

Rows are fetched a few blocks at a time, so that no read transaction lives long enough to keep the writer from reusing
its write-ahead log. A record whose payload repeated an earlier one is gone once retention removed that one.
"""

import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from fluxdesk.core.events import Raw, Shape
from fluxdesk.launches.journal.blocks import BadBlock, Entry, unpack
from fluxdesk.launches.journal.database import open_reader
from fluxdesk.launches.journal.errors import JournalDamaged

_FETCH = 32
_KEPT_BLOCKS = 64


class Record(msgspec.Struct, frozen=True):
    """One journal record with what `Raw` does not carry."""

    seq: int
    raw: Raw
    boot_id: str
    """Two monotonic clocks compare only when these are equal."""
    repeats: int | None
    """The earlier record that delivered the same bytes, when this one does not store them again."""


class _Block(NamedTuple):
    first_seq: int
    boot: int
    entries: list[Entry]


class JournalReader:
    """Read-only view of a journal file. Safe to use from several threads; close it when done."""

    def __init__(self, path: Path) -> None:
        """Raises `JournalDamaged`, `JournalNewer`, or `FileNotFoundError`."""
        self._path = path
        self._connection = open_reader(path)
        self._lock = threading.RLock()
        self._origins: dict[int, tuple[str, str, Shape]] = {}
        self._boots: dict[int, str] = {}
        self._blocks: OrderedDict[int, _Block] = OrderedDict()

    def read(self, after: int = 0, limit: int | None = None) -> Iterator[tuple[int, Raw]]:
        """(seq, bytes) in order, from the first one after `after`. Raises `JournalDamaged` at an unreadable block."""
        return islice(self._records(after), limit) if limit is not None else self._records(after)

    def record(self, seq: int) -> Record | None:
        """One record with its boot id; None when it was never there or is gone. Raises `JournalDamaged`."""
        block = self._block_of(seq)
        if block is None:
            return None
        entry = block.entries[seq - block.first_seq]
        raw = self._raw(seq, entry)
        if raw is None:
            return None
        return Record(seq, raw, self._boot(block.boot), seq - entry.back if entry.back else None)

    def last_seq(self) -> int:
        """The newest record's number, or the last one given out when retention left none; 0 when none ever was."""
        rows = self._query("SELECT first_seq + count - 1 FROM blocks ORDER BY first_seq DESC LIMIT 1")
        return int(rows[0][0]) if rows else int(self._query("SELECT floor FROM state")[0][0])

    def first_seq(self) -> int | None:
        """The oldest record that retention left, or None when there is none."""
        rows = self._query("SELECT first_seq FROM blocks ORDER BY first_seq LIMIT 1")
        return int(rows[0][0]) if rows else None

    def size_bytes(self) -> int:
        """Bytes on disk: the database and its write-ahead log."""
        files = (self._path, self._path.with_name(self._path.name + "-wal"))
        return sum(f.stat().st_size for f in files if f.exists())

    def close(self) -> None:
        """Release the file."""
        with self._lock:
            self._connection.close()

    def _records(self, after: int) -> Iterator[tuple[int, Raw]]:
        start = self._query("SELECT max(first_seq) FROM blocks WHERE first_seq <= ?", after + 1)[0][0]
        at = after + 1 if start is None else int(start)
        while rows := self._query(
            "SELECT first_seq, count, boot, bytes FROM blocks WHERE first_seq >= ? ORDER BY first_seq LIMIT ?",
            at,
            _FETCH,
        ):
            for first_seq, count, boot, packed in rows:
                block = self._unpack(first_seq, count, boot, packed)
                for seq, entry in enumerate(block.entries, first_seq):
                    if seq > after and (raw := self._raw(seq, entry)) is not None:
                        yield seq, raw
                at = first_seq + count

    def _raw(self, seq: int, entry: Entry) -> Raw | None:
        payload = entry.payload
        if entry.back:
            origin_block = self._block_of(seq - entry.back)
            if origin_block is None:
                return None
            payload = origin_block.entries[seq - entry.back - origin_block.first_seq].payload
        source, network, shape = self._origin(entry.origin)
        return Raw(source, network, shape, entry.slot, entry.wall_ns, entry.mono_ns, payload)

    def _block_of(self, seq: int) -> _Block | None:
        with self._lock:
            for block in reversed(self._blocks.values()):
                if block.first_seq <= seq < block.first_seq + len(block.entries):
                    return block
        rows = self._query(
            "SELECT first_seq, count, boot, bytes FROM blocks WHERE first_seq <= ? ORDER BY first_seq DESC LIMIT 1", seq
        )
        if not rows or not rows[0][0] <= seq < rows[0][0] + rows[0][1]:
            return None
        return self._unpack(*rows[0])

    def _unpack(self, first_seq: int, count: int, boot: int, packed: bytes) -> _Block:
        try:
            block = _Block(first_seq, boot, unpack(packed, count))
        except BadBlock as error:
            last = first_seq + count - 1
            raise JournalDamaged(self._path, f"records {first_seq:,} to {last:,} are damaged, {error}") from error
        with self._lock:
            self._blocks[first_seq] = block
            if len(self._blocks) > _KEPT_BLOCKS:
                self._blocks.popitem(last=False)
        return block

    def _origin(self, number: int) -> tuple[str, str, Shape]:
        if number not in self._origins:
            rows = self._query("SELECT source, network, shape FROM origins WHERE id = ?", number)
            if not rows:
                raise JournalDamaged(self._path, f"a record names source {number}, which the file does not know")
            self._origins[number] = (rows[0][0], rows[0][1], Shape(rows[0][2]))
        return self._origins[number]

    def _boot(self, number: int) -> str:
        if number not in self._boots:
            self._boots[number] = str(self._query("SELECT boot_id FROM boots WHERE id = ?", number)[0][0])
        return self._boots[number]

    def _query(self, sql: str, *values: int) -> list[tuple[Any, ...]]:
        with self._lock:
            try:
                return self._connection.execute(sql, values).fetchall()
            except sqlite3.OperationalError:
                raise
            except sqlite3.DatabaseError as error:
                raise JournalDamaged(self._path, str(error)) from error
