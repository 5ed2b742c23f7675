"""The append side of the journal. One process holds it (a lock file beside the database says so).

A sequence number is returned only after the transaction that holds its record was committed to the write-ahead log: a
`kill -9` from then on loses nothing. What a power cut may lose depends on `synchronous` (docs/adr/0006-journal.md); no
number that may have been given out before a power cut is given out again after it.
"""

import fcntl
import hashlib
import os
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

from fluxdesk.core.clock import Clock, SystemClock
from fluxdesk.core.events import Raw
from fluxdesk.launches.journal.blocks import Entry, Packer, split
from fluxdesk.launches.journal.checkpoints import FALLBACK_PAGES, Checkpoints, fold
from fluxdesk.launches.journal.database import Synchronous, boot_id, no_room, open_writer
from fluxdesk.launches.journal.errors import JournalBusy
from fluxdesk.launches.journal.reader import JournalReader, Record
from fluxdesk.launches.journal.retention import Retention
from fluxdesk.launches.ports import JournalFull

_RESERVE = 1_000_000
_REPEAT_WINDOW = 4096
_INT64 = 1 << 63
_PAGES_BESIDE = 8192
"""Bytes a block takes in the log beside its own: the pages it ends in and hangs from."""
Block = tuple[int, int, int, int, bytes]
"""A row of `blocks`: first number, count, wall clock, boot, bytes."""


class SqliteJournal:
    """The `Journal` port on SQLite. `append` and `trim` may be called from any thread, one at a time."""

    def __init__(
        self,
        path: Path,
        *,
        max_mb: int = 20_000,
        max_days: int = 14,
        synchronous: Synchronous = "normal",
        clock: Clock | None = None,
    ) -> None:
        """Opens or creates the file. Raises `JournalBusy`, `JournalDamaged`, `JournalNewer`, `JournalFull`."""
        self._path = path
        self._synchronous = synchronous
        self._clock = clock or SystemClock()
        self._lock = threading.Lock()
        self._packer = Packer()
        self._next = 1
        self._reserved = 0
        self._boot = 0
        self._origins: dict[tuple[str, str, str], int] = {}
        self._sources: set[str] = set()
        self._recent: dict[bytes, int] = {}
        self._older: dict[bytes, int] = {}
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._held = _hold(path)
        try:
            self._connection = open_writer(path, synchronous)
            self._start()
            self._reader = JournalReader(path)
            self._connection.execute(f"PRAGMA wal_autocheckpoint = {FALLBACK_PAGES}")
            self._checkpoints = Checkpoints(path)
        except sqlite3.Error as error:
            os.close(self._held)
            if no_room(error):
                raise JournalFull(
                    f"There is no room on the disk for the journal {path}. Nothing was changed."
                ) from error
            raise
        except BaseException:
            os.close(self._held)
            raise
        self._retention = Retention(self._connection, max_mb, max_days)

    def append(self, batch: Sequence[Raw]) -> range:
        """Sequence numbers of the batch, in order, once a kill cannot lose it any more.

        Raises `JournalFull` when the disk takes no more: nothing of the batch was stored and the same call may be
        repeated once there is room.
        """
        with self._lock:
            first = self._next
            if not batch:
                return range(first, first)
            numbers = range(first, first + len(batch))
            if numbers.stop > self._reserved:
                self._reserve(numbers.stop)
            origins: dict[tuple[str, str, str], int] = {}
            repeats: dict[bytes, int] = {}
            entries = self._entries(batch, first, origins, repeats)
            blocks = self._blocks(entries, first)
            self._transact(origins, blocks)
            self._next = numbers.stop
            self._origins.update(origins)
            self._remember(repeats)
            size = sum([len(block[-1]) + _PAGES_BESIDE for block in blocks])
            self._retention.after_append(size, self._clock.now().wall)
            self._checkpoints.wrote(size)
            if self._checkpoints.due:
                self._checkpoints.due = False
                fold(self._connection)
            return numbers

    def trim(self) -> bool:
        """One small step of retention; True when there is more to do. `append` already takes such steps."""
        with self._lock:
            return self._retention.step(self._clock.now().wall)

    def limits(self, max_mb: int, max_days: int) -> None:
        """New limits from the settings; they take effect in small steps."""
        with self._lock:
            self._retention.limits(max_mb, max_days)

    def read(self, after: int = 0, limit: int | None = None) -> Iterator[tuple[int, Raw]]:
        """(seq, bytes) in order, from the first one after `after`. Raises `JournalDamaged`."""
        return self._reader.read(after, limit)

    def record(self, seq: int) -> Record | None:
        """One record with its boot id; None when retention removed it. Raises `JournalDamaged`."""
        return self._reader.record(seq)

    def last_seq(self) -> int:
        """The last number given out; 0 when none was."""
        return self._next - 1

    def first_seq(self) -> int | None:
        """The oldest record that retention left, or None when there is none."""
        return self._reader.first_seq()

    def size_bytes(self) -> int:
        """Bytes on disk: the database and its write-ahead log."""
        return self._reader.size_bytes()

    def close(self) -> None:
        """Notes an orderly end and releases the file. On a full disk the note is left out, which costs numbers only."""
        with self._lock:
            self._reader.close()
            self._checkpoints.close()
            try:
                self._durably("UPDATE state SET clean = 1")
            except sqlite3.OperationalError as error:
                if not no_room(error):
                    raise
            finally:
                self._connection.close()
                os.close(self._held)

    def _start(self) -> None:
        """Finds the next number: after a power cut that may have lost records, above every number that was reserved."""
        run = self._connection.execute
        floor, reserved, last_boot, clean = run("SELECT floor, reserved, boot_id, clean FROM state").fetchone()
        newest = run("SELECT first_seq + count - 1 FROM blocks ORDER BY first_seq DESC LIMIT 1").fetchone()
        last = max(floor, newest[0] if newest else 0)
        boot = boot_id()
        if not clean and last_boot != boot:
            last = max(last, reserved)
        self._next = last + 1
        self._reserved = self._next
        self._durably("UPDATE state SET floor = ?, reserved = ?, boot_id = ?, clean = 0", last, last, boot)
        run("INSERT OR IGNORE INTO boots (boot_id) VALUES (?)", (boot,))
        self._boot = int(run("SELECT id FROM boots WHERE boot_id = ?", (boot,)).fetchone()[0])
        self._origins = {(s, n, k): i for i, s, n, k in run("SELECT id, source, network, shape FROM origins")}

    def _reserve(self, needed: int) -> None:
        """Makes durable, before they are given out, that the next million numbers may have been."""
        reserved = needed + _RESERVE
        try:
            self._durably("UPDATE state SET reserved = ?", reserved)
        except sqlite3.OperationalError as error:
            raise self._full(error) from error
        self._reserved = reserved

    def _entries(
        self, batch: Sequence[Raw], first: int, origins: dict[tuple[str, str, str], int], repeats: dict[bytes, int]
    ) -> list[Entry]:
        """The batch as block entries; new origins and digests stay in the two dicts until the commit."""
        entries = []
        for seq, raw in enumerate(batch, first):
            source, payload, slot = raw.source, raw.payload, raw.slot
            key = (source, raw.network, raw.shape)
            origin = self._origins.get(key) or origins.get(key)
            if origin is None:
                origin = origins[key] = len(self._origins) + len(origins) + 1
            self._sources.add(source)
            back = 0
            if len(self._sources) > 1:
                digest = hashlib.sha256(payload).digest()
                earlier = repeats.get(digest) or self._recent.get(digest) or self._older.get(digest)
                if earlier is None:
                    repeats[digest] = seq
                else:
                    back, payload = seq - earlier, b""
            if slot is not None and not 0 <= slot < _INT64:
                slot = None
            entries.append(Entry(origin, slot, raw.wall_ns, raw.mono_ns, back, payload))
        return entries

    def _blocks(self, entries: Sequence[Entry], first: int) -> list[Block]:
        rows: list[Block] = []
        # The journal's own clock, not the records': a recording from last year is not old the moment it is read in.
        now = self._clock.now().wall
        for run in split(entries):
            rows.append((first, len(run), now, self._boot, self._packer.pack(run)))
            first += len(run)
        return rows

    def _transact(self, origins: dict[tuple[str, str, str], int], blocks: Sequence[Block]) -> None:
        named = [(number, source, network, str(shape)) for (source, network, shape), number in origins.items()]
        run = self._connection
        try:
            run.execute("BEGIN IMMEDIATE")
            run.executemany("INSERT INTO origins VALUES (?, ?, ?, ?)", named)
            run.executemany("INSERT INTO blocks VALUES (?, ?, ?, ?, ?)", blocks)
            run.execute("COMMIT")
        except sqlite3.OperationalError as error:
            if run.in_transaction:
                run.execute("ROLLBACK")
            raise self._full(error) from error

    def _full(self, error: sqlite3.OperationalError) -> Exception:
        if not no_room(error):
            return error
        return JournalFull(
            f"The disk of {self._path} is full. This batch was not recorded; everything before it is kept. "
            "Free some space or lower the journal size in the settings."
        )

    def _durably(self, sql: str, *values: int | str) -> None:
        """One statement that is on the disk, not only in the write-ahead log's page cache, when this returns."""
        self._connection.execute("PRAGMA synchronous = full")
        try:
            self._connection.execute(sql, values)
        finally:
            self._connection.execute(f"PRAGMA synchronous = {self._synchronous}")

    def _remember(self, repeats: dict[bytes, int]) -> None:
        """Keeps the last few thousand payload digests in two halves, so that forgetting is one assignment."""
        self._recent.update(repeats)
        if len(self._recent) >= _REPEAT_WINDOW // 2:
            self._older, self._recent = self._recent, {}


def _hold(path: Path) -> int:
    """The lock that makes this process the only one that appends. Raises `JournalBusy`."""
    held = os.open(path.with_name(path.name + ".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(held)
        raise JournalBusy(path) from None
    return held
