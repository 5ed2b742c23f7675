"""Whole text frames straight from the socket; everything else of the WebSocket protocol stays the library's.

The library takes about 20 us a frame: a fifth of a core at 10,000 a second. Here unfragmented, unmasked text frames
(RFC 6455, 5.2), which are all that an RPC server sends, are cut out of what arrived; handshake, fragments, control
frames, frames over the limit and whatever breaks the protocol go to the library byte for byte, in order.
"""

import asyncio
from collections import deque
from typing import Any

from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed
from websockets.protocol import State

PAUSE_AT = 2_000
"""Messages that may wait to be taken; then the socket is left alone, and the peer has to wait."""
PAUSE_BYTES = 8 * 1024 * 1024
GATHER_S = 0.002
"""A busy socket is read once in so long: every read costs the whole node a round, whatever it brings."""
_TEXT = 0x81
_FIN, _CONTROL, _MASKED, _LENGTH = 0x80, 0x08, 0x80, 0x7F
_END_OF_HEAD = b"\r\n\r\n"


class Frames(ClientConnection):
    """A client's connection whose messages are taken by `take`, never by `recv`. Give it `max_queue=None`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._limit = self.protocol.max_message_size or 0
        self._waiting: deque[bytes] = deque()
        self._waiting_bytes = 0
        self._arrived = asyncio.Event()
        self._full = self._halted = False
        self._last_read = 0.0
        self._heard = self.loop.time()
        self._head: bytes | None = b""
        """The last bytes of the handshake so far; None when it is over."""
        self._part = bytearray()
        """The beginning of a frame that has not arrived whole, which takes `_needed` bytes."""
        self._needed = 0
        self._fragmented = False
        self._others: asyncio.Task[None] | None = None
        self._ended: ConnectionClosed | None = None

    @property
    def silent_s(self) -> float:
        """For how long the peer has sent nothing, in seconds; 0 while the socket is left alone."""
        return 0.0 if self._halted else self.loop.time() - self._heard

    async def take(self) -> list[bytes]:
        """Messages since the last call, at least one. Raises `ConnectionClosed` when all are taken."""
        if self._others is None:
            self._others = self.loop.create_task(self._read_others())
        while not self._waiting:
            if self._ended is not None:
                raise self._ended
            self._arrived.clear()
            await self._arrived.wait()
        messages = list(self._waiting)
        self._waiting.clear()
        self._waiting_bytes = 0
        if self._full:
            self._full = False
            self._go_on()
        return messages

    async def close(self, code: int = 1000, reason: str = "") -> None:
        """As the library's; a peer that was held back is read again, so that it can answer."""
        self._full = False
        self._go_on()
        await super().close(code, reason)

    def data_received(self, data: bytes) -> None:
        """Bytes from the socket."""
        self._heard = self.loop.time()
        if self._head is not None:
            data = self._open(self._head, data)
        if not data:
            return
        if self.protocol.state is not State.OPEN:
            super().data_received(bytes(self._part) + data)
            self._part.clear()
            return
        self._gather()
        if not self._part:
            rest = self._cut(data)
            self._part += data[len(data) - rest :]
            return
        self._part += data
        if len(self._part) >= self._needed:
            rest = self._cut(bytes(self._part))
            del self._part[: len(self._part) - rest]

    def _gather(self) -> None:
        now = self.loop.time()
        if now - self._last_read < 2 * GATHER_S:
            self._halt()
            self.loop.call_later(GATHER_S, self._go_on)
        self._last_read = now

    def _open(self, seen: bytes, data: bytes) -> bytes:
        """Gives the library the handshake and nothing after it: where the first frame begins must not be a question."""
        end = (seen + data).find(_END_OF_HEAD)
        cut = len(data) if end < 0 else end + len(_END_OF_HEAD) - len(seen)
        self._head = (seen + data)[-3:] if end < 0 else None
        super().data_received(data[:cut])
        return data[cut:]

    def _cut(self, data: bytes) -> int:
        """Takes the whole frames at the beginning; says how many bytes are left."""
        at, size = 0, len(data)
        self._needed = 2
        while size - at >= 2:
            first, start, length = data[at], at + 2, data[at + 1] & _LENGTH
            if length == 126:
                start, length = at + 4, int.from_bytes(data[at + 2 : at + 4], "big")
            elif length == 127:
                start, length = at + 10, int.from_bytes(data[at + 2 : at + 10], "big")
            if start > size:
                self._needed = start - at
                break
            end = start + length
            self._needed = end - at
            if data[at + 1] & _MASKED or length > self._limit:
                super().data_received(data[at:])  # the library refuses it and closes the connection
                return 0
            if end > size:
                break
            if first == _TEXT and not self._fragmented:
                self._queue(data[start:end])
            else:
                if not first & _CONTROL:  # control frames may stand between fragments
                    self._fragmented = not first & _FIN
                super().data_received(data[at:end])
                if self.protocol.state is not State.OPEN:
                    super().data_received(data[end:])
                    return 0
            at = end
            self._needed = 2
        return size - at

    def _queue(self, message: bytes) -> None:
        self._waiting.append(message)
        self._waiting_bytes += len(message)
        self._arrived.set()
        if len(self._waiting) >= PAUSE_AT or self._waiting_bytes >= PAUSE_BYTES:
            self._full = True
            self._halt()

    def _halt(self) -> None:
        if not self._halted and not self.transport.is_closing():
            self._halted = True
            self.transport.pause_reading()

    def _go_on(self) -> None:
        if self._halted and not self._full:
            self._halted = False
            self._heard = self.loop.time()
            if not self.transport.is_closing():
                self.transport.resume_reading()

    async def _read_others(self) -> None:
        """Messages that came in pieces or as binary, and at last how the connection ended."""
        try:
            while True:
                self._queue(await self.recv(decode=False))
        except ConnectionClosed as ended:
            self._ended = ended
            self._arrived.set()
