"""What `make prove` wrote holds for the sources that are there, and what it found is explained."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import gas
import pytest
from proofs import convergence, long_tests
from proofs.coverage import read, together
from proofs.mutation import AREAS, sample
from proofs.slither import findings
from proofs.sources import EVM, INPUTS, PROOFS, hash_of, hash_of_files, hash_of_settings, place_of

WRITTEN = sorted(PROOFS.glob("*.json"))
SENTENCES = {"triage.json", "survivors.json", "unreached.json"}


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


def test_the_long_profile_has_run_every_part_of_what_is_there() -> None:
    found = result("tests")
    assert set(found["parts"]) == set(long_tests.parts())
    assert found["open"] == []
    assert found["invariants"] >= 25
    for part, one in found["parts"].items():
        assert one["sources"] == long_tests.hash_of_part(part), f"{part} changed since {one['date']}: run `make prove`"
        assert one["passed"] and one["tests"] > 0, part
    assert (found["profile"]["invariant_runs"], found["profile"]["invariant_depth"]) == (1024, 64)
    assert found["profile"]["fail_on_revert"]


def test_nine_mutants_in_ten_are_noticed_and_each_of_the_others_is_argued() -> None:
    found = result("mutation")
    assert found["open"] == 0
    assert found["tried"] >= 150
    assert set(found["tried_by_file"]) == set(AREAS)
    assert min(found["tried_by_file"].values()) >= 5
    assert found["killed"] * 10 >= (found["killed"] + found["survived"]) * 9
    assert found["killed"] + found["survived"] + found["invalid"] == found["tried"] == found["sampled"] - found["open"]
    assert len(found["survivors"]) == found["survived"]
    assert [one for one in found["survivors"] if not one["why"]] == []


def test_every_line_and_branch_of_the_core_is_run_by_a_test_or_argued() -> None:
    found = result("coverage")
    assert set(found["core"]) == set(AREAS)
    assert [f"{one['file']}:{one['number']}" for one in found["missed"] if not one["why"]] == []
    assert found["open"] == []
    assert found["argued_but_run"] == []


def test_nothing_slither_found_is_left_unexplained() -> None:
    assert result("slither")["unexplained"] == []
    assert result("slither")["explained_but_gone"] == []


def test_a_change_of_one_area_is_asked_of_that_area_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / "test" / name).mkdir(parents=True)
        (tmp_path / "test" / name / "X.t.sol").write_text(f'import {{X}} from "../../src/{name}.sol";\n')
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "a.sol").write_text('string constant FILE = "test/vectors/a.json";\n')
    (tmp_path / "src" / "b.sol").write_text("contract X {}\n")
    (tmp_path / "test" / "vectors").mkdir()
    (tmp_path / "test" / "vectors" / "a.json").write_text("{}")
    monkeypatch.setattr("proofs.sources.EVM", tmp_path)

    def hashes() -> list[str]:
        return [hash_of_files([f"test/{name}/*.t.sol"]) for name in ("a", "b")]

    first = hashes()
    (tmp_path / "test" / "vectors" / "a.json").write_text("[]")
    second = hashes()
    assert second[0] != first[0]
    assert second[1] == first[1]
    (tmp_path / "src" / "b.sol").write_text("contract Y {}\n")
    third = hashes()
    assert third[0] == second[0]
    assert third[1] != second[1]
    (tmp_path / "test" / "b" / "SwapGas.t.sol").write_text("contract SwapGas {}\n")
    assert hashes() == third


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


def test_no_file_of_the_core_is_left_out() -> None:
    assert {file.relative_to(EVM).as_posix() for file in (EVM / "src" / "core").glob("*.sol")} <= set(AREAS)


def test_every_source_that_is_mutated_has_its_tests() -> None:
    for source, patterns in AREAS.items():
        assert (EVM / source).exists(), source
        for pattern in patterns:
            assert list(EVM.glob(pattern)), pattern


def test_a_sample_is_the_same_each_time_and_from_every_file() -> None:
    mutants = [{"file": f"src/{n % 3}.sol", "start": n, "end": n + 1, "new": "<"} for n in range(60)]
    drawn = sample(mutants, 9)
    assert drawn == sample(list(reversed(mutants)), 9)
    assert sorted(one["file"] for one in drawn) == sorted([f"src/{n}.sol" for n in range(3)] * 3)


def test_a_line_no_test_ran_is_a_gap() -> None:
    report = "SF:src/core/A.sol\nDA:7,3\nDA:8,0\nBRDA:8,0,0,-\nBRDA:9,0,1,2\nend_of_record\nSF:test/B.t.sol\nDA:1,0\n"
    assert together([read(report)]) == {
        "src/core/A.sol": {"lines": 2, "branches": 2, "lines_missed": [8], "branches_missed": [8]},
    }
    other = "SF:src/core/A.sol\nDA:7,0\nDA:8,1\nBRDA:8,0,0,1\nBRDA:9,0,1,-\nend_of_record\n"
    assert together([read(report), read(other)])["src/core/A.sol"]["lines_missed"] == []
    assert together([read(report), read(other)])["src/core/A.sol"]["branches_missed"] == []


def test_a_sentence_argues_one_place_though_another_line_has_its_words() -> None:
    lines = ["revert A();", "x = 1;", "  revert A();", "revert B();"]
    assert [place_of(lines, number) for number in (1, 3)] == [("revert A();", 1), ("revert A();", 2)]
    assert place_of(lines, 4) == ("revert B();", 1)


def test_what_is_called_unreached_is_looked_for_and_would_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    assert convergence.main(["--pools", "2000"]) == 0
    monkeypatch.setattr(convergence.stable, "STEPS", 2)
    assert convergence.main(["--pools", "50"]) == 1


def test_an_outcome_is_kept_under_the_settings_it_came_of() -> None:
    assert hash_of_settings({"runs": "64"}, ("a",)) == hash_of_settings({"runs": "64"}, ("a",))
    assert hash_of_settings({"runs": "64"}, ("a",)) != hash_of_settings({"runs": "256"}, ("a",))
    assert hash_of_settings({"runs": "64"}, ("a",)) != hash_of_settings({"runs": "64"}, ("b",))


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
    figures = json.loads((gas.SNAPSHOTS / "figures.json").read_text()) | json.loads(gas.COMPUTE_UNITS.read_text())
    missed = set()
    for line in lines:
        assert line["ours"] == figures[line["name"]], line["name"]
        comparator, _, most = line["goal"].partition(" ")
        assert comparator == "<="
        missed |= {line["name"]} if line["ours"] > int(most) else set()
        assert line["peer"] is None or line["peer_name"]
    assert missed == set(gas.MISSED)
