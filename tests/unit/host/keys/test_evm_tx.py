"""EVM transactions: signed as published vectors have them, read back, and refused when they contradict themselves."""

import json
from pathlib import Path
from typing import Any

import pytest

from fluxdesk_host.keys.addresses import evm_address, parse_evm_address
from fluxdesk_host.keys.errors import SigningError
from fluxdesk_host.keys.evm_fields import read_transaction
from fluxdesk_host.keys.evm_tx import (
    authorization_signer,
    read_signed_transaction,
    sign_authorization,
    sign_evm_transaction,
    signing_payload,
)
from fluxdesk_host.keys.keccak import keccak256
from fluxdesk_host.keys.secret import Secret

VECTORS = json.loads((Path(__file__).parents[3] / "fixtures" / "keys" / "evm_tx.json").read_text())
"""A sample of npm's @ethersproject/testcases 5.8.0, the example of EIP-155, EIP-7702 from eth-account 0.14 and EEST."""
KEY = Secret(b"\x46" * 32)
TO = "0x" + "35" * 20
FEE_MARKET: dict[str, Any] = {
    "type": "0x2", "chainId": "0x1", "nonce": "0x9", "gas": "0x5208", "to": TO, "value": "0x1", "input": "0xabcd",
    "maxFeePerGas": "0x9", "maxPriorityFeePerGas": "0x1",
}  # fmt: skip
LEGACY: dict[str, Any] = {"nonce": "0x0", "gas": "0x1", "gasPrice": "0x2", "to": TO, "chainId": "0x1"}

EIP_7702 = bytes.fromhex(
    "04f901188501a58877101284ee6b27f984ee6b2807830186a094e3f1413e071332840db2735f809cf3240c4a425580b844a9059cbb00000000000000"
    "00000000003d3dc402103535134968adf08fab95b1012c1cb5000000000000000000000000000000000000000000000000000000000000029ac0f861"
    "f85f8501a5887710943e6c95d880401e4e36ee62f4ebded346e1adf42d0201a031f464e6a607fc66e0f982a2d21498799b0571760a272f3d903aca65"
    "94cef595a0343b0b143924a5db42a3200ae72d5c6dd03633847bc2da025cff5214e28708ec01a0a9c1555a0d706755bbdb7537c80f4e6a06ba0719ec"
    "03174190ccc934207c805da012ad4e24ae01171ee8a64b18ab772c88141e490498bde39d12e773f422f389c8"
)
"""From a devnet, as eth-account's tests have it."""


def hexed(text: str) -> bytes:
    return bytes.fromhex(text.removeprefix("0x"))


@pytest.mark.parametrize("vector", VECTORS, ids=lambda v: v["raw"][2:14])
def test_published_vectors(vector: dict[str, Any]) -> None:
    tx = read_transaction(vector["tx"], lenient=True)
    raw = sign_evm_transaction(Secret(hexed(vector["private"])), tx, allow_unprotected=True)
    assert raw.hex() == vector["raw"].removeprefix("0x")
    signed = read_signed_transaction(raw)
    assert signed.sender == hexed(vector["from"])
    assert signing_payload(signed.transaction) == signing_payload(tx)


def test_a_transaction_of_a_network_is_read() -> None:
    signed = read_signed_transaction(EIP_7702)
    assert signed.sender.hex() == "88d65f27e269b4f92ce2ccf124eae8648635a67a"
    (authorization,) = signed.transaction.authorizations
    assert authorization.chain_id == signed.transaction.chain_id == 7072151312
    assert authorization_signer(authorization) == signed.transaction.to  # a relayer sends it for that account


def test_an_authorization_is_of_the_key_that_signed_it() -> None:
    authorization = sign_authorization(KEY, 1, hexed(TO), 7)
    assert authorization_signer(authorization) == parse_evm_address(evm_address(KEY))


def test_the_type_follows_from_the_fields() -> None:
    assert read_transaction({k: v for k, v in FEE_MARKET.items() if k != "type"}).type == 2
    assert read_transaction(LEGACY).type == 0
    assert read_transaction({**LEGACY, "accessList": []}).type == 1


def test_no_recipient_is_a_contract_creation() -> None:
    created = read_transaction({**FEE_MARKET, "to": None})
    assert created.to is None
    assert read_signed_transaction(sign_evm_transaction(KEY, created)).transaction.to is None


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"nonce": None}, "nonce is missing"),
        ({"chainId": None}, "chainId is missing"),
        ({"gasPrice": "0x1"}, "no gas price"),
        ({"maxPriorityFeePerGas": "0xa"}, "above the max fee"),
        ({"value": "1"}, "value is not a number"),
        ({"value": 1.0}, "value is not a number"),
        ({"value": True}, "value is not a number"),
        ({"value": "0x" + "f" * 65}, "value does not fit"),
        ({"value": "-0x1"}, "value is not a number"),
        ({"data": "0x12"}, "differ"),
        ({"gasLimit": "0x1"}, "differ"),
        ({"input": "0xabc"}, "input is not bytes"),
        ({"to": "0x12"}, "to: "),
        ({"to": ""}, "to: "),
        ({"to": "0xFb6916095ca1df60bB79Ce92cE3Ea74c37c5D359"}, "a character is wrong"),
        ({"nonce": "0xffffffffffffffff"}, "EIP-2681"),
        ({"type": "0x3"}, "type 3"),
        ({"type": "0x4"}, "authorizations"),
        ({"blobVersionedHashes": []}, "unknown transaction field 'blobVersionedHashes'"),
        ({"hash": "0x"}, "unknown transaction field 'hash'"),
        ({"accessList": [{"address": TO, "storageKeys": ["0x12"]}]}, "storage key"),
        ({"accessList": {}}, "not a list"),
        ({"authorizationList": [{}]}, "an authorization lacks chainId"),
    ],
)
def test_what_is_not_one_clear_transaction_is_refused(change: dict[str, Any], said: str) -> None:
    with pytest.raises(SigningError, match=said):
        read_transaction({**FEE_MARKET, **change})


def test_another_sender_than_the_key_is_refused() -> None:
    with pytest.raises(SigningError, match="not the account that signs"):
        sign_evm_transaction(KEY, read_transaction({**FEE_MARKET, "from": TO}))
    assert sign_evm_transaction(KEY, read_transaction({**FEE_MARKET, "from": evm_address(KEY)}))


def test_what_any_chain_would_take_is_refused() -> None:
    replayable = read_transaction({k: v for k, v in LEGACY.items() if k != "chainId"}, lenient=True)
    with pytest.raises(SigningError, match="replayed"):
        sign_evm_transaction(KEY, replayable)


def test_a_flipped_bit_gives_another_sender_or_none() -> None:
    raw = sign_evm_transaction(KEY, read_transaction(FEE_MARKET))
    sender = read_signed_transaction(raw).sender
    for bit in range(8 * len(raw)):
        changed = bytearray(raw)
        changed[bit // 8] ^= 1 << bit % 8
        try:
            assert read_signed_transaction(bytes(changed)).sender != sender
        except SigningError:
            continue


def test_a_high_s_is_refused() -> None:
    from fluxdesk_host.keys import rlp
    from fluxdesk_host.keys.curves import SECP256K1_ORDER

    raw = sign_evm_transaction(KEY, read_transaction(FEE_MARKET))
    items = rlp.decode(raw[1:])
    assert isinstance(items, list)
    parity, s = rlp.number(items[-3], "parity"), rlp.number(items[-1], "s")
    twin = raw[:1] + rlp.encode([*items[:-3], 1 - parity, items[-2], SECP256K1_ORDER - s])
    with pytest.raises(SigningError, match="half the order"):
        read_signed_transaction(twin)


def test_the_hash_is_of_the_raw_bytes() -> None:
    raw = sign_evm_transaction(KEY, read_transaction(FEE_MARKET))
    assert read_signed_transaction(raw).hash == keccak256(raw)
