"""The times of one team's route, given the order of its visits.

A route keeps the rules if and only if `timed` returns its times. The rules of time themselves are in
`windows`. Breaks go where the team is home soonest. They are taken in the order in which they have to
begin, however their spans overlap; the first ones may be taken before leaving and the last ones after
coming home, where they are no steps of the route (`Break` says when).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

import numpy as np

from doorroute.planning.core.tables import FORBIDDEN, NEVER, NO_LIMIT, NO_WINDOW, Crew, Ints, Tables
from doorroute.planning.core.trips import cuts_of
from doorroute.planning.core.windows import (
    Line,
    Stops,
    breaks_at_home,
    breaks_on_way,
    free_rows,
    late_rows,
    lay_out,
    leave_late,
)


class Doing(NamedTuple):
    """One thing that a team does: `go` to the node `number`, `serve` there, or `rest` for its break `number`.

    `begin_s` is when it begins, in seconds after midnight; None for `go`, which begins at once.
    """

    what: Literal["go", "serve", "rest"]
    number: int
    begin_s: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Timed:
    """When a route happens, in seconds after midnight.

    stops : the nodes from start to end, reloads among the visits. begins_s : start of service at each stop
        between, in order.
    breaks_s : (number, after, begin) of each break taken on the route: its place in `Crew.pauses`, how many
        of those stops were done before it, and when it begins.
    at_door : the breaks (by number) that are taken at the door of the next stop, not where the stop before
        was.
    """

    stops: tuple[int, ...]
    start_s: int
    begins_s: tuple[int, ...]
    breaks_s: tuple[tuple[int, int, int], ...]
    finish_s: int
    at_door: frozenset[int] = frozenset()

    def doings(self) -> Iterator[Doing]:
        """Yield what the team does between its start and its end, in order."""
        for place, node in enumerate(self.stops[:-1]):
            if place:
                yield Doing("serve", node, self.begins_s[place - 1])
            rests = [Doing("rest", number, begin) for number, after, begin in self.breaks_s if after == place]
            yield from (rest for rest in rests if rest.number not in self.at_door)
            yield Doing("go", self.stops[place + 1])
            yield from (rest for rest in rests if rest.number in self.at_door)

    def begin_at(self, node: int) -> int:
        """Return when service begins at a visit of the route."""
        return self.begins_s[self.stops.index(node) - 1]


@dataclass(frozen=True, slots=True, eq=False)
class Road:
    """A route's stops (start, visits and reloads, end), and all that its times follow from."""

    stops: tuple[int, ...]
    line: Line

    @property
    def go_s(self) -> list[int]:
        """Return the seconds from leaving each stop to the first moment of service at the next."""
        go: list[int] = (self.line.travel_s + self.line.setup_s).tolist()
        return go


def road(tables: Tables, crew: Crew, order: Sequence[int], cuts: Sequence[int] = ()) -> Road:
    """Return the route of `crew` through `order`; each of `cuts` is a number of visits before a reload."""
    stops = with_cuts(crew, order, cuts)
    nodes = np.array(stops)
    service = tables.service_s[nodes]
    for number, after in enumerate(cuts, start=1):
        service[after + number] = crew.reload_s
    legs = crew.profile, nodes[:-1], nodes[1:]
    travel = tables.travel_s[legs]
    asks = Stops(service, tables.opens_s[nodes], tables.closes_s[nodes])
    return Road(stops, Line(asks, travel, tables.go_s[legs] - travel, nodes < tables.n))


def with_cuts(crew: Crew, order: Sequence[int], cuts: Sequence[int]) -> tuple[int, ...]:
    """Return all stops of a route, from its start to its end."""
    stops = [crew.start, *order, crew.end]
    for after in reversed(cuts):
        stops.insert(after + 1, crew.reload)
    return tuple(stops)


def may_take(tables: Tables, crew: Crew, order: Sequence[int]) -> bool:
    """Return whether `crew` may make `order` at all, ignoring time and travel."""
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
    """Return after how many visits of `order` the team reloads; None if no cuts keep the rules."""
    return cuts_of(tables, crew, tuple(order), until_s) if crew.max_reloads and order else ()


def timed(tables: Tables, crew: Crew, order: Sequence[int], until_s: int = NEVER) -> Timed | None:
    """Return the times of `crew` on the route through `order`; None if it breaks a rule.

    The team is back by `until_s` and by the end of its shift.

    The team is home as soon as can be, and leaves as late as that allows: it waits at the depot rather than
    at a door. One that is out and has no visit ahead only comes home, however late that is.
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
    pause, free = pauses_of(crew), _earliest(way, crew)
    home_s = way.go_s[-1]
    k = breaks_at_home(pause, free[-1], home_s, until_s)
    if k < 0:
        return None
    return _laid_out(way, crew, int(free[-1, k]) + home_s, _breaks_on_way(way, crew, free, k))


def pauses_of(crew: Crew) -> Ints:
    """Return the breaks of `crew`, (k, 3): earliest and latest begin, duration."""
    rows = [(pause.earliest_s, pause.latest_s, pause.duration_s) for pause in crew.pauses]
    return np.array(rows, dtype=np.int64).reshape(-1, 3)


def earliest(way: Road, crew: Crew) -> list[list[int]]:
    """Return when the team can leave each stop but the last, by number of breaks taken; NEVER if not."""
    rows: list[list[int]] = _earliest(way, crew).tolist()
    return rows


def latest(way: Road, crew: Crew, until_s: int) -> list[list[int]]:
    """Return by when each stop must begin, by number of breaks taken before it.

    The team is then home by `until_s`.

    It is below zero if there is none. At the last stop, begin is arrival; at the first, leaving.
    """
    late = np.empty((len(way.stops), len(crew.pauses) + 1), dtype=np.int64)
    late_rows(way.line, pauses_of(crew), until_s, crew.out, late)
    rows: list[list[int]] = late.tolist()
    return rows


def _earliest(way: Road, crew: Crew) -> Ints:
    free = np.empty((len(way.stops) - 1, len(crew.pauses) + 1), dtype=np.int64)
    free_rows(way.line, pauses_of(crew), crew.opens_s, crew.out, free)
    return free


def _breaks_on_way(way: Road, crew: Crew, free: Ints, k: int) -> Ints:
    """Return the spot (see `windows`) of each break, (breaks,); -1 if it is not on the route."""
    spots = np.empty(len(crew.pauses), dtype=np.int64)
    breaks_on_way(way.line, pauses_of(crew), crew.out, free, k, spots)
    return spots


def _laid_out(way: Road, crew: Crew, finish_s: int, spots: Ints) -> Timed:
    """Return the times of a route that is over by `finish_s`.

    The team leaves as late as that allows, then does everything as soon as it can.
    """
    begins, rests = np.empty(len(way.stops) - 2, dtype=np.int64), np.empty(len(spots), dtype=np.int64)
    pause, start_s = pauses_of(crew), crew.opens_s
    if not crew.out:
        start_s = leave_late(way.line, pause, finish_s, spots)
    finish_s = lay_out(way.line, pause, start_s, spots, begins, rests)
    taken = np.flatnonzero(spots >= 0)
    return Timed(
        stops=way.stops,
        start_s=int(start_s),
        begins_s=tuple(begins.tolist()),
        breaks_s=tuple(zip(taken.tolist(), (spots[taken] // 2).tolist(), rests[taken].tolist(), strict=True)),
        finish_s=int(finish_s),
        at_door=frozenset(taken[spots[taken] % 2 == 1].tolist()),
    )


def _fresh(way: Road, crew: Crew, reloads: Sequence[int], until_s: int) -> Timed | None:
    """Return times with which no sample is too old when its trip ends, at a stop of `reloads` or the end.

    Find, trip by trip and by number of breaks taken, the soonest the team can be at the depot: a break on
    the way may make samples too old where one at the depot does not.
    """
    behind = {0: _Handed(crew.opens_s, np.full(len(crew.pauses), -1), way)}
    for first, end in zip([0, *reloads], [*reloads, len(way.stops) - 1], strict=True):
        came: dict[int, _Handed] = {}
        for before, handed in behind.items():
            for breaks in range(before, len(crew.pauses) + 1):
                trip = _ride(handed, crew, (first, end), (before, breaks))
                if trip is not None and (breaks not in came or trip.ready_s < came[breaks].ready_s):
                    came[breaks] = trip
        behind = came
    # breaks that are left can be taken at home
    latest_s = [min(until_s, pause.latest_s) for pause in crew.pauses] + [until_s]
    home = [handed for breaks, handed in behind.items() if handed.ready_s <= latest_s[breaks]]
    if not home:
        return None
    soonest = min(home, key=lambda handed: handed.ready_s)
    return _laid_out(soonest.way, crew, soonest.ready_s, soonest.spots)


@dataclass(frozen=True, slots=True, eq=False)
class _Handed:
    """All samples so far are handed in.

    When the team can go on, the spot of each break, and the route so far.

    On that route no trip begins so soon that its samples grow too old.
    """

    ready_s: int
    spots: Ints
    way: Road


def _ride(handed: _Handed, crew: Crew, ends: tuple[int, int], breaks: tuple[int, int]) -> _Handed | None:
    """Go on to the end of a trip, with `breaks` taken before and after it; return None if that cannot be.

    A sample is the fresher the later it is taken: begin no sooner than its age before the hand-in, which
    that may delay in turn.
    """
    (first, end), (before, behind) = ends, breaks
    pauses = crew.pauses[before:behind]
    rider = replace(crew, opens_s=handed.ready_s, pauses=pauses, out=crew.out or first > 0)
    way = handed.way
    due_s = NEVER if first or crew.first_s is None else crew.first_s + crew.max_age_s
    work = sum(way.go_s[first + 1 : end]) + int(way.line.stops.service_s[first + 1 : end].sum())
    aged = end > first + 1 and due_s == NEVER
    if aged and work > crew.max_age_s:
        return None
    while True:
        trip = _part(way, first, end)
        free = _earliest(trip, rider)
        there = int(free[-1, len(pauses)]) + trip.go_s[-1]
        if there >= FORBIDDEN or there > due_s:
            return None
        taken = _breaks_on_way(trip, rider, free, len(pauses))
        begin = _laid_out(trip, rider, there, taken).begins_s[0] if aged else NEVER
        if there - begin <= crew.max_age_s:
            spots = handed.spots.copy()
            spots[before:behind] = np.where(taken >= 0, 2 * first + taken, -1)
            return _Handed(there + int(way.line.stops.service_s[end]), spots, way)
        way = _not_before(way, first + 1, there - crew.max_age_s)


def _part(way: Road, first: int, end: int) -> Road:
    """Return the route from one of its stops to another one, which begin and end it."""
    stops, legs = slice(first, end + 1), slice(first, end)
    asks = Stops(*(table[stops] for table in way.line.stops))
    line = Line(asks, way.line.travel_s[legs], way.line.setup_s[legs], way.line.doors[stops])
    return Road(way.stops[stops], line)


def _not_before(way: Road, place: int, least_s: int) -> Road:
    """Return the same route with the stop `place` begun at `least_s` or later."""
    asks = way.line.stops
    opens, closes = asks.opens_s.copy(), asks.closes_s.copy()
    over = closes[place] < least_s
    opens[place] = np.where(over, NO_WINDOW, np.maximum(opens[place], least_s))
    closes[place] = np.where(over, NO_WINDOW, closes[place])
    return Road(way.stops, way.line._replace(stops=asks._replace(opens_s=opens, closes_s=closes)))


def with_orders_that_can_be_kept(tables: Tables) -> Tables:
    """Return the tables without those locked stops that no plan could keep: these visits are then free."""
    crews = []
    for crew in tables.crews:
        fixed = crew.fixed
        while fixed and timed(tables, replace(crew, fixed=fixed), fixed) is None:
            fixed = fixed[:-1]
        crews.append(crew if fixed == crew.fixed else replace(crew, fixed=fixed))
    return replace(tables, crews=tuple(crews))
