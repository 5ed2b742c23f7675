"""Reads the agent's audit log for the Log page: newest first, a page at a time, filtered. Blocks; for another thread.

It only reads. Whether the log is whole is the agent's to say, which has the wallet's key; here a record that cannot be
read ends the list and is said.
"""

import os
import struct
from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final, Literal

import msgspec

from fluxdesk_host.agent.audit import Entry, export
from fluxdesk_host.agent.audit_file import LONGEST, MAGIC, OVERHEAD

Group = Literal["all", "requests", "signatures", "changes"]
GROUPS: Final[Mapping[Group, frozenset[str]]] = MappingProxyType(
    {
        "all": frozenset(),
        "requests": frozenset({"asked", "refused", "rejected", "died"}),
        "signatures": frozenset({"signed", "withheld"}),
        "changes": frozenset(),
    }
)
"""Events of each group; `all` has every one, `changes` those that are in no other."""
_LENGTH: Final = struct.Struct("<I")
_HEAD: Final = 4 + 32
_DECODE: Final = msgspec.json.Decoder(Entry).decode
SCANNED: Final = 200_000
"""Records that are looked at for one page before it is given as it is, so that no search takes minutes."""


@dataclass(frozen=True, slots=True)
class Page:
    """A part of the list. `before` is where the next, older one goes on; None: this was the last."""

    entries: tuple[Entry, ...]
    before: int | None
    records: int
    unreadable: bool = False


class LogFile:
    """One log; remembers where its records begin."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._identity = 0
        self._offsets = array("Q")
        self._end = len(MAGIC)

    def page(self, before: int | None, most: int, group: Group = "all", text: str = "") -> Page:
        """The newest records before a number that fit, newest first. Raises `OSError`."""
        descriptor = os.open(self.path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            self._catch_up(descriptor)
            return self._page(descriptor, before, most, group, text.casefold().strip())
        finally:
            os.close(descriptor)

    def _page(self, descriptor: int, before: int | None, most: int, group: Group, text: str) -> Page:
        records = len(self._offsets)
        place = records if before is None else min(before - 1, records)
        lowest = max(0, place - SCANNED)
        found: list[Entry] = []
        while place > lowest and len(found) < most:
            place -= 1
            entry = self._read(descriptor, self._offsets[place])
            if entry is None:
                return Page(tuple(found), None, records, unreadable=True)
            if fits(entry, group, text):
                found.append(entry)
        return Page(tuple(found), place + 1 if place > 0 else None, records)

    def _read(self, descriptor: int, offset: int) -> Entry | None:
        (length,) = _LENGTH.unpack(os.pread(descriptor, _LENGTH.size, offset))
        try:
            return _DECODE(os.pread(descriptor, length, offset + _HEAD))
        except msgspec.MsgspecError:
            return None

    def _catch_up(self, descriptor: int) -> None:
        found = os.fstat(descriptor)
        if found.st_ino != self._identity or found.st_size < self._end:
            self._identity, self._offsets, self._end = found.st_ino, array("Q"), len(MAGIC)
        with open(descriptor, "rb", closefd=False) as file:
            file.seek(self._end)
            while len(head := file.read(_LENGTH.size)) == _LENGTH.size:
                (length,) = _LENGTH.unpack(head)
                if not 0 < length <= LONGEST or self._end + OVERHEAD + length > found.st_size:
                    return
                self._offsets.append(self._end)
                self._end += OVERHEAD + length
                file.seek(self._end)

    def write_lines(self, to: Path) -> int:
        """Every record as a line of JSON, into a file for the user alone; how many. Raises `OSError`."""
        from fluxdesk.core.private_file import write_private

        lines = list(export(self.path))
        write_private(to, b"".join(lines))
        return len(lines)


def fits(entry: Entry, group: Group, text: str) -> bool:
    """Whether a record belongs to a group and holds a text (case-folded) in one of its fields."""
    if group == "changes":
        if any(entry.event in events for events in GROUPS.values()):
            return False
    elif group != "all" and entry.event not in GROUPS[group]:
        return False
    return not text or any(text in field.casefold() for field in _texts(entry))


def _texts(entry: Entry) -> Iterator[str]:
    for name in Entry.__struct_fields__:
        value = getattr(entry, name)
        if isinstance(value, str):
            yield value
    for spend in entry.spends:
        yield spend.to
        yield spend.asset
