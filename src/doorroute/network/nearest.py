"""Find the nearest doors of each door, for more doors than a table of all pairs could hold.

A key counts entries into private ground before time, so a search in the order of keys would list all doors on
private ground last. Therefore the least number of entries is found first, on regions that are connected
without any. Then the search proceeds by time, over arcs that keep to this number. As every part of a shortest
path is one too, none is missed.
"""

from __future__ import annotations

import itertools
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from doorroute.machine_code import allocating
from doorroute.network import keys
from doorroute.network.keys import CROSSING, NOWHERE
from doorroute.network.search import Arcs, Doors, Ends, pop, push, seeds, sinks, straight
from doorroute.network.states import SearchGraph, components

_NOWHERE: Final = NOWHERE
_CROSSING: Final = CROSSING


@dataclass(frozen=True, kw_only=True)
class Neighbours:
    """The k nearest doors of n doors, nearest first: (n, k) each; -1 and UNREACHABLE if there are fewer.

    to, to_s, to_m : int32, the doors that are reached first, with the seconds and metres to them. from_,
    from_s, from_m : int32, the doors from which this one is reached first, with the seconds and metres from
    them.
    """

    to: NDArray[np.int32]
    to_s: NDArray[np.int32]
    to_m: NDArray[np.int32]
    from_: NDArray[np.int32]
    from_s: NDArray[np.int32]
    from_m: NDArray[np.int32]


class _Lists(NamedTuple):
    """Doors in groups: those of group g are `door[ptr[g]:ptr[g + 1]]`."""

    ptr: NDArray[np.int64]
    door: NDArray[np.int64]


class _Regions(NamedTuple):
    """Regions that are connected without entering private ground.

    of : (s,) int32, the region of each state. The arcs out of region r are `ptr[r]:ptr[r + 1]` of `head`
    (int32) and `crossings` (int64), the number of entries on each.
    """

    of: NDArray[np.int32]
    ptr: NDArray[np.int64]
    head: NDArray[np.int32]
    crossings: NDArray[np.int64]


class _Town(NamedTuple):
    """The data of a search. at_state groups the indices in `end`, not doors, by state."""

    arcs: Arcs
    regions: _Regions
    start: Ends
    end: Ends
    owner: NDArray[np.int64]
    at_state: _Lists
    on_edge: _Lists
    at_point: _Lists
    same: NDArray[np.int64]
    doors: Doors


class _Queue(NamedTuple):
    """The queue holds states, then doors, numbered after them. best : (s + n,), NOWHERE between searches."""

    best: NDArray[np.int64]
    touched: NDArray[np.int32]
    heap_key: NDArray[np.int64]
    heap_state: NDArray[np.int32]


def nearest(states: SearchGraph, doors: Doors, same: NDArray[np.int64], count: int) -> Neighbours:
    """Return the `count` nearest doors of each door, exactly. same : (n,), equal for doors at one point."""
    arcs = Arcs(states.ptr, states.head, states.key)
    start, end = seeds(states, doors), sinks(states, doors)
    to, to_key = _one_way(arcs, start, end, doors, same, count, backward=False)
    from_, from_key = _one_way(_turned_round(arcs), end, start, doors, same, count, backward=True)
    return Neighbours(
        to=to,
        to_s=keys.seconds(to_key),
        to_m=keys.metres(to_key),
        from_=from_,
        from_s=keys.seconds(from_key),
        from_m=keys.metres(from_key),
    )


def _one_way(
    arcs: Arcs, start: Ends, end: Ends, doors: Doors, same: NDArray[np.int64], count: int, *, backward: bool
) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    n = len(doors.edge)
    owner = np.repeat(np.arange(n), np.diff(end.ptr))
    at_state = _grouped(end.state.astype(np.int64), len(arcs.ptr) - 1)
    on_edge, at_point = _grouped(doors.edge), _grouped(same)
    town = _Town(arcs, _regions(arcs), start, end, owner, at_state, on_edge, at_point, same, doors)
    found = np.full((n, count), -1, dtype=np.int32)
    found_key = np.full((n, count), NOWHERE, dtype=np.int64)
    workers = os.cpu_count() or 1
    bounds = [round(piece * n / (4 * workers)) for piece in range(4 * workers + 1)]
    with ThreadPoolExecutor(workers) as pool:
        parts = [
            pool.submit(_search, low, town, found[low:high], found_key[low:high], backward)
            for low, high in itertools.pairwise(bounds)
        ]
        for part in parts:
            part.result()
    return found, found_key


def _grouped(group: NDArray[np.int64], groups: int = 0) -> _Lists:
    """Group the doors by `group`; negative groups are left out."""
    order = np.argsort(group, kind="stable")
    groups = max(groups, int(group.max(initial=-1)) + 1)
    return _Lists(np.searchsorted(group[order], np.arange(groups + 1)).astype(np.int64), order)


def _turned_round(arcs: Arcs) -> Arcs:
    tail = np.repeat(np.arange(len(arcs.ptr) - 1, dtype=np.int32), np.diff(arcs.ptr))
    order = np.argsort(arcs.head, kind="stable")
    ptr = np.searchsorted(arcs.head[order], np.arange(len(arcs.ptr))).astype(np.int64)
    return Arcs(ptr, tail[order], arcs.key[order])


def _regions(arcs: Arcs) -> _Regions:
    states = len(arcs.ptr) - 1
    tail = np.repeat(np.arange(states), np.diff(arcs.ptr))
    free = arcs.key < CROSSING
    of = components(states, tail[free], arcs.head[free].astype(np.int64))
    between = np.flatnonzero(of[tail] != of[arcs.head])
    rows = np.unique(
        np.stack([of[tail[between]], of[arcs.head[between]], arcs.key[between] // CROSSING], axis=1), axis=0
    )
    ptr = np.searchsorted(rows[:, 0], np.arange(int(of.max(initial=-1)) + 2)).astype(np.int64)
    return _Regions(of.astype(np.int32), ptr, rows[:, 1].astype(np.int32), rows[:, 2].astype(np.int64))


@allocating
def _search(
    low: int,
    town: _Town,
    found: NDArray[np.int32],
    found_key: NDArray[np.int64],
    backward: bool,
) -> None:
    """Fill the rows of the doors from `low` on."""
    arcs, end, doors, of = town.arcs, town.end, town.doors, town.regions.of
    states, n = len(arcs.ptr) - 1, len(doors.edge)
    room = len(arcs.head) + len(town.start.key) + len(end.key) + 3 * n
    queue = _Queue(
        np.full(states + n, _NOWHERE, dtype=np.int64),
        np.empty(states + n, dtype=np.int32),
        np.empty(room, dtype=np.int64),
        np.empty(room, dtype=np.int32),
    )
    needed = np.empty(len(town.regions.ptr) - 1, dtype=np.int64)
    waiting = np.empty(len(town.regions.head) + len(town.start.key) + 1, dtype=np.int32)
    last = -1
    for row in range(len(found)):
        i = low + row
        last = _crossings(town, i, last, needed, waiting)
        size, count, taken = 0, 0, 0
        for p in range(town.at_point.ptr[town.same[i]], town.at_point.ptr[town.same[i] + 1]):
            size, count = _offer(queue, count, size, states + town.at_point.door[p], 0)
        if doors.edge[i] >= 0:
            for p in range(town.on_edge.ptr[doors.edge[i]], town.on_edge.ptr[doors.edge[i] + 1]):
                j = town.on_edge.door[p]
                key, _ = straight(doors, j, i) if backward else straight(doors, i, j)
                if key < _NOWHERE:
                    size, count = _offer(queue, count, size, states + j, key)
        for s in range(town.start.ptr[i], town.start.ptr[i + 1]):
            state, key = town.start.state[s], town.start.key[s]
            if key // _CROSSING == needed[of[state]]:
                size, count = _offer(queue, count, size, state, key % _CROSSING)
        while size > 0 and taken < found.shape[1]:
            here, state = queue.heap_key[0], queue.heap_state[0]
            size = pop(queue.heap_key, queue.heap_state, size)
            if here > queue.best[state]:
                continue
            if state >= states:
                queue.best[state] = -1  # not again
                if state - states != i:
                    found[row, taken], found_key[row, taken] = state - states, here
                    taken += 1
                continue
            for p in range(town.at_state.ptr[state], town.at_state.ptr[state + 1]):
                e = town.at_state.door[p]
                j = town.owner[e]
                if needed[of[state]] + end.key[e] // _CROSSING == _crossings_to_door(
                    town, i, j, needed, backward
                ):
                    size, count = _offer(queue, count, size, states + j, here + end.key[e] % _CROSSING)
            for a in range(arcs.ptr[state], arcs.ptr[state + 1]):
                head, key = arcs.head[a], arcs.key[a]
                if needed[of[state]] + key // _CROSSING == needed[of[head]]:
                    size, count = _offer(queue, count, size, head, here + key % _CROSSING)
        for c in range(count):
            queue.best[queue.touched[c]] = _NOWHERE


@allocating
def _offer(queue: _Queue, count: int, size: int, state: int, key: int) -> tuple[int, int]:
    """Record a better path to `state`, if it is one; return the new sizes of the heap and of `touched`."""
    if key >= queue.best[state]:
        return size, count
    if queue.best[state] == _NOWHERE:
        queue.touched[count] = state
        count += 1
    queue.best[state] = key
    return push(queue.heap_key, queue.heap_state, size, key, state), count


@allocating
def _crossings(town: _Town, i: int, last: int, needed: NDArray[np.int64], waiting: NDArray[np.int32]) -> int:
    """Count the entries into private ground from door i to each region, in `needed`.

    Return the door's region if `needed` depends on it alone, else -1; for the `last` region `needed` is kept.
    """
    first, stop = town.start.ptr[i], town.start.ptr[i + 1]
    here = town.regions.of[town.start.state[first]] if stop > first else -1
    for s in range(first, stop):
        if town.regions.of[town.start.state[s]] != here or town.start.key[s] >= _CROSSING:
            here = -1
    if here >= 0 and here == last:
        return here
    needed[:] = _NOWHERE
    for s in range(first, stop):
        region = town.regions.of[town.start.state[s]]
        needed[region] = min(needed[region], town.start.key[s] // _CROSSING)
    level, left = 0, True
    while left:  # level by level; there are few
        left, size = False, 0
        for region in range(len(needed)):
            if needed[region] == level:
                waiting[size] = region
                size += 1
            elif needed[region] > level and needed[region] < _NOWHERE:
                left = True
        while size > 0:
            size -= 1
            region = waiting[size]
            for a in range(town.regions.ptr[region], town.regions.ptr[region + 1]):
                head, there = town.regions.head[a], level + town.regions.crossings[a]
                if there < needed[head]:
                    needed[head] = there
                    left = left or there > level
                    if there == level:
                        waiting[size] = head
                        size += 1
        level += 1
    return here


@allocating
def _crossings_to_door(
    town: _Town,
    i: int,
    j: int,
    needed: NDArray[np.int64],
    backward: bool,
) -> int:
    """Return the number of entries into private ground from door i to door j."""
    key, _ = straight(town.doors, j, i) if backward else straight(town.doors, i, j)
    least = 0 if key < _NOWHERE else _NOWHERE
    for e in range(town.end.ptr[j], town.end.ptr[j + 1]):
        least = min(least, needed[town.regions.of[town.end.state[e]]] + town.end.key[e] // _CROSSING)
    return least
