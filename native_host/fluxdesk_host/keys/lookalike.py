"""Addresses that look alike: what people compare are the ends, so the ends decide. Pure; no file, no clock, no keys.

Address poisoning sends to or from an address made to have the same first and last characters as one the user knows, so
that it is copied out of a history. Two addresses of one family look alike here when they share enough characters at
both ends, or when at most three edits (Levenshtein) turn the six characters at each end of one into those of the other.
Two drawn at random do so about once in five million times.
"""

from collections.abc import Iterable
from typing import Final, Literal, NamedTuple

Kind = Literal["contact", "own", "sent"]
"""An entry of the address book, one of the user's accounts, or whom the user signed something for before."""
SHOWN: Final = 6
"""Characters at each end that are compared; windows show four to six."""
EDITS: Final = 3
LEAST_EACH: Final = 2
_PIECE: Final = 3
_LEAST_BOTH: Final = {"evm": 6, "solana": 5}
"""Equal characters at both ends together: 24 bits of hexadecimal, 29 of base58."""
_FOLD: Final = str.maketrans({"1": "i", "5": "s", "8": "b"})
"""Of base58, beside upper and lower case, which people do not tell apart either."""


class Known(NamedTuple):
    """An address to compare with. `account` is `evm:0x…` in lower case or `solana:…`; `since` orders the `sent`."""

    account: str
    label: str
    kind: Kind
    since: int = 0


def lookalike(account: str, known: Iterable[Known]) -> tuple[Known, ...]:
    """Which of the known addresses this one resembles without being it; empty for none.

    An address that is itself in the book or an own account resembles nothing: it was looked at. One that was only sent
    to before is compared with what was known before that, as a poisoned address may have been sent to once already.
    """
    index = LookAlikes()
    for one in known:
        index.add(one)
    return index.of(account)


class LookAlikes:
    """Many known addresses, found by pieces of their ends, so that a question does not compare with each of them."""

    def __init__(self) -> None:
        self._by_piece: dict[tuple[str, int, str], list[Known]] = {}
        self._by_account: dict[str, Known] = {}

    def add(self, one: Known) -> None:
        """One more. Of an address that is known in several ways, the book counts before own accounts before sent."""
        before = self._by_account.get(one.account)
        if before is not None and (_RANK[before.kind], before.since) <= (_RANK[one.kind], one.since):
            return
        self._by_account[one.account] = one
        if before is None:
            for key in _pieces(one.account):
                self._by_piece.setdefault(key, []).append(one)
        else:
            for key in _pieces(one.account):
                found = self._by_piece[key]
                found[found.index(before)] = one

    def known(self, account: str) -> Known | None:
        """The address itself, if it is known."""
        return self._by_account.get(account)

    def of(self, account: str) -> tuple[Known, ...]:
        """As `lookalike`."""
        itself = self._by_account.get(account)
        if itself is not None and itself.kind != "sent":
            return ()
        found: dict[str, Known] = {}
        for key in _pieces(account):
            for other in self._by_piece.get(key, ()):
                later = itself is not None and other.kind == "sent" and other.since >= itself.since
                if other.account != account and not later and alike(account, other.account):
                    found[other.account] = other
        return tuple(sorted(found.values(), key=lambda k: (_RANK[k.kind], k.account)))


_RANK: Final[dict[Kind, int]] = {"contact": 0, "own": 1, "sent": 2}


def alike(one: str, other: str) -> bool:
    """Whether two account names of one family look alike, or are the same."""
    family, a = _folded(one)
    other_family, b = _folded(other)
    if family != other_family:
        return False
    front, back = _common(a, b), _common(a[::-1], b[::-1])
    if min(front, back) >= LEAST_EACH and front + back >= _LEAST_BOTH[family]:
        return True
    at_front = _edits(a[:SHOWN], b[:SHOWN])
    return at_front <= EDITS and at_front + _edits(a[-SHOWN:], b[-SHOWN:]) <= EDITS


def _folded(account: str) -> tuple[str, str]:
    family, _, address = account.partition(":")
    if family == "evm":
        return family, address[2:].lower()
    return family, address.lower().translate(_FOLD)


def _pieces(account: str) -> tuple[tuple[str, int, str], ...]:
    """Whatever looks alike has one of these four in common: three edits, one of which may shift, leave one whole."""
    family, text = _folded(account)
    places = (0, _PIECE, len(text) - 2 * _PIECE, len(text) - _PIECE)
    return tuple((family, n, text[at : at + _PIECE]) for n, at in enumerate(places))


def _common(a: str, b: str) -> int:
    """How many of the first `SHOWN` characters are the same, from the first on."""
    n = 0
    for x, y in zip(a[:SHOWN], b[:SHOWN], strict=False):
        if x != y:
            break
        n += 1
    return n


def _edits(a: str, b: str) -> int:
    """Levenshtein's distance (https://en.wikipedia.org/wiki/Levenshtein_distance)."""
    before = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        now = [i]
        for j, y in enumerate(b, 1):
            now.append(min(before[j] + 1, now[j - 1] + 1, before[j - 1] + (x != y)))
        before = now
    return before[-1]
