"""The extension in real Chromium with the real bridge. The agent here is `StandInAgent`; tests/e2e has the real one."""

import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

sys.path.append(str(Path(__file__).parent))
sys.path.append(str(Path(__file__).parents[1] / "e2e"))

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


@pytest.fixture
async def page(paired: Any, tmp_path: Path) -> AsyncIterator[Any]:
    """A plain site of one line, loaded."""
    (tmp_path / "index.html").write_text("<!doctype html><title>A site</title>")
    with chromium.served(tmp_path) as address:
        page = await paired.new_page()
        await page.goto(address)
        yield page
        await page.close()
