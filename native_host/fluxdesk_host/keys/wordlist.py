"""The English word list of BIP-39: loaded from the file beside this module and checked against its published hash.

https://github.com/bitcoin/bips/blob/master/bip-0039/english.txt ; English only, as the BIP advises for new wallets.
"""

from functools import cache
from hashlib import sha256
from pathlib import Path

SHA256 = "2f5eed53a4727b4bf8880d8f3f199efc90e58503646d9ff8eff3a2ed3b24dbda"
NEAR = 4
"""Suggestions for a word that is not in the list, at most."""


class WordListDamaged(RuntimeError):
    """The word list of this installation is not the published one; words made with it would open nothing elsewhere."""

    def __init__(self) -> None:
        super().__init__("The BIP-39 word list of this installation is damaged. Install Fluxdesk again.")


@cache
def words() -> tuple[str, ...]:
    """The 2,048 words in order. Raises `WordListDamaged`."""
    data = Path(__file__).with_name("english.txt").read_bytes()
    if sha256(data).hexdigest() != SHA256:
        raise WordListDamaged
    return tuple(data.decode("ascii").split())


@cache
def positions() -> dict[str, int]:
    """Each word's number, 0 to 2,047. Raises `WordListDamaged`."""
    return {word: position for position, word in enumerate(words())}


def near(written: str, most: int = NEAR) -> tuple[str, ...]:
    """The words that were most likely meant, best first: those that begin alike, then those few edits away.

    The first four letters tell every word of the list from all others, so they are what counts when they fit.
    """
    written = written[:16]
    limit = 1 if len(written) <= 3 else 2
    letters = frozenset(written)
    scored = []
    for word, others in _letters():
        if len(written) >= 3 and word[:4] == written[:4]:
            scored.append((_edits(written, word) - 2, word))
        elif abs(len(word) - len(written)) <= limit and len(letters ^ others) <= 2 * limit:
            scored.append((_edits(written, word), word))  # an edit changes two letters at most
    return tuple(word for edits, word in sorted(scored) if edits <= limit)[:most]


@cache
def _letters() -> tuple[tuple[str, frozenset[str]], ...]:
    return tuple((word, frozenset(word)) for word in words())


def _edits(a: str, b: str) -> int:
    """Insertions, deletions, replacements and swaps of neighbours between two words (optimal string alignment)."""
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        older, before, row = before, row, [i]
        for j, y in enumerate(b, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
    return row[-1]
