"""A full disk is said; nothing of the batch is stored, and the same batch goes in when there is room."""

import resource
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from fluxdesk.store.errors import StoreFull
from fluxdesk.store.repository import Repository
from fluxdesk.store.writer import Store
from integration.programs.store_applier import batch


def fill(store: Store) -> None:
    for first in range(1, 100_000, 50):
        store.apply(batch(first))


def test_a_full_disk_keeps_what_was_stored_and_takes_the_batch_again(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    store = Store(path)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, hard))
    try:
        with pytest.raises(StoreFull, match="stays in the journal"):
            fill(store)
        reached = store.checkpoint()
        with pytest.raises(StoreFull):
            store.apply(batch(reached + 1))
        repository = Repository(path)
        assert repository.checkpoint() == reached
        repository.close()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert reached > 0
    assert store.apply(batch(reached + 1)) == (50, 0, 0)
    store.close()
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("SELECT count(*), count(DISTINCT fact) FROM trades").fetchone() == (
            reached + 50,
            reached + 50,
        )
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
