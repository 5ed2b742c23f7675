"""Framed connections on Unix sockets: 4-byte little-endian length, at most 1 MiB, buffers that are wiped after use.

Knows nothing of what the frames say. A frame that is too long ends the connection after one answer.
"""

import asyncio
import os
import socket
import stat
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Final

from fluxdesk_host.protocol.frames import HEADER_BYTES, MAX_FRAME_BYTES

IN_FLIGHT: Final = 256
"""Answers one connection may be owed before it is read no further."""
UNREAD: Final = 4 << 20
"""Bytes of answers that may wait for a peer that does not read them, before the connection ends."""
_READ: Final = 65_536
_LENGTH: Final = struct.Struct("<I")


class UnsafeFolder(Exception):
    """The folder of the socket is not this user's alone; the message is for the user."""


class SocketTaken(Exception):
    """Somebody listens there already."""


class Link(asyncio.BufferedProtocol):
    """One connection. `on_frame` gets each frame as a view that is wiped when it returns; `on_close` the end."""

    def __init__(
        self,
        on_frame: "Callable[[Link, memoryview], None]",
        on_close: "Callable[[Link], None]",
        too_long: bytes,
        on_open: "Callable[[Link], None] | None" = None,
    ) -> None:
        self._on_frame, self._on_close, self._on_open = on_frame, on_close, on_open
        self._too_long = too_long
        self._buffer = bytearray(_READ)
        self._filled = 0
        self._transport: asyncio.Transport | None = None
        self._owed = 0
        self._paused = self._full = False
        self.user = -1
        self.process = -1

    @property
    def closed(self) -> bool:
        """Whether nothing can be sent any more."""
        return self._transport is None or self._transport.is_closing()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Asks the kernel who is at the other end."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        peer = transport.get_extra_info("socket").getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)
        self.process, self.user, _ = struct.unpack("3i", peer)
        if self._on_open is not None:
            self._on_open(self)

    def get_buffer(self, sizehint: int) -> memoryview:
        """Room for the next bytes, grown to hold the frame that is on its way."""
        wanted = self._filled + 1
        if self._filled >= HEADER_BYTES:
            wanted = HEADER_BYTES + min(_LENGTH.unpack_from(self._buffer)[0], MAX_FRAME_BYTES)
        if len(self._buffer) < max(wanted, self._filled + 1):
            larger = bytearray(
                max(wanted, self._filled + 1, min(2 * len(self._buffer), MAX_FRAME_BYTES + HEADER_BYTES))
            )
            larger[: self._filled] = memoryview(self._buffer)[: self._filled]
            _wipe(self._buffer, self._filled)
            self._buffer = larger
        return memoryview(self._buffer)[self._filled :]

    def buffer_updated(self, nbytes: int) -> None:
        """Hands on every frame that is whole."""
        self._filled += nbytes
        self._hand_on()

    def _hand_on(self) -> None:
        start = 0
        while self._filled - start >= HEADER_BYTES and not self.closed and not self._paused and not self._full:
            (length,) = _LENGTH.unpack_from(self._buffer, start)
            if length > MAX_FRAME_BYTES:
                self.send(self._too_long)
                self.close()
                break
            end = start + HEADER_BYTES + length
            if self._filled < end:
                break
            with memoryview(self._buffer)[start + HEADER_BYTES : end] as view:
                self._on_frame(self, view)
            start = end
        if self.closed:
            _wipe(self._buffer, len(self._buffer))
            self._filled = 0
        elif start:
            left = self._filled - start
            self._buffer[:left] = self._buffer[start : self._filled]
            _wipe(self._buffer, self._filled, left)
            self._filled = left
            if left <= _READ < len(self._buffer):
                self._buffer = self._buffer[:_READ]

    def eof_received(self) -> bool:
        """The other end will say no more: that is the end."""
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        """Wipes what was read and says that it is over."""
        _wipe(self._buffer, len(self._buffer))
        self._transport = None
        self._on_close(self)

    def send(self, body: bytes | bytearray) -> None:
        """Sends one frame, if the other end is still there. One that never reads is left."""
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(_LENGTH.pack(len(body)) + body)
            if self._transport.get_write_buffer_size() > UNREAD:
                self._transport.abort()

    def pause_writing(self) -> None:
        """The other end does not read its answers: nothing more is read from it either."""
        self._full = True
        self._reading()

    def resume_writing(self) -> None:
        """It does again."""
        self._full = False
        self._go_on()

    def owe(self) -> None:
        """An answer will follow later."""
        self._owed += 1
        if self._owed >= IN_FLIGHT:
            self._paused = True
            self._reading()

    def paid(self) -> None:
        """One of them was given."""
        self._owed -= 1
        if self._paused and self._owed < IN_FLIGHT:
            self._paused = False
            self._go_on()

    def _go_on(self) -> None:
        self._reading()
        if not self.closed:
            asyncio.get_running_loop().call_soon(self._hand_on)  # frames that were read before the pause

    def _reading(self) -> None:
        if self._transport is None or self._transport.is_closing():
            return
        if self._paused or self._full:
            self._transport.pause_reading()
        else:
            self._transport.resume_reading()

    def close(self) -> None:
        """Sends what is on its way and closes."""
        if self._transport is not None:
            self._transport.close()


def _wipe(buffer: bytearray, stop: int, start: int = 0) -> None:
    buffer[start:stop] = bytes(stop - start)


def listen(path: Path) -> socket.socket:
    """A listening socket of mode 0600 in a folder of mode 0700 that is this user's alone.

    A file that a dead process left is replaced. Raises `UnsafeFolder` or `SocketTaken`.
    """
    folder = path.parent
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = folder.lstat()
    except OSError as error:
        raise UnsafeFolder(f"The runtime folder {folder} cannot be used ({error.strerror}).") from error
    if not stat.S_ISDIR(found.st_mode):
        raise UnsafeFolder(f"The runtime folder {folder} is no folder. Remove it, or set FLUXDESK_RUNTIME.")
    if found.st_uid != os.getuid():
        raise UnsafeFolder(f"The runtime folder {folder} belongs to user {found.st_uid}, not to you.")
    if stat.S_IMODE(found.st_mode) != 0o700:
        raise UnsafeFolder(f"The runtime folder {folder} is open to others. Run: chmod 700 {folder}")
    if _answers(path):
        raise SocketTaken(f"Another agent answers on {path}. Nothing was changed.")
    path.unlink(missing_ok=True)
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    before = os.umask(0o177)
    try:
        listening.bind(str(path))
    except OSError as error:
        listening.close()
        raise UnsafeFolder(f"The socket {path} cannot be made ({error.strerror or error}).") from error
    finally:
        os.umask(before)
    listening.listen(64)
    listening.setblocking(False)
    return listening


def _answers(path: Path) -> bool:
    if not path.exists():
        return False
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(1.0)
        try:
            probe.connect(str(path))
        except OSError:
            return False
        return True
