"""Where a visit can be inserted, and where it costs least."""

from __future__ import annotations

from typing import Final

import numpy as np

from doorroute.machine_code import compiled, inlined, internal
from doorroute.planning.core.tables import FORBIDDEN, NEVER
from doorroute.planning.core.trips import BACK
from doorroute.planning.core.windows import insert, leg
from doorroute.planning.search.kernel.costs import cut_up, within_length
from doorroute.planning.search.kernel.state import (
    AIM,
    CREW,
    DELAY,
    FIRST,
    LATE_PRICE,
    PLACE,
    PRICE,
    SearchData,
    State,
    draw,
)

BLINK: Final = 0.01
"""How often a place is overlooked."""


@inlined
def fits(data: SearchData, state: State, crew: int, place: int, node: int) -> bool:
    """Return whether the team still gets everywhere in time with `node` at `place`.

    Breaks may move to either side of it.

    If there is an aim, write to `spot[DELAY]` how many seconds later than now, counted after the aim, the
    team is home. That is exact except for breaks: a team that is late already never waits later.
    """
    seq, count, pause = state.seq[crew], data.pauses[crew], data.pause_s[crew]
    go, travel = data.go_s[data.profile[crew]], data.travel_s[data.profile[crew]]
    if go[seq[place], node] >= FORBIDDEN or go[node, seq[place + 1]] >= FORBIDDEN:
        return False
    whole, reloads = data.trips.whole[crew], data.trips.most[crew] > 0  # then times depend on the cuts
    if not reloads and data.limited[crew] and not within_length(data, state, crew, place, node):
        return False
    in_time = reloads and not data.never_quicker[crew]
    back = NEVER
    if not in_time:
        there, on = leg(go, travel, seq[place], node, count), leg(go, travel, node, seq[place + 1], count)
        free, late = state.free_s[crew, place], state.late_s[crew, place + 1]
        back = insert(data.stops, pause, count, free, there, node, on, late)
        in_time = back < NEVER
    if whole and not (in_time and cut_up(data, state, crew, place, node)):
        return False
    if state.home_by[LATE_PRICE]:
        back = state.buffers.home[BACK] if whole else back + state.tail_s[crew, place + 1]
        state.spot[DELAY] = max(0, back - state.home_by[AIM] - state.over_s[crew])
    return in_time


@inlined
def has_room(data: SearchData, state: State, crew: int, node: int) -> bool:
    """Return whether the team may take `node`, ignoring time."""
    if not data.may[crew, node] or state.visits[crew] >= data.max_visits[crew]:
        return False
    for goods in range(data.demand.shape[1]):
        if state.load[crew, goods] + data.demand[node, goods] > data.capacity[crew, goods]:
            return False
    return True


@inlined
def try_insertion(data: SearchData, state: State, crew: int, place: int, node: int, price: np.int64) -> None:
    """Cost one insertion, whose legs cost `price`; keep it in `spot` if it is the cheapest so far."""
    if data.wished[crew]:
        price += data.wish_s[crew, node]
    if (
        price < state.spot[PRICE]
        and place >= data.fixed[crew]
        and has_room(data, state, crew, node)
        and draw(state) >= BLINK
        and fits(data, state, crew, place, node)
    ):
        if state.home_by[LATE_PRICE]:
            price += state.home_by[LATE_PRICE] * state.spot[DELAY]
            if price >= state.spot[PRICE]:
                return
        state.spot[PRICE], state.spot[CREW], state.spot[PLACE] = price, crew, place


@internal
def try_seldom(data: SearchData, state: State, crew: int, place: int, node: int, price: np.int64) -> None:
    """Do what `try_insertion` does, as one piece of machine code for the callers that need it seldom."""
    try_insertion(data, state, crew, place, node, price)


@inlined
def try_place(data: SearchData, state: State, crew: int, place: int, node: int) -> None:
    """Look up what an insertion costs, and try it."""
    profile, before, after = (
        np.int64(data.profile[crew]),
        state.seq[crew, place],
        state.seq[crew, place + 1],
    )
    price = np.int64(data.cost_s[profile, before, node]) + np.int64(data.cost_s[profile, node, after])
    if state.visits[crew] or data.out[crew]:
        price -= state.legs_s[crew, place]
    if price < state.spot[PRICE] and (place == 0 or in_slack(data, state, profile, before, node, after)):
        try_seldom(data, state, crew, place, node, price)


@inlined
def in_slack(data: SearchData, state: State, profile: np.int64, before: int, node: int, after: int) -> bool:
    """Return whether there is time between two stops, ignoring windows. Most places fail this quick check."""
    way = np.int64(data.go_s[profile, before, node]) + np.int64(data.go_s[profile, node, after])
    return bool(data.stops.service_s[node] + way <= state.slack_s[before])


@inlined
def find_place(data: SearchData, state: State, node: int) -> bool:
    """Write to `spot` where `node` costs least, and return whether it fits anywhere.

    Try places next to its neighbours and at depots; if it fits at none of them, try all others.
    """
    state.spot[PRICE], state.spot[CREW] = NEVER, -1
    profile, many = np.int64(0), len(data.cost_s) > 1
    for column in range(data.near.shape[1]):
        other = data.near[node, column]
        after = state.after[other]
        if after < 0 or not state.mine[other]:
            continue
        if many:
            profile = data.profile[state.route[other]]
        price = np.int64(data.near_s[profile, node, column]) + np.int64(data.cost_s[profile, node, after])
        price -= np.int64(state.on_s[other])
        if price < state.spot[PRICE] and in_slack(data, state, profile, other, node, after):
            crew, place = int(np.int64(state.route[other])), int(np.int64(state.at[other]))
            try_insertion(data, state, crew, place, node, price)
        if state.at[other] == 1:  # the place before it mostly follows another neighbour
            try_place(data, state, int(np.int64(state.route[other])), FIRST, node)
    try_depots(data, state, node)
    if state.spot[CREW] < 0:
        try_everywhere(data, state, node)
    return bool(state.spot[CREW] >= 0)


@inlined
def try_depots(data: SearchData, state: State, node: int) -> None:
    """Try both ends of all routes, and idle teams."""
    found = state.spot[CREW] >= 0
    idle = -1  # one of those that do not differ is enough; they mostly follow one another
    for crew in state.crews:
        if state.visits[crew] == 0:
            if idle >= 0 and data.same_team[crew] == data.same_team[idle]:
                continue
            idle = crew
        elif found:
            continue  # its near ends have been tried with the neighbours
        for place in (data.fixed[crew], state.visits[crew]):
            try_place(data, state, crew, place, node)


@internal
def try_everywhere(data: SearchData, state: State, node: int) -> None:
    """Try all places inside routes."""
    for crew in state.crews:
        if state.visits[crew] and has_room(data, state, crew, node):
            for place in range(1, state.visits[crew]):
                try_place(data, state, crew, place, node)


@compiled
def may_insert(data: SearchData, state: State, crew: int, place: int, node: int) -> bool:
    """Return whether `crew` keeps every rule with `node` at `place` of its route."""
    return has_room(data, state, crew, node) and fits(data, state, crew, place, node)
