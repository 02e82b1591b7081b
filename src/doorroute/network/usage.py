"""Build the search graph of a profile from its rules for ways and nodes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from doorroute.network.compiling import Graph
from doorroute.network.keys import CROSSING, NOWHERE, pack
from doorroute.network.moving import Moving
from doorroute.network.nodes import node_moves
from doorroute.network.profiles import ProfileRules
from doorroute.network.states import SearchGraph, large_parts
from doorroute.network.turns import turn_moves


def build_states(graph: Graph, moving: Moving, rules: ProfileRules, closed: NDArray[np.bool_]) -> SearchGraph:
    """Return the search graph of a profile with `rules`. closed : (m,) bool, the edges closed today."""
    open_ = (moving.ms >= 0).T.ravel()
    dm = np.repeat(np.rint(graph.length_m * 10).astype(np.int64), 2)
    whole = np.where(open_, pack(moving.ms.T.ravel(), dm), NOWHERE)
    waits = np.maximum(moving.node_ms, 0)
    passing = pack(waits, np.zeros_like(waits)) + moving.node_gate * CROSSING
    if rules.turn_s or rules.u_turn_s or rules.turn_restrictions:
        moves = turn_moves(graph, moving, rules, whole, passing)
    else:
        moves = node_moves(graph, moving, whole, passing)
    return large_parts(moves, whole, graph.length_m, closed)
