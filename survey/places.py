"""Where it is: a place on the map or as people call it, in one text; and whether it is in Thailand. Pure."""

import re
from dataclasses import dataclass
from itertools import pairwise

_WRITTEN = re.compile(r"(-?\d{1,3}\.\d{6}),(-?\d{1,3}\.\d{6})(?: (.*))?", re.DOTALL)
_ADDRESS = 300
# The outline of Thailand as (longitude, latitude), some kilometres outside the border, the islands within.
_OUTLINE = (
    (99.9, 20.55), (100.65, 20.3), (100.65, 19.75), (101.35, 19.7), (101.3, 19.05), (101.05, 18.4), (101.1, 17.6),
    (101.6, 17.95), (102.1, 18.3), (102.65, 17.95), (103.1, 18.1), (103.4, 18.5), (104.1, 18.4), (104.85, 17.5),
    (104.85, 16.6), (105.15, 16.05), (105.7, 15.5), (105.65, 14.3), (104.9, 14.3), (103.6, 14.35), (102.95, 14.2),
    (102.6, 13.55), (102.7, 12.8), (102.9, 12.2), (103.0, 11.55), (102.0, 11.3), (101.0, 10.0), (101.2, 7.3),
    (102.2, 6.4), (101.9, 5.75), (101.0, 5.5), (100.75, 6.3), (100.1, 6.4), (99.5, 6.3), (97.2, 7.4),
    (97.6, 10.2), (98.6, 10.2), (98.7, 11.0), (99.45, 11.9), (99.05, 13.0), (99.05, 13.75), (98.1, 14.7),
    (98.1, 15.4), (98.5, 16.0), (98.4, 16.8), (97.6, 17.8), (97.2, 18.5), (97.6, 19.7), (98.2, 19.9),
    (98.9, 19.9), (99.3, 20.25), (99.9, 20.55),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """``address`` as typed or as LINE gives it; the coordinates only of a place on the map."""

    address: str = ""
    latitude: float | None = None
    longitude: float | None = None


def written(latitude: float, longitude: float, address: str) -> str:
    """The answer that holds a place on the map."""
    plain = " ".join(address.split())[:_ADDRESS]
    return f"{latitude:.6f},{longitude:.6f} {plain}".strip()


def read(answer: str | None) -> Place:
    """The place that an answer holds."""
    found = _WRITTEN.fullmatch(answer or "")
    if found is None:
        return Place(answer or "")
    return Place(found[3] or "", float(found[1]), float(found[2]))


def in_thailand(latitude: float, longitude: float) -> bool:
    """Is the place in Thailand, or so near that it may be?"""
    inside = False
    for (x1, y1), (x2, y2) in pairwise(_OUTLINE):
        if (y1 > latitude) != (y2 > latitude) and longitude < x1 + (latitude - y1) / (y2 - y1) * (x2 - x1):
            inside = not inside
    return inside
