"""Every action of the desktop in one list: what it is called, its key, and where the key acts.

The palette, the list of keys and the shortcuts are made from it, so an action cannot have a key nobody can look up.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from fluxdesk.desktop.qt import QKeySequence, QShortcut, Qt, QWidget

Where = Literal["anywhere", "list", "chart", "token"]
"""Single letters act only while a table (`list`) or a chart has the focus, never while text is typed; `token` is
anywhere
on the Token screen.
"""


def _always() -> bool:
    return True


def _never() -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Command:
    """One action.

    Attributes:
        name: Name in the program.
        title: A verb with its object, for the palette.
        group: Heading in the list of keys.
        keys: Key sequences in Qt's portable form; the first is shown.
        possible: Whether it can run now; what cannot is left out of the palette.
    """

    name: str
    title: str
    group: str
    keys: tuple[str, ...]
    run: Callable[[], object]
    where: Where = "anywhere"
    icon: str = "right"
    possible: Callable[[], bool] = field(default=_always)
    in_palette: bool = True


class Commands:
    """The list, and the shortcuts made from it."""

    def __init__(self, covered: Callable[[], bool] = _never) -> None:
        """`covered` says whether a dialog lies over the window: then its keys do nothing."""
        self._covered = covered
        self._all: dict[str, Command] = {}

    def add(self, commands: Iterable[Command]) -> None:
        """Adds actions. Raises `ValueError` when a name or, in the same place, a key is taken."""
        for command in commands:
            if command.name in self._all:
                raise ValueError(f"There are two actions named {command.name}.")
            for other in self._all.values():
                both = set(command.keys) & set(other.keys)
                if both and ("anywhere" in (command.where, other.where) or command.where == other.where):
                    raise ValueError(f"{command.name} and {other.name} both want the key {min(both)}.")
            self._all[command.name] = command

    def __iter__(self) -> Iterator[Command]:
        return iter(self._all.values())

    def get(self, name: str) -> Command:
        """An action by its name."""
        return self._all[name]

    def bind(self, widget: QWidget, where: Where) -> None:
        """Makes the keys of a place act while `widget` or, for `anywhere`, its window has the focus."""
        reach = {
            "anywhere": Qt.ShortcutContext.WindowShortcut,
            "token": Qt.ShortcutContext.WidgetWithChildrenShortcut,
        }.get(where, Qt.ShortcutContext.WidgetShortcut)
        for command in self._all.values():
            if command.where == where:
                for key in command.keys:
                    shortcut = QShortcut(QKeySequence(key), widget)
                    shortcut.setContext(reach)
                    shortcut.activated.connect(self._runner(command))

    def _runner(self, command: Command) -> Callable[[], None]:
        def go() -> None:
            if command.possible() and not self._covered():
                command.run()

        return go


_SHOWN = {
    "Return": "Enter",
    "Escape": "Esc",
    "Plus": "+",
    "Minus": "−",
    "Left": "←",
    "Right": "→",
    "Up": "↑",
    "Down": "↓",
    "Ctrl": "Ctrl",
}


def shown_key(key: str) -> str:
    """A key sequence as a person reads it: `Ctrl+K` becomes `Ctrl K`."""
    if key in ("+", "-"):
        return "+" if key == "+" else "−"
    return " ".join(_SHOWN.get(part, part) for part in key.split("+"))
