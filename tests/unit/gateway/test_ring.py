"""The ring: complete after any number it still knows, bounded, and honest about what it forgot."""

from hypothesis import given
from hypothesis import strategies as st

from fluxdesk.gateway.ring import Ring
from fluxdesk.launches.publication import Publication


def publication(first: int, last: int, *seqs: int) -> Publication:
    return Publication(first, last, list(seqs), [str(seq).encode() for seq in seqs], set(), [])


def everything(ring: Ring, since: int, limit: int) -> list[int]:
    out: list[int] = []
    while since < ring.last_seq:
        since, items = ring.after(since, limit)
        out += map(int, items)
    return out


@given(
    st.lists(st.lists(st.integers(0, 2), min_size=1, max_size=5), max_size=20), st.integers(0, 120), st.integers(1, 9)
)
def test_after_any_number_come_exactly_the_later_rows_in_order(
    batches: list[list[int]], since: int, limit: int
) -> None:
    ring, seq, rows = Ring(0), 0, []
    for batch in batches:
        first, mine = seq + 1, []
        for count in batch:  # rows of one journal record: none, one, or two
            seq += 1
            mine += [seq] * count
        rows += mine
        ring.append(publication(first, seq, *mine))
    since = min(since, ring.last_seq)
    assert everything(ring, since, limit) == [row for row in rows if row > since]


def test_the_oldest_goes_first_and_the_floor_says_up_to_where() -> None:
    ring = Ring(0, max_items=3)
    for seq in range(1, 6):
        ring.append(publication(seq, seq, seq))
    assert ring.floor == 2
    assert everything(ring, 2, 100) == [3, 4, 5]


def test_bytes_are_bounded_too() -> None:
    ring = Ring(0, max_bytes=10)
    for seq in range(100, 200):
        ring.append(publication(seq, seq, seq))
    assert 1 <= len(everything(ring, ring.floor, 100)) <= 4


def test_a_step_without_rows_moves_the_number_on() -> None:
    ring = Ring(0)
    ring.append(publication(1, 5))
    assert ring.after(0) == (5, [])
