"""The mode of the data in words, shape and colour: a badge in the top bar and a strip over the whole window."""

from typing import Literal

from fluxdesk.desktop.i18n import tr
from fluxdesk.desktop.paint import draw_icon, rounded, text
from fluxdesk.desktop.qt import QPainter, QPaintEvent, QPointF, QRectF, QSize, Qt, QWidget
from fluxdesk.desktop.theme import look
from fluxdesk.desktop.tokens import CONTROL

_C = "Mode"
Mode = Literal["practice", "live", "replay"]


def mode_word(mode: Mode) -> str:
    """The badge's word, the only one in capitals."""
    return {"practice": tr(_C, "PRACTICE"), "live": tr(_C, "LIVE"), "replay": tr(_C, "REPLAY")}[mode]


class ModeStrip(QWidget):
    """Two pixels over the window: solid amber when live, dashed accent otherwise. Seen without being read."""

    def __init__(self, mode: Mode) -> None:
        super().__init__()
        self.mode = mode
        self.setFixedHeight(2)

    def set_mode(self, mode: Mode) -> None:
        """Shows another mode."""
        self.mode = mode
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Solid or dashed."""
        p = QPainter(self)
        if self.mode == "live":
            p.fillRect(self.rect(), look().colour("live_fill"))
            return
        for x in range(0, self.width(), 12):
            p.fillRect(x, 0, 8, 2, look().colour("accent_fill"))


class ModeBadge(QWidget):
    """PRACTICE outlined with a flask, REPLAY outlined with a clock, LIVE filled with a dot."""

    def __init__(self, mode: Mode) -> None:
        super().__init__()
        self.mode = mode
        self.set_mode(mode)

    def set_mode(self, mode: Mode) -> None:
        """Shows another mode."""
        self.mode = mode
        self.setAccessibleName(tr(_C, "Mode: {mode}", mode=mode_word(mode)))
        self.setToolTip(
            {
                "practice": tr(_C, "A local market of made-up tokens. No network is used."),
                "live": tr(_C, "Real launches from the endpoints under Sources."),
                "replay": tr(_C, "A recording, played through the same decoders."),
            }[mode]
        )
        self.restyle()

    def restyle(self) -> None:
        """Takes its size from the text scale in force."""
        self.setFixedSize(self.sizeHint())
        self.update()

    def sizeHint(self) -> QSize:
        """Room for icon and word."""
        return QSize(look().width(mode_word(self.mode), "small_strong") + look().px(44), look().px(CONTROL))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Ground, shape, word."""
        p, box, live = QPainter(self), QRectF(self.rect()), self.mode == "live"
        rounded(p, box, "live_fill" if live else "accent_tint", None if live else "accent", 6)
        px, middle = look().px, box.height() / 2
        if live:
            p.setPen(Qt.PenStyle.NoPen)
            p.setBrush(look().colour("on_live"))
            p.drawEllipse(QPointF(px(16), middle), 4, 4)
        else:
            side = px(16)
            draw_icon(p, px(9), middle - side / 2, "practice" if self.mode == "practice" else "replay", "accent", side)
        text(p, box.adjusted(px(30), 0, 0, 0), mode_word(self.mode), "small_strong", "on_live" if live else "accent")
