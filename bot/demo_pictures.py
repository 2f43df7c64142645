"""Pictures that made-up people of the demo send in place of photos."""

import io

from PIL import Image, ImageDraw

SKY, GROUND, ROAD, LINE = "#BFD7EA", "#8FA37A", "#8C8C8C", "#E8E4D8"
DARK, PATCH = "#3A3632", "#6B6B6B"
BAGS = ((90, "#20241F"), (190, "#2F4F4F"), (140, "#111111"), (260, "#3B3B3B"))


def drawn(what: str) -> bytes:
    """A picture in place of a photo: a road with a ``hole``, the same ``mended``, or ``rubbish`` beside it."""
    picture = Image.new("RGB", (1200, 900), SKY)
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 380, 1200, 900), fill=GROUND)
    pen.polygon([(520, 380), (680, 380), (1120, 900), (80, 900)], fill=ROAD)
    for top, height, half in ((410, 40, 4), (500, 70, 8), (640, 110, 14)):
        pen.rectangle((600 - half, top, 600 + half, top + height), fill=LINE)
    if what in ("hole", "mended"):
        pen.ellipse((650, 650, 900, 770), fill=DARK if what == "hole" else PATCH)
    if what == "rubbish":
        for left, colour in BAGS:
            pen.ellipse((left, 560, left + 170, 730), fill=colour)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=85)
    return out.getvalue()
