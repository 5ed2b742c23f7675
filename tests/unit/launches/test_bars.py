"""Candles: each number of a bar, late trades, and a bounded past."""

from fluxdesk.core.events import Kind, Row
from fluxdesk.core.views import CandleView
from fluxdesk.launches.bars import Bars, BarSet
from fluxdesk.launches.prints import Print


def drawn(time_s: int, price: float, quote: int = 10**9, trader: str | None = "w") -> Print:
    return Print(1, Row(kind=Kind.TRADE, quote_amount=quote, trader=trader), 1, time_s, price)


def test_a_bar_holds_open_high_low_close_volume_trades_and_traders() -> None:
    bars = Bars("1m", 10)
    for time_s, price, trader in ((60, 2.0, "a"), (70, 5.0, "b"), (80, 1.0, "a"), (119, 3.0, None)):
        bars.add(drawn(time_s, price, trader=trader))
    assert bars.views(1e9) == [CandleView(60, 2.0, 5.0, 1.0, 3.0, 4.0, 4, 2)]


def test_a_late_trade_changes_high_and_sums_but_not_the_close() -> None:
    bars = Bars("1s", 10)
    for time_s, price in ((10, 1.0), (11, 2.0), (10, 9.0)):
        bars.add(drawn(time_s, price))
    first, last = bars.views(1e9)
    assert (first.high_f64, first.close_f64, first.trades) == (9.0, 1.0, 2)
    assert (last.start_s, last.close_f64) == (11, 2.0)


def test_a_late_trade_may_make_a_bar_between_two() -> None:
    bars = Bars("1s", 10)
    for time_s in (10, 12, 11):
        bars.add(drawn(time_s, 1.0))
    assert [bar.start_s for bar in bars.views(1e9)] == [10, 11, 12]


def test_only_the_newest_bars_are_kept() -> None:
    bars = Bars("1s", 8)
    for time_s in range(1000):
        bars.add(drawn(time_s, 1.0))
    assert [bar.start_s for bar in bars.views(1e9)] == list(range(992, 1000))
    assert [bar.start_s for bar in bars.views(1e9, last=2)] == [998, 999]


def test_every_interval_gets_the_trade() -> None:
    bars = BarSet(4)
    bars.add(drawn(3_661, 1.0))
    starts = {interval: views[0].start_s for interval, views in bars.views(1e9, 2).items()}
    assert starts == {"1s": 3661, "15s": 3660, "1m": 3660, "5m": 3600, "1h": 3600}
