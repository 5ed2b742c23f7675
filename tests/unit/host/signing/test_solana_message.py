"""The wire form of Solana messages against solders, and what is said about the whole transaction."""

from typing import Any

import pytest
from solders import compute_budget, system_program
from solders.address_lookup_table_account import AddressLookupTableAccount
from solders.hash import Hash
from solders.instruction import AccountMeta, Instruction
from solders.message import Message, MessageV0
from solders.pubkey import Pubkey
from solders.signature import Signature

from fluxdesk_host.signing import EffectKind, read_solana_message, read_solana_text, read_solana_transaction
from fluxdesk_host.signing.solana.message import BadMessage, parse_message, split_transaction
from requests_to_sign import assert_not_believed, codes, effects, only

KEYS = [Pubkey(bytes([n]) * 32) for n in range(1, 20)]
PAYER, FRIEND, OTHER, PROGRAM, TABLE = KEYS[:5]
HASH = Hash(b"\7" * 32)


def pay(lamports: int = 1_500_000_000, source: Pubkey = PAYER, to: Pubkey = FRIEND) -> Instruction:
    return system_program.transfer(system_program.TransferParams(from_pubkey=source, to_pubkey=to, lamports=lamports))


def legacy(*instructions: Instruction) -> bytes:
    return bytes(Message.new_with_blockhash(list(instructions), PAYER, HASH))


def v0(*instructions: Instruction, tables: list[AddressLookupTableAccount] | None = None) -> bytes:
    compiled = bytes(MessageV0.try_compile(PAYER, list(instructions), tables or [], HASH))
    return compiled if compiled[0] == 0x80 else b"\x80" + compiled


def read(data: bytes, **more: Any) -> Any:
    return read_solana_message(data, account=str(PAYER), **more)


def test_a_transfer_names_amount_and_recipient_in_both_versions() -> None:
    for data in (legacy(pay()), v0(pay())):
        reading = read(data)
        sent = only(reading, EffectKind.NATIVE_OUT)
        assert (sent.amount, sent.source, sent.to) == (1_500_000_000, str(PAYER), str(FRIEND))
        assert reading.sentence.startswith("Sends 1.5 SOL from")
        assert (reading.danger, reading.complete, reading.signers) == (1, True, (str(PAYER),))


def test_every_part_of_a_message_is_where_solders_puts_it() -> None:
    data = legacy(
        pay(), Instruction(PROGRAM, b"\1\2", [AccountMeta(OTHER, True, False), AccountMeta(PAYER, True, True)])
    )
    theirs, ours = Message.from_bytes(data), parse_message(data)
    assert [a.address for a in ours.accounts] == [str(k) for k in theirs.account_keys]
    assert [a.signer for a in ours.accounts] == [theirs.is_signer(i) for i in range(len(ours.accounts))]
    assert {a.address: a.writable for a in ours.accounts} == {
        str(PAYER): True, str(FRIEND): True, str(OTHER): False, str(PROGRAM): False, str(system_program.ID): False,
    }  # fmt: skip
    assert ours.blockhash == str(theirs.recent_blockhash)
    assert [(i.program, bytes(i.accounts), i.data) for i in ours.instructions] == [
        (i.program_id_index, bytes(i.accounts), bytes(i.data)) for i in theirs.instructions
    ]


def test_the_priority_fee_is_price_times_limit_rounded_up() -> None:
    reading = read(
        legacy(compute_budget.set_compute_unit_price(1_000_001), compute_budget.set_compute_unit_limit(450), pay())
    )
    assert reading.fee is not None
    assert (reading.fee.priority, reading.fee.most, reading.fee.payer) == (451, 5_451, str(PAYER))
    assert reading.danger == 1


def test_without_a_limit_the_default_one_is_paid_for() -> None:
    price = compute_budget.set_compute_unit_price(1_000_000)
    assert read(legacy(price, pay())).fee.priority == 6_000
    stranger = Instruction(PROGRAM, b"", [])
    assert read(legacy(price, stranger)).fee.priority == 203_000
    assert read(legacy(price, *[stranger] * 9)).fee.priority == 1_400_000


def test_signatures_that_the_network_checks_cost_like_signers() -> None:
    check = Instruction(Pubkey.from_string("Ed25519SigVerify111111111111111111111111111"), b"\2" + bytes(15), [])
    reading = read(legacy(check))
    assert reading.fee.most == 15_000
    assert "verifies-signature" in codes(reading)
    assert not reading.complete


def test_a_limit_set_twice_is_said() -> None:
    limit = compute_budget.set_compute_unit_limit(450)
    assert "compute-twice" in codes(read(legacy(limit, limit, pay())))


def test_an_unknown_program_is_shown_with_its_bytes() -> None:
    reading = read(legacy(Instruction(PROGRAM, b"\1\2\3", [AccountMeta(PAYER, True, True)])))
    assert_not_believed(reading)
    assert (reading.unknown[0].raw, reading.calls[0].target) == (b"\1\2\3", str(PROGRAM))
    assert reading.calls[0].arguments[0].type == "signer writable"


def test_other_signers_are_named() -> None:
    reading = read(legacy(pay(), pay(source=OTHER)))
    assert reading.signers == (str(PAYER), str(OTHER))
    assert codes(reading) >= {"other-signers", "transfer-of-others"}


def test_a_transaction_that_needs_no_signature_of_ours_is_said() -> None:
    reading = read_solana_message(legacy(pay()), account=str(OTHER))
    assert "not-our-signature" in codes(reading)
    assert reading.danger == 5


def test_a_durable_nonce_does_not_expire() -> None:
    advance = system_program.advance_nonce_account(
        system_program.AdvanceNonceAccountParams(nonce_pubkey=OTHER, authorized_pubkey=PAYER)
    )
    reading = read(legacy(advance, pay()))
    assert reading.danger == 4
    assert str(OTHER) in next(r.text for r in reading.reasons if r.code == "durable-nonce")
    padded = Instruction(advance.program_id, bytes(advance.data) + b"x", advance.accounts)
    assert "durable-nonce" in codes(read(legacy(padded, pay())))
    assert "durable-nonce" not in codes(read(legacy(pay(), advance)))


def tabled() -> bytes:
    table = AddressLookupTableAccount(TABLE, [OTHER, FRIEND])
    return v0(pay(), tables=[table])


def test_accounts_of_a_table_are_unknown_without_it() -> None:
    reading = read(tabled())
    assert not reading.complete
    assert reading.danger == 4
    assert only(reading, EffectKind.NATIVE_OUT).to is None
    assert f"unknown account 1 of table {TABLE}" in reading.sentence
    assert "unresolved-accounts" in codes(reading)


def test_accounts_of_a_table_are_resolved_with_it_and_said_to_be() -> None:
    reading = read(tabled(), lookup={str(TABLE): [str(OTHER), str(FRIEND)]})
    assert (only(reading, EffectKind.NATIVE_OUT).to, reading.complete, reading.danger) == (str(FRIEND), True, 2)
    assert codes(reading) == {"tables-from-node", "native-transfer"}
    short = read(tabled(), lookup={str(TABLE): [str(OTHER)]})
    assert "unresolved-accounts" in codes(short)


@pytest.mark.parametrize(
    "lookup", [{}, {str(TABLE): []}, {str(TABLE): [None, None]}, {str(TABLE): ["", "me\u202e"]}, None, [], "x"]
)
def test_a_lookup_that_holds_nothing_resolves_nothing(lookup: Any) -> None:
    assert "unresolved-accounts" in codes(read(tabled(), lookup=lookup))


def test_every_cut_of_a_message_is_refused() -> None:
    for data in (legacy(pay()), tabled()):
        for end in range(len(data)):
            reading = read(data[:end])
            assert_not_believed(reading)
            assert (reading.danger, effects(reading, EffectKind.NATIVE_OUT)) == (5, [])
        assert read(data + b"\0").danger == 5


def test_numbers_that_do_not_fit_are_refused() -> None:
    good = legacy(pay())
    for at, value in ((0, 0), (0, 9), (1, 1), (2, 3), (3, 0x84)):
        bad = bytearray(good)
        bad[at] = value
        with pytest.raises(BadMessage):
            parse_message(bytes(bad))
    with pytest.raises(BadMessage, match="version 1"):
        parse_message(b"\x81" + good)


def test_a_length_written_longer_than_needed_is_refused() -> None:
    good = legacy(pay())
    with pytest.raises(BadMessage, match="shortest"):
        parse_message(good[:3] + bytes([good[3] | 0x80, 0]) + good[4:])


def test_an_account_that_stands_twice_is_refused() -> None:
    good = bytearray(legacy(pay()))
    good[4 + 32 : 4 + 64] = good[4 : 4 + 32]
    with pytest.raises(BadMessage, match="twice"):
        parse_message(bytes(good))


def signed(message: bytes, count: int = 1) -> bytes:
    return bytes([count]) + bytes(Signature.default()) * count + message


def test_a_whole_transaction_reads_like_its_message() -> None:
    data = legacy(pay())
    assert split_transaction(signed(data)) == data
    assert read_solana_transaction(signed(data), account=str(PAYER)) == read(data)
    assert_not_believed(read_solana_transaction(signed(data, 2)))
    assert_not_believed(read_solana_transaction(data))
    assert_not_believed(read_solana_transaction(None))


def test_a_message_to_sign_that_is_a_transaction_is_the_highest_danger() -> None:
    for data in (legacy(pay()), tabled(), signed(legacy(pay())), signed(tabled())):
        reading = read_solana_text(data, "https://app.example")
        assert_not_believed(reading)
        assert (reading.danger, codes(reading)) == (5, {"is-a-transaction"})


@pytest.mark.parametrize("given", [None, "text", 5, [], b""])
def test_what_is_no_message_is_not_read(given: Any) -> None:
    assert_not_believed(read_solana_message(given))
