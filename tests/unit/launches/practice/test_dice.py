"""Seeded chance: equal seeds agree, keys have the right size, shares come out as asked."""

from collections import Counter
from itertools import accumulate

from fluxdesk.launches.practice.dice import Dice
from fluxdesk.launches.practice.lexicon import name_and_symbol
from fluxdesk.native.base58 import b58decode, b58encode


def test_draws_of_a_seed_are_these_on_every_machine() -> None:
    """Written down once: a change of generator would change every practice market anyone has seen."""
    dice = Dice(2026)
    assert [dice.below(1000) for _ in range(6)] == [119, 319, 502, 951, 511, 647]
    assert dice.signature() == Dice.signature(_after(2026, 6))


def _after(seed: int, draws: int) -> Dice:
    dice = Dice(seed)
    for _ in range(draws):
        dice.below(1000)
    return dice


def test_addresses_are_32_bytes_and_signatures_64() -> None:
    dice = Dice(1)
    for _ in range(2000):
        key, text = dice.address("prac")
        assert len(key) == 32
        assert text.endswith("prac")
        assert b58encode(key) == text
        assert len(b58decode(dice.signature())) == 64


def test_shares_come_out_as_asked() -> None:
    dice, shares = Dice(3), (600, 285, 80, 35)
    seen = Counter(dice.weighted(list(accumulate(shares))) for _ in range(40_000))
    for i, share in enumerate(shares):
        assert abs(seen[i] - share * 40) < 400
    assert abs(sum(dice.chance(15) for _ in range(40_000)) - 600) < 120
    assert {dice.between(3, 5) for _ in range(200)} == {3, 4, 5}


def test_names_fit_the_programs_limits() -> None:
    dice = Dice(4)
    for _ in range(3000):
        name, symbol = name_and_symbol(dice)
        assert 0 < len(name.encode()) <= 64
        assert 0 < len(symbol) <= 10
