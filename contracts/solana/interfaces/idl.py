"""The IDL of a program in Anchor's format (specification 0.1.0)."""

import json
from typing import Any

from interfaces.model import FIRST_ERROR, Field, Program


def idl(program: Program) -> str:
    """The text of the IDL file."""
    records = [*program.accounts, *program.events]
    said: dict[str, Any] = {
        "address": program.address,
        "metadata": {
            "name": program.name,
            "version": program.version,
            "spec": "0.1.0",
            "description": program.doc,
        },
        "instructions": [
            {
                "name": call.name,
                "docs": [call.doc],
                "discriminator": list(call.discriminator),
                "accounts": [
                    {"name": a.name}
                    | ({"docs": [a.doc]} if a.doc else {})
                    | ({"writable": True} if a.writable else {})
                    | ({"signer": True} if a.signer else {})
                    | ({"address": a.address} if a.address else {})
                    for a in call.accounts
                ],
                "args": _fields(call.args),
            }
            for call in program.instructions
        ],
        "accounts": [{"name": r.name, "discriminator": list(r.discriminator)} for r in program.accounts],
        "events": [{"name": r.name, "discriminator": list(r.discriminator)} for r in program.events],
        "errors": [
            {"code": FIRST_ERROR + i, "name": name, "msg": text} for i, (name, text) in enumerate(program.errors)
        ],
        "types": [{"name": r.name, "type": {"kind": "struct", "fields": _fields(r.fields)}} for r in records],
        "constants": [{"name": name, "type": "u64", "value": str(value)} for name, value in program.constants.items()],
    }
    return json.dumps(said, indent=1) + "\n"


def _fields(fields: tuple[Field, ...]) -> list[dict[str, Any]]:
    return [{"name": f.name} | ({"docs": [f.doc]} if f.doc else {}) | {"type": _type(f.type)} for f in fields]


def _type(name: str) -> Any:
    if name.startswith("vec:"):
        return {"vec": _type(name[4:])}
    return {"array": ["u8", 32]} if name == "hash" else name
