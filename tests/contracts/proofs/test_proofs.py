"""What `make prove` wrote holds for the sources that are there, and what it found is explained."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import gas
import pytest
from proofs.coverage import gaps
from proofs.mutation import AREAS, sample
from proofs.slither import findings
from proofs.sources import EVM, INPUTS, PROOFS, hash_of

WRITTEN = sorted(PROOFS.glob("*.json"))
SENTENCES = {"triage.json", "survivors.json"}


def result(step: str) -> dict[str, Any]:
    file = PROOFS / f"{step}.json"
    assert file.exists(), f"{step} was never proved: run `make prove`"
    return dict(json.loads(file.read_text()))


@pytest.mark.parametrize("step", [file.stem for file in WRITTEN if file.name not in SENTENCES])
def test_a_proof_holds_for_the_sources_that_are_there(step: str) -> None:
    found = result(step)
    assert found["sources"] == hash_of(step), f"the sources changed since {found['date']}: run `make prove`"
    assert found["passed"]
    assert date.fromisoformat(found["date"])


def test_every_result_is_of_a_step_that_is_still_run() -> None:
    assert {file.stem for file in WRITTEN if file.name not in SENTENCES} <= set(INPUTS)


def test_there_are_twenty_proofs_over_all_inputs_and_none_is_left_open() -> None:
    found = result("halmos")
    assert found["proved"] >= 20
    assert found["not_proved"] == {}


@pytest.mark.parametrize("name", sorted(SENTENCES))
def test_everything_explained_has_a_sentence(name: str) -> None:
    for one in json.loads((PROOFS / name).read_text()):
        assert len(one["why"].split()) >= 6, one


def test_a_changed_source_changes_the_hash(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    source = tmp_path / "src" / "A.sol"
    source.write_text("contract A {}")
    monkeypatch.setattr("proofs.sources.EVM", tmp_path)
    before = hash_of("slither")
    source.write_text("contract A { }")
    assert hash_of("slither") != before
    source.write_text("contract A {}")
    assert hash_of("slither") == before
    source.rename(tmp_path / "src" / "B.sol")
    assert hash_of("slither") != before


def test_every_source_that_is_mutated_has_its_tests() -> None:
    for source, pattern in AREAS.items():
        assert (EVM / source).exists(), source
        assert list(EVM.glob(pattern)), pattern


def test_a_sample_is_the_same_each_time_and_from_every_file() -> None:
    mutants = [{"file": f"src/{n % 3}.sol", "start": n, "end": n + 1, "new": "<"} for n in range(60)]
    drawn = sample(mutants, 9)
    assert drawn == sample(list(reversed(mutants)), 9)
    assert sorted(one["file"] for one in drawn) == sorted([f"src/{n}.sol" for n in range(3)] * 3)


def test_a_line_no_test_ran_is_a_gap() -> None:
    report = "SF:src/core/A.sol\nDA:7,3\nDA:8,0\nBRDA:8,0,0,-\nBRDA:9,0,1,2\nend_of_record\nSF:test/B.sol\nDA:1,0\n"
    assert gaps(report) == {
        "src/core/A.sol": {"lines": 2, "branches": 2, "lines_missed": [8], "branches_missed": [8]},
    }


def test_a_finding_is_named_by_its_detector_and_function() -> None:
    element = {
        "type": "node",
        "name": "x = 1",
        "source_mapping": {"filename_relative": "src/A.sol"},
        "type_specific_fields": {"parent": {"name": "move"}},
    }
    report = {"results": {"detectors": [{"check": "reentrancy-eth", "impact": "High", "elements": [element]}]}}
    assert findings(report) == [{"detector": "reentrancy-eth", "impact": "High", "place": "src/A.sol:move"}]


def test_two_per_cent_more_gas_is_let_pass_and_more_is_not() -> None:
    assert gas.grown({"swap": 102_000}, {"swap": 100_000}) == []
    assert gas.grown({"swap": 102_001}, {"swap": 100_000}) == ["swap: 102001 now, 100000 written"]
    assert gas.grown({"new": 1}, {"old": 1}) == ["new: measured, not written", "old: written, not measured"]


def test_every_goal_is_compared_with_somebody_and_one_that_is_missed_is_said() -> None:
    lines = json.loads((gas.SNAPSHOTS / "peers.json").read_text())
    assert {goal.operation for goal in (*gas.GOALS, gas.SOLANA)} == {line["name"] for line in lines}
    missed = set()
    for line in lines:
        comparator, _, most = line["goal"].partition(" ")
        assert comparator == "<="
        missed |= {line["name"]} if line["ours"] > int(most) else set()
        assert line["peer"] is None or line["peer_name"]
    assert missed == set(gas.MISSED)
