"""The store in a process of its own: the same tables as in this one, and every way it can end is said."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from fluxdesk.core.events import Kind, PoolState, Row, Side, Venue
from fluxdesk.node.lock import ProfileBusy, ProfileLock
from fluxdesk.node.store_link import StoreProcess, StoreProcessEnded, StoreUnusable
from fluxdesk.store.facts import Batch, Sighting, TokenSave
from fluxdesk.store.repository import Repository
from fluxdesk.store.writer import Store

HUGE = 2**256 - 1


def trades(count: int, first_seq: int = 1) -> list[Sighting]:
    return [
        Sighting(
            seq, "evm A", "evm:1", 10**18,
            Row(
                kind=Kind.TRADE, venue=Venue.UNISWAP_V2, signature=f"0x{seq}", slot=seq, pool="p", token_mint="t",
                quote_mint="q", side=Side.BUY, token_amount=HUGE, quote_amount=HUGE - seq, trader="w\u202e☃",
                state=PoolState(quote_reserve=HUGE),
            ),
            1_700_000_000 + seq,
        )
        for seq in range(first_seq, first_seq + count)
    ]  # fmt: skip


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the tables are."""
    return tmp_path / "store.sqlite"


@pytest.fixture
def store(path: Path) -> Iterator[StoreProcess]:
    """A store process."""
    made = StoreProcess(path)
    yield made
    made.close()


def test_it_writes_what_the_store_itself_would(store: StoreProcess, path: Path, tmp_path: Path) -> None:
    batch = Batch(
        1_200, sightings=trades(1_200), tokens=[TokenSave("evm:1", "t", b"\x00\xff")], notes={"n": bytes(range(256))}
    )
    store.apply(batch)
    plain = Store(tmp_path / "plain.sqlite")
    plain.apply(batch)
    plain.close()
    there, here = Repository(path), Repository(tmp_path / "plain.sqlite")
    assert there.trades("evm:1", "t", 2_000) == here.trades("evm:1", "t", 2_000)
    assert there.balances("evm:1", "t") == here.balances("evm:1", "t")
    assert there.token_state("t") == here.token_state("t")
    assert there.note("n") == bytes(range(256))
    assert there.checkpoint() == 1_200
    there.close()
    here.close()


def test_it_goes_on_where_the_tables_stand(store: StoreProcess, path: Path) -> None:
    assert store.checkpoint() == 0
    store.apply(Batch(5, sightings=trades(5)))
    store.close()
    again = StoreProcess(path)
    assert again.checkpoint() == 5
    again.close()


def test_a_process_that_is_killed_is_said_and_what_it_wrote_is_kept(store: StoreProcess, path: Path) -> None:
    store.apply(Batch(5, sightings=trades(5)))
    os.kill(store.pid, signal.SIGKILL)
    with pytest.raises(StoreProcessEnded, match="Nothing recorded is lost"):
        store.apply(Batch(9, sightings=trades(4, 6)))
    repository = Repository(path)
    assert repository.checkpoint() == 5
    repository.close()


def test_signals_to_the_nodes_group_do_not_end_it_before_the_node_does(store: StoreProcess) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        os.kill(store.pid, number)
    store.apply(Batch(1, sightings=trades(1)))


def test_tables_that_cannot_be_opened_say_what_the_store_says(path: Path) -> None:
    path.write_bytes(b"not a database" * 100)
    with pytest.raises(StoreUnusable, match="cannot be read"):
        StoreProcess(path)


def test_it_keeps_the_profile_locked_until_it_ends(path: Path, tmp_path: Path) -> None:
    lock = ProfileLock(tmp_path / "node.lock")
    store = StoreProcess(path, lock.descriptor)
    os.close(lock.descriptor)  # as when the node dies
    with pytest.raises(ProfileBusy):
        ProfileLock(tmp_path / "node.lock")
    store.close()
    ProfileLock(tmp_path / "node.lock").release()


def test_the_process_that_writes_loads_neither_models_nor_sqlalchemy() -> None:
    loaded = "import sys, fluxdesk.node.store_child as c; c.Store; print(*sys.modules)"
    names = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True).stdout.split()
    assert not {"sqlalchemy", "sqlmodel", "pydantic", "alembic", "numpy"} & set(names)
