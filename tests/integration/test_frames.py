"""Messages cut out of what arrives are those that were sent, however the bytes fall, and the rest is the library's."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from websockets.asyncio.client import connect
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from fluxdesk.launches.sources.frames import PAUSE_AT, Frames

LIMIT = 100_000
Speak = Callable[[ServerConnection], Awaitable[None]]


def text_frame(payload: bytes, first: int = 0x81) -> bytes:
    if len(payload) < 126:
        return bytes([first, len(payload)]) + payload
    if len(payload) < 1 << 16:
        return bytes([first, 126]) + len(payload).to_bytes(2, "big") + payload
    return bytes([first, 127]) + len(payload).to_bytes(8, "big") + payload


@contextlib.asynccontextmanager
async def connected(speak: Speak) -> AsyncIterator[Frames]:
    async with serve(speak, "127.0.0.1", 0, compression=None, ping_interval=None) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        ws = await connect(
            f"ws://127.0.0.1:{port}", compression=None, max_size=LIMIT, max_queue=None, create_connection=Frames
        )
        assert isinstance(ws, Frames)
        try:
            yield ws
        finally:
            await ws.close()


async def taken(ws: Frames, count: int) -> list[bytes]:
    messages: list[bytes] = []
    async with asyncio.timeout(20):
        while len(messages) < count:
            messages += await ws.take()
    return messages


@pytest.mark.parametrize("piece", [1, 2, 3, 7, 1000, 70_000])
async def test_messages_arrive_whole_however_they_are_cut(piece: int) -> None:
    sent = [b"a", b"", b"b" * 125, b"c" * 126, b"d" * 600, b"e" * 70_000, b"f"]
    sent = [one for one in sent if piece > 2 or len(one) < 1000]
    wire = b"".join(map(text_frame, sent))

    async def speak(connection: ServerConnection) -> None:
        for at in range(0, len(wire), piece):
            connection.transport.write(wire[at : at + piece])
            await asyncio.sleep(0)
        await connection.wait_closed()

    async with connected(speak) as ws:
        assert await taken(ws, len(sent)) == sent


async def test_fragments_pings_and_binary_are_left_to_the_library() -> None:
    async def speak(connection: ServerConnection) -> None:
        fragments = text_frame(b"one ", 0x01) + text_frame(b"ping", 0x89) + text_frame(b"message", 0x80)
        connection.transport.write(fragments + text_frame(b"binary", 0x82))
        await connection.wait_closed()

    async with connected(speak) as ws:
        assert await taken(ws, 2) == [b"one message", b"binary"]


async def test_a_frame_over_the_limit_closes_the_connection() -> None:
    async def speak(connection: ServerConnection) -> None:
        connection.transport.write(text_frame(b"fits") + text_frame(b"x" * (LIMIT + 1)))
        await connection.wait_closed()

    async with connected(speak) as ws:
        assert await taken(ws, 1) == [b"fits"]
        with pytest.raises(ConnectionClosed) as ended:
            await ws.take()
    assert ended.value.sent is not None
    assert ended.value.sent.code == 1009


async def test_what_came_before_the_end_is_still_read() -> None:
    async def speak(connection: ServerConnection) -> None:
        connection.transport.write(text_frame(b"last"))
        await connection.close(1012)

    async with connected(speak) as ws:
        assert await taken(ws, 1) == [b"last"]
        with pytest.raises(ConnectionClosed) as ended:
            await ws.take()
    assert ended.value.rcvd is not None
    assert ended.value.rcvd.code == 1012


async def test_a_peer_that_is_faster_than_its_reader_has_to_wait_and_loses_nothing() -> None:
    total = 5 * PAUSE_AT
    sent = asyncio.Event()

    async def speak(connection: ServerConnection) -> None:
        for number in range(total):
            await connection.send(f"{number:05d}" + "x" * 2_000)
        sent.set()
        await connection.wait_closed()

    async with connected(speak) as ws:
        first = await taken(ws, 1)
        while len(ws._waiting) < PAUSE_AT and not sent.is_set():
            await asyncio.sleep(0)
        assert not sent.is_set()
        rest = await taken(ws, total - len(first))
    assert [int(one[:5]) for one in [*first, *rest]] == list(range(total))
