"""What a window, a bar and a rolling figure are: the same facts for the kernel and for the NumPy fallback."""

import pytest

from fluxdesk.analytics.windows.fallback import NumpyEngine
from fluxdesk.analytics.windows.kernel import KernelEngine
from fluxdesk.analytics.windows.records import (
    END_OF_TIME_NS,
    EVENT,
    WORD,
    Bar,
    Changes,
    InvalidEvent,
    InvalidSnapshot,
    Rolling,
    read_bars,
)

S = 1_000_000_000
DAY = 1_700_000_100 * S
"""A moment at which a five-minute window begins."""


def event(time, token=0, price=1.0, base=10, quote=100, buy=True, trader=7):
    return EVENT.pack(token, buy, time, price, base & WORD, base >> 64, quote & WORD, quote >> 64, trader)


def add(engine, *events) -> Changes:
    return Changes(engine.add(b"".join(events)))


def bars(changes, interval=0) -> list[Bar]:
    return sorted(
        (bar for bar in changes.bars() if bar.interval == interval), key=lambda bar: (bar.start_ns, bar.token)
    )


@pytest.fixture(params=[KernelEngine, NumpyEngine])
def engine(request):
    return request.param(2 * S)


def test_a_five_minute_window_begins_at_the_tests_moment():
    assert DAY % (300 * S) == 0


def test_one_trade_is_in_one_window_of_each_interval(engine):
    changed = add(engine, event(DAY + 61 * S + 5, price=2.5))
    for interval, start in ((0, 61), (1, 60), (2, 0)):
        (bar,) = bars(changed, interval)
        assert bar == Bar(
            0, interval, False, False, DAY + start * S, 2.5, 2.5, 2.5, 2.5, DAY + 61 * S + 5, DAY + 61 * S + 5, 10, 100,
            1, 1, 1, 1, 0,
        )  # fmt: skip


def test_a_window_holds_its_start_and_not_its_end(engine):
    add(engine, event(DAY), event(DAY + S - 1), event(DAY + S))
    assert [(bar.start_ns, bar.trades) for bar in read_bars(engine.bars(0)) if bar.interval == 0] in (
        [(DAY, 2), (DAY + S, 1)],
        [(DAY + S, 1), (DAY, 2)],
    )


def test_open_and_close_go_by_time_and_then_by_journal_order(engine):
    changed = add(
        engine,
        event(DAY + 500, price=5.0),
        event(DAY + 100, price=1.0),
        event(DAY + 100, price=9.0),
        event(DAY + 500, price=2.0),
        event(DAY + 300, price=7.0),
    )
    (bar,) = bars(changed)
    assert (bar.open_f64, bar.high_f64, bar.low_f64, bar.close_f64) == (1.0, 9.0, 1.0, 2.0)
    assert (bar.first_ns, bar.last_ns) == (DAY + 100, DAY + 500)


@pytest.mark.parametrize("price", [float("nan"), float("inf"), 0.0, -1.0])
def test_a_trade_without_a_price_counts_in_volume_and_not_in_the_bar(engine, price):
    (bar,) = bars(add(engine, event(DAY, price=price)))
    assert (bar.open_f64, bar.high_f64, bar.low_f64, bar.close_f64, bar.first_ns) == (None,) * 5
    assert (bar.trades, bar.base, bar.quote) == (1, 10, 100)
    (bar,) = bars(add(engine, event(DAY + 1, price=3.0)))
    assert (bar.open_f64, bar.close_f64, bar.trades) == (3.0, 3.0, 2)


def test_sums_are_exact_beyond_64_and_128_bits(engine):
    most = 2**128 - 1
    changed = add(engine, *(event(DAY + i, base=2**64 - 1, quote=most) for i in range(5)))
    (bar,) = bars(changed)
    assert (bar.base, bar.quote) == (5 * (2**64 - 1), 5 * most)
    assert engine.rolling(0, 0).quote == 5 * most


def test_a_wallet_counts_once_however_often_it_trades(engine):
    changed = add(
        engine,
        event(DAY, trader=1),
        event(DAY + 1, trader=1, buy=False),
        event(DAY + 2, trader=2, buy=False),
        event(DAY + 3, trader=0),
        event(DAY + 4, trader=2**64 - 1),
    )
    (bar,) = bars(changed)
    assert (bar.trades, bar.buys, bar.sells, bar.traders, bar.buyers) == (5, 3, 2, 3, 2)


def test_wallets_whose_numbers_are_equal_in_their_low_bits_are_two(engine):
    changed = add(engine, *(event(DAY + i, trader=1 + (i << 32)) for i in range(50)))
    assert bars(changed)[0].traders == 50


def test_a_wallet_counts_in_each_token_it_trades(engine):
    changed = add(engine, event(DAY, token=1), event(DAY, token=2**31 - 1))
    assert [(bar.token, bar.traders) for bar in bars(changed)] == [(1, 1), (2**31 - 1, 1)]


def test_a_window_closes_when_the_watermark_reaches_its_end(engine):
    assert [bar.closed for bar in bars(add(engine, event(DAY)))] == [False]
    assert [bar.closed for bar in bars(add(engine, event(DAY + S - 1)))] == [False]
    closed, opened = bars(add(engine, event(DAY + S, token=1)))
    assert (closed.start_ns, closed.closed, closed.trades) == (DAY, True, 2)
    assert (opened.start_ns, opened.closed) == (DAY + S, False)


def test_a_trade_within_the_lateness_corrects_a_closed_window(engine):
    add(engine, event(DAY), event(DAY + S))
    changed = add(engine, event(DAY + 1, price=4.0))
    (bar,) = bars(changed)
    assert (bar.closed, bar.corrected, bar.trades, bar.late, bar.close_f64) == (True, True, 2, 1, 4.0)
    assert list(changed.late()) == []


def test_a_first_trade_of_a_closed_window_is_no_correction(engine):
    add(engine, event(DAY + S))
    (bar,) = bars(add(engine, event(DAY, token=5)))
    assert (bar.closed, bar.corrected, bar.late) == (True, False, 1)


def test_a_trade_beyond_the_lateness_is_left_out_and_said(engine):
    add(engine, event(DAY), event(DAY + 3 * S))
    changed = add(engine, event(DAY + 2 * S), event(DAY + S - 1))
    assert [(bar.start_ns, bar.trades) for bar in bars(changed)] == [(DAY + 2 * S, 1)]
    (late,) = changed.late()
    assert (late.event, late.intervals, late.rolling) == (1, (0,), False)
    assert [bar.trades for bar in bars(changed, 1)] == [4]


def test_a_trade_hours_late_misses_everything_and_leaves_nothing(engine):
    add(engine, event(DAY + 7200 * S))
    size = engine.size_bytes()
    changed = add(engine, event(DAY, token=9))
    assert [(late.intervals, late.rolling) for late in changed.late()] == [((0, 1, 2), True)]
    assert len(changed) == 0
    assert engine.bars(9) == b""
    assert engine.size_bytes() == size


def test_the_watermark_moves_with_each_event_inside_a_batch(engine):
    changed = add(engine, event(DAY), event(DAY + 10 * S), event(DAY + 1))
    assert [late.event for late in changed.late()] == [2]
    assert changed.watermark_ns == DAY + 10 * S


def test_rolling_figures_hold_300_whole_seconds(engine):
    add(engine, event(DAY + 999_999_999, quote=1, trader=1), event(DAY + S, quote=10, trader=2, buy=False))
    assert engine.rolling(0, 0) == Rolling(11, 1, 1, 1)
    assert engine.rolling(0, DAY + 299 * S + 999_999_999) == Rolling(11, 1, 1, 1)
    assert engine.rolling(0, DAY + 300 * S) == Rolling(10, 0, 1, 0)
    assert engine.rolling(0, DAY + 301 * S) == Rolling()


def test_a_wallet_that_buys_again_stays_a_buyer_as_long_as_its_last_buy(engine):
    add(engine, event(DAY, trader=1), event(DAY, trader=2), event(DAY + 100 * S, trader=1))
    assert engine.rolling(0, 0).buyers == 2
    assert engine.rolling(0, DAY + 399 * S).buyers == 1
    assert engine.rolling(0, DAY + 400 * S).buyers == 0


def test_rolling_figures_of_a_token_that_never_traded_are_zero(engine):
    assert engine.rolling(123, DAY) == Rolling()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (event(DAY, token=-1), "event 1: token number -1"),
        (event(DAY, buy=2), "event 1: side 2"),
        (event(-1), "event 1: time -1 ns"),
        (event(END_OF_TIME_NS), "event 1: time 4294967296000000000 ns"),
        (event(DAY)[:-1], "127 bytes are no whole number"),
    ],
)
def test_a_batch_with_an_event_out_of_range_changes_nothing(engine, wrong, words):
    with pytest.raises(InvalidEvent, match=words):
        engine.add(event(DAY) + wrong)
    assert engine.bars(0) == b""


def test_an_empty_batch_changes_nothing(engine):
    changed = add(engine)
    assert (len(changed), changed.watermark_ns) == (0, -1)


@pytest.mark.parametrize("lateness", [-1, 30 * S + 1])
@pytest.mark.parametrize("implementation", [KernelEngine, NumpyEngine])
def test_a_lateness_beyond_30_s_is_refused(implementation, lateness):
    with pytest.raises(ValueError, match="outside 0 to 30000000000 ns"):
        implementation(lateness)


@pytest.mark.parametrize("reader", [KernelEngine, NumpyEngine])
def test_a_snapshot_goes_on_where_it_was_taken_in_either_implementation(engine, reader):
    add(engine, event(DAY, trader=1), event(DAY + S, trader=2))
    again = reader.restore(engine.snapshot())
    for one in (engine, again):
        changed = add(one, event(DAY + 1, trader=1), event(DAY + 2, trader=3))
        (bar,) = bars(changed)
        assert (bar.trades, bar.traders, bar.buyers, bar.corrected) == (3, 2, 2, True)
        assert one.rolling(0, 0) == Rolling(400, 4, 0, 3)


@pytest.mark.parametrize("reader", [KernelEngine, NumpyEngine])
def test_bytes_that_are_no_snapshot_are_refused(engine, reader):
    add(engine, event(DAY))
    good = engine.snapshot()
    for wrong in (b"", b"x" * 88, good[:-1], good + b"\0", b"FDWIN\0\0\2" + good[8:]):
        with pytest.raises(InvalidSnapshot, match="no window snapshot"):
            reader.restore(wrong)


@pytest.mark.parametrize("reader", [KernelEngine, NumpyEngine])
def test_a_snapshot_changed_at_any_byte_is_read_or_refused_and_never_crashes(engine, reader):
    add(engine, event(DAY, trader=1), event(DAY + S, trader=2, token=3))
    good = engine.snapshot()
    for at in range(0, len(good), 1 if reader is KernelEngine else 7):  # only C can read beyond an end
        for wrong in (0x00, 0x7F, 0xFF):
            try:
                other = reader.restore(good[:at] + bytes([wrong]) + good[at + 1 :])
            except InvalidSnapshot:
                continue
            other.add(event(DAY + 2 * S))
