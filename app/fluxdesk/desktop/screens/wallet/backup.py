"""The words of a new wallet: shown once, never put on the clipboard, and asked for before the flow ends."""

import random
from collections.abc import Sequence

from fluxdesk.desktop.i18n import tr
from fluxdesk.desktop.qt import QGridLayout, QLineEdit, Qt, QWidget, Signal
from fluxdesk.desktop.theme import look, set_role
from fluxdesk.desktop.widgets.basics import Button, Label, Picture, box, clear, frame, hbox, vbox

_C = "Wallet"
ASKED = 3
HIDDEN = "•••••"


class ShowWords(QWidget):
    """The words with their numbers, hidden until the user wants them seen.

    Signals:
        written: The user says they are written down.
    """

    written = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._words: tuple[str, ...] = ()
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(24)
        self._grid.setVerticalSpacing(8)
        self._grid.setContentsMargins(16, 14, 16, 14)
        self.show_button = Button(tr(_C, "Show the words"), checkable=True)
        self.next_button = Button(tr(_C, "I have written them down"), "primary", large=True)
        note = tr(
            _C,
            "These words are the wallet: whoever has them has the money, and without them nobody can bring it back. "
            "Write them on paper, in this order. Fluxdesk does not copy them, and neither should a camera. Security "
            "shows them again, to whoever has the passphrase.",
        )
        self.setLayout(
            vbox(
                Label(tr(_C, "Your words"), "display"),
                Label(note, "body", "text2", wrap=True),
                frame("card", self._grid),
                hbox(self.show_button, None, self.next_button),
                gap=12,
            )
        )
        self.show_button.toggled.connect(self._fill)
        self.next_button.clicked.connect(self.written)
        self.home: QWidget = self.show_button

    def show_words(self, words: Sequence[str]) -> None:
        """Other words, hidden."""
        self._words = tuple(words)
        self.show_button.setChecked(False)
        self._fill()

    def forget(self) -> None:
        """Takes them off the screen and out of the widgets."""
        self.show_words(())

    def _fill(self) -> None:
        shown = self.show_button.isChecked()
        self.show_button.setText(tr(_C, "Hide the words") if shown else tr(_C, "Show the words"))
        clear(self._grid)
        columns = 3 if len(self._words) <= 12 else 4
        rows = -(-len(self._words) // columns) or 1
        for place, word in enumerate(self._words):
            number = Label(f"{place + 1}", "small", "text3")
            number.setFixedWidth(look().px(20))
            said = Label(word if shown else HIDDEN, "mono")
            said.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
            self._grid.addLayout(hbox(number, said, None), place % rows, place // rows)
        self.next_button.setEnabled(shown)


class AskWords(QWidget):
    """Asks for some of the words.

    Signals:
        passed: All of them were right.
        back_asked: The user wants to see the words again.
    """

    passed = Signal()
    back_asked = Signal()

    def __init__(self, draw: random.Random | None = None) -> None:
        super().__init__()
        self._draw = draw or random.SystemRandom()
        self._words: tuple[str, ...] = ()
        self.fields: dict[int, QLineEdit] = {}
        self._column = vbox(gap=10)
        self.problem = Label("", "small", "sell", wrap=True)
        self.check_button = Button(tr(_C, "Check the words"), "primary", large=True)
        back = Button(tr(_C, "See the words again"), "ghost", "back")
        note = tr(_C, "Type them from your paper. A back-up that was never tried is no back-up.")
        self.setLayout(
            vbox(
                Label(tr(_C, "Try your back-up"), "display"),
                Label(note, "body", "text2", wrap=True),
                frame("card", vbox(self._column, self.problem, margins=(16, 14, 16, 14))),
                hbox(back, None, self.check_button),
                gap=12,
            )
        )
        back.clicked.connect(self.back_asked)
        self.check_button.clicked.connect(self._check)

    def ask(self, words: Sequence[str]) -> None:
        """Asks for other places of these words."""
        self._words = tuple(words)
        clear(self._column)
        self.fields.clear()
        self.problem.set("")
        for place in sorted(self._draw.sample(range(len(words)), min(ASKED, len(words)))):
            field = QLineEdit()
            field.setMaxLength(16)
            field.setAccessibleName(tr(_C, "Word {n}", n=place + 1))
            field.setInputMethodHints(
                Qt.InputMethodHint.ImhSensitiveData
                | Qt.InputMethodHint.ImhNoPredictiveText
                | Qt.InputMethodHint.ImhNoAutoUppercase
            )
            set_role(field, "mono")
            field.returnPressed.connect(self._check)
            self.fields[place] = field
            label = Label(tr(_C, "Word {n}", n=place + 1), "body")
            label.setFixedWidth(look().px(90))
            self._column.addWidget(box(hbox(label, (field, 1))))

    def forget(self) -> None:
        """Forgets the words and what was typed."""
        self._words = ()
        for field in self.fields.values():
            field.setText("")

    @property
    def home(self) -> QWidget:
        """Where typing begins."""
        return next(iter(self.fields.values()), self.check_button)

    def _check(self) -> None:
        wrong = [n for n, field in self.fields.items() if field.text().strip().lower() != self._words[n]]
        if not wrong:
            self.passed.emit()
            return
        numbers = ", ".join(str(n + 1) for n in wrong)
        self.problem.set(tr(_C, "Not the word: {numbers}. Compare it with your paper.", numbers=numbers))
        self.fields[wrong[0]].setFocus()


class Done(QWidget):
    """The end of the flow.

    Signals:
        left: On to the accounts.
    """

    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.button = Button(tr(_C, "See the accounts"), "primary", large=True)
        words = tr(
            _C,
            "The wallet is on this computer, sealed with your passphrase, in a process without a network. The words "
            "bring it back anywhere; the passphrase only opens it here.",
        )
        self.setLayout(
            vbox(
                hbox(Picture("mark", "ok", size=24), None),
                Label(tr(_C, "The wallet is ready"), "display"),
                Label(words, "body", "text2", wrap=True),
                hbox(self.button, None),
                gap=12,
            )
        )
        self.button.clicked.connect(self.left)
        self.home: QWidget = self.button
