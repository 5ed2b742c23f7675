"""Bars of the chart: what is visible, how narrow bars are merged, how live bars are put in."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fluxdesk.core.views import CandleView
from fluxdesk.desktop import sample
from fluxdesk.desktop.screens.token.bars import Series, ticks, time_step


def bar(start: int, price: float, volume: float = 1.0) -> CandleView:
    return CandleView(start, price, price * 1.1, price * 0.9, price * 1.05, volume, 1, 1)


def test_only_the_visible_range_is_given() -> None:
    series = Series([bar(60 * n, 1.0 + n) for n in range(1_000)], 60)
    shown = series.visible(100, 110, 800)
    assert shown.x.tolist() == list(range(100, 110))
    assert shown.width == 1


def test_bars_under_two_pixels_are_merged_without_losing_an_extreme_or_a_unit_of_volume() -> None:
    series = Series([bar(60 * n, 1.0 + n % 17, n) for n in range(5_000)], 60)
    shown = series.visible(0, 5_000, 1_000)
    assert shown.width == 10
    assert len(shown) == 500
    assert shown.volume.sum() == sum(range(5_000))
    assert shown.high.max() == pytest.approx(17 * 1.1)
    assert shown.low.min() == pytest.approx(0.9)
    assert shown.open[1] == pytest.approx(1.0 + 10 % 17)
    assert shown.close[0] == pytest.approx((1.0 + 9) * 1.05)


def test_minutes_without_a_trade_stay_empty() -> None:
    series = Series([bar(0, 1.0), bar(600, 2.0)], 60)
    assert series.visible(0, 20, 800).x.tolist() == [0.0, 10.0]


def test_the_last_bar_changes_in_place_and_a_new_one_is_added() -> None:
    series = Series([bar(0, 1.0), bar(60, 2.0)], 60)
    series.put(bar(60, 3.0))
    series.put(bar(120, 4.0))
    assert len(series) == 3
    assert series.at(1.5) == pytest.approx((1.0, 3.0, 3.3, 2.7, 3.15, 1.0))
    assert series.last_x == 2.0


def test_a_late_bar_that_is_not_there_is_left_out() -> None:
    series = Series([bar(0, 1.0), bar(120, 2.0)], 60)
    series.put(bar(60, 9.0))
    assert len(series) == 2


def test_a_series_grows_past_its_first_room() -> None:
    series = Series([], 1)
    for n in range(2_000):
        series.put(bar(n, 1.0))
    assert len(series) == 2_000


@given(st.floats(1e-12, 1e6), st.floats(1e-3, 1e3), st.integers(2, 12))
def test_ticks_are_round_inside_and_about_as_many_as_wished(low: float, factor: float, wish: int) -> None:
    high = low * (1 + factor)
    found = ticks(low, high, wish)
    assert all(low * 0.999999 <= tick <= high * 1.000001 for tick in found)
    assert len(found) <= wish + 2
    steps = np.diff(found)
    assert steps.size == 0 or np.allclose(steps, steps[0])


def test_time_labels_have_room() -> None:
    assert time_step(0.5, 88) == 60
    assert time_step(3600, 88) == 604_800


def test_the_sample_is_the_same_every_time() -> None:
    assert sample.launches(20) == sample.launches(20)
    assert sample.candles("1m") == sample.candles("1m")
