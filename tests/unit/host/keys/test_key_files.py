"""Key files and raw keys: read as other wallets wrote them, written so that other wallets read them."""

import json
from pathlib import Path
from typing import Any

import pytest
from solders.keypair import Keypair

from fluxdesk_host.keys import keystore_v3
from fluxdesk_host.keys.addresses import evm_address
from fluxdesk_host.keys.errors import KeyFormatError
from fluxdesk_host.keys.raw_keys import (
    format_evm_key,
    format_solana_key,
    format_solana_keypair,
    parse_evm_key,
    parse_solana_key,
)
from fluxdesk_host.keys.secret import Secret

VECTORS = json.loads((Path(__file__).parents[3] / "fixtures" / "keys" / "keystore_v3.json").read_text(encoding="utf-8"))
"""https://github.com/ethereum/tests (KeyStoreTests), the wallets of npm's @ethersproject/testcases 5.8.0, and those of
go-ethereum (accounts/keystore/testdata) whose keys have 30 and 31 bytes."""
CHEAP = next(v for v in VECTORS if v["json"].get("address") == "17c5185167401ed00cf5f5b2fc97d9bbfdb7d025")
KEY = Secret(b"\x11" * 32)


def changed(**crypto: Any) -> dict[str, Any]:
    return {"version": 3, "crypto": {**CHEAP["json"]["Crypto"], **crypto}}


@pytest.mark.parametrize("vector", VECTORS, ids=lambda v: v["private"][-8:])
def test_published_key_files_open(vector: dict[str, Any]) -> None:
    with keystore_v3.decrypt(vector["json"], vector["password"]) as private:
        assert private.view().hex() == vector["private"].removeprefix("0x").rjust(64, "0")


@pytest.mark.parametrize("kdf", ["scrypt", "pbkdf2"])
def test_what_is_written_opens_with_its_password_only(kdf: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keystore_v3, "SCRYPT_N", 1 << 10)
    monkeypatch.setattr(keystore_v3, "PBKDF2_ROUNDS", 1000)
    written = keystore_v3.encrypt(KEY, "pässword", kdf)
    assert keystore_v3.decrypt(written, "pässword") == KEY
    assert "0x" + json.loads(written)["address"] == evm_address(KEY).lower()
    with pytest.raises(keystore_v3.WrongPassword):
        keystore_v3.decrypt(written, "password")


def test_what_is_written_costs_what_geth_asks_for() -> None:
    params = json.loads(keystore_v3.encrypt(KEY, "x"))["crypto"]["kdfparams"]
    assert (params["n"], params["r"], params["p"], params["dklen"]) == (262144, 8, 1, 32)


def test_a_changed_file_does_not_open() -> None:
    for field, value in (("ciphertext", "00" * 32), ("mac", "00" * 32)):
        with pytest.raises(keystore_v3.WrongPassword):
            keystore_v3.decrypt(changed(**{field: value}), CHEAP["password"])


def test_an_address_that_is_not_the_keys_is_refused() -> None:
    with pytest.raises(KeyFormatError, match="not that of its key"):
        keystore_v3.decrypt({**CHEAP["json"], "address": "00" * 20}, CHEAP["password"])


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ("", "not JSON"), ("[]", "not a JSON object"), ("{}", "version 3"), ("[" * 10000, "not JSON"),
        ("x" * 70000, "longer"),
        ({"version": 1, "crypto": {}}, "version 3"), ({"version": 3}, "no crypto"),
        (changed(cipher="aes-256-cbc"), "aes-128-ctr"),
        (changed(cipherparams={"iv": "00"}), "iv"), (changed(cipherparams=None), "cipherparams"),
        (changed(ciphertext="zz"), "ciphertext"),
        (changed(ciphertext=""), "32 bytes"), (changed(ciphertext="00" * 33), "32 bytes"), (changed(mac=1), "mac"),
        (changed(kdf="argon2"), "neither"), (changed(kdfparams=None), "kdfparams"),
        (changed(kdf="scrypt", kdfparams={"dklen": 32, "n": 3, "r": 8, "p": 1, "salt": "00"}), "not sound"),
        (changed(kdf="scrypt", kdfparams={"dklen": 32, "n": 2**25, "r": 8, "p": 1, "salt": "00"}), "512 MiB"),
        (changed(kdf="scrypt", kdfparams={"dklen": 32, "n": 2, "r": 1, "p": 2**30, "salt": "00"}), "p of the key file"),
        (changed(kdf="scrypt", kdfparams={"dklen": 16, "n": 2, "r": 1, "p": 1, "salt": "00"}), "dklen"),
        (changed(kdf="scrypt", kdfparams={"dklen": 32, "n": True, "r": 1, "p": 1, "salt": "00"}), "n of the key file"),
        (changed(kdf="pbkdf2", kdfparams={"dklen": 32, "c": 10**9, "prf": "hmac-sha256", "salt": "00"}), "c of the"),
        (changed(kdf="pbkdf2", kdfparams={"dklen": 32, "c": 1, "prf": "hmac-md5", "salt": "00"}), "prf"),
    ],
)  # fmt: skip
def test_what_is_no_key_file_is_refused_with_its_field(document: Any, said: str) -> None:
    with pytest.raises(KeyFormatError, match=said):
        keystore_v3.decrypt(document, "x")


def test_evm_keys_are_64_digits() -> None:
    text = "11" * 32
    for form in (text, "0x" + text, f" 0X{text}\n"):
        assert parse_evm_key(form) == KEY
    assert bytes(format_evm_key(KEY).view()) == b"0x" + text.encode()
    for wrong in ("", "0x", text[:-1], text + "1", "g" * 64, "00" * 32, "ff" * 32):
        with pytest.raises(KeyFormatError) as caught:
            parse_evm_key(wrong)
        assert "11" not in str(caught.value)


def test_solana_keys_come_and_go_as_the_tools_have_them() -> None:
    pair = Keypair.from_seed(b"\x11" * 32)
    assert bytes(format_solana_keypair(KEY).view()).decode() == pair.to_json()
    assert bytes(format_solana_key(KEY).view()).decode() == str(pair)
    for form in (pair.to_json(), str(pair), json.dumps([0x11] * 32), f" {pair}\n"):
        assert parse_solana_key(form) == KEY


@pytest.mark.parametrize(
    "text",
    ["", "[]", "[1]", "[256]" * 2, json.dumps([1] * 64), json.dumps([True] * 64), "[" * 900, "[1.5]", "1111", "0OIl"],
)
def test_what_is_no_solana_key_is_refused(text: str) -> None:
    with pytest.raises(KeyFormatError):
        parse_solana_key(text)


def test_halves_of_two_keys_are_refused() -> None:
    one, other = (bytes(Keypair.from_seed(bytes([n]) * 32)) for n in (1, 2))
    with pytest.raises(KeyFormatError, match="do not belong together"):
        parse_solana_key(json.dumps(list(one[:32] + other[32:])))
