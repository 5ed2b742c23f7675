"""Ghost prints leave the chart, market moves stay in it, and nothing waits for ever."""

import pytest

from fluxdesk.core.events import Kind, Row
from fluxdesk.launches.prints import Print, PrintFilter

ROW = Row(kind=Kind.TRADE)


def printed(seq: int, price: float | None, slot: int = 10, same_mint: bool = False, other_quote: bool = False) -> Print:
    return Print(seq, ROW, slot, 1_700_000_000, price, same_mint, other_quote)


def run(*prints: Print, settle_at: int | None = None) -> list[tuple[int, str | None]]:
    chart = PrintFilter()
    out = [decided for one in prints for decided in chart.step(one)]
    if settle_at is not None:
        out += chart.settle(settle_at)
    return [(one.seq, why) for one, why in out]


def test_ordinary_trades_are_drawn_at_once() -> None:
    assert run(printed(1, 1.0), printed(2, 1.5), printed(3, 9.0)) == [(1, None), (2, None), (3, None)]


def test_a_price_far_off_and_back_within_a_slot_is_a_ghost_and_says_by_how_much() -> None:
    assert run(printed(1, 1.0), printed(2, 500.0), printed(3, 1.1, slot=11)) == [
        (1, None),
        (2, "500 times off its neighbours within one slot, and back"),
        (3, None),
    ]


def test_a_reversed_pair_is_named_as_such() -> None:
    decided = run(printed(1, 0.001), printed(2, 1000.0), printed(3, 0.001))
    assert decided[1] == (2, "reversed: the price is one divided by its neighbours'")


def test_a_crash_that_stays_is_drawn() -> None:
    assert run(printed(1, 100.0), printed(2, 1.0), printed(3, 1.1)) == [(1, None), (2, None), (3, None)]


def test_a_crash_that_nobody_follows_is_drawn_once_the_slot_has_passed() -> None:
    assert run(printed(1, 100.0), printed(2, 1.0), settle_at=11) == [(1, None)]
    assert run(printed(1, 100.0), printed(2, 1.0), settle_at=12) == [(1, None), (2, None)]


def test_a_return_after_more_than_a_slot_is_the_market() -> None:
    assert run(printed(1, 1.0), printed(2, 50.0), printed(3, 1.0, slot=12), settle_at=20) == [
        (1, None),
        (2, None),
        (3, None),
    ]


@pytest.mark.parametrize(
    ("one", "says"),
    [
        (printed(1, 1.0, same_mint=True), "wrap or unwrap"),
        (printed(1, 1.0, other_quote=True), "another mint"),
        (printed(1, None), "no price"),
        (printed(1, 0.0), "no price"),
    ],
)
def test_what_has_no_price_in_the_charts_unit_is_left_out_in_words(one: Print, says: str) -> None:
    ((_, why),) = run(one)
    assert why is not None
    assert says in why


def test_a_ghost_does_not_become_the_price_that_later_ones_are_held_against() -> None:
    chart = PrintFilter()
    for one in (printed(1, 1.0), printed(2, 500.0), printed(3, 1.0)):
        chart.step(one)
    assert chart.price_f64 == 1.0
    assert chart.suspect is None
