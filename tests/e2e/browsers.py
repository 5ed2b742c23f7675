"""Fixtures of every test with a browser: a desk nothing runs on yet, and one whose browser is paired."""

from collections.abc import AsyncIterator
from typing import Any

import chromium
import pytest


@pytest.fixture
async def desk() -> AsyncIterator[chromium.Desk]:
    async with chromium.desk() as desk:
        yield desk


@pytest.fixture
async def paired(desk: chromium.Desk) -> AsyncIterator[Any]:
    """A browser that is paired with a stand-in agent, which runs and is unlocked."""
    desk.install()
    await desk.agent.start()
    async with chromium.browser(desk) as context:
        await chromium.pair(context, desk)
        yield context
    await desk.agent.stop()
