"""Launches with mouse and keys: filters, tabs, pause, selection, states."""

from collections.abc import Iterable

import pytest
from msgspec.structs import replace
from pytestqt.qtbot import QtBot

from fluxdesk.core.views import LaunchesFrame, LaunchView
from fluxdesk.desktop import sample, theme
from fluxdesk.desktop.filters import parse
from fluxdesk.desktop.qt import QGuiApplication, QPainter, QPointF, Qt
from fluxdesk.desktop.screens.launches import pictures
from fluxdesk.desktop.screens.launches.cells import RowPainter, Span
from fluxdesk.desktop.state import NodeState
from fluxdesk.desktop.window import MainWindow
from windows import NOW


def press(qtbot: QtBot, window: MainWindow, key: Qt.Key, widget: object = None) -> None:
    qtbot.keyClick(widget or window.launches.table, key)


def test_j_and_k_move_and_enter_opens(qtbot: QtBot, window: MainWindow) -> None:
    table = window.launches.table
    table.setFocus()
    press(qtbot, window, Qt.Key.Key_J)
    press(qtbot, window, Qt.Key.Key_J)
    press(qtbot, window, Qt.Key.Key_J)
    press(qtbot, window, Qt.Key.Key_K)
    assert table.selected_row == 1
    mint = table.current_mint
    assert window.launches.detail.mint == mint
    press(qtbot, window, Qt.Key.Key_Return)
    assert window.place == "token"
    assert window.token.mint == mint
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert window.place == "launches"
    assert table.current_mint == mint


def test_letters_are_text_while_one_types(qtbot: QtBot, window: MainWindow) -> None:
    search = window.launches.bar.search
    search.setFocus()
    qtbot.keyClicks(search, "jk1?/t")
    assert search.text() == "jk1?/t"
    assert window.place == "launches"
    assert window.launches.table.selected_row == -1
    assert not window.keys_overlay.isVisible()


def test_c_copies_the_full_address(qtbot: QtBot, window: MainWindow) -> None:
    window.launches.table.step(1)
    press(qtbot, window, Qt.Key.Key_C)
    assert QGuiApplication.clipboard().text() == window.launches.table.current_mint
    assert "Address copied" in window.toast.words


def test_a_typed_filter_becomes_a_chip_and_leaves_again(qtbot: QtBot, window: MainWindow) -> None:
    bar = window.launches.bar
    press(qtbot, window, Qt.Key.Key_F)
    assert bar.editor.isVisible()
    qtbot.keyClicks(bar.editor.line, "mcap >= 30 SOL")
    qtbot.keyClick(bar.editor.line, Qt.Key.Key_Return)
    assert not bar.editor.isVisible()
    assert [one.text for one in bar.filters] == ["Mcap ≥ 30 SOL"]
    assert all((view.mcap_f64 or 0) >= 30 for view in shown(window))
    chip = bar._chips.itemAt(0).widget()
    qtbot.mouseClick(chip, Qt.MouseButton.LeftButton)
    assert bar.filters == ()


def shown(window: MainWindow) -> list[LaunchView]:
    found = [window.model.view_at(row) for row in range(window.model.rowCount())]
    return [view for view in found if view is not None]


def test_a_wrong_filter_is_explained_and_not_added(qtbot: QtBot, window: MainWindow) -> None:
    editor = window.launches.bar.editor
    window.launches.bar.open_editor()
    qtbot.keyClicks(editor.line, "age <= 30")
    assert editor.message.words == "Say the unit of time: 45s, 30m, 2h or 3d."
    assert not editor.button.isEnabled()
    qtbot.keyClick(editor.line, Qt.Key.Key_Return)
    assert window.launches.bar.filters == ()


def test_a_second_filter_on_the_same_side_replaces_the_first(window: MainWindow) -> None:
    bar = window.launches.bar
    bar.add(parse("mcap >= 30"))
    bar.add(parse("mcap >= 50"))
    bar.add(parse("mcap <= 90"))
    assert [one.text for one in bar.filters] == ["Mcap ≥ 50", "Mcap ≤ 90"]


def test_many_filters_share_a_chip_when_there_is_no_room(window: MainWindow) -> None:
    for text in ("mcap >= 5", "liq >= 3", "age <= 1d", "buyers >= 1", "vol >= 0.1"):
        window.launches.bar.add(parse(text))
    chips = window.launches.bar._chips
    titles = [chips.itemAt(n).widget().text() for n in range(chips.count())]
    assert titles[-1].startswith("+")
    assert len(titles) < 5


def test_the_search_narrows_while_typing_and_esc_empties_it(qtbot: QtBot, window: MainWindow) -> None:
    before = window.model.rowCount()
    search = window.launches.bar.search
    press(qtbot, window, Qt.Key.Key_S)
    assert search.hasFocus()
    qtbot.keyClicks(search, "kelp")
    assert 0 < window.model.rowCount() < before
    assert all("kelp" in f"{v.name} {v.symbol}".lower() for v in shown(window))
    qtbot.keyClick(search, Qt.Key.Key_Escape)
    assert window.model.rowCount() == before
    assert window.launches.table.hasFocus()


def test_space_pauses_and_says_how_many_wait(qtbot: QtBot, window: MainWindow) -> None:
    press(qtbot, window, Qt.Key.Key_Space)
    assert window.launches.table.paused
    newest = replace(sample.launch(500), created_s=int(NOW), stage="curve", progress_ppm=1)
    window.take_launches(LaunchesFrame(seq=2, snapshot=False, upserts=[newest], new=[newest.mint]))
    window.model.settle()
    assert window.launches.bar.note.words == "paused · 1 waiting"
    assert window.model.row_of(newest.mint) == -1
    press(qtbot, window, Qt.Key.Key_Space)
    assert window.model.row_of(newest.mint) == 0


def test_the_list_stands_still_while_the_pointer_is_in_it(window: MainWindow) -> None:
    from fluxdesk.desktop.qt import QEnterEvent, QEvent

    table, point = window.launches.table, QPointF(20, 20)
    table.enterEvent(QEnterEvent(point, point, point))
    assert window.model.held
    assert "still while the pointer is here" in window.launches.bar.note.words
    table.leaveEvent(QEvent(QEvent.Type.Leave))
    assert not window.model.held


def all_painted(window: MainWindow, qtbot: QtBot) -> None:
    """Waits until every row in sight has its picture."""
    table = window.launches.table

    def done() -> bool:
        table.viewport().repaint()
        return not table.behind and len(table._pictures._made) == len(table._mints_in_sight())

    qtbot.waitUntil(done)


@pytest.fixture
def painted(window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Mints of the rows whose cells are painted from here on."""
    original, mints = RowPainter.paint, []

    def noted(self: RowPainter, p: QPainter, spans: Iterable[Span], height: int, view: LaunchView) -> None:
        mints.append(view.mint)
        original(self, p, spans, height, view)

    monkeypatch.setattr(RowPainter, "paint", noted)
    QGuiApplication.processEvents()  # what the layout still has to move
    all_painted(window, qtbot)
    mints.clear()
    return mints


def test_a_change_paints_its_row_and_puts_the_others_back(window: MainWindow, painted: list[str]) -> None:
    view = window.model.view_at(2)
    assert view is not None
    window.take_launches(LaunchesFrame(seq=2, snapshot=False, upserts=[replace(view, price_f64=1.0)], new=[]))
    window.launches.table.viewport().repaint()
    assert painted == [view.mint]


def test_rows_a_frame_has_no_time_for_follow_at_once(
    window: MainWindow, qtbot: QtBot, painted: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "FRAME_S", 0.0)
    views = [replace(view, trades=view.trades + 1) for row in range(4) if (view := window.model.view_at(row))]
    window.take_launches(LaunchesFrame(seq=2, snapshot=False, upserts=views, new=[]))
    window.launches.table.viewport().repaint()
    assert painted == [views[0].mint]
    qtbot.waitUntil(lambda: painted == [view.mint for view in views])


def test_the_picture_of_a_row_is_painted_again_in_another_look(
    window: MainWindow, qtbot: QtBot, painted: list[str]
) -> None:
    theme.apply("light")
    all_painted(window, qtbot)
    assert len(painted) >= 4


def test_a_new_row_flashes_and_not_under_reduced_motion(window: MainWindow) -> None:
    table = window.launches.table
    table.flash(["x"])
    assert table.flashes == {"x": 1.0}
    table.flashes.clear()
    theme.apply("dark", 100, still=True)
    table.flash(["y"])
    assert table.flashes == {}


def test_no_match_names_the_filter_that_hides_most_and_loosens_it(qtbot: QtBot, window: MainWindow) -> None:
    window.launches.bar.set_filters((parse("mcap >= 4k SOL"), parse("age <= 1d")))
    page = window.launches.page
    assert page.isVisible()
    assert page.title == "No launch matches your filters"
    assert "Mcap ≥ 4K SOL alone hides" in page.accessibleDescription()
    loosen = page.buttons()[0]
    assert loosen.text() == "Change to Mcap ≥ 1K SOL"
    qtbot.mouseClick(loosen, Qt.MouseButton.LeftButton)
    assert window.launches.bar.filters[-1].text == "Mcap ≥ 1K SOL"
    qtbot.mouseClick(page.buttons()[-1], Qt.MouseButton.LeftButton)
    assert window.launches.bar.filters == ()
    assert not page.isVisible()


def test_an_empty_tab_leads_to_the_full_one(qtbot: QtBot, window: MainWindow) -> None:
    early = [replace(v, stage="curve", progress_ppm=1_000) for v in shown(window)]
    window.take_launches(LaunchesFrame(seq=2, snapshot=True, upserts=early, new=[]))
    window.launches.show_tab("graduated")
    page = window.launches.page
    assert page.title == "No launch has graduated yet"
    qtbot.mouseClick(page.buttons()[0], Qt.MouseButton.LeftButton)
    assert window.model.tab == "new"
    assert not page.isVisible()


def test_loading_shows_a_skeleton_and_how_far_it_is(window: MainWindow) -> None:
    window.take_launches(LaunchesFrame(seq=2, snapshot=True, upserts=[], new=[]))
    window.set_node(NodeState(phase="reading", since_s=NOW, done=1_840, total=6_212))
    assert window.launches.table.loading
    assert window.launches._hint.words == "Reading the journal: 1,840 of 6,212 events"
    assert window.launches.bar.tabs._group.button(0).text() == "New –"


def test_a_stopped_node_says_what_was_kept_and_what_is_missing(qtbot: QtBot, window: MainWindow) -> None:
    window.set_node(
        NodeState(
            phase="stopped",
            since_s=NOW,
            reason="It was ended by signal 9.",
            last_slot=351_904_118,
            retry_in_s=4,
            tries=1,
        )
    )
    page = window.launches.page
    assert page.title.startswith("The node stopped at ")
    assert "Kept: 120 launches and every event up to slot 351,904,118." in page.accessibleDescription()
    assert "Not recorded since" in page.accessibleDescription()
    assert "started again by itself in 4 s" in page.accessibleDescription()
    assert window.launches.bar.note.words.endswith("not live")
    with qtbot.waitSignal(window.start_asked):
        qtbot.mouseClick(page.buttons()[0], Qt.MouseButton.LeftButton)
    first = page.buttons()[0]
    window.set_node(
        NodeState(
            phase="stopped",
            since_s=NOW,
            reason="It was ended by signal 9.",
            last_slot=351_904_118,
            retry_in_s=3,
            tries=1,
        )
    )
    assert page.buttons()[0] is first, "the button must not be replaced while it is about to be pressed"


def test_the_header_sorts_and_shows_it(qtbot: QtBot, window: MainWindow) -> None:
    across = window.launches.table.horizontalHeader()
    across.sectionClicked.emit(3)
    values = [view.mcap_f64 for view in shown(window)]
    assert values == sorted(values, reverse=True)  # type: ignore[type-var]
    assert window.model.headerData(3, Qt.Orientation.Horizontal) == "Mkt cap ↓"
    across.sectionClicked.emit(3)
    assert window.model.headerData(3, Qt.Orientation.Horizontal) == "Mkt cap ↑"


def test_a_wide_window_shows_every_column_and_a_narrow_one_the_most_needed(window: MainWindow) -> None:
    def visible() -> set[str]:
        return {c.key for n, c in enumerate(window.model.columns) if not window.launches.table.isColumnHidden(n)}

    assert {"token", "age", "price", "mcap", "spark", "curve", "volume", "trades", "buyers"} == visible()
    window.resize(1920, 1080)
    assert visible() == {column.key for column in window.model.columns}
    window.launches.table.resize(480, 600)
    assert {"token", "age", "mcap"} <= visible()


def test_a_frame_paints_as_many_fresh_rows_as_it_has_time_for_and_the_next_ones_the_rest(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    table = window.launches.table
    all_painted(window, qtbot)
    monkeypatch.setattr(pictures, "FRESH_FRAME_S", 0.0)
    window.launches.show_tab("final")
    table._pictures.keep([])
    table.viewport().repaint()
    assert len(table._pictures._made) == 1
    assert table.behind
    assert len(table._mints_in_sight()) > 5
    all_painted(window, qtbot)
