"""Where a door is, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Datum(StrEnum):
    """The datum that a coordinate is in; inside, everything is `WGS84`."""

    WGS84 = "wgs84"
    GCJ02 = "gcj02"
    BD09 = "bd09"


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
