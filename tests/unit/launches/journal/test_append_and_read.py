"""What goes into the journal comes out: bytes, order, clocks, sources; and numbers never repeat."""

import sqlite3
import time
from pathlib import Path
from random import Random

import pytest

from fluxdesk.core.clock import Instant
from fluxdesk.core.events import Raw, Shape
from fluxdesk.core.ids import MonoNanos, WallNanos
from fluxdesk.launches.journal import (
    JournalBusy,
    JournalDamaged,
    JournalNewer,
    JournalReader,
    SqliteJournal,
)
from fluxdesk.launches.journal.blocks import MAX_RECORDS
from fluxdesk.launches.journal.checkpoints import EVERY_BYTES, FALLBACK_PAGES

DAY = 86_400 * 10**9
NOW = 1_790_000_000 * 10**9


class SteppedClock:
    """A clock that stands where the test puts it."""

    def __init__(self, wall: int = NOW) -> None:
        self.wall = wall

    def now(self) -> Instant:
        return Instant(WallNanos(self.wall), MonoNanos(1))


def raw(n: int, *, source: str = "logs A", wall: int = NOW, size: int = 40, payload: bytes | None = None) -> Raw:
    body = payload if payload is not None else b'{"n":%d,"pad":"%s"}' % (n, Random(n).randbytes(size).hex().encode())
    return Raw(source, "solana", Shape.SOLANA_LOGS, 300_000_000 + n, wall, 5_000 + n, body)


def open_journal(folder: Path, **options: object) -> SqliteJournal:
    return SqliteJournal(folder / "journal.sqlite", **{"clock": SteppedClock(), **options})  # type: ignore[arg-type]


def test_a_batch_comes_back_as_it_was_given(tmp_path: Path) -> None:
    batch = [
        raw(1),
        Raw("évm", "evm:1", Shape.EVM_LOG, None, NOW, 7, b""),
        Raw("files", "solana", Shape.AUTO, 0, -5, -6, bytes(range(256)) * 40),
    ]
    journal = open_journal(tmp_path)
    assert journal.append(batch) == range(1, 4)
    assert [r for _, r in journal.read()] == batch
    journal.close()
    again = open_journal(tmp_path)
    assert list(again.read()) == list(zip(range(1, 4), batch, strict=True))
    again.close()


def test_numbers_go_on_after_closing(tmp_path: Path) -> None:
    for start in (1, 11, 21):
        journal = open_journal(tmp_path)
        assert journal.append([raw(n) for n in range(10)]) == range(start, start + 10)
        assert journal.last_seq() == start + 9
        journal.close()


def test_an_empty_batch_takes_no_number(tmp_path: Path) -> None:
    journal = open_journal(tmp_path)
    assert len(journal.append([])) == 0
    assert journal.last_seq() == 0
    assert journal.append([raw(1)]) == range(1, 2)
    journal.close()


def test_reading_starts_after_a_number_and_stops_at_a_limit(tmp_path: Path) -> None:
    journal = open_journal(tmp_path)
    for n in range(0, 50, 5):
        journal.append([raw(i) for i in range(n, n + 5)])
    assert [seq for seq, _ in journal.read(after=13, limit=9)] == list(range(14, 23))
    assert [seq for seq, _ in journal.read(after=49)] == [50]
    assert list(journal.read(after=50)) == []
    assert list(journal.read(limit=0)) == []
    journal.close()


def test_a_batch_larger_than_a_block_is_one_append(tmp_path: Path) -> None:
    count = MAX_RECORDS * 2 + 7
    journal = open_journal(tmp_path)
    assert journal.append([raw(n) for n in range(count)]) == range(1, count + 1)
    assert [r.slot for _, r in journal.read()] == [300_000_000 + n for n in range(count)]
    journal.close()


def test_the_same_bytes_from_a_second_source_are_stored_once_and_read_twice(tmp_path: Path) -> None:
    journal = open_journal(tmp_path)
    bodies = [bytes([n % 251]) * 10 + n.to_bytes(4, "big") * 2000 for n in range(20)]
    journal.append([raw(0), raw(0, source="logs B", payload=b"{}")])
    before = journal.size_bytes()
    journal.append([raw(n, payload=b) for n, b in enumerate(bodies)])
    one = journal.size_bytes() - before
    numbers = journal.append([raw(n, source="logs B", wall=NOW + 9, payload=b) for n, b in enumerate(bodies)])
    record = journal.record(numbers[3])
    assert record is not None
    assert (record.raw.source, record.raw.wall_ns, record.raw.payload) == ("logs B", NOW + 9, bodies[3])
    assert record.repeats == numbers[3] - 20
    assert [r.payload for _, r in journal.read(after=22)] == bodies
    assert journal.size_bytes() - before - one <= one
    journal.close()


def test_a_record_carries_the_boot_its_clock_belongs_to(tmp_path: Path) -> None:
    journal = open_journal(tmp_path)
    journal.append([raw(1)])
    record = journal.record(1)
    assert record is not None
    assert record.boot_id == Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    assert journal.record(2) is None
    assert journal.record(0) is None
    journal.close()


def test_a_wall_clock_that_steps_back_changes_neither_order_nor_contents(tmp_path: Path) -> None:
    clock = SteppedClock()
    journal = open_journal(tmp_path, clock=clock, max_days=1)
    journal.append([raw(1, wall=NOW)])
    clock.wall = NOW - 30 * DAY
    journal.append([raw(2, wall=NOW - 30 * DAY)])
    while journal.trim():
        pass
    assert [r.wall_ns for _, r in journal.read()] == [NOW, NOW - 30 * DAY]
    clock.wall = NOW
    while journal.trim():
        pass
    assert [r.wall_ns for _, r in journal.read()] == [NOW, NOW - 30 * DAY]
    journal.close()


def test_old_records_go_and_their_numbers_do_not_come_back(tmp_path: Path) -> None:
    clock = SteppedClock()
    journal = open_journal(tmp_path, clock=clock, max_days=2)
    journal.append([raw(n) for n in range(5)])
    clock.wall = NOW + 3 * DAY
    while journal.trim():
        pass
    assert list(journal.read()) == []
    assert journal.last_seq() == 5
    journal.close()
    journal = open_journal(tmp_path, clock=clock, max_days=2)
    assert journal.last_seq() == 5
    assert journal.append([raw(9, wall=clock.wall)]) == range(6, 7)
    assert [seq for seq, _ in journal.read()] == [6]
    journal.close()


def test_a_recording_with_old_clocks_is_not_old_when_it_is_read_in(tmp_path: Path) -> None:
    journal = open_journal(tmp_path, max_days=1)
    journal.append([raw(n, wall=NOW - 400 * DAY) for n in range(5)])
    while journal.trim():
        pass
    assert len(list(journal.read())) == 5
    journal.close()


def test_the_journal_stays_near_its_size_and_keeps_the_newest(tmp_path: Path) -> None:
    journal = open_journal(tmp_path, max_mb=1)
    for n in range(0, 6000, 20):
        journal.append([raw(i, size=1600) for i in range(n, n + 20)])
    while journal.trim():
        pass
    kept = [seq for seq, _ in journal.read()]
    assert kept == list(range(kept[0], 6001))
    assert kept[0] > 1
    assert (tmp_path / "journal.sqlite").stat().st_size < 3_000_000
    journal.close()


def test_a_lower_limit_gives_bytes_back_to_the_disk_in_steps(tmp_path: Path) -> None:
    journal = open_journal(tmp_path)
    for n in range(0, 6000, 20):
        journal.append([raw(i, size=1600) for i in range(n, n + 20)])
    journal.close()
    before = (tmp_path / "journal.sqlite").stat().st_size
    journal = open_journal(tmp_path)
    journal.limits(max_mb=1, max_days=14)
    steps = 0
    while journal.trim():
        steps += 1
    assert steps > 2
    journal.close()
    assert (tmp_path / "journal.sqlite").stat().st_size < before / 2


def test_a_repeat_goes_with_the_record_that_held_its_bytes(tmp_path: Path) -> None:
    clock = SteppedClock()
    journal = open_journal(tmp_path, clock=clock, max_days=1)
    journal.append([raw(1, payload=b"x" * 500), raw(2, source="logs B", payload=b"y")])
    journal.append([raw(3, payload=b"z" * 500)])
    clock.wall = later = NOW + 2 * DAY
    journal.append([raw(3, source="logs B", wall=later, payload=b"z" * 500), raw(4, wall=later, payload=b"new")])
    while journal.trim():
        pass
    assert [(seq, r.payload) for seq, r in journal.read()] == [(5, b"new")]
    assert journal.record(4) is None
    journal.close()


def test_a_second_process_may_read_but_not_append(tmp_path: Path) -> None:
    journal = open_journal(tmp_path)
    journal.append([raw(1)])
    with pytest.raises(JournalBusy, match="Another Fluxdesk is recording"):
        open_journal(tmp_path)
    reader = JournalReader(tmp_path / "journal.sqlite")
    assert [seq for seq, _ in reader.read()] == [1]
    journal.append([raw(2)])
    assert reader.last_seq() == 2
    assert [seq for seq, _ in reader.read(after=1)] == [2]
    reader.close()
    journal.close()


def test_the_write_ahead_log_is_folded_and_begun_anew_under_load(tmp_path: Path) -> None:
    journal = open_journal(tmp_path)
    log = tmp_path / "journal.sqlite-wal"
    batch = [raw(n, size=8000) for n in range(20)]
    size = before = 0
    while size == 0 or size > before:
        before = log.stat().st_size
        for _ in range(3):
            journal.append(batch)
            time.sleep(0.003)  # the pace of a busy source: ten times what 10,000 records a second bring
        size = log.stat().st_size
        assert size < 4000 * FALLBACK_PAGES, "only SQLite's own checkpoint ended the growth"
    assert size >= EVERY_BYTES
    journal.close()


def test_a_reader_does_not_make_a_journal(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        JournalReader(tmp_path / "journal.sqlite")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"not a database at all, just text" * 200, b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_file_that_is_no_journal_is_refused_and_left_as_it_was(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "journal.sqlite"
    path.write_bytes(content)
    with pytest.raises(JournalDamaged, match="Nothing was changed"):
        SqliteJournal(path)
    assert path.read_bytes() == content


def test_another_programs_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE notes (text)")
    other.commit()
    other.close()
    before = path.read_bytes()
    with pytest.raises(JournalDamaged, match="not a Fluxdesk journal"):
        SqliteJournal(path)
    assert path.read_bytes() == before


def test_a_newer_format_is_refused_and_named(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    journal = SqliteJournal(path)
    journal.append([raw(1)])
    journal.close()
    db = sqlite3.connect(path)
    db.execute("PRAGMA user_version = 7")
    db.close()
    before = path.read_bytes()
    for opener in (SqliteJournal, JournalReader):
        with pytest.raises(JournalNewer, match="format 7"):
            opener(path)
    assert path.read_bytes() == before


def test_a_flipped_byte_in_a_block_is_said_with_its_numbers(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    journal = SqliteJournal(path)
    journal.append([raw(n) for n in range(3)])
    journal.append([raw(n) for n in range(3, 6)])
    journal.close()
    db = sqlite3.connect(path)
    block = bytearray(db.execute("SELECT bytes FROM blocks WHERE first_seq = 4").fetchone()[0])
    block[len(block) // 2] ^= 0x10
    db.execute("UPDATE blocks SET bytes = ? WHERE first_seq = 4", (bytes(block),))
    db.commit()
    db.close()
    reader = JournalReader(path)
    seen = []
    with pytest.raises(JournalDamaged, match="records 4 to 6"):
        seen.extend(seq for seq, _ in reader.read())
    assert [seq for seq, _ in reader.read(limit=3)] == [1, 2, 3]
    assert reader.record(2) is not None
    reader.close()


def test_an_interrupted_creation_is_finished(tmp_path: Path) -> None:
    (tmp_path / "journal.sqlite").touch()
    journal = open_journal(tmp_path)
    assert journal.append([raw(1)]) == range(1, 2)
    journal.close()


def test_numbers_that_a_power_cut_may_have_lost_are_not_given_out_again(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    journal = SqliteJournal(path)
    journal.append([raw(n) for n in range(10)])
    journal.close()
    db = sqlite3.connect(path)
    db.execute("DELETE FROM blocks")
    db.execute("UPDATE state SET clean = 0, boot_id = 'the boot before', floor = 0")
    db.commit()
    db.close()
    journal = SqliteJournal(path)
    assert journal.append([raw(1)]).start > 10
    journal.close()


def test_a_kill_within_one_boot_skips_no_numbers(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    journal = SqliteJournal(path)
    journal.append([raw(n) for n in range(10)])
    journal.close()
    db = sqlite3.connect(path)
    db.execute("UPDATE state SET clean = 0")
    db.commit()
    db.close()
    journal = SqliteJournal(path)
    assert journal.append([raw(1)]) == range(11, 12)
    journal.close()


def test_files_are_private(tmp_path: Path) -> None:
    journal = open_journal(tmp_path / "data")
    journal.append([raw(1)])
    assert (tmp_path / "data").stat().st_mode & 0o077 == 0
    for file in (tmp_path / "data").iterdir():
        assert file.stat().st_mode & 0o077 == 0, file.name
    journal.close()
