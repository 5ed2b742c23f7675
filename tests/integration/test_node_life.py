"""A node's life: one per profile, sockets nobody else can open, orderly ends, and what survives one without order."""

import asyncio
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import aclosing
from pathlib import Path

import pytest

from fluxdesk.client import Link, NodeClient, NodeStream, NodeUnreachable
from fluxdesk.core.paths import Profile
from fluxdesk.core.views import EventsFrame, StatusView
from fluxdesk.launches.journal import JournalReader
from fluxdesk.launches.practice.generate import generate
from fluxdesk.node.lock import holder
from integration.nodes import NodeDied, RunningNode, running
from waiting import eventually


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    """A practice profile nobody uses yet."""
    return Profile.of("practice", tmp_path / "data")


@pytest.fixture
def node(profile: Profile) -> Iterator[RunningNode]:
    """Its node."""
    with running(profile, "--seed", "5") as started:
        yield started


async def status(profile: Profile) -> StatusView:
    client = NodeClient(profile.socket)
    try:
        return await client.status()
    finally:
        await client.close()


async def seen_seqs(profile: Profile, at_least: int) -> list[int]:
    """Journal numbers of events that a client that asks for every one was shown."""
    stream = NodeStream(profile.socket)
    stream.subscribe("events", since=0, every=True)
    seqs: list[int] = []
    async with asyncio.timeout(60), aclosing(stream.messages()) as messages:
        async for message in messages:
            if isinstance(message, EventsFrame):
                seqs += [item.seq for item in message.items]
            if len(seqs) >= at_least:
                break
    return seqs


def test_the_socket_and_its_folder_are_the_owners_alone(node: RunningNode) -> None:
    assert stat.S_IMODE(node.socket.lstat().st_mode) == 0o600
    assert stat.S_IMODE(node.socket.parent.lstat().st_mode) == 0o700


def test_there_is_no_tcp_port(node: RunningNode) -> None:
    inodes = {os.readlink(f"/proc/{node.process.pid}/fd/{fd}") for fd in os.listdir(f"/proc/{node.process.pid}/fd")}
    for table in ("tcp", "tcp6", "udp", "udp6"):
        for line in Path("/proc/net", table).read_text().splitlines()[1:]:
            assert f"socket:[{line.split()[9]}]" not in inodes


def test_a_second_node_of_the_profile_says_who_holds_it_and_changes_nothing(node: RunningNode) -> None:
    with pytest.raises(NodeDied, match=f"exit 1: .*process id {node.process.pid}"):
        RunningNode(node.profile)
    assert asyncio.run(status(node.profile)).mode == "practice"


def test_another_mode_does_not_get_the_folder(profile: Profile) -> None:
    with running(profile, "--seed", "5"):
        pass
    with pytest.raises(NodeDied, match="belongs to practice, not to live"):
        RunningNode(Profile.of("live", profile.folder))


def test_a_runtime_folder_open_to_others_is_refused(profile: Profile, tmp_path: Path) -> None:
    loose = tmp_path / "loose"
    loose.mkdir(mode=0o755)
    with pytest.raises(NodeDied, match="open to others"):
        RunningNode(profile, environment={"FLUXDESK_RUNTIME": str(loose)})
    assert list(loose.iterdir()) == []


def test_a_start_that_fails_leaves_no_socket_and_does_not_hinder_the_next(profile: Profile) -> None:
    profile.folder.mkdir(parents=True, mode=0o700)
    profile.store.write_bytes(b"no database " * 1_000)
    with pytest.raises(NodeDied, match="exit 1: "):
        RunningNode(profile)
    assert not profile.socket.exists()
    assert holder(profile.lock) is None
    profile.store.unlink()
    with running(profile, "--seed", "5"):
        assert asyncio.run(status(profile)).mode == "practice"


def test_a_socket_left_by_a_start_that_was_killed_does_not_hinder_the_next(profile: Profile) -> None:
    for _ in range(2):
        RunningNode(profile, ["--seed", "5"]).kill()
        assert profile.socket.exists()
    with running(profile, "--seed", "5"):
        assert asyncio.run(status(profile)).mode == "practice"


async def test_a_node_in_a_folder_that_others_can_change_is_not_believed(node: RunningNode) -> None:
    client, stream = NodeClient(node.socket), NodeStream(node.socket)
    folder = node.socket.parent
    folder.chmod(0o777)
    try:
        with pytest.raises(NodeUnreachable, match=r"open to others \(mode 0777\)"):
            await client.status()
        async with aclosing(stream.messages()) as messages:
            link = await anext(messages)
        assert isinstance(link, Link)
        assert link.state == "down"
        assert "open to others" in link.reason
    finally:
        folder.chmod(0o700)
    assert (await client.status()).mode == "practice"
    await client.close()


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_in_order(profile: Profile, ending: signal.Signals) -> None:
    with running(profile, "--seed", "5") as node:
        asyncio.run(seen_seqs(profile, 50))
        node.process.send_signal(ending)
        assert node.process.wait(60) == 0
    assert not profile.socket.exists()
    assert holder(profile.lock) is None


async def test_a_client_can_end_it_in_order(node: RunningNode) -> None:
    client = NodeClient(node.socket)
    assert "stopping" in (await client.shut_down()).message
    assert await asyncio.to_thread(node.process.wait, 60) == 0
    with pytest.raises(NodeUnreachable, match="No node is running"):
        await client.status()
    await client.close()


def test_after_kill_9_every_number_a_client_saw_is_in_the_journal_and_the_node_goes_on(profile: Profile) -> None:
    seen: list[int] = []
    for cycle in range(3):
        node = RunningNode(profile, ["--seed", str(cycle)])
        try:
            seen += asyncio.run(seen_seqs(profile, 300))
        finally:
            node.kill()
        reader = JournalReader(profile.journal)
        kept = {seq for seq, _ in reader.read()}
        reader.close()
        assert set(seen) <= kept
    with running(profile, "--seed", "9") as last:
        now = asyncio.run(status(last.profile))
        assert now.seq >= max(seen)
        assert now.trades > 0


def test_a_restart_shows_the_same_tokens_whether_it_ended_in_order_or_not(profile: Profile, tmp_path: Path) -> None:
    """Recordings end by themselves, so before and after can be compared; each start reads the recording again."""
    replay = Profile.of("replay", profile.folder)
    recording = tmp_path / "practice.jsonl"
    recording.write_bytes(b"\n".join(raw.payload for raw in generate(3, events=3_000)))
    shown = []
    for kill in (True, False, False):
        node = RunningNode(replay, ["--replay", str(recording)])
        try:
            shown.append(asyncio.run(_settled(replay)))
        finally:
            node.kill() if kill else node.stop()
    assert len(shown[0]) > 20
    assert shown[0] == shown[1] == shown[2]


async def _read(client: NodeClient) -> bool:
    return (await client.sources()).items[0].state == "done"


async def _settled(profile: Profile) -> list[tuple[object, ...]]:
    """What the list says of each token once the recording is read."""
    client = NodeClient(profile.socket)
    try:
        await eventually(lambda: _read(client))
        page = await client.launches(limit=1000)
        return sorted((v.mint, v.name, v.price_f64, v.trades, v.buyers, v.holders, v.stage) for v in page.items)
    finally:
        await client.close()


def test_nonsense_on_the_command_line_is_one_line_and_exit_2(tmp_path: Path) -> None:
    for arguments in (
        ["node", "--mode", "paper"],
        ["node", "--mode", "live", "--rpc", "http://x"],
        ["node", "--mode", "practice", "--rpc", "ws://x"],
        ["node", "--mode", "replay"],
        ["node", "--replay", str(tmp_path / "none")],
        ["watch", "--practice", "--rpc", "ws://x"],
        ["watch", "--practice", "--for", "0"],
        ["watch", "--rpc", "x"],
        ["replay", str(tmp_path / "none")],
        ["search", "  "],
        ["search", "x", "--data", str(tmp_path / "none")],
        ["search", "x", "--profile", "paper"],
    ):
        done = subprocess.run(
            [sys.executable, "-m", "fluxdesk", *arguments], capture_output=True, text=True, check=False, timeout=60
        )
        assert done.returncode == 2, (arguments, done)
        assert done.stdout == ""
        assert len(done.stderr.strip().splitlines()) == 1, (arguments, done.stderr)
