"""A data folder belongs to one mode for good."""

from pathlib import Path

import pytest

from fluxdesk.cli.main import run
from fluxdesk.core.paths import Profile
from fluxdesk.node.mode_mark import OtherMode, claim


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
