"""Reads event payloads by the layout tables in `resources/layouts` (docs/layouts.md): tolerant of what is new, strict
about what is old.

A payload may be shorter than the newest layout (older program) or longer (newer program): fields that are not there
are absent from the answer, never zero. A payload shorter than the oldest layout, or with impossible lengths or
text, is `BadPayload`.
"""

import struct
from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import msgspec

from fluxdesk.core.events import Venue

FieldValue = int | bool | bytes | str | list[Any] | None
"""`pubkey` and `bytes:N` are bytes; integers are int; `enum` is int; an absent `option` is None."""

_FIXED = {
    "bool": "?",
    "u8": "B",
    "enum": "B",
    "u16": "H",
    "u32": "I",
    "u64": "Q",
    "i64": "q",
    "pubkey": "32s",
    "u128": "16s",
    "i128": "16s",
}
_MAX_TEXT = 4096
_MAX_VEC = 1024


class BadPayload(ValueError):
    """The bytes cannot be this event."""


class TableLayout(msgspec.Struct, frozen=True):
    """One byte order of an event. See docs/layouts.md for the meaning of `required` and `exact`."""

    fields: list[tuple[str, str | dict[str, Any]]]
    required: int
    exact: list[int] | None = None


class TableEvent(msgspec.Struct, frozen=True):
    """An event: its 8-byte discriminator in hex, and its byte orders (none when it is of no interest)."""

    discriminator: str
    layouts: list[TableLayout]


class TableInstruction(msgspec.Struct, frozen=True):
    """An instruction: discriminator, account names in order, arguments, and whether it moves a market."""

    discriminator: str
    accounts: list[str]
    args: list[tuple[str, str | dict[str, Any]]]
    market: bool
    older_accounts: list[list[str]] = []


class Table(msgspec.Struct, frozen=True):
    """One file of `resources/layouts`."""

    venue: Venue
    program: str
    events: dict[str, TableEvent]
    instructions: dict[str, TableInstruction]


def _size(kind: str) -> str | None:
    if kind.startswith("bytes:"):
        return f"{int(kind[6:])}s"
    return _FIXED.get(kind)


@dataclass(frozen=True, slots=True)
class _Step:
    """Either a run of fixed-size fields read by one struct, or one field of variable size."""

    names: tuple[str, ...]
    """The fields to keep."""
    wide: tuple[tuple[str, bool], ...]
    """128-bit integers among them, which `struct` cannot read: (name, signed)."""
    ends: tuple[int, ...]
    """Offset after each field of the run: how many whole fields a shorter payload holds."""
    packed: tuple[struct.Struct, ...]
    """The struct of the first n fields, for every n; fields that are not kept are padding in it."""
    variable: str | dict[str, Any] | None


class Reader:
    """A compiled layout: bytes to a dict of named values."""

    def __init__(self, layout: TableLayout, keep: frozenset[str] | None = None) -> None:
        self.layout = layout
        self.exact = layout.exact
        self._steps = tuple(_compile(layout.fields, keep))

    def read(self, data: bytes, at: int) -> dict[str, FieldValue]:
        """Fields from offset `at` on. Raises `BadPayload`."""
        out: dict[str, FieldValue] = {}
        end = len(data)
        seen = 0
        for step in self._steps:
            if step.variable is not None:
                try:
                    value, at = _variable(step.variable, data, at, out)
                except _Short:
                    break
                if step.names:
                    out[step.names[0]] = value
                seen += 1
                continue
            held = end - at
            n = len(step.ends) if held >= step.ends[-1] else bisect_right(step.ends, held)
            out.update(zip(step.names, step.packed[n].unpack_from(data, at), strict=False))
            for name, signed in step.wide:
                if name in out:
                    out[name] = int.from_bytes(out[name], "little", signed=signed)  # type: ignore[arg-type]
            seen += n
            if n < len(step.ends):
                break
            at += step.ends[-1]
        if seen < self.layout.required:
            raise BadPayload(f"{end} bytes hold {seen} of {self.layout.required} fields")
        return out


class _Short(Exception):
    """Control flow inside this module: the payload ends here."""


def _compile(fields: list[tuple[str, str | dict[str, Any]]], keep: frozenset[str] | None) -> list[_Step]:
    steps: list[_Step] = []
    run: list[tuple[str, str]] = []

    def kept(name: str) -> bool:
        return keep is None or name in keep

    def flush() -> None:
        if run:
            sizes = [str(_size(kind)) for _, kind in run]
            formats = [
                size if kept(name) else f"{struct.calcsize('<' + size)}x"
                for (name, _), size in zip(run, sizes, strict=True)
            ]
            packed = tuple(struct.Struct("<" + "".join(formats[:n])) for n in range(len(formats) + 1))
            wide = tuple((n, k == "i128") for n, k in run if k in ("u128", "i128") and kept(n))
            steps.append(
                _Step(tuple(n for n, _ in run if kept(n)), wide, tuple(p.size for p in packed[1:]), packed, None)
            )
            run.clear()

    for name, kind in fields:
        if isinstance(kind, str) and _size(kind):
            run.append((name, kind))
        else:
            flush()
            steps.append(_Step((name,) if kept(name) else (), (), (), (), kind))
    flush()
    return steps


def _scalar(kind: str, data: bytes, at: int) -> tuple[FieldValue, int]:
    if kind == "string":
        if at + 4 > len(data):
            raise _Short
        size = int.from_bytes(data[at : at + 4], "little")
        if size > _MAX_TEXT:
            raise BadPayload(f"a text of {size} bytes")
        at += 4
        if at + size > len(data):
            raise _Short
        try:
            return data[at : at + size].decode(), at + size
        except UnicodeDecodeError:
            raise BadPayload("a text is not UTF-8") from None
    fmt = _size(kind)
    if fmt is None:
        raise BadPayload(f"type {kind} is not in the table's set")
    size = struct.calcsize("<" + fmt)
    if at + size > len(data):
        raise _Short
    (value,) = struct.unpack_from("<" + fmt, data, at)
    if kind in ("u128", "i128"):
        value = int.from_bytes(value, "little", signed=kind == "i128")
    return value, at + size


def _group(kind: str, data: bytes, at: int) -> tuple[FieldValue, int]:
    """One value, or a bracketed list of them."""
    if not kind.startswith("("):
        return _scalar(kind, data, at)
    values: list[Any] = []
    for part in kind[1:-1].split(","):
        value, at = _scalar(part.strip(), data, at)
        values.append(value)
    return values, at


def _variable(
    kind: str | dict[str, Any] | None, data: bytes, at: int, out: dict[str, FieldValue]
) -> tuple[FieldValue, int]:
    if isinstance(kind, dict):
        return _variant(kind, data, at, out)
    assert kind is not None
    if kind.startswith("vec:"):
        n, at = _scalar("u32", data, at)
        if n == 0:
            return [], at
        assert isinstance(n, int)
        if n > _MAX_VEC:
            raise BadPayload(f"a list of {n} values")
        items: list[Any] = []
        for _ in range(n):
            value, at = _group(kind[4:], data, at)
            items.append(value)
        return items, at
    if kind.startswith("option:"):
        tag, at = _scalar("u8", data, at)
        if tag == 0:
            return None, at
        if tag != 1:
            raise BadPayload(f"an option tag of {tag!r}")
        return _group(kind[7:], data, at)
    return _scalar(kind, data, at)


def _variant(kind: dict[str, Any], data: bytes, at: int, out: dict[str, FieldValue]) -> tuple[FieldValue, int]:
    """A tagged enum: the tag is the field's value, its own fields are stored beside it."""
    tag, at = _scalar("u8", data, at)
    fields = kind["variant"].get(str(tag))
    if fields is None:
        raise BadPayload(f"a variant tag of {tag!r}")
    for name, sub in fields:
        value, at = _group(sub, data, at)
        out.setdefault(name, value)
    return tag, at


@dataclass(frozen=True, slots=True)
class EventLayouts:
    """All byte orders of one event."""

    name: str
    readers: tuple[Reader, ...]
    default: Reader | None

    def read(self, payload: bytes) -> dict[str, FieldValue]:
        """Named fields of a payload that begins with the discriminator. Raises `BadPayload`."""
        for reader in self.readers:
            if reader.exact is not None and len(payload) - 8 in reader.exact:
                return reader.read(payload, 8)
        if self.default is None:
            raise BadPayload(f"no layout of {self.name} has {len(payload) - 8} bytes")
        return self.default.read(payload, 8)

    def keeping(self, *names: str) -> "EventLayouts":
        """The same event, reading these fields alone."""
        keep = frozenset(names)
        readers = tuple(Reader(r.layout, keep) for r in self.readers)
        return EventLayouts(self.name, readers, next((r for r in readers if r.exact is None), None))


@dataclass(frozen=True, slots=True)
class Program:
    """One venue's table, ready to use: discriminator to event or instruction."""

    venue: Venue
    events: Mapping[bytes, EventLayouts]
    instructions: Mapping[bytes, "Instruction"]
    by_log_name: Mapping[str, "Instruction"]
    """`BuyExactSolIn` as it stands in `Program log: Instruction: ...`."""


@dataclass(frozen=True, slots=True)
class Instruction:
    """A named instruction with its account positions."""

    name: str
    market: bool
    lists: tuple[Mapping[str, int], ...]
    """Account name to position, newest list first."""
    args: Callable[[bytes], dict[str, FieldValue]]

    def slot(self, name: str, count: int) -> int | None:
        """Position of a named account among `count`: by the list of that length, else by the newest list."""
        for names in self.lists:
            if len(names) == count:
                return names.get(name)
        return self.lists[0].get(name)


def _instruction(name: str, table: TableInstruction) -> Instruction:
    reader = Reader(TableLayout(table.args, 0))
    lists = tuple({a: i for i, a in enumerate(accounts)} for accounts in (table.accounts, *table.older_accounts))
    return Instruction(name, table.market, lists, lambda data: reader.read(data, 8))


@cache
def program(venue: Venue) -> Program:
    """The table of a venue, read once from `resources/layouts/<venue>.json`."""
    from fluxdesk.core import resources

    table = msgspec.json.decode(resources.path(f"layouts/{venue}.json").read_bytes(), type=Table)
    events = {}
    for name, event in table.events.items():
        readers = tuple(Reader(layout) for layout in event.layouts)
        default = next((r for r in readers if r.exact is None), None)
        events[bytes.fromhex(event.discriminator)] = EventLayouts(name, readers, default)
    instructions = {n: _instruction(n, i) for n, i in table.instructions.items()}
    return Program(
        venue,
        events,
        {bytes.fromhex(table.instructions[n].discriminator): i for n, i in instructions.items()},
        {"".join(part.capitalize() for part in n.split("_")): i for n, i in instructions.items()},
    )
