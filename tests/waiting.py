"""Waiting for a state that announces itself in no other way: until it holds, at most so long. Never a fixed time."""

import asyncio
import inspect
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")
EVERY_S = 0.01
WITHIN_S = 120.0


def until(holds: Callable[[], T | None], within_s: float = WITHIN_S) -> T:
    """What `holds()` answers, once that is true. Blocks. Raises `AssertionError` after the deadline."""
    deadline = time.monotonic() + within_s
    while not (answer := holds()):
        assert time.monotonic() < deadline, f"not within {within_s} s"
        time.sleep(EVERY_S)
    return answer


async def eventually(
    holds: Callable[[], T | Awaitable[T]], within_s: float = WITHIN_S, said: Callable[[], object] = lambda: ""
) -> T:
    """As `until`, on an event loop; `holds` may be a coroutine function. A missed deadline tells what `said()` says."""
    deadline = time.monotonic() + within_s
    while True:
        answer = holds()
        if inspect.isawaitable(answer):
            answer = await answer
        if answer:
            return answer
        assert time.monotonic() < deadline, f"not within {within_s} s: {said()}"
        await asyncio.sleep(EVERY_S)
