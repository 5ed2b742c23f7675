"""One published version of a program, reduced to what the layout tables need: byte layouts, accounts, arguments.

Type names in the result are the closed set of `docs/layouts.md`. Sources: an Anchor IDL (spec 0.1.0) or one of our own
tables in `layout_sources`. Pure: no file and no network here.
"""

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

Fields = list[tuple[str, str]]

WIDTHS = {"bool": 1, "u8": 1, "enum": 1, "u16": 2, "u32": 4, "u64": 8, "i64": 8, "u128": 16, "i128": 16, "pubkey": 32}
"""Bytes of the types whose width is fixed; `bytes:N` has N, all others vary."""


class LayoutError(ValueError):
    """An IDL, a table of ours or a merge that cannot be expressed; the build stops."""


@dataclass(frozen=True, slots=True)
class EventLayout:
    """Fields in byte order, structs flattened to dotted names."""

    discriminator: str
    fields: Fields
    enums: dict[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class InstructionLayout:
    """Accounts in order, and the arguments behind the 8-byte discriminator."""

    discriminator: str
    accounts: list[str]
    args: Fields
    optional: list[str]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything one source says about one program."""

    label: str
    events: dict[str, EventLayout | str]
    """A layout for the events asked for, the bare discriminator for the others."""
    instructions: dict[str, InstructionLayout | str]


def anchor_discriminator(space: str, name: str) -> str:
    """First 8 bytes of sha256(`space:name`), Anchor's rule; `space` is `event` or `global`."""
    return hashlib.sha256(f"{space}:{name}".encode()).hexdigest()[:16]


def variant_kind(bodies: dict[str, Any]) -> str:
    """A tagged enum as one comparable string; `written` turns it into the table's object."""
    return "variant:" + json.dumps(bodies, separators=(",", ":"), sort_keys=True)


def written(fields: Fields) -> list[list[Any]]:
    """Fields as they stand in a table: a tagged enum is the object `{"variant": {tag: fields}}`."""
    return [[name, {"variant": json.loads(kind[8:])} if kind.startswith("variant:") else kind] for name, kind in fields]


def _read(pairs: list[list[Any]]) -> Fields:
    """The reverse of `written`, for our own tables."""
    return [(name, variant_kind(kind["variant"]) if isinstance(kind, dict) else kind) for name, kind in pairs]


def width(kind: str) -> int | None:
    """Bytes of a type, None when they vary."""
    return int(kind[6:]) if kind.startswith("bytes:") else WIDTHS.get(kind)


def from_idl(label: str, idl: dict[str, Any], events: list[str], market: list[str]) -> Snapshot:
    """Reduce an IDL to the wanted events and market instructions; of the rest only names and discriminators stay.

    Raises:
        LayoutError: a wanted layout uses a type outside the closed set.
    """
    types = {t["name"]: t["type"] for t in idl.get("types", [])}
    found: dict[str, EventLayout | str] = {}
    for event in idl.get("events", []):
        name, mark = event["name"], bytes(event["discriminator"]).hex()
        if name in events:
            reader = _Flattener(types)
            found[name] = EventLayout(mark, reader.fields(types[name]["fields"], ""), reader.enums)
        else:
            found[name] = mark
    instructions: dict[str, InstructionLayout | str] = {}
    for item in idl["instructions"]:
        name, mark = item["name"], bytes(item["discriminator"]).hex()
        if name in market:
            accounts = [a["name"] for a in item["accounts"]]
            optional = [a["name"] for a in item["accounts"] if a.get("optional")]
            instructions[name] = InstructionLayout(mark, accounts, _Flattener(types).fields(item["args"], ""), optional)
        else:
            instructions[name] = mark
    return Snapshot(label, found, instructions)


def from_table(label: str, table: dict[str, Any]) -> Snapshot:
    """One of our own tables: already flat, discriminators derived from the names."""
    events: dict[str, EventLayout | str] = {}
    for name, entry in table.get("events", {}).items():
        mark = anchor_discriminator("event", name)
        if entry is None:
            events[name] = mark
        else:
            events[name] = EventLayout(mark, _read(entry["fields"]), entry.get("enums", {}))
    instructions: dict[str, InstructionLayout | str] = {}
    for name, entry in table.get("instructions", {}).items():
        mark = anchor_discriminator("global", name)
        if entry is None:
            instructions[name] = mark
        else:
            args = _read(entry["args"])
            instructions[name] = InstructionLayout(mark, entry["accounts"], args, entry.get("optional", []))
    return Snapshot(label, events, instructions)


def cut(snapshot: Snapshot, cuts: dict[str, str]) -> Snapshot:
    """The snapshot with each named event ending before the named field (the manifest says why).

    Raises:
        LayoutError: there is no such event or field.
    """
    events = dict(snapshot.events)
    for name, stop in cuts.items():
        event = events.get(name)
        names = [n for n, _ in event.fields] if isinstance(event, EventLayout) else []
        if not isinstance(event, EventLayout) or stop not in names:
            raise LayoutError(f"{snapshot.label}: {name} has no field {stop} to end before")
        kept = names[: names.index(stop)]
        enums = {n: v for n, v in event.enums.items() if n in kept}
        events[name] = EventLayout(event.discriminator, event.fields[: len(kept)], enums)
    return Snapshot(snapshot.label, events, snapshot.instructions)


class _Flattener:
    """Turns IDL types into flat fields, collecting the variant names of the enums it passes."""

    def __init__(self, types: dict[str, Any]) -> None:
        self._types = types
        self.enums: dict[str, list[str]] = {}

    def fields(self, items: list[Any], prefix: str) -> Fields:
        """Flat (dotted name, type) pairs of a struct's or an argument list's fields."""
        out: Fields = []
        for place, item in enumerate(items):
            named = isinstance(item, dict) and "name" in item
            name = prefix + (item["name"].lstrip("_") if named else str(place))
            out += self._flatten(name, item["type"] if named else item)
        return out

    def _flatten(self, name: str, kind: Any) -> Fields:
        if isinstance(kind, str):
            return [(name, self._primitive(kind))]
        if "defined" in kind:
            defined = self._types[kind["defined"]["name"]]
            if defined["kind"] == "enum":
                return [(name, self._enum(name, defined["variants"]))]
            inner = defined.get("fields", [])
            if len(inner) == 1 and not isinstance(inner[0], dict):
                return self._flatten(name, inner[0])
            return self.fields(inner, f"{name}.")
        if "array" in kind:
            item, count = kind["array"]
            if item == "u8":
                return [(name, f"bytes:{count}")]
            return [pair for place in range(count) for pair in self._flatten(f"{name}.{place}", item)]
        for wrapper in ("vec", "option"):
            if wrapper in kind:
                inside = [k for _, k in self._flatten(name, kind[wrapper])]
                return [(name, f"{wrapper}:{inside[0] if len(inside) == 1 else '(' + ','.join(inside) + ')'}")]
        raise LayoutError(f"{name}: no layout for {json.dumps(kind)}")

    def _primitive(self, kind: str) -> str:
        if kind == "bytes":
            return "vec:u8"
        if kind in WIDTHS or kind == "string":
            return kind
        raise LayoutError(f"no layout for type {kind}")

    def _enum(self, name: str, variants: list[dict[str, Any]]) -> str:
        self.enums[name] = [v["name"] for v in variants]
        if not any(v.get("fields") for v in variants):
            return "enum"
        return variant_kind({str(place): self._body(name, v.get("fields", [])) for place, v in enumerate(variants)})

    def _body(self, name: str, items: list[Any]) -> list[list[str]]:
        """A variant's own fields by their last name: the struct that only carries them is not told."""
        body = [[path.rsplit(".", 1)[-1], kind] for path, kind in self.fields(items, "")]
        if len({own for own, _ in body}) != len(body):
            raise LayoutError(f"{name}: two fields of a variant have one name")
        return body
