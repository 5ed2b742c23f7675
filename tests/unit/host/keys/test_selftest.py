"""`fluxdesk keys selftest`: its last line, its exit codes, and that nothing wrong passes."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from fluxdesk_host.keys.eip712 import read_typed_data
from fluxdesk_host.keys.selftest import check, run

FIXTURES = Path(__file__).parents[3] / "fixtures" / "keys"
FILES = [json.loads(file.read_text(encoding="utf-8")) for file in sorted(FIXTURES.glob("*.json"))]
FIRST = {case["kind"]: case for cases in FILES for case in reversed(cases)}
FILES_BY = {kind: [c for cases in FILES for c in cases if c["kind"] == kind] for kind in FIRST}
EXPECTED = {
    "bip39": ["seed", "entropy"],
    "bip32": ["private", "public", "chain_code"], "slip10": ["private", "public", "chain_code"],
    "keystore_v3": ["private"], "eip712": ["hash"], "eip191": ["hash"], "evm_tx": ["raw"], "solana_tx": ["signature"],
    "solana_offchain": ["bytes"],
}  # fmt: skip


def outcome(path: Path, content: Any) -> tuple[int, list[str]]:
    said: list[str] = []
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return run(path, said.append), said


def flipped(text: str) -> str:
    """The same hexadecimal text with its last digit changed."""
    return text[:-1] + ("0" if text[-1] != "0" else "1")


def test_every_kind_of_the_issue_is_known() -> None:
    assert set(FIRST) == set(EXPECTED)


@pytest.mark.parametrize(("kind", "field"), [(k, f) for k, fields in EXPECTED.items() for f in fields])
def test_a_wrong_result_is_a_mismatch(kind: str, field: str) -> None:
    case = FIRST[kind]
    assert check(case) == []
    assert check({**case, field: flipped(case[field])}) != []


@pytest.mark.parametrize(
    ("kind", "field"),
    [(k, f) for k, case in FIRST.items() for f in case if f not in ("kind", "from", "passphrase", "entropy")],
)
def test_a_missing_or_misshapen_field_is_a_failure(kind: str, field: str) -> None:
    case = dict(FIRST[kind])
    for wrong in (None, 7, [], "zz"):
        assert check({**case, field: wrong}) != []
    del case[field]
    if (kind, field) == ("bip32", "curve") or field in ("private", "public", "chain_code"):
        return  # BIP-32 has one curve, and of the three results those given are compared
    assert check(case) != []


@pytest.mark.parametrize(
    "case", [None, 1, [], "x", {}, {"kind": None}, {"kind": "bip85"}, {"kind": ["bip39"]}, {"kind": "eip712"}]
)
def test_what_is_not_understood_has_failed(case: Any) -> None:
    assert check(case) != []


def test_the_last_line_counts_and_the_exit_code_says_it(tmp_path: Path) -> None:
    good, bad = FIRST["eip191"], {**FIRST["eip191"], "hash": "00" * 32}
    assert outcome(tmp_path / "good", [good, good]) == (0, ["2 passed, 0 failed"])
    code, said = outcome(tmp_path / "bad", [good, bad, {"kind": "nothing"}])
    assert code == 1
    assert said[0].startswith(f"case 2 (eip191): hash: expected {'00' * 32}, got ")
    assert said[1] == "case 3 (nothing): unknown kind 'nothing'"
    assert said[-1] == "1 passed, 2 failed"
    assert outcome(tmp_path / "none", []) == (0, ["0 passed, 0 failed"])


@pytest.mark.parametrize(
    "content", ["", "{}", "{", "[" * 100_000, "null", "\ud800".encode("utf-8", "surrogatepass").decode("latin-1")]
)
def test_a_file_that_is_no_list_is_unreadable(tmp_path: Path, content: str) -> None:
    code, said = outcome(tmp_path / "file", content)
    assert code == 2
    assert len(said) == 1
    assert run(tmp_path / "missing", said.append) == 2
    assert run(tmp_path, said.append) == 2


@pytest.mark.parametrize(
    "strange",
    [
        {"kind": "\ud800"}, {"kind": "a\n9 passed, 0 failed\x1b[2J"},
        {"kind": "eip191", "message": "\ud800", "hash": "00"},
        {"kind": "eip712", "typed_data": {"types": {"\ud800": []}}, "hash": "00"},
        {"kind": "bip39", "mnemonic": "\ud800", "passphrase": "\ud800", "seed": "00"},
        {"kind": "eip712", "typed_data": {"types": {}, "domain": {"\n9 passed": 1}, "primaryType": "x"}, "hash": "00"},
    ],
)  # fmt: skip
def test_no_text_of_a_case_stops_the_run_or_looks_like_its_end(tmp_path: Path, strange: dict[str, Any]) -> None:
    code, said = outcome(tmp_path / "file", [strange, FIRST["eip191"]])
    assert (code, said[-1]) == (1, "1 passed, 1 failed")
    assert all(line.isascii() and line.isprintable() for line in said)


def test_a_file_beyond_the_limit_is_said_to_be_too_large(tmp_path: Path) -> None:
    code, said = outcome(tmp_path / "file", "[" + " " * (64 * 1024 * 1024) + "]")
    assert (code, said) == (2, [f"{tmp_path / 'file'} is larger than 64 MiB: divide it into several files"])


def test_a_legacy_transaction_of_every_chain_may_name_chain_zero_or_its_v() -> None:
    legacy = next(c for c in FILES_BY["evm_tx"] if "chainId" not in c["tx"] and "type" not in c["tx"])
    assert check(legacy) == []
    for more in ({"chainId": "0x0"}, {"chainId": "0x1", "v": "0x1b"}, {"chainId": "0x1", "v": 28}):
        assert check({**legacy, "tx": {**legacy["tx"], **more}}) == []
    assert check({**legacy, "tx": {**legacy["tx"], "chainId": "0x1"}}) != []
    assert check({**legacy, "tx": {**legacy["tx"], "chainId": "0x1", "v": "0x25"}}) != []


def test_what_a_node_adds_to_a_mined_transaction_is_passed_over_and_what_changes_it_is_not() -> None:
    case = next(c for c in FILES_BY["evm_tx"] if c["tx"].get("type") == "0x4")
    more = {"hash": "0x00", "v": "0x1", "r": "0x1", "s": "0x1", "yParity": "0x1", "blockHash": None, "blobGas": None}
    assert check({**case, "tx": {**case["tx"], **more, "creates": None, "publicKey": "0x04"}}) == []
    assert check({**case, "tx": {**case["tx"], "maxFeePerBlobGas": "0x1"}}) != []


def test_an_abbreviated_number_type_may_have_been_written_out_before_it_was_hashed() -> None:
    types = {"EIP712Domain": [], "M": [{"name": "a", "type": "uint[]"}, {"name": "b", "type": "int"}]}
    document = {"types": types, "primaryType": "M", "domain": {}, "message": {"a": [1], "b": -1}}
    written = [{"name": "a", "type": "uint256[]"}, {"name": "b", "type": "int256"}]
    out = {**document, "types": {**types, "M": written}}
    hashes = [read_typed_data(d).digest.hex() for d in (document, out)]
    assert hashes[0] != hashes[1]
    for text in hashes:
        assert check({"kind": "eip712", "typed_data": document, "hash": text}) == []
        assert check({"kind": "eip712", "typed_data": json.dumps(document), "hash": text}) == []
    assert check({"kind": "eip712", "typed_data": out, "hash": hashes[0]}) != []


def test_the_command_ends_as_the_issue_asks_and_leaves_the_profile_alone(tmp_path: Path) -> None:
    env = {
        **os.environ,
        "XDG_DATA_HOME": str(tmp_path / "data"),
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
        "HOME": str(tmp_path),
    }
    env["PYTHONPATH"] = os.pathsep.join(p for p in sys.path if p)
    for name, code, last in (("hd.json", 0, "69 passed, 0 failed"), ("missing.json", 2, None)):
        command = [sys.executable, "-m", "fluxdesk", "keys", "selftest", str(FIXTURES / name)]
        done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == code, done.stderr
        assert last is None or done.stdout.splitlines()[-1] == last
    assert list(tmp_path.iterdir()) == []
