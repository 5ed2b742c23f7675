"""A full disk pauses ingestion, says so, keeps answering, and recording resumes by itself."""

import asyncio
import resource
from collections.abc import Iterator
from contextlib import aclosing
from pathlib import Path

import pytest

from fluxdesk.client import NodeClient
from fluxdesk.core.paths import Profile
from fluxdesk.core.views import StatusFrame, StatusView
from integration.nodes import RunningNode, running
from waiting import eventually


@pytest.fixture
def node(tmp_path: Path) -> Iterator[RunningNode]:
    """A practice node."""
    with running(Profile.of("practice", tmp_path / "data"), "--seed", "8") as started:
        yield started


async def says(client: NodeClient) -> str:
    return (await client.status()).journal_message


async def listed(client: NodeClient) -> bool:
    return bool((await client.launches(limit=1)).items)


async def goes_on(client: NodeClient, seq: int) -> bool:
    status = await client.status()
    return not status.journal_message and status.seq > seq


async def seconds_of(client: NodeClient, count: int) -> list[StatusView]:
    """What the node says of itself over so many of its own seconds."""
    stream = client.stream()
    stream.subscribe("status")
    seen: list[StatusView] = []
    async with asyncio.timeout(60), aclosing(stream.messages()) as messages:
        async for message in messages:
            if isinstance(message, StatusFrame):
                seen.append(message.status)
            if len(seen) == count:
                break
    return seen


async def test_a_full_disk_pauses_says_so_and_resumes_by_itself(node: RunningNode) -> None:
    pid = node.process.pid
    soft, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    client = NodeClient(node.socket)
    try:
        await eventually(lambda: listed(client))
        before = (await client.status()).seq
        # The kernel refuses writes beyond this size from now on, as a full disk does.
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (64 << 10, hard))
        await eventually(lambda: says(client))
        paused = await client.status()
        assert "full" in paused.journal_message
        assert [status.seq for status in await seconds_of(client, 3)] == [paused.seq] * 3
        assert (await client.sources()).items[0].state in ("paused", "connecting")
        assert await listed(client)

        resource.prlimit(pid, resource.RLIMIT_FSIZE, (soft, hard))
        await eventually(lambda: goes_on(client, paused.seq))
        assert (await client.status()).seq > before
    finally:
        await client.close()
    assert node.stop() == 0
