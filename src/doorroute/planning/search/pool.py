"""The final split: of all good routes found, CP-SAT chooses one a team so that the plan is best.

Exact over the routes in the pool (set partitioning): it puts together halves of plans that the search never
had in its hands at one time.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final, NamedTuple

from doorroute.model.settings import Objective
from doorroute.planning.core.schedule import timed
from doorroute.planning.core.score import Orders, left_out, travel_of
from doorroute.planning.core.tables import Tables, alike
from doorroute.planning.search.best import Best

if TYPE_CHECKING:
    from ortools.sat.python import cp_model

SOLVER: Final = "ortools.sat.python.cp_model"
"""What `split` imports."""

MOST: Final = 6000
"""How many routes are kept: the latest, as the search cools down."""

Key = tuple[int, tuple[int, ...]]
"""A number for teams that do not differ, and the order of visits."""


class Ride(NamedTuple):
    """A route in seconds: of travel, when it is back, and from leaving to return."""

    travel: int
    finish: int
    hours: int


class Pool:
    """Routes that kept the rules in some plan."""

    def __init__(self, tables: Tables) -> None:
        self.tables, self.alike = tables, alike(tables.crews)
        self._routes: dict[Key, None] = {}

    def add(self, orders: Orders) -> None:
        """Remember the routes of a plan."""
        for kind, order in zip(self.alike, orders, strict=True):
            if order:
                self._routes.pop((kind, order), None)
                self._routes[kind, order] = None
        while len(self._routes) > MOST:
            del self._routes[next(iter(self._routes))]

    def candidates(self, latest_s: int) -> dict[Key, Ride]:
        """Return the routes that are back by `latest_s`, of those with the same visits the shortest."""
        crew_of = dict(zip(self.alike, self.tables.crews, strict=True))
        found: dict[tuple[int, frozenset[int]], tuple[Ride, tuple[int, ...]]] = {}
        for kind, order in self._routes:
            times = timed(self.tables, crew_of[kind], order, latest_s)
            if times is not None:
                travel = travel_of(self.tables, crew_of[kind], order)
                route = Ride(travel, times.finish_s, times.finish_s - times.start_s), order
                key = (kind, frozenset(order))
                found[key] = min(route, found.get(key, route))
        return {(kind, order): ride for (kind, _), (ride, order) in found.items()}


def split(best: Best, pool: Pool, seconds: float, seed: int, *, by_work: bool = False) -> None:
    """Put into `best` the best plan that the pool's routes make, if it is better.

    A visit that is on a route now stays on one.

    `by_work`: `seconds` are CP-SAT's deterministic time, the same on every computer.
    """
    from ortools.sat.python import cp_model

    ends = time.monotonic() + seconds
    pool.add(best.orders)
    routes = pool.candidates(best.finish_s if best.objective is Objective.FINISH else 2**40)
    tables, model = best.tables, cp_model.CpModel()
    chosen = {key: model.new_bool_var("") for key in routes}
    through: dict[int, list[cp_model.IntVar]] = {}
    for kind in set(pool.alike):
        model.add(sum(var for (k, _), var in chosen.items() if k == kind) <= pool.alike.count(kind))
    for (_, order), var in chosen.items():
        for node in order:
            through.setdefault(node, []).append(var)
    missed = set(left_out(tables, best.orders))
    goals = [_goal(model, goal, routes, chosen, len(tables.crews)) for goal in best.goals]
    cost: cp_model.LinearExprT = 0
    scale = 1
    for value, most in reversed(goals[:2]):  # two at most: their product has to fit in 64 bits
        cost += scale * value
        scale *= most + 1
    for node, variables in through.items():
        if node in missed:
            model.add_at_most_one(variables)
            cost -= scale * sum(variables)
        else:
            model.add_exactly_one(variables)
    now = {(kind, order) for kind, order in zip(pool.alike, best.orders, strict=True)}
    for key, var in chosen.items():
        model.add_hint(var, key in now)
    model.minimize(cost)
    solver = cp_model.CpSolver()
    if by_work:
        solver.parameters.max_deterministic_time = seconds
    else:
        solver.parameters.max_time_in_seconds = max(0.01, ends - time.monotonic())
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = seed
    if solver.solve(model) in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        best.take(_assembled(pool, [key for key, var in chosen.items() if solver.boolean_value(var)]))


def _goal(
    model: cp_model.CpModel,
    goal: Objective,
    routes: dict[Key, Ride],
    chosen: dict[Key, cp_model.IntVar],
    crews: int,
) -> tuple[cp_model.LinearExprT, int]:
    """Return a goal in terms of the routes chosen, and the most it can be."""
    if goal is Objective.TEAMS:
        return sum(chosen.values()), crews
    if goal is Objective.TRAVEL:
        longest = max((ride.travel for ride in routes.values()), default=0)
        return sum(ride.travel * chosen[key] for key, ride in routes.items()), crews * longest
    by_finish = goal is Objective.FINISH
    sizes = {key: ride.finish if by_finish else ride.hours for key, ride in routes.items()}
    most = max(sizes.values(), default=0)
    high, low = model.new_int_var(0, most, ""), model.new_int_var(0, most, "")
    everybody = model.new_bool_var("")  # has a route; else the shortest is that of a team at home
    model.add(sum(chosen.values()) == crews).only_enforce_if(everybody)
    model.add(low <= most * everybody)
    for key, size in sizes.items():
        model.add(high >= size).only_enforce_if(chosen[key])
        if not by_finish:
            model.add(low <= size).only_enforce_if(chosen[key])
    return (high if by_finish else high - low), most


def _assembled(pool: Pool, keys: list[Key]) -> Orders:
    """Give each route to a team of its kind."""
    rest = list(keys)
    orders = []
    for kind in pool.alike:
        mine = next((key for key in rest if key[0] == kind), None)
        if mine is not None:
            rest.remove(mine)
        orders.append(mine[1] if mine is not None else ())
    return tuple(orders)
