"""Whatever is sent, a program answers with an error it names; it never runs off the rails."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from solders.instruction import AccountMeta, Instruction
from solders.keypair import Keypair
from solders.pubkey import Pubkey
from solders.system_program import ID as SYSTEM

from contracts.solana.pad import Pad
from contracts.solana.stage import DAY, PROGRAM, SPL_TOKEN, START, Failed, Stage, stage
from fluxdesk.chains.solana.programs import claim, launchpad
from fluxdesk.chains.solana.programs.addresses import nullifier_address
from fluxdesk.chains.solana.programs.attestations import verification

PERSON = bytes([5]) * 32
SYSVAR = Pubkey.from_string("Sysvar1nstructions1111111111111111111111111")


@pytest.fixture(scope="module")
def made() -> Stage:
    """Vesting, proof and attestations; one claim is open, one can be opened."""
    made = stage(
        mode=3, verifiers=2, threshold=1, vesting_start=START, vesting_cliff=START, vesting_end=START + 9 * DAY
    )
    text = made.message(0, PERSON)
    made.chain.send([verification(text, made.signed(text, 0)), made.claim_attested(0, PERSON)], [made.users[0]])
    return made


def keys(made: Stage) -> list[Pubkey]:
    """Every account that means something here, and one that means nothing."""
    return [
        made.users[0].pubkey(), made.users[1].pubkey(), made.admin.pubkey(), made.creator.pubkey(),
        made.chain.payer.pubkey(), made.distribution, made.vault, made.mint, SPL_TOKEN, SYSTEM, SYSVAR, PROGRAM,
        made.status_address(0), made.status_address(1), made.wallets[0], made.wallets[1],
        nullifier_address(PROGRAM, made.distribution, PERSON), Pubkey.default(), Pubkey(bytes([77]) * 32),
    ]  # fmt: skip


def is_named(failure: Failed) -> bool:
    """The program's own error, or one of a program it called, or the runtime's about rent and funds."""
    said = "".join(failure.logs)
    return "panicked" not in said and "ccess violation" not in said and "failed to complete" not in said.lower()


@settings(max_examples=400)
@given(data=st.data())
def test_any_bytes_with_any_accounts_get_a_named_answer(made: Stage, data: st.DataObject) -> None:
    start = data.draw(st.sampled_from([*claim.CALLS, b"", b"\0" * 8]))
    rest = data.draw(st.binary(max_size=300))
    pool, signers = keys(made), {k.pubkey(): k for k in [*made.users, made.admin, made.creator, made.chain.payer]}
    picked = data.draw(st.lists(st.tuples(st.sampled_from(pool), st.booleans(), st.booleans()), max_size=13))
    metas = [AccountMeta(key, signs and key in signers, writes) for key, signs, writes in picked]
    who: list[Keypair] = list({m.pubkey: signers[m.pubkey] for m in metas if m.is_signer}.values())
    _answer(made, [Instruction(PROGRAM, start + rest, metas)], who)


@settings(max_examples=400)
@given(data=st.data())
def test_a_good_call_with_some_bytes_changed_gets_a_named_answer(made: Stage, data: st.DataObject) -> None:
    i = data.draw(st.integers(0, 1))
    text = made.message(1, bytes(32))
    good = {
        "claim": made.claim(1),
        "attested": made.claim_attested(1, bytes(32)),
        "release": made.release(i),
        "claw": made.claw_back(made.wallets[1]),
        "close": made.close_claim(i),
        "end": made.close_distribution(),
        "pause": claim.pause(PROGRAM, admin=made.admin.pubkey(), distribution=made.distribution, until=2**63 - 1),
    }
    call = good[data.draw(st.sampled_from(sorted(good)))]
    body = bytearray(call.data)
    for _ in range(data.draw(st.integers(0, 4))):
        body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(body)))
    body = body[:cut] if data.draw(st.booleans()) else body
    verified = verification(text, made.signed(text, 0))
    broken = bytearray(verified.data)
    at = data.draw(st.integers(2, 15))
    broken[at] = data.draw(st.integers(0, 255))
    before = Instruction(verified.program_id, bytes(broken), [])
    _answer(made, [before, Instruction(PROGRAM, bytes(body), list(call.accounts))], [*made.users, made.admin])


@pytest.fixture(scope="module")
def pad() -> Pad:
    """A launched token."""
    return Pad()


@settings(max_examples=300)
@given(data=st.data())
def test_the_launchpad_answers_anything_with_a_name(pad: Pad, data: st.DataObject) -> None:
    start = data.draw(st.sampled_from([*launchpad.CALLS, b""]))
    call = data.draw(st.sampled_from([pad.buy(10**9), pad.spend(10**9), pad.sell(10**9), pad.create()]))
    metas = list(call.accounts)
    pool = [m.pubkey for m in (*pad.create().accounts, *pad.buy(1).accounts)] + [Pubkey.new_unique(), PROGRAM]
    for _ in range(data.draw(st.integers(0, 2))):
        at = data.draw(st.integers(0, len(metas) - 1))
        metas[at] = AccountMeta(data.draw(st.sampled_from(pool)), False, data.draw(st.booleans()))
    body = data.draw(st.one_of(st.just(bytes(call.data)), st.binary(max_size=80).map(lambda rest: start + rest)))
    who = [k for k in (pad.user, pad.creator) if any(m.is_signer and m.pubkey == k.pubkey() for m in metas)]
    stood = pad.state()
    try:
        pad.chain.send([Instruction(call.program_id, body, metas)], who)
    except Failed as failed:
        named = is_named(failed) and (failed.code is None or failed.code < 6000 or bool(launchpad.Error(failed.code)))
        stood_still = pad.state() == stood
        if not (named and stood_still):
            raise
    rent = pad.chain.svm.minimum_balance_for_rent_exemption(len(pad.chain.data(pad.curve)))
    assert pad.chain.lamports(pad.curve) == rent + pad.state().real_quote_reserves
    assert pad.chain.tokens(pad.vault) == launchpad.SUPPLY - launchpad.REAL_TOKEN + pad.state().real_token_reserves


def _answer(made: Stage, calls: list[Instruction], who: list[Keypair]) -> None:
    owed = made.books().allocated - made.books().released
    failure = _failure(made, calls, who)
    if failure is not None:
        assert is_named(failure), failure
        if failure.index == len(calls) - 1 and failure.code is not None and failure.code >= 6000:
            claim.Error(failure.code)
    books: Any = made.books()
    assert made.chain.tokens(made.vault) >= books.allocated - books.released >= 0
    assert books.allocated - books.released <= owed + made.amounts[1]


def _failure(made: Stage, calls: list[Instruction], who: list[Keypair]) -> Failed | None:
    try:
        made.chain.send(calls, who)
    except Failed as failure:
        return failure
    return None
