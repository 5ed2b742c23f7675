"""When a gap opens, how far it reaches, and what closes it."""

from hypothesis import given
from hypothesis import strategies as st

from fluxdesk.core.clock import Instant
from fluxdesk.core.ids import MonoNanos, WallNanos
from fluxdesk.core.views import GapView
from fluxdesk.launches.sources.gaps import FILLED_SHOWN_NS, KEPT_FILLED, NOT_RUNNING, GapTracker, filled_from_another


def ranges(tracker: GapTracker) -> list[tuple[int, int]]:
    return [(gap.from_slot, gap.to_slot) for gap in tracker.views()]


def running(source: str = "logs A", first: int = 100, complete_to: int = 110) -> GapTracker:
    tracker = GapTracker(source)
    tracker.resumed(first)
    tracker.saw(complete_to)
    return tracker


def test_before_the_first_slot_there_is_nothing_to_miss() -> None:
    tracker = GapTracker("logs A")
    tracker.lost("Disconnected.")
    assert tracker.resumed(100) is None
    assert tracker.views() == []


def test_a_gap_runs_from_the_last_complete_slot_to_the_first_one_after() -> None:
    tracker = running()
    tracker.lost("Disconnected: the connection broke.")
    assert ranges(tracker) == [(110, 110)]
    assert tracker.waiting() == [], "it cannot be filled before its end is known"
    gap = tracker.resumed(140)
    assert gap is not None
    assert ranges(tracker) == [(110, 140)]
    assert tracker.waiting() == [gap]


def test_while_the_line_is_broken_nothing_counts_as_complete() -> None:
    tracker = running()
    tracker.lost("x")
    tracker.saw(130)
    tracker.resumed(140)
    assert ranges(tracker) == [(110, 140)]
    tracker.saw(141)
    assert tracker.complete_to == 141


def test_an_endpoint_that_lags_behind_does_not_shorten_the_gap() -> None:
    tracker = running()
    tracker.lost("x")
    tracker.resumed(105)
    assert ranges(tracker) == [(110, 110)]
    assert tracker.complete_to == 110


def test_a_partial_line_keeps_its_gap_growing() -> None:
    tracker = GapTracker("logs A")
    tracker.still_lost_at(100, "The endpoint refuses: pumpfun.")
    tracker.still_lost_at(107, "The endpoint refuses: pumpfun.")
    assert ranges(tracker) == [(100, 107)]
    tracker.resumed(120)
    assert ranges(tracker) == [(100, 120)]


def test_a_flapping_line_makes_one_gap_not_many() -> None:
    tracker = running()
    for slot in (120, 125, 130):
        tracker.lost("x")
        tracker.resumed(slot)
    assert ranges(tracker) == [(110, 130)]


def test_a_gap_that_grew_after_it_was_handed_out_is_not_filled_by_the_smaller_one() -> None:
    tracker = running()
    tracker.lost("x")
    handed_out = tracker.resumed(120)
    tracker.lost("x")
    tracker.resumed(130)
    assert handed_out is not None
    tracker.filled(handed_out, "fill")
    assert [gap.filled_by for gap in tracker.views()] == [None]
    tracker.filled(tracker.waiting()[0], "fill")
    assert [gap.filled_by for gap in tracker.views()] == ["fill"]


def test_a_sequence_break_is_a_gap_while_the_line_stays_up() -> None:
    tracker = running()
    tracker.missed(110, 118, "The endpoint skipped from slot 110 to 118.")
    tracker.saw(119)
    assert ranges(tracker) == [(110, 118)]
    assert tracker.complete_to == 119


def test_why_a_gap_is_still_open_is_kept_with_it() -> None:
    tracker = running()
    tracker.lost("x")
    tracker.resumed(120)
    tracker.explain(tracker.waiting()[0], "Still open: no HTTP endpoint is set.")
    assert tracker.views()[0].reason == "Still open: no HTTP endpoint is set."


def test_a_transaction_from_before_the_gap_is_its_anchor() -> None:
    tracker = running()
    tracker.delivered("before")
    tracker.lost("x")
    gap = tracker.resumed(120)
    tracker.delivered("after")
    assert gap is not None
    assert tracker.anchor(gap) == "before"


# --- other sources ---


def test_a_source_covers_what_it_received_without_interruption() -> None:
    tracker = running(first=100, complete_to=200)
    assert tracker.covers(101, 200)
    assert tracker.covers(150, 160)
    assert not tracker.covers(100, 150), "of its first slot it may have seen only the end"
    assert not tracker.covers(150, 201), "it is not known to be complete"


def test_a_source_covers_nothing_that_touches_an_open_gap_and_everything_once_it_is_filled() -> None:
    tracker = running(first=100, complete_to=110)
    tracker.lost("x")
    tracker.resumed(120)
    tracker.saw(200)
    assert not tracker.covers(105, 112)
    assert not tracker.covers(120, 120)
    assert tracker.covers(121, 190)
    assert tracker.covers(101, 109)
    tracker.filled(tracker.waiting()[0], "fill")
    assert tracker.covers(105, 190)


def test_a_gap_is_filled_from_another_source_never_from_its_own() -> None:
    broken, whole = running("logs A"), running("logs B", 100, 200)
    broken.lost("x")
    gap = broken.resumed(120)
    assert gap is not None
    assert filled_from_another(gap, [broken]) is None
    assert filled_from_another(gap, [broken, whole]) == "logs B"
    whole.lost("x")
    assert filled_from_another(gap, [broken, whole]) == "logs B", "what it had, it had"


# --- restarts ---


def test_after_a_restart_the_time_between_is_a_gap_and_old_gaps_are_still_there() -> None:
    before = running()
    before.missed(90, 95, "x")
    before.filled(before.waiting()[0], "fill")
    before.missed(102, 104, "x")
    after = GapTracker("logs A")
    after.load(before.save(), 110)
    assert after.views()[-1].reason == NOT_RUNNING
    after.resumed(500)
    assert ranges(after) == [(90, 95), (102, 104), (110, 500)]
    assert [gap.filled_by for gap in after.views()] == ["fill", None, None]


def test_a_gap_that_was_growing_when_the_node_died_is_covered_by_the_gap_of_the_restart() -> None:
    before = running()
    before.lost("x")
    after = GapTracker("logs A")
    after.load(before.save(), 108)
    after.resumed(500)
    assert ranges(after) == [(108, 500)]


def test_gaps_of_other_sources_are_not_taken_over() -> None:
    tracker = GapTracker("logs A")
    tracker.load([GapView(source="logs B", from_slot=1, to_slot=2, opened_wall_ns=0)], None)
    assert tracker.views() == []


def test_filled_gaps_are_kept_to_a_limit_and_open_ones_all() -> None:
    tracker = running()
    for i in range(KEPT_FILLED + 50):
        tracker.missed(1_000 + 10 * i, 1_005 + 10 * i, "x")
        tracker.filled(tracker.waiting()[0], "fill")
    tracker.missed(10, 11, "open")
    assert len(tracker.views()) == KEPT_FILLED + 1


@given(st.lists(st.tuples(st.sampled_from(["saw", "lost", "resumed", "missed"]), st.integers(1, 30)), max_size=60))
def test_every_slot_is_either_complete_or_in_an_open_gap(steps: list[tuple[str, int]]) -> None:
    """Whatever happens on the line: what was not received between two received slots lies in a gap."""
    tracker = GapTracker("logs A")
    slot, up, received = 100, True, set()
    tracker.resumed(slot)
    for what, ahead in steps:
        if what == "lost":
            tracker.lost("x")
            up = False
        elif what == "resumed" and not up:
            slot += ahead
            tracker.resumed(slot)
            up = True
        elif up and what == "saw":
            received |= set(range(slot + 1, slot + ahead + 1))
            slot += ahead
            tracker.saw(slot)
        elif up and what == "missed":
            tracker.missed(slot, slot + ahead, "x")
            slot += ahead
            tracker.saw(slot)
        elif not up:
            slot += ahead
    if not up:
        slot += 1
        tracker.resumed(slot)
    in_gaps = {s for gap in tracker.waiting() for s in range(gap.from_slot, gap.to_slot + 1)}
    assert set(range(101, slot + 1)) <= received | in_gaps | {101}


class SetClock:
    """A clock that stands where the test put it."""

    def __init__(self) -> None:
        self.wall = 1_790_000_000_000_000_000

    def now(self) -> Instant:
        return Instant(WallNanos(self.wall), MonoNanos(self.wall))


def test_a_gap_is_shown_for_an_hour_after_it_was_filled_however_long_it_was_open() -> None:
    clock = SetClock()
    tracker = GapTracker("logs A", clock)
    tracker.resumed(100)
    tracker.lost("x")
    gap = tracker.resumed(140)
    assert gap is not None
    clock.wall += 3 * FILLED_SHOWN_NS
    assert tracker.views() == [gap]
    tracker.filled(gap, "fill")
    assert [shown.filled_by for shown in tracker.views()] == ["fill"]
    clock.wall += FILLED_SHOWN_NS + 1
    assert tracker.views() == []
    assert [kept.filled_by for kept in tracker.save()] == ["fill"], "the tables keep it"
