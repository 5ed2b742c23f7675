"""The note of what stands where: kept whole whatever happens to the disk or beside it."""

import multiprocessing
import os
from pathlib import Path

import pytest

from fluxdesk.chains.evm.contracts.recorded import (
    FILE,
    Recorded,
    RecordUnreadable,
    RecordUnwritable,
    hand,
    prove,
    read,
)

CHAIN = "eip155:31337"


def entry(name: str, block: int = 1) -> Recorded:
    return Recorded(name, "VaultDeployer", "0x" + "11" * 20, "0x" + "00" * 32, "0x", "0x" + "ab" * 32, block)


def _hand_many(folder: Path, prefix: str) -> None:
    for number in range(20):
        hand(folder, CHAIN, entry(f"{prefix}{number}"))


def test_two_commands_at_once_lose_nothing_of_each_other(tmp_path: Path) -> None:
    context = multiprocessing.get_context("fork")
    writers = [context.Process(target=_hand_many, args=(tmp_path, prefix)) for prefix in "abc"]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
        assert writer.exitcode == 0
    assert len(read(tmp_path / FILE).chains[CHAIN]) == 60


def test_a_file_that_cannot_be_replaced_is_kept_and_said(tmp_path: Path) -> None:
    hand(tmp_path, CHAIN, entry("first"))
    before = (tmp_path / FILE).read_bytes()
    (tmp_path / f".{FILE}.new").mkdir()
    for act in (lambda: hand(tmp_path, CHAIN, entry("second")), lambda: prove(tmp_path)):
        with pytest.raises(RecordUnwritable, match="What was in it is kept"):
            act()
    assert (tmp_path / FILE).read_bytes() == before


def test_a_folder_that_is_gone_is_said(tmp_path: Path) -> None:
    with pytest.raises(RecordUnwritable, match="cannot be opened"):
        hand(tmp_path / "gone", CHAIN, entry("first"))


def test_a_file_that_could_not_be_read_again_is_not_written(tmp_path: Path) -> None:
    hand(tmp_path, CHAIN, entry("first"))
    for number in range(50):  # each as long as an entry may be
        long = Recorded(f"long{number}", "X", "0x" + "11" * 20, "0x" + "00" * 32, "0x" + "ab" * 49_000)
        try:
            hand(tmp_path, CHAIN, long)
        except RecordUnwritable:
            break
    else:
        pytest.fail("everything was written")
    assert read(tmp_path / FILE).chains[CHAIN][0].name == "first"


def test_proving_changes_nothing_that_was_noted_and_hands_a_copy(tmp_path: Path) -> None:
    hand(tmp_path, CHAIN, entry("first"))
    before = (tmp_path / FILE).read_bytes()
    (tmp_path / "agent").mkdir()
    prove(tmp_path)
    assert (tmp_path / FILE).read_bytes() == (tmp_path / "agent" / FILE).read_bytes() == before
    assert sorted(os.listdir(tmp_path)) == ["agent", FILE]


def test_a_block_below_zero_is_damage(tmp_path: Path) -> None:
    hand(tmp_path, CHAIN, entry("first"))
    file = tmp_path / FILE
    file.write_text(file.read_text().replace('"block": 1', '"block": -1'))
    with pytest.raises(RecordUnreadable, match="damaged"):
        read(file)
