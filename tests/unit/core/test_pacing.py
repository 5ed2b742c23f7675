"""Back-off, request pace and the sparse log."""

import logging
import random
import time

import pytest

from fluxdesk.core.pacing import Backoff, Pace, SparseLog


def test_waits_double_up_to_the_cap_with_jitter_between_half_and_whole() -> None:
    backoff = Backoff(1.0, 60.0, random.Random(1))
    waits = [backoff.next_s() for _ in range(40)]
    for n, wait_s in enumerate(waits):
        full = min(60.0, 2.0**n)
        assert full / 2 <= wait_s <= full
    assert len({round(w, 6) for w in waits[10:]}) > 20, "reconnects of many clients must not fall together"


def test_a_reset_begins_anew_and_a_wish_of_the_other_side_is_kept() -> None:
    backoff = Backoff(1.0, 60.0)
    for _ in range(10):
        backoff.next_s()
    assert backoff.next_s(at_least_s=300) == 300
    backoff.reset()
    assert backoff.next_s() <= 1.0


def test_years_of_failures_do_not_overflow() -> None:
    backoff = Backoff(0.5, 60.0)
    backoff.tries = 10_000
    assert backoff.next_s() <= 60.0


async def test_turns_come_at_the_pace_and_a_burst_at_once() -> None:
    pace = Pace(per_second=50, burst=3)
    began = time.monotonic()
    for _ in range(3):
        await pace.turn()
    burst_s = time.monotonic() - began
    for _ in range(5):
        await pace.turn()
    assert time.monotonic() - began >= 5 / 50 - 0.001
    assert burst_s < 1 / 50


async def test_a_hold_delays_the_next_turn() -> None:
    pace = Pace(per_second=1_000)
    pace.hold(0.05)
    began = time.monotonic()
    await pace.turn()
    assert time.monotonic() - began >= 0.049


def test_a_million_failures_are_two_lines(caplog: pytest.LogCaptureFixture) -> None:
    log = SparseLog(logging.getLogger("test"), period_s=3_600)
    for i in range(1_000):
        log.say("down", "cannot connect: %d", i)
    log.say("other", "something else")
    assert [r.getMessage() for r in caplog.records] == ["cannot connect: 0", "something else"]


def test_what_was_kept_back_is_counted_in_the_next_line(caplog: pytest.LogCaptureFixture) -> None:
    log = SparseLog(logging.getLogger("test"), period_s=0.01)
    log.say("down", "first")
    log._period_s = 3_600
    for _ in range(5):
        log.say("down", "kept back")
    log._period_s = 0
    log.say("down", "again")
    assert caplog.records[-1].getMessage() == "again (5 more of this kind since the last line)"
