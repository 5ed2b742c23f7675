"""`fluxdesk known-bad`: a published list is brought in; what is not one changes nothing."""

import os
from pathlib import Path

import pytest

from fluxdesk.cli.main import run
from fluxdesk_host.agent.known_bad import KnownBad

BAD = "0x" + "ab" * 20


def test_a_list_is_brought_in_and_shown_with_its_date(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "list.txt"
    file.write_text(f"# published\n{BAD} drainer\nnot-an-address\n")
    os.utime(file, (1_700_000_000, 1_700_000_000))
    assert run(["known-bad", "update", str(file), "--data", str(tmp_path)]) == 0
    said = capsys.readouterr().out
    assert "1 addresses of list.txt, as of 2023-11-14, for the live profile." in said
    assert "1 entries" in said
    found = KnownBad(tmp_path / "agent" / "known-bad.txt")
    found.refresh()
    assert found.find(f"evm:{BAD}") is not None
    assert run(["known-bad", "show", "--data", str(tmp_path)]) == 0
    assert "as of 2023-11-14, from list.txt" in capsys.readouterr().out


def test_what_is_no_list_leaves_the_one_before(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good, bad = tmp_path / "good.txt", tmp_path / "bad.json"
    good.write_text(BAD)
    bad.write_text('{"addresses": [')
    assert run(["known-bad", "update", str(good), "--data", str(tmp_path), "--date", "2026-11-01"]) == 0
    for arguments in ([str(bad)], [str(tmp_path / "none.txt")], [str(good), "--date", "yesterday"]):
        assert run(["known-bad", "update", *arguments, "--data", str(tmp_path)]) == 2
    capsys.readouterr()
    assert run(["known-bad", "show", "--data", str(tmp_path)]) == 0
    assert "2026-11-01" in capsys.readouterr().out


def test_without_a_list_that_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["known-bad", "show", "--data", str(tmp_path)]) == 1
    assert "no address is compared" in capsys.readouterr().out
