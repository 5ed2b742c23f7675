"""One node per profile: a lock file in the data folder, held with `flock` for as long as the process lives.

The kernel lets go of the lock when the process dies, so a stale file never blocks a start.
"""

import contextlib
import fcntl
import os
import time
from pathlib import Path

_LEFTOVER_S = 30.0
"""How long a start waits for what a killed node left behind: its store process, which ends by itself."""
_LOOK_AGAIN_S = 0.05


class ProfileBusy(Exception):
    """Another node holds this profile; `pid` is what its lock file says (None when it says nothing)."""

    def __init__(self, folder: Path, pid: int | None) -> None:
        named = "another node" if pid is None else f"the node with process id {pid}"
        super().__init__(
            f"The profile {folder} is in use by {named}. Nothing was changed. "
            "Attach to it with `fluxdesk watch`, stop it, or choose another folder with --data."
        )
        self.pid = pid


class FolderUnusable(Exception):
    """The data folder cannot be made or written; the message says why and what to do."""

    def __init__(self, folder: Path, why: OSError) -> None:
        super().__init__(
            f"The data folder {folder} cannot be used: {why.strerror or why}. Nothing was recorded. "
            "Choose another folder with --data."
        )


class ProfileLock:
    """Taken on construction, given back by `release` or by the end of the process."""

    def __init__(self, file: Path) -> None:
        """Raises `ProfileBusy` or `FolderUnusable`."""
        try:
            file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise FolderUnusable(file.parent, error) from error
        if not _taken(self._descriptor, file):
            pid = holder(file)
            os.close(self._descriptor)
            raise ProfileBusy(file.parent, pid)
        with contextlib.suppress(OSError):  # on a full disk the lock holds all the same, without its owner's number
            os.ftruncate(self._descriptor, 0)
            os.pwrite(self._descriptor, f"{os.getpid()}\n".encode(), 0)

    @property
    def descriptor(self) -> int:
        """Of the lock file: a child that inherits it keeps the profile locked until it ends too."""
        return self._descriptor

    def release(self) -> None:
        """Gives the profile back. The file stays: removing it would let two nodes lock two files of one name."""
        os.ftruncate(self._descriptor, 0)
        os.close(self._descriptor)


def _taken(descriptor: int, file: Path) -> bool:
    """Whether the lock is now ours. What a killed node left behind may hold it a moment longer: that is waited for."""
    until = time.monotonic() + _LEFTOVER_S
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pid = holder(file)
            if pid is None or _alive(pid) or time.monotonic() > until:
                return False
            time.sleep(_LOOK_AGAIN_S)
        else:
            return True


def _alive(pid: int) -> bool:
    """Whether a process runs; one that ended and was not collected yet does not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return True
    return not state or state[0] not in ("Z", "X")


def holder(file: Path) -> int | None:
    """The process id that a lock file names, or None."""
    try:
        text = file.read_text().strip()
    except OSError:
        return None
    return int(text) if text.isdigit() else None
