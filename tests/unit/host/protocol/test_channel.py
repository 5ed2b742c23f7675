"""Messages over Noise: as long as a frame may be, in order, and never after an error."""

import pytest

from fluxdesk_host.protocol.channel import PART_BYTES, Channel
from fluxdesk_host.protocol.frames import MAX_FRAME_BYTES
from fluxdesk_host.protocol.noise import MAX_MESSAGE_BYTES, NoiseError
from unit.host.protocol.conversation import channels


@pytest.mark.parametrize("size", [0, 1, PART_BYTES, PART_BYTES + 1, MAX_FRAME_BYTES])
def test_a_message_of_any_size_up_to_a_mebibyte_arrives_whole(size: int) -> None:
    a, b = channels()
    body = bytes(size)
    parts = a.seal(body)
    assert all(len(part) <= MAX_MESSAGE_BYTES for part in parts)
    opened = [b.open(part) for part in parts]
    assert opened == [None] * (len(parts) - 1) + [body]


def test_more_than_a_mebibyte_is_refused_on_both_sides() -> None:
    a, b = channels()
    with pytest.raises(NoiseError):
        a.seal(bytes(MAX_FRAME_BYTES + 1))
    for _ in range(MAX_FRAME_BYTES // PART_BYTES):  # a sender that never says "last"
        b.open(a._send.seal(b"\x01" + bytes(PART_BYTES)))
    with pytest.raises(NoiseError, match="mebibyte"):
        b.open(a._send.seal(b"\x01" + bytes(PART_BYTES)))


def test_after_an_error_not_even_a_good_message_is_taken() -> None:
    a, b = channels()
    (good,) = a.seal(b"good")
    with pytest.raises(NoiseError):
        b.open(bytes(40))
    with pytest.raises(NoiseError, match="ended"):
        b.open(good)


def test_a_part_must_say_whether_more_follow() -> None:
    for plain in (b"", b"\x02rest"):
        a, b = channels()
        with pytest.raises(NoiseError):
            b.open(a._send.seal(plain))


def test_both_directions_are_apart() -> None:
    a, b = channels()
    (to_b,), (to_a,) = a.seal(b"x"), b.seal(b"x")
    assert to_a != to_b
    assert isinstance(a, Channel)
    with pytest.raises(NoiseError):
        a.open(to_b)  # reflected
