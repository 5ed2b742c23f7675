"""Looks for stable pools at which Newton's steps of the curve find no balance, in the model in Python.

Usage: python packaging/proofs/convergence.py [--pools N] [--seed N]

It is the evidence of sentences in contracts/evm/proofs/unreached.json, of the same pools each time. They have two to
eight assets of one unit to 2^99, of any proportion, and every amplification; a trade is of any size. Printed is how
many were tried (a million unless said, at about 3,000 a second) and where steps found no end. It ends with 1 where one
came to a place that a sentence calls unreached.
"""

import argparse
import json
import random
import sys
import traceback
from collections import Counter
from collections.abc import Callable

from fluxdesk.core.curves import stable
from fluxdesk.core.curves.integers import CurveError

# The end of a loop, and a divisor that is not above zero in Curve's own steps. That of the refined steps is reached in
# pools of a few units, and tested.
UNREACHED = {"solve", "solve_up", "_slope of solve"}


def _where(error: CurveError) -> str:
    frames = [frame.name for frame in traceback.extract_tb(error.__traceback__)]
    return f"{frames[-1]} of {frames[-2]}" if frames[-1] in ("_slope", "_fits") else frames[-1]


def _tried(found: Counter[str], call: Callable[[], int]) -> int | None:
    try:
        return call()
    except CurveError as error:
        found[_where(error)] += 1
        return None


def one(numbers: random.Random, found: Counter[str]) -> None:
    """A pool, and a trade in it both ways."""
    bits = numbers.choice((2, 3, 5, 10, 20, 40, 60, 80, 99))
    xs = [numbers.randint(1, 1 << numbers.randint(1, bits)) for _ in range(numbers.choice((2, 2, 2, 3, 5, 8)))]
    amp = numbers.choice((100, 150, 1000, 20_000, 10**6, 10**8, numbers.randint(100, 10**8)))
    amount = numbers.randint(1, 1 << numbers.randint(1, bits))
    d = _tried(found, lambda: stable.invariant(xs, amp))
    if d is None:
        return
    _tried(found, lambda: stable.solve([xs[0] + amount, *xs[2:]], amp, d))
    up = _tried(found, lambda: stable.invariant_up(xs, amp, d))
    if up is not None:
        begin = numbers.choice((0, 1, xs[1], d))
        _tried(found, lambda: stable.solve_up([xs[0] + amount, *xs[2:]], amp, up, begin, stable.guard_bits(d)))
    rates, off_peg = [10**18] * len(xs), numbers.choice((0, 10, 10**18, 10**20))
    fee, wanted = numbers.choice((0, 10**14, 10**17)), min(amount, xs[1] * numbers.randint(1, 1000) // 1000)
    _tried(found, lambda: stable.amount_in(xs, rates, amp, 0, 1, wanted, fee, off_peg))


def main(arguments: list[str] | None = None) -> int:
    """0 where nothing unreached was reached, 1 otherwise."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pools", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args(arguments)
    numbers, found = random.Random(asked.seed), Counter[str]()  # noqa: S311 - the same pools each time
    for _ in range(asked.pools):
        one(numbers, found)
    print(json.dumps({"seed": asked.seed, "pools": asked.pools, "ended": dict(found.most_common())}))
    return 1 if UNREACHED & set(found) else 0


if __name__ == "__main__":
    sys.exit(main())
