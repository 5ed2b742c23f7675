"""Mutants of the core by Slither's operators, and which of them no test notices.

All of them would be days of compiling: a sample is drawn by the hash of each mutant, the same one as long as the
sources are the same, evenly over the files. Each is tried against the short tests of its area alone, without the
area's invariants and with 64 random inputs each. One that does not compile counts for nothing.

Outcomes are kept in .cache as they come, under what they were made of: the mutated file, what it imports, the tests it
answered to and the settings. So a run that was stopped goes on, and a change of one area tries that area alone again.

A survivor that changes nothing anybody could see is argued in contracts/evm/proofs/survivors.json, by file, line (`nth`
where its text stands there more than once) and change. It still counts as one that survived.
"""

import hashlib
import json
import os
import shutil
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from proofs.environments import FORGE, environment
from proofs.homes import NOT_ASKED, home
from proofs.sources import EVM, PROOFS, ROOT, hash_of, hash_of_files, hash_of_settings, place_of

SAMPLE = 150
# The libraries' own tests come first: what they notice needs no pool built around it.
POOLS = ("test/pools/*",)
SYNTHETICS = ("test/synthetics/*",)
MATHS = ("test/pools/*Math.t.sol", *POOLS)
CLAIMS = ("test/distribution/*",)
VOTES = ("test/governance/*",)
BRIDGES = ("test/crosschain/*",)
AREAS: dict[str, tuple[str, ...]] = {
    "src/libraries/Powers.sol": MATHS,
    "src/libraries/WeightedMath.sol": MATHS,
    "src/libraries/StableMath.sol": MATHS,
    "src/libraries/DynamicFee.sol": POOLS,
    "src/libraries/AssetSlots.sol": POOLS,
    "src/libraries/MerkleProofs.sol": ("test/libraries/*",),
    "src/libraries/Signatures.sol": ("test/libraries/*",),
    "src/libraries/TokenBuckets.sol": BRIDGES,
    "src/libraries/VoteTraces.sol": VOTES,
    "src/libraries/Vesting.sol": CLAIMS,
    "src/core/LiquidityPoolManager.sol": POOLS,
    "src/core/PoolCurve.sol": POOLS,
    "src/core/PoolStorage.sol": POOLS,
    "src/core/PoolIncentives.sol": POOLS,
    "src/core/AccountLedger.sol": POOLS,
    "src/core/OrderSettlement.sol": ("test/orders/*",),
    "src/access/GuardedPause.sol": ("test/access/*",),
    "src/synthetics/VaultMath.sol": SYNTHETICS,
    "src/synthetics/SyntheticVault.sol": SYNTHETICS,
    "src/distribution/DistributionVault.sol": CLAIMS,
    "src/distribution/VerifierQuorum.sol": CLAIMS,
    "src/distribution/VaultTerms.sol": CLAIMS,
    "src/governance/GovernanceToken.sol": VOTES,
    "src/crosschain/CrossChainLiquidity.sol": BRIDGES,
}
"""The core: each source with the tests it must answer to, in their order."""

# The same numbers each time, no limit of code that is not optimised, and each source as it compiles soonest.
AS_MUTANT = {
    "FOUNDRY_FUZZ_SEED": "0x6d757461",
    "FOUNDRY_FUZZ_RUNS": "64",
    "FOUNDRY_CODE_SIZE_LIMIT": "1000000",
    "SOLC_QUICK": "linked",
}


def _listed(folder: Path) -> list[dict[str, Any]]:
    """All mutants of the sources that are there; asked of Slither once for each state of them."""
    kept = folder / f"mutants-{hash_of('mutation')[:16]}.json"
    if not kept.exists():
        tool = environment("slither")
        shutil.rmtree(folder / "listed", ignore_errors=True)
        listed = home(folder / "listed", ["src/**/*.sol"])
        script = str(Path(__file__).with_name("mutants.py"))
        done = subprocess.run(  # noqa: S603 - our own script in a locked environment
            [str(tool / "python"), "-I", script, str(listed), *AREAS],
            env=os.environ | {"SOLC_ONLY_AST": "1", "PATH": f"{FORGE.parent}:{tool}:{os.environ['PATH']}"},
            capture_output=True,
            text=True,
            check=True,
        )
        kept.write_text(done.stdout.splitlines()[-1])
    return list(json.loads(kept.read_text()))


def _name(mutant: dict[str, Any]) -> str:
    whole = f"{mutant['file']}|{mutant['start']}|{mutant['end']}|{mutant['new']}"
    return hashlib.sha256(whole.encode()).hexdigest()[:16]


def sample(mutants: list[dict[str, Any]], count: int) -> list[dict[str, Any]]:
    """`count` of them, in turn from each file, within a file in the order of their hashes."""
    queues: dict[str, list[dict[str, Any]]] = {}
    for one in sorted(mutants, key=_name):
        queues.setdefault(one["file"], []).append(one)
    drawn: list[dict[str, Any]] = []
    while len(drawn) < count and any(queues.values()):
        for name in sorted(queues):
            if queues[name] and len(drawn) < count:
                drawn.append(queues[name].pop(0))
    return drawn


def _forge(place: Path, tests: str) -> str:
    """`killed`, `survived` or `invalid`, of the sources as they lie there."""
    words = [str(FORGE), "test", "--match-path", tests, "--no-match-contract", "Gas$", "--fail-fast", *NOT_ASKED]
    try:
        done = subprocess.run(  # noqa: S603 - a program of a lock file, fixed words
            words, cwd=place, env=os.environ | AS_MUTANT, capture_output=True, text=True, check=False, timeout=1800
        )
    except subprocess.TimeoutExpired:
        return "killed"  # a loop that does not end is noticed
    said = done.stdout + done.stderr
    if "Compiler run failed" in said:
        return "invalid"
    if done.returncode and "[FAIL" not in said:  # a full disk kills no mutant
        raise RuntimeError(f"forge ended with {done.returncode} and no failed test: {said[-2000:]}")
    return "killed" if done.returncode else "survived"


def _place(folder: Path, tests: str) -> Path:
    """The copy in which a pattern of tests lives."""
    return home(folder / tests.removeprefix("test/").replace("/", "-").replace("*", "all"), [tests])


def _tried(folder: Path, mutant: dict[str, Any]) -> str:
    """The outcome of one mutant, with the sources put back afterwards."""
    for tests in AREAS[mutant["file"]]:
        place = _place(folder, tests)
        source = place / mutant["file"]
        before = source.read_bytes()
        # forge leaves a test as it was built when only the body of a source changed, one that has it in itself too.
        name = f'/{source.name}"'
        holders = [file for file in (place / "test").rglob("*.sol") if name in file.read_text()]
        texts = {file: file.read_bytes() for file in holders}
        try:
            source.write_bytes(before[: mutant["start"]] + mutant["new"].encode() + before[mutant["end"] :])
            for file, text in texts.items():
                file.write_bytes(text + f"\n// {_name(mutant)}\n".encode())
            outcome = _forge(place, tests)
        finally:
            source.write_bytes(before)
            for file, text in texts.items():
                file.write_bytes(text)
        if outcome != "survived":
            return outcome
    return "survived"


def _state(patterns: Sequence[str]) -> str:
    """Hash of a source and the tests it answers to, of what both import, and of how they are run."""
    return f"{hash_of_files(patterns)[:16]}-{hash_of_settings(AS_MUTANT, NOT_ASKED)}"


def _place_of(mutant: dict[str, Any]) -> tuple[str, int]:
    """The line a mutant begins in, by which it is argued."""
    text = (EVM / mutant["file"]).read_bytes()
    return place_of(str(text, "utf-8").splitlines(), text.count(b"\n", 0, mutant["start"]) + 1)


def prove(count: int, minutes: float) -> dict[str, Any]:
    """Tries the sample; at least nine in ten must be noticed, and each of the others be argued.

    After `minutes` what was tried by then is told, as a result that is not whole."""
    until = time.monotonic() + minutes * 60
    folder = ROOT / ".cache" / "contracts" / "mutation"
    folder.mkdir(parents=True, exist_ok=True)
    drawn = sample(mutants := _listed(folder), count)
    kept = folder / "outcomes.json"
    # of each mutant its outcome, and how many seconds that took
    outcomes: dict[str, tuple[str, int]] = json.loads(kept.read_text()) if kept.exists() else {}
    states = {name: _state([name, *tests]) for name, tests in AREAS.items()}

    def key(one: dict[str, Any]) -> str:
        return f"{states[one['file']]}-{_name(one)}"

    # what compiles in seconds first: a pool's manager takes half a minute
    for one in sorted(drawn, key=lambda one: AREAS[one["file"]][-1:] == POOLS):
        if key(one) in outcomes:
            continue
        if time.monotonic() > until:
            break
        for tests in AREAS[one["file"]]:
            whole = _state([tests])
            if whole not in outcomes and (outcome := _forge(_place(folder, tests), tests)) != "survived":
                return {"passed": False, "why": f"without a mutant {tests} is {outcome}"}
            outcomes[whole] = ("survived", 0)
        began = time.monotonic()
        outcome = _tried(folder, one)
        outcomes[key(one)] = (outcome, round(time.monotonic() - began))
        kept.write_text(json.dumps(outcomes))
        print(f"{outcome}: {one['file']} {one['operator']}: {one['new'][:80]}", flush=True)
    tried = [one for one in drawn if key(one) in outcomes]
    counts = {word: sum(outcomes[key(one)][0] == word for one in tried) for word in ("killed", "survived", "invalid")}
    argued = {
        (one["file"], one["line"], one.get("nth", 1), one["new"]): one["why"]
        for one in json.loads((PROOFS / "survivors.json").read_text())
    }
    survivors = []
    for one in tried:
        if outcomes[key(one)][0] == "survived":
            line, nth = _place_of(one)
            why = argued.get((one["file"], line, nth, one["new"]), "")
            named = {"file": one["file"], "operator": one["operator"], "line": line, "nth": nth, "new": one["new"]}
            survivors.append(named | {"why": why})
    valid = counts["killed"] + counts["survived"]
    return {
        "passed": len(tried) == len(drawn)
        and counts["killed"] * 10 >= valid * 9
        and all(one["why"] for one in survivors),
        "mutants": len(mutants),
        "sampled": len(drawn),
        "tried": len(tried),
        "open": len(drawn) - len(tried),
        "tried_by_file": {name: sum(one["file"] == name for one in tried) for name in AREAS},
        **counts,
        "seconds": sum(outcomes[key(one)][1] for one in tried),
        "survivors": survivors,
    }
