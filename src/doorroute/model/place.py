"""Where a door is, and how certain that is."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from doorroute.texts import Text, msg


class Datum(StrEnum):
    """The datum of a coordinate. All coordinates within doorroute are in `WGS84`."""

    WGS84 = "wgs84"
    GCJ02 = "gcj02"
    BD09 = "bd09"


_DATUM_WORDS: Final = {
    "wgs84": "wgs1984 gps epsg:4326 epsg4326 4326 cgcs2000 2000 国家2000 天地图 osm",
    "gcj02": "gcj 高德 高德地图 腾讯 腾讯地图 火星 火星坐标 火星坐标系 amap gaode tencent",
    "bd09": "bd09ll bd 百度 百度地图 百度坐标 baidu",
}


def named_datum(word: str) -> Datum:
    """Return the datum for a word in lower case without blanks and dashes; raises ValueError if unknown."""
    for datum in Datum:
        if word == datum.value or word in _DATUM_WORDS[datum.value].split():
            return datum
    raise ValueError("not a known datum")


class DatumBy(StrEnum):
    """Why coordinates were taken to be in a datum."""

    SAID = "said"  # their table names it
    SET = "set"  # --datum or the settings name it
    FORMAT = "format"  # the file format defines it: GeoJSON is WGS 84
    NAMES = "names"  # in it they match what their addresses name on the map
    LIST = "list"  # the list of residents is in it
    ASSUMED = "assumed"  # no evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenDatum:
    """The datum chosen for a source of coordinates in mainland China.

    A source is a file, or those rows of it that name the same datum; `source` is the file's name in
    `plan.json`. Of its `rows` with coordinates, `witnesses` have an address that names something on the map;
    `metres` is their median distance from it in each `Datum`. `fits` is the datum that these names support,
    None if they cannot tell; `mixed` means that some rows support one datum and some another.
    """

    source: str
    datum: Datum
    by: DatumBy
    rows: int
    witnesses: int = 0
    metres: tuple[int, ...] = ()
    fits: Datum | None = None
    mixed: bool = False


class Precision(StrEnum):
    """What kind of place was found, from the finest to the coarsest."""

    GIVEN = "given"  # coordinates from the row, or confirmed by hand
    ENTRANCE = "entrance"
    BUILDING = "building"
    COMPOUND = "compound"
    STREET = "street"
    AREA = "area"


@dataclass(frozen=True, slots=True)
class Point:
    """A point on the earth: degrees, WGS 84. `repr` hides the numbers, as a home's position is personal."""

    lon: float = field(repr=False)
    lat: float = field(repr=False)

    def __post_init__(self) -> None:
        if not (-180 <= self.lon <= 180 and -90 <= self.lat <= 90):  # NaN fails too
            raise ValueError("a point needs -180 <= lon <= 180 and -90 <= lat <= 90")


@dataclass(frozen=True, slots=True)
class GivenPoint:
    """Coordinates as given in a table, in degrees of `datum` (None: the table names none)."""

    lon: float = field(repr=False)
    lat: float = field(repr=False)
    datum: Datum | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """How to get from the street to the flat. `floor` counts from 1 at the ground; None if unknown."""

    building: str = field(default="", repr=False)
    unit: str = field(default="", repr=False)  # 单元, stairwell, entrance letter
    floor: int | None = field(default=None, repr=False)
    lift: bool | None = field(default=None, repr=False)
    room: str = field(default="", repr=False)


def floor_text(floor: int) -> Text:
    """Return the name of a floor: 1 is the ground floor, -1 the first below it."""
    return msg("Basement {level}", level=-floor) if floor < 0 else msg("Floor {floor}", floor=floor)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a door was found.

    Doors that share an entrance (building and unit) have the same `entrance_id`: their setup is paid once.
    `score` is 0 to 1; `source` is where it was found (`given`, `extract`, `pin`, ...); `label` is the address
    as spelled there.
    """

    point: Point
    precision: Precision
    score: float
    source: str
    entrance_id: str = field(repr=False)
    label: str = field(default="", repr=False)
    access: Access = field(default=Access(), repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A possible place for an uncertain address."""

    label: str = field(repr=False)
    point: Point
    precision: Precision
    score: float
