"""What the search reads, the plan that it changes, and the names of the slots of their arrays."""

from __future__ import annotations

from typing import NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from doorroute.machine_code import inlined
from doorroute.planning.core.tables import Bools, Ints
from doorroute.planning.core.trips import TripBuffers, TripRules
from doorroute.planning.core.windows import Stops

Shorts = NDArray[np.int32]
Floats = NDArray[np.float64]

OPENS, BACK_BY = 0, 1
"""Columns of `SearchData.shift_s`: when a team can leave, and when it must be back."""

KINDS = 2
"""Kinds of limited length in `SearchData.limit` and `State.length`: seconds of travel, metres."""

UNTIL, AIM, LATE_PRICE = 0, 1, 2
"""Slots of `State.home_by`: when all must be back, when they should be, cost of a second after that."""

ABSENT, STEP = 0, 1
"""Slots of `State.counts`: how many visits are on no route, and the number of the current step."""

CURRENT, BEST = 0, 1
"""Slots of `State.total`: what the current plan costs, and the best since `mark`."""

PRICE, CREW, PLACE, DELAY = 0, 1, 2, 3
"""Slots of `State.spot`: the cost of the cheapest place so far, whose route it is on, and where.

The last slot belongs to the last place checked: how many
seconds more the team is late."""

FIRST, NO_PLACE = cast("int", np.int64(0)), cast("int", np.int64(-1))
"""Places. As plain numbers each would have the functions compiled once more for it."""


class SearchData(NamedTuple):
    """What does not change: `Tables` as bare arrays.

    m nodes (the first n are visits), c crews, at most k breaks, w windows, d goods.

    go_s, travel_s, cost_s : (profiles, m, m) int32. Travel and setup; travel alone (read only for teams
        with breaks); what is to be least.
    near : (n, l) int32, neighbours of each visit, the nearest first; near_s : (profiles, n, l) what the leg
        from each of them costs.
    far_s : (n,) seconds from a depot. stops : what each node asks for. demand : (m, d). tier : (m,).
    profile, max_visits : (c,). same_team : (c,) the same number for teams that do not differ.
        shift_s : (c, 2).
    capacity : (c, d) what is left of it, over all trips. may : (c, n) which visits a team may take.
    pauses : (c,) how many breaks; pause_s : (c, k, 3) their times. out : (c,) whether the team has left.
        fixed : (c,) how many visits at its front stay.
    wished : (c,) whether wishes count for the team; wish_s : (c, n) then what.
    limited : (c,) whether travel or distance are limited; limit : (c, 2) then to what; lengths : (2,
        profiles, m, m) seconds and metres of each leg, or nothing if nobody is limited.
    trips : rules for routes that are judged as a whole. never_quicker : (c,) whether a reload never makes
        the team quicker: if so, a visit that is too late without one is too late with one.
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
    same_team: Ints
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
    limit: Ints
    lengths: Shorts
    trips: TripRules
    never_quicker: Bools


class State(NamedTuple):
    """The plan, changed in place. Routes have room for l stops.

    seq : (c, l) the stops of each route; visits : (c,) how many visits it has.
    free_s, late_s : (c, l, k + 1) rows of times, as `windows` defines them.
    route, at : (n,) the route and the stop of each visit; -1 for none. after, on_s, slack_s : (n,) next
        stop (-1: none), cost of the leg to it, longest detour that may still fit. These are read most
        often.
    load : (c, d). cost : (c,). legs_s : (c, l) cost of the leg from each stop. length : (c, 2) of teams
        that are limited.
    reloads : (c,) how often a team reloads, -1 if no cuts keep the rules; cuts : (c, reloads) after how
        many visits.
    price : (n,) what it costs to leave out a visit. home_by : (3,) see `UNTIL`.
    tail_s : (c, l) seconds from arrival at each stop to coming home, without waiting; over_s : (c,) how
        late a team is, after the aim.
    best_seq, best_count : the best plan since `mark`; its routes marked `dirty` are out of date.
    stamp : (c,) the step that last changed a route. The old_ arrays hold the route as it was before that
        step.

    Several searches can share one plan: `crews` are the routes that this one may change, `members` the
    visits that are on them or
    absent, and mine : (n,) says whether a visit is one of those. From `absent` on, each search has arrays
        of its own.

    absent : (n,), of which the first `counts[ABSENT]` are used; counts, total : (2,). trial : a route to be
        cut into trips.
    before, waiting, keys : (n,) visits that were absent before the step, visits to be put back, and their
        sort keys.
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
    home_by: Ints
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
    counts: Ints
    total: Floats
    crews: Ints
    members: Ints
    mine: Bools
    trial: Shorts
    buffers: TripBuffers
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
