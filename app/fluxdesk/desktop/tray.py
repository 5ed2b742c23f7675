"""The icon in the system tray: how many launches are new, a way back to the window, notifications that can be
clicked.
"""

import time
from collections.abc import Callable

from fluxdesk.core.views import LaunchView
from fluxdesk.desktop import words
from fluxdesk.desktop.i18n import plural, tr
from fluxdesk.desktop.paint import rounded, text
from fluxdesk.desktop.qt import (
    AA,
    CENTER,
    QIcon,
    QMenu,
    QObject,
    QPainter,
    QPen,
    QPixmap,
    QPointF,
    QPolygonF,
    QRectF,
    QSystemTrayIcon,
    Qt,
    Signal,
    Slot,
)
from fluxdesk.desktop.theme import look

_C = "Tray"
NOTIFY_EVERY_S = 10.0
SIDE = 64


def app_icon(number: int = 0) -> QIcon:
    """The mark of Fluxdesk, with a count on it when there is one."""
    picture = QPixmap(SIDE, SIDE)
    picture.fill(Qt.GlobalColor.transparent)
    p = QPainter(picture)
    unit = SIDE / 28
    rounded(p, QRectF(0, 0, SIDE, SIDE), "accent_fill", radius=8 * unit)
    p.setRenderHint(AA)
    pen = QPen(look().colour("on_accent"), 2.4 * unit)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    p.setPen(pen)
    p.drawPolyline(QPolygonF([QPointF(x * unit, y * unit) for x, y in ((6, 18), (11, 12), (15, 16), (22, 8))]))
    if number:
        said = str(number) if number < 100 else "99+"
        badge = QRectF(SIDE - 40, SIDE - 30, 40, 30)
        rounded(p, badge, "live_fill", radius=10)
        p.scale(2, 2)
        text(p, QRectF(badge.x() / 2, badge.y() / 2, 20, 15), said, "small_strong", "on_live", CENTER)
    p.end()
    return QIcon(picture)


class Tray(QObject):
    """The tray icon. It is not there on every desktop: see `available`.

    Signals:
        opened: Show the window.
        token_opened: Show the window with a token.
        quit_asked: Stop everything.
    """

    opened = Signal()
    token_opened = Signal(str)
    quit_asked = Signal()

    def __init__(self, parent: QObject | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(parent)
        self._clock = clock
        self._told_s = -NOTIFY_EVERY_S
        self._unsaid = 0
        self._mint = ""
        self.number = 0
        self.icon = QSystemTrayIcon(app_icon(), self)
        self._menu = QMenu()
        self._count = self._menu.addAction("")
        self._count.setEnabled(False)
        self._menu.addSeparator()
        self._menu.addAction(tr(_C, "Open Fluxdesk"), self.opened.emit)
        self._menu.addAction(tr(_C, "Quit Fluxdesk and stop the node"), self.quit_asked.emit)
        self.icon.setContextMenu(self._menu)
        self.icon.activated.connect(self._activated)
        self.icon.messageClicked.connect(self._clicked)
        self.show_count(0)

    @staticmethod
    def available() -> bool:
        """Whether this desktop has a tray."""
        return QSystemTrayIcon.isSystemTrayAvailable()

    def show(self) -> None:
        """Puts the icon there."""
        self.icon.show()

    def hide(self) -> None:
        """Takes it away."""
        self.icon.hide()

    def show_count(self, number: int) -> None:
        """The number of launches since the window last had the attention."""
        self.number = number
        said = plural(_C, number, "{n} new launch", "{n} new launches") if number else tr(_C, "No new launch")
        self._count.setText(said)
        self.icon.setToolTip(f"Fluxdesk · {said}")
        self.icon.setIcon(app_icon(number))

    def tell(self, launch: LaunchView) -> bool:
        """Notifies of a launch, at most once in ten seconds; whether it did. The next one says how many it stands
        for.
        """
        now = self._clock()
        if now - self._told_s < NOTIFY_EVERY_S:
            self._unsaid += 1
            return False
        self._told_s = now
        self._mint = launch.mint
        symbol = words.remote(launch.symbol, 24) or words.short_address(launch.mint)
        title = tr(_C, "{symbol} launched on {pad}", symbol=symbol, pad=words.launchpad(launch.venue, launch.brand))
        lines = [words.remote(launch.name) or tr(_C, "no name stated")]
        if self._unsaid:
            lines.append(
                plural(_C, self._unsaid, "and {n} more since the last notice", "and {n} more since the last notice")
            )
        self._unsaid = 0
        self.icon.showMessage(words.no_markup(title), words.no_markup(" · ".join(lines)), app_icon(), 8_000)
        return True

    @Slot(QSystemTrayIcon.ActivationReason)
    def _activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason != QSystemTrayIcon.ActivationReason.Context:
            self.opened.emit()

    @Slot()
    def _clicked(self) -> None:
        if self._mint:
            self.token_opened.emit(self._mint)
        else:
            self.opened.emit()
