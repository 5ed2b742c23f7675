"""The console script answers quickly, exits with the right code and never shows a secret in a traceback."""

import os
import subprocess
import sys

import pytest

from fluxdesk import __version__


def fluxdesk(*arguments: str, code: str | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "fluxdesk", *arguments] if code is None else [sys.executable, "-c", code]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, env=dict(os.environ))


def test_the_version_is_printed_without_the_command_line_parser() -> None:
    code = (
        "import sys; sys.argv = ['fluxdesk', '--version']\n"
        "from fluxdesk.cli.main import run\n"
        "assert run(sys.argv[1:]) == 0\n"
        "heavy = {'typer', 'numpy', 'PySide6', 'fastapi', 'sqlalchemy', 'msgspec'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    done = fluxdesk(code=code)
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"fluxdesk {__version__}\n"


def test_the_table_of_commands_loads_no_part_of_the_program() -> None:
    code = (
        "import sys, fluxdesk.cli.commands\n"
        "ours = {m for m in sys.modules if m.startswith('fluxdesk.')} - {'fluxdesk.cli', 'fluxdesk.cli.commands'}\n"
        "assert not ours, ours"
    )
    done = fluxdesk(code=code)
    assert done.returncode == 0, done.stderr


def test_help_names_every_command() -> None:
    done = fluxdesk("--help")
    assert done.returncode == 0
    for command in ("desktop", "decode", "watch", "replay", "node", "screenshot", "doctor", "bench", "settings"):
        assert f"  {command} " in done.stdout


@pytest.mark.parametrize(
    "arguments", [("no-such-command",), ("decode",), ("decode", "--no-such-option", "x"), ("settings", "set")]
)
def test_a_wrong_command_line_exits_with_2_and_says_why(arguments: tuple[str, ...]) -> None:
    done = fluxdesk(*arguments)
    assert done.returncode == 2
    assert "Error" in done.stderr
    assert done.stdout == ""


def test_a_reader_that_goes_away_is_no_error() -> None:
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {sys.executable} -m fluxdesk settings list --json | head -n 1"],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0
    assert done.stderr == ""


def test_a_defect_exits_with_70_and_hides_secrets() -> None:
    code = (
        "import sys; sys.argv = ['fluxdesk', 'doctor']\n"
        "import fluxdesk.cli.doctor as d, fluxdesk.cli.main as m\n"
        "def broken(*a): raise RuntimeError('at wss://rpc.example.org/?api-key=a1B2c3D4e5F6a7B8')\n"
        "d.run = broken\n"
        "m.main()"
    )
    done = fluxdesk(code=code)
    assert done.returncode == 70
    assert "RuntimeError" in done.stderr
    assert "a1B2c3D4e5F6a7B8" not in done.stderr
    assert "defect" in done.stderr


def test_an_interrupt_exits_with_130() -> None:
    code = (
        "import sys; sys.argv = ['fluxdesk', 'doctor']\n"
        "import fluxdesk.cli.doctor as d, fluxdesk.cli.main as m\n"
        "def stopped(*a): raise KeyboardInterrupt\n"
        "d.run = stopped\n"
        "m.main()"
    )
    assert fluxdesk(code=code).returncode == 130


@pytest.mark.parametrize("stream", ["<&-", ">&-", "2>&-"])
def test_a_closed_stream_is_an_empty_one(stream: str) -> None:
    state = '{"kind": "stable", "balances": [9000, 9000], "amplification": 9, "amount": 5}'
    command = f"exec {sys.executable} -m fluxdesk quote {stream} <<< '{state}'"
    if stream == "<&-":
        command = f"exec {sys.executable} -m fluxdesk quote <&-"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == (2 if stream == "<&-" else 0)
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("redirection", [">/dev/full", ">/dev/full 2>/dev/full"])
def test_output_that_goes_nowhere_is_said_and_is_no_defect(redirection: str) -> None:
    command = f"exec {sys.executable} -m fluxdesk settings list {redirection}"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    said = "fluxdesk: The output could not be written: No space left on device."
    assert done.stderr.startswith(said if "2>" not in redirection else "")
    assert len(done.stderr.splitlines()) == (0 if "2>" in redirection else 1)
