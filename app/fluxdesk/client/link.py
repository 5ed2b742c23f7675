"""The state of the connection to the node, as a screen shows it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from fluxdesk.core.private_folder import what_is_wrong

State = Literal["connecting", "up", "down"]


@dataclass(frozen=True, slots=True)
class Link:
    """Where the connection stands.

    Attributes:
        state: `connecting` before the first answer, `up`, or `down` (it is tried again by itself).
        reason: Why it is not up, in words; empty when it is.
        since_wall_ns: When this state began, by this machine's wall clock.
        attempts: Failed attempts since it was last up.
    """

    state: State
    reason: str
    since_wall_ns: int
    attempts: int = 0


class UntrustedFolder(OSError):
    """Others could have put a socket where the node's is looked for; the message says what was found and what to do."""


def check_folder(socket: Path) -> None:
    """Looks at the folder before a node in it is asked or believed. Raises `UntrustedFolder`."""
    if socket.parent.exists() and (problem := what_is_wrong(socket.parent)) is not None:
        raise UntrustedFolder(problem)


def why(error: BaseException, socket: Path) -> str:
    """An error of connecting or reading, in words."""
    if isinstance(error, UntrustedFolder):
        return str(error)
    if isinstance(error, FileNotFoundError):
        return "No node is running for this profile."
    if isinstance(error, ConnectionRefusedError):
        return "The node stopped without removing its socket."
    if isinstance(error, PermissionError):
        return f"The socket {socket} belongs to another user."
    if isinstance(error, TimeoutError):
        return "The node does not answer."
    return "The node closed the connection."
