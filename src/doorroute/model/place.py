"""Where a door is, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from doorroute.texts import Text, msg


class Datum(StrEnum):
    """The datum that a coordinate is in; inside, everything is `WGS84`."""

    WGS84 = "wgs84"
    GCJ02 = "gcj02"
    BD09 = "bd09"


_DATUM_WORDS: Final = {
    "wgs84": "wgs1984 gps epsg:4326 epsg4326 4326 cgcs2000 2000 国家2000 天地图 osm",
    "gcj02": "gcj 高德 高德地图 腾讯 腾讯地图 火星 火星坐标 火星坐标系 amap gaode tencent",
    "bd09": "bd09ll bd 百度 百度地图 百度坐标 baidu",
}


def named_datum(word: str) -> Datum:
    """Return the datum that a word means, in lower case and without blanks and dashes. Raises ValueError where it is none."""
    for datum in Datum:
        if word == datum.value or word in _DATUM_WORDS[datum.value].split():
            return datum
    raise ValueError("not a known datum")


class DatumBy(StrEnum):
    """What says that coordinates are in the datum in which they were taken."""

    SAID = "said"  # their table does
    SET = "set"  # --datum or the settings do
    FORMAT = "format"  # the format of the file does: GeoJSON is WGS 84
    NAMES = "names"  # they lie at what their addresses name
    LIST = "list"  # the list of residents is in it
    ASSUMED = "assumed"  # nothing does


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenDatum:
    """The datum in which the coordinates of a source (a file, or the rows of it that say the same) in mainland China were taken.

    `source` is the file's name in `plan.json`. Of `rows` with coordinates the addresses of `witnesses` name something on the map, and
    `metres` is the median distance from it in each of `Datum`. `fits` is the datum that the names speak for, None where they cannot tell;
    `mixed`: some rows speak for one datum, some for another.
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
    """What was found, from the finest to the coarsest."""

    GIVEN = "given"  # coordinates came with the row, or were confirmed by hand
    ENTRANCE = "entrance"
    BUILDING = "building"
    COMPOUND = "compound"
    STREET = "street"
    AREA = "area"


@dataclass(frozen=True, slots=True)
class Point:
    """A point on the earth: degrees, WGS 84. Shown in `repr` only as `Point(...)`: a home's position is personal."""

    lon: float = field(repr=False)
    lat: float = field(repr=False)

    def __post_init__(self) -> None:
        if not (-180 <= self.lon <= 180 and -90 <= self.lat <= 90):  # NaN fails too
            raise ValueError("a point needs -180 <= lon <= 180 and -90 <= lat <= 90")


@dataclass(frozen=True, slots=True)
class GivenPoint:
    """Coordinates as a table gave them, in degrees of their own datum (None: the table did not say)."""

    lon: float = field(repr=False)
    lat: float = field(repr=False)
    datum: Datum | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """The way from the street to the flat. `floor` counts from 1 at the ground; None where nobody said."""

    building: str = field(default="", repr=False)
    unit: str = field(default="", repr=False)  # 单元, stairwell, entrance letter
    floor: int | None = field(default=None, repr=False)
    lift: bool | None = field(default=None, repr=False)
    room: str = field(default="", repr=False)


def floor_text(floor: int) -> Text:
    """Say a floor: 1 is the ground, -1 the first below it."""
    return msg("Basement {level}", level=-floor) if floor < 0 else msg("Floor {floor}", floor=floor)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a door was found.

    `entrance_id` is the same for doors that share an entrance (building and unit) and nothing else: their setup is paid once.
    `score` is 0 to 1; `source` names who said it (`given`, `extract`, `pin`, ...); `label` is the address as the source spells it.
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
    """A place that an unsure address may mean."""

    label: str = field(repr=False)
    point: Point
    precision: Precision
    score: float
