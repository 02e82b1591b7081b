"""Contract a graph: remove its states in order of importance and add shortcuts (see `hierarchy.py`)."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from doorroute.machine_code import allocating
from doorroute.network.keys import NOWHERE
from doorroute.network.search import Arcs, pop, push

_NOWHERE: Final = NOWHERE
# How many states a witness search may settle. One that stops early only adds a shortcut that was not needed.
# States with many arcs, near the end, may settle more: otherwise unnecessary shortcuts multiply.
_TRIED, _TRIED_AN_ARC, _TRIED_MOST = 40, 10, 500
# Limits for the arcs of a state when it is removed, and for the sum of their squares over all examined.
# Large towns need 50, and 150 a state; beyond the limits the rest is nearly a complete graph.
_TANGLED, _WORK, _WORK_A_STATE = 200, 5_000_000, 1_000
_ROOM: Final = 4096  # size of a witness search's queue, and initial room for the shortcuts of one state


class _Links(NamedTuple):
    """The arcs of the remaining graph, in two linked lists for each state: arcs out and arcs in; -1 ends one.

    first_out, first_in : (s,) int32. next_out, next_in, tail, head : (room,) int32, key : (room,) int64, for
    each arc.
    """

    first_out: NDArray[np.int32]
    first_in: NDArray[np.int32]
    next_out: NDArray[np.int32]
    next_in: NDArray[np.int32]
    tail: NDArray[np.int32]
    head: NDArray[np.int32]
    key: NDArray[np.int64]


class _Scratch(NamedTuple):
    """Buffers of a witness search. best : (s,) int64, all NOWHERE between searches; the others : (room,)."""

    best: NDArray[np.int64]
    touched: NDArray[np.int32]
    heap_key: NDArray[np.int64]
    heap_state: NDArray[np.int32]


class _Found(NamedTuple):
    """Shortcuts: from, to, key."""

    tail: NDArray[np.int32]
    head: NDArray[np.int32]
    key: NDArray[np.int64]


@allocating
def contract(arcs: Arcs) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32], NDArray[np.int64]]:
    """Remove all states; return the rank of each, and all arcs with the shortcuts: tail, head, key.

    If the remaining states become nearly all connected, these are no streets: the result is empty.
    """
    n = len(arcs.ptr) - 1
    links, used = _all_links(arcs)
    scratch = _Scratch(
        np.full(n, _NOWHERE, dtype=np.int64),
        np.empty(_ROOM, dtype=np.int32),
        np.empty(_ROOM, dtype=np.int64),
        np.empty(_ROOM, dtype=np.int32),
    )
    found = _found(_ROOM)
    rank = np.full(n, -1, dtype=np.int32)
    depth = np.zeros(n, dtype=np.int32)
    queue_key, queue_state, size = np.empty(n, dtype=np.int64), np.empty(n, dtype=np.int32), 0
    for state in range(n):
        count, degree = _shortcuts(links, scratch, state, found)
        size = push(queue_key, queue_state, size, 2 * count - degree, state)
    done, work = 0, 0
    while size > 0 and work < _WORK + _WORK_A_STATE * n:
        state = queue_state[0]
        size = pop(queue_key, queue_state, size)
        count, degree = _shortcuts(links, scratch, state, found)
        work += degree * degree
        # few shortcuts, evenly over the map
        now = 2 * count - degree + depth[state]
        if size > 0 and now > queue_key[0]:
            size = push(queue_key, queue_state, size, now, state)
            continue
        if degree > _TANGLED:
            break
        rank[state] = done
        done += 1
        if count > len(found.key):
            found = _found(2 * count)
            _shortcuts(links, scratch, state, found)
        if used + count > len(links.key):
            links = _grown(links, used, 2 * (used + count))
        _take_out(links, state, depth)
        for f in range(count):
            used = _improve(links, used, found.tail[f], found.head[f], found.key[f])
    if done < n:
        rank, used = rank[:0], 0
    return rank, links.tail[:used].copy(), links.head[:used].copy(), links.key[:used].copy()


@allocating
def _found(room: int) -> _Found:
    return _Found(
        np.empty(room, dtype=np.int32), np.empty(room, dtype=np.int32), np.empty(room, dtype=np.int64)
    )


@allocating
def _all_links(arcs: Arcs) -> tuple[_Links, int]:
    n, room = len(arcs.ptr) - 1, 3 * len(arcs.head) + 64
    links = _Links(
        np.full(n, -1, dtype=np.int32),
        np.full(n, -1, dtype=np.int32),
        np.empty(room, dtype=np.int32),
        np.empty(room, dtype=np.int32),
        np.empty(room, dtype=np.int32),
        np.empty(room, dtype=np.int32),
        np.empty(room, dtype=np.int64),
    )
    used = 0
    for state in range(n):
        for a in range(arcs.ptr[state], arcs.ptr[state + 1]):
            used = _improve(links, used, state, arcs.head[a], arcs.key[a])
    return links, used


@allocating
def _grown(links: _Links, used: int, room: int) -> _Links:
    larger = _Links(
        links.first_out,
        links.first_in,
        np.empty(room, dtype=np.int32),
        np.empty(room, dtype=np.int32),
        np.empty(room, dtype=np.int32),
        np.empty(room, dtype=np.int32),
        np.empty(room, dtype=np.int64),
    )
    larger.next_out[:used] = links.next_out[:used]
    larger.next_in[:used] = links.next_in[:used]
    larger.tail[:used] = links.tail[:used]
    larger.head[:used] = links.head[:used]
    larger.key[:used] = links.key[:used]
    return larger


@allocating
def _improve(links: _Links, used: int, tail: int, head: int, key: int) -> int:
    """Add an arc, or lower the key of an existing one; return the number of arcs."""
    link = links.first_out[tail]
    while link >= 0:
        if links.head[link] == head:
            links.key[link] = min(links.key[link], key)
            return used
        link = links.next_out[link]
    links.tail[used], links.head[used], links.key[used] = tail, head, key
    links.next_out[used], links.first_out[tail] = links.first_out[tail], used
    links.next_in[used], links.first_in[head] = links.first_in[head], used
    return used + 1


@allocating
def _take_out(links: _Links, state: int, depth: NDArray[np.int32]) -> None:
    """Remove the arcs of `state` from its neighbours' lists (not from the table); update their depth."""
    link = links.first_out[state]
    while link >= 0:
        other = links.head[link]
        depth[other] = max(depth[other], depth[state] + 1)
        _unlist(links.first_in, links.next_in, other, link)
        link = links.next_out[link]
    link = links.first_in[state]
    while link >= 0:
        other = links.tail[link]
        depth[other] = max(depth[other], depth[state] + 1)
        _unlist(links.first_out, links.next_out, other, link)
        link = links.next_in[link]


@allocating
def _unlist(first: NDArray[np.int32], following: NDArray[np.int32], state: int, link: int) -> None:
    if first[state] == link:
        first[state] = following[link]
        return
    place = first[state]
    while following[place] != link:
        place = following[place]
    following[place] = following[link]


@allocating
def _shortcuts(links: _Links, scratch: _Scratch, state: int, found: _Found) -> tuple[int, int]:
    """Find the shortcuts needed to remove `state`; return their number (all) and its number of arcs."""
    count, degree, longest = 0, 0, -1
    out = links.first_out[state]
    while out >= 0:
        longest = max(longest, links.key[out])
        degree += 1
        out = links.next_out[out]
    most = min(_TRIED + _TRIED_AN_ARC * degree, _TRIED_MOST)
    into = links.first_in[state]
    while into >= 0:
        degree += 1
        tail = links.tail[into]
        touched = _witnesses(links, scratch, tail, state, links.key[into] + longest, most)
        out = links.first_out[state]
        while out >= 0:
            head, key = links.head[out], links.key[into] + links.key[out]
            if head != tail and key < scratch.best[head]:
                if count < len(found.key):
                    found.tail[count], found.head[count], found.key[count] = tail, head, key
                count += 1
            out = links.next_out[out]
        for t in range(touched):
            scratch.best[scratch.touched[t]] = _NOWHERE
        into = links.next_in[into]
    return count, degree


@allocating
def _witnesses(links: _Links, scratch: _Scratch, start: int, without: int, limit: int, most: int) -> int:
    """Search from `start` up to key `limit` around one state, settling `most`; return the number touched."""
    scratch.best[start], scratch.touched[0] = 0, start
    touched, tried = 1, 0
    size = push(scratch.heap_key, scratch.heap_state, 0, 0, start)
    while size > 0 and scratch.heap_key[0] <= limit and tried < most:
        here, state = scratch.heap_key[0], scratch.heap_state[0]
        size = pop(scratch.heap_key, scratch.heap_state, size)
        if here > scratch.best[state]:
            continue
        tried += 1
        link = links.first_out[state]
        while link >= 0 and size < _ROOM and touched < _ROOM:
            head, there = links.head[link], here + links.key[link]
            if head != without and there < scratch.best[head]:
                if scratch.best[head] == _NOWHERE:
                    scratch.touched[touched] = head
                    touched += 1
                scratch.best[head] = there
                size = push(scratch.heap_key, scratch.heap_state, size, there, head)
            link = links.next_out[link]
    return touched
