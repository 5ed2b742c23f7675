"""A text as a QR code (ISO/IEC 18004), painted on whole pixels."""

from fluxdesk.desktop.i18n import tr
from fluxdesk.desktop.qt import QPainter, QPaintEvent, QWidget
from fluxdesk.desktop.theme import paint_colour

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
