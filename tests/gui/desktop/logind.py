"""A stand-in for logind on a bus of its own: hands out inhibitors, and says that the machine sleeps when told to.

`python -m gui.desktop.logind ADDRESS`: prints `ready`, then for each line `sleep` or `wake` of standard input says so
on the bus, and prints `inhibited` and `released` as that happens.
"""

import os
import sys
import threading

from PySide6.QtCore import QCoreApplication, QObject, QSocketNotifier, Signal
from PySide6.QtDBus import QDBusConnection, QDBusMessage, QDBusUnixFileDescriptor, QDBusVirtualObject

SERVICE, PATH, MANAGER = "org.freedesktop.login1", "/org/freedesktop/login1", "org.freedesktop.login1.Manager"


class Manager(QDBusVirtualObject):
    """Answers `Inhibit` with the writing end of a pipe, and notices when the last holder lets go."""

    def __init__(self) -> None:
        super().__init__()
        self._watched: list[tuple[int, QSocketNotifier]] = []

    def introspect(self, path: str) -> str:
        return ""

    def handleMessage(self, message: QDBusMessage, connection: QDBusConnection) -> bool:
        if message.member() != "Inhibit":
            return False
        reading, writing = os.pipe()
        reply = message.createReply()
        reply.setArguments([QDBusUnixFileDescriptor(writing)])
        connection.send(reply)
        os.close(writing)
        notifier = QSocketNotifier(reading, QSocketNotifier.Type.Read)
        notifier.activated.connect(lambda: self._released(notifier))
        self._watched.append((reading, notifier))
        print("inhibited", *message.arguments(), flush=True)
        return True

    def _released(self, notifier: QSocketNotifier) -> None:
        notifier.setEnabled(False)
        print("released", flush=True)


class Lines(QObject):
    """Standard input, line by line, on the main thread."""

    came = Signal(str)

    def read(self) -> None:
        for line in sys.stdin:
            self.came.emit(line.strip())
        self.came.emit("")


def main(address: str) -> int:
    app = QCoreApplication([])
    bus = QDBusConnection.connectToBus(address, "logind")
    manager = Manager()
    assert bus.registerService(SERVICE)
    assert bus.registerVirtualObject(PATH, manager)
    lines = Lines()

    def say(word: str) -> None:
        if not word:
            app.quit()
            return
        signal = QDBusMessage.createSignal(PATH, MANAGER, "PrepareForSleep")
        signal.setArguments([word == "sleep"])
        bus.send(signal)

    lines.came.connect(say)
    threading.Thread(target=lines.read, daemon=True).start()
    print("ready", flush=True)
    return app.exec()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
