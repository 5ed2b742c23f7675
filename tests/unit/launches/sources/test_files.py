"""Replaying recordings: every shape, a stable order, broken files said, memory bounded, recorded time kept."""

import json
import os
import socket
import time
from pathlib import Path

import pytest

from fluxdesk.core.events import Raw, Shape
from fluxdesk.launches.journal.writer import SqliteJournal
from fluxdesk.launches.sources import recordings
from fluxdesk.launches.sources.files import FileSource

TX = {"slot": 7, "blockTime": 1_700_000_000, "transaction": {"message": {}, "signatures": ["a"]}, "meta": None}
NOTIFICATION = {"context": {"slot": 9}, "value": {"signature": "b", "err": None, "logs": []}}
LOG = {"address": "0x1", "topics": ["0x2"], "data": "0x", "blockNumber": "0x5", "transactionHash": "0x3"}


async def read(*paths: Path, **options: object) -> tuple[list[Raw], FileSource]:
    source = FileSource(paths, **options)
    return [raw async for batch in source.batches() for raw in batch], source


def write(path: Path, content: object) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return path


async def test_a_folder_is_read_in_the_order_of_its_paths_without_hidden_files(tmp_path: Path) -> None:
    for name in ("b/2.json", "a/1.json", "c.jsonl", ".hidden/0.json", "notes.txt"):
        write(tmp_path / name, {**TX, "name": name})
    raws, source = await read(tmp_path)
    assert [json.loads(raw.payload)["name"] for raw in raws] == ["a/1.json", "b/2.json", "c.jsonl"]
    assert (source.health().state, source.health().message, source.health().received) == ("done", "3 files.", 3)


async def test_shape_slot_network_and_bytes_come_from_the_document(tmp_path: Path) -> None:
    text = '{ "slot" : 7, "transaction": {"message": {}}, "meta": null }'
    raws, _ = await read(
        write(tmp_path / "tx.json", text),
        write(tmp_path / "n.json", NOTIFICATION),
        write(tmp_path / "e.json", [LOG, LOG]),
    )
    assert raws[0].payload == text.encode()
    assert [(raw.shape, raw.network, raw.slot) for raw in raws] == [
        (Shape.SOLANA_TX, "solana", 7),
        (Shape.AUTO, "solana", 9),
        (Shape.EVM_LOG, "evm:1", None),
    ]
    assert len({raw.source for raw in raws}) == 1


async def test_the_chain_of_recorded_logs_can_be_given(tmp_path: Path) -> None:
    raws, _ = await read(write(tmp_path / "e.json", {"result": [LOG]}), evm_chain_id=8453)
    assert [raw.network for raw in raws] == ["evm:8453"]


async def test_a_list_of_transactions_is_taken_apart_and_an_eth_get_logs_answer_is_not(tmp_path: Path) -> None:
    raws, _ = await read(
        write(tmp_path / "t.json", [TX, NOTIFICATION]), write(tmp_path / "e.json", {"result": [LOG, LOG]})
    )
    assert len(raws) == 3


async def test_json_lines_are_found_whatever_the_file_is_called(tmp_path: Path) -> None:
    lines = "\n".join(json.dumps({**TX, "slot": i}) for i in range(600)) + "\n\n"
    for name in ("x.jsonl", "x.json", "x.txt"):
        raws, source = await read(write(tmp_path / name, lines))
        assert [raw.slot for raw in raws] == list(range(600))
        assert source.problems == []


async def test_a_broken_file_or_line_is_said_and_the_rest_is_read(tmp_path: Path) -> None:
    good = json.dumps(TX)
    files = [
        write(tmp_path / "1.json", "{ broken"),
        write(tmp_path / "2.jsonl", f"{good}\n{{ broken\n{good}\n"),
        write(tmp_path / "3.json", {"nothing": "here"}),
        tmp_path / "missing.json",
        write(tmp_path / "5.json", TX),
    ]
    raws, source = await read(*files)
    assert len(raws) == 3
    assert [(path.name, why) for path, why in source.problems] == [
        ("1.json", "it is not JSON"),
        ("2.jsonl", "line 2 is not JSON"),
        ("3.json", "it holds no transaction or log"),
        ("missing.json", "No such file or directory"),
    ]
    assert source.health().message.startswith("Not read: 1.json: it is not JSON; ")
    assert source.health().message.endswith("; and 1 more.")


@pytest.mark.parametrize("content", ["", "null", "5", "[" * 50_000, '"text"', "\x00\x00", "{}"])
async def test_no_content_stops_the_replay(tmp_path: Path, content: str) -> None:
    raws, source = await read(write(tmp_path / "x.json", content), write(tmp_path / "y.json", TX))
    assert len(raws) == 1
    assert len(source.problems) == 1


async def test_a_journal_comes_out_as_it_went_in(tmp_path: Path) -> None:
    went_in = [
        Raw("logs B", "solana", Shape.SOLANA_LOGS, i, 1_000 + i, 2_000 + i, b'{"signature":"%d","logs":[]}' % i)
        for i in range(700)
    ]
    journal = SqliteJournal(tmp_path / "journal.sqlite")
    journal.append(went_in)
    journal.close()
    raws, source = await read(tmp_path)
    assert raws == went_in
    assert source.health().received == 700


async def test_a_damaged_journal_is_said(tmp_path: Path) -> None:
    (tmp_path / "journal.sqlite").write_bytes(b"SQLite format 3\x00" + b"\xff" * 5_000)
    raws, source = await read(tmp_path)
    assert raws == []
    assert len(source.problems) == 1


async def test_a_file_too_large_to_hold_is_read_line_by_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recordings, "WHOLE_MAX_BYTES", 1_000)
    monkeypatch.setattr(recordings, "LINE_MAX_BYTES", 500)
    lines = [json.dumps(TX), json.dumps({**TX, "padding": "x" * 2_000}), json.dumps(TX)] * 3
    raws, source = await read(write(tmp_path / "x.json", "\n".join(lines)))
    assert len(raws) == 6
    assert [why for _, why in source.problems] == [f"line {n} is longer than 0 MB" for n in (2, 5, 8)]


async def test_recorded_time_passes_at_the_speed_asked_for(tmp_path: Path) -> None:
    lines = [json.dumps({**TX, "blockTime": 1_700_000_000 + i}) for i in range(4)]
    path = write(tmp_path / "x.jsonl", "\n".join(lines))
    began = time.monotonic()
    _, source = await read(path, speed=30.0)
    assert 0.1 <= time.monotonic() - began < 3
    assert source.health().received == 4
    began = time.monotonic()
    await read(path, speed=None)
    assert time.monotonic() - began < 0.1


async def test_a_replay_can_be_stopped_while_it_waits(tmp_path: Path) -> None:
    lines = [json.dumps({**TX, "blockTime": 1_700_000_000 + 3_600 * i}) for i in range(3)]
    source = FileSource([write(tmp_path / "x.jsonl", "\n".join(lines))], speed=1.0)
    began = time.monotonic()
    async for _ in source.batches():
        await source.close()
    assert time.monotonic() - began < 5
    assert source.health().received == 1


@pytest.mark.parametrize("kind", ["pipe", "socket", "device", "link to itself"])
async def test_what_is_no_file_is_said_and_never_waited_for(
    tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd, good = tmp_path / "odd.json", write(tmp_path / "tx.json", TX)
    if kind == "pipe":
        os.mkfifo(odd)
    elif kind == "socket":
        monkeypatch.chdir(tmp_path)
        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind(odd.name)
    else:
        odd.symlink_to("/dev/zero" if kind == "device" else odd)
    raws, source = await read(odd, good)
    assert [raw.slot for raw in raws] == [7]
    ((path, why),) = source.problems
    assert path == odd
    assert (kind in why) if kind != "link to itself" else "symbolic links" in why


async def test_links_that_lead_round_in_a_folder_are_not_followed(tmp_path: Path) -> None:
    write(tmp_path / "a" / "tx.json", TX)
    (tmp_path / "a" / "round").symlink_to(tmp_path)
    (tmp_path / "a" / "zero.json").symlink_to("/dev/zero")
    raws, source = await read(tmp_path)
    assert (len(raws), source.problems) == (1, [])
