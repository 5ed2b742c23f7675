"""The sockets of the runtime folder, as the launcher names them: checked before anything is said to them.

Environment: `FLUXDESK_RUNTIME` the folder, `FLUXDESK_AGENT_SOCKET` and `FLUXDESK_NODE_SOCKET` names in it. Nothing is
made.
"""

import os
import stat

TYPE_CHECKING = False  # see main.py
if TYPE_CHECKING:
    from socket import socket

CONNECT_S = 2.0
SEND_S = 30.0
AGENT_SOCKET = "agent.sock"


class Unsafe(Exception):
    """The folder or the socket is not this user's alone; the message is for the user."""


class NotThere(Exception):
    """Nothing answers on the socket."""


def runtime_folder() -> str:
    """`$FLUXDESK_RUNTIME`, else `$XDG_RUNTIME_DIR/fluxdesk`, else a per-user folder in the temporary directory."""
    if own := os.environ.get("FLUXDESK_RUNTIME"):
        return own
    if xdg := os.environ.get("XDG_RUNTIME_DIR"):
        return os.path.join(xdg, "fluxdesk")
    return os.path.join(os.environ.get("TMPDIR") or "/tmp", f"fluxdesk-{os.getuid()}")  # noqa: S108 - owner and mode are checked


def path(of: str) -> str:
    """Where the `agent` or `node` socket is. Raises `NotThere` when the launcher names none."""
    name = os.environ.get(f"FLUXDESK_{of.upper()}_SOCKET", AGENT_SOCKET if of == "agent" else "")
    if not name or os.path.basename(name) != name:
        raise NotThere(f"The launcher names no socket of the {of}. Start Fluxdesk once, so that it writes a new one.")
    return os.path.join(runtime_folder(), name)


def exists(of: str) -> bool:
    """Whether there is a socket of the agent or the node; it may still be one that nobody answers on."""
    try:
        return stat.S_ISSOCK(os.lstat(path(of)).st_mode)
    except (OSError, NotThere):
        return False


def connect(of: str) -> "socket":
    """A connection to the agent or the node.

    Raises:
        Unsafe: the folder is open to others or not ours, or the one who answers is another user.
        NotThere: nobody answers.
    """
    import socket
    import struct

    where = path(of)
    _check_folder(os.path.dirname(where))
    link = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_CLOEXEC)
    try:
        link.settimeout(CONNECT_S)
        link.connect(where)
        _, uid, _ = struct.unpack("3i", link.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))
    except OSError as error:
        link.close()
        raise NotThere(f"Nobody answers at {where} ({error.strerror or error}).") from error
    if uid != os.getuid():
        link.close()
        raise Unsafe(f"User {uid} answers at {where}, not you. Nothing was said to it.")
    link.settimeout(None)
    link.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", int(SEND_S), 0))
    return link


def _check_folder(folder: str) -> None:
    try:
        found = os.lstat(folder)
    except OSError as error:
        raise NotThere(f"There is no runtime folder {folder} ({error.strerror}).") from error
    if not stat.S_ISDIR(found.st_mode):
        raise Unsafe(f"The runtime folder {folder} is no folder. Remove it and start Fluxdesk again.")
    if found.st_uid != os.getuid():
        raise Unsafe(f"The runtime folder {folder} belongs to user {found.st_uid}, not to you.")
    if stat.S_IMODE(found.st_mode) != 0o700:
        raise Unsafe(f"The runtime folder {folder} is open to others. Run: chmod 700 {folder}")
