"""What the index holds of a token and how it is asked for it. Imports tantivy; nothing else does but `index`.

Scores are tiers, not statistics: an exact symbol stands before a name that holds the word, and that before a prefix, a
description, a typo. Within a tier newer tokens come first.
"""

from collections.abc import Callable, Iterable

from tantivy import Document, Index, Occur, Query, Schema, SchemaBuilder, Searcher, TextAnalyzerBuilder, Tokenizer

from fluxdesk.launches.search.asking import Question, Term
from fluxdesk.launches.search.folding import fold, words
from fluxdesk.launches.search.ranking import recency
from fluxdesk.store.repository import TokenText

VERSION = 1
"""Of everything in this module and in `folding`: an index of another version is made anew."""
MAX_NAME, MAX_DESCRIPTION, MAX_GRAM = 200, 2000, 15
MIN_ADDRESS_PREFIX, MIN_TYPO = 4, 3
SPLIT = "spaces"

EXACT_MINT, EXACT_CREATOR, ADDRESS_PREFIX = 100_000.0, 50_000.0, 5_000.0
EXACT_SYMBOL, EXACT_NAME = 20_000.0, 10_000.0
SYMBOL_WORD, NAME_WORD, PREFIX, DESCRIPTION, TYPO, DESCRIPTION_TYPO = 1000.0, 700.0, 400.0, 100.0, 10.0, 5.0


def schema() -> Schema:
    """Fields: raw ones are one term; `spaces` ones are words that were folded and split already."""
    builder = SchemaBuilder()
    for stored in ("key", "mint", "creator"):
        builder.add_text_field(stored, stored=True, tokenizer_name="raw", index_option="basic")
    for shown in ("network", "venue", "name", "symbol"):
        builder.add_text_field(shown, stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("created_s", stored=True)
    builder.add_float_field("recency", fast=True)
    for exact in ("symbol_exact", "name_exact"):
        builder.add_text_field(exact, tokenizer_name="raw", index_option="basic")
    for split in ("symbol_words", "name_words", "description_words"):
        builder.add_text_field(split, tokenizer_name=SPLIT, index_option="position")
    builder.add_text_field("grams", tokenizer_name=SPLIT, index_option="basic")
    return builder.build()


def register(index: Index) -> None:
    """Tells an opened index how its fields are split."""
    index.register_tokenizer(SPLIT, TextAnalyzerBuilder(Tokenizer.whitespace()).build())


def key_of(text: TokenText) -> str:
    """The term that names a token in the index."""
    return f"{text.network}:{text.mint}"


def document(text: TokenText) -> Document:
    """A token as the index holds it."""
    name, symbol = fold((text.name or "")[:MAX_NAME]), fold((text.symbol or "")[:MAX_NAME])
    name_words, symbol_words = words(name), words(symbol)
    doc = Document()
    doc.add_text("key", key_of(text))
    doc.add_text("mint", text.mint)
    doc.add_text("network", text.network)
    doc.add_text("venue", text.venue.value)
    if text.creator is not None:
        doc.add_text("creator", text.creator)
    if text.name is not None:
        doc.add_text("name", text.name[:MAX_NAME])
        doc.add_text("name_exact", name)
        doc.add_text("name_words", " ".join(name_words))
    if text.symbol is not None:
        doc.add_text("symbol", text.symbol[:MAX_NAME])
        doc.add_text("symbol_exact", symbol)
        doc.add_text("symbol_words", " ".join(symbol_words))
    if text.description:
        doc.add_text("description_words", " ".join(words(fold(text.description[:MAX_DESCRIPTION]))))
    if text.created_s is not None:
        doc.add_integer("created_s", text.created_s)
    doc.add_float("recency", recency(text.created_s))
    doc.add_text("grams", " ".join(_grams({*name_words, *symbol_words})))
    return doc


def _grams(found: Iterable[str]) -> Iterable[str]:
    for word in found:
        for end in range(1, min(len(word), MAX_GRAM) + 1):
            yield word[:end]


class Asking:
    """Builds the queries of one question."""

    def __init__(self, layout: Schema, searcher: Searcher) -> None:
        self._schema = layout
        self._searcher = searcher

    def plain(self, question: Question) -> Query:
        """Everything but typos."""
        groups = [_all([self._term(term) for term in group]) for group in question.groups]
        return Query.disjunction_max_query([*self._addresses(question.typed), *self._whole(question.whole), *groups])

    def forgiving(self, question: Question) -> Query | None:
        """With one typo a word; None when no word is long enough to have one."""
        if not any(_may_have_typo(term) for group in question.groups for term in group):
            return None
        groups = [_all([_any([self._term(term), *self._typos(term)]) for term in group]) for group in question.groups]
        return Query.disjunction_max_query(groups)

    def _addresses(self, typed: str) -> list[Query]:
        """The typed text as a mint or creator, whole or from its start."""
        address = typed.lower() if typed[:2] in ("0x", "0X") else typed
        found = [self._is("mint", address, EXACT_MINT), self._is("creator", address, EXACT_CREATOR)]
        if len(address) >= MIN_ADDRESS_PREFIX and address.isalnum():
            for field in ("mint", "creator"):
                terms = [term for term, _ in self._searcher.terms_with_prefix(field, address, limit=64)]
                if terms:
                    found.append(_const(Query.term_set_query(self._schema, field, terms), ADDRESS_PREFIX))
        return found

    def _whole(self, whole: str) -> list[Query]:
        """The folded text as a whole symbol or name: the only way to find one that has no words at all."""
        return [self._is("symbol_exact", whole, EXACT_SYMBOL), self._is("name_exact", whole, EXACT_NAME)]

    def _term(self, term: Term) -> Query:
        if len(term.words) > 1:
            near: Callable[[str], Query] = lambda field: Query.phrase_query(self._schema, field, list(term.words))  # noqa: E731
            fields = ("symbol_words", SYMBOL_WORD), ("name_words", NAME_WORD), ("description_words", DESCRIPTION)
            return _any([_const(near(field), score) for field, score in fields])
        word = term.words[0]
        ways = [
            self._is("symbol_words", word, SYMBOL_WORD),
            self._is("name_words", word, NAME_WORD),
            self._is("description_words", word, DESCRIPTION),
        ]
        if term.is_prefix:
            ways.append(self._is("grams", word[:MAX_GRAM], PREFIX))
        return _any(ways)

    def _typos(self, term: Term) -> list[Query]:
        if not _may_have_typo(term):
            return []
        fields = ("symbol_words", TYPO), ("name_words", TYPO), ("description_words", DESCRIPTION_TYPO)
        return [_const(Query.fuzzy_term_query(self._schema, f, term.words[0], 1, True), score) for f, score in fields]

    def _is(self, field: str, value: str, score: float) -> Query:
        return _const(Query.term_query(self._schema, field, value, index_option="basic"), score)


def _may_have_typo(term: Term) -> bool:
    return len(term.words) == 1 and len(term.words[0]) >= MIN_TYPO


def _const(query: Query, score: float) -> Query:
    return Query.const_score_query(query, score)


def _any(queries: list[Query]) -> Query:
    return Query.disjunction_max_query(queries)


def _all(queries: list[Query]) -> Query:
    return queries[0] if len(queries) == 1 else Query.boolean_query([(Occur.Must, query) for query in queries])
