"""`fluxdesk bench` runs the groups of a checkout and prints their figures."""

import json
import sys
from pathlib import Path

import pytest

from fluxdesk.cli import bench

GROUP = """
from fluxdesk.cli.figures import Figure

def run() -> list[Figure]:
    return [Figure("speed.lines", 12.0, "lines/s", ">= 10", "peer 1.0", 4.0, 3), Figure("speed.size", 5.0, "MB")]
"""


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "tests" / "benchmarks"
    folder.mkdir(parents=True)
    (folder / "speed.py").write_text(GROUP)
    (folder / "helper.py").write_text("x = 1\n")
    (folder / "absent.py").write_text(
        "from fluxdesk.cli.figures import GroupUnavailable\n"
        "\ndef run():\n    raise GroupUnavailable('node is not installed')\n"
    )
    monkeypatch.setattr(bench, "checkout", lambda: tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    for name in [m for m in sys.modules if m.split(".")[0] == "benchmarks"]:
        monkeypatch.delitem(sys.modules, name)
    return tmp_path


def test_modules_with_a_run_function_are_the_groups(tree: Path) -> None:
    assert bench.groups(tree) == ["absent", "speed"]


def test_a_group_prints_one_object_a_figure_with_every_key(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert bench.run("speed", json=True) == 0
    first, second = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert first == {
        "name": "speed.lines", "value": 12.0, "unit": "lines/s", "goal": ">= 10",
        "peer": "peer 1.0", "peer_value": 4.0, "runs": 3,
    }  # fmt: skip
    assert second["goal"] is None
    assert second["peer"] is None


def test_for_people_it_says_whether_the_goal_is_reached_and_the_ratio(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bench.run("speed", json=False)
    lines = capsys.readouterr().out.splitlines()
    assert "reached" in lines[0]
    assert "3.0x" in lines[0]
    assert "stated" in lines[1]


def test_a_group_that_cannot_run_here_says_what_is_missing(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert bench.run("absent", json=True) == 1
    assert "node is not installed" in capsys.readouterr().err


def test_an_unknown_group_is_answered_with_the_known_ones(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert bench.run("sped", json=False) == 2
    assert "absent, speed" in capsys.readouterr().err


def test_without_a_checkout_it_says_so(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(bench, "checkout", lambda: None)
    assert bench.run(None, json=False) == 2
    assert "source tree" in capsys.readouterr().err
