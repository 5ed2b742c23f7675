"""Programs of Solana: instructions built by solders, and token instructions that the real programs carry out."""

import struct
from typing import Any

import pytest
from solders import system_program as system
from solders.hash import Hash
from solders.instruction import AccountMeta, Instruction
from solders.keypair import Keypair
from solders.litesvm import LiteSVM
from solders.message import Message
from solders.pubkey import Pubkey
from solders.token.associated import get_associated_token_address
from solders.transaction import Transaction
from solders.transaction_metadata import FailedTransactionMetadata

from fluxdesk_host.signing import EffectKind, Reading, read_solana_message, standard
from fluxdesk_host.signing.registry import SolanaProgram
from fluxdesk_host.signing.solana.associated import ADDRESS as ASSOCIATED
from fluxdesk_host.signing.solana.stake import ADDRESS as STAKE
from fluxdesk_host.signing.solana.token import TOKEN, TOKEN_2022
from requests_to_sign import assert_not_believed, codes, effects, only

ME, FRIEND, OTHER, MINT, SPENDER, NONCE = (Pubkey(bytes([n]) * 32) for n in range(1, 7))
MEMO = "MemoSq4gqABAXKb96qnH8TysNcWxMyWCqXgDLGmfcHr"
LOADER = "BPFLoaderUpgradeab1e11111111111111111111111"
U64 = 2**64 - 1


def read(*instructions: Instruction, account: Pubkey = ME) -> Reading:
    message = Message.new_with_blockhash(list(instructions), account, Hash(b"\7" * 32))
    return read_solana_message(bytes(message), account=str(account))


def ix(program: str | Pubkey, data: bytes, *accounts: Pubkey, signer: Pubkey = ME) -> Instruction:
    program = Pubkey.from_string(program) if isinstance(program, str) else program
    return Instruction(program, data, [AccountMeta(a, a == signer, True) for a in accounts])


def u64(value: int) -> bytes:
    return value.to_bytes(8, "little")


SYSTEM: list[tuple[Instruction, str, EffectKind, int | None]] = [
    (system.create_account(system.CreateAccountParams(
        from_pubkey=ME, to_pubkey=OTHER, lamports=7, space=9, owner=MINT)),
     "account-created", EffectKind.NATIVE_OUT, 7),
    (system.create_account_with_seed(system.CreateAccountWithSeedParams(
        from_pubkey=ME, to_pubkey=OTHER, base=ME, seed="s", lamports=7, space=9, owner=MINT)),
     "account-created", EffectKind.NATIVE_OUT, 7),
    (system.assign(system.AssignParams(pubkey=ME, owner=MINT)), "assigns-account", EffectKind.OWNERSHIP, None),
    (system.assign_with_seed(system.AssignWithSeedParams(address=OTHER, base=ME, seed="s", owner=MINT)),
     "assigns-account", EffectKind.OWNERSHIP, None),
    (system.allocate(system.AllocateParams(pubkey=ME, space=9)), "account-created", EffectKind.ACCOUNT, None),
    (system.allocate_with_seed(system.AllocateWithSeedParams(
        address=OTHER, base=ME, seed="s", space=9, owner=MINT)),
     "account-created", EffectKind.ACCOUNT, None),
    (system.transfer_with_seed(system.TransferWithSeedParams(
        from_pubkey=OTHER, from_base=ME, from_seed="s", from_owner=MINT, to_pubkey=FRIEND, lamports=7)),
     "transfer-of-others", EffectKind.NATIVE_OUT, 7),
    (system.withdraw_nonce_account(system.WithdrawNonceAccountParams(
        nonce_pubkey=NONCE, authorized_pubkey=ME, to_pubkey=FRIEND, lamports=7)),
     "nonce-account", EffectKind.NATIVE_OUT, 7),
    (system.initialize_nonce_account(system.InitializeNonceAccountParams(nonce_pubkey=NONCE, authority=ME)),
     "nonce-account", EffectKind.NONCE, None),
    (system.authorize_nonce_account(system.AuthorizeNonceAccountParams(
        nonce_pubkey=NONCE, authorized_pubkey=ME, new_authority=OTHER)), "authority", EffectKind.OWNERSHIP, None),
]  # fmt: skip


@pytest.mark.parametrize(("given", "code", "kind", "amount"), SYSTEM, ids=range(len(SYSTEM)))
def test_system_instructions_are_read_as_solders_writes_them(
    given: Instruction, code: str, kind: EffectKind, amount: int | None
) -> None:
    reading = read(given)
    assert code in codes(reading)
    assert only(reading, kind).amount == amount
    assert reading.complete


def test_handing_the_wallet_itself_to_a_program_is_the_highest_danger() -> None:
    reading = read(system.assign(system.AssignParams(pubkey=ME, owner=MINT)))
    assert (reading.danger, only(reading, EffectKind.OWNERSHIP).to) == (5, str(MINT))


@pytest.mark.parametrize("program", [TOKEN, TOKEN_2022])
def test_token_transfers_name_the_mint_where_the_bytes_do(program: str) -> None:
    checked = read(ix(program, b"\x0c" + u64(1_500_000) + b"\6", OTHER, MINT, FRIEND, ME))
    sent = only(checked, EffectKind.TOKEN_OUT)
    assert (sent.asset, sent.amount, sent.source, sent.to) == (f"spl:{MINT}", 1_500_000, str(OTHER), str(FRIEND))
    assert "1.5 of token" in checked.sentence
    assert (checked.danger, checked.complete) == (1, True)
    bare = read(ix(program, b"\3" + u64(5), OTHER, FRIEND, ME))
    assert only(bare, EffectKind.TOKEN_OUT).asset == f"spl-account:{OTHER}"
    assert "mint-not-named" in codes(bare)


@pytest.mark.parametrize(
    ("data", "accounts"),
    [(b"\4" + u64(U64), (OTHER, SPENDER, ME)), (b"\x0d" + u64(U64) + b"\6", (OTHER, MINT, SPENDER, ME))],
)
def test_a_delegate_over_everything_is_unlimited(data: bytes, accounts: tuple[Pubkey, ...]) -> None:
    reading = read(ix(TOKEN, data, *accounts))
    given = only(reading, EffectKind.APPROVAL)
    assert (given.unlimited, given.spender, reading.danger) == (True, str(SPENDER), 4)
    less = read(ix(TOKEN, data[:1] + u64(9) + data[9:], *accounts))
    assert (only(less, EffectKind.APPROVAL).unlimited, only(less, EffectKind.APPROVAL).amount) == (False, 9)


def test_a_change_of_authority_is_said_with_what_it_is_over() -> None:
    owner = read(ix(TOKEN, b"\6\2\1" + bytes(SPENDER), OTHER, ME))
    assert (owner.danger, only(owner, EffectKind.OWNERSHIP).to) == (5, str(SPENDER))
    assert "ownership" in owner.sentence
    gone = read(ix(TOKEN, b"\6\0\0", MINT, ME))
    assert codes(gone) == {"authority-removed"}
    assert_not_believed(read(ix(TOKEN, b"\6\x63\0", MINT, ME)))
    assert_not_believed(read(ix(TOKEN, b"\6\2\2" + bytes(SPENDER), OTHER, ME)))


def test_closing_an_account_says_who_gets_its_sol() -> None:
    assert codes(read(ix(TOKEN, b"\x09", OTHER, ME, ME))) == {"closes-account"}
    assert read(ix(TOKEN, b"\x09", OTHER, FRIEND, ME)).danger == 4


def test_minting_and_burning_name_token_and_amount() -> None:
    made = only(read(ix(TOKEN, b"\7" + u64(5), MINT, FRIEND, ME)), EffectKind.MINT)
    assert (made.asset, made.amount, made.to) == (f"spl:{MINT}", 5, str(FRIEND))
    gone = only(read(ix(TOKEN, b"\x0f" + u64(5) + b"\0", OTHER, MINT, ME)), EffectKind.BURN)
    assert (gone.asset, gone.amount, gone.source) == (f"spl:{MINT}", 5, str(OTHER))


SET_UP: list[tuple[str, bytes, tuple[Pubkey, ...]]] = [
    (TOKEN, b"\x14\6" + bytes(ME) + b"\0", (MINT,)),
    (TOKEN, b"\x14\6" + bytes(ME) + b"\1" + bytes(ME), (MINT,)),
    (TOKEN, b"\x12" + bytes(ME), (OTHER, MINT)),
    (TOKEN, b"\1", (OTHER, MINT, ME, NONCE)),
    (TOKEN, b"\5", (OTHER, ME)),
    (TOKEN, b"\x0a", (OTHER, MINT, ME)),
    (TOKEN, b"\x0b", (OTHER, MINT, ME)),
    (TOKEN, b"\x11", (OTHER,)),
    (TOKEN, b"\x16", (OTHER,)),
    (TOKEN, b"\2\2", (OTHER, NONCE, ME)),
    (TOKEN_2022, b"\x19\1" + bytes(ME), (MINT,)),
    (TOKEN_2022, b"\x1c\0\2", (MINT,)),
    (TOKEN_2022, b"\x1e\0", (OTHER, ME)),
    (TOKEN_2022, b"\x22\1", (OTHER, ME)),
    (TOKEN_2022, b"\x20", (MINT,)),
    (TOKEN_2022, b"\x23" + bytes(SPENDER), (MINT,)),
    (TOKEN_2022, b"\x26", (MINT, ME, ME)),
    (TOKEN_2022, b"\x27\0" + bytes(ME) + bytes(MINT), (MINT,)),
    (TOKEN_2022, b"\x24\1" + bytes(SPENDER), (MINT, ME)),
    (TOKEN_2022, b"\x2c\1", (MINT, ME)),
    (TOKEN_2022, b"\x1a\0\1" + bytes(ME) + b"\0" + struct.pack("<HQ", 100, 500), (MINT,)),
    (TOKEN_2022, b"\x1a\5" + struct.pack("<HQ", 100, 500), (MINT, ME)),
    (TOKEN_2022, b"\x1a\2", (MINT, FRIEND, ME)),
    (TOKEN_2022, b"\x1a\3\1", (MINT, FRIEND, ME, OTHER)),
    (TOKEN_2022, b"\x1a\4", (MINT, OTHER)),
]


@pytest.mark.parametrize(("program", "data", "accounts"), SET_UP, ids=[f"{d[:2].hex()}" for _, d, _ in SET_UP])
def test_the_rest_of_the_token_programs_is_read_to_the_last_byte(
    program: str, data: bytes, accounts: tuple[Pubkey, ...]
) -> None:
    assert read(ix(program, data, *accounts)).complete
    for bad in (*(data[:end] for end in range(len(data))), data + b"\0"):
        if bad != b"\x1a\2":
            assert_not_believed(read(ix(program, bad, *accounts)))


def test_token_2022s_additions_are_unknown_to_the_old_program() -> None:
    assert_not_believed(read(ix(TOKEN, b"\x23" + bytes(SPENDER), MINT)))
    assert read(ix(TOKEN_2022, b"\x23" + bytes(SPENDER), MINT)).danger == 5


def test_confidential_amounts_are_not_read() -> None:
    assert_not_believed(read(ix(TOKEN_2022, b"\x1b\7" + bytes(100), OTHER, MINT, FRIEND, ME)))


def test_a_transfer_fee_is_said() -> None:
    reading = read(ix(TOKEN_2022, b"\x1a\1" + u64(1_000) + b"\2" + u64(50), OTHER, MINT, FRIEND, ME))
    assert only(reading, EffectKind.TOKEN_OUT).amount == 1_000
    assert "transfer-fee" in codes(reading)
    assert "0.5" in reading.sentence


def test_a_transfer_to_an_account_made_before_it_names_its_owner() -> None:
    account = get_associated_token_address(FRIEND, MINT)
    create = ix(ASSOCIATED, b"\1", ME, account, FRIEND, MINT, system.ID, Pubkey.from_string(TOKEN))
    send = ix(TOKEN, b"\x0c" + u64(5) + b"\0", OTHER, MINT, account, ME)
    assert f"which belongs to {FRIEND}" in read(create, send).sentence
    assert f"which belongs to {FRIEND}" not in read(send, create).sentence.split(";")[0]


@pytest.mark.parametrize("data", [b"", b"\0", b"\1"])
def test_creating_an_associated_account_names_its_wallet(data: bytes) -> None:
    reading = read(ix(ASSOCIATED, data, ME, OTHER, FRIEND, MINT, system.ID, Pubkey.from_string(TOKEN)))
    assert codes(reading) == {"token-account-created"}
    assert (only(reading, EffectKind.ACCOUNT).asset, reading.complete) == (f"spl:{MINT}", True)
    assert_not_believed(read(ix(ASSOCIATED, b"\3", ME, OTHER, FRIEND, MINT)))


def test_a_memo_is_shown_and_its_tricks_are_said() -> None:
    reading = read(ix(MEMO, "order 42 \u202e".encode(), ME))
    assert "hidden-characters" in codes(reading)
    assert any(f.label == "memo" and "⟨U+202E⟩" in f.value for f in reading.facts)
    assert_not_believed(read(ix(MEMO, b"\xff", ME)))


def tag(number: int) -> bytes:
    return number.to_bytes(4, "little")


STAKES: list[tuple[bytes, tuple[Pubkey, ...], str]] = [
    (tag(0) + bytes(ME) + bytes(ME) + bytes(48), (OTHER, NONCE), "stake"),
    (tag(1) + bytes(SPENDER) + tag(1), (OTHER, NONCE, ME), "authority"),
    (tag(2), (OTHER, NONCE, MINT, FRIEND, SPENDER, ME), "stake"),
    (tag(3) + u64(5), (OTHER, FRIEND, ME), "stake"),
    (tag(4) + u64(5), (OTHER, ME, NONCE, MINT, ME), "stake-withdraw"),
    (tag(5), (OTHER, NONCE, ME), "stake"),
    (tag(6) + b"\1" + u64(5) + b"\0\0", (OTHER, ME), "authority"),
    (tag(7), (OTHER, FRIEND, ME), "stake"),
    (tag(8) + bytes(SPENDER) + tag(0) + u64(1) + b"s" + bytes(ME), (OTHER, ME), "authority"),
    (tag(10) + tag(1), (OTHER, NONCE, ME, SPENDER), "authority"),
    (tag(16) + u64(5), (OTHER, FRIEND, ME), "stake"),
]


@pytest.mark.parametrize(("data", "accounts", "code"), STAKES, ids=[str(d[0]) for d, _, _ in STAKES])
def test_stake_instructions_are_read_to_the_last_byte(data: bytes, accounts: tuple[Pubkey, ...], code: str) -> None:
    reading = read(ix(STAKE, data, *accounts))
    assert code in codes(reading)
    assert reading.complete
    for bad in (*(data[:end] for end in range(len(data))), data + b"\0"):
        assert_not_believed(read(ix(STAKE, bad, *accounts)))


def test_handing_over_stake_is_the_highest_danger_and_withdrawing_to_others_is_high() -> None:
    assert read(ix(STAKE, STAKES[1][0], *STAKES[1][1])).danger == 5
    elsewhere = read(ix(STAKE, tag(4) + u64(5), OTHER, FRIEND, NONCE, MINT, ME))
    assert (elsewhere.danger, only(elsewhere, EffectKind.NATIVE_OUT).amount) == (4, 5)


def test_lookup_tables_and_program_code_are_read() -> None:
    extend = system.extend_lookup_table(
        system.ExtendLookupTableParams(lookup_table_address=OTHER, authority_address=ME, payer_address=ME,
                                       new_addresses=[FRIEND])
    )  # fmt: skip
    assert codes(read(extend)) == {"table-change"}
    upgrade = read(ix(LOADER, tag(3), OTHER, MINT, FRIEND, ME, NONCE, SPENDER, ME))
    assert (upgrade.danger, "upgrade" in codes(upgrade)) == (5, True)
    assert read(ix(LOADER, tag(4), OTHER, ME, SPENDER)).danger == 5
    assert_not_believed(read(ix(LOADER, tag(99), OTHER)))


def test_too_few_accounts_leave_nothing_but_bytes() -> None:
    reading = read(ix(TOKEN, b"\x0c" + u64(5) + b"\6", OTHER, MINT, FRIEND))
    assert_not_believed(reading)
    assert effects(reading, EffectKind.TOKEN_OUT) == []
    assert codes(reading) == {"unread-instruction"}


def test_a_recogniser_that_gives_up_late_leaves_nothing_behind() -> None:
    def late(given: Any) -> None:
        given.effect(EffectKind.NATIVE_OUT, asset="native", amount=1)
        given.warn("native-transfer")
        given.draft.fact("memo", "sent")

    more = standard().plus(programs=[SolanaProgram(MEMO, "Late", late)])
    message = bytes(Message.new_with_blockhash([ix(MEMO, b"x", ME)], ME, Hash(b"\7" * 32)))
    reading = read_solana_message(message, registry=more)
    assert [e.kind for e in reading.effects] == [EffectKind.UNKNOWN]
    assert codes(reading) == {"unread-instruction"}
    assert "memo" not in {f.label for f in reading.facts}


class Chain:
    """The token program itself, in LiteSVM, with a token of six decimals and an account that holds 1,000 units."""

    def __init__(self, program: str) -> None:
        self.svm = LiteSVM()
        self.program = Pubkey.from_string(program)
        self.me, self.mint = Keypair(), Keypair()
        self.mine, self.theirs = Keypair(), Keypair()
        self.svm.airdrop(self.me.pubkey(), 10_000_000_000)
        for new, space in ((self.mint, 82), (self.mine, 165), (self.theirs, 165)):
            rent = self.svm.minimum_balance_for_rent_exemption(space)
            self.run(system.create_account(system.CreateAccountParams(
                from_pubkey=self.me.pubkey(), to_pubkey=new.pubkey(), lamports=rent, space=space, owner=self.program)),
                new)  # fmt: skip
        self.run(self.ix(b"\x14\6" + bytes(self.me.pubkey()) + b"\0", self.mint.pubkey()))
        for holder in (self.mine, self.theirs):
            self.run(self.ix(b"\x12" + bytes(self.me.pubkey()), holder.pubkey(), self.mint.pubkey()))
        self.run(self.ix(b"\7" + u64(1_000), self.mint.pubkey(), self.mine.pubkey(), self.me.pubkey()))

    def ix(self, data: bytes, *accounts: Pubkey) -> Instruction:
        return Instruction(self.program, data, [AccountMeta(a, a == self.me.pubkey(), True) for a in accounts])

    def run(self, given: Instruction, *more: Keypair) -> Reading:
        """Carries the instruction out and reads the message that was signed for it."""
        message = Message.new_with_blockhash([given], self.me.pubkey(), self.svm.latest_blockhash())
        done: Any = self.svm.send_transaction(Transaction([self.me, *more], message, self.svm.latest_blockhash()))
        assert not isinstance(done, FailedTransactionMetadata), done
        return read_solana_message(bytes(message), account=str(self.me.pubkey()))

    def data(self, account: Pubkey) -> bytes:
        held = self.svm.get_account(account)
        return bytes(held.data) if held is not None else b""

    def holds(self, account: Pubkey) -> int:
        return int.from_bytes(self.data(account)[64:72], "little")


@pytest.mark.parametrize("program", [TOKEN, TOKEN_2022])
def test_the_real_program_does_what_was_read(program: str) -> None:
    chain = Chain(program)
    me, mint, mine, theirs = (k.pubkey() for k in (chain.me, chain.mint, chain.mine, chain.theirs))
    sent = only(chain.run(chain.ix(b"\x0c" + u64(300) + b"\6", mine, mint, theirs, me)), EffectKind.TOKEN_OUT)
    assert (chain.holds(mine), chain.holds(theirs), sent.amount) == (700, 300, 300)
    assert (sent.source, sent.to) == (str(mine), str(theirs))
    given = only(chain.run(chain.ix(b"\4" + u64(U64), mine, SPENDER, me)), EffectKind.APPROVAL)
    assert chain.data(mine)[76:108] == bytes(SPENDER)
    assert (given.spender, given.amount) == (str(SPENDER), U64)
    chain.run(chain.ix(b"\5", mine, me))
    assert chain.data(mine)[72:76] == bytes(4)
    burnt = only(chain.run(chain.ix(b"\x08" + u64(700), mine, mint, me)), EffectKind.BURN)
    assert (chain.holds(mine), burnt.amount) == (0, 700)
    closed = chain.run(chain.ix(b"\x09", mine, me, me))
    assert chain.data(mine) == b""
    assert "closes-account" in codes(closed)
    handed = only(chain.run(chain.ix(b"\6\2\1" + bytes(SPENDER), theirs, me)), EffectKind.OWNERSHIP)
    assert chain.data(theirs)[32:64] == bytes(SPENDER)
    assert handed.to == str(SPENDER)
