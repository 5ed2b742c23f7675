"""Every method of the registry, cut at every byte: the whole is read, no part of it is."""

from typing import Any

import pytest
from eth_abi.abi import encode
from solders import system_program as system
from solders.hash import Hash
from solders.instruction import AccountMeta, Instruction
from solders.message import Message
from solders.pubkey import Pubkey

from fluxdesk_host.signing import EffectKind, read_solana_message, standard
from fluxdesk_host.signing.abi import AbiType
from fluxdesk_host.signing.registry import EvmMethod
from requests_to_sign import FRIEND, SOON, TOKEN, read

ME, OTHER = Pubkey(b"\1" * 32), Pubkey(b"\2" * 32)


def sample(t: AbiType) -> Any:
    """A plain value of a type: lists of one, bytes of three."""
    if t.kind == "tuple":
        return tuple(sample(f) for f in t.inner)
    if t.kind == "array":
        return [sample(t.inner[0])] * (t.count or 1)
    plain: dict[str, Any] = {"address": FRIEND, "bool": True, "bytes": b"abc", "string": "abc", "fixed": b"\1" * t.size}
    return plain.get(t.kind, min(SOON, 2 ** (t.size - 1) - 1))


@pytest.mark.parametrize("method", [m for m in standard().methods if m.types], ids=lambda m: m.canonical[:60])
def test_no_cut_of_a_call_is_believed(method: EvmMethod) -> None:
    whole = method.selector + encode([t.text for t in method.types], [sample(t) for t in method.types])
    target = dict(method.contracts or {(1, TOKEN)})[1]
    assert read(whole, target).calls[0].name == method.canonical
    for end in range(1, len(whole)):
        reading = read(whole[:end], target)
        assert reading.danger >= 4
        assert not reading.complete
        assert [e.kind for e in reading.effects] == [EffectKind.UNKNOWN]
        assert reading.unknown[0].raw == whole[:end]


def test_no_cut_of_a_system_instruction_is_believed() -> None:
    given = [
        system.transfer(system.TransferParams(from_pubkey=ME, to_pubkey=OTHER, lamports=5)),
        system.create_account_with_seed(
            system.CreateAccountWithSeedParams(
                from_pubkey=ME, to_pubkey=OTHER, base=ME, seed="seed", lamports=7, space=9, owner=OTHER
            )
        ),
        system.assign_with_seed(system.AssignWithSeedParams(address=OTHER, base=ME, seed="s", owner=OTHER)),
        system.authorize_nonce_account(
            system.AuthorizeNonceAccountParams(nonce_pubkey=OTHER, authorized_pubkey=ME, new_authority=OTHER)
        ),
    ]
    for whole in given:
        data = bytes(whole.data)
        for part in (*(data[:end] for end in range(len(data))), data + b"\0"):
            metas = [AccountMeta(a.pubkey, a.is_signer, a.is_writable) for a in whole.accounts]
            cut = Instruction(whole.program_id, part, metas)
            reading = read_solana_message(bytes(Message.new_with_blockhash([cut], ME, Hash(b"\7" * 32))))
            assert not reading.complete
            assert [e.kind for e in reading.effects] == [EffectKind.UNKNOWN]
