"""Tricks with Solana transactions: who owns, who gets and what is hidden is never said kinder than it is."""

import pytest
from solders import compute_budget
from solders import system_program as system
from solders.hash import Hash
from solders.instruction import AccountMeta, Instruction
from solders.message import Message
from solders.pubkey import Pubkey

from fluxdesk_host.signing import EffectKind, Reading, read_solana_message
from fluxdesk_host.signing.solana.associated import ADDRESS as ASSOCIATED
from fluxdesk_host.signing.solana.stake import ADDRESS as STAKE
from fluxdesk_host.signing.solana.token import TOKEN, TOKEN_2022
from fluxdesk_host.signing.solana.vote import ADDRESS as VOTE
from requests_to_sign import assert_not_believed, codes, effects, only

ME, FRIEND, OTHER, MINT, SPENDER, NONCE, ACCOUNT = (Pubkey(bytes([n]) * 32) for n in range(1, 8))
STRANGER = Pubkey(bytes([9]) * 32)
SEND = b"\x0c" + (300).to_bytes(8, "little") + b"\6"


def read(*instructions: Instruction, account: Pubkey = ME) -> Reading:
    message = Message.new_with_blockhash(list(instructions), account, Hash(b"\7" * 32))
    return read_solana_message(bytes(message), account=str(account))


def ix(program: str | Pubkey, data: bytes, *accounts: Pubkey) -> Instruction:
    program = Pubkey.from_string(program) if isinstance(program, str) else program
    return Instruction(program, data, [AccountMeta(a, a == ME, True) for a in accounts])


def tag(number: int) -> bytes:
    return number.to_bytes(4, "little")


def u64(value: int) -> bytes:
    return value.to_bytes(8, "little")


def create(owner: Pubkey = FRIEND) -> Instruction:
    return ix(ASSOCIATED, b"\1", ME, ACCOUNT, owner, MINT, system.ID, Pubkey.from_string(TOKEN))


@pytest.mark.parametrize(
    "between",
    [
        ix(TOKEN, b"\6\2\1" + bytes(SPENDER), ACCOUNT, ME),
        ix(TOKEN, b"\x09", ACCOUNT, ME, ME),
        ix(STRANGER, b"anything", ACCOUNT, ME),
    ],
    ids=["handed over", "closed", "unknown program"],
)
def test_an_account_that_may_have_changed_hands_is_not_said_to_belong_to_anybody(between: Instruction) -> None:
    send = ix(TOKEN, SEND, OTHER, MINT, ACCOUNT, ME)
    assert f"which belongs to {FRIEND}" in read(create(), send).sentence
    reading = read(create(), between, send)
    assert "which belongs to" not in reading.sentence
    assert reading.danger >= 4 or "closes-account" in codes(reading)


def test_sol_of_an_account_closed_for_somebody_else_counts_as_leaving() -> None:
    left = only(read(ix(TOKEN, b"\x09", OTHER, FRIEND, ME)), EffectKind.NATIVE_OUT)
    assert (left.amount, left.to) == (None, str(FRIEND))
    assert effects(read(ix(TOKEN, b"\x09", OTHER, ME, ME)), EffectKind.NATIVE_OUT) == []


@pytest.mark.parametrize("program", [TOKEN, TOKEN_2022])
def test_instructions_in_a_batch_are_read_one_by_one(program: str) -> None:
    approve = b"\4" + b"\xff" * 8
    batch = b"\xff" + bytes([4, len(SEND)]) + SEND + bytes([3, len(approve)]) + approve
    reading = read(ix(program, batch, OTHER, MINT, FRIEND, ME, OTHER, SPENDER, ME))
    assert only(reading, EffectKind.TOKEN_OUT).amount == 300
    assert only(reading, EffectKind.APPROVAL).unlimited
    assert (reading.danger, reading.complete) == (4, True)
    for bad in (batch[:-1], batch + b"\0", b"\xff", b"\xff\0\1\xff", b"\xff\4" + bytes([len(batch)]) + batch):
        assert_not_believed(read(ix(program, bad, OTHER, MINT, FRIEND, ME, OTHER, SPENDER, ME)))
    assert_not_believed(read(ix(program, batch, OTHER, MINT, FRIEND, ME, OTHER, SPENDER)))
    assert_not_believed(read(ix(program, batch, OTHER, MINT, FRIEND, ME, OTHER, SPENDER, ME, ME)))


def test_wrapped_sol_that_is_unwrapped_for_somebody_else_leaves() -> None:
    data = b"\x2d\1" + u64(5_000_000_000)
    out = read(ix(TOKEN, data, OTHER, FRIEND, ME))
    assert (only(out, EffectKind.NATIVE_OUT).amount, out.danger) == (5_000_000_000, 4)
    everything = read(ix(TOKEN, b"\x2d\0", OTHER, FRIEND, ME))
    assert only(everything, EffectKind.NATIVE_OUT).amount is None
    own = read(ix(TOKEN, data, OTHER, ME, ME))
    assert (own.danger, effects(own, EffectKind.NATIVE_OUT)) == (1, [])


def test_a_token_with_a_program_of_its_own_says_so() -> None:
    plain, hooked = (OTHER, MINT, FRIEND, ME), (OTHER, MINT, FRIEND, ME, NONCE, STRANGER)
    assert "transfer-hook" not in codes(read(ix(TOKEN_2022, SEND, *plain)))
    assert "transfer-hook" in codes(read(ix(TOKEN_2022, SEND, *hooked)))


def test_roles_that_only_token_2022_knows_are_unknown_to_the_older_program() -> None:
    data = b"\6\x08\1" + bytes(SPENDER)
    assert "permanent delegate" in read(ix(TOKEN_2022, data, MINT, ME)).sentence
    assert_not_believed(read(ix(TOKEN, data, MINT, ME)))


CONFIDENTIAL = {
    (27, 0): 65, (27, 1): 33, (27, 2): 45, (27, 3): 0, (27, 4): 1, (27, 5): 9, (27, 6): 47, (27, 7): 167, (27, 8): 44,
    (27, 9): 0, (27, 10): 0, (27, 11): 0, (27, 12): 0, (27, 13): 169, (27, 14): 0, (37, 0): 64, (37, 1): 37,
    (37, 2): 38, (37, 3): 0, (37, 4): 0, (37, 5): 0, (42, 0): 68, (42, 1): 33, (42, 2): 36, (42, 3): 167, (42, 4): 167,
    (42, 5): 0,
}  # fmt: skip
"""Bytes of each instruction's data, added up from the structs of the published interface."""


@pytest.mark.parametrize(("kind", "size"), CONFIDENTIAL.items(), ids=str)
def test_instructions_on_encrypted_balances_are_known_by_form_and_say_what_they_hide(
    kind: tuple[int, int], size: int
) -> None:
    data = bytes(kind) + b"\1" * size
    reading = read(ix(TOKEN_2022, data, OTHER, MINT, FRIEND, NONCE, ME))
    hidden = kind in {(27, 7), (27, 13), (37, 1), (37, 2), (42, 3), (42, 4)}
    assert ("confidential-amount" in codes(reading)) == hidden
    assert reading.complete != hidden
    assert "unread-instruction" not in codes(reading)
    if hidden:
        assert reading.danger >= 4
        moved = effects(reading, EffectKind.TOKEN_OUT, EffectKind.MINT, EffectKind.BURN)
        assert [e.amount for e in moved] == [None]
    for bad in (data + b"\0", data[:-1]):
        assert "unread-instruction" in codes(read(ix(TOKEN_2022, bad, OTHER, MINT, FRIEND, NONCE, ME)))
    assert_not_believed(read(ix(TOKEN, data, OTHER, MINT, FRIEND, NONCE, ME)))


def text(value: str) -> bytes:
    return len(value).to_bytes(4, "little") + value.encode()


DESCRIBED = [
    (bytes([210, 225, 30, 162, 88, 184, 77, 141]) + text("Kelpo") + text("KLP") + text("https://k.example"), "Kelpo"),
    (bytes([221, 233, 49, 45, 181, 202, 220, 200]) + b"\0" + text("Kelpo"), "name of token"),
    (bytes([221, 233, 49, 45, 181, 202, 220, 200]) + b"\3" + text("site") + text("x"), "site of token"),
    (bytes([234, 18, 32, 56, 89, 141, 37, 181]) + b"\1" + text("site"), "removes"),
    (bytes([215, 228, 166, 228, 84, 100, 86, 123]) + bytes(SPENDER), str(SPENDER)),
    (bytes([250, 166, 180, 250, 13, 12, 184, 70]) + b"\0\0", "asks"),
    (bytes([121, 113, 108, 39, 54, 51, 0, 4]) + bytes(ME) + u64(5), "group"),
    (bytes([108, 37, 171, 143, 248, 30, 18, 110]) + u64(9), "9 tokens"),
    (bytes([161, 105, 88, 1, 237, 221, 216, 203]) + bytes(32), "gives up"),
    (bytes([152, 32, 222, 176, 223, 237, 116, 134]), "member of group"),
]
"""Instructions of the metadata and group interfaces; their eight bytes as the published crates have them."""


@pytest.mark.parametrize(("data", "words"), DESCRIBED, ids=[w for _, w in DESCRIBED])
def test_what_a_token_says_about_itself_is_read(data: bytes, words: str) -> None:
    reading = read(ix(TOKEN_2022, data, MINT, ME, OTHER, NONCE, FRIEND))
    assert words.lower() in reading.sentence.lower()
    assert reading.complete
    for bad in (data[:-1], data + b"\0"):
        assert_not_believed(read(ix(TOKEN_2022, bad, MINT, ME, OTHER, NONCE, FRIEND)))
    assert_not_believed(read(ix(TOKEN, data, MINT, ME, OTHER, NONCE, FRIEND)))


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\x21\0" + bytes(ME) + b"\5\0", "shown-amount"),
        (b"\x21\1\5\0", "shown-amount"),
        (b"\x2b\0" + bytes(ME) + bytes(8), "shown-amount"),
        (b"\x2b\1" + bytes(16), "shown-amount"),
        (b"\x2e\0" + bytes(SPENDER), "token-setup"),
        (b"\x2e\1" + u64(5), "token-burn"),
        (b"\x2e\2" + u64(5) + b"\6", "token-burn"),
    ],
)
def test_interest_scale_and_permissioned_burns_are_read_to_the_last_byte(data: bytes, code: str) -> None:
    reading = read(ix(TOKEN_2022, data, OTHER, MINT, ME, ME))
    assert code in codes(reading)
    assert reading.complete
    for bad in (data[:-1], data + b"\0"):
        assert_not_believed(read(ix(TOKEN_2022, bad, OTHER, MINT, ME, ME)))


@pytest.mark.parametrize(
    ("data", "accounts"),
    [
        (tag(0) + bytes(ME) + bytes(SPENDER) + bytes(48), (OTHER, NONCE)),
        (tag(9), (OTHER, NONCE, ME, SPENDER)),
    ],
)
def test_stake_that_somebody_else_may_withdraw_is_the_highest_danger(data: bytes, accounts: tuple[Pubkey, ...]) -> None:
    reading = read(ix(STAKE, data, *accounts))
    assert (reading.danger, "withdrawer-other" in codes(reading)) == (5, True)
    assert str(SPENDER) in reading.sentence
    own = tuple(ME if a == SPENDER else a for a in accounts)
    assert read(ix(STAKE, data.replace(bytes(SPENDER), bytes(ME)), *own)).danger == 2


def test_a_lockup_at_the_start_of_a_stake_is_said() -> None:
    locked = tag(0) + bytes(ME) * 2 + u64(2_000_000_000) + u64(0) + bytes(SPENDER)
    reading = read(ix(STAKE, locked, OTHER, NONCE))
    assert (reading.danger, "stake-locked" in codes(reading)) == (4, True)
    assert "2,000,000,000" in reading.sentence


def test_a_nonce_account_that_somebody_else_controls_is_the_highest_danger() -> None:
    params = system.InitializeNonceAccountParams(nonce_pubkey=NONCE, authority=OTHER)
    assert read(system.initialize_nonce_account(params)).danger == 5


VOTES: list[tuple[bytes, tuple[Pubkey, ...], str, int]] = [
    (tag(0) + bytes(OTHER) + bytes(ME) + bytes(ME) + b"\5", (NONCE, MINT, MINT, OTHER), "stake", 2),
    (tag(0) + bytes(OTHER) + bytes(ME) + bytes(SPENDER) + b"\5", (NONCE, MINT, MINT, OTHER), "withdrawer-other", 5),
    (tag(1) + bytes(SPENDER) + tag(1), (NONCE, MINT, ME), "authority", 5),
    (tag(1) + bytes(SPENDER) + tag(0), (NONCE, MINT, ME), "authority", 5),
    (tag(3) + u64(5), (NONCE, ME, ME), "stake-withdraw", 3),
    (tag(3) + u64(5), (NONCE, FRIEND, ME), "closes-to-other", 4),
    (tag(4), (NONCE, FRIEND, ME), "authority", 5),
    (tag(5) + b"\x64", (NONCE, ME), "stake", 2),
    (tag(7) + tag(1), (NONCE, MINT, ME, SPENDER), "authority", 5),
    (tag(10) + tag(1) + bytes(OTHER) + u64(1) + b"s" + bytes(SPENDER), (NONCE, MINT, ME), "authority", 5),
    (tag(11) + tag(0) + bytes(OTHER) + u64(1) + b"s", (NONCE, MINT, ME, SPENDER), "authority", 5),
]


@pytest.mark.parametrize(("data", "accounts", "code", "danger"), VOTES, ids=[f"{v[0][0]}-{v[2]}" for v in VOTES])
def test_vote_accounts_are_read_to_the_last_byte(
    data: bytes, accounts: tuple[Pubkey, ...], code: str, danger: int
) -> None:
    reading = read(ix(VOTE, data, *accounts))
    assert (code in codes(reading), reading.danger, reading.complete) == (True, danger, True)
    if code == "authority" and SPENDER in (*accounts, Pubkey(data[4:36]) if len(data) > 35 else ME):
        assert only(reading, EffectKind.OWNERSHIP).to == str(SPENDER)
    for bad in (data[:-1], data + b"\0"):
        assert_not_believed(read(ix(VOTE, bad, *accounts)))
    assert_not_believed(read(ix(VOTE, data, *accounts[:1])))


def test_votes_themselves_are_not_read() -> None:
    assert_not_believed(read(ix(VOTE, tag(12) + bytes(80), NONCE, ME)))


def test_the_same_instruction_twice_counts_twice() -> None:
    send = ix(TOKEN, SEND, OTHER, MINT, FRIEND, ME)
    assert [e.amount for e in effects(read(send, send), EffectKind.TOKEN_OUT)] == [300, 300]


def test_accounts_in_another_order_are_what_the_program_takes_them_for() -> None:
    swapped = only(read(ix(TOKEN, SEND, FRIEND, MINT, OTHER, ME)), EffectKind.TOKEN_OUT)
    assert (swapped.source, swapped.to) == (str(FRIEND), str(OTHER))
    not_mine = read(ix(TOKEN, SEND, OTHER, MINT, FRIEND, SPENDER))
    assert "transfer-of-others" in codes(not_mine)


def test_a_new_account_with_more_than_its_rent_is_a_payment() -> None:
    def made(lamports: int) -> Reading:
        return read(system.create_account(system.CreateAccountParams(
            from_pubkey=ME, to_pubkey=OTHER, lamports=lamports, space=165, owner=STRANGER)))  # fmt: skip

    assert "more-than-rent" not in codes(made(2_039_280))
    much = made(5_000_000_000)
    assert (much.danger, "more-than-rent" in codes(much)) == (3, True)
    assert only(much, EffectKind.NATIVE_OUT).amount == 5_000_000_000


def test_a_fee_that_is_the_point_of_a_transaction_is_said() -> None:
    send = ix(TOKEN, SEND, OTHER, MINT, FRIEND, ME)
    dear = compute_budget.set_compute_unit_price(10**9)
    assert (read(dear, send).danger, "high-fee" in codes(read(dear, send))) == (4, True)
    assert "high-fee" not in codes(read(compute_budget.set_compute_unit_price(10**6), send))
