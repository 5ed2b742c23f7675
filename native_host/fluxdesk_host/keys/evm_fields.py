"""EVM transactions as typed fields, read from the names JSON-RPC gives them. What contradicts itself is refused. Pure.

https://ethereum.github.io/execution-apis/ (GenericTransaction), EIP-155, 2930, 1559, 7702. Blob transactions
(type 3) are not signed here.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fluxdesk_host.keys.addresses import parse_evm_address
from fluxdesk_host.keys.errors import KeyFormatError, SigningError

LEGACY, ACCESS_LIST, FEE_MARKET, SET_CODE = 0, 1, 2, 4
_TYPES = (LEGACY, ACCESS_LIST, FEE_MARKET, SET_CODE)

_FIELDS = frozenset({
    "type", "chainId", "nonce", "gas", "gasLimit", "gasPrice", "maxFeePerGas", "maxPriorityFeePerGas", "to", "value",
    "data", "input", "accessList", "authorizationList", "from",
})  # fmt: skip
_OF_A_MINED_ONE = frozenset({
    "hash", "v", "r", "s", "yParity", "blockHash", "blockNumber", "blockTimestamp", "transactionIndex", "creates",
    "condition", "publicKey", "raw", "standardV",
})  # fmt: skip
_HEX = re.compile(r"0[xX]([0-9a-fA-F]*)")


@dataclass(frozen=True, slots=True)
class Authorization:
    """A signed EIP-7702 authorization: the signer's account shall run the code at `address` (20 bytes)."""

    chain_id: int
    address: bytes
    nonce: int
    y_parity: int
    r: int
    s: int


@dataclass(frozen=True, slots=True)
class EvmTransaction:
    """What is signed. Amounts and fees in wei, gas in units; addresses are 20 bytes, storage keys 32.

    `gas_price` belongs to types 0 and 1, the two fees to types 2 and 4. `chain_id` is None only for a legacy
    transaction from before EIP-155. `to` is None for a contract creation. `sender`, where known, must be the signer.
    """

    type: int
    chain_id: int | None
    nonce: int
    gas: int
    to: bytes | None
    value: int = 0
    data: bytes = b""
    gas_price: int = 0
    max_priority_fee: int = 0
    max_fee: int = 0
    access_list: tuple[tuple[bytes, tuple[bytes, ...]], ...] = ()
    authorizations: tuple[Authorization, ...] = ()
    sender: bytes | None = None

    def __post_init__(self) -> None:
        """Raises `SigningError` when the fields cannot stand in one transaction."""
        _check(self)


def _check(tx: EvmTransaction) -> None:
    if tx.type not in _TYPES:
        raise SigningError(f"transactions of type {tx.type} are not signed here")
    if tx.chain_id is None and tx.type != LEGACY:
        raise SigningError("the chain id is missing")
    if not 0 <= tx.nonce < 2**64 - 1:
        raise SigningError("the nonce is not below 2^64-1 (EIP-2681)")
    for what, number in (
        ("chain id", tx.chain_id or 0),
        ("gas limit", tx.gas),
        ("value", tx.value),
        ("gas price", tx.gas_price),
        ("max fee", tx.max_fee),
        ("priority fee", tx.max_priority_fee),
    ):
        if not 0 <= number < 2**256:
            raise SigningError(f"the {what} does not fit 256 bits")
    if tx.type in (LEGACY, ACCESS_LIST) and (tx.max_fee or tx.max_priority_fee):
        raise SigningError(f"a transaction of type {tx.type} has a gas price, no max fee")
    if tx.type in (FEE_MARKET, SET_CODE):
        if tx.gas_price:
            raise SigningError(f"a transaction of type {tx.type} has a max fee, no gas price")
        if tx.max_priority_fee > tx.max_fee:
            raise SigningError("the priority fee is above the max fee")
    if tx.type == LEGACY and tx.access_list:
        raise SigningError("a legacy transaction has no access list")
    if (tx.type == SET_CODE) != bool(tx.authorizations):
        raise SigningError("a transaction of type 4, and no other, carries authorizations (EIP-7702)")
    if tx.type == SET_CODE and tx.to is None:
        raise SigningError("a transaction of type 4 cannot create a contract")
    if any(len(a) != 20 for a in (tx.to, tx.sender) if a is not None):
        raise SigningError("an address has not 20 bytes")


def read_transaction(fields: Mapping[str, Any], *, lenient: bool = False) -> EvmTransaction:
    """The transaction that these JSON-RPC fields say.

    `lenient` is for vectors, never for what gets signed for a user: missing numbers are zero, decimal texts are
    numbers, and the fields that a mined transaction has on top are passed over, as is what is null.

    Raises:
        SigningError: a field is missing, unknown, not well-formed, or contradicts another; it is named.
    """
    known = _FIELDS | _OF_A_MINED_ONE if lenient else _FIELDS
    if unknown := sorted(str(n) for n, value in fields.items() if n not in known and not (lenient and value is None)):
        raise SigningError(f"unknown transaction field {unknown[0][:40]!r}")
    f = {name: value for name, value in fields.items() if value is not None and name in _FIELDS}
    for one, other in (("gas", "gasLimit"), ("input", "data")):
        if other in f:
            if one in f and _same(f[one]) != _same(f[other]):
                raise SigningError(f"{one} and {other} are both there and differ")
            f.setdefault(one, f[other])
    kind = _number(f, "type", lenient) if "type" in f else _kind(f)
    if kind not in _TYPES:
        raise SigningError(f"transactions of type {kind} are not signed here")
    fees = kind in (FEE_MARKET, SET_CODE)
    if lenient and fees and "maxFeePerGas" in f:
        f.pop("gasPrice", None)
    needed = ("nonce", "gas", "maxFeePerGas", "maxPriorityFeePerGas") if fees else ("nonce", "gas", "gasPrice")
    if not lenient and (missing := [name for name in (*needed, "chainId") if name not in f]):
        raise SigningError(f"the transaction field {missing[0]} is missing")
    if "chainId" not in f and kind != LEGACY:
        f["chainId"] = 0
    return EvmTransaction(
        type=kind,
        chain_id=_number(f, "chainId", lenient) if "chainId" in f else None,
        nonce=_number(f, "nonce", lenient),
        gas=_number(f, "gas", lenient),
        to=None if f.get("to") in (None, "0x") else _address(f["to"], "to"),
        value=_number(f, "value", lenient),
        data=_bytes(f.get("input", "0x"), "input"),
        gas_price=_number(f, "gasPrice", lenient),
        max_priority_fee=_number(f, "maxPriorityFeePerGas", lenient),
        max_fee=_number(f, "maxFeePerGas", lenient),
        access_list=_access_list(f.get("accessList", [])),
        authorizations=tuple(
            _authorization(a, lenient) for a in _list(f.get("authorizationList", []), "authorizationList")
        ),
        sender=_address(f["from"], "from") if "from" in f else None,
    )


def _same(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


def _kind(f: Mapping[str, Any]) -> int:
    """The type where none is given, as JSON-RPC servers conclude it."""
    if "authorizationList" in f:
        return SET_CODE
    if "maxFeePerGas" in f or "maxPriorityFeePerGas" in f:
        return FEE_MARKET
    return ACCESS_LIST if "accessList" in f else LEGACY


def _number(f: Mapping[str, Any], name: str, lenient: bool = False) -> int:
    value = f.get(name, 0)
    if type(value) is int and value >= 0:
        return value
    if isinstance(value, str) and len(value) <= 80:
        if match := _HEX.fullmatch(value):
            return int(match[1] or "0", 16)
        if lenient and value.isascii() and value.isdigit():
            return int(value)
    raise SigningError(f"{name} is not a number of JSON-RPC (0x and hexadecimal digits)")


def _bytes(value: object, name: str) -> bytes:
    match = _HEX.fullmatch(value) if isinstance(value, str) else None
    if match is None or len(match[1]) % 2:
        raise SigningError(f"{name} is not bytes as JSON-RPC writes them (0x and pairs of hexadecimal digits)")
    return bytes.fromhex(match[1])


def _address(value: object, name: str) -> bytes:
    try:
        return parse_evm_address(value if isinstance(value, str) else "")
    except KeyFormatError as wrong:
        raise SigningError(f"{name}: {wrong}") from None


def _list(value: object, name: str) -> list[Any]:
    if not isinstance(value, list):
        raise SigningError(f"{name} is not a list")
    return value


def _access_list(value: object) -> tuple[tuple[bytes, tuple[bytes, ...]], ...]:
    entries = []
    for entry in _list(value, "accessList"):
        if not isinstance(entry, Mapping) or not entry.keys() <= {"address", "storageKeys"}:
            raise SigningError("an entry of accessList is not an address with storageKeys")
        keys = tuple(_bytes(key, "a storage key") for key in _list(entry.get("storageKeys", []), "storageKeys"))
        if any(len(key) != 32 for key in keys):
            raise SigningError("a storage key has not 32 bytes")
        entries.append((_address(entry.get("address"), "an address of accessList"), keys))
    return tuple(entries)


def _authorization(value: object, lenient: bool) -> Authorization:
    if not isinstance(value, Mapping):
        raise SigningError("an entry of authorizationList is not an object")
    missing = [name for name in ("chainId", "nonce", "r", "s") if value.get(name) is None]
    if missing or ("yParity" not in value and not (lenient and "v" in value)):
        raise SigningError(f"an authorization lacks {(missing or ['yParity'])[0]}")
    parity = _number(value, "yParity" if "yParity" in value else "v", lenient)
    authorization = Authorization(
        chain_id=_number(value, "chainId", lenient),
        address=_address(value.get("address"), "the address of an authorization"),
        nonce=_number(value, "nonce", lenient),
        y_parity=parity - 27 if lenient and parity in (27, 28) else parity,
        r=_number(value, "r", lenient),
        s=_number(value, "s", lenient),
    )
    limits = (2**256, 2**64, 2**8, 2**256, 2**256)
    numbers = (authorization.chain_id, authorization.nonce, authorization.y_parity, authorization.r, authorization.s)
    if any(number >= limit for number, limit in zip(numbers, limits, strict=True)):
        raise SigningError("a number of an authorization is too large")
    return authorization
