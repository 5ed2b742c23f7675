"""The Token screen: what it asks, what it shows, live changes, the raw transaction behind a trade, trouble."""

import sys

import pytest
from msgspec.structs import replace
from pytestqt.qtbot import QtBot

from fluxdesk.core.views import CandlePage, Interval, LaunchView, TokenFrame
from fluxdesk.desktop import sample
from fluxdesk.desktop.qt import QLabel, QPoint, QPointF, Qt, QWheelEvent
from fluxdesk.desktop.screens.token.chart import CandleChart
from fluxdesk.desktop.state import NodeState
from fluxdesk.desktop.window import MainWindow
from windows import NOW, Run, settle


@pytest.fixture
def opened(window: MainWindow, views: list[LaunchView], run: Run) -> MainWindow:
    window.open_token(views[sample.OLD_PLACE].mint)
    run(settle(until=lambda: window.token.chart is not None and bool(window.token.holders.rows)))
    return window


def chart_of(window: MainWindow) -> CandleChart:
    assert window.token.chart is not None
    return window.token.chart


def test_everything_about_a_token_is_asked_and_shown(opened: MainWindow) -> None:
    token = opened.token
    assert len(chart_of(opened).series) == 160
    assert len(token.trades.rows) == 60
    assert token.holders.rows[0].tag == "pool"
    assert token._holders_title.words == f"Holders {token._launch.holders}"
    assert "1 ghost print left out" in token._ghosts.text()


def test_ghost_prints_are_shown_on_request(qtbot: QtBot, opened: MainWindow) -> None:
    button = opened.token._show_ghosts_button
    assert chart_of(opened).ghosts == []
    button.click()
    ghost = next(trade for trade in opened.token.trades.rows if trade.ghost)
    assert chart_of(opened).ghosts == [(ghost.time_s, ghost.price_f64)]
    before = chart_of(opened).grab().toImage()
    button.click()
    assert chart_of(opened).ghosts == []
    assert chart_of(opened).grab().toImage() != before


def test_a_young_token_opens_with_short_bars(window: MainWindow, views: list[LaunchView], run: Run) -> None:
    window.open_token(views[0].mint)
    run(settle())
    assert window.token.interval == "1s"
    window.open_token(views[sample.OLD_PLACE].mint)
    run(settle())
    assert window.token.interval == "1m"


def test_live_trades_come_on_top_and_move_the_last_bar(opened: MainWindow) -> None:
    token, view = opened.token, opened.model.get(opened.token.mint)
    assert view is not None
    newest = replace(token.trades.rows[0], seq=9_999, signature="fresh", price_f64=9e-8)
    bar = sample.candles(token.interval)[-1]
    bar = replace(bar, close_f64=9e-8, high_f64=9e-8)
    opened.take_token(
        TokenFrame(
            seq=1, mint=view.mint, launch=replace(view, price_f64=9e-8), trades=[newest], bars={token.interval: [bar]}
        )
    )
    assert token.trades.rows[0].signature == "fresh"
    assert chart_of(opened).series.at(1e9)[4] == 9e-8  # type: ignore[index]
    assert token.header._price.words == "0.0₇9000"


def test_a_frame_of_another_token_changes_nothing(opened: MainWindow) -> None:
    other = opened.model.view_at(0)
    assert other is not None
    before = list(opened.token.trades.rows)
    opened.take_token(TokenFrame(seq=1, mint=other.mint, launch=other, trades=[before[0]], bars={}))
    assert opened.token.trades.rows == before


def test_the_raw_transaction_of_a_trade_is_one_key_away(qtbot: QtBot, opened: MainWindow, run: Run) -> None:
    opened.token.trade_grid.setFocus()
    opened.token.trade_grid.step(1)
    qtbot.keyClick(opened.token.trade_grid, Qt.Key.Key_Return)
    run(settle(until=lambda: "decoded row" in opened.raw_panel._rows_title.words))
    assert opened.raw_overlay.isVisible()
    shown = " ".join(label.words for label in opened.raw_panel.findChildren(QLabel) if hasattr(label, "words"))
    assert "journal number 9,000" in shown
    assert "by this computer's clock" in shown
    assert '"kind": "trade"' in opened.raw_panel._rows.toPlainText()
    qtbot.keyClick(opened.raw_panel, Qt.Key.Key_Escape)
    assert not opened.raw_overlay.isVisible()
    assert opened.place == "token"


def test_a_ghost_says_in_the_dialog_why_it_is_not_drawn(opened: MainWindow, run: Run) -> None:
    row = next(n for n, trade in enumerate(opened.token.trades.rows) if trade.ghost)
    opened.token.trade_grid.activated_row.emit(row)
    run(settle(until=lambda: "decoded row" in opened.raw_panel._rows_title.words))
    shown = " ".join(label.words for label in opened.raw_panel.findChildren(QLabel) if hasattr(label, "words"))
    assert "41 times the one before it" in shown


def test_the_chart_zooms_and_pans_by_key_and_wheel(qtbot: QtBot, opened: MainWindow) -> None:
    chart = chart_of(opened)
    chart.setFocus()

    def span() -> tuple[float, float]:
        low, high = chart.getPlotItem().getViewBox().viewRange()[0]
        return low, high

    low, high = span()
    qtbot.keyClick(chart, Qt.Key.Key_Plus)
    assert span()[1] - span()[0] < high - low
    qtbot.keyClick(chart, Qt.Key.Key_Minus)
    assert span()[1] - span()[0] == pytest.approx(high - low)
    qtbot.keyClick(chart, Qt.Key.Key_Left)
    assert span()[0] < low
    point = QPointF(200, 100)
    none = Qt.MouseButton.NoButton
    wheel = QWheelEvent(
        point,
        point,
        QPoint(0, 0),
        QPoint(0, 120),
        none,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    before = span()
    chart.wheelEvent(wheel)
    assert span()[1] - span()[0] < before[1] - before[0]


def test_market_cap_is_price_times_supply(opened: MainWindow) -> None:
    opened.token.measure.choose(1)
    opened.token.measure.chosen.emit(1)
    assert chart_of(opened).factor == sample.SUPPLY / 10**6
    opened.token.measure.choose(0)
    opened.token.measure.chosen.emit(0)
    assert chart_of(opened).factor == 1.0


def test_an_interval_is_asked_for_anew(opened: MainWindow, run: Run) -> None:
    opened.token.intervals.choose(3)
    opened.token.intervals.chosen.emit(3)
    run(settle(until=lambda: chart_of(opened).series.step_s == 300))


def test_metadata_is_fetched_only_when_asked_and_shown_as_plain_text(opened: MainWindow, run: Run) -> None:
    about = opened.token.about
    assert "Nothing is fetched before you ask" in about._state.words
    opened.token.fetch_metadata()
    run(settle(until=lambda: "kelp forest" in about._description.words))
    words = {label.words for label in about.findChildren(QLabel) if hasattr(label, "words")}
    assert {"https://kelp.example/emperor", "https://x.com/kelp_example"} <= words


def test_only_web_links_can_be_opened(qtbot: QtBot, opened: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    from fluxdesk.desktop import window as window_module

    opened_urls: list[str] = []
    monkeypatch.setattr(
        window_module.QDesktopServices, "openUrl", lambda url: opened_urls.append(url.toString()) or True
    )
    for address in ("javascript:alert(1)", "file:///etc/passwd", "https://kelp.example/"):
        opened.open_link(address)
    assert opened_urls == ["https://kelp.example/"]


def test_a_failing_node_is_said_where_it_fails(window: MainWindow, views: list[LaunchView], run: Run) -> None:
    window.queries = sample.SampleQueries(views, failing=True)
    window.open_token(views[3].mint)
    run(settle(until=lambda: window.token.page.title != ""))
    assert window.token.page.title == "This token cannot be shown"
    assert "What is stored is kept" in window.token.page.accessibleDescription()


def test_a_token_without_a_trade_says_so(window: MainWindow, views: list[LaunchView], run: Run) -> None:
    window.queries = sample.SampleQueries(views, quiet=True)
    window.open_token(views[3].mint)
    run(settle(until=lambda: window.token._chart_page.title == "No trade to draw yet"))
    assert window.token.trade_grid._note == "No trade seen yet"


def test_a_returning_node_is_asked_again(opened: MainWindow, run: Run) -> None:
    opened.set_node(NodeState(phase="stopped", since_s=NOW, reason="It was ended by signal 9.", tries=1))
    assert opened.token.page.title.startswith("The node stopped")
    opened.token.trades.reset([])
    opened.set_node(NodeState(phase="starting", since_s=NOW))
    assert opened.token.page.title == "The node is starting"
    opened.set_node(NodeState(phase="reading", since_s=NOW))
    opened.set_node(NodeState(phase="up", since_s=NOW))
    run(settle(until=lambda: len(opened.token.trades.rows) == 60))
    assert opened.token._stack.currentIndex() == 0


def test_a_token_that_was_left_is_not_asked_for_again(opened: MainWindow, qtbot: QtBot) -> None:
    opened.go("launches")
    with qtbot.assertNotEmitted(opened.watch_asked):
        opened.set_node(NodeState(phase="stopped", since_s=NOW))
        opened.set_node(NodeState(phase="reading", since_s=NOW))
        opened.set_node(NodeState(phase="up", since_s=NOW))


def test_a_token_opened_while_the_node_starts_is_read_when_it_answers(
    window: MainWindow, views: list[LaunchView], run: Run
) -> None:
    window.queries = sample.SampleQueries(views, failing=True)
    window.set_node(NodeState(phase="reading", since_s=NOW))
    window.open_token(views[3].mint)
    run(settle(until=lambda: window.token.page.title == "This token cannot be shown"))
    window.token._queries = sample.SampleQueries(views)
    window.set_node(NodeState(phase="up", since_s=NOW))
    run(settle(until=lambda: len(window.token.trades.rows) == 60))


def test_a_failed_question_can_be_asked_again(window: MainWindow, views: list[LaunchView], run: Run) -> None:
    window.queries = sample.SampleQueries(views, failing=True)
    window.open_token(views[3].mint)
    run(settle(until=lambda: window.token.page.title == "This token cannot be shown"))
    window.token._queries = sample.SampleQueries(views)
    window.token.page.buttons()[0].click()
    run(settle(until=lambda: len(window.token.trades.rows) == 60))


class FewTrades(sample.SampleQueries):
    """Stand-in: everything happened within three seconds."""

    def __init__(self, views: list[LaunchView]) -> None:
        super().__init__(views)
        self.asked: list[str] = []

    async def candles(self, mint: str, interval: Interval) -> CandlePage:
        self.asked.append(interval)
        page = await super().candles(mint, interval)
        page.items = page.items[-(3 if interval == "1s" else 1) :]
        return page


def test_few_bars_are_asked_for_in_shorter_ones_until_the_user_chooses(
    window: MainWindow, views: list[LaunchView], run: Run
) -> None:
    window.queries = queries = FewTrades(views)
    window.open_token(views[sample.OLD_PLACE].mint)
    run(settle(until=lambda: window.token.chart is not None and len(window.token.chart.series) == 3))
    assert window.token.interval == "1s"
    window.token.choose_interval(+1)
    run(settle(until=lambda: len(chart_of(window).series) == 1))
    assert window.token.interval == "15s"
    assert queries.asked[-1] == "15s"


def test_leaving_the_screen_stops_what_was_asked(window: MainWindow, views: list[LaunchView], qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.watch_asked, check_params_cb=lambda mint: mint == views[3].mint):
        window.open_token(views[3].mint)
    with qtbot.waitSignal(window.watch_asked, check_params_cb=lambda mint: mint == ""):
        window.go("launches")


def test_the_chart_is_loaded_with_the_first_token_and_pyqtgraph_takes_our_binding(opened: MainWindow) -> None:
    assert "pyqtgraph" in sys.modules
    assert not any(name.startswith(("PyQt5", "PyQt6")) for name in sys.modules)
