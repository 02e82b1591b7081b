"""The last word is OR-Tools': of all good routes that the search has met, CP-SAT chooses one a team so that the plan is best.

Exact over the routes in the pool (set partitioning): it puts together halves of plans that the search never had in its hands at one time.
"""

from __future__ import annotations

import time
from typing import Final

from doorroute.model.settings import Objective
from doorroute.planning.best import Best
from doorroute.planning.schedule import timed
from doorroute.planning.score import Orders, left_out, travel_of
from doorroute.planning.tables import Tables, alike

SOLVER: Final = "ortools.sat.python.cp_model"
"""What `split` imports."""

MOST: Final = 6000
"""How many routes are kept: the latest, as the search cools down."""

Key = tuple[int, tuple[int, ...]]
"""A number for teams that are alike, and the order of visits."""


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

    def candidates(self, latest_s: int) -> dict[Key, tuple[int, int]]:
        """Return the routes that are back by `latest_s`, of those with the same visits the shortest, each with travel and return."""
        crew_of = dict(zip(self.alike, self.tables.crews, strict=True))
        found: dict[tuple[int, frozenset[int]], tuple[int, int, tuple[int, ...]]] = {}
        for kind, order in self._routes:
            times = timed(self.tables, crew_of[kind], order, latest_s)
            if times is not None:
                route = (travel_of(self.tables, crew_of[kind], order), times.finish_s, order)
                key = (kind, frozenset(order))
                found[key] = min(route, found.get(key, route))
        return {(kind, order): (travel, finish) for (kind, _), (travel, finish, order) in found.items()}


def split(best: Best, pool: Pool, seconds: float, seed: int) -> None:
    """Take the best plan that the routes of the pool make into `best`, if it is better; whoever is visited now stays visited."""
    from ortools.sat.python import cp_model

    ends = time.monotonic() + seconds
    pool.add(best.orders)
    by_finish = best.objective is Objective.FINISH
    routes = pool.candidates(best.finish_s if by_finish else 2**40)
    tables, model = best.tables, cp_model.CpModel()
    chosen = {key: model.new_bool_var("") for key in routes}
    through: dict[int, list[cp_model.IntVar]] = {}
    for kind in set(pool.alike):
        model.add(sum(var for (k, _), var in chosen.items() if k == kind) <= pool.alike.count(kind))
    for (_, order), var in chosen.items():
        for node in order:
            through.setdefault(node, []).append(var)
    missed = set(left_out(tables, best.orders))
    cost: cp_model.LinearExprT = sum(travel * chosen[key] for key, (travel, _) in routes.items())
    most = sum(travel for travel, _ in routes.values()) + 1
    if by_finish:
        last = model.new_int_var(0, best.finish_s, "")
        for key, (_, finish) in routes.items():
            model.add(last >= finish).only_enforce_if(chosen[key])
        most = best.travel_s + 1
        cost += most * last
    for node, variables in through.items():
        if node in missed:
            model.add_at_most_one(variables)
            cost -= 10 * most * sum(variables)
        else:
            model.add_exactly_one(variables)
    now = {(kind, order) for kind, order in zip(pool.alike, best.orders, strict=True)}
    for key, var in chosen.items():
        model.add_hint(var, key in now)
    model.minimize(cost)
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = max(0.01, ends - time.monotonic())
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = seed
    if solver.solve(model) in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        best.take(_assembled(pool, [key for key, var in chosen.items() if solver.boolean_value(var)]))


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
