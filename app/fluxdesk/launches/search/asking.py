"""From what a user typed to terms. No text is an error: only `OR`, `|` and quotes mean more than themselves. Pure."""

import re
from typing import NamedTuple

from fluxdesk.launches.search.folding import fold, stands_alone, words

MAX_CHARS = 256
MAX_TERMS = 12
_PARTS = re.compile(r'"([^"]*)"?|(\|)|([^\s"|]+)')


class Term(NamedTuple):
    """One thing to be found: a word, or words next to each other."""

    words: tuple[str, ...]
    is_prefix: bool = False
    """The user may still be typing it."""


class Question(NamedTuple):
    """What is asked: any of `groups`, all terms of one; `whole` is the folded text, `typed` the bare one."""

    typed: str
    whole: str
    groups: tuple[tuple[Term, ...], ...]


def question(text: str) -> Question:
    """Reads a user's text."""
    typed = text.encode(errors="replace").decode().strip()[:MAX_CHARS]
    groups: list[list[Term]] = [[]]
    left = MAX_TERMS
    for match in _PARTS.finditer(typed):
        phrase, bar, plain = match.groups()
        if bar or plain == "OR":
            groups.append([])
            continue
        found = words(fold(phrase if phrase is not None else plain))
        ends = match.end() == len(typed) and phrase is None and not text[-1:].isspace()
        terms = [Term(tuple(found))] if phrase is not None and found else _terms(found, ends)
        groups[-1] += terms[:left]
        left -= len(terms[:left])
    return Question(typed, fold(typed), tuple(tuple(g) for g in groups if g))


def _terms(found: list[str], ends: bool) -> list[Term]:
    """Characters that stand alone join their neighbours; `ends`: the last word may be unfinished."""
    terms: list[Term] = []
    run: list[str] = []
    for word in found:
        if stands_alone(word):
            run.append(word)
            continue
        if run:
            terms.append(Term(tuple(run)))
            run = []
        terms.append(Term((word,)))
    if run:
        terms.append(Term(tuple(run)))
    elif terms and ends:
        terms[-1] = Term(terms[-1].words, is_prefix=True)
    return terms
