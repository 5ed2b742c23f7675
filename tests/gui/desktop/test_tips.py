"""Tips and notifications cannot be made to show markup, though Qt and desktops read it there."""

import pytest
from PySide6.QtGui import Qt
from pytestqt.qtbot import QtBot

from fluxdesk.desktop import words
from fluxdesk.desktop.widgets.basics import Label

EVIL = ("<b>x</b>", "<img src='file:///etc/passwd'>", "a & b <a href=x>", "&lt;b&gt;", "<qt>x")


@pytest.mark.parametrize("evil", EVIL)
def test_the_tip_of_a_cut_text_is_not_read_as_markup(qtbot: QtBot, evil: str) -> None:
    label = Label(evil, elide=True)
    qtbot.addWidget(label)
    assert label.toolTip()
    assert not Qt.mightBeRichText(label.toolTip())
    label.setToolTip(evil)
    assert not Qt.mightBeRichText(label.toolTip())
    assert label.words == evil


@pytest.mark.parametrize("evil", EVIL)
def test_without_the_two_characters_no_text_is_markup(evil: str) -> None:
    assert "<" not in words.no_markup(evil)
    assert "&" not in words.no_markup(evil)
    assert not Qt.mightBeRichText(words.no_markup(evil))


def test_other_text_stays_as_it_is() -> None:
    assert words.no_markup("Café 5 > 3") == "Café 5 > 3"
