"""`fluxdesk bench desktop`: start, memory, event-loop lag under load and candles, each in a process of its own.

First paint counts from before the process is started to the end of the table's first paint, with bytecode in place as
an installation has it. Lag is taken while the real node of the same profile takes 10,000 made-up trades a second from
the stand-in RPC server of `bench paced`; beside the lateness stands the CPU time of the window's own process in it.
Without a display Qt draws offscreen: the same raster engine, no compositor.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from benchmarks.processes import begin, line_of
from fluxdesk.cli.figures import Figure

RUNS = 10
RATE = 10_000
LAG_S = 20.0
MEMORY_S = 8.0
HERE = Path(__file__).parent


def run() -> list[Figure]:
    """All figures of the desktop."""
    return [*start_up(), *memory(), *lag(), *candles()]


@contextmanager
def _home(mode: str) -> Iterator[dict[str, str]]:
    """An environment with folders of its own, in which the desktop remembers a mode."""
    with tempfile.TemporaryDirectory(prefix="fd-desktop-") as folder:
        run_folder = Path(folder) / "run"
        run_folder.mkdir(mode=0o700)
        home = Path(folder) / "fluxdesk"
        home.mkdir()
        (home / "desktop.json").write_text(json.dumps({"mode": mode}), encoding="utf-8")
        environment = {**os.environ, "XDG_DATA_HOME": folder, "FLUXDESK_RUNTIME": str(run_folder)}
        environment["PYTHONPATH"] = os.pathsep.join(filter(None, (str(HERE.parent), os.environ.get("PYTHONPATH"))))
        # An installation has its bytecode: the first start writes it here, whatever this checkout allows.
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        environment["PYTHONPYCACHEPREFIX"] = str(Path(folder) / "bytecode")
        if not any(environment.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY")):
            environment.setdefault("QT_QPA_PLATFORM", "offscreen")
        yield environment


def _probe(environment: dict[str, str], *arguments: str, seconds: float = 240.0) -> dict[str, float]:
    command = [sys.executable, str(HERE / "desktop_probe.py"), *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=seconds, check=False)
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    if not lines:
        raise RuntimeError(f"the desktop ended before it said anything:\n{done.stderr[-2_000:]}")
    found: dict[str, float] = json.loads(lines[-1])
    return found


def start_up() -> list[Figure]:
    """Process start to the first paint of the Launches table."""
    with _home("practice") as environment:
        times = []
        for _ in range(RUNS + 1):
            began = time.monotonic_ns()
            times.append((_probe(environment, "paint")["painted_ns"] - began) / 1e6)
    # The first start reads everything from the disk and compiles it; the others are what a user sees each day.
    return [
        Figure("desktop.first_paint", round(median(times[1:]), 1), "ms", "<= 500", runs=RUNS),
        Figure("desktop.first_paint_cold", round(times[0], 1), "ms"),
    ]


def memory() -> list[Figure]:
    """Resident memory with the practice market shown, before and after a chart is opened."""
    with _home("practice") as environment:
        found = _probe(environment, "memory", str(MEMORY_S))
    return [
        Figure("desktop.rss", round(found["before_mb"], 1), "MB", "<= 130"),
        Figure("desktop.rss_with_chart", round(found["with_chart_mb"], 1), "MB", "<= 180"),
    ]


def lag() -> list[Figure]:
    """How late the event loop is while the node takes 10,000 events a second."""
    with _home("live") as environment:
        folder = Path(environment["XDG_DATA_HOME"]) / "fluxdesk" / "live"
        rpc = begin([str(HERE / "stand_in_rpc.py"), str(RATE), str(LAG_S + 60)], environment)
        node = None
        try:
            port = line_of(rpc)
            arguments = ["--mode", "live", "--rpc", f"ws://127.0.0.1:{port}", "--data", str(folder)]
            node = begin(["-m", "fluxdesk", "node", *arguments], environment)
            line_of(node)
            time.sleep(2.0)
            assert rpc.stdin is not None
            rpc.stdin.write(f"{time.monotonic_ns() + 500_000_000}\n")
            rpc.stdin.flush()
            found = _probe(environment, "lag", str(LAG_S))
        finally:
            for process in (node, rpc):
                if process is not None:
                    process.terminate()
                    process.wait(20)
    print(json.dumps(found), file=sys.stderr)
    return [
        Figure("desktop.loop_lag_p99", round(found["p99"], 2), "ms", "<= 16"),
        Figure("desktop.loop_lag_p50", round(found["p50"], 2), "ms"),
        Figure("desktop.loop_lag_worst", round(found["worst"], 1), "ms"),
        Figure("desktop.loop_own_cpu_p99", round(found["own_p99"], 2), "ms"),
        Figure("desktop.loop_own_cpu_worst", round(found["own_worst"], 1), "ms"),
        Figure("desktop.cpu_share", round(found["cpu_share"] * 100), "%"),
        Figure("desktop.rows_per_second", round(found["rows_per_s"]), "rows/s"),
        Figure("desktop.node_events_per_second", round(found["events_per_s"]), "events/s"),
    ]


def candles() -> list[Figure]:
    """Forced repaints of 5,000 visible bars, 1200 x 700, while the last one changes."""
    with _home("practice") as environment:
        found = _probe(environment, "candles")
    return [Figure("desktop.candles_5000", round(found["frames_per_s"], 1), "frames/s", ">= 60")]
