"""Apply the rules of a profile to every edge and node of the graph."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from doorroute.network.compiling import Graph
from doorroute.network.ferries import by_boat
from doorroute.network.profiles import ProfileRules, passage, traversal
from doorroute.network.sidepaths import accompanied, may_accompany


@dataclass(frozen=True, kw_only=True)
class Moving:
    """How one profile uses the graph.

    ms : (2, m) int64, milliseconds along and against each edge, -1 if not allowed. last_metres, snap : (m,)
    bool. sidepath : (m,) bool, streets with a separately mapped sidewalk or cycleway. walkway : (m,) bool,
    the ways that may be one. node_ms : (n,) int64, milliseconds to pass a node, -1 if closed. node_gate :
    (n,) bool, nodes that may only be passed at the start or end of a leg.
    """

    ms: NDArray[np.int64]
    last_metres: NDArray[np.bool_]
    snap: NDArray[np.bool_]
    sidepath: NDArray[np.bool_]
    walkway: NDArray[np.bool_]
    node_ms: NDArray[np.int64]
    node_gate: NDArray[np.bool_]


def apply_rules(graph: Graph, rules: ProfileRules) -> Moving:
    """Return how a profile with `rules` uses the graph."""
    by_tags = [traversal(rules, tags) for tags in graph.tag_sets]
    kmh = np.asarray([(way.forward_kmh, way.backward_kmh) for way in by_tags], dtype=np.float64).reshape(
        -1, 2
    )
    speeds = kmh[graph.tags].T
    with np.errstate(divide="ignore", invalid="ignore"):
        ms = np.where(speeds > 0, np.rint(graph.length_m * 3600 / speeds), -1).astype(np.int64)
    ms = by_boat(graph, rules, ms)

    def of_edges(values: Iterable[bool]) -> NDArray[np.bool_]:
        by_set: NDArray[np.bool_] = np.fromiter(values, dtype=np.bool_)
        return by_set[graph.tags]

    walkway = of_edges(may_accompany(rules, tags) for tags in graph.tag_sets) & (ms >= 0).any(axis=0)
    sidepath = accompanied(graph, of_edges(way.sidepath for way in by_tags), walkway)
    ms = np.where(sidepath & (ms >= 0), np.rint(ms / max(rules.sidepath_share, 0.01)), ms).astype(np.int64)
    node_ms = np.zeros(len(graph.node_id), dtype=np.int64)
    node_gate = np.zeros(len(graph.node_id), dtype=np.bool_)
    for node, tags in graph.node_tags.items():
        here = passage(rules, tags)
        node_ms[node] = -1 if here.closed else round(here.delay_s * 1000)
        node_gate[node] = here.last_metres
    return Moving(
        ms=ms,
        last_metres=of_edges(way.last_metres for way in by_tags),
        snap=of_edges(way.snap for way in by_tags),
        sidepath=sidepath,
        walkway=walkway,
        node_ms=node_ms,
        node_gate=node_gate,
    )


def reached_from(graph: Graph, moving: Moving, usable: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return (m,) bool, the edges from which doors may be reached, among `usable` ((m,) bool).

    Where a usable sidewalk runs along a street, doors are reached from the sidewalk.
    """
    return usable & moving.snap & ~accompanied(graph, moving.sidepath, moving.walkway & usable)
