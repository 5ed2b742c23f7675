"""The layout tables in `resources/layouts` (docs/layouts.md), ready to read events and instructions: tolerant of what
is new, strict about what is old (`layout_reader.py`).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import msgspec

from fluxdesk.core.events import Venue
from fluxdesk.launches.layout_plan import DISCRIMINATOR_SIZE, TableLayout
from fluxdesk.launches.layout_reader import BadPayload, FieldValue, Reader


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


@dataclass(frozen=True, slots=True)
class Layouts:
    """All byte orders of one event."""

    name: str
    readers: tuple[Reader, ...]

    def reader(self, payload: bytes) -> Reader:
        """The reader of the layout that a payload has, by its length. Raises `BadPayload`."""
        default = None
        for reader in self.readers:
            if reader.exact is None:
                default = reader
            elif len(payload) - DISCRIMINATOR_SIZE in reader.exact:
                return reader
        if default is None:
            raise BadPayload(f"no layout of {self.name} has {len(payload) - DISCRIMINATOR_SIZE} bytes")
        return default


class EventLayouts(Layouts):
    """Reads an event to named fields."""

    __slots__ = ()

    def read(self, payload: bytes) -> dict[str, FieldValue]:
        """The fields that a payload, which begins with the discriminator, holds. Raises `BadPayload`."""
        return self.reader(payload).read(payload)

    def picking(self, names: Sequence[str], optional_keys: Sequence[str]) -> "PickedFields":
        """The same event, reading these fields alone to a tuple in their order; keys are text (see `Reader`).

        Raises:
            ValueError: `names` are not in the order of the layouts.
        """
        readers = tuple(Reader(r.layout, names, frozenset(optional_keys)) for r in self.readers)
        if any(reader.names != tuple(names) for reader in readers):
            raise ValueError(f"the fields picked from {self.name} are not in its order")
        return PickedFields(self.name, readers)


class PickedFields(Layouts):
    """Reads some fields of an event to a tuple: for events so frequent that their names would cost too much."""

    __slots__ = ()

    def read(self, payload: bytes) -> tuple[Any, ...]:
        """The fields, None for those that the payload does not hold. Raises `BadPayload`."""
        return self.reader(payload).values(payload)


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
    return Instruction(name, table.market, lists, reader.read)


@cache
def program(venue: Venue) -> Program:
    """The table of a venue, read once from `resources/layouts/<venue>.json`."""
    from fluxdesk.core import resources

    table = msgspec.json.decode(resources.path(f"layouts/{venue}.json").read_bytes(), type=Table)
    events = {}
    for name, event in table.events.items():
        readers = tuple(Reader(layout) for layout in event.layouts)
        events[bytes.fromhex(event.discriminator)] = EventLayouts(name, readers)
    instructions = {n: _instruction(n, i) for n, i in table.instructions.items()}
    return Program(
        venue,
        events,
        {bytes.fromhex(table.instructions[n].discriminator): i for n, i in instructions.items()},
        {"".join(part.capitalize() for part in n.split("_")): i for n, i in instructions.items()},
    )
