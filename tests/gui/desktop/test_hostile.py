"""Someone who means harm, or types nonsense: the window goes on, nothing runs over its edge, and text stays text.

pytest-qt fails a test on any exception inside Qt and on any warning of Qt.
"""

import contextlib
import math
import re

import pytest
from msgspec.structs import replace

from fluxdesk.core.views import (
    CandlePage,
    CandleView,
    GapView,
    Interval,
    LaunchesFrame,
    LaunchView,
    SourcesFrame,
    TokenView,
    TradePage,
)
from fluxdesk.desktop import sample
from fluxdesk.desktop.filters import BadFilter, parse
from fluxdesk.desktop.qt import QApplication, QLabel, QLineEdit, QPlainTextEdit, QSize, Qt, QWidget
from fluxdesk.desktop.state import NodeState
from fluxdesk.desktop.window import MainWindow
from windows import NOW, Run, settle

TEXTS = (
    "",
    " ",
    "<b>bold</b><img src=file:///etc/passwd>",
    "&amp;&lt;&#x202e;",
    "\x00\x07\x1b[31m\r\n\t",
    "\u202eliam\u202c\u2066\u200f\u200b",
    "\u05d0\u05d1\u05d2 \u0645\u0631\u062d\u0628\u0627 123",
    "Z" + "\u0351\u0489" * 40,
    "\U0001f469\u200d\U0001f469\u200d\U0001f467" * 30,
    "W" * 20_000,
    "\ud800",
    "%s%n{0}{name}{{",
    "../../etc/passwd",
    "'; DROP TABLE tokens; --",
    "-1",
    "99999999999999999999999999999999999999",
    "1e999",
    "\u0663\u0664",
    "NaN",
)
NUMBERS = (None, 0.0, -0.0, -1.0, 1e-300, 1e300, math.inf, -math.inf, math.nan, 5e-324, 123.456)
COUNTS = (0, 1, -1, 2**31, 2**63 - 1, 99_999)
TIMES = (None, 0, -1, 2**31, 2**62, -(2**62), int(NOW))


def hostile(place: int, view: LaunchView) -> LaunchView:
    """A launch of which every part is out of the ordinary."""

    def of(values: tuple, step: int = 1) -> object:  # type: ignore[type-arg]
        return values[(place * step + step) % len(values)]

    text, number, count = of(TEXTS), of(NUMBERS), of(COUNTS)
    return replace(
        view,
        name=of(TEXTS, 3),
        symbol=text,
        creator=of(TEXTS, 5) or None,
        quote_symbol=of(TEXTS, 7),
        brand=of(TEXTS, 2) or None,
        pool=None,
        created_s=of(TIMES),
        first_source=of(TEXTS, 11),
        lead_ms=of(NUMBERS, 3),
        price_f64=number,
        change_f64=of(NUMBERS, 5),
        mcap_f64=of(NUMBERS, 7),
        liquidity_f64=of(NUMBERS, 2),
        volume_5m_f64=of(NUMBERS, 9),
        buys_5m=abs(int(count)),  # type: ignore[call-overload]
        sells_5m=abs(int(of(COUNTS, 5))),  # type: ignore[call-overload]
        trades=count,
        buyers=of(COUNTS, 2),
        holders=of((None, *COUNTS)),
        progress_ppm=of((None, *COUNTS), 3),
        quote_decimals=of((None, 0, 9, 255)),
        token_decimals=of((None, 0, 6, 255), 3),
        spark_f64=[x for x in NUMBERS if x is not None and math.isfinite(x)][: place % 9],
    )


class Hostile(sample.SampleQueries):
    """Stand-in: a node whose answers are as bad as their types allow."""

    async def token(self, mint: str) -> TokenView:
        found = await super().token(mint)
        found.uri = TEXTS[2] * 40
        found.supply_base = "9" * 78
        found.pools = list(TEXTS[2:9])
        found.holders_note = TEXTS[2]
        found.gaps = [GapView(source=t, from_slot=2**63, to_slot=0, opened_wall_ns=2**63, reason=t) for t in TEXTS]
        return found

    async def candles(self, mint: str, interval: Interval) -> CandlePage:
        page = await super().candles(mint, interval)
        for start, bad in zip((0, 1, 2**40), (0.0, 1e300, 1e-300), strict=True):
            page.items.append(CandleView(start, bad, bad, bad, bad, bad, 2**40, 2**40))
        return page

    async def trades(self, mint: str, before: str | None) -> TradePage:
        page = await super().trades(mint, before)
        for place, trade in enumerate(page.items):
            trade.token_base = trade.quote_base = "9" * (1 + place * 2)
            trade.price_f64 = NUMBERS[place % len(NUMBERS)]
            trade.trader = TEXTS[place % len(TEXTS)]
            trade.time_s = TIMES[place % len(TIMES)]
        return page


@pytest.fixture
def bad(window: MainWindow, views: list[LaunchView]) -> list[LaunchView]:
    made = [hostile(place, view) for place, view in enumerate(views)]
    window.take_launches(LaunchesFrame(seq=2, snapshot=True, upserts=made, new=[view.mint for view in made]))
    return made


def plain(window: QWidget) -> None:
    """Every label and tip in a window is plain text."""
    for label in window.findChildren(QLabel):
        assert label.textFormat() == Qt.TextFormat.PlainText or not label.text(), label.text()
    for widget in window.findChildren(QWidget):
        assert not re.search("<[a-zA-Z/!]|&[a-z#]", widget.toolTip()), widget.toolTip()


def test_hostile_launches_are_shown_sorted_and_told(window: MainWindow, bad: list[LaunchView]) -> None:
    for tab in ("new", "final", "graduated"):
        window.launches.show_tab(tab)
        for column in range(len(window.model.columns)):
            window.model.sort(column, Qt.SortOrder.DescendingOrder)
            window.model.sort(column)
        QApplication.processEvents()
        for row in range(window.model.rowCount()):
            window.launches.table.selectRow(row)
        window.grab()
    assert all(window.model.sentence(view) for view in bad)
    plain(window)


def test_hostile_answers_are_shown(window: MainWindow, bad: list[LaunchView], run: Run) -> None:
    window.queries = Hostile(bad)
    for view in bad[:5]:
        window.open_token(view.mint)
        run(settle(until=lambda: window.token.chart is not None and bool(window.token.holders.rows)))
        window.grab()
        for by in (1, 1, -1, -1):
            window.token.choose_interval(by)
        run(settle())
        plain(window)
    assert window.width() == 1280, "no text widens the window"


def test_hostile_sources_are_shown(window: MainWindow) -> None:
    sources = [
        replace(one, id=f"{n}{t}", endpoint=t, message=t, lag_ms=1e300)
        for n, t in enumerate(TEXTS)
        for one in sample.sources("live")[:1]
    ]
    gaps = [GapView(source=t, from_slot=2**63, to_slot=0, opened_wall_ns=2**63, reason=t) for t in TEXTS]
    window.go("sources")
    window.take_sources(SourcesFrame(seq=9, sources=sources, gaps=gaps))
    window.grab()
    plain(window)
    assert window.width() == 1280


def test_nonsense_in_every_field_is_answered_in_words(window: MainWindow, run: Run) -> None:
    for screen in ("settings", "sources"):
        window.go(screen)
    window.choose_mode()
    window.leave_first_run()
    for text in TEXTS:
        for field in window.findChildren(QLineEdit):
            field.setText(text)
            field.editingFinished.emit()
            field.returnPressed.emit()
        for lines in window.findChildren(QPlainTextEdit):
            if not lines.isReadOnly():
                lines.setPlainText(text)
        for name in ("mcap >= {}", "age <= {}", "launchpad = {}", "{}", "{} >= 1"):
            with contextlib.suppress(BadFilter):
                made = parse(name.replace("{}", text))
                assert parse(made.source) == made
                assert len(made.text) < 60
        window.open_palette()
        window.palette_panel.field.setText(text)
        run(settle())
        window.grab()
        window.palette_overlay.close_panel()
        plain(window)
        assert window.minimumSizeHint().width() <= 1280


def test_the_palette_runs_everything_it_lists(window: MainWindow, run: Run) -> None:
    for entry in list(window.commands):
        if entry.name == "quit":
            continue
        window.open_palette()
        window._palette_command(entry.name)
        run(settle())
        assert window.palette_overlay.isHidden() or entry.name == "palette", entry.name
        if window.place == "first_run":
            window.leave_first_run()
    window.go("launches")
    assert window.place == "launches"
    assert window.model.known > 0


def test_fast_clicks_leave_one_token_and_no_question_behind(
    window: MainWindow, views: list[LaunchView], run: Run
) -> None:
    for _ in range(3):
        for view in views[:15]:
            window.open_token(view.mint)
            window.leave_token()
    window.open_token(views[4].mint)
    run(settle(until=lambda: bool(window.token.trades.rows)))
    assert window.token.mint == views[4].mint
    assert window.token.header._mint == views[4].mint


def test_the_node_dies_and_returns_ten_times_while_a_token_is_open(
    window: MainWindow, views: list[LaunchView], run: Run
) -> None:
    window.open_token(views[4].mint)
    for _ in range(10):
        for phase in ("silent", "stopped", "starting", "reading", "up"):
            window.set_node(NodeState(phase=phase, since_s=NOW))
    run(settle(until=lambda: len(window.token.trades.rows) == 60))
    assert window.token._stack.currentIndex() == 0


@pytest.mark.parametrize(("width", "height"), [(640, 480), (320, 240), (1280, 400), (700, 2000)])
def test_any_size_can_be_had(window: MainWindow, views: list[LaunchView], width: int, height: int, run: Run) -> None:
    def painted_at(wide: int, high: int) -> bool:
        window.resize(wide, high)
        size = window.size()
        whole = window.grab().deviceIndependentSize().toSize() == size
        return whole and size == size.expandedTo(QSize(wide, high))  # larger where its parts need the room

    for screen in ("launches", "sources", "settings"):
        window.go(screen)
        assert painted_at(width, height), screen
    window.open_token(views[4].mint)
    run(settle(until=lambda: bool(window.token.trades.rows)))
    assert painted_at(width + 1, height)


def test_a_long_message_stays_inside_the_window(window: MainWindow) -> None:
    for message in ("Saved.", "The file cannot be written. " * 30):
        window.toast.say(message)
        assert window.rect().contains(window.toast.geometry())
        assert window.toast.words == message


def test_what_cannot_be_saved_is_said_on_the_screen_that_is_shown(window: MainWindow) -> None:
    window.go("sources")
    window.show_errors({"solana_rpc": "The file cannot be written."})
    assert window.toast.words == "The file cannot be written."
    assert window.settings.fields["solana_rpc"].error.words == "The file cannot be written."
