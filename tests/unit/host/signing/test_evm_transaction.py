"""The outer form of an EVM transaction: who, where, how much, and requests with two meanings."""

from typing import Any

import pytest

from fluxdesk_host.keys.evm_fields import read_transaction
from fluxdesk_host.signing import EffectKind, read_evm_authorisation, read_evm_transaction
from requests_to_sign import (
    FRIEND,
    ME,
    OTHER,
    TOKEN,
    assert_not_believed,
    calldata,
    codes,
    effects,
    only,
    read,
    transaction,
)


def test_a_plain_transfer_names_amount_and_recipient() -> None:
    reading = read(to=FRIEND, value=1_500_000_000_000_000_000)
    sent = only(reading, EffectKind.NATIVE_OUT)
    assert (sent.asset, sent.amount, sent.to, sent.source) == ("native", 1_500_000_000_000_000_000, FRIEND, ME)
    assert reading.sentence.startswith("Sends 1.5 ETH to 0xc3")
    assert (reading.danger, reading.complete, reading.chain, reading.account) == (1, True, "eip155:1", ME)


def test_the_most_that_the_fee_can_be_is_gas_times_price() -> None:
    reading = read(to=FRIEND, gas="0x5208", maxFeePerGas=hex(30 * 10**9), maxPriorityFeePerGas=hex(10**9))
    assert reading.fee is not None
    assert (reading.fee.most, reading.fee.priority, reading.fee.payer) == (21_000 * 30 * 10**9, 21_000 * 10**9, ME)
    unbounded = read(to=FRIEND)
    assert unbounded.fee is not None
    assert unbounded.fee.most is None


def test_an_unknown_call_is_shown_with_its_bytes() -> None:
    reading = read(bytes.fromhex("deadbeef") + bytes(64), value=7)
    assert_not_believed(reading)
    assert reading.unknown[0].raw == bytes.fromhex("deadbeef") + bytes(64)
    assert codes(reading) >= {"unknown-call", "value-with-call"}
    assert only(reading, EffectKind.NATIVE_OUT).amount == 7


def test_data_shorter_than_a_selector_are_unknown() -> None:
    assert_not_believed(read(b"\xa9\x05\x9c"))


def test_trailing_bytes_are_said_and_nothing_is_complete() -> None:
    reading = read(calldata("transfer(address,uint256)", FRIEND, 5) + b"tag")
    assert not reading.complete
    assert reading.danger == 4
    assert "trailing-bytes" in codes(reading)
    assert reading.unknown[0].raw == b"tag"
    assert only(reading, EffectKind.TOKEN_OUT).amount == 5


def test_a_creation_is_said_with_its_code_and_its_amount() -> None:
    reading = read(b"\x60\x01", to=None, value=3)
    assert only(reading, EffectKind.DEPLOY).amount == 2
    assert only(reading, EffectKind.NATIVE_OUT).amount == 3
    assert not reading.complete
    assert reading.unknown[0].raw == b"\x60\x01"
    assert reading.danger == 3


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"chainId": "0x89"}, "chain-mismatch"),
        ({"from": OTHER}, "account-mismatch"),
        ({"blobVersionedHashes": []}, "blob"),
        ({"surprise": 1}, "unsigned-field"),
    ],
)
def test_what_does_not_fit_the_wallet_is_dangerous(change: dict[str, Any], code: str) -> None:
    reading = read(to=FRIEND, value=1, **change)
    assert code in codes(reading)
    assert reading.danger >= 4


def test_a_request_without_a_chain_holds_on_every_chain() -> None:
    reading = read_evm_transaction({"from": ME, "to": FRIEND, "value": 1})
    assert "chain-missing" in codes(reading)
    assert reading.chain is None


@pytest.mark.parametrize(
    "change",
    [
        {"input": "0x1235"},
        {"gasPrice": "0x1", "maxFeePerGas": "0x1"},
        {"gas": "0x1", "gasLimit": "0x2"},
        {"value": "1"},
        {"value": "0x"},
        {"value": -1},
        {"value": True},
        {"value": hex(2**256)},
        {"value": 1.0},
        {"data": "0x123"},
        {"data": "1234"},
        {"data": "0x12 34"},
        {"to": "0x1234"},
        {"to": FRIEND + "\n"},
        {"to": "0x5AAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"},
        {"to": ["0x"]},
        {"type": "0x7"},
        {"type": "0x0", "maxFeePerGas": "0x1"},
        {"type": "0x4"},
        {"authorizationList": []},
        {"authorizationList": [{"chainId": 1}]},
        {"accessList": [{"address": FRIEND}]},
        {"data": "0x" + "00" * 131_073},
    ],
)
def test_a_request_with_two_meanings_or_none_is_not_read(change: dict[str, Any]) -> None:
    reading = read_evm_transaction({**transaction(b"\x12\x34"), **change}, account=ME, chain=1)
    assert_not_believed(reading)
    assert reading.danger == 5
    assert "malformed" in codes(reading)


@pytest.mark.parametrize("given", [None, 1, "0x", b"", [], [1], object()])
def test_what_is_no_object_is_not_read(given: object) -> None:
    assert_not_believed(read_evm_transaction(given))


def test_data_and_input_that_agree_are_one() -> None:
    data = calldata("transfer(address,uint256)", FRIEND, 5)
    assert read(data, input="0x" + data.hex()).complete


def test_the_signers_own_type_reads_like_the_request_it_came_from() -> None:
    data = calldata("transfer(address,uint256)", FRIEND, 5)
    request = transaction(data, nonce="0x1", gas="0x5208", maxFeePerGas="0x5", maxPriorityFeePerGas="0x1", type="0x2")
    assert read_evm_transaction(read_transaction(request)) == read_evm_transaction(request)


def test_a_delegation_is_the_highest_danger_whatever_else_it_does() -> None:
    signed = {"chainId": "0x1", "address": OTHER, "nonce": "0x0", "yParity": "0x0", "r": "0x1", "s": "0x1"}
    reading = read(to=FRIEND, value=1, authorizationList=[signed])
    assert only(reading, EffectKind.DELEGATE).to == OTHER
    assert codes(reading) >= {"delegates-account", "delegation-signed"}
    assert reading.danger == 5


def test_an_authorisation_alone_is_read_for_chain_and_code() -> None:
    reading = read_evm_authorisation({"chainId": 0, "address": OTHER, "nonce": 4}, account=ME, chain=1)
    assert codes(reading) >= {"every-chain", "delegates-account"}
    assert only(reading, EffectKind.DELEGATE).source == ME
    other_chain = read_evm_authorisation({"chainId": 10, "address": OTHER, "nonce": 4}, account=ME, chain=1)
    assert "chain-mismatch" in codes(other_chain)


def test_taking_back_a_delegation_is_not_a_danger() -> None:
    reading = read_evm_authorisation({"chainId": 1, "address": "0x" + "00" * 20, "nonce": 4}, account=ME, chain=1)
    assert reading.danger == 1
    assert codes(reading) == {"delegation-removed"}


@pytest.mark.parametrize(
    "given", [None, {}, {"chainId": 1, "address": OTHER}, {"chainId": 1, "address": 1, "nonce": 0}]
)
def test_a_malformed_authorisation_is_not_read(given: object) -> None:
    assert_not_believed(read_evm_authorisation(given))


def test_sending_to_an_address_nobody_holds_is_said() -> None:
    assert "burns" in codes(read(to="0x" + "00" * 20, value=1))
    assert "burns" in codes(read(calldata("transfer(address,uint256)", "0x" + "00" * 18 + "dead", 1)))


def test_no_origin_text_reaches_the_reading_unmasked() -> None:
    reading = read_evm_transaction(transaction(to=TOKEN), "https://a\u202eb")
    assert reading.origin == "https://a⟨U+202E⟩b"


def test_a_request_states_no_effect_twice() -> None:
    assert len(effects(read(to=FRIEND, value=1))) == 1
