"""The claim program of practice: each instruction of its IDL is read, exactly, and on a local cluster only."""

import json
from pathlib import Path
from typing import Any

import pytest
from solders.hash import Hash
from solders.instruction import AccountMeta, Instruction
from solders.message import Message
from solders.pubkey import Pubkey

from fluxdesk_host.signing import EffectKind, Reading, read_solana_message
from fluxdesk_host.signing.solana.claims import ADDRESS

IDL = json.loads((Path(__file__).parents[4] / "contracts/solana/idl/fluxdesk_claim.json").read_text())
ME = Pubkey(bytes([7] * 32))
INSTRUCTIONS = {ix["name"]: ix for ix in IDL["instructions"]}


def key(n: int) -> Pubkey:
    return Pubkey(bytes([n] * 32))


def packed(kind: Any) -> bytes:
    """A value of a type of the IDL, borsh."""
    if isinstance(kind, dict) and "array" in kind:
        return bytes([9]) * kind["array"][1]
    if isinstance(kind, dict):
        return (2).to_bytes(4, "little") + packed(kind["vec"]) * 2
    sizes = {"u8": 1, "u64": 8, "i64": 8, "pubkey": 32}
    return bytes(key(40)) if kind == "pubkey" else (3).to_bytes(sizes[kind], "little")


def message(name: str, data: bytes | None = None, missing: int = 0) -> bytes:
    ix = INSTRUCTIONS[name]
    if data is None:
        data = bytes(ix["discriminator"]) + b"".join(packed(a["type"]) for a in ix["args"])
    metas = [
        AccountMeta(ME if a.get("signer") else key(50 + i), a.get("signer", False), a.get("writable", False))
        for i, a in enumerate(ix["accounts"])
    ]
    made = Instruction(Pubkey.from_string(ADDRESS), data, metas[: len(metas) - missing])
    return bytes(Message.new_with_blockhash([made], ME, Hash.default()))


def read(raw: bytes, chain: str = "solana:local") -> Reading:
    return read_solana_message(raw, None, "node:wallet", account=str(ME), chain=chain)


def test_the_address_is_that_of_the_idl() -> None:
    assert IDL["address"] == ADDRESS


@pytest.mark.parametrize("name", INSTRUCTIONS)
def test_every_instruction_is_read_to_the_last_byte(name: str) -> None:
    reading = read(message(name))
    assert reading.complete, name
    assert str(key(50 + [a["name"] for a in INSTRUCTIONS[name]["accounts"]].index("distribution"))) in reading.sentence
    ix = INSTRUCTIONS[name]
    data = bytes(ix["discriminator"]) + b"".join(packed(a["type"]) for a in ix["args"])
    assert not read(message(name, data + b"\0")).complete
    assert not read(message(name, data[:-1])).complete
    assert not read(message(name, missing=1)).complete


@pytest.mark.parametrize("chain", ["solana:mainnet", "solana:devnet", None])
def test_on_another_cluster_it_is_an_unknown_program(chain: str | None) -> None:
    reading = read_solana_message(message("claim"), None, "x", account=str(ME), chain=chain)
    assert not reading.complete
    assert reading.danger == 4


def test_an_unknown_instruction_of_it_is_unread() -> None:
    assert not read(message("claim", b"\0" * 16)).complete


def test_a_claim_says_amount_token_and_where_it_goes() -> None:
    reading = read(message("claim"))
    (back,) = [e for e in reading.effects if e.kind is EffectKind.TOKEN_IN]
    assert (back.asset, back.amount, back.bound, back.to) == (f"spl:{key(56)}", 3, "most", str(key(55)))
    assert "claims-into" in {r.code for r in reading.reasons}


def test_a_change_of_administrator_is_the_highest_danger() -> None:
    for name in ("propose_admin", "accept_admin"):
        reading = read(message(name))
        assert reading.danger == 5
        assert any(e.kind is EffectKind.OWNERSHIP for e in reading.effects)


def test_rent_that_goes_to_another_is_said() -> None:
    assert "closes-to-other" in {r.code for r in read(message("close_claim")).reasons}


def test_no_list_is_taken_for_longer_than_it_is() -> None:
    head = bytes(INSTRUCTIONS["claim"]["discriminator"]) + (5).to_bytes(8, "little")
    assert not read(message("claim", head + (1 << 31).to_bytes(4, "little") + bytes(64))).complete
