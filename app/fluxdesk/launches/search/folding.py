"""Text as it is compared: the same for what is indexed and what is asked. Pure.

Compatibility forms, case and Latin, Greek and Cyrillic accents are levelled. Han, kana and emoji have no spaces between
words, so each of their characters is a word of its own, and neighbours in a query are looked for as neighbours.
"""

import re
import unicodedata

MAX_WORD = 64
_ASCII_WORDS = re.compile("[a-z0-9]+")
_MARKS = range(0x0300, 0x0370)
_SINGLE = (
    range(0x2E80, 0x3000),
    range(0x3040, 0x3100),
    range(0x31C0, 0x3200),
    range(0x3400, 0xA000),
    range(0xF900, 0xFB00),
    range(0x20000, 0x33480),
)


def fold(text: str) -> str:
    """The text without differences of case, width and accent, spaces run together."""
    if text.isascii():
        return " ".join(text.lower().split())
    plain = unicodedata.normalize("NFKD", text).casefold()
    bare = "".join(c for c in unicodedata.normalize("NFKD", plain) if ord(c) not in _MARKS)
    return " ".join(unicodedata.normalize("NFC", bare).split())


def words(folded: str) -> list[str]:
    """The words of folded text, in order; punctuation separates and is left out."""
    if folded.isascii():
        return [word[:MAX_WORD] for word in _ASCII_WORDS.findall(folded)]
    found: list[str] = []
    start = -1
    for place, char in enumerate(folded):
        kind = _kind(char)
        if kind == "word":
            if start < 0:
                start = place
            continue
        if start >= 0:
            found.append(folded[start:place][:MAX_WORD])
            start = -1
        if kind == "single":
            found.append(char)
    if start >= 0:
        found.append(folded[start:][:MAX_WORD])
    return found


def stands_alone(word: str) -> bool:
    """True for a word that is one character of a script without spaces, or an emoji."""
    return len(word) == 1 and _kind(word) == "single"


def _kind(char: str) -> str:
    if char.isascii():
        return "word" if char.isalnum() else "gap"
    if any(ord(char) in block for block in _SINGLE):
        return "single"
    category = unicodedata.category(char)
    if category[0] in "LNM":
        return "gap" if 0xFE00 <= ord(char) <= 0xFE0F else "word"
    return "single" if category == "So" else "gap"
