"""Mutants of the core by Slither's operators, and which of them no test notices.

All of them would be days of compiling: a sample is drawn by the hash of each mutant, the same one as long as the
sources are the same, evenly over the files. Each is tried against the tests of its area alone. One that does not
compile counts for nothing. Outcomes are kept in .cache as they come, so a run that was stopped goes on.

A survivor that changes nothing anybody could see is argued in contracts/evm/proofs/survivors.json, by file and change.
"""

import hashlib
import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

from proofs.environments import FORGE, environment
from proofs.sources import EVM, PROOFS, ROOT, hash_of

SAMPLE = 150
AREAS: dict[str, str] = {
    "src/libraries/Powers.sol": "test/pools/*",
    "src/libraries/WeightedMath.sol": "test/pools/*",
    "src/libraries/StableMath.sol": "test/pools/*",
    "src/libraries/DynamicFee.sol": "test/pools/*",
    "src/libraries/AssetSlots.sol": "test/pools/*",
    "src/libraries/MerkleProofs.sol": "test/libraries/*",
    "src/libraries/Signatures.sol": "test/libraries/*",
    "src/libraries/TokenBuckets.sol": "test/crosschain/*",
    "src/libraries/VoteTraces.sol": "test/governance/*",
    "src/libraries/Vesting.sol": "test/distribution/*",
    "src/core/LiquidityPoolManager.sol": "test/pools/*",
    "src/core/PoolCurve.sol": "test/pools/*",
    "src/core/AccountLedger.sol": "test/pools/*",
    "src/core/OrderSettlement.sol": "test/orders/*",
    "src/access/GuardedPause.sol": "test/access/*",
    "src/synthetics/VaultMath.sol": "test/synthetics/*",
    "src/synthetics/SyntheticVault.sol": "test/synthetics/*",
    "src/distribution/DistributionVault.sol": "test/distribution/*",
    "src/distribution/VerifierQuorum.sol": "test/distribution/*",
    "src/governance/GovernanceToken.sol": "test/governance/*",
    "src/crosschain/CrossChainLiquidity.sol": "test/crosschain/*",
}
"""The core: each source with the tests it must answer to."""


def _copy(folder: Path) -> Path:
    """contracts/evm beside a link to its packages, so that the sources of the checkout are never touched."""
    home = folder / "evm"
    shutil.rmtree(home, ignore_errors=True)
    shutil.copytree(EVM, home, ignore=shutil.ignore_patterns("out", "cache", "proofs", "snapshots"))
    link = folder / "node_modules"
    if not link.is_symlink():
        link.symlink_to(ROOT / "contracts" / "node_modules")
    return home


def _listed(home: Path) -> list[dict[str, Any]]:
    tool = environment("slither")
    files = [name for name in AREAS if (home / name).exists()]
    without_tests = home.parent / "listed" / "evm"
    shutil.rmtree(without_tests.parent, ignore_errors=True)
    shutil.copytree(home, without_tests, ignore=shutil.ignore_patterns("test"))
    (without_tests.parent / "node_modules").symlink_to(ROOT / "contracts" / "node_modules")
    done = subprocess.run(  # noqa: S603 - our own script in a locked environment
        [str(tool / "python"), str(Path(__file__).with_name("mutants.py")), str(without_tests), *files],
        env=os.environ | {"SOLC_ONLY_AST": "1", "PATH": f"{FORGE.parent}:{tool}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=True,
    )
    return list(json.loads(done.stdout.splitlines()[-1]))


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


def _tried(home: Path, mutant: dict[str, Any]) -> str:
    """`killed`, `survived` or `invalid`."""
    source = home / mutant["file"]
    before = source.read_bytes()
    forge = [str(FORGE), "test", "--match-path", AREAS[mutant["file"]], "--no-match-contract", "Gas$", "--fail-fast"]
    try:
        source.write_bytes(before[: mutant["start"]] + mutant["new"].encode() + before[mutant["end"] :])
        done = subprocess.run(forge, cwd=home, capture_output=True, text=True, check=False, timeout=1800)  # noqa: S603
    except subprocess.TimeoutExpired:
        return "killed"  # a loop that does not end is noticed
    finally:
        source.write_bytes(before)
    if "Compiler run failed" in done.stdout + done.stderr:
        return "invalid"
    return "killed" if done.returncode else "survived"


def prove(count: int) -> dict[str, Any]:
    """Tries the sample; at least nine in ten must be noticed, argued survivors aside."""
    folder = ROOT / ".cache" / "contracts" / "mutation"
    folder.mkdir(parents=True, exist_ok=True)
    home = _copy(folder)
    kept = folder / f"outcomes-{hash_of('mutation')[:16]}.json"
    outcomes: dict[str, str] = json.loads(kept.read_text()) if kept.exists() else {}
    mutants = _listed(home)
    drawn = sample(mutants, count)
    for one in drawn:
        if _name(one) not in outcomes:
            outcomes[_name(one)] = _tried(home, one)
            kept.write_text(json.dumps(outcomes))
            print(f"{outcomes[_name(one)]}: {one['file']} {one['operator']}: {one['new'][:80]}", flush=True)
    counts = {word: sum(outcomes[_name(one)] == word for one in drawn) for word in ("killed", "survived", "invalid")}
    argued = {(one["file"], one["new"]): one["why"] for one in json.loads((PROOFS / "survivors.json").read_text())}
    survivors = [
        {key: one[key] for key in ("file", "operator", "old", "new")}
        | {"why": argued.get((one["file"], one["new"]), "not argued")}
        for one in drawn
        if outcomes[_name(one)] == "survived"
    ]
    valid = counts["killed"] + counts["survived"]
    return {
        "passed": valid > 0 and counts["killed"] * 10 >= valid * 9,
        "mutants": len(mutants),
        "sampled": len(drawn),
        **counts,
        "survivors": survivors,
    }
