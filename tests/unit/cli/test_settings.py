"""`fluxdesk settings` shows and changes the one table."""

import json
from pathlib import Path

import pytest

from fluxdesk.cli.main import run
from fluxdesk.core.settings import TABLE


def test_every_line_of_the_table_is_listed_with_its_value(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["settings", "list", "--data", str(tmp_path), "--json"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["key"] for line in lines] == [s.key for s in TABLE]
    assert all(set(line) == {"key", "value", "default", "kind", "unit", "title"} for line in lines)


@pytest.mark.parametrize(
    ("key", "words", "stored"),
    [
        ("theme", ["light"], "light"),
        ("text_scale", ["120"], 120),
        ("journal_max_mb", ["1,000"], 1000),
        ("reduced_motion", ["on"], True),
        ("metadata_fetch", ["off"], False),
        ("evm_rpc", ["ws://127.0.0.1:1", "ws://127.0.0.1:2"], ["ws://127.0.0.1:1", "ws://127.0.0.1:2"]),
        ("ipfs_gateways", [], []),
    ],
)
def test_a_value_is_set_and_got(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], key: str, words: list[str], stored: object
) -> None:
    assert run(["settings", "set", key, *words, "--data", str(tmp_path)]) == 0
    assert json.loads((tmp_path / "settings.json").read_text())[key] == stored
    capsys.readouterr()
    assert run(["settings", "get", key, "--data", str(tmp_path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["value"] == stored


def test_reset_takes_a_value_back(tmp_path: Path) -> None:
    run(["settings", "set", "theme", "light", "--data", str(tmp_path)])
    assert run(["settings", "reset", "theme", "--data", str(tmp_path)]) == 0
    assert json.loads((tmp_path / "settings.json").read_text()) == {}


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["set", "theme", "blue"], "dark, light, system"),
        (["set", "theme"], "takes one value"),
        (["set", "text_scale", "huge"], "whole number"),
        (["set", "text_scale", "1"], "between 100 and 150"),
        (["set", "reduced_motion", "maybe"], "on or off"),
        (["set", "solana_rpc", "wss://a.example", "nonsense"], "entry 2 does not begin with ws:// or wss://"),
        (["set", "solana_quotes", "nonsense"], "entry 1 is no Solana address"),
        (["set", "evm_factories", "0x12"], "Nothing was changed"),
        (["set", "colour", "x"], "no setting named colour"),
        (["get", "colour"], "no setting named colour"),
        (["reset", "colour"], "no setting named colour"),
        (["list", "--profile", "paper"], "no profile paper"),
    ],
)
def test_what_does_not_fit_exits_with_2_and_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], sentence: str
) -> None:
    assert run(["settings", *arguments, "--data", str(tmp_path)]) == 2
    said = capsys.readouterr()
    assert sentence in said.err
    assert said.out == ""
    assert list(tmp_path.iterdir()) == []


def test_a_corrupt_file_is_kept_and_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "settings.json").write_text("{")
    assert run(["settings", "get", "theme", "--data", str(tmp_path)]) == 0
    said = capsys.readouterr()
    assert said.out == "dark\n"
    assert "was corrupt" in said.err
    assert len(list(tmp_path.glob("*.corrupt-*"))) == 1


def test_profiles_do_not_share_settings(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["settings", "set", "theme", "light", "--profile", "practice"]) == 0
    capsys.readouterr()
    run(["settings", "get", "theme", "--profile", "live"])
    assert capsys.readouterr().out == "dark\n"
    run(["settings", "get", "theme", "--profile", "practice"])
    assert capsys.readouterr().out == "light\n"


def test_a_key_in_an_endpoint_is_not_echoed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["settings", "set", "evm_rpc", "wss://rpc.example.org/v2/a1B2c3D4e5F6a7B8", "--data", str(tmp_path)])
    assert "a1B2c3D4e5F6a7B8" not in capsys.readouterr().out
