"""States of walkers and riders, for whom turns cost nothing: each node, and its private side if any."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from doorroute.network.compiling import Graph
from doorroute.network.keys import CROSSING
from doorroute.network.moving import Moving
from doorroute.network.states import Moves


def node_moves(graph: Graph, moving: Moving, whole: NDArray[np.int64], passing: NDArray[np.int64]) -> Moves:
    """Make the states of nodes.

    whole : (2m,) int64, the key of each direction. passing : (n,) int64, the key to pass each node.
    """
    state, private = _states_of_slots(graph, moving)
    start, end = state, state.reshape(-1, 2)[:, ::-1].ravel()  # of each direction
    used = np.flatnonzero((moving.ms >= 0).T.ravel())
    end_node = np.stack([graph.head, graph.tail], axis=1).ravel()[used]
    leave_key = np.where(moving.node_ms[end_node] < 0, 0, passing[end_node])
    return Moves(
        states=int(state.max()) + 1,
        enter=(used, start[used]),
        leave=(used, end[used], leave_key),
        arcs=(
            np.r_[start[used], private[:, 0], private[:, 1]],
            np.r_[end[used], private[:, 1], private[:, 0]],
            np.r_[
                whole[used] + leave_key,
                np.full(len(private), CROSSING),
                np.zeros(len(private), dtype=np.int64),
            ],
            np.r_[used, np.full(2 * len(private), -1)],
        ),
    )


def _states_of_slots(graph: Graph, moving: Moving) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the state at the tail (slot 2e) and head (2e + 1) of each edge, and nodes with a private side.

    Those are (k, 2), their public and private state. A closed node is split: every edge gets its own dead
    end.
    """
    nodes = len(graph.node_id)
    slot_node = np.stack([graph.tail, graph.head], axis=1).ravel().astype(np.int64)
    wanted = slot_node * 2 + np.repeat(moving.last_metres, 2)
    shut = moving.node_ms[slot_node] < 0
    wanted[shut] = 2 * nodes + np.flatnonzero(shut)
    names, state = np.unique(wanted, return_inverse=True)
    public = np.flatnonzero((names[:-1] % 2 == 0) & (names[1:] == names[:-1] + 1) & (names[1:] < 2 * nodes))
    return state, np.stack([public, public + 1], axis=1)
