"""The audit log: what is acknowledged is on disk, a torn tail is kept aside, and every tampering is named."""

import asyncio
import json
import os
from pathlib import Path

import pytest

from fluxdesk_host.agent import audit
from fluxdesk_host.agent.audit import AuditDamaged, AuditFailed, AuditLog, Entry, entries, export, set_aside
from fluxdesk_host.agent.audit_file import HEAD_SIZE, MAGIC, OVERHEAD, Verdict, frame, frames, head_of, verify
from fluxdesk_host.agent.clocks import AgentTime, KernelClocks

KEY = b"k" * 32


def opened(path: Path, seen: list[Entry] | None = None) -> AuditLog:
    log = AuditLog(path, AgentTime(KernelClocks()).stamp)
    log.open((seen if seen is not None else []).append)
    return log


async def written(path: Path, count: int, key: bytes | None = None) -> None:
    log = opened(path)
    if key:
        log.unseal(key)
    await asyncio.gather(*(log.append(Entry(event="signed", id=f"r{i}")) for i in range(count)))
    await log.close()


def pieces(path: Path) -> list[bytes]:
    with path.open("rb") as file:
        file.seek(len(MAGIC))
        found = list(frames(file))
    data = path.read_bytes()
    return [data[f.offset : f.offset + OVERHEAD + len(f.record)] for f in found]


def rewritten(path: Path, parts: list[bytes]) -> Verdict:
    path.write_bytes(MAGIC + b"".join(parts))
    return verify(path)


def named(verdict: Verdict) -> list[tuple[str, int]]:
    return [(p.what, p.record) for p in verdict.problems]


async def test_records_come_back_in_order_with_numbers_and_times(tmp_path: Path) -> None:
    await written(tmp_path / "audit.log", 5)
    found = list(entries(tmp_path / "audit.log"))
    assert [(e.n, e.id) for e in found] == [(i + 1, f"r{i}") for i in range(5)]
    assert all(e.at is not None for e in found)
    assert verify(tmp_path / "audit.log").problems == ()


async def test_the_next_run_goes_on_in_the_same_chain(tmp_path: Path) -> None:
    path = tmp_path / "audit.log"
    await written(path, 2)
    await written(path, 3)
    verdict = verify(path)
    assert (verdict.records, verdict.problems, verdict.torn) == (5, (), 0)


async def test_an_append_is_not_done_before_its_record_is_synced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "audit.log"
    log = opened(path)
    synced: list[int] = []
    real = os.fdatasync
    monkeypatch.setattr(audit.os, "fdatasync", lambda fd: (real(fd), synced.append(os.fstat(fd).st_size)))
    futures = [log.append(Entry(event="signed", id=str(i))) for i in range(3)]
    assert not any(f.done() for f in futures)
    await asyncio.gather(*futures)
    assert synced[-1] == path.stat().st_size
    assert len(synced) < 3  # one sync for those that came together
    await log.close()


async def test_a_full_disk_fails_every_waiting_record_and_leaves_the_chain_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "audit.log"
    log = opened(path)
    await log.append(Entry(event="started"))
    real = os.fdatasync

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(audit.os, "fdatasync", full)
    answers = await asyncio.gather(*(log.append(Entry(event="signed")) for _ in range(3)), return_exceptions=True)
    assert all(isinstance(a, AuditFailed) for a in answers)
    monkeypatch.setattr(audit.os, "fdatasync", real)
    await log.append(Entry(event="signed", id="after"))
    await log.close()
    assert [e.event + e.id for e in entries(path)] == ["started", "signedafter"]
    assert verify(path).problems == ()


@pytest.mark.parametrize("cut", [1, 20, 60, OVERHEAD + 10])
async def test_a_torn_tail_is_kept_aside_and_the_log_goes_on(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "audit.log"
    await written(path, 3)
    torn = frame(b'{"n":4,"event":"signed"}' * 20, b"x" * 32)[0][:cut]
    with path.open("ab") as file:
        file.write(torn)
    assert verify(path).torn == cut
    log = opened(path, seen := [])
    assert len(seen) == 3
    await log.append(Entry(event="signed"))
    await log.close()
    assert (tmp_path / "audit.torn-3").read_bytes() == torn
    assert verify(path) == verify(path).__class__(4, verify(path).last, path.stat().st_size)


async def test_zeros_that_a_power_loss_leaves_are_a_torn_tail(tmp_path: Path) -> None:
    path = tmp_path / "audit.log"
    await written(path, 3)
    with path.open("ab") as file:
        file.write(bytes(4096))
    assert (verify(path).records, verify(path).torn, verify(path).problems) == (3, 4096, ())


@pytest.mark.parametrize("victim", [1, 4, 10])
async def test_a_changed_record_is_named(tmp_path: Path, victim: int) -> None:
    path = tmp_path / "audit.log"
    await written(path, 10)
    parts = pieces(path)
    parts[victim - 1] = parts[victim - 1].replace(b'"signed"', b'"sigNed"')
    assert named(rewritten(path, parts)) == [("changed", victim)]


@pytest.mark.parametrize("victim", [1, 4, 9])
async def test_a_changed_record_with_a_new_hash_is_named(tmp_path: Path, victim: int) -> None:
    path = tmp_path / "audit.log"
    await written(path, 10)
    parts = pieces(path)
    old = parts[victim - 1]
    parts[victim - 1] = frame(old[36:-32].replace(b'"signed"', b'"sigNed"'), old[4:36])[0]
    assert named(rewritten(path, parts)) == [("changed", victim)]


@pytest.mark.parametrize("victim", [1, 4, 9])
async def test_a_missing_record_is_named(tmp_path: Path, victim: int) -> None:
    path = tmp_path / "audit.log"
    await written(path, 10)
    parts = pieces(path)
    del parts[victim - 1]
    assert named(rewritten(path, parts)) == [("missing", victim)]


async def test_records_missing_at_the_end_are_named(tmp_path: Path) -> None:
    path = tmp_path / "audit.log"
    await written(path, 10)
    assert named(rewritten(path, pieces(path)[:7])) == [("missing at the end", 8)]


async def test_a_reordered_record_is_named(tmp_path: Path) -> None:
    path = tmp_path / "audit.log"
    await written(path, 10)
    parts = pieces(path)
    parts[3], parts[4] = parts[4], parts[3]
    assert named(rewritten(path, parts)) == [("reordered", 4)]


async def test_a_length_that_was_changed_is_named(tmp_path: Path) -> None:
    path = tmp_path / "audit.log"
    await written(path, 10)
    parts = pieces(path)
    parts[5] = b"\xff\xff\xff\x7f" + parts[5][4:]
    assert named(rewritten(path, parts)) == [("changed", 6)]


async def test_a_whole_new_chain_does_not_pass_for_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "audit.log"
    await written(path, 4)
    (tmp_path / "other").mkdir()
    await written(tmp_path / "other" / "audit.log", 4)
    path.write_bytes((tmp_path / "other" / "audit.log").read_bytes())
    assert named(verify(path)) == [("sealed otherwise", 4)]


async def test_a_forged_log_with_a_forged_head_does_not_carry_the_wallets_seal(tmp_path: Path) -> None:
    path = tmp_path / "audit.log"
    await written(path, 4, KEY)
    (tmp_path / "other").mkdir()
    await written(tmp_path / "other" / "audit.log", 4, b"x" * 32)
    for name in ("audit.log", "audit.head"):
        (tmp_path / name).write_bytes((tmp_path / "other" / name).read_bytes())
    assert verify(path).problems == ()
    assert named(verify(path, KEY)) == [("sealed otherwise", 4)]
    log = opened(path)
    with pytest.raises(AuditDamaged, match="does not verify"):
        log.unseal(KEY)
    await log.close()


async def test_a_log_cut_back_with_its_plain_head_does_not_pass_the_seal(tmp_path: Path) -> None:
    path = tmp_path / "audit.log"
    await written(path, 6, KEY)
    head = head_of(path).read_bytes()
    with path.open("rb") as file:
        file.seek(len(MAGIC))
        third = list(frames(file))[2]
    rewritten(path, pieces(path)[:3])
    head_of(path).write_bytes((3).to_bytes(8, "little") + third.digest + head[40:])
    assert named(verify(path)) == []
    assert named(verify(path, KEY)) == [("sealed otherwise", 3)]


async def test_a_damaged_log_is_not_opened_and_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "audit.log"
    await written(path, 5)
    parts = pieces(path)
    rewritten(path, parts[:2] + parts[3:])
    before = path.read_bytes()
    with pytest.raises(AuditDamaged, match="Record 3 is missing"):
        opened(path)
    assert path.read_bytes() == before


async def test_a_log_without_its_head_is_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "audit.log"
    await written(path, 5)
    head_of(path).unlink()
    with pytest.raises(AuditDamaged, match="how far the log was synced"):
        opened(path)


async def test_a_head_without_its_log_is_not_begun_again(tmp_path: Path) -> None:
    path = tmp_path / "audit.log"
    await written(path, 5)
    path.unlink()
    with pytest.raises(AuditDamaged, match="is gone"):
        opened(path)
    assert head_of(path).stat().st_size == HEAD_SIZE


async def test_set_aside_a_damaged_log_is_kept_and_a_new_one_begins(tmp_path: Path) -> None:
    path = tmp_path / "audit.log"
    await written(path, 5)
    head_of(path).unlink()
    kept = set_aside(path)
    assert len(list(entries(kept))) == 5
    await written(path, 1)
    assert verify(path).records == 1


async def test_the_export_is_one_json_object_a_line(tmp_path: Path) -> None:
    path = tmp_path / "audit.log"
    await written(path, 3)
    lines = [json.loads(line) for line in export(path)]
    assert [line["id"] for line in lines] == ["r0", "r1", "r2"]


async def test_the_files_are_for_their_owner_alone(tmp_path: Path) -> None:
    await written(tmp_path / "audit.log", 1)
    assert {oct((tmp_path / n).stat().st_mode & 0o777) for n in ("audit.log", "audit.head")} == {"0o600"}
