"""`fluxdesk agent`: runs the signing agent headless, under a policy file, in a process that holds nothing else."""

import os
import sys
from pathlib import Path
from typing import NoReturn

from fluxdesk.cli.attach import fail
from fluxdesk.core.paths import Profile

LONGEST_PASSPHRASE = 4096


def run(policy: Path, data: Path | None = None, mode: str = "live", socket: Path | None = None) -> int:
    """Becomes the agent; returns only when that cannot be. On a terminal the passphrase is asked for, else read from
    standard input. It is in no argument and no environment variable.
    """
    if mode not in ("practice", "live"):
        return fail("agent", f"--profile is practice or live, not {mode}.")
    folder = Profile.of("practice" if mode == "practice" else "live", data).folder / "agent"
    given = ["--data", str(folder), "--policy", str(policy), "--mode", mode]
    if socket is not None:
        given += ["--socket", str(socket)]
    if sys.stdin.isatty():
        given += ["--passphrase-fd", str(_asked())]
    return _become(given)


def _asked() -> int:
    """A descriptor that the agent inherits, with the passphrase in it."""
    import getpass

    reading, writing = os.pipe()
    os.set_inheritable(reading, True)
    os.write(writing, getpass.getpass("Passphrase of the keystore: ").encode()[:LONGEST_PASSPHRASE])
    os.close(writing)
    return reading


def _become(arguments: list[str]) -> NoReturn:
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", "fluxdesk_host.agent", *arguments])  # noqa: S606 - this interpreter
