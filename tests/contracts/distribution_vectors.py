"""Makes `contracts/evm/test/vectors/distribution.json`: vesting by the exact model, and a tree with its proofs. The
forge test `test/distribution/Vectors.t.sol` holds `Vesting` and `MerkleProofs` against them to the unit.

    python tests/contracts/distribution_vectors.py
"""

import json
import random
from pathlib import Path

from fluxdesk.core import merkle
from fluxdesk.core.curves.vesting import vested_down

PLACE = Path(__file__).resolve().parents[2] / "contracts/evm/test/vectors/distribution.json"
CASES = 400
LEAVES = 37


def _vesting(rng: random.Random) -> list[str]:
    """Six numbers a case: amount, start, cliff, duration, time and what has vested."""
    numbers: list[int] = []
    for _ in range(CASES):
        duration = rng.choice([0, 1, rng.randrange(1, 10**4), rng.randrange(1, 1 << 48)])
        cliff = rng.choice([0, rng.randint(0, duration), duration])
        start = rng.randrange(1 << 47)
        edge = rng.choice([0, cliff, duration, rng.randint(0, max(duration, 1))])
        time = max(0, start + edge + rng.choice([-1, 0, 1]))
        amount = rng.choice([0, 1, rng.getrandbits(128), (1 << 128) - 1, rng.randrange(10**6)])
        numbers += [amount, start, cliff, duration, time, vested_down(amount, start, cliff, duration, time)]
    return [str(n) for n in numbers]


def vectors() -> dict[str, object]:
    """All that the file holds: the same in every run."""
    rng = random.Random(20260922)
    domain = rng.randbytes(32)
    rows = [(i, rng.randbytes(20), rng.getrandbits(128)) for i in range(LEAVES)]
    tree = merkle.Tree([merkle.leaf(domain, *row) for row in rows])
    many = tree.multiproof(rng.sample(range(LEAVES), 11))
    return {
        "vesting": _vesting(rng),
        "domain": "0x" + domain.hex(),
        "root": "0x" + tree.root.hex(),
        "accounts": ["0x" + account.hex() for _, account, _ in rows],
        "amounts": [str(amount) for _, _, amount in rows],
        "proofs": [["0x" + p.hex() for p in tree.proof(i)] for i in range(LEAVES)],
        "indices": list(many.indices),
        "proof": ["0x" + p.hex() for p in many.proof],
        "flags": list(many.flags),
    }


if __name__ == "__main__":
    PLACE.write_text(json.dumps(vectors(), indent=1) + "\n")
