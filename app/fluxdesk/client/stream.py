"""The live stream: subscribes, resumes, reconnects with back-off, and says how the connection stands.

Nothing is queued here: a reader that is slow lets the socket fill, and the node conflates for it. One task reads
`messages`; cancelling that task closes the connection.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from fluxdesk.client.link import Link, State, check_folder, why
from fluxdesk.core.clock import Clock, SystemClock
from fluxdesk.core.views import (
    EventsFrame,
    Heartbeat,
    LaunchesFrame,
    Missed,
    ServerMessage,
    Subscribe,
    TokenFrame,
    Unsubscribe,
)

if TYPE_CHECKING:
    from websockets.asyncio.client import ClientConnection

SILENCE_S = 6.0
"""Heartbeats come every 2 s; after this long without a word the connection is given up."""
BACKOFF_S = (0.1, 0.2, 0.4, 0.8, 1.6, 3.0)
MAX_FRAME_BYTES = 64 * 1024 * 1024

_decode = msgspec.json.Decoder(ServerMessage).decode
_encode = msgspec.json.Encoder().encode


class NodeStream:
    """One connection to `/v1/stream`. Subscriptions outlive it and are resumed where they stood."""

    def __init__(self, socket: Path, clock: Clock | None = None) -> None:
        self._socket = socket
        self._clock: Clock = clock or SystemClock()
        self._wanted: dict[str, Subscribe] = {}
        self._connection: ClientConnection | None = None
        self._send_lock = asyncio.Lock()
        self._sends: set[asyncio.Task[None]] = set()
        self.link = Link("connecting", "", self._clock.now().wall)
        """The latest state; `messages` yields each change of it."""

    def subscribe(self, topic: str, *, since: int | None = None, every: bool = False) -> None:
        """Asks for a topic, now or as soon as the connection is up. See `views.Subscribe`."""
        self._wanted[topic] = request = Subscribe(topic=topic, since=since, every=every)
        self._say(request)

    def unsubscribe(self, topic: str) -> None:
        """Stops a topic."""
        if self._wanted.pop(topic, None) is not None:
            self._say(Unsubscribe(topic=topic))

    async def messages(self) -> AsyncIterator[ServerMessage | Link]:
        """Frames as they come, and each change of the link, for ever. Cancel the reading task, or `aclose`, to stop."""
        attempts = 0
        while True:
            try:
                async for message in self._connected():
                    attempts = 0
                    yield message
                error: BaseException = ConnectionResetError()
            except (OSError, TimeoutError) as caught:
                error = caught
            attempts += 1
            yield self._become("down", why(error, self._socket), attempts)
            delay = BACKOFF_S[min(attempts, len(BACKOFF_S)) - 1]
            await asyncio.sleep(delay * random.uniform(0.5, 1.0))  # noqa: S311 - spreads reconnects, no secret

    async def _connected(self) -> AsyncIterator[ServerMessage | Link]:
        """One connection, until it ends. Raises `OSError` or `TimeoutError`."""
        connect, closed = await asyncio.to_thread(_libraries)
        check_folder(self._socket)
        try:
            connection = await connect(self._socket)
        except closed as error:
            raise ConnectionResetError from error
        try:
            for request in list(self._wanted.values()):
                await connection.send(_encode(request).decode())
            self._connection = connection
            yield self._become("up", "", 0)
            while True:
                async with asyncio.timeout(SILENCE_S):
                    text = await connection.recv(decode=False)
                message = _decode(text)
                self._note(message)
                yield message
        except closed as error:
            raise ConnectionResetError from error
        finally:
            self._connection = None
            connection.transport.abort()

    def _become(self, state: State, reason: str, attempts: int) -> Link:
        since = self.link.since_wall_ns if self.link.state == state else self._clock.now().wall
        self.link = Link(state, reason, since, attempts)
        return self.link

    def _note(self, message: ServerMessage) -> None:
        """Remembers how far a topic has come, so that it resumes there."""
        if isinstance(message, EventsFrame):
            self._resume("events", message.seq)
        elif isinstance(message, LaunchesFrame):
            if not message.more:
                self._resume("launches", message.seq)
            elif message.snapshot:
                # Half a snapshot is nothing to go on from: a connection that ends here begins with a new one.
                self._resume("launches", None)
        elif isinstance(message, TokenFrame):
            self._resume(f"token:{message.mint}", message.seq)
        elif isinstance(message, Missed):
            self._resume(message.topic, message.to_seq)
        elif isinstance(message, Heartbeat):
            return

    def _resume(self, topic: str, seq: int | None) -> None:
        request = self._wanted.get(topic)
        if request is not None:
            request.since = seq

    def _say(self, request: Subscribe | Unsubscribe) -> None:
        if self._connection is not None:
            task = asyncio.get_running_loop().create_task(self._send(self._connection, request))
            self._sends.add(task)
            task.add_done_callback(self._sends.discard)

    async def _send(self, connection: "ClientConnection", request: Subscribe | Unsubscribe) -> None:
        """In order. A connection that ends meanwhile loses nothing: subscriptions are sent again on the next one."""
        _, closed = await asyncio.to_thread(_libraries)
        async with self._send_lock:
            try:
                await connection.send(_encode(request).decode())
            except closed:
                return


Connect = Callable[[Path], Awaitable["ClientConnection"]]


def _libraries() -> tuple[Connect, tuple[type[Exception], ...]]:
    """websockets, imported off the event loop: it takes longer than a frame of a screen."""
    from websockets.asyncio.client import unix_connect
    from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidMessage

    async def connect(socket: Path) -> "ClientConnection":
        return await unix_connect(
            str(socket),
            uri="ws://fluxdesk/v1/stream",
            compression=None,
            max_size=MAX_FRAME_BYTES,
            ping_interval=None,
            open_timeout=5.0,
            close_timeout=1.0,
        )

    return connect, (ConnectionClosed, InvalidHandshake, InvalidMessage)
