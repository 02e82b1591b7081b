"""Barriers of the day: sealed gates and closed streets, drawn as GeoJSON, worked into the graph.

A point is a sealed gate: nobody passes there, on the nearest street. A line closes the streets that it
crosses and those that it is drawn along; an area closes all streets within. Nobody crosses a line or the
outline of an area between a street and a door. Streets behind a barrier stay on the map, so that doors there
are out of reach instead of being moved to a street outside.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from doorroute.errors import BadInputError
from doorroute.model.team import Profile
from doorroute.network.compiling import Graph, metres_per_degree
from doorroute.network.obstacles import Obstacles, metres_per_unit, wall_pieces
from doorroute.network.raw import DEGREE
from doorroute.texts import msg

if TYPE_CHECKING:
    from shapely import Geometry

_CLOSED: Final = "doorroute:closed"  # our own tag, on the pieces of ways that are closed
_GATE_REACH_M: Final = 30.0  # a gate further than this from every street closes none
_GATE_M: Final = 0.5
_LINE_M: Final = 5.0  # the precision of streets traced by hand
_SEALED_M: Final = 10.0  # a barrier this close to a gate in a wall seals it
_LEAST_M: Final = 0.05
SLIVER_M: Final = 2.0
"""A closed piece no longer than this is a gate: doors next to it are reached from its two sides."""

Interval = tuple[float, float, frozenset[Profile]]


@dataclass(frozen=True, kw_only=True)
class Barrier:
    """A drawn barrier: its number in the file, its shape (shapely, degrees), the profiles that it stops."""

    number: int
    shape: Any
    stops: frozenset[Profile]


def read_barriers(path: Path) -> tuple[Barrier, ...]:
    """Read a GeoJSON file (RFC 7946: degrees, WGS 84).

    A feature's property `profiles` (such as `["car"]`) lists the profiles that it stops; without it, all.

    Raises
    ------
    BadInputError
        `BARRIERS_MISSING`, `BARRIERS_BROKEN`: no such file, or not GeoJSON; `BARRIER_WRONG`: a wrong feature.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8-sig"))
        features = list(_features(document))
    except OSError as error:
        raise BadInputError(
            "BARRIERS_MISSING",
            msg("The file of barriers {file} cannot be opened.", file=path.name),
            msg("Check its path."),
        ) from error
    except (ValueError, RecursionError) as error:
        raise BadInputError(
            "BARRIERS_BROKEN",
            msg("The file of barriers {file} is not GeoJSON.", file=path.name),
            msg(
                "Draw points, lines or areas, for example on geojson.io or in QGIS,"
                " and save them as GeoJSON (WGS 84)."
            ),
        ) from error
    return tuple(_barrier(number, feature, path.name) for number, feature in enumerate(features, start=1))


def work_in(graph: Graph, barriers: Sequence[Barrier]) -> tuple[Graph, tuple[int, ...]]:
    """Cut the edges where they are closed; return the graph and the barriers that touch no street."""
    low = np.minimum.reduceat(graph.vertex, graph.vertex_ptr[:-1])
    high = np.maximum.reduceat(graph.vertex, graph.vertex_ptr[:-1])
    closed: dict[int, list[Interval]] = defaultdict(list)
    idle = []
    for barrier in barriers:
        found = dict(_closed_by(graph, barrier, low, high))
        for edge, spans in found.items():
            closed[edge] += [(start, end, barrier.stops) for start, end in spans]
        if not found:
            idle.append(barrier.number)
    graph = replace(graph, obstacles=_of_today(graph.obstacles, barriers))
    return (_cut(graph, closed) if closed else graph), tuple(idle)


def _of_today(around: Obstacles, barriers: Sequence[Barrier]) -> Obstacles:
    """Close wall openings at barriers for walkers, and add the barriers' lines."""
    import shapely

    shut = np.zeros(len(around.opening), dtype=np.bool_)
    scale = metres_per_unit(around.opening) * DEGREE
    openings = shapely.points(around.opening / DEGREE * scale)
    lines = []
    for barrier in barriers:
        if Profile.FOOT in barrier.stops:
            drawn = shapely.transform(barrier.shape, lambda points: points * scale)
            shut |= shapely.dwithin(openings, drawn, _SEALED_M)
            lines += [
                np.rint(shapely.get_coordinates(line) * DEGREE).astype(np.int64)
                for line in _lines(barrier.shape)
            ]
    return replace(
        around, opening=around.opening[~shut], sealed=around.opening[shut], drawn=wall_pieces(lines)
    )


def _lines(shape: Geometry) -> Iterator[Geometry]:
    """Yield the lines of a shape and the outlines of its areas."""
    for part in shape.geoms if hasattr(shape, "geoms") else (shape,):
        if hasattr(part, "geoms"):
            yield from _lines(part)
        elif part.geom_type == "Polygon":
            yield from (part.exterior, *part.interiors)
        elif "Line" in part.geom_type:
            yield part


def closed_edges(graph: Graph, profile: Profile) -> NDArray[np.bool_]:
    """Return (m,) bool, the edges that a barrier closes for `profile`."""
    by_tags = np.asarray(
        [profile.value in tags.get(_CLOSED, "").split() for tags in graph.tag_sets], dtype=np.bool_
    )
    return by_tags[graph.tags]


def _features(document: object) -> Iterator[Mapping[str, Any]]:
    if not isinstance(document, dict):
        raise ValueError("no object")  # noqa: TRY004  # the caller handles one kind of error
    if document.get("type") == "FeatureCollection":
        members = document.get("features")
        if not isinstance(members, list):
            raise ValueError("no list of features")
        for member in members:
            yield from _features(member)
    elif document.get("type") == "Feature":
        yield document
    elif "type" in document:
        yield {"geometry": document}
    else:
        raise ValueError("no type")


def _barrier(number: int, feature: Mapping[str, Any], file: str) -> Barrier:
    import shapely
    from shapely.geometry import shape

    refused = BadInputError(
        "BARRIER_WRONG",
        msg("Barrier {number} in {file} cannot be used.", number=number, file=file),
        msg(
            "Draw points, lines or areas in degrees (WGS 84, longitude first);"
            " the property `profiles` may list {known}.",
            known=", ".join(Profile),
        ),
    )
    try:
        drawn = shapely.make_valid(shape(feature["geometry"]))
        words = (feature.get("properties") or {}).get("profiles")
        stops = frozenset(Profile) if words is None else frozenset(Profile(word) for word in words)
        west, south, east, north = drawn.bounds
    except (
        TypeError,
        ValueError,
        KeyError,
        AttributeError,
        IndexError,
        shapely.errors.ShapelyError,
    ) as error:
        raise refused from error
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90 and stops):
        raise refused
    return Barrier(number=number, shape=drawn, stops=stops)


def _closed_by(
    graph: Graph, barrier: Barrier, low: NDArray[np.int32], high: NDArray[np.int32]
) -> Iterator[tuple[int, list[tuple[float, float]]]]:
    """Yield each edge that the barrier closes, with the closed spans in metres from its tail.

    low, high : (m, 2), the corners of the edges' bounding boxes.
    """
    import shapely

    middle = (barrier.shape.bounds[1] + barrier.shape.bounds[3]) / 2
    east, north = metres_per_degree(np.asarray([middle]))
    scale = np.asarray([max(float(east[0]), 1.0), float(north[0])])

    def near(shape: Geometry, reach_m: float) -> NDArray[np.int64]:
        corners = np.asarray(shape.bounds).reshape(2, 2)
        first, last = (corners + np.asarray([[-reach_m], [reach_m]])) / scale * DEGREE
        found: NDArray[np.int64] = np.flatnonzero(((high >= first) & (low <= last)).all(axis=1))
        return found

    def line(edge: int) -> NDArray[np.float64]:
        span = slice(int(graph.vertex_ptr[edge]), int(graph.vertex_ptr[edge + 1]))
        points: NDArray[np.float64] = graph.vertex[span] / DEGREE * scale
        return points

    areas = []
    for part in shapely.get_parts(shapely.transform(barrier.shape, lambda points: points * scale)):
        if part.geom_type == "Point":
            streets = [shapely.linestrings(line(edge)) for edge in near(part, _GATE_REACH_M).tolist()]
            street = min(streets, key=part.distance, default=None)
            if street is not None and part.distance(street) <= _GATE_REACH_M:
                areas.append(street.interpolate(street.project(part)).buffer(_GATE_M))
        else:
            areas.append(part.buffer(_LINE_M) if "Line" in part.geom_type else part)
    if not areas:
        return
    area = shapely.union_all(areas)
    shapely.prepare(area)
    for edge in near(area, 0.0).tolist():
        points = line(edge)
        if spans := list(
            _inside(points, graph.vertex_m[graph.vertex_ptr[edge] : graph.vertex_ptr[edge + 1]], area)
        ):
            yield edge, spans


def _inside(
    points: NDArray[np.float64],
    metres: NDArray[np.float64],
    area: Geometry,
) -> Iterator[tuple[float, float]]:
    """Yield the spans of a line within the area, segment by segment, in metres as given for its vertices."""
    import shapely

    segments = shapely.linestrings(np.stack([points[:-1], points[1:]], axis=1))
    for number in np.flatnonzero(shapely.intersects(segments, area)).tolist():
        whole = float(np.hypot(*(points[number + 1] - points[number]))) or 1.0
        for part in shapely.get_parts(shapely.intersection(segments[number], area)):
            shares = np.hypot(*(shapely.get_coordinates(part) - points[number]).T) / whole
            if len(shares) > 1:
                step = metres[number + 1] - metres[number]
                yield float(metres[number] + shares.min() * step), float(metres[number] + shares.max() * step)


def _cut(graph: Graph, closed: Mapping[int, Sequence[Interval]]) -> Graph:
    """Replace the edges that are partly closed by pieces; tag the closed pieces with the profiles stopped."""
    tag_sets = [dict(tags) for tags in graph.tag_sets]
    known: dict[tuple[int, frozenset[Profile]], int] = {}
    nodes = len(graph.node_id)
    tail, head, way, tags, vertex, metres = [], [], [], [], [], []
    for edge, spans in closed.items():
        span = slice(int(graph.vertex_ptr[edge]), int(graph.vertex_ptr[edge + 1]))
        at, line = graph.vertex_m[span], graph.vertex[span]
        cuts = _cuts(spans, float(at[-1]))
        before = int(graph.tail[edge])
        for start, end in pairwise(cuts):
            stops = frozenset[Profile]().union(*(who for a, b, who in spans if a <= (start + end) / 2 <= b))
            name = (int(graph.tags[edge]), stops)
            if stops and name not in known:
                known[name] = len(tag_sets)
                tag_sets.append({**graph.tag_sets[name[0]], _CLOSED: " ".join(sorted(stops))})
            inner = (at > start) & (at < end)
            ends = [[np.interp(metre, at, line[:, axis]) for axis in (0, 1)] for metre in (start, end)]
            after = int(graph.head[edge]) if end == cuts[-1] else nodes
            nodes += end != cuts[-1]
            tail.append(before)
            head.append(after)
            way.append(graph.way[edge])
            tags.append(known.get(name, name[0]))
            vertex.append(np.rint(np.vstack([ends[0], line[inner], ends[1]])).astype(np.int32))
            metres.append(np.r_[0.0, at[inner] - start, end - start])
            before = after
    kept = np.ones(len(graph.tail), dtype=np.bool_)
    kept[list(closed)] = False
    counts = np.diff(graph.vertex_ptr)
    kept_vertex = np.repeat(kept, counts)
    new_ids = np.arange(1, nodes - len(graph.node_id) + 1) + graph.node_id[-1]
    return replace(
        graph,
        tail=np.r_[graph.tail[kept], np.asarray(tail, dtype=np.int32)],
        head=np.r_[graph.head[kept], np.asarray(head, dtype=np.int32)],
        vertex_ptr=np.r_[0, np.cumsum(np.r_[counts[kept], [len(line) for line in vertex]])].astype(np.int64),
        vertex=np.vstack([graph.vertex[kept_vertex], *vertex]),
        vertex_m=np.r_[graph.vertex_m[kept_vertex], np.concatenate(metres)],
        way=np.r_[graph.way[kept], np.asarray(way, dtype=np.int64)],
        tags=np.r_[graph.tags[kept], np.asarray(tags, dtype=np.int32)],
        node_id=np.r_[graph.node_id, new_ids],
        tag_sets=tuple(tag_sets),
    )


def _cuts(spans: Sequence[Interval], length: float) -> list[float]:
    """Return where to cut an edge, including both ends, with at least `_LEAST_M` between cuts."""
    cuts = [0.0]
    for metre in sorted(end for span in spans for end in span[:2]):
        if cuts[-1] + _LEAST_M < metre < length - _LEAST_M:
            cuts.append(metre)
    return [*cuts, length]
