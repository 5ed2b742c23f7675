"""How ABI types and names stand in Python."""

import keyword
import re
from collections.abc import Iterable
from typing import Any

from fluxdesk.chains.evm.contracts.built import Built

Entry = dict[str, Any]
_ARRAY = re.compile(r"^(.*)(\[\d*\])$")
_BASES = frozenset({"Call", "Constructor", "Event", "Made", "Many", "Reverted", "Struct"})
_TAKEN = frozenset({"encode", "decode", "results"})


def canonical(entry: Entry) -> str:
    """The type as selectors and eth_abi spell it: a tuple by its members."""
    kind: str = entry["type"]
    if not kind.startswith("tuple"):
        return kind
    return f"({','.join(canonical(member) for member in entry['components'])}){kind.removeprefix('tuple')}"


def signature(entry: Entry) -> str:
    """`name(types)`."""
    return f"{entry['name']}({','.join(canonical(value) for value in entry['inputs'])})"


def constructor(contract: Built) -> str:
    """Arguments with their names, as the agent's recognisers write a method's: `address owner,uint256 share`."""
    inputs: list[Entry] = next((entry["inputs"] for entry in contract.abi if entry["type"] == "constructor"), [])
    return ",".join(f"{canonical(value)} {value['name']}" for value in inputs)


def struct_name(entry: Entry) -> str | None:
    """Name of the struct a value is, or is a list of."""
    if not entry["type"].startswith("tuple"):
        return None
    internal: str = entry["internalType"].removeprefix("struct ")
    name = internal.partition("[")[0].rpartition(".")[2]
    return name + "Struct" if name in _BASES else name


def annotation(entry: Entry) -> str:
    """The Python type of a value."""
    kind: str = entry["type"]
    if array := _ARRAY.match(kind):
        return f"tuple[{annotation({**entry, 'type': array[1]})}, ...]"
    if kind == "tuple":
        return struct_name(entry) or "object"
    if kind.startswith(("uint", "int")):
        return "int"
    return {"bool": "bool", "address": "str", "string": "str"}.get(kind, "bytes")


def shape(entry: Entry) -> str:
    """What the codec makes of a decoded value: `None` for itself, a struct's class, `Many(...)` of either."""
    array = _ARRAY.match(entry["type"])
    if array is None:
        return struct_name(entry) or "None"
    inner = shape({**entry, "type": array[1]})
    return "None" if inner == "None" else f"Many({inner})"


def snake(name: str) -> str:
    """`minAmountOut` -> `min_amount_out`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


def fields(values: Iterable[Entry]) -> list[tuple[str, Entry]]:
    """A Python name for each value, no two the same."""
    out: dict[str, Entry] = {}
    for at, value in enumerate(values):
        name = snake(value.get("name", "").strip("_")) or f"value{at}"
        if keyword.iskeyword(name) or name in _TAKEN:
            name += "_"
        while name in out:
            name += "_"
        out[name] = value
    return list(out.items())


def upper_first(name: str) -> str:
    """`createPool` -> `CreatePool`; leading underscores go."""
    bare = name.lstrip("_")
    if bare.upper() == bare:  # a constant's getter, `FIRST_SHARES`
        return "".join(part.capitalize() for part in bare.split("_"))
    return bare[0].upper() + bare[1:]
