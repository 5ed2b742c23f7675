"""Vesting: what is paid when, against the exact model, and that nothing but time can hold it back."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from solders.keypair import Keypair
from solders.pubkey import Pubkey

from contracts.solana.attacks import fewer, more, readonly, refused, swapped, unsigned, with_data
from contracts.solana.stage import DAY, SPL_TOKEN, START, Stage, stage
from fluxdesk.chains.solana.programs import claim, proofs
from fluxdesk.chains.solana.programs.claim import Error
from fluxdesk.core.curves.vesting import vested_down

CLAIMANT, DISTRIBUTION, STATUS, VAULT, DESTINATION, MINT, TOKEN = range(7)
LAST = 2**40


@pytest.fixture
def made() -> Stage:
    """A hundred days from the start, a cliff at ten."""
    return stage(vesting_start=START, vesting_cliff=START + 10 * DAY, vesting_end=START + 100 * DAY)


def opened(made: Stage, i: int = 0) -> Stage:
    made.chain.send([made.claim(i)], [made.users[i]])
    return made


def test_before_the_cliff_a_claim_is_opened_and_nothing_is_paid(made: Stage) -> None:
    opened(made)
    assert (made.status(0).total, made.status(0).released) == (1_000_000, 0)
    assert made.chain.tokens(made.wallets[0]) == 0
    made.chain.at(START + 10 * DAY - 1)
    refused(made.chain, made.release(0), [made.users[0]], Error.NothingVested)


def test_what_has_vested_is_paid_at_the_claim_and_by_and_by(made: Stage) -> None:
    made.chain.at(START + 25 * DAY)
    opened(made)
    assert made.chain.tokens(made.wallets[0]) == 250_000
    refused(made.chain, made.release(0), [made.users[0]], Error.NothingVested)
    for day, paid in ((26, 260_000), (99, 990_000), (100, 1_000_000)):
        made.chain.at(START + day * DAY)
        made.chain.send([made.release(0)], [made.users[0]])
        assert made.chain.tokens(made.wallets[0]) == made.status(0).released == paid
    assert made.books().released == 1_000_000
    made.chain.at(LAST)
    refused(made.chain, made.release(0), [made.users[0]], Error.NothingVested)


def test_neither_pause_nor_end_nor_an_empty_hand_of_the_admin_stops_what_vests(made: Stage) -> None:
    opened(made)
    until = START + 7 * DAY
    made.chain.send(
        [claim.pause(made_program(), admin=made.admin.pubkey(), distribution=made.distribution, until=until)],
        [made.admin],
    )
    refused(made.chain, made.claim(1), [made.users[1]], Error.IsPaused)
    made.chain.at(START + 50 * DAY)
    refused(made.chain, made.claim(1), [made.users[1]], Error.Ended)
    mine = made.chain.open_account(made.admin.pubkey(), made.mint)
    made.chain.send([made.claw_back(mine)], [made.admin])
    assert made.chain.tokens(made.vault) == 1_000_000
    made.chain.send([made.release(0)], [made.users[0]])
    assert made.chain.tokens(made.wallets[0]) == 500_000


def test_a_pause_does_not_stop_a_release() -> None:
    made = opened(stage(vesting_start=START, vesting_cliff=START, vesting_end=START + 4 * DAY))
    call = claim.pause(made_program(), admin=made.admin.pubkey(), distribution=made.distribution, until=START + 5 * DAY)
    made.chain.send([call], [made.admin])
    made.chain.at(START + DAY)
    assert made.books().paused_until > START + DAY
    made.chain.send([made.release(0)], [made.users[0]])
    assert made.chain.tokens(made.wallets[0]) == 250_000


def made_program() -> Pubkey:
    return Pubkey.from_string(claim.ADDRESS)


@pytest.fixture(scope="module")
def prepared() -> Stage:
    """One claimant, whose distribution is rewritten for each example."""
    return stage(users=1, leaves=1)


@settings(max_examples=40)
@given(
    amount=st.integers(1, 2**64 - 1),
    begin=st.integers(0, LAST),
    cliff=st.integers(0, LAST),
    length=st.integers(0, LAST),
    times=st.lists(st.integers(0, 2 * LAST), min_size=1, max_size=5),
)
def test_the_program_pays_what_the_model_says(
    prepared: Stage, amount: int, begin: int, cliff: int, length: int, times: list[int]
) -> None:
    """Any amount of 64 bits, any times: paid to the unit, never more than all, never less than before."""
    over = min(begin + length, LAST)
    reached = min(begin + cliff, over)
    made = prepared
    data = bytearray(made.chain.data(made.distribution))
    tree = proofs.Tree([proofs.leaf(bytes(made.distribution), bytes(made.users[0].pubkey()), amount)])
    root = claim.Distribution.decode(bytes(data)).root
    at = data.index(root)
    data[at : at + 32] = tree.root
    at += 64 + 8  # past the root, the requirements' hash and the number: start, end, vesting, caps, books
    for n, value in enumerate((0, LAST, begin, reached, over, 2**64 - 1, 10, 0, 0, 0, 0)):
        data[at + 8 * n : at + 8 * n + 8] = value.to_bytes(8, "little")
    made.chain.change(made.distribution, data=bytes(data))
    empty = bytearray(made.chain.data(made.wallets[0]))
    full = bytearray(made.chain.data(made.vault))
    empty[64:72], full[64:72] = bytes(8), amount.to_bytes(8, "little")
    made.chain.change(made.wallets[0], data=bytes(empty))
    made.chain.change(made.vault, data=bytes(full))
    if made.chain.data(made.status_address(0)):
        made.chain.change(made.status_address(0), data=b"", lamports=0, owner=Pubkey.default())
    model = [vested_down(amount, begin, reached - begin, over - begin, t) for t in (min(times), *sorted(times))]
    made.chain.at(min(*times, LAST - 1))
    made.chain.send([made.claim(0, amount=amount, proof=[])], [made.users[0]])
    paid = made.chain.tokens(made.wallets[0])
    assert paid == vested_down(amount, begin, reached - begin, over - begin, min(*times, LAST - 1))
    for t, due in zip(sorted(times), model[1:], strict=True):
        made.chain.at(t)
        if due > paid:
            made.chain.send([made.release(0)], [made.users[0]])
            paid = due
        elif due == paid:
            refused(made.chain, made.release(0), [made.users[0]], Error.NothingVested)
        assert made.chain.tokens(made.wallets[0]) == paid == made.status(0).released <= amount


# -- accounts -----------------------------------------------------------------------------------------


@pytest.fixture
def running(made: Stage) -> Stage:
    opened(opened(made), 1)
    made.chain.at(START + 50 * DAY)
    return made


def test_the_claimant_has_to_sign(running: Stage) -> None:
    refused(running.chain, unsigned(running.release(0), CLAIMANT), [], Error.MissingSigner)


def test_nobody_takes_what_vests_for_another(running: Stage) -> None:
    call = running.release(0, claim_status=running.status_address(1))
    refused(running.chain, call, [running.users[0]], Error.WrongAddress)
    thief = running.chain.keypair()
    call = running.release(0, claimant=thief.pubkey())
    refused(running.chain, call, [thief], Error.WrongAddress)
    refused(
        running.chain, running.release(0, destination=running.wallets[1]), [running.users[0]], Error.WrongDestination
    )


@pytest.mark.parametrize("at", [DISTRIBUTION, STATUS, VAULT, DESTINATION])
def test_what_is_written_has_to_be_writable(running: Stage, at: int) -> None:
    refused(running.chain, readonly(running.release(0), at), [running.users[0]], Error.NotWritable)


def test_a_claim_of_another_distribution_is_not_paid_here(running: Stage) -> None:
    other = stage(
        chain=running.chain, number=7, start=0, vesting_start=START, vesting_cliff=START, vesting_end=LAST, end=LAST
    )
    other.chain.send([other.claim(0)], [other.users[0]])
    call = running.release(0, claimant=other.users[0].pubkey(), claim_status=other.status_address(0))
    refused(running.chain, call, [other.users[0]], Error.WrongAddress)


def test_what_is_no_claim_is_refused(running: Stage) -> None:
    call = running.release(0, claim_status=running.wallets[1])
    refused(running.chain, call, [running.users[0]], Error.WrongOwner)
    call = running.release(2)
    refused(running.chain, call, [running.users[2]], Error.WrongOwner)
    good = running.chain.data(running.status_address(0))
    for data in (good[:-1], b"\0" * 8 + good[8:], good + b"\0"):
        running.chain.change(running.status_address(0), data=data)
        refused(running.chain, running.release(0), [running.users[0]], Error.WrongAccountKind)


def test_other_tokens_are_refused(running: Stage) -> None:
    call, user = running.release(0), running.users[0]
    other = running.chain.other_account(running.distribution, running.mint)
    refused(running.chain, swapped(call, VAULT, other), [user], Error.WrongVault)
    refused(running.chain, swapped(call, MINT, running.chain.mint()), [user], Error.WrongMint)
    refused(running.chain, swapped(call, TOKEN, made_program()), [user], Error.WrongProgram)
    refused(running.chain, swapped(call, DESTINATION, running.vault), [user], Error.RepeatedAccount)
    refused(running.chain, swapped(call, DISTRIBUTION, running.status_address(1)), [user], Error.WrongAccountKind)
    elsewhere = running.chain.open_account(user.pubkey(), running.chain.mint(), SPL_TOKEN)
    refused(running.chain, swapped(call, DESTINATION, elsewhere), [user], Error.WrongMint)


def test_shape(running: Stage) -> None:
    call, user = running.release(0), running.users[0]
    refused(running.chain, fewer(call), [user], Error.WrongAccountCount)
    refused(running.chain, more(call), [user], Error.WrongAccountCount)
    refused(running.chain, with_data(call, bytes(call.data) + b"\0"), [user], Error.WrongInstructionData)
    refused(running.chain, swapped(call, DISTRIBUTION, user.pubkey()), [user], Error.RepeatedAccount)
    assert isinstance(user, Keypair)
