"""The fast encoder says exactly what the contract says."""

import msgspec
import pytest

from fluxdesk.core.events import Fee, Kind, Provenance, Row, Side, Venue, printed
from fluxdesk.core.refusals import Reason
from fluxdesk.core.views import EventItem
from fluxdesk.launches.printing import event_item, printed_json

FULL = Row(
    kind=Kind.TRADE, venue=Venue.PUMPSWAP, signature="s", slot=1, index="2.1", pool="p", token_mint="t", quote_mint="q",
    token_program="tp", side=Side.SELL, token_amount=2**64 - 1, quote_amount=2**256 - 1,
    fees=(Fee("lp", 3, "q"), Fee("protocol", 2**64, None)), trader="w", creator="c", name="n\u202e\"", symbol="☃",
    uri="u", provenance=Provenance.EVENT_CPI, block_time=5,
)  # fmt: skip


@pytest.mark.parametrize(
    "row", [FULL, Row(kind=Kind.REFUSED, reason=Reason.TRANSACTION_FAILED), Row(kind=Kind.LAUNCH, fees=())]
)
def test_it_equals_the_definition_byte_for_byte(row: Row) -> None:
    assert printed_json(row) == msgspec.json.encode(printed(row))


def test_an_event_item_reads_back() -> None:
    item = msgspec.json.decode(event_item(7, FULL), type=EventItem)
    assert (item.seq, item.kind, bytes(item.row)) == (7, Kind.TRADE, printed_json(FULL))
