"""Keeps the sources running: one task each, feeding the pipeline; and what is remembered of them between runs."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence

from fluxdesk.core.events import Raw
from fluxdesk.core.views import GapView
from fluxdesk.launches.ports import Source
from fluxdesk.launches.sources.build import SourceSet
from fluxdesk.launches.sources.socket_source import SocketSource
from fluxdesk.node.engine import EngineStopped

log = logging.getLogger(__name__)

Feed = Callable[[Sequence[Raw]], Awaitable[None]]


def resume_gaps(built: SourceSet, gaps: Iterable[GapView], last_slots: Mapping[str, int]) -> None:
    """Gives each gap tracker what an earlier run knew, so that the time between the runs is a gap too."""
    known = list(gaps)
    for source_id, tracker in built.trackers.items():
        mine = [gap for gap in known if gap.source == source_id]
        tracker.load(mine, last_slots.get(source_id))


def last_slots(sources: Iterable[Source], before: Mapping[str, int]) -> dict[str, int]:
    """The note's new content: sources that are not followed now are kept.

    Not the newest slot a source heard of: its events may not be journalled yet, and a gap that begins there would hide
    them."""
    out = dict(before)
    for source in sources:
        if isinstance(source, SocketSource) and (slot := source.resume_slot()) is not None:
            out[source.id] = slot
    return out


async def read_all(sources: Sequence[Source], feed: Feed) -> None:
    """Reads every source until all have ended or the pipeline has."""
    async with asyncio.TaskGroup() as group:
        for source in sources:
            group.create_task(_read(source, feed))


async def _read(source: Source, feed: Feed) -> None:
    try:
        async for batch in source.batches():
            await feed(batch)
    except EngineStopped:
        log.info("source stopped with the pipeline", extra={"source": source.id})
    else:
        log.info("source ended", extra={"source": source.id})
