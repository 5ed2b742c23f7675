"""Finds or starts the node of a profile, notices its end, starts it again with back-off, and stops it.

The node is a process of its own session: it goes on recording when the desktop dies, and the next start finds it.
"""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from fluxdesk.client.errors import NodeProblem, NodeUnreachable
from fluxdesk.client.rest import NodeClient
from fluxdesk.core.paths import Mode, Profile
from fluxdesk.desktop.i18n import tr
from fluxdesk.desktop.qt import QObject, QTimer, Signal

_C = "Node"
BACKOFF_S = (1.0, 2.0, 4.0, 8.0, 16.0, 30.0)
WELL_AFTER_S = 60.0
"""A node that ran so long is well: the next end starts the back-off from its beginning."""
POLL_MS = 200
STOP_S = 8.0
OUTPUT_NAME = "node.out"


def command(mode: Mode, folder: Path, recordings: Sequence[Path]) -> list[str]:
    """The command line of a node."""
    line = [sys.executable, "-m", "fluxdesk", "node", "--mode", mode, "--data", str(folder)]
    for path in recordings:
        line += ["--replay", str(path)]
    return line


class NodeProcess(QObject):
    """The node of one profile.

    Signals:
        began: It was started, or found running; the number of starts since it last ran well.
        ended: It stopped unexpectedly: a sentence, and the seconds until it is started again (None: not by itself).
    """

    began = Signal(int)
    ended = Signal(str, object)

    def __init__(
        self,
        profile: Profile,
        recordings: Sequence[Path] = (),
        parent: QObject | None = None,
        command_of: Callable[[Mode, Path, Sequence[Path]], list[str]] = command,
    ) -> None:
        super().__init__(parent)
        self.profile = profile
        self._command = command_of(profile.mode, profile.folder, recordings)
        self._process: subprocess.Popen[bytes] | None = None
        self._found_pid: int | None = None
        self._stopping = False
        self._tries = 0
        self._began_s = 0.0
        self._watch = QTimer(self)
        self._watch.setInterval(POLL_MS)
        self._watch.timeout.connect(self._look)
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.timeout.connect(self._start)

    # --- what the desktop asks ---

    @property
    def pid(self) -> int | None:
        """Process id of the running node, when it is known."""
        return self._process.pid if self._process is not None else self._found_pid

    @property
    def output(self) -> Path:
        """What the node wrote to its standard output and error."""
        return self.profile.logs / OUTPUT_NAME

    async def find_or_start(self) -> None:
        """Attaches to the node of the profile when one answers, else starts one."""
        client = NodeClient(self.profile.socket)
        try:
            await client.status()
        except (NodeUnreachable, NodeProblem):
            self._start()
        else:
            self._found_pid = _locked_by(self.profile.lock)
            self._note_begin()
        finally:
            await client.close()

    def start_now(self) -> None:
        """Starts it without waiting for the back-off."""
        self._again.stop()
        self._tries = 0
        if not self._alive():
            self._start()

    async def stop(self) -> None:
        """Stops the node in an orderly way; by force when it does not listen."""
        self._stopping = True
        self._again.stop()
        self._watch.stop()
        if not self._alive():
            return
        client = NodeClient(self.profile.socket)
        with contextlib.suppress(NodeUnreachable, NodeProblem):
            await client.shut_down()
        await client.close()
        for sent in (None, signal.SIGTERM, signal.SIGKILL):
            if sent is not None:
                self._send(sent)
            if await self._gone(STOP_S if sent is None else STOP_S / 2):
                break
        self._process, self._found_pid = None, None

    async def restart(self) -> None:
        """Stops it and starts it again."""
        await self.stop()
        self._stopping = False
        self._tries = 0
        self._start()

    # --- inside ---

    def _start(self) -> None:
        self._stopping = False
        self._found_pid = None
        self._tries += 1
        try:
            self.profile.logs.mkdir(parents=True, exist_ok=True, mode=0o700)
            with self.output.open("wb") as output:
                self._process = subprocess.Popen(  # noqa: S603  our own interpreter and our own arguments
                    self._command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True
                )
        except OSError as error:
            self._process = None
            self._plan(tr(_C, "It could not be started: {why}.", why=error.strerror or error))
            return
        self._note_begin()

    def _note_begin(self) -> None:
        self._began_s = time.monotonic()
        self._watch.start()
        self.began.emit(max(1, self._tries))

    def _look(self) -> None:
        if self._alive() or self._stopping:
            return
        self._watch.stop()
        reason = self._why()
        self._process, self._found_pid = None, None
        if time.monotonic() - self._began_s >= WELL_AFTER_S:
            self._tries = 0
        self._plan(reason)

    def _plan(self, reason: str) -> None:
        if self._tries >= len(BACKOFF_S):
            self.ended.emit(reason, None)
            return
        wait = BACKOFF_S[self._tries]
        self._again.start(int(wait * 1000))
        self.ended.emit(reason, wait)

    def _alive(self) -> bool:
        if self._process is not None:
            return self._process.poll() is None
        return self._found_pid is not None and _exists(self._found_pid)

    def _why(self) -> str:
        code = self._process.returncode if self._process is not None else None
        if code is None:
            return tr(_C, "Its process is gone.")
        if code < 0:
            return tr(_C, "It was ended by signal {n}.", n=-code)
        said = self._last_line()
        if code == 0:
            return tr(_C, "It was told to stop.")
        return (
            tr(_C, "It ended with code {n}: {said}", n=code, said=said)
            if said
            else tr(_C, "It ended with code {n}.", n=code)
        )

    def _last_line(self) -> str:
        try:
            with self.output.open("rb") as output:
                output.seek(max(0, output.seek(0, os.SEEK_END) - 4096))
                lines = output.read().decode("utf-8", "replace").strip().splitlines()
        except OSError:
            return ""
        return lines[-1][:300] if lines else ""

    def _send(self, number: int) -> None:
        pid = self.pid
        if pid is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, number)

    async def _gone(self, seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        while self._alive():
            if time.monotonic() > deadline:
                return False
            await asyncio.sleep(0.02)
        return True


def _locked_by(lock: Path) -> int | None:
    """Process id that a profile's lock file names."""
    try:
        text = lock.read_text().strip()
    except OSError:
        return None
    return int(text) if text.isdecimal() else None


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
