"""A full disk pauses ingestion, says so, keeps answering, and recording resumes by itself."""

import asyncio
import resource
from collections.abc import Iterator
from pathlib import Path

import pytest

from fluxdesk.client import NodeClient
from fluxdesk.core.paths import Profile
from integration.nodes import RunningNode, running


@pytest.fixture
def node(tmp_path: Path) -> Iterator[RunningNode]:
    """A practice node."""
    with running(Profile.of("practice", tmp_path / "data"), "--seed", "8") as started:
        yield started


async def test_a_full_disk_pauses_says_so_and_resumes_by_itself(node: RunningNode) -> None:
    pid = node.process.pid
    soft, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    client = NodeClient(node.socket)
    try:
        before = (await client.status()).seq
        # The kernel refuses writes beyond this size from now on, as a full disk does.
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (64 << 10, hard))
        async with asyncio.timeout(60):
            while not (paused := await client.status()).journal_message:
                await asyncio.sleep(0.05)
        assert "full" in paused.journal_message
        await asyncio.sleep(0.5)
        still = await client.status()
        assert still.seq == paused.seq
        assert (await client.sources()).items[0].state in ("paused", "connecting")
        assert (await client.launches(limit=1)).items

        resource.prlimit(pid, resource.RLIMIT_FSIZE, (soft, hard))
        async with asyncio.timeout(60):
            while (after := await client.status()).journal_message or after.seq <= paused.seq:
                await asyncio.sleep(0.05)
        assert after.seq > before
    finally:
        await client.close()
    assert node.stop() == 0
