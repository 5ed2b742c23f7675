"""Solana messages: the bytes that are signed. Legacy or version 0, with lookup tables where they make it shorter.

Limits: a packet holds 1,232 bytes of transaction (IPv6 minimum MTU less headers), a transaction locks at most 64
accounts. To make a lookup table costs more than it saves on a list that is paid once: only tables that exist are used.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from solders.address_lookup_table_account import AddressLookupTableAccount
    from solders.hash import Hash
    from solders.instruction import Instruction
    from solders.message import Message, MessageV0
    from solders.pubkey import Pubkey

BUDGET = "ComputeBudget111111111111111111111111111111"
PACKET = 1232
LOCKS = 64
COMPUTE_MOST = 1_400_000
SIGNATURE_LAMPORTS = 5_000
_MICRO = 1_000_000
_ACTIVE = (1 << 64) - 1


class TooLarge(ValueError):
    """The instructions do not fit one transaction."""


def build(
    payer: "Pubkey",
    instructions: Sequence["Instruction"],
    blockhash: "Hash",
    tables: Sequence["AddressLookupTableAccount"] = (),
    legacy: bool = False,
) -> bytes:
    """The message as it is signed: the shorter one of with and without the tables. Raises `TooLarge`."""
    from solders.message import Message, MessageV0, to_bytes_versioned

    calls = list(instructions)
    message = (
        Message.new_with_blockhash(calls, payer, blockhash)
        if legacy
        else MessageV0.try_compile(payer, calls, [], blockhash)
    )
    data, locks = to_bytes_versioned(message), len(message.account_keys)
    if tables and not legacy:
        shorter = to_bytes_versioned(MessageV0.try_compile(payer, calls, list(tables), blockhash))
        data = min(data, shorter, key=len)
    signatures = message.header.num_required_signatures
    size = 1 + 64 * signatures + len(data)
    if size > PACKET or locks > LOCKS:
        raise TooLarge(f"{size} bytes of {PACKET}, {locks} accounts of {LOCKS}")
    return data


def read_table(address: "Pubkey", data: bytes, slot: int) -> "AddressLookupTableAccount | None":
    """A lookup table's account as of a slot; None when it is not one, is being closed, or was extended just now."""
    from solders.address_lookup_table_account import AddressLookupTable, AddressLookupTableAccount

    try:
        table = AddressLookupTable.deserialize(data)
    except ValueError:
        return None
    if table.meta.deactivation_slot != _ACTIVE:
        return None
    usable = table.addresses
    if table.meta.last_extended_slot >= slot:
        usable = usable[: table.meta.last_extended_slot_start_index]
    return AddressLookupTableAccount(address, usable)


def is_writable(message: "Message | MessageV0", index: int) -> bool:
    """Whether a message asks to write to one of the keys that it names itself."""
    header, count = message.header, len(message.account_keys)
    signed = header.num_required_signatures
    if index < signed:
        return index < signed - header.num_readonly_signed_accounts
    return index < count - header.num_readonly_unsigned_accounts


def transaction(message: bytes, signature: bytes) -> bytes:
    """The wire form of a message with its one signature."""
    return b"\x01" + signature + message


def budget(limit: int, price: int) -> list["Instruction"]:
    """Compute units at most, and micro-lamports offered for each; no price, no instruction for it."""
    from solders.compute_budget import set_compute_unit_limit, set_compute_unit_price

    return [set_compute_unit_limit(limit), *([set_compute_unit_price(price)] if price else [])]


def trial_budget() -> list["Instruction"]:
    """For trying out what a transaction uses: both instructions, at no price, so that the account need not hold one."""
    from solders.compute_budget import set_compute_unit_limit, set_compute_unit_price

    return [set_compute_unit_limit(COMPUTE_MOST), set_compute_unit_price(0)]


def fee(limit: int, price: int, signatures: int = 1) -> int:
    """Lamports: 5,000 a signature and the priority fee, which is charged on the limit, used or not."""
    return signatures * SIGNATURE_LAMPORTS + -(-limit * price // _MICRO)


def padded_units(used: int) -> int:
    """The limit for a transaction that used so many units in simulation: a tenth more."""
    return min(-(-used * 11 // 10), COMPUTE_MOST)


def percentile(prices: Sequence[int], percent: int) -> int:
    """The price that so many percent of recent slots did not exceed; 0 without any."""
    ordered = sorted(prices)
    return ordered[min(len(ordered) * percent // 100, len(ordered) - 1)] if ordered else 0
