"""Find the nearest point of a street for each door."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from doorroute.machine_code import allocating
from doorroute.network.compiling import Graph, metres_per_degree
from doorroute.network.raw import DEGREE

REACH_M: Final = 500.0
"""A point further than this from every street is outside the extract or in water."""

_CELL_M: Final = 60.0  # about the length of a segment in a town

_EVEN_M: Final = 1e-6  # streets whose distances differ by less are equally near


@dataclass(frozen=True, kw_only=True)
class Snapped:
    """Where points touch the streets.

    edge : (n,) int64, position in the graph, -1 if nothing is near. along_m : (n,) float64, metres from the
    edge's tail. offset_m : (n,) float64, metres from the point to the street, inf if nothing is near. lon,
    lat : (n,) float64, degrees, the point on the street, NaN if nothing is near. via : (n, 2, 2) float64,
    degrees, the entrance and the gate between point and street, NaN if there is none. shut : (n,) bool,
    whether barriers of the day separate the point from every street.
    """

    edge: NDArray[np.int64]
    along_m: NDArray[np.float64]
    offset_m: NDArray[np.float64]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    via: NDArray[np.float64]
    shut: NDArray[np.bool_]

    def rows(self, rows: NDArray[np.int64]) -> Snapped:
        """Return the points in `rows`."""
        return Snapped(**{field.name: getattr(self, field.name)[rows] for field in fields(self)})

    def joined(self, other: Snapped) -> Snapped:
        """Return these points and then those of `other`."""
        names = [field.name for field in fields(self)]
        return Snapped(
            **{name: np.concatenate([getattr(self, name), getattr(other, name)]) for name in names}
        )


class Grid(NamedTuple):
    """The segments in each cell of a grid. A segment is named by the vertex where it starts.

    size : (2,) int64, width and height of a cell in 1e-7 degrees. corner : (2,) int64, the south-west corner.
    shape : (2,) int64, columns and rows. ptr : (cells + 1,) int64; segment, edge : (k,) int64. rank : (k,)
    int64: of equally near segments, the one with the lowest rank is taken.
    """

    size: NDArray[np.int64]
    corner: NDArray[np.int64]
    shape: NDArray[np.int64]
    ptr: NDArray[np.int64]
    segment: NDArray[np.int64]
    edge: NDArray[np.int64]
    rank: NDArray[np.int64]


def build_grid(graph: Graph, wanted: NDArray[np.bool_], private: NDArray[np.bool_]) -> Grid:
    """Build a grid of the segments of the `wanted` edges; at equal distance, `private` ones come last.

    wanted, private : (m,) bool.
    """
    starts = np.ones(len(graph.vertex), dtype=np.bool_)
    starts[graph.vertex_ptr[1:] - 1] = False
    edge_of = np.repeat(np.arange(len(graph.tail)), np.diff(graph.vertex_ptr))
    segment = np.flatnonzero(starts & wanted[edge_of])
    ends = np.stack([graph.vertex[segment], graph.vertex[segment + 1]]).astype(np.int64)
    low, high = ends.min(axis=0), ends.max(axis=0)
    corner = low.min(axis=0, initial=2**31)
    middle = np.asarray(
        [
            (low[:, 1].min(initial=2**31) + high[:, 1].max(initial=-(2**31))) / 2 / DEGREE
            if len(segment)
            else 0.0
        ]
    )
    east, north = metres_per_degree(middle)
    size = np.asarray([_CELL_M / max(east[0], 1.0) * DEGREE, _CELL_M / north[0] * DEGREE]).astype(np.int64)
    while True:  # segments across the whole map would fill every cell: enlarge the cells
        first, last = (low - corner) // size, (high - corner) // size
        shape = last.max(axis=0, initial=0) + 1
        columns, rows = (last - first + 1).T
        if (
            int((columns * rows).sum()) <= 8 * len(segment) + 64
            and int(shape.prod()) <= 8 * len(segment) + 64
        ):
            break
        size = size * 2
    counts = columns * rows
    which = np.repeat(np.arange(len(segment)), counts)
    inner = np.arange(len(which)) - np.repeat(np.cumsum(counts) - counts, counts)
    column = first[which, 0] + inner % np.maximum(columns[which], 1)
    row = first[which, 1] + inner // np.maximum(columns[which], 1)
    cell = row * shape[0] + column
    order = np.argsort(cell, kind="stable")
    return Grid(
        size=size,
        corner=corner,
        shape=shape,
        ptr=np.searchsorted(cell[order], np.arange(int(shape.prod()) + 1)).astype(np.int64),
        segment=segment[which][order],
        edge=edge_of[segment][which][order],
        rank=(segment + private[edge_of[segment]] * len(graph.vertex))[which][order],
    )


def snap(graph: Graph, grid: Grid, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> Snapped:
    """Return the nearest point of a street, within REACH_M, for each point in degrees."""
    x, y = lon * DEGREE, lat * DEGREE
    east, north = metres_per_degree(lat)
    scale = np.stack([np.maximum(east, 1.0), north], axis=1) / DEGREE
    found, share, offset = _nearest(np.stack([x, y], axis=1), scale, grid, graph.vertex, REACH_M)
    return on_segments(graph, grid, found, share, offset)


def on_segments(
    graph: Graph,
    grid: Grid,
    row: NDArray[np.int64],
    share: NDArray[np.float64],
    offset_m: NDArray[np.float64],
) -> Snapped:
    """Return the points at the `share` of the segments in the rows `row` of `grid`; -1 means none."""
    near = row >= 0
    segment = grid.segment[row] if len(grid.segment) else np.zeros(len(row), dtype=np.int64)
    edge = grid.edge[row] if len(grid.edge) else np.full(len(row), -1)
    a, b = graph.vertex[segment].astype(np.float64), graph.vertex[segment + near].astype(np.float64)
    at = a + share[:, None] * (b - a)
    along = graph.vertex_m[segment] * (1 - share) + graph.vertex_m[segment + near] * share
    return Snapped(
        edge=np.where(near, edge, -1).astype(np.int64),
        along_m=np.where(near, along, 0.0),
        offset_m=np.where(near, offset_m, np.inf),
        lon=np.where(near, at[:, 0] / DEGREE, np.nan),
        lat=np.where(near, at[:, 1] / DEGREE, np.nan),
        via=np.full((len(row), 2, 2), np.nan),
        shut=np.zeros(len(row), dtype=np.bool_),
    )


@allocating
def _nearest(
    points: NDArray[np.float64],
    scale: NDArray[np.float64],
    grid: Grid,
    vertex: NDArray[np.int32],
    reach: float,
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    """Return the row in `grid` of each point's nearest segment (-1: none), the share passed, and the metres.

    points : (n, 2), 1e-7 degrees. scale : (n, 2), metres of one 1e-7 degree east and north there.
    """
    n = len(points)
    found = np.full(n, -1, dtype=np.int64)
    share = np.zeros(n)
    metres = np.full(n, np.inf)
    columns, rows = grid.shape
    for i in range(n):
        column = int((points[i, 0] - grid.corner[0]) // grid.size[0])
        row = int((points[i, 1] - grid.corner[1]) // grid.size[1])
        in_reach = reach / (grid.size[1] * scale[i, 1]) + 1
        if row < -in_reach or row > rows + in_reach:
            continue  # near the poles the columns would never end
        # each ring further out is at least this much further away
        step = 0.98 * min(grid.size[0] * scale[i, 0], grid.size[1] * scale[i, 1])
        ring = 0
        while (ring - 1) * step <= min(reach, metres[i]):
            for r in range(max(row - ring, 0), min(row + ring, rows - 1) + 1):
                # the rows in the middle have only the two sides of the ring
                stride = 1 if abs(r - row) == ring else max(1, 2 * ring)
                for c in range(column - ring, column + ring + 1, stride):
                    if 0 <= c < columns:
                        for k in range(grid.ptr[r * columns + c], grid.ptr[r * columns + c + 1]):
                            away, t = _to_segment(points[i], scale[i], vertex, grid.segment[k])
                            nearer = away < metres[i] - _EVEN_M
                            if away <= reach and (
                                nearer or (away <= metres[i] + _EVEN_M and grid.rank[k] < grid.rank[found[i]])
                            ):
                                found[i], share[i], metres[i] = k, t, away
            ring += 1
    return found, share, metres


@allocating
def _to_segment(
    point: NDArray[np.float64], scale: NDArray[np.float64], vertex: NDArray[np.int32], start: int
) -> tuple[float, float]:
    """Return the metres from the point to the segment that starts at a vertex, and the share passed."""
    ax, ay = (vertex[start, 0] - point[0]) * scale[0], (vertex[start, 1] - point[1]) * scale[1]
    bx, by = (vertex[start + 1, 0] - point[0]) * scale[0], (vertex[start + 1, 1] - point[1]) * scale[1]
    dx, dy = bx - ax, by - ay
    length2 = dx * dx + dy * dy
    t = min(1.0, max(0.0, -(ax * dx + ay * dy) / length2)) if length2 > 0 else 0.0
    return np.hypot(ax + t * dx, ay + t * dy), t
