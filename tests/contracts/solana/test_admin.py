"""What an admin may do, when, and what it may not do to a claimant."""

from typing import Any

import pytest
from solders.instruction import AccountMeta, Instruction
from solders.keypair import Keypair
from solders.pubkey import Pubkey

from contracts.solana.attacks import fewer, readonly, refused, swapped, unsigned, with_data
from contracts.solana.stage import DAY, PROGRAM, START, Stage, stage
from fluxdesk.chains.solana.programs import claim
from fluxdesk.chains.solana.programs.claim import Error
from needs import ROOT
from sbf.build import build

END = START + 30 * DAY


@pytest.fixture
def made() -> Stage:
    return stage()


def admin_call(made: Stage, name: str, **args: Any) -> Instruction:
    build_call = getattr(claim, name)
    call: Instruction = build_call(PROGRAM, admin=made.admin.pubkey(), distribution=made.distribution, **args)
    return call


def accept(made: Stage, key: Keypair) -> Instruction:
    return claim.accept_admin(PROGRAM, new_admin=key.pubkey(), distribution=made.distribution)


# -- pause --------------------------------------------------------------------------------------------


def test_a_pause_stops_new_claims_and_ends_by_itself(made: Stage) -> None:
    made.chain.send([admin_call(made, "pause", until=START + DAY)], [made.admin])
    refused(made.chain, made.claim(0), [made.users[0]], Error.IsPaused)
    made.chain.at(START + DAY - 1)
    refused(made.chain, made.claim(0), [made.users[0]], Error.IsPaused)
    made.chain.at(START + DAY)
    made.chain.send([made.claim(0)], [made.users[0]])


def test_a_pause_moves_the_end_so_that_nobody_misses_it(made: Stage) -> None:
    made.chain.at(END - 1)
    made.chain.send([admin_call(made, "pause", until=END + DAY)], [made.admin])
    assert made.books().end == END + DAY + 1
    made.chain.at(END + DAY)
    made.chain.send([made.claim(0)], [made.users[0]])


def test_a_pause_before_the_start_moves_the_end_by_what_was_lost_only() -> None:
    made = stage(start=START + 2 * DAY)
    made.chain.send([admin_call(made, "pause", until=START + 3 * DAY)], [made.admin])
    assert made.books().end == END + DAY
    again = stage(start=START + 5 * DAY)
    again.chain.send([admin_call(again, "pause", until=START + 3 * DAY)], [again.admin])
    assert again.books().end == END


def test_a_pause_is_bounded_and_not_repeated_at_once(made: Stage) -> None:
    for until in (START, START - 1, START + 7 * DAY + 1, 2**63 - 1, -(2**63)):
        refused(made.chain, admin_call(made, "pause", until=until), [made.admin], Error.WrongPause)
    made.chain.send([admin_call(made, "pause", until=START + 7 * DAY)], [made.admin])
    for day in (1, 7, 13):
        made.chain.at(START + day * DAY)
        refused(made.chain, admin_call(made, "pause", until=START + (day + 1) * DAY), [made.admin], Error.PauseTooSoon)
    made.chain.at(START + 14 * DAY)
    made.chain.send([admin_call(made, "pause", until=START + 15 * DAY)], [made.admin])


def test_a_pause_can_be_ended_early_but_not_begun_again_by_that(made: Stage) -> None:
    made.chain.send([admin_call(made, "pause", until=START + 7 * DAY)], [made.admin])
    made.chain.at(START + DAY)
    made.chain.send([admin_call(made, "unpause")], [made.admin])
    made.chain.send([made.claim(0)], [made.users[0]])
    refused(made.chain, admin_call(made, "pause", until=START + 2 * DAY), [made.admin], Error.PauseTooSoon)
    refused(made.chain, admin_call(made, "unpause"), [made.admin], Error.WrongPause)


def test_after_the_end_nothing_is_paused_so_the_end_stays_the_end(made: Stage) -> None:
    made.chain.at(END)
    refused(made.chain, admin_call(made, "pause", until=END + DAY), [made.admin], Error.Ended)


# -- claw-back ----------------------------------------------------------------------------------------


def test_what_nobody_claimed_goes_back_after_the_end(made: Stage) -> None:
    mine = made.chain.open_account(made.admin.pubkey(), made.mint)
    made.chain.send([made.claim(0)], [made.users[0]])
    made.chain.at(END - 1)
    refused(made.chain, made.claw_back(mine), [made.admin], Error.NotEnded)
    made.chain.at(END)
    made.chain.send([made.claw_back(mine)], [made.admin])
    rest = sum(made.amounts) - made.amounts[0]
    assert (made.chain.tokens(mine), made.books().clawed_back) == (rest, rest)
    refused(made.chain, made.claw_back(mine), [made.admin], Error.NothingToClawBack)


def test_what_claims_are_entitled_to_stays() -> None:
    made = stage(vesting_start=START, vesting_cliff=START, vesting_end=START + 100 * DAY)
    mine = made.chain.open_account(made.admin.pubkey(), made.mint)
    made.chain.send([made.claim(0)], [made.users[0]])
    made.chain.at(END)
    made.chain.send([made.release(0), made.claw_back(mine)], [made.users[0], made.admin])
    assert made.chain.tokens(made.vault) == made.amounts[0] - made.amounts[0] * 30 // 100
    made.chain.at(START + 100 * DAY)
    made.chain.send([made.release(0)], [made.users[0]])
    assert made.chain.tokens(made.wallets[0]) == made.amounts[0]


def test_a_claw_back_goes_to_a_token_account_of_the_mint_that_is_not_the_vault(made: Stage) -> None:
    made.chain.at(END)
    other = made.chain.open_account(made.admin.pubkey(), made.chain.mint())
    refused(made.chain, made.claw_back(other), [made.admin], Error.WrongMint)
    refused(made.chain, made.claw_back(made.users[0].pubkey()), [made.admin], Error.WrongDestination)
    refused(made.chain, made.claw_back(made.vault), [made.admin], Error.RepeatedAccount)


@pytest.mark.parametrize(
    ("at", "error"),
    [(1, Error.WrongOwner), (2, Error.WrongVault), (4, Error.WrongMint), (5, Error.WrongProgram)],
)
def test_a_claw_back_takes_the_accounts_it_says(made: Stage, at: int, error: Error) -> None:
    mine = made.chain.open_account(made.admin.pubkey(), made.mint)
    made.chain.at(END)
    call = made.claw_back(mine)
    refused(made.chain, swapped(call, at, Pubkey.new_unique()), [made.admin], error)
    for written in (1, 2, 3):
        refused(made.chain, readonly(call, written), [made.admin], Error.NotWritable)
    refused(made.chain, with_data(call, bytes(call.data) + b"\0"), [made.admin], Error.WrongInstructionData)


# -- hand-over ----------------------------------------------------------------------------------------


def test_a_new_admin_waits_and_accepts(made: Stage) -> None:
    new = made.chain.keypair()
    refused(made.chain, accept(made, new), [new], Error.NoPendingAdmin)
    made.chain.send([admin_call(made, "propose_admin", new_admin=new.pubkey())], [made.admin])
    assert (made.books().pending_admin, made.books().admin_from) == (new.pubkey(), START + 2 * DAY)
    made.chain.at(START + 2 * DAY - 1)
    refused(made.chain, accept(made, new), [new], Error.AdminTooEarly)
    made.chain.at(START + 2 * DAY)
    stranger = made.chain.keypair()
    refused(made.chain, accept(made, stranger), [stranger], Error.WrongAdmin)
    refused(made.chain, unsigned(accept(made, new), 0), [], Error.MissingSigner)
    longer = with_data(accept(made, new), bytes(accept(made, new).data) + b"\0")
    refused(made.chain, longer, [new], Error.WrongInstructionData)
    refused(made.chain, readonly(accept(made, new), 1), [new], Error.NotWritable)
    made.chain.send([accept(made, new)], [new])
    assert (made.books().admin, made.books().pending_admin) == (new.pubkey(), Pubkey.default())
    refused(made.chain, admin_call(made, "pause", until=START + 3 * DAY), [made.admin], Error.WrongAdmin)
    refused(made.chain, accept(made, new), [new], Error.NoPendingAdmin)


def test_naming_another_starts_the_delay_again(made: Stage) -> None:
    first, second = made.chain.keypair(), made.chain.keypair()
    made.chain.send([admin_call(made, "propose_admin", new_admin=first.pubkey())], [made.admin])
    made.chain.at(START + 2 * DAY)
    made.chain.send([admin_call(made, "propose_admin", new_admin=second.pubkey())], [made.admin])
    refused(made.chain, accept(made, first), [first], Error.WrongAdmin)
    refused(made.chain, accept(made, second), [second], Error.AdminTooEarly)


def test_a_name_can_be_taken_back(made: Stage) -> None:
    new = made.chain.keypair()
    refused(made.chain, admin_call(made, "cancel_admin"), [made.admin], Error.NoPendingAdmin)
    made.chain.send([admin_call(made, "propose_admin", new_admin=new.pubkey())], [made.admin])
    made.chain.send([admin_call(made, "cancel_admin")], [made.admin])
    made.chain.at(START + 2 * DAY)
    refused(made.chain, accept(made, new), [new], Error.NoPendingAdmin)
    refused(made.chain, admin_call(made, "propose_admin", new_admin=Pubkey.default()), [made.admin], Error.WrongAdmin)


ADMIN_CALLS: list[tuple[str, dict[str, Any]]] = [
    ("pause", {"until": START + DAY}),
    ("unpause", {}),
    ("propose_admin", {"new_admin": Pubkey.new_unique()}),
    ("cancel_admin", {}),
]


@pytest.mark.parametrize(("name", "args"), ADMIN_CALLS, ids=[name for name, _ in ADMIN_CALLS])
def test_nobody_else_is_the_admin(made: Stage, name: str, args: dict[str, Any]) -> None:
    call = admin_call(made, name, **args)
    thief = made.chain.keypair()
    refused(made.chain, swapped(call, 0, thief.pubkey()), [thief], Error.WrongAdmin)
    refused(made.chain, swapped(call, 0, made.creator.pubkey()), [made.creator], Error.WrongAdmin)
    refused(made.chain, unsigned(call, 0), [], Error.MissingSigner)
    refused(made.chain, readonly(call, 1), [made.admin], Error.NotWritable)
    refused(made.chain, fewer(call), [made.admin], Error.WrongAccountCount)
    refused(made.chain, swapped(call, 1, made.admin.pubkey()), [made.admin], Error.RepeatedAccount)
    refused(made.chain, swapped(call, 1, made.vault), [made.admin], Error.WrongOwner)
    refused(made.chain, with_data(call, bytes(call.data) + b"\0"), [made.admin], Error.WrongInstructionData)


def test_nobody_else_claws_back_or_closes(made: Stage) -> None:
    thief = made.chain.keypair()
    mine = made.chain.open_account(thief.pubkey(), made.mint)
    made.chain.at(END)
    refused(made.chain, made.claw_back(mine, admin=thief.pubkey()), [thief], Error.WrongAdmin)
    refused(made.chain, unsigned(made.claw_back(mine), 0), [], Error.MissingSigner)
    refused(made.chain, made.close_distribution(admin=thief.pubkey()), [thief], Error.WrongAdmin)
    refused(made.chain, unsigned(made.close_distribution(), 0), [], Error.MissingSigner)


def test_the_admin_can_be_a_multisigs_address() -> None:
    """An address no key signs for: its program signs, after whatever it asks for (here nothing: a stand-in)."""
    multisig = Pubkey.new_unique()
    for bump in range(255, 0, -1):
        try:
            vault = Pubkey.create_program_address([b"vault", bytes([bump])], multisig)
            break
        except Exception:
            continue
    made = stage(admin=vault)
    made.chain.svm.add_program(multisig, build(ROOT / "tests" / "tools" / "sbf" / "multisig_standin.c"))

    def through(call: Instruction) -> Instruction:
        inner = [AccountMeta(m.pubkey, m.is_signer and m.pubkey != vault, m.is_writable) for m in call.accounts]
        return Instruction(multisig, bytes([bump]) + bytes(call.data), [AccountMeta(PROGRAM, False, False), *inner])

    paused = claim.pause(PROGRAM, admin=vault, distribution=made.distribution, until=START + DAY)
    made.chain.send([through(paused)])
    refused(made.chain, made.claim(0), [made.users[0]], Error.IsPaused)
    new = made.chain.keypair()
    named = claim.propose_admin(PROGRAM, admin=vault, distribution=made.distribution, new_admin=new.pubkey())
    made.chain.send([through(named)])
    made.chain.at(END + 5 * DAY)
    mine = made.chain.other_account(vault, made.mint)
    made.chain.send([through(made.claw_back(mine, admin=vault))])
    assert made.chain.tokens(mine) == sum(made.amounts)
    made.chain.send([accept(made, new)], [new])
    assert made.books().admin == new.pubkey()
