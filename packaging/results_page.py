"""Writes tests/benchmarks/RESULTS.md from the lines of `fluxdesk bench --json`: each figure with goal and peer.

    fluxdesk bench --json > figures.jsonl
    python packaging/results_page.py figures.jsonl

Groups that are not in the file keep the lines they had, with the machine and day of that run. It writes that one page.
"""

import os
import platform
import re
import sys
import time
from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec

from fluxdesk.cli.figures import Figure

PAGE = Path(__file__).resolve().parents[1] / "tests" / "benchmarks" / "RESULTS.md"
HEAD = """# Figures

Measured by `make bench` (`fluxdesk bench GROUP` for one group) and written down here by `make results`, also where a
goal is missed. A ratio compares both sides of one run on one machine; the absolute numbers are that machine's.
"""
COLUMNS = "| figure | value | unit | goal | reached | peer | peer's value | ratio | runs |\n" + "| --- " * 9 + "|"


def machine() -> str:
    """What it was measured on: processor, cores, memory, Python, day, and how busy it was with other work besides."""
    text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    found = re.search(r"^model name\s*:\s*(.+)$", text, re.MULTILINE)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    day = time.strftime("%d %b %Y", time.gmtime())
    name = found[1].strip() if found else platform.machine()
    load = os.getloadavg()[2]
    return (
        f"{name}, {os.cpu_count()} cores, {memory:.0f} GiB, Python {platform.python_version()}, {day}; "
        f"load average {load:.1f} over the last quarter of an hour, this run included."
    )


def section(group: str, figures: Iterable[Figure], where: str) -> str:
    """One group as a table."""
    return "\n".join([f"## {group}", "", where, "", COLUMNS, *(_row(f) for f in figures)]) + "\n"


def sections(page: str) -> dict[str, str]:
    """The groups a page holds, by name."""
    return {
        match[1]: match[0].rstrip() + "\n"
        for match in re.finditer(r"^## (\w+)\n.*?(?=^## |\Z)", page, re.MULTILINE | re.DOTALL)
    }


def page(old: str, figures: Mapping[str, list[Figure]], where: str) -> str:
    """The page with the measured groups renewed and the others as they were."""
    kept = sections(old)
    kept.update({group: section(group, measured, where) for group, measured in figures.items()})
    return "\n".join([HEAD, *(kept[group] for group in sorted(kept))])


def _row(figure: Figure) -> str:
    met = {True: "yes", False: "**no**", None: ""}[figure.met()]
    peer = ratio = ""
    if figure.peer_value is not None:
        peer = _number(figure.peer_value)
        ratio = f"{figure.value / figure.peer_value:.2f}" if figure.peer_value else ""
    cells = (figure.name, _number(figure.value), figure.unit, figure.goal or "", met, figure.peer or "", peer, ratio)
    return f"| {' | '.join(cells)} | {figure.runs} |"


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 or value == int(value) else f"{value:.3g}"


def main(arguments: list[str]) -> int:
    """Exit code: 2 without figures."""
    lines = [line for name in arguments for line in Path(name).read_bytes().splitlines() if line.strip()]
    figures: dict[str, list[Figure]] = {}
    for line in lines:
        figure = msgspec.json.decode(line, type=Figure)
        figures.setdefault(figure.name.partition(".")[0], []).append(figure)
    if not figures:
        print("usage: python packaging/results_page.py FIGURES.jsonl...", file=sys.stderr)
        return 2
    old = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    PAGE.write_text(page(old, figures, machine()), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
