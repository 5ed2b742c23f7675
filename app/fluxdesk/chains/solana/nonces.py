"""Durable nonces: accounts whose stored hash stands in for a blockhash; a message lives until the hash moves on.

The accounts are derived from their owner's address by number, so that the owner alone makes them with one signature and
they are found again from nothing. Layout: `solana-nonce` crate, `Versions` (u32), `State` (u32, 1 is initialised),
authority, hash, lamports a signature: 80 bytes. A message is durable when its first instruction advances a nonce.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from solders.hash import Hash
    from solders.instruction import Instruction
    from solders.message import Message, MessageV0
    from solders.pubkey import Pubkey

SIZE = 80
MOST = 8
"""Accounts of one owner that are looked for."""
SYSTEM = "11111111111111111111111111111111"
_INITIALISED = 1
_ADVANCE = (4).to_bytes(4, "little")


class Nonce(NamedTuple):
    """A nonce account's state."""

    authority: "Pubkey"
    hash: "Hash"


def seed(number: int) -> str:
    """What a nonce account is derived with, beside its owner."""
    return f"fluxdesk nonce {number}"


def address(owner: "Pubkey", number: int) -> "Pubkey":
    """The nonce account of a number."""
    from solders.pubkey import Pubkey

    return Pubkey.create_with_seed(owner, seed(number), Pubkey.from_string(SYSTEM))


def read(owner: str, data: bytes) -> Nonce | None:
    """None when an account is no initialised nonce account."""
    from solders.hash import Hash
    from solders.pubkey import Pubkey

    if owner != SYSTEM or len(data) != SIZE or int.from_bytes(data[4:8], "little") != _INITIALISED:
        return None
    if int.from_bytes(data[:4], "little") not in (0, 1):
        return None
    return Nonce(Pubkey.from_bytes(data[8:40]), Hash.from_bytes(data[40:72]))


def account_of(message: "Message | MessageV0") -> str | None:
    """The nonce account that a message lives by; None when it lives by a blockhash."""
    if not message.instructions:
        return None
    first, keys = message.instructions[0], message.account_keys
    if first.program_id_index >= len(keys) or str(keys[first.program_id_index]) != SYSTEM:
        return None
    accounts = bytes(first.accounts)
    if bytes(first.data)[:4] != _ADVANCE or not accounts or accounts[0] >= len(keys):
        return None
    return str(keys[accounts[0]])


def advance(owner: "Pubkey", account: "Pubkey") -> "Instruction":
    """To be the first instruction of a durable message."""
    from solders.system_program import AdvanceNonceAccountParams, advance_nonce_account

    return advance_nonce_account(AdvanceNonceAccountParams(nonce_pubkey=account, authorized_pubkey=owner))


def make(owner: "Pubkey", number: int, lamports: int) -> Sequence["Instruction"]:
    """Makes the nonce account of a number; `lamports` is its rent."""
    from solders.pubkey import Pubkey
    from solders.system_program import (
        CreateAccountWithSeedParams,
        InitializeNonceAccountParams,
        create_account_with_seed,
        initialize_nonce_account,
    )

    made = address(owner, number)
    created = CreateAccountWithSeedParams(
        from_pubkey=owner, to_pubkey=made, base=owner, seed=seed(number), lamports=lamports, space=SIZE,
        owner=Pubkey.from_string(SYSTEM),
    )  # fmt: skip
    initialised = InitializeNonceAccountParams(nonce_pubkey=made, authority=owner)
    return [create_account_with_seed(created), initialize_nonce_account(initialised)]


def close(owner: "Pubkey", account: "Pubkey", lamports: int) -> "Instruction":
    """Withdraws all that a nonce account holds, to its owner: it is gone then."""
    from solders.system_program import WithdrawNonceAccountParams, withdraw_nonce_account

    return withdraw_nonce_account(
        WithdrawNonceAccountParams(
            nonce_pubkey=account, authorized_pubkey=owner, to_pubkey=owner, lamports=lamports
        )
    )  # fmt: skip
