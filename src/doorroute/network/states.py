"""The search graph of one profile: states, and arcs from one to the next, without parts that are cut off.

If turns cost nothing, a state is a node (`nodes.py`); otherwise the start of an edge in one direction
(`turns.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from doorroute.network.keys import NOWHERE

# Both directions counted. Smaller parts are mostly mapping errors: a door there is put on the next street.
_TOWN_M: Final = 20_000.0


@dataclass(frozen=True, kw_only=True)
class SearchGraph:
    """States and arcs of one profile. Direction `2 * e` goes along edge e, `2 * e + 1` against it.

    whole : (2m,) int64, the key of a direction from end to end, NOWHERE if closed or cut off. enter_ptr : (2m
    + 1,) int64: direction d starts in the states `enter_state[enter_ptr[d]:enter_ptr[d + 1]]` (int32).
    leave_ptr : (2m + 1,) int64: it is followed by `leave_state[leave_ptr[d]:leave_ptr[d + 1]]` (int32), with
    the key of the turn or node, `leave_key` (int64). ptr : (s + 1,) int64, head : (a,) int32, key : (a,)
    int64, the arcs from each state; direction : (a,) int32, what an arc travels along, -1 for none. usable :
    (m,) bool, the edges that were kept.
    """

    whole: NDArray[np.int64]
    enter_ptr: NDArray[np.int64]
    enter_state: NDArray[np.int32]
    leave_ptr: NDArray[np.int64]
    leave_state: NDArray[np.int32]
    leave_key: NDArray[np.int64]
    ptr: NDArray[np.int64]
    head: NDArray[np.int32]
    key: NDArray[np.int64]
    direction: NDArray[np.int32]
    usable: NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class Moves:
    """All states and arcs, before parts are cut off; each field is a table with columns of equal length.

    states : their number. enter : direction, state. leave : direction, state, key. arcs : tail, head, key,
    direction.
    """

    states: int
    enter: tuple[NDArray[np.int64], NDArray[np.int64]]
    leave: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]
    arcs: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]


def large_parts(
    moves: Moves, whole: NDArray[np.int64], length_m: NDArray[np.float64], closed: NDArray[np.bool_]
) -> SearchGraph:
    """Keep the parts in which every state leads to every other: the largest, and others that are large.

    whole : as in SearchGraph. length_m : (m,) float64. closed : (m,) bool, edges closed today. They count as
    streets here, so that parts behind them are kept, but cannot be travelled.
    """
    directions = len(whole)
    kept = _kept(moves, length_m)
    entered, left = (np.zeros(directions, dtype=np.bool_) for _ in range(2))
    entered[moves.enter[0][kept[moves.enter[1]]]] = True
    left[moves.leave[0][kept[moves.leave[1]]]] = True
    usable: NDArray[np.bool_] = (whole < NOWHERE) & entered & left
    number = np.where(kept, np.cumsum(kept) - 1, -1)
    enter_ptr, enter_state, _ = _by_direction(usable, number, *moves.enter, moves.enter[0])
    leave_ptr, leave_state, leave_key = _by_direction(usable, number, *moves.leave)

    tail, head, key, direction = moves.arcs
    tail, head = number[tail], number[head]
    open_ = (direction < 0) | ~closed[direction // 2]
    inside = np.flatnonzero((tail >= 0) & (head >= 0) & (tail != head) & open_)
    order = inside[np.lexsort((key[inside], head[inside], tail[inside]))]
    return SearchGraph(
        whole=np.where(usable & ~np.repeat(closed, 2), whole, NOWHERE),
        enter_ptr=enter_ptr,
        enter_state=enter_state,
        leave_ptr=leave_ptr,
        leave_state=leave_state,
        leave_key=leave_key,
        ptr=np.searchsorted(tail[order], np.arange(int(kept.sum()) + 1)).astype(np.int64),
        head=head[order].astype(np.int32),
        key=key[order],
        direction=direction[order].astype(np.int32),
        usable=usable[0::2] | usable[1::2],
    )


def components(states: int, tail: NDArray[np.int64], head: NDArray[np.int64]) -> NDArray[np.int32]:
    """Return (states,) int32, the number of the strongly connected part that each state belongs to."""
    from scipy.sparse import coo_array  # only needed when an extract is compiled
    from scipy.sparse.csgraph import connected_components

    links = coo_array((np.ones(len(tail), dtype=np.int32), (tail, head)), shape=(states, states))
    part: NDArray[np.int32] = connected_components(links.tocsr(), directed=True, connection="strong")[1]
    return part


def _kept(moves: Moves, length_m: NDArray[np.float64]) -> NDArray[np.bool_]:
    tail, head, _, direction = moves.arcs
    part = components(moves.states, tail, head)
    street = (direction >= 0) & (part[tail] == part[head])
    if not street.any():
        return np.zeros(moves.states, dtype=np.bool_)
    # each direction counts once, however many turns follow it
    _, first = np.unique(direction[street], return_index=True)
    metres = np.bincount(part[tail[street][first]], weights=length_m[direction[street][first] // 2])
    large = metres >= min(metres.max(), _TOWN_M)
    kept: NDArray[np.bool_] = large[np.minimum(part, len(metres) - 1)] & (part < len(metres))
    return kept


def _by_direction(
    usable: NDArray[np.bool_],
    number: NDArray[np.int64],
    direction: NDArray[np.int64],
    state: NDArray[np.int64],
    key: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int64]]:
    """Sort a table by direction, without what was cut off, and with the states' new numbers."""
    rows = np.flatnonzero(usable[direction] & (number[state] >= 0))
    rows = rows[np.argsort(direction[rows], kind="stable")]
    ptr = np.searchsorted(direction[rows], np.arange(len(usable) + 1)).astype(np.int64)
    return ptr, number[state[rows]].astype(np.int32), key[rows]
