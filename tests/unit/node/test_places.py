"""Something else in the place of a profile's file ends every command in one line, and is left as it is."""

import os
import socket
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from fluxdesk.cli.main import run
from fluxdesk.core.paths import Profile
from fluxdesk.node.lock import FolderUnusable
from fluxdesk.node.places import PlaceTaken, check_places
from fluxdesk.store.schema import HEAD

FILES = [
    "journal.sqlite", "journal.sqlite-wal", "journal.sqlite.lock", "store.sqlite", "store.sqlite-shm", "settings.json",
    "settings.json.lock", "mode", "node.lock",
]  # fmt: skip
FOLDERS = ["search", "logs", "metadata"]


def a_socket(path: Path) -> None:
    here = os.getcwd()
    os.chdir(path.parent)  # the folders of tests are longer than a socket's address may be
    try:
        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind(path.name)
    finally:
        os.chdir(here)


MAKE: dict[str, Callable[[Path], object]] = {
    "a folder": Path.mkdir,
    "a pipe": os.mkfifo,
    "a socket": a_socket,
    "a device": lambda path: path.symlink_to("/dev/zero"),
    "a link that leads nowhere": lambda path: path.symlink_to("/nowhere/at/all"),
}


def test_what_is_not_there_yet_or_as_it_should_be_is_right(tmp_path: Path) -> None:
    profile = Profile("practice", tmp_path)
    check_places(profile)
    for name in FILES:
        (tmp_path / name).write_bytes(b"")
    for name in FOLDERS:
        (tmp_path / name).mkdir()
    check_places(profile)


@pytest.mark.parametrize("kind", MAKE)
@pytest.mark.parametrize("name", FILES)
def test_what_is_no_file_is_said_by_its_kind(tmp_path: Path, name: str, kind: str) -> None:
    MAKE[kind](tmp_path / name)
    with pytest.raises(PlaceTaken, match=f"{name} is {kind}.*Nothing was changed") as said:
        check_places(Profile("practice", tmp_path))
    assert "\n" not in str(said.value)


@pytest.mark.parametrize("name", FOLDERS)
def test_a_file_in_the_place_of_a_folder_is_said(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("mine")
    with pytest.raises(PlaceTaken, match="is a file, but a folder"):
        check_places(Profile("practice", tmp_path))


@pytest.mark.parametrize(
    "command", [["watch", "--practice", "--for", "5"], ["node"], ["replay", "RECORDING"], ["search", "word"]]
)
@pytest.mark.parametrize("name", ["store.sqlite", "mode", "node.lock"])
def test_every_command_says_it_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, command: list[str], name: str
) -> None:
    monkeypatch.setenv("FLUXDESK_RUNTIME", str(tmp_path / "run"))
    recording = tmp_path / "recording.json"
    recording.write_text("{}")
    data = tmp_path / "data"
    data.mkdir()
    os.mkfifo(data / name)
    arguments = [str(recording) if word == "RECORDING" else word for word in command]
    assert run([*arguments, "--data", str(data)]) == 1
    said = capsys.readouterr().err
    assert f"{name} is a pipe" in said
    assert said.count("\n") == 1
    assert sorted(path.name for path in data.iterdir()) == [name]


@pytest.mark.skipif(os.getuid() == 0 and not Path("/proc/sys").is_dir(), reason="root may write everywhere but there")
def test_a_folder_that_may_not_be_written_is_said_before_anything_is_opened() -> None:
    """For root, to whom no mode forbids anything, the kernel's own folder stands in."""
    closed = Path("/proc/sys") if os.getuid() == 0 else Path("/")
    with pytest.raises(FolderUnusable, match="Permission denied"):
        check_places(Profile("practice", closed))


def other_database(path: Path) -> None:
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE somebody_elses (thing)")
    database.close()


def of_a_newer_version(path: Path) -> None:
    with sqlite3.connect(path) as database:
        database.execute(f"PRAGMA application_id = {0x464C4A31}")
        database.execute("PRAGMA user_version = 99")
        database.execute("CREATE TABLE alembic_version (version_num)")
        database.execute("INSERT INTO alembic_version VALUES ('9999')")
    database.close()


@pytest.mark.parametrize("name", ["journal.sqlite", "store.sqlite"])
@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda path: path.write_text("no database" * 1000), "file is not a database"),
        (other_database, "not a Fluxdesk journal|no such table"),
        (of_a_newer_version, "Use the newer Fluxdesk"),
    ],
)
def test_a_database_of_another_kind_is_said_and_left_as_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, make: Callable[[Path], object], said: str
) -> None:
    recording = tmp_path / "recording.json"
    recording.write_text("{}")
    data = tmp_path / "data"
    data.mkdir()
    make(data / name)
    before = (data / name).read_bytes()
    assert run(["replay", str(recording), "--data", str(data)]) == 1
    told = capsys.readouterr().err
    assert any(words in told for words in said.split("|"))
    assert "Nothing was changed" in told
    assert told.count("\n") == 1
    assert (data / name).read_bytes() == before


def test_search_says_that_tables_are_of_another_version(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    of_a_newer_version(tmp_path / "store.sqlite")
    assert run(["search", "word", "--data", str(tmp_path)]) == 1
    assert "have version 9999" in capsys.readouterr().err


def test_search_in_tables_that_lack_some_ends_in_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with sqlite3.connect(tmp_path / "store.sqlite") as database:
        database.execute("CREATE TABLE alembic_version (version_num)")
        database.execute("INSERT INTO alembic_version VALUES (?)", (HEAD,))
    database.close()
    assert run(["search", "word", "--data", str(tmp_path)]) == 1
    assert "no such table" in capsys.readouterr().err
