"""Attestations: what M of N verifiers can say, and every way to make one of them say something else."""

import struct
from pathlib import Path
from typing import Any

import pytest
from solders.instruction import Instruction
from solders.keypair import Keypair
from solders.pubkey import Pubkey

from contracts.solana.attacks import readonly, refused, swapped
from contracts.solana.stage import DAY, PROGRAM, START, Stage, stage
from fluxdesk.chains.solana.programs import claim
from fluxdesk.chains.solana.programs.addresses import nullifier_address
from fluxdesk.chains.solana.programs.attestations import ED25519, OFFSETS, verification
from fluxdesk.chains.solana.programs.claim import Error
from sbf.build import build

PERSON = bytes([9]) * 32
NULLIFIER_AT, INSTRUCTIONS_AT = 9, 10
HERE = 0xFFFF


@pytest.fixture
def made() -> Stage:
    """Two of three verifiers."""
    return stage(mode=claim.ATTESTED, verifiers=3, threshold=2)


def pair(
    made: Stage, i: int = 0, who: tuple[int, ...] = (0, 1), person: bytes = PERSON, **said: Any
) -> list[Instruction]:
    """Verification and claim; `said` is what the verifiers signed in place of the right value."""
    text = made.message(i, person, **said)
    return [verification(text, made.signed(text, *who)), made.claim_attested(i, person)]


def offsets(call: Instruction) -> list[list[int]]:
    """The offsets of a verification."""
    data = bytes(call.data)
    return [list(OFFSETS.unpack_from(data, 2 + 14 * i)) for i in range(data[0])]


def with_offsets(call: Instruction, rows: list[list[int]]) -> Instruction:
    """A verification with other offsets over the same bytes."""
    data = bytes(call.data)
    body = b"".join(OFFSETS.pack(*row) for row in rows)
    return Instruction(call.program_id, data[:2] + body + data[2 + len(body) :], [])


@pytest.mark.parametrize("who", [(0, 1), (2, 0), (1, 2), (0, 1, 2)])
def test_any_two_of_three_are_enough(made: Stage, who: tuple[int, ...]) -> None:
    made.chain.send(pair(made, who=who), [made.users[0]])
    assert made.chain.tokens(made.wallets[0]) == made.amounts[0]
    spent = claim.Nullifier.decode(made.chain.data(nullifier_address(PROGRAM, made.distribution, PERSON)))
    assert (spent.distribution, spent.payer) == (made.distribution, made.users[0].pubkey())


def test_proof_and_attestations_can_both_be_asked_for() -> None:
    made = stage(mode=claim.MERKLE | claim.ATTESTED, verifiers=2, threshold=2)
    text = made.message(0, PERSON)
    verified = verification(text, made.signed(text, 0, 1))
    wrong = made.claim_attested(0, PERSON, proof=made.tree.proof(1))
    refused(made.chain, [verified, wrong], [made.users[0]], Error.WrongProof)
    refused(made.chain, made.claim_attested(0, PERSON), [made.users[0]], Error.MissingAttestations)
    made.chain.send([verified, made.claim_attested(0, PERSON)], [made.users[0]])


def test_one_verifier_is_one_too_few(made: Stage) -> None:
    refused(made.chain, pair(made, who=(0,)), [made.users[0]], Error.TooFewAttestations)


@pytest.mark.parametrize("who", [(1, 1), (2, 2, 2), (0,) * 5])
def test_a_verifier_counts_once_however_often_it_signs(made: Stage, who: tuple[int, ...]) -> None:
    refused(made.chain, pair(made, who=who), [made.users[0]], Error.TooFewAttestations)


def test_the_same_signature_pointed_at_twice_counts_once(made: Stage) -> None:
    verified, call = pair(made, who=(0, 1))
    first = offsets(verified)[0]
    refused(made.chain, [with_offsets(verified, [first, first]), call], [made.users[0]], Error.TooFewAttestations)


def test_somebody_elses_signature_is_refused(made: Stage) -> None:
    stranger, text = Keypair(), made.message(0, PERSON)
    signed = [*made.signed(text, 0, 1), (bytes(stranger.pubkey()), bytes(stranger.sign_message(text)))]
    calls = [verification(text, signed), made.claim_attested(0, PERSON)]
    refused(made.chain, calls, [made.users[0]], Error.UnknownVerifier)


def test_an_empty_verification_is_none(made: Stage) -> None:
    empty = Instruction(Pubkey.from_string(ED25519), bytes([0, 0]), [])
    refused(made.chain, [empty, made.claim_attested(0, PERSON)], [made.users[0]], Error.TooFewAttestations)


# -- replay -------------------------------------------------------------------------------------------


def test_an_attestation_is_good_once(made: Stage) -> None:
    made.chain.send(pair(made), [made.users[0]])
    refused(made.chain, pair(made), [made.users[0]], Error.AlreadyClaimed)


def test_a_person_claims_once_whatever_the_wallet(made: Stage) -> None:
    made.chain.send(pair(made, 0), [made.users[0]])
    refused(made.chain, pair(made, 1), [made.users[1]], Error.NullifierUsed)


def test_a_wallet_claims_once_whatever_the_person(made: Stage) -> None:
    made.chain.send(pair(made, 0), [made.users[0]])
    refused(made.chain, pair(made, 0, person=bytes(32)), [made.users[0]], Error.AlreadyClaimed)


@pytest.mark.parametrize(
    "said",
    [
        {"distribution": bytes(Pubkey.new_unique())},
        {"claimant": bytes(Pubkey.new_unique())},
        {"amount": 999_999},
        {"nullifier": bytes(32)},
        {"requirements_hash": bytes(32)},
        {"expires": START + DAY + 1},
    ],
    ids=lambda said: next(iter(said)),
)
def test_every_field_that_was_signed_has_to_be_that_of_the_claim(made: Stage, said: dict[str, Any]) -> None:
    refused(made.chain, pair(made, **said), [made.users[0]], Error.WrongMessage)


def test_an_attestation_for_another_distribution_is_not_good_here(made: Stage) -> None:
    other = stage(chain=made.chain, number=2, mode=claim.ATTESTED, verifiers=3, threshold=2)
    other.verifiers, other.users[0] = made.verifiers, made.users[0]
    text = other.message(0, PERSON)
    calls = [verification(text, made.signed(text, 0, 1)), made.claim_attested(0, PERSON)]
    refused(made.chain, calls, [made.users[0]], Error.WrongMessage)


def test_an_attestation_holds_to_its_last_second(made: Stage) -> None:
    expires = START + 100
    text = made.message(0, PERSON, expires)
    calls = [verification(text, made.signed(text, 0, 1)), made.claim_attested(0, PERSON, expires)]
    made.chain.at(expires + 1)
    refused(made.chain, calls, [made.users[0]], Error.AttestationExpired)
    made.chain.at(expires)
    made.chain.send(calls, [made.users[0]])


@pytest.mark.parametrize("expires", [0, -1, -(2**63)])
def test_an_attestation_that_was_never_good_is_refused(made: Stage, expires: int) -> None:
    text = made.message(0, PERSON, expires)
    calls = [verification(text, made.signed(text, 0, 1)), made.claim_attested(0, PERSON, expires)]
    refused(made.chain, calls, [made.users[0]], Error.AttestationExpired)


def test_a_signature_that_does_not_fit_fails_the_transaction(made: Stage) -> None:
    text = made.message(0, PERSON)
    (key, signature), second = made.signed(text, 0, 1)
    broken = signature[:5] + bytes([signature[5] ^ 1]) + signature[6:]
    with pytest.raises(Exception, match="Custom"):
        made.chain.send([verification(text, [(key, broken), second]), made.claim_attested(0, PERSON)], [made.users[0]])
    assert made.chain.tokens(made.wallets[0]) == 0


# -- where the bytes come from ------------------------------------------------------------------------


@pytest.mark.parametrize("at", [1, 3, 6], ids=["signature", "key", "message"])
def test_nothing_is_taken_from_another_instruction(made: Stage, at: int) -> None:
    """The verification that stands before the claim looks elsewhere: the Ed25519 program is content, we are not."""
    verified, call = pair(made)
    rows = offsets(verified)
    for row in rows:
        row[at] = 0
    calls = [verified, with_offsets(verified, rows), call]
    refused(made.chain, calls, [made.users[0]], Error.ForeignInstruction)


@pytest.mark.parametrize("at", [1, 3, 6], ids=["signature", "key", "message"])
def test_its_own_index_by_number_is_not_taken_either(made: Stage, at: int) -> None:
    verified, call = pair(made)
    rows = offsets(verified)
    rows[0][at] = 0
    refused(made.chain, [with_offsets(verified, rows), call], [made.users[0]], Error.ForeignInstruction)


def test_a_shorter_or_longer_message_is_another(made: Stage) -> None:
    text = made.message(0, PERSON)
    for other in (text[:47], text + b"\0", text[1:], b"", text + text):
        calls = [verification(other, made.signed(other, 0, 1)), made.claim_attested(0, PERSON)]
        refused(made.chain, calls, [made.users[0]], Error.WrongMessage)


def test_the_second_message_is_looked_at_as_well(made: Stage) -> None:
    """Each signature over a text of its own: the first is right, the second is what the verifier signed elsewhere."""
    right, other = made.message(0, PERSON), made.message(1, PERSON)
    (first,), (second,) = made.signed(right, 0), made.signed(other, 1)
    body = first[0] + first[1] + right + second[0] + second[1] + other
    rows = [(62, HERE, 30, HERE, 126, 48, HERE), (206, HERE, 174, HERE, 270, 48, HERE)]
    data = bytes([2, 0]) + b"".join(OFFSETS.pack(*row) for row in rows) + body
    verified = Instruction(Pubkey.from_string(ED25519), data, [])
    refused(made.chain, [verified, made.claim_attested(0, PERSON)], [made.users[0]], Error.WrongMessage)


def test_the_verification_stands_right_before_the_claim(made: Stage) -> None:
    verified, call = pair(made)
    budget = Instruction(Pubkey.from_string("ComputeBudget111111111111111111111111111111"), b"\2\x40\x0d\3\0", [])
    for order in ([call], [call, verified], [verified, budget, call]):
        refused(made.chain, order, [made.users[0]], Error.MissingAttestations)
    made.chain.send([budget, verified, call], [made.users[0]])


def test_one_verification_serves_one_claim_only(made: Stage) -> None:
    verified, call = pair(made, 0)
    refused(made.chain, [verified, call, made.claim_attested(1, bytes(32))], made.users[:2], Error.MissingAttestations)


def test_two_claims_each_with_its_own_verification_fit_one_transaction(made: Stage) -> None:
    sponsor = made.chain.payer.pubkey()
    calls = []
    for i, person in ((0, PERSON), (1, bytes(32))):
        text = made.message(i, person)
        calls += [verification(text, made.signed(text, 0, 1)), made.claim_attested(i, person, payer=sponsor)]
    made.chain.send(calls, made.users[:2])
    assert made.books().claims == 2


def test_another_program_that_says_the_same_is_not_believed(made: Stage, tmp_path: Path) -> None:
    """The bytes of a verification, signatures of zeros, as data of a program that is content with anything."""
    source = tmp_path / "yes.c"
    source.write_text('#include "solana.h"\nu64 entrypoint(const u8 *input) { return input == 0; }')
    yes = Pubkey.new_unique()
    made.chain.svm.add_program(yes, build(source))
    text = made.message(0, PERSON)
    unsigned = [(bytes(v.pubkey()), bytes(64)) for v in made.verifiers[:2]]
    told = Instruction(yes, bytes(verification(text, unsigned).data), [])
    refused(made.chain, [told, made.claim_attested(0, PERSON)], [made.users[0]], Error.MissingAttestations)


def test_the_instructions_account_is_the_sysvar(made: Stage) -> None:
    """An account full of a forged list of instructions is only that."""
    verified, call = pair(made)
    real = made.chain.keypair().pubkey()
    text = bytes(verified.data)
    listed = struct.pack("<HHH", 2, 6, 6) + struct.pack("<H", 0) + bytes(Pubkey.from_string(ED25519))
    listed += struct.pack("<H", len(text)) + text + struct.pack("<H", 1)
    made.chain.change(real, data=listed, owner=PROGRAM)
    refused(made.chain, swapped(call, INSTRUCTIONS_AT, real), [made.users[0]], Error.WrongAddress)


def test_the_nullifier_stands_at_its_own_address_only(made: Stage) -> None:
    verified, call = pair(made)
    for other in (Pubkey.new_unique(), nullifier_address(PROGRAM, made.distribution, bytes(32))):
        refused(made.chain, [verified, swapped(call, NULLIFIER_AT, other)], [made.users[0]], Error.WrongAddress)
    refused(made.chain, [verified, readonly(call, NULLIFIER_AT)], [made.users[0]], Error.NotWritable)


def test_lamports_sent_ahead_to_a_nullifier_do_not_stop_the_claim(made: Stage) -> None:
    made.chain.svm.airdrop(nullifier_address(PROGRAM, made.distribution, PERSON), 890_880)
    made.chain.send(pair(made), [made.users[0]])
    refused(made.chain, pair(made, 1), [made.users[1]], Error.NullifierUsed)


def test_a_proof_where_none_is_asked_for_is_refused(made: Stage) -> None:
    verified, _ = pair(made)
    call = made.claim_attested(0, PERSON, proof=[bytes(32)])
    refused(made.chain, [verified, call], [made.users[0]], Error.WrongInstructionData)


def test_an_attested_claim_where_only_proofs_are_asked_for_is_refused() -> None:
    made = stage(verifiers=0)
    made.verifiers = [Keypair(), Keypair()]
    text = made.message(0, PERSON)
    calls = [verification(text, made.signed(text, 0, 1)), made.claim_attested(0, PERSON)]
    refused(made.chain, calls, [made.users[0]], Error.WrongMode)


def test_eight_of_eight_verifiers_can_be_asked_for() -> None:
    made = stage(mode=claim.ATTESTED, verifiers=8, threshold=8)
    text = made.message(0, PERSON)
    seven = [verification(text, made.signed(text, *range(7))), made.claim_attested(0, PERSON)]
    refused(made.chain, seven, [made.users[0]], Error.TooFewAttestations)
    eight = [verification(text, made.signed(text, *range(8))), made.claim_attested(0, PERSON)]
    made.chain.send(eight, [made.users[0]])


def test_the_caps_hold_whatever_the_verifiers_say() -> None:
    made = stage(mode=claim.ATTESTED, verifiers=1, threshold=1, cap_total=1_000_000, cap_count=5)
    text = made.message(1, PERSON)
    calls = [verification(text, made.signed(text, 0)), made.claim_attested(1, PERSON)]
    refused(made.chain, calls, [made.users[1]], Error.CapTotalReached)
