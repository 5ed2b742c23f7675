"""Reads payloads by one layout of the tables: in the kernel by a plan (`layout_plan.py`), or here in Python, alike.

A payload may be shorter than the newest layout (older program) or longer (newer program): fields that are not there
are absent from the answer, never zero. A payload shorter than the oldest layout, or with impossible lengths or
text, is `BadPayload`.
"""

import struct
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from fluxdesk.launches.layout_plan import DISCRIMINATOR_SIZE, TableLayout, layout_plan
from fluxdesk.native import kernel
from fluxdesk.native.base58 import b58encode

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


def _size(kind: str) -> str | None:
    if kind.startswith("bytes:"):
        return f"{int(kind[6:])}s"
    return _FIXED.get(kind)


@cache
def _fixed(kind: str) -> struct.Struct:
    fmt = _size(kind)
    if fmt is None:
        raise BadPayload(f"type {kind} is not in the table's set")
    return struct.Struct("<" + fmt)


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
    """A compiled layout: bytes to named values, in the kernel where it is built."""

    def __init__(
        self, layout: TableLayout, keep: Sequence[str] | None = None, optional_keys: frozenset[str] | None = None
    ) -> None:
        """`keep` names the fields to read, all by default. With `optional_keys` every pubkey is base58 text, and the
        all-zero key in one of these fields, which programs use for "none", is None.
        """
        self.layout = layout
        self.exact = layout.exact
        self._keep = None if keep is None else frozenset(keep)
        self._optional_keys = optional_keys
        self._steps = tuple(_compile(layout.fields, self._keep))
        self.names = tuple(name for name, _ in layout.fields if self._keep is None or name in self._keep)
        plan = layout_plan(layout, self._keep, optional_keys)
        functions = kernel() if plan is not None else None
        self._plan = plan
        self._kernel = functions["read_layout"] if functions is not None else None

    def read(self, data: bytes) -> dict[str, FieldValue]:
        """Named fields of a payload that begins with its discriminator; only those that are there.

        Raises:
            BadPayload: the bytes cannot be this event.
        """
        if self._kernel is not None:
            values = self._kernel(data, self._plan)
            if values is not data:
                return dict(zip(self.names, values, strict=False))
        return self.read_python(data)

    def values(self, data: bytes) -> tuple[Any, ...]:
        """The same as `names` lists them, None for a field that is not there. Raises `BadPayload`."""
        if self._kernel is not None:
            got = self._kernel(data, self._plan)
            if got is not data:
                values: tuple[Any, ...] = got
                missing = len(self.names) - len(values)
                return values + (None,) * missing if missing else values
        read = self.read_python(data)
        return tuple(map(read.get, self.names))

    def read_python(self, data: bytes) -> dict[str, FieldValue]:
        """`read` without the kernel."""
        out: dict[str, FieldValue] = {}
        at, end = DISCRIMINATOR_SIZE, len(data)
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
        if self._optional_keys is not None:
            for name, kind in self.layout.fields:
                if kind == "pubkey" and name in out:
                    out[name] = _key_text(out[name], name in self._optional_keys)
        return out


def _key_text(value: FieldValue, optional: bool) -> str | None:
    assert isinstance(value, bytes)
    return b58encode(value) if any(value) or not optional else None


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
    fixed = _fixed(kind)
    if at + fixed.size > len(data):
        raise _Short
    (value,) = fixed.unpack_from(data, at)
    if kind in ("u128", "i128"):
        value = int.from_bytes(value, "little", signed=kind == "i128")
    return value, at + fixed.size


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
