"""Find streets whose separate sidewalk or cycleway is really mapped.

`sidewalk=separate` and `foot=use_sidepath` refer to a way that is mapped on its own. If it is missing, the
street is used like any other, so that nobody is cut off.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from doorroute.network.compiling import Graph
from doorroute.network.obstacles import metres_per_unit
from doorroute.network.profiles import ProfileRules

_NEAR_M: Final = 25.0  # from the middle of a broad street to its sidewalk
_STEP_M: Final = 20.0  # between the points that are tested
_ALONG: Final = float(np.cos(np.radians(30)))
_HALF: Final = 0.5  # of the street's length
_FOR_WALKERS: Final = frozenset({"footway", "path", "pedestrian", "cycleway"})
_FOR_RIDERS: Final = frozenset({"cycleway", "path"})


def may_accompany(rules: ProfileRules, tags: Mapping[str, str]) -> bool:
    """Return whether a way with `tags` may be the one next to a street: no crossing, and for this profile."""
    ways = _FOR_WALKERS if "foot" in rules.access else _FOR_RIDERS
    return tags.get("highway") in ways and tags.get("footway") != "crossing"


def accompanied(graph: Graph, streets: NDArray[np.bool_], walkways: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return (m,) bool, the `streets` with `walkways` along half of their length; both are (m,) bool."""
    none = np.zeros(len(streets), dtype=np.bool_)
    street, walkway = _segments(graph, streets), _segments(graph, walkways & ~streets)
    if not len(street) or not len(walkway):
        return none
    import shapely

    scale = metres_per_unit(graph.vertex)
    edge = np.repeat(np.arange(len(graph.tail)), np.diff(graph.vertex_ptr))[street]
    starts = graph.vertex[street] * scale
    along = (graph.vertex[street + 1] - graph.vertex[street]) * scale
    metres = np.hypot(*along.T)
    counts = np.maximum(1, np.ceil(metres / _STEP_M)).astype(np.int64)
    which = np.repeat(np.arange(len(street)), counts)
    inner = np.arange(len(which)) - np.repeat(np.cumsum(counts) - counts, counts)
    share = (inner + 0.5) / counts[which]
    lines: Any = shapely.linestrings(
        np.stack([graph.vertex[walkway], graph.vertex[walkway + 1]], axis=1) * scale
    )
    looked, found = shapely.STRtree(lines).query(
        shapely.points(starts[which] + share[:, None] * along[which]), predicate="dwithin", distance=_NEAR_M
    )
    walked = (graph.vertex[walkway + 1] - graph.vertex[walkway]) * scale
    turn = np.abs((along[which[looked]] * walked[found]).sum(axis=1))
    parallel = turn >= _ALONG * metres[which[looked]] * np.hypot(*walked[found].T)
    seen = np.zeros(len(which), dtype=np.bool_)
    seen[looked[parallel]] = True
    covered = np.bincount(edge[which], weights=seen * (metres / counts)[which], minlength=len(streets))
    total = np.bincount(edge, weights=metres, minlength=len(streets))
    return streets & (covered >= _HALF * total) & (covered > 0)


def _segments(graph: Graph, edges: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return the vertices at which the segments of `edges` start."""
    starts = np.repeat(edges, np.diff(graph.vertex_ptr))
    starts[graph.vertex_ptr[1:] - 1] = False
    return np.flatnonzero(starts)
