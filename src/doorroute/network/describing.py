"""Describe a leg: its streets by name, in order, with steps, lifts and ferries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from doorroute.model.directions import Direction, DirectionKind
from doorroute.network.compiling import Graph
from doorroute.network.profiles import FERRY, way_class
from doorroute.network.raw import DEGREE
from doorroute.network.snapping import Grid, build_grid, snap

_BRIEF_M: Final = 15.0  # crossing a street is not walking along it
_BESIDE_M: Final = 20.0  # the largest distance of a sidewalk from its street
_PARALLEL: Final = float(np.cos(np.radians(25)))
_WALKWAYS: Final = frozenset({"footway", "cycleway", "path"})


class Describer:
    """Names the edges of a graph; sidewalks mapped as separate ways are named after their street."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        named = np.asarray([_lends_its_name(tags) for tags in graph.tag_sets], dtype=np.bool_)
        wanted = named[graph.tags]
        self._grid: Grid = build_grid(graph, wanted, np.zeros(len(wanted), dtype=np.bool_))

    def describe(self, directions: Sequence[int], metres: Sequence[float]) -> tuple[Direction, ...]:
        """Describe a leg along directed edges, `metres` of each, without short crossings of other streets."""
        parts: list[tuple[DirectionKind, str, float]] = []
        for direction, length in zip(directions, metres, strict=True):
            kind, name = self._name_of(direction)
            if kind is DirectionKind.STREET and not name:
                continue
            if parts and parts[-1][:2] == (kind, name):
                parts[-1] = (kind, name, parts[-1][2] + length)
            else:
                parts.append((kind, name, length))
        long = [part for part in parts if part[0] is not DirectionKind.STREET or part[2] >= _BRIEF_M] or parts
        merged: list[tuple[DirectionKind, str, float]] = []
        for kind, name, length in long:
            if merged and merged[-1][:2] == (kind, name):
                merged[-1] = (kind, name, merged[-1][2] + length)
            else:
                merged.append((kind, name, length))
        return tuple(Direction(kind=kind, name=name, metres=round(length)) for kind, name, length in merged)

    def _name_of(self, direction: int) -> tuple[DirectionKind, str]:
        edge, back = divmod(direction, 2)
        tags = self._graph.tag_sets[self._graph.tags[edge]]
        if tags.get("highway") == "steps":
            return _steps(tags.get("incline", ""), back=bool(back)), ""
        if tags.get("highway") == "elevator":
            return DirectionKind.LIFT, ""
        if way_class(tags) == FERRY:
            return DirectionKind.FERRY, tags.get("name") or tags.get("ref", "")
        name = tags.get("name") or tags.get("ref", "")
        if not name and tags.get("highway") in _WALKWAYS and tags.get("footway") != "crossing":
            name = self._parallel_street(edge)
        return DirectionKind.STREET, name

    def _parallel_street(self, edge: int) -> str:
        """Return the name of the street that runs along the edge, '' if there is none."""
        graph = self._graph
        first, last = int(graph.vertex_ptr[edge]), int(graph.vertex_ptr[edge + 1]) - 1
        middle = (graph.vertex[first].astype(np.float64) + graph.vertex[last]) / 2 / DEGREE
        near = snap(graph, self._grid, middle[:1], middle[1:])
        if not near.offset_m[0] <= _BESIDE_M:
            return ""
        street = int(near.edge[0])
        if abs(float(self._bearing(edge) @ self._bearing(street))) < _PARALLEL:
            return ""
        name: str = graph.tag_sets[graph.tags[street]].get("name", "")
        return name

    def _bearing(self, edge: int) -> NDArray[np.float64]:
        """Return the unit vector from end to end (0 for a ring)."""
        ends = self._graph.vertex[
            [self._graph.vertex_ptr[edge], self._graph.vertex_ptr[edge + 1] - 1]
        ].astype(np.float64)
        ends[:, 0] *= np.cos(np.radians(ends[0, 1] / DEGREE))
        vector: NDArray[np.float64] = ends[1] - ends[0]
        return vector / max(float(np.hypot(*vector)), 1e-9)


def _lends_its_name(tags: Mapping[str, str]) -> bool:
    silent = _WALKWAYS | {"steps", "elevator", "corridor", FERRY}
    return "name" in tags and "highway" in tags and not {tags["highway"], way_class(tags)} & silent


def _steps(incline: str, *, back: bool) -> DirectionKind:
    """Return whether steps lead up or down; `incline` is along the way as drawn, and may be a number."""
    rises = incline == "up" or (incline[:1].isdigit() and incline.strip("0.%°") != "")
    falls = incline == "down" or incline.startswith("-")
    if not rises and not falls:
        return DirectionKind.STEPS
    return DirectionKind.STEPS_UP if rises != back else DirectionKind.STEPS_DOWN
