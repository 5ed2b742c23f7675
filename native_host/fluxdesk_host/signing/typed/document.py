"""A typed-data document, taken only where it has one meaning, with the values as they are hashed.

Source: EIP-712, in the form `eth_signTypedData_v4` takes. Only what the types name is part of the hash: a field
that the types do not name is said to be unsigned, one that is missing makes the document malformed. Raises
`BadDocument` only.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from fluxdesk_host.signing.depth import is_deep, is_deep_text
from fluxdesk_host.signing.draft import Draft
from fluxdesk_host.signing.evm.call import Scene
from fluxdesk_host.signing.reading import EffectKind
from fluxdesk_host.signing.text import checksummed, short_hex

Types = Mapping[str, tuple[tuple[str, str], ...]]

LONGEST = 262_144
_DEEPEST = 16
_MOST_TYPES = 64
_MOST_VALUES = 4096
_NAME = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]{0,127}\Z")
_LABEL = re.compile(r"[ !-'*+\--~]{1,128}\Z")
"""Of a field: printable ASCII without what separates fields in a type; some protocols have spaces there."""
_ARRAY = re.compile(r"(.*)\[(\d{0,4})\]\Z", re.DOTALL)
_INTEGER = re.compile(r"(u?)int(\d{1,3})\Z")
_FIXED = re.compile(r"bytes(\d{1,2})\Z")
_ADDRESS = re.compile(r"0x[0-9a-fA-F]{40}\Z")
_HEX = re.compile(r"0x[0-9a-fA-F]*\Z")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,77})\Z")
_HEX_NUMBER = re.compile(r"0x[0-9a-fA-F]{1,64}\Z")
_DOMAIN = (
    ("name", "string"), ("version", "string"), ("chainId", "uint256"), ("verifyingContract", "address"),
    ("salt", "bytes32"),
)  # fmt: skip


class BadDocument(ValueError):
    """The document has no single meaning. The text is for display."""


@dataclass(frozen=True, slots=True)
class Document:
    """A document whose values fit its types. Structs are dicts, arrays tuples, addresses lower-case 0x-hex, bytes
    bytes.
    """

    scene: Scene
    primary: str
    types: Types
    """The structs that the primary type is made of; others of the document are not part of the hash."""
    domain: dict[str, Any]
    message: dict[str, Any]
    unsigned: tuple[str, ...]

    @property
    def draft(self) -> Draft:
        """Where findings go."""
        return self.scene.draft

    @property
    def contract(self) -> str | None:
        """The contract that is to check the signature."""
        return self.domain.get("verifyingContract")

    def warn(self, code: str, **values: object) -> None:
        """Add a reason; addresses are written as explorers write them."""
        self.draft.warn(code, "", **{k: checksummed(v) if isinstance(v, str) else v for k, v in values.items()})

    def effect(self, kind: EffectKind, **fields: object) -> None:
        """Add an effect."""
        self.draft.effect(kind, **fields)

    def for_account(self, stated: str) -> None:
        """Warn where the document speaks for another account than the one that is to sign."""
        if self.scene.account is not None and stated != self.scene.account:
            self.warn("account-mismatch", stated=stated, wanted=self.scene.account)


def load(given: object) -> dict[str, Any]:
    """The document out of JSON text, or as it is. Raises `BadDocument`."""
    if isinstance(given, (str, bytes)):
        if len(given) > LONGEST:
            raise BadDocument("the document is too long")
        if is_deep_text(given):
            raise BadDocument("the document is nested too deeply")
        try:
            given = json.loads(given, object_pairs_hook=_once)
        except (ValueError, RecursionError):
            raise BadDocument("the document is not JSON, or names a field twice") from None
    if not isinstance(given, dict):
        raise BadDocument("the document is not an object")
    if is_deep(given):
        raise BadDocument("the document is nested too deeply")
    return given


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    out = dict(pairs)
    if len(out) != len(pairs):
        raise ValueError("a name stands twice")
    return out


def parse(given: dict[str, Any], scene: Scene) -> Document:
    """The document with its values checked. Raises `BadDocument`."""
    surplus = [str(k) for k in given if k not in ("types", "primaryType", "domain", "message")]
    types = _types(given.get("types"))
    primary = given.get("primaryType")
    domain_types = types.setdefault("EIP712Domain", _domain_types(given.get("domain")))
    if not isinstance(primary, str) or primary not in types or primary == "EIP712Domain":
        raise BadDocument("the primary type is not one of the types")
    if any(field not in _DOMAIN for field in domain_types):
        raise BadDocument("the domain has fields that EIP-712 does not know")
    walk = _Values(types)
    domain = walk.struct("EIP712Domain", given.get("domain"), "domain", 0)
    message = walk.struct(primary, given.get("message"), "message", 0)
    return Document(scene, primary, _reachable(primary, types), domain, message, (*surplus, *walk.unsigned))


def _domain_types(domain: object) -> tuple[tuple[str, str], ...]:
    """The domain's type where the document defines none: the fields that are there, in the order of EIP-712."""
    return tuple(field for field in _DOMAIN if isinstance(domain, dict) and field[0] in domain)


def _types(given: object) -> dict[str, tuple[tuple[str, str], ...]]:
    if not isinstance(given, dict) or len(given) > _MOST_TYPES:
        raise BadDocument("the types are not an object, or too many")
    out: dict[str, tuple[tuple[str, str], ...]] = {}
    for name, fields in given.items():
        if not isinstance(name, str) or not _NAME.match(name) or _is_atom(name):
            raise BadDocument("a type has a name that no struct can have")
        if not isinstance(fields, list) or len(fields) > 128:
            raise BadDocument(f"the fields of {name} are not a list, or too many")
        pairs = []
        for field in fields:
            if (
                not isinstance(field, dict)
                or not isinstance(field.get("name"), str)
                or not isinstance(field.get("type"), str)
            ):
                raise BadDocument(f"a field of {name} has no name or no type")
            if not _LABEL.match(field["name"]):
                raise BadDocument(f"a field of {name} has a name that no field can have")
            pairs.append((field["name"], field["type"]))
        if len({n for n, _ in pairs}) != len(pairs):
            raise BadDocument(f"a field of {name} stands twice")
        out[name] = tuple(pairs)
    for name, pairs2 in out.items():
        for _, kind in pairs2:
            base = _base(kind)
            if base not in out and not _is_atom(base):
                raise BadDocument(f"a field of {name} has a type that is not known")
    return out


def _base(kind: str) -> str:
    for _ in range(_DEEPEST):
        array = _ARRAY.match(kind)
        if array is None:
            return kind
        if array[2] and (int(array[2]) == 0 or array[2] != str(int(array[2]))):
            raise BadDocument("an array has a length that is not one")
        kind = array[1]
    raise BadDocument("arrays are nested too deeply")


def _is_atom(name: str) -> bool:
    if name in ("address", "bool", "bytes", "string"):
        return True
    if integer := _INTEGER.match(name):
        return integer[2] == str(int(integer[2])) and int(integer[2]) % 8 == 0 and 8 <= int(integer[2]) <= 256
    fixed = _FIXED.match(name)
    return fixed is not None and fixed[1] == str(int(fixed[1])) and 1 <= int(fixed[1]) <= 32


def _reachable(primary: str, types: Types) -> Types:
    found: dict[str, tuple[tuple[str, str], ...]] = {}
    waiting = [primary]
    while waiting:
        name = waiting.pop()
        if name in found or name not in types:
            continue
        found[name] = types[name]
        waiting += [_base(kind) for _, kind in types[name]]
    return found


class _Values:
    """Walks a document's values along its types, counting them."""

    def __init__(self, types: Types) -> None:
        self.types = types
        self.unsigned: list[str] = []
        self.left = _MOST_VALUES

    def struct(self, name: str, value: object, path: str, depth: int) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise BadDocument(f"{path} is not an object")
        fields = self.types[name]
        out = {}
        for field, kind in fields:
            if field not in value:
                raise BadDocument(f"{path} lacks the field {field}")
            out[field] = self.value(kind, value[field], f"{path}.{field}", depth + 1)
        if len(value) > len(out) and len(self.unsigned) < 16:
            self.unsigned += [f"{path}.{k}"[:64] for k in list(value)[:32] if k not in out]
        return out

    def value(self, kind: str, value: object, path: str, depth: int) -> Any:
        self.left -= 1
        if depth > _DEEPEST or self.left < 0:
            raise BadDocument("the document is nested too deeply or has too many values")
        if array := _ARRAY.match(kind):
            if not isinstance(value, list) or (array[2] and len(value) != int(array[2])):
                raise BadDocument(f"{path} is not a list of the right length")
            return tuple(self.value(array[1], v, f"{path}[{i}]", depth + 1) for i, v in enumerate(value))
        if kind in self.types:
            return self.struct(kind, value, path, depth)
        try:
            return _atom(kind, value)
        except BadDocument:
            raise BadDocument(f"{path} is not of type {kind}") from None


def _atom(kind: str, value: object) -> Any:
    if kind == "string" and isinstance(value, str):
        if not value.isascii() and any("\ud800" <= c <= "\udfff" for c in value):
            raise BadDocument("half a character has no UTF-8 form")
        return value
    if kind == "bool" and isinstance(value, bool):
        return value
    if kind == "address" and isinstance(value, str) and _ADDRESS.match(value):
        return value.lower()
    if kind.startswith("bytes") and isinstance(value, str) and len(value) % 2 == 0 and _HEX.match(value):
        data = bytes.fromhex(value[2:])
        if kind == "bytes" or len(data) == int(kind[5:]):
            return data
    if integer := _INTEGER.match(kind):
        number = whole_number(value)
        bits, low = int(integer[2]), 0
        if not integer[1]:
            bits, low = bits - 1, -(1 << (bits - 1))
        if low <= number < 1 << bits:
            return number
    raise BadDocument("a value does not fit its type")


def whole_number(value: object) -> int:
    """A number as int, in decimal or in 0x-hex. Raises `BadDocument`."""
    if type(value) is int:
        return value
    if isinstance(value, str) and (_NUMBER.match(value) or _HEX_NUMBER.match(value)) and value != "-0":
        return int(value, 16 if value.startswith("0x") else 10)
    raise BadDocument("a number is not whole")


def flattened(value: object, path: str = "") -> Iterator[tuple[str, str]]:
    """(path, text) of every value below a struct, in the order of its fields."""
    if isinstance(value, dict):
        for name, inner in cast("dict[str, object]", value).items():
            yield from flattened(inner, f"{path}.{name}" if path else name)
    elif isinstance(value, tuple):
        if not value:
            yield path, "[]"
        for i, inner in enumerate(value):
            yield from flattened(inner, f"{path}[{i}]")
    elif isinstance(value, bytes):
        yield path, short_hex(value)
    elif isinstance(value, str) and len(value) == 42 and _ADDRESS.match(value):
        yield path, checksummed(value.lower())
    else:
        yield path, str(value)
