"""A data folder belongs to one mode, and says which: practice, live and replay never share a store."""

import os
from typing import get_args

from fluxdesk.core.paths import Mode, Profile
from fluxdesk.node.lock import FolderUnusable

NAME = "mode"


class OtherMode(Exception):
    """The data folder belongs to another mode; the message says which and what to do."""


def claim(profile: Profile) -> None:
    """Marks a new data folder with the profile's mode, or checks the mark that is there. The caller holds the lock.

    Raises:
        OtherMode: nothing was changed.
        FolderUnusable: the mark cannot be read or written.
    """
    try:
        _claim(profile)
    except OSError as error:
        raise FolderUnusable(profile.folder, error) from error


def _claim(profile: Profile) -> None:
    file = profile.folder / NAME
    try:
        found = file.read_text(encoding="utf-8", errors="replace").strip()
    except FileNotFoundError:
        fresh = profile.folder / f".{NAME}.{os.getpid()}"
        profile.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh.write_text(f"{profile.mode}\n", encoding="utf-8")
        os.replace(fresh, file)
        return
    if found != profile.mode:
        owner = found if found in get_args(Mode) else "an unknown mode"  # bytes of a damaged file reach no terminal
        raise OtherMode(
            f"The data folder {profile.folder} belongs to {owner}, not to {profile.mode}. "
            "The two never share a store; nothing was changed. Choose another folder with --data."
        )
