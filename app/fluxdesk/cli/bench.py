"""`fluxdesk bench [GROUP]`: measures the figures of a checkout and prints each with its goal and its peer.

A group is a module tests/benchmarks/<group>.py with `run() -> list[Figure]`. Several groups run one after the other,
each in its own process, so that none is measured with another's memory and imports.
"""

import subprocess
import sys
from pathlib import Path

import msgspec

from fluxdesk.cli.figures import Figure, GroupUnavailable
from fluxdesk.core.resources import checkout


def run(group: str | None, json: bool) -> int:
    """Exit code: 0 when every group ran (goals reached or not), 1 when one could not, 2 without a checkout or group."""
    root = checkout()
    if root is None:
        return _fail("The benchmarks are part of the source tree; run this from a checkout of Fluxdesk.")
    known = groups(root)
    if group is None:
        return max([_in_its_own_process(name, json) for name in known], default=0)
    if group not in known:
        return _fail(f"There is no group {group}; it is one of {', '.join(known)}.")
    return _measure(root, group, json)


def groups(root: Path) -> list[str]:
    """Names of the groups of a checkout: the modules that define `run`."""
    files = sorted((root / "tests" / "benchmarks").glob("[a-z]*.py"))
    return [f.stem for f in files if "\ndef run(" in f.read_text(encoding="utf-8")]


def _measure(root: Path, group: str, json: bool) -> int:
    from importlib import import_module

    sys.path.insert(0, str(root / "tests"))
    try:
        figures: list[Figure] = import_module(f"benchmarks.{group}").run()
    except GroupUnavailable as missing:
        _fail(f"{group}: {missing}")
        return 1
    for figure in figures:
        print(msgspec.json.encode(figure).decode() if json else _line(figure), flush=True)
    return 0


def _in_its_own_process(group: str, json: bool) -> int:
    command = [sys.executable, "-m", "fluxdesk", "bench", group, *(["--json"] if json else [])]
    return 1 if subprocess.run(command, check=False).returncode else 0  # noqa: S603 - ourselves


def _line(figure: Figure) -> str:
    met = {True: "reached", False: "missed", None: "stated"}[figure.met()]
    goal = f"goal {figure.goal}" if figure.goal else ""
    peer = ""
    if figure.peer is not None and figure.peer_value:
        peer = f"{figure.peer}: {_number(figure.peer_value)} ({figure.value / figure.peer_value:.1f}x)"
    return f"{figure.name:<36} {_number(figure.value):>14} {figure.unit:<10} {met:<8} {goal:<16} {peer}".rstrip()


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 or value == int(value) else f"{value:,.3g}"


def _fail(sentence: str) -> int:
    print(f"fluxdesk bench: {sentence}", file=sys.stderr)
    return 2
