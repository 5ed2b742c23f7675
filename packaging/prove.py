"""Proves the contracts step by step and writes what came out, dated, with the hash of the sources it holds for.

Usage: python packaging/prove.py [--only STEP]... [--again] [--mutants N] [--minutes N]

Steps: `tests` (the profile `prove` of foundry.toml), `halmos`, `slither`, `mutation`, `coverage`. Each writes
contracts/evm/proofs/STEP.json and is passed over while that file holds for the sources that are there and says that it
went well; so a run that was stopped goes on where it was, and a change of one step's inputs runs that step alone.
Within `tests` each folder of tests has a result of its own, and within `mutation` each mutant.
Halmos and Slither pin other versions of shared packages than Fluxdesk: each has a locked environment of its own, made
in .cache when first asked for.
"""

import argparse
import datetime as dt
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import proofs.coverage as coverage_step
import proofs.mutation as mutation_step
import proofs.slither as slither_step
from proofs import long_tests
from proofs.environments import EVM, FORGE, environment
from proofs.sources import INPUTS, PROOFS, hash_of

Result = dict[str, Any]


def run(
    words: list[str],
    profile: str,
    seconds: int,
    tool_path: Path | None = None,
    place: Path = EVM,
    settings: dict[str, str] | None = None,
) -> tuple[int, str]:
    """Exit code and everything a program printed, in contracts/evm or a copy; 124 when it took longer."""
    path = os.environ["PATH"]
    env = os.environ | (settings or {})
    env |= {"FOUNDRY_PROFILE": profile, "PATH": f"{FORGE.parent}:{tool_path or FORGE.parent}:{path}"}
    try:
        done = subprocess.run(  # noqa: S603 - programs of lock files, fixed words
            words, cwd=place, env=env, capture_output=True, text=True, check=False, timeout=seconds
        )
    except subprocess.TimeoutExpired as error:
        said = error.stdout or b""
        return 124, said.decode() if isinstance(said, bytes) else said
    return done.returncode, done.stdout + done.stderr


def halmos() -> Result:
    """Every `check_` of test/formal, for all inputs."""
    home = environment("halmos")
    words = [
        str(home / "halmos"),
        *("--forge-build-out", "../../.cache/contracts/halmos/out"),
        *("--solver", "yices", "--solver-timeout-assertion", "120000", "--contract", ".*Formal"),
    ]
    code, said = run(words, "halmos", 3 * 3600, home)
    plain = re.sub(r"\x1b\[[0-9;]*m", "", said)
    lines = re.findall(r"^\[(PASS|FAIL|ERROR|TIMEOUT)\] (check_\w+)", plain, re.MULTILINE)
    outcomes = {name: outcome for outcome, name in lines}
    proved = sorted(name for name, outcome in outcomes.items() if outcome == "PASS")
    others = {name: outcome for name, outcome in sorted(outcomes.items()) if outcome != "PASS"}
    return {"passed": code == 0 and not others, "proved": len(proved), "proofs": proved, "not_proved": others}


STEPS: dict[str, Callable[[argparse.Namespace], Result]] = {
    "tests": lambda asked: long_tests.prove(run, asked.again, partial(written, "tests"), asked.minutes),
    "halmos": lambda _: halmos(),
    "slither": lambda _: slither_step.prove(run),
    "mutation": lambda asked: mutation_step.prove(asked.mutants, asked.minutes),
    "coverage": lambda asked: coverage_step.prove(run, asked.minutes),
}


def holds(step: str) -> bool:
    """Whether the step's result is of the sources that are there, and a good one."""
    file = PROOFS / f"{step}.json"
    if not file.exists():
        return False
    result = json.loads(file.read_text())
    return bool(result["passed"]) and not result.get("open") and result["sources"] == hash_of(step)


def written(step: str, result: Result) -> None:
    """Writes what is known of a step, dated, with the hash of the sources that are there."""
    parts = result.get("parts", {}).values()
    seconds = sum(one["seconds"] for one in parts) if parts else result.get("seconds", 0)
    dated = (
        {"date": dt.datetime.now(dt.UTC).date().isoformat(), "sources": hash_of(step)} | result | {"seconds": seconds}
    )
    (PROOFS / f"{step}.json").write_text(json.dumps(dated, indent=1, ensure_ascii=False) + "\n")


def main(arguments: list[str] | None = None) -> int:
    """0 everything asked for holds, 1 otherwise."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", action="append", choices=list(INPUTS))
    parser.add_argument("--again", action="store_true", help="run what holds already, too")
    parser.add_argument("--mutants", type=int, default=mutation_step.SAMPLE)
    parser.add_argument(
        "--minutes",
        type=float,
        default=24 * 60,
        help="of tests, mutation, coverage: begin nothing after that, and say what is open",
    )
    asked = parser.parse_args(arguments)
    PROOFS.mkdir(exist_ok=True)
    failed = False
    for step in asked.only or list(INPUTS):
        if not asked.again and holds(step):
            print(f"{step}: holds already.")
            continue
        began = time.monotonic()
        sources = hash_of(step)
        result = STEPS[step](asked)
        if hash_of(step) != sources:
            print(f"{step}: the sources changed meanwhile; nothing written.", file=sys.stderr)
            failed = True
            continue
        seconds = round(time.monotonic() - began)
        written(step, {"seconds": seconds} | result)  # a step that goes on where it was knows its whole time
        outcome = "FAILED" if not result["passed"] else "holds as far as it went" if result.get("open") else "holds"
        print(f"{step}: {outcome}, {seconds} s.")
        failed = failed or not result["passed"]
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
