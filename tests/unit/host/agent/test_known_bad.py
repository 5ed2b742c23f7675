"""The known-bad list: what others publish is read, every address of it is found again, and nothing else is."""

import json
import os
import random
from pathlib import Path

import pytest

from fluxdesk_host.agent.known_bad import FILE, Entry, KnownBad, NoList, account_of, imported, store, update
from fluxdesk_host.keys.base58 import b58encode

BAD = "0x" + "ab" * 20
MIXED = "0x7a250d5630B4cF539739dF2C5dAcb4c659F2488D"
SOLANA = "7EcDhSYGxXyscszYEp35KHN8vvw3svAuLKTzXwCFLtV"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"{BAD}\n", {BAD: ""}),
        (f"# list\n\n{MIXED} phishing kit\n{SOLANA}\n", {MIXED.lower(): "phishing kit", SOLANA: ""}),
        (f"address,label\n{MIXED},drainer\n", {MIXED.lower(): "drainer"}),
        (f'2024-01-01,"{BAD}","fake, airdrop"\n', {BAD: "2024-01-01, fake, airdrop"}),
        (json.dumps([BAD, SOLANA]), {BAD: "", SOLANA: ""}),
        (json.dumps([{"address": BAD, "comment": "scam", "date": "2019-01-01"}]), {BAD: "scam"}),
        (json.dumps({BAD: "why", SOLANA: {"x": 1}}), {BAD: "why", SOLANA: ""}),
        (json.dumps({"example.org": [BAD]}), {BAD: "example.org"}),
        ("\ufeff" + BAD.upper().replace("0X", "0x"), {BAD: ""}),
    ],
)
def test_lists_as_others_publish_them_are_read(text: str, found: dict[str, str]) -> None:
    entries, _ = imported(text.encode(), "list")
    assert {e.account.partition(":")[2]: e.why for e in entries} == found


def test_what_is_no_address_is_left_out_and_counted() -> None:
    entries, strange = imported(f"{BAD}\nbc1qxy2kgdygjrsqtzq2n0yrf2493p83kkfjhx0wlh\n0x12\n".encode(), "list")
    assert (len(entries), strange) == (1, 2)


@pytest.mark.parametrize("text", [b"", b"nothing here", b"[", b'{"a": 1}', b"\xff\xfe\x00"])
def test_what_is_no_list_is_refused(text: bytes) -> None:
    with pytest.raises(NoList, match="Nothing was changed"):
        imported(text, "list")


def test_a_reason_is_one_plain_line() -> None:
    ((entry,), _) = imported(json.dumps([{"address": BAD, "why": "a\nb\x1b[31mc " + "x" * 300}]).encode(), "list")
    assert entry.why.startswith("a b [31mc xxx")
    assert len(entry.why) == 120


def test_a_cell_beyond_what_csv_takes_is_no_address_and_the_rest_is_read() -> None:
    entries, strange = imported(f'"{"a" * 200_000}",why\n{BAD},why\n'.encode(), "list")
    assert ([e.why for e in entries], strange) == (["why"], 1)


def test_every_address_of_a_long_list_is_found_and_no_other(tmp_path: Path) -> None:
    draw = random.Random(5)
    names = [f"evm:0x{draw.randbytes(20).hex()}" for _ in range(3_000)]
    names += [f"solana:{b58encode(draw.randbytes(32))}" for _ in range(2_000)]
    whys = ["", "drainer", "ü" * 120]
    entries = [Entry(name, whys[i % 3]) for i, name in enumerate(names)]
    assert store(tmp_path, entries, "2026-11-01", "made here") == 5_000
    bad = KnownBad(tmp_path / FILE)
    assert bad.refresh()
    assert (bad.date, bad.source, bad.count, bad.problem) == ("2026-11-01", "made here", 5_000, "")
    assert all(bad.find(e.account) == e for e in entries)
    for name in names[:500]:
        assert bad.find(name[:-1] + ("0" if name[-1] != "0" else "1")) is None
        assert bad.find(name[:-1]) is None
    assert bad.find("evm:") is None
    assert bad.find("zzz") is None
    bad.close()


def test_a_new_list_is_seen_and_one_that_went_too(tmp_path: Path) -> None:
    bad = KnownBad(tmp_path / FILE)
    assert not bad.refresh()
    assert bad.find(f"evm:{BAD}") is None
    store(tmp_path, [Entry(f"evm:{BAD}", "one")], "2026-11-01", "a")
    assert bad.refresh()
    assert not bad.refresh()
    assert bad.find(f"evm:{BAD}") == Entry(f"evm:{BAD}", "one")
    store(tmp_path, [Entry(f"solana:{SOLANA}", "two")], "2026-11-02", "b")
    assert bad.refresh()
    assert bad.find(f"evm:{BAD}") is None
    assert bad.date == "2026-11-02"
    (tmp_path / FILE).unlink()
    assert bad.refresh()
    assert (bad.date, bad.find(f"solana:{SOLANA}")) == ("", None)


@pytest.mark.parametrize(
    "text", ["", "0xab\n", "fluxdesk-known-bad 2 2026-11-01 1 x\n", "fluxdesk-known-bad 1 soon 1\n"]
)
def test_a_file_that_is_none_of_ours_is_said_and_left(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text)
    bad = KnownBad(tmp_path / FILE)
    assert bad.refresh()
    assert "has not the form" in bad.problem
    assert bad.find(f"evm:{BAD}") is None
    assert (tmp_path / FILE).read_text() == text


def test_a_pipe_is_no_list_and_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(NoList, match="no file"):
        update(tmp_path, tmp_path / "pipe")
    os.mkfifo(tmp_path / FILE)
    known = KnownBad(tmp_path / FILE)
    assert known.refresh()
    assert "no file" in known.problem
    assert known.find(f"evm:{BAD}") is None


def test_the_list_is_replaced_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store(tmp_path, [Entry(f"evm:{BAD}")], "2026-11-01", "a")
    before = (tmp_path / FILE).read_bytes()

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        store(tmp_path, [Entry(f"solana:{SOLANA}")], "2026-11-02", "b")
    assert (tmp_path / FILE).read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == [FILE]
    assert (tmp_path / FILE).stat().st_mode & 0o777 == 0o600


def test_the_date_is_the_given_one_or_that_of_the_file(tmp_path: Path) -> None:
    file = tmp_path / "list.txt"
    file.write_text(BAD)
    os.utime(file, (1_700_000_000, 1_700_000_000))
    assert update(tmp_path / "agent", file) == (1, 0, "2023-11-14")
    assert update(tmp_path / "agent", file, "2024-02-29") == (1, 0, "2024-02-29")
    with pytest.raises(NoList, match="no date"):
        update(tmp_path / "agent", file, "2023-02-29")


def test_an_account_name_is_made_of_an_address_of_either_family() -> None:
    assert account_of(f" {MIXED} ") == f"evm:{MIXED.lower()}"
    assert account_of(f"solana:{SOLANA}") == f"solana:{SOLANA}"
    assert account_of("0x1234") is None
    assert account_of("") is None
