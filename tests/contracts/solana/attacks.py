"""Ways to change an instruction, and what it means to be refused."""

from collections.abc import Callable, Sequence

import pytest
from solders.instruction import AccountMeta, Instruction
from solders.keypair import Keypair
from solders.pubkey import Pubkey

from contracts.solana.stage import Chain, Failed
from fluxdesk.chains.solana.programs import claim

NAMES = {
    "claim": ["claimant", "payer", "distribution", "claim_status", "vault", "destination", "mint", "token_program",
              "system_program", "nullifier_account", "instructions"],
    "release": ["claimant", "distribution", "claim_status", "vault", "destination", "mint", "token_program"],
}  # fmt: skip


def refused(
    chain: Chain,
    calls: Instruction | Sequence[Instruction],
    signers: Sequence[Keypair],
    error: claim.Error | int,
    payer: Keypair | None = None,
) -> Failed:
    """The transaction fails with this error of the program and changes no account it names."""
    calls = [calls] if isinstance(calls, Instruction) else list(calls)
    named = {meta.pubkey for call in calls for meta in call.accounts} - {s.pubkey() for s in [chain.payer, *signers]}
    before = {key: chain.svm.get_account(key) for key in named}
    with pytest.raises(Failed) as failure:
        chain.send(calls, signers, payer)
    assert failure.value.code == error, (failure.value, error)
    assert {key: chain.svm.get_account(key) for key in named} == before
    return failure.value


def _changed(call: Instruction, at: int, change: Callable[[AccountMeta], AccountMeta]) -> Instruction:
    metas = [change(meta) if i == at else meta for i, meta in enumerate(call.accounts)]
    return Instruction(call.program_id, bytes(call.data), metas)


def unsigned(call: Instruction, at: int) -> Instruction:
    """The account does not sign."""
    return _changed(call, at, lambda m: AccountMeta(m.pubkey, False, m.is_writable))


def readonly(call: Instruction, at: int) -> Instruction:
    """The account may not be written."""
    return _changed(call, at, lambda m: AccountMeta(m.pubkey, m.is_signer, False))


def swapped(call: Instruction, at: int, key: Pubkey) -> Instruction:
    """Another account stands there."""
    return _changed(call, at, lambda m: AccountMeta(key, m.is_signer, m.is_writable))


def with_data(call: Instruction, data: bytes) -> Instruction:
    """Other bytes."""
    return Instruction(call.program_id, data, list(call.accounts))


def fewer(call: Instruction) -> Instruction:
    """The last account is left out."""
    return Instruction(call.program_id, bytes(call.data), list(call.accounts)[:-1])


def more(call: Instruction) -> Instruction:
    """One account too many."""
    metas = [*call.accounts, AccountMeta(Pubkey.new_unique(), False, False)]
    return Instruction(call.program_id, bytes(call.data), metas)
