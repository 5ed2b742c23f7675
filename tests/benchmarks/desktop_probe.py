"""The measured side of `fluxdesk bench desktop`: a real desktop process that reports about itself.

python desktop_probe.py paint            prints the monotonic time (ns) at which the Launches table was first painted
python desktop_probe.py memory SECONDS   prints resident MB with launches shown, then with a chart open
python desktop_probe.py lag SECONDS      prints how late the loop was in ms, our own CPU in it, and what it took in
python desktop_probe.py candles          prints frames a second of 5,000 bars
"""

# asyncio and the classes of the window are imported where they are used: the start that is timed must not pay for them.
import gc
import json
import os
import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from fluxdesk.core.views import LaunchesFrame
    from fluxdesk.desktop.app import Desktop

PROBE_S = 0.002
FRAMES_S = 3.0


def say(**what: float) -> None:
    print(json.dumps(what), flush=True)


def resident_mb() -> float:
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGESIZE") / 1e6


def paint() -> None:
    """Starts as `fluxdesk` does, and leaves where the event loop would begin: the table is painted by then."""
    gc.disable()  # as the start does first of all; the table has to be imported before it to be listened to
    from fluxdesk.desktop import loop, start
    from fluxdesk.desktop.qt import QPaintEvent
    from fluxdesk.desktop.screens.launches.table import LaunchTable

    painted: list[int] = []
    original = LaunchTable.paintEvent

    def timed(self: LaunchTable, event: QPaintEvent) -> None:
        original(self, event)
        painted.append(time.monotonic_ns())

    def leave(*_: object) -> None:
        say(painted_ns=painted[0])
        os._exit(0)

    LaunchTable.paintEvent = timed  # type: ignore[method-assign]
    loop.run_on_qt = leave  # type: ignore[assignment]
    start.main()


async def until(what: Callable[[], bool], seconds: float = 90.0) -> None:
    import asyncio

    deadline = time.monotonic() + seconds
    while not what():
        if time.monotonic() > deadline:
            raise TimeoutError
        await asyncio.sleep(0.05)


async def memory(desktop: "Desktop", seconds: float) -> None:
    import asyncio

    window = desktop.window
    await until(lambda: window.model.known > 0)
    await asyncio.sleep(seconds)
    before, known = resident_mb(), window.model.known
    window.open_token(max(window.model.all_views(), key=lambda view: view.trades).mint)
    await until(lambda: window.token.chart is not None and bool(window.token.trades.rows))
    await asyncio.sleep(seconds)
    say(before_mb=before, with_chart_mb=resident_mb(), launches=known)


async def lag(desktop: "Desktop", seconds: float) -> None:
    """How late a wait of 2 ms ends by the wall clock, and how much CPU this process used meanwhile: what of the
    lateness are blocks of our own, and what was waiting for a core.
    """
    import asyncio

    window = desktop.window
    late: list[float] = []
    own: list[float] = []
    frames: list[int] = []
    await until(lambda: window.model.known > 0)

    def count(news: "LaunchesFrame") -> None:
        frames.append(len(news.upserts))

    assert desktop.link is not None
    desktop.link.launches.connect(count)
    await asyncio.sleep(5.0)
    frames.clear()
    first_s, first_cpu_s = time.perf_counter(), time.process_time()
    while (began := time.perf_counter()) < first_s + seconds:
        cpu = time.process_time()
        await asyncio.sleep(PROBE_S)
        late.append((time.perf_counter() - began - PROBE_S) * 1e3)
        own.append((time.process_time() - cpu) * 1e3)
    cpu_share = (time.process_time() - first_cpu_s) / (time.perf_counter() - first_s)
    late.sort()
    own.sort()
    events = window.status.events_per_s if window.status is not None else 0.0
    say(
        p50=late[len(late) // 2],
        p99=late[int(len(late) * 0.99)],
        worst=late[-1],
        own_p99=own[int(len(own) * 0.99)],
        own_worst=own[-1],
        cpu_share=cpu_share,
        frames_per_s=len(frames) / seconds,
        rows_per_s=sum(frames) / seconds,
        events_per_s=events,
        launches=window.model.known,
    )


async def living(work: "Callable[[Desktop, float], Coroutine[object, object, None]]", seconds: float) -> None:
    import asyncio

    from fluxdesk.desktop.app import Desktop

    desktop = Desktop()
    desktop.window.show()
    life = asyncio.ensure_future(desktop.run())
    try:
        await work(desktop, seconds)
    finally:
        desktop.quit()
        await life


def candles() -> None:
    from fluxdesk.desktop import sample, theme
    from fluxdesk.desktop.loop import application
    from fluxdesk.desktop.screens.token.chart import CandleChart

    app = application()
    theme.apply("dark")
    chart = CandleChart()
    chart.resize(1200, 700)
    chart.show_bars(sample.candles("1m", number=5_000), "1m", 1.0, "SOL")
    chart.getPlotItem().getViewBox().setXRange(0, 5_000, padding=0)
    chart.show()
    app.processEvents()
    frames, end = 0, time.perf_counter() + FRAMES_S
    while time.perf_counter() < end:
        chart.put(sample.candles("1m", number=1))
        chart.viewport().repaint()
        app.processEvents()
        frames += 1
    say(frames_per_s=frames / FRAMES_S, bars=len(chart.series))


def main() -> None:
    mode, seconds = sys.argv[1], float(sys.argv[2]) if len(sys.argv) > 2 else 0.0
    if mode == "paint":
        paint()
    elif mode == "candles":
        candles()
    else:
        from fluxdesk.desktop.loop import application, run_on_qt

        run_on_qt(application(), living(memory if mode == "memory" else lag, seconds))


if __name__ == "__main__":
    main()
