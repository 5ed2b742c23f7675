"""The payment before it is signed: to whom in full, the whole cost, what trying it out showed, and who says so."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from fluxdesk.desktop.i18n import tr
from fluxdesk.desktop.qt import QGridLayout, Qt, QWidget, Signal
from fluxdesk.desktop.screens.wallet.balance_detail import grouped
from fluxdesk.desktop.screens.wallet.holdings import chain_words
from fluxdesk.desktop.screens.wallet.parts import page
from fluxdesk.desktop.screens.wallet.send_words import (
    Note,
    Tone,
    cost_rows,
    headline,
    name_of,
    notes_of,
    sum_words,
    trial_rows,
    warnings_of,
)
from fluxdesk.desktop.widgets.basics import Button, Label, Picture, box, clear, frame, hbox, rule, vbox
from fluxdesk.desktop.words import remote

if TYPE_CHECKING:
    from fluxdesk.desktop.screens.wallet.payment import Made

_C = "Wallet"


class SendReview(QWidget):
    """The page.

    Signals:
        back_asked: Back to the form; nothing was signed.
        sign_asked: The `Made` payment is to be signed.
        withdrawn: The request in the approval window is to be taken back.
    """

    back_asked = Signal()
    sign_asked = Signal(object)
    withdrawn = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.made: Made | None = None
        self._waits = False
        self.title = Label("", "h2", wrap=True)
        self._column = vbox(gap=12)
        self.problem = Label("", "small", "sell", wrap=True)
        self.status = Label("", "small", "text2", wrap=True)
        self.back_button = Button(tr(_C, "Back"), large=True)
        self.sign_button = Button(tr(_C, "Ask for my signature"), "primary", large=True)
        self.setLayout(
            vbox(
                (page(self.title, box(self._column)), 1),
                rule(),
                box(
                    vbox(
                        self.problem,
                        hbox(self.back_button, self.sign_button, (self.status, 1), gap=12),
                        gap=8,
                        margins=(16, 12, 16, 12),
                    )
                ),
                gap=0,
            )
        )
        self.problem.hide()
        self.home: QWidget = self.back_button
        self.back_button.clicked.connect(self._back)
        self.sign_button.clicked.connect(self._sign)

    def show_made(self, made: "Made", labels: Mapping[str, str], changed: str = "") -> None:
        """Shows a payment. `labels`: address in lower case to its label; `changed`: what is new since it was seen."""
        self.made = made
        self.set_waiting(False)
        self.title.set(headline(made.wish))
        clear(self._column)
        if changed:
            self._column.addWidget(_noted("warn", Note("warn", changed)))
        for kind, note in warnings_of(made):
            self._column.addWidget(_noted(kind, note))
        self._column.addWidget(self._who(made))
        self._column.addWidget(self._cost(made))
        for place, trial in enumerate(made.trials, 1):
            self._column.addWidget(self._trial(made, trial, labels, place))
        self.say("")
        self.status.set(
            tr(_C, "The approval window shows what the agent reads in these bytes. Only there is it approved."), "text2"
        )

    def forget(self) -> None:
        """Shows nothing."""
        self.made = None
        clear(self._column)
        self.title.set("")
        self.say("")

    def _who(self, made: "Made") -> QWidget:
        wish = made.wish
        rows = vbox(gap=10)
        account = wish.account
        rows.addWidget(_field(tr(_C, "From"), remote(account.label, 60), grouped(account.address)))
        for line in wish.lines:
            said = name_of(line.known, line.recipient)
            if len(wish.lines) > 1:
                said = f"{sum_words(line.amount, wish.holding)} · {said}"
            rows.addWidget(_field(tr(_C, "To"), said, grouped(line.recipient)))
            if wish.replaces is None:
                for note in notes_of(line.known, account.address, line.recipient):
                    rows.addWidget(_note(note))
        rows.addWidget(_field(tr(_C, "Chain"), f"{chain_words(wish.chain)} ({wish.chain.id})", ""))
        if not wish.holding.native:
            rows.addWidget(_field(tr(_C, "Token"), wish.holding.title, grouped(wish.holding.asset)))
        if len(made.views) > 1:
            words = tr(_C, "{n} transactions, each signed on its own", n=len(made.views))
            rows.addWidget(_field(tr(_C, "Sent as"), words, ""))
        return frame("card", vbox(rows, margins=(14, 12, 14, 12)))

    def _cost(self, made: "Made") -> QWidget:
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(2, 1)
        rows = cost_rows(made)
        for place, (what, much, why) in enumerate(rows):
            last = place == len(rows) - 1
            if last:
                grid.addWidget(rule(), place, 0, 1, 3)
            row = place + 1 if last else place
            grid.addWidget(Label(what, "strong" if last else "small", "text1" if last else "text2"), row, 0)
            figure = Label(much, "strong" if last else "medium")
            figure.setAccessibleName(f"{what}: {much}")
            grid.addWidget(figure, row, 1, Qt.AlignmentFlag.AlignRight)
            grid.addWidget(Label(why, "small", "text3", wrap=True), row, 2)
        head = hbox(
            Label(tr(_C, "What it costs"), "strong"), None, Label(tr(_C, "from the node"), "small_strong", "accent")
        )
        return frame("card", vbox(head, grid, gap=10, margins=(14, 12, 14, 12)))

    def _trial(self, made: "Made", trial: object, labels: Mapping[str, str], place: int) -> QWidget:
        title = tr(_C, "If it is sent now")
        if len(made.views) > 1:
            title = tr(_C, "If transaction {place} of {n} is sent now", place=place, n=len(made.views))
        head = hbox(
            Picture("icon", "sources"), Label(title, "strong"), None,
            Label(tr(_C, "tried out by the node, not by the agent"), "small_strong", "accent"),
        )  # fmt: skip
        column = vbox(head, gap=6, margins=(14, 12, 14, 12))
        for who, what, tone in trial_rows(trial, made.wish, labels):  # type: ignore[arg-type]
            column.addWidget(_pair(who, what, tone))
        return frame("dashed", column)

    # --- the decision ---

    def set_waiting(self, waits: bool) -> None:
        """Whether the request is in the approval window."""
        self._waits = waits
        self.sign_button.setEnabled(not waits)
        self.back_button.setText(tr(_C, "Take it back") if waits else tr(_C, "Back"))
        if waits:
            self.status.set(tr(_C, "Waits in the approval window. Nothing is signed yet."), "text1")

    def set_status(self, words: str) -> None:
        """What is being done."""
        self.status.set(words, "text1")

    def say(self, words: str) -> None:
        """What went wrong, what was kept, what to do."""
        self.problem.set(words)
        self.problem.setVisible(bool(words))

    def _back(self) -> None:
        (self.withdrawn if self._waits else self.back_asked).emit()

    def _sign(self) -> None:
        if self.made is not None and not self._waits:
            self.sign_asked.emit(self.made)


def _field(label: str, words: str, address: str) -> QWidget:
    column = vbox(Label(label, "micro", "text3"), Label(words, "medium", wrap=True), gap=2)
    if address:
        shown = Label(address, "mono", "text1", wrap=True)
        shown.setAccessibleName(f"{label} {address.replace(' ', '')}")
        column.addWidget(shown)
    return box(column)


def _note(note: Note) -> QWidget:
    tone = {"ok": "text2", "warn": "text1", "bad": "sell", "unknown": "text2"}[note.mark]
    return box(hbox(Picture("mark", note.mark, size=16), (Label(note.words, "small", tone, wrap=True), 1), gap=8))


def _noted(kind: str, note: Note) -> QWidget:
    return frame(kind, vbox(_note(note), margins=(12, 8, 12, 8)))


def _pair(who: str, what: str, tone: Tone) -> QWidget:
    first = Label(who, "small", "text2")
    second = Label(what, "medium", tone, wrap=True)
    second.setAccessibleName(f"{who}: {what}")
    second.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    return box(hbox(first, (second, 1), gap=16))
