"""Measures the contracts and their peers in one run and writes contracts/evm/snapshots.

Usage: python packaging/gas.py [--check]

Every contract named `...Gas` of contracts/evm/test takes part; its figures are whole transactions (`--isolate`: 21,000
and the calldata are in them, every slot is cold), named `operation` for ours and `operation, peer` for a peer in the
same run.

- `figures.json`: every figure of ours.
- `peers.json`: the goals, each with what ours needs, and what a peer needs. `peer_name` says whether the peer was
  measured in this run or stands for a figure its authors or we recorded elsewhere, on another harness.

Balancer v3 is compiled first when its code is not in .cache yet (gas_peers.py, some minutes, once). Where that cannot
be done its lines stay as an earlier run wrote them, and say so.

`--check` writes nothing and compiles no peer; it ends with 1 when a figure is more than two per cent above the one
written, or is in one place only.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from gas_peers import NotCompiled, balancer

ROOT = Path(__file__).resolve().parents[1]
EVM = ROOT / "contracts" / "evm"
FORGE = ROOT / "contracts" / "node_modules" / "@foundry-rs" / "forge-linux-amd64" / "bin" / "forge"
SNAPSHOTS = EVM / "snapshots"
SLACK = 102
"""Per cent of the written figure that a new one may reach."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """A peer's figure that this run does not measure: gas, and where it was read."""

    gas: int
    name: str


@dataclass(frozen=True, slots=True)
class Goal:
    """What an operation may need, and whom it is compared with.

    Attributes:
        operation: The name in the measurements.
        most: Gas, or compute units on Solana.
        measured: Peers of the same run, by the name they have there.
        recorded: Peers whose figures come from elsewhere.
        above: The operation to whose figure `most` is added.
        compiled: Peers of the same run that are measured only where their code could be compiled.
    """

    operation: str
    most: int
    measured: tuple[str, ...] = ()
    recorded: tuple[Recorded, ...] = ()
    above: str = ""
    compiled: tuple[str, ...] = ()


UNISWAP_SWAPS = ("swap, Uniswap v2", "swap, Uniswap v3", "swap, Uniswap v4")
BALANCER_WEIGHTED = "Balancer v3 weighted 80/20, core call"
UNISWAP_CLAIM = "claimAtDepth17, Uniswap MerkleDistributor"
MINIMAL_CLAIM = "claimAttestedAtDepth17, the same without pause, rotation, ERC-1271, lock, times and caps"
MINIMAL_PAYOUT = "payoutEach, the same without pause, lock, event and checks of answers, addresses and the sum"
PAYOUT_FLOOR = "payoutEach, the token's transfer and the words of recipient and amount alone"
UNBOUND = "the same without a price bound"
GOALS = (
    Goal(
        "weightedSwap",
        95_000,
        UNISWAP_SWAPS,
        (Recorded(151_000, "Balancer v3 weighted, warm, through its router (its own gas snapshots)"),),
        compiled=(f"weightedSwap, {BALANCER_WEIGHTED}",),
    ),
    Goal(
        "stableSwap",
        95_000,
        recorded=(
            Recorded(136_226, "Curve StableSwap-NG exchange (we ran it once, Vyper 0.3.10)"),
            Recorded(164_900, "Balancer v3 stable, warm, through its router (its own gas snapshots)"),
        ),
        compiled=("stableSwap, Balancer v3 stable, core call",),
    ),
    Goal(
        "addProportional",
        135_000,
        ("addProportional, Uniswap v2",),
        (Recorded(150_098, "Curve StableSwap-NG add_liquidity, balanced (we ran it once)"),),
        compiled=(f"addProportional, {BALANCER_WEIGHTED}",),
    ),
    Goal(
        "addOneSided",
        155_000,
        recorded=(Recorded(175_661, "Curve StableSwap-NG add_liquidity, one coin (we ran it once)"),),
        compiled=(
            f"addOneSided, {BALANCER_WEIGHTED}",
            "addOneSided, Balancer v3 weighted 80/20 for exact shares, core call",
        ),
    ),
    Goal(
        "depositAndMint",
        150_000,
        recorded=(Recorded(190_816, "Morpho Blue supplyCollateral + borrow, medians of its own suite"),),
    ),
    Goal(
        "liquidate",
        110_000,
        recorded=(Recorded(87_055, "Morpho Blue liquidate, median of its own suite (most 130,032)"),),
    ),
    Goal(
        "claimAtDepth17",
        93_000,
        (UNISWAP_CLAIM,),
        (Recorded(89_748, "bitmap and proof alone, Solady (we ran it once)"),),
    ),
    Goal("claimAttestedAtDepth17", 125_000, (UNISWAP_CLAIM, MINIMAL_CLAIM)),
    Goal("claimBatchOf64Each", 32_000, (UNISWAP_CLAIM,)),
    Goal(
        "payoutEach",
        25_200,
        (PAYOUT_FLOOR, MINIMAL_PAYOUT),
        (Recorded(24_946, "GasliteDrop, 1,000 recipients (0xpolarzero's benchmark)"),),
    ),
    Goal("votesTransfer", 104_000, ("votesTransfer, OpenZeppelin ERC20Votes", "votesTransfer, Solady ERC20Votes")),
    Goal("settleOrder", 35_000, (f"settleOrder, {UNBOUND}",), above="swapOfTheOrder"),
    Goal("settleStableOrder", 35_000, (f"settleStableOrder, {UNBOUND}",), above="swapOfTheStableOrder"),
)
SOLANA = Goal("claim_at_depth_14", 12_000)
"""Compute units, as the Solana tests hold them in compute_units.json; not gas, and from another run."""
COMPUTE_UNITS = ROOT / "contracts" / "solana" / "compute_units.json"
NOW = " (measured in this run by `make gas`)"
EARLIER = " (measured by an earlier `make gas`)"
MISSED = {
    "claimAttestedAtDepth17": "Pause and rotation of verifiers are one cold slot (2,100) of each attested claim.",
    "payoutEach": "The token's transfer and its calldata need 25,382 alone, more than the goal; our checks need 56.",
}
"""Goals that are not met, and what the difference buys. No check was dropped for a figure."""


class CannotMeasure(Exception):
    """Why there are no figures, as a sentence."""


def measured(folder: Path, code: Path | None = None) -> tuple[dict[str, int], dict[str, int], bool]:
    """Figures of ours and of the peers, by name, and whether all of forge's tests passed: one that misses a goal hides
    no figure of the others. `code`: the folder of Balancer's, below contracts/evm.

    Raises:
        CannotMeasure: forge is not there, or nothing could be measured.
    """
    if not FORGE.exists():
        raise CannotMeasure("forge is not installed: run `make contracts`")
    run = subprocess.run(  # noqa: S603 - forge of the lock file, fixed words
        [str(FORGE), "test", "--isolate", "--match-contract", "Gas$"],
        cwd=EVM,
        env=os.environ | {"FOUNDRY_SNAPSHOTS": str(folder), "BALANCER_V3": str(code.relative_to(EVM)) if code else ""},
        capture_output=True,
        text=True,
        check=False,
    )
    if run.returncode:
        print((run.stdout + run.stderr)[-4000:], file=sys.stderr)
    ours: dict[str, int] = {}
    peers: dict[str, int] = {}
    for file in sorted(folder.glob("*.json")):
        for name, figure in json.loads(file.read_text()).items():
            (peers if ", " in name else ours)[name] = int(figure)
    if not ours:
        raise CannotMeasure("no measurement ran")
    return ours, peers, run.returncode == 0


def rows(
    ours: dict[str, int], peers: dict[str, int], units: dict[str, int], earlier: dict[tuple[str, str], int]
) -> list[dict[str, object]]:
    """The lines of peers.json: one for each goal and peer, in the order of the goals.

    `earlier` is what stands for a peer that could not be compiled: see `compiled_before`.
    """
    lines: list[dict[str, object]] = []
    for goal in (*GOALS, SOLANA):
        figure = (units if goal is SOLANA else ours).get(goal.operation)
        if figure is None or (goal.above and goal.above not in ours):
            continue
        most = goal.most + (ours[goal.above] if goal.above else 0)
        common: dict[str, object] = {"name": goal.operation, "ours": figure, "goal": f"<= {most}"}
        against = [
            (peers[name], f"{name.split(', ', 1)[1]} (measured in this run)") for name in goal.measured if name in peers
        ]
        for name in goal.compiled:
            label = name.split(", ", 1)[1]
            if name in peers:
                against.append((peers[name], label + NOW))
            elif (goal.operation, label) in earlier:
                against.append((earlier[goal.operation, label], label + EARLIER))
        against += [(one.gas, f"{one.name} (recorded)") for one in goal.recorded]
        if goal.above:
            against.append((ours[goal.above], f"our own {goal.above} without an order (measured in this run)"))
        if not against:
            lines.append(common | {"peer": None, "peer_name": None})
        lines += [common | {"peer": gas, "peer_name": name} for gas, name in against]
    return lines


def compiled_before(lines: list[dict[str, object]]) -> dict[tuple[str, str], int]:
    """What the written lines have of peers that `make gas` compiles, by operation and peer."""
    found = {}
    for line in lines:
        for end in (NOW, EARLIER):
            if isinstance(name := line["peer_name"], str) and name.endswith(end):
                found[str(line["name"]), name.removesuffix(end)] = int(str(line["peer"]))
    return found


def grown(now: dict[str, int], written: dict[str, int]) -> list[str]:
    """What `--check` objects to, as sentences."""
    wrong = [
        f"{name}: {now[name]} now, {written[name]} written"
        for name in sorted(now.keys() & written.keys())
        if now[name] * 100 > written[name] * SLACK
    ]
    wrong += [f"{name}: measured, not written" for name in sorted(now.keys() - written.keys())]
    return wrong + [f"{name}: written, not measured" for name in sorted(written.keys() - now.keys())]


def _read(file: Path) -> dict[str, int]:
    return {key: int(figure) for key, figure in json.loads(file.read_text()).items()} if file.exists() else {}


def _code_of_balancer(place: Path) -> Path | None:
    """Its code where forge may read it, or None and a sentence."""
    try:
        return Path(shutil.copytree(balancer(), place))
    except NotCompiled as error:
        print(f"gas: Balancer v3 is not measured: {error}.", file=sys.stderr)
        return None


def main(arguments: list[str] | None = None) -> int:
    """0 measured (and as written), and nothing of it failed; 1 otherwise."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    asked = parser.parse_args(arguments)
    cache = EVM / "cache"
    cache.mkdir(exist_ok=True)
    try:
        with tempfile.TemporaryDirectory(dir=cache) as folder:
            code = None if asked.check else _code_of_balancer(Path(folder) / "balancer")
            ours, peers, passed = measured(Path(folder), code)
    except CannotMeasure as error:
        print(f"gas: {error}.", file=sys.stderr)
        return 1
    if asked.check:
        wrong = grown(ours, _read(SNAPSHOTS / "figures.json"))
        for line in wrong:
            print(line, file=sys.stderr)
        return 0 if passed and not wrong else 1
    SNAPSHOTS.mkdir(exist_ok=True)
    file = SNAPSHOTS / "peers.json"
    lines = rows(
        ours, peers, _read(COMPUTE_UNITS), compiled_before(json.loads(file.read_text())) if file.exists() else {}
    )
    (SNAPSHOTS / "figures.json").write_text(json.dumps(dict(sorted(ours.items())), indent=1) + "\n")
    file.write_text(json.dumps(lines, indent=1, ensure_ascii=False) + "\n")
    for row in lines:
        print("{name}: {ours}, goal {goal}; {peer_name}: {peer}".format(**row))
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
