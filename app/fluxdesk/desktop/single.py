"""One desktop a user: the first start holds a lock, a second one asks it to come to the front and ends."""

import fcntl
import os
from pathlib import Path

from fluxdesk.core.paths import runtime_dir
from fluxdesk.core.private_folder import what_is_wrong
from fluxdesk.desktop.qt import QObject, Signal

RAISE = b"raise\n"
WAIT_MS = 2_000


class UnsafeRuntimeFolder(OSError):
    """The folder for locks and sockets is not this user's alone; the message says what was found and what to do."""


def _folder() -> Path:
    """The runtime folder, 0700 and ours. Raises `UnsafeRuntimeFolder`."""
    folder = runtime_dir()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if (problem := what_is_wrong(folder)) is not None:
        raise UnsafeRuntimeFolder(problem)
    return folder


class OnlyOne(QObject):
    """Holds the lock for as long as the program lives.

    Signals:
        asked_up: A second start asks the window to come to the front.
    """

    asked_up = Signal()

    def __init__(self) -> None:
        """Raises `UnsafeRuntimeFolder`."""
        super().__init__()
        self._lock = os.open(_folder() / "desktop.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        self._address = str(_folder() / "desktop.sock")
        self._server: object | None = None
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self.first = True
        except BlockingIOError:
            self.first = False

    def listen(self) -> bool:
        """Begins to hear second starts; False when the socket cannot be made, which costs only that."""
        from PySide6.QtNetwork import QLocalServer

        QLocalServer.removeServer(self._address)
        server = QLocalServer(self)
        server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        server.newConnection.connect(self._greet)
        self._server = server
        return server.listen(self._address)

    def raise_first(self) -> bool:
        """Asks the first start to show its window; whether it heard."""
        from PySide6.QtNetwork import QLocalSocket

        connection = QLocalSocket()
        connection.connectToServer(self._address)
        if not connection.waitForConnected(WAIT_MS):
            return False
        connection.write(RAISE)
        heard = connection.waitForBytesWritten(WAIT_MS)
        connection.disconnectFromServer()
        return heard

    def release(self) -> None:
        """Gives lock and socket back."""
        from PySide6.QtNetwork import QLocalServer

        if isinstance(self._server, QLocalServer):
            self._server.close()
        os.close(self._lock)

    def _greet(self) -> None:
        from PySide6.QtNetwork import QLocalServer

        server = self._server
        assert isinstance(server, QLocalServer)
        while (connection := server.nextPendingConnection()) is not None:
            connection.readyRead.connect(self.asked_up)
            connection.disconnected.connect(connection.deleteLater)
            if connection.bytesAvailable():
                self.asked_up.emit()
