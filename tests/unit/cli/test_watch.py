"""`fluxdesk watch` into a pipe: what is not a row is said apart, once, and its end too."""

import json
from pathlib import Path

import pytest

from fluxdesk.cli.watch import Remarks, run
from fluxdesk.core.views import SourcesFrame, SourceState, SourceView, StatusFrame, StatusView


def status(message: str) -> StatusFrame:
    return StatusFrame(
        seq=1,
        status=StatusView(
            version="1", mode="live", profile="p", started_wall_ns=0, seq=1, last_slot=None, launches=0, trades=0,
            decoded=0, unknown=0, refused=0, open_gaps=0, journal_bytes=0, journal_message=message, events_per_s=0.0,
        ),
    )  # fmt: skip


def sources(state: SourceState, message: str) -> SourcesFrame:
    one = SourceView(id="logs A", kind="solana_ws", endpoint="ws://a/", network="solana", state=state, message=message)
    return SourcesFrame(seq=1, sources=[one], gaps=[])


def test_a_pause_is_said_when_it_begins_and_when_it_ends() -> None:
    remarks = Remarks()
    said = [list(remarks.of(status(text))) for text in ("", "The disk is full.", "The disk is full.", "")]
    assert said == [[], ["The disk is full."], [], ["recording goes on."]]


def test_a_source_that_stays_down_is_said_once() -> None:
    remarks = Remarks()
    frames = [("down", "Next try in 1 s."), ("down", "Next try in 2 s."), ("up", ""), ("up", ""), ("down", "Gone.")]
    said = [list(remarks.of(sources(state, text))) for state, text in frames]  # type: ignore[arg-type]
    assert said == [
        ["logs A ws://a/: Next try in 1 s."],
        [],
        ["logs A ws://a/: up again."],
        [],
        ["logs A ws://a/: Gone."],
    ]


def test_an_endpoint_that_does_not_answer_is_said_without_its_secrets(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    address = "ws://user:pass-s3cret@127.0.0.1:1/path-s3cret-0123456789?api-key=query-s3cret"
    assert run(rpc=[address], data=tmp_path / "d", seconds=4.0, json=True) == 0
    out, err = capsys.readouterr()
    assert [json.loads(line) for line in out.splitlines()] == []
    assert err.count("Nothing listens there") == 1
    assert "s3cret" not in err


def test_settings_that_cannot_be_used_are_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "settings.json").write_text("{")
    assert run(practice=True, seed=1, data=tmp_path, seconds=0.1, json=True) == 0
    err = capsys.readouterr().err
    (aside,) = tmp_path.glob("settings.json.corrupt-*")
    assert f"fluxdesk watch: {tmp_path}/settings.json was corrupt" in err
    assert aside.name in err


def test_a_second_practice_run_with_the_same_seed_tells_something_new(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def told(folder: str) -> list[str]:
        assert run(practice=True, seed=5, data=tmp_path / folder, seconds=3.0, json=True) == 0
        return [json.loads(row)["signature"] for row in capsys.readouterr().out.splitlines()][:100]

    first, again, elsewhere = told("one"), told("one"), told("another")
    assert len(again) == 100
    assert not set(first) & set(again)
    assert elsewhere == first, "the seed alone decides what an empty folder is told"
