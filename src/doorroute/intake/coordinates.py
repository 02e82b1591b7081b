"""Coordinates in one column or two, sometimes the wrong way round.

A cell is read as a whole or not at all. Links, plus codes, degrees with minutes, and numbers among other
words are not coordinates here.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final, NamedTuple

_LON: Final = r"东经|西经|经度?|longitude|long|lng|lon|[ew]|x"
_LAT: Final = r"北纬|南纬|纬度?|latitude|lat|[ns]|y"
_NUMBER: Final = r"[-+−]?\d{1,3}(?:\.\d+)?"
_AXIS: Final = rf"(?:(?:{_LON}|{_LAT})(?![a-z])|[nsew](?=\s*\d))"
_DEGREES: Final = (
    rf"(?:(?P<before>{_AXIS})\s*[:=]?\s*)?(?P<number>{_NUMBER}|[-+]?\d{{1,3}},\d+)\s*"
    r"(?:°|度|deg(?:rees)?)?\s*(?P<behind>[nsew](?![a-z]))?"
)
_ONE: Final = re.compile(_DEGREES)
_PLAIN: Final = re.sub(r"\?P<\w+>", "?:", _DEGREES).replace(r"|[-+]?\d{1,3},\d+", "")
_COMMA: Final = r"[-+]?\d{1,3},\d+"
_PAIR: Final = re.compile(
    rf"({_PLAIN})(?:\s*(?:[,;/|、&]|\s)\s*|(?=(?:{_LON}|{_LAT})\s*[:=]?\s*\d)"
    rf"|(?<=\d[nsew])|(?<=[°度][nsew]))({_PLAIN})"
)
_COMMA_PAIR: Final = re.compile(rf"({_COMMA})(?:\s*;\s*|\s+)({_COMMA})")
_POINT: Final = re.compile(rf"point\s*\(\s*({_NUMBER})\s+({_NUMBER})\s*\)")
_BRACKETS: Final = {"(": ")", "[": "]", "{": "}", "【": "】"}
_FINE: Final = re.compile(r"\d[.,]\d\d")
_ZEROS: Final = re.compile(r"0(?:[.,]0*)?")


class OffEarthError(ValueError):
    """The numbers are not a place on the earth, in either order."""


class LonLat(NamedTuple):
    """Degrees, in the datum of the table. `swapped`: they were in the wrong order."""

    lon: float
    lat: float
    swapped: bool


def split_pair(text: str, *, lat_first: bool, order_said: bool = False) -> tuple[str, str]:
    """Split a cell into lon and lat: `118.80,32.05`, `(lat, lon)`, `POINT (lon lat)`, `60.17 N, 24.94 E`.

    In round brackets the latitude comes first, as in open data, unless the header states the order
    (`order_said`). Raises ValueError if the cell is not two numbers of degrees, at least one with two
    decimals.
    """
    line = unicodedata.normalize("NFKC", text).casefold().strip().replace("−", "-")
    if point := _POINT.fullmatch(line):
        return point[1], point[2]
    inner = line[1:-1].strip() if line and _BRACKETS.get(line[0]) == line[-1] else line
    found = _COMMA_PAIR.fullmatch(inner) or _PAIR.fullmatch(inner)
    if not found:
        raise ValueError("not two numbers")
    first, second = found[1], found[2]
    if not (
        _FINE.search(first) or _FINE.search(second) or (_ZEROS.fullmatch(first) and _ZEROS.fullmatch(second))
    ):
        raise ValueError("not two numbers of degrees")
    axes = _axis(first), _axis(second)
    if axes[0] and axes[0] == axes[1]:
        raise ValueError("one direction twice")
    if axes != (None, None):
        return (second, first) if axes[0] == "lat" or axes[1] == "lon" else (first, second)
    return (second, first) if lat_first or (line.startswith("(") and not order_said) else (first, second)


def lon_lat(lon: str, lat: str) -> LonLat | None:
    """Read longitude and latitude; None for 0, 0, which a form writes for an empty field.

    The two are swapped if a latitude beyond 90 degrees fits as longitude, or if their letters say so. Raises
    OffEarthError, and ValueError for other texts.
    """
    x, y = _degrees(lon), _degrees(lat)
    axes = _axis(lon), _axis(lat)
    if axes[0] and axes[0] == axes[1]:
        raise ValueError("one direction twice")
    if x == 0 and y == 0:
        return None
    if axes[0] == "lat" or axes[1] == "lon":
        x, y, turned = y, x, True
    else:
        turned = False
    if abs(x) <= 180 and abs(y) <= 90:
        return LonLat(x, y, swapped=turned)
    if axes == (None, None) and abs(y) <= 180 and abs(x) <= 90:
        return LonLat(y, x, swapped=True)
    raise OffEarthError("not on the earth")


def _one(text: str) -> re.Match[str]:
    line = unicodedata.normalize("NFKC", text).casefold().strip().replace("−", "-")
    found = _ONE.fullmatch(line)
    if not found:
        raise ValueError("not degrees")
    return found


def _axis(text: str) -> str | None:
    """Return `lon` or `lat` if the text says which it is. Raises ValueError if it says both."""
    found = _one(text)
    said = {
        "lon" if re.fullmatch(_LON, word) else "lat" for word in (found["before"], found["behind"]) if word
    }
    if len(said) > 1:
        raise ValueError("two directions")
    return said.pop() if said else None


def _degrees(text: str) -> float:
    """Read `24.95`, `24,95`, `24.95° E`, `E24.95`, `东经112.7`, `33.4 S`."""
    found = _one(text)
    degrees = float(found["number"].replace(",", "."))
    return -degrees if {found["before"], found["behind"]} & {"s", "w", "西经", "南纬"} else degrees
