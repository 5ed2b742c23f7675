"""`kill -9` while batches are applied: the tables hold exactly the trades up to their checkpoint, sums included."""

import random
import subprocess
import sys
from pathlib import Path

import pytest

from fluxdesk.store.repository import Money, Repository
from fluxdesk.store.writer import Store
from integration.programs.store_applier import batch

CHILD = Path(__file__).parent / "programs" / "store_applier.py"


def contents(path: Path) -> list[object]:
    repository = Repository(path)
    try:
        return [
            (
                repository.trades("solana", mint, 100_000).items,
                repository.candles("solana", mint, "1s", 100_000, Money(6, 9)),
                repository.candles("solana", mint, "5m", 100_000, Money(6, 9)),
                sorted((b.wallet, b.net) for b in repository.balances("solana", mint)),
            )
            for mint in (f"mint{n}" for n in range(7))
        ]
    finally:
        repository.close()


@pytest.mark.timeout(120)
def test_what_is_left_after_kill_is_exactly_what_the_checkpoint_says(tmp_path: Path) -> None:
    killed, whole = tmp_path / "killed.sqlite", tmp_path / "whole.sqlite"
    chance = random.Random(4)
    acknowledged = 0
    for _ in range(6):
        with subprocess.Popen([sys.executable, str(CHILD), str(killed)], stdout=subprocess.PIPE, text=True) as child:
            assert child.stdout is not None
            for _ in range(chance.randrange(1, 25)):
                acknowledged = int(child.stdout.readline())
            child.kill()
            acknowledged = int(([*child.stdout.read().split()] or [acknowledged])[-1])
    repository = Repository(killed)
    checkpoint = repository.checkpoint()
    repository.close()
    assert checkpoint >= acknowledged
    plain = Store(whole)
    for first in range(1, checkpoint, 50):
        plain.apply(batch(first))
    plain.close()
    assert contents(killed) == contents(whole)
