"""The dashed frame of the approval window in which the node speaks. It has its size from the start, so that an answer
which comes late moves nothing.
"""

from fluxdesk.desktop.approval import forecast as say
from fluxdesk.desktop.i18n import tr
from fluxdesk.desktop.qt import QFrame, Qt, QVBoxLayout, QWidget, Signal
from fluxdesk.desktop.theme import look
from fluxdesk.desktop.widgets.basics import Button, Label, Picture, box, clear, hbox, vbox

_C = "Approval"
LINES = 2
"""Shown at once; the others after a click, except for those that warn."""
_LINE_PX = 20
_MARKS = {"waiting": "unknown", "passes": "ok", "fails": "bad", "unknown": "unknown"}


class ForecastFrame(QFrame):
    """The frame.

    Signals:
        again_asked: The user wants it tried once more.
    """

    again_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("panel", "dashed")
        self.found = say.WAITING
        self._title = Label("", "strong")
        self._lines: QVBoxLayout = vbox(gap=2)
        self._room: QWidget = box(self._lines)
        self.foot = Label("", "small", "text2", wrap=True)
        self.foot.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.more_button = Button("", "link", role="small", tip=tr(_C, "Show everything the node says"))
        self.again_button = Button(tr(_C, "Ask again"), "link", role="small", tip=tr(_C, "Ask the node once more"))
        self.setLayout(
            vbox(
                hbox(
                    Picture("icon", "sources"),
                    self._title,
                    None,
                    Label(tr(_C, "from the node, not from the agent"), "small_strong", "accent"),
                ),
                self._room,
                hbox((self.foot, 1), self.more_button, self.again_button),
                gap=6,
                margins=(12, 10, 12, 10),
            )
        )
        self.setAccessibleName(tr(_C, "What the node says it would do"))
        self.more_button.clicked.connect(self._show_all)
        self.again_button.clicked.connect(self.again_asked)
        self.restyle()

    def restyle(self) -> None:
        """Takes its height from the text scale in force."""
        self._room.setMinimumHeight(look().px(_LINE_PX) * LINES)
        self.foot.setMinimumHeight(look().px(32))

    def ask_title(self, is_transaction: bool) -> None:
        """A signature is used by others later; a transaction is sent."""
        self._title.set(tr(_C, "If it is sent now") if is_transaction else tr(_C, "If it is used now"))

    def show_forecast(self, found: say.Forecast) -> None:
        """Shows what the node said, or that it has not said anything yet."""
        self.found = found
        warns = sum(line.tone in ("sell", "warn") for line in found.lines)
        self._put(max(LINES, warns))
        self.again_button.setVisible(found.outcome in ("unknown", "fails"))
        self.tick()
        self.setAccessibleDescription(say.spoken(found))

    def tick(self) -> None:
        """Says again how old it is."""
        if self.found.outcome == "waiting":
            self.foot.set(tr(_C, "The node is trying it out. Until it answers, what it would do is unknown."))
        else:
            self.foot.set(self.found.foot)

    def forget(self) -> None:
        """Shows nothing."""
        self.found = say.WAITING
        clear(self._lines)
        self.foot.set("")

    def _put(self, most: int) -> None:
        clear(self._lines)
        lines = self.found.lines
        for line in lines[:most]:
            words = Label(line.words, "strong" if line is lines[0] else "small", line.tone, elide=True)
            note = Label(line.note, "small", "text2")
            self._lines.addWidget(box(hbox((words, 1), note)))
        self._lines.addStretch(1)
        self.more_button.setVisible(len(lines) > most)
        self.more_button.setText(say.count_words(lines, most))
        self.more_button.setAccessibleName(self.more_button.text())

    def _show_all(self) -> None:
        self._put(len(self.found.lines))
