"""An address to be received on: in full, as text and as a QR code. The code holds the address and nothing else."""

from typing import TYPE_CHECKING

from fluxdesk.desktop.i18n import tr
from fluxdesk.desktop.qt import QPainter, QPaintEvent, QWidget, Signal
from fluxdesk.desktop.theme import paint_colour
from fluxdesk.desktop.widgets.basics import Button, Label, frame, hbox, vbox

if TYPE_CHECKING:
    from fluxdesk.desktop.agent_link import Account

_C = "Wallet"
QUIET = 4
"""Modules of empty room that ISO/IEC 18004 asks for on each side."""
MODULE = 6


class QrCode(QWidget):
    """Black on white in either theme: cameras ask for it."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: tuple[bytes, ...] = ()

    def set_text(self, text: str) -> None:
        """Shows another text."""
        import segno

        self.rows = tuple(bytes(row) for row in segno.make(text, error="m", micro=False).matrix)
        side = (len(self.rows) + 2 * QUIET) * MODULE
        self.setFixedSize(side, side)
        self.setAccessibleName(tr(_C, "QR code of {text}", text=text))
        self.update()

    def forget(self) -> None:
        """Shows no code."""
        self.rows = ()
        self.setAccessibleName("")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints the modules on whole pixels."""
        p = QPainter(self)
        p.fillRect(self.rect(), paint_colour("#FFFFFF"))
        black = paint_colour("#000000")
        for y, row in enumerate(self.rows):
            for x, dark in enumerate(row):
                if dark:
                    p.fillRect((x + QUIET) * MODULE, (y + QUIET) * MODULE, MODULE, MODULE, black)


class Receive(QWidget):
    """The panel.

    Signals:
        copied: Text and its name, for the clipboard.
        close_asked: Done.
    """

    copied = Signal(str, str)
    close_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._address = ""
        self._title = Label("", "title")
        self._note = Label("", "small", "text2", wrap=True)
        self.code = QrCode()
        self.address = Label("", "mono", wrap=False)
        copy = Button(tr(_C, "Copy the address"), "primary", "copy")
        close = Button(tr(_C, "Close"))
        self._note.setMaximumWidth(400)
        column = vbox(
            self._title,
            self._note,
            hbox(None, self.code, None),
            hbox(None, self.address, None),
            hbox(None, close, copy),
            gap=12,
            margins=(24, 20, 24, 20),
        )
        self.setLayout(vbox(frame("dialog", column), gap=0))
        self.home: QWidget = copy
        copy.clicked.connect(lambda: self.copied.emit(self._address, tr(_C, "Address")))
        close.clicked.connect(self.close_asked)

    def show_account(self, account: "Account") -> None:
        """Shows another account."""
        self._address = account.address
        self._title.set(tr(_C, "Receive on {label}", label=account.label))
        self._note.set(
            tr(_C, "A Solana address: for SOL and tokens on Solana only.")
            if account.family == "solana"
            else tr(_C, "An EVM address, the same on Ethereum, Base and the others. Ask which chain is meant.")
        )
        self.address.set(account.address)
        self.code.set_text(account.address)
        self.setAccessibleName(self._title.words)
