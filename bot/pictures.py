"""A picture that somebody sent, drawn anew: upright, not larger than needed, with nothing in it but what is seen.

Place, time, camera, names and comments stay behind, and so does whatever else a file can hide.
"""

import struct
import threading
from io import BytesIO

from PIL import Image, ImageOps

SIDE = 2000  # pixels
QUALITY = 85
PIXELS = 40_000_000  # of what is decoded; a JPEG is decoded smaller
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF")
MIME = "image/jpeg"
_BROKEN = (OSError, ValueError, SyntaxError, EOFError, LookupError, TypeError, ArithmeticError, struct.error)
"""What Pillow raises for files that are broken, in their pixels or in their metadata."""
_one_picture = threading.Lock()  # decoding takes up to 120 MB


class PictureError(Exception):
    """``large``: too many pixels to decode; else it is no picture, or a broken one."""

    def __init__(self, *, large: bool = False) -> None:
        super().__init__("too many pixels" if large else "not a picture")
        self.large = large


def redrawn(content: bytes, side: int = SIDE) -> bytes:
    """The picture as a new JPEG, no side longer than ``side`` pixels. Raises PictureError."""
    try:
        with _one_picture, Image.open(BytesIO(content), formats=FORMATS) as picture:
            picture.draft("RGB", (side, side))
            if picture.width * picture.height > PIXELS:
                raise PictureError(large=True)
            return _jpeg(ImageOps.exif_transpose(picture), side)
    except Image.DecompressionBombError:
        raise PictureError(large=True) from None
    except _BROKEN:
        raise PictureError from None


def _jpeg(picture: Image.Image, side: int) -> bytes:
    """What is transparent becomes white, as where it was looked at."""
    picture.thumbnail((side, side))
    paper = Image.new("RGB", picture.size, "white")
    paper.paste(picture, mask=picture.convert("RGBA").getchannel("A") if _see_through(picture) else None)
    out = BytesIO()
    paper.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


def _see_through(picture: Image.Image) -> bool:
    return "A" in picture.getbands() or "transparency" in picture.info
