"""The graph as one profile may use it: states, and arcs that lead from one to the next. What cannot be left or entered is cut off."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from doorroute.network.compiling import Graph, Moving
from doorroute.network.keys import CROSSING, NOWHERE, pack


@dataclass(frozen=True, kw_only=True)
class SearchGraph:
    """States and arcs of one profile. Direction `2 * e` goes along edge e, `2 * e + 1` against it.

    whole : (2m,) int64, the key of a direction from end to end, NOWHERE where it is closed or cut off.
    enter : (2m,) int32, the state in which a direction begins, -1 where it cannot. leave_ptr : (2m + 1,) int64: after a direction come
    the states `leave_state[leave_ptr[d]:leave_ptr[d + 1]]` (int32), each with what the turn or the node costs, `leave_key` (int64).
    ptr : (s + 1,) int64, head : (a,) int32, key : (a,) int64, the arcs from each state; direction : (a,) int32, what is travelled on
    an arc, -1 for none. snap : (m,) bool, the edges from which a door may be reached.
    """

    whole: NDArray[np.int64]
    enter: NDArray[np.int32]
    leave_ptr: NDArray[np.int64]
    leave_state: NDArray[np.int32]
    leave_key: NDArray[np.int64]
    ptr: NDArray[np.int64]
    head: NDArray[np.int32]
    key: NDArray[np.int64]
    direction: NDArray[np.int32]
    snap: NDArray[np.bool_]


@dataclass(frozen=True)
class _Arcs:
    tail: NDArray[np.int64]
    head: NDArray[np.int64]
    key: NDArray[np.int64]
    direction: NDArray[np.int64]


def build_states(graph: Graph, moving: Moving) -> SearchGraph:
    """Make a state of each node, and of each node's private side where it has one; keep the largest part in which all reaches all."""
    edges = len(graph.tail)
    open_ = (moving.ms >= 0).T.ravel()  # direction 2e, 2e + 1
    whole = np.full(2 * edges, NOWHERE, dtype=np.int64)
    dm = np.rint(graph.length_m * 10).astype(np.int64)
    whole[open_] = pack(moving.ms.T.ravel(), np.repeat(dm, 2))[open_]

    state, private = _states_of_slots(graph, moving)
    start, end = state, state.reshape(-1, 2)[:, ::-1].ravel()  # of each direction
    end_node = np.stack([graph.head, graph.tail], axis=1).ravel()
    passing = (
        pack(np.maximum(moving.node_ms, 0), np.zeros(len(moving.node_ms), dtype=np.int64)) + moving.node_gate * CROSSING
    )
    leave_key = np.where(moving.node_ms[end_node] < 0, 0, passing[end_node])

    used = np.flatnonzero(open_)
    arcs = _Arcs(
        np.r_[start[used], private[:, 0], private[:, 1]],
        np.r_[end[used], private[:, 1], private[:, 0]],
        np.r_[whole[used] + leave_key[used], np.full(len(private), CROSSING), np.zeros(len(private), dtype=np.int64)],
        np.r_[used, np.full(2 * len(private), -1)],
    )
    kept = _largest_part(int(state.max()) + 1, arcs, np.repeat(graph.length_m, 2)[used])
    usable = open_ & kept[start] & kept[end]
    whole[~usable] = NOWHERE
    number = np.where(kept, np.cumsum(kept) - 1, -1)
    ptr, head, key, direction = _rows(int(kept.sum()), number, arcs)
    return SearchGraph(
        whole=whole,
        enter=np.where(usable, number[start], -1).astype(np.int32),
        leave_ptr=np.r_[0, np.cumsum(usable)].astype(np.int64),
        leave_state=number[end[usable]].astype(np.int32),
        leave_key=leave_key[usable],
        ptr=ptr,
        head=head,
        key=key,
        direction=direction,
        snap=moving.snap & usable.reshape(-1, 2).any(axis=1),
    )


def _states_of_slots(graph: Graph, moving: Moving) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the state at the tail (slot 2e) and head (2e + 1) of each edge, and (k, 2): the public and the private state of nodes that have both.

    A node that nothing passes falls apart: every edge that ends there has a dead end of its own.
    """
    nodes = len(graph.node_id)
    slot_node = np.stack([graph.tail, graph.head], axis=1).ravel().astype(np.int64)
    wanted = slot_node * 2 + np.repeat(moving.last_metres, 2)
    shut = moving.node_ms[slot_node] < 0
    wanted[shut] = 2 * nodes + np.flatnonzero(shut)
    names, state = np.unique(wanted, return_inverse=True)
    public = np.flatnonzero((names[:-1] % 2 == 0) & (names[1:] == names[:-1] + 1) & (names[1:] < 2 * nodes))
    return state, np.stack([public, public + 1], axis=1)


def _largest_part(states: int, arcs: _Arcs, length_m: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return (states,) bool: the strongly connected part with most metres of street. The arcs that have metres come first."""
    from scipy.sparse import coo_array  # only needed when an extract is compiled
    from scipy.sparse.csgraph import connected_components

    links = coo_array((np.ones(len(arcs.tail), dtype=np.int32), (arcs.tail, arcs.head)), shape=(states, states))
    _, part = connected_components(links.tocsr(), directed=True, connection="strong")
    streets = len(length_m)
    inside = part[arcs.tail[:streets]] == part[arcs.head[:streets]]
    metres = np.bincount(
        part[arcs.tail[:streets]][inside], weights=length_m[inside], minlength=int(part.max(initial=0)) + 1
    )
    kept: NDArray[np.bool_] = (part == metres.argmax()) & bool(inside.any())
    return kept


def _rows(
    states: int, number: NDArray[np.int64], arcs: _Arcs
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int64], NDArray[np.int32]]:
    """Sort the arcs between kept states by where they start; arcs back to the same state lead nowhere and go."""
    tail, head = number[arcs.tail], number[arcs.head]
    inside = np.flatnonzero((tail >= 0) & (head >= 0) & (tail != head))
    order = inside[np.lexsort((arcs.key[inside], head[inside], tail[inside]))]
    ptr = np.searchsorted(tail[order], np.arange(states + 1)).astype(np.int64)
    return ptr, head[order].astype(np.int32), arcs.key[order], arcs.direction[order].astype(np.int32)
