"""Every layout of every table: what is written is read back, field by field."""

from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fluxdesk.core import resources
from fluxdesk.core.events import Venue
from fluxdesk.launches.layout import Table, program
from fluxdesk.launches.layout_encode import Unencodable, event_writer, instruction_writer

SOLANA = [v for v in Venue if v is not Venue.UNISWAP_V2]
BITS = {"u8": 8, "enum": 8, "u16": 16, "u32": 32, "u64": 64, "u128": 128}


def table(venue: Venue) -> Table:
    return msgspec.json.decode(resources.path(f"layouts/{venue}.json").read_bytes(), type=Table)


EVENTS = [(v, name) for v in SOLANA for name, e in table(v).events.items() if e.layouts]
INSTRUCTIONS = [(v, name) for v in SOLANA for name in table(v).instructions]


def scalar(kind: str) -> st.SearchStrategy[Any]:
    if kind in BITS:
        return st.integers(0, 2 ** BITS[kind] - 1)
    if kind in ("i64", "i128"):
        half = 2 ** (int(kind[1:]) - 1)
        return st.integers(-half, half - 1)
    if kind == "bool":
        return st.booleans()
    if kind == "string":
        return st.text(max_size=40)
    size = 32 if kind == "pubkey" else int(kind.removeprefix("bytes:"))
    return st.binary(min_size=size, max_size=size)


def group(kind: str) -> st.SearchStrategy[Any]:
    if not kind.startswith("("):
        return scalar(kind)
    return st.tuples(*[scalar(k.strip()) for k in kind[1:-1].split(",")]).map(list)


@st.composite
def values(draw: st.DrawFn, fields: list[tuple[str, Any]]) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for name, kind in fields:
        if isinstance(kind, dict):
            tag = draw(st.sampled_from(sorted(kind["variant"])))
            out[name] = int(tag)
            out |= {n: draw(group(k)) for n, k in kind["variant"][tag]}
        elif kind.startswith("vec:"):
            out[name] = draw(st.lists(group(kind[4:]), max_size=3))
        elif kind.startswith("option:"):
            out[name] = draw(st.none() | group(kind[7:]))
        else:
            out[name] = draw(scalar(kind))
    return out


@pytest.mark.parametrize(("venue", "name"), EVENTS)
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_an_event_is_read_back_as_written(venue: Venue, name: str, data: st.DataObject) -> None:
    event = table(venue).events[name]
    fields = next(layout.fields for layout in event.layouts if layout.exact is None)
    given_values = data.draw(values(fields))
    payload = event_writer(venue, name).write(given_values)
    newest = next(r for r in program(venue).events[payload[:8]].readers if r.exact is None)
    assert newest.read(payload) == given_values


@pytest.mark.parametrize(("venue", "name"), INSTRUCTIONS)
@settings(max_examples=3, deadline=None)
@given(data=st.data())
def test_instruction_data_is_read_back_as_written(venue: Venue, name: str, data: st.DataObject) -> None:
    given_values = data.draw(values(table(venue).instructions[name].args))
    written = instruction_writer(venue, name).write(given_values)
    assert program(venue).instructions[written[:8]].args(written) == given_values


@pytest.mark.parametrize(
    "wrong",
    [{"user": bytes(31)}, {"user": bytes(33)}, {"timestamp": 1 << 63}, {"timestamp": "now"}, {"mint": None}],
)
def test_a_value_that_does_not_fit_is_refused(wrong: dict[str, Any]) -> None:
    right = {"user": bytes(32), "mint": bytes(32), "bonding_curve": bytes(32), "timestamp": 1, "quote_mint": bytes(32)}
    writer = event_writer(Venue.PUMPFUN, "CompleteEvent")
    assert len(writer.write(right)) == 8 + 32 * 4 + 8
    with pytest.raises(Unencodable):
        writer.write(right | wrong)


def test_an_older_version_ends_at_the_field_that_was_its_last() -> None:
    values = {"user": bytes(32), "mint": bytes(32), "bonding_curve": bytes(32), "timestamp": 1}
    assert len(event_writer(Venue.PUMPFUN, "CompleteEvent", "timestamp").write(values)) == 8 + 32 * 3 + 8
    with pytest.raises(KeyError, match="moon"):
        event_writer(Venue.PUMPFUN, "CompleteEvent", "moon")


def test_a_missing_field_is_refused_and_named() -> None:
    with pytest.raises(Unencodable, match="quote_mint"):
        event_writer(Venue.PUMPFUN, "CompleteEvent").write(
            {"user": bytes(32), "mint": bytes(32), "bonding_curve": bytes(32), "timestamp": 1}
        )
