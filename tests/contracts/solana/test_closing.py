"""Rent goes back to who paid it, and nothing that was closed comes back."""

import pytest
from solders.instruction import Instruction
from solders.pubkey import Pubkey
from solders.system_program import TransferParams, transfer

from contracts.solana.attacks import fewer, readonly, refused, swapped, with_data
from contracts.solana.stage import DAY, PROGRAM, START, Stage, create, stage
from fluxdesk.chains.solana.programs import claim
from fluxdesk.chains.solana.programs.addresses import nullifier_address
from fluxdesk.chains.solana.programs.attestations import verification
from fluxdesk.chains.solana.programs.claim import Error
from interfaces import claim as claims

END = START + 30 * DAY
PERSON = bytes([3]) * 32


@pytest.fixture
def over() -> Stage:
    """Ended, one of four claimed."""
    made = stage()
    made.chain.send([made.claim(0)], [made.users[0]])
    made.chain.at(END)
    return made


def emptied(made: Stage) -> Stage:
    mine = made.chain.open_account(made.admin.pubkey(), made.mint)
    made.chain.send([made.claw_back(mine)], [made.admin])
    return made


def test_a_claim_that_was_paid_gives_its_rent_back_to_who_paid_it(over: Stage) -> None:
    before = over.chain.lamports(over.users[0].pubkey())
    rent = over.chain.lamports(over.status_address(0))
    over.chain.send([over.close_claim(0)])
    assert over.chain.lamports(over.users[0].pubkey()) == before + rent
    assert over.chain.data(over.status_address(0)) == b""
    refused(over.chain, over.claim(0), [over.users[0]], Error.Ended)
    refused(over.chain, over.close_claim(0), [], Error.WrongOwner)


def test_a_sponsor_gets_the_rent_it_paid() -> None:
    made = stage()
    sponsor = made.chain.keypair()
    made.chain.send([made.claim(0, payer=sponsor.pubkey())], [made.users[0], sponsor])
    made.chain.at(END)
    refused(made.chain, made.close_claim(0), [], Error.WrongPayer)
    before = made.chain.lamports(sponsor.pubkey())
    made.chain.send([made.close_claim(0, payer=sponsor.pubkey())])
    assert made.chain.lamports(sponsor.pubkey()) > before


def test_a_claim_is_not_closed_while_it_could_be_made_again() -> None:
    made = stage()
    made.chain.send([made.claim(0)], [made.users[0]])
    for now in (START, END - 1):
        made.chain.at(now)
        refused(made.chain, made.close_claim(0), [], Error.NotEnded)


def test_a_claim_that_is_owed_something_is_not_closed() -> None:
    made = stage(vesting_start=START, vesting_cliff=START, vesting_end=END + DAY)
    made.chain.send([made.claim(0)], [made.users[0]])
    made.chain.at(END)
    made.chain.send([made.release(0)], [made.users[0]])
    refused(made.chain, made.close_claim(0), [], Error.NotPaidOut)
    refused(emptied(made).chain, made.close_distribution(), [made.admin], Error.NotPaidOut)
    made.chain.at(END + DAY)
    made.chain.send([made.release(0), made.close_claim(0), made.close_distribution()], [made.users[0], made.admin])


def test_a_closed_claim_is_not_revived_within_its_transaction(over: Stage) -> None:
    """Lamports sent back in the same transaction leave an account of the System program with nothing in it."""
    gift = TransferParams(from_pubkey=over.chain.payer.pubkey(), to_pubkey=over.status_address(0), lamports=2_000_000)
    over.chain.send([over.close_claim(0), transfer(gift)])
    account = over.chain.svm.get_account(over.status_address(0))
    assert account is not None
    assert (bytes(account.data), account.owner) == (b"", Pubkey.default())
    refused(over.chain, over.close_claim(0), [], Error.WrongOwner)
    refused(over.chain, over.release(0), [over.users[0]], Error.WrongOwner)


def test_what_looks_like_a_closed_distribution_of_another_program_is_none() -> None:
    """Eight forged bytes in an account of somebody else's program, before the end."""
    made = stage()
    made.chain.send([made.claim(0)], [made.users[0]])
    forged = made.chain.keypair().pubkey()
    mark = next(r for r in claims.PROGRAM.accounts if r.name == "ClosedDistribution").discriminator
    made.chain.change(forged, data=mark, owner=made.token_program)
    refused(made.chain, swapped(made.close_claim(0), 0, forged), [], Error.WrongOwner)


def test_closing_takes_the_accounts_it_says(over: Stage) -> None:
    call = over.close_claim(0)
    other = stage(chain=over.chain, number=2, end=END + DAY)
    other.chain.send([other.claim(0)], [other.users[0]])
    refused(over.chain, swapped(call, 0, other.distribution), [], Error.NotEnded)
    over.chain.at(END + DAY)
    refused(over.chain, swapped(call, 0, other.distribution), [], Error.WrongAddress)
    refused(over.chain, swapped(call, 0, Pubkey.new_unique()), [], Error.WrongOwner)
    refused(over.chain, swapped(call, 0, other.status_address(0)), [], Error.WrongAccountKind)
    refused(over.chain, swapped(call, 1, over.vault), [], Error.WrongOwner)
    refused(over.chain, swapped(call, 1, other.distribution), [], Error.WrongAccountKind)
    refused(over.chain, swapped(call, 2, over.users[1].pubkey()), [], Error.WrongPayer)
    refused(over.chain, swapped(call, 1, over.distribution), [], Error.RepeatedAccount)
    for at in (1, 2):
        refused(over.chain, readonly(call, at), [], Error.NotWritable)
    refused(over.chain, fewer(call), [], Error.WrongAccountCount)
    refused(over.chain, with_data(call, bytes(call.data) + b"\0"), [], Error.WrongInstructionData)


# -- nullifiers ---------------------------------------------------------------------------------------


@pytest.fixture
def attested() -> Stage:
    made = stage(mode=claim.ATTESTED, verifiers=1, threshold=1)
    text = made.message(0, PERSON)
    made.chain.send([verification(text, made.signed(text, 0)), made.claim_attested(0, PERSON)], [made.users[0]])
    return made


def close_nullifier(made: Stage) -> Instruction:
    return claim.close_nullifier(
        PROGRAM,
        distribution=made.distribution,
        nullifier_account=nullifier_address(PROGRAM, made.distribution, PERSON),
        payer=made.users[0].pubkey(),
    )


def test_a_nullifier_gives_its_rent_back_after_the_end_only(attested: Stage) -> None:
    attested.chain.at(END - 1)
    refused(attested.chain, close_nullifier(attested), [], Error.NotEnded)
    attested.chain.at(END)
    before = attested.chain.lamports(attested.users[0].pubkey())
    attested.chain.send([close_nullifier(attested)])
    assert attested.chain.lamports(attested.users[0].pubkey()) == before + (128 + 72) * 6960
    refused(attested.chain, close_nullifier(attested), [], Error.WrongOwner)


def test_a_claim_is_no_nullifier_and_a_nullifier_no_claim(attested: Stage) -> None:
    attested.chain.at(END)
    call = swapped(close_nullifier(attested), 1, attested.status_address(0))
    refused(attested.chain, call, [], Error.WrongAccountKind)
    call = swapped(attested.close_claim(0), 1, nullifier_address(PROGRAM, attested.distribution, PERSON))
    refused(attested.chain, call, [], Error.WrongAccountKind)


def test_a_nullifier_has_its_own_tag_and_length(attested: Stage) -> None:
    attested.chain.at(END)
    address = nullifier_address(PROGRAM, attested.distribution, PERSON)
    good = attested.chain.data(address)
    for data in (b"\0" * 8 + good[8:], good + b"\0"):
        attested.chain.change(address, data=data)
        refused(attested.chain, close_nullifier(attested), [], Error.WrongAccountKind)


def test_a_nullifier_is_closed_with_its_own_distribution_and_payer(attested: Stage) -> None:
    other = stage(chain=attested.chain, number=2)
    attested.chain.at(END)
    call = close_nullifier(attested)
    refused(attested.chain, swapped(call, 0, other.distribution), [], Error.WrongAddress)
    refused(attested.chain, swapped(call, 2, attested.users[1].pubkey()), [], Error.WrongPayer)
    for at in (1, 2):
        refused(attested.chain, readonly(call, at), [], Error.NotWritable)
    refused(attested.chain, with_data(call, bytes(call.data) + b"\0"), [], Error.WrongInstructionData)


# -- distributions ------------------------------------------------------------------------------------


def test_a_distribution_leaves_eight_bytes_and_gives_back_the_rest(over: Stage) -> None:
    emptied(over)
    payer = over.chain.payer
    rent = over.chain.lamports(over.distribution) + over.chain.lamports(over.vault)
    before = over.chain.lamports(payer.pubkey())
    over.chain.send([over.close_distribution()], [over.admin], payer=over.admin)
    kept = over.chain.svm.minimum_balance_for_rent_exemption(8)
    assert over.chain.lamports(payer.pubkey()) == before + rent - kept
    assert over.chain.lamports(over.distribution) == kept
    claim.ClosedDistribution.decode(over.chain.data(over.distribution))
    assert over.chain.svm.get_account(over.vault) is None


def test_a_closed_distribution_is_not_opened_again(over: Stage) -> None:
    emptied(over)
    over.chain.send([over.close_distribution()], [over.admin])
    over.chain.open_account(over.distribution, over.mint)
    again = create(over.chain, over.creator.pubkey(), over.mint, over.terms, over.token_program)
    over.chain.at(START)
    refused(over.chain, again, [over.creator], Error.AlreadyExists)
    refused(over.chain, over.claim(1), [over.users[1]], Error.WrongAccountKind)
    refused(over.chain, over.claim(0), [over.users[0]], Error.WrongAccountKind)
    refused(over.chain, over.close_distribution(), [over.admin], Error.WrongAccountKind)


def test_claims_of_a_closed_distribution_still_give_their_rent_back(over: Stage) -> None:
    emptied(over)
    over.chain.send([over.close_distribution()], [over.admin])
    over.chain.at(START)
    before = over.chain.lamports(over.users[0].pubkey())
    over.chain.send([over.close_claim(0)])
    assert over.chain.lamports(over.users[0].pubkey()) == before + (128 + 128) * 6960


def test_a_distribution_is_not_closed_with_tokens_in_it_or_before_its_end(over: Stage) -> None:
    refused(over.chain, over.close_distribution(), [over.admin], Error.VaultNotEmpty)
    emptied(over)
    over.chain.mint_to(over.vault, over.mint, 1)
    refused(over.chain, over.close_distribution(), [over.admin], Error.VaultNotEmpty)
    again = stage(funds=0)
    refused(again.chain, again.close_distribution(), [again.admin], Error.NotEnded)


def test_dust_does_not_hold_a_closing_up(over: Stage) -> None:
    """Somebody sends one unit whenever the vault is empty: clawed back and closed in one transaction."""
    mine = over.chain.open_account(over.admin.pubkey(), over.mint)
    emptied_once = over.claw_back(mine)
    over.chain.send([emptied_once, over.close_distribution()], [over.admin])


def test_closing_a_distribution_takes_the_accounts_it_says(over: Stage) -> None:
    call = emptied(over).close_distribution()
    other = over.chain.other_account(over.distribution, over.mint)
    refused(over.chain, swapped(call, 2, other), [over.admin], Error.WrongVault)
    refused(over.chain, swapped(call, 3, over.users[1].pubkey()), [over.admin], Error.WrongPayer)
    refused(over.chain, swapped(call, 4, PROGRAM), [over.admin], Error.WrongProgram)
    refused(over.chain, swapped(call, 1, over.status_address(0)), [over.admin], Error.WrongAccountKind)
    for at in (1, 2):
        refused(over.chain, readonly(call, at), [over.admin], Error.NotWritable)
    over.chain.change(over.vault, owner=Pubkey.default())
    refused(over.chain, call, [over.admin], Error.WrongOwner)
    refused(over.chain, with_data(call, bytes(call.data) + b"\0"), [over.admin], Error.WrongInstructionData)
