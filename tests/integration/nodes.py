"""Real nodes as processes of their own, for the tests that talk to their socket."""

import contextlib
import os
import select
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from fluxdesk.core.paths import Profile

READY_S = 150.0


class NodeDied(AssertionError):
    """The node ended before it was ready; the message holds what it said."""


class RunningNode:
    """A node process. `profile.socket` answers once the constructor returns."""

    def __init__(self, profile: Profile, arguments: Sequence[str] = (), environment: dict[str, str] | None = None):
        self.profile = profile
        self.process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "fluxdesk",
                "node",
                "--mode",
                profile.mode,
                "--data",
                str(profile.folder),
                *arguments,
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, **(environment or {})},
        )
        assert self.process.stdout is not None
        ready, _, _ = select.select([self.process.stdout], [], [], READY_S)
        line = self.process.stdout.readline() if ready else ""
        if not line.startswith("ready "):
            self.kill()
            assert self.process.stderr is not None
            raise NodeDied(f"exit {self.process.returncode}: {line}{self.process.stderr.read()}")

    @property
    def socket(self) -> Path:
        """Where it answers."""
        return self.profile.socket

    def kill(self) -> None:
        """kill -9."""
        self.process.kill()
        self.process.wait(30)

    def stop(self) -> int:
        """SIGTERM; its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(60)


@contextlib.contextmanager
def running(profile: Profile, *arguments: str, environment: dict[str, str] | None = None) -> Iterator[RunningNode]:
    """A node for the length of a block."""
    node = RunningNode(profile, arguments, environment)
    try:
        yield node
    finally:
        node.stop()
        assert node.process.stdout is not None
        assert node.process.stderr is not None
        node.process.stdout.close()
        node.process.stderr.close()


@contextlib.contextmanager
def practice_node(seed: int = 7) -> Iterator[RunningNode]:
    """A practice node with a data folder of its own."""
    with (
        tempfile.TemporaryDirectory(prefix="fd-n-") as folder,
        running(Profile.of("practice", Path(folder) / "data"), "--seed", str(seed)) as node,
    ):
        yield node
