"""Which process a number means: numbers are given again when a process has ended, beginnings are not."""

from pathlib import Path
from typing import NamedTuple

_AFTER_NAME = 19
"""Fields of proc(5)'s `stat` between the name in brackets and `starttime`."""


class Process(NamedTuple):
    """A process of this boot. `began`: clock ticks since the machine started."""

    number: int
    began: int


def process(number: int) -> Process | None:
    """The one that has the number now; None when there is none, or the system does not say."""
    try:
        # a name may hold brackets and spaces: what follows the last bracket does not
        fields = Path(f"/proc/{number}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        return Process(number, int(fields[_AFTER_NAME]))
    except (OSError, ValueError, IndexError):
        return None
