"""Contents of an address cell that are not one address: coordinates, a post-office box, two addresses."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from doorroute.model.place import GivenPoint

LONGEST: Final = 300  # characters; no address is longer

_DEGREES: Final = re.compile(
    r"\s*(?P<before>[NSEW]|lat(?:itude)?|lon(?:gitude)?|lng|北纬|南纬|东经|西经|纬度"
    r"|经度)?[\s:=]*(?P<degrees>-?\d{1,3}(?:\.\d+)?)\s*(?P<sign>[°度])?"
    r"\s*(?:(?P<minutes>\d{1,2}(?:\.\d+)?)\s*[′'’分])?\s*(?:(?P<seconds>\d{1,2}(?:\.\d+)?)\s*(?:″|′′|''|\""
    r"|秒))?\s*(?P<after>[NSEW](?![a-z]))?\s*",
    re.IGNORECASE,
)
_NORTH_SOUTH, _EAST_WEST = ("n", "s", "lat", "北", "南", "纬"), ("e", "w", "lon", "lng", "东", "西", "经")
_NEGATIVE: Final = ("s", "w", "南", "西")
_PO_BOX: Final = re.compile(
    r"\bp\.?\s?o\.?\s?box\b|\bpost(?:fach|box|lagernd)\b|\bpostilokero\b|\bPL\s\d+|\bboîte postale\b|\bcase "
    r"postale\b|\bpostbus\b|信箱",
    re.IGNORECASE,
)
_BETWEEN: Final = re.compile(r"[\n\r;；]+|\s/\s|\s(?:or|oder|ou|tai|eller)\s|或者?|／")


def is_po_box(address: str) -> bool:
    """Return whether the cell names a post-office box."""
    return _PO_BOX.search(address) is not None


def parts(address: str) -> list[str]:
    """Return the addresses in a cell, split where people write two."""
    return [part.strip() for part in _BETWEEN.split(address) if re.search(r"\w", part)]


def coordinates(address: str) -> list[GivenPoint] | None:
    """Return the possible positions of a cell with nothing but coordinates; None if it is no such cell.

    `37.69, 112.75` is one position, as 112 is not a latitude. `22.5, 60.1` can be two. A single number gives
    an empty list.
    """
    text = unicodedata.normalize("NFKC", address).strip().strip("()[]")
    found = []
    at = 0
    while at < len(text):
        match = _DEGREES.match(text, at)
        if match is None:
            return None
        found.append(match)
        at = match.end()
        at += len(re.match(r"[\s,;/]*", text[at:])[0])  # type: ignore[index]
    if not found or len(found) > 2 or not all(map(_says_degrees, found)):
        return None
    if len(found) == 1:
        return []
    one, other = map(_value, found)
    sides = [_side(match) for match in found]
    orders = (
        [(one, other)]
        if sides in (["x", "y"], ["x", ""], ["", "y"])
        else [(other, one)]
        if sides in (["y", "x"], ["y", ""], ["", "x"])
        else [(other, one), (one, other)]
    )
    return [GivenPoint(lon, lat) for lon, lat in orders if abs(lon) <= 180 and abs(lat) <= 90]


def _says_degrees(match: re.Match[str]) -> bool:
    return "." in match["degrees"] or any(match[name] for name in ("sign", "minutes", "before", "after"))


def _value(match: re.Match[str]) -> float:
    value = (
        abs(float(match["degrees"])) + float(match["minutes"] or 0) / 60 + float(match["seconds"] or 0) / 3600
    )
    negative = match["degrees"].startswith("-") or _word(match).startswith(_NEGATIVE)
    return -value if negative else value


def _side(match: re.Match[str]) -> str:
    word = _word(match)
    return (
        "y" if word.startswith(_NORTH_SOUTH) or "纬" in word else "x" if word.startswith(_EAST_WEST) else ""
    )


def _word(match: re.Match[str]) -> str:
    return (match["before"] or match["after"] or "").casefold()
