# ruff: noqa: INP001 - a script beside its file, no package
"""Writes `math.json` and `pools.json` beside this file: the curves' steps one by one, and random pools with what the
Python model says every call does to them.

Run from the repository with the application importable: `PYTHONPATH=app python contracts/evm/test/vectors/make.py`. The
same seed gives the same file. A call is [operation, index, other index, amount, seconds before it, answer].
"""

import json
import random
import sys
from pathlib import Path
from typing import Any, Final

from fluxdesk.core.curves import powers, stable, weighted
from fluxdesk.core.curves.integers import CurveError
from fluxdesk.core.curves.pool_ledger import BURNT_SHARES, PoolLedger
from fluxdesk.core.curves.pools import Kind, Liquidity, PoolState
from fluxdesk.core.curves.weighted import UNIT

SEED: Final = 4
POOLS: Final = 36
CALLS: Final = 24
STEPS: Final = 300
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
    groups, shares = (0,) * count, [UNIT] * count
    if kind == "hybrid":
        drawn = [0] + [luck.randint(0, 2) for _ in range(count - 2)] + [3]
        names = list(dict.fromkeys(drawn))
        groups = tuple(names.index(g) for g in drawn)
        of_group = cuts(luck, len(names))
        shares = [of_group[g] for g in groups]
    return PoolState(
        kind, tuple(whole), fee, weights=() if kind == "stable" else tuple(shares),
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


def curve_steps(luck: random.Random) -> dict[str, list[int]]:
    """Weighted: two balances with weights, an amount, what goes out, and a power. Stable: count, balances,
    amplification, the place that joins and its new balance, D, D refined, the other balance as Curve finds it and as
    it is paid.
    """
    flat: dict[str, list[int]] = {"weighted": [], "stable": []}
    while len(flat["weighted"]) < 7 * STEPS:
        held_in, held_out = (
            10 ** luck.randint(1, 28) * luck.randint(1, 99),
            10 ** luck.randint(1, 28) * luck.randint(1, 99),
        )
        weight = luck.randint(1, 99) * UNIT // 100
        given = max(1, held_in * luck.randint(1, 300) // 1000)
        try:
            out = weighted.amount_out(held_in, weight, held_out, UNIT - weight, given)
            grown = powers.power_down(held_in + given, held_in, weight, UNIT - weight)
        except CurveError:
            continue
        flat["weighted"] += [held_in, weight, held_out, UNIT - weight, given, out, max(grown, 0)]
    for _ in range(STEPS):
        xs = [10 ** luck.randint(12, 27) * luck.randint(1, 99) for _ in range(luck.randint(2, 8))]
        xs = [min(x, 10**5 * min(xs)) for x in xs]
        amp, joined = luck.choice((100, 1000, 20_000, 10**8)), luck.randrange(len(xs))
        missing, new = (joined + 1) % len(xs), xs[joined] + max(1, xs[joined] * luck.randint(1, 900) // 1000)
        try:
            d = stable.invariant(xs, amp)
            up = stable.invariant_up(xs, amp, d)
            kept = [new if k == joined else x for k, x in enumerate(xs) if k != missing]
            y = stable.solve(kept, amp, d)
            paid = stable.solve_up(kept, amp, up, y, stable.guard_bits(d))
        except CurveError:
            continue
        flat["stable"] += [len(xs), *xs, amp, joined, new, d, up, y, paid]
    return flat


def files() -> dict[str, str]:
    """What the files hold, by name."""
    steps = curve_steps(random.Random(SEED))  # noqa: S311 - the same steps each time
    luck = random.Random(SEED)  # noqa: S311 - the same pools each time
    cases: list[dict[str, Any]] = []
    for place in range(POOLS):
        terms, decimals = pool(luck, place)
        ledger = PoolLedger(terms, PROTOCOL_SHARE)
        calls = [call(luck, ledger) for _ in range(CALLS)]
        cases.append({
            "kind": ("weighted", "stable", "hybrid").index(terms.kind),
            "decimals": decimals, "balances": list(terms.balances), "weights": list(terms.weights),
            "groups": list(terms.groups),
            "terms": [terms.amplification, terms.fee, terms.off_peg * 10 // UNIT, terms.volatility],
            "calls": [number for made in calls for number in made],
            "after": [*ledger.balances, *ledger.averages(), *ledger.owed, ledger.supply, price(ledger)],
        })  # fmt: skip
    return {
        "math.json": json.dumps({k: _text(v) for k, v in steps.items()}) + "\n",
        "pools.json": json.dumps({"cases": [{k: _text(v) for k, v in case.items()} for case in cases]}) + "\n",
    }


def main() -> int:
    """Writes the files."""
    for name, text in files().items():
        (Path(__file__).parent / name).write_text(text)
    return 0


def _text(value: Any) -> Any:
    """Numbers as strings: readers of JSON lose digits."""
    return [str(v) for v in value] if isinstance(value, list) else str(value)


if __name__ == "__main__":
    sys.exit(main())
