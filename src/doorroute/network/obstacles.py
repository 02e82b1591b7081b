"""Obstacles between a door and the street: walls and their openings, and buildings with mapped entrances."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from shapely import STRtree

WALLS: Final = frozenset({"wall", "fence", "hedge", "city_wall", "retaining_wall", "ditch", "railing"})
"""Barriers along lines that nobody crosses on foot to reach a door."""

_NO_WAY_IN: Final = frozenset({"no", "emergency", "exit", "garage", "parking", "service", "shop"})
_METRES_PER_DEGREE: Final = 111_195.0  # of latitude, on a sphere of 6 371 km
_GATE_M: Final = 15.0  # the largest distance between a gate on a street and its estate's outline
_AT_HOUSE: Final = 100  # 1e-7 degrees, about a metre
_EARTH: Final = (1_800_000_000, 900_000_000)


def _none(*shape: int) -> NDArray[np.int32]:
    return np.zeros((0, *shape), dtype=np.int32)


@dataclass(frozen=True, kw_only=True)
class Obstacles:
    """Obstacles as int32; points and corners in 1e-7 degrees.

    wall : (w, 2, 2), the ends of each straight piece of wall. opening : (o, 2), where a wall can be passed.
    home : (v, 2), the corners of buildings with mapped entrances; home_ptr : (h + 1,), the first corner of
    each. entrance : (e, 2); entrance_home : (e,), its building. Only from today's barriers: drawn : (d, 2,
    2), straight pieces of lines that nobody may cross; sealed : (s, 2), openings that are closed.
    """

    wall: NDArray[np.int32]
    opening: NDArray[np.int32]
    home: NDArray[np.int32]
    home_ptr: NDArray[np.int32]
    entrance: NDArray[np.int32]
    entrance_home: NDArray[np.int32]
    drawn: NDArray[np.int32] = field(default_factory=lambda: _none(2, 2))
    sealed: NDArray[np.int32] = field(default_factory=lambda: _none(2))


NO_OBSTACLES: Final = Obstacles(
    wall=_none(2, 2),
    opening=_none(2),
    home=_none(2),
    home_ptr=np.zeros(1, dtype=np.int32),
    entrance=_none(2),
    entrance_home=_none(),
)


def is_way_in(tags: Mapping[str, str]) -> bool:
    """Return whether the point with `tags` is an entrance for visitors."""
    return "entrance" in tags and tags["entrance"] not in _NO_WAY_IN and _may_pass(tags)


def opens(tags: Mapping[str, str]) -> bool:
    """Return whether a point with `tags` lets people pass its wall: a gate, a gap, an entrance."""
    return ("entrance" in tags or tags.get("barrier", "wall") not in WALLS) and _may_pass(tags)


def _may_pass(tags: Mapping[str, str]) -> bool:
    return tags.get("foot", tags.get("access")) != "no"


def wall_pieces(lines: Iterable[NDArray[np.int64]]) -> NDArray[np.int32]:
    """Return the straight pieces of `lines` ((k, 2), 1e-7 degrees) that are on the earth."""
    pieces = [np.stack([line[:-1], line[1:]], axis=1) for line in lines if len(line) > 1]
    if not pieces:
        return _none(2, 2)
    every = np.concatenate(pieces)
    return every[(np.abs(every) <= _EARTH).all(axis=(1, 2))].astype(np.int32)


def loose_ends(lines: Sequence[NDArray[np.int64]]) -> NDArray[np.int32]:
    """Return (k, 2), the ends of walls that touch no other wall: open unless they touch a house."""
    ends = [line[[0, -1]] for line in lines if len(line) > 1]
    if not ends:
        return _none(2)
    corners, times = np.unique(np.concatenate(list(lines)), axis=0, return_counts=True)
    corners = corners[(times == 1) & (np.abs(corners) <= _EARTH).all(axis=1)]
    known = set(map(tuple, np.concatenate(ends).tolist()))
    return np.asarray(
        [corner for corner in corners.tolist() if tuple(corner) in known], dtype=np.int32
    ).reshape(-1, 2)


def read_grounds(
    path: Path, ways_in: NDArray[np.int32], ends: NDArray[np.int32]
) -> tuple[Obstacles, list[Any]]:
    """Read buildings with entrances, and housing estates.

    Return the buildings with one of `ways_in` ((e, 2), 1e-7 degrees) on their outline, and the outlines of
    estates (shapely rings in 1e-7 degrees). Those of `ends` that are not at a building become openings.
    Raises RuntimeError if the file cannot be read.
    """
    import osmium
    import shapely

    wkb = osmium.geom.WKBFactory()
    keys = osmium.filter.KeyFilter("building", "landuse")
    found: dict[bool, list[str]] = {True: [], False: []}
    areas = osmium.filter.EntityFilter(osmium.osm.AREA)
    for item in osmium.FileProcessor(str(path)).with_areas(keys).with_filter(areas).with_filter(keys):
        home = item.tags.get("building", "no") != "no"
        if home or item.tags.get("landuse") == "residential":
            try:
                found[home].append(wkb.create_multipolygon(item))
            except (RuntimeError, osmium.InvalidLocationError):
                continue  # cut at the edge of the extract

    def rings(*, home: bool) -> NDArray[np.object_]:
        drawn = shapely.transform(shapely.from_wkb(found[home]), lambda degrees: np.rint(degrees * 1e7))
        outer: NDArray[np.object_] = shapely.get_exterior_ring(shapely.get_parts(drawn))
        return outer

    outlines = rings(home=True)
    tree = shapely.STRtree(outlines)
    entrance, home_of = tree.query(shapely.points(ways_in), predicate="dwithin", distance=1)
    walled = tree.query(shapely.points(ends), predicate="dwithin", distance=_AT_HOUSE)[0]
    homes, entrance_home = np.unique(home_of, return_inverse=True)
    corners, of = shapely.get_coordinates(outlines[homes], return_index=True)
    return (
        replace(
            NO_OBSTACLES,
            opening=np.delete(ends, np.unique(walled), axis=0),
            home=corners.astype(np.int32),
            home_ptr=np.searchsorted(of, np.arange(len(homes) + 1)).astype(np.int32),
            entrance=ways_in[entrance],
            entrance_home=entrance_home.astype(np.int32),
        ),
        list(rings(home=False)),
    )


def with_streets(
    obstacles: Obstacles, streets: NDArray[np.int32], gates: NDArray[np.int32], estates: Sequence[Any]
) -> Obstacles:
    """Open walls where streets lead through, and add walls around gated estates.

    streets : (k, 2, 2), the straight pieces of streets at ground level. gates : (g, 2), gates on streets. An
    estate is gated if every street across its outline, at least one, has a gate there.
    """
    if not len(obstacles.wall) and not (estates and len(gates)):
        return obstacles
    import shapely

    scale = metres_per_unit(streets)
    tree = shapely.STRtree(shapely.linestrings(streets * scale))
    through = [_crossings(tree, shapely.linestrings(obstacles.wall * scale))]
    walls = [obstacles.wall]
    posts = shapely.STRtree(shapely.points(gates * scale))
    for estate in estates if len(gates) else ():
        ring = shapely.transform(estate, lambda corners: corners * scale)
        if not len(posts.query(ring, predicate="dwithin", distance=_GATE_M)):
            continue
        entered = _crossings(tree, np.asarray([ring]))
        near = posts.query(shapely.points(entered), predicate="dwithin", distance=_GATE_M)[0]
        if len(entered) and len(np.unique(near)) == len(entered):
            through.append(entered)
            walls.append(wall_pieces([shapely.get_coordinates(estate).astype(np.int64)]))
    points = np.rint(np.concatenate(through) / scale).astype(np.int32)
    return replace(
        obstacles,
        wall=np.concatenate(walls),
        opening=np.unique(np.concatenate([obstacles.opening, points]), axis=0),
    )


def metres_per_unit(points: NDArray[np.int32]) -> NDArray[np.float64]:
    """Return (2,), the metres of 1e-7 degrees east and north in the middle of `points` (..., 2)."""
    lat = float(points[..., 1].mean()) / 1e7 if points.size else 0.0
    east = math.cos(math.radians(lat)) * _METRES_PER_DEGREE
    return np.asarray([max(east, 1.0), _METRES_PER_DEGREE]) / 1e7


def _crossings(streets: STRtree, lines: NDArray[np.object_]) -> NDArray[np.float64]:
    """Return (k, 2), the points where `lines` cross the streets of a tree."""
    import shapely

    line, street = streets.query(lines, predicate="intersects")
    points: NDArray[np.float64] = shapely.get_coordinates(
        shapely.intersection(lines[line], streets.geometries[street])
    )
    return points
