"""Our pools beside those of Curve and Balancer, whose maths others wrote and published on PyPI."""

import json
import random
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from proofs.environments import environment

UNIT = 10**18


def stable_states() -> list[dict[str, Any]]:
    """Two to eight assets of 6, 8 and 18 decimals, near parity and far from it."""
    draw = random.Random(20261121)
    states = []
    for _ in range(400):
        count = draw.randint(2, 8)
        decimals = [draw.choice([6, 8, 18]) for _ in range(count)]
        base = draw.uniform(1, 1e9)
        balances = [int(base * draw.uniform(0.05, 1) * 10**each) for each in decimals]
        start, end = draw.sample(range(count), 2)
        states.append({
            "kind": "stable",
            "balances": [str(balance) for balance in balances],
            "rates": [str(10 ** (36 - each)) for each in decimals],
            "amplification": draw.choice([1, 10, 100, 200, 2000, 10**5]),
            "fee": str(draw.choice([0, 4 * 10**14, 3 * 10**15])),
            "direction": "in",
            "from": start,
            "to": end,
            "amount": str(max(1, int(balances[start] * draw.uniform(1e-9, 0.5)))),
        })  # fmt: skip
    return states


def weighted_states(direction: str) -> list[dict[str, Any]]:
    """Two assets with weights from 1 to 99 per cent, up to three tenths of a balance."""
    draw = random.Random(20261122)
    states = []
    for _ in range(400):
        balances = [draw.randrange(10**6, 10 ** draw.randint(7, 30)) for _ in range(2)]
        weight = draw.randrange(10**16, 99 * 10**16)
        states.append({
            "kind": "weighted",
            "balances": [str(balance) for balance in balances],
            "weights": [str(weight), str(UNIT - weight)],
            "fee": "0",
            "direction": direction,
            "from": 0,
            "to": 1,
            "amount": str(max(1, int(balances[direction == "out"] * draw.uniform(1e-9, 0.29)))),
        })  # fmt: skip
    return states


def ours(states: list[dict[str, Any]]) -> list[dict[str, str]]:
    """What `fluxdesk quote --json` says."""
    words = [sys.executable, "-m", "fluxdesk", "quote", "--json"]
    done = subprocess.run(words, input=json.dumps(states), capture_output=True, text=True, check=False)
    assert done.returncode in {0, 1}, done.stderr
    return list(json.loads(done.stdout))


@cache
def peers() -> tuple[Path, Path]:
    """The peers' Python and the program it runs."""
    return environment("curves") / "python", Path(__file__).with_name("quotes_of_peers.py")


def theirs(states: list[dict[str, Any]]) -> list[int | None]:
    """What the peers' packages say of the same states."""
    words = [str(word) for word in peers()]
    done = subprocess.run(words, input=json.dumps(states), capture_output=True, text=True, check=True, timeout=200)
    return [None if amount is None else int(amount) for amount in json.loads(done.stdout)]


def both(states: list[dict[str, Any]], field: str) -> list[tuple[int, int]]:
    """Amounts of ours and of the peer, where both quote."""
    pairs = zip(ours(states), theirs(states), strict=True)
    return [(int(our[field]), their) for our, their in pairs if field in our and their is not None]


def test_a_stable_swap_pays_what_curve_pays_or_one_unit_less() -> None:
    pairs = both(stable_states(), "amount_out")
    assert len(pairs) > 350
    differences = [their - our for our, their in pairs]
    assert set(differences) <= {0, 1}
    assert sum(apart == 0 for apart in differences) * 10 > len(pairs) * 8


@pytest.mark.parametrize(("direction", "field"), [("in", "amount_out"), ("out", "amount_in")])
def test_a_weighted_swap_is_never_worse_than_balancers(direction: str, field: str) -> None:
    pairs = both(weighted_states(direction), field)
    assert len(pairs) > 250
    for our, their in pairs:
        better = our >= their if direction == "in" else our <= their
        assert better, (our, their)
        # Balancer widens its power by 1e-14 of itself, which is more of the small part of a balance that a trade is
        assert abs(our - their) <= max(1, their // 10**8)
