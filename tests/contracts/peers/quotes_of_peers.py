"""Answers of the peers' own packages, in a process of its own: they pin other versions of packages than Fluxdesk.

Reads a JSON list of states as `fluxdesk quote` takes them, and writes the list of amounts: a string, or null where the
peer refuses. Stable pools are asked of curvesim's CurvePool, weighted ones of balancer-maths.
"""

import importlib.util
import json
import sys
import tempfile
from pathlib import Path


def weighted_math():
    """balancer-maths imports itself as `src`: it is given that name by a link in a folder of its own."""
    folder = Path(tempfile.mkdtemp(prefix="balancer-maths-"))
    (folder / "src").symlink_to(Path(importlib.util.find_spec("balancer_maths").origin).parent)
    sys.path.insert(0, str(folder))
    from src.pools.weighted import weighted_math

    return weighted_math


def curve(state):
    """One trade exact in, fee in units of 1e-18 as ours; Curve keeps it in units of 1e-10."""
    from curvesim.pool.stableswap.pool import CurvePool

    fee = int(state["fee"]) // 10**8
    rates = [int(rate) for rate in state["rates"]]
    balances = [int(balance) for balance in state["balances"]]
    pool = CurvePool(int(state["amplification"]), balances, len(balances), rates=rates, fee=fee)
    return pool.exchange(state["from"], state["to"], int(state["amount"]))[0]


def balancer(maths, state):
    """One trade on balances of 18 decimals without a fee."""
    i, j = state["from"], state["to"]
    balances = [int(balance) for balance in state["balances"]]
    weights = [int(weight) for weight in state["weights"]]
    ask = maths.compute_out_given_exact_in if state["direction"] == "in" else maths.compute_in_given_exact_out
    return ask(balances[i], weights[i], balances[j], weights[j], int(state["amount"]))


def main():
    """Standard input to standard output."""
    states = json.load(sys.stdin)
    maths = weighted_math()
    answers = []
    for state in states:
        try:
            amount = curve(state) if state["kind"] == "stable" else balancer(maths, state)
            answers.append(str(amount))
        except Exception:
            answers.append(None)
    json.dump(answers, sys.stdout)


if __name__ == "__main__":
    main()
