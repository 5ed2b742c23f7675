"""The terminal's table and sentences: remote text is harmless, numbers short, the newest on top."""

import json

import msgspec
import pytest

from fluxdesk.cli.table import LiveTable, age, line, number, plain, sentence
from fluxdesk.client import Link
from fluxdesk.core.events import Kind, Row, Side, Venue
from fluxdesk.core.views import EventItem, LaunchesFrame, LaunchView
from fluxdesk.launches.printing import event_item, printed_json


def launch(mint: str, created_s: int, name: str = "Name") -> LaunchView:
    return LaunchView(
        mint=mint, network="solana", venue=Venue.PUMPFUN, pool=None, name=name, symbol="S", creator=None,
        quote_mint=None,
        quote_symbol=None, quote_decimals=None, token_decimals=None, stage="curve", created_s=created_s,
        first_seen_wall_ns=0, first_source="a",
    )  # fmt: skip


def test_control_and_direction_characters_of_a_name_are_boxes() -> None:
    assert plain("a\x1b[2Jb\u202ec\n", 40) == "a□[2Jb□c□"
    assert plain("x" * 50, 10) == "x" * 9 + "…"
    assert plain(None, 10) == "–"


@pytest.mark.parametrize(
    ("value", "shown"), [(None, "–"), (0.000012345, "1.23e-05"), (999.0, "999"), (43_873.7, "43.9k"), (2.5e9, "2.5B")]
)
def test_numbers_have_three_significant_figures(value: float | None, shown: str) -> None:
    assert number(value) == shown


def test_ages_have_one_unit_and_are_never_negative() -> None:
    assert [age(s) for s in (-5, 59, 61, 7_200, 200_000)] == ["0s", "59s", "1m", "2h", "2d"]


def test_the_newest_launch_stands_first_and_a_snapshot_replaces_all() -> None:
    table = LiveTable()
    table.link = Link("up", "", 0)
    table.take(LaunchesFrame(seq=1, snapshot=True, upserts=[launch("a", 1, "Old"), launch("b", 9, "New")], new=[]))
    painted = table.paint()
    assert painted.index("New") < painted.index("Old")
    table.take(LaunchesFrame(seq=2, snapshot=True, upserts=[launch("c", 5, "Other")], new=[]))
    assert "Old" not in table.paint()


def test_a_node_that_is_down_is_said_instead_of_numbers() -> None:
    table = LiveTable()
    table.link = Link("down", "No node is running for this profile.", 0, 3)
    assert "Node down. No node is running" in table.paint()


def test_a_line_is_the_printed_row_and_its_number() -> None:
    row = Row(kind=Kind.TRADE, venue=Venue.PUMPFUN, side=Side.BUY, token_amount=1, quote_amount=2, signature="s")
    item = msgspec.json.decode(event_item(7, row), type=EventItem)
    assert json.loads(line(item)) == {**json.loads(printed_json(row)), "seq": 7}
    assert sentence(bytes(item.row)).startswith("trade")
    assert "buy 1 for 2" in sentence(bytes(item.row))
