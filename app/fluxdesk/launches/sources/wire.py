"""One JSON-RPC connection over WebSocket: requests out, frames in, and a plain-words reason when it ends.

Our own thin reader instead of a client library's: the usual one raises on standard notifications of failed
transactions. A frame that is too large or not JSON-RPC is refused and counted; a peer that sends little else is left.
No frame is answered with more than a counter, so a hostile peer gets neither a busy loop nor a full log. Nothing here
knows Solana or Ethereum."""

import asyncio
import itertools
import logging
import socket
import ssl
import time
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import msgspec
from websockets.asyncio.client import connect
from websockets.exceptions import (
    ConnectionClosed,
    InvalidHandshake,
    InvalidStatus,
    InvalidURI,
    WebSocketException,
)

from fluxdesk.core.endpoint import Endpoint
from fluxdesk.core.trust import trust
from fluxdesk.launches.sources.frames import Frames
from fluxdesk.launches.sources.rpc import RETRY_AFTER_CAP_S, USER_AGENT, retry_after_s

FRAME_MAX_BYTES = 1024 * 1024
"""A validator truncates logs at 10 kB; a megabyte is far above any notification asked for."""
BAD_FRAMES_IN_A_ROW = 20

_SILENT = logging.Logger("fluxdesk.wire", level=logging.CRITICAL + 1)  # noqa: LOG001
"""websockets logs the request line, key included, at DEBUG. This logger belongs to no tree and writes nothing."""
_CLOSE_WORDS = {
    1000: "the endpoint closed the connection",
    1001: "the endpoint is going away",
    1006: "the connection broke",
    1008: "the endpoint closed the connection: against its policy",
    1009: "a frame was larger than allowed",
    1011: "the endpoint failed",
    1012: "the endpoint restarts",
    1013: "the endpoint asks to try again later",
    1015: "TLS failed",
}
_PATIENCE_S = {1008: 15.0, 1012: 2.0, 1013: 15.0, 4029: 15.0, 4429: 15.0}
"""Least wait after a close code by which the endpoint said that it wants less of us."""
_STATUS_PATIENCE_S = {401: 60.0, 403: 60.0, 404: 60.0, 429: 10.0, 503: 5.0}


class WireClosed(Exception):
    """The connection ended or never began. The text is fit to show; `retry_after_s` is the least wait before another
    try."""

    def __init__(self, reason: str, retry_after_s: float = 0.0):
        super().__init__(reason)
        self.retry_after_s = retry_after_s


class RpcError(msgspec.Struct):
    """The error object of an answer."""

    code: int = 0
    message: str = ""


class Params(msgspec.Struct):
    """The `params` of a notification; `result` stays the bytes that arrived."""

    subscription: int | str
    result: msgspec.Raw


class Frame(msgspec.Struct):
    """An answer (`id`) or a notification (`method` and `params`)."""

    id: int | None = None
    method: str | None = None
    params: Params | None = None
    result: msgspec.Raw = msgspec.Raw(b"null")
    error: RpcError | None = None


@dataclass(frozen=True, slots=True)
class WireTiming:
    """How long a connection may stay silent, in seconds. Tests use shorter times."""

    open_s: float = 10.0
    ping_every_s: float = 10.0
    pong_within_s: float = 10.0
    idle_s: float = 30.0
    look_every_s: float = 1.0


_decode = msgspec.json.Decoder(Frame).decode
_encode = msgspec.json.Encoder().encode


class Wire:
    """An open connection. Made by `open_wire`.

    Attributes:
        bad_frames: Frames refused because they were not JSON-RPC.
    """

    def __init__(self, endpoint: Endpoint, ws: Frames, timing: WireTiming):
        self.bad_frames = 0
        self._endpoint, self._ws, self._timing = endpoint, ws, timing
        self._ids = itertools.count(1)
        self._taken: deque[bytes] = deque()
        self._last_frame = time.monotonic()
        self._bad_in_a_row = 0
        self._verdict: WireClosed | None = None

    @property
    def round_trip_ms(self) -> float | None:
        """Of the latest ping, None before the first pong."""
        return self._ws.latency * 1000.0 or None

    async def request(self, method: str, params: list[object]) -> int:
        """Send a request; the answer arrives among the frames under the id returned. Raises `WireClosed`."""
        ident = next(self._ids)
        body = _encode({"jsonrpc": "2.0", "id": ident, "method": method, "params": params})
        try:
            await self._ws.send(body, text=True)
        except ConnectionClosed as closed:
            raise self._ended(closed) from None
        return ident

    async def messages(self) -> list[bytes]:
        """What arrived since the last call, at least one message: each is JSON-RPC or for `read` to refuse.

        Raises:
            WireClosed: The connection ended and everything that arrived was taken.
        """
        try:
            return await self._ws.take()
        except ConnectionClosed as closed:
            raise self._ended(closed) from None

    def read(self, message: bytes) -> Frame | None:
        """The frame in a message; None, and counted, when it is no JSON-RPC. Raises `WireClosed` for the last straw."""
        try:
            frame = _decode(message)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            frame = Frame()
        if frame.method is None and frame.id is None and frame.error is None:
            self._count_bad()
            return None
        self.sound()
        return frame

    def sound(self) -> None:
        """A message that was read, by `read` or by who knows its form better."""
        self._last_frame = time.monotonic()
        self._bad_in_a_row = 0

    async def frame(self) -> Frame:
        """The next frame that is JSON-RPC, for who reads frame by frame. Raises `WireClosed`."""
        while True:
            while self._taken:
                frame = self.read(self._taken.popleft())
                if frame is not None:
                    return frame
            self._taken.extend(await self.messages())

    def give_up(self, reason: str, after_s: float = 0.0) -> None:
        """End the connection for a reason of ours; the reader gets it as `WireClosed`."""
        self._verdict = self._verdict or WireClosed(reason, after_s)
        self._ws.transport.abort()

    def _count_bad(self) -> None:
        self.bad_frames += 1
        self._bad_in_a_row += 1
        if self._bad_in_a_row >= BAD_FRAMES_IN_A_ROW:
            raise WireClosed("the endpoint sends frames that are not JSON-RPC", 5.0)

    async def _keep_alive(self) -> None:
        """Pings; a peer that does not answer is left unless it is busy sending.

        The answer comes after all that the peer sent before, so it may be late while there is much to read.
        """
        while True:
            await asyncio.sleep(self._timing.ping_every_s)
            try:
                answer = asyncio.ensure_future(await self._ws.ping())
            except ConnectionClosed:
                return
            asked = time.monotonic()
            enough_s = self._timing.pong_within_s * 0.9  # the silence may have begun a moment after the ping
            while not answer.done():
                await asyncio.wait([answer], timeout=self._timing.pong_within_s)
                late_s = time.monotonic() - asked
                if not answer.done() and min(late_s, self._ws.silent_s) >= enough_s:
                    self.give_up(f"no answer to a ping for {late_s:.0f} s")
                    return

    async def _watch(self, check: Callable[[], str | None]) -> None:
        while True:
            await asyncio.sleep(self._timing.look_every_s)
            if time.monotonic() - self._last_frame > self._timing.idle_s:
                self.give_up(f"nothing arrived for {self._timing.idle_s:.0f} s")
            elif reason := check():
                self.give_up(reason)

    def _ended(self, closed: ConnectionClosed) -> WireClosed:
        if self._verdict is not None:
            return self._verdict
        ours = closed.sent is not None and not closed.rcvd_then_sent
        frame = closed.sent if ours else closed.rcvd
        code = frame.code if frame is not None else 1006
        words = _CLOSE_WORDS.get(code, f"the endpoint closed the connection with code {code}")
        if frame is not None and frame.reason and not ours:
            words += f" ({self._endpoint.scrub(frame.reason, 80)})"
        return WireClosed(words, _PATIENCE_S.get(code, 0.0))


@asynccontextmanager
async def open_wire(
    endpoint: Endpoint, timing: WireTiming, check: Callable[[], str | None] = lambda: None
) -> AsyncIterator[Wire]:
    """Connect, watch for silence while open, close at the end. `check` is asked about once a second: a reason to give
    up, or None.

    Compression is off: it costs more time than it saves here, and it would let a small frame become a large one.

    Raises:
        WireClosed: It could not be opened, or ended inside.
    """
    try:
        ws = await connect(
            endpoint.url,
            compression=None,
            proxy=None,
            ssl=trust() if endpoint.url.lower().startswith("wss:") else None,
            logger=_SILENT,
            user_agent_header=USER_AGENT,
            open_timeout=timing.open_s,
            ping_interval=None,
            close_timeout=1.0,
            max_size=FRAME_MAX_BYTES,
            max_queue=None,
            create_connection=Frames,
        )
    except (OSError, TimeoutError, WebSocketException, ValueError) as error:
        raise _not_opened(error, timing) from None
    assert isinstance(ws, Frames)
    wire = Wire(endpoint, ws, timing)
    tasks = [asyncio.create_task(wire._watch(check)), asyncio.create_task(wire._keep_alive())]
    try:
        yield wire
    finally:
        for task in tasks:
            task.cancel()
        await ws.close()


def _not_opened(error: Exception, timing: WireTiming) -> WireClosed:
    """Why a connection could not be opened, in words that never repeat the library's text: it may hold the URL."""
    if isinstance(error, InvalidStatus):
        status = error.response.status_code
        asked = retry_after_s({"retry-after": error.response.headers.get("Retry-After", "")})
        words = {
            401: "the endpoint wants a valid key (HTTP 401)",
            403: "the endpoint refuses this key or address (HTTP 403)",
            404: "the endpoint has no WebSocket at this address (HTTP 404)",
            429: "the endpoint limits connections (HTTP 429)",
        }.get(status, f"the endpoint answered HTTP {status} in place of a WebSocket")
        return WireClosed(words, min(max(asked, _STATUS_PATIENCE_S.get(status, 0.0)), RETRY_AFTER_CAP_S))
    if isinstance(error, TimeoutError):
        return WireClosed(f"no answer within {timing.open_s:.0f} s")
    if isinstance(error, socket.gaierror):
        return WireClosed("the host name is not known")
    if isinstance(error, ConnectionRefusedError):
        return WireClosed("nothing listens there")
    if isinstance(error, ssl.SSLError):
        return WireClosed(f"TLS failed ({error.reason or type(error).__name__})")
    if isinstance(error, OSError):
        return WireClosed(f"the network failed ({type(error).__name__})")
    if isinstance(error, InvalidURI):
        return WireClosed("the address cannot be used", 60.0)
    if isinstance(error, InvalidHandshake):
        return WireClosed("the endpoint does not speak WebSocket at this address")
    return WireClosed(f"the connection failed ({type(error).__name__})")
