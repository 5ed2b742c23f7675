"""Pictures: what is shown, and what a hostile file gets."""

import io
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import pytest
from PIL import Image

from fluxdesk.launches.metadata.errors import NotAllowed
from fluxdesk.launches.metadata.picture import PictureShop
from fluxdesk.launches.metadata.picture_child import CPU_S, INPUT_MAX, MEMORY_MAX, SIDE_OUT
from waiting import WITHIN_S, until


def picture(kind: str, size: tuple[int, int] = (300, 200), **options: object) -> bytes:
    image = Image.effect_noise(size, 40).convert("RGB")
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def png_claiming(width: int, height: int) -> bytes:
    """A small, well-formed PNG whose header claims other dimensions."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\0" * 10_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


async def refusal(data: bytes) -> str:
    with pytest.raises(NotAllowed) as caught:
        await PictureShop(within_s=WITHIN_S).small_png(data)
    return str(caught.value)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
async def test_a_picture_becomes_a_square_png_of_at_most_128_pixels(kind: str) -> None:
    png = await PictureShop(within_s=WITHIN_S).small_png(picture(kind))
    with Image.open(io.BytesIO(png)) as image:
        assert (image.format, image.size) == ("PNG", (SIDE_OUT, SIDE_OUT))
        assert image.getpixel((64, 2))[3] == 0, "a wide picture is padded, not cropped"
        assert image.getpixel((64, 64))[3] == 255


async def test_a_small_picture_is_not_blown_up() -> None:
    png = await PictureShop(within_s=WITHIN_S).small_png(picture("PNG", (20, 20)))
    with Image.open(io.BytesIO(png)) as image:
        assert image.size == (20, 20)


async def test_of_an_animation_the_first_frame_is_shown() -> None:
    frames = [Image.new("RGB", (64, 64), colour) for colour in ("red", "blue")]
    out = io.BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    png = await PictureShop(within_s=WITHIN_S).small_png(out.getvalue())
    with Image.open(io.BytesIO(png)) as image:
        red, _, blue, _ = image.getpixel((32, 32))
        assert (red > 200, blue) == (True, 0)


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
async def test_progressive_and_interlaced_files_are_read(kind: str) -> None:
    assert await PictureShop(within_s=WITHIN_S).small_png(picture(kind, progressive=True))


async def test_an_animation_of_hundreds_of_thousands_of_frames_costs_no_more_than_its_first() -> None:
    one = picture("GIF", (8, 8)).removesuffix(b"\x3b")
    empty_frame = b"\x2c\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x00"
    data = one + empty_frame * ((INPUT_MAX - len(one) - 1) // len(empty_frame)) + b"\x3b"
    with Image.open(io.BytesIO(await PictureShop(within_s=WITHIN_S).small_png(data))) as image:
        assert image.size == (8, 8)


async def test_an_svg_with_entities_is_refused_before_any_are_read() -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE s [<!ENTITY a "aaaaaaaaaa">' + b"".join(
        b'<!ENTITY a%d "%s">' % (n, b"&a;" * 10) for n in range(30)
    )
    assert "SVG" in await refusal(bomb + b"]><svg>&a29;</svg>")


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "JPEG"])
async def test_other_formats_that_claim_huge_dimensions_are_refused_too(kind: str) -> None:
    data = bytearray(picture(kind, (64, 64)))
    if kind == "GIF":
        data[6:10] = struct.pack("<HH", 50_000, 50_000)
    elif kind == "JPEG":
        at = data.index(b"\xff\xc0")
        data[at + 5 : at + 9] = struct.pack(">HH", 50_000, 50_000)
    else:
        at = data.index(b"VP8 ") + 8 + 6
        data[at : at + 4] = struct.pack("<HH", 16_383, 16_383)
    said = await refusal(bytes(data))
    assert "pixels" in said or "cannot be decoded" in said


async def test_huge_dimensions_are_refused_before_decoding() -> None:
    assert "more than 16,777,216 pixels" in await refusal(png_claiming(60_000, 60_000))
    assert "more than 16,777,216 pixels" in await refusal(png_claiming(5_000, 5_000))
    assert "9,000 by 100 pixels" in await refusal(png_claiming(9_000, 100))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
async def test_a_truncated_file_is_refused(kind: str) -> None:
    whole = picture(kind)
    for cut in (len(whole) // 2, len(whole) - 3, 20):
        assert await refusal(whole[:cut])


async def test_svg_and_html_are_refused_by_name() -> None:
    assert "SVG" in await refusal(b'<svg xmlns="http://www.w3.org/2000/svg" onload="x()"/>')
    assert "SVG" in await refusal(b"<?xml version='1.0'?><svg/>")
    assert "web page" in await refusal(b"<!DOCTYPE html><html></html>")
    assert "not a PNG" in await refusal(b"MZ\x90\x00")
    assert "not a PNG" in await refusal(b"")


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
async def test_a_file_hidden_behind_a_picture_is_refused(kind: str) -> None:
    assert "hidden" in await refusal(picture(kind) + b"PK\x03\x04 a zip archive")


async def test_padding_and_a_camera_preview_behind_a_picture_are_no_other_file() -> None:
    assert await PictureShop(within_s=WITHIN_S).small_png(picture("PNG") + b"\r\n\0\0")
    assert await PictureShop(within_s=WITHIN_S).small_png(picture("JPEG") + picture("JPEG", (50, 50)))


async def test_a_decoder_that_takes_too_long_is_ended() -> None:
    with pytest.raises(NotAllowed, match="too long"):
        await PictureShop(within_s=0.001).small_png(picture("PNG"))


async def test_the_child_cannot_take_more_memory_than_its_limit() -> None:
    """The limit is real: a child that tries to hold a gigabyte dies and the caller is told."""
    code = "import fluxdesk.launches.metadata.picture_child as c\nc.limit_self()\nbytearray(1 << 30)"
    ended = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=False)
    assert ended.returncode != 0
    assert "MemoryError" in ended.stderr


def test_the_child_limits_itself_before_it_reads_a_byte() -> None:
    command = [sys.executable, "-I", "-m", "fluxdesk.launches.metadata.picture_child"]
    wanted = {"Max address space": str(MEMORY_MAX), "Max cpu time": str(CPU_S), "Max file size": "0"}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        limits = Path(f"/proc/{child.pid}/limits")

        def said() -> dict[str, str]:
            return {line[:25].strip(): line[25:].split()[0] for line in limits.read_text().splitlines()[1:]}

        try:
            until(lambda: wanted.items() <= said().items())
        finally:
            child.kill()
