"""`fluxdesk decode`: the printed contract, and what it says of files it cannot read."""

import io
import json
import os
from pathlib import Path

import pytest

from fluxdesk.cli.decode import run
from fluxdesk.core.events import PRINTED, Row, Venue
from fluxdesk.core.refusals import EXPLAINED, Reason
from fluxdesk.launches.context import DecodeContext
from fluxdesk.launches.inputs import Found
from ledger import IDS, Ledger, call, event, key


def decode(*files: Path, as_json: bool = True) -> tuple[int, list[str], str]:
    out, err = io.StringIO(), io.StringIO()
    code = run(files, as_json, out, err)
    return code, out.getvalue().splitlines(), err.getvalue()


@pytest.fixture
def trade(tmp_path: Path) -> Path:
    payload = event(
        Venue.PUMPFUN, "TradeEvent", mint=key("token"), sol_amount=2**64 - 1, token_amount=2**53 + 1, is_buy=True, fee=7
    )
    path = tmp_path / "trade.json"
    path.write_text(json.dumps(Ledger([call(Venue.PUMPFUN, "buy", [payload])]).rpc()))
    return path


def test_every_key_is_present_in_order_and_amounts_are_texts_of_integers(trade: Path) -> None:
    code, (line,), err = decode(trade)
    row = json.loads(line)
    assert (code, err) == (0, "")
    assert tuple(row) == PRINTED
    assert (row["token_amount"], row["quote_amount"]) == (str(2**53 + 1), str(2**64 - 1))
    assert row["fees"] == [{"name": "protocol", "amount": "7", "mint": row["quote_mint"]}]
    assert (row["name"], row["reason"]) == (None, None)


def test_a_list_and_lines_of_json_are_read_whole(trade: Path, tmp_path: Path) -> None:
    both, lines = tmp_path / "both.json", tmp_path / "lines.jsonl"
    both.write_text(f"[{trade.read_text()},{trade.read_text()}]")
    lines.write_text(trade.read_text() + "\n\n" + trade.read_text() + "\n")
    assert len(decode(both)[1]) == len(decode(lines)[1]) == 2


def test_a_bare_event_has_no_place_in_a_transaction(tmp_path: Path) -> None:
    import base64

    payload = base64.b64encode(event(Venue.PUMPFUN, "TradeEvent", mint=key("token"), is_buy=False)).decode()
    path = tmp_path / "bare.json"
    path.write_text(json.dumps({"program": IDS[Venue.PUMPFUN], "program_data": payload}))
    row = json.loads(decode(path)[1][0])
    assert (row["kind"], row["side"], row["index"], row["signature"]) == ("trade", "sell", None, None)
    assert row["provenance"] == "event_log"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b'"This is a broken data file"', "holds no transaction, log or event"),
        (b"{}", "holds no transaction, log or event"),
        (b"\xff\xfe not json", "is not JSON"),
        (b"", "is empty"),
        (b" \n", "is empty"),
        (b"[" * 100_000, "is not JSON"),
    ],
)
def test_a_file_without_a_transaction_is_one_clear_line_and_exit_2(tmp_path: Path, content: bytes, says: str) -> None:
    path = tmp_path / "bad.json"
    path.write_bytes(content)
    code, lines, err = decode(path)
    assert (code, lines, err.count("\n")) == (2, [], 1)
    assert says in err
    assert str(path) in err


def test_every_file_is_read_though_one_fails(trade: Path, tmp_path: Path) -> None:
    code, lines, err = decode(tmp_path / "absent.json", trade)
    assert (code, len(lines)) == (2, 1)
    assert "No such file" in err


def test_people_get_sentences_with_boxes_for_control_characters(tmp_path: Path) -> None:
    payload = event(Venue.PUMPFUN, "CreateEvent", name="a\u202eb\x1b[31m", symbol="S\n", mint=key("token"))
    path = tmp_path / "launch.json"
    path.write_text(json.dumps(Ledger([call(Venue.PUMPFUN, "create", [payload])]).rpc()))
    _, (line,), _ = decode(path, as_json=False)
    assert "\x1b" not in line
    assert "a□b□[31m" in line


def test_every_reason_is_explained() -> None:
    assert set(EXPLAINED) == set(Reason)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_file_saved_with_a_byte_order_mark_is_read(trade: Path, tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "marked.json"
    path.write_text(trade.read_text(), encoding=encoding)
    assert decode(path)[:2] == decode(trade)[:2]


def test_numbers_that_only_tools_write_do_not_stand_in_the_way(trade: Path, tmp_path: Path) -> None:
    path = tmp_path / "odd.json"
    path.write_text(trade.read_text()[:-1] + f', "gas": {2**300}, "weight": {"9" * 6000}, "price": NaN}}')
    assert decode(path)[:2] == decode(trade)[:2]


def test_a_compressed_file_is_named_as_such(trade: Path, tmp_path: Path) -> None:
    import gzip

    path = tmp_path / "trade.json.gz"
    path.write_bytes(gzip.compress(trade.read_bytes()))
    code, lines, err = decode(path)
    assert (code, lines) == (2, [])
    assert "unpack" in err


def test_half_of_a_surrogate_pair_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / "half.json"
    path.write_bytes(b'{"signature": "\\ud800", "err": null, "logs": []}')
    assert decode(path)[0] == 2


def test_no_text_of_a_file_steers_the_terminal(tmp_path: Path) -> None:
    path = tmp_path / "hostile.json"
    value = {"signature": "\x1b]0;title\x07\u202e", "err": None, "logs": [f"Program {IDS[Venue.PUMPFUN]} invoke [1]"]}
    result = {"context": {"slot": 1}, "value": value}
    path.write_text(json.dumps({"method": "logsNotification", "params": {"result": result}}))
    code, printed, _ = decode(path, as_json=False)
    assert code == 0
    assert "\u25a1]0;title\u25a1" in printed[0]
    assert not any(c in printed[0] for c in "\x1b\x07\u202e")


def test_what_a_shell_pipes_in_is_read_up_to_a_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fluxdesk.cli.decode._LARGEST", 1 << 10)
    reading, writing = os.pipe()
    os.write(writing, b" " * 2_000)
    os.close(writing)
    code, printed, said = decode(Path(f"/dev/fd/{reading}"))
    os.close(reading)
    assert (code, printed) == (2, [])
    assert "larger than" in said


@pytest.mark.parametrize(
    ("kind", "said"), [("pipe", "is a pipe"), ("device", "is a device"), ("folder", "is a folder")]
)
def test_what_is_no_file_is_said_and_never_waited_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], kind: str, said: str
) -> None:
    odd = tmp_path / "odd"
    make = {"pipe": os.mkfifo, "device": lambda path: path.symlink_to("/dev/zero"), "folder": Path.mkdir}
    make[kind](odd)
    assert run([odd]) == 2
    err = capsys.readouterr().err
    assert said in err
    assert err.count("\n") == 1


def test_a_name_that_no_file_can_have_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert run([Path("x" * 5_000), Path("a\0b")]) == 2
    assert capsys.readouterr().err.count("cannot be read") == 2


@pytest.mark.parametrize("wrapped", [False, True])
def test_a_block_without_its_transactions_says_how_to_ask_for_them(tmp_path: Path, wrapped: bool) -> None:
    entry = {
        "transaction": {"accountKeys": [{"pubkey": "1" * 32, "signer": True}], "signatures": ["5" * 88]},
        "meta": {"err": None, "fee": 5000, "preBalances": [1], "postBalances": [1]},
        "version": 0,
    }
    block: dict[str, object] = {"blockhash": "1" * 32, "parentSlot": 5, "blockTime": 1_790_000_000}
    parts: list[dict[str, object]] = [{"transactions": [entry] * 40}, {"signatures": ["5" * 88] * 40}]
    for n, held in enumerate(parts):
        path = tmp_path / f"{n}.json"
        path.write_text(json.dumps({"jsonrpc": "2.0", "result": block | held} if wrapped else block | held))
        code, printed, said = decode(path)
        assert (code, printed) == (2, [])
        assert "transactionDetails full" in said
        assert said.count("\n") == 1


def test_a_decoder_that_fails_on_one_transaction_says_so_and_reads_the_others(
    trade: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from fluxdesk.launches import decode as module

    fine, turn = module.decode_found, iter((True, False, True))

    def sometimes(found: Found, ctx: DecodeContext) -> list[Row]:
        if next(turn):
            return fine(found, ctx)
        raise KeyError("a defect")

    monkeypatch.setattr(module, "decode_found", sometimes)
    three = tmp_path / "three.json"
    three.write_text(f"[{trade.read_text()},{trade.read_text()},{trade.read_text()}]")
    code, rows, _ = decode(three)
    assert code == 0
    assert [(json.loads(row)["kind"], json.loads(row)["reason"]) for row in rows] == [
        ("trade", None),
        ("refused", "decoder_defect"),
        ("trade", None),
    ]
