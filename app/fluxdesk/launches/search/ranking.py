"""The order of hits and which field of a token matched, from what the index gives back. Pure."""

from math import log2
from typing import Literal

from tantivy import Document

from fluxdesk.core.events import Venue
from fluxdesk.core.views import SearchHit
from fluxdesk.launches.search.asking import Question, Term
from fluxdesk.launches.search.folding import fold, words

_SINCE_S = 1_577_836_800
_SCALE_S = 1_200_000_000


def recency(created_s: int | None) -> float:
    """The weight of a token's age, 0 (unknown or before 2020) to about 0.3: too small to move it to another tier."""
    return min(max(0, (created_s or 0) - _SINCE_S) / _SCALE_S, 0.3)


def order(hits: list[SearchHit]) -> list[SearchHit]:
    """Best first; equals by age, newest first, then by mint."""
    return sorted(hits, key=lambda h: (-h.score_f64, -(h.created_s or 0), h.mint))


def hit_of(score: float, doc: Document, asked: Question) -> SearchHit:
    """What is shown of a hit. The score's tier is kept; what its age multiplied in (tantivy: log2(2 + w)) is not."""
    name, symbol = doc.get_first("name"), doc.get_first("symbol")
    created_s = doc.get_first("created_s")
    mint, creator = str(doc.get_first("mint")), doc.get_first("creator")
    return SearchHit(
        mint=mint,
        network=str(doc.get_first("network")),
        name=name,
        symbol=symbol,
        venue=Venue(str(doc.get_first("venue"))),
        created_s=created_s,
        score_f64=round(score / log2(2.0 + recency(created_s))),
        matched=_matched(asked, mint, creator, symbol, name),
    )


def _matched(
    asked: Question, mint: str, creator: str | None, symbol: str | None, name: str | None
) -> Literal["mint", "creator", "symbol", "name", "description"]:
    typed = asked.typed.lower() if asked.typed[:2] in ("0x", "0X") else asked.typed
    if len(typed) >= 4:
        if mint.startswith(typed):
            return "mint"
        if creator is not None and creator.startswith(typed):
            return "creator"
    terms = [term for group in asked.groups for term in group]
    fields: tuple[tuple[Literal["symbol", "name"], str], ...] = (
        ("symbol", fold(symbol or "")),
        ("name", fold(name or "")),
    )
    for field, text in fields:
        if text == asked.whole or any(_holds(words(text), term) for term in terms):
            return field
    for field, text in fields:
        have = words(text)
        if any(len(t.words) == 1 and any(one_typo(word, t.words[0]) for word in have) for t in terms):
            return field
    return "description"


def _holds(have: list[str], term: Term) -> bool:
    if len(term.words) > 1:
        width = len(term.words)
        return any(tuple(have[i : i + width]) == term.words for i in range(len(have) - width + 1))
    word = term.words[0]
    return any(other.startswith(word) if term.is_prefix else other == word for other in have)


def one_typo(a: str, b: str) -> bool:
    """True when one letter was added, dropped, changed, or swapped with its neighbour, or none was."""
    if abs(len(a) - len(b)) > 1:
        return False
    same = 0
    while same < min(len(a), len(b)) and a[same] == b[same]:
        same += 1
    a, b = a[same:], b[same:]
    if len(a) == len(b):
        return a[1:] == b[1:] or (len(a) > 1 and a[0] == b[1] and a[1] == b[0] and a[2:] == b[2:])
    return a[1:] == b if len(a) > len(b) else a == b[1:]
