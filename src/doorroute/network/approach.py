"""Find how a door is reached from the street: by entrance and gate, not through walls or today's barriers."""

from __future__ import annotations

from dataclasses import fields, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from doorroute.model.team import Profile
from doorroute.network.barriers import closed_edges
from doorroute.network.compiling import Graph, distance_m
from doorroute.network.obstacles import metres_per_unit
from doorroute.network.raw import DEGREE
from doorroute.network.snapping import REACH_M, Grid, Snapped, on_segments, snap

if TYPE_CHECKING:
    from shapely import STRtree

_INSIDE_M: Final = 2.0  # a door this close to the outline of its building marks an entrance itself
_ROOM_M: Final = 50.0  # in a larger building some entrances may be unmapped
_TOUCH_M: Final = 0.5  # a wall this close to the end of a line is not crossed
_OPEN_M: Final = 2.0  # the width of a gate
_FURTHER_M: Final = 150.0  # the longest detour around a wall off the streets

Rows = NDArray[np.int64]
Degrees = NDArray[np.float64]  # (n, 2), east and north
Metres = NDArray[np.float64]


class Approach:
    """Find how doors are reached from the streets in `grid`."""

    def __init__(self, graph: Graph, grid: Grid) -> None:
        self.graph, self.grid = graph, grid
        self._around = graph.obstacles
        self._scale = metres_per_unit(graph.vertex) * DEGREE  # a town is flat enough to test crossings

    def snap(self, doors: Degrees) -> Snapped:
        """Return where `doors` touch the streets: through an entrance of their building, and around walls."""
        found = self._round_walls(doors)
        if not len(self._around.entrance):
            return found
        door, entrance = self._entrances(doors, np.stack([found.lon, found.lat], axis=1))
        inside = _metres(doors[door], self._around.entrance[entrance] / DEGREE)
        door, entrance = door[inside <= _ROOM_M], entrance[inside <= _ROOM_M]
        at = self._around.entrance[entrance] / DEGREE
        by = self._round_walls(at)
        by.via[:, 0] = at
        by = replace(by, offset_m=by.offset_m + _metres(doors[door], at))
        return _put(found, *_least(door, by))

    def _entrances(self, doors: Degrees, streets: Degrees) -> tuple[Rows, Rows]:
        """Return pairs of a door and an entrance of its building, unless the nearest street is indoors."""
        import shapely

        points, touched = (shapely.points(each * self._scale) for each in (doors, streets))
        door, home = self._homes.query(points, predicate="within")
        outline = shapely.get_exterior_ring(self._homes.geometries[home])
        deep = (shapely.distance(points[door], outline) > _INSIDE_M) & ~shapely.contains(
            self._homes.geometries[home], touched[door]
        )
        pairs = [
            (d, e)
            for d, h in zip(door[deep], home[deep], strict=True)
            for e in np.flatnonzero(self._around.entrance_home == h)
        ]
        both = np.asarray(pairs, dtype=np.int64).reshape(-1, 2)
        return both[:, 0], both[:, 1]

    def _round_walls(self, doors: Degrees) -> Snapped:
        found = snap(self.graph, self.grid, doors[:, 0], doors[:, 1])
        if not len(self._around.wall) and not len(self._around.drawn):
            return found
        at = np.stack([found.lon, found.lat], axis=1)
        over = self._over_barriers(doors, at, found.edge)
        hidden = np.flatnonzero(self._through_walls(doors, at) | over)
        reach = np.minimum(found.offset_m + _FURTHER_M, REACH_M)
        found, lost = self._walked_around(found, doors, hidden, reach)
        # Where nothing is in sight, the map shows no exit: ignore the walls. But a door behind a barrier of
        # today may search as far as necessary, and if it finds nothing, it is closed in.
        kept_in = lost[over[lost] | self._sees_sealed(doors[lost], reach[lost])]
        found, lost = self._walked_around(found, doors, kept_in, np.full(len(doors), REACH_M))
        found.shut[lost] = True
        return found

    def _walked_around(
        self, found: Snapped, doors: Degrees, hidden: Rows, reach_m: Metres
    ) -> tuple[Snapped, Rows]:
        """Move the `hidden` doors to a street or gate in sight within `reach_m` (n,); return the rest too."""
        if not len(hidden):
            return found, hidden
        seen, street = self._streets_in_sight(doors[hidden], reach_m[hidden])
        gate, outside = self._gates_in_sight(doors[hidden], reach_m[hidden])
        which, by = _least(np.r_[seen, gate], street.joined(outside))
        near = np.flatnonzero(by.offset_m <= reach_m[hidden[which]])
        return _put(found, hidden[which[near]], by.rows(near)), np.delete(hidden, which[near])

    def _streets_in_sight(self, doors: Degrees, reach_m: Metres) -> tuple[Rows, Snapped]:
        import shapely

        rows, tree = self._segments
        points = shapely.points(doors * self._scale)
        door, which = tree.query(points, predicate="dwithin", distance=reach_m)
        share = shapely.line_locate_point(tree.geometries[which], points[door], normalized=True)
        street = on_segments(self.graph, self.grid, rows[which], share, np.zeros(len(which)))
        at = np.stack([street.lon, street.lat], axis=1)
        clear = np.flatnonzero(~self._blocked(doors[door], at, street.edge))
        street = replace(street, offset_m=_metres(doors[door], at))
        return door[clear], street.rows(clear)

    def _gates_in_sight(self, doors: Degrees, reach_m: Metres) -> tuple[Rows, Snapped]:
        import shapely

        gates = self._around.opening / DEGREE
        door, gate = self._openings.query(
            shapely.points(doors * self._scale), predicate="dwithin", distance=reach_m
        )
        clear = ~self._blocked(doors[door], gates[gate])
        door, gate = door[clear], gate[clear]
        used, back = np.unique(gate, return_inverse=True)
        street = snap(self.graph, self.grid, gates[used, 0], gates[used, 1])
        behind = self._blocked(gates[used], np.stack([street.lon, street.lat], axis=1), street.edge) | (
            street.edge < 0
        )
        open_ = np.flatnonzero(~behind[back])
        door, gate, street = door[open_], gate[open_], street.rows(back[open_])
        street.via[:, 1] = gates[gate]
        return door, replace(street, offset_m=street.offset_m + _metres(doors[door], gates[gate]))

    def _blocked(self, starts: Degrees, ends: Degrees, edge: Rows | int = -1) -> NDArray[np.bool_]:
        """Return (n,) bool, the pairs with a wall or barrier between. edge : (n,), final street or -1."""
        return self._through_walls(starts, ends) | self._over_barriers(starts, ends, edge)

    def _through_walls(self, starts: Degrees, ends: Degrees) -> NDArray[np.bool_]:
        import shapely

        line, at = self._crossed(self._walls, starts, ends)
        if len(self._around.opening):
            gap = self._openings.query(shapely.points(at), predicate="dwithin", distance=_OPEN_M)[0]
            line = np.delete(line, np.unique(gap))
        return np.isin(np.arange(len(starts)), line)

    def _over_barriers(self, starts: Degrees, ends: Degrees, edge: Rows | int) -> NDArray[np.bool_]:
        """Return the pairs with a barrier of the day between them; not if it closes the street at the end."""
        line, _ = self._crossed(self._drawn, starts, ends)
        return np.isin(np.arange(len(starts)), line) & ~self._closed[edge]

    def _sees_sealed(self, doors: Degrees, reach_m: Metres) -> NDArray[np.bool_]:
        """Return the doors from which people would walk to an opening that is sealed today."""
        import shapely

        sealed = self._around.sealed / DEGREE
        tree = shapely.STRtree(shapely.points(sealed * self._scale))
        door, gate = tree.query(shapely.points(doors * self._scale), predicate="dwithin", distance=reach_m)
        return np.isin(np.arange(len(doors)), door[~self._through_walls(doors[door], sealed[gate])])

    def _crossed(self, tree: STRtree, starts: Degrees, ends: Degrees) -> tuple[Rows, Degrees]:
        """Return the pairs whose line crosses one in `tree`, and where, in metres; NaN crosses nothing."""
        import shapely

        real = np.flatnonzero(~np.isnan(ends).any(axis=1))
        a, b = starts[real] * self._scale, ends[real] * self._scale
        line, wall = tree.query(shapely.linestrings(np.stack([a, b], axis=1)), predicate="intersects")
        ends_ = shapely.get_coordinates(tree.geometries[wall]).reshape(-1, 2, 2)
        at, crossed = _crossing(a[line], b[line], ends_[:, 0], ends_[:, 1])
        crossed &= np.minimum(np.hypot(*(at - a[line]).T), np.hypot(*(at - b[line]).T)) > _TOUCH_M
        return real[line[crossed]], at[crossed]

    @cached_property
    def _closed(self) -> NDArray[np.bool_]:
        """Return (m + 1,) bool, the edges that a barrier closes for walkers; the last is for no edge."""
        return np.append(closed_edges(self.graph, Profile.FOOT), False)

    @cached_property
    def _walls(self) -> STRtree:
        import shapely

        return shapely.STRtree(shapely.linestrings(self._around.wall / DEGREE * self._scale))

    @cached_property
    def _drawn(self) -> STRtree:
        import shapely

        return shapely.STRtree(shapely.linestrings(self._around.drawn / DEGREE * self._scale))

    @cached_property
    def _openings(self) -> STRtree:
        import shapely

        return shapely.STRtree(shapely.points(self._around.opening / DEGREE * self._scale))

    @cached_property
    def _homes(self) -> STRtree:
        import shapely

        corners, ptr = self._around.home / DEGREE * self._scale, self._around.home_ptr
        rings = shapely.linearrings(corners, indices=np.repeat(np.arange(len(ptr) - 1), np.diff(ptr)))
        return shapely.STRtree(shapely.polygons(rings))

    @cached_property
    def _segments(self) -> tuple[Rows, STRtree]:
        """Return the rows of the grid, each segment once, and a tree of the segments."""
        import shapely

        segment, rows = np.unique(self.grid.segment, return_index=True)
        ends = np.stack([self.graph.vertex[segment], self.graph.vertex[segment + 1]], axis=1)
        return rows, shapely.STRtree(shapely.linestrings(ends / DEGREE * self._scale))


def _crossing(
    a: NDArray[np.float64], b: NDArray[np.float64], c: NDArray[np.float64], d: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return where the lines a-b and c-d cross, and whether they do; parallel lines do not."""
    along, wall = b - a, d - c
    cross = along[:, 0] * wall[:, 1] - along[:, 1] * wall[:, 0]
    between = c - a
    with np.errstate(divide="ignore", invalid="ignore"):
        share = (between[:, 0] * wall[:, 1] - between[:, 1] * wall[:, 0]) / cross
    return a + share[:, None] * along, np.isfinite(share)


def _metres(a: Degrees, b: Degrees) -> Metres:
    x, y, x2, y2 = (column * DEGREE for column in (a[:, 0], a[:, 1], b[:, 0], b[:, 1]))
    return distance_m(x, y, x2, y2)


def _least(door: Rows, by: Snapped) -> tuple[Rows, Snapped]:
    """Return each door once, with its shortest connection in `by`; infinite ones are ignored."""
    order = np.lexsort((by.edge, by.offset_m, by.shut, door))
    order = order[np.isfinite(by.offset_m[order])]
    which, first = np.unique(door[order], return_index=True)
    return which, by.rows(order[first])


def _put(found: Snapped, door: Rows, by: Snapped) -> Snapped:
    """Return `found` with the rows `door` replaced by `by`."""
    changed = {field.name: getattr(found, field.name).copy() for field in fields(Snapped)}
    for name, column in changed.items():
        column[door] = getattr(by, name)
    return Snapped(**changed)
