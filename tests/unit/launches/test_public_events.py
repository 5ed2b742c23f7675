"""Event bytes of public transactions, each with its signature: what they state was read off at fixed offsets."""

import json
from base64 import b64decode, b64encode
from pathlib import Path
from typing import Any

import pytest

from fluxdesk.core.events import Kind, Venue, printed
from fluxdesk.core.refusals import Reason
from fluxdesk.launches.context import PROGRAMS, DecodeContext
from ledger import ROUTER, Ledger, Node, rows

LEDGER: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[2] / "fixtures" / "ledger" / "solana_events.json").read_text()
)


def bare(entry: dict[str, Any]) -> dict[str, Any]:
    return {k: entry[k] for k in ("signature", "slot", "program", "program_data")}


@pytest.mark.parametrize("entry", LEDGER, ids=lambda e: e["signature"][:12])
def test_a_public_event_states_what_its_bytes_state(entry: dict[str, Any]) -> None:
    (row,) = map(printed, rows(bare(entry)))
    assert {k: row[k] for k in entry["says"]} == entry["says"]
    assert (row["signature"], row["slot"]) == (entry["signature"], entry["slot"])
    assert row["venue"] == PROGRAMS[entry["program"]]


@pytest.mark.parametrize("entry", LEDGER, ids=lambda e: e["signature"][:12])
def test_a_public_event_says_the_same_alone_in_logs_and_in_a_self_cpi(entry: dict[str, Any]) -> None:
    node = Node(entry["program"], b"12345678", [], "Unknown", [b64decode(entry["program_data"])])
    ledger = Ledger([Node(ROUTER, children=[node])])
    alone = printed(rows(bare(entry))[0])
    differs = {"signature", "slot", "index", "provenance", "token_program"}
    for shape in (ledger.rpc(), ledger.notification(), ledger.webhook(), ledger.wire_v1()):
        row = printed(rows(shape, DecodeContext())[0])
        assert {k: v for k, v in row.items() if k not in differs} == {
            k: v for k, v in alone.items() if k not in differs
        }


def test_event_bytes_with_the_tag_of_their_self_cpi_are_the_same_event() -> None:
    entry = LEDGER[0]
    tagged = bytes.fromhex("e445a52e51cb9a1d") + b64decode(entry["program_data"])
    assert rows({**bare(entry), "program_data": b64encode(tagged).decode()}) == rows(bare(entry))


def test_a_public_event_of_a_pool_with_unproven_mints_is_unknown_and_not_guessed() -> None:
    """Meteora DAMM v2 names the pool alone, and its token order is free."""
    data = (
        "GzwV1Yqqu5Nh6zY7bA9zQ3oYiR7GXloqIPu92IcGVmV9MWfgTUgwpQEAAMLrCwAAAADMwKE6jH8AAO5kvxxvjQAA6D59sWbuSQAAAAAAAAAAAFRL"
        "HQAAAAAA1FIHAAAAAAAAAAAAAAAAAAAAAAAAAAAAAMLrCwAAAABT8rtoAAAAAA=="
    )
    (row,) = rows({"program": "cpamdpZCGKUy5JxQXB4dcpGPiikHawvSWAd6mEn1sGG", "program_data": data})
    assert (row.kind, row.venue, row.reason) == (Kind.UNKNOWN, Venue.METEORA_DAMM_V2, Reason.POOL_MINTS_UNKNOWN)
