"""Build the tables of an address index from the features of an extract."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Final

import numpy as np
import shapely
from scipy.spatial import cKDTree

from doorroute.geocode.chinese_divisions import is_general
from doorroute.geocode.datum import in_mainland
from doorroute.geocode.house_numbers import building_names, lane_and_number, span, tagged_numbers
from doorroute.geocode.index_tables import SOURCE_ORDER, Area, Door, DoorSource, Host, HostKind, IndexTables
from doorroute.geocode.map_features import Feature, Map
from doorroute.geocode.spelling import SITE_WORDS, has_han, key

# By the postal rules of these countries a separate capital letter after the house number is the stairwell.
_STAIRWELL_COUNTRIES: Final = {"FI"}
_DEGREE_M: Final = 111_320
_NEAR_ENTRANCE_M: Final = 15  # an address node this near to one entrance belongs to that entrance
_NEIGHBOUR_M: Final = 3_000  # search radius for the town of a door without one
_REACH_M: Final = {
    "city": 15_000,
    "town": 6_000,
    "village": 4_000,
    "suburb": 4_000,
    "hamlet": 2_000,
    "island": 20_000,
    "municipality": 15_000,
}
_REACH_ELSE_M: Final = 2_000
_REACH_BOUNDARY_M: Final = 100_000  # boundaries are cut at the edge of the extract, so their size is unknown
_SHOP: Final = {"shop", "amenity", "office", "craft", "tourism", "leisure", "healthcare", "name"}
_NO_WAY_IN: Final = {"service", "exit", "emergency", "garage"}
_PLACE_TAGS: Final = (
    "addr:city",
    "addr:district",
    "addr:province",
    "addr:suburb",
    "addr:subdistrict",
    "addr:place",
    "addr:hamlet",
)
_NUMBERED_PLACES: Final = ("addr:place", "addr:hamlet")
_OWN_COUNT: Final = "小楼"  # numbered separately from the compound's buildings, so both are possible


def build(found: Map) -> IndexTables:
    """Build the tables from the features of an extract."""
    return _Builder(found).run()


class _Builder:
    """The tables while they grow; each step adds one kind of feature."""

    def __init__(self, found: Map) -> None:
        self.map = found
        self.tables = IndexTables()
        self.host_at: dict[tuple[str, str], int] = {}
        self.outlined = [building for building in found.buildings if building.outline is not None]
        self.tree = shapely.STRtree([building.outline for building in self.outlined])
        countries = Counter(
            code for door in found.doors if (code := door.tags.get("addr:country", "").upper())
        )
        self.tables.stairs = bool(countries) and countries.most_common(1)[0][0] in _STAIRWELL_COUNTRIES

    def run(self) -> IndexTables:
        self.sites()
        self.streets()
        self.addresses()
        self.numbered_buildings()
        self.interpolated()
        self.units()
        self.towns()
        self.areas()
        self.short_names()
        self.bounds()
        self.shapes()
        return self.tables

    def host(self, name: str, kind: HostKind, point: tuple[float, float], names: Iterable[str] = ()) -> int:
        """Return the index of the host of this name and kind, adding it if needed.

        `names` are added to it.
        """
        main = key(name)
        at = self.host_at.get((main, kind))
        if at is None:
            at = self.host_at[main, kind] = len(self.tables.hosts)
            self.tables.hosts.append(Host(name, kind, *point, [main]))
        known = self.tables.hosts[at].keys
        known += [other for other in dict.fromkeys(map(key, names)) if other and other not in known]
        return at

    def sites(self) -> None:
        for site in self.map.compounds:
            if not is_building(site):
                self.host(site.names[0], HostKind.COMPOUND, site.point, site.names)

    def streets(self) -> None:
        for street in self.map.streets:
            self.host(street.names[0], HostKind.STREET, street.point, street.names)

    def addresses(self) -> None:
        """Add every object with a house number or a house name."""
        exact: set[tuple[int, str, str]] = set()
        ranges: list[tuple[Door, list[str]]] = []
        inside = self.containing([door.point for door in self.map.doors])
        home_of = self.residential_around([door for door in self.map.doors if not _streets(door.tags)])
        for feature, container in zip(self.map.doors, inside, strict=True):
            building = feature if "building" in feature.tags and feature.id[0] != "n" else container
            for door, spanned in self.doors(
                feature, building, _streets(feature.tags) or home_of.get(feature.id, [])
            ):
                self.tables.doors.append(door)
                exact.add((door.host, door.number, door.city))
                ranges.append((door, spanned))
        for door, spanned in ranges:
            for number in spanned:
                if (door.host, number, door.city) not in exact:
                    self.tables.doors.append(_changed(door, number, DoorSource.SPANNED))

    def doors(
        self, feature: Feature, building: Feature | None, streets: Sequence[str]
    ) -> Iterable[tuple[Door, list[str]]]:
        """Yield the doors of an object with an address, each with the numbers that its own number spans.

        `streets` carry the number: the streets in the tags, or the compound around the object.
        """
        tags = feature.tags
        point, known, at_entrance = self.door_point(feature, building)
        town = re.sub(r"\s*\(.*", "", tags.get("addr:city", ""))
        postcode = tags.get("addr:postcode", "").split(";")[0].strip()
        home = building.id if building is not None else feature.id
        number = tags.get("addr:housenumber", "")
        lane, number = lane_and_number(number)
        for road in streets if number else ():
            street = road + lane
            host = self.host(street, self.kind_of(street), feature.point, () if lane else _translations(tags))
            shown = f"{street} {number}"
            if has_han(street):
                shown = f"{street}{number}号" if number[-1].isdigit() else f"{street}{number}"
            own_unit = key(tags.get("addr:unit", "").split(" ")[0])
            for digits, letter in tagged_numbers(number, stairs=self.tables.stairs):
                unit = letter or own_unit
                first, _, last = digits.partition("-")
                yield (
                    Door(host, digits, unit, shown, town, postcode, *point, home, known, at_entrance),
                    [] if has_han(number) else span(first, last),
                )
        if name := tags.get("addr:housename", ""):
            host = self.host(name, HostKind.BUILDING, point)
            yield Door(host, "", "", name, town, postcode, *point, home, known, at_entrance), []

    def kind_of(self, street: str) -> HostKind:
        return HostKind.COMPOUND if (key(street), HostKind.COMPOUND) in self.host_at else HostKind.STREET

    def containing(self, points: Sequence[tuple[float, float]]) -> list[Feature | None]:
        """Return the building around each point, or None."""
        found: list[Feature | None] = [None] * len(points)
        if points and self.outlined:
            spots, buildings = self.tree.query(shapely.points(points), predicate="intersects")
            for spot, building in zip(spots.tolist(), buildings.tolist(), strict=True):
                found[spot] = self.outlined[building]
        return found

    def door_point(
        self, feature: Feature, building: Feature | None
    ) -> tuple[tuple[float, float], DoorSource, bool]:
        """Return the point at the door, how the map knows it, and whether it is a mapped entrance.

        It is one if the address is on the entrance itself, if the building has a single entrance or a single
        main one, or if one entrance is next to the address node.
        """
        is_node = feature.id[0] == "n"
        if is_node and int(feature.id[1:]) in self.map.entrances:
            return feature.point, DoorSource.ENTRANCE, True
        shop = is_node and not _SHOP.isdisjoint(feature.tags)
        known = DoorSource.SHOP if shop else DoorSource.NODE if is_node else DoorSource.BUILDING
        entrances_of = self.entrances_of(building) if building is not None and not shop else []
        if is_node:
            near = [door for door in entrances_of if _metres(door.point, feature.point) < _NEAR_ENTRANCE_M]
            return (near[0].point, known, True) if len(near) == 1 else (feature.point, known, False)
        point = _only(entrances_of)
        return (feature.point, known, False) if point is None else (point, known, True)

    def entrances_of(self, building: Feature) -> list[Feature]:
        entrances = [
            self.map.entrances[node] for node in dict.fromkeys(building.nodes) if node in self.map.entrances
        ]
        return [entrance for entrance in entrances if entrance.tags.get("entrance") not in _NO_WAY_IN]

    def numbered_buildings(self) -> None:
        """Add buildings by name: numbered ones under their compound, the others under their own name.

        The compound is part of the name (蓝旗营10号楼), or is each named site around the building (15号楼 in
        清华大学). A piece of ground with the name of a building counts as one (海滨小区 has 1栋 to 20栋 like
        this).
        """
        grounds = [site for site in self.map.compounds if building_names(site.tags["name"])]
        buildings = [building for building in self.map.buildings if "name" in building.tags] + grounds
        for building, around in zip(buildings, self.sites_around(buildings), strict=True):
            point = _only(self.entrances_of(building))
            at, at_entrance = (building.point, False) if point is None else (point, True)
            town, postcode = building.tags.get("addr:city", ""), building.tags.get("addr:postcode", "")
            for name in building.names:
                numbered = building_names(name)
                for head, number in numbered:
                    if len(head) == 1:
                        continue  # 荷二楼 is a name, not building 2 of 荷
                    for site in [head] if head else around:
                        host = self.host(site, HostKind.COMPOUND, building.point)
                        shown = name if head else site + name
                        self.tables.doors.append(
                            Door(
                                host,
                                number,
                                "",
                                shown,
                                town,
                                postcode,
                                *at,
                                building.id,
                                DoorSource.BUILDING,
                                at_entrance,
                            )
                        )
                if not numbered or numbered[0][0]:
                    host = self.host(name, HostKind.BUILDING, building.point)
                    self.tables.doors.append(
                        Door(
                            host,
                            "",
                            "",
                            name,
                            town,
                            postcode,
                            *at,
                            building.id,
                            DoorSource.BUILDING,
                            at_entrance,
                        )
                    )

    def sites_around(self, buildings: Sequence[Feature]) -> list[list[str]]:
        """Return for each building the names of the sites around it."""
        sites = [site for site in self.map.compounds if site.outline is not None and not is_building(site)]
        around: list[list[str]] = [[] for _ in buildings]
        if sites and buildings:
            tree = shapely.STRtree([site.outline for site in sites])
            spots, enclosing = tree.query(
                shapely.points([building.point for building in buildings]), predicate="intersects"
            )
            for spot, site in zip(spots.tolist(), enclosing.tolist(), strict=True):
                around[spot].append(sites[site].names[0])
        return around

    def residential_around(self, doors: Sequence[Feature]) -> dict[str, list[str]]:
        """Return, by door id, the smallest named residential ground around each door without a street."""
        grounds = [
            site
            for site in self.map.compounds
            if site.outline is not None and site.tags.get("landuse") == "residential"
        ]
        grounds = [ground for ground in grounds if not is_building(ground)]
        if not (grounds and doors):
            return {}
        tree = shapely.STRtree([ground.outline for ground in grounds])
        spots, enclosing = tree.query(shapely.points([door.point for door in doors]), predicate="intersects")
        by_size = sorted(
            zip(spots.tolist(), enclosing.tolist(), strict=True),
            key=lambda pair: -grounds[pair[1]].outline.area,
        )
        # the smallest comes last and replaces the others
        return {doors[spot].id: [grounds[ground].names[0]] for spot, ground in by_size}

    def interpolated(self) -> None:
        """Add the numbers between the ends of `addr:interpolation` lines, marked as guesses."""
        numbered = {int(door.id[1:]): door for door in self.map.doors if door.id[0] == "n"}
        taken = {(door.host, door.number) for door in self.tables.doors}
        for line in self.map.lines:
            step = {"all": 1, "odd": 2, "even": 2}.get(line.tags["addr:interpolation"])
            ends = [(at, numbered[node]) for at, node in enumerate(line.nodes) if node in numbered]
            for (at, first), (to, last) in pairwise(ends):
                low, high = first.tags["addr:housenumber"], last.tags["addr:housenumber"]
                streets = _streets(first.tags) or _streets(last.tags) or _streets(line.tags)
                if step is None or not (low.isdecimal() and high.isdecimal() and streets):
                    continue
                piece = shapely.LineString(shapely.get_coordinates(line.outline)[at : to + 1])
                host = self.host(streets[0], self.kind_of(streets[0]), first.point)
                between = range(int(low), int(high), step if int(low) < int(high) else -step)[1:]
                for number in map(str, between):
                    if (host, number) in taken:
                        continue
                    spot = piece.interpolate(
                        (int(number) - int(low)) / (int(high) - int(low)), normalized=True
                    )
                    town, postcode = first.tags.get("addr:city", ""), first.tags.get("addr:postcode", "")
                    door = Door(
                        host,
                        number,
                        "",
                        f"{streets[0]} {number}",
                        town,
                        postcode,
                        spot.x,
                        spot.y,
                        f"{line.id}:{number}",
                        DoorSource.GUESSED,
                    )
                    self.tables.doors.append(door)

    def units(self) -> None:
        for building in self.outlined:
            for entrance in self.entrances_of(building):
                for tag in ("addr:unit", "ref", "name"):
                    unit = key(entrance.tags.get(tag, ""))
                    if unit and len(unit) <= 4:
                        self.tables.units.append(
                            (building.id, re.sub(r"单元|门$", "", unit), *entrance.point)
                        )

    def towns(self) -> None:
        """Give doors without a town or postcode that of the doors around them."""
        for name in ("city", "postcode"):
            tagged = [door for door in self.tables.doors if getattr(door, name)]
            bare = [door for door in self.tables.doors if not getattr(door, name)]
            if not (tagged and bare):
                continue
            scale = float(np.cos(np.radians(tagged[0].lat)))
            tree = cKDTree(np.array([(door.lon * scale, door.lat) for door in tagged]))
            count = min(5, len(tagged))
            away, nearest = tree.query(np.array([(door.lon * scale, door.lat) for door in bare]), k=count)
            for door, distances, neighbours in zip(
                bare, np.reshape(away, (-1, count)), np.reshape(nearest, (-1, count)), strict=True
            ):
                near = [
                    getattr(tagged[at], name)
                    for at, far in zip(neighbours, distances, strict=True)
                    if far * _DEGREE_M < _NEIGHBOUR_M
                ]
                if near:
                    setattr(door, name, Counter(near).most_common(1)[0][0])

    def areas(self) -> None:
        for area in self.map.areas:
            reach = (
                _REACH_BOUNDARY_M
                if "place" not in area.tags
                else _REACH_M.get(area.tags["place"], _REACH_ELSE_M)
            )
            self.tables.areas += [
                Area(name, *area.point, reach) for name in dict.fromkeys(map(key, area.names)) if name
            ]
            if area.tags.get("place") in {
                "village",
                "hamlet",
                "neighbourhood",
                "quarter",
                "isolated_dwelling",
                "allotments",
            }:
                self.host(area.names[0], HostKind.AREA, area.point, area.names)
        things = [*self.map.doors, *self.map.buildings]
        tagged = {tag: {thing.tags.get(tag, "") for thing in things} for tag in _PLACE_TAGS}
        for tag in _NUMBERED_PLACES:  # in Chinese towns these tags name compounds
            tagged[tag] = {name for name in tagged[tag] if not has_han(name)}
        self.tables.districts = sorted({key(name) for names in tagged.values() for name in names} - {""})

    def short_names(self) -> None:
        """Add the short names of compounds: 燕东园 for 北京大学燕东园小楼, 海滨 for 海滨小区.

        If the map names one compound with and without its owner (北京大学燕东园, 燕东园), each name finds
        both.
        """
        owners = {key(site.tags["name"]) for site in self.map.compounds}
        owners = {owner for owner in owners if len(owner) >= 3 and not is_general(owner)}
        compounds = [
            host for host in self.tables.hosts if host.kind == HostKind.COMPOUND and has_han(host.name)
        ]
        mains = {host.keys[0] for host in compounds}
        for host in compounds:
            for name in list(host.keys):
                begun = [owner for owner in owners if name.startswith(owner) and owner not in host.keys]
                owned = [name[len(owner) :] for owner in begun if len(name) >= len(owner) + 3]
                for other in compounds:
                    if other.keys[0] in owned:
                        other.keys.append(name)
                for form in [name, *owned]:
                    bare = [form.removesuffix(word) for word in SITE_WORDS if form.endswith(word)]
                    if form.endswith(_OWN_COUNT) and form.removesuffix(_OWN_COUNT) in mains:
                        bare.append(form.removesuffix(_OWN_COUNT))
                    known = {*host.keys, *host.short}
                    host.short += [
                        name
                        for name in dict.fromkeys([form, *bare])
                        if len(name) >= 2 and name not in known and not is_general(name)
                    ]

    def bounds(self) -> None:
        points = [(door.lon, door.lat) for door in self.tables.doors] + [
            (host.lon, host.lat) for host in self.tables.hosts
        ]
        if points:
            (west, south), (east, north) = np.min(points, axis=0), np.max(points, axis=0)
            self.tables.bounds = (float(west), float(south), float(east), float(north))

    def shapes(self) -> None:
        """Keep lines of streets and outlines of compounds in mainland China, to recognise datums."""
        bounds = self.tables.bounds
        if bounds is None or not in_mainland((bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2):
            return
        for kind, features in ((HostKind.STREET, self.map.streets), (HostKind.COMPOUND, self.map.compounds)):
            for feature in features:
                host = self.host_at.get((key(feature.names[0]), kind))
                if host is not None and feature.outline is not None:
                    self.tables.shapes += [(host, line) for line in _lines(feature.outline)]


def _lines(outline: shapely.Geometry) -> list[list[float]]:
    """Return the line, or the outer rings, each as lon, lat, lon, lat, ..."""
    parts = [part.exterior if part.geom_type == "Polygon" else part for part in shapely.get_parts(outline)]
    coordinates = [shapely.get_coordinates(part).round(6).ravel().tolist() for part in parts]
    return [line for line in coordinates if len(line) >= 4]


def is_building(site: Feature) -> bool:
    """Return whether a piece of ground has the name of a building (3栋); 怡园28号院 has buildings itself."""
    return bool(building_names(site.tags["name"])) and not site.tags["name"].endswith("院")


def _changed(door: Door, number: str, known: DoorSource) -> Door:
    return Door(
        door.host,
        number,
        door.unit,
        door.shown,
        door.city,
        door.postcode,
        door.lon,
        door.lat,
        door.building,
        known,
        door.at_entrance,
    )


def _only(entrances_of: Sequence[Feature]) -> tuple[float, float] | None:
    """Return the single entrance, or the single main one, or None."""
    main = [entrance for entrance in entrances_of if entrance.tags.get("entrance") == "main"]
    return next((only[0].point for only in (entrances_of, main) if len(only) == 1), None)


def _metres(one: tuple[float, float], other: tuple[float, float]) -> float:
    return float(np.hypot((one[0] - other[0]) * np.cos(np.radians(one[1])), one[1] - other[1])) * _DEGREE_M


def _streets(tags: dict[str, str]) -> list[str]:
    named = tags.get("addr:street") or tags.get("addr:place") or ""
    return [street.strip() for street in re.split(r"[,;]", named) if street.strip()]


def _translations(tags: dict[str, str]) -> list[str]:
    return [name for tag, name in tags.items() if tag.startswith("addr:street:")]


def order(door: Door) -> int:
    """Return how well the map knows a door, 0 the best."""
    return SOURCE_ORDER[DoorSource(door.known)]
