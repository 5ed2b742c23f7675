"""`fluxdesk` where no window can open: it says so and shows practice launches in the terminal."""

import os
import signal
import subprocess
import sys
from pathlib import Path

NO_DISPLAY = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")


def _heeds_ctrl_c() -> None:
    """As in a terminal: a shell starts what it puts in the background deaf to SIGINT, and that is inherited."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_it_says_so_and_shows_practice_launches(tmp_path: Path) -> None:
    environment = {k: v for k, v in os.environ.items() if k not in NO_DISPLAY} | {"XDG_DATA_HOME": str(tmp_path)}
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "fluxdesk"],
        env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=_heeds_ctrl_c,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        first = process.stdout.readline()
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)
    finally:
        process.kill()
    assert "launch" in first
    assert "no display" in said
    assert "watch --practice" in said
    assert "Traceback" not in said
    assert (tmp_path / "fluxdesk" / "practice" / "journal.sqlite").exists()
