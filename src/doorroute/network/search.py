"""Connect doors to the states of a graph, and find the shortest path from one door to another (Dijkstra)."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from doorroute.machine_code import allocating
from doorroute.network.keys import NOWHERE
from doorroute.network.states import SearchGraph

_NOWHERE: Final = NOWHERE  # numba takes constants of this module


class Arcs(NamedTuple):
    """The arcs that leave state s are `ptr[s]:ptr[s + 1]` of `head` (int32) and `key` (int64)."""

    ptr: NDArray[np.int64]
    head: NDArray[np.int32]
    key: NDArray[np.int64]


class Doors(NamedTuple):
    """Where doors touch the streets.

    edge : (n,) int64, -1 if no street is near. part : (n, 2) int64, the key from the start of the edge to the
    door, along and against it. whole : (n, 2) int64, the key of the whole edge, likewise. offset : (n,)
    int64, the key of the walk between door and street.
    """

    edge: NDArray[np.int64]
    part: NDArray[np.int64]
    whole: NDArray[np.int64]
    offset: NDArray[np.int64]


class Ends(NamedTuple):
    """The states next to door i: `ptr[i]:ptr[i + 1]` of `state` (int32), `key` (int64) and `direction`."""

    ptr: NDArray[np.int64]
    state: NDArray[np.int32]
    key: NDArray[np.int64]
    direction: NDArray[np.int32]


def seeds(states: SearchGraph, doors: Doors) -> Ends:
    """Return the states that each door reaches first, with their keys."""
    door, direction = _open_directions(doors)
    which, rows = _spread(states.leave_ptr, direction)
    door, direction = door[which], direction[which]
    side = direction % 2
    rest = doors.whole[door, side] - doors.part[door, side] + doors.offset[door]
    return _ends(doors, door, states.leave_state[rows], rest + states.leave_key[rows], direction)


def sinks(states: SearchGraph, doors: Doors) -> Ends:
    """Return the states from which each door is reached last, with their keys."""
    door, direction = _open_directions(doors)
    which, rows = _spread(states.enter_ptr, direction)
    door, direction = door[which], direction[which]
    return _ends(
        doors, door, states.enter_state[rows], doors.part[door, direction % 2] + doors.offset[door], direction
    )


def _open_directions(doors: Doors) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the doors and the open directions of their edges, door by door."""
    door, side = np.nonzero((doors.whole < NOWHERE) & (doors.edge >= 0)[:, None])
    return door, doors.edge[door] * 2 + side


def _spread(
    ptr: NDArray[np.int64], direction: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the rows of every direction, and which of `direction` each belongs to."""
    counts = ptr[direction + 1] - ptr[direction]
    which = np.repeat(np.arange(len(direction)), counts)
    return which, ptr[direction][which] + np.arange(len(which)) - (np.cumsum(counts) - counts)[which]


def _ends(
    doors: Doors,
    door: NDArray[np.int64],
    state: NDArray[np.int32],
    key: NDArray[np.int64],
    direction: NDArray[np.int64],
) -> Ends:
    ptr = np.searchsorted(door, np.arange(len(doors.edge) + 1)).astype(np.int64)
    return Ends(ptr, state, key, direction.astype(np.int32))


def path(states: SearchGraph, doors: Doors) -> tuple[int, list[int]]:
    """Return the least key from door 0 to door 1, and the directed edges travelled, first and last in part.

    A path that stays on one edge has one; no path has none, and the key NOWHERE.
    """
    start, end = seeds(states, doors), sinks(states, doors)
    direct, side = straight(doors, 0, 1)
    best, seed, last, arcs = _one_path(Arcs(states.ptr, states.head, states.key), start, end)
    if direct <= best:
        return int(direct), [int(doors.edge[0]) * 2 + side] if direct < NOWHERE else []
    between = [int(direction) for direction in states.direction[arcs] if direction >= 0]
    return int(best), [int(start.direction[seed]), *between, int(end.direction[last])]


@allocating
def push(heap_key: NDArray[np.int64], heap_state: NDArray[np.int32], size: int, key: int, state: int) -> int:
    """Add an entry to a heap in which each node has four children; return its new size."""
    place = size
    while place > 0:
        above = (place - 1) >> 2
        if heap_key[above] <= key:
            break
        heap_key[place] = heap_key[above]
        heap_state[place] = heap_state[above]
        place = above
    heap_key[place] = key
    heap_state[place] = state
    return size + 1


@allocating
def pop(heap_key: NDArray[np.int64], heap_state: NDArray[np.int32], size: int) -> int:
    """Remove the first entry of the heap; return its new size."""
    size -= 1
    key = heap_key[size]
    place = 0
    while True:
        child = (place << 2) + 1
        if child >= size:
            break
        least = child
        for other in range(child + 1, min(child + 4, size)):
            if heap_key[other] < heap_key[least]:
                least = other
        if heap_key[least] >= key:
            break
        heap_key[place] = heap_key[least]
        heap_state[place] = heap_state[least]
        place = least
    heap_key[place] = key
    heap_state[place] = heap_state[size]
    return size


@allocating
def straight(doors: Doors, i: int, j: int) -> tuple[int, int]:
    """Return the key from door i to door j on their common edge, and the direction (0 along, 1 against)."""
    best, side = _NOWHERE, 0
    if doors.edge[i] >= 0 and doors.edge[i] == doors.edge[j]:
        for d in range(2):
            if doors.whole[i, d] < _NOWHERE and doors.part[j, d] >= doors.part[i, d]:
                key = doors.part[j, d] - doors.part[i, d] + doors.offset[i] + doors.offset[j]
                if key < best:
                    best, side = key, d
    return best, side


@allocating
def _one_path(arcs: Arcs, start: Ends, end: Ends) -> tuple[int, int, int, NDArray[np.int64]]:
    """Return the least key from door 0 to door 1, the rows of `start` and `end` (-1: none), and the arcs."""
    states = len(arcs.ptr) - 1
    best = np.full(states, _NOWHERE, dtype=np.int64)
    came = np.full(states, -1, dtype=np.int64)  # the arc into each state
    before = np.full(states, -1, dtype=np.int64)  # the state before; at a start, its row of `start`
    heap_key = np.empty(len(arcs.head) + len(start.key), dtype=np.int64)
    heap_state = np.empty(len(arcs.head) + len(start.key), dtype=np.int32)
    size = 0
    for s in range(start.ptr[0], start.ptr[1]):
        if start.key[s] < best[start.state[s]]:
            best[start.state[s]] = start.key[s]
            before[start.state[s]] = s
            size = push(heap_key, heap_state, size, start.key[s], start.state[s])
    least, last = _NOWHERE, -1
    while size > 0 and heap_key[0] < least:
        here, state = heap_key[0], heap_state[0]
        size = pop(heap_key, heap_state, size)
        if here > best[state]:
            continue
        for s in range(end.ptr[1], end.ptr[2]):
            if end.state[s] == state and here + end.key[s] < least:
                least, last = here + end.key[s], s
        for a in range(arcs.ptr[state], arcs.ptr[state + 1]):
            there = here + arcs.key[a]
            if there < best[arcs.head[a]]:
                best[arcs.head[a]] = there
                came[arcs.head[a]] = a
                before[arcs.head[a]] = state
                size = push(heap_key, heap_state, size, there, arcs.head[a])
    if last < 0:
        return least, -1, -1, came[:0]
    count, state = 0, end.state[last]
    while came[state] >= 0:
        count, state = count + 1, before[state]
    first = before[state]
    passed, state = np.empty(count, dtype=np.int64), end.state[last]
    for place in range(count - 1, -1, -1):
        passed[place], state = came[state], before[state]
    return least, first, last, passed
