"""Programs that a benchmark starts and talks to line by line."""

import subprocess
import sys


def begin(arguments: list[str], environment: dict[str, str]) -> subprocess.Popen[str]:
    """A Python program with pipes for its input and output."""
    command = [sys.executable, *arguments]
    return subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def line_of(process: subprocess.Popen[str]) -> str:
    """The next line it says. Raises `RuntimeError` when it ended instead."""
    assert process.stdout is not None
    line = process.stdout.readline().strip()
    if not line:
        raise RuntimeError(f"{process.args} ended before it said anything")
    return line


def tell(process: subprocess.Popen[str], text: str) -> None:
    """Sends it a line."""
    assert process.stdin is not None
    process.stdin.write(text + "\n")
    process.stdin.flush()
