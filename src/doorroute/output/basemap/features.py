"""Read what a base map shows of an extract: streets, buildings, water, green areas, house numbers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

from doorroute.disk.cache import load, save
from doorroute.extracts import broken, read_in_sandbox
from doorroute.extracts.checking import must_be_whole
from doorroute.extracts.undeleted import undeleted

if TYPE_CHECKING:
    from osmium.osm import OSMObject

_DRAWN: Final = "drawn.arrays"
UNIT_DEG: Final = 1e-5
"""Unit of stored coordinates: 1.1 m from north to south, enough for the closest zoom."""


class FeatureKind(IntEnum):
    """How a feature is drawn. The values are the order of layers in a packed base map."""

    GREEN = 0
    WOOD = 1
    WATER = 2
    PLAZA = 3
    BUILDING = 4
    STREAM = 5
    RAIL = 6
    STEPS = 7
    FOOT = 8
    SERVICE = 9
    MINOR = 10
    MAJOR = 11
    TRUNK = 12
    NUMBER = 13
    LANDMARK = 14
    PLACE = 15


AREAS: Final = frozenset(
    {FeatureKind.GREEN, FeatureKind.WOOD, FeatureKind.WATER, FeatureKind.PLAZA, FeatureKind.BUILDING}
)
STREETS: Final = frozenset(
    {FeatureKind.FOOT, FeatureKind.SERVICE, FeatureKind.MINOR, FeatureKind.MAJOR, FeatureKind.TRUNK}
)

_HIGHWAYS: Final[Mapping[str, FeatureKind]] = {
    **dict.fromkeys(("motorway", "trunk", "primary"), FeatureKind.TRUNK),
    **dict.fromkeys(("secondary", "tertiary"), FeatureKind.MAJOR),
    **dict.fromkeys(
        ("residential", "unclassified", "living_street", "pedestrian", "road"), FeatureKind.MINOR
    ),
    **dict.fromkeys(("service", "track"), FeatureKind.SERVICE),
    **dict.fromkeys(("footway", "path", "cycleway", "bridleway", "corridor"), FeatureKind.FOOT),
    "steps": FeatureKind.STEPS,
}
_LANDUSE: Final[Mapping[str, FeatureKind]] = {
    **dict.fromkeys(
        ("grass", "recreation_ground", "village_green", "meadow", "cemetery", "allotments"), FeatureKind.GREEN
    ),
    **dict.fromkeys(("flowerbed", "orchard", "vineyard"), FeatureKind.GREEN),
    "forest": FeatureKind.WOOD,
    **dict.fromkeys(("basin", "reservoir"), FeatureKind.WATER),
}
_LEISURE: Final = frozenset({"park", "garden", "playground", "pitch", "golf_course", "nature_reserve"})
_NATURAL: Final[Mapping[str, FeatureKind]] = {
    **dict.fromkeys(("grassland", "scrub", "heath"), FeatureKind.GREEN),
    "wood": FeatureKind.WOOD,
    "water": FeatureKind.WATER,
}
# what people use for orientation; shops change too often
_LANDMARKS: Final = frozenset(
    {"pharmacy", "hospital", "clinic", "school", "kindergarten", "university", "library", "place_of_worship"}
    | {
        "townhall",
        "police",
        "fire_station",
        "post_office",
        "marketplace",
        "theatre",
        "bus_station",
        "community_centre",
    }
)
_PLACES: Final = frozenset({"city", "town", "village", "suburb", "quarter", "neighbourhood", "hamlet"})
_KEYS: Final = ("highway", "building", "natural", "landuse", "leisure", "waterway", "railway", "place")
_POINT_KEYS: Final = ("addr:housenumber", "amenity")


@dataclass(frozen=True, eq=False)
class Features:
    """Features of one kind.

    shapes : (n,) object, shapely points, lines or polygons, WGS 84 longitude and latitude in `UNIT_DEG`.
    names : n names, '' for none.
    """

    shapes: NDArray[np.object_]
    names: tuple[str, ...]


def read_features(extract: Path) -> dict[FeatureKind, Features]:
    """Read all drawn features of an extract: `.osm.pbf`, `.osm`, `.osm.gz`, or the streets of a `.graphml`.

    Raises
    ------
    BadInputError
        `EXTRACT_...`: it is another kind of file, or it is damaged.
    """
    with read_in_sandbox(features_to, extract) as folder:
        found = load(folder / _DRAWN)
        if found is None:
            raise broken(extract)
        arrays, names = found
        return {FeatureKind(int(kind)): Features(_shapes(arrays, kind), tuple(names[kind])) for kind in names}


def features_to(folder: Path, extract: str) -> None:
    """Read what is drawn from `extract` and write it to the folder; runs in the child process."""
    path = Path(extract)
    name = path.name.lower()
    must_be_whole(path)
    found: dict[FeatureKind, list[tuple[Any, str]]] = defaultdict(list)
    for kind, shape, label in _graphml(path) if name.endswith(".graphml") else _osm(path):
        found[kind].append((shape, label))
    arrays: dict[str, NDArray[Any]] = {}
    names: dict[str, tuple[str, ...]] = {}
    for kind, entries in found.items():
        tidied = _tidied(kind, entries)
        written = shapely.to_wkb(tidied.shapes).tolist()
        arrays[f"{kind:d}.wkb"] = np.frombuffer(b"".join(written), dtype=np.uint8)
        arrays[f"{kind:d}.ptr"] = np.cumsum([0, *map(len, written)], dtype=np.int64)
        names[f"{kind:d}"] = tidied.names
    save(folder / _DRAWN, arrays, names)


def _shapes(arrays: Mapping[str, NDArray[Any]], kind: str) -> NDArray[np.object_]:
    whole, ptr = arrays[f"{kind}.wkb"].tobytes(), arrays[f"{kind}.ptr"].tolist()
    pieces = np.empty(len(ptr) - 1, dtype=object)
    pieces[:] = [whole[start:end] for start, end in pairwise(ptr)]
    shapes: NDArray[np.object_] = shapely.from_wkb(pieces)
    return shapes


def _osm(extract: Path) -> Iterator[tuple[FeatureKind, str, str]]:
    """Yield kind, hexadecimal WKB in degrees, name."""
    import osmium

    wkb = osmium.geom.WKBFactory()
    objects = (
        osmium.FileProcessor(str(undeleted(extract)))
        .with_areas(osmium.filter.KeyFilter(*_KEYS))
        .with_filter(osmium.filter.KeyFilter(*_KEYS, *_POINT_KEYS))
    )
    for item in objects:
        if item.is_relation():
            continue
        tags = item.tags
        if item.is_area():
            kind = _area_kind(tags)
            if kind is None and "addr:housenumber" not in tags and tags.get("amenity") not in _LANDMARKS:
                continue
            shape = _made(wkb.create_multipolygon, item)
            if shape is None:
                continue
            if kind is not None:
                yield kind, shape, ""
            yield from ((point_kind, shape, name) for point_kind, name in _point_kinds(tags))
        elif item.is_way():
            kind = _line_kind(tags)
            if kind is not None and (shape := _made(wkb.create_linestring, item)) is not None:
                yield kind, shape, tags.get("name", "") if kind in STREETS else ""
        else:
            kinds = tuple(_point_kinds(tags))
            if kinds and (shape := _made(wkb.create_point, item)) is not None:
                yield from ((kind, shape, name) for kind, name in kinds)


def _made(create: Callable[[OSMObject], str], item: OSMObject) -> str | None:
    """Return the shape, or None if the extract has only a part of it."""
    import osmium

    try:
        return create(item)
    except (osmium.InvalidLocationError, RuntimeError):  # nodes are missing, or only one is left
        return None


def _area_kind(tags: Mapping[str, str]) -> FeatureKind | None:
    if tags.get("building", "no") != "no":
        return FeatureKind.BUILDING
    if tags.get("highway") in {"pedestrian", "footway"} and tags.get("area") == "yes":
        return FeatureKind.PLAZA
    if tags.get("waterway") == "riverbank":
        return FeatureKind.WATER
    if tags.get("leisure") in _LEISURE:
        return FeatureKind.GREEN
    return _NATURAL.get(tags.get("natural", "")) or _LANDUSE.get(tags.get("landuse", ""))


def _line_kind(tags: Mapping[str, str]) -> FeatureKind | None:
    if "highway" in tags:
        return None if tags.get("area") == "yes" else _HIGHWAYS.get(tags["highway"].removesuffix("_link"))
    if tags.get("railway") in {"rail", "tram", "light_rail", "subway"}:
        return None if tags.get("tunnel", "no") != "no" else FeatureKind.RAIL
    # the sea has no area in an extract: its shore is drawn as a line
    if tags.get("waterway") in {"river", "stream", "canal", "ditch"} or tags.get("natural") == "coastline":
        return None if tags.get("tunnel", "no") != "no" else FeatureKind.STREAM
    return None


def _point_kinds(tags: Mapping[str, str]) -> Iterator[tuple[FeatureKind, str]]:
    if number := tags.get("addr:housenumber", ""):
        yield FeatureKind.NUMBER, number
    if (name := tags.get("name", "")) and tags.get("amenity") in _LANDMARKS:
        yield FeatureKind.LANDMARK, name
    elif name and tags.get("place") in _PLACES:
        yield FeatureKind.PLACE, name


def _graphml(extract: Path) -> Iterator[tuple[FeatureKind, shapely.LineString, str]]:
    """Yield kind, line in degrees and name of each street in a graph saved by OSMnx, in any datum."""
    import networkx as nx  # slow to load, as is osmnx, and only for this kind of file
    import osmnx

    try:
        graph = osmnx.project_graph(osmnx.load_graphml(extract), to_latlong=True)
        drawn: set[frozenset[tuple[float, float]]] = set()
        for start, end, street in graph.edges(data=True):
            ends = [(graph.nodes[node]["x"], graph.nodes[node]["y"]) for node in (start, end)]
            line = street.get("geometry", shapely.LineString(ends))
            if frozenset(line.coords) in drawn:
                continue  # the other direction
            drawn.add(frozenset(line.coords))
            # where ways were merged, OSMnx keeps a list
            highway, name = (str(np.atleast_1d(street.get(key, ""))[0]) for key in ("highway", "name"))
            yield _HIGHWAYS.get(highway.removesuffix("_link"), FeatureKind.MINOR), line, name
    except (nx.NetworkXException, LookupError, TypeError, AttributeError) as error:
        raise ValueError("not a graph that OSMnx saved") from error


def _tidied(kind: FeatureKind, entries: list[tuple[Any, str]]) -> Features:
    """Round to whole units, drop invisible details, join the pieces of one street, name each house once."""
    shapes = np.array([shape for shape, _ in entries], dtype=object)
    names = np.array([name.replace("\n", " ") for _, name in entries], dtype=object)
    if isinstance(shapes[0], str):
        shapes = shapely.from_wkb(shapes)
    shapes = shapely.transform(shapes, lambda degrees: np.rint(degrees / UNIT_DEG))
    if kind in {FeatureKind.NUMBER, FeatureKind.LANDMARK, FeatureKind.PLACE}:
        shapes = shapely.transform(shapely.centroid(shapes), np.rint)
        once = {
            (point.x, point.y, name): place
            for place, (point, name) in enumerate(zip(shapes, names, strict=True))
        }
        keep = sorted(once.values())
        shapes, names = shapes[keep], names[keep]
    elif kind in AREAS:
        thinned = shapely.simplify(shapes, 1, preserve_topology=False)
        shapes = np.where(shapely.is_empty(thinned), shapes, thinned)
    else:
        shapes, names = _joined(shapes, names)
        shapes = shapely.simplify(shapes, 1, preserve_topology=False)
    return Features(shapes, tuple(names.tolist()))


def _joined(
    lines: NDArray[np.object_], names: NDArray[np.object_]
) -> tuple[NDArray[np.object_], NDArray[np.object_]]:
    """Join the ways of each street end to end, so that its name has room along it."""
    labels, group = np.unique(names.astype(str), return_inverse=True)
    order = np.argsort(group, kind="stable")
    merged = shapely.line_merge(shapely.multilinestrings(lines[order], indices=group[order]))
    parts, of = shapely.get_parts(merged, return_index=True)
    return parts, labels.astype(object)[of]
