"""The address index of an extract: built once, cached, and searched by name and number."""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from functools import cached_property
from math import cos, hypot, radians
from pathlib import Path
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA

from doorroute.disk.cache import Cache, CacheProblem
from doorroute.disk.files import sha256_of
from doorroute.extracts import must_be_there
from doorroute.geocode.chinese_divisions import split_divisions
from doorroute.geocode.index_process import read_tables
from doorroute.geocode.index_tables import Area, Door, Host, HostKind, IndexTables
from doorroute.geocode.same_sound import sounds
from doorroute.geocode.spelling import folded, has_han, key, words
from doorroute.model.finding import Finding, warning
from doorroute.model.place import Point
from doorroute.texts import msg

_VERSION: Final = 10
NEAR_DEG: Final = 0.05  # margin around the extract, some 5 km
DEGREE_M: Final = 111_320  # a degree of latitude


class AddressIndex:
    """Search hosts (streets, compounds, named buildings) by name, and doors by host and number."""

    def __init__(
        self,
        tables: IndexTables,
        findings: Sequence[Finding] = (),
        troubles: frozenset[CacheProblem] = frozenset(),
    ) -> None:
        self.tables = tables
        self.troubles = troubles  # problems with the cache
        self.findings = tuple(findings)
        self._named: dict[str, list[int]] = defaultdict(list)
        for at, host in enumerate(tables.hosts):
            for name in (*host.keys, *host.short):
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
        self._shapes: dict[int, shapely.Geometry] = {}
        self._units = {(building, unit): (lon, lat) for building, unit, lon, lat in tables.units}
        self._areas: dict[str, list[Area]] = defaultdict(list)
        for area in tables.areas:
            self._areas[area.key].append(area)

    @property
    def bounds(self) -> tuple[float, float, float, float] | None:
        """West, south, east, north of everything with an address; None if there is nothing."""
        return self.tables.bounds

    def is_near(self, point: Point) -> bool:
        """Return whether a point is in the extract or within some 5 km of it.

        True if the extract has no addresses.
        """
        if self.bounds is None:
            return True
        west, south, east, north = self.bounds
        return (
            west - NEAR_DEG <= point.lon <= east + NEAR_DEG
            and south - NEAR_DEG <= point.lat <= north + NEAR_DEG
        )

    @property
    def stairs(self) -> bool:
        """Whether a separate capital letter after the number is a stairwell here."""
        return self.tables.stairs

    def host(self, at: int) -> Host:
        """Return the host with this index."""
        return self.tables.hosts[at]

    def named(self, name: str) -> tuple[int, ...]:
        """Return the hosts with this name, a `key`."""
        return tuple(self._named.get(name, ()))

    def like(self, name: str, edits: int) -> list[tuple[int, int, int]]:
        """Return the hosts whose name is at most `edits` letters off (wrong, missing, extra or swapped).

        Each is (host, edits, length of the shorter name). `name` is a name without spaces. Letters are
        counted both as written and as `key`, because folding can turn one wrong letter into two: Buevardi
        (Bulevardi), Aelue (Aeule). Numbers in the names must be equal.
        """
        best: dict[int, tuple[int, int]] = {}
        for names, owners, wanted in (
            (self._names, self._named, folded(name)),
            (self._spelled_names, self._spelled, name),
        ):
            for found, distance, _ in process.extract(
                wanted, names, scorer=OSA.distance, score_cutoff=edits, limit=12
            ):
                if _digits(found) != _digits(wanted):
                    continue
                for host in owners[found]:
                    best[host] = min(
                        best.get(host, (edits + 1, 0)), (int(distance), min(len(found), len(wanted)))
                    )
        return sorted(
            ((host, distance, length) for host, (distance, length) in best.items()), key=lambda near: near[1]
        )

    def beginning(self, name: str) -> list[int]:
        """Return the compounds whose name begins with `name`."""
        at = bisect_left(self._compounds, (name, 0))
        found = []
        while at < len(self._compounds) and self._compounds[at][0].startswith(name):
            found.append(self._compounds[at][1])
            at += 1
        return found

    def shortened(self, host: int, name: str) -> bool:
        """Return whether `name` is only a short form of the host's name: 海滨 for 海滨小区."""
        return name in self.tables.hosts[host].short

    def sounding(self, name: str) -> list[tuple[int, set[str]]]:
        """Return hosts whose name sounds like `name` (tones ignored) and differs by one character.

        Each is (host, the two characters).
        """
        found = []
        for known in self._sounding.get(sounds(name), ()):
            differing = [{mine, theirs} for mine, theirs in zip(name, known, strict=True) if mine != theirs]
            if len(differing) == 1:
                found += [
                    (host, differing[0]) for host in self._named[known] if not self.shortened(host, known)
                ]
        return found

    @cached_property
    def _sounding(self) -> dict[tuple[str, ...], list[str]]:
        by_sound: dict[tuple[str, ...], list[str]] = defaultdict(list)
        for name in self._names:
            if has_han(name):
                by_sound[sounds(name)].append(name)
        return by_sound

    @cached_property
    def _compounds(self) -> list[tuple[str, int]]:
        hosts = enumerate(self.tables.hosts)
        return sorted((host.keys[0], at) for at, host in hosts if host.kind == HostKind.COMPOUND)

    def doors(self, host: int, number: str) -> list[Door]:
        """Return the doors of a host with same_words this number; '' for a named building."""
        return self._doors.get((host, number), [])

    def numbered_buildings(self, number: str) -> list[Door]:
        """Return the buildings of all compounds with this number."""
        return self._numbered.get(number, [])

    @cached_property
    def _numbered(self) -> dict[str, list[Door]]:
        by_number: dict[str, list[Door]] = defaultdict(list)
        for door in self.tables.doors:
            if self.tables.hosts[door.host].kind == HostKind.COMPOUND:
                by_number[door.number].append(door)
        return by_number

    def all_doors(self, host: int) -> list[Door]:
        """Return every door of a host."""
        return self._numbers.get(host, [])

    def unit_entrance(self, building: str, unit: str) -> tuple[float, float] | None:
        """Return (lon, lat) of the entrance of `unit` in a building, if mapped."""
        return self._units.get((building, unit)) if unit else None

    def areas(self, name: str) -> list[Area]:
        """Return the towns, villages and districts with this name, a `key`."""
        return self._areas.get(name, [])

    def towns_of(self, host: int) -> frozenset[str]:
        """Return the towns (as `key`) in which a host has doors."""
        known = self._towns_of.get(host)
        if known is None:
            known = self._towns_of[host] = frozenset(key(door.city) for door in self.all_doors(host))
        return known

    @cached_property
    def words(self) -> frozenset[str]:
        """All words of street names, normalised."""
        return frozenset(
            word for host in self.tables.hosts if host.kind == HostKind.STREET for word in words(host.name)
        )

    @cached_property
    def towns(self) -> dict[str, frozenset[str]]:
        """The postcodes of every town in addresses, by its `key`."""
        postcodes: dict[str, set[str]] = defaultdict(set)
        for door in self.tables.doors:
            if door.city:
                postcodes[key(door.city)].add(door.postcode)
        return {town: frozenset(codes - {""}) for town, codes in postcodes.items()}

    @cached_property
    def postcodes(self) -> frozenset[str]:
        """All postcodes in addresses."""
        return frozenset(door.postcode for door in self.tables.doors if door.postcode)

    @staticmethod
    def metres(one: Point, other: Point) -> float:
        """Return the distance of two points, in metres."""
        return metres((one.lon, one.lat), (other.lon, other.lat))

    def shape(self, host: int) -> shapely.Geometry:
        """Return the geometry of a host in the metres of `plane`: lines or ground, else doors and point."""
        made = self._shapes.get(host)
        if made is None:
            stored = self.host(host)
            parts = [
                self._part(line, ground=stored.kind == HostKind.COMPOUND)
                for line in self._drawn.get(host, ())
            ]
            if not parts:
                spots = [(stored.lon, stored.lat), *((door.lon, door.lat) for door in self.all_doors(host))]
                parts = shapely.points(self.plane(np.array(spots))).tolist()
            made = self._shapes[host] = shapely.geometrycollections(parts)
        return made

    def drawn(self, host: int) -> bool:
        """Return whether the lines or the ground of a host are known, not only points."""
        return host in self._drawn

    def _part(self, line: list[float], *, ground: bool) -> shapely.Geometry:
        corners = self.plane(np.reshape(line, (-1, 2)))
        return (
            shapely.make_valid(shapely.Polygon(corners))
            if ground and len(corners) > 3
            else shapely.LineString(corners)
        )

    def plane(self, degrees: NDArray[np.float64]) -> NDArray[np.float64]:
        """Project positions (n, 2: lon, lat) to metres on a plane at the extract."""
        west, south, _, north = self.bounds or (0.0, 0.0, 0.0, 0.0)
        return (degrees - (west, south)) * (cos(radians((south + north) / 2)) * DEGREE_M, DEGREE_M)

    @cached_property
    def _drawn(self) -> dict[int, list[list[float]]]:
        drawn: dict[int, list[list[float]]] = defaultdict(list)
        for host, line in self.tables.shapes:
            drawn[host].append(line)
        return drawn

    @cached_property
    def districts(self) -> frozenset[str]:
        """The towns and districts in address tags, normalised."""
        return frozenset(self.tables.districts)

    def is_division(self, name: str) -> bool:
        """Return whether `name` is a city, district or subdistrict of addresses here.

        The last word may be missing: 海淀 of 北京市海淀区.
        """
        return name in self._divisions

    @cached_property
    def _divisions(self) -> frozenset[str]:
        found: set[str] = set()
        for district in filter(has_han, self.districts):
            units, rest = split_divisions(district + "某某")
            found |= {district, *units}
            found |= {rest.removesuffix("某某")} if units else set()
        bare = (re.sub(r"(?:街道|[省市区县镇乡])$", "", name) for name in found)
        return frozenset(name for name in {*found, *bare} if len(name) >= 2)

    def town_like(self, name: str) -> str:
        """Return the one town that `name` misspells by one letter; '' if there is none or several."""
        near = process.extract(name, list(self.towns), scorer=OSA.distance, score_cutoff=1, limit=2)
        return str(near[0][0]) if len(near) == 1 else ""


def open_index(extract: Path, *, cache: Path | None = None) -> AddressIndex:
    """Return the index of an OpenStreetMap extract; with a `cache` folder it is built only once.

    A `.graphml` network has no addresses: its index is empty, with a finding. Raises BadInputError if the
    extract cannot be read.
    """
    if extract.suffix == ".graphml":
        return AddressIndex(IndexTables(), [_NO_ADDRESSES])
    must_be_there(extract)
    stored = Cache(cache)
    name = f"addresses-{_VERSION}-{sha256_of(extract)}.arrays"
    tables = _read(stored, name)
    if tables is None:
        tables = read_tables(extract)
        text = json.dumps(tables.to_json(), ensure_ascii=False, separators=(",", ":")).encode()
        stored.save(name, {"tables": np.frombuffer(text, dtype=np.uint8)})
    return AddressIndex(tables, [] if tables.doors else [_NO_ADDRESSES], frozenset(stored.troubles))


def metres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Return the distance in metres of two positions (lon, lat in degrees), for short distances."""
    return hypot((one[0] - other[0]) * cos(radians(one[1])), one[1] - other[1]) * DEGREE_M


def _digits(name: str) -> list[str]:
    return re.findall(r"\d+", name)


def _read(cache: Cache, name: str) -> IndexTables | None:
    """Return the cached tables, or None."""
    found = cache.load(name)
    return IndexTables.from_json(json.loads(found[0]["tables"].tobytes())) if found else None


_NO_ADDRESSES: Final = warning(
    code="NO_ADDRESSES",
    table="residents",
    message=msg("The map extract contains no addresses: only rows with coordinates can be located."),
    advice=msg(
        "Use an .osm.pbf extract with house numbers or named buildings, or add lon and lat to the rows."
    ),
)
