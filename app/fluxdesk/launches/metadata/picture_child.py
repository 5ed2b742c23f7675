"""The short-lived process that decodes one picture. It limits itself before it looks at a byte, and has nothing to
lose.

Reads the file from standard input; writes `OK` and a PNG, or `NO` and the reason, to standard output. Run by
`picture.py` as `python -I -m fluxdesk.launches.metadata.picture_child`; imports nothing of Fluxdesk."""

import io
import resource
import struct
import sys
import warnings
from collections.abc import Callable

INPUT_MAX = 4 * 1024 * 1024
MEMORY_MAX = 512 * 1024 * 1024
CPU_S = 3
SIDE_MAX = 8_192
PIXELS_MAX = 16_777_216
SIDE_OUT = 128
_PADDING = b"\x00\r\n \t"


class Refused(Exception):
    """Why the picture is not shown."""


def limit_self() -> None:
    """Cap memory, processor time and files; nothing may be written to disk."""
    for what, value in (
        (resource.RLIMIT_AS, MEMORY_MAX),
        (resource.RLIMIT_CPU, CPU_S),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 64),
    ):
        resource.setrlimit(what, (value, value))


def format_of(data: bytes) -> str:
    """PNG, JPEG, GIF or WEBP by its first bytes. Raises `Refused` for anything else."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if data.startswith((b"GIF87a", b"GIF89a")):
        return "GIF"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    start = data[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<svg", b"<?xml")) or b"<svg" in start:
        raise Refused("it is an SVG drawing, which can hold programs")
    if start.startswith((b"<!doctype", b"<html")):
        raise Refused("it is a web page, not a picture")
    raise Refused("it is not a PNG, JPEG, WEBP or GIF picture")


def end_of(kind: str, data: bytes) -> int:
    """Where the picture ends in the file, by its own structure. Raises `Refused` when it is cut off.

    PNG: ISO/IEC 15948, 5.3. GIF: GIF89a specification. JPEG: ITU-T T.81, annex B. WEBP: RFC 9649, 2.4.
    """
    readers: dict[str, Callable[[bytes], int]]
    readers = {"PNG": _png_end, "GIF": _gif_end, "JPEG": _jpeg_end, "WEBP": _webp_end}
    try:
        return readers[kind](data)
    except (IndexError, struct.error):
        raise Refused("it is cut off") from None


def _png_end(data: bytes) -> int:
    at = 8
    while True:
        length, name = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        at += 12 + length
        if at > len(data):
            raise IndexError
        if name == b"IEND":
            return at


def _webp_end(data: bytes) -> int:
    (length,) = struct.unpack_from("<I", data, 4)
    end: int = 8 + length + (length & 1)
    if 8 + length > len(data):
        raise IndexError
    return min(end, len(data))


def _gif_end(data: bytes) -> int:
    at = 13 + (3 << ((data[10] & 7) + 1) if data[10] & 0x80 else 0)
    while data[at] != 0x3B:
        if data[at] == 0x21:
            at += 2
        elif data[at] == 0x2C:
            flags = data[at + 9]
            at += 11 + (3 << ((flags & 7) + 1) if flags & 0x80 else 0)
        else:
            raise Refused("its blocks are not those of a GIF")
        while data[at]:
            at += 1 + data[at]
        at += 1
    return at + 1


def _jpeg_end(data: bytes) -> int:
    at = 2
    while True:
        if data[at] != 0xFF:
            raise Refused("its segments are not those of a JPEG")
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if marker == 0xD9:
            return at + 2
        if marker == 0x01 or 0xD0 <= marker <= 0xD7:
            at += 2
            continue
        at += 2 + struct.unpack_from(">H", data, at + 2)[0]
        if marker == 0xDA:
            # Scan data runs to the next marker that is neither a stuffed byte nor a restart.
            at = data.index(b"\xff", at)
            while data[at + 1] == 0 or 0xD0 <= data[at + 1] <= 0xD7:
                at = data.index(b"\xff", at + 2)


def small_png(data: bytes) -> bytes:
    """A square PNG of at most `SIDE_OUT` px a side. Raises `Refused`."""
    if len(data) > INPUT_MAX:
        raise Refused(f"it is larger than {INPUT_MAX >> 20} MB")
    kind = format_of(data)
    try:
        end = end_of(kind, data)
    except ValueError:
        raise Refused("it is cut off") from None
    rest = data[end:].lstrip(_PADDING)
    # Cameras append further JPEGs (previews); anything else behind the end is another file in disguise.
    if rest and not (kind == "JPEG" and rest.startswith(b"\xff\xd8\xff")):
        raise Refused("another file is hidden behind the picture")
    return _shrink(kind, data[:end])


def _shrink(kind: str, data: bytes) -> bytes:
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = PIXELS_MAX
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        with Image.open(io.BytesIO(data), formats=(kind,)) as opened:
            width, height = opened.size
            if max(width, height) > SIDE_MAX or width * height > PIXELS_MAX:
                raise Refused(f"it is {width:,} by {height:,} pixels")
            opened.draft("RGB", (2 * SIDE_OUT, 2 * SIDE_OUT))
            opened.seek(0)
            image = ImageOps.exif_transpose(opened).convert("RGBA")
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise Refused(f"it has more than {PIXELS_MAX:,} pixels") from None
    except MemoryError:
        raise Refused("it takes too much memory") from None
    except (OSError, SyntaxError, ValueError, TypeError, EOFError, struct.error, IndexError, KeyError) as error:
        raise Refused(f"it cannot be decoded ({type(error).__name__})") from None
    image.thumbnail((SIDE_OUT, SIDE_OUT), Image.Resampling.LANCZOS)
    side = max(image.size)
    square = Image.new("RGBA", (side, side), (0, 0, 0, 0))
    square.paste(image, ((side - image.width) // 2, (side - image.height) // 2))
    out = io.BytesIO()
    square.save(out, "PNG", optimize=False)
    return out.getvalue()


def main() -> None:
    """Decode standard input."""
    limit_self()
    try:
        answer = b"OK" + small_png(sys.stdin.buffer.read(INPUT_MAX + 1))
    except Refused as refused:
        answer = b"NO" + str(refused).encode()
    sys.stdout.buffer.write(answer)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
