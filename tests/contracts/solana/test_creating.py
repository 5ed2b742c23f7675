"""Opening a distribution: terms that make sense, an address that is born once, a vault nobody else can move."""

from dataclasses import replace
from typing import Any

import pytest
from solders.keypair import Keypair
from solders.pubkey import Pubkey
from solders.system_program import ID as SYSTEM
from solders.system_program import TransferParams, transfer

from contracts.solana.attacks import readonly, refused, swapped, unsigned, with_data
from contracts.solana.stage import DAY, PROGRAM, SPL_TOKEN, START, TOKEN_2022, Chain, Terms, create, stage
from fluxdesk.chains.solana.programs import claim
from fluxdesk.chains.solana.programs.addresses import distribution_address, vault_address
from fluxdesk.chains.solana.programs.claim import Error

CREATOR, PAYER, DISTRIBUTION, VAULT, MINT, TOKEN, SYSTEM_AT = range(7)
ROOT = bytes([7]) * 32
ADMIN = Pubkey.new_unique()
V = tuple(Pubkey.new_unique() for _ in range(9))


class Ready:
    """Everything a creation needs, not created yet."""

    def __init__(self, token_program: Pubkey = SPL_TOKEN, extensions: Any = ()) -> None:
        self.chain = Chain()
        self.token_program = token_program
        self.mint = self.chain.mint(token_program, extensions)
        self.creator = self.chain.keypair()
        self.terms = Terms(root=ROOT, admin=ADMIN)
        self.address = distribution_address(PROGRAM, self.creator.pubkey(), self.terms.number)
        self.vault = self.chain.open_account(self.address, self.mint, token_program)

    def call(self, **terms: Any) -> Any:
        said = replace(self.terms, **terms)
        return create(self.chain, self.creator.pubkey(), self.mint, said, self.token_program)


@pytest.fixture
def ready() -> Ready:
    return Ready()


def test_what_was_said_is_kept(ready: Ready) -> None:
    terms = {
        "mode": 3, "threshold": 2, "verifiers": V[:3], "vesting_start": START, "vesting_cliff": START + DAY,
        "vesting_end": START + 9 * DAY, "cap_total": 2**64 - 1, "cap_count": 1,
    }  # fmt: skip
    ready.chain.send([ready.call(**terms)], [ready.creator])
    kept = claim.Distribution.decode(ready.chain.data(ready.address))
    said = replace(ready.terms, **terms)
    for name in Terms.__dataclass_fields__:
        assert getattr(kept, name) == getattr(said, name), name
    assert (kept.creator, kept.payer) == (ready.creator.pubkey(), ready.chain.payer.pubkey())
    assert (kept.mint, kept.vault, kept.token_program) == (ready.mint, ready.vault, SPL_TOKEN)
    assert (kept.allocated, kept.released, kept.claims, kept.clawed_back, kept.paused_until) == (0, 0, 0, 0, 0)
    rent = ready.chain.svm.minimum_balance_for_rent_exemption(len(ready.chain.data(ready.address)))
    assert ready.chain.lamports(ready.address) == rent


WRONG: list[tuple[Error, dict[str, Any]]] = [
    (Error.WrongMode, {"mode": 0}),
    (Error.WrongMode, {"mode": 4}),
    (Error.WrongMode, {"mode": 255}),
    (Error.WrongMode, {"root": bytes(32)}),
    (Error.WrongMode, {"mode": 2, "verifiers": V[:1], "threshold": 1}),
    (Error.WrongMode, {"mode": 2, "root": bytes(32), "verifiers": V[:1], "threshold": 0}),
    (Error.WrongMode, {"mode": 2, "root": bytes(32), "verifiers": V[:1], "threshold": 2}),
    (Error.WrongMode, {"mode": 2, "root": bytes(32), "threshold": 0}),
    (Error.WrongMode, {"mode": 3, "verifiers": (V[0], V[1], V[0]), "threshold": 1}),
    (Error.WrongMode, {"mode": 3, "verifiers": (V[0], SYSTEM), "threshold": 1}),
    (Error.WrongMode, {"verifiers": V[:1]}),
    (Error.WrongMode, {"threshold": 1}),
    (Error.WrongInstructionData, {"mode": 3, "verifiers": V, "threshold": 1}),
    (Error.WrongTimes, {"start": -1}),
    (Error.WrongTimes, {"start": START, "end": START}),
    (Error.WrongTimes, {"start": START - 10, "end": START}),
    (Error.WrongTimes, {"end": 2**40 + 1}),
    (Error.WrongTimes, {"end": 2**63 - 1}),
    (Error.WrongTimes, {"vesting_start": -1}),
    (Error.WrongTimes, {"vesting_start": 5, "vesting_cliff": 4, "vesting_end": 6}),
    (Error.WrongTimes, {"vesting_start": 5, "vesting_cliff": 7, "vesting_end": 6}),
    (Error.WrongTimes, {"vesting_end": 2**40 + 1}),
    (Error.WrongTimes, {"admin_delay": DAY - 1}),
    (Error.WrongTimes, {"admin_delay": 30 * DAY + 1}),
    (Error.WrongTimes, {"admin_delay": -1}),
    (Error.WrongCaps, {"cap_total": 0}),
    (Error.WrongCaps, {"cap_count": 0}),
    (Error.WrongAdmin, {"admin": SYSTEM}),
]


@pytest.mark.parametrize(("error", "terms"), WRONG, ids=[f"{e.name}-{i}" for i, (e, _) in enumerate(WRONG)])
def test_terms_that_make_no_sense_are_refused(ready: Ready, error: Error, terms: dict[str, Any]) -> None:
    refused(ready.chain, ready.call(**terms), [ready.creator], error)


def test_the_creator_and_the_payer_have_to_sign(ready: Ready) -> None:
    refused(ready.chain, unsigned(ready.call(), CREATOR), [], Error.MissingSigner)
    other = ready.chain.keypair()
    call = swapped(ready.call(), PAYER, other.pubkey())
    refused(ready.chain, unsigned(call, PAYER), [ready.creator], Error.MissingSigner)
    refused(ready.chain, readonly(call, PAYER), [ready.creator, other], Error.NotWritable)
    refused(ready.chain, readonly(ready.call(), DISTRIBUTION), [ready.creator], Error.NotWritable)


def test_a_distribution_is_at_its_creators_address_only(ready: Ready) -> None:
    other = ready.chain.keypair()
    for address in (
        distribution_address(PROGRAM, other.pubkey(), 1),
        distribution_address(PROGRAM, ready.creator.pubkey(), 2),
        Pubkey.new_unique(),
    ):
        refused(ready.chain, swapped(ready.call(), DISTRIBUTION, address), [ready.creator], Error.WrongAddress)


def test_an_address_with_another_bump_is_refused(ready: Ready) -> None:
    seeds = [b"distribution", bytes(ready.creator.pubkey()), (1).to_bytes(8, "little")]
    _, bump = Pubkey.find_program_address(seeds, PROGRAM)
    others = []
    for lower in range(bump - 1, 0, -1):
        try:
            others.append(Pubkey.create_program_address([*seeds, bytes([lower])], PROGRAM))
        except Exception:
            continue
        if len(others) == 2:
            break
    for other in others:
        refused(ready.chain, swapped(ready.call(), DISTRIBUTION, other), [ready.creator], Error.WrongAddress)


def test_a_distribution_is_not_created_twice(ready: Ready) -> None:
    ready.chain.send([ready.call()], [ready.creator])
    refused(ready.chain, ready.call(cap_total=5), [ready.creator], Error.AlreadyExists)


@pytest.mark.parametrize("lamports", [890_880, 10**9])
def test_lamports_sent_ahead_do_not_stop_a_creation(ready: Ready, lamports: int) -> None:
    gift = TransferParams(from_pubkey=ready.chain.payer.pubkey(), to_pubkey=ready.address, lamports=lamports)
    ready.chain.send([transfer(gift)])
    ready.chain.send([ready.call()], [ready.creator])
    assert claim.Distribution.decode(ready.chain.data(ready.address)).cap_total == ready.terms.cap_total


def test_an_address_that_somebody_took_is_not_written(ready: Ready) -> None:
    gift = TransferParams(from_pubkey=ready.chain.payer.pubkey(), to_pubkey=ready.address, lamports=10**9)
    ready.chain.send([transfer(gift)])
    ready.chain.change(ready.address, owner=SPL_TOKEN)
    refused(ready.chain, ready.call(), [ready.creator], Error.WrongOwner)


def test_the_vault_is_the_associated_account_and_nobody_elses(ready: Ready) -> None:
    other = ready.chain.other_account(ready.address, ready.mint)
    refused(ready.chain, swapped(ready.call(), VAULT, other), [ready.creator], Error.WrongVault)
    good = ready.chain.data(ready.vault)
    for at, value in (
        (0, bytes(Pubkey.new_unique())),  # mint
        (32, bytes(Pubkey.new_unique())),  # owner
        (72, b"\1\0\0\0"),  # a delegate
        (108, b"\2"),  # frozen
        (108, b"\0"),  # not initialised
        (129, b"\1\0\0\0"),  # a close authority
    ):
        ready.chain.change(ready.vault, data=good[:at] + value + good[at + len(value) :])
        refused(ready.chain, ready.call(), [ready.creator], Error.WrongVault)
    ready.chain.change(ready.vault, data=good, owner=SYSTEM)
    refused(ready.chain, ready.call(), [ready.creator], Error.WrongVault)


def test_the_vault_has_to_exist(ready: Ready) -> None:
    other = ready.chain.mint()
    call = swapped(ready.call(), MINT, other)
    refused(ready.chain, call, [ready.creator], Error.WrongVault)
    missing = swapped(call, VAULT, vault_address(ready.address, other, SPL_TOKEN))
    refused(ready.chain, missing, [ready.creator], Error.WrongVault)


def test_the_mint_is_an_initialised_one_of_its_program(ready: Ready) -> None:
    good = ready.chain.data(ready.mint)
    refused(
        ready.chain,
        swapped(ready.call(), MINT, ready.chain.other_account(ADMIN, ready.mint)),
        [ready.creator],
        Error.UnsupportedMint,
    )
    ready.chain.change(ready.mint, data=good[:45] + b"\0" + good[46:])
    refused(ready.chain, ready.call(), [ready.creator], Error.UnsupportedMint)
    ready.chain.change(ready.mint, data=good[:81])
    refused(ready.chain, ready.call(), [ready.creator], Error.UnsupportedMint)
    ready.chain.change(ready.mint, data=good, owner=TOKEN_2022)
    refused(ready.chain, ready.call(), [ready.creator], Error.UnsupportedMint)


def test_only_the_two_token_programs_and_the_system_program_are_taken(ready: Ready) -> None:
    refused(ready.chain, swapped(ready.call(), TOKEN, PROGRAM), [ready.creator], Error.WrongProgram)
    refused(ready.chain, swapped(ready.call(), TOKEN, TOKEN_2022), [ready.creator], Error.UnsupportedMint)
    refused(ready.chain, swapped(ready.call(), SYSTEM_AT, ADMIN), [ready.creator], Error.WrongProgram)


def test_data_has_exactly_its_length(ready: Ready) -> None:
    call = ready.call()
    for data in (bytes(call.data)[:-1], bytes(call.data) + b"\0", bytes(call.data)[:8]):
        refused(ready.chain, with_data(call, data), [ready.creator], Error.WrongInstructionData)


def test_the_creator_may_pay() -> None:
    ready = Ready()
    call = swapped(ready.call(), PAYER, ready.creator.pubkey())
    ready.chain.send([call], [ready.creator])
    assert claim.Distribution.decode(ready.chain.data(ready.address)).payer == ready.creator.pubkey()


def authority_of(kind: int, key: Keypair | None = None) -> bytes:
    """Initialising data of Token-2022 extensions that take one authority."""
    return bytes([kind]) + bytes((key or Keypair()).pubkey())


@pytest.mark.parametrize(
    "extension",
    [
        (32, authority_of(35)),  # permanent delegate
        (0, b"\x20"),  # non-transferable
        (64, bytes([36, 0]) + bytes(Keypair().pubkey()) + bytes(32)),  # transfer hook
        (1, bytes([28, 0, 2])),  # accounts are frozen at first
        (32, bytes([25, 1]) + bytes(Keypair().pubkey())),  # closed at no supply, and made anew as any of these
    ],
    ids=["permanent delegate", "non-transferable", "transfer hook", "frozen by default", "can be closed"],
)
def test_a_mint_that_could_take_or_stop_tokens_is_refused(extension: tuple[int, bytes]) -> None:
    ready = Ready.__new__(Ready)
    ready.chain, ready.token_program = Chain(), TOKEN_2022
    ready.mint = ready.chain.mint(TOKEN_2022, [extension])
    ready.creator, ready.terms = ready.chain.keypair(), Terms(root=ROOT, admin=ADMIN)
    refused(ready.chain, ready.call(), [ready.creator], Error.UnsupportedMint)


def test_the_tag_of_another_kind_of_account_is_no_mint() -> None:
    made = stage(token_program=TOKEN_2022, extensions=[(108, fee_data())])
    data = bytearray(made.chain.data(made.mint))
    data[165] = 2
    made.chain.change(made.mint, data=bytes(data))
    again = create(made.chain, made.creator.pubkey(), made.mint, replace(made.terms, number=5), TOKEN_2022)
    refused(made.chain, again, [made.creator], Error.UnsupportedMint)


def fee_data() -> bytes:
    """InitializeTransferFeeConfig: no authorities, 1 %, at most 5,000 units."""
    return bytes([26, 0, 0, 0]) + (100).to_bytes(2, "little") + (5_000).to_bytes(8, "little")
