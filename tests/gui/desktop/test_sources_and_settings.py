"""Sources and Settings: health in numbers, endpoints, errors at their field, what needs a restart."""

import pytest
from pytestqt.qtbot import QtBot

from fluxdesk.core.settings import TABLE, Settings
from fluxdesk.core.views import SourcesFrame
from fluxdesk.desktop import sample
from fluxdesk.desktop.endpoints import BadEndpoint, check_endpoint, without_secrets
from fluxdesk.desktop.qt import QLineEdit, QPlainTextEdit, Qt
from fluxdesk.desktop.screens.settings.fields import Field
from fluxdesk.desktop.widgets.switch import Switch
from fluxdesk.desktop.window import MainWindow


def cells(window: MainWindow, row: int) -> list[str]:
    model = window.sources.sources
    return [model.data(model.index(row, place)) for place in range(model.columnCount())]


def test_every_number_of_a_source_is_shown(window: MainWindow) -> None:
    window.go("sources")
    assert cells(window, 2) == [
        "logs C",
        "Solana logs",
        "wss://free.solana-node.example",
        "slow",
        "2.4 s",
        "351,904,369",
        "158K",
        "3,341",
        "1,720",
        "14,310",
        "7",
        "1",
    ]
    assert window.sources.summary.words == "4 sources, 3 delivering · 1 open gap"
    assert "logs C: Events arrive 2.4 s after their block" in window.sources._message.words


def test_open_gaps_stand_before_filled_ones(window: MainWindow) -> None:
    window.go("sources")
    gaps = window.sources.gaps
    assert [gap.filled_by for gap in gaps.rows] == [None, "logs B", "backfill"]
    assert gaps.data(gaps.index(0, 5)) == "nobody, open"


def test_news_changes_rows_in_place(window: MainWindow, qtbot: QtBot) -> None:
    window.go("sources")
    later = sample.sources("live")
    later[0].decoded += 1_000
    with (
        qtbot.assertNotEmitted(window.sources.sources.modelReset),
        qtbot.waitSignal(window.sources.sources.dataChanged),
    ):
        window.take_sources(SourcesFrame(seq=2, sources=later, gaps=sample.gaps("live")))


def test_endpoints_belong_to_live_only(window: MainWindow) -> None:
    window.go("sources")
    assert not window.sources.editor.isVisible()
    window.set_mode("live")
    assert window.sources.editor.isVisible()


def test_an_endpoint_is_added_and_removed(qtbot: QtBot, window: MainWindow) -> None:
    window.set_mode("live")
    window.go("sources")
    editor = window.sources.editor
    qtbot.keyClicks(editor.line, "wss://rpc.example/?api-key=secret")
    with qtbot.waitSignal(window.endpoints_edited) as told:
        qtbot.keyClick(editor.line, Qt.Key.Key_Return)
    assert told.args == [("wss://api.mainnet-beta.solana.com", "wss://rpc.example/?api-key=secret")]
    window.show_settings(Settings({"solana_rpc": told.args[0]}), "")
    assert "secret" not in window.sources.editor.findChildren(type(window.sources.summary))[1].words
    buttons = window.sources.editor.findChildren(type(editor.add_button))
    remove = next(button for button in buttons if button.accessibleName() == "Remove wss://rpc.example/?…")
    with qtbot.waitSignal(window.endpoints_edited) as told:
        remove.click()
    assert told.args == [("wss://api.mainnet-beta.solana.com",)]


@pytest.mark.parametrize(
    "typed", ["", "nonsense", "https://rpc.example", "wss://", "wss:// space.example", "wss://x:99999999"]
)
def test_a_wrong_endpoint_is_explained(typed: str) -> None:
    with pytest.raises(BadEndpoint) as error:
        check_endpoint(typed)
    assert str(error.value).endswith(".") or str(error.value).endswith(".com.")


def test_keys_in_an_endpoint_are_not_shown() -> None:
    assert without_secrets("wss://user:pass@rpc.example/v1?key=abc") == "wss://rpc.example/v1?…"
    assert without_secrets("wss://rpc.example") == "wss://rpc.example"


def test_the_screen_has_a_field_for_every_line_of_the_table(window: MainWindow) -> None:
    window.go("settings")
    assert list(window.settings.fields) == [setting.key for setting in TABLE]


def test_a_switch_saves_at_once(qtbot: QtBot, window: MainWindow) -> None:
    window.go("settings")
    switch = window.settings.fields["notify_launches"].findChild(Switch)
    with qtbot.waitSignal(window.setting_edited) as told:
        qtbot.mouseClick(switch, Qt.MouseButton.LeftButton)
    assert told.args == ["notify_launches", True]


def test_a_number_out_of_range_is_explained_at_its_field_and_not_saved(qtbot: QtBot, window: MainWindow) -> None:
    window.go("settings")
    field = window.settings.fields["text_scale"]
    line = field.findChild(QLineEdit)
    line.selectAll()
    with qtbot.assertNotEmitted(window.setting_edited):
        qtbot.keyClicks(line, "900")
        qtbot.keyClick(line, Qt.Key.Key_Return)
    assert field.error.words == "Text size must be between 100 and 150 %, not 900."
    line.selectAll()
    with qtbot.waitSignal(window.setting_edited) as told:
        qtbot.keyClicks(line, "125")
        qtbot.keyClick(line, Qt.Key.Key_Return)
    assert told.args == ["text_scale", 125]
    assert field.error.words == ""


def test_lists_are_saved_by_their_button_without_blank_lines(qtbot: QtBot, window: MainWindow) -> None:
    window.go("settings")
    field = window.settings.fields["believe_configs"]
    one, two = "1" * 32, "So11111111111111111111111111111111111111112"
    field.findChild(QPlainTextEdit).setPlainText(f"  {one}  \n\n {two}\n")
    save = next(b for b in field.findChildren(type(window.sources.editor.add_button)) if b.objectName() == "save")
    with qtbot.waitSignal(window.setting_edited) as told:
        save.click()
    assert told.args == ["believe_configs", (one, two)]


def test_a_wrong_entry_of_a_list_is_said_beside_it_and_not_saved(qtbot: QtBot, window: MainWindow) -> None:
    window.go("settings")
    field = window.settings.fields["believe_configs"]
    field.findChild(QPlainTextEdit).setPlainText("1" * 32 + "\nabc")
    save = next(b for b in field.findChildren(type(window.sources.editor.add_button)) if b.objectName() == "save")
    with qtbot.assertNotEmitted(window.setting_edited):
        save.click()
    assert field.error.words == "Believe configs: entry 2 is no Solana address (32 bytes in base58): abc."


def test_a_changed_value_can_go_back_to_its_default(qtbot: QtBot, window: MainWindow) -> None:
    window.go("settings")
    window.show_settings(Settings({"journal_max_days": 3}), "folder")
    field = window.settings.fields["journal_max_days"]
    reset = next(b for b in field.findChildren(type(window.sources.editor.add_button)) if b.text() == "Default")
    assert reset.isVisibleTo(field)
    with qtbot.waitSignal(window.setting_edited) as told:
        reset.click()
    assert told.args == ["journal_max_days", 14]


def test_a_search_leaves_the_settings_that_hold_its_words(qtbot: QtBot, window: MainWindow) -> None:
    window.go("settings")
    qtbot.keyClicks(window.settings.search, "journal")
    shown = [key for key, field in window.settings.fields.items() if field.isVisibleTo(window.settings)]
    assert set(shown) == {"journal_max_mb", "journal_max_days"}
    qtbot.keyClicks(window.settings.search, "zzz")
    assert window.settings._nothing.isVisibleTo(window.settings)


def test_a_change_that_waits_for_the_node_offers_its_restart(qtbot: QtBot, window: MainWindow) -> None:
    window.offer_restart(True)
    for place in ("settings", "sources"):
        window.go(place)
        screen = window.settings if place == "settings" else window.sources
        assert screen.restart_bar.isVisible()
    button = next(b for b in window.settings.restart_bar.findChildren(type(window.sources.editor.add_button)))
    with qtbot.waitSignal(window.restart_asked):
        button.click()


def test_every_field_says_its_name_to_a_screen_reader(window: MainWindow) -> None:
    window.go("settings")
    for field in window.settings.findChildren(Field):
        assert field._editor.accessibleName() == field.setting.title
