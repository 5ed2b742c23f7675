"""The list of keys, made from the list of actions."""

from fluxdesk.desktop.i18n import tr
from fluxdesk.desktop.keys import Command, Commands, shown_key
from fluxdesk.desktop.qt import QFrame, QGridLayout, QLayout, Signal
from fluxdesk.desktop.theme import look
from fluxdesk.desktop.widgets.basics import Button, Key, Label, clear, hbox, rule, vbox

_C = "Keys"


class KeysPanel(QFrame):
    """Every key, by where it acts.

    Signals:
        close_asked: The user has seen enough.
    """

    close_asked = Signal()

    def __init__(self, commands: Commands) -> None:
        super().__init__()
        self._commands = commands
        self.setProperty("panel", "dialog")
        self.setAccessibleName(tr(_C, "Keys"))
        self._columns = hbox(gap=48)
        close = Button(tr(_C, "Close"), role="small")
        note = Label(
            tr(_C, "Single letters act while a list or the chart has the focus, never while you type."),
            "small",
            "text3",
        )
        self.setLayout(
            vbox(
                hbox(Label(tr(_C, "Keys"), "title"), None, Key("Esc"), close),
                note,
                rule(),
                self._columns,
                gap=12,
                margins=(24, 18, 24, 22),
            )
        )
        close.clicked.connect(self.close_asked)
        self.home = close

    def fill(self) -> None:
        """Lists the actions as they are now."""
        clear(self._columns)
        groups: dict[str, list[Command]] = {}
        for command in self._commands:
            if command.keys:
                groups.setdefault(command.group, []).append(command)
        sides: tuple[list[QLayout], list[QLayout]] = ([], [])
        for place, (title, commands) in enumerate(groups.items()):
            sides[0 if place < 2 else 1].append(self._group(title, commands))
        for side in sides:
            self._columns.addLayout(vbox(*side, None, gap=16))

    @staticmethod
    def _group(title: str, commands: list[Command]) -> QLayout:
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(5)
        grid.addWidget(Label(title, "small_strong"), 0, 0, 1, 2)
        grid.setColumnMinimumWidth(0, look().px(96))
        for row, command in enumerate(commands, 1):
            keys = hbox(*(Key(shown_key(key)) for key in command.keys), None, gap=4)
            grid.addLayout(keys, row, 0)
            grid.addWidget(Label(command.title, "small", "text2"), row, 1)
        grid.setColumnStretch(1, 1)
        return grid
