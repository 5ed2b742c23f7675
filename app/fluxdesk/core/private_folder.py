"""Whether the runtime folder is this user's alone: then nobody else can have put a socket there, or taken its place.

So a program that asks the node looks at the folder and needs to know nothing of the process at the other end. Reads
only; makes and changes nothing.
"""

import os
import stat
from pathlib import Path


def what_is_wrong(folder: Path) -> str | None:
    """Why nothing in a runtime folder may be trusted, in words for the user; None when it is this user's alone."""
    try:
        found = folder.lstat()
    except OSError as error:
        return (
            f"The runtime folder {folder} cannot be looked at ({error.strerror}). "
            "Set FLUXDESK_RUNTIME to a folder that you own."
        )
    if not stat.S_ISDIR(found.st_mode):
        what = "a link" if stat.S_ISLNK(found.st_mode) else "no folder"
        return f"The runtime folder {folder} is {what}. Remove it, or set FLUXDESK_RUNTIME."
    if found.st_uid != os.getuid():
        return (
            f"The runtime folder {folder} belongs to user {found.st_uid}, not to you. "
            "Set FLUXDESK_RUNTIME to a folder that you own."
        )
    mode = stat.S_IMODE(found.st_mode)
    if mode != 0o700:
        how = "open to others" if mode & 0o077 else "closed to you"
        return f"The runtime folder {folder} is {how} (mode {mode:04o}). Run: chmod 700 {folder}"
    return None
