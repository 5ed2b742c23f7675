"""Recorded mainnet transactions through the reader: nothing is misread, and amounts are those that the chain moved.

The message bytes are put together again from the recorded JSON; that they are the very bytes that were signed is shown
by the recorded signature. Instructions that programs made inside are read one by one in messages of their own.
"""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from solders.hash import Hash
from solders.instruction import AccountMeta, Instruction
from solders.message import Message
from solders.pubkey import Pubkey

from fluxdesk.native.base58 import b58decode
from fluxdesk_host.signing import Effect, EffectKind, Reading, read_solana_message, read_solana_text
from needs import real_data

WSOL = "So11111111111111111111111111111111111111112"
NATIVE_TOKENS = {"Token", "Token-2022"}
WHOLE = [
    "meteora_dbc/dbc_create.json",
    "pumpfun_2024/jupiterAggregatorV6_sharedAccountsRoute_1.json",
    "pumpfun_2024/pumpfun_buy_0.json",
    "pumpfun_2024/pumpfun_create_0.json",
    "pumpfun_2024/pumpfun_sell_0.json",
    "pumpfun_2024/raydiumLiquidityPoolV4_swap_0.json",
]
"""Recordings that hold every byte of the message; the others leave some out."""


class Ran(NamedTuple):
    """An instruction that ran: program, accounts, data."""

    program: str
    accounts: tuple[str, ...]
    data: bytes


def recorded(name: str) -> dict[str, Any]:
    given = json.loads(real_data(name).read_bytes())
    given = given[0] if isinstance(given, list) else given
    found: dict[str, Any] = given.get("result", given)
    return found


def compact(number: int) -> bytes:
    out = bytearray()
    while number >= 0x80:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*out, number])


def wire(tx: dict[str, Any]) -> bytes:
    """The message as it was signed."""
    message, head = tx["transaction"]["message"], tx["transaction"]["message"]["header"]
    out = b"" if tx.get("version") in (None, "legacy") else b"\x80"
    out += bytes(head[k] for k in ("numRequiredSignatures", "numReadonlySignedAccounts", "numReadonlyUnsignedAccounts"))
    keys = [b58decode(k) for k in message["accountKeys"]]
    out += compact(len(keys)) + b"".join(keys) + b58decode(message["recentBlockhash"])
    out += compact(len(message["instructions"]))
    for ix in message["instructions"]:
        data = b58decode(ix["data"])
        out += bytes([ix["programIdIndex"]]) + compact(len(ix["accounts"])) + bytes(ix["accounts"])
        out += compact(len(data)) + data
    if tx.get("version") == 0:
        tables = message.get("addressTableLookups") or []
        out += compact(len(tables))
        for table in tables:
            out += b58decode(table["accountKey"])
            for indexes in (table["writableIndexes"], table["readonlyIndexes"]):
                out += compact(len(indexes)) + bytes(indexes)
    return out


def tables(tx: dict[str, Any]) -> dict[str, list[str]]:
    """What the tables hold where the transaction looks, as the chain resolved it."""
    loaded = tx["meta"].get("loadedAddresses") or {"writable": [], "readonly": []}
    held: dict[str, dict[int, str]] = {}
    for side, indexes in (("writable", "writableIndexes"), ("readonly", "readonlyIndexes")):
        addresses = iter(loaded[side])
        for table in tx["transaction"]["message"].get("addressTableLookups") or []:
            for index in table[indexes]:
                held.setdefault(table["accountKey"], {})[index] = next(addresses)
    return {table: [at.get(i, "") for i in range(max(at) + 1)] for table, at in held.items()}


def keys(tx: dict[str, Any]) -> list[str]:
    own = [k["pubkey"] if isinstance(k, dict) else k for k in tx["transaction"]["message"]["accountKeys"]]
    loaded = tx["meta"].get("loadedAddresses") or {"writable": [], "readonly": []}
    return own if isinstance(tx["transaction"]["message"]["accountKeys"][0], dict) else [
        *own, *loaded["writable"], *loaded["readonly"],
    ]  # fmt: skip


def read(tx: dict[str, Any]) -> Reading:
    return read_solana_message(wire(tx), tables(tx), account=keys(tx)[0])


def ran(tx: dict[str, Any]) -> Iterator[Ran]:
    """Every instruction that ran and whose bytes are recorded, those that programs made included."""
    if "transaction" not in tx:  # as a webhook tells it
        for ix in tx["instructions"]:
            for one in (ix, *ix["innerInstructions"]):
                yield Ran(one["programId"], tuple(one["accounts"]), b58decode(one["data"]))
        return
    at = keys(tx)
    lists = [tx["transaction"]["message"]["instructions"]]
    lists += [inner["instructions"] for inner in tx["meta"]["innerInstructions"] or []]
    for ix in (ix for some in lists for ix in some):
        if "programIdIndex" in ix:
            yield Ran(at[ix["programIdIndex"]], tuple(at[i] for i in ix["accounts"]), b58decode(ix["data"]))
        elif "data" in ix:
            yield Ran(ix["programId"], tuple(ix["accounts"]), b58decode(ix["data"]))


def alone(one: Ran) -> Reading:
    """An instruction in a message of its own; the payer is nobody in it."""
    payer = Pubkey(b"\1" * 32)
    metas = [AccountMeta(Pubkey.from_string(a), False, True) for a in one.accounts]
    ix = Instruction(Pubkey.from_string(one.program), one.data, metas)
    return read_solana_message(bytes(Message.new_with_blockhash([ix], payer, Hash(b"\7" * 32))))


def changes(effects: tuple[Effect, ...]) -> Counter[str]:
    """What a reading says that token accounts gain and lose."""
    moved: Counter[str] = Counter()
    for effect in effects:
        if effect.kind in (EffectKind.TOKEN_OUT, EffectKind.BURN):
            assert effect.source is not None
            assert effect.amount is not None
            assert effect.bound == "exact"
            moved[effect.source] -= effect.amount
        if effect.kind in (EffectKind.TOKEN_OUT, EffectKind.MINT) and effect.to is not None:
            moved[effect.to] += effect.amount or 0
    return moved


def balances(tx: dict[str, Any]) -> dict[str, tuple[str, int]]:
    """Token account to (mint, change) as the chain has it."""
    if "transaction" not in tx:
        return {
            c["tokenAccount"]: (c["mint"], int(c["rawTokenAmount"]["tokenAmount"]))
            for account in tx["accountData"]
            for c in account["tokenBalanceChanges"]
        }
    at = keys(tx)
    found: dict[str, tuple[str, int]] = {}
    for sign, side in ((-1, "preTokenBalances"), (1, "postTokenBalances")):
        for balance in tx["meta"][side]:
            mint, change = found.get(at[balance["accountIndex"]], (balance["mint"], 0))
            found[at[balance["accountIndex"]]] = (mint, change + sign * int(balance["uiTokenAmount"]["amount"]))
    return found


@pytest.mark.parametrize("name", WHOLE)
def test_the_bytes_are_those_that_were_signed(real_data: Path, name: str) -> None:
    tx = recorded(name)
    key = Ed25519PublicKey.from_public_bytes(b58decode(keys(tx)[0]))
    key.verify(b58decode(tx["transaction"]["signatures"][0]), wire(tx))


@pytest.mark.parametrize("name", WHOLE)
def test_a_recorded_transaction_has_its_form_and_its_fee(real_data: Path, name: str) -> None:
    tx = recorded(name)
    reading = read(tx)
    assert "malformed" not in {r.code for r in reading.reasons}
    assert reading.fee is not None
    assert reading.fee.most == tx["meta"]["fee"]
    assert [c.target for c in reading.calls] == [
        keys(tx)[ix["programIdIndex"]] for ix in tx["transaction"]["message"]["instructions"]
    ]
    assert "unresolved-accounts" not in {r.code for r in reading.reasons}
    assert read_solana_text(wire(tx)).danger == 5  # and as a message it is a trap


@pytest.mark.parametrize("name", [*WHOLE, "meteora_dbc/dbc_buy.json"])
def test_tokens_that_moved_are_those_that_were_read(real_data: Path, name: str) -> None:
    tx = recorded(name)
    said: Counter[str] = Counter()
    for one in ran(tx):
        reading = alone(one)
        if reading.calls[0].name in NATIVE_TOKENS:
            assert reading.complete, reading.sentence
            said.update(changes(reading.effects))
    seen = balances(tx)
    plain = {account: change for account, (mint, change) in seen.items() if mint != WSOL}
    assert {account: said[account] for account in plain} == plain
    assert {account for account in said if said[account]} <= seen.keys() | wrapped(tx)


def wrapped(tx: dict[str, Any]) -> set[str]:
    """Accounts of wrapped SOL that were made and closed on the way: no balance of theirs is recorded."""
    return {one.accounts[0] for one in ran(tx) if alone(one).calls[0].name == "Token" and one.data[:1] == b"\x09"}


@pytest.mark.parametrize("name", [*WHOLE, "meteora_dbc/dbc_buy.json"])
def test_every_instruction_of_a_program_on_our_list_is_read(real_data: Path, name: str) -> None:
    for one in ran(recorded(name)):
        reading = alone(one)
        if reading.calls[0].name:
            assert reading.complete, (one, reading.sentence)
        else:
            assert reading.danger >= 4
            assert reading.unknown[0].raw == one.data


def coverage() -> tuple[int, int, int, int]:
    """(instructions read, all; transactions complete, all) of the recordings."""
    inner = [alone(one).complete for name in [*WHOLE, "meteora_dbc/dbc_buy.json"] for one in ran(recorded(name))]
    whole = [read(recorded(name)).complete for name in WHOLE]
    return sum(inner), len(inner), sum(whole), len(whole)


if __name__ == "__main__":
    print("{} of {} instructions read; {} of {} transactions complete".format(*coverage()))
