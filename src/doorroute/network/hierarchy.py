"""Travel tables between many doors: a contraction hierarchy, swept once for many doors together.

States are removed from the graph one after the other, the least important first; a shortcut replaces each
shortest path through a removed state. Then every shortest path first climbs and then descends in this order.
To fill a row of a table, climb from its door by Dijkstra's search, then sweep down over the states that lead
to any door. Keys are whole numbers, so the sums equal those of a plain search.

Sources: R. Geisberger, P. Sanders, D. Schultes, D. Delling, Contraction hierarchies, WEA 2008; D. Delling, A.
V. Goldberg, R. F. Werneck, Faster batched shortest paths in road networks (RPHAST), ATMOS 2011.
"""

from __future__ import annotations

import itertools
import os
from concurrent.futures import ThreadPoolExecutor
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from doorroute.machine_code import allocating
from doorroute.network.compiling import tangled
from doorroute.network.contraction import contract
from doorroute.network.keys import NOWHERE
from doorroute.network.search import Arcs, Doors, Ends, pop, push, seeds, sinks, straight
from doorroute.network.states import SearchGraph

_NOWHERE: Final = NOWHERE
# A planar map has at most three streets for each junction (Euler), so six arcs; bridges add few.
_PLANAR, _FEW = 6, 10_000
_LANES: Final = 16  # rows swept together: their keys at a state fill two cache lines


class Hierarchy(NamedTuple):
    """States renumbered from the least important (0) to the most; arcs lead to higher numbers only.

    rank : (s,) int32, the number of each state. up : the climbing arcs. down : the descending arcs, reversed.
    """

    rank: NDArray[np.int32]
    up: Arcs
    down: Arcs


def build_hierarchy(states: SearchGraph) -> Hierarchy:
    """Order the states and add the shortcuts.

    Raises
    ------
    BadInputError
        `EXTRACT_TANGLED`: the data cannot be streets.
    """
    if len(states.head) > max(_FEW, _PLANAR * (len(states.ptr) - 1)):
        raise tangled()
    rank, tail, head, key = contract(Arcs(states.ptr, states.head, states.key))
    if len(rank) < len(states.ptr) - 1:
        raise tangled()
    tail, head = rank[tail], rank[head]
    climbs = tail < head
    count = len(rank)
    return Hierarchy(
        rank,
        _sorted(count, tail[climbs], head[climbs], key[climbs]),
        _sorted(count, head[~climbs], tail[~climbs], key[~climbs]),
    )


def _sorted(count: int, tail: NDArray[np.int32], head: NDArray[np.int32], key: NDArray[np.int64]) -> Arcs:
    order = np.lexsort((head, tail))
    ptr = np.searchsorted(tail[order], np.arange(count + 1)).astype(np.int64)
    return Arcs(ptr, head[order].astype(np.int32), key[order])


def table(
    states: SearchGraph, hierarchy: Hierarchy, doors: Doors, threads: int | None = None
) -> NDArray[np.int64]:
    """Return (n, n) int64, the least key from each door (row) to each (column).

    NOWHERE if there is no path; 0 on the diagonal.
    """
    n = len(doors.edge)
    keys = np.full((n, n), NOWHERE, dtype=np.int64)
    start, end = seeds(states, doors), sinks(states, doors)
    start = start._replace(state=hierarchy.rank[start.state])
    place, slots = _selection(hierarchy, end)
    end = end._replace(state=slots)
    workers = threads or os.cpu_count() or 1
    pieces = max(1, min(4 * workers, n // _LANES))  # more pieces than workers: less waiting for the last
    bounds = [round(piece * n / pieces) for piece in range(pieces + 1)]
    with ThreadPoolExecutor(workers) as pool:
        rows = [
            pool.submit(_rows, low, hierarchy.up, place, start, end, doors, keys[low:high])
            for low, high in itertools.pairwise(bounds)
        ]
        for row in rows:
            row.result()
    np.fill_diagonal(keys, 0)
    return keys


class _Selection(NamedTuple):
    """The states that lead down to any door, highest first. slot : (s,) int32, their positions, else -1.

    State i is reached from above over `above[ptr[i]:ptr[i + 1]]` (positions of higher states) at `key`.
    """

    slot: NDArray[np.int32]
    ptr: NDArray[np.int64]
    above: NDArray[np.int32]
    key: NDArray[np.int64]


def _selection(hierarchy: Hierarchy, end: Ends) -> tuple[_Selection, NDArray[np.int32]]:
    """Choose the states that a sweep visits, and return the positions of the doors' ends among them."""
    wanted = hierarchy.rank[end.state]
    chosen = _leading(hierarchy.down.ptr, hierarchy.down.head, wanted)
    order = np.flatnonzero(chosen)[::-1]
    slot = np.full(len(hierarchy.rank), -1, dtype=np.int32)
    slot[order] = np.arange(len(order), dtype=np.int32)
    counts = (hierarchy.down.ptr[1:] - hierarchy.down.ptr[:-1])[order]
    rows = np.repeat(hierarchy.down.ptr[order] - (np.cumsum(counts) - counts), counts) + np.arange(
        int(counts.sum())
    )
    ptr = np.r_[0, np.cumsum(counts)].astype(np.int64)
    return _Selection(slot, ptr, slot[hierarchy.down.head[rows]], hierarchy.down.key[rows]), slot[wanted]


@allocating
def _leading(ptr: NDArray[np.int64], head: NDArray[np.int32], wanted: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Mark all states from which one of `wanted` can be reached downwards."""
    marked = np.zeros(len(ptr) - 1, dtype=np.bool_)
    for state in wanted:
        marked[state] = True
    for state in range(len(marked)):  # arcs lead upwards: one pass is enough
        if marked[state]:
            for a in range(ptr[state], ptr[state + 1]):
                marked[head[a]] = True
    return marked


@allocating
def _rows(
    low: int, up: Arcs, place: _Selection, start: Ends, end: Ends, doors: Doors, keys: NDArray[np.int64]
) -> None:
    """Fill `keys`, the rows of a table from `low` on."""
    chosen = len(place.ptr) - 1
    best = np.full(len(up.ptr) - 1, _NOWHERE, dtype=np.int64)
    touched = np.empty(len(up.ptr) - 1, dtype=np.int32)
    heap_key = np.empty(len(up.head) + len(start.key), dtype=np.int64)
    heap_state = np.empty(len(up.head) + len(start.key), dtype=np.int32)
    reached = np.empty((chosen, _LANES), dtype=np.int64)
    for first in range(0, len(keys), _LANES):
        lanes = min(_LANES, len(keys) - first)
        reached[:] = _NOWHERE
        for lane in range(lanes):
            i = low + first + lane
            size, count = 0, 0
            for s in range(start.ptr[i], start.ptr[i + 1]):
                state = start.state[s]
                if start.key[s] < best[state]:
                    if best[state] == _NOWHERE:
                        touched[count] = state
                        count += 1
                    best[state] = start.key[s]
                    size = push(heap_key, heap_state, size, start.key[s], state)
            while size > 0:
                here, state = heap_key[0], heap_state[0]
                size = pop(heap_key, heap_state, size)
                if here > best[state]:
                    continue
                if place.slot[state] >= 0:
                    reached[place.slot[state], lane] = here
                for a in range(up.ptr[state], up.ptr[state + 1]):
                    above = up.head[a]
                    there = here + up.key[a]
                    if there < best[above]:
                        if best[above] == _NOWHERE:
                            touched[count] = above
                            count += 1
                        best[above] = there
                        size = push(heap_key, heap_state, size, there, above)
            for c in range(count):
                best[touched[c]] = _NOWHERE
        for state in range(chosen):
            for a in range(place.ptr[state], place.ptr[state + 1]):
                above, key = place.above[a], place.key[a]
                for lane in range(_LANES):
                    there = reached[above, lane] + key
                    reached[state, lane] = min(reached[state, lane], there)
        for j in range(len(doors.edge)):
            for lane in range(lanes):
                least, _ = straight(doors, low + first + lane, j)
                for s in range(end.ptr[j], end.ptr[j + 1]):
                    least = min(least, reached[end.state[s], lane] + end.key[s])
                keys[first + lane, j] = least
