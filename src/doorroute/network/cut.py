"""Cut a town out of a large extract: everything in a box, with its ways, buildings and restrictions whole."""

from __future__ import annotations

import json
import math
import shutil
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from doorroute.disk.files import whole
from doorroute.errors import BadInputError
from doorroute.extracts import OSM_SUFFIXES, limits_of, must_be_there, read_in_sandbox
from doorroute.extracts.checking import must_be_whole
from doorroute.extracts.undeleted import undeleted
from doorroute.network.raw import DEGREE
from doorroute.sandbox import report_progress
from doorroute.texts import msg

if TYPE_CHECKING:
    from osmium.io import Header
    from osmium.osm.types import OSMObject

    from doorroute.model.place import Point

_CUT: Final = "cut.osm.pbf"
_ABOUT: Final = "about.json"
_METRES_PER_DEGREE: Final = 111_195.0  # of latitude, on a sphere of 6 371 km
_ROUND_DEG: Final = 0.01  # boxes are rounded outwards, so that an additional door seldom needs another cut
_BATCH: Final = 20_000
_STEPS: Final = 6
# Relations whose members are all kept. Others (boundaries, routes) may span countries.
_WHOLE: Final = frozenset({"multipolygon", "building", "restriction", "associatedStreet", "street", "site"})


class Box(NamedTuple):
    """A box in degrees, WGS 84."""

    west: float
    south: float
    east: float
    north: float

    @classmethod
    def around(cls, points: Iterable[Point], metres: float) -> Self:
        """Return the box around `points` with a margin of `metres`, rounded outwards to 0.01 degrees."""
        where = np.asarray([(point.lon, point.lat) for point in points])
        west, south = where.min(axis=0)
        east, north = where.max(axis=0)
        up = metres / _METRES_PER_DEGREE
        south, north = max(south - up, -90.0), min(north + up, 90.0)
        aside = up / max(math.cos(math.radians(max(abs(south), abs(north)))), 0.01)
        low = np.floor(np.asarray([max(west - aside, -180.0), south]) / _ROUND_DEG) * _ROUND_DEG
        high = np.ceil(np.asarray([min(east + aside, 180.0), north]) / _ROUND_DEG) * _ROUND_DEG
        return cls(*(round(float(degree), 2) for degree in (*low, *high)))

    def holds(self, point: Point, metres: float = 0.0) -> bool:
        """Return whether the point is in the box, at least `metres` from its edge."""
        up = metres / _METRES_PER_DEGREE
        aside = up / max(math.cos(math.radians(point.lat)), 0.01)
        inside_east = self.west + aside <= point.lon <= self.east - aside
        return inside_east and self.south + up <= point.lat <= self.north - up


@dataclass(frozen=True, kw_only=True)
class CutCounts:
    """The number of nodes, ways and relations in a cut."""

    nodes: int
    ways: int
    relations: int


def cut_extract(
    extract: Path, box: Box, out: Path, *, progress: Callable[[float], None] | None = None
) -> CutCounts:
    """Write everything in `box` to `out` (.osm.pbf), sorted.

    Ways and buildings that reach into the box are kept whole, with all their nodes. `progress` is called with
    the share that is done. It takes some 16 bytes of memory for each node of the source.

    Raises
    ------
    BadInputError
        `EXTRACT_...`: it cannot be read; `CUT_EMPTY`: it has nothing in the box.
    """
    if not extract.name.lower().endswith(OSM_SUFFIXES):
        raise BadInputError(
            "CUT_KIND",
            msg("{file} cannot be cut.", file=extract.name),
            msg("Give an OpenStreetMap extract: {kinds}.", kinds=", ".join(OSM_SUFFIXES)),
        )
    must_be_there(extract)
    limits = limits_of(extract, streamed=True)
    with read_in_sandbox(cut_to, extract, *box, limits=limits, progress=progress) as folder:
        kept = CutCounts(**json.loads((folder / _ABOUT).read_bytes()))
        with whole(out, shared=True) as written:
            shutil.copyfile(folder / _CUT, written)
    return kept


def cut_to(folder: Path, extract: str, west: float, south: float, east: float, north: float) -> None:
    """Write the cut to the folder; runs in the sandbox."""
    must_be_whole(Path(extract))
    cutter = _Cutter(str(undeleted(Path(extract))), Box(west, south, east, north))
    cutter.choose()
    kept = cutter.write(folder / _CUT)
    if not kept["ways"]:
        raise BadInputError(
            "CUT_EMPTY",
            msg("{file} contains nothing at the places given.", file=Path(extract).name),
            msg("Check the coordinates (lon first, then lat), or take an extract that covers them."),
        )
    (folder / _ABOUT).write_text(json.dumps(kept), encoding="utf-8")


class _Cutter:
    """Choose and write the objects of a cut, in several passes; libosmium filters them outside Python.

    Points without tags, most of a file, are not read again: they are rebuilt from the locations of the chosen
    ways.
    """

    def __init__(self, extract: str, box: Box) -> None:
        import osmium

        self.extract, self.box = extract, box
        self.places = osmium.index.create_map("flex_mem")  # locations of all nodes, outside Python
        self.tagged: NDArray[np.int64] = _none()  # chosen nodes with tags
        self.bare: NDArray[np.int64] = _none()  # chosen nodes without tags
        self.where: NDArray[np.int32] = np.zeros((0, 2), dtype=np.int32)  # of `bare`, in 1e-7 degrees
        self.ways: NDArray[np.int64] = _none()
        self.relations: set[int] = set()
        self.step = 0

    def choose(self) -> None:
        """Choose the ids to keep."""
        with_tags, near, ways = self._in_the_box()
        self._step()
        more = self._relations(set(near), set(ways))
        self.ways = _ids(chain(ways, (ref for kind, ref in more if kind == "w")))
        self._step()
        ids, where = self._points()
        extra = _ids(chain(near, (ref for kind, ref in more if kind == "n")))
        self.tagged = with_tags[np.isin(with_tags, ids) | np.isin(with_tags, extra)]
        bare = ~np.isin(ids, self.tagged)
        self.bare, self.where = ids[bare], where[bare]
        self._step()

    def _in_the_box(self) -> tuple[NDArray[np.int64], list[int], list[int]]:
        """Return all nodes with tags, those of them in the box, and the ways that reach into it."""
        import osmium

        objects = (
            osmium.FileProcessor(self.extract, osmium.osm.NODE | osmium.osm.WAY)
            .with_locations(self.places)
            .with_filter(osmium.filter.EmptyTagFilter().enable_for(osmium.osm.NODE))
        )
        wkb = osmium.geom.WKBFactory()
        with_tags, near, ways = array("q"), list[int](), list[int]()
        waiting: list[tuple[int, str]] = []
        west, south, east, north = (round(degree * 1e7) for degree in self.box)
        for item in objects:
            if item.is_node():
                with_tags.append(item.id)
                place = item.location
                if west <= place.x <= east and south <= place.y <= north:
                    near.append(item.id)
                continue
            try:
                waiting.append((item.id, wkb.create_linestring(item)))
            except (RuntimeError, osmium.InvalidLocationError):  # nodes are missing, or there is only one
                if any(west <= n.x <= east and south <= n.y <= north for n in item.nodes):
                    ways.append(item.id)
            if len(waiting) == _BATCH:
                ways += _reaching(waiting, self.box)
                waiting.clear()
        return np.asarray(with_tags, dtype=np.int64), near, ways + _reaching(waiting, self.box)

    def _relations(self, nodes: set[int], ways: set[int]) -> list[tuple[str, int]]:
        """Choose the relations of chosen objects; return the members of relations that are kept whole."""
        import osmium

        more: list[tuple[str, int]] = []
        for relation in osmium.FileProcessor(self.extract, osmium.osm.RELATION):
            members = [(member.type, member.ref) for member in relation.members]
            if any(ref in (ways if kind == "w" else nodes) for kind, ref in members if kind != "r"):
                self.relations.add(relation.id)
                if relation.tags.get("type") in _WHOLE:
                    more += members
        return more

    def _points(self) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        """Return the nodes of the chosen ways and their locations, except those missing from the file."""
        import osmium

        refs, x, y = array("q"), array("i"), array("i")
        wanted = osmium.filter.IdFilter(self.ways.tolist())
        known = dict.fromkeys(
            node.ref
            for way in osmium.FileProcessor(self.extract, osmium.osm.WAY).with_filter(wanted)
            for node in way.nodes
        )
        for ref in known:
            with suppress(KeyError):
                place = self.places.get(ref)
                refs.append(ref)
                x.append(place.x)
                y.append(place.y)
        ids = np.asarray(refs, dtype=np.int64)
        order = np.argsort(ids)
        where = np.stack([np.asarray(x, dtype=np.int32), np.asarray(y, dtype=np.int32)], axis=1)
        return ids[order], where[order]

    def write(self, out: Path) -> dict[str, int]:
        """Write the chosen objects; return their numbers. Raises RuntimeError if the source is unsorted."""
        import osmium

        kept = {"nodes": len(self.bare), "ways": 0, "relations": 0}
        with osmium.SimpleWriter(str(out), header=self._header()) as writer:
            tagged = set(self.tagged.tolist())
            with_tags = osmium.filter.EmptyTagFilter()
            nodes = osmium.FileProcessor(self.extract, osmium.osm.NODE).with_filter(with_tags)
            for item in _merged((node for node in _in_order(nodes) if node.id in tagged), self._bare_nodes()):
                writer.add(item)
            kept["nodes"] += len(tagged)
            self._step()
            ways = osmium.FileProcessor(self.extract, osmium.osm.WAY)
            for way in _in_order(ways.with_filter(osmium.filter.IdFilter(self.ways.tolist()))):
                writer.add(way)
                kept["ways"] += 1
            self._step()
            for relation in _in_order(osmium.FileProcessor(self.extract, osmium.osm.RELATION)):
                if relation.id in self.relations:
                    writer.add(relation)
                    kept["relations"] += 1
        self._step()
        return kept

    def _bare_nodes(self) -> Iterator[Any]:
        from osmium.osm import Location
        from osmium.osm.mutable import Node

        order = np.lexsort((np.abs(self.bare), self.bare > 0))
        for number, (x, y) in zip(self.bare[order].tolist(), self.where[order].tolist(), strict=True):
            yield Node(id=number, version=1, location=Location(x / DEGREE, y / DEGREE))

    def _header(self) -> Header:
        import osmium

        with osmium.io.Reader(self.extract) as reader:
            source = reader.header()
        header: Header = osmium.io.Header()
        header.set("generator", "doorroute")
        header.set("sorting", "Type_then_ID")
        if date := source.get("osmosis_replication_timestamp") or source.get("timestamp"):
            header.set("osmosis_replication_timestamp", date)
        header.add_box(osmium.osm.Box(*self.box))
        return header

    def _step(self) -> None:
        self.step += 1
        report_progress(self.step / _STEPS)


def _place(item: OSMObject) -> tuple[bool, int]:
    """Return the sort key of an object in a sorted file: negative ids come first, by absolute value."""
    return item.id > 0, abs(item.id)


def _in_order(items: Iterable[Any]) -> Iterator[Any]:
    """Yield the items; raise RuntimeError if one is out of order."""
    before = (False, -1)
    for item in items:
        place = _place(item)
        if place <= before:
            raise RuntimeError("twice in input" if place == before else "out of order")
        before = place
        yield item


def _merged(some: Iterator[Any], others: Iterator[Any]) -> Iterator[Any]:
    """Merge two sorted streams. An object of osmium is valid only until the next is requested."""
    other = next(others, None)
    for one in some:
        while other is not None and _place(other) < _place(one):
            yield other
            other = next(others, None)
        yield one
    if other is not None:
        yield other
        yield from others


def _none() -> NDArray[np.int64]:
    return np.zeros(0, dtype=np.int64)


def _reaching(ways: Sequence[tuple[int, str]], box: Box) -> list[int]:
    """Return the ids of `ways` (id, hexadecimal WKB of a line) whose bounding box overlaps `box`."""
    if not ways:
        return []
    import shapely

    west, south, east, north = shapely.bounds(shapely.from_wkb([line for _, line in ways])).T
    meets = (west <= box.east) & (east >= box.west) & (south <= box.north) & (north >= box.south)
    return [ways[at][0] for at in np.flatnonzero(meets).tolist()]


def _ids(ids: Iterable[int]) -> NDArray[np.int64]:
    return np.unique(np.fromiter(ids, dtype=np.int64))
