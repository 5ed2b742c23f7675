"""What tests of windows share: the moment of the fixed sample, and waiting for something on Qt's loop."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from fluxdesk.desktop import sample
from waiting import WITHIN_S, eventually

NOW = float(sample.NOW_S)
Run = Callable[[Coroutine[Any, Any, Any]], Any]


async def settle(seconds: float = WITHIN_S, until: Callable[[], bool] | None = None) -> None:
    """Lets events go on until something holds; at most so long."""
    for _ in range(8):
        await asyncio.sleep(0)
    if until is not None:
        await eventually(until, seconds)
