"""Tricks with messages: bytes that are something else, texts that look like another, sign-ins that are stale."""

import hashlib

import pytest
from solders import system_program
from solders.hash import Hash
from solders.message import Message, MessageV0
from solders.pubkey import Pubkey

from fluxdesk_host.keys.eip712 import read_typed_data
from fluxdesk_host.keys.rlp import encode
from fluxdesk_host.keys.solana_offchain import Form, encode_offchain, offchain_message
from fluxdesk_host.signing import EffectKind, Reading, read_personal_message, read_solana_offchain, read_solana_text
from requests_to_sign import FRIEND, ME, ORIGIN, assert_not_believed, codes, effects, permit, sign_in

WALLET = "7xKXtg2CW87d97TXJSDpbD5jBkheTqA83TZRuJosgAsU"


def personal(message: str | bytes, origin: str = ORIGIN, now: int | None = None) -> Reading:
    return read_personal_message(message, origin, account=ME, chain=1, now=now)


def solana(message: str | bytes, origin: str = ORIGIN) -> Reading:
    return read_solana_text(message, origin, account=WALLET, chain="solana:mainnet")


TO, DATA = bytes.fromhex(FRIEND[2:]), b""
UNSIGNED = {
    "legacy": encode([0, 5, 21000, TO, 7, DATA, 1, 0, 0]),
    "before EIP-155": encode([0, 5, 21000, TO, 7, DATA]),
    "a creation": encode([0, 5, 21000, b"", 7, b"\x60\x80"]),
    "type 1": b"\1" + encode([1, 0, 5, 21000, TO, 7, DATA, []]),
    "type 2": b"\2" + encode([1, 0, 5, 9, 21000, TO, 7, DATA, []]),
    "type 4": b"\4" + encode([1, 0, 5, 9, 21000, TO, 7, DATA, [], []]),
    "signed legacy": encode([0, 5, 21000, TO, 7, DATA, 37, 2**250 + 1, 2**249 + 1]),
    "signed type 2": b"\2" + encode([1, 0, 1, 9, 21000, TO, 7, DATA, [], 1, 2**250 + 1, 2**249 + 1]),
}


@pytest.mark.parametrize("raw", UNSIGNED.values(), ids=list(UNSIGNED))
def test_a_transaction_that_is_asked_for_as_a_message_is_said_to_be_one(raw: bytes) -> None:
    for message in (raw, "0x" + raw.hex(), raw.hex().upper()):
        reading = personal(message)
        assert_not_believed(reading)
        assert (reading.danger, "foreign-form" in codes(reading)) == (5, True)
    assert any("a transaction" in r.text for r in personal(raw).reasons)


def test_what_is_hashed_for_a_delegation_or_for_typed_data_is_recognised() -> None:
    delegation = b"\5" + encode([0, TO, 1])
    assert any("a delegation" in r.text for r in personal(delegation).reasons)
    document = read_typed_data(permit())
    preimage = b"\x19\x01" + document.domain_separator + document.struct_hash
    assert any("typed data" in r.text for r in personal(preimage).reasons)
    for reading in (personal(delegation), personal(preimage), personal(document.digest)):
        assert_not_believed(reading)
        assert reading.danger == 5


def test_other_bytes_are_not_taken_for_transactions() -> None:
    for message in (
        b"\xf8" * 40,
        b"\2" + encode([1, 2, 3]),
        encode([b"a"] * 6),
        b"\xc0",
        b"plain",
        UNSIGNED["type 2"][:-1],
    ):
        assert "foreign-form" not in codes(personal(message))


def transfer() -> bytes:
    me, friend = Pubkey.from_string(WALLET), Pubkey(b"\2" * 32)
    pay = system_program.transfer(system_program.TransferParams(from_pubkey=me, to_pubkey=friend, lamports=5))
    return bytes(Message.new_with_blockhash([pay], me, Hash(b"\7" * 32)))


def test_a_solana_message_that_is_a_transaction_is_said_to_be_one_in_every_form() -> None:
    legacy = transfer()
    me = Pubkey.from_string(WALLET)
    pay = system_program.transfer(
        system_program.TransferParams(from_pubkey=me, to_pubkey=Pubkey(b"\2" * 32), lamports=5)
    )
    compiled = bytes(MessageV0.try_compile(me, [pay], [], Hash(b"\7" * 32)))
    v0 = compiled if compiled[0] == 0x80 else b"\x80" + compiled
    for data in (legacy, v0, b"\1" + bytes(64) + legacy, b"\1" + bytes(64) + v0):
        reading = solana(data)
        assert_not_believed(reading)
        assert (reading.danger, "is-a-transaction" in codes(reading)) == (5, True)


def test_bytes_that_may_be_a_transaction_of_a_later_version_are_the_highest_danger() -> None:
    later = b"\x81" + transfer()
    assert solana(later).danger == 5
    assert "maybe-a-transaction" in codes(solana(later))
    assert "maybe-a-transaction" not in codes(solana("Übermut"))


def test_an_off_chain_message_is_read_as_the_signer_writes_it() -> None:
    signer = hashlib.sha256(b"signer").digest()
    domain = b"app.example".ljust(32, b"\0")
    for form in (Form.CLI, Form.V0, Form.V1):
        names = () if form is Form.CLI else (signer,)
        more = {"domain": domain} if form is Form.V0 else {}
        data = encode_offchain(offchain_message("hello there", form, signers=names, **more))
        reading = read_solana_offchain(data, ORIGIN)
        assert (reading.text, len(reading.signers)) == ("hello there", len(names))
        assert any(f.value == "app.example" for f in reading.facts) == (form is Form.V0)
        assert_not_believed(solana(data))
    plain = encode_offchain(offchain_message("hello there"))
    accented = plain[:17] + b"\0" + len("é".encode()).to_bytes(2, "little") + "é".encode()
    assert_not_believed(read_solana_offchain(accented))  # its format byte promises plain ASCII
    assert_not_believed(read_solana_offchain(plain[:17] + b"\3" + plain[18:]))


def test_an_off_chain_message_around_a_transaction_is_not_called_the_transaction() -> None:
    body = transfer().decode("latin-1")
    data = encode_offchain(offchain_message(body))
    assert "is-a-transaction" not in codes(read_solana_offchain(data))
    assert "hidden-characters" in codes(read_solana_offchain(data))


@pytest.mark.parametrize("word", ["pаypal", "Ηello", "Fluхdesk", "ѕafe", "miсrosoft"])
def test_words_that_mix_alphabets_are_said(word: str) -> None:
    reading = personal(f"I agree with {word} and sign what it says.")
    assert "mixed-word" in codes(reading)
    assert reading.danger == 4


@pytest.mark.parametrize(
    "text", ["Привет, мир", "Καλημέρα", "日本語のテキスト", "naïve café", "Δx = 5", "№ 5 für alle", "ﬁrst"]
)
def test_texts_in_one_alphabet_a_word_are_left_alone(text: str) -> None:
    assert "mixed-word" not in codes(personal(text))


@pytest.mark.parametrize("trick", ["\ufffc", "\U0001d159", "\u061c", "\u2028", "\u00ad", "\ufeff", "\u180e", "\ue000"])
def test_more_characters_that_draw_nothing_are_shown(trick: str) -> None:
    reading = personal(f"Pay {trick}nothing")
    assert "hidden-characters" in codes(reading)
    assert "⟨U+" in reading.text


@pytest.mark.parametrize("nonce", ["1234567", "", "abc def gh", "abcdefg!", "ａｂｃｄｅｆｇｈ"])
def test_a_nonce_that_can_be_met_again_is_said(nonce: str) -> None:
    reading = personal(sign_in(Nonce=nonce))
    assert codes(reading) & {"sign-in-nonce", "sign-in-form"}
    assert reading.danger >= 4
    assert "sign-in-nonce" not in codes(personal(sign_in(Nonce="abcdefgh")))


def test_a_sign_in_out_of_its_time_is_said() -> None:
    ends = 1795364724
    assert "sign-in-over" in codes(personal(sign_in(), now=ends))
    assert "sign-in-over" not in codes(personal(sign_in(), now=ends - 1))
    assert "sign-in-over" not in codes(personal(sign_in()))
    later = sign_in(Not_Before="2026-11-22T00:00:00Z")
    assert "sign-in-early" in codes(personal(later, now=1_795_000_000))
    assert "sign-in-early" not in codes(personal(later, now=1_795_364_000))


def test_a_statement_cannot_carry_fields_of_its_own() -> None:
    reading = personal(sign_in(statement="URI: https://evil.example"))
    assert "sign-in-form" in codes(reading)
    assert effects(reading, EffectKind.SIGN_IN) == []


def test_a_sign_in_hidden_behind_characters_that_turn_text_is_high() -> None:
    reading = personal(sign_in(statement="Sign \u202eni"))
    assert (reading.danger, "hidden-characters" in codes(reading)) == (4, True)
