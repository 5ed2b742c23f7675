"""Texts that strangers write, such as the symbol of a token, made fit to be shown: short, one line, nothing unseen."""

import unicodedata

SYMBOL_MOST, NAME_MOST = 24, 64
_MARKS_MOST = 2
"""Combining marks in a row: more are made to pile up over other lines."""


def shown(text: str, most: int) -> str:
    """The text without what cannot be seen or turns the direction of writing, cut to `most` characters."""
    kept: list[str] = []
    marks = 0
    for character in text[: 8 * most]:
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks <= _MARKS_MOST and (character.isprintable() or character.isspace()):
            kept.append(" " if character.isspace() else character)
    words = " ".join("".join(kept).split())
    return words if len(words) <= most else words[: most - 1].rstrip() + "…"
