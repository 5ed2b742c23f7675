"""`fluxdesk bench paced`: 10,000 events a second for a minute, from due time to the client's WebSocket frame.

Four processes, as in use: a stand-in RPC server (made-up trades, labelled as such), the real node with its real Solana
WebSocket source, journal, decoder, windows and store, and a client that asks for every event. Open loop: event n is
due at start + n / rate whether anybody keeps up or not; the first five seconds warm up and are not in the percentiles.
"""

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import psutil

from fluxdesk.cli.figures import Figure
from fluxdesk.core.paths import Profile

RATE = 10_000
SECONDS = 60
WARM_UP_S = 5
TESTS = Path(__file__).parent.parent
DAY_S = 86_400


def run() -> list[Figure]:
    """The figures of one run of a minute."""
    return measure(RATE, SECONDS)


def measure(rate: int, seconds: float) -> list[Figure]:
    """Runs the four processes. Raises `RuntimeError` when one of them does not start."""
    total = int(rate * (seconds + WARM_UP_S))
    with tempfile.TemporaryDirectory(prefix="fluxdesk-paced-") as folder:
        paths = os.pathsep.join([str(TESTS), *filter(None, [os.environ.get("PYTHONPATH")])])
        environment = {**os.environ, "FLUXDESK_RUNTIME": f"{folder}/run", "PYTHONPATH": paths}
        profile = Profile.of("live", Path(folder) / "data")
        here = Path(__file__).parent
        rpc = _start([str(here / "stand_in_rpc.py"), str(rate), str(seconds + WARM_UP_S)], environment)
        node = reader = None
        try:
            port = _line(rpc)
            arguments = ["--mode", "live", "--rpc", f"ws://127.0.0.1:{port}", "--data", str(profile.folder)]
            node = _start(["-m", "fluxdesk", "node", *arguments], environment)
            socket = _line(node).removeprefix("ready ")
            reader = _start([str(here / "paced_reader.py"), socket, str(rate), str(total)], environment)
            if _line(reader) != "ready":
                raise RuntimeError("the reader did not connect")
            time.sleep(2.0)  # subscriptions settle; the load has not begun
            memory = _Memory(node.pid)
            idle_s = _cpu_s(node.pid)
            start = time.monotonic_ns() + 500_000_000
            for process in (rpc, reader):
                _tell(process, str(start))
            result = json.loads(_line(reader))
            peak = memory.stop()
            cpu_s = _cpu_s(node.pid) - idle_s
            size = sum(f.stat().st_size for f in profile.folder.glob("journal.sqlite*"))
        finally:
            for process in (reader, node, rpc):
                if process is not None:
                    process.terminate()
                    process.wait(20)
    per_event = size / total
    print(json.dumps({**result, "cpu_s": round(cpu_s, 1)}), file=sys.stderr)
    return [
        Figure("paced.latency_p50", round(result.get("p50", -1.0), 2), "ms", "<= 5"),
        Figure("paced.latency_p99", round(result.get("p99", -1.0), 2), "ms", "<= 25"),
        Figure("paced.lost", result["lost"], "events", "== 0"),
        Figure("paced.node_rss", round(peak / 1e6, 1), "MB", "<= 300"),
        Figure("paced.node_cpu_per_event", round(cpu_s / total * 1e6, 1), "us"),
        Figure("paced.node_cpu", round(cpu_s / (seconds + WARM_UP_S), 2), "cores"),
        Figure("paced.journal_per_event", round(per_event, 1), "bytes"),
        Figure("paced.journal_per_day", round(per_event * rate * DAY_S / 1e9, 1), "GB/day"),
    ]


def _cpu_s(pid: int) -> float:
    """Seconds of processor time that a process and its children have used."""
    own = psutil.Process(pid)
    times = [one.cpu_times() for one in (own, *own.children(recursive=True))]
    return sum(one.user + one.system for one in times)


class _Memory:
    """The largest resident size of a process and its children together, looked at four times a second."""

    def __init__(self, pid: int) -> None:
        self._process = psutil.Process(pid)
        self._peak = 0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def stop(self) -> int:
        """Bytes."""
        self._ended.set()
        self._thread.join()
        return self._peak

    def _look(self) -> None:
        while not self._ended.wait(0.25):
            family = [self._process, *self._process.children(recursive=True)]
            self._peak = max(self._peak, sum(one.memory_info().rss for one in family))


def _start(arguments: list[str], environment: dict[str, str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, *arguments], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def _line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    line = process.stdout.readline().strip()
    if not line:
        raise RuntimeError(f"{process.args} ended before it said anything")
    return line


def _tell(process: subprocess.Popen[str], text: str) -> None:
    assert process.stdin is not None
    process.stdin.write(text + "\n")
    process.stdin.flush()
