"""`fluxdesk browsers`: what it writes, what it says, what it removes."""

import json
from pathlib import Path

import pytest

from fluxdesk.cli import browsers
from fluxdesk.core.paths import Profile
from fluxdesk.desktop.browsers import confined, tell_browsers


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    return tmp_path


def test_install_list_and_remove(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (home / ".config" / "chromium").mkdir(parents=True)
    assert browsers.run("list", "practice", None, False) == 0
    assert capsys.readouterr().out == "Chromium (system): not set up\n"
    assert browsers.run("install", "practice", None, True) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["installed"] is True
    launcher = Path(json.loads(Path(said["manifest"]).read_text())["path"])
    assert launcher.is_relative_to(home / "data")
    assert "FLUXDESK_NODE_SOCKET=node-" in launcher.read_text()
    assert browsers.run("remove", "practice", None, False) == 0
    assert not launcher.exists()


def test_what_was_removed_stays_away_from_the_next_start_until_it_is_installed(home: Path) -> None:
    profile = Profile.of("practice")
    (home / ".config" / "chromium").mkdir(parents=True)
    assert [one.installed for one in tell_browsers(profile)] == [True]
    assert browsers.run("remove", "practice", None, False) == 0
    assert [one.installed for one in tell_browsers(profile)] == [False]
    assert browsers.run("install", "practice", None, False) == 0
    assert [one.installed for one in tell_browsers(profile)] == [True]


def test_a_confined_browser_is_named_at_the_start_only_where_there_is_no_other(home: Path) -> None:
    profile = Profile.of("practice")
    assert confined(tell_browsers(profile)) is None
    (home / "snap" / "chromium").mkdir(parents=True)
    found = confined(tell_browsers(profile))
    assert found is not None and "snap" in found.why_not
    (home / ".config" / "google-chrome").mkdir(parents=True)
    assert confined(tell_browsers(profile)) is None


def test_a_confined_browser_is_explained(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (home / "snap" / "chromium").mkdir(parents=True)
    assert browsers.run("install", "live", None, False) == 0
    assert "installed as a snap" in capsys.readouterr().out


def test_nothing_found_names_what_it_works_with(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert browsers.run("install", "live", None, False) == 0
    assert "Chromium, Chrome, Edge, Brave, Vivaldi" in capsys.readouterr().out


def test_a_word_that_is_no_action_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert browsers.run("explode", "live", None, False) == 2
    assert "install, list or remove" in capsys.readouterr().err
