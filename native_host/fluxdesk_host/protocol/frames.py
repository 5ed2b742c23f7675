"""Frames on every link: a little-endian u32 length, then that many bytes; at most 1 MiB. Standard library only, no I/O.

Native messaging defines the same layout in the machine's own byte order, which is little-endian wherever Fluxdesk runs
(https://developer.chrome.com/docs/extensions/develop/concepts/native-messaging). Its limit from host to browser is 1
MB; here it holds in both directions.
"""

import struct

MAX_FRAME_BYTES = 1 << 20
_LENGTH = struct.Struct("<I")
HEADER_BYTES = _LENGTH.size


class FrameTooLarge(Exception):
    """A frame is, or says it is, longer than `MAX_FRAME_BYTES`. The link cannot go on: the bytes after it have no
    meaning.
    """


def encode(body: bytes) -> bytes:
    """One frame on the wire. Raises `FrameTooLarge`."""
    if len(body) > MAX_FRAME_BYTES:
        raise FrameTooLarge(f"A message of {len(body)} bytes does not fit a frame of {MAX_FRAME_BYTES}.")
    return _LENGTH.pack(len(body)) + body


class FrameReader:
    """Takes bytes as they come, split or run together anywhere, and gives whole frames.

    Holds at most one frame and one read. After `FrameTooLarge` it stays broken.
    """

    def __init__(self) -> None:
        self._kept = bytearray()
        self._broken = False

    @property
    def midway(self) -> bool:
        """Whether the bytes so far end inside a frame: a link that closes now was cut off."""
        return bool(self._kept)

    def feed(self, data: bytes) -> list[bytes]:
        """Every frame that `data` completes, in order.

        Raises:
            FrameTooLarge: a length is over the limit; nothing was kept of that frame.
        """
        if self._broken:
            raise FrameTooLarge("The link is broken by an earlier frame.")
        kept = self._kept
        kept += data
        frames: list[bytes] = []
        start = 0
        while len(kept) - start >= HEADER_BYTES:
            (length,) = _LENGTH.unpack_from(kept, start)
            if length > MAX_FRAME_BYTES:
                self._broken = True
                kept.clear()
                raise FrameTooLarge(f"A frame says it has {length} bytes; at most {MAX_FRAME_BYTES} are taken.")
            end = start + HEADER_BYTES + length
            if len(kept) < end:
                break
            frames.append(bytes(kept[start + HEADER_BYTES : end]))
            start = end
        del kept[:start]
        return frames
