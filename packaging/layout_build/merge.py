"""Merge the versions of a program, oldest first, into one table that reads all of them.

Rules for fields (each held by a test in tests/unit/packaging):
1. A version whose fields begin like an earlier one's extends it: one layout, `required` = the shortest version.
2. A field that only changed its name keeps its place; the newer name stands.
3. A run of fixed-width fields cut differently over the same bytes is the same layout; the newer cut stands.
4. Anything else is a second layout. The newest version's layout is the default (`exact` null); each older one is chosen
   by its exact payload lengths, which must be fixed and unlike every length of the default layout.
Pure: no file and no network here.
"""

from dataclasses import dataclass, field
from typing import Any

from layout_build.snapshot import EventLayout, Fields, InstructionLayout, LayoutError, Snapshot, width, written


@dataclass(slots=True)
class Group:
    """Versions that one field list can read."""

    fields: Fields
    enums: dict[str, list[str]]
    required: int
    lengths: set[int | None] = field(default_factory=set)


def joined(older: Fields, newer: Fields) -> tuple[Fields, int] | None:
    """One list that reads both versions and how many leading fields of it both have, or None when none does.

    The result has the newer names and cuts, followed by what the longer version has beyond the shorter.
    """
    a = b = 0
    out: Fields = []
    while a < len(older) and b < len(newer):
        if older[a] == newer[b] or _renamed(older, a, newer, b):
            out.append(newer[b])
            a, b = a + 1, b + 1
            continue
        run = _same_bytes(older, a, newer, b)
        if run is None:
            return None
        out += newer[b : run[1]]
        a, b = run
    return out + older[a:] + newer[b:], len(out)


def _renamed(older: Fields, a: int, newer: Fields, b: int) -> bool:
    """Same type in the same place, and neither name stands anywhere in the other version."""
    (old_name, old_kind), (new_name, new_kind) = older[a], newer[b]
    return old_kind == new_kind and old_name not in _names(newer) and new_name not in _names(older)


def _same_bytes(older: Fields, a: int, newer: Fields, b: int) -> tuple[int, int] | None:
    """Ends of the shortest runs of equal fixed width from `a` and `b`; None when a name in one stands elsewhere."""
    first_a, first_b = a, b
    left = right = 0
    while left != right or not left:
        side, at = (older, a) if left <= right else (newer, b)
        size = width(side[at][1]) if at < len(side) else None
        if size is None:
            return None
        if left <= right:
            left, a = left + size, a + 1
        else:
            right, b = right + size, b + 1
    moved = _names(older[first_a:a]) & _names(newer[:first_b] + newer[b:])
    came = _names(newer[first_b:b]) & _names(older[:first_a] + older[a:])
    return None if moved or came else (a, b)


def _names(fields: Fields) -> set[str]:
    return {name for name, _ in fields}


def payload_length(fields: Fields) -> int | None:
    """Bytes of all fields, None when one of them varies."""
    sizes = [width(kind) for _, kind in fields]
    return sum(s for s in sizes if s is not None) if None not in sizes else None


def _shared(shortest: Fields, version: Fields, name: str) -> int:
    """How many leading fields of the merged list both the shortest version so far and this one have, in the new cut."""
    both = joined(shortest, version)
    if both is None:
        raise LayoutError(f"{name}: a version ends inside fields that another one cuts differently")
    return both[1]


def merge_layouts(name: str, versions: list[EventLayout]) -> list[dict[str, Any]]:
    """The `layouts` of one event from its versions, oldest first.

    Raises:
        LayoutError: an older layout cannot be told from the default one by its length.
    """
    groups: list[Group] = []
    for version in versions:
        for group in reversed(groups):
            both = joined(group.fields, version.fields)
            if both is None:
                continue
            group.required = _shared(group.fields[: group.required], version.fields, name)
            group.fields = both[0]
            group.enums = {**group.enums, **version.enums}
            break
        else:
            group = Group(list(version.fields), dict(version.enums), len(version.fields))
            groups.append(group)
        group.lengths.add(payload_length(version.fields))
        groups.remove(group)
        groups.append(group)
    *older, default = groups
    for group in older:
        if None in group.lengths or group.lengths & default.lengths:
            raise LayoutError(f"{name}: an older layout has no length of its own")
    return [
        {
            "fields": written(group.fields),
            "required": group.required,
            "exact": None if group is default else sorted(n for n in group.lengths if n is not None),
            **({"enums": group.enums} if group.enums else {}),
        }
        for group in reversed(groups)
    ]


def merge_instruction(name: str, versions: list[InstructionLayout]) -> dict[str, Any]:
    """The newest accounts and arguments of one instruction, and the account lists of older versions, oldest first.

    Raises:
        LayoutError: two versions' arguments cannot be read by one list.
    """
    newest = versions[-1]
    args = list(versions[0].args)
    older: list[list[str]] = []
    for version in versions:
        both = joined(args, version.args)
        if both is None:
            raise LayoutError(f"{name}: arguments changed their layout")
        args = both[0]
        if version.accounts != newest.accounts and version.accounts not in older:
            older.append(version.accounts)
    return {
        "discriminator": newest.discriminator,
        "market": True,
        "accounts": newest.accounts,
        "args": written(args),
        **({"optional_accounts": newest.optional} if newest.optional else {}),
        **({"older_accounts": older} if older else {}),
    }


def merge(snapshots: list[Snapshot]) -> dict[str, Any]:
    """`events` and `instructions` of the table, from snapshots ordered oldest first.

    Raises:
        LayoutError: a name has two discriminators, or a layout cannot be merged.
    """
    out: dict[str, Any] = {"events": {}, "instructions": {}}
    for name in sorted({n for s in snapshots for n in s.events}):
        seen = [s.events[name] for s in snapshots if name in s.events]
        known = [e for e in seen if isinstance(e, EventLayout)]
        layouts = merge_layouts(name, known) if known else []
        out["events"][name] = {"discriminator": _one_mark(name, seen), "layouts": layouts}
    for name in sorted({n for s in snapshots for n in s.instructions}):
        found = [s.instructions[name] for s in snapshots if name in s.instructions]
        mark = _one_mark(name, found)
        full = [i for i in found if isinstance(i, InstructionLayout)]
        out["instructions"][name] = (
            merge_instruction(name, full)
            if full
            else {"discriminator": mark, "market": False, "accounts": [], "args": []}
        )
    return out


def _one_mark(name: str, seen: list[Any]) -> str:
    marks = {entry if isinstance(entry, str) else entry.discriminator for entry in seen}
    if len(marks) != 1:
        raise LayoutError(f"{name}: discriminators {sorted(marks)}")
    return str(marks.pop())
