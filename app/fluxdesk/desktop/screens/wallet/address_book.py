"""The address book: names for addresses, kept encrypted by the agent. A new one that looks like a known one is said."""

from functools import partial
from typing import TYPE_CHECKING

from fluxdesk.desktop.i18n import plural, tr
from fluxdesk.desktop.operation import run
from fluxdesk.desktop.qt import QLineEdit, QTimer, QWidget, Signal
from fluxdesk.desktop.screens.wallet.parts import page, row, section, two_lines
from fluxdesk.desktop.screens.wallet.setup import account_of
from fluxdesk.desktop.theme import look, set_role
from fluxdesk.desktop.widgets.basics import Button, Label, Picture, box, clear, hbox, vbox
from fluxdesk.desktop.words import remote

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fluxdesk.desktop.agent_facts import Contact, RecipientState
    from fluxdesk.desktop.agent_link import AgentLink

_C = "Wallet"
TYPING_MS = 200


def warnings(found: "RecipientState") -> list[str]:
    """What the agent says against an address, worst first."""
    said = []
    if found.bad is not None:
        why = remote(found.bad.why, 120) or tr(_C, "no reason given")
        said.append(tr(_C, "On the known-bad list of {date}: {why}.", date=found.bad_date, why=why))
    for other in found.alike:
        whose = {
            "contact": tr(_C, "your contact {label}", label=remote(other.label, 48)),
            "own": tr(_C, "your account {label}", label=remote(other.label, 48)),
            "sent": tr(_C, "an address you signed for before"),
        }[other.kind]
        words = tr(_C, "Looks like {whose}, {address}, and is another address.", whose=whose, address=other.address)
        said.append(words)
    return said


class AddressBook(QWidget):
    """The list, and a line to add to it.

    Signals:
        copied: Text and its name.
        failed: A sentence.
        said: A sentence about what was changed.
    """

    copied = Signal(str, str)
    failed = Signal(str)
    said = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._link: AgentLink | None = None
        self.contacts: tuple[Contact, ...] = ()
        self._changing = ""
        self._count = Label("", "title")
        self._column = vbox(gap=0)
        self.name = self._field(tr(_C, "Name"), 48, 200)
        self.address = self._field(tr(_C, "0x… or a Solana address"), 64, 0)
        set_role(self.address, "mono")
        self.note = self._field(tr(_C, "Note, if you like"), 200, 220)
        self.add_button = Button(tr(_C, "Add to the address book"), "primary", icon="plus")
        self.cancel_button = Button(tr(_C, "Leave it as it was"), "ghost")
        self.problem = Label("", "small", "sell", wrap=True)
        note = tr(
            _C,
            "Kept encrypted with the wallet; no site and no browser sees it. The agent compares every recipient with "
            "it and warns of one that only looks the same.",
        )
        self.setLayout(
            vbox(
                page(
                    section(tr(_C, "Address book"), note),
                    hbox(self.name, (self.address, 1), self.note),
                    hbox((self.problem, 1), self.cancel_button, self.add_button),
                    self._count,
                    box(self._column),
                ),
                gap=0,
            )
        )
        self.home: QWidget = self.name
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(TYPING_MS)
        self._typing.timeout.connect(self._look)
        self.address.textChanged.connect(lambda _: self._typing.start())
        self.add_button.clicked.connect(self._save)
        self.cancel_button.clicked.connect(self._clear_fields)
        for field in (self.name, self.address, self.note):
            field.returnPressed.connect(self._save)
        self._clear_fields()

    def _field(self, name: str, most: int, width: int) -> QLineEdit:
        field = QLineEdit()
        field.setAccessibleName(name)
        field.setPlaceholderText(name)
        field.setMaxLength(most)
        if width:
            field.setFixedWidth(look().px(width))
        set_role(field, "body")
        return field

    def set_link(self, link: "AgentLink | None") -> None:
        """The agent to ask."""
        self._link = link
        self.forget()

    def refresh(self) -> None:
        """Reads it again."""
        if self._link is not None:
            run(self, self._link.contacts(), self._show, lambda e: self.failed.emit(str(e)))

    def forget(self) -> None:
        """Shows nothing."""
        self._clear_fields()
        self._show(())

    def _show(self, contacts: "Sequence[Contact]") -> None:
        self.contacts = tuple(contacts)
        self._count.set(plural(_C, len(contacts), "{n} contact", "{n} contacts"))
        clear(self._column)
        for contact in self.contacts:
            self._column.addWidget(self._row(contact))

    def _row(self, contact: "Contact") -> QWidget:
        label = remote(contact.label)
        chains = tr(_C, "Solana") if contact.family == "solana" else tr(_C, "EVM chains")
        copy = Button("", "ghost", "copy", tip=tr(_C, "Copy the address of {label}", label=label))
        change = Button(tr(_C, "Change"), role="small", tip=tr(_C, "Change name or note of {label}", label=label))
        remove = Button("", "ghost", "trash", tip=tr(_C, "Remove {label} from the address book", label=label))
        copy.clicked.connect(lambda: self.copied.emit(contact.address, tr(_C, "Address")))
        change.clicked.connect(partial(self.change, contact))
        remove.clicked.connect(partial(self._remove, contact))
        note = Label(remote(contact.note, 200), "small", "text2", elide=True)
        made = row(
            Picture("avatar", label, size=32),
            (two_lines(label, contact.address), 3),
            (note, 2),
            Label(chains, "small", "text2"),
            copy,
            change,
            remove,
        )
        made.setAccessibleName(f"{label}, {chains}, {contact.address}")
        return made

    def _look(self) -> None:
        """Says what is known of the address while it is typed."""
        typed = self.address.text().strip()
        self.problem.set("")
        if self._link is None or not typed or self._changing:
            return
        try:
            account = account_of(typed)
        except ValueError as error:
            if len(typed) >= 32:
                self.problem.set(str(error), "sell")
            return
        run(self, self._link.check_recipient(account), self._warn, lambda e: self.problem.set(str(e), "sell"))

    def _warn(self, found: "RecipientState") -> None:
        self.problem.set(" ".join(warnings(found)), "warn")

    def _save(self) -> None:
        link, label = self._link, self.name.text().strip()
        if link is None:
            return
        if not label:
            self.problem.set(tr(_C, "Type a name for the address."), "sell")
            return
        note = self.note.text().strip()
        if self._changing:
            run(self, link.change_contact(self._changing, label, note), lambda _: self._changed(label), self._say)
            return
        try:
            account = account_of(self.address.text().strip())
        except ValueError as error:
            self.problem.set(str(error), "sell")
            return
        run(self, link.add_contact(account, label, note), lambda found: self._added(label, found), self._say)

    def _added(self, label: str, found: "RecipientState") -> None:
        against = warnings(found)
        self._clear_fields()
        if against:
            self.problem.set(tr(_C, "{label} was added. {why}", label=remote(label), why=" ".join(against)), "warn")
        self.said.emit(tr(_C, "{label} is in the address book.", label=remote(label)))
        self.refresh()

    def change(self, contact: "Contact") -> None:
        """Name and note into the fields; the address stays."""
        self._changing = contact.account
        self.name.setText(contact.label)
        self.note.setText(contact.note)
        self.address.setText(contact.address)
        self.address.setEnabled(False)
        self.add_button.setText(tr(_C, "Save the change"))
        self.add_button.setAccessibleName(self.add_button.text())
        self.cancel_button.show()
        self.problem.set("")
        self.name.setFocus()

    def _changed(self, label: str) -> None:
        self._clear_fields()
        self.said.emit(tr(_C, "{label} was changed.", label=remote(label)))
        self.refresh()

    def _remove(self, contact: "Contact") -> None:
        if self._link is not None:
            label = remote(contact.label)
            done = tr(_C, "{label} is out of the address book.", label=label)
            run(self, self._link.remove_contact(contact.account), lambda _: self._removed(done), self._say)

    def _removed(self, done: str) -> None:
        self.said.emit(done)
        self.refresh()

    def _clear_fields(self) -> None:
        self._changing = ""
        for field in (self.name, self.address, self.note):
            field.setText("")
        self._typing.stop()
        self.address.setEnabled(True)
        self.add_button.setText(tr(_C, "Add to the address book"))
        self.add_button.setAccessibleName(self.add_button.text())
        self.cancel_button.hide()
        self.problem.set("")

    def _say(self, error: BaseException) -> None:
        self.problem.set(str(error), "sell")
