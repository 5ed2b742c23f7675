"""The JSON schemas of every message and the extension's types, from `messages`, `errors` and `reading`. Writes nothing.

`packaging/protocol_pages.py` writes docs/protocol.schema.json and extension/src/protocol/; a test holds that they are
up to date.
"""

import json
import typing
from typing import Any

from fluxdesk_host.protocol import PROTOCOL, VERSION, messages, reading
from fluxdesk_host.protocol.errors import REFUSALS

DIALECT = "https://json-schema.org/draft/2020-12/schema"
UNIONS: dict[str, Any] = {
    "ToBridge": messages.ToBridge,
    "FromBridge": messages.FromBridge,
    "ToAgent": messages.ToAgent,
    "FromAgent": messages.FromAgent,
}


def document() -> dict[str, Any]:
    """One JSON schema with a definition for every message and every conversation."""
    import msgspec

    kinds = [*{kind for union in UNIONS.values() for kind in typing.get_args(union)}, messages.Greeting]
    _, found = msgspec.json.schema_components(kinds, ref_template="#/$defs/{name}")
    unions = {
        name: {"oneOf": [{"$ref": f"#/$defs/{kind.__name__}"} for kind in typing.get_args(union)]}
        for name, union in UNIONS.items()
    }
    return {
        "$schema": DIALECT,
        "title": "Fluxdesk protocol",
        "x-protocol": PROTOCOL,
        "x-version": VERSION,
        "x-refusals": {code: {"number": row.number, "meaning": row.meaning} for code, row in REFUSALS.items()},
        "x-reads": {namespace: sorted(methods) for namespace, methods in reading.METHODS.items()},
        "$defs": dict(sorted(found.items())) | unions,
    }


def as_json() -> str:
    """The document as it stands in files."""
    return json.dumps(document(), indent=1, sort_keys=True) + "\n"


def as_typescript() -> str:
    """The same as TypeScript types."""
    lines = [
        "// Made by packaging/protocol_pages.py from native_host/fluxdesk_host/protocol; `make docs` renews it.",
        "",
    ]
    for name, schema in sorted(document()["$defs"].items()):
        lines.append(f"export type {name} = {_typescript(schema)};")
    return "\n".join(lines) + "\n"


def refusals_table() -> str:
    """The Markdown table of refusals for docs/protocol.md."""
    rows = [f"| `{code}` | {row.number} | {row.meaning} |" for code, row in REFUSALS.items()]
    return "\n".join(["| code | number | meaning |", "|---|---|---|", *rows])


_SCALARS = {"string": "string", "integer": "number", "number": "number", "boolean": "boolean", "null": "null"}


def _typescript(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    for union in ("anyOf", "oneOf"):
        if union in schema:
            return " | ".join(_typescript(one) for one in schema[union])
    if "enum" in schema:
        return " | ".join(json.dumps(value) for value in schema["enum"])
    kind = schema.get("type")
    if kind == "array":
        inner = _typescript(schema["items"])
        return f"({inner})[]" if "|" in inner else f"{inner}[]"
    if kind == "object":
        if "properties" not in schema:
            return "{ [key: string]: unknown }"
        needed = schema.get("required", [])
        fields = [
            f"{name}{'' if name in needed else '?'}: {_typescript(field)}"
            for name, field in schema["properties"].items()
        ]
        return "{ " + "; ".join(fields) + " }"
    return _SCALARS[kind] if kind is not None else "unknown"
