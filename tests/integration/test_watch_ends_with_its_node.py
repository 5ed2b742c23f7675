"""A node inside `fluxdesk watch` that ends takes watch down with it: a defect says so, an order is followed."""

import asyncio
import json
import os
import signal
import sys
from pathlib import Path


async def started(data: Path) -> asyncio.subprocess.Process:
    """A watch that has printed its first row."""
    watch = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "fluxdesk", "watch", "--practice", "--seed", "4", "--data", str(data), "--json"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        limit=1 << 24,
    )
    assert watch.stdout is not None
    assert json.loads(await watch.stdout.readline())["seq"]
    return watch


def children(pid: int) -> list[int]:
    """Its child processes, those of all its threads."""
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(word) for task in tasks for word in task.read_text().split()]


async def test_a_store_process_that_is_killed_ends_watch_as_a_defect(tmp_path: Path) -> None:
    watch = await started(tmp_path / "data")
    (store,) = children(watch.pid)
    os.kill(store, signal.SIGKILL)
    async with asyncio.timeout(60):
        _, err = await watch.communicate()
    assert watch.returncode == 70
    assert b"The process that writes the tables ended" in err
    assert err.rstrip().endswith(b"Recorded data is kept. Please report the lines above.")


async def test_a_shutdown_asked_of_its_node_ends_watch_in_order(tmp_path: Path) -> None:
    from fluxdesk.client import NodeClient
    from fluxdesk.core.paths import Profile

    watch = await started(tmp_path / "data")
    client = NodeClient(Profile.of("practice", tmp_path / "data").socket)
    await client.shut_down()
    await client.close()
    async with asyncio.timeout(60):
        await watch.communicate()
    assert watch.returncode == 0
