"""Fields for secrets and for words. What is typed is taken out as a buffer that can be wiped, and the field emptied."""

from fluxdesk.desktop.i18n import tr
from fluxdesk.desktop.qt import QLineEdit, Qt, QWidget, Signal
from fluxdesk.desktop.screens.wallet import strength
from fluxdesk.desktop.theme import set_role
from fluxdesk.desktop.widgets.basics import Button, Label, hbox, vbox
from fluxdesk.desktop.widgets.meter import Meter

_C = "Wallet"


class SecretEdit(QLineEdit):
    """One line that is not shown, not remembered by input methods, and not copied out."""

    def __init__(self, name: str, hint: str = "") -> None:
        super().__init__()
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.setMaxLength(1024)
        self.setInputMethodHints(
            Qt.InputMethodHint.ImhSensitiveData
            | Qt.InputMethodHint.ImhNoPredictiveText
            | Qt.InputMethodHint.ImhHiddenText
        )
        self.setAccessibleName(name)
        self.setPlaceholderText(hint)
        set_role(self, "body")

    def take(self) -> bytearray:
        """What was typed, as UTF-8; the field is empty afterwards, its undo steps too."""
        typed = bytearray(self.text().encode())
        self.forget()
        return typed

    def forget(self) -> None:
        """Empties the field and its undo steps."""
        self.setText("")


class NewPassphrase(QWidget):
    """A passphrase typed twice, with a hint of its strength.

    Signals:
        changed: Something was typed.
        entered: Enter was pressed with both alike.
    """

    changed = Signal()
    entered = Signal()

    def __init__(self, name: str = "") -> None:
        """`name`: what it is a passphrase of, where not of this computer."""
        super().__init__()
        self.first = SecretEdit(name or tr(_C, "New passphrase"))
        self.again = SecretEdit(tr(_C, "{name} again", name=name) if name else tr(_C, "New passphrase again"))
        self.show_it = Button(tr(_C, "Show"), "ghost", role="small", checkable=True, tip=tr(_C, "Show the passphrase"))
        self.meter = Meter(3)
        self.hint = Label("", "small", "text2", wrap=True)
        self.setLayout(
            vbox(
                Label(name or tr(_C, "Passphrase of this computer"), "small_strong"),
                hbox((self.first, 1), self.show_it),
                self.meter,
                self.hint,
                Label(tr(_C, "Again"), "small_strong"),
                self.again,
                gap=6,
            )
        )
        self.first.textChanged.connect(self._typed)
        self.again.textChanged.connect(self._typed)
        self.first.returnPressed.connect(self.again.setFocus)
        self.again.returnPressed.connect(self._enter)
        self.show_it.toggled.connect(self._reveal)
        self._typed()

    @property
    def ready(self) -> bool:
        """Whether it can be taken."""
        return strength.of(self.first.text()).level > 0 and self.first.text() == self.again.text()

    def take(self) -> bytearray:
        """The passphrase; the fields are empty afterwards."""
        typed = self.first.take()
        self.again.forget()
        self.show_it.setChecked(False)
        return typed

    def forget(self) -> None:
        """Empties the fields."""
        self.first.forget()
        self.again.forget()
        self.show_it.setChecked(False)

    def _typed(self) -> None:
        found = strength.of(self.first.text())
        self.meter.set_level(found.level, "sell" if found.level < 2 else "warn" if found.level == 2 else "buy")
        differs = bool(self.again.text()) and self.first.text() != self.again.text()
        self.hint.set(tr(_C, "The two are not alike yet") if differs else found.words)
        self.changed.emit()

    def _enter(self) -> None:
        if self.ready:
            self.entered.emit()

    def _reveal(self, shown: bool) -> None:
        mode = QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password
        self.first.setEchoMode(mode)
        self.again.setEchoMode(mode)
        self.show_it.setText(tr(_C, "Hide") if shown else tr(_C, "Show"))
