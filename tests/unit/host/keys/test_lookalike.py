"""Addresses that look alike: those of a poisoner are found, those drawn at random are not."""

import random
import string

import pytest

from fluxdesk_host.keys.base58 import b58encode
from fluxdesk_host.keys.lookalike import EDITS, Known, LookAlikes, alike, lookalike

FRIEND = "evm:0x7a250d5630b4cf539739df2c5dacb4c659f2488d"
SOLANA = "solana:7EcDhSYGxXyscszYEp35KHN8vvw3svAuLKTzXwCFLtV"
HEX = "0123456789abcdef"
BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def evm(front: str, back: str, middle: str = "") -> str:
    return "evm:0x" + front + (middle or "1" * 40)[: 40 - len(front) - len(back)] + back


@pytest.mark.parametrize(
    "other",
    [
        evm("7a25", "488d"),
        evm("7a2", "88d"),
        evm("7a", "f2488d"),
        evm("7a250d", "8d"),
        evm("7b250d", "f2489d"),
        evm("7a52d0", "f2488d"),
        evm("a250d5", "f2488d"),
        FRIEND[:20] + "0" + FRIEND[21:],
    ],
)
def test_one_made_to_look_alike_is_found(other: str) -> None:
    assert other != FRIEND
    assert lookalike(other, [Known(FRIEND, "Shop", "contact")]) == (Known(FRIEND, "Shop", "contact"),)


@pytest.mark.parametrize("other", [evm("7a25", "0000"), evm("0000", "488d"), evm("123456", "abcdef"), SOLANA])
def test_another_address_is_not(other: str) -> None:
    assert lookalike(other, [Known(FRIEND, "Shop", "contact")]) == ()


@pytest.mark.parametrize(
    "other",
    [
        "solana:7EcD" + "x" * 35 + "FLtV",
        "solana:7ecdhs" + "x" * 31 + "wcfltv",
        "solana:iEc" + SOLANA[10:],
        SOLANA[:20] + "z" + SOLANA[21:],
    ],
)
def test_on_solana_case_and_look_alike_letters_count_as_the_same(other: str) -> None:
    assert lookalike(other, [Known(SOLANA, "Ann", "own")])


def test_the_address_itself_is_none() -> None:
    assert lookalike(FRIEND, [Known(FRIEND, "Shop", "contact")]) == ()


def test_one_in_the_book_resembles_nothing_whatever_it_looks_like() -> None:
    other = evm("7a25", "488d")
    assert lookalike(other, [Known(FRIEND, "Shop", "contact"), Known(other, "Shop 2", "contact")]) == ()


def test_one_that_was_sent_to_is_still_compared_with_what_was_known_before_it() -> None:
    """The poisoned address was paid once: it is warned of all the same, and the true one is not."""
    poison = evm("7a25", "488d")
    known = [Known(FRIEND, "", "sent", 1_000), Known(poison, "", "sent", 2_000)]
    assert [k.account for k in lookalike(poison, known)] == [FRIEND]
    assert lookalike(FRIEND, known) == ()


def test_of_two_ways_to_know_an_address_the_book_counts() -> None:
    index = LookAlikes()
    index.add(Known(FRIEND, "", "sent", 5))
    index.add(Known(FRIEND, "Shop", "contact"))
    index.add(Known(FRIEND, "mine", "own"))
    assert index.known(FRIEND) == Known(FRIEND, "Shop", "contact")
    assert index.of(evm("7a25", "488d")) == (Known(FRIEND, "Shop", "contact"),)


def test_the_index_finds_what_comparing_with_each_finds() -> None:
    """Every way of up to three edits of the ends, and equal ends, against the plain comparison."""
    draw = random.Random(7)
    for alphabet, family in ((HEX, "evm:0x"), (BASE58, "solana:")):
        length = 40 if family == "evm:0x" else 44
        known = [family + "".join(draw.choices(alphabet, k=length)) for _ in range(40)]
        index = LookAlikes()
        for account in known:
            index.add(Known(account, "", "contact"))
        found = 0
        for _ in range(4_000):
            text = list(draw.choice(known)[len(family) :])
            for _ in range(draw.randint(1, EDITS + 1)):
                edge = draw.choice([range(6), range(length - 6, length)])
                at = draw.choice(edge)
                if draw.random() < 0.3:
                    text.insert(at, draw.choice(alphabet))
                    del text[7 if at < 7 else length - 7 if at <= length - 7 else -1]
                else:
                    text[at] = draw.choice(alphabet)
            account = family + "".join(text)
            expected = {k for k in known if k != account and alike(account, k)}
            if account not in known:
                assert {k.account for k in index.of(account)} == expected
                found += bool(expected)
        assert found > 1_000


def test_addresses_drawn_at_random_do_not_look_alike() -> None:
    draw = random.Random(3)
    index = LookAlikes()
    for _ in range(1_000):
        index.add(Known("evm:0x" + draw.randbytes(20).hex(), "", "contact"))
        index.add(Known("solana:" + b58encode(draw.randbytes(32)), "", "contact"))
    strangers = ["evm:0x" + draw.randbytes(20).hex() for _ in range(500)]
    strangers += ["solana:" + b58encode(draw.randbytes(32)) for _ in range(500)]
    assert [a for a in strangers if index.of(a)] == []


def test_the_alphabets_are_those_of_addresses() -> None:
    assert set(BASE58) == set(string.ascii_letters + string.digits) - set("0OIl")
