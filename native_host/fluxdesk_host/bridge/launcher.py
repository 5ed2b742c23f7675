"""The script that browsers start: it carries the runtime folder, the sockets' names and how Fluxdesk is started.

Browsers start it with an environment of their own, so nothing is left to what happens to be set.
"""

import json
import os
import shlex
import sys
from dataclasses import dataclass
from pathlib import Path

import fluxdesk_host

NAME = "fluxdesk-bridge"


@dataclass(frozen=True, slots=True)
class Places:
    """What the launcher carries.

    Attributes:
        runtime: the runtime folder.
        agent_socket, node_socket: names in it.
        start: the command that starts Fluxdesk; empty if there is none.
    """

    runtime: Path
    agent_socket: str
    node_socket: str
    start: tuple[str, ...] = ()


def script(places: Places) -> str:
    """The text of the launcher. Every value is quoted for the shell."""
    packages = str(Path(fluxdesk_host.__file__).resolve().parents[1])
    code = f"import sys; sys.path.append({packages!r}); from fluxdesk_host.bridge.main import main; main()"
    values = {
        "FLUXDESK_RUNTIME": str(places.runtime),
        "FLUXDESK_AGENT_SOCKET": places.agent_socket,
        "FLUXDESK_NODE_SOCKET": places.node_socket,
        "FLUXDESK_START": json.dumps(list(places.start)) if places.start else "",
    }
    lines = ["#!/bin/sh", "# Written by Fluxdesk at each start; changes are lost."]
    lines += [f"export {name}={shlex.quote(value)}" for name, value in values.items()]
    lines.append(f'exec {shlex.quote(sys.executable)} -IS -c {shlex.quote(code)} "$@"')
    return "\n".join(lines) + "\n"


def write(folder: Path, places: Places) -> Path:
    """Writes the launcher, for its user alone, in one step. Its path."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = folder / NAME
    write_whole(file, script(places), 0o700)
    return file


def write_whole(file: Path, text: str, mode: int) -> None:
    """Replaces a file so that a reader sees the old or the new one, never a part."""
    fresh = file.with_name(f".{file.name}.{os.getpid()}")
    number = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, mode)
    try:
        with os.fdopen(number, "w", encoding="utf-8") as out:
            os.fchmod(out.fileno(), mode)
            out.write(text)
        fresh.replace(file)
    except OSError:
        fresh.unlink(missing_ok=True)
        raise
