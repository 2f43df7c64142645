"""Pictures drawn anew: upright, smaller, and with nothing in them but what is seen."""

import io
import struct
import zlib
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bot import pictures
from bot.pictures import PictureError
from tests.bot.resident import photo

SMALL = photo(64, 48)


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def saved(picture: Image.Image, form: str, **how: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, form, **how)
    return out.getvalue()


def test_place_time_camera_and_comment_stay_behind_and_the_picture_stands_upright() -> None:
    sent = photo(800, 600)
    assert dict(opened(sent).getexif().get_ifd(0x8825))  # it is in what was sent

    kept = pictures.redrawn(sent)

    picture = opened(kept)
    assert (picture.format, picture.size) == ("JPEG", (600, 800))
    assert not dict(picture.getexif())
    assert set(picture.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert b"PhoneMaker" not in kept
    assert b"comment" not in kept


def test_a_large_picture_becomes_smaller_and_a_small_one_stays() -> None:
    assert opened(pictures.redrawn(photo(4000, 3000))).size == (1500, 2000)
    assert opened(pictures.redrawn(photo(30, 20))).size == (20, 30)


@pytest.mark.parametrize("form", ["PNG", "WEBP", "GIF", "BMP", "TIFF"])
def test_other_kinds_of_pictures_become_jpegs(form: str) -> None:
    assert opened(pictures.redrawn(photo(form=form))).format == "JPEG"


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_what_is_transparent_becomes_white(mode: str) -> None:
    clear = Image.new("RGBA", (8, 8), (0, 0, 0, 0)).convert(mode)
    sent = saved(clear, "PNG", transparency=clear.getpixel((0, 0))) if mode == "P" else saved(clear, "PNG")

    assert opened(pictures.redrawn(sent)).getpixel((4, 4)) == (255, 255, 255)


@pytest.mark.parametrize("mode", ["1", "L", "CMYK", "I;16"])
def test_every_kind_of_colour_is_read(mode: str) -> None:
    form = "JPEG" if mode == "CMYK" else "PNG"

    assert opened(pictures.redrawn(saved(Image.new(mode, (8, 8)), form))).mode == "RGB"


def bomb(side: int) -> bytes:
    """A PNG that says it is ``side`` x ``side`` pixels in a few bytes."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


@pytest.mark.parametrize("side", [6400, 60_000])
def test_a_picture_with_too_many_pixels_is_not_decoded(side: int) -> None:
    with pytest.raises(PictureError) as refused:
        pictures.redrawn(bomb(side))

    assert refused.value.large


@pytest.mark.parametrize("content", [b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"MZ\x90\x00", b"%PDF-1.7"])
def test_what_is_no_picture_is_refused(content: bytes) -> None:
    with pytest.raises(PictureError) as refused:
        pictures.redrawn(content)

    assert not refused.value.large


@pytest.mark.filterwarnings("ignore::UserWarning")  # Pillow warns of broken EXIF
@settings(max_examples=60)
@given(st.integers(0, 900), st.binary(max_size=40))
def test_a_broken_picture_is_refused_or_drawn_and_nothing_else_happens(at: int, junk: bytes) -> None:
    sent = bytearray(SMALL)
    sent[at : at + len(junk)] = junk
    with suppress(PictureError):
        assert opened(pictures.redrawn(bytes(sent))).format == "JPEG"
