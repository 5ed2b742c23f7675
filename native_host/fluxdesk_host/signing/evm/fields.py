"""The fields of an EVM transaction request, taken only where they have one meaning.

Names and forms are those of JSON-RPC (`eth_sendTransaction`): quantities as 0x-hex or int, data as 0x-hex or bytes. A
field that is not known, or two that say different things, is a `BadField`; so the signer cannot sign what was not read.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fluxdesk_host.signing.text import checksummed

LONGEST_DATA = 131_072
"""Bytes of calldata; nodes refuse transactions above 128 KiB."""
MOST_AUTHORISATIONS = 64
_ADDRESS = re.compile(r"0x[0-9a-fA-F]{40}\Z")
_HEX = re.compile(r"0x[0-9a-fA-F]*\Z")
_QUANTITY = re.compile(r"0x[0-9a-fA-F]{1,64}\Z")
_NAMES = frozenset({
    "from", "to", "value", "data", "input", "nonce", "gas", "gasLimit", "gasPrice", "maxFeePerGas",
    "maxPriorityFeePerGas",
    "maxFeePerBlobGas", "blobVersionedHashes", "accessList", "authorizationList", "chainId", "type",
})  # fmt: skip


class BadField(ValueError):
    """A field does not have its form, or contradicts another one. The text is for display."""


@dataclass(frozen=True, slots=True)
class Authorisation:
    """One EIP-7702 authorisation; `signed` when it came with a signature."""

    chain: int
    address: str
    nonce: int
    signed: bool


@dataclass(frozen=True, slots=True)
class TransactionFields:
    """A transaction request in plain types. Addresses are lower-case; None where a field is absent."""

    sender: str | None
    to: str | None
    value: int
    data: bytes
    chain: int | None
    nonce: int | None
    gas: int | None
    gas_price: int | None
    max_fee: int | None
    max_priority: int | None
    access_list: int
    """How many addresses the access list names; it changes costs, not effects."""
    authorisations: tuple[Authorisation, ...] | None
    blobs: bool
    surplus: tuple[str, ...]
    """Names that no transaction has."""
    final: bool = False
    """It is the signer's own: nothing will be filled in that it lacks."""


def read_fields(given: object) -> TransactionFields:
    """The fields of a request. Raises `BadField`."""
    if not isinstance(given, Mapping):
        return _of_signer(given)
    if len(given) > 64 or not all(isinstance(k, str) for k in given):
        raise BadField("the request has names that are not text, or too many")
    fields: dict[str, Any] = {k: v for k, v in given.items() if v is not None}
    data = _same(fields, "data", "input", hex_bytes)
    gas = _same(fields, "gas", "gasLimit", quantity)
    gas_price, max_fee = _get(fields, "gasPrice", quantity), _get(fields, "maxFeePerGas", quantity)
    max_priority = _get(fields, "maxPriorityFeePerGas", quantity)
    if gas_price is not None and (max_fee is not None or max_priority is not None):
        raise BadField("it names both a gas price and a maximum fee")
    authorisations = None
    if "authorizationList" in fields:
        listed = fields["authorizationList"]
        if not isinstance(listed, (list, tuple)) or not 0 < len(listed) <= MOST_AUTHORISATIONS:
            raise BadField("the list of authorisations is empty or too long")
        authorisations = tuple(read_authorisation(a) for a in listed)
    kind = _get(fields, "type", quantity)
    if kind is not None:
        _check_type(kind, gas_price is not None, max_fee is not None, authorisations is not None)
    to = None if fields.get("to") in (None, "", "0x") else address(fields["to"])
    if authorisations is not None and to is None:
        raise BadField("a transaction with authorisations cannot create a contract")
    return TransactionFields(
        sender=_get(fields, "from", address),
        to=to,
        value=_get(fields, "value", quantity) or 0,
        data=data or b"",
        chain=_get(fields, "chainId", quantity),
        nonce=_get(fields, "nonce", quantity),
        gas=gas,
        gas_price=gas_price,
        max_fee=max_fee,
        max_priority=max_priority,
        access_list=_access_list(fields.get("accessList")),
        authorisations=authorisations,
        blobs="blobVersionedHashes" in fields or "maxFeePerBlobGas" in fields or kind == 3,
        surplus=tuple(sorted(k for k in fields if k not in _NAMES)),
    )


def _of_signer(given: object) -> TransactionFields:
    """The fields of the signer's own type, so that what is read is the very thing that is signed. Raises `BadField`."""
    from fluxdesk_host.keys.evm_fields import EvmTransaction

    if not isinstance(given, EvmTransaction):
        raise BadField("the request is not an object")
    fees = given.type in (2, 4)
    return TransactionFields(
        sender="0x" + given.sender.hex() if given.sender is not None else None,
        to="0x" + given.to.hex() if given.to is not None else None,
        value=given.value,
        data=hex_bytes(given.data),
        chain=given.chain_id,
        nonce=given.nonce,
        gas=given.gas,
        gas_price=None if fees else given.gas_price,
        max_fee=given.max_fee if fees else None,
        max_priority=given.max_priority_fee if fees else None,
        access_list=len(given.access_list),
        authorisations=tuple(
            Authorisation(a.chain_id, "0x" + a.address.hex(), a.nonce, True) for a in given.authorizations
        )
        or None,
        blobs=False,
        surplus=(),
        final=True,
    )


def read_authorisation(given: object) -> Authorisation:
    """`{chainId, address, nonce[, yParity|v, r, s]}`. Raises `BadField`."""
    if not isinstance(given, Mapping):
        raise BadField("an authorisation is not an object")
    names = {k for k, v in given.items() if v is not None}
    signature = names & {"yParity", "v", "r", "s", "signature"}
    if not {"chainId", "address", "nonce"} <= names or names - signature - {"chainId", "address", "nonce", "from"}:
        raise BadField("an authorisation has chain, address and nonce, and nothing else")
    return Authorisation(
        quantity(given["chainId"]), address(given["address"]), quantity(given["nonce"]), bool(signature)
    )


def _check_type(kind: int, priced: bool, bounded: bool, delegating: bool) -> None:
    if kind not in (0, 1, 2, 3, 4):
        raise BadField(f"transaction type {kind} is not known")
    if (kind < 2 and bounded) or (kind >= 2 and priced):
        raise BadField(f"type {kind} and the fee fields do not fit")
    if delegating != (kind == 4):
        raise BadField(f"type {kind} and the list of authorisations do not fit")


def _get(fields: dict[str, Any], name: str, read: Any) -> Any:
    return read(fields[name]) if name in fields else None


def _same(fields: dict[str, Any], one: str, other: str, read: Any) -> Any:
    """Two names of one field, which must agree where both stand: some read the first, some the second."""
    a, b = _get(fields, one, read), _get(fields, other, read)
    if a is not None and b is not None and a != b:
        raise BadField(f"{one} and {other} say different things")
    return a if a is not None else b


def address(value: object) -> str:
    """A 20-byte address, lower-case. Raises `BadField`."""
    if isinstance(value, bytes) and len(value) == 20:
        return "0x" + value.hex()
    if not isinstance(value, str) or not _ADDRESS.match(value):
        raise BadField("an address does not have the form of one")
    lower = value.lower()
    if value not in (lower, "0x" + value[2:].upper()) and value != checksummed(lower):
        raise BadField("the letters of an address do not fit their check (EIP-55): most likely one is wrong")
    return lower


def quantity(value: object) -> int:
    """A number below 2**256, as int or 0x-hex. Raises `BadField`."""
    if type(value) is int and 0 <= value < 1 << 256:
        return value
    if isinstance(value, str) and _QUANTITY.match(value):
        return int(value, 16)
    raise BadField("a number is neither 0x-hex nor in range")


def hex_bytes(value: object) -> bytes:
    """Bytes, or 0x-hex of them. Raises `BadField`."""
    if isinstance(value, bytes):
        data = value
    elif isinstance(value, str) and len(value) > 2 * LONGEST_DATA + 2:
        raise BadField("data are longer than a transaction may have")
    elif isinstance(value, str) and len(value) % 2 == 0 and _HEX.match(value):
        data = bytes.fromhex(value[2:])
    else:
        raise BadField("data are not 0x-hex")
    if len(data) > LONGEST_DATA:
        raise BadField("data are longer than a transaction may have")
    return data


def _access_list(value: object) -> int:
    if value is None:
        return 0
    if not isinstance(value, (list, tuple)) or len(value) > 4096:
        raise BadField("the access list does not have its form")
    for entry in value:
        if not isinstance(entry, Mapping) or set(entry) != {"address", "storageKeys"}:
            raise BadField("the access list does not have its form")
        address(entry["address"])
        keys = entry["storageKeys"]
        if not isinstance(keys, (list, tuple)) or not all(len(hex_bytes(k)) == 32 for k in keys):
            raise BadField("the access list does not have its form")
    return len(value)
