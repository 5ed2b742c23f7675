"""The node's socket: bound by ourselves, 0600, in a 0700 folder of this user. Refuses any other place.

Holds no reference to what is served there. There is no TCP port.
"""

import os
import socket
from pathlib import Path

from fluxdesk.core.private_folder import what_is_wrong

BACKLOG = 128
LONGEST_PATH = 107
"""`sun_path` of unix(7) has 108 bytes, the last one a zero."""


class UnsafeFolder(Exception):
    """The runtime folder is not ours alone; the message says what was found and what to do."""


class SocketInUse(Exception):
    """A process answers on the socket already."""


def prepare_folder(folder: Path) -> None:
    """Makes the runtime folder, or checks the one that is there. Raises `UnsafeFolder`."""
    try:
        folder.mkdir(mode=0o700, parents=True)
    except FileExistsError:
        pass
    except OSError as error:
        raise UnsafeFolder(
            f"The runtime folder {folder} cannot be made ({error.strerror}). Nothing was changed. "
            "Set FLUXDESK_RUNTIME to a folder that you own."
        ) from error
    problem = what_is_wrong(folder)
    if problem is not None:
        raise UnsafeFolder(problem)


def bind(path: Path) -> socket.socket:
    """A listening socket at `path`, reachable by this user only. The caller holds the profile's lock.

    A socket file left by a process that died is replaced. Raises `UnsafeFolder` or `SocketInUse`.
    """
    prepare_folder(path.parent)
    if answers(path):
        raise SocketInUse(f"Another process answers on {path}. Nothing was changed.")
    path.unlink(missing_ok=True)
    if len(os.fsencode(path)) > LONGEST_PATH:
        raise UnsafeFolder(
            f"The runtime folder {path.parent} has too long a name for a socket (at most {LONGEST_PATH} bytes with the "
            "socket's own). Set FLUXDESK_RUNTIME to a shorter one."
        )
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    before = os.umask(0o177)
    try:
        listening.bind(str(path))
    except BaseException:
        listening.close()
        raise
    finally:
        os.umask(before)
    listening.listen(BACKLOG)
    listening.setblocking(False)
    return listening


def answers(path: Path) -> bool:
    """Whether a process accepts connections there. One in a folder that is not ours alone is never asked."""
    if what_is_wrong(path.parent) is not None or not path.exists():
        return False
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(1.0)
        try:
            probe.connect(str(path))
        except OSError:
            return False
        return True
