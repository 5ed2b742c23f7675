"""Turns a layout table into the plan by which the kernel reads payloads (`native/src/layouts.c`)."""

from typing import Any

import msgspec

DISCRIMINATOR_SIZE = 8
"""Bytes before the first field of an event or an instruction."""


class TableLayout(msgspec.Struct, frozen=True):
    """One byte order of an event. See docs/layouts.md for the meaning of `required` and `exact`."""

    fields: list[tuple[str, str | dict[str, Any]]]
    required: int
    exact: list[int] | None = None


_BOOL, _UNSIGNED, _SIGNED, _BYTES, _KEY, _OPTIONAL_KEY, _TEXT, _LIST, _OPTION = range(9)
"""The codes of src/layouts.c, in order."""
_FIXED = {
    "bool": (_BOOL, 1),
    "u8": (_UNSIGNED, 1),
    "enum": (_UNSIGNED, 1),
    "u16": (_UNSIGNED, 2),
    "u32": (_UNSIGNED, 4),
    "u64": (_UNSIGNED, 8),
    "u128": (_UNSIGNED, 16),
    "i64": (_SIGNED, 8),
    "i128": (_SIGNED, 16),
    "pubkey": (_BYTES, 32),
    "string": (_TEXT, 0),
}
_MOST_VALUES = 128


def layout_plan(layout: TableLayout, keep: frozenset[str] | None, optional_keys: frozenset[str] | None) -> bytes | None:
    """The plan, or None for a layout that only Python reads: one with a variant, whose fields depend on its tag.

    `keep` and `optional_keys` are those of `Reader`. Three bytes a step, after the place of the first field and the
    number of required fields.
    """
    out = bytearray([DISCRIMINATOR_SIZE, layout.required])
    for name, kind in layout.fields:
        steps = _steps(kind)
        if steps is None:
            return None
        if kind == "pubkey" and optional_keys is not None:
            steps = [(_OPTIONAL_KEY if name in optional_keys else _KEY, 32)]
        for code, size in steps:
            out += bytes([code, size, keep is None or name in keep])
    return bytes(out) if len(layout.fields) <= _MOST_VALUES else None


def _steps(kind: str | dict[str, Any]) -> list[tuple[int, int]] | None:
    """(code, size) of a field and, for a list or an option, of each value in it."""
    if isinstance(kind, dict):
        return None
    outer, _, inner = kind.partition(":")
    if outer == "bytes":
        return [(_BYTES, int(inner))] if int(inner) < 256 else None
    if outer not in ("vec", "option"):
        return [_FIXED[kind]] if kind in _FIXED else None
    grouped = inner.startswith("(")
    kinds = [part.strip() for part in inner[1:-1].split(",")] if grouped else [inner]
    parts = [_steps(part) for part in kinds]
    if any(part is None or len(part) != 1 for part in parts):
        return None
    return [(_LIST if outer == "vec" else _OPTION, len(parts) if grouped else 0), *(p[0] for p in parts if p)]
