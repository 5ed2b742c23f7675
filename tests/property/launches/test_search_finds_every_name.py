"""Whatever a token is called, typing its name finds it; whatever is typed, nothing is raised."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from fluxdesk.core.events import Venue
from fluxdesk.launches.search import SearchIndex
from fluxdesk.launches.search.folding import fold, words
from fluxdesk.launches.search.ranking import one_typo
from fluxdesk.store.repository import TokenText

names = st.text(min_size=1, max_size=40).filter(lambda s: bool(s.strip()))


class Texts:
    """Tokens in memory."""

    def __init__(self, found: list[str]) -> None:
        self.items = [
            TokenText("solana", f"Mint{n}", Venue.PUMPFUN, name, None, None, None, n, n)
            for n, name in enumerate(found, 1)
        ]

    def texts(self, since: int = 0) -> Iterator[TokenText]:
        return (t for t in self.items if t.text_seq >= since)

    def checkpoint(self) -> int:
        return len(self.items)


@settings(max_examples=15, deadline=None)
@given(st.lists(names, min_size=1, max_size=30, unique_by=fold))
def test_every_name_is_found_by_itself(found: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        index = SearchIndex(Path(folder) / "search", Texts(found))
        index.follow()
        for n, name in enumerate(found, 1):
            assert f"Mint{n}" in [h.mint for h in index.search(name, len(found))], name
        index.close()


@settings(max_examples=200, deadline=None)
@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert all(word and word == word.strip() and " " not in word for word in words(fold(text)))


def distance(a: str, b: str) -> int:
    """Edits with swaps of neighbours, the slow way."""
    rows = [list(range(len(b) + 1))]
    for i, x in enumerate(a, 1):
        row = [i]
        for j, y in enumerate(b, 1):
            best = min(rows[-1][j] + 1, row[j - 1] + 1, rows[-1][j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                best = min(best, rows[-2][j - 2] + 1)
            row.append(best)
        rows.append(row)
    return rows[-1][-1]


@settings(max_examples=500)
@given(st.text("abc", max_size=6), st.text("abc", max_size=6))
def test_one_typo_is_a_distance_of_at_most_one(a: str, b: str) -> None:
    assert one_typo(a, b) == (distance(a, b) <= 1)
