"""Runs the pipeline on a thread of its own, so that the event loop never waits for a disk or a decode.

Sources feed it from the event loop and wait until their bytes are journalled, which bounds what is under way to one
batch a source. A full journal pauses it; it tries again by itself. Questions about the book are answered between two
batches.
"""

import asyncio
import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from fluxdesk.core.events import Raw
from fluxdesk.launches.pipeline import Pipeline, Step
from fluxdesk.launches.ports import JournalFull
from fluxdesk.launches.publication import Publication
from fluxdesk.launches.views import Book
from fluxdesk.store.facts import Batch

T = TypeVar("T")
log = logging.getLogger(__name__)

MAX_STEP = 2_000
"""Records taken in one step at most, so that questions are answered in between."""
SAVE_EVERY_S = 1.0
MAX_UNSAVED = 30_000
"""Facts that may wait for the store; then ingestion pauses until it has caught up. Less than dedup remembers."""
RETRY_FULL_S = 1.0


class Keeper(Protocol):
    """Writes cuts to the store, on a thread of its own."""

    def offer(self, cut: Batch) -> bool:
        """Takes a cut when it is idle; False when it is still writing the one before."""
        ...

    @property
    def waiting(self) -> int:
        """Facts of the cut being written."""
        ...

    @property
    def saved_seq(self) -> int:
        """The tables stand for the journal up to here."""
        ...

    def reached(self, seq: int, timeout_s: float) -> bool:
        """Waits until the tables stand for `seq`; False when they do not in time. Blocking."""
        ...

    @property
    def message(self) -> str:
        """Why the store cannot be written, in words; empty when it can."""
        ...


@dataclass(slots=True)
class _Feed:
    batch: Sequence[Raw]
    done: asyncio.Future[None]


@dataclass(slots=True)
class _Question:
    ask: Callable[[Pipeline], Any]
    done: asyncio.Future[Any]


@dataclass(slots=True)
class _Results:
    """What one turn of the thread has to tell the event loop, in one wake-up."""

    steps: list[Step] = field(default_factory=list)
    futures: list[tuple[asyncio.Future[Any], Any, BaseException | None]] = field(default_factory=list)


class Engine:
    """The pipeline's thread. `publish`, `wanted` and, after a defect, `failed` are called on the event loop."""

    def __init__(
        self,
        pipeline: Pipeline,
        keeper: Keeper,
        publish: Callable[[Publication], None],
        wanted: Callable[[list[tuple[str, str]]], None],
        failed: Callable[[], None],
    ) -> None:
        self.message = ""
        """Why ingestion is paused, in words; empty when it is not."""
        self.failure: BaseException | None = None
        """The defect that ended the thread, if one did."""
        self.known = 0
        """Rows that came again."""
        self._pipeline = pipeline
        self._keeper = keeper
        self._publish = publish
        self._wanted = wanted
        self._failed = failed
        self._inbox: deque[_Feed | _Question] = deque()
        self._arrived = threading.Condition()
        self._stopping = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread = threading.Thread(target=self._run, name="pipeline", daemon=True)
        self._next_save = 0.0

    def start(self) -> None:
        """Starts the thread; call it on the event loop."""
        self._loop = asyncio.get_running_loop()
        self._thread.start()

    async def feed(self, batch: Sequence[Raw]) -> None:
        """Returns when the batch is journalled and taken in. Raises what ended the pipeline, if something did."""
        if batch:
            await self._submit(_Feed(batch, asyncio.get_running_loop().create_future()))

    async def ask(self, question: Callable[[Book], T]) -> T:
        """Runs a short question about the book between two batches."""
        return await self.ask_pipeline(lambda pipeline: question(pipeline.book))

    async def ask_pipeline(self, question: Callable[[Pipeline], T]) -> T:
        """The same with the whole pipeline at hand."""
        answer: T = await self._submit(_Question(question, asyncio.get_running_loop().create_future()))
        return answer

    async def save(self, timeout_s: float) -> bool:
        """Brings the tables up to what is taken in now; False when the store does not manage in time."""
        seq = await self.ask_pipeline(self._save_now)
        return await asyncio.to_thread(self._keeper.reached, seq, timeout_s)

    async def stop(self) -> Batch | None:
        """Ends the thread; what was fed before is taken in unless the journal is full. Returns the last cut.

        None after a defect: what the pipeline holds then is not to be trusted, and the journal has it all.
        """
        with self._arrived:
            self._stopping = True
            self._arrived.notify()
        await asyncio.to_thread(self._thread.join)
        return None if self.failure is not None else self._pipeline.last_cut()

    async def _submit(self, job: _Feed | _Question) -> Any:
        with self._arrived:
            if self._stopping:
                raise EngineStopped from self.failure
            self._inbox.append(job)
            self._arrived.notify()
        return await job.done

    # --- the thread ---

    def _run(self) -> None:
        try:
            while self._turn():
                pass
        except BaseException as error:
            log.critical("the pipeline ended", exc_info=error)
            self.failure = error
            assert self._loop is not None
            self._loop.call_soon_threadsafe(self._failed)
        finally:
            self._refuse_rest()

    def _turn(self) -> bool:
        """One round: waits for work, does some of it, tells the event loop. False when it is time to end."""
        with self._arrived:
            if not self._inbox:
                if self._stopping:
                    return False
                self._arrived.wait(timeout=self._until_save())
            jobs = self._drain()
        results = _Results()
        feeds = [job for job in jobs if isinstance(job, _Feed)]
        try:
            if feeds:
                self._feed(feeds, results)
            for job in jobs:
                if isinstance(job, _Question):
                    _answer(self._pipeline, job, results)
        except BaseException:
            told = {id(future) for future, _, _ in results.futures}
            results.futures += [(job.done, None, EngineStopped()) for job in jobs if id(job.done) not in told]
            raise
        finally:
            self._tell(results)
        self._save()
        return True

    def _drain(self) -> list[_Feed | _Question]:
        jobs: list[_Feed | _Question] = []
        size = 0
        while self._inbox and size < MAX_STEP:
            job = self._inbox.popleft()
            jobs.append(job)
            size += len(job.batch) if isinstance(job, _Feed) else 1
        return jobs

    def _feed(self, feeds: list[_Feed], results: _Results) -> None:
        batch = feeds[0].batch if len(feeds) == 1 else [raw for feed in feeds for raw in feed.batch]
        while True:
            try:
                self._wait_for_store()
                step = self._pipeline.append(batch)
                break
            except JournalFull as error:
                self.message = str(error)
                if self._pause(RETRY_FULL_S):
                    results.futures += [(feed.done, None, EngineStopped()) for feed in feeds]
                    return
        self.message = ""
        self.known += step.known
        results.steps.append(step)
        results.futures += [(feed.done, None, None) for feed in feeds]

    def _wait_for_store(self) -> None:
        while len(self._pipeline.unsaved) + self._keeper.waiting > MAX_UNSAVED:
            self.message = self._keeper.message or "The store is catching up."
            self._next_save = 0.0
            self._save()
            if self._pause(0.05):
                return

    def _pause(self, seconds: float) -> bool:
        """Answers questions for a while; True when it is time to stop."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0.0:
            results = _Results()
            with self._arrived:
                if self._stopping:
                    return True
                questions = [job for job in self._inbox if isinstance(job, _Question)]
                if not questions:
                    self._arrived.wait(left)
                    continue
                self._inbox = deque(job for job in self._inbox if isinstance(job, _Feed))
            for question in questions:
                _answer(self._pipeline, question, results)
            self._tell(results)
        return False

    def _until_save(self) -> float:
        """Seconds that the thread may sleep: it looks often while a save is due but the store is busy."""
        if self._pipeline.book.last_seq <= self._keeper.saved_seq:
            return SAVE_EVERY_S
        return max(0.02, self._next_save - time.monotonic())

    def _save_now(self, pipeline: Pipeline) -> int:
        self._next_save = 0.0
        return pipeline.book.last_seq

    def _save(self) -> None:
        now = time.monotonic()
        if now < self._next_save or self._keeper.waiting:
            return
        self._next_save = now + SAVE_EVERY_S
        pipeline = self._pipeline
        if pipeline.book.last_seq > self._keeper.saved_seq:
            self._keeper.offer(pipeline.cut())
        pipeline.trim(self._keeper.saved_seq)

    def _tell(self, results: _Results) -> None:
        if results.steps or results.futures:
            assert self._loop is not None
            self._loop.call_soon_threadsafe(self._deliver, results)

    def _refuse_rest(self) -> None:
        with self._arrived:
            self._stopping = True
            rest, self._inbox = list(self._inbox), deque()
        self._tell(_Results(futures=[(job.done, None, EngineStopped()) for job in rest]))

    # --- the event loop ---

    def _deliver(self, results: _Results) -> None:
        for step in results.steps:
            self._publish(step.publication)
            if step.asks:
                self._wanted(step.asks)
        for future, value, error in results.futures:
            if future.cancelled():
                continue
            if error is None:
                future.set_result(value)
            else:
                future.set_exception(error)


class EngineStopped(Exception):
    """The pipeline takes nothing more."""


def _answer(pipeline: Pipeline, question: _Question, results: _Results) -> None:
    try:
        results.futures.append((question.done, question.ask(pipeline), None))
    except Exception as error:  # noqa: BLE001 - handed to who asked, who raises it
        results.futures.append((question.done, None, error))
