"""The kernel reads payloads by its plan exactly as Python reads them by the layout."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fluxdesk.core.events import Venue
from fluxdesk.launches.layout import program
from fluxdesk.launches.layout_plan import DISCRIMINATOR_SIZE, TableLayout, layout_plan
from fluxdesk.launches.layout_reader import BadPayload, Reader
from fluxdesk.native import kernel
from needs import require

LAYOUTS = [
    pytest.param(reader.layout, id=f"{venue}-{event.name}-{number}")
    for venue in Venue
    if venue is not Venue.UNISWAP_V2
    for event in program(venue).events.values()
    for number, reader in enumerate(event.readers)
]
ODD = TableLayout(
    [
        ("text", "string"), ("numbers", "vec:u16"), ("maybe", "option:(u8,i128,string)"), ("wide", "i128"),
        ("words", "vec:(string,pubkey,bool)"), ("some", "option:u128"), ("raw", "bytes:3"), ("last", "pubkey"),
    ],
    required=3,
)  # fmt: skip
"""Every type beside every other; the tables of today have fewer."""


@pytest.fixture(autouse=True, scope="module")
def _needs_the_kernel() -> None:
    require("the C kernel", kernel(), "python -m fluxdesk.native.build")


def outcome(read: Any, payload: bytes) -> Any:
    try:
        return read(payload)
    except BadPayload as bad:
        return str(bad)


@st.composite
def likely(draw: st.DrawFn, layout: TableLayout) -> bytes:
    """Bytes that follow a layout far enough for its lengths and tags to be met, and then end anywhere."""
    out = bytearray(DISCRIMINATOR_SIZE)
    for _, kind in layout.fields:
        out += draw(part(kind if isinstance(kind, str) else "u8"))
    return bytes(out[: draw(st.integers(DISCRIMINATOR_SIZE, len(out)))]) if draw(st.booleans()) else bytes(out)


def part(kind: str) -> st.SearchStrategy[bytes]:
    if kind == "string":
        texts = st.text(max_size=20).map(str.encode) | st.binary(max_size=8)
        return texts.map(lambda text: len(text).to_bytes(4, "little") + text) | st.just(b"\xff" * 4)
    outer, _, inner = kind.partition(":")
    if outer in ("vec", "option"):
        kinds = inner[1:-1].split(",") if inner.startswith("(") else [inner]
        item = st.tuples(*(part(k.strip()) for k in kinds)).map(b"".join)
        if outer == "option":
            return st.sampled_from([b"\0", b"\2"]) | item.map(lambda data: b"\1" + data)
        return st.lists(item, max_size=4).map(lambda x: len(x).to_bytes(4, "little") + b"".join(x)) | st.just(
            b"\1\4\0\0"
        )
    size = {"u16": 2, "u32": 4, "u64": 8, "i64": 8, "u128": 16, "i128": 16, "pubkey": 32}.get(outer, 1)
    if outer == "bytes":
        size = int(inner)
    return st.binary(min_size=size, max_size=size) | st.sampled_from([bytes(size), b"\xff" * size])


@pytest.mark.parametrize("layout", [*LAYOUTS, pytest.param(ODD, id="odd")])
@given(data=st.data())
def test_any_payload_reads_alike(layout: TableLayout, data: st.DataObject) -> None:
    names = [name for name, _ in layout.fields]
    keep = data.draw(st.none() | st.lists(st.sampled_from(names), unique=True))
    optional = data.draw(st.none() | st.frozensets(st.sampled_from(names)))
    reader = Reader(layout, keep, optional)
    payload = data.draw(likely(layout) | st.binary(min_size=DISCRIMINATOR_SIZE, max_size=200))
    expected = outcome(reader.read_python, payload)
    assert outcome(reader.read, payload) == expected
    if isinstance(expected, dict):
        assert outcome(reader.values, payload) == tuple(expected.get(name) for name in reader.names)
    else:
        assert outcome(reader.values, payload) == expected


def test_only_layouts_with_a_variant_are_left_to_python() -> None:
    left = {
        (venue, event.name)
        for venue in Venue
        if venue is not Venue.UNISWAP_V2
        for event in program(venue).events.values()
        for reader in event.readers
        if layout_plan(reader.layout, None, None) is None
    }
    assert left == {(Venue.RAYDIUM_LAUNCHLAB, "PoolCreateEvent")}


def test_fields_picked_out_of_order_are_refused() -> None:
    trade = next(e for e in program(Venue.PUMPFUN).events.values() if e.name == "TradeEvent")
    with pytest.raises(ValueError, match="not in its order"):
        trade.picking(("user", "mint"), optional_keys=())


def test_reading_keeps_no_object() -> None:
    import gc
    import sys

    reader = Reader(ODD)
    payload = (
        bytes(8)
        + b"\2\0\0\0\xc3\xa9"
        + b"\1\0\0\0ab"
        + b"\1\5"
        + b"\xff" * 16
        + b"\1\0\0\0x"
        + bytes(16 + 4)
        + b"\0abc"
    )
    cuts = [payload[:n] for n in range(len(payload) + 1)]
    assert set(outcome(reader.read, payload)) == {name for name, _ in ODD.fields} - {"last"}
    gc.collect()
    blocks, nones = sys.getallocatedblocks(), sys.getrefcount(None)
    for _ in range(500):
        for cut in cuts:
            outcome(reader.read, cut)
    gc.collect()
    assert sys.getallocatedblocks() - blocks < 500
    assert abs(sys.getrefcount(None) - nones) < 500
