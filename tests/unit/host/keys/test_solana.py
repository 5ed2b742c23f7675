"""Solana messages: who signs, where the signature goes, and what is not signed as text."""

import json
from pathlib import Path
from typing import Any

import pytest
from solders.hash import Hash
from solders.keypair import Keypair
from solders.message import Message, MessageV0, to_bytes_versioned
from solders.pubkey import Pubkey
from solders.system_program import TransferParams, transfer
from solders.transaction import VersionedTransaction

from fluxdesk_host.keys.errors import SigningError
from fluxdesk_host.keys.secret import Secret
from fluxdesk_host.keys.selftest import check
from fluxdesk_host.keys.solana_message import (
    compact_u16,
    is_transaction_message,
    join_transaction,
    read_frame,
    sign_message,
    sign_text,
    sign_transaction,
    split_transaction,
)
from fluxdesk_host.keys.solana_offchain import Form, decode_offchain, encode_offchain, offchain_message, sign_offchain

CASES = json.loads((Path(__file__).parents[3] / "fixtures" / "keys" / "solana.json").read_text(encoding="utf-8"))
"""Transactions signed by solders 0.29, RFC 8032's second test, and the off-chain messages in the tests of Solana's SDK
(both the form until 2.2 and the one with a domain)."""
SEEDS = [bytes([n]) * 32 for n in (1, 2, 3)]
PAYER, OTHER, STRANGER = (Keypair.from_seed(seed) for seed in SEEDS)
TARGET = Pubkey(b"\x09" * 32)


def message(versioned: bool = True) -> Any:
    instructions = [
        transfer(TransferParams(from_pubkey=key.pubkey(), to_pubkey=TARGET, lamports=5)) for key in (PAYER, OTHER)
    ]
    if versioned:
        return MessageV0.try_compile(PAYER.pubkey(), instructions, [], Hash(b"\x07" * 32))
    return Message.new_with_blockhash(instructions, PAYER.pubkey(), Hash(b"\x07" * 32))


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c['kind']}-{c['message'][:8]}")
def test_published_vectors(case: dict[str, Any]) -> None:
    assert check(case) == []


@pytest.mark.parametrize("versioned", [True, False])
def test_the_frame_of_a_message(versioned: bool) -> None:
    data = to_bytes_versioned(message(versioned))
    frame = read_frame(data)
    assert frame.version == (0 if versioned else None)
    assert frame.signers == (bytes(PAYER.pubkey()), bytes(OTHER.pubkey()))
    assert frame.blockhash == b"\x07" * 32
    assert frame.length == len(data)


@pytest.mark.parametrize("versioned", [True, False])
def test_each_signature_goes_to_its_place_and_leaves_the_others(versioned: bool) -> None:
    compiled = message(versioned)
    complete = bytes(VersionedTransaction(compiled, [PAYER, OTHER]))
    raw = join_transaction([bytes(64), bytes(64)], to_bytes_versioned(compiled))
    for seed in (SEEDS[1], SEEDS[0]):
        raw = sign_transaction(Secret(seed), raw)
    assert raw == complete
    assert split_transaction(raw)[0] == [bytes(s) for s in VersionedTransaction(compiled, [PAYER, OTHER]).signatures]


def test_an_account_that_is_not_asked_does_not_sign() -> None:
    with pytest.raises(SigningError, match="not among those"):
        sign_message(Secret(SEEDS[2]), to_bytes_versioned(message()))


def test_what_is_no_message_is_not_signed() -> None:
    data = to_bytes_versioned(message())
    for changed in (
        data[:-1],
        data + b"\0",
        b"",
        b"\x81" + data[1:],
        data[:1] + b"\0" + data[2:],
        b"\x80\x02\x02" + data[3:],
    ):
        with pytest.raises(SigningError):
            sign_message(Secret(SEEDS[0]), changed)


def test_an_account_twice_is_refused() -> None:
    data = bytearray(to_bytes_versioned(message()))
    data[5 + 32 : 5 + 64] = data[5 : 5 + 32]
    with pytest.raises(SigningError, match="twice"):
        read_frame(bytes(data))


@pytest.mark.parametrize("versioned", [True, False])
def test_a_transaction_is_never_signed_as_text(versioned: bool) -> None:
    data = to_bytes_versioned(message(versioned))
    for disguised in (data, data + b"and some text", data + bytes(100)):
        assert is_transaction_message(disguised)
        with pytest.raises(SigningError, match="these bytes are a Solana transaction"):
            sign_text(Secret(SEEDS[0]), disguised)


def test_an_offchain_preamble_is_never_signed_as_text() -> None:
    with pytest.raises(SigningError, match="off-chain"):
        sign_text(Secret(SEEDS[0]), b"\xffsolana offchain\x00\x00\x02\x00hi")


def test_text_is_signed_as_it_is() -> None:
    text = b"example.com wants you to sign in with your Solana account"
    assert sign_text(Secret(SEEDS[0]), text) == bytes(PAYER.sign_message(text))


@pytest.mark.parametrize(
    ("value", "written"), [(0, "00"), (127, "7f"), (128, "8001"), (16383, "ff7f"), (16384, "808001"), (65535, "ffff03")]
)
def test_lengths_are_written_as_solana_has_them(value: int, written: str) -> None:
    assert compact_u16(value).hex() == written


@pytest.mark.parametrize("form", list(Form))
@pytest.mark.parametrize("text", ["Sign in", "Zeile 1\nZeile 2", "x" * 1300, "ü" * 700])
def test_offchain_messages_are_read_back(form: Form, text: str) -> None:
    signers = () if form is Form.CLI else (bytes(PAYER.pubkey()),)
    made = offchain_message(text, form, signers=signers)
    data = encode_offchain(made)
    assert decode_offchain(data) == made
    assert made.text == text
    assert sign_offchain(Secret(SEEDS[0]), made) == bytes(PAYER.sign_message(data))
    assert not is_transaction_message(data)


def test_the_format_is_the_smallest_that_holds_the_text() -> None:
    assert [offchain_message(t).format for t in ("x" * 1212, "ü", "x" * 1213, "a\nb")] == [0, 1, 2, 1]
    signers = (bytes(PAYER.pubkey()),)
    assert [offchain_message(t, Form.V0, signers=signers).format for t in ("x" * 1147, "x" * 1148)] == [0, 2]


def test_an_offchain_message_that_cannot_be_is_refused() -> None:
    key = bytes(PAYER.pubkey())
    for make in (
        lambda: offchain_message(""),
        lambda: offchain_message("x" * 65516),
        lambda: offchain_message("ü", encoding=0),
        lambda: offchain_message("x" * 1213, encoding=1),
        lambda: offchain_message("x", encoding=3),
        lambda: offchain_message("\ud800"),
        lambda: offchain_message("x", Form.V0),
        lambda: offchain_message("x", Form.V1, signers=(key, key)),
        lambda: offchain_message("x", Form.V1, signers=(b"short",)),
        lambda: offchain_message("x", Form.V0, signers=(key,), domain=b"short"),
        lambda: offchain_message("x", signers=(key,)),
    ):
        with pytest.raises(SigningError):
            make()


def test_a_signer_that_the_message_does_not_name_is_refused() -> None:
    made = offchain_message("x", Form.V1, signers=(bytes(PAYER.pubkey()),))
    with pytest.raises(SigningError, match="not among"):
        sign_offchain(Secret(SEEDS[2]), made)
