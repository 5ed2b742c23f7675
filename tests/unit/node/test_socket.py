"""The socket is reachable by its owner alone, and in no other place than a folder that is the owner's alone."""

import os
import socket
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from fluxdesk.node.socket import SocketInUse, UnsafeFolder, answers, bind, prepare_folder


@pytest.fixture
def short() -> Iterator[Path]:
    """A folder whose path leaves room for a socket's name (108 bytes)."""
    with tempfile.TemporaryDirectory(prefix="fd-") as folder:
        yield Path(folder)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


def test_folder_and_socket_are_made_for_the_owner_alone_whatever_the_umask(short: Path) -> None:
    before = os.umask(0)
    try:
        listening = bind(short / "run" / "s")
    finally:
        os.umask(before)
    assert (mode(short / "run"), mode(short / "run" / "s")) == (0o700, 0o600)
    assert answers(short / "run" / "s")
    listening.close()


def test_a_folder_open_to_others_is_refused_with_the_command_that_closes_it(short: Path) -> None:
    (short / "run").mkdir(mode=0o755)
    with pytest.raises(UnsafeFolder, match="chmod 700"):
        bind(short / "run" / "s")
    assert not (short / "run" / "s").exists()


def test_a_socket_in_a_folder_that_others_can_change_is_never_asked(short: Path) -> None:
    listening = bind(short / "run" / "s")
    assert answers(short / "run" / "s")
    (short / "run").chmod(0o777)
    assert not answers(short / "run" / "s"), "anybody could have put it there"
    listening.close()


def test_a_folder_that_is_closed_to_its_owner_is_refused_too(short: Path) -> None:
    (short / "run").mkdir(mode=0o000)
    with pytest.raises(UnsafeFolder, match=r"closed to you \(mode 0000\)"):
        prepare_folder(short / "run")


def test_a_link_in_place_of_the_folder_is_refused(short: Path) -> None:
    (short / "real").mkdir(mode=0o700)
    (short / "run").symlink_to(short / "real")
    with pytest.raises(UnsafeFolder, match="a link"):
        prepare_folder(short / "run")


def test_a_folder_of_somebody_else_is_refused(short: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (short / "run").mkdir(mode=0o700)
    owner = os.getuid()
    monkeypatch.setattr(os, "getuid", lambda: owner + 1)
    with pytest.raises(UnsafeFolder, match=f"belongs to user {owner}"):
        prepare_folder(short / "run")


def test_a_socket_left_by_a_dead_process_is_replaced_and_a_live_one_is_not(short: Path) -> None:
    path = short / "run" / "s"
    bind(path).close()
    assert path.exists()
    assert not answers(path)
    listening = bind(path)
    with pytest.raises(SocketInUse):
        bind(path)
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(str(path))
    listening.close()


def test_a_folder_with_too_long_a_name_is_refused_in_words(short: Path) -> None:
    with pytest.raises(UnsafeFolder, match="too long a name for a socket"):
        bind(short / ("a" * 100) / "s")
