"""Read the features of an OpenStreetMap extract that matter for addresses.

Clipped ways and missing nodes are normal: the remaining part of an outline is used; a feature without
position is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import osmium
import shapely
from osmium.filter import EntityFilter, IdFilter, KeyFilter, TagFilter
from osmium.osm import RELATION, WAY

from doorroute.extracts.undeleted import undeleted

_KEYS: Final = (
    "addr:housenumber", "addr:housename", "addr:interpolation", "building", "entrance", "landuse", "amenity",
    "place", "boundary", "highway",
)  # fmt: skip
_SITES: Final = {
    "university",
    "college",
    "school",
    "hospital",
    "kindergarten",
    "social_facility",
    "nursing_home",
}
_GROUNDS: Final = {"residential", "commercial", "retail", "industrial", "education", "institutional"}
_NAMES: Final = (
    "name",
    "alt_name",
    "old_name",
    "official_name",
    "short_name",
    "loc_name",
    "name:zh",
    "name:en",
    "name:zh-Hans",
)
_HOUSES: Final = {"house", "address", "addr:houselink", ""}  # roles in an associatedStreet


@dataclass(slots=True)
class Feature:
    """One object of the map.

    `point` is (lon, lat), inside the outline. `outline` is a polygon, or the line of a way. `nodes` are those
    of a way.
    """

    id: str
    tags: dict[str, str]
    point: tuple[float, float]
    outline: shapely.Geometry | None = None
    nodes: tuple[int, ...] = ()

    @property
    def names(self) -> list[str]:
        """Every name, the main one first, each once."""
        spelled = [self.tags[name] for name in _NAMES if name in self.tags]
        spelled += [text for tag, text in self.tags.items() if tag.startswith("name:") and tag not in _NAMES]
        return list(
            dict.fromkeys(part.strip() for text in spelled for part in text.split(";") if part.strip())
        )


@dataclass(slots=True)
class Map:
    """The features of the extract by their use in addresses; a feature may be in several lists."""

    doors: list[Feature] = field(default_factory=list)
    buildings: list[Feature] = field(default_factory=list)
    entrances: dict[int, Feature] = field(default_factory=dict)
    lines: list[Feature] = field(default_factory=list)  # interpolation
    streets: list[Feature] = field(default_factory=list)  # named
    ways: list[Feature] = field(default_factory=list)  # every street and path with its line
    compounds: list[Feature] = field(default_factory=list)
    areas: list[Feature] = field(default_factory=list)


def read_map(path: Path) -> Map:
    """Read the extract at `path`.

    Runs in the sandbox (`index_process.read_tables`): libosmium may raise anything, or crash.
    """
    path = undeleted(path)
    return _with_streets(_sorted(_features(path)), path)


def _features(path: Path) -> Iterator[Feature]:
    relations = list(_relations(path))
    yield from _nodes_and_ways(path)
    members = {member for _, _, ways in relations for member in ways}
    pieces = dict(_pieces(path, members)) if members else {}
    for number, tags, ways in relations:
        outline, point = _assembled([pieces[way] for way in ways if way in pieces])
        if point is not None:
            yield Feature(f"r{number}", tags, point, outline)


def _relations(path: Path) -> Iterator[tuple[int, dict[str, str], list[int]]]:
    for relation in osmium.FileProcessor(str(path), RELATION).with_filter(KeyFilter(*_KEYS)):
        tags = {tag.k: tag.v for tag in relation.tags}
        ways = [
            member.ref
            for member in relation.members
            if member.type == "w" and member.role in {"outer", "outline", ""}
        ]
        yield relation.id, tags, ways


def _with_streets(found: Map, path: Path) -> Map:
    """Give houses of `associatedStreet` relations the name of the street, if they have none."""
    nameless = {door.id: door for door in found.doors if not {"addr:street", "addr:place"} & door.tags.keys()}
    if not nameless:
        return found
    named = {street.id: street.tags["name"] for street in found.streets}
    relations = osmium.FileProcessor(str(path), RELATION).with_filter(TagFilter(("type", "associatedStreet")))
    for relation in relations:
        members = [(f"{member.type}{member.ref}", member.role) for member in relation.members]
        ways = [named[thing] for thing, role in members if role == "street" and thing in named]
        street = relation.tags.get("addr:street") or relation.tags.get("name") or next(iter(ways), "")
        for thing, role in members:
            if street and thing in nameless and role in _HOUSES:
                nameless[thing].tags["addr:street"] = street
    return found


def _nodes_and_ways(path: Path) -> Iterator[Feature]:
    processor = osmium.FileProcessor(str(path)).with_locations().with_filter(KeyFilter(*_KEYS))
    for thing in processor:
        if thing.is_node():
            if thing.location.valid():
                yield Feature(f"n{thing.id}", {tag.k: tag.v for tag in thing.tags}, (thing.lon, thing.lat))
        elif thing.is_way():
            tags = {tag.k: tag.v for tag in thing.tags}
            placed = [node for node in thing.nodes if node.location.valid()]
            points = [(node.lon, node.lat) for node in placed]
            outline, point = _shape(points, closed=_is_area(tags))
            if not _is_area(tags) and len(points) > 1:
                outline = shapely.LineString(points)
            if point is not None:
                yield Feature(f"w{thing.id}", tags, point, outline, tuple(node.ref for node in placed))


def _pieces(path: Path, ways: set[int]) -> Iterator[tuple[int, list[tuple[float, float]]]]:
    processor = (
        osmium.FileProcessor(str(path))
        .with_locations()
        .with_filter(EntityFilter(WAY))
        .with_filter(IdFilter(ways))
    )
    for way in processor:
        yield way.id, [(node.lon, node.lat) for node in way.nodes if node.location.valid()]


def _is_area(tags: dict[str, str]) -> bool:
    return "highway" not in tags and "addr:interpolation" not in tags


def _shape(
    points: Sequence[tuple[float, float]], *, closed: bool
) -> tuple[shapely.Geometry | None, tuple[float, float] | None]:
    """Return the outline (or None) and a point inside it, or in the middle of the line."""
    if not points:
        return None, None
    if not closed or len(set(points)) < 3:
        return None, points[len(points) // 2]
    outline = shapely.Polygon(points)
    if not outline.is_valid:
        outline = shapely.make_valid(outline)
    return outline, _inside(outline)


def _assembled(
    pieces: Iterable[list[tuple[float, float]]],
) -> tuple[shapely.Geometry | None, tuple[float, float] | None]:
    """Join the ways of a relation; if it is cut off at the edge of the extract, there is only a point."""
    lines = [piece for piece in pieces if len(piece) > 1]
    if not lines:
        return None, None
    rings = shapely.get_parts(shapely.polygonize([shapely.LineString(line) for line in lines]))
    if not len(rings):
        longest = max(lines, key=len)
        return None, longest[len(longest) // 2]
    outline = shapely.union_all(rings)
    return outline, _inside(outline)


def _inside(outline: shapely.Geometry) -> tuple[float, float]:
    middle = outline.centroid
    if not outline.covers(middle):
        middle = outline.representative_point()
    return middle.x, middle.y


def _sorted(features: Iterable[Feature]) -> Map:
    found = Map()
    for feature in features:
        tags, is_node = feature.tags, feature.id[0] == "n"
        if "addr:interpolation" in tags:
            if feature.outline is not None:
                found.lines.append(feature)
            continue
        if "addr:housenumber" in tags or "addr:housename" in tags:
            found.doors.append(feature)
        if is_node and ("entrance" in tags or tags.get("building") == "entrance"):
            found.entrances[int(feature.id[1:])] = feature
        elif "building" in tags:
            found.buildings.append(feature)
        if "highway" in tags and feature.outline is not None:
            found.ways.append(feature)
        if "name" in tags:
            _sort_named(found, feature)
    return found


def _sort_named(found: Map, feature: Feature) -> None:
    tags = feature.tags
    if "highway" in tags and feature.id[0] == "w":
        found.streets.append(feature)
    elif tags.get("landuse") in _GROUNDS or (tags.get("amenity") in _SITES and "building" not in tags):
        found.compounds.append(feature)
    elif "place" in tags or tags.get("boundary") == "administrative":
        found.areas.append(feature)
