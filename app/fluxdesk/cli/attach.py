"""Shared by the commands that need a node: finds a running one by its socket, says errors in one line."""

import sys
from pathlib import Path

from fluxdesk.core.paths import Profile
from fluxdesk.node.options import BadOptions, NodeOptions


def fail(command: str, sentence: str, code: int = 2) -> int:
    """One line on standard error; the exit code. What cannot be printed in it, such as the control characters of a
    foreign file, is written as an escape.
    """
    shown = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in sentence)
    print(f"fluxdesk {command}: {shown}", file=sys.stderr)
    return code


def is_running(profile: Profile) -> bool:
    """Whether a node of this profile answers on its socket."""
    from fluxdesk.node.socket import answers

    return answers(profile.socket)


def checked(options: NodeOptions, seconds: float | None = None) -> NodeOptions:
    """The options when they make sense. Raises `BadOptions`."""
    options.check()
    if seconds is not None and not 0 < seconds <= 31_536_000:
        raise BadOptions("--for takes a number of seconds above 0.")
    return options


def expected_failures() -> tuple[type[Exception], ...]:
    """What can be wrong with a profile, its files or its socket: each says so in its message."""
    from fluxdesk.core.settings_file import SettingsUnreadable
    from fluxdesk.launches.journal import JournalError, JournalFull
    from fluxdesk.node.lock import FolderUnusable, ProfileBusy
    from fluxdesk.node.mode_mark import OtherMode
    from fluxdesk.node.places import FileUnusable, PlaceTaken
    from fluxdesk.node.socket import SocketInUse, UnsafeFolder
    from fluxdesk.store.errors import StoreError

    return (
        ProfileBusy,
        FolderUnusable,
        OtherMode,
        PlaceTaken,
        FileUnusable,
        UnsafeFolder,
        SocketInUse,
        JournalError,
        JournalFull,
        StoreError,
        SettingsUnreadable,
    )


def folder_problem(data: Path | None) -> str | None:
    """Why a data folder cannot be read, or None."""
    try:
        if data is None or data.is_dir():
            return None
        return f"{data} is not a folder." if data.exists() else f"There is no folder {data}."
    except OSError as error:
        return f"{data!s:.200} cannot be used: {error.strerror or error}."
