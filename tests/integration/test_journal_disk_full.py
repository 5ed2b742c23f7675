"""A full disk is said, loses nothing acknowledged, corrupts nothing, and recording goes on when there is room."""

import os
import resource
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from fluxdesk.core.events import Raw, Shape
from fluxdesk.launches.journal import JournalFull, SqliteJournal

LIMIT = 2 << 20
Free = Callable[[], None]


@pytest.fixture(params=["file system", "file size"])
def narrow(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Path, Free]]:
    """A folder that takes about 2 MB, and what makes more room: a small tmpfs, or the process's file size limit."""
    folder = tmp_path / "narrow"
    folder.mkdir(mode=0o700)
    if request.param == "file size":
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (LIMIT, hard))
        try:
            yield folder, lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        return
    mounted = (
        os.geteuid() == 0
        and subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={LIMIT * 2}", "tmpfs", str(folder)], capture_output=True, check=False
        ).returncode
        == 0
    )
    if not mounted:
        pytest.skip("mounting a small file system takes root; the file size limit is tested instead")
    ballast = folder / "ballast"
    ballast.write_bytes(b"\0" * LIMIT)
    try:
        yield folder, ballast.unlink
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def batch(n: int) -> list[Raw]:
    return [Raw("logs A", "solana", Shape.SOLANA_LOGS, n, time.time_ns(), 1, os.urandom(1500)) for _ in range(20)]


def test_a_full_disk_stops_recording_and_nothing_else(narrow: tuple[Path, Free]) -> None:
    folder, free = narrow
    path = folder / "journal.sqlite"
    journal = SqliteJournal(path)
    kept: dict[int, bytes] = {}
    full = None
    for n in range(400):
        raws = batch(n)
        try:
            numbers = journal.append(raws)
        except JournalFull as error:
            full = error
            break
        kept.update((seq, r.payload) for seq, r in zip(numbers, raws, strict=True))
    assert full is not None
    assert "is full" in str(full)
    assert len(kept) > 100
    with pytest.raises(JournalFull):
        journal.append(batch(0))
    assert {seq: r.payload for seq, r in journal.read()} == kept

    free()
    raws = batch(999)
    numbers = journal.append(raws)
    assert numbers.start == max(kept) + 1
    kept.update((seq, r.payload) for seq, r in zip(numbers, raws, strict=True))
    journal.close()
    again = SqliteJournal(path)
    assert {seq: r.payload for seq, r in again.read()} == kept
    again.close()
    db = sqlite3.connect(path)
    assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    db.close()


def test_no_room_for_a_new_journal_is_said(narrow: tuple[Path, Free]) -> None:
    folder, _ = narrow
    if (folder / "ballast").exists():
        (folder / "more").write_bytes(b"\0" * (LIMIT - 8192))
    else:
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
    with pytest.raises(JournalFull, match="no room"):
        SqliteJournal(folder / "journal.sqlite")
