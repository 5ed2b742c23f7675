# ruff: noqa: INP001 - a script beside its file, no package
"""Writes `pools.json` beside this file: random pools and what the Python model says every call does to them.

Run from the repository with the application importable: `PYTHONPATH=app python contracts/evm/test/vectors/make.py`. The
same seed gives the same file. A call is [operation, index, other index, amount, seconds before it, answer].
"""

import json
import random
import sys
from pathlib import Path
from typing import Any, Final

from fluxdesk.core.curves.integers import CurveError
from fluxdesk.core.curves.pool_ledger import BURNT_SHARES, PoolLedger
from fluxdesk.core.curves.pools import Kind, Liquidity, PoolState
from fluxdesk.core.curves.weighted import UNIT

SEED: Final = 4
POOLS: Final = 36
CALLS: Final = 24
REFUSED: Final = 16
PROTOCOL_SHARE: Final = UNIT // 2
ONE_SIDED: Final[tuple[Liquidity, ...]] = (
    "add_exact_in", "add_exact_shares", "remove_exact_shares", "remove_exact_out",
)  # fmt: skip


def pool(luck: random.Random, place: int) -> tuple[PoolState, list[int]]:
    """A pool of a kind that goes with its place, and its assets' decimals."""
    kind: Kind = ("weighted", "stable", "hybrid")[place % 3]
    count = luck.choice((2, 2, 3, 4, 8)) if kind != "hybrid" else luck.choice((3, 4, 5, 8))
    decimals = [luck.choice((6, 8, 18)) for _ in range(count)]
    size = luck.choice((0, 3, 9))
    size = 0 if place % 12 == 5 else 10 ** (2 + size)  # some pools hold a few units only
    whole = [luck.randint(size, 6 * size) * 10**d // 10**2 or luck.randint(5, 40) for d in decimals]
    fee = luck.choice((0, 4 * 10**14, 3 * 10**15, UNIT // 10))
    volatility = luck.choice((0, 0, 30, 65_535))
    if kind == "weighted":
        weights = cuts(luck, count)
        return PoolState(kind, tuple(whole), fee, weights=tuple(weights), volatility=volatility), decimals
    groups, weights = (0,) * count, (UNIT,) * count
    if kind == "hybrid":
        drawn = [0] + [luck.randint(0, 2) for _ in range(count - 2)] + [3]
        names = list(dict.fromkeys(drawn))
        groups = tuple(names.index(g) for g in drawn)
        of_group = cuts(luck, len(names))
        weights = tuple(of_group[g] for g in groups)
    return PoolState(
        kind, tuple(whole), fee, weights=() if kind == "stable" else tuple(weights),
        amplification=luck.choice((100, 1000, 20_000, 100_000_000)), rates=tuple(10 ** (36 - d) for d in decimals),
        off_peg=luck.choice((10, 20, 1000)) * UNIT // 10, groups=() if kind == "stable" else groups,
        volatility=volatility,
    ), decimals  # fmt: skip


def cuts(luck: random.Random, count: int) -> list[int]:
    """Weights of two hundredths or more that add up to one."""
    rest = [luck.randint(1, 100) for _ in range(count)]
    weights = [UNIT // 50 + (UNIT - count * UNIT // 50) * r // sum(rest) for r in rest]
    weights[0] += UNIT - sum(weights)
    return weights


def amount(luck: random.Random, held: int) -> int:
    """From a unit to half of what there is, small ones as likely as large ones."""
    return max(1, held // luck.choice((2, 4, 10, 100, 10**4, 10**8)) * luck.randint(1, 100) // 100)


def call(luck: random.Random, ledger: PoolLedger) -> list[int]:
    """One random call. Where the model refuses it, its number has `REFUSED` added."""
    seconds = luck.choice((0, 0, 12, 300, 90_000))
    ledger.now += seconds
    index, other = luck.sample(range(len(ledger.balances)), 2)
    operation = luck.randint(0, 7)
    of = {1: ledger.balances[other], 0: ledger.balances[index], 2: ledger.balances[index], 5: ledger.balances[index]}
    given = amount(luck, of.get(operation, ledger.supply - 2 * BURNT_SHARES))
    try:
        return [operation, index, other, given, seconds, answer(ledger, operation, index, other, given)]
    except CurveError:
        return [operation + REFUSED, index, other, given, seconds, 0]


def answer(ledger: PoolLedger, operation: int, index: int, other: int, given: int) -> int:
    """What the model does with a call. Raises `CurveError`."""
    if operation < 2:
        return ledger.swap(index, other, given, exact_in=operation == 0)
    if operation < 6:
        return ledger.one_sided(index, given, ONE_SIDED[operation - 2])
    return sum(ledger.add(given) if operation == 6 else ledger.remove(given))


def price(ledger: PoolLedger) -> int:
    """The oracle's price, zero where the model refuses it."""
    try:
        return ledger.oracle_price(0, 1)
    except CurveError:
        return 0


def main() -> int:
    """Writes the file."""
    luck = random.Random(SEED)  # noqa: S311 - the same pools each time
    cases: list[dict[str, Any]] = []
    for place in range(POOLS):
        terms, decimals = pool(luck, place)
        ledger = PoolLedger(terms, PROTOCOL_SHARE)
        calls = [call(luck, ledger) for _ in range(CALLS)]
        weighted = terms.kind == "weighted"
        cases.append({
            "kind": ("weighted", "stable", "hybrid").index(terms.kind),
            "decimals": decimals, "balances": list(terms.balances), "weights": list(terms.weights),
            "groups": list(terms.groups),
            "terms": [terms.amplification, terms.fee, 0 if weighted else terms.off_peg * 10 // UNIT, terms.volatility],
            "calls": [number for made in calls for number in made],
            "after": [*ledger.balances, *ledger.averages(), *ledger.owed, ledger.supply, price(ledger)],
        })  # fmt: skip
    target = Path(__file__).parent / "pools.json"
    target.write_text(json.dumps({"cases": [{k: _text(v) for k, v in case.items()} for case in cases]}) + "\n")
    refused = sum(case["calls"][at] >= REFUSED for case in cases for at in range(0, len(case["calls"]), 6))
    print(f"{POOLS} pools, {POOLS * CALLS} calls of which the model refused {refused}")
    return 0


def _text(value: Any) -> Any:
    """Numbers as strings: readers of JSON lose digits."""
    return [str(v) for v in value] if isinstance(value, list) else str(value)


if __name__ == "__main__":
    sys.exit(main())
