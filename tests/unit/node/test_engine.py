"""The pipeline's thread: fed means journalled, questions are answered in between, and a defect takes the node down."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import cast

import pytest

from fluxdesk.core.events import Raw, Row
from fluxdesk.launches.context import DecodeContext
from fluxdesk.launches.decode import decode_raw
from fluxdesk.launches.journal import SqliteJournal
from fluxdesk.launches.pipeline import NoArchive, Pipeline
from fluxdesk.launches.practice.generate import generate
from fluxdesk.launches.publication import Publication
from fluxdesk.node.engine import Engine, EngineStopped
from fluxdesk.node.keeper import Keeper


class Running:
    """An engine on a real journal, with what it told the event loop."""

    def __init__(self, folder: Path) -> None:
        self.journal = SqliteJournal(folder / "journal.sqlite")
        self.poison: bytes | None = None
        self.pipeline = Pipeline(self.journal, DecodeContext(), NoArchive(), decode=self._decode)
        self.keeper = Keeper(lambda cut: None, OSError, 0)
        self.published: list[Publication] = []
        self.failed = asyncio.Event()
        self.engine = Engine(self.pipeline, self.keeper, self.published.append, lambda asks: None, self.failed.set)

    def _decode(self, raw: Raw, context: DecodeContext) -> list[Row]:
        if raw.payload == self.poison:
            return cast("list[Row]", [None])  # what it raises itself would be a refused row: this breaks the views
        return decode_raw(raw, context)


@pytest.fixture
async def running(tmp_path: Path) -> AsyncIterator[Running]:
    """Started, and stopped at the end."""
    made = Running(tmp_path)
    made.keeper.start()
    made.engine.start()
    yield made
    made.keeper.finish(await made.engine.stop())
    made.journal.close()


async def test_what_was_fed_is_in_the_journal_and_published_in_order(running: Running) -> None:
    raws = list(generate(1, events=500))
    for at in range(0, 500, 50):
        await running.engine.feed(raws[at : at + 50])
        assert running.journal.last_seq() == at + 50
    seqs = [seq for publication in running.published for seq in publication.seqs]
    assert seqs == sorted(seqs)
    assert running.published[-1].last_seq == 500


async def test_questions_see_everything_fed_before(running: Running) -> None:
    await running.engine.feed(list(generate(1, events=100)))
    assert await running.engine.ask(lambda book: book.last_seq) == 100


async def test_a_question_that_fails_fails_for_who_asked_and_nobody_else(running: Running) -> None:
    with pytest.raises(KeyError):
        await running.engine.ask(lambda book: book.tokens["nobody"])
    assert await running.engine.ask(lambda book: book.last_seq) == 0


async def test_many_sources_at_once_lose_nothing(running: Running) -> None:
    raws = list(generate(2, events=600))
    await asyncio.gather(*(running.engine.feed(raws[at : at + 20]) for at in range(0, 600, 20)))
    assert [raw.payload for _, raw in running.journal.read()] == [raw.payload for raw in raws]


async def test_a_defect_ends_the_engine_is_said_and_is_not_saved(running: Running) -> None:
    good, bad = list(generate(3, events=20)), list(generate(4, events=1))
    await running.engine.feed(good)
    running.poison = bad[0].payload
    with pytest.raises(EngineStopped):
        await running.engine.feed(bad)
    await asyncio.wait_for(running.failed.wait(), 10)
    assert isinstance(running.engine.failure, AttributeError)
    with pytest.raises(EngineStopped):
        await running.engine.feed(good)
    assert await running.engine.stop() is None
