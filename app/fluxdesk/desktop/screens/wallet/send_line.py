"""One recipient of a payment: address or name, amount, and what the agent knows of the address."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from fluxdesk.desktop.i18n import tr
from fluxdesk.desktop.operation import Operation, run
from fluxdesk.desktop.qt import QLineEdit, QMenu, QWidget, Signal
from fluxdesk.desktop.screens.wallet.amounts import BadAmount, parse, shown
from fluxdesk.desktop.screens.wallet.balance_detail import grouped
from fluxdesk.desktop.screens.wallet.payment import Line
from fluxdesk.desktop.screens.wallet.send_words import BadRecipient, Note, names_of, notes_of, recipient_of
from fluxdesk.desktop.theme import look, set_role
from fluxdesk.desktop.widgets.basics import Button, Label, Picture, box, clear, hbox, vbox

if TYPE_CHECKING:
    from fluxdesk.desktop.agent_facts import RecipientState
    from fluxdesk.desktop.screens.wallet.holdings import Holding

_C = "Wallet"
Check = Callable[[str], Awaitable["RecipientState"]]
"""What the agent knows of an address, for the account and chain of the payment."""


class SendLine(QWidget):
    """The fields of one recipient.

    Signals:
        changed: Something was typed.
        looked_up: The agent said what it knows of the recipient.
        removed: The user takes it away.
        max_asked: Everything is to go.
        entered: Enter was pressed in the amount.
    """

    changed = Signal()
    looked_up = Signal()
    removed = Signal()
    max_asked = Signal()
    entered = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._names: Mapping[str, str] = {}
        self._choices: tuple[tuple[str, str], ...] = ()
        self._check: Check | None = None
        self._asking: Operation | None = None
        self._family, self._sender = "", ""
        self.address = ""
        self.known: RecipientState | None = None
        self._answered = False
        self._wrong = ""
        self.to = QLineEdit()
        self.to.setPlaceholderText(tr(_C, "Address, or a name of your address book"))
        self.to.setAccessibleName(tr(_C, "Recipient"))
        self.to.setMaxLength(120)
        set_role(self.to, "mono")
        self.choose_button = Button("", icon="person", tip=tr(_C, "Choose an own account or a contact"))
        self.remove_button = Button("", "ghost", "trash", tip=tr(_C, "Take this recipient away"))
        self.amount = QLineEdit()
        self.amount.setAccessibleName(tr(_C, "Amount"))
        self.amount.setPlaceholderText("0.0")
        self.amount.setMaxLength(90)
        self.amount.setMinimumWidth(look().px(200))
        set_role(self.amount, "strong")
        self.unit = Label("", "small", "text2")
        self.max_button = Button(tr(_C, "Max"), role="small", tip=tr(_C, "Everything, less the fee"))
        self.problem = Label("", "small", "sell", wrap=True)
        self._whole = Label("", "mono_micro", "text2", wrap=True)
        self._notes = vbox(gap=4)
        self._menu = QMenu(self)
        self.setLayout(
            vbox(
                hbox((self.to, 1), self.choose_button, self.remove_button),
                self._whole,
                box(self._notes),
                hbox((self.amount, 1), self.unit, self.max_button),
                self.problem,
                gap=6,
            )
        )
        self.remove_button.hide()
        self.problem.hide()
        self._whole.hide()
        self.to.textChanged.connect(self._typed)
        self.amount.textChanged.connect(lambda _: self._say(""))
        self.to.returnPressed.connect(self.amount.setFocus)
        self.amount.returnPressed.connect(self.entered)
        self.choose_button.clicked.connect(self._offer)
        self.remove_button.clicked.connect(self.removed)
        self.max_button.clicked.connect(self.max_asked)

    # --- what it is given ---

    def set_context(self, family: str, sender: str, choices: Sequence[tuple[str, str]], check: Check | None) -> None:
        """Who pays on which family of chains, the names with their addresses, and whom to ask about an address."""
        same = (family, sender, tuple(choices)) == (self._family, self._sender, self._choices)
        self._family, self._sender, self._choices, self._check = family, sender, tuple(choices), check
        self._names = names_of(choices)
        if not same:
            self._typed(self.to.text())

    def set_unit(self, words: str) -> None:
        """What the amount is counted in."""
        self.unit.set(words)

    def forget(self) -> None:
        """Empties the fields."""
        self.to.setText("")
        self.amount.setText("")
        self._say("")

    # --- the recipient ---

    def _typed(self, typed: str) -> None:
        if self._asking is not None:
            self._asking.cancel()
            self._asking = None
        self.address, self.known, self._answered, self._wrong = "", None, False, ""
        clear(self._notes)
        self._whole.set("")
        self._whole.hide()
        if typed.strip() and self._family:
            try:
                self.address = recipient_of(typed, self._family, self._names)
            except BadRecipient as bad:
                self._wrong = str(bad)
        self._say("")
        if self.address:
            self._whole.set(grouped(self.address))
            self._whole.show()
            self._ask(self.address)
        elif self._wrong and len(typed.strip()) >= 32:
            self._show_notes([Note("bad", self._wrong)])  # long enough to be meant as a whole address
        self.changed.emit()

    def _ask(self, address: str) -> None:
        if self._check is None:
            self._take(address, None)
            return
        self._asking = run(
            self, self._check(address), lambda found: self._take(address, found), lambda _: self._take(address, None)
        )

    def _take(self, address: str, found: "RecipientState | None") -> None:
        if address != self.address:
            return
        self.known, self._answered = found, True
        self._show_notes(notes_of(found, self._sender, address))
        self.looked_up.emit()

    def _show_notes(self, notes: list[Note]) -> None:
        clear(self._notes)
        for note in notes:
            tone = {"ok": "text2", "warn": "text1", "bad": "sell", "unknown": "text2"}[note.mark]
            words = Label(note.words, "small", tone, wrap=True)
            self._notes.addWidget(box(hbox(Picture("mark", note.mark, size=16), (words, 1), gap=8)))

    def _offer(self) -> None:
        self._menu.clear()
        if not self._choices:
            self._menu.addAction(tr(_C, "No other account and no contact on this chain")).setEnabled(False)
        for label, address in self._choices:
            self._menu.addAction(f"{label}  {address}", partial(self.to.setText, address))
        self._menu.popup(self.choose_button.mapToGlobal(self.choose_button.rect().bottomLeft()))

    # --- the amount ---

    def set_amount(self, base: int, holding: "Holding") -> None:
        """Types an amount."""
        self.amount.setText(shown(base, holding.decimals or 0))

    def read_amount(self, holding: "Holding") -> int | None:
        """Base units of what was typed; None with the reason shown."""
        try:
            base = parse(self.amount.text(), holding.decimals or 0)
        except BadAmount as bad:
            self._say(str(bad))
            return None
        if not base:
            self._say(tr(_C, "Nothing to send: type an amount above 0."))
            return None
        return base

    @property
    def looking(self) -> bool:
        """Whether the agent has yet to say what it knows of the recipient."""
        return bool(self.address) and not self._answered

    def read(self, holding: "Holding") -> Line | None:
        """The recipient and the amount; None with the reason shown."""
        if not self.address:
            self._say(self._wrong or tr(_C, "Type whom to pay: an address, or a name of your address book."))
            return None
        base = self.read_amount(holding)
        if base is None:
            return None
        return Line(recipient=self.address, amount=base, known=self.known)

    def say(self, words: str) -> None:
        """What is wrong with this line."""
        self._say(words)

    def _say(self, words: str) -> None:
        self.problem.set(words)
        self.problem.setVisible(bool(words))
