"""The history's file on its own: damage and other versions cost a second reading of the chain, never the wallet."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy.exc import DatabaseError

from fluxdesk.chains.history.repository import HistoryRepository
from fluxdesk.core.chains import ChainId

CHAIN, ACCOUNT = ChainId("eip155:1"), "0x" + "11" * 20


def filled(path: Path) -> None:
    repository = HistoryRepository(path)
    repository.write(CHAIN, ACCOUNT, "blocks", b"checkpoint", ())
    repository.close()


def checkpoint(path: Path) -> bytes | None:
    repository = HistoryRepository(path)
    try:
        return repository.checkpoint(CHAIN, ACCOUNT, "blocks")
    finally:
        repository.close()


def test_what_was_written_is_there_at_the_next_opening(tmp_path: Path) -> None:
    filled(tmp_path / "history.sqlite")
    assert checkpoint(tmp_path / "history.sqlite") == b"checkpoint"


def test_a_damaged_file_is_set_aside_under_a_name_of_its_own_and_a_new_one_is_begun(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite"
    for number, aside in enumerate(("history.sqlite.damaged", "history.sqlite.damaged-2")):
        filled(path)
        damaged = (b"no database %d " % number) * 500
        path.write_bytes(damaged)
        assert checkpoint(path) is None
        assert (tmp_path / aside).read_bytes() == damaged
        filled(path)
        assert checkpoint(path) == b"checkpoint"


def test_a_file_of_another_version_is_read_from_the_chain_again(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite"
    filled(path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 99")
    assert checkpoint(path) is None


def test_a_file_that_another_program_holds_is_no_damaged_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "history.sqlite"
    filled(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        real = sqlite3.connect
        monkeypatch.setattr(sqlite3, "connect", lambda *a, **k: real(*a, **{**k, "timeout": 0.0}))
        with pytest.raises(DatabaseError, match="locked"):
            HistoryRepository(path)
        other.execute("ROLLBACK")
    assert checkpoint(path) == b"checkpoint"
    assert [file.name for file in tmp_path.iterdir() if "damaged" in file.name] == []
