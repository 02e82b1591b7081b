"""The times of one team's route, given the order of its visits: the one place where every rule of a route is written.

Pure. A route keeps the rules if and only if `timed` returns its times. Breaks go where the team is home soonest: for `k` breaks taken so
far, being free earlier is never worse (who comes early can wait), so the earliest time for each `k` is all that has to be carried
from stop to stop. They are taken in the order in which they have to begin, however their windows overlap; the first ones may have been taken before
leaving and the last ones may be left for after coming home, where they are no steps of the route (`Break` says when).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from doorroute.planning.core.tables import FORBIDDEN, NEVER, NO_LIMIT, Crew, Pause, Tables
from doorroute.planning.core.trips import cuts_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Timed:
    """When a route happens, in seconds after midnight.

    `stops`: the nodes from start to end, reloads among the visits. `begins_s`: start of service at each stop between, in order. `breaks_s`: `(number, after,
    begin)` of each break taken on the way, `number` its place in `Crew.pauses`, `after` how many of those stops were done before it.
    """

    stops: tuple[int, ...]
    start_s: int
    begins_s: tuple[int, ...]
    breaks_s: tuple[tuple[int, int, int], ...]
    finish_s: int

    def begin_at(self, node: int) -> int:
        """Return when service begins at a visit of the route."""
        return self.begins_s[self.stops.index(node) - 1]


@dataclass(frozen=True, slots=True)
class Road:
    """A route's stops - depot, visits, depot - with what lies at and between them."""

    stops: tuple[int, ...]
    go_s: list[int]
    service_s: list[int]
    opens_s: list[list[int]]
    closes_s: list[list[int]]


def road(tables: Tables, crew: Crew, order: Sequence[int], cuts: Sequence[int] = ()) -> Road:
    """Look up what lies along the route of `crew` through `order`, with a reload after so many visits each as `cuts` says."""
    stops = with_cuts(crew, order, cuts)
    nodes = list(stops)
    service = tables.service_s[nodes].tolist()
    for number, after in enumerate(cuts, start=1):
        service[after + number] = crew.reload_s
    return Road(
        stops,
        tables.go_s[crew.profile][nodes[:-1], nodes[1:]].tolist(),
        service,
        tables.opens_s[nodes].tolist(),
        tables.closes_s[nodes].tolist(),
    )


def with_cuts(crew: Crew, order: Sequence[int], cuts: Sequence[int]) -> tuple[int, ...]:
    """Return all stops of a route, from its start to its end."""
    stops = [crew.start, *order, crew.end]
    for after in reversed(cuts):
        stops.insert(after + 1, crew.reload)
    return tuple(stops)


def may_take(tables: Tables, crew: Crew, order: Sequence[int]) -> bool:
    """Say whether `crew` has the skills, goods, locked stops and number of visits for `order`, times and ways apart."""
    nodes = list(order)
    used = tables.demand[nodes].sum(axis=0).tolist()
    return (
        len(nodes) <= crew.max_visits
        and tuple(nodes[: len(crew.fixed)]) == crew.fixed
        and (crew.max_reloads > 0 or all(need <= most for need, most in zip(used, crew.room, strict=True)))
        and bool(crew.may[nodes].all())
    )


def way_of(tables: Tables, crew: Crew, order: Sequence[int], cuts: Sequence[int] = ()) -> tuple[int, int]:
    """Return the seconds and metres of travel of `crew` through `order`; 0 where it stays at home."""
    if not order:
        return 0, 0
    stops = list(with_cuts(crew, order, cuts))
    legs = crew.profile, stops[:-1], stops[1:]
    return int(tables.travel_s[legs].sum()), int(tables.distance_m[legs].sum())


def cuts_in(tables: Tables, crew: Crew, order: Sequence[int], until_s: int = NEVER) -> tuple[int, ...] | None:
    """Return after how many visits of `order` the team reloads; None where it cannot keep the rules whatever it does."""
    return cuts_of(tables, crew, tuple(order), until_s) if crew.max_reloads and order else ()


def timed(tables: Tables, crew: Crew, order: Sequence[int], until_s: int = NEVER) -> Timed | None:
    """Return the times of `crew` going to `order`, back by `until_s` and the end of its shift; None where a rule breaks.

    The team is home as soon as can be, and leaves as late as that allows: it waits at the depot rather than at a door. One that is out and has no visit
    ahead only comes home, however late that is.
    """
    home = crew.out and not order
    if home:
        crew = replace(crew, pauses=())
    elif not may_take(tables, crew, order):
        return None
    until_s = NEVER - 1 if home else min(until_s, crew.back_by_s)
    cuts = cuts_in(tables, crew, order, until_s)
    if cuts is None:
        return None
    travel_s, distance_m = way_of(tables, crew, order, cuts)
    if not home and (travel_s > crew.max_travel_s or distance_m > crew.max_distance_m):
        return None
    way = road(tables, crew, order, cuts)
    if crew.max_age_s < NO_LIMIT and order:
        return _fresh(way, crew, [after + number for number, after in enumerate(cuts, start=1)], until_s)
    layout = _soonest(way, crew, until_s)
    return None if layout is None else _run(way, crew, _latest_start(way, crew, *layout), layout[1])


def earliest(way: Road, crew: Crew) -> list[list[int]]:
    """Return, for each stop but the last and each number `k` of breaks taken by then, when the team is free to go on (NEVER: cannot be).

    Free means: service done, and the `k`-th break too, or before leaving.
    """
    left = [crew.opens_s]
    for pause in crew.pauses:
        left.append(NEVER if crew.out else max(left[-1], pause.earliest_s + pause.duration_s))
    free = [_with_breaks(left, crew.pauses) if crew.out else left]
    for place in range(1, len(way.stops) - 1):
        go, service, opens, closes = (
            way.go_s[place - 1],
            way.service_s[place],
            way.opens_s[place],
            way.closes_s[place],
        )
        done = []
        for time in free[-1]:
            begin = first_open(time + go, opens, closes)
            done.append(begin + service if begin < FORBIDDEN else NEVER)
        free.append(_with_breaks(done, crew.pauses))
    return free


def latest(way: Road, crew: Crew, until_s: int) -> list[list[int]]:
    """Return, for each stop and each number `k` of breaks taken before it, the latest begin there that brings the team home by `until_s`.

    Below zero: it cannot be. At the last stop, begin is arrival; at the first, leaving.
    """
    count = len(crew.pauses)
    found = [
        [min(until_s, pause.latest_s) for pause in crew.pauses] + [until_s]
    ]  # the rest can be taken at home
    for place in range(len(way.stops) - 2, -1, -1):
        go, service, opens, closes = (
            way.go_s[place],
            way.service_s[place],
            way.opens_s[place],
            way.closes_s[place],
        )
        over = [time - go for time in found[-1]]
        for k in range(count - 1, -1, -1):
            pause = crew.pauses[k]
            if over[k + 1] >= pause.earliest_s + pause.duration_s:  # else the break is over too late
                taken = min(pause.latest_s, over[k + 1] - pause.duration_s)
                over[k] = max(over[k], taken if place or crew.out else over[k + 1])
        found.append([last_open(time - service, opens, closes) for time in over])
    found.reverse()
    return found


def first_open(time_s: int, opens_s: Sequence[int], closes_s: Sequence[int]) -> int:
    """Return the first moment from `time_s` on that lies in a window, NEVER where there is none."""
    first = NEVER
    for a, b in zip(
        opens_s, closes_s, strict=True
    ):  # without min() and max(): this is where the search spends its time
        if time_s <= b:
            begin = a if a > time_s else time_s  # noqa: FURB136
            first = begin if begin < first else first  # noqa: FURB136
    return first


def last_open(time_s: int, opens_s: Sequence[int], closes_s: Sequence[int]) -> int:
    """Return the last moment up to `time_s` that lies in a window, below zero where there is none."""
    last = -1
    for a, b in zip(opens_s, closes_s, strict=True):
        if a <= time_s:
            begin = b if b < time_s else time_s  # noqa: FURB136
            last = begin if begin > last else last  # noqa: FURB136
    return last


def _with_breaks(free: list[int], pauses: Sequence[Pause]) -> list[int]:
    """Let the team take breaks here, where that makes it free with more of them behind it sooner."""
    for k, pause in enumerate(pauses):
        begin = max(free[k], pause.earliest_s)
        if begin <= pause.latest_s:
            free[k + 1] = min(free[k + 1], begin + pause.duration_s)
    return free


def _fresh(way: Road, crew: Crew, reloads: Sequence[int], until_s: int) -> Timed | None:
    """Return the times with which no sample is too old when its trip hands it in, at one of the stops `reloads` or the end.

    Trip by trip, by breaks behind the team, the soonest it can be at the depot: a break on the way may make samples too old where one at the depot does not.
    """
    behind = {0: _Handed(crew.opens_s, (), way)}
    for first, end in zip([0, *reloads], [*reloads, len(way.stops) - 1], strict=True):
        came: dict[int, _Handed] = {}
        for before, handed in behind.items():
            for breaks in range(before, len(crew.pauses) + 1):
                trip = _ride(handed, crew, (first, end), (before, breaks))
                if trip is not None and (breaks not in came or trip.ready_s < came[breaks].ready_s):
                    came[breaks] = trip
        behind = came
    latest_s = [min(until_s, pause.latest_s) for pause in crew.pauses] + [
        until_s
    ]  # the rest can be taken at home
    home = [handed for breaks, handed in behind.items() if handed.ready_s <= latest_s[breaks]]
    if not home:
        return None
    soonest = min(home, key=lambda handed: handed.ready_s)
    return _run(
        soonest.way,
        crew,
        _latest_start(soonest.way, crew, soonest.ready_s, soonest.taken),
        soonest.taken,
    )


@dataclass(frozen=True, slots=True)
class _Handed:
    """Where all so far is handed in: when the team can go on, the breaks that it took for that, and the way, on which no trip is begun too soon."""

    ready_s: int
    taken: Taken
    way: Road


def _ride(handed: _Handed, crew: Crew, ends: tuple[int, int], breaks: tuple[int, int]) -> _Handed | None:
    """Go on to the end of a trip with so many breaks behind, before and after it; None where that cannot be.

    A sample is the fresher the later it is taken: no sooner than its age before the hand-in, which that may delay in turn.
    """
    (first, end), (before, after) = ends, breaks
    pauses = crew.pauses[before:after]
    rider = replace(crew, opens_s=handed.ready_s, pauses=pauses, out=crew.out or first > 0)
    way = handed.way
    due_s = NEVER if first or crew.first_s is None else crew.first_s + crew.max_age_s
    work = sum(way.go_s[first + 1 : end]) + sum(way.service_s[first + 1 : end])
    aged = end > first + 1 and due_s == NEVER
    if aged and work > crew.max_age_s:
        return None
    while True:
        trip = _part(way, first, end)
        free = earliest(trip, rider)
        there = free[-1][len(pauses)] + trip.go_s[-1]
        if there >= FORBIDDEN or there > due_s:
            return None
        taken = _taken(trip, rider, free, len(pauses))
        begin = (
            _run(trip, rider, _latest_start(trip, rider, there, taken), taken).begins_s[0] if aged else NEVER
        )
        if there - begin <= crew.max_age_s:
            moved = [(before + number, first + place) for number, place in taken]
            return _Handed(there + way.service_s[end], (*handed.taken, *moved), way)
        way = _not_before(way, first + 1, there - crew.max_age_s)


def _part(way: Road, first: int, end: int) -> Road:
    """Return the way from one of its stops to another one, which begins and ends it."""
    stops = slice(first, end + 1)
    return Road(
        way.stops[stops], way.go_s[first:end], way.service_s[stops], way.opens_s[stops], way.closes_s[stops]
    )


def _not_before(way: Road, place: int, least_s: int) -> Road:
    """Return the same way with the stop `place` begun at `least_s` or later."""
    spans = [
        (max(a, least_s), b)
        for a, b in zip(way.opens_s[place], way.closes_s[place], strict=True)
        if b >= least_s
    ]
    opens, closes = list(way.opens_s), list(way.closes_s)
    opens[place], closes[place] = [a for a, _ in spans], [b for _, b in spans]
    return replace(way, opens_s=opens, closes_s=closes)


def with_orders_that_can_be_kept(tables: Tables) -> Tables:
    """Return the tables with the locked stops of each crew cut off where no plan could keep them: those are then free."""
    crews = []
    for crew in tables.crews:
        fixed = crew.fixed
        while fixed and timed(tables, replace(crew, fixed=fixed), fixed) is None:
            fixed = fixed[:-1]
        crews.append(crew if fixed == crew.fixed else replace(crew, fixed=fixed))
    return replace(tables, crews=tuple(crews))


Taken = Sequence[tuple[int, int]]
"""Breaks taken on the way: number and after how many visits."""


def _soonest(way: Road, crew: Crew, until_s: int) -> tuple[int, Taken] | None:
    """Return the earliest return and the breaks taken for it; None where the team is not back by `until_s`."""
    free = earliest(way, crew)
    place = len(way.stops) - 2
    home = [
        (free[place][k] + way.go_s[-1], k)
        for k, pause in enumerate([*crew.pauses, None])
        if free[place][k] + way.go_s[-1] <= (until_s if pause is None else min(until_s, pause.latest_s))
    ]
    if not home:
        return None
    finish, k = min(home)
    return finish, _taken(way, crew, free, k)


def _taken(way: Road, crew: Crew, free: list[list[int]], k: int) -> Taken:
    """Return where the team took the first `k` breaks on the way, to be free as soon as `free` says; those before leaving are no part of it."""
    taken: list[tuple[int, int]] = []
    place = len(way.stops) - 2
    while k and (place or crew.out):
        # going back: a time that does not come from the stop before comes from a break here
        if not place or _begin(way, free, place, k) + way.service_s[place] != free[place][k]:
            k -= 1
            taken.append((k, place))
        else:
            place -= 1
    return taken[::-1]


def _begin(way: Road, free: list[list[int]], place: int, k: int) -> int:
    return first_open(free[place - 1][k] + way.go_s[place - 1], way.opens_s[place], way.closes_s[place])


def _latest_start(way: Road, crew: Crew, finish_s: int, taken: Taken) -> int:
    """Return the latest leaving of the depot that keeps `finish_s`, with the breaks where they are; a team that is out leaves at once."""
    if crew.out:
        return crew.opens_s
    begin = finish_s
    rest = list(taken)
    for place in range(len(way.stops) - 2, -1, -1):
        over = begin - way.go_s[place]
        while rest and rest[-1][1] == place:
            pause = crew.pauses[rest.pop()[0]]
            over = min(pause.latest_s, over - pause.duration_s)
        begin = last_open(over - way.service_s[place], way.opens_s[place], way.closes_s[place])
    return begin


def _run(way: Road, crew: Crew, start_s: int, taken: Taken) -> Timed:
    """Go through the route from `start_s` on, each thing as early as it can be."""
    time, begins, breaks = start_s, [], []
    rest = list(taken)
    for place in range(len(way.stops) - 1):
        if place:
            begins.append(first_open(time + way.go_s[place - 1], way.opens_s[place], way.closes_s[place]))
            time = begins[-1] + way.service_s[place]
        while rest and rest[0][1] == place:
            number, pause = rest[0][0], crew.pauses[rest.pop(0)[0]]
            breaks.append((number, place, max(time, pause.earliest_s)))
            time = breaks[-1][2] + pause.duration_s
    return Timed(
        stops=way.stops,
        start_s=start_s,
        begins_s=tuple(begins),
        breaks_s=tuple(breaks),
        finish_s=time + way.go_s[-1],
    )
