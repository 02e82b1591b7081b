"""When things may happen on a route: each rule of time, written once.

The kernel, the schedule, the trips, the bounds and insertion all compile these functions into themselves,
so they cannot disagree. A team travels to a stop, sets up, waits until a window opens, and begins service.
It takes its breaks in order, each within its span: behind the service of a stop, or at a door, before it
sets up there. Being free earlier is never worse (a team that comes early can wait), so a route is described
by rows of k + 1 times:

- `free[k]`: the earliest time at which the team can leave a stop with k breaks behind it; NEVER if it cannot;
- `late[k]`: the latest time at which it may begin service at a stop with k breaks behind it and still be
  home in time; below 0 if it cannot.

All times are whole seconds after midnight. `pause` is a (k, 3) array, a row for each break of the team,
`count` is how many it has.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from doorroute.machine_code import compiled, inlined
from doorroute.planning.core.tables import FORBIDDEN, NEVER, Bools, Ints

Table = NDArray[np.int32] | Ints

EARLIEST, LATEST, DURATION = 0, 1, 2
"""Columns of `pause`: earliest and latest begin of the break, and how long it takes, in seconds."""

TOO_LATE: Final = -NEVER
"""A latest time that has passed already."""


class Stops(NamedTuple):
    """What each of m stops asks for.

    service_s : (m,) length of service. opens_s, closes_s : (m, w) its windows.
    """

    service_s: Ints
    opens_s: Ints
    closes_s: Ints


@inlined
def first_open(stops: Stops, node: int, time: int) -> int:
    """Return the first moment from `time` on that lies in a window of `node`; NEVER if there is none."""
    first = NEVER
    for window in range(stops.opens_s.shape[1]):
        if time <= stops.closes_s[node, window]:
            first = min(first, max(stops.opens_s[node, window], time))
    return first


@inlined
def last_open(stops: Stops, node: int, time: int) -> int:
    """Return the last moment up to `time` that lies in a window of `node`; below 0 if there is none."""
    last = -1
    for window in range(stops.opens_s.shape[1]):
        if stops.opens_s[node, window] <= time:
            last = max(last, min(stops.closes_s[node, window], time))
    return last


@inlined
def served(stops: Stops, node: int, ready: int) -> int:
    """Return when service at `node` ends for a team ready to begin at `ready`; NEVER if no window fits."""
    begin = first_open(stops, node, ready)
    return begin + int(stops.service_s[node]) if begin < FORBIDDEN else NEVER


@inlined
def rested(pause: Ints, k: int, time: int) -> int:
    """Return when break `k` is over for a team free at `time`; NEVER if it is too late for the break."""
    begin = max(time, pause[k, EARLIEST])
    return begin + pause[k, DURATION] if begin <= pause[k, LATEST] else NEVER


@inlined
def rest_by(pause: Ints, k: int, over: int) -> int:
    """Return the latest begin of break `k` if it must be over by `over`; TOO_LATE if that cannot be."""
    if over < pause[k, EARLIEST] + pause[k, DURATION]:
        return TOO_LATE
    return int(min(pause[k, LATEST], over - pause[k, DURATION]))


@inlined
def may_end(pause: Ints, count: int, k: int, home: int) -> bool:
    """Return whether a team may be home at `home` after `k` breaks: the next one can be taken there."""
    return bool(k == count or home <= pause[k, LATEST])


@inlined
def take_breaks(pause: Ints, count: int, free: Ints, source: Ints | None = None) -> None:
    """Let the team rest where it is, if that leaves it free sooner.

    `source` (k + 1,), if given, is passed on with each break.
    """
    for k in range(count):
        over = rested(pause, k, free[k])
        if over < free[k + 1]:
            free[k + 1] = over
            if source is not None:
                source[k + 1] = source[k]


@inlined
def leave(pause: Ints, count: int, opens: int, out: bool, free: Ints) -> None:
    """Write to `free` when the team can leave its start.

    Breaks before leaving cost a team nothing unless it is `out` already.
    """
    free[0] = opens
    for k in range(count):
        if out:
            free[k + 1] = rested(pause, k, free[k])
        else:
            free[k + 1] = max(free[k], pause[k, EARLIEST] + pause[k, DURATION])


@inlined
def leg(go_s: Table, travel_s: Table, front: int, node: int, count: int) -> tuple[int, int]:
    """Return the seconds of travel from `front` to `node` and of setup there.

    A team without breaks rests nowhere, so for it all of it counts as travel: that saves looking it up.
    """
    go = np.int64(go_s[front, node])
    if count == 0:
        return go, np.int64(0)  # type: ignore[return-value]
    travel = np.int64(travel_s[front, node])
    return travel, go - travel  # type: ignore[return-value]


@inlined
def go_to(
    stops: Stops,
    pause: Ints,
    count: int,
    before: Ints,
    way: tuple[int, int],
    node: int,
    free: Ints,
    least: int = 0,
    source: Ints | None = None,
    door: bool = True,
) -> bool:
    """Write to `free` when the team can leave `node`, and return whether it can at all.

    It comes from a stop that it can leave at `before`.

    `way` is the travel and setup between them. Service begins at `least` or later. `before` and `free` may
    be the same row. If `node` is not a `door` but a depot, no break is taken on arrival.
    """
    can = False
    for k in range(count + 1):
        free[k] = before[k] + way[0]
    if door:
        take_breaks(pause, count, free, source)
    for k in range(count + 1):
        free[k] = served(stops, node, max(free[k] + way[1], least))
        can = can or free[k] < NEVER
    take_breaks(pause, count, free, source)
    return can


@inlined
def be_home(pause: Ints, count: int, until: int, late: Ints) -> None:
    """Write to `late` by when the team must be home, with time left there for its next break."""
    late[count] = until
    for k in range(count):
        late[k] = min(until, pause[k, LATEST])


@inlined
def go_before(
    stops: Stops,
    pause: Ints,
    count: int,
    after: Ints,
    way: tuple[int, int],
    node: int,
    at_start: bool,
    late: Ints,
    to_door: bool = True,
) -> None:
    """Write to `late` by when service must begin at `node` if it must begin by `after` at the next stop.

    `way` is the travel and setup between them. At the start, breaks before leaving cost nothing. `after`
    and `late` are two rows. If the next stop is a depot (not `to_door`), no break is taken on arrival
    there.
    """
    arrives = leaves = TOO_LATE  # with one break more
    for k in range(count, -1, -1):
        time = after[k] - way[1]
        if to_door and k < count:
            time = max(time, rest_by(pause, k, arrives))
        arrives = time
        time -= way[0]
        if k < count:
            rest = rest_by(pause, k, leaves)
            if at_start and rest > TOO_LATE:
                rest = leaves
            time = max(time, rest)
        leaves = time
        late[k] = last_open(stops, node, time - stops.service_s[node])


@inlined
def insert(
    stops: Stops,
    pause: Ints,
    count: int,
    free: Ints,
    there: tuple[int, int],
    node: int,
    on: tuple[int, int],
    late: Ints,
) -> int:
    """Return the soonest begin at the next stop with `node` visited first; NEVER if that is too late.

    `free` is when it can leave the stop before, `late` by when it must begin at the next; `there` and `on`
    are travel and setup to `node` and from it. Breaks may move to either side of `node`, and to the door of
    the next stop.
    """
    back = here = done = beyond = NEVER
    for k in range(count + 1):
        rest = rested(pause, k - 1, here) if k else NEVER
        here = min(rest, free[k] + there[0])
        rest = rested(pause, k - 1, done) if k else NEVER
        done = min(rest, served(stops, node, here + there[1]))
        rest = rested(pause, k - 1, beyond) if k else NEVER
        beyond = min(rest, done + on[0])
        if beyond + on[1] <= late[k]:
            back = min(back, beyond + on[1])
    return back


# --- a whole route ---


class Line(NamedTuple):
    """A route by itself, its stops numbered along it: 0 is the start, the last one the end.

    stops : what each asks for. travel_s, setup_s : (stops - 1,) seconds to the next stop, and of setup
        there. doors : (stops,) which
    stops are visits: the others are depots.
    """

    stops: Stops
    travel_s: Ints
    setup_s: Ints
    doors: Bools


@compiled
def free_rows(line: Line, pause: Ints, opens: int, out: bool, free: Ints) -> None:
    """Write to `free` (stops - 1, k + 1) when the team can leave each stop but the end."""
    count = len(pause)
    leave(pause, count, opens, out, free[0])
    for place in range(1, len(line.travel_s)):
        way = line.travel_s[place - 1], line.setup_s[place - 1]
        go_to(line.stops, pause, count, free[place - 1], way, place, free[place], 0, None, line.doors[place])


@compiled
def late_rows(line: Line, pause: Ints, until: int, out: bool, late: Ints) -> None:
    """Write to `late` (stops, k + 1) by when service must begin at each stop.

    At the start that is leaving, at the end arrival.
    """
    count, last = len(pause), len(line.travel_s)
    be_home(pause, count, until, late[last])
    for place in range(last - 1, -1, -1):
        way, at_start = (line.travel_s[place], line.setup_s[place]), place == 0 and not out
        to_door = line.doors[place + 1]
        go_before(line.stops, pause, count, late[place + 1], way, place, at_start, late[place], to_door)


@compiled
def breaks_at_home(pause: Ints, free: Ints, home_s: int, until: int) -> int:
    """Return how many breaks the team takes so that it is home soonest; -1 if it cannot be home by `until`.

    `free` is when it can leave the last stop, `home_s` how long it takes home.
    """
    best, soonest = -1, NEVER
    for k in range(len(pause) + 1):
        home = free[k] + home_s
        if home <= until and home < soonest and may_end(pause, len(pause), k, home):
            best, soonest = k, home
    return best


@compiled
def breaks_on_way(
    line: Line,
    pause: Ints,
    out: bool,
    free: Ints,
    k: int,
    spots: Ints,
) -> None:
    """Write to `spots` (k,) where each of the first `k` breaks was taken; -1 if before leaving.

    A spot is 2 * p behind the service of stop p, and 2 * p - 1 at its door.
    """
    spots[:] = -1
    place = len(line.travel_s) - 1
    while k and (place or out):
        before, travel, setup = free[place - 1], line.travel_s[place - 1], line.setup_s[place - 1]
        if place and served(line.stops, place, before[k] + travel + setup) == free[place, k]:
            place -= 1
            continue
        here = arrival(pause, before, travel, k)
        if place and line.doors[place] and served(line.stops, place, here + setup) == free[place, k]:
            while k and here < before[k] + travel:
                k -= 1
                spots[k] = 2 * place - 1
                here = arrival(pause, before, travel, k)
            place -= 1
        else:
            k -= 1
            spots[k] = 2 * place


@inlined
def arrival(pause: Ints, before: Ints, travel: int, k: int) -> int:
    """Return when the team is ready at the next door after `k` breaks, some of them taken there."""
    here = before[0] + travel
    for one in range(k):
        here = min(before[one + 1] + travel, rested(pause, one, here))
    return int(here)


@compiled
def leave_late(line: Line, pause: Ints, finish: int, spots: Ints) -> int:
    """Return when the team can leave at the latest.

    It is home at `finish` and takes its breaks at `spots` (-1: not on the route).
    """
    k = len(pause) - 1
    time = finish
    for place in range(len(line.travel_s) - 1, -1, -1):
        time -= line.setup_s[place]
        for spot, travel in ((2 * place + 1, line.travel_s[place]), (2 * place, 0)):
            while k >= 0 and (spots[k] < 0 or spots[k] == spot):
                if spots[k] == spot:
                    time = rest_by(pause, k, time)
                k -= 1
            time -= travel
        time = last_open(line.stops, place, time - line.stops.service_s[place])
    return time


@compiled
def lay_out(line: Line, pause: Ints, leaves: int, spots: Ints, begins: Ints, rests: Ints) -> int:
    """Write when each service and each break begins, and return when the team is home.

    begins : (stops - 2,). rests : (k,).

    It leaves at `leaves`, takes its breaks at `spots`, and does everything as soon as it can.
    """
    last, time, k = len(line.travel_s), leaves, 0
    for place in range(last):
        if place:
            begins[place - 1] = first_open(line.stops, place, time + line.setup_s[place - 1])
            time = begins[place - 1] + line.stops.service_s[place]
        for spot, travel in ((2 * place, line.travel_s[place]), (2 * place + 1, 0)):
            while k < len(pause) and (spots[k] < 0 or spots[k] == spot):
                if spots[k] == spot:
                    rests[k] = max(time, pause[k, EARLIEST])
                    time = rests[k] + pause[k, DURATION]
                k += 1
            time += travel
    return time + int(line.setup_s[last - 1])
