"""Which lines and branches of the sources no test of forge runs."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from proofs.sources import EVM

REPORT = Path("cache") / "lcov.info"
CORE = ("src/core/", "src/libraries/")


def gaps(report: str) -> dict[str, dict[str, Any]]:
    """Of an lcov report: for each source, how many lines and branches there are, and those never run."""
    files: dict[str, dict[str, Any]] = {}
    current: dict[str, Any] = {}
    for line in report.splitlines():
        word, _, rest = line.partition(":")
        if word == "SF":
            current = {"lines": 0, "branches": 0, "lines_missed": [], "branches_missed": []}
            files[rest.removeprefix(f"{EVM}/")] = current
        elif word == "DA":
            number, hits = rest.split(",")[:2]
            current["lines"] += 1
            if hits == "0":
                current["lines_missed"].append(int(number))
        elif word == "BRDA":
            number, _, _, hits = rest.split(",")
            current["branches"] += 1
            if hits in {"0", "-"}:
                current["branches_missed"].append(int(number))
    return {name: found for name, found in sorted(files.items()) if name.startswith("src/")}


def prove(run: Callable[..., tuple[int, str]]) -> dict[str, Any]:
    """Coverage of everything, with the core whole. Its build is without the optimiser: lines stay what they are."""
    words = ["forge", "coverage", "--ir-minimum", "--report", "lcov", "--report-file", str(REPORT)]
    code, said = run(
        [*words, "--no-match-contract", "(Gas|Formal)$", "--no-match-coverage", "test/"], "default", 3 * 3600
    )
    if code or not (EVM / REPORT).exists():
        return {"passed": False, "why": said[-2000:]}
    files = gaps((EVM / REPORT).read_text())
    missed = {name: one for name, one in files.items() if one["lines_missed"] or one["branches_missed"]}
    total = {kind: sum(one[kind] for one in files.values()) for kind in ("lines", "branches")}
    return {
        "passed": not any(name.startswith(CORE) for name in missed),
        "core": list(CORE),
        **total,
        **{f"{kind}_missed": sum(len(one[f"{kind}_missed"]) for one in files.values()) for kind in total},
        "missed": {name: {k: one[k] for k in ("lines_missed", "branches_missed")} for name, one in missed.items()},
    }
