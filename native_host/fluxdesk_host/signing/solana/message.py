"""The wire form of a Solana message: legacy and version 0, taken only where every byte has its place.

Source: Solana's transaction format (short-vector lengths, header, version prefix, address table lookups). Lengths
must be in their shortest form and indexes in range. Raises `BadMessage` only.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fluxdesk_host.signing.solana.base58 import b58encode

PACKET = 1232
"""Bytes a transaction may have on the network."""
_ADDRESS = re.compile(r"[1-9A-HJ-NP-Za-km-z]{32,44}\Z")
LONGEST = 4096
"""Above the packet, so that a message that is too large is still said to be one; versions to come may allow more."""


class BadMessage(ValueError):
    """The bytes are not a message. The text is for display."""


@dataclass(frozen=True, slots=True)
class Account:
    """An account of a message. `address` None: it stands in a table that was not resolved, at `table`[`index`]."""

    address: str | None
    signer: bool
    writable: bool
    table: str | None = None
    index: int = 0

    @property
    def shown(self) -> str:
        """The address, or where it would have to be looked up."""
        return self.address if self.address is not None else f"unknown account {self.index} of table {self.table}"


@dataclass(frozen=True, slots=True)
class RawInstruction:
    """Program and accounts by index, and the data."""

    program: int
    accounts: tuple[int, ...]
    data: bytes


@dataclass(frozen=True, slots=True)
class Message:
    """A message in its parts."""

    version: int | None
    """None for a legacy message."""
    signers: int
    accounts: tuple[Account, ...]
    """The keys of the message itself, then those of its tables: all writable ones, then all read-only ones."""
    stated: int
    """How many of `accounts` are keys of the message itself."""
    blockhash: str
    instructions: tuple[RawInstruction, ...]
    tables: tuple[str, ...]
    unresolved: int


class _Cursor:
    """Reads forward; never past the end."""

    __slots__ = ("at", "data")

    def __init__(self, data: bytes, at: int = 0) -> None:
        self.data, self.at = data, at

    def take(self, size: int) -> bytes:
        end = self.at + size
        if end > len(self.data):
            raise BadMessage("the message ends too early")
        taken = self.data[self.at : end]
        self.at = end
        return taken

    def length(self) -> int:
        """A compact-u16 in its shortest form."""
        value = 0
        for shift in (0, 7, 14):
            byte = self.take(1)[0]
            value |= (byte & 0x7F) << shift
            if not byte & 0x80:
                if value > 0xFFFF or (shift and not byte):
                    break
                return value
        raise BadMessage("a length is not in its shortest form")


def split_transaction(data: bytes) -> bytes | None:
    """The message of a transaction with its signatures before it; None where there is none."""
    cursor = _Cursor(data)
    try:
        count = cursor.length()
        cursor.take(64 * count)
    except BadMessage:
        return None
    message = data[cursor.at :]
    if not count or not message:
        return None
    head = message[1] if message[0] & 0x80 and len(message) > 1 else message[0]
    return message if head == count else None


def parse_message(data: bytes, lookup: Mapping[str, Sequence[str]] | None = None) -> Message:
    """A message out of its bytes; accounts of tables out of `lookup` (table address to its addresses). Raises
    `BadMessage`.
    """
    if len(data) > LONGEST:
        raise BadMessage("the message is longer than any transaction")
    cursor = _Cursor(data)
    first = cursor.take(1)[0]
    version: int | None = None
    if first & 0x80:
        version = first & 0x7F
        if version != 0:
            raise BadMessage(f"message version {version} is not known")
        first = cursor.take(1)[0]
    signers, (fixed_signers, fixed_rest) = first, cursor.take(2)
    count = cursor.length()
    if not 0 < signers <= count or fixed_signers >= signers or fixed_rest > count - signers:
        raise BadMessage("the numbers of signers and accounts do not fit")
    keys = [b58encode(cursor.take(32)) for _ in range(count)]
    if len(set(keys)) != count:
        raise BadMessage("an account stands twice")
    blockhash = b58encode(cursor.take(32))
    instructions = tuple(_instruction(cursor) for _ in range(cursor.length()))
    accounts = [
        Account(key, i < signers, i < signers - fixed_signers if i < signers else i < count - fixed_rest)
        for i, key in enumerate(keys)
    ]
    tables: list[str] = []
    if version == 0:
        tables = _lookups(cursor, accounts, lookup or {})
    if cursor.at != len(data):
        raise BadMessage(f"{len(data) - cursor.at} bytes are left over")
    for instruction in instructions:
        if not 0 < instruction.program < count:
            raise BadMessage("an instruction names no program")
        if any(i >= len(accounts) for i in instruction.accounts):
            raise BadMessage("an instruction names an account that is not there")
    unresolved = sum(a.address is None for a in accounts)
    return Message(version, signers, tuple(accounts), count, blockhash, instructions, tuple(tables), unresolved)


def _instruction(cursor: _Cursor) -> RawInstruction:
    program = cursor.take(1)[0]
    accounts = tuple(cursor.take(cursor.length()))
    return RawInstruction(program, accounts, cursor.take(cursor.length()))


def _lookups(cursor: _Cursor, accounts: list[Account], lookup: Mapping[str, Sequence[str]]) -> list[str]:
    tables: list[str] = []
    writable: list[Account] = []
    fixed: list[Account] = []
    for _ in range(cursor.length()):
        table = b58encode(cursor.take(32))
        held = lookup.get(table, ())
        tables.append(table)
        for found, may_write in ((writable, True), (fixed, False)):
            for index in cursor.take(cursor.length()):
                given = held[index] if index < len(held) else None
                known = given if isinstance(given, str) and _ADDRESS.match(given) else None
                found.append(Account(known, False, may_write, table, index))
        if not writable and not fixed:
            raise BadMessage("a lookup table is named and not used")
    accounts += [*writable, *fixed]
    if len(accounts) > 256:
        raise BadMessage("there are more accounts than an instruction can name")
    return tables
