"""What holds for every screen: it fits, it is not blank, it is plain text, it is named, it is translated, it
survives nonsense.
"""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace
from pytestqt.qtbot import QtBot

from fluxdesk.core.settings import Settings
from fluxdesk.core.views import LaunchesFrame, LaunchView
from fluxdesk.desktop import sample, screenshots, theme
from fluxdesk.desktop.qt import (
    QAbstractButton,
    QAbstractItemView,
    QCoreApplication,
    QImage,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    Qt,
    QTranslator,
    QWidget,
)
from fluxdesk.desktop.screenshots import Shot, every_shot
from fluxdesk.desktop.window import MainWindow
from windows import Run, settle

SHOTS = [shot for shot in every_shot() if shot.theme == "dark" or (shot.width, shot.state) == (1280, "data")]
"""Layout does not depend on the theme: light is painted once a screen."""
PLACES = ("launches", "token", "sources", "settings", "first_run", "palette", "transaction", "keys")


@pytest.mark.parametrize("shot", SHOTS, ids=lambda shot: shot.name)
def test_every_screen_fits_its_size_and_is_not_blank(shot: Shot, tmp_path: Path, run: Run) -> None:
    file = tmp_path / "shot.png"
    width, height = run(screenshots.paint(shot, file))
    assert (width, height) <= (shot.width, shot.height), "the layout does not fit"
    assert height <= shot.height
    image = QImage(str(file))
    assert (image.width(), image.height()) == (shot.width, shot.height)
    rng = random.Random(1)
    colours = {image.pixel(rng.randrange(shot.width), rng.randrange(shot.height)) for _ in range(4_000)}
    assert len(colours) > 12


def test_screens_and_states_have_a_sentence_for_a_wrong_name() -> None:
    with pytest.raises(screenshots.NoSuchScreen, match="There is no screen named wallet"):
        screenshots.check("wallet", "1280x800", "dark", "data")
    with pytest.raises(screenshots.NoSuchScreen, match="such as 1280x800"):
        screenshots.check("launches", "huge", "dark", "data")


def visit(window: MainWindow, views: list[LaunchView], run: Run) -> Iterator[str]:
    """Shows every place once."""
    for place in PLACES:
        if place == "token":
            window.open_token(views[3].mint)
        elif place == "first_run":
            window.choose_mode()
        elif place == "palette":
            window.leave_first_run()
            window.open_palette()
        elif place == "transaction":
            window.palette_overlay.close_panel()
            window.show_transaction("sig")
        elif place == "keys":
            window.raw_overlay.close_panel()
            window.open_keys()
        else:
            window.go(place)
        run(settle())
        yield place


def test_remote_text_is_never_markup(window: MainWindow, run: Run) -> None:
    evil = "<b>x</b><img src=http://a/>\u202e"
    view = replace(
        sample.launch(0),
        name=evil,
        symbol=evil[:30],
        quote_symbol=evil,
        first_source=evil,
        stage="curve",
        progress_ppm=5,
    )
    window.take_launches(LaunchesFrame(seq=2, snapshot=True, upserts=[view], new=[]))
    window.launches.table.step(1)
    window.queries = sample.SampleQueries([view])
    for _ in visit(window, [view] * 4, run):
        for label in window.findChildren(QLabel):
            if label.text():
                assert label.textFormat() == Qt.TextFormat.PlainText, label.text()
            assert "\u202e" not in label.text()
    assert "<b>" in window.launches.detail._symbol.words


def test_every_control_has_a_name_for_a_screen_reader(window: MainWindow, views: list[LaunchView], run: Run) -> None:
    for place in visit(window, views, run):
        for widget in window.findChildren(QWidget):
            if (
                isinstance(widget, (QAbstractButton, QLineEdit, QPlainTextEdit, QAbstractItemView))
                and widget.isVisible()
            ):
                if widget.objectName().startswith("qt_") or isinstance(widget.parent(), QAbstractItemView):
                    continue
                assert widget.accessibleName(), f"{place}: {widget!r}"


def test_the_whole_window_can_be_reached_with_tab(qtbot: QtBot, window: MainWindow) -> None:
    window.launches.table.step(1)
    window.launches.table.setFocus()
    reached: set[str] = set()
    for _ in range(60):
        qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Tab)
        reached.add(window.focusWidget().accessibleName())
    wanted = {
        "Launches",
        "Search token, address, command",
        "Search this list",
        "Launch transaction",
        "Pause the list: Space",
    }
    assert wanted <= reached
    assert {"Launches", "Sources", "Settings"} & reached, "arrows go on within the rail"


class Marking(QTranslator):
    """Stands in for a translation: every string that passes through Qt is marked."""

    def translate(self, context: str, text: str, disambiguation: str | None = None, n: int = -1) -> str:  # type: ignore[override]
        return f"⟦{text}⟧" if text.strip() else ""


PLAIN = ("Fluxdesk", "Ctrl K", "Esc", "↑ ↓", ">", "T", "1s", "15s", "1m", "5m", "1h", "?", "1", "2", "3")


def test_every_visible_string_passes_through_translation(qtbot: QtBot, views: list[LaunchView], run: Run) -> None:
    marking = Marking()
    QCoreApplication.installTranslator(marking)
    try:
        window = MainWindow("live", Settings({}))
        qtbot.addWidget(window)
        window.show()
        for place in visit(window, views, run):
            for widget in window.findChildren(QWidget):
                if isinstance(widget, QAbstractButton) and widget.isVisible() and widget.text():
                    assert "⟦" in widget.text() or widget.text() in PLAIN, f"{place}: {widget.text()!r}"
        titles = [label for label in window.settings.findChildren(QLabel) if label.text()]
        assert len([label for label in titles if "⟦" in label.text()]) > 40
    finally:
        QCoreApplication.removeTranslator(marking)


def test_nonsense_in_every_field_breaks_nothing(
    qtbot: QtBot, window: MainWindow, views: list[LaunchView], run: Run
) -> None:
    rng, known = random.Random(7), window.model.known
    assert known
    alphabet = "aZ09 <>=%,.:;/\\\"'{}[]()&|é漢🙂\u202e\u0000\u200b\t-+_*?!@#"
    for _ in visit(window, views, run):
        for line in window.findChildren(QLineEdit):
            for _ in range(3):
                line.setText("".join(rng.choice(alphabet) for _ in range(rng.randrange(1, 200))))
                qtbot.keyClick(line, Qt.Key.Key_End)
        for text in window.findChildren(QPlainTextEdit):
            if not text.isReadOnly():
                text.setPlainText("".join(rng.choice(alphabet + "\n") for _ in range(500)))
    window.launches.bar.open_editor()
    for _ in range(30):
        window.launches.bar.editor.line.setText("".join(rng.choice(alphabet) for _ in range(40)))
        qtbot.keyClick(window.launches.bar.editor.line, Qt.Key.Key_Return)
    run(settle())
    window.go("launches")
    assert (window.place, window.model.known) == ("launches", known)


@pytest.mark.parametrize("scale", [100, 125, 150])
@pytest.mark.parametrize("name", ["dark", "light"])
def test_theme_and_text_size_change_in_place(
    window: MainWindow, views: list[LaunchView], run: Run, name: str, scale: int
) -> None:
    for _ in visit(window, views, run):
        theme.apply(name, scale)
    assert window.launches.table.rowHeight(0) == round(44 * scale / 100)
    ground = window.grab().toImage().pixelColor(4, 400)
    assert (ground.lightness() > 128) == (name == "light")
    theme.apply("dark")


def test_an_unknown_number_is_a_question_mark_and_never_zero(window: MainWindow) -> None:
    bare = replace(
        sample.launch(0),
        price_f64=None,
        change_f64=None,
        mcap_f64=None,
        liquidity_f64=None,
        holders=None,
        progress_ppm=None,
        spark_f64=[],
        stage="curve",
        quote_symbol=None,
        name=None,
        symbol=None,
        creator=None,
        created_s=None,
        lead_ms=None,
    )
    window.take_launches(LaunchesFrame(seq=2, snapshot=True, upserts=[bare], new=[]))
    window.launches.table.step(1)
    detail = window.launches.detail
    assert detail._price.words == "?"
    assert detail._stats["mcap"].value.words == "?"
    assert detail._curve_words.words == "not known yet"
    window.grab()
