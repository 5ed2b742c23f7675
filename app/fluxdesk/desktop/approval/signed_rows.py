"""What is signed, as rows: what it comes to, with a note beside each address, and below it field by field."""

from collections.abc import Callable, Sequence

from fluxdesk.desktop.approval.words import Row
from fluxdesk.desktop.i18n import tr
from fluxdesk.desktop.qt import QGridLayout, QSizePolicy, Qt, QWidget
from fluxdesk.desktop.theme import look
from fluxdesk.desktop.widgets.basics import Label, box, clear, frame, vbox

_C = "Approval"
LABELS = 92
"""Pixels for the labels."""
LONGEST_WORD = 44
"""Characters; an address fits."""


class SignedRows(QWidget):
    """Two grids. An address is never cut, whatever is said beside it."""

    def __init__(self) -> None:
        super().__init__()
        self._comes_to, self._fields = _grid(), _grid()
        self._comes_to.setColumnMinimumWidth(0, look().px(LABELS))
        self._comes_to.setColumnStretch(2, 1)
        self._fields.setColumnStretch(1, 1)
        head = Label(tr(_C, "Field by field, as they stand in the bytes"), "small", "text2")
        self._below = box(vbox(head, frame("well", self._fields), gap=6))
        self.setLayout(vbox(frame("well", self._comes_to), self._below, gap=6))

    def forget(self) -> None:
        """Shows nothing."""
        clear(self._comes_to)
        clear(self._fields)

    def show_rows(self, rows: Sequence[Row], note: Callable[[Row], str]) -> None:
        """Shows these; `note` says what is known of an address from elsewhere than the bytes."""
        self.forget()
        for place, row in enumerate(rows):
            self._add(place, row, note(row) if row.mono and not row.field else "")
        self._below.setVisible(any(row.field for row in rows))

    def _add(self, place: int, row: Row, note: str) -> None:
        label = Label(row.label, "small", "text2", wrap=not row.field)
        value = Label(row.value, "mono" if row.mono else "medium", row.tone, wrap=True)
        value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        value.setAccessibleName(f"{row.label}: {row.value}")
        value.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        value.set(_broken(row.value))
        grid = self._fields if row.field else self._comes_to
        grid.addWidget(label, place, 0, Qt.AlignmentFlag.AlignTop)
        if not note:
            grid.addWidget(value, place, 1, 1, 2)
            return
        value.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Minimum)
        value.setMinimumWidth(value.fontMetrics().horizontalAdvance(row.value) + 2)
        grid.addWidget(value, place, 1)
        beside = Label(note, "small", "text2", elide=True)
        beside.setAlignment(Qt.AlignmentFlag.AlignRight)
        grid.addWidget(beside, place, 2)


def _grid() -> QGridLayout:
    made = QGridLayout()
    made.setHorizontalSpacing(12)
    made.setVerticalSpacing(6)
    made.setContentsMargins(12, 10, 12, 10)
    return made


def _broken(text: str) -> str:
    """A long word may break anywhere: a line of hex must not widen the window. Nothing is left out."""
    return " ".join("\u200b".join(_pieces(word)) for word in text.split(" "))


def _pieces(word: str) -> list[str]:
    return [word[at : at + 8] for at in range(0, len(word), 8)] if len(word) > LONGEST_WORD else [word]
