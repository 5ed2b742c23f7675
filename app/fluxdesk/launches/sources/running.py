"""How a source whose work fills an inbox hands it out: a task beside the reader, ended with it."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import suppress
from typing import Any

from fluxdesk.core.events import Raw
from fluxdesk.launches.sources.inbox import Inbox


async def batches_of(
    work: Callable[[], Coroutine[Any, Any, None]], name: str, inbox: Inbox, stop: asyncio.Event
) -> AsyncIterator[list[Raw]]:
    """What `work` puts into the inbox, in order, until it ends; raises what ended it. Leaving the loop stops it."""
    run = asyncio.create_task(work(), name=name)
    run.add_done_callback(lambda _: inbox.close())
    try:
        while batch := await inbox.take():
            yield batch
        await run
    finally:
        stop.set()
        run.cancel()
        with suppress(asyncio.CancelledError):
            await run
