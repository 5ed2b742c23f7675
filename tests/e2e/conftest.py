"""One paired browser for every test that does not break it."""

import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

sys.path.append(str(Path(__file__).parent))

import chromium


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
