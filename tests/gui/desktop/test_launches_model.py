"""The rows of Launches: change sets, order, holding, filters, and honest signals to Qt."""

import random

import pytest
from msgspec.structs import replace
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from fluxdesk.core.views import LaunchesFrame, LaunchView
from fluxdesk.desktop import sample
from fluxdesk.desktop.filters import parse
from fluxdesk.desktop.qt import Qt
from fluxdesk.desktop.screens.launches import model as model_module
from fluxdesk.desktop.screens.launches.columns import tab_of
from fluxdesk.desktop.screens.launches.model import LaunchModel

NOW = float(sample.NOW_S)


def frame(*views: LaunchView, snapshot: bool = False, new: bool = False, more: bool = False) -> LaunchesFrame:
    news = [v.mint for v in views] if new else []
    return LaunchesFrame(seq=1, snapshot=snapshot, upserts=list(views), new=news, more=more)


def column(model: LaunchModel, key: str) -> int:
    return next(place for place, one in enumerate(model.columns) if one.key == key)


def mints(model: LaunchModel) -> list[str]:
    found = [model.view_at(row) for row in range(model.rowCount())]
    return [view.mint for view in found if view is not None]


@pytest.fixture
def model(qtmodeltester: ModelTester) -> LaunchModel:
    made = LaunchModel(now=lambda: NOW)
    qtmodeltester.check(made, force_py=True)
    return made


def test_qt_finds_no_fault_with_the_model_while_it_changes(model: LaunchModel, qtmodeltester: ModelTester) -> None:
    rng = random.Random(1)
    views = sample.launches(60)
    model.apply(frame(*views, snapshot=True))
    for step in range(60):
        changed = [replace(v, mcap_f64=rng.random() * 100, trades=v.trades + step) for v in rng.sample(views, 8)]
        model.apply(frame(*changed, sample.launch(60 + step), new=True))
        model.settle()
        if step % 10 == 0:
            model.sort(column(model, "mcap"), Qt.SortOrder.DescendingOrder)
        if step % 17 == 0:
            model.set_filters((parse("mcap >= 30"),) if step % 34 == 0 else ())
    qtmodeltester.check(model, force_py=True)
    assert model.known == 120


def test_the_newest_launch_stands_on_top(model: LaunchModel) -> None:
    model.apply(frame(*sample.launches(30), snapshot=True))
    times = [view.created_s for view in (model.view_at(row) for row in range(model.rowCount())) if view is not None]
    assert times == sorted(times, reverse=True)  # type: ignore[type-var]


def test_a_new_launch_is_inserted_without_touching_the_rest(model: LaunchModel, qtbot: QtBot) -> None:
    model.apply(frame(*sample.launches(30)[5:], snapshot=True))
    before = mints(model)
    inserted: list[tuple[int, int]] = []
    model.rowsInserted.connect(lambda parent, first, last: inserted.append((first, last)))
    newest = replace(sample.launch(0), created_s=int(NOW), stage="curve", progress_ppm=1_000)
    with qtbot.assertNotEmitted(model.modelReset), qtbot.assertNotEmitted(model.layoutChanged):
        model.apply(frame(newest, new=True))
        model.settle()
    assert inserted == [(0, 0)]
    assert mints(model) == [newest.mint, *before]


def test_a_changed_value_reports_its_row_and_nothing_else(model: LaunchModel) -> None:
    model.apply(frame(*sample.launches(30), snapshot=True))
    changed: list[tuple[int, int]] = []
    model.dataChanged.connect(lambda first, last, roles: changed.append((first.row(), last.row())))
    view = model.view_at(3)
    assert view is not None
    model.apply(frame(replace(view, mcap_f64=1.0)))
    model.settle()
    assert changed == [(3, 3)]


def test_a_held_list_keeps_its_order_but_shows_new_values(model: LaunchModel) -> None:
    model.apply(frame(*sample.launches(30)[5:], snapshot=True))
    before = mints(model)
    model.hold(True)
    first = model.view_at(0)
    assert first is not None
    newest = replace(sample.launch(0), created_s=int(NOW), stage="curve", progress_ppm=1_000)
    model.apply(frame(replace(first, price_f64=7.0), newest, new=True))
    model.settle()
    assert mints(model) == before
    assert model.view_at(0).price_f64 == 7.0  # type: ignore[union-attr]
    assert model.waiting == 1
    model.hold(False)
    assert mints(model) == [newest.mint, *before]
    assert model.waiting == 0


def test_a_launch_that_graduates_moves_to_its_tab(model: LaunchModel) -> None:
    view = replace(sample.launch(0), stage="curve", progress_ppm=100_000)
    model.apply(frame(view, snapshot=True))
    assert model.counts() == {"new": 1, "final": 0, "graduated": 0}
    model.apply(frame(replace(view, progress_ppm=910_000)))
    model.settle()
    assert model.counts() == {"new": 0, "final": 1, "graduated": 0}
    model.apply(frame(replace(view, stage="graduated", progress_ppm=None)))
    model.settle()
    assert model.counts() == {"new": 0, "final": 0, "graduated": 1}
    model.show_tab("graduated")
    assert mints(model) == [view.mint]


@pytest.mark.parametrize("key", ["price", "mcap", "volume", "buyers", "curve", "token", "source"])
@pytest.mark.parametrize("order", [Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder])
def test_unknown_values_go_last_in_both_directions(model: LaunchModel, key: str, order: Qt.SortOrder) -> None:
    views = [replace(v, stage="curve", progress_ppm=5_000 * n) for n, v in enumerate(sample.launches(20))]
    views[7] = replace(views[7], price_f64=None, mcap_f64=None, progress_ppm=None)
    model.apply(frame(*views, snapshot=True))
    model.sort(column(model, key), order)
    if key in ("price", "mcap", "curve"):
        assert mints(model)[-1] == views[7].mint
    assert len(mints(model)) == 20


def test_the_selection_survives_a_new_order(model: LaunchModel) -> None:
    from fluxdesk.desktop.qt import QPersistentModelIndex

    model.apply(frame(*sample.launches(30), snapshot=True))
    view = model.view_at(9)
    assert view is not None
    kept = QPersistentModelIndex(model.index(9, 0))
    model.sort(column(model, "mcap"), Qt.SortOrder.DescendingOrder)
    assert model.view_at(kept.row()) is view


def test_hidden_rows_are_counted_by_the_filter_that_hides_them(model: LaunchModel) -> None:
    views = [
        replace(v, stage="curve", progress_ppm=1, mcap_f64=float(n), buyers=5)
        for n, v in enumerate(sample.launches(20))
    ]
    model.apply(frame(*views, snapshot=True))
    high, few = parse("mcap >= 15"), parse("buyers >= 5")
    model.set_filters((high, few))
    assert model.hidden_by() == {high: 15, few: 0}
    assert (model.matched, model.known) == (5, 20)


def test_a_filter_by_age_lets_rows_go_as_they_grow_old() -> None:
    now = NOW
    model = LaunchModel(now=lambda: now)
    model.apply(frame(replace(sample.launch(0), created_s=int(NOW) - 50, stage="curve", progress_ppm=1), snapshot=True))
    model.set_filters((parse("age <= 60s"),))
    assert model.rowCount() == 1
    now = NOW + 20
    model.age_rows()
    assert model.rowCount() == 0


def test_arrivals_are_told_once_and_only_when_they_pass_and_are_news(model: LaunchModel) -> None:
    told: list[list[str]] = []
    model.arrived.connect(told.append)
    model.set_filters((parse("mcap >= 10"),))
    high = replace(sample.launch(1), mcap_f64=50.0)
    low = replace(sample.launch(2), mcap_f64=5.0)
    late = replace(sample.launch(3), mcap_f64=50.0, created_s=int(NOW) - 3_600)
    model.apply(frame(high, low, late, new=True))
    model.settle()
    model.apply(frame(high))
    model.settle()
    assert told == [[high.mint]]


def test_a_snapshot_forgets_what_it_does_not_name(model: LaunchModel) -> None:
    model.apply(frame(*sample.launches(30), snapshot=True))
    model.apply(frame(*sample.launches(5), snapshot=True))
    assert model.known == 5
    assert sum(model.counts().values()) == 5


def test_a_held_list_lets_go_of_what_a_snapshot_no_longer_names(model: LaunchModel) -> None:
    model.apply(frame(*sample.launches(30), snapshot=True))
    model.hold(True)
    model.apply(frame(*sample.launches(5), snapshot=True))
    assert len(mints(model)) == model.rowCount() <= 5


def test_a_snapshot_in_pieces_lets_nothing_go_before_its_last(model: LaunchModel) -> None:
    views = sample.launches(30)
    model.apply(frame(*views, snapshot=True))
    model.apply(frame(*views[:5], snapshot=True, more=True))
    assert model.known == 30
    model.apply(frame(*views[5:10], more=True))
    assert model.known == 30
    model.apply(frame(*views[10:15]))
    model.settle()
    assert {view.mint for view in model.all_views()} == {view.mint for view in views[:15]}
    model.apply(frame(views[0]))
    assert model.known == 15


def test_counts_stay_right_through_any_change_sets(model: LaunchModel) -> None:
    rng = random.Random(3)
    model.set_filters((parse("mcap >= 30"),))
    for step in range(200):
        views = [replace(sample.launch(rng.randrange(50)), mcap_f64=rng.random() * 60) for _ in range(5)]
        views[0] = replace(views[0], stage=rng.choice(("curve", "graduated")), progress_ppm=rng.randrange(1_000_000))
        model.apply(frame(*views, snapshot=step % 40 == 39))
        model.settle()
        passing = [view for view in model.all_views() if (view.mcap_f64 or 0) >= 30]
        assert model.counts() == {tab: sum(1 for view in passing if tab_of(view) == tab) for tab in model.counts()}
        assert model.matched == len(passing)
        assert sorted(mints(model)) == sorted(view.mint for view in passing if tab_of(view) == model.tab)


def test_memory_is_bounded_and_the_oldest_go_first(model: LaunchModel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model_module, "BOOK_LIMIT", 40)
    model.apply(frame(*sample.launches(60)))
    model.settle()
    assert model.known <= 40
    assert model.get(sample.launch(0).mint) is not None
    assert model.get(sample.launch(59).mint) is None


def test_a_screen_reader_hears_a_sentence_with_the_unknown_said(model: LaunchModel) -> None:
    view = replace(sample.launch(0), stage="curve", progress_ppm=None, mcap_f64=None)
    model.apply(frame(view, snapshot=True))
    said = model.data(model.index(0, 0), int(Qt.ItemDataRole.AccessibleTextRole))
    assert isinstance(said, str)
    assert view.symbol in said  # type: ignore[operator]
    assert "market cap unknown" in said


def test_every_column_defines_its_number(model: LaunchModel) -> None:
    for place in range(model.columnCount()):
        meaning = model.headerData(place, Qt.Orientation.Horizontal, int(Qt.ItemDataRole.ToolTipRole))
        assert isinstance(meaning, str)
        assert meaning.endswith(".")
