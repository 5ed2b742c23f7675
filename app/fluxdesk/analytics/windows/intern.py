"""Numbers for texts, exactly one each, forgotten in generations. For mints and wallets; no clock of its own.

A text that is used in every second generation at the latest keeps its number. Numbers are never given twice, so a text
that was forgotten and comes back is new to the engine, which by then holds nothing of it either.
"""

from typing import NamedTuple, Self


class Names(NamedTuple):
    """The texts of two generations as they were at one moment; stays readable after they are forgotten."""

    young: dict[int, str]
    old: dict[int, str]

    def text(self, number: int) -> str:
        """The text of a number."""
        text = self.young.get(number)
        return self.old[number] if text is None else text


class Interner:
    """Texts to numbers 1, 2, 3 ... and back, for texts of this generation and the one before."""

    __slots__ = ("_next", "_old", "_old_texts", "_texts", "_young")

    def __init__(self) -> None:
        self._young: dict[str, int] = {}
        self._old: dict[str, int] = {}
        self._texts: dict[int, str] = {}
        self._old_texts: dict[int, str] = {}
        self._next = 1

    def __len__(self) -> int:
        return len(self._young) + len(self._old.keys() - self._young.keys())

    def number(self, text: str) -> int:
        """The number of a text, given now if it has none; counts as a use."""
        number = self._young.get(text)
        if number is None:
            number = self._old.get(text)
            if number is None:
                number = self._next
                self._next += 1
            self._young[text] = number
            self._texts[number] = text
        return number

    def find(self, text: str) -> int | None:
        """The number of a text that has one; not a use."""
        number = self._young.get(text)
        return self._old.get(text) if number is None else number

    def names(self) -> Names:
        """Numbers back to texts, also after later turns."""
        return Names(self._texts, self._old_texts)

    def turn(self) -> None:
        """Starts a generation: what was not used in the one that ends now is forgotten."""
        self._old, self._old_texts = self._young, self._texts
        self._young, self._texts = {}, {}

    def dump(self) -> tuple[int, dict[str, int], dict[str, int]]:
        """The next number and both generations, for a snapshot."""
        return self._next, self._young, self._old

    @classmethod
    def load(cls, dumped: tuple[int, dict[str, int], dict[str, int]]) -> Self:
        """What `dump` said."""
        interner = cls()
        interner._next, interner._young, interner._old = dumped
        interner._texts = {number: text for text, number in interner._young.items()}
        interner._old_texts = {number: text for text, number in interner._old.items()}
        return interner
