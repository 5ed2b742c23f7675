"""The real desktop with a hand at its widgets. Not a test: a program that tests start, `python driven_desktop.py FD`.

What a person would do with eyes, mouse and keyboard comes as one JSON line each on the inherited socket FD and is done
to the widgets as Qt shows them: a button that is disabled, hidden or covered cannot be pressed. The product knows
nothing of it.
"""

import json
import socket
import sys
from typing import Any

from PySide6.QtCore import QSocketNotifier, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)


class Wrong(Exception):
    """It cannot be done; the message says why."""


def name_of(widget: QWidget) -> str:
    """What a person or a screen reader would call it."""
    if widget.accessibleName():
        return widget.accessibleName()
    return widget.text() if isinstance(widget, QAbstractButton | QLabel) else ""


def text_of(widget: QWidget) -> str:
    """What it shows; the whole of a label that is drawn cut."""
    if isinstance(widget, QPlainTextEdit | QTextEdit):
        return widget.toPlainText()
    if isinstance(widget, QLabel):
        whole = getattr(widget, "words", None)
        return whole if isinstance(whole, str) else widget.text()
    if isinstance(widget, QComboBox):
        return widget.currentText()
    return widget.text() if isinstance(widget, QAbstractButton | QLineEdit) else ""


def windows() -> dict[str, QWidget]:
    """The windows on the screen by title, without what is counted in it."""
    shown = [w for w in QApplication.topLevelWidgets() if w.isVisible() and w.windowTitle()]
    return {w.windowTitle().partition(" · ")[0]: w for w in shown}


def window(title: str) -> QWidget:
    """One of them. Raises `Wrong`."""
    shown = windows()
    if title not in shown:
        raise Wrong(f"There is no window {title!r}, only {sorted(shown)}.")
    return shown[title]


def inside(title: str) -> list[QWidget]:
    """All that is visible in a window."""
    return [w for w in window(title).findChildren(QWidget) if w.isVisible()]


def one(title: str, name: str, kinds: tuple[type, ...]) -> QWidget:
    """The widget of a kind that is called so. Raises `Wrong`."""
    here = [w for w in inside(title) if isinstance(w, kinds)]
    found = [w for w in here if name in (name_of(w), text_of(w))]
    if not found:
        raise Wrong(f"{title}: nothing is called {name!r}, only {[name_of(w) for w in here]}.")
    if not found[0].isEnabled():
        raise Wrong(f"{title}: {name!r} is disabled.")
    return found[0]


def see() -> dict[str, list[dict[str, Any]]]:
    """Every window with what it shows."""
    return {
        title: [
            {"name": name_of(w), "text": text_of(w), "enabled": w.isEnabled(), "kind": type(w).__name__}
            for w in inside(title)
            if name_of(w) or text_of(w)
        ]
        for title in windows()
    }


def press(title: str, name: str) -> None:
    """A click with the left button in the middle of a button."""
    QTest.mouseClick(one(title, name, (QAbstractButton,)), Qt.MouseButton.LeftButton)


def type_(title: str, name: str, text: str) -> None:
    """Into a field, over what stands there."""
    field = one(title, name, (QLineEdit, QPlainTextEdit))
    field.setFocus()
    assert isinstance(field, QLineEdit | QPlainTextEdit)
    field.selectAll()
    QTest.keyClicks(field, text)


def choose(title: str, name: str, text: str) -> None:
    """The entry of a list that holds a text."""
    field = one(title, name, (QComboBox,))
    assert isinstance(field, QComboBox)
    entries = [field.itemText(i) for i in range(field.count())]
    found = [i for i, entry in enumerate(entries) if text in entry]
    if not found:
        raise Wrong(f"{title}: {name!r} offers {entries}.")
    field.setCurrentIndex(found[0])
    field.activated.emit(found[0])  # as a choice by hand does; one by program says nothing


def key(title: str, keys: str) -> None:
    """A key with its modifiers, such as `Ctrl+Q`, to whatever has the focus in a window."""
    place = window(title)
    pressed = QKeySequence(keys)[0]  # type: ignore[index] - it is a sequence, only its stub does not say so
    QTest.keyClick(place.focusWidget() or place, pressed.key(), pressed.keyboardModifiers())


def up(title: str) -> bool:
    """As a click into it would: the window gets the attention. Whether it has it."""
    place = window(title)
    place.activateWindow()
    return place.isActiveWindow()


def picture(title: str, path: str) -> None:
    """What it looks like, as PNG."""
    window(title).grab().save(path)


def all_(acts: list[tuple[str, str, str]]) -> None:
    """`press` and `key` in one turn of the loop."""
    for act, title, what in acts:
        {"press": press, "key": key}[act](title, what)


DONE: dict[str, Any] = {
    "see": see, "press": press, "type": type_, "choose": choose, "key": key, "all": all_, "up": up, "picture": picture,
}  # fmt: skip


class Hand:
    """Reads lines and does what they say."""

    def __init__(self, link: socket.socket) -> None:
        self._link, self._rest = link, b""
        self._notifier = QSocketNotifier(link.fileno(), QSocketNotifier.Type.Read)
        self._notifier.activated.connect(self._read)

    def _read(self) -> None:
        data = self._link.recv(1 << 16)
        if not data:
            self._notifier.setEnabled(False)
            return
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            asked = json.loads(line)
            try:
                said = {"is": DONE[asked.pop("do")](**asked)}
            except Wrong as error:
                said = {"wrong": str(error)}
            self._link.sendall(json.dumps(said).encode() + b"\n")


def main() -> None:
    """Opens the desktop as `fluxdesk` without arguments does."""
    link = socket.socket(fileno=int(sys.argv.pop()))
    from fluxdesk.cli.main import main as fluxdesk
    from fluxdesk.desktop import loop

    loop.application()
    hand = Hand(link)
    try:
        fluxdesk()
    finally:
        del hand


if __name__ == "__main__":
    main()
