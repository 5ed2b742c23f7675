"""EIP-712: typed data read once, checked, cut to what is signed, and hashed. Pure.

https://eips.ethereum.org/EIPS/eip-712 . Where the EIP is silent this does what wallets do (eth_signTypedData_v4):
arrays, a struct that is null hashes to zero, a shorter value of bytesN is filled up on the right. What they disagree
about is an error. Structs have identifiers for names, and no field's name holds what separates fields, so that no
name can imitate another definition.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from fluxdesk_host.keys.addresses import public_to_evm
from fluxdesk_host.keys.curves import secp256k1_public, sign_digest
from fluxdesk_host.keys.eip191 import rsv
from fluxdesk_host.keys.errors import SigningError
from fluxdesk_host.keys.keccak import keccak256
from fluxdesk_host.keys.secret import Secret
from fluxdesk_host.keys.typed_values import atomic, is_atomic

DOMAIN = "EIP712Domain"
DEEPEST = 32
"""Structs and arrays inside each other that are read."""
LONGEST_KIND = 512
"""Characters of a field's type."""
DOMAIN_FIELDS = (
    ("name", "string"),
    ("version", "string"),
    ("chainId", "uint256"),
    ("verifyingContract", "address"),
    ("salt", "bytes32"),
)
"""The EIP's order, for typed data that does not define its domain."""

_IDENTIFIER = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]{0,255}")
_LABEL = re.compile(r"[ !-'*+\--~]{1,256}")
"""Of a field: printable ASCII without comma and brackets; some protocols have spaces there."""
_TYPE = re.compile(r"([A-Za-z_$][A-Za-z0-9_$]{0,255})((?:\[[0-9]{0,9}\])*)")

Fields = tuple[tuple[str, str], ...]
"""(name, type) in order."""


@dataclass(frozen=True, slots=True)
class TypedData:
    """Typed data whose every part is signed: types that are used, and the values that they name."""

    primary: str
    types: Mapping[str, Fields]
    domain: Mapping[str, Any]
    message: Mapping[str, Any]
    unsigned: tuple[str, ...]
    """Paths of values that were there and are not signed, because no type names them. They mean nothing."""
    digest: bytes = field(repr=False)
    """The 32 bytes that are signed."""
    domain_separator: bytes = field(repr=False)
    struct_hash: bytes = field(repr=False)
    """Of the message; empty where the domain alone is signed."""


def read_typed_data(source: str | bytes | Mapping[str, Any]) -> TypedData:
    """Typed data from its JSON text or object, as `eth_signTypedData_v4` takes it.

    Raises:
        SigningError: not well-formed; the place is named.
    """
    document = _document(source)
    types = _types(document.get("types"))
    domain = document.get("domain", {})
    if not isinstance(domain, Mapping):
        raise SigningError("domain is not an object")
    if DOMAIN not in types:
        types[DOMAIN] = _domain_fields(domain)
    primary = document.get("primaryType")
    if not isinstance(primary, str) or primary not in types:
        raise SigningError("primaryType is none of the types")
    reader = _Reader(types)
    signed_domain, separator = reader.struct(DOMAIN, domain, "domain", 0)
    if primary == DOMAIN:
        message: dict[str, Any] = {}
        body = b""
    else:
        given = document.get("message")
        if not isinstance(given, Mapping):
            raise SigningError("message is not an object")
        message, body = reader.struct(primary, given, "message", 0)
    used = {name: types[name] for name in types if name in reader.used}
    digest = keccak256(b"\x19\x01" + separator + body)
    return TypedData(primary, used, signed_domain, message, tuple(reader.unsigned), digest, separator, body)


def sign_typed_data(private: Secret, data: TypedData) -> bytes:
    """The 65-byte signature (r, s, 27 or 28). Raises `KeyFormatError`."""
    return rsv(sign_digest(private, data.digest))


def signer_address(private: Secret) -> bytes:
    """The address (20 bytes) that `sign_typed_data` signs for. Raises `KeyFormatError`."""
    return public_to_evm(secp256k1_public(private, compressed=False))


def _document(source: str | bytes | Mapping[str, Any]) -> Mapping[str, Any]:
    if isinstance(source, str | bytes):
        try:
            source = json.loads(source)
        except (ValueError, RecursionError):
            raise SigningError("the typed data is not JSON") from None
    if not isinstance(source, Mapping):
        raise SigningError("the typed data is not an object")
    return source


def _types(given: object) -> dict[str, Fields]:
    if not isinstance(given, Mapping):
        raise SigningError("types is not an object")
    types: dict[str, Fields] = {}
    for name, fields in given.items():
        if not isinstance(name, str) or not _IDENTIFIER.fullmatch(name) or is_atomic(name):
            raise SigningError(f"types.{str(name)[:60]}: not the name of a struct")
        types[name] = _fields(name, fields)
    return types


def _fields(name: str, fields: object) -> Fields:
    if not isinstance(fields, list):
        raise SigningError(f"types.{name} is not a list of fields")
    read: dict[str, str] = {}
    for entry in fields:
        if (
            not isinstance(entry, Mapping)
            or not isinstance(entry.get("name"), str)
            or not isinstance(entry.get("type"), str)
        ):
            raise SigningError(f"types.{name}: a field is not a name with a type")
        label, kind = entry["name"], entry["type"]
        if not _LABEL.fullmatch(label):
            raise SigningError(f"types.{name}: {label[:60]!r} is not the name of a field")
        if label in read:
            raise SigningError(f"types.{name}: the field {label} is there twice")
        if len(kind) > LONGEST_KIND or not _TYPE.fullmatch(kind):
            raise SigningError(f"types.{name}.{label}: {kind[:60]!r} is not a type")
        read[label] = kind
    return tuple(read.items())


def _domain_fields(domain: Mapping[str, Any]) -> Fields:
    known = tuple((name, kind) for name, kind in DOMAIN_FIELDS if name in domain)
    if strange := [name for name in domain if name not in dict(DOMAIN_FIELDS)]:
        raise SigningError(f"domain.{str(strange[0])[:60]}: no field of a domain, and types does not define one")
    return known


class _Reader:
    """Walks values and types together, once: hashes, keeps what is signed, notes what is not."""

    def __init__(self, types: Mapping[str, Fields]) -> None:
        self._types = types
        self._hashes: dict[str, bytes] = {}
        self.used: set[str] = set()
        self.unsigned: list[str] = []

    def struct(self, name: str, value: Mapping[str, Any], place: str, depth: int) -> tuple[dict[str, Any], bytes]:
        """(the fields that are signed, hashStruct)."""
        fields = self._types[name]
        encoded, kept = [self._type_hash(name)], {}
        for label, kind in fields:
            kept[label], word = self._value(kind, value.get(label), f"{place}.{label}", depth, label in value)
            encoded.append(word)
        self.unsigned += [f"{place}.{extra}"[:200] for extra in value if extra not in kept]
        return kept, keccak256(b"".join(encoded))

    def _value(self, kind: str, value: Any, place: str, depth: int, present: bool = True) -> tuple[Any, bytes]:
        """(what is signed of a value, its 32 bytes)."""
        if depth > DEEPEST:
            raise SigningError(f"{place[:200]}: nested deeper than {DEEPEST}")
        if kind.endswith("]"):
            return self._array(kind, value, place, depth)
        if kind in self._types:
            if value is None:
                self._type_hash(kind)
                return None, bytes(32)
            if not isinstance(value, Mapping):
                raise SigningError(f"{place}: not an object of type {kind}")
            return self.struct(kind, value, place, depth + 1)
        if not present or value is None:
            raise SigningError(f"{place}: the value is missing")
        return value, atomic(kind, value, place)

    def _array(self, kind: str, value: Any, place: str, depth: int) -> tuple[list[Any], bytes]:
        inner, _, size = kind[:-1].rpartition("[")
        if not isinstance(value, list):
            raise SigningError(f"{place}: not a list of type {kind}")
        if size and len(value) != int(size):
            raise SigningError(f"{place}: {len(value)} values where the type has {size}")
        if not value:
            self._type_hash(inner.partition("[")[0])
        parts = [self._value(inner, item, f"{place}[{i}]", depth + 1) for i, item in enumerate(value)]
        return [part for part, _ in parts], keccak256(b"".join(word for _, word in parts))

    def _type_hash(self, name: str) -> bytes:
        if name not in self._hashes:
            self._hashes[name] = keccak256(self._encode_type(name).encode())
        return self._hashes[name]

    def _encode_type(self, name: str) -> str:
        """The struct's definition, then those of all structs it reaches, by name."""
        reached: set[str] = set()
        todo = [name]
        while todo:
            if (current := todo.pop()) in reached or current not in self._types:
                if not is_atomic(current) and current not in reached:
                    raise SigningError(f"types.{name}: {current[:60]} is not defined")
                continue
            reached.add(current)
            todo += [kind.partition("[")[0] for _, kind in self._types[current]]
        self.used |= reached
        order = [name, *sorted(reached - {name})] if name in reached else []
        return "".join(f"{n}({','.join(f'{kind} {label}' for label, kind in self._types[n])})" for n in order)
