"""settings.json holds what the user changed, survives being interrupted, and never loses what it does not know."""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from fluxdesk.core.settings import BY_KEY, BadSetting
from fluxdesk.core.settings_file import SettingsUnreadable, change, inspect, load


def test_without_a_file_the_defaults_hold_and_none_is_made(tmp_path: Path) -> None:
    loaded = load(tmp_path / "settings.json")
    assert loaded.settings.text("theme") == "dark"
    assert loaded.problems == ()
    assert list(tmp_path.iterdir()) == []


def test_only_what_differs_from_the_default_is_stored(tmp_path: Path) -> None:
    file = tmp_path / "profile" / "settings.json"
    change(file, {"theme": "light", "text_scale": 100, "evm_rpc": ["ws://127.0.0.1:8545"]})
    assert json.loads(file.read_text()) == {"theme": "light", "evm_rpc": ["ws://127.0.0.1:8545"]}
    assert load(file).settings.lines("evm_rpc") == ("ws://127.0.0.1:8545",)


def test_going_back_to_the_default_removes_the_key(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    change(file, {"theme": "light", "log_level": "debug"})
    change(file, {"theme": None})
    assert json.loads(file.read_text()) == {"log_level": "debug"}


def test_keys_of_another_version_are_kept(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    file.write_text('{"of_a_later_version": {"a": [1]}, "theme": "light"}')
    assert load(file).unknown == {"of_a_later_version": {"a": [1]}}
    change(file, {"log_level": "debug"})
    assert json.loads(file.read_text()) == {
        "of_a_later_version": {"a": [1]},
        "theme": "light",
        "log_level": "debug",
    }


def test_a_value_that_does_not_fit_is_said_kept_and_not_used(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    file.write_text('{"text_scale": 9000, "theme": "light"}')
    loaded = load(file)
    assert loaded.settings.integer("text_scale") == 100
    assert loaded.settings.text("theme") == "light"
    assert "between 100 and 150" in loaded.problems[0]
    change(file, {"log_level": "debug"})
    assert json.loads(file.read_text())["text_scale"] == 9000
    change(file, {"text_scale": 120})
    assert load(file).problems == ()


def test_a_wrong_entry_of_a_list_is_said_and_loses_nothing_else(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    held = {"solana_quotes": ["nonsense"], "solana_launchpads": ["pumpfun", "pumpfan"], "theme": "light"}
    file.write_text(json.dumps(held))
    loaded = load(file)
    assert loaded.settings.lines("solana_quotes") == BY_KEY["solana_quotes"].default
    assert loaded.settings.lines("solana_launchpads") == BY_KEY["solana_launchpads"].default
    assert loaded.settings.text("theme") == "light"
    assert "Solana quote mints: entry 1 is no Solana address" in loaded.problems[0]
    assert "Launchpads to follow: entry 2 is one of" in loaded.problems[1]
    assert all("The file keeps it; the default is used" in problem for problem in loaded.problems)
    assert json.loads(file.read_text()) == held


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b"\xff\xfe", b"null", b"[" * 200_000, b'{"theme": "light"'])
def test_a_corrupt_file_is_moved_aside_and_said(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "settings.json"
    file.write_bytes(content)
    loaded = load(file)
    (aside,) = tmp_path.glob("settings.json.corrupt-*")
    assert aside.read_bytes() == content
    assert not file.exists()
    assert aside.name in loaded.problems[0]
    assert loaded.settings.text("theme") == "dark"


def test_two_corrupt_files_in_one_second_are_both_kept(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    for content in ("{1", "{2"):
        file.write_text(content)
        load(file)
    assert sorted(f.read_text() for f in tmp_path.glob("*.corrupt-*")) == ["{1", "{2"]


def test_a_bad_value_writes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    with pytest.raises(BadSetting, match=r"dark, light, system, not 'blue'\. Nothing was changed\."):
        change(file, {"theme": "blue", "log_level": "debug"})
    with pytest.raises(BadSetting, match="no setting named"):
        change(file, {"colour": None})
    assert not file.exists()


def test_the_file_is_private_and_nothing_else_stays_behind(tmp_path: Path) -> None:
    file = tmp_path / "profile" / "settings.json"
    change(file, {"theme": "light"})
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert sorted(f.name for f in file.parent.iterdir()) == ["settings.json", "settings.json.lock"]


def test_writers_in_several_processes_lose_nothing(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    code = (
        "import sys; from pathlib import Path; from fluxdesk.core.settings_file import change\n"
        "for n in range(20): change(Path(sys.argv[1]), {sys.argv[2]: 1000 + n})"
    )
    keys = ("journal_max_mb", "journal_max_days")
    writers = [subprocess.Popen([sys.executable, "-c", code, str(file), key]) for key in keys]
    assert [w.wait(60) for w in writers] == [0, 0]
    assert json.loads(file.read_text()) == {"journal_max_mb": 1019, "journal_max_days": 1019}


def test_a_change_over_a_corrupt_file_says_where_the_old_one_is(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    file.write_text("{")
    after = change(file, {"theme": "light"})
    assert "was corrupt" in after.problems[0]
    assert json.loads(file.read_text()) == {"theme": "light"}


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "profile").write_text("a file where the folder should be")
    with pytest.raises(SettingsUnreadable, match="Nothing was changed"):
        change(tmp_path / "profile" / "settings.json", {"theme": "light"})


def test_a_folder_in_the_place_of_the_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "settings.json").mkdir()
    with pytest.raises(SettingsUnreadable, match="cannot be read"):
        load(tmp_path / "settings.json")


def test_a_pipe_in_the_place_of_the_file_is_said_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "settings.json")
    with pytest.raises(SettingsUnreadable, match="no ordinary file"):
        load(tmp_path / "settings.json")
    assert "no ordinary file" in inspect(tmp_path / "settings.json").problems[0]


def test_a_device_or_a_huge_file_is_not_read_to_its_end(tmp_path: Path) -> None:
    (tmp_path / "settings.json").symlink_to("/dev/zero")
    with pytest.raises(SettingsUnreadable, match="no ordinary file"):
        load(tmp_path / "settings.json")
    with (tmp_path / "large.json").open("wb") as large:
        large.truncate(1 << 40)
    with pytest.raises(SettingsUnreadable, match="at most"):
        load(tmp_path / "large.json")
