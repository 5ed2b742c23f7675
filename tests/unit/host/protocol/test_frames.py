"""Frames: whole ones come out whatever way the bytes came in, and nothing over a mebibyte."""

import pytest

from fluxdesk_host.protocol.frames import MAX_FRAME_BYTES, FrameReader, FrameTooLarge, encode


def test_the_length_stands_first_little_endian() -> None:
    assert encode(b"abc") == b"\x03\x00\x00\x00abc"


def test_a_frame_of_exactly_one_mebibyte_passes_and_one_byte_more_does_not() -> None:
    body = bytes(MAX_FRAME_BYTES)
    assert FrameReader().feed(encode(body)) == [body]
    with pytest.raises(FrameTooLarge):
        encode(bytes(MAX_FRAME_BYTES + 1))


def test_byte_by_byte_gives_the_same_frames_as_all_at_once() -> None:
    wire = encode(b"one") + encode(b"") + encode(b"three")
    reader = FrameReader()
    slowly = [frame for at in range(len(wire)) for frame in reader.feed(wire[at : at + 1])]
    assert slowly == FrameReader().feed(wire) == [b"one", b"", b"three"]


def test_a_length_over_the_limit_is_refused_before_its_bytes_come_and_for_good() -> None:
    reader = FrameReader()
    with pytest.raises(FrameTooLarge):
        reader.feed((MAX_FRAME_BYTES + 1).to_bytes(4, "little"))
    with pytest.raises(FrameTooLarge):
        reader.feed(encode(b"{}"))


def test_a_link_cut_inside_a_frame_is_told_from_one_that_ended() -> None:
    reader = FrameReader()
    reader.feed(encode(b"whole"))
    assert not reader.midway
    reader.feed(encode(b"cut")[:5])
    assert reader.midway
