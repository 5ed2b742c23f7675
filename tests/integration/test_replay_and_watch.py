"""The commands on real processes: a replay twice changes nothing, and what `watch` prints is durable."""

import asyncio
import hashlib
import json
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from fluxdesk.core.events import PRINTED, Raw
from fluxdesk.core.paths import Profile
from fluxdesk.launches.journal import JournalReader
from fluxdesk.launches.practice.generate import generate
from integration.nodes import running

Done = subprocess.CompletedProcess[str]


def fluxdesk(*arguments: str, timeout: float = 120) -> Done:
    return subprocess.run(
        [sys.executable, "-m", "fluxdesk", *arguments], capture_output=True, text=True, check=False, timeout=timeout
    )


def lines(done: Done) -> list[dict[str, Any]]:
    return [json.loads(line) for line in done.stdout.splitlines()]


def contents(path: Path) -> str:
    """A digest of every row of every table."""
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as connection:
        return hashlib.sha256("\n".join(connection.iterdump()).encode()).hexdigest()


def records(path: Path) -> list[tuple[int, Raw]]:
    reader = JournalReader(path)
    try:
        return list(reader.read())
    finally:
        reader.close()


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """4,000 practice transactions, one a line."""
    path = tmp_path_factory.mktemp("recording") / "practice.jsonl"
    path.write_bytes(b"\n".join(raw.payload for raw in generate(21, events=4_000)))
    return path


def test_a_replay_twice_changes_nothing_and_the_second_says_all_was_known(recording: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    first = lines(fluxdesk("replay", str(recording), "--data", str(data), "--json"))
    before = contents(data / "store.sqlite"), records(data / "journal.sqlite")
    second = lines(fluxdesk("replay", str(recording), "--data", str(data), "--json"))
    assert (contents(data / "store.sqlite"), records(data / "journal.sqlite")) == before

    *rows, counts = first
    assert all(tuple(row) == (*PRINTED, "seq") for row in rows)
    assert [row["seq"] for row in rows] == sorted(row["seq"] for row in rows)
    assert counts["op"] == "counts"
    assert sum(counts["rows"].values()) == len(rows)
    assert (counts["records"], counts["new_records"], counts["known_rows"]) == (4_000, 4_000, 0)

    (again,) = second
    assert (again["records"], again["new_records"]) == (4_000, 0)
    assert again["known_rows"] == len(rows)
    assert set(again["rows"].values()) == {0}
    assert again["seq"] == counts["seq"]


def test_two_replays_into_two_folders_make_the_same_tables(recording: Path, tmp_path: Path) -> None:
    digests = set()
    for name in ("a", "b"):
        fluxdesk("replay", str(recording), "--data", str(tmp_path / name))
        with sqlite3.connect(f"file:{tmp_path / name / 'store.sqlite'}?mode=ro", uri=True) as connection:
            digests.add(tuple(connection.execute(_FACTS)))
    assert len(digests) == 1
    assert len(next(iter(digests))) > 2_000


_FACTS = (
    "SELECT fact, time_s, slot, position, signature, side, token_base, quote_base, trader, ghost "
    "FROM trades ORDER BY fact"
)


def test_a_replay_into_several_runs_equals_one(recording: Path, tmp_path: Path) -> None:
    """Interrupted and taken up again, part by part, the tokens end as from one run."""
    whole, parts = tmp_path / "whole", tmp_path / "parts"
    fluxdesk("replay", str(recording), "--data", str(whole))
    texts = recording.read_bytes().splitlines()
    for number, start in enumerate(range(0, len(texts), 1_000)):
        part = tmp_path / f"part{number}.jsonl"
        part.write_bytes(b"\n".join(texts[start : start + 1_000]))
        fluxdesk("replay", str(part), "--data", str(parts))
    found = []
    for folder in (whole, parts):
        with sqlite3.connect(f"file:{folder / 'store.sqlite'}?mode=ro", uri=True) as connection:
            facts = connection.execute(_FACTS).fetchall()
            holders = connection.execute(
                "SELECT t.mint, b.wallet, b.net FROM balances b JOIN tokens t ON t.id = b.token_id ORDER BY 1, 2"
            ).fetchall()
            found.append((facts, holders))
    assert found[0] == found[1]


def test_a_file_that_cannot_be_read_is_named_and_the_rest_is_kept(recording: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.json"
    bad.write_text("{ not json")
    done = fluxdesk("replay", str(bad), str(recording), "--data", str(tmp_path / "data"), "--json")
    assert done.returncode == 2
    assert "bad.json" in done.stderr
    assert lines(done)[-1]["new_records"] == 4_000


def test_search_finds_what_was_replayed_without_a_node(recording: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    rows = lines(fluxdesk("replay", str(recording), "--data", str(data), "--json"))
    launch = next(row for row in rows if row.get("kind") == "launch")
    hits = lines(fluxdesk("search", launch["token_mint"], "--data", str(data), "--json"))
    assert hits[0]["mint"] == launch["token_mint"]


async def watched(
    data: Path | None, count: int, ending: signal.Signals, *arguments: str
) -> tuple[list[dict[str, Any]], int]:
    """What a watch prints that is sent a signal when it has printed so many rows, and its exit code."""
    place = () if data is None else ("--data", str(data))
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "fluxdesk", "watch", "--practice", *place, "--json", *arguments),
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    async with asyncio.timeout(120):
        printed = [await process.stdout.readline() for _ in range(count)]
        process.send_signal(ending)
        if ending != signal.SIGKILL:
            printed += (await process.stdout.read()).splitlines()
        await process.wait()
    assert process.returncode is not None
    return [json.loads(row) for row in printed], process.returncode


async def test_watch_runs_a_node_inside_and_everything_it_printed_is_in_the_journal(tmp_path: Path) -> None:
    data = tmp_path / "data"
    rows, code = await watched(data, 200, signal.SIGTERM, "--seed", "4")
    assert code == 0
    assert all(tuple(row) == (*PRINTED, "seq") for row in rows)
    kept = {seq for seq, _ in records(data / "journal.sqlite")}
    assert {row["seq"] for row in rows} <= kept
    assert not Profile.of("practice", data).socket.exists()


def test_watch_ends_by_itself_after_the_time_it_is_given(tmp_path: Path) -> None:
    done = fluxdesk("watch", "--practice", "--seed", "4", "--data", str(tmp_path / "data"), "--for", "1", "--json")
    assert done.returncode == 0, done.stderr


async def test_the_same_seed_tells_the_same_story_again() -> None:
    first, _ = await watched(None, 300, signal.SIGTERM, "--seed", "4")
    again, _ = await watched(None, 300, signal.SIGTERM, "--seed", "4")
    both = min(len(first), len(again))
    assert first[:both] == again[:both]
    other, _ = await watched(None, 20, signal.SIGTERM, "--seed", "5")
    assert other[:20] != first[:20]


async def test_watch_attaches_to_the_node_that_runs_and_leaves_it_running(tmp_path: Path) -> None:
    profile = Profile.of("practice", tmp_path / "data")
    with running(profile, "--seed", "4") as node:
        for _ in range(2):
            rows, code = await watched(profile.folder, 5, signal.SIGTERM)
            assert code == 0
        assert node.process.poll() is None
        found = fluxdesk("search", rows[0]["token_mint"], "--data", str(profile.folder), "--json")
        assert found.returncode == 0


async def test_killing_watch_in_the_middle_of_a_line_loses_nothing_it_printed(tmp_path: Path) -> None:
    data = tmp_path / "data"
    rows, _ = await watched(data, 200, signal.SIGKILL, "--seed", "4")
    kept = {seq for seq, _ in records(data / "journal.sqlite")}
    assert {row["seq"] for row in rows} <= kept
