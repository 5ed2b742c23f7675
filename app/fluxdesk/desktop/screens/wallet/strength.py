"""How hard a passphrase is to guess, roughly and on the low side. Pure; a hint, no rule beyond the least length."""

import math
from dataclasses import dataclass
from typing import Literal

from fluxdesk.desktop.i18n import tr

_C = "Wallet"
LEAST = 8
"""Characters; a shorter one is not taken."""
FAIR_BITS, STRONG_BITS = 45.0, 65.0
WORD_BITS = 10.0
"""Of a word that people choose; a drawn one of a list of 7,776 has 12.9."""
_CLASSES = ((str.islower, 26), (str.isupper, 26), (str.isdecimal, 10))
_COMMON = (
    "password",
    "passphrase",
    "passwort",
    "qwerty",
    "letmein",
    "iloveyou",
    "admin",
    "welcome",
    "bitcoin",
    "fluxdesk",
)


@dataclass(frozen=True, slots=True)
class Strength:
    """A level for the meter (0 to 3) and what to say."""

    level: Literal[0, 1, 2, 3]
    words: str


def bits(passphrase: str) -> float:
    """Bits to guess, estimated: letters of runs and sequences count for nothing, several words as words."""
    text = passphrase.lower()
    for common in _COMMON:
        text = text.replace(common, common[:1])
    kept = [c for at, c in enumerate(text) if at == 0 or abs(ord(c) - ord(text[at - 1])) > 1]
    size = sum(n for has, n in _CLASSES if any(has(c) for c in passphrase))
    size += 33 if any(not c.isalnum() for c in passphrase) else 0
    by_letters = min(len(kept), 3 * len(set(kept))) * math.log2(max(size, 2))
    words = {word for word in text.split() if len(word) > 2}
    if len(words) >= 3:
        return min(by_letters, len(words) * WORD_BITS + 5)
    return by_letters


def of(passphrase: str) -> Strength:
    """What to say of it."""
    if len(passphrase) < LEAST:
        return Strength(0, tr(_C, "At least {n} characters; four or more unrelated words are good", n=LEAST))
    guess = bits(passphrase)
    if guess < FAIR_BITS:
        return Strength(1, tr(_C, "Weak: whoever copies the file could guess it. Add words"))
    if guess < STRONG_BITS:
        return Strength(2, tr(_C, "Fair. One more word makes guessing a thousand times slower"))
    return Strength(3, tr(_C, "Strong, if you use it nowhere else"))
