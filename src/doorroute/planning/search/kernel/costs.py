"""What follows from the order of a route: cost, goods, length, trips, and whether it keeps its limits."""

from __future__ import annotations

import numpy as np

from doorroute.machine_code import inlined, internal
from doorroute.planning.core.tables import Ints
from doorroute.planning.core.trips import CrewView, cut
from doorroute.planning.search.kernel.state import (
    BACK_BY,
    KINDS,
    LATE_PRICE,
    NO_PLACE,
    OPENS,
    UNTIL,
    SearchData,
    Shorts,
    State,
)
from doorroute.planning.search.kernel.times import set_late, set_slack, set_tail


@inlined
def sum_up(data: SearchData, state: State, crew: int) -> None:
    """Compute all that follows from a route's order and times: cost, goods, length, time left."""
    seq, cost = state.seq[crew], data.cost_s[data.profile[crew]]
    if data.trips.whole[crew]:
        cut_up(data, state, crew, NO_PLACE, NO_PLACE)
    found = route_length(data, state, crew, cost)
    for i in range(state.visits[crew] + 1):
        state.legs_s[crew, i] = cost[seq[i], seq[i + 1]]
    for goods in range(data.demand.shape[1]):
        state.load[crew, goods] = 0
    for i in range(1, state.visits[crew] + 1):
        node = seq[i]
        for goods in range(data.demand.shape[1]):
            state.load[crew, goods] += data.demand[node, goods]
        if data.wished[crew]:
            found += data.wish_s[crew, node]
        state.route[node], state.at[node] = crew, i
        state.after[node], state.on_s[node] = seq[i + 1], state.legs_s[crew, i]
    state.over_s[crew] = 0
    if state.home_by[LATE_PRICE]:
        set_tail(data, state, crew)
        set_late(data, state, crew)
    state.cost[crew] = found + state.home_by[LATE_PRICE] * state.over_s[crew]
    set_slack(data, state, crew)
    if data.limited[crew]:
        set_length(data, state, crew)


@inlined
def route_length(data: SearchData, state: State, crew: int, table: Shorts) -> int:
    """Return the sum of `table` over the legs of a route, with reloads; 0 for a team that stays at home."""
    if state.visits[crew] == 0 and not data.out[crew]:
        return 0
    depot = data.trips.reload[crew]
    return length_of(state.seq[crew], state.visits[crew], depot, state.cuts[crew], state.reloads[crew], table)


@internal
def length_of(seq: Shorts, count: int, depot: int, cuts: Ints, number: int, table: Shorts) -> int:
    """Return the sum of `table` over the legs through `count` visits.

    The team goes by `depot` after as many visits as each of the first `number` `cuts` says.
    """
    found, passed = np.int64(0), 0
    for i in range(count + 1):
        if passed < number and cuts[passed] == i:
            found += np.int64(table[seq[i], depot]) + np.int64(table[depot, seq[i + 1]])
            passed += 1
        else:
            found += table[seq[i], seq[i + 1]]
    return int(found)


@internal
def cut_up(data: SearchData, state: State, crew: int, place: int, node: int) -> bool:
    """Cut a route into trips, with `node` at `place`, and return whether every rule is kept.

    With `place` -1 cut the route as it is, and keep the cuts.
    """
    seq, into, profile = state.seq[crew], 0, data.profile[crew]
    for i in range(state.visits[crew] + 2):
        state.trial[into] = seq[i]
        into += 1
        if i == place:
            state.trial[into] = node
            into += 1
    number = 0
    if into > 2:
        until = min(state.home_by[UNTIL], data.shift_s[crew, BACK_BY])
        view = CrewView(data.go_s[profile], data.travel_s[profile], data.stops, data.demand)
        number = cut(view, data.trips, crew, until, state.trial, into - 2, state.buffers)
    if place < 0:
        state.reloads[crew] = number
        for i in range(number):
            state.cuts[crew, i] = state.buffers.cuts[i]
        return bool(number >= 0)
    if number < 0 or not data.limited[crew]:
        return bool(number >= 0)
    depot = data.trips.reload[crew]
    for kind in range(KINDS):
        length = length_of(
            state.trial, into - 2, depot, state.buffers.cuts, number, data.lengths[kind, profile]
        )
        if length > data.limit[crew, kind]:
            return False
    return True


@internal
def set_length(data: SearchData, state: State, crew: int) -> None:
    """Compute the seconds and metres of travel of a route."""
    for kind in range(KINDS):
        state.length[crew, kind] = 0
        if state.visits[crew]:
            table = data.lengths[kind, data.profile[crew]]
            state.length[crew, kind] = route_length(data, state, crew, table)


@internal
def within_length(data: SearchData, state: State, crew: int, place: int, node: int) -> bool:
    """Return whether a limited team may also travel to `node` at `place`."""
    seq, profile = state.seq[crew], data.profile[crew]
    for kind in range(KINDS):
        table = data.lengths[kind, profile]
        length = state.length[crew, kind] + table[seq[place], node] + table[node, seq[place + 1]]
        if state.visits[crew]:
            length -= table[seq[place], seq[place + 1]]
        if length > data.limit[crew, kind]:
            return False
    return True


@internal
def keeps_rules(data: SearchData, state: State, crew: int) -> bool:
    """Return whether the team is in time everywhere and within its limits of travel.

    Travel is checked after a removal too: seconds are rounded, so fewer stops may mean more travel.
    """
    if state.visits[crew] and data.limited[crew]:
        for kind in range(KINDS):
            if state.length[crew, kind] > data.limit[crew, kind]:
                return False
    if state.visits[crew] == 0:
        return True
    if state.reloads[crew] < 0 or data.trips.most[crew]:
        return bool(state.reloads[crew] >= 0)
    return bool(data.shift_s[crew, OPENS] <= state.late_s[crew, 0, 0])
