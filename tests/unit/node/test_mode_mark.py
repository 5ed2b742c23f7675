"""A data folder belongs to one mode for good."""

from pathlib import Path

import pytest

from fluxdesk.cli.main import run
from fluxdesk.core.paths import Profile
from fluxdesk.node.lock import FolderUnusable
from fluxdesk.node.mode_mark import NAME, OtherMode, claim


def test_a_new_folder_takes_the_mode_of_its_first_use(tmp_path: Path) -> None:
    claim(Profile.of("practice", tmp_path / "a"))
    claim(Profile.of("practice", tmp_path / "a"))
    with pytest.raises(OtherMode, match=r"belongs to practice, not to live.*nothing was changed"):
        claim(Profile.of("live", tmp_path / "a"))


def test_the_usual_places_of_the_modes_are_apart() -> None:
    profiles = [Profile.of(mode) for mode in ("practice", "live", "replay")]
    for what in ("folder", "journal", "store", "search", "settings", "logs", "lock", "socket"):
        assert len({getattr(p, what) for p in profiles}) == 3


@pytest.mark.parametrize("arguments", [["node", "--mode", "practice"], ["watch", "--practice", "--for", "1"]])
def test_practice_refuses_the_folder_of_a_replay(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    claim(Profile.of("replay", tmp_path))
    before = sorted(tmp_path.rglob("*.sqlite"))
    assert run([*arguments, "--data", str(tmp_path)]) == 1
    assert "belongs to replay" in capsys.readouterr().err
    assert sorted(tmp_path.rglob("*.sqlite")) == before


def test_a_damaged_mark_is_said_without_its_bytes(tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(b"\x1b[2J\xff\x00")
    with pytest.raises(OtherMode, match="belongs to an unknown mode, not to live"):
        claim(Profile.of("live", tmp_path))
    (tmp_path / NAME).unlink()
    (tmp_path / NAME).mkdir()
    with pytest.raises(FolderUnusable, match="Is a directory"):
        claim(Profile.of("live", tmp_path))


@pytest.mark.parametrize(
    "arguments", [["node", "--mode", "practice"], ["watch", "--practice", "--for", "1"], ["replay", __file__]]
)
def test_a_folder_that_cannot_be_made_is_one_line_and_no_defect(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    (tmp_path / "file").touch()
    assert run([*arguments, "--data", str(tmp_path / "file" / "below")]) == 1
    said = capsys.readouterr().err
    assert "cannot be used: Not a directory" in said
    assert said.count("\n") == 1


def test_an_empty_data_option_is_not_the_current_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["watch", "--practice", "--for", "1", "--data", ""]) == 2
    assert "name a folder" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())
