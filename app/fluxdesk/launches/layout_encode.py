"""Writes event payloads and instruction data by the layout tables: the inverse of `layout`, for the practice market
and tests.

Always the newest byte order, whole or up to a named field. Every field written has to be given; nothing is filled in,
since a zero would be a statement.
"""

import struct
from collections.abc import Callable, Mapping
from functools import cache
from operator import itemgetter
from typing import Any

import msgspec

from fluxdesk.core.events import Venue
from fluxdesk.launches.layout import Table
from fluxdesk.launches.layout_plan import TableLayout

Values = Mapping[str, Any]
_FIXED = {
    "bool": "?", "u8": "B", "enum": "B", "u16": "H", "u32": "I", "u64": "Q", "i64": "q", "pubkey": "32s", "u128": "16s",
    "i128": "16s",
}  # fmt: skip
_WIDE = {"u128": False, "i128": True}


class Unencodable(ValueError):
    """A value does not fit its field, or a field was not given."""


class Writer:
    """A compiled layout: named values to the bytes after `prefix`."""

    def __init__(self, prefix: bytes, fields: list[tuple[str, str | dict[str, Any]]]) -> None:
        self._prefix = prefix
        self._parts = _compile(fields)

    def write(self, values: Values) -> bytes:
        """The payload. Raises `Unencodable`."""
        try:
            return self._prefix + b"".join([part(values) for part in self._parts])
        except KeyError as missing:
            raise Unencodable(f"field {missing.args[0]} is not given") from None
        except (struct.error, OverflowError, TypeError, AttributeError) as e:
            raise Unencodable(str(e)) from e


_Part = Callable[[Values], bytes]


def _compile(fields: list[tuple[str, str | dict[str, Any]]]) -> list[_Part]:
    parts: list[_Part] = []
    run: list[tuple[str, str]] = []
    for name, kind in fields:
        if isinstance(kind, str) and _format(kind) is not None:
            run.append((name, kind))
            continue
        if run:
            parts.append(_fixed(run))
            run = []
        parts.append(_variable(name, kind))
    if run:
        parts.append(_fixed(run))
    return parts


def _format(kind: str) -> str | None:
    return f"{int(kind[6:])}s" if kind.startswith("bytes:") else _FIXED.get(kind)


def _fixed(run: list[tuple[str, str]]) -> _Part:
    """A run of fields of fixed size, written by one struct."""
    pack = struct.Struct("<" + "".join(str(_format(kind)) for _, kind in run)).pack
    get = _getter([name for name, _ in run])
    wide = [(i, _WIDE[kind]) for i, (_, kind) in enumerate(run) if kind in _WIDE]
    sizes = {name: int(fmt[:-1]) for name, k in run if k not in _WIDE and (fmt := str(_format(k)))[-1] == "s"}
    texts, right = _getter(list(sizes)), tuple(sizes.values())

    def part(values: Values) -> bytes:
        if right and tuple(map(len, texts(values))) != right:
            raise Unencodable(f"of {', '.join(sizes)} one has another length than {right}")
        if not wide:
            return pack(*get(values))
        row = list(get(values))
        for i, signed in wide:
            row[i] = row[i].to_bytes(16, "little", signed=signed)
        return pack(*row)

    return part


def _getter(names: list[str]) -> Callable[[Values], tuple[Any, ...]]:
    """The values of these names, as a tuple whatever their number."""
    if len(names) > 1:
        return itemgetter(*names)
    return lambda values: tuple([values[name] for name in names])


def _variable(name: str, kind: str | dict[str, Any]) -> _Part:
    if isinstance(kind, dict):
        branches = {int(tag): Writer(bytes([int(tag)]), fields) for tag, fields in kind["variant"].items()}

        def variant(values: Values) -> bytes:
            if values[name] not in branches:
                raise Unencodable(f"{name} has no variant {values[name]!r}")
            return branches[values[name]].write(values)

        return variant
    if kind.startswith("vec:"):
        item = _group(kind[4:])
        return lambda values: len(values[name]).to_bytes(4, "little") + b"".join([item(v) for v in values[name]])
    if kind.startswith("option:"):
        inner = _group(kind[7:])
        return lambda values: b"\0" if values[name] is None else b"\1" + inner(values[name])
    if kind == "string":
        return lambda values: _text(values[name])
    raise Unencodable(f"type {kind} is not in the table's set")


def _text(value: str) -> bytes:
    data = value.encode()
    return len(data).to_bytes(4, "little") + data


def _group(kind: str) -> Callable[[Any], bytes]:
    """One value, or a bracketed list of them."""
    if kind == "string":
        return _text
    kinds = [part.strip() for part in kind[1:-1].split(",")] if kind.startswith("(") else [kind]
    part = _fixed([(str(i), k) for i, k in enumerate(kinds)])
    if not kind.startswith("("):
        return lambda value: part({"0": value})
    return lambda value: part({str(i): v for i, v in enumerate(value)})


@cache
def _table(venue: Venue) -> Table:
    from fluxdesk.core import resources

    return msgspec.json.decode(resources.path(f"layouts/{venue}.json").read_bytes(), type=Table)


@cache
def event_writer(venue: Venue, name: str, last: str | None = None) -> Writer:
    """Writer of an event with its discriminator, up to the field `last` where programs have appended more since.

    Raises `KeyError` for an event or a field that the table does not lay out.
    """
    event = _table(venue).events[name]
    newest: TableLayout = next(layout for layout in event.layouts if layout.exact is None)
    names = [field for field, _ in newest.fields]
    if last is not None and last not in names:
        raise KeyError(last)
    end = len(names) if last is None else names.index(last) + 1
    return Writer(bytes.fromhex(event.discriminator), newest.fields[:end])


@cache
def instruction_writer(venue: Venue, name: str) -> Writer:
    """Writer of instruction data with its discriminator. Raises `KeyError` for an instruction the table does not
    name.
    """
    instruction = _table(venue).instructions[name]
    return Writer(bytes.fromhex(instruction.discriminator), instruction.args)


@cache
def instruction_accounts(venue: Venue, name: str) -> tuple[str, ...]:
    """Account names of an instruction, in order."""
    return tuple(_table(venue).instructions[name].accounts)
