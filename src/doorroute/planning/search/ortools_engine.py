"""OR-Tools' routing library; no other module knows it (9.15's `pywrapcp`, renamed in its main branch).

All rules are stated to it but those that `untold` names. Some it only knows more loosely: a break may
interrupt a way, where ours are spent at a stop. Whoever takes a plan from it has the schedule make it, and
thins out what then does not fit (`Best.take`).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Final

import numpy as np
from ortools.constraint_solver import pywrapcp, routing_enums_pb2

from doorroute.model.settings import Objective
from doorroute.planning.bounds.lower import longest_trip
from doorroute.planning.core.insertion import Filler, possible, repaired
from doorroute.planning.core.score import Orders, left_out
from doorroute.planning.core.tables import NEVER, NO_LIMIT, Ints, Tables
from doorroute.planning.search.best import Best
from doorroute.planning.search.ortools_gaps import longest_work, prices_of

FIRST_SHARE: Final = 0.4
"""Of the time for `finish`: at most for fitting everybody in."""

STEP: Final = 0.1
"""By what part of the gap to the longest single trip the bound on the last return is lowered at a time."""

SHORT: Final = (Objective.TRAVEL, Objective.TEAMS)
"""What is searched for by the cost of travel; all else by a bound on the last return."""

SLICE, SLICE_LEAST_S = 0.15, 0.3
"""Of the time, and in seconds at least: for one bound."""


class Model:
    """One routing model: all rules hard, every visit optional at a price, every team back by `until_s`."""

    def __init__(
        self, tables: Tables, *, until_s: int = NEVER, seed: int = 0, few_teams: bool = False
    ) -> None:
        self.tables = tables
        free = tuple(replace(crew, fixed=()) for crew in tables.crews)
        self.possible = possible(replace(tables, crews=free))
        n, crews = tables.n, tables.crews
        # each team has depots of its own, so that staying at home can take no time whatever lies between them
        self.manager = pywrapcp.RoutingIndexManager(
            n + 2 * len(crews),
            len(crews),
            [n + 2 * c for c in range(len(crews))],
            [n + 2 * c + 1 for c in range(len(crews))],
        )
        self.routing = pywrapcp.RoutingModel(self.manager)
        self.routing.solver().ReSeed(seed)
        self._costs(few_teams=few_teams)
        self._times(until_s)
        self._limits()
        self._prices()
        self._locks()

    def _matrix(self, table: Ints, *, service: bool) -> list[list[int]]:
        tables, n = self.tables, self.tables.n
        nodes = list(range(n)) + [depot for crew in tables.crews for depot in (crew.start, crew.end)]
        full = table[nodes][:, nodes]
        if service:
            full = full + tables.service_s[nodes][:, None]
        for c in range(len(tables.crews)):
            full[n + 2 * c, n + 2 * c + 1] = 0
        matrix: list[list[int]] = full.tolist()
        return matrix

    def _costs(self, *, few_teams: bool) -> None:
        """Let legs cost their seconds and unmet wishes.

        With `few_teams`, a team that goes out costs more than all legs together.
        """
        tables, routing, known = self.tables, self.routing, dict[tuple[int, bytes], int]()
        for c, crew in enumerate(tables.crews):
            wish_s = np.zeros(tables.n, dtype=np.int64) if crew.wish_s is None else crew.wish_s
            key = crew.profile, wish_s.tobytes()
            if key not in known:
                cost = tables.costing(tables.travel_s)[crew.profile].copy()
                cost[:, : tables.n] += wish_s
                known[key] = routing.RegisterTransitMatrix(self._matrix(cost, service=False))
            routing.SetArcCostEvaluatorOfVehicle(known[key], c)
        if few_teams:
            routing.SetFixedCostOfAllVehicles(longest_work(tables))

    def _times(self, until_s: int) -> None:
        tables, routing = self.tables, self.routing
        times = [routing.RegisterTransitMatrix(self._matrix(table, service=True)) for table in tables.go_s]
        horizon = max(max(crew.closes_s, crew.opens_s) for crew in tables.crews)
        routing.AddDimensionWithVehicleTransits(
            [times[crew.profile] for crew in tables.crews],
            horizon,
            horizon,
            fix_start_cumul_to_zero=False,
            name="time",
        )
        clock = routing.GetDimensionOrDie("time")
        for c, crew in enumerate(tables.crews):
            leave = crew.opens_s if crew.out else max(crew.opens_s, crew.closes_s)
            clock.CumulVar(routing.Start(c)).SetRange(crew.opens_s, leave)
            back = min(crew.back_by_s, until_s)
            clock.CumulVar(routing.End(c)).SetRange(crew.opens_s, max(crew.opens_s, back))
            routing.AddVariableMinimizedByFinalizer(clock.CumulVar(routing.End(c)))
        for node in np.flatnonzero(self.possible).tolist():
            cumul = clock.CumulVar(self.manager.NodeToIndex(node))
            shut = 0  # since when no window is open, going through them as they open
            for a, b in sorted(
                zip(tables.opens_s[node].tolist(), tables.closes_s[node].tolist(), strict=True)
            ):
                if shut < a:
                    cumul.RemoveInterval(shut, a - 1)
                shut = max(shut, b + 1)
            cumul.SetMax(min(shut - 1, horizon))
        self._breaks(clock)
        if any(crew.max_age_s < NO_LIMIT and crew.first_s is None for crew in tables.crews):
            self._age(clock, horizon)

    def _breaks(self, clock: pywrapcp.RoutingDimension) -> None:
        """Let each team take its breaks, unless it does so before leaving or after coming home."""
        tables, routing, optional = self.tables, self.routing, False
        at_door = [
            int(tables.service_s[node]) if node < tables.n else 0
            for node in map(self.manager.IndexToNode, range(routing.Size()))
        ]
        for c, crew in enumerate(tables.crews):
            rests = [
                routing.solver().FixedDurationIntervalVar(
                    pause.earliest_s, pause.latest_s, pause.duration_s, optional, f"break {c} {number}"
                )
                for number, pause in enumerate(crew.pauses)
                if pause.earliest_s <= pause.latest_s
            ]
            if rests:
                clock.SetBreakIntervalsOfVehicle(rests, c, at_door)

    def _age(self, clock: pywrapcp.RoutingDimension, horizon: int) -> None:
        """Limit the time from the first service to the return to the age of samples, by a second clock."""
        tables, routing, n = self.tables, self.routing, self.tables.n
        since = []
        for table in tables.go_s:
            matrix = self._matrix(table, service=True)
            for c in range(len(tables.crews)):
                matrix[n + 2 * c] = [0] * len(matrix)
            since.append(routing.RegisterTransitMatrix(matrix))
        most = [
            horizon if crew.first_s is not None else min(horizon, max(0, crew.max_age_s))
            for crew in tables.crews
        ]
        routing.AddDimensionWithVehicleTransitAndCapacity(
            [since[crew.profile] for crew in tables.crews],
            horizon,
            most,
            fix_start_cumul_to_zero=True,
            name="age",
        )
        age = routing.GetDimensionOrDie("age")
        for c in range(len(tables.crews)):
            age.SlackVar(routing.Start(c)).SetValue(0)
        for node in np.flatnonzero(self.possible).tolist():
            index = self.manager.NodeToIndex(node)
            routing.solver().Add(age.SlackVar(index) == clock.SlackVar(index))

    def _limits(self) -> None:
        tables, routing = self.tables, self.routing
        for goods in range(tables.demand.shape[1]):
            used = [*tables.demand[: tables.n, goods].tolist(), *[0] * (2 * len(tables.crews))]
            room = [max(0, crew.room[goods]) for crew in tables.crews]
            number = routing.RegisterUnaryTransitVector(used)
            routing.AddDimensionWithVehicleCapacity(
                number, 0, room, fix_start_cumul_to_zero=True, name=f"goods {goods}"
            )
        one = routing.RegisterUnaryTransitVector([1] * tables.n + [0] * (2 * len(tables.crews)))
        routing.AddDimensionWithVehicleCapacity(
            one,
            0,
            [max(0, crew.max_visits) for crew in tables.crews],
            fix_start_cumul_to_zero=True,
            name="visits",
        )
        for name, table, limits in (
            ("travel", tables.travel_s, [crew.max_travel_s for crew in tables.crews]),
            ("distance", tables.distance_m, [crew.max_distance_m for crew in tables.crews]),
        ):
            if min(limits) < NO_LIMIT:
                ways = [routing.RegisterTransitMatrix(self._matrix(part, service=False)) for part in table]
                routing.AddDimensionWithVehicleTransitAndCapacity(
                    [ways[crew.profile] for crew in tables.crews],
                    0,
                    [max(0, most) for most in limits],
                    fix_start_cumul_to_zero=True,
                    name=name,
                )
        for node in range(tables.n):
            able = [c for c, crew in enumerate(tables.crews) if crew.may[node] and self.possible[node]]
            if len(able) < len(tables.crews):
                self.routing.VehicleVar(self.manager.NodeToIndex(node)).SetValues([-1, *able])

    def _prices(self) -> None:
        for node, price in enumerate(prices_of(self.tables)):
            self.routing.AddDisjunction([self.manager.NodeToIndex(node)], price)

    def _locks(self) -> None:
        """Let each route begin with the stops that are locked."""
        for c, crew in enumerate(self.tables.crews):
            here = self.routing.Start(c)
            for node in crew.fixed:
                if not self.possible[node]:
                    break
                index = self.manager.NodeToIndex(node)
                self.routing.NextVar(here).SetValue(index)
                here = index

    def orders(self) -> Orders:
        """Read the routes out of the variables, during a search."""
        found = []
        for c in range(len(self.tables.crews)):
            order, index = [], self.routing.NextVar(self.routing.Start(c)).Value()
            while not self.routing.IsEnd(index):
                order.append(self.manager.IndexToNode(index))
                index = self.routing.NextVar(index).Value()
            found.append(tuple(order))
        return tuple(found)

    def search(self, seconds: float, start: Orders | None, found: Callable[[Orders], bool]) -> None:
        """Search for `seconds`; `found` gets each better plan and says whether to go on."""
        parameters = pywrapcp.DefaultRoutingSearchParameters()
        parameters.first_solution_strategy = (
            routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
        )
        parameters.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
        parameters.time_limit.FromMilliseconds(max(1, int(seconds * 1000)))
        best = [2**62]

        def look() -> None:
            cost = self.routing.CostVar().Max()
            if cost < best[0]:
                best[0] = cost
                if not found(self.orders()):
                    self.routing.solver().FinishCurrentSearch()

        self.routing.AddAtSolutionCallback(look)
        self.routing.CloseModelWithParameters(parameters)
        first = None
        if start is not None:
            routes = [[self.manager.NodeToIndex(node) for node in order] for order in start]
            first = self.routing.ReadAssignmentFromRoutes(routes, ignore_inactive_indices=True)
        if first is None:
            self.routing.SolveWithParameters(parameters)
        else:
            self.routing.SolveFromAssignmentWithParameters(first, parameters)


def improve(best: Best, seconds: float, seed: int) -> None:
    """Search for `seconds` for plans better than `best`, and put them there.

    For `finish`, the return of every team is bounded below the best plan's, step by step: what no longer
    fits is taken out and has to be fitted in again. (A cost on the last return leaves the search without
    direction while two teams are equally late.)
    """
    ends = time.monotonic() + seconds

    def take(orders: Orders) -> bool:
        best.take(orders)
        return best.objective in SHORT or any(best.missed)

    share = 1.0 if best.objective in SHORT else FIRST_SHARE
    few_teams = best.objective is Objective.TEAMS
    Model(best.tables, seed=seed, few_teams=few_teams).search(seconds * share, None, take)
    while (left := ends - time.monotonic()) > SLICE_LEAST_S and any(best.orders):
        floor = longest_trip(best.tables, [node for order in best.orders for node in order])
        until = best.finish_s - max(1, round((best.finish_s - floor) * STEP))
        _search_until(best, until, min(left, max(SLICE_LEAST_S, seconds * SLICE)), seed)
        if best.finish_s > until:
            break


def _search_until(best: Best, until_s: int, seconds: float, seed: int) -> None:
    """Look for a better plan that has every team back by `until_s`; stop when there is one."""
    tables = best.tables
    cut = repaired(tables, best.orders, until_s)
    start = Filler(tables, tables.go_s, until_s).fill(cut, left_out(tables, cut))

    def take(orders: Orders) -> bool:
        best.take(orders)
        return best.finish_s > until_s

    if take(start):
        Model(tables, until_s=until_s, seed=seed).search(seconds, start, take)
