"""Every action by key: the palette, the list of keys, the rail."""

import pytest
from pytestqt.qtbot import QtBot

from fluxdesk.desktop import sample
from fluxdesk.desktop.feed import NodeTrouble
from fluxdesk.desktop.keys import Command, Commands, shown_key
from fluxdesk.desktop.qt import QGuiApplication, QLabel, Qt
from fluxdesk.desktop.window import MainWindow
from windows import Run, settle


def titles(window: MainWindow) -> list[str]:
    return [entry.title for entry in window.palette_panel.model.entries]


def test_ctrl_k_opens_the_palette_and_esc_gives_the_focus_back(qtbot: QtBot, window: MainWindow) -> None:
    window.launches.table.setFocus()
    qtbot.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert window.palette_overlay.isVisible()
    assert window.palette_panel.field.hasFocus()
    qtbot.keyClick(window.palette_panel.field, Qt.Key.Key_Escape)
    assert not window.palette_overlay.isVisible()
    assert window.launches.table.hasFocus()


def test_a_token_is_found_and_opened(qtbot: QtBot, window: MainWindow, run: Run) -> None:
    window.open_palette()
    qtbot.keyClicks(window.palette_panel.field, "quilta")
    run(settle(until=lambda: "in" in window.palette_panel.note.words))
    assert window.palette_panel.model.entries[0].title == "Tokens"
    assert window.palette_panel.model.entries[1].title == "QUILTA"
    qtbot.keyClick(window.palette_panel.field, Qt.Key.Key_Return)
    assert window.place == "token"
    assert not window.palette_overlay.isVisible()


def test_look_alikes_are_told_apart(qtbot: QtBot, window: MainWindow, run: Run) -> None:
    window.open_palette()
    qtbot.keyClicks(window.palette_panel.field, "kelpo")
    run(settle(until=lambda: "in" in window.palette_panel.note.words))
    notes = [e.note for e in window.palette_panel.model.entries if e.kind == "token"]
    assert any("same symbol, younger by" in note for note in notes)
    assert not all("same symbol" in note for note in notes)


def test_an_action_runs_by_its_words(qtbot: QtBot, window: MainWindow) -> None:
    window.open_palette()
    qtbot.keyClicks(window.palette_panel.field, ">sour")
    assert titles(window) == ["Go to", "Sources"]
    qtbot.keyClick(window.palette_panel.field, Qt.Key.Key_Return)
    assert window.place == "sources"


def test_what_cannot_run_is_not_offered(window: MainWindow) -> None:
    window.open_palette()
    assert "Start the node" not in titles(window)
    assert "Restart the node" in titles(window)


def test_arrows_skip_headings_and_go_round(qtbot: QtBot, window: MainWindow) -> None:
    window.open_palette()
    panel = window.palette_panel
    kinds = []
    for _ in range(len(panel.model.entries) + 2):
        qtbot.keyClick(panel.field, Qt.Key.Key_Down)
        kinds.append(panel.model.entries[panel.list.currentIndex().row()].kind)
    assert "heading" not in kinds


def test_actions_on_the_token_found(qtbot: QtBot, window: MainWindow, run: Run) -> None:
    window.open_palette()
    qtbot.keyClicks(window.palette_panel.field, "brinq")
    run(settle(until=lambda: "in" in window.palette_panel.note.words))
    row = titles(window).index("Copy the address of BRINQ")
    mint = window.palette_panel.model.entries[row].mint
    window.palette_panel.list.setCurrentIndex(window.palette_panel.model.index(row, 0))
    window.palette_panel.choose()
    assert QGuiApplication.clipboard().text() == mint


def test_a_node_that_does_not_answer_leaves_what_is_in_memory(qtbot: QtBot, window: MainWindow, run: Run) -> None:
    window.queries = sample.SampleQueries([], failing=True)
    window.open_palette()
    qtbot.keyClicks(window.palette_panel.field, "quilta")
    run(settle(until=lambda: "does not answer" in window.palette_panel.note.words))
    assert "QUILTA" in titles(window)


def test_an_answer_to_an_older_question_is_dropped(window: MainWindow) -> None:
    window.open_palette()
    window.palette_panel.field.setText("quilta")
    window.palette_panel.show_hits("something else", [], 1.0)
    assert window.palette_panel.note.words == ""


@pytest.mark.parametrize(("key", "place"), [("1", "launches"), ("2", "sources"), ("3", "settings")])
def test_the_rail_has_keys(qtbot: QtBot, window: MainWindow, key: str, place: str) -> None:
    qtbot.keyClicks(window, key)
    assert window.place == place


@pytest.mark.parametrize(("key", "mode"), [("1", "practice"), ("2", "live")])
def test_the_cards_of_the_first_window_have_keys(qtbot: QtBot, window: MainWindow, key: str, mode: str) -> None:
    window.choose_mode()
    with qtbot.waitSignal(window.mode_chosen) as told:
        qtbot.keyClicks(window, key)
    assert told.args[0].mode == mode


def test_a_wrong_endpoint_in_the_first_window_is_explained_and_not_chosen(qtbot: QtBot, window: MainWindow) -> None:
    window.choose_mode()
    window.first_run.endpoint.setText("https://wrong.example")
    with qtbot.assertNotEmitted(window.mode_chosen):
        window.first_run.choose("sources")
    assert window.first_run.endpoint_error.words == "An endpoint starts with wss:// or, on this computer, ws://."


def test_the_list_of_keys_holds_every_key(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.keyClicks(window.launches.table, "?")
    assert window.keys_overlay.isVisible()
    shown = {label.text() for label in window.keys_panel.findChildren(QLabel)}
    for command in window.commands:
        for key in command.keys:
            assert shown_key(key) in shown
            assert command.title in shown


def test_no_two_actions_want_the_same_key() -> None:
    commands = Commands()
    commands.add([Command("a", "A", "g", ("X",), lambda: None, "list")])
    with pytest.raises(ValueError, match="both want the key X"):
        commands.add([Command("b", "B", "g", ("X",), lambda: None)])
    commands.add([Command("c", "C", "g", ("X",), lambda: None, "chart")])


def test_every_action_is_reachable_by_key_or_palette(window: MainWindow) -> None:
    assert [c.name for c in window.commands if not c.keys and not c.in_palette] == []


def test_trouble_is_the_only_thing_a_query_raises() -> None:
    assert issubclass(NodeTrouble, RuntimeError)
