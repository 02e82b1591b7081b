"""Build the graph of an extract: cut ways into edges, with their full geometry, at shared or tagged nodes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from doorroute.errors import BadInputError
from doorroute.network.obstacles import NO_OBSTACLES, Obstacles
from doorroute.network.raw import DEGREE, RawStreets, Restriction
from doorroute.texts import msg

# The ellipsoid WGS 84: equatorial radius in metres, and the square of the first eccentricity.
_RADIUS_M = 6_378_137.0
_ECCENTRICITY2 = 6.694379990141e-3
_JUMP_M: Final = 100_000.0  # a larger distance between two vertices is an error; ferries go half as far
_MEET: Final = 250  # edges at one node; more would make endless turns


@dataclass(frozen=True, kw_only=True)
class Graph:
    """The streets as arrays; n nodes, m edges, v vertices.

    tail, head : (m,) int32, the nodes at the ends of an edge. vertex_ptr : (m + 1,) int64: an edge's vertices
    are `vertex[vertex_ptr[e]:vertex_ptr[e + 1]]`. vertex : (v, 2) int32, 1e-7 degrees, east and north.
    vertex_m : (v,) float64, metres from the edge's tail. way : (m,) int64, the id of the OSM way. tags : (m,)
    int32, position in `tag_sets`. node_id : (n,) int64.
    """

    tail: NDArray[np.int32]
    head: NDArray[np.int32]
    vertex_ptr: NDArray[np.int64]
    vertex: NDArray[np.int32]
    vertex_m: NDArray[np.float64]
    way: NDArray[np.int64]
    tags: NDArray[np.int32]
    node_id: NDArray[np.int64]
    tag_sets: tuple[Mapping[str, str], ...]
    node_tags: Mapping[int, Mapping[str, str]]
    restrictions: tuple[Restriction, ...]
    obstacles: Obstacles = NO_OBSTACLES

    @property
    def length_m(self) -> NDArray[np.float64]:
        """Return (m,) float64, the length of each edge in metres."""
        return self.vertex_m[self.vertex_ptr[1:] - 1]


def metres_per_degree(lat: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the metres of one degree east and one degree north at the latitudes `lat` (WGS 84)."""
    phi = np.radians(lat)
    bend = 1 - _ECCENTRICITY2 * np.sin(phi) ** 2
    east = _RADIUS_M / np.sqrt(bend) * np.cos(phi)
    north = _RADIUS_M * (1 - _ECCENTRICITY2) / bend**1.5
    return np.radians(1) * east, np.radians(1) * north


def distance_m(
    x: NDArray[np.float64], y: NDArray[np.float64], x2: NDArray[np.float64], y2: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the metres between nearby points in 1e-7 degrees (exact to 1e-6 at a kilometre)."""
    east, north = metres_per_degree((y + y2) / 2 / DEGREE)
    return np.hypot((x2 - x) / DEGREE * east, (y2 - y) / DEGREE * north)


def tangled() -> BadInputError:
    """Return the error for data that cannot be streets."""
    return BadInputError(
        "EXTRACT_TANGLED",
        msg(
            "The streets of the extract meet and cross as in no town:"
            " the file is damaged or made by a machine."
        ),
        msg("Take another extract of the town."),
    )


def build_graph(raw: RawStreets) -> Graph:
    """Cut the ways at every node that is shared by two ways, ends a way, or has tags.

    Raises
    ------
    BadInputError
        `EXTRACT_TANGLED`: more streets meet at one node than anywhere on earth.
    """
    way_of = np.repeat(np.arange(len(raw.way_id)), np.diff(raw.way_ptr))
    # a run of vertices without gaps is one piece; a vertex repeated in a row counts once
    keep = raw.node >= 0
    piece = np.cumsum(_changes(way_of) | ~keep | np.r_[False, ~keep[:-1]])
    node, piece, way_of = raw.node[keep], piece[keep], way_of[keep]
    piece = np.cumsum(_changes(piece) | _jumps(raw, node))
    fresh = _changes(node) | _changes(piece)
    node, piece, way_of = node[fresh], piece[fresh], way_of[fresh]

    starts = _changes(piece)
    ends = np.r_[starts[1:], np.ones(min(1, len(starts)), dtype=np.bool_)]
    cut = np.bincount(node, minlength=len(raw.node_id)) > 1
    cut[node[starts]] = cut[node[ends]] = True
    cut[list(raw.node_tags)] = True

    # each edge begins at a cut vertex that does not end its piece, and runs to the next cut vertex
    begins = np.flatnonzero(cut[node] & ~ends)
    stops = np.flatnonzero(cut[node] & ~starts)
    counts = stops - begins + 1
    ptr = np.r_[0, np.cumsum(counts)].astype(np.int64)
    vertex_at = np.repeat(begins - ptr[:-1], counts) + np.arange(ptr[-1])
    members = node[vertex_at]
    vertex = np.stack([raw.x[members], raw.y[members]], axis=1).astype(np.int32)

    used, numbered = np.unique(np.r_[node[begins], node[stops]], return_inverse=True)
    if np.bincount(numbered).max(initial=0) > _MEET:
        raise tangled()
    back = {int(position): number for number, position in enumerate(used)}
    return Graph(
        tail=numbered[: len(begins)].astype(np.int32),
        head=numbered[len(begins) :].astype(np.int32),
        vertex_ptr=ptr,
        vertex=vertex,
        vertex_m=_running_metres(vertex, ptr),
        way=raw.way_id[way_of[begins]],
        tags=raw.way_tags[way_of[begins]],
        node_id=raw.node_id[used],
        tag_sets=raw.tags,
        node_tags={back[position]: tags for position, tags in raw.node_tags.items() if position in back},
        restrictions=raw.restrictions,
        obstacles=raw.obstacles,
    )


def _jumps(raw: RawStreets, node: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return (r,) bool, the vertices too far from the one before for a street, or across the date line."""
    x, y = raw.x[node].astype(np.float64), raw.y[node].astype(np.float64)
    jumps = np.zeros(len(node), dtype=np.bool_)
    jumps[1:] = distance_m(x[:-1], y[:-1], x[1:], y[1:]) > _JUMP_M
    return jumps


def _changes(values: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return which values differ from the one before; the first counts as different."""
    changed = np.ones(len(values), dtype=np.bool_)
    changed[1:] = values[1:] != values[:-1]
    return changed


def _running_metres(vertex: NDArray[np.int32], ptr: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the metres of each vertex from the start of its edge."""
    x, y = vertex[:, 0].astype(np.float64), vertex[:, 1].astype(np.float64)
    steps = np.zeros(len(x))
    steps[1:] = distance_m(x[:-1], y[:-1], x[1:], y[1:])
    steps[ptr[:-1]] = 0
    total = np.cumsum(steps)
    return total - np.repeat(total[ptr[:-1]], np.diff(ptr))
