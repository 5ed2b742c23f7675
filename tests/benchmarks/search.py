"""Figures of the search: 200,000 synthetic tokens, warm, the same questions to SQLite's FTS5 in the same run.

FTS5 knows no typos; its answer to them is the candidates of a trigram table, the nearest it has.
"""

import random
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import accumulate
from pathlib import Path

from fluxdesk.cli.figures import Figure
from fluxdesk.core.events import Venue
from fluxdesk.launches.search import SearchIndex
from fluxdesk.store.repository import TokenText

TOKENS = 200_000
QUESTIONS = 400
PEER_QUESTIONS = 60
"""The first of the same questions: the peer takes a tenth of a second for many."""
GOAL_MS = "<= 20"
BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
SYLLABLES = [consonant + vowel for consonant in "bdfgklmnprst" for vowel in "aeio"]


class Texts:
    """Synthetic tokens: names of one to three made-up words, drawn so that few are common and many are rare."""

    def __init__(self, count: int, seed: int = 7) -> None:
        chance = random.Random(seed)
        self.words = ["".join(chance.choices(SYLLABLES, k=chance.randrange(2, 5))) for _ in range(20_000)]
        common = list(accumulate(1 / (n + 1) for n in range(len(self.words))))
        self.items = []
        for n in range(count):
            name = chance.choices(self.words, cum_weights=common, k=chance.randrange(1, 4))
            about = " ".join(chance.choices(self.words, cum_weights=common, k=20))
            mint = "".join(chance.choices(BASE58, k=44))
            creator = "".join(chance.choices(BASE58, k=44))
            symbol = name[0][:6].upper()
            self.items.append(
                TokenText("solana", mint, Venue.PUMPFUN, " ".join(name).title(), symbol, creator, about, n, n)
            )
        self.questions = self._questions(chance)

    def texts(self, since: int = 0) -> Iterator[TokenText]:
        """As a repository gives them."""
        return iter(self.items[since:])

    def checkpoint(self) -> int:
        """The last text's number."""
        return len(self.items)

    def _questions(self, chance: random.Random) -> dict[str, list[str]]:
        def word() -> str:
            name = chance.choice(self.items).name
            assert name is not None
            return chance.choice(name.split()).lower()

        def typo() -> str:
            wrong = word()
            place = chance.randrange(1, len(wrong))
            return wrong[:place] + chance.choice("xyzq") + wrong[place + 1 :]

        some = range(QUESTIONS)
        return {
            "words": [f"{word()} {word()} " if n % 2 else f"{word()} " for n in some],
            "prefix": [word()[: chance.randrange(1, 5)] for _ in some],
            "or": [f"{word()} OR {word()} " for _ in some],
            "typo": [f"{typo()} " for _ in some],
        }


def percentile(times: list[float], share: float) -> float:
    """In milliseconds."""
    return sorted(times)[min(len(times) - 1, int(len(times) * share))] * 1000


def timed(ask: Callable[[str], object], questions: list[str]) -> list[float]:
    """Seconds per question, after one warm pass over a quarter of them."""
    for text in questions[: len(questions) // 4]:
        ask(text)
    times = []
    for text in questions:
        start = time.perf_counter()
        ask(text)
        times.append(time.perf_counter() - start)
    return times


class Fts5:
    """The peer: SQLite FTS5 with prefix indexes, ranked, ten best."""

    def __init__(self, path: Path, items: list[TokenText]) -> None:
        self.db = sqlite3.connect(path)
        self.db.execute("CREATE VIRTUAL TABLE t USING fts5 (name, symbol, about, mint UNINDEXED, prefix='1 2 3 4')")
        self.db.execute("CREATE VIRTUAL TABLE g USING fts5 (name, tokenize='trigram')")
        self.db.executemany(
            "INSERT INTO t VALUES (?, ?, ?, ?)", ((i.name, i.symbol, i.description, i.mint) for i in items)
        )
        self.db.executemany("INSERT INTO g VALUES (?)", ((i.name,) for i in items))
        for table in "tg":
            self.db.execute(f"INSERT INTO {table} ({table}) VALUES ('optimize')")
        self.db.commit()

    def match(self, question: str, table: str = "t") -> list[tuple[object, ...]]:
        """Ten best rows."""
        sql = f"SELECT rowid, rank FROM {table} WHERE {table} MATCH ? ORDER BY rank LIMIT 10"
        return self.db.execute(sql, (question,)).fetchall()

    def prefix(self, question: str) -> list[tuple[object, ...]]:
        """Names that begin so."""
        return self.match(f"{question}*")

    def typo(self, question: str) -> list[tuple[object, ...]]:
        """Names that share a trigram."""
        word = question.strip()
        grams = {word[i : i + 3] for i in range(len(word) - 2)}
        return self.match(" OR ".join(f'"{gram}"' for gram in sorted(grams)), "g")


def run() -> list[Figure]:
    """Latency by kind of question, time to build, size on disk."""
    texts = Texts(TOKENS)
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        index = SearchIndex(Path(folder) / "index", texts)
        index.follow()
        built = time.perf_counter() - start
        start = time.perf_counter()
        peer = Fts5(Path(folder) / "fts5.sqlite", texts.items)
        peer_built = time.perf_counter() - start
        name = f"SQLite FTS5 {sqlite3.sqlite_version}"
        ways = {"words": peer.match, "prefix": peer.prefix, "or": peer.match, "typo": peer.typo}
        figures = []
        for kind, questions in texts.questions.items():
            ours = timed(lambda text: index.search(text, 10), questions)
            theirs = timed(ways[kind], questions[:PEER_QUESTIONS])
            for share, label, goal in ((0.5, "p50", None), (0.99, "p99", GOAL_MS)):
                figures.append(
                    Figure(
                        name=f"search.{kind}_{label}",
                        value=percentile(ours, share),
                        unit="ms",
                        goal=goal,
                        peer=name,
                        peer_value=percentile(theirs, share),
                    )
                )
        size = sum(f.stat().st_size for f in (Path(folder) / "index").iterdir()) / 1e6
        peer_size = (Path(folder) / "fts5.sqlite").stat().st_size / 1e6
        index.close()
        peer.db.close()
    rate = Figure("search.build", TOKENS / built, "tokens/s", peer=name, peer_value=TOKENS / peer_built)
    return [*figures, rate, Figure("search.size", size, "MB", peer=name, peer_value=peer_size)]
