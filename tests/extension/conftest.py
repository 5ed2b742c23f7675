"""The extension in real Chromium with the real bridge. The agent here is `StandInAgent`; tests/e2e has the real one."""

import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

sys.path.append(str(Path(__file__).parent))
sys.path.append(str(Path(__file__).parents[1] / "e2e"))

import chromium
from browsers import desk, paired

__all__ = ["desk", "page", "paired"]


@pytest.fixture
async def page(paired: Any, tmp_path: Path) -> AsyncIterator[Any]:
    """A plain site of one line, loaded."""
    (tmp_path / "index.html").write_text("<!doctype html><title>A site</title>")
    with chromium.served(tmp_path) as address:
        page = await paired.new_page()
        await page.goto(address)
        yield page
        await page.close()
