"""When a route happens: from the front, from the back, and how much time is left between two stops."""

from __future__ import annotations

import numpy as np

from doorroute.machine_code import inlined, internal
from doorroute.planning.core.tables import FORBIDDEN
from doorroute.planning.core.trips import BACK
from doorroute.planning.core.windows import be_home, go_before, go_to, leave, leg, may_end
from doorroute.planning.search.kernel.state import AIM, BACK_BY, OPENS, UNTIL, SearchData, State


@inlined
def go_on(data: SearchData, state: State, crew: int, place: int) -> None:
    """Compute when the team is free at each stop from `place` on."""
    seq, free, count, pause = state.seq[crew], state.free_s[crew], data.pauses[crew], data.pause_s[crew]
    go, travel = data.go_s[data.profile[crew]], data.travel_s[data.profile[crew]]
    if place == 0:
        leave(pause, count, data.shift_s[crew, OPENS], data.out[crew], free[0])
    for i in range(max(1, place), state.visits[crew] + 1):
        node = seq[i]
        go_to(data.stops, pause, count, free[i - 1], leg(go, travel, seq[i - 1], node, count), node, free[i])


@inlined
def go_back(data: SearchData, state: State, crew: int, place: int) -> None:
    """Compute how late the team may be at each stop up to `place`."""
    seq, late, count, pause = state.seq[crew], state.late_s[crew], data.pauses[crew], data.pause_s[crew]
    go, travel = data.go_s[data.profile[crew]], data.travel_s[data.profile[crew]]
    last = state.visits[crew] + 1
    if place >= last:
        be_home(pause, count, min(state.home_by[UNTIL], data.shift_s[crew, BACK_BY]), late[last])
    for i in range(min(place, last - 1), -1, -1):
        way, at_start = leg(go, travel, seq[i], seq[i + 1], count), i == 0 and not data.out[crew]
        go_before(data.stops, pause, count, late[i + 1], way, seq[i], at_start, late[i])


@inlined
def set_slack(data: SearchData, state: State, crew: int) -> None:
    """Compute how many seconds the team may take from each visit to the next stop.

    In that time it may make a visit or take a break; their windows are ignored.
    """
    for place in range(1, state.visits[crew] + 1):
        free, late = state.free_s[crew, place], state.late_s[crew, place + 1]
        most = late[0] - free[0]
        for k in range(1, data.pauses[crew] + 1):
            most = max(most, late[k] - min(free[k], free[k - 1]))
        if data.trips.most[crew] and not data.never_quicker[crew]:  # its times depend on the cuts
            most = FORBIDDEN
        state.slack_s[state.seq[crew, place]] = min(max(most, -1), FORBIDDEN)


@internal
def set_tail(data: SearchData, state: State, crew: int) -> None:
    """Compute how long it takes from each stop until the team is home, without waiting."""
    seq, last, go = state.seq[crew], state.visits[crew] + 1, data.go_s[data.profile[crew]]
    state.tail_s[crew, last] = 0
    for i in range(last - 1, 0, -1):
        spent = go[seq[i], seq[i + 1]] + data.stops.service_s[seq[i]]
        state.tail_s[crew, i] = state.tail_s[crew, i + 1] + spent


@internal
def set_late(data: SearchData, state: State, crew: int) -> None:
    """Compute how long after the aim the team is home.

    A route that is judged as a whole must just have been cut.
    """
    seq, last, go = state.seq[crew], state.visits[crew] + 1, data.go_s[data.profile[crew]]
    if last == 1 and not data.out[crew]:
        return
    if last > 1 and data.trips.whole[crew]:
        if state.reloads[crew] >= 0:
            state.over_s[crew] = max(0, state.buffers.home[BACK] - state.home_by[AIM])
        return
    count, pause, home = data.pauses[crew], data.pause_s[crew], np.int64(go[seq[last - 1], seq[last]])
    back = state.free_s[crew, last - 1, count] + home
    for k in range(count):
        if may_end(pause, count, k, state.free_s[crew, last - 1, k] + home):
            back = min(back, state.free_s[crew, last - 1, k] + home)
    state.over_s[crew] = max(0, back - state.home_by[AIM])
