"""A deployment through Solana's upgradeable loader, as every tool does it: buffer, writes, deploy."""

import struct
from collections.abc import Callable, Sequence

from solders.instruction import AccountMeta, Instruction
from solders.keypair import Keypair
from solders.pubkey import Pubkey
from solders.system_program import ID as SYSTEM
from solders.system_program import CreateAccountParams, create_account

LOADER = Pubkey.from_string("BPFLoaderUpgradeab1e11111111111111111111111")
RENT = Pubkey.from_string("SysvarRent111111111111111111111111111111111")
CLOCK = Pubkey.from_string("SysvarC1ock11111111111111111111111111111111")
CHUNK = 900


def deployed(
    so: bytes,
    me: Pubkey,
    rent: Callable[[int], int],
    send: Callable[[Sequence[Instruction], Sequence[Keypair]], object],
) -> Pubkey:
    """The program's address. `send` raises when a transaction fails."""
    buffer, key = Keypair(), Keypair()

    def account(new: Keypair, space: int) -> Instruction:
        return create_account(
            CreateAccountParams(from_pubkey=me, to_pubkey=new.pubkey(), lamports=rent(space), space=space, owner=LOADER)
        )

    writes = AccountMeta(buffer.pubkey(), False, True)
    begin = Instruction(LOADER, struct.pack("<I", 0), [writes, AccountMeta(me, False, False)])
    send([account(buffer, 37 + len(so)), begin], [buffer])
    for at in range(0, len(so), CHUNK):
        part = so[at : at + CHUNK]
        data = struct.pack("<IIQ", 1, at, len(part)) + part
        send([Instruction(LOADER, data, [writes, AccountMeta(me, True, False)])], [])
    held, _ = Pubkey.find_program_address([bytes(key.pubkey())], LOADER)
    metas = [AccountMeta(me, True, True)]
    metas += [AccountMeta(k, False, True) for k in (held, key.pubkey(), buffer.pubkey())]
    metas += [AccountMeta(k, False, False) for k in (RENT, CLOCK, SYSTEM)]
    metas.append(AccountMeta(me, True, False))
    send([account(key, 36), Instruction(LOADER, struct.pack("<IQ", 2, len(so)), metas)], [key])
    return key.pubkey()
