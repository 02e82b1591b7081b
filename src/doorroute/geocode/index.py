"""The address index of an extract: built once, kept in a cache, opened fast, asked by name and number."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Sequence
from functools import cached_property
from math import cos, hypot, radians
from pathlib import Path
from statistics import median
from typing import Final

import shapely
from rapidfuzz import process
from rapidfuzz.distance import OSA

from doorroute.extracts import must_be_there
from doorroute.files import sha256_of, write_whole
from doorroute.geocode.indexing import read_tables
from doorroute.geocode.spelling import folded, key, words
from doorroute.geocode.tables import Area, Door, Host, HostKind, Tables
from doorroute.model.finding import Finding, warning
from doorroute.model.place import Point
from doorroute.texts import msg

_VERSION: Final = 8
DEGREE_M: Final = 111_320  # a degree of latitude


class AddressIndex:
    """Finds hosts (streets, compounds, named buildings) by name, and doors by host and number."""

    def __init__(self, tables: Tables, findings: Sequence[Finding] = ()) -> None:
        self.tables = tables
        self.findings = tuple(findings)
        self._named: dict[str, list[int]] = defaultdict(list)
        for at, host in enumerate(tables.hosts):
            for name in host.keys:
                self._named[name].append(at)
        self._doors: dict[tuple[int, str], list[Door]] = defaultdict(list)
        self._numbers: dict[int, list[Door]] = defaultdict(list)
        for door in tables.doors:
            self._doors[door.host, door.number].append(door)
            self._numbers[door.host].append(door)
        self._names = list(self._named)
        self._spelled: dict[str, list[int]] = defaultdict(list)
        for at, host in enumerate(tables.hosts):
            self._spelled["".join(words(host.name))].append(at)
        self._spelled_names = list(self._spelled)
        self._towns_of: dict[int, frozenset[str]] = {}
        self._units = {(building, unit): (lon, lat) for building, unit, lon, lat in tables.units}
        self._areas: dict[str, list[Area]] = defaultdict(list)
        for area in tables.areas:
            self._areas[area.key].append(area)

    @property
    def bounds(self) -> tuple[float, float, float, float] | None:
        """Return west, south, east, north of all that has an address; None where nothing has."""
        return self.tables.bounds

    @property
    def stairs(self) -> bool:
        """Tell whether a capital letter set apart after the number is a stairwell here."""
        return self.tables.stairs

    def host(self, at: int) -> Host:
        """Return the host with this number."""
        return self.tables.hosts[at]

    def named(self, name: str) -> tuple[int, ...]:
        """Return the hosts that are called `name`, a `key`."""
        return tuple(self._named.get(name, ()))

    def like(self, name: str, edits: int) -> list[tuple[int, int, int]]:
        """Return the hosts whose name is at most `edits` letters off (wrong, missing, too many or swapped), as (host, edits, length).

        `name` are words put together. Letters are counted in both forms, as written and folded: in Buevardi (Bulevardi) and in
        Aelue (Aeule) folding would make two wrong letters of one.
        """
        best: dict[int, tuple[int, int]] = {}
        for names, owners, wanted in (
            (self._names, self._named, folded(name)),
            (self._spelled_names, self._spelled, name),
        ):
            for found, distance, _ in process.extract(wanted, names, scorer=OSA.distance, score_cutoff=edits, limit=12):
                if _digits(found) != _digits(wanted):
                    continue
                for host in owners[found]:
                    best[host] = min(best.get(host, (edits + 1, 0)), (int(distance), min(len(found), len(wanted))))
        return sorted(((host, distance, length) for host, (distance, length) in best.items()), key=lambda near: near[1])

    def beginning(self, name: str) -> list[int]:
        """Return the compounds whose name begins with `name`."""
        return [
            at
            for at, host in enumerate(self.tables.hosts)
            if host.kind == HostKind.COMPOUND and host.keys[0].startswith(name)
        ]

    def doors(self, host: int, number: str) -> list[Door]:
        """Return the doors of a host with exactly this number; '' for a named building."""
        return self._doors.get((host, number), [])

    def all_doors(self, host: int) -> list[Door]:
        """Return every door of a host."""
        return self._numbers.get(host, [])

    def unit_entrance(self, building: str, unit: str) -> tuple[float, float] | None:
        """Return (lon, lat) of the entrance of `unit` in a building, where the map has it."""
        return self._units.get((building, unit)) if unit else None

    def areas(self, name: str) -> list[Area]:
        """Return the towns, villages and districts called `name`, a `key`."""
        return self._areas.get(name, [])

    def towns_of(self, host: int) -> frozenset[str]:
        """Return the towns, as they are compared, in which a host has doors."""
        known = self._towns_of.get(host)
        if known is None:
            known = self._towns_of[host] = frozenset(key(door.city) for door in self.all_doors(host))
        return known

    @cached_property
    def towns(self) -> dict[str, frozenset[str]]:
        """Return the postcodes of every town that addresses name, by its `key`."""
        postcodes: dict[str, set[str]] = defaultdict(set)
        for door in self.tables.doors:
            if door.city:
                postcodes[key(door.city)].add(door.postcode)
        return {town: frozenset(codes - {""}) for town, codes in postcodes.items()}

    @cached_property
    def postcodes(self) -> frozenset[str]:
        """Return every postcode that addresses name."""
        return frozenset(door.postcode for door in self.tables.doors if door.postcode)

    @staticmethod
    def metres(one: Point, other: Point) -> float:
        """Return how far two points are apart."""
        return metres((one.lon, one.lat), (other.lon, other.lat))

    def metres_to_street(self, points: Sequence[Point]) -> float:
        """Return the median distance of points to the nearest street; 0 where no streets are kept."""
        if not self.tables.streets or not points:
            return 0.0
        scale = cos(radians(points[0].lat))
        spots = shapely.points([(point.lon * scale, point.lat) for point in points])
        nearest = self._street_lines(scale).query_nearest(spots, all_matches=False, return_distance=True)[1]
        return float(median(nearest.tolist())) * DEGREE_M

    def _street_lines(self, scale: float) -> shapely.STRtree:
        lines = [list(zip(line[0::2], line[1::2], strict=True)) for line in self.tables.streets]
        return shapely.STRtree([shapely.LineString([(lon * scale, lat) for lon, lat in line]) for line in lines])

    @cached_property
    def districts(self) -> frozenset[str]:
        """Return the towns and districts in the tags of addresses, as they are compared."""
        return frozenset(self.tables.districts)

    def in_district(self, name: str) -> bool:
        """Tell whether `name` is in the towns and districts of addresses here: 海淀 in 北京市海淀区."""
        return any(name in district for district in self.districts)

    def town_like(self, name: str) -> str:
        """Return the one town that `name` misspells by a letter; empty where none does, or several."""
        near = process.extract(name, list(self.towns), scorer=OSA.distance, score_cutoff=1, limit=2)
        return str(near[0][0]) if len(near) == 1 else ""


def open_index(extract: Path, *, cache: Path | None = None) -> AddressIndex:
    """Return the index of an OpenStreetMap extract; with a `cache` folder it is built once for each extract.

    A `.graphml` network holds no addresses: its index is empty and says so. Raises BadInputError where the extract cannot be read.
    """
    if extract.suffix == ".graphml":
        return AddressIndex(Tables(), [_NO_ADDRESSES])
    must_be_there(extract)
    kept = cache / f"addresses-{_VERSION}-{sha256_of(extract)}.json" if cache else None
    tables = _read(kept) if kept else None
    if tables is None:
        tables = read_tables(extract)
        if kept:
            write_whole(kept, json.dumps(tables.to_json(), ensure_ascii=False, separators=(",", ":")))
    return AddressIndex(tables, [] if tables.doors else [_NO_ADDRESSES])


def metres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Return the distance of two positions (lon, lat in degrees) in metres, as on a plane: right for neighbours."""
    return hypot((one[0] - other[0]) * cos(radians(one[1])), one[1] - other[1]) * DEGREE_M


def _digits(name: str) -> list[str]:
    return re.findall(r"\d+", name)


def _read(kept: Path) -> Tables | None:
    """Return what was kept; None where there is nothing, or a file that is not whole: it is made again then."""
    try:
        return Tables.from_json(json.loads(kept.read_bytes()))
    except (OSError, ValueError, KeyError, TypeError, IndexError):
        return None


_NO_ADDRESSES: Final = warning(
    code="NO_ADDRESSES",
    table="residents",
    message=msg("The map extract holds no addresses: only rows with coordinates can be placed."),
    advice=msg("Give an .osm.pbf extract with house numbers or named buildings, or add lon and lat to the rows."),
)
