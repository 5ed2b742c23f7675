"""What a profile's decoder knows when its node starts."""

from pathlib import Path

import pytest

from fluxdesk.core.events import Kind, Venue
from fluxdesk.core.paths import Mode
from fluxdesk.core.settings import Settings
from fluxdesk.launches.context import PRACTICE_PROGRAMS
from fluxdesk.node.restoring import context_of
from fluxdesk.store.repository import Repository
from fluxdesk.store.writer import Store
from ledger import IDS, Ledger, call, event, key, rows

PRACTICE = next(p for p, venue in PRACTICE_PROGRAMS.items() if venue is Venue.PUMPFUN)


@pytest.mark.parametrize(
    ("mode", "real", "practice"), [("live", True, False), ("practice", False, True), ("replay", True, True)]
)
def test_practice_events_are_of_no_known_program_in_live_and_real_ones_in_practice(
    tmp_path: Path, mode: Mode, real: bool, practice: bool
) -> None:
    Store(tmp_path / "store.sqlite").close()
    context = context_of(Settings({}), Repository(tmp_path / "store.sqlite"), mode)
    node = call(Venue.PUMPFUN, "buy", [event(Venue.PUMPFUN, "TradeEvent", mint=key("token"), is_buy=True)])
    for program, known in ((IDS[Venue.PUMPFUN], real), (PRACTICE, practice)):
        node.program = program
        (row,) = rows(Ledger([node]).notification(), context)
        assert (row.kind is Kind.TRADE) == known
