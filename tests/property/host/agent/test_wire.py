"""Frames on the agent's sockets: however the bytes are cut, every frame arrives once, and what is too long ends it."""

import asyncio
import struct

from hypothesis import given, settings
from hypothesis import strategies as st

from fluxdesk_host.agent.rate import BURST_S, Rates
from fluxdesk_host.agent.wire import Link
from fluxdesk_host.protocol.frames import MAX_FRAME_BYTES


class Recorded(asyncio.Transport):
    """A transport stand-in that keeps what is written and whether it was closed."""

    def __init__(self) -> None:
        super().__init__()
        self.written, self.ended = b"", False

    def write(self, data: bytes | bytearray | memoryview) -> None:  # type: ignore[override]
        self.written += bytes(data)

    def close(self) -> None:
        self.ended = True

    def is_closing(self) -> bool:
        return self.ended

    def get_write_buffer_size(self) -> int:
        return 0


def link(frames: list[bytes]) -> tuple[Link, Recorded]:
    made = Link(lambda _, view: frames.append(bytes(view)), lambda _: None, b"too long")
    transport = Recorded()
    made._transport = transport
    return made, transport


def feed(made: Link, data: bytes, cuts: list[int]) -> None:
    at = 0
    for cut in [*cuts, len(data)]:
        while at < min(at + cut, len(data)) and not made.closed:
            view = made.get_buffer(-1)
            part = data[at : at + min(cut, len(view), len(data) - at)]
            view[: len(part)] = part
            view.release()
            made.buffer_updated(len(part))
            at += len(part)
            if at >= len(data) or cut <= len(part):
                break


@settings(max_examples=60)
@given(st.lists(st.binary(max_size=300), max_size=8), st.lists(st.integers(1, 400), max_size=12))
def test_every_frame_arrives_once_and_in_order(bodies: list[bytes], cuts: list[int]) -> None:
    frames: list[bytes] = []
    made, transport = link(frames)
    data = b"".join(struct.pack("<I", len(b)) + b for b in bodies)
    feed(made, data, cuts + [len(data) + 1] * 3)
    assert frames == bodies
    assert not transport.ended


def test_the_largest_frame_passes_and_one_byte_more_ends_the_connection() -> None:
    frames: list[bytes] = []
    made, transport = link(frames)
    body = bytes(range(256)) * (MAX_FRAME_BYTES // 256)
    feed(made, struct.pack("<I", len(body)) + body, [1 << 15] * 64)
    assert frames == [body]
    feed(made, struct.pack("<I", MAX_FRAME_BYTES + 1) + b"more", [8])
    assert frames == [body]
    assert transport.written.endswith(b"too long")
    assert transport.ended


@settings(max_examples=60)
@given(st.binary(max_size=2000), st.lists(st.integers(1, 100), max_size=20))
def test_any_bytes_end_in_frames_or_in_the_end(data: bytes, cuts: list[int]) -> None:
    frames: list[bytes] = []
    made, _ = link(frames)
    feed(made, data, cuts)
    assert sum(len(f) + 4 for f in frames) <= len(data)


def test_what_was_read_is_wiped() -> None:
    made, _ = link([])
    secret = b"correct horse battery"
    feed(made, struct.pack("<I", len(secret)) + secret, [100])
    assert secret not in bytes(made._buffer)


@settings(max_examples=60)
@given(st.integers(1, 50), st.lists(st.integers(0, 5000), min_size=1, max_size=200))
def test_no_origin_gets_more_than_its_rate_and_its_burst(per_second: int, pauses: list[int]) -> None:
    rates, now, allowed = Rates(), 0, 0
    for pause in pauses:
        now += pause
        allowed += rates.allow("x", now, per_second)
    assert allowed <= per_second * BURST_S + now * per_second / 1000 + 1
    assert rates.allow("another", now, per_second)
