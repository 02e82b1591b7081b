"""Read the streets of an extract as drawn, before any profile is applied."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from doorroute.extracts.checking import must_be_whole
from doorroute.extracts.undeleted import undeleted
from doorroute.network.obstacles import (
    NO_OBSTACLES,
    WALLS,
    Obstacles,
    is_way_in,
    loose_ends,
    opens,
    read_grounds,
    wall_pieces,
    with_streets,
)
from doorroute.network.profiles import GATES, LINE, is_area, way_class
from doorroute.network.raw import NODE_KEYS, WAY_KEYS, RawStreets, Restriction, assemble
from doorroute.network.squares import lent, with_own

if TYPE_CHECKING:
    from osmium.osm import Node, OSMObject, Relation, Way

_WAY_STARTERS: Final = (
    "highway",
    "railway",
    "public_transport",
    "man_made",
    "route",
    "place",
    "area:highway",
)
_MOST_TURNS: Final = 100  # in one relation; more is an error
_MISSING: Final = 2_147_483_647  # libosmium's coordinate of a node that is not in the file


def read_extract(path: Path) -> RawStreets:
    """Read the streets of `path`; its suffix says how. Runs in the sandbox, as libraries may raise or crash.

    Ways that are cut at the edge of an extract keep the nodes that it contains.

    Raises
    ------
    BadInputError
        `EXTRACT_BROKEN` or `EXTRACT_INCOMPLETE`.
    """
    name = path.name.lower()
    must_be_whole(path)
    if name.endswith(".graphml"):
        from doorroute.network.graphml import read_graphml  # OSMnx is slow to import and seldom needed

        return read_graphml(path)
    return _read_osm(undeleted(path))


def _read_osm(path: Path) -> RawStreets:
    import osmium  # with its libraries, half of this module's import time

    collected = _Collector()
    keys = osmium.filter.KeyFilter(*_WAY_STARTERS, "barrier", "entrance", "type")
    # flex_mem keeps coordinates of all nodes outside Python: 0.2 s and 6 MB for 320,000 of them
    for item in osmium.FileProcessor(str(path)).with_locations("flex_mem").with_filter(keys):
        collected.take(item)
    if collected.lent:
        ways = osmium.FileProcessor(str(path)).with_locations("flex_mem")
        members = osmium.filter.IdFilter(collected.lent)
        taken = {way: position for position, way in enumerate(collected.way_id)}
        for item in ways.with_filter(osmium.filter.EntityFilter(osmium.osm.WAY)).with_filter(members):
            collected.take_member(item, taken)
    if collected.has_missing() and not _sorted(path):
        for item in osmium.FileProcessor(str(path), osmium.osm.NODE):
            collected.take_late_node(item)
    streets = collected.streets()
    return replace(streets, obstacles=_obstacles(path, collected, streets))


def _obstacles(path: Path, collected: _Collector, streets: RawStreets) -> Obstacles:
    """Return the obstacles between doors and streets."""
    gates = [node for node, tags in streets.node_tags.items() if tags.get("barrier") in GATES]
    ways_in = np.asarray(list(collected.ways_in.values()), dtype=np.int32).reshape(-1, 2)
    if not (collected.walls or gates or len(ways_in)):
        return NO_OBSTACLES
    found, estates = read_grounds(path, ways_in, loose_ends(collected.walls))
    opening = np.concatenate([found.opening, collected.openings()])
    found = replace(found, wall=wall_pieces(collected.walls), opening=opening)
    points = np.stack([streets.x, streets.y], axis=1)
    return with_streets(found, _on_the_ground(streets, points), points[gates], estates)


def _on_the_ground(streets: RawStreets, points: NDArray[np.int32]) -> NDArray[np.int32]:
    """Return (k, 2, 2), the straight pieces of streets in 1e-7 degrees, without tunnels and bridges."""
    lifted = [tags.get("tunnel", "no") != "no" or tags.get("bridge", "no") != "no" for tags in streets.tags]
    way = np.repeat(np.arange(len(streets.way_id)), np.diff(streets.way_ptr))
    there = (way[1:] == way[:-1]) & (streets.node[1:] >= 0) & (streets.node[:-1] >= 0)
    there &= ~np.asarray(lifted, dtype=np.bool_)[streets.way_tags[way[1:]]]
    first = np.flatnonzero(there)
    return points[np.stack([streets.node[first], streets.node[first + 1]], axis=1)]


def _sorted(path: Path) -> bool:
    """Return whether the file's header promises that its nodes come before its ways."""
    import osmium

    with osmium.io.Reader(str(path)) as reader:
        return bool(reader.header().get("sorting") == "Type_then_ID")


class _Collector:
    """Collects ways and nodes in a pass over the file; an object of osmium is valid only until the next."""

    def __init__(self) -> None:
        self.refs: list[int] = []
        self.x: list[int] = []
        self.y: list[int] = []
        self.ptr = [0]
        self.way_id: list[int] = []
        self.way_tags: list[int] = []
        self.tag_sets: dict[tuple[tuple[str, str], ...], int] = {}
        self.node_tags: dict[int, dict[str, str]] = {}
        self.restrictions: list[Restriction] = []
        self.late: dict[int, tuple[int, int]] = {}
        self.walls: list[NDArray[np.int64]] = []
        self.wall_refs: list[list[int]] = []
        self.ways_in: dict[int, tuple[int, int]] = {}
        self.lent: dict[int, dict[str, str]] = {}

    def take(self, item: OSMObject) -> None:
        if item.is_way():
            self._take_way(item)
        elif item.is_node():
            if tags := {tag.k: tag.v for tag in item.tags if tag.k in NODE_KEYS}:
                self.node_tags[item.id] = tags
                if is_way_in(tags) and item.location.valid():
                    self.ways_in[item.id] = (item.location.x, item.location.y)
        elif item.is_relation() and item.tags.get("type") == "restriction":
            self._take_restriction(item)
        elif item.is_relation():
            members = [(member.type, member.role, member.ref) for member in item.members]
            self.lent = lent(item.id, dict(item.tags), members) | self.lent

    def _take_way(self, way: Way) -> None:
        tags = {tag.k: tag.v for tag in way.tags if tag.k in WAY_KEYS}
        wall = way.tags.get("barrier") in WALLS and way.tags.get("location") != "underground"
        if not way_class(tags) or (wall and is_area(tags)):
            if wall:
                self.walls.append(
                    np.asarray([(node.x, node.y) for node in way.nodes], dtype=np.int64).reshape(-1, 2)
                )
                self.wall_refs.append([node.ref for node in way.nodes])
            return
        self._add(way, tags)

    def take_member(self, way: Way, taken: Mapping[int, int]) -> None:
        """Add a way with tags from a relation; `taken` are the positions of ways added before."""
        own = {tag.k: tag.v for tag in way.tags if tag.k in WAY_KEYS}
        about = {key: value for key, value in self.lent[way.id].items() if key in WAY_KEYS or key == LINE}
        tags = with_own(about, own)
        if tags and way.id in taken:
            self.way_tags[taken[way.id]] = self._tag_set(tags)
        elif tags:
            self._add(way, tags)

    def _tag_set(self, tags: Mapping[str, str]) -> int:
        return self.tag_sets.setdefault(tuple(sorted(tags.items())), len(self.tag_sets))

    def _add(self, way: Way, tags: Mapping[str, str]) -> None:
        for node in way.nodes:
            self.refs.append(node.ref)
            self.x.append(node.x)
            self.y.append(node.y)
        self.ptr.append(len(self.refs))
        self.way_id.append(way.id)
        self.way_tags.append(self._tag_set(tags))

    def _take_restriction(self, relation: Relation) -> None:
        kind = relation.tags.get("restriction") or relation.tags.get("restriction:motorcar")
        if kind is None:
            return
        members = [(member.type, member.role, member.ref) for member in relation.members]
        starts = [ref for kind_, role, ref in members if role == "from" and kind_ == "w"]
        ends = [ref for kind_, role, ref in members if role == "to" and kind_ == "w"]
        if len(starts) * len(ends) > _MOST_TURNS:
            return
        excepted = frozenset((relation.tags.get("except") or "").split(";"))
        for start in starts:
            for end in ends:  # no_entry and no_exit may name several
                self.restrictions.append(
                    Restriction(
                        kind=kind,
                        start=start,
                        via_nodes=tuple(
                            ref for kind_, role, ref in members if role == "via" and kind_ == "n"
                        ),
                        via_ways=tuple(ref for kind_, role, ref in members if role == "via" and kind_ == "w"),
                        end=end,
                        except_for=excepted,
                    )
                )

    def openings(self) -> NDArray[np.int32]:
        """Return (o, 2), the points of walls where gates or entrances are mapped."""
        found = [
            point
            for refs, line in zip(self.wall_refs, self.walls, strict=True)
            for ref, point in zip(refs, line.tolist(), strict=True)
            if ref in self.node_tags and opens(self.node_tags[ref]) and _MISSING not in point
        ]
        return np.asarray(found, dtype=np.int32).reshape(-1, 2)

    def has_missing(self) -> bool:
        return _MISSING in self.x

    def take_late_node(self, node: Node) -> None:
        """Record a node that comes after the ways that use it."""
        if not self.late:
            self.late = {ref: (0, 0) for ref, x in zip(self.refs, self.x, strict=True) if x == _MISSING}
        if node.id in self.late and node.location.valid():
            self.late[node.id] = (node.location.x, node.location.y)

    def streets(self) -> RawStreets:
        refs = np.asarray(self.refs, dtype=np.int64)
        x, y = np.asarray(self.x, dtype=np.int64), np.asarray(self.y, dtype=np.int64)
        for position in np.flatnonzero(x == _MISSING) if self.late else ():
            late = self.late[int(refs[position])]
            x[position], y[position] = late if late != (0, 0) else (_MISSING, _MISSING)
        return assemble(
            refs=refs,
            x=x,
            y=y,
            ptr=self.ptr,
            way_id=self.way_id,
            way_tags=self.way_tags,
            tags=[dict(items) for items in self.tag_sets],
            node_tags=self.node_tags,
            restrictions=self.restrictions,
        )
