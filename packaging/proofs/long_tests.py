"""The tests of forge with the long profile, part by part: each folder of test/, and each file of invariants.

Each part has its own result, under the hash of its tests and of what they import. They are written as they come, so a
run that was stopped goes on, and a change runs again the parts that read what changed and no other.
"""

import datetime as dt
import json
import re
import time
from collections.abc import Callable
from typing import Any

from proofs.environments import FORGE
from proofs.sources import EVM, PROOFS, hash_of_files

NO_TESTS = ("formal", "gas", "invariants", "mocks", "vectors")
FILE = PROOFS / "tests.json"
Result = dict[str, Any]


def parts() -> list[str]:
    """What is run at once, as patterns below contracts/evm."""
    folders = sorted(one.name for one in (EVM / "test").iterdir() if one.is_dir() and one.name not in NO_TESTS)
    files = sorted(one.name for one in (EVM / "test" / "invariants").glob("*.t.sol"))
    return [f"test/invariants/{name}" for name in files] + [f"test/{name}/*.t.sol" for name in folders]


def hash_of_part(part: str) -> str:
    """Of the part's tests, everything they read, and the settings."""
    return hash_of_files(["foundry.toml", part])


def _run(part: str, run: Callable[..., tuple[int, str]]) -> Result:
    code, said = run([str(FORGE), "test", "--match-path", part, "--no-match-contract", "Gas$"], "prove", 6 * 3600)
    passed = [int(one) for one in re.findall(r"(\d+) tests passed", said)]
    return {
        "passed": code == 0 and bool(passed) and passed[-1] > 0,
        "tests": passed[-1] if passed else 0,
        "invariants": sorted(set(re.findall(r"\[PASS\] (invariant_\w+)\(", said))),
        "failed": sorted(set(re.findall(r"\[FAIL[^\]]*\] (\w+)\(", said))),
    }


def kept() -> dict[str, Result]:
    """What was written for each part, whatever it holds for."""
    return dict(json.loads(FILE.read_text()).get("parts", {})) if FILE.exists() else {}


def holds(part: str, found: dict[str, Result]) -> bool:
    """Whether a part's result is a good one of the sources that are there."""
    return part in found and found[part]["passed"] and found[part]["sources"] == hash_of_part(part)


def whole(found: dict[str, Result]) -> Result:
    """The result of all parts, of what is known of each."""
    there = {part: found[part] for part in parts() if part in found}
    settings = (EVM / "foundry.toml").read_text().split("[profile.prove.fuzz]")[1]
    numbers = dict(
        re.findall(r"^(runs|depth) = (\d+)", settings.partition("[profile.prove.invariant]")[2], re.MULTILINE)[:2]
    )
    fuzz = re.search(r"^runs = (\d+)", settings, re.MULTILINE)
    still = [part for part in parts() if not holds(part, there)]
    return {
        "passed": all(one["passed"] for one in there.values()),
        "open": still,
        "tests": sum(one["tests"] for one in there.values()),
        "invariants": sum(len(one["invariants"]) for one in there.values()),
        "profile": {
            "fuzz_runs": int(fuzz[1]) if fuzz else 0,
            "invariant_runs": int(numbers["runs"]),
            "invariant_depth": int(numbers["depth"]),
            "fail_on_revert": True,
        },
        "parts": there,
    }


def prove(run: Callable[..., tuple[int, str]], again: bool, write: Callable[[Result], None], minutes: float) -> Result:
    """Runs every part that does not hold, and writes after each; begins none after `minutes`."""
    until = time.monotonic() + minutes * 60
    found = {} if again else {part: one for part, one in kept().items() if holds(part, {part: one})}
    for part in parts():
        if part in found:
            continue
        if time.monotonic() >= until:
            break
        began = time.monotonic()
        sources = hash_of_part(part)
        result = _run(part, run)
        if hash_of_part(part) != sources:
            print(f"{part}: the sources changed meanwhile; nothing written.", flush=True)
            continue
        today = dt.datetime.now(dt.UTC).date().isoformat()
        found[part] = {"date": today, "sources": sources, "seconds": round(time.monotonic() - began)} | result
        print(f"{part}: {'holds' if result['passed'] else 'FAILED'}, {found[part]['seconds']} s.", flush=True)
        write(whole(found))
    return whole(found)
