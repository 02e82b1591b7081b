"""The search: take strings of visits out of routes, put them back one by one, keep that or undo it."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from doorroute.machine_code import compiled, inlined
from doorroute.planning.search.kernel.moves import keep_step, put_in, take_out, undo_step
from doorroute.planning.search.kernel.places import find_place
from doorroute.planning.search.kernel.state import ABSENT, CREW, PLACE, STEP, SearchData, State, draw

REMOVED: Final = 10
"""How many visits a ruin takes out on average."""

STRING: Final = 10
"""How many of them at most from one route."""

SPLIT: Final = 0.5
LONGER: Final = 0.01
"""How often a string leaves some visits in its middle in place, and how often that is not one visit more."""

FOCUS: Final = 0.5
"""How often a ruin is around a visit that is left out, if there are any."""

TRIED: Final = 30
"""How many of the visits that are left out are tried at a time."""

EARLY: Final = 1e9
"""Taken off the sort key of what is to be put back first: more than any time of a day."""

AT_RANDOM, LONGEST, FARTHEST, NEAREST, BY_LENGTH, BY_OPENING, BY_CLOSING = range(7)
"""Orders in which visits are put back; the last three are by their windows."""

SORTS: Final = (4, 4, 2, 1, 2, 2, 2)
"""How often each of these orders is taken."""

SORTS_ALL: Final = sum(SORTS)


@inlined
def ruin(data: SearchData, state: State, centre: int) -> None:
    """Take a string of visits around `centre` out of each of some routes."""
    crews = visits = 0
    for crew in state.crews:
        crews += state.visits[crew] > 0
        visits += state.visits[crew]
    if not crews:
        return
    longest = min(float(STRING), visits / crews)
    strings = int(draw(state) * (4 * REMOVED / (1 + longest) - 1)) + 1
    for column in range(-1, data.near.shape[1]):
        node = data.near[centre, column] if column >= 0 else centre
        if not state.mine[node]:
            continue
        crew = int(np.int64(state.route[node]))
        if crew < 0 or state.stamp[crew] == state.counts[STEP]:
            continue
        locked = data.fixed[crew]
        count = state.visits[crew] - locked
        if state.at[node] <= locked:
            continue
        length = 1 + int(draw(state) * min(longest, float(count)))
        length = min(length, count)
        kept = 0
        if 1 < length < count and draw(state) < SPLIT:
            kept = 1
            while length + kept < count and draw(state) > LONGER:
                kept += 1
        whole = length + kept
        low = max(locked + 1, state.at[node] - whole + 1)
        high = min(state.at[node], locked + count - whole + 1)
        begin = low + int(draw(state) * (high - low + 1))
        skip = length if kept == 0 else 1 + int(draw(state) * (length - 1))
        take_out(data, state, crew, begin, length, skip, kept)
        state.stamp[crew] = state.counts[STEP]
        strings -= 1
        if strings == 0:
            break


@inlined
def last_close(data: SearchData, node: int) -> int:
    """Return when the last window of `node` closes."""
    last = data.stops.closes_s[node, 0]
    for window in range(1, data.stops.closes_s.shape[1]):
        last = max(last, data.stops.closes_s[node, window])
    return int(last)


@inlined
def sort_key(data: SearchData, state: State, node: int, kind: int) -> float:
    """Return the sort key of a visit in one of the orders: the least is put back first."""
    key = draw(state)
    if kind == LONGEST:
        key = -data.stops.service_s[node]
    elif kind == FARTHEST:
        key = -data.far_s[node]
    elif kind == NEAREST:
        key = data.far_s[node]
    elif kind == BY_LENGTH:
        key = last_close(data, node) - data.stops.opens_s[node, 0]
    elif kind == BY_OPENING:
        key = data.stops.opens_s[node, 0]
    elif kind == BY_CLOSING:
        key = last_close(data, node)
    return float(key)


@inlined
def recreate(data: SearchData, state: State, tried: int, first: int) -> None:
    """Put `waiting[:tried]` back one by one, `waiting[:first]` first; what fits nowhere is absent."""
    waiting, keys = state.waiting, state.keys
    pick, kind = draw(state) * SORTS_ALL, 0
    while pick >= SORTS[kind]:
        pick -= SORTS[kind]
        kind += 1
    for i in range(tried):
        keys[i] = sort_key(data, state, waiting[i], kind) - (EARLY if i < first else 0.0)
    for i in range(1, tried):  # insertion sort: there are a few dozen
        node, key, j = waiting[i], keys[i], i
        while j > 0 and comes_before(data, node, key, waiting[j - 1], keys[j - 1]):
            waiting[j], keys[j] = waiting[j - 1], keys[j - 1]
            j -= 1
        waiting[j], keys[j] = node, key
    for i in range(tried):
        if find_place(data, state, waiting[i]):
            put_in(data, state, state.spot[CREW], state.spot[PLACE], waiting[i])
        else:
            state.absent[state.counts[ABSENT]] = waiting[i]
            state.counts[ABSENT] += 1


@inlined
def comes_before(data: SearchData, node: int, key: float, other: int, other_key: float) -> bool:
    """Return whether `node` is put back before `other`: the more urgent first, then by key."""
    if data.tier[node] != data.tier[other]:
        return bool(data.tier[node] < data.tier[other])
    return key < other_key


@compiled
def anneal(data: SearchData, state: State, steps: int, heat: float, until_all_in: int) -> int:
    """Ruin and recreate `steps` times, and return how many steps were made.

    Outcomes that cost at most about `heat` more are kept.

    With `until_all_in`, stop as soon as nobody is absent or late.
    """
    for step in range(steps):
        if until_all_in and state.counts[ABSENT] == 0 and late_in_all(state) == 0:
            return step
        state.counts[STEP] += 1
        out = state.counts[ABSENT]
        tried = set_aside(state)
        start = state.counts[ABSENT]
        delta = 0.0
        for i in range(tried):
            delta -= state.price[state.waiting[i]]
        # visits left out matter most: half of the time, ruin around one of them and put them back first
        focus = tried > 0 and draw(state) < FOCUS
        ruin(data, state, state.waiting[0] if focus else state.members[int(draw(state) * len(state.members))])
        removed = state.counts[ABSENT] - start
        for i in range(removed):
            state.waiting[tried + i] = state.absent[start + i]
        state.counts[ABSENT] = start
        recreate(data, state, tried + removed, tried if focus else 0)
        for i in range(start, state.counts[ABSENT]):
            delta += state.price[state.absent[i]]
        for crew in state.crews:
            if state.stamp[crew] == state.counts[STEP]:
                delta += state.cost[crew] - state.old_cost[crew]
        if delta <= 0 or delta < -heat * math.log(1.0 - draw(state)):
            keep_step(state, delta)
        else:
            undo_step(data, state, out)
    return steps


@inlined
def late_in_all(state: State) -> int:
    """Return the seconds after the aim at which teams are back, summed over all teams."""
    late = np.int64(0)
    for crew in state.crews:
        late += state.over_s[crew]
    return int(late)


@inlined
def set_aside(state: State) -> int:
    """Move some absent visits, drawn at random, to `waiting`, and return how many.

    All absent visits are saved in `before`.
    """
    out = state.counts[ABSENT]
    for i in range(out):
        state.before[i] = state.absent[i]
    tried = min(out, TRIED)
    for i in range(tried):
        j = i + int(draw(state) * (out - i))
        state.absent[i], state.absent[j] = state.absent[j], state.absent[i]
        state.waiting[i] = state.absent[i]
    for i in range(tried, out):
        state.absent[i - tried] = state.absent[i]
    state.counts[ABSENT] = out - tried
    return int(tried)
