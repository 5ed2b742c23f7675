"""The store's thread: one cut at a time, again after a full disk, and a defect is never silent."""

import threading

import pytest

from fluxdesk.node import keeper as keepers
from fluxdesk.node.keeper import Keeper
from fluxdesk.store.facts import Batch


class Full(Exception):
    """The disk takes no more."""


def test_a_cut_is_written_and_then_the_tables_stand_for_it() -> None:
    written: list[int] = []
    keeper = Keeper(lambda cut: written.append(cut.through_seq), Full, 0)
    keeper.start()
    assert keeper.offer(Batch(5))
    assert keeper.reached(5, 10.0)
    keeper.finish(Batch(9))
    assert written == [5, 9]
    assert (keeper.saved_seq, keeper.waiting) == (9, 0)


def test_while_one_cut_is_written_another_is_not_taken() -> None:
    go = threading.Event()
    keeper = Keeper(lambda cut: go.wait(10), Full, 0)
    keeper.start()
    assert keeper.offer(Batch(5))
    assert not keeper.offer(Batch(6))
    go.set()
    keeper.finish(None)
    assert keeper.saved_seq == 5


def test_a_full_disk_is_said_and_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keepers, "RETRY_S", 0.01)
    said: list[str] = []

    def write(cut: Batch) -> None:
        if len(said) < 3:
            said.append(keeper.message)
            raise Full("The disk is full.")

    keeper = Keeper(write, Full, 0)
    keeper.start()
    keeper.offer(Batch(5))
    assert keeper.reached(5, 10.0)
    assert said == ["", "The disk is full.", "The disk is full."]
    assert keeper.message == ""
    keeper.finish(None)


def test_a_disk_that_stays_full_does_not_keep_the_node_from_ending(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keepers, "RETRY_S", 0.01)

    def write(cut: Batch) -> None:
        raise Full("The disk is full.")

    keeper = Keeper(write, Full, 0)
    keeper.start()
    keeper.offer(Batch(5))
    keeper.finish(Batch(9))
    assert keeper.saved_seq == 0


def test_a_defect_is_said_and_nobody_waits_for_it() -> None:
    failed = threading.Event()

    def write(cut: Batch) -> None:
        raise ZeroDivisionError

    keeper = Keeper(write, Full, 0)
    keeper.failed = failed.set
    keeper.start()
    keeper.offer(Batch(5))
    assert failed.wait(10)
    assert isinstance(keeper.failure, ZeroDivisionError)
    assert not keeper.reached(5, 10.0)
    with pytest.raises(ZeroDivisionError):
        keeper.offer_when_idle(Batch(6))
    keeper.finish(None)
