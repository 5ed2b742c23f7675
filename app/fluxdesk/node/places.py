"""What stands where the files of a profile belong, looked at before any of them is opened. Changes nothing.

A folder, a pipe or a socket in the place of a file would end deep in a library; here it ends in a sentence.
"""

import errno
import os
import stat
from pathlib import Path

from fluxdesk.core.paths import Profile
from fluxdesk.node.lock import FolderUnusable
from fluxdesk.node.mode_mark import NAME as MARK


class PlaceTaken(Exception):
    """Something else stands where a file of the profile belongs; the message says what and what to do."""


class FileUnusable(Exception):
    """A database of the profile is there but cannot be worked with, such as locked or read-only."""

    def __init__(self, profile: Profile, why: str) -> None:
        super().__init__(
            f"The files of {profile.folder} cannot be used ({why}). What they hold is kept. "
            "See that no other program has them open and that your user may write them, or choose another data folder "
            "with --data."
        )


def check_places(profile: Profile) -> None:
    """Raises `PlaceTaken` for the first thing that is not what it should be, `FolderUnusable` for what cannot be seen.

    What is not there yet is right.
    """
    if _is_closed(profile.folder):
        raise FolderUnusable(profile.folder, PermissionError(errno.EACCES, os.strerror(errno.EACCES)))
    for path in _files(profile):
        _check(path, is_folder=False)
    for path in (profile.search, profile.logs, profile.folder / "metadata"):
        _check(path, is_folder=True)


def _is_closed(folder: Path) -> bool:
    return os.access(folder, os.F_OK) and not os.access(folder, os.R_OK | os.W_OK | os.X_OK)


def _files(profile: Profile) -> list[Path]:
    databases = [
        database.with_name(database.name + end)
        for database in (profile.journal, profile.store)
        for end in ("", "-wal", "-shm")
    ]
    locks = [file.with_name(file.name + ".lock") for file in (profile.journal, profile.settings)]
    return [profile.lock, profile.folder / MARK, *databases, *locks, profile.settings]


def _check(path: Path, is_folder: bool) -> None:
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        if path.is_symlink():
            raise PlaceTaken(
                f"{path} is a link that leads nowhere. Nothing was changed. "
                "Put back what it led to, or remove it to begin anew."
            ) from None
        return
    except OSError as error:
        raise FolderUnusable(path.parent, error) from error
    wanted = "folder" if is_folder else "file"
    if not (stat.S_ISDIR if is_folder else stat.S_ISREG)(mode):
        raise PlaceTaken(
            f"{path} is {_kind(mode)}, but a {wanted} of Fluxdesk belongs there. Nothing was changed. "
            "Move it away, or choose another data folder with --data."
        )
    if not os.access(path, os.R_OK | os.W_OK | (os.X_OK if is_folder else 0)):
        raise PlaceTaken(
            f"The {wanted} {path} may not be read and written by user {os.getuid()}. Nothing was changed. "
            "Give it to your user, or choose another data folder with --data."
        )


def _kind(mode: int) -> str:
    kinds = {
        stat.S_IFDIR: "a folder",
        stat.S_IFREG: "a file",
        stat.S_IFIFO: "a pipe",
        stat.S_IFSOCK: "a socket",
        stat.S_IFCHR: "a device",
        stat.S_IFBLK: "a device",
    }
    return kinds.get(stat.S_IFMT(mode), "something else")
