"""Seeded chance for the practice market: the same seed gives the same draws on every machine and Python version.

Only whole random bits are taken from the generator (Mersenne Twister, stable since Python 3.2), never floats or the
shuffling helpers, whose algorithms may change. Not for secrets: every key here belongs to nobody.
"""

from bisect import bisect_right
from collections.abc import Sequence
from random import Random
from typing import TypeVar

from fluxdesk.native.base58 import ALPHABET, b58decode

T = TypeVar("T")
_LETTERS = bytes(ord(ALPHABET[i % 58]) for i in range(256))
_ADDRESS_FIRST = ALPHABET[1:16]
"""First digits with which 44 characters are at least 2^251 and below 2^256: always 32 bytes."""
_SIGNATURE_FIRST = ALPHABET[1:5]
"""First digits with which 88 characters are at least 2^509 and below 2^512: always 64 bytes."""


class Dice:
    """Draws in order; two dice of one seed never differ."""

    def __init__(self, seed: int) -> None:
        self._bits = Random(seed).getrandbits  # noqa: S311 - a simulation, not a secret

    def below(self, n: int) -> int:
        """0 to n - 1; even to within n / 2^32."""
        return self._bits(32) * n >> 32

    def between(self, low: int, high: int) -> int:
        """low to high, both included."""
        return low + (self._bits(32) * (high - low + 1) >> 32)

    def chance(self, permille: int) -> bool:
        """True so many times in a thousand."""
        return self._bits(32) * 1000 >> 32 < permille

    def pick(self, items: Sequence[T]) -> T:
        """One of them."""
        return items[self._bits(32) * len(items) >> 32]

    def weighted(self, edges: Sequence[int]) -> int:
        """Index of a share, given the shares added up."""
        return bisect_right(edges, self._bits(32) * edges[-1] >> 32)

    def _letters(self, n: int) -> str:
        return self._bits(8 * n).to_bytes(n, "little").translate(_LETTERS).decode()

    def address(self, ending: str = "") -> tuple[bytes, str]:
        """A key nobody has, as bytes and in base58, with the last letters given."""
        text = self.pick(_ADDRESS_FIRST) + self._letters(43 - len(ending)) + ending
        return b58decode(text), text

    def signature(self) -> str:
        """A transaction signature in base58; it signs nothing."""
        return self.pick(_SIGNATURE_FIRST) + self._letters(87)
