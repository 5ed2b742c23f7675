"""`fluxdesk bench paced`: 10,000 events a second for a minute, from due time to the client's WebSocket frame.

Four processes, as in use: a stand-in RPC server (made-up trades, labelled as such), the real node with its real Solana
WebSocket source, journal, decoder, windows and store, and a client that asks for every event. Open loop: event n is
due at start + n / rate whether anybody keeps up or not; the first five seconds warm up and are not in the percentiles.
"""

import json
import os
import sys
import tempfile
import threading
import time
from pathlib import Path

import psutil

from benchmarks.processes import begin, line_of, tell
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
        rpc = begin([str(here / "stand_in_rpc.py"), str(rate), str(seconds + WARM_UP_S)], environment)
        node = reader = None
        try:
            port = line_of(rpc)
            arguments = ["--mode", "live", "--rpc", f"ws://127.0.0.1:{port}", "--data", str(profile.folder)]
            node = begin(["-m", "fluxdesk", "node", *arguments], environment)
            socket = line_of(node).removeprefix("ready ")
            reader = begin([str(here / "paced_reader.py"), socket, str(rate), str(total)], environment)
            if line_of(reader) != "ready":
                raise RuntimeError("the reader did not connect")
            time.sleep(2.0)  # subscriptions settle; the load has not begun
            memory = _Memory(node.pid)
            idle_s = _cpu_s(node.pid)
            start = time.monotonic_ns() + 500_000_000
            for process in (rpc, reader):
                tell(process, str(start))
            result = json.loads(line_of(reader))
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
