"""Tells when this computer is about to sleep, where logind says so on the system bus (Linux). Blocks nothing.

https://www.freedesktop.org/software/systemd/man/latest/org.freedesktop.login1.html (PrepareForSleep, Inhibit). The
agent notices by its own clocks that the machine slept, whether this works or not; here it is told before.
"""

import os

from PySide6.QtCore import SLOT
from PySide6.QtDBus import QDBusConnection, QDBusMessage, QDBusPendingCallWatcher, QDBusUnixFileDescriptor

from fluxdesk.desktop.qt import QObject, QTimer, Signal, Slot

SERVICE = "org.freedesktop.login1"
PATH = "/org/freedesktop/login1"
MANAGER = "org.freedesktop.login1.Manager"
ROOM_MS = 500
"""How long sleep is held up after it was told: the agent locks in a few milliseconds."""


class Sleep(QObject):
    """One listener.

    Signals:
        falls_asleep: The machine sleeps in half a second.
    """

    falls_asleep = Signal()

    def __init__(self, parent: QObject | None = None, bus: QDBusConnection | None = None) -> None:
        super().__init__(parent)
        self._bus = bus if bus is not None else QDBusConnection.systemBus()
        self._held = -1
        self.told = False
        """Whether logind answered and will say so."""

    def start(self) -> None:
        """Listens, where there is a bus. `told` says later whether somebody answered."""
        if self._bus.isConnected():
            slot = SLOT("prepare(bool)")  # text, whatever the stubs say: bytes are refused by PySide6 6.11
            self._bus.connect(SERVICE, PATH, MANAGER, "PrepareForSleep", self, slot)  # type: ignore[call-overload]
            self._hold()

    def close(self) -> None:
        """Holds sleep up no more."""
        self._let_go()

    def _hold(self) -> None:
        """Asks for a moment before each sleep; without it the machine may sleep before the lock is done."""
        asked = QDBusMessage.createMethodCall(SERVICE, PATH, MANAGER, "Inhibit")
        asked.setArguments(["sleep", "Fluxdesk", "Lock the wallet", "delay"])
        watcher = QDBusPendingCallWatcher(self._bus.asyncCall(asked), self)
        watcher.finished.connect(self._answered)

    @Slot(QDBusPendingCallWatcher)
    def _answered(self, watcher: QDBusPendingCallWatcher) -> None:
        reply = watcher.reply()
        watcher.deleteLater()
        self.told = reply.type() == QDBusMessage.MessageType.ReplyMessage
        found = reply.arguments()
        if self.told and found and isinstance(found[0], QDBusUnixFileDescriptor):
            self._let_go()
            self._held = os.dup(found[0].fileDescriptor())

    def _let_go(self) -> None:
        if self._held >= 0:
            os.close(self._held)
            self._held = -1

    @Slot(bool)
    def prepare(self, begins: bool) -> None:
        """What logind says: True before sleep, False after it."""
        if begins:
            self.falls_asleep.emit()
            QTimer.singleShot(ROOM_MS, self, self._let_go)
        else:
            self._hold()
