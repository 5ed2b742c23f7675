"""Claims by Merkle proof: what is paid, what is kept, and every way to take more that was thought of."""

import struct
from contextlib import suppress

import pytest
from solders.instruction import AccountMeta, Instruction
from solders.keypair import Keypair
from solders.pubkey import Pubkey
from solders.rent import Rent
from solders.system_program import ID as SYSTEM
from solders.system_program import TransferParams, transfer

from contracts.solana.attacks import fewer, more, readonly, refused, swapped, unsigned, with_data
from contracts.solana.stage import DAY, PROGRAM, SPL_TOKEN, START, TOKEN_2022, Stage, stage
from fluxdesk.chains.solana.programs import claim, proofs
from fluxdesk.chains.solana.programs.claim import Error
from fluxdesk_host.keys.keccak import keccak256

CLAIMANT, PAYER, DISTRIBUTION, STATUS, VAULT, DESTINATION, MINT, TOKEN, SYSTEM_AT = range(9)


@pytest.fixture
def made() -> Stage:
    return stage()


def test_a_claim_pays_its_amount_and_keeps_books(made: Stage) -> None:
    user = made.users[1]
    said = made.chain.send([made.claim(1)], [user])
    amount = made.amounts[1]
    assert made.chain.tokens(made.wallets[1]) == amount
    assert made.chain.tokens(made.vault) == sum(made.amounts) - amount
    books = made.books()
    assert (books.allocated, books.released, books.claims) == (amount, amount, 1)
    assert made.status(1) == claim.ClaimStatus(made.distribution, user.pubkey(), user.pubkey(), amount, amount, amount)
    assert len(said.logs()) > 0


def test_somebody_else_may_pay_the_rent(made: Stage) -> None:
    sponsor, user = made.chain.keypair(), made.users[0]
    before = made.chain.lamports(user.pubkey())
    made.chain.send([made.claim(0, payer=sponsor.pubkey())], [user, sponsor])
    assert made.chain.lamports(user.pubkey()) == before
    assert made.status(0).payer == sponsor.pubkey()


def test_every_leaf_of_a_lopsided_tree_can_be_claimed() -> None:
    made = stage(users=7, leaves=7)
    for i in range(7):
        made.chain.send([made.claim(i)], [made.users[i]])
    assert made.chain.tokens(made.vault) == 0
    assert made.books().claims == 7


def test_a_tree_of_one_leaf_has_an_empty_proof() -> None:
    made = stage(users=1, leaves=1)
    made.chain.send([made.claim(0)], [made.users[0]])
    assert made.chain.tokens(made.wallets[0]) == made.amounts[0]


def test_lamports_sent_ahead_to_the_claims_address_do_not_stop_it(made: Stage) -> None:
    for i, lamports in ((0, 1), (1, 10**9)):
        gift = TransferParams(
            from_pubkey=made.chain.payer.pubkey(), to_pubkey=made.status_address(i), lamports=max(lamports, 890_880)
        )
        made.chain.send([transfer(gift)])
        made.chain.send([made.claim(i)], [made.users[i]])
        assert made.status(i).released == made.amounts[i]


# -- the proof ----------------------------------------


def test_a_leaf_is_good_once(made: Stage) -> None:
    made.chain.send([made.claim(0)], [made.users[0]])
    refused(made.chain, made.claim(0), [made.users[0]], Error.AlreadyClaimed)


def test_two_claims_of_one_transaction_are_one_too_many(made: Stage) -> None:
    refused(made.chain, [made.claim(0), made.claim(0)], [made.users[0]], Error.AlreadyClaimed)


@pytest.mark.parametrize("amount", [1, 1_000_001, 2**64 - 1])
def test_another_amount_is_not_in_the_tree(made: Stage, amount: int) -> None:
    refused(made.chain, made.claim(0, amount=amount), [made.users[0]], Error.WrongProof)


def test_nothing_is_not_an_amount(made: Stage) -> None:
    refused(made.chain, made.claim(0, amount=0), [made.users[0]], Error.ZeroAmount)


def test_anothers_leaf_is_not_mine(made: Stage) -> None:
    stolen = made.claim(0, amount=made.amounts[1], proof=made.tree.proof(1))
    refused(made.chain, stolen, [made.users[0]], Error.WrongProof)


def test_every_changed_bit_of_a_proof_is_seen(made: Stage) -> None:
    for at in (0, 13, 31):
        proof = [bytearray(p) for p in made.tree.proof(0)]
        proof[0][at] ^= 1
        refused(made.chain, made.claim(0, proof=[bytes(p) for p in proof]), [made.users[0]], Error.WrongProof)


def test_a_proof_cut_short_or_made_longer_does_not_lead_to_the_root(made: Stage) -> None:
    proof = made.tree.proof(0)
    for other in (proof[:-1], [*proof, bytes(32)], [], proof[::-1]):
        refused(made.chain, made.claim(0, proof=other), [made.users[0]], Error.WrongProof)


def test_an_inner_node_is_no_leaf() -> None:
    """The parent's hash claimed as if it were a leaf: the domain bytes keep the two apart."""
    made = stage(users=4, leaves=4)
    leaves = [
        proofs.leaf(bytes(made.distribution), bytes(u.pubkey()), a)
        for u, a in zip(made.users, made.amounts, strict=True)
    ]
    parent = proofs.node(leaves[0], leaves[1])
    assert not proofs.leads_to(made.tree.root, keccak256(b"\0" + parent), [proofs.node(leaves[2], leaves[3])])
    short = made.claim(0, proof=[proofs.node(leaves[2], leaves[3])])
    refused(made.chain, short, [made.users[0]], Error.WrongProof)


def test_a_leaf_of_another_distribution_is_not_good_here(made: Stage) -> None:
    other = stage(chain=made.chain, number=2)
    for i in range(4):
        other.users[i] = made.users[i]
    copied = made.claim(
        0, distribution=other.distribution, vault=other.vault, mint=other.mint,
        claim_status=claim_of(other, made.users[0].pubkey()),
        destination=made.chain.open_account(made.users[0].pubkey(), other.mint),
    )  # fmt: skip
    refused(made.chain, copied, [made.users[0]], Error.WrongProof)


def claim_of(made: Stage, claimant: Pubkey) -> Pubkey:
    from fluxdesk.chains.solana.programs.addresses import claim_address

    return claim_address(PROGRAM, made.distribution, claimant)


# -- times, caps, funds ----------------------------------------


def test_claims_open_at_the_start_and_close_at_the_end() -> None:
    made = stage(start=START + 10, end=START + 20)
    refused(made.chain, made.claim(0), [made.users[0]], Error.NotStarted)
    made.chain.at(START + 9)
    refused(made.chain, made.claim(0), [made.users[0]], Error.NotStarted)
    made.chain.at(START + 10)
    made.chain.send([made.claim(0)], [made.users[0]])
    made.chain.at(START + 19)
    made.chain.send([made.claim(1)], [made.users[1]])
    made.chain.at(START + 20)
    refused(made.chain, made.claim(2), [made.users[2]], Error.Ended)


def test_the_total_cap_holds_even_if_the_tree_promises_more() -> None:
    made = stage(cap_total=2_000_007)
    made.chain.send([made.claim(0)], [made.users[0]])
    made.chain.send([made.claim(1)], [made.users[1]])
    assert made.books().allocated == 2_000_007
    refused(made.chain, made.claim(2), [made.users[2]], Error.CapTotalReached)


def test_the_count_cap_holds_even_if_the_tree_is_longer() -> None:
    made = stage(cap_count=2)
    made.chain.send([made.claim(0)], [made.users[0]])
    made.chain.send([made.claim(3)], [made.users[3]])
    refused(made.chain, made.claim(2), [made.users[2]], Error.CapCountReached)


def test_what_the_vault_does_not_hold_is_not_promised() -> None:
    made = stage(funds=1_000_000)
    made.chain.send([made.claim(0)], [made.users[0]])
    refused(made.chain, made.claim(1), [made.users[1]], Error.NotFunded)
    made.chain.mint_to(made.vault, made.mint, 1_000_007)
    made.chain.send([made.claim(1)], [made.users[1]])


def test_amounts_at_the_edge_of_64_bits_are_counted_right() -> None:
    """A leaf of nearly everything, after a claim: the sum does not wrap."""
    made = stage(cap_total=2**64 - 1, funds=10_000_000)
    huge, user = 2**64 - 1_000_000, made.users[1]
    tree = proofs.Tree(
        [
            proofs.leaf(bytes(made.distribution), bytes(made.users[0].pubkey()), 1_000_000),
            proofs.leaf(bytes(made.distribution), bytes(user.pubkey()), huge),
        ]
    )
    data = bytearray(made.chain.data(made.distribution))
    at = data.index(made.tree.root)
    data[at : at + 32] = tree.root
    made.chain.change(made.distribution, data=bytes(data))
    made.chain.send([made.claim(0, proof=tree.proof(0))], [made.users[0]])
    refused(made.chain, made.claim(1, amount=huge, proof=tree.proof(1)), [user], Error.Overflow)
    refused(made.chain, made.claim(1, amount=huge - 1, proof=tree.proof(1)), [user], Error.WrongProof)


# -- accounts ----------------------------------------


def test_the_claimant_has_to_sign(made: Stage) -> None:
    call = unsigned(made.claim(0, payer=made.chain.payer.pubkey()), CLAIMANT)
    refused(made.chain, call, [], Error.MissingSigner)


def test_the_payer_has_to_sign_and_be_written(made: Stage) -> None:
    sponsor = made.chain.keypair()
    call = made.claim(0, payer=sponsor.pubkey())
    refused(made.chain, unsigned(call, PAYER), [made.users[0]], Error.MissingSigner)
    refused(made.chain, readonly(call, PAYER), [made.users[0], sponsor], Error.NotWritable)


@pytest.mark.parametrize("at", [DISTRIBUTION, STATUS, VAULT, DESTINATION])
def test_what_is_written_has_to_be_writable(made: Stage, at: int) -> None:
    refused(made.chain, readonly(made.claim(0), at), [made.users[0]], Error.NotWritable)


def test_a_distribution_of_another_program_is_none(made: Stage) -> None:
    made.chain.change(made.distribution, owner=Pubkey.new_unique())
    refused(made.chain, made.claim(0), [made.users[0]], Error.WrongOwner)


def test_another_account_of_ours_is_no_distribution(made: Stage) -> None:
    made.chain.send([made.claim(1)], [made.users[1]])
    call = swapped(made.claim(0), DISTRIBUTION, made.status_address(1))
    refused(made.chain, call, [made.users[0]], Error.WrongAccountKind)


@pytest.mark.parametrize("length", [0, 7, 8, 100, 431, 433])
def test_a_distribution_of_another_length_is_none(made: Stage, length: int) -> None:
    data = made.chain.data(made.distribution)
    made.chain.change(made.distribution, data=(data + bytes(100))[:length])
    refused(made.chain, made.claim(0), [made.users[0]], Error.WrongAccountKind)


def test_a_distribution_with_another_tag_is_none(made: Stage) -> None:
    made.chain.change(made.distribution, data=b"\1" + made.chain.data(made.distribution)[1:])
    refused(made.chain, made.claim(0), [made.users[0]], Error.WrongAccountKind)


def test_a_verifier_count_beyond_the_account_is_not_believed(made: Stage) -> None:
    data = made.chain.data(made.distribution)
    made.chain.change(made.distribution, data=data[:-4] + struct.pack("<I", 2**32 - 1))
    refused(made.chain, made.claim(0), [made.users[0]], Error.WrongAccountKind)


def test_a_claim_stands_at_its_own_address_only(made: Stage) -> None:
    for other in (
        made.status_address(1),
        Pubkey.new_unique(),
        claim_of(stage(chain=made.chain, number=3), made.users[0].pubkey()),
    ):
        call = swapped(made.claim(0), STATUS, other)
        refused(made.chain, call, [made.users[0]], Error.WrongAddress)


def test_no_bump_gives_a_claimant_a_second_claim(made: Stage) -> None:
    """Every derived address of the obvious seeds is refused: claims are not at derived addresses at all."""
    seeds = [b"claim", bytes(made.distribution), bytes(made.users[0].pubkey())]
    derived = []
    for bump in range(255, 245, -1):
        with suppress(Exception):  # on the curve
            derived.append(Pubkey.create_program_address([*seeds, bytes([bump])], PROGRAM))
    assert len(derived) > 1
    for other in derived:
        refused(made.chain, swapped(made.claim(0), STATUS, other), [made.users[0]], Error.WrongAddress)


def test_a_claims_address_that_somebody_took_is_not_written(made: Stage) -> None:
    lamports = made.chain.svm.minimum_balance_for_rent_exemption(0)
    gift = TransferParams(from_pubkey=made.chain.payer.pubkey(), to_pubkey=made.status_address(0), lamports=lamports)
    made.chain.send([transfer(gift)])
    made.chain.change(made.status_address(0), owner=SPL_TOKEN)
    refused(made.chain, made.claim(0), [made.users[0]], Error.WrongOwner)
    made.chain.change(made.status_address(0), owner=SYSTEM, data=b"\0")
    refused(made.chain, made.claim(0), [made.users[0]], Error.WrongOwner)


def test_another_vault_is_refused(made: Stage) -> None:
    other = made.chain.other_account(made.distribution, made.mint)
    refused(made.chain, swapped(made.claim(0), VAULT, other), [made.users[0]], Error.WrongVault)


def test_a_vault_that_is_no_token_account_any_more_is_refused(made: Stage) -> None:
    made.chain.change(made.vault, owner=SYSTEM)
    refused(made.chain, made.claim(0), [made.users[0]], Error.WrongOwner)


def test_a_frozen_vault_is_refused(made: Stage) -> None:
    data = bytearray(made.chain.data(made.vault))
    data[108] = 2
    made.chain.change(made.vault, data=bytes(data))
    refused(made.chain, made.claim(0), [made.users[0]], Error.WrongOwner)


def test_another_mint_is_refused(made: Stage) -> None:
    other = made.chain.mint()
    refused(made.chain, swapped(made.claim(0), MINT, other), [made.users[0]], Error.WrongMint)


def test_a_mint_of_another_program_is_refused(made: Stage) -> None:
    made.chain.change(made.mint, owner=SYSTEM)
    refused(made.chain, made.claim(0), [made.users[0]], Error.WrongOwner)


@pytest.mark.parametrize("other", [TOKEN_2022, SYSTEM, PROGRAM])
def test_another_token_program_is_refused(made: Stage, other: Pubkey) -> None:
    call = made.claim(0)
    error = Error.RepeatedAccount if other == SYSTEM else Error.WrongProgram
    refused(made.chain, swapped(call, TOKEN, other), [made.users[0]], error)


def test_another_system_program_is_refused(made: Stage) -> None:
    call = swapped(made.claim(0), SYSTEM_AT, Pubkey.new_unique())
    refused(made.chain, call, [made.users[0]], Error.WrongProgram)


def test_tokens_go_to_the_claimants_account_only(made: Stage) -> None:
    refused(made.chain, made.claim(0, destination=made.wallets[1]), [made.users[0]], Error.WrongDestination)


def test_tokens_do_not_go_to_an_account_of_another_mint(made: Stage) -> None:
    other = made.chain.open_account(made.users[0].pubkey(), made.chain.mint())
    refused(made.chain, made.claim(0, destination=other), [made.users[0]], Error.WrongMint)


def test_tokens_do_not_go_to_what_is_no_token_account(made: Stage) -> None:
    refused(
        made.chain, made.claim(0, destination=made.chain.keypair().pubkey()), [made.users[0]], Error.WrongDestination
    )
    data = bytearray(made.chain.data(made.wallets[0]))
    data[108] = 2
    made.chain.change(made.wallets[0], data=bytes(data))
    refused(made.chain, made.claim(0), [made.users[0]], Error.WrongDestination)


@pytest.mark.parametrize(("at", "twin"), [(VAULT, DESTINATION), (STATUS, DISTRIBUTION), (MINT, VAULT), (TOKEN, MINT)])
def test_no_account_stands_at_two_places(made: Stage, at: int, twin: int) -> None:
    call = made.claim(0)
    refused(made.chain, swapped(call, at, call.accounts[twin].pubkey), [made.users[0]], Error.RepeatedAccount)


def test_the_claimant_repeated_anywhere_but_as_payer_is_refused(made: Stage) -> None:
    for at in (DISTRIBUTION, STATUS, DESTINATION):
        call = swapped(made.claim(0), at, made.users[0].pubkey())
        refused(made.chain, call, [made.users[0]], Error.RepeatedAccount)


def test_fewer_or_more_accounts_are_refused(made: Stage) -> None:
    call = made.claim(0)
    refused(made.chain, fewer(call), [made.users[0]], Error.WrongAccountCount)
    refused(made.chain, more(call), [made.users[0]], Error.WrongAccountCount)
    refused(made.chain, more(more(more(call))), [made.users[0]], Error.WrongAccountCount)
    refused(made.chain, Instruction(PROGRAM, bytes(call.data), []), [], Error.WrongAccountCount)


def test_instruction_data_has_exactly_its_length(made: Stage) -> None:
    call = made.claim(0)
    data = bytes(call.data)
    for other in (data[:-1], data + b"\0", data[:8], data[:16], data[:16] + struct.pack("<I", 33) + data[20:]):
        refused(made.chain, with_data(call, other), [made.users[0]], Error.WrongInstructionData)
    many = data[:16] + struct.pack("<I", 2**32 - 1) + data[20:]
    refused(made.chain, with_data(call, many), [made.users[0]], Error.WrongInstructionData)
    for unknown in (b"", data[:7], b"\0" * 20):
        refused(made.chain, with_data(call, unknown), [made.users[0]], Error.UnknownInstruction)


def test_a_proof_is_no_longer_than_any_tree(made: Stage) -> None:
    """Of 32 hashes each is looked at, of 33 none; a packet would not hold them."""
    refused(made.chain, made.claim(0, proof=[bytes(32)] * 32), [made.users[0]], Error.WrongProof)
    refused(made.chain, made.claim(0, proof=[bytes(32)] * 33), [made.users[0]], Error.WrongInstructionData)


def test_a_claim_without_attestations_is_none_where_they_are_asked_for() -> None:
    made = stage(mode=claim.MERKLE | claim.ATTESTED, verifiers=1, threshold=1)
    refused(made.chain, made.claim(0), [made.users[0]], Error.WrongMode)


@pytest.mark.parametrize(("per_byte", "years", "known"), [(6960, 1.0, 1), (3480, 2.0, 1), (3480, 1.5, 0), (1, 0.0, 0)])
def test_rent_is_taken_as_the_cluster_says_it_or_refused(made: Stage, per_byte: int, years: float, known: int) -> None:
    made.chain.svm.set_rent(Rent.from_bytes(struct.pack("<QdB", per_byte, years, 50)))
    if not known:
        refused(made.chain, made.claim(0), [made.users[0]], Error.UnknownRent)
        return
    made.chain.send([made.claim(0)], [made.users[0]])
    assert made.chain.lamports(made.status_address(0)) == (128 + 128) * 6960


def test_a_claim_paid_by_somebody_with_nothing_changes_nothing(made: Stage) -> None:
    poor = Keypair()
    made.chain.svm.airdrop(poor.pubkey(), 900_000)
    before = made.chain.svm.get_account(made.distribution)
    with pytest.raises(Exception, match="0x1"):
        made.chain.send([made.claim(0, payer=poor.pubkey())], [made.users[0], poor])
    assert made.chain.svm.get_account(made.distribution) == before


def test_readonly_metas_are_what_the_idl_says(made: Stage) -> None:
    call: Instruction = made.claim(0)
    written = [m.is_writable for m in call.accounts]
    signed = [m.is_signer for m in call.accounts]
    assert written == [False, True, True, True, True, True, False, False, False]
    assert signed == [True, True] + [False] * 7
    assert isinstance(call.accounts[0], AccountMeta)
    assert made.terms.end == START + 30 * DAY
