"""Ruin and recreate at native speed: the inner loop of the search, compiled by numba.

After J. Christiaens, G. Vanden Berghe: Slack induction by string removals, Transportation Science 54(2), 2020; with the paper's sizes. Each
route carries, at every stop and for every number of breaks taken, when the team is free from there on and how late it may come (`schedule`
says what these are), so that one place is checked in O(1). Only places beside near neighbours, depots and idle teams are looked at.

A route in `State.seq` is depot, visits, depot; place `p` is between stop `p` and stop `p + 1`.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from doorroute.planning.core.compiled import compiled, inlined
from doorroute.planning.core.tables import FORBIDDEN, NEVER, Bools, Ints
from doorroute.planning.core.trips import Land, Room, Rules, cut
from doorroute.planning.core.windows import Stops, be_home, go_before, go_to, insert, leave, leg, may_end

Shorts = NDArray[np.int32]
Floats = NDArray[np.float64]

REMOVED: Final = 10
"""How many visits a ruin takes out on average."""

STRING: Final = 10
"""How many of them at most from one route."""

SPLIT: Final = 0.5
LONGER: Final = 0.01
"""How often a string leaves a few visits in its middle standing, and how often not one visit more than that."""

FOCUS: Final = 0.5
"""How often a ruin is about visits that are left out, where there are any."""

TRIED: Final = 30
"""How many of the visits that are left out are tried at a time."""

BLINK: Final = 0.01
"""How often a place is overlooked."""

SORTS: Final = (4, 4, 2, 1, 2, 2, 2)
"""How often visits are put back at random, longest first, farthest first, nearest first, by length, opening and closing of their windows."""

SORTS_ALL: Final = sum(SORTS)

FIRST, NO_PLACE = cast("int", np.int64(0)), cast("int", np.int64(-1))
"""Places; as plain numbers each would have the functions compiled once more for it, and so would crews of 32 bits beside those of 64."""

EARLY: Final = 1e9
"""Taken off the key of what is to be put back first: more than any time of a day."""


class Ground(NamedTuple):
    """What does not change: `Tables` as bare arrays, m nodes of which the first n are visits, c crews, k breaks at most, w windows.

    go_s, cost_s : (profiles, m, m) int32, `cost_s` what is to be least. near : (n, l) int32, from near to far; near_s : (profiles, n, l) what the way from each
    costs. far_s : (n,) from a depot. may : (c, n).
    alike : (c,) equal for teams that are alike in everything. pause_s : (c, k, 3) int64, earliest and latest begin, duration; pauses : (c,) their number.
    demand : (m, d), capacity : (c, d) what is left of it. out : (c,) whether it has begun, fixed : (c,) how many visits at the front stay.
    wished : (c,) whether visits count beside their ways, wish_s : (c, n) then what.
    trips are the rules of routes that are judged as a whole; detour : (c,) whether a way over the depot of reloads is never the quicker one: then who would be late without it is late.
    limited : (c,) whether travel or distance are; most : (c, 2) then says the seconds and metres; ways : (2, profiles, m, m) both of each leg, or
    nothing where nobody is limited.
    """

    go_s: Shorts
    travel_s: Shorts
    cost_s: Shorts
    near: Shorts
    near_s: Shorts
    far_s: Ints
    stops: Stops
    demand: Ints
    tier: Ints
    profile: Ints
    alike: Ints
    shift_s: Ints
    capacity: Ints
    max_visits: Ints
    may: Bools
    pauses: Ints
    pause_s: Ints
    out: Bools
    fixed: Ints
    wished: Bools
    wish_s: Shorts
    limited: Bools
    most: Ints
    ways: Shorts
    trips: Rules
    detour: Bools


class State(NamedTuple):
    """A plan in the making, changed in place.

    seq : (c, l) stops of each route of l at most, visits : (c,) their number. free_s, late_s : (c, l, k + 1). route, at : (n,) where each visit is, -1 for
    nowhere; after, on_s, slack_s : (n,) the stop behind it, -1 for none, what the way there costs, and how long the team may be under way to there at most: what is
    looked up most lies together.
    load : (c, d), cost : (c,), legs_s : (c, l) what the way from each stop to the next costs, length : (c, 2) seconds and metres of those that are limited. price : (n,) what it costs to leave a visit out. absent : (n,), of which the first `numbers[0]` are out.
    reloads : (c,) how often each team goes by its depot (-1: no way keeps the rules), cuts : (c, reloads) after how many visits; trial is a route to be cut.
    until_s : (1,) when all have to be back. aim : (2,) when they should be, and what each second after it costs; tail_s : (c, l) from coming to each stop to being
    back, without waiting; over_s : (c,) how late each team is back then. key : (2,) cost of the current plan and of the best since `mark`. best_seq, best_count : that best plan, of which
    the routes marked `dirty` are stale. The old_ ones are a route as it was before the step numbered `stamp` touched it.

    Several searches can go on in one plan, side by side: `crews` are the routes that this one may change, `members` the visits that are theirs or nobody's, and
    `mine` : (n,) says so. What is of routes and visits they share; from `absent` on each has its own.
    """

    seq: Shorts
    visits: Ints
    free_s: Ints
    late_s: Ints
    route: Shorts
    at: Shorts
    after: Shorts
    on_s: Shorts
    slack_s: Shorts
    load: Ints
    cost: Ints
    legs_s: Shorts
    length: Ints
    reloads: Ints
    cuts: Ints
    price: Floats
    until_s: Ints
    aim: Ints
    tail_s: Ints
    over_s: Ints
    best_seq: Shorts
    best_count: Ints
    dirty: Bools
    stamp: Ints
    old_seq: Shorts
    old_count: Ints
    old_free_s: Ints
    old_late_s: Ints
    old_load: Ints
    old_legs_s: Shorts
    old_cost: Ints
    old_over_s: Ints
    old_reloads: Ints
    old_cuts: Ints
    absent: Ints
    numbers: Ints
    key: Floats
    crews: Ints
    members: Ints
    mine: Bools
    trial: Shorts
    room: Room
    random: NDArray[np.uint64]
    spot: Ints
    before: Ints
    waiting: Ints
    keys: Floats


_A, _B, _C, _M = np.uint64(12), np.uint64(25), np.uint64(27), np.uint64(2685821657736338717)
_SHIFT = np.uint64(11)


@inlined
def draw(state: State) -> float:
    """Return a number from 0 up to 1 (xorshift64*)."""
    x = state.random[0]
    x ^= x >> _A
    x ^= x << _B
    x ^= x >> _C
    state.random[0] = x
    return float((x * _M) >> _SHIFT) * 2.0**-53


@inlined
def go_on(ground: Ground, state: State, crew: int, place: int) -> None:
    """Compute when the team is free at each stop from `place` on."""
    seq, free, count, pause = state.seq[crew], state.free_s[crew], ground.pauses[crew], ground.pause_s[crew]
    go, travel = ground.go_s[ground.profile[crew]], ground.travel_s[ground.profile[crew]]
    if place == 0:
        leave(pause, count, ground.shift_s[crew, 0], ground.out[crew], free[0])
    for i in range(max(1, place), state.visits[crew] + 1):
        node = seq[i]
        go_to(
            ground.stops, pause, count, free[i - 1], leg(go, travel, seq[i - 1], node, count), node, free[i]
        )


@inlined
def go_back(ground: Ground, state: State, crew: int, place: int) -> None:
    """Compute how late the team may be at each stop up to `place`."""
    seq, late, count, pause = state.seq[crew], state.late_s[crew], ground.pauses[crew], ground.pause_s[crew]
    go, travel = ground.go_s[ground.profile[crew]], ground.travel_s[ground.profile[crew]]
    last = state.visits[crew] + 1
    if place >= last:
        be_home(pause, count, min(state.until_s[0], ground.shift_s[crew, 1]), late[last])
    for i in range(min(place, last - 1), -1, -1):
        way, at_start = leg(go, travel, seq[i], seq[i + 1], count), i == 0 and not ground.out[crew]
        go_before(ground.stops, pause, count, late[i + 1], way, seq[i], at_start, late[i])


@inlined
def sums(ground: Ground, state: State, crew: int) -> None:
    """Reckon the costs and goods of a route, and where its visits are."""
    seq, cost = state.seq[crew], ground.cost_s[ground.profile[crew]]
    if ground.trips.whole[crew]:
        cut_up(ground, state, crew, NO_PLACE, NO_PLACE)
    found = along(ground, state, crew, cost)
    for i in range(state.visits[crew] + 1):
        state.legs_s[crew, i] = cost[seq[i], seq[i + 1]]
    for goods in range(ground.demand.shape[1]):
        state.load[crew, goods] = 0
    for i in range(1, state.visits[crew] + 1):
        node = seq[i]
        for goods in range(ground.demand.shape[1]):
            state.load[crew, goods] += ground.demand[node, goods]
        if ground.wished[crew]:
            found += ground.wish_s[crew, node]
        state.route[node], state.at[node] = crew, i
        state.after[node], state.on_s[node] = seq[i + 1], state.legs_s[crew, i]
    state.over_s[crew] = 0
    if state.aim[1]:
        reckon_tail(ground, state, crew)
        exceed(ground, state, crew)
    state.cost[crew] = found + state.aim[1] * state.over_s[crew]
    slacken(ground, state, crew)
    if ground.limited[crew]:
        measure(ground, state, crew)


@compiled
def reckon_tail(ground: Ground, state: State, crew: int) -> None:
    """Reckon the work from each stop on."""
    seq, last, go = state.seq[crew], state.visits[crew] + 1, ground.go_s[ground.profile[crew]]
    state.tail_s[crew, last] = 0
    for i in range(last - 1, 0, -1):
        state.tail_s[crew, i] = (
            state.tail_s[crew, i + 1] + go[seq[i], seq[i + 1]] + ground.stops.service_s[seq[i]]
        )


@compiled
def exceed(ground: Ground, state: State, crew: int) -> None:
    """Reckon how long after the aim the team is back; a route that is judged as a whole has just been cut up."""
    seq, last, go = state.seq[crew], state.visits[crew] + 1, ground.go_s[ground.profile[crew]]
    if last == 1 and not ground.out[crew]:
        return
    if last > 1 and ground.trips.whole[crew]:
        if state.reloads[crew] >= 0:
            state.over_s[crew] = max(0, state.room.home[0] - state.aim[0])
        return
    count, pause, home = ground.pauses[crew], ground.pause_s[crew], np.int64(go[seq[last - 1], seq[last]])
    back = state.free_s[crew, last - 1, count] + home
    for k in range(count):
        if may_end(pause, count, k, state.free_s[crew, last - 1, k] + home):
            back = min(back, state.free_s[crew, last - 1, k] + home)
    state.over_s[crew] = max(0, back - state.aim[0])


@inlined
def slacken(ground: Ground, state: State, crew: int) -> None:
    """Reckon how many seconds the team may take from each visit to the next stop, over a visit or a break; the windows of that visit apart."""
    for place in range(1, state.visits[crew] + 1):
        free, late = state.free_s[crew, place], state.late_s[crew, place + 1]
        most = late[0] - free[0]
        for k in range(1, ground.pauses[crew] + 1):
            most = max(most, late[k] - min(free[k], free[k - 1]))
        if ground.trips.most[crew] and not ground.detour[crew]:  # its times depend on the cuts
            most = FORBIDDEN
        state.slack_s[state.seq[crew, place]] = min(max(most, -1), FORBIDDEN)


@inlined
def along(ground: Ground, state: State, crew: int, cost: Shorts) -> int:
    """Return what the ways of a route count, over its reloads; 0 for a team that stays at home."""
    if state.visits[crew] == 0 and not ground.out[crew]:
        return 0
    depot = ground.trips.reload[crew]
    return total(state.seq[crew], state.visits[crew], depot, state.cuts[crew], state.reloads[crew], cost)


@compiled
def total(seq: Shorts, count: int, depot: int, cuts: Ints, number: int, cost: Shorts) -> int:
    """Return what the ways through `count` visits count, over the depot after so many of them as each of the first `number` `cuts` says."""
    found, passed = np.int64(0), 0
    for i in range(count + 1):
        if passed < number and cuts[passed] == i:
            found += np.int64(cost[seq[i], depot]) + np.int64(cost[depot, seq[i + 1]])
            passed += 1
        else:
            found += cost[seq[i], seq[i + 1]]
    return int(found)


@compiled
def cut_up(ground: Ground, state: State, crew: int, place: int, node: int) -> bool:
    """Cut a route into trips, with `node` at `place` (-1 for none; then this is kept); say whether every rule is kept."""
    seq, into = state.seq[crew], 0
    for i in range(state.visits[crew] + 2):
        state.trial[into] = seq[i]
        into += 1
        if i == place:
            state.trial[into] = node
            into += 1
    number = 0
    if into > 2:
        until, go = min(state.until_s[0], ground.shift_s[crew, 1]), ground.go_s[ground.profile[crew]]
        land = Land(go, ground.travel_s[ground.profile[crew]], ground.stops, ground.demand)
        number = cut(land, ground.trips, crew, until, state.trial, into - 2, state.room)
    if place < 0:
        state.reloads[crew] = number
        for i in range(number):
            state.cuts[crew, i] = state.room.cuts[i]
        return bool(number >= 0)
    if number < 0 or not ground.limited[crew]:
        return bool(number >= 0)
    profile, depot = ground.profile[crew], ground.trips.reload[crew]
    return bool(
        total(state.trial, into - 2, depot, state.room.cuts, number, ground.ways[0, profile])
        <= ground.most[crew, 0]
        and total(state.trial, into - 2, depot, state.room.cuts, number, ground.ways[1, profile])
        <= ground.most[crew, 1]
    )


@compiled
def measure(ground: Ground, state: State, crew: int) -> None:
    """Reckon the seconds and metres of travel of a route."""
    for kind in range(2):
        state.length[crew, kind] = 0
        if state.visits[crew]:
            state.length[crew, kind] = along(ground, state, crew, ground.ways[kind, ground.profile[crew]])


@compiled
def within_length(ground: Ground, state: State, crew: int, place: int, node: int) -> bool:
    """Say whether a limited team may go the way to `node` at `place` too."""
    seq, profile = state.seq[crew], ground.profile[crew]
    for kind in range(2):
        way = ground.ways[kind, profile]
        length = state.length[crew, kind] + way[seq[place], node] + way[node, seq[place + 1]]
        if state.visits[crew]:
            length -= way[seq[place], seq[place + 1]]
        if length > ground.most[crew, kind]:
            return False
    return True


@compiled
def sound(ground: Ground, state: State, crew: int) -> bool:
    """Say whether the team gets through in time, and within its limits of travel (seconds are rounded: less stops may be a longer way)."""
    if state.visits[crew] and ground.limited[crew]:
        for kind in range(2):
            if state.length[crew, kind] > ground.most[crew, kind]:
                return False
    if state.visits[crew] == 0:
        return True
    if state.reloads[crew] < 0 or ground.trips.most[crew]:
        return bool(state.reloads[crew] >= 0)
    return bool(ground.shift_s[crew, 0] <= state.late_s[crew, 0, 0])


@inlined
def fits(ground: Ground, state: State, crew: int, place: int, node: int) -> bool:
    """Say whether the team still gets everywhere in time with `node` at `place`; breaks may move to either side of it.

    Where there is an aim, leave in `spot[3]` how much later past it the team is back (exactly that, breaks apart: who is late already waits nowhere later).
    """
    seq, count, pause = state.seq[crew], ground.pauses[crew], ground.pause_s[crew]
    go, travel = ground.go_s[ground.profile[crew]], ground.travel_s[ground.profile[crew]]
    if go[seq[place], node] >= FORBIDDEN or go[node, seq[place + 1]] >= FORBIDDEN:
        return False
    whole, reloads = ground.trips.whole[crew], ground.trips.most[crew] > 0  # then times depend on the cuts
    if not reloads and ground.limited[crew] and not within_length(ground, state, crew, place, node):
        return False
    in_time = reloads and not ground.detour[crew]
    back = NEVER
    if not in_time:
        there, on = leg(go, travel, seq[place], node, count), leg(go, travel, node, seq[place + 1], count)
        free, late = state.free_s[crew, place], state.late_s[crew, place + 1]
        back = insert(ground.stops, pause, count, free, there, node, on, late)
        in_time = back < NEVER
    if whole and not (in_time and cut_up(ground, state, crew, place, node)):
        return False
    if state.aim[1]:
        back = state.room.home[0] if whole else back + state.tail_s[crew, place + 1]
        state.spot[3] = max(0, back - state.aim[0] - state.over_s[crew])
    return in_time


@inlined
def has_room(ground: Ground, state: State, crew: int, node: int) -> bool:
    """Say whether the team may take `node` at all, times apart."""
    if not ground.may[crew, node] or state.visits[crew] >= ground.max_visits[crew]:
        return False
    for goods in range(ground.demand.shape[1]):
        if state.load[crew, goods] + ground.demand[node, goods] > ground.capacity[crew, goods]:
            return False
    return True


@inlined
def weigh(ground: Ground, state: State, crew: int, place: int, node: int, price: np.int64) -> None:
    """Do so, the ways being known."""
    if ground.wished[crew]:
        price += ground.wish_s[crew, node]
    if (
        price < state.spot[0]
        and place >= ground.fixed[crew]
        and has_room(ground, state, crew, node)
        and draw(state) >= BLINK
        and fits(ground, state, crew, place, node)
    ):
        if state.aim[1]:
            price += state.aim[1] * state.spot[3]
            if price >= state.spot[0]:
                return
        state.spot[0], state.spot[1], state.spot[2] = price, crew, place


@compiled
def consider(ground: Ground, state: State, crew: int, place: int, node: int, price: np.int64) -> None:
    """Do the same, in one place for whoever comes by seldom."""
    weigh(ground, state, crew, place, node, price)


@inlined
def look(ground: Ground, state: State, crew: int, place: int, node: int) -> None:
    """Do the same for a place of which nothing is known yet."""
    profile, before, after = (
        np.int64(ground.profile[crew]),
        state.seq[crew, place],
        state.seq[crew, place + 1],
    )
    price = np.int64(ground.cost_s[profile, before, node]) + np.int64(ground.cost_s[profile, node, after])
    if state.visits[crew] or ground.out[crew]:
        price -= state.legs_s[crew, place]
    if price < state.spot[0] and (place == 0 or in_slack(ground, state, profile, before, node, after)):
        consider(ground, state, crew, place, node, price)


@inlined
def in_slack(ground: Ground, state: State, profile: np.int64, before: int, node: int, after: int) -> bool:
    """Say whether there is time enough between two stops, windows apart; most places fail by that already."""
    way = np.int64(ground.go_s[profile, before, node]) + np.int64(ground.go_s[profile, node, after])
    return bool(ground.stops.service_s[node] + way <= state.slack_s[before])


@inlined
def find_place(ground: Ground, state: State, node: int) -> bool:
    """Find in `state.spot` where `node` costs least: beside its neighbours, at depots; if nowhere there, then anywhere. Say whether there is a place."""
    state.spot[0], state.spot[1] = NEVER, -1
    profile, many = np.int64(0), len(ground.cost_s) > 1
    for column in range(ground.near.shape[1]):
        other = ground.near[node, column]
        after = state.after[other]
        if after < 0 or not state.mine[other]:
            continue
        if many:
            profile = ground.profile[state.route[other]]
        price = np.int64(ground.near_s[profile, node, column]) + np.int64(ground.cost_s[profile, node, after])
        price -= np.int64(state.on_s[other])
        if price < state.spot[0] and in_slack(ground, state, profile, other, node, after):
            weigh(
                ground, state, int(np.int64(state.route[other])), int(np.int64(state.at[other])), node, price
            )
        if state.at[other] == 1:  # the place before it is behind another neighbour, mostly
            look(ground, state, int(np.int64(state.route[other])), FIRST, node)
    look_at_depots(ground, state, node)
    if state.spot[1] < 0:
        look_everywhere(ground, state, node)
    return bool(state.spot[1] >= 0)


@inlined
def look_at_depots(ground: Ground, state: State, node: int) -> None:
    """Look at both ends of all routes, and at idle teams."""
    found = state.spot[1] >= 0
    idle = -1  # of those that are alike one is enough; they mostly stand side by side
    for crew in state.crews:
        if state.visits[crew] == 0:
            if idle >= 0 and ground.alike[crew] == ground.alike[idle]:
                continue
            idle = crew
        elif found:
            continue  # beside its neighbours it has been at those ends that are near
        for place in (ground.fixed[crew], state.visits[crew]):
            look(ground, state, crew, place, node)


@compiled
def look_everywhere(ground: Ground, state: State, node: int) -> None:
    """Look at all places inside routes."""
    for crew in state.crews:
        if state.visits[crew] and has_room(ground, state, crew, node):
            for place in range(1, state.visits[crew]):
                look(ground, state, crew, place, node)


@inlined
def touch(state: State, crew: int) -> None:
    """Keep the route as it is, to go back to, if this step has not done so yet."""
    if state.stamp[crew] == state.numbers[1]:
        return
    state.stamp[crew] = state.numbers[1]
    state.old_count[crew], state.old_cost[crew] = state.visits[crew], state.cost[crew]
    state.old_over_s[crew], state.old_reloads[crew] = state.over_s[crew], state.reloads[crew]
    for i in range(state.reloads[crew]):
        state.old_cuts[crew, i] = state.cuts[crew, i]
    for goods in range(state.load.shape[1]):
        state.old_load[crew, goods] = state.load[crew, goods]
    for i in range(state.visits[crew] + 2):
        state.old_seq[crew, i], state.old_legs_s[crew, i] = state.seq[crew, i], state.legs_s[crew, i]
        for k in range(state.free_s.shape[2]):
            state.old_free_s[crew, i, k] = state.free_s[crew, i, k]
            state.old_late_s[crew, i, k] = state.late_s[crew, i, k]


@inlined
def untouch(ground: Ground, state: State, crew: int) -> None:
    """Put the route back as it was before this step."""
    state.visits[crew], state.cost[crew] = state.old_count[crew], state.old_cost[crew]
    for goods in range(state.load.shape[1]):
        state.load[crew, goods] = state.old_load[crew, goods]
    for i in range(state.visits[crew] + 2):
        state.seq[crew, i], state.legs_s[crew, i] = state.old_seq[crew, i], state.old_legs_s[crew, i]
        if 0 < i <= state.visits[crew]:
            node = state.seq[crew, i]
            state.route[node], state.at[node] = crew, i
            state.after[node], state.on_s[node] = state.old_seq[crew, i + 1], state.legs_s[crew, i]
        for k in range(state.free_s.shape[2]):
            state.free_s[crew, i, k] = state.old_free_s[crew, i, k]
            state.late_s[crew, i, k] = state.old_late_s[crew, i, k]
    slacken(ground, state, crew)
    state.over_s[crew] = state.old_over_s[crew]
    if state.aim[1]:
        reckon_tail(ground, state, crew)
    state.reloads[crew] = state.old_reloads[crew]
    for i in range(state.reloads[crew]):
        state.cuts[crew, i] = state.old_cuts[crew, i]
    if ground.limited[crew]:
        measure(ground, state, crew)


@inlined
def put(ground: Ground, state: State, crew: int, place: int, node: int) -> None:
    """Insert `node`."""
    touch(state, crew)
    seq = state.seq[crew]
    for i in range(state.visits[crew] + 2, place + 1, -1):
        seq[i] = seq[i - 1]
    seq[place + 1] = node
    state.visits[crew] += 1
    go_on(ground, state, crew, place)
    for i in range(state.visits[crew] + 1, place + 1, -1):
        for k in range(state.late_s.shape[2]):
            state.late_s[crew, i, k] = state.late_s[crew, i - 1, k]
    go_back(ground, state, crew, place + 1)
    sums(ground, state, crew)


@inlined
def take(ground: Ground, state: State, crew: int, begin: int, length: int, skip: int, kept: int) -> bool:
    """Remove `length` visits from stop `begin` on, but for `kept` ones after the first `skip`; undo it where the way is then no way."""
    touch(state, crew)
    seq, count = state.seq[crew], state.visits[crew]
    into = begin
    for i in range(begin, count + 2):
        inside = i - begin
        if inside < skip or skip + kept <= inside < length + kept:
            node = seq[i]
            state.route[node] = state.after[node] = -1
            state.absent[state.numbers[0]] = node
            state.numbers[0] += 1
        else:
            seq[into] = seq[i]
            into += 1
    state.visits[crew] = count - length
    go_on(ground, state, crew, FIRST)
    go_back(ground, state, crew, count + 2)
    sums(ground, state, crew)
    if not sound(ground, state, crew):  # where streets are closed, the way past a door may be the only one
        state.numbers[0] -= length
        untouch(ground, state, crew)
        return False
    return True


@inlined
def ruin(ground: Ground, state: State, centre: int) -> None:
    """Take a string of visits around `centre` out of each of some routes."""
    crews = visits = 0
    for crew in state.crews:
        crews += state.visits[crew] > 0
        visits += state.visits[crew]
    if not crews:
        return
    longest = min(float(STRING), visits / crews)
    strings = int(draw(state) * (4 * REMOVED / (1 + longest) - 1)) + 1
    for column in range(-1, ground.near.shape[1]):
        node = ground.near[centre, column] if column >= 0 else centre
        if not state.mine[node]:
            continue
        crew = int(np.int64(state.route[node]))
        if crew < 0 or state.stamp[crew] == state.numbers[1]:
            continue
        locked = ground.fixed[crew]
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
        low, high = (
            max(locked + 1, state.at[node] - whole + 1),
            min(state.at[node], locked + count - whole + 1),
        )
        begin = low + int(draw(state) * (high - low + 1))
        skip = length if kept == 0 else 1 + int(draw(state) * (length - 1))
        take(ground, state, crew, begin, length, skip, kept)
        state.stamp[crew] = state.numbers[1]
        strings -= 1
        if strings == 0:
            break


@inlined
def last_close(ground: Ground, node: int) -> int:
    """Return when the last window of `node` closes."""
    last = ground.stops.closes_s[node, 0]
    for window in range(1, ground.stops.closes_s.shape[1]):
        last = max(last, ground.stops.closes_s[node, window])
    return int(last)


@inlined
def sort_key(ground: Ground, state: State, node: int, kind: int) -> float:
    """Return by what a visit is put back sooner (less) or later."""
    key = draw(state)
    if kind == 1:
        key = -ground.stops.service_s[node]
    elif kind == 2:
        key = -ground.far_s[node]
    elif kind == 3:
        key = ground.far_s[node]
    elif kind == 4:
        key = last_close(ground, node) - ground.stops.opens_s[node, 0]
    elif kind == 5:
        key = ground.stops.opens_s[node, 0]
    elif kind == 6:
        key = last_close(ground, node)
    return float(key)


@inlined
def recreate(ground: Ground, state: State, tried: int, first: int) -> None:
    """Put `waiting[:tried]` back one by one, its first `first` ones first; what finds no place is absent."""
    waiting, keys = state.waiting, state.keys
    pick, kind = draw(state) * SORTS_ALL, 0
    while pick >= SORTS[kind]:
        pick -= SORTS[kind]
        kind += 1
    for i in range(tried):
        keys[i] = sort_key(ground, state, waiting[i], kind) - (EARLY if i < first else 0.0)
    for i in range(1, tried):  # insertion sort: there are a few dozen
        node, key, j = waiting[i], keys[i], i
        while j > 0 and comes_before(ground, node, key, waiting[j - 1], keys[j - 1]):
            waiting[j], keys[j] = waiting[j - 1], keys[j - 1]
            j -= 1
        waiting[j], keys[j] = node, key
    for i in range(tried):
        if find_place(ground, state, waiting[i]):
            put(ground, state, state.spot[1], state.spot[2], waiting[i])
        else:
            state.absent[state.numbers[0]] = waiting[i]
            state.numbers[0] += 1


@inlined
def comes_before(ground: Ground, node: int, key: float, other: int, other_key: float) -> bool:
    """Say whether `node` is put back before `other`: the more urgent first, then by key."""
    if ground.tier[node] != ground.tier[other]:
        return bool(ground.tier[node] < ground.tier[other])
    return key < other_key


@compiled
def settle(ground: Ground, state: State) -> None:
    """Reckon everything that follows from the orders of visits."""
    for crew in state.crews:
        go_on(ground, state, crew, FIRST)
        go_back(ground, state, crew, state.visits[crew] + 2)
        sums(ground, state, crew)


@compiled
def mark(state: State) -> None:
    """Let the best plan be the current one, whatever was the best."""
    state.key[1] = state.key[0]
    for crew in state.crews:
        state.dirty[crew] = False
        state.best_count[crew] = state.visits[crew]
        for i in range(1, state.visits[crew] + 1):
            state.best_seq[crew, i] = state.seq[crew, i]


@compiled
def anneal(ground: Ground, state: State, steps: int, heat: float, until_all_in: int) -> int:
    """Ruin and recreate `steps` times; keep outcomes that cost about `heat` more at most. Stop early when nobody is absent, if asked to.

    Return how many steps were made.
    """
    for step in range(steps):
        if until_all_in and state.numbers[0] == 0 and late_in_all(state) == 0:
            return step
        state.numbers[1] += 1
        out = state.numbers[0]
        tried = set_aside(state)
        start = state.numbers[0]
        delta = 0.0
        for i in range(tried):
            delta -= state.price[state.waiting[i]]
        # what is left out is what matters most: half of the time the ruin is around such a visit, and they come first when it is mended
        focus = tried > 0 and draw(state) < FOCUS
        ruin(
            ground, state, state.waiting[0] if focus else state.members[int(draw(state) * len(state.members))]
        )
        removed = state.numbers[0] - start
        for i in range(removed):
            state.waiting[tried + i] = state.absent[start + i]
        state.numbers[0] = start
        recreate(ground, state, tried + removed, tried if focus else 0)
        for i in range(start, state.numbers[0]):
            delta += state.price[state.absent[i]]
        for crew in state.crews:
            if state.stamp[crew] == state.numbers[1]:
                delta += state.cost[crew] - state.old_cost[crew]
        if delta <= 0 or delta < -heat * math.log(1.0 - draw(state)):
            keep(state, delta)
        else:
            go_back_to(ground, state, out)
    return steps


@inlined
def late_in_all(state: State) -> int:
    """Return for how many seconds after the aim all teams together are back."""
    late = np.int64(0)
    for crew in state.crews:
        late += state.over_s[crew]
    return int(late)


@inlined
def set_aside(state: State) -> int:
    """Move some of the absent visits, drawn at random, to `waiting`; keep in `before` how they all were. Return how many."""
    out = state.numbers[0]
    for i in range(out):
        state.before[i] = state.absent[i]
    tried = min(out, TRIED)
    for i in range(tried):
        j = i + int(draw(state) * (out - i))
        state.absent[i], state.absent[j] = state.absent[j], state.absent[i]
        state.waiting[i] = state.absent[i]
    for i in range(tried, out):
        state.absent[i - tried] = state.absent[i]
    state.numbers[0] = out - tried
    return int(tried)


@inlined
def keep(state: State, delta: float) -> None:
    """Make what this step has done the current plan, and the best one if it is."""
    state.key[0] += delta
    for crew in state.crews:
        if state.stamp[crew] == state.numbers[1]:
            state.dirty[crew] = True
    if state.key[0] < state.key[1]:
        state.key[1] = state.key[0]
        for crew in state.crews:
            if state.dirty[crew]:
                state.dirty[crew] = False
                state.best_count[crew] = state.visits[crew]
                for i in range(1, state.visits[crew] + 1):
                    state.best_seq[crew, i] = state.seq[crew, i]


@inlined
def go_back_to(ground: Ground, state: State, out: int) -> None:
    """Undo this step: `before[:out]` were absent."""
    state.numbers[0] = out
    for i in range(out):
        state.absent[i] = state.before[i]
        state.route[state.before[i]] = state.after[state.before[i]] = -1
    for crew in state.crews:
        if state.stamp[crew] == state.numbers[1]:
            untouch(ground, state, crew)
