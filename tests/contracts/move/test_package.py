"""contracts/move compiles and passes its own tests, and the tool that says so can say otherwise."""

import shutil
from pathlib import Path

import pytest

from contracts.move.compiler import MOVE, compiler, package_beside, results

TESTS = (MOVE / "fluxus_meme" / "tests" / "meme_generator_tests.move").read_text()


def copied(tmp_path: Path) -> Path:
    shutil.copytree(MOVE, tmp_path / "move", ignore=shutil.ignore_patterns("build"))
    return tmp_path / "move" / "fluxus_meme"


def test_every_move_test_passes() -> None:
    outcome = compiler().run("test", MOVE / "fluxus_meme")
    assert outcome.ok, outcome.output
    found = results(outcome.output)
    assert len(found) == TESTS.count("#[test") - 1
    assert set(found.values()) == {"PASS"}


def test_the_package_builds_to_version_7_bytecode(tmp_path: Path) -> None:
    package = copied(tmp_path)
    outcome = compiler().run("build", package)
    assert outcome.ok, outcome.output
    assert "warning" not in outcome.output
    for module in ("supply", "units", "meme_generator"):
        code = (package / "build" / "FluxusMeme" / "bytecode_modules" / f"{module}.mv").read_bytes()
        assert code[:8] == bytes.fromhex("a11ceb0b0700000a")


@pytest.mark.parametrize(
    ("file", "old", "new", "fails"),
    [
        ("meme_generator", "self.max_supply - self.supply, E", "self.max_supply, E", "above_the_cap_is_refused"),
        ("meme_generator", "to == offered || to == from", "true", "an_offer_to_another_is_not_taken"),
        ("supply", "self.used = self.used_at(now) +", "self.used =", "faster_than_the_limiter_is_refused"),
        ("units", "self.value -= amount;", "", "what_is_paid_and_burned_adds_up"),
    ],
)  # fmt: skip
def test_a_broken_module_fails_its_tests(tmp_path: Path, file: str, old: str, new: str, fails: str) -> None:
    package = copied(tmp_path)
    source = package / "sources" / f"{file}.move"
    text = source.read_text()
    assert text.count(old) == 1
    source.write_text(text.replace(old, new))
    outcome = compiler().run("test", package)
    assert not outcome.ok
    assert results(outcome.output)[fails] == "FAIL"


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("let copied = units; (units, copied)", "a copy of units"),
        (
            "let fluxus_meme::units::Units { token, value } = units; (units::zero(token), units::zero(value))",
            "unpacking",
        ),
        ("(units::zero(1), units::zero(2))", "dropping units"),
    ],
)
def test_units_cannot_be_copied_unpacked_or_dropped(tmp_path: Path, body: str, why: str) -> None:
    source = (
        "module differential::thief {\n    use fluxus_meme::units::{Self, Units};\n"
        f"    public fun steal(units: Units): (Units, Units) {{ {body} }}\n}}\n"
    )
    outcome = compiler().run("build", package_beside(tmp_path / "thief", {"thief.move": source}))
    assert not outcome.ok, why
    assert "error" in outcome.output


def test_another_library_than_the_recorded_one_is_not_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    module = compiler()
    monkeypatch.setattr(module, "LIBRARY_SHA256", dict.fromkeys(module.LIBRARY_SHA256, "00" * 32))
    with pytest.raises(module.CompilerMissing, match="is not the recorded one"):
        module.run("build", MOVE / "fluxus_meme")


def test_a_package_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    assert not compiler().run("build", tmp_path / "nothing").ok
