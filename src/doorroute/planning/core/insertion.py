"""Putting visits into routes at the cheapest place that keeps every rule.

With the earliest times from the front and the latest from the back (`schedule`), one place is checked in
O(1), and numpy checks all visits at all places of a route together. Makes a plan out of nothing, repairs
one, gives leftovers another try, rebuilds what `ruin` took away.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from doorroute.machine_code import compiled
from doorroute.planning.core.schedule import earliest, latest, pauses_of, road, timed, way_of
from doorroute.planning.core.score import Orders
from doorroute.planning.core.tables import NEVER, NO_LIMIT, Bools, Crew, Ints, Tables
from doorroute.planning.core.trips import never_quicker
from doorroute.planning.core.windows import Stops, insert, leg

NOWHERE: Final = 2**50
"""The price of a visit at a place where it may not go."""

_NO_OTHER_S: Final = 10 * 3600  # what it counts if a visit has no second team to go to


@dataclass(frozen=True, slots=True, eq=False)
class Lane:
    """A route that keeps the rules, ready to be inserted into.

    `place` p is between `stops[p]` and `stops[p + 1]`, of depot, visits, depot. free_s, late_s : (places, k
    + 1), by number of breaks taken, when the team is free to go on at the stop before the place, and the
    latest begin at the stop behind it. legs_s : (places,), what the leg that is opened costs; 0 for a team
    at home. leave_s is the latest leaving of the depot.
    """

    crew: Crew
    order: tuple[int, ...]
    stops: Ints
    free_s: Ints
    late_s: Ints
    legs_s: Ints
    leave_s: int
    used: Ints
    cost_s: int
    travel_s: int
    distance_m: int


@dataclass(frozen=True, slots=True, eq=False)
class Filler:
    """Inserts visits where they add least to `cost_s` (profiles, m, m) and the unmet wishes.

    `cost_s` is `Tables.travel_s` or, with setup, `Tables.go_s`. All teams are back by `until_s`.
    """

    tables: Tables
    cost_s: Ints
    until_s: int = NEVER

    def lane(self, crew: Crew, order: Sequence[int]) -> Lane:
        """Make a route ready that keeps the rules."""
        way = road(self.tables, crew, order)
        late = latest(way, crew, min(self.until_s, crew.back_by_s))
        stops = np.array(way.stops)
        legs = self._cost(crew, stops[:-1], stops[1:]) if order or crew.out else np.zeros(1, dtype=np.int64)
        return Lane(
            crew,
            tuple(order),
            stops,
            np.array(earliest(way, crew)),
            np.array(late[1:]),
            legs,
            late[0][0],
            self.tables.demand[stops].sum(axis=0),
            int(legs.sum()),
            *way_of(self.tables, crew, order),
        )

    def prices(self, lane: Lane, visits: Ints) -> Ints:
        """Return what each visit costs at each place, (visits, places) seconds; NOWHERE if it cannot."""
        price = self._prices(lane, visits)
        if lane.crew.judged_whole:
            before = self._whole_cost(lane.crew, lane.order) or 0
            for row, place in np.argwhere(price < NOWHERE).tolist():
                after = self._whole_cost(lane.crew, _with(lane, place, int(visits[row])))
                price[row, place] = NOWHERE if after is None else after - before
        return price

    def _whole_cost(self, crew: Crew, order: tuple[int, ...]) -> int | None:
        """Return what a route costs with its ways to the depot for a reload; None where it breaks a rule."""
        times = timed(self.tables, crew, order, self.until_s)
        if times is None:
            return None
        wish = 0 if crew.wish_s is None else int(crew.wish_s[list(order)].sum())
        stops = np.array(times.stops if order or crew.out else [], dtype=np.int64)
        return wish + int(self._cost(crew, stops[:-1], stops[1:]).sum())

    def _prices(self, lane: Lane, visits: Ints) -> Ints:
        """Return the same without regard to what is judged on the whole route alone."""
        tables, crew = self.tables, lane.crew
        if len(lane.order) >= crew.max_visits:
            return np.full((len(visits), len(lane.legs_s)), NOWHERE)
        column, front, back = visits[:, None], lane.stops[:-1], lane.stops[1:]
        if never_quicker(tables, crew):
            fits = _fits(tables, lane, visits)
        else:
            fits = np.ones((len(visits), len(lane.legs_s)), dtype=bool)
        if crew.max_reloads:
            carries = (tables.demand[visits] <= np.array(crew.capacity)).all(axis=1)
        else:
            carries = (tables.demand[visits] + lane.used <= np.array(crew.room)).all(axis=1)
        fits &= (crew.may[visits] & carries)[:, None]
        fits[:, : len(crew.fixed)] = False
        limits = (
            (tables.travel_s, lane.travel_s, crew.max_travel_s),
            (tables.distance_m, lane.distance_m, crew.max_distance_m),
        )
        for table, so_far, most in limits:
            if most < NO_LIMIT and not crew.max_reloads:
                way = table[crew.profile]
                opened = way[front, back] if lane.order else 0
                fits &= so_far + way[front, column] + way[column, back] - opened <= most
        detour = self._cost(crew, front, column) + self._cost(crew, column, back) - lane.legs_s
        if crew.wish_s is not None:
            detour += crew.wish_s[column]
        return np.where(fits, detour, NOWHERE)

    def _cost(self, crew: Crew, front: Ints, back: Ints) -> Ints:
        """Return what the ways from `front` to `back` count."""
        legs: Ints = self.cost_s[crew.profile, front, back]
        return legs if self.tables.arc_s is None else legs + self.tables.arc_s[front, back]

    def fill(self, orders: Orders, waiting: Sequence[int]) -> Orders:
        """Insert as many of `waiting` as fit into `orders`, which keep the rules, urgent tiers first."""
        lanes = [self.lane(crew, order) for crew, order in zip(self.tables.crews, orders, strict=True)]
        for tier in sorted({int(self.tables.tier[node]) for node in waiting}):
            self._fill_tier(lanes, np.array([node for node in waiting if self.tables.tier[node] == tier]))
        return tuple(lane.order for lane in lanes)

    def _fill_tier(self, lanes: list[Lane], rest: Ints) -> None:
        """Insert visits of one tier into `lanes`, which are changed.

        The visit that loses most if it has to go to its second best team is inserted first (regret).
        """
        if not lanes:
            return
        best = np.full((len(rest), len(lanes)), NOWHERE)
        where = np.zeros((len(rest), len(lanes)), dtype=np.int64)
        first, second, rows = np.full(len(rest), NOWHERE), np.full(len(rest), NOWHERE), np.arange(len(rest))
        look = list(range(len(lanes)))
        while len(rows):
            for number in look:
                price = self._prices(lanes[number], rest[rows])
                stale = best[rows, number] <= second[rows]
                where[rows, number], best[rows, number] = price.argmin(axis=1), price.min(axis=1)
                stale |= best[rows, number] < second[rows]
                first[rows[stale]], second[rows[stale]] = _two_least(best[rows[stale]])
            if first[rows].min() == NOWHERE:
                return
            regret = np.where(first[rows] < NOWHERE, np.minimum(second[rows] - first[rows], _NO_OTHER_S), -1)
            most = rows[regret == regret.max()]
            chosen = int(most[first[most].argmin()])
            number = int(best[chosen].argmin())
            place, lane = int(where[chosen, number]), lanes[number]
            order = _with(lane, place, int(rest[chosen]))
            if lane.crew.judged_whole and timed(self.tables, lane.crew, order, self.until_s) is None:
                # only now is the whole asked: most places are never chosen
                price = self.prices(lane, rest[[chosen]])[0]
                where[chosen, number], best[chosen, number] = price.argmin(), price.min()
                first[[chosen]], second[[chosen]] = _two_least(best[[chosen]])
                look = []
                continue
            lanes[number] = self.lane(lane.crew, order)
            rows, look = rows[rows != chosen], [number]


def _two_least(prices: Ints) -> tuple[Ints, Ints]:
    """Return the least of each row and the next: of one column, the same again."""
    two = np.partition(prices, min(1, prices.shape[1] - 1), axis=1)
    return two[:, 0], two[:, min(1, prices.shape[1] - 1)]


def _with(lane: Lane, place: int, node: int) -> tuple[int, ...]:
    """Return the order of the route with `node` at `place`."""
    return (*lane.order[:place], node, *lane.order[place:])


def _fits(tables: Tables, lane: Lane, visits: Ints) -> Bools:
    """Return for each visit and place whether the team still gets everywhere in time.

    Breaks may move to either side of the visit.
    """
    fits, profile = np.empty((len(visits), len(lane.legs_s)), dtype=np.bool_), lane.crew.profile
    stops = Stops(tables.service_s, tables.opens_s, tables.closes_s)
    legs = tables.go_s[profile], tables.travel_s[profile]
    fit_in(stops, pauses_of(lane.crew), *legs, lane.stops, lane.free_s, lane.late_s, visits, fits)
    return fits


@compiled
def fit_in(
    stops: Stops,
    pause: Ints,
    go_s: Ints,
    travel_s: Ints,
    route: Ints,
    free: Ints,
    late: Ints,
    visits: Ints,
    fits: Bools,
) -> None:
    """Write to `fits` (visits, places) whether each visit can be made between any two stops of `route`."""
    count = len(pause)
    for row in range(len(visits)):
        node = visits[row]
        for place in range(len(route) - 1):
            there = leg(go_s, travel_s, route[place], node, count)
            on = leg(go_s, travel_s, node, route[place + 1], count)
            fits[row, place] = insert(stops, pause, count, free[place], there, node, on, late[place]) < NEVER


def possible(tables: Tables) -> Bools:
    """Return for each visit, (n,) bool, whether some team could make it after the stops that it must keep."""
    filler, visits = Filler(tables, tables.go_s), np.arange(tables.n)
    able = [
        (filler.prices(filler.lane(crew, crew.fixed), visits) < NOWHERE).any(axis=1) for crew in tables.crews
    ]
    return np.logical_or.reduce(able) if able else np.zeros(tables.n, dtype=bool)


def repaired(tables: Tables, orders: Orders, until_s: int = NEVER) -> Orders:
    """Return the plan with a few visits taken off, so that every route keeps the rules.

    All teams are back by `until_s`. Not the fewest possible visits are taken off: that would take long.
    """
    return tuple(
        order
        if timed(tables, crew, order, until_s) or order == crew.fixed
        else _thinned(tables, crew, order, until_s)
        for crew, order in zip(tables.crews, orders, strict=True)
    )


def _thinned(tables: Tables, crew: Crew, order: tuple[int, ...], until_s: int) -> tuple[int, ...]:
    """Build the route up again in its own order, the urgent tiers first, and leave out what does not fit."""
    kept = set(crew.fixed)
    order = (*crew.fixed, *(node for node in order if node not in kept))
    for node in sorted((node for node in order if node not in kept), key=lambda node: int(tables.tier[node])):
        trial = tuple(stop for stop in order if stop in kept or stop == node)
        if timed(tables, crew, trial, until_s):
            kept.add(node)
    return tuple(stop for stop in order if stop in kept)
