"""Which lines and branches of the core no test of its area runs.

Each area is built and run in a copy of its own, without the optimiser, so that lines stay what they are; a line or a
branch is run where any area runs it. What forge counts and nothing can reach is argued in
contracts/evm/proofs/unreached.json, each place for itself: by its file, the text of its line, and `nth` where that text
stands there more than once. A sentence of a place that is run by now is said to be idle.
"""

import json
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from proofs.environments import FORGE
from proofs.homes import NOT_ASKED, home
from proofs.mutation import AREAS
from proofs.sources import EVM, PROOFS, ROOT, hash_of_files, hash_of_settings, place_of

REPORT = "lcov.info"
# A few random inputs each: a line that only a rare input runs is no line a test runs.
FEW = {"FOUNDRY_FUZZ_RUNS": "32", "FOUNDRY_FUZZ_SEED": "0x636f76", "SOLC_QUICK": "whole"}
WORDS = (
    "coverage",
    "--ir-minimum",
    "--report",
    "lcov",
    "--report-file",
    REPORT,
    "--no-match-coverage",
    "test/",
    *NOT_ASKED,
)
# Only the pipeline via IR with all of its steps has room for it; what it runs others run, too.
WITHOUT = "Math.t.sol"
# forge takes every contract that has a function of such a name for a test, and says nothing of it.
_AS_TESTS = re.compile(r"\binvariant(?=(?:Up|Down)?\()")
Hits = dict[tuple[str, ...], int]


def read(report: str) -> dict[str, dict[str, Hits]]:
    """Of an lcov report, for each source: how often each line and each branch ran."""
    files: dict[str, dict[str, Hits]] = {}
    current: dict[str, Hits] = {}
    for row in report.splitlines():
        word, _, rest = row.partition(":")
        if word == "SF":
            current = files.setdefault("src/" + rest.rpartition("src/")[2], {"lines": {}, "branches": {}})
        elif word == "DA":
            number, hits = rest.split(",")[:2]
            current["lines"][(number,)] = current["lines"].get((number,), 0) + int(hits)
        elif word == "BRDA":
            number, block, path, hits = rest.split(",")
            key = (number, block, path)
            current["branches"][key] = current["branches"].get(key, 0) + (0 if hits == "-" else int(hits))
    return {name: found for name, found in sorted(files.items()) if not name.endswith(".t.sol")}


def together(reports: list[dict[str, dict[str, Hits]]]) -> dict[str, dict[str, Any]]:
    """For each source how many lines and branches there are, and the lines of those that no report has run."""
    summed: dict[str, dict[str, Hits]] = {}
    for report in reports:
        for name, kinds in report.items():
            for kind, hits in kinds.items():
                whole = summed.setdefault(name, {"lines": {}, "branches": {}})[kind]
                for key, count in hits.items():
                    whole[key] = whole.get(key, 0) + count
    return {
        name: {kind: len(hits) for kind, hits in kinds.items()}
        | {f"{kind}_missed": sorted(int(key[0]) for key, n in hits.items() if n == 0) for kind, hits in kinds.items()}
        for name, kinds in sorted(summed.items())
    }


def areas() -> dict[str, list[str]]:
    """Each folder of tests that the core answers to, with the core's files it is asked of."""
    found: dict[str, list[str]] = {}
    for name, tests in AREAS.items():
        found.setdefault(tests[-1].split("/")[1], []).append(name)
    return found


def _told_apart(place: Path) -> None:
    """Has the copy call its functions so that forge counts their lines, which stay where they are."""
    for file in [*(place / "src").rglob("*.sol"), *(place / "test").rglob("*.sol")]:
        text = file.read_text()
        if (named := _AS_TESTS.sub("whole", text)) != text:
            file.write_text(named)


def _report(area: str, core: list[str], run: Callable[..., tuple[int, str]], begin: bool) -> str:
    """The area's report, kept under the hash of what it was made of and how; empty where it failed or was not begun."""
    names = [file.relative_to(EVM).as_posix() for file in (EVM / "test" / area).glob("*.t.sol") if file.name != WITHOUT]
    folder = ROOT / ".cache" / "contracts" / "coverage" / area
    settings = hash_of_settings(FEW, WORDS, _AS_TESTS.pattern)
    kept = folder / f"{hash_of_files([*names, *core])[:16]}-{settings}.info"
    if not kept.exists() and begin:
        place = home(folder, [*names, *core])
        _told_apart(place)
        code, said = run([str(FORGE), *WORDS], "default", 3 * 3600, None, place, FEW)
        if code or not (place / REPORT).exists():
            print(f"{area}: {said[-1500:]}", flush=True)
            return ""
        kept.write_text((place / REPORT).read_text())
        print(f"{area}: covered.", flush=True)
    return kept.read_text() if kept.exists() else ""


def prove(run: Callable[..., tuple[int, str]], minutes: float) -> dict[str, Any]:
    """Coverage of the core: what no test runs and no sentence argues is open, as is a file that no report speaks of."""
    until = time.monotonic() + minutes * 60
    reports = [_report(area, core, run, time.monotonic() < until) for area, core in areas().items()]
    found = together([read(report) for report in reports if report])
    core = {name: found[name] for name in AREAS if name in found}
    argued = {
        (one["file"], one["line"], one.get("nth", 1)): one["why"]
        for one in json.loads((PROOFS / "unreached.json").read_text())
    }
    missed = []
    for name, one in core.items():
        text = (EVM / name).read_text().splitlines()
        for number in sorted({*one["lines_missed"], *one["branches_missed"]}):
            line, nth = place_of(text, number)
            why = argued.pop((name, line, nth), "")
            missed.append({"file": name, "number": number, "line": line, "nth": nth, "why": why})
    kinds = ("lines", "branches")
    totals = {kind: sum(one[kind] for one in core.values()) for kind in kinds}
    totals |= {f"{kind}_missed": sum(len(one[f"{kind}_missed"]) for one in core.values()) for kind in kinds}
    unknown = sorted(set(AREAS) - set(core))
    still = [f"{one['file']}:{one['number']}" for one in missed if not one["why"]]
    idle = [f"{file}: {line} ({nth})" for file, line, nth in sorted(argued)]
    return {
        "passed": bool(core),
        "open": unknown + still,
        "core": sorted(core),
        **totals,
        "missed": missed,
        "argued_but_run": idle,
    }
