"""`fluxdesk` without a display, and `fluxdesk screenshot`, as whole processes."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from fluxdesk.desktop.qt import QImage


def fluxdesk(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "fluxdesk", *arguments]
    return subprocess.run(
        command, env={**os.environ, **environment}, capture_output=True, text=True, timeout=120, check=False
    )


def test_a_screen_is_painted_at_the_size_asked_for(tmp_path: Path) -> None:
    file = tmp_path / "launches.png"
    done = fluxdesk("screenshot", "launches", "--out", str(file), "--size", "1400x900", "--theme", "light")
    assert done.returncode == 0, done.stderr
    image = QImage(str(file))
    assert (image.width(), image.height()) == (1400, 900)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("wallet",), "There is no screen named wallet."),
        (("launches", "--size", "12"), "A size is WIDTHxHEIGHT in pixels"),
        (("launches", "--theme", "pink"), "Themes are dark, light"),
        (("launches", "--state", "happy"), "states are data, empty, loading, failing"),
    ],
)
def test_a_wrong_word_is_answered_with_one_line_and_exit_2(
    arguments: tuple[str, ...], said: str, tmp_path: Path
) -> None:
    done = fluxdesk("screenshot", *arguments, "--out", str(tmp_path / "x.png"))
    assert done.returncode == 2
    assert said in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_picture_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    done = fluxdesk("screenshot", "keys", "--out", str(tmp_path / "nowhere" / "x.png"))
    assert done.returncode == 1
    assert "could not be written" in done.stderr


def test_without_a_display_it_says_so_and_shows_the_practice_market_as_text() -> None:
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("DISPLAY", "WAYLAND", "QT_"))
    }
    program = subprocess.Popen(
        [sys.executable, "-m", "fluxdesk"], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        assert program.stderr is not None
        assert program.stdout is not None
        assert "there is no display" in program.stderr.readline()
        assert program.stdout.readline().strip()
    finally:
        program.terminate()
        program.communicate(timeout=30)
