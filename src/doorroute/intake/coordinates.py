"""Coordinates as tables give them: two columns or one, with a comma or a point, now and then the wrong way round."""

from __future__ import annotations

import re
import unicodedata
from typing import Final, NamedTuple

_PAIR: Final = re.compile(r"([-+]?\d+(?:\.\d+)?)[^\d.+-]+([-+]?\d+(?:\.\d+)?)")
_COMMA_PAIR: Final = re.compile(r"([-+]?\d+,\d+)(?:\s*;\s*|\s+)([-+]?\d+,\d+)")


class OffEarthError(ValueError):
    """The numbers are no place on the earth, whichever way round."""


class LonLat(NamedTuple):
    """Degrees, in the datum of the table. `swapped`: they came the wrong way round."""

    lon: float
    lat: float
    swapped: bool


def split_pair(text: str, *, lat_first: bool) -> tuple[str, str]:
    """Split one cell into lon and lat: `118.80,32.05`; `(lat, lon)` in brackets; `POINT (lon lat)`. Raises ValueError."""
    line = unicodedata.normalize("NFKC", text).casefold().strip()
    found = _COMMA_PAIR.search(line) or _PAIR.search(line)
    if not found:
        raise ValueError("not two numbers")
    point = line.startswith("point")
    if not point and (lat_first or (line.startswith("(") and line.endswith(")"))):
        return found[2], found[1]
    return found[1], found[2]


def lon_lat(lon: str, lat: str) -> LonLat | None:
    """Read both; None where they are 0, 0, which a form writes for nothing.

    A latitude beyond 90 degrees that would do as longitude has been swapped. Raises OffEarthError, and ValueError for what is no number.
    """
    x, y = _degrees(lon), _degrees(lat)
    if x == 0 and y == 0:
        return None
    if abs(x) <= 180 and abs(y) <= 90:
        return LonLat(x, y, swapped=False)
    if abs(y) <= 180 and abs(x) <= 90:
        return LonLat(y, x, swapped=True)
    raise OffEarthError("not on the earth")


def _degrees(text: str) -> float:
    """Read `24.95`, `24,95`, `24.95° E`, `33.4 S`."""
    line = unicodedata.normalize("NFKC", text).casefold()
    found = re.fullmatch(r"\s*(?:东经|北纬)?\s*([-+]?\d+(?:[.,]\d+)?)\s*°?\s*([nsew]?)\s*", line)
    if not found:
        raise ValueError("not degrees")
    degrees = float(found[1].replace(",", "."))
    return -degrees if found[2] in {"s", "w"} else degrees
