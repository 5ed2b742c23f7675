"""The tray: how many launches are new, notifications that can be clicked and do not flood."""

import pytest
from msgspec.structs import replace
from pytestqt.qtbot import QtBot

from fluxdesk.desktop import sample
from fluxdesk.desktop.tray import Tray, app_icon


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    messages: list[tuple[str, str]] = []
    monkeypatch.setattr(
        "fluxdesk.desktop.tray.QSystemTrayIcon.showMessage",
        lambda self, title, text, *rest: messages.append((title, text)),
    )
    return messages


def test_the_icon_counts_new_launches(qtbot: QtBot) -> None:
    tray = Tray()
    tray.show_count(12)
    assert tray.icon.toolTip() == "Fluxdesk · 12 new launches"
    tray.show_count(1)
    assert tray.icon.toolTip() == "Fluxdesk · 1 new launch"
    plain, counted = app_icon(0).pixmap(64, 64).toImage(), app_icon(7).pixmap(64, 64).toImage()
    assert plain != counted


def test_at_most_one_notification_in_ten_seconds_and_the_next_says_how_many(
    said: list[tuple[str, str]], qtbot: QtBot
) -> None:
    now = 100.0
    tray = Tray(clock=lambda: now)
    assert tray.tell(sample.launch(0))
    now = 105.0
    assert not tray.tell(sample.launch(1))
    assert not tray.tell(sample.launch(2))
    now = 111.0
    assert tray.tell(sample.launch(3))
    assert len(said) == 2
    assert said[0][0].startswith("QUILTA launched on")
    assert said[1][1].endswith("and 2 more since the last notice")


def test_a_clicked_notification_opens_its_token(said: list[tuple[str, str]], qtbot: QtBot) -> None:
    tray = Tray()
    tray.tell(sample.launch(4))
    with qtbot.waitSignal(tray.token_opened) as told:
        tray.icon.messageClicked.emit()
    assert told.args == [sample.launch(4).mint]


def test_a_hostile_name_stays_plain_in_a_notification(said: list[tuple[str, str]], qtbot: QtBot) -> None:
    Tray().tell(replace(sample.launch(0), symbol="A\u202eB\n", name="x" * 500))
    assert said[0][0].startswith("A□B□ launched on")
    assert len(said[0][1]) <= 64
