"""Any input gives rows: bytes at random, transactions with anything changed, layouts cut at every byte."""

import json
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fluxdesk.core import resources
from fluxdesk.core.events import PRINTED, Kind, Raw, Row, Shape, Venue, printed
from fluxdesk.core.refusals import Reason
from fluxdesk.launches.context import PROGRAMS, DecodeContext
from fluxdesk.launches.decode import decode_raw
from fluxdesk.launches.layout import program
from fluxdesk.launches.layout_encode import event_writer
from fluxdesk.launches.layout_reader import BadPayload
from ledger import Ledger, Node, call, event, key, rows

SOLANA = [v for v in Venue if v is not Venue.UNISWAP_V2]
IDS = {v: p for p, v in PROGRAMS.items()}


def laid_out(venue: Venue) -> list[str]:
    table = json.loads(resources.path(f"layouts/{venue}.json").read_bytes())
    return [name for name, e in table["events"].items() if e["layouts"]]


EVENTS = [(venue, name) for venue in SOLANA for name in laid_out(venue)]
SCALARS: dict[str, st.SearchStrategy[Any]] = {
    "bool": st.booleans(),
    "u8": st.integers(0, 255),
    "enum": st.integers(0, 255),
    "u16": st.integers(0, 2**16 - 1),
    "u32": st.integers(0, 2**32 - 1),
    "u64": st.integers(0, 2**64 - 1),
    "i64": st.integers(-(2**63), 2**63 - 1),
    "u128": st.integers(0, 2**128 - 1),
    "i128": st.integers(-(2**127), 2**127 - 1),
    "pubkey": st.binary(min_size=32, max_size=32),
    "string": st.text(max_size=40),
}


def value(kind: str) -> st.SearchStrategy[Any]:
    if kind in SCALARS:
        return SCALARS[kind]
    if kind.startswith("bytes:"):
        return st.binary(min_size=int(kind[6:]), max_size=int(kind[6:]))
    if kind.startswith("("):
        return st.tuples(*(value(k.strip()) for k in kind[1:-1].split(","))).map(list)
    if kind.startswith("option:"):
        return st.none() | value(kind[7:])
    return st.lists(value(kind[4:]), max_size=4)


@st.composite
def stated(draw: st.DrawFn, venue: Venue, name: str) -> tuple[dict[str, Any], bytes]:
    """Named values of an event in its newest layout, and its bytes."""
    table = json.loads(resources.path(f"layouts/{venue}.json").read_bytes())
    layout = next(x for x in table["events"][name]["layouts"] if x["exact"] is None)
    values: dict[str, Any] = {}
    for field, kind in layout["fields"]:
        if isinstance(kind, dict):
            tag = draw(st.sampled_from(sorted(kind["variant"])))
            values[field] = int(tag)
            for sub, sub_kind in kind["variant"][tag]:
                values[sub] = draw(value(sub_kind))
        else:
            values[field] = draw(value(kind))
    return values, event_writer(venue, name).write(values)


@pytest.mark.parametrize(("venue", "name"), EVENTS)
@given(data=st.data())
def test_every_layout_reads_back_what_was_written(venue: Venue, name: str, data: st.DataObject) -> None:
    values, payload = data.draw(stated(venue, name))
    layouts = program(venue).events[payload[:8]]
    if layouts.readers[0].exact is None and all(len(payload) - 8 not in (r.exact or []) for r in layouts.readers):
        assert layouts.read(payload) == values


@pytest.mark.parametrize(("venue", "name"), EVENTS)
def test_a_layout_cut_at_any_byte_is_malformed_or_a_prefix_and_never_another_value(venue: Venue, name: str) -> None:
    payload = event(venue, name)
    layouts = program(venue).events[payload[:8]]
    whole = layouts.read(payload)
    exact = {n for r in layouts.readers for n in r.exact or []}
    for cut in range(8, len(payload)):
        try:
            part = layouts.read(payload[:cut])
        except BadPayload:
            continue
        if cut - 8 not in exact:
            assert part.items() <= whole.items()
            assert list(part) == list(whole)[: len(part)]


def well_formed(got: list[Row]) -> None:
    assert got
    for row in got:
        assert tuple(printed(row)) == PRINTED
        assert (row.reason is not None) or row.kind not in (Kind.UNKNOWN, Kind.REFUSED)
        assert row.kind is not Kind.TRADE or (
            row.side and row.token_amount is not None and row.quote_amount is not None
        )
        msgspec.json.encode(printed(row))


@pytest.mark.parametrize(("venue", "name"), EVENTS)
@given(data=st.data())
def test_any_values_and_any_cut_of_an_event_give_well_formed_rows(venue: Venue, name: str, data: st.DataObject) -> None:
    _, payload = data.draw(stated(venue, name))
    cut = data.draw(st.integers(8, len(payload)))
    instruction = {"EvtInitializePool": "initialize_pool"}.get(name, "swap")
    known = {i.name for i in program(venue).instructions.values()}
    node = Node(IDS[venue], b"\x09" * 8, [], None, [payload[:cut]])
    if instruction in known:
        node = call(venue, instruction, [payload[:cut]])
    ledger = Ledger([node])
    for shape in (ledger.rpc(), ledger.notification(), ledger.webhook()):
        well_formed(rows(shape))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


def paths(obj: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield at
    children = obj.items() if isinstance(obj, dict) else enumerate(obj) if isinstance(obj, list) else ()
    for name, child in children:
        yield from paths(child, (*at, name))


BASE = Ledger([call(Venue.PUMPFUN, "buy", [event(Venue.PUMPFUN, "TradeEvent", mint=key("token"), is_buy=True)])])
TARGETS = [BASE.rpc(), BASE.wire(lookup=2), BASE.notification(), BASE.block(), BASE.webhook(), BASE.parsed()]


@given(data=st.data(), junk=JSON)
def test_a_transaction_with_anything_replaced_by_anything_never_raises(data: st.DataObject, junk: Any) -> None:
    obj = json.loads(json.dumps(data.draw(st.sampled_from(TARGETS))))
    where = data.draw(st.sampled_from(list(paths(obj))))
    if where:
        parent = obj
        for step in where[:-1]:
            parent = parent[step]
        parent[where[-1]] = junk
    raw = Raw(
        source="s", network="solana", shape=Shape.AUTO, slot=1, wall_ns=0, mono_ns=0, payload=json.dumps(obj).encode()
    )
    for row in decode_raw(raw, DecodeContext()):
        well_formed([row])


@given(st.binary(max_size=200) | JSON.map(lambda x: json.dumps(x).encode()))
def test_any_bytes_give_rows_or_nothing(payload: bytes) -> None:
    raw = Raw(source="s", network="solana", shape=Shape.AUTO, slot=None, wall_ns=0, mono_ns=0, payload=payload)
    for row in decode_raw(raw, DecodeContext()):
        well_formed([row])


def test_json_nested_without_end_is_refused() -> None:
    raw = Raw(
        source="s",
        network="solana",
        shape=Shape.AUTO,
        slot=None,
        wall_ns=0,
        mono_ns=0,
        payload=b"[" * 200_000 + b"]" * 200_000,
    )
    assert [r.reason for r in decode_raw(raw, DecodeContext())] == [Reason.MALFORMED_TRANSACTION]


HEX = st.text("0123456789abcdefABCDEFx ", max_size=70) | st.integers() | st.none()


@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "address": st.just("0x5c69bee701ef814a2b6a3edd4b1652cb9cc5aa6f") | HEX,
                "topics": st.lists(
                    st.sampled_from(
                        [
                            "0x0d3648bd0f6ba80134a33ba9275ac585d9d315f0ad8355cddefde31afa28d0e9",
                            "0xd78ad95fa46c994b6551d0da85fc275fe613ce37657fb8d5e3d130840159d822",
                            "0x4c209b5fc8ad50758f13e2e1088ba56a560dff690a1c6fef26394f4c03821c4f",
                            "0x" + "0" * 64,
                        ]
                    )
                    | HEX,
                    max_size=5,
                ),
                "data": st.binary(max_size=160).map(lambda b: "0x" + b.hex()) | HEX,
                "blockNumber": HEX,
                "logIndex": HEX,
                "transactionHash": HEX,
            }
        ),
        max_size=3,
    )
)
def test_any_evm_logs_give_well_formed_rows(logs: list[dict[str, Any]]) -> None:
    for row in rows(logs) + rows({"transactionHash": "0x" + "00" * 32, "logs": logs}):
        well_formed([row])
