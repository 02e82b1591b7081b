"""Keys that are equal for the same door, however the address and flat are spelled."""

from __future__ import annotations

import re
import unicodedata
from math import cos, hypot, radians
from typing import Final

from doorroute.model.place import GivenPoint
from doorroute.model.resident import Resident

_FLAT_IN_ADDRESS: Final = re.compile(
    r"\d\s*[室户]|\d\s*房|单元|\d+-\d+-\d+|\d/\d|\b(?:apt|flat|apartment|top|stock|as|unit)\b\.?\s*\d|#\s*\d"
    r"|\d\s?[A-Za-z]\s+\d{1,4}\b",
    re.IGNORECASE,
)
_FLAT_WORD: Final = re.compile(
    r"(?<![a-z])(?:apartment|apt|flat|unit|room|rm|no|number)(?=\d+[a-z]?$)|(?<=[楼栋幢座元])第(?=\d+\D?$)"
)
_FLAT_BEHIND: Final = re.compile(r"(?<=\d)(?:室|房间?|号房?|户)$")
_SAME_PLACE_M: Final = 150
_DEGREE_M: Final = 111_200


def plain_address(text: str) -> str:
    """Normalise an address for comparison: width, case, spaces and punctuation, except between two numbers.

    `Annankatu 25 A, Helsinki` -> `annankatu25ahelsinki`; `3号楼 2-501` -> `3号楼2-501`.
    """
    folded = re.sub(r"[\W_]+", " ", unicodedata.normalize("NFKC", text).casefold()).strip()
    return re.sub(r"(?<!\d) | (?!\d)", "", folded).replace(" ", "-")


def flat_key(resident: Resident) -> tuple[str, str, str]:
    """Return building, unit and room for comparison; `3号楼` and `3` are the same building."""
    access = resident.access
    return (
        re.sub(r"(号楼|栋|幢|座|楼)$", "", plain_address(access.building)),
        re.sub(r"单元$", "", plain_address(access.unit)),
        _plain_flat(plain_address(access.room)),
    )


def door_key(resident: Resident) -> str:
    """Return a key of the door: address and flat, or coordinates and flat if there is no address."""
    place = resident.address
    if not place and resident.given is not None:
        place = f"@{resident.given.lon:.5f} {resident.given.lat:.5f}"
    return _plain_flat(plain_address(" ".join((place, *flat_key(resident)))))


def _plain_flat(line: str) -> str:
    """Remove the word for a flat at the end: `6号楼1204室`, `6号楼1204号` and `6号楼1204` become equal."""
    line = _FLAT_WORD.sub(
        lambda found: "-" if line[found.start() - 1 : found.start()].isdigit() else "", line
    )
    return _FLAT_BEHIND.sub("", line)


def says_flat(resident: Resident) -> bool:
    """Return whether the row says which flat of the building it means."""
    return bool(resident.access.room) or bool(_FLAT_IN_ADDRESS.search(resident.address))


def far_apart(a: GivenPoint | None, b: GivenPoint | None) -> bool:
    """Return whether two given points are too far from each other to be one door; False if one is None."""
    if a is None or b is None:
        return False
    east_m = (a.lon - b.lon) * _DEGREE_M * cos(radians(a.lat))
    return hypot(east_m, (a.lat - b.lat) * _DEGREE_M) > _SAME_PLACE_M
