"""The tables of an address index: hosts (what carries numbers: streets, compounds, villages) and doors."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from operator import attrgetter
from typing import Any, Final


class HostKind(StrEnum):
    """What carries numbers or has a name."""

    STREET = "street"
    COMPOUND = "compound"
    BUILDING = "building"
    AREA = "area"


class DoorSource(StrEnum):
    """How the map knows a door, the best first."""

    ENTRANCE = "entrance"
    NODE = "node"  # an address point; nearer to the door than the middle of the building
    BUILDING = "building"
    SHOP = "shop"  # a shop or office that has this address
    SPANNED = "spanned"  # inside a range: 3 of 1-5
    GUESSED = "guessed"  # interpolated along the street


SOURCE_ORDER: Final = {known: order for order, known in enumerate(DoorSource)}


@dataclass(slots=True)
class Host:
    """Something whose name precedes house numbers.

    `keys` are its normalised names, the main one first. `short` are short names, which other hosts may share.
    """

    name: str
    kind: str
    lon: float
    lat: float
    keys: list[str] = field(default_factory=list)
    short: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Door:
    """A numbered door, or a named building (`number` is '').

    `shown` is street and number as on the map. `building` is the map id of the building, or of the door if it
    is not in one. `known` is a `DoorSource`. `at_entrance`: the point is a mapped entrance.
    """

    host: int
    number: str
    unit: str
    shown: str
    city: str
    postcode: str
    lon: float
    lat: float
    building: str
    known: str
    at_entrance: bool = False


@dataclass(slots=True)
class Area:
    """A town, village or district: its normalised name, its position, and its reach in metres."""

    key: str
    lon: float
    lat: float
    reach_m: int


_DOOR = attrgetter(*Door.__slots__)
_HOST = attrgetter(*Host.__slots__)
_AREA = attrgetter(*Area.__slots__)


@dataclass(slots=True)
class IndexTables:
    """Everything the index keeps of an extract.

    `units` are entrances with a letter or number: (building, unit, lon, lat). `districts` are normalised
    names in address tags. `stairs`: a separate capital letter after the number is a stairwell. `bounds`:
    west, south, east, north. `shapes` are kept only in mainland China: the line of a street or the outline of
    a compound, each as host index and [lon, lat, lon, lat, ...].
    """

    hosts: list[Host] = field(default_factory=list)
    doors: list[Door] = field(default_factory=list)
    units: list[tuple[str, str, float, float]] = field(default_factory=list)
    areas: list[Area] = field(default_factory=list)
    districts: list[str] = field(default_factory=list)
    stairs: bool = False
    shapes: list[tuple[int, list[float]]] = field(default_factory=list)
    bounds: tuple[float, float, float, float] | None = None

    def to_json(self) -> dict[str, Any]:
        """Return plain values, with rows as lists."""
        return {
            "hosts": [_HOST(host) for host in self.hosts],
            "doors": [_DOOR(door) for door in self.doors],
            "units": self.units,
            "areas": [_AREA(area) for area in self.areas],
            "districts": self.districts,
            "stairs": self.stairs,
            "shapes": self.shapes,
            "bounds": self.bounds,
        }

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> IndexTables:
        """Read the values of `to_json`. Raises KeyError, TypeError or ValueError for anything else."""
        bounds = values["bounds"]
        return cls(
            hosts=[Host(*row) for row in values["hosts"]],
            doors=[Door(*row) for row in values["doors"]],
            units=[(building, unit, lon, lat) for building, unit, lon, lat in values["units"]],
            areas=[Area(*row) for row in values["areas"]],
            districts=list(values["districts"]),
            stairs=bool(values["stairs"]),
            shapes=[(host, line) for host, line in values["shapes"]],
            bounds=None if bounds is None else (bounds[0], bounds[1], bounds[2], bounds[3]),
        )
