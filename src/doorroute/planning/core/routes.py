"""From orders of visits back to the model's routes: steps with all their times."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

from doorroute.model.place import Point
from doorroute.model.plan import Route, Step, StepType, StopLock
from doorroute.model.problem import Locks, Problem
from doorroute.model.resident import Visit, VisitId
from doorroute.model.team import Team
from doorroute.model.travel import StopKey, depot_key, visit_key
from doorroute.planning.core.schedule import Timed, timed
from doorroute.planning.core.score import Orders
from doorroute.planning.core.tables import FORBIDDEN, Crew, Ints, Tables

Load = tuple[int, int, int]
NOTHING: Final[Load] = (0, 0, 0)


def routes_of(problem: Problem, tables: Tables, orders: Orders) -> tuple[Route, ...]:
    """Return the routes of the teams that have visits or are out, in the order of the teams and their shifts.

    Raises ValueError where an order breaks a rule.
    """
    routes = []
    for crew, order in zip(tables.crews, orders, strict=True):
        if order or crew.out:
            team = problem.teams[crew.team]
            times = timed(tables, crew, order)
            if times is None:
                raise ValueError(f"the route of {team.id} breaks a rule")
            routes.append(_Writer(problem, tables, team, crew).route(times))
    return tuple(routes)


class _Writer:
    """Writes one route, step by step."""

    def __init__(self, problem: Problem, tables: Tables, team: Team, crew: Crew) -> None:
        self.problem, self.team, self.crew = problem, team, crew
        locks = (lock for lock in problem.locks if (lock.team, lock.shift) == (team.id, crew.shift))
        self.lock = next(locks, Locks(team=team.id))
        self.nodes = {visit.id: node for node, visit in enumerate(problem.visits)}
        self.setup_s: Ints = tables.go_s[crew.profile] - tables.travel_s[crew.profile]
        self.travel_s = tables.travel_s[crew.profile]
        self.steps: list[Step] = []
        self.load = NOTHING

    def route(self, times: Timed) -> Route:
        """Return the route: what has happened, what is to come, and the end."""
        problem, team, crew = self.problem, self.team, self.crew
        self._start(times)
        for number in range(len(self.lock.done)):
            self._done(number)
        now, stop, setup = times.start_s, crew.start, 0
        for what, number, begin in times.doings():
            if begin is None:
                now, setup = now + int(self.travel_s[stop, number]), int(self.setup_s[stop, number])
                stop = number
                continue
            if what == "rest":
                door = problem.places[problem.visits[stop].id].point if number in times.at_door else None
                self._add(StepType.BREAK, now, 0, begin, crew.pauses[number].duration_s, location=door)
            elif number < len(problem.visits):
                self._visit(number, now, setup, begin)
            else:
                self._reload(now, now, crew.reload_s)
            now = self.steps[-1].departure_s
        end = problem.depot_places[team.end].point
        if team.open_end:
            end = next(step.location for step in reversed(self.steps) if step.location is not None)
        self._add(StepType.END, now, 0, now, 0, location=end)
        matrix, keys = problem.travel[team.profile], self._keys()
        legs = list(pairwise(keys))
        steps = [step for step in self.steps if step.type is not StepType.BREAK]
        return Route(
            team=team.id,
            profile=team.profile,
            shift=crew.shift,
            start_s=steps[0].departure_s,
            finish_s=now,
            travel_s=sum(matrix.seconds(a, b) for a, b in legs),
            service_s=sum(step.setup_s + step.service_s for step in steps),
            waiting_s=sum(step.waiting_s for step in self.steps),
            distance_m=sum(matrix.metres(a, b) for a, b in legs),
            steps=tuple(self.steps),
        )

    def _keys(self) -> list[StopKey]:
        """Return where the steps are in the matrix, without breaks and an open end."""
        keys: list[StopKey] = []
        for step in self.steps:
            if step.type is StepType.START:
                keys.append(depot_key(self.team.start))
            elif step.visit is not None:
                keys.append(visit_key(step.visit))
            elif step.type is StepType.RELOAD:
                keys.append(depot_key(self.team.reload_at))
            elif step.type is StepType.END and not self.team.open_end:
                keys.append(depot_key(self.team.end))
        return keys

    def _start(self, times: Timed) -> None:
        left = times.start_s
        if self.lock.left_s is not None:
            left = self.lock.left_s
        elif self.lock.done:  # nobody said when; at the latest as the way to the first stop has it
            first = self.lock.done[0]
            way = self.problem.travel[self.team.profile].seconds(
                depot_key(self.team.start),
                depot_key(self.team.reload_at) if first.visit is None else visit_key(first.visit),
            )
            left = max(0, first.arrival_s - way)
        self._add(StepType.START, left, 0, left, 0, location=self.problem.depot_places[self.team.start].point)

    def _done(self, number: int) -> None:
        stop = self.lock.done[number]
        took = stop.departure_s - stop.start_service_s
        if stop.visit is None:
            self._reload(stop.arrival_s, stop.start_service_s, took, lock=StopLock.DONE)
            return
        node, before = self.nodes[stop.visit], self.lock.done[number - 1].visit if number else None
        # after no visit the setup is that of coming from the depot
        setup = min(self._full_setup(before, node), stop.start_service_s - stop.arrival_s)
        self._visit(node, stop.arrival_s, setup, stop.start_service_s, took=took, lock=StopLock.DONE)

    def _reload(self, arrival: int, begin: int, took: int, *, lock: StopLock = StopLock.NONE) -> None:
        self.load = NOTHING
        place = self.problem.depot_places[self.team.reload_at].point
        self._add(StepType.RELOAD, arrival, 0, begin, took, location=place, lock=lock)

    def _full_setup(self, before: VisitId | None, node: int) -> int:
        depot = len(self.problem.visits)  # the first node behind the visits is a depot
        row = depot if before is None else self.nodes[before]
        found = int(self.setup_s[row, node])
        return found if 0 <= found < FORBIDDEN // 2 else 0

    def _visit(
        self,
        node: int,
        arrival: int,
        setup: int,
        begin: int,
        *,
        took: int | None = None,
        lock: StopLock = StopLock.NONE,
    ) -> None:
        visit = self.problem.visits[node]
        kits, suits, tubes = (so_far + more for so_far, more in zip(self.load, visit.demand, strict=True))
        self.load = (kits, suits, tubes)
        if visit.id in self.lock.order:
            lock = StopLock.ORDER
        self._add(
            StepType.VISIT,
            arrival,
            setup,
            begin,
            visit.service_s if took is None else took,
            location=self.problem.places[visit.id].point,
            visit=visit,
            lock=lock,
        )

    def _add(
        self,
        kind: StepType,
        arrival: int,
        setup: int,
        begin: int,
        service: int,
        *,
        location: Point | None = None,
        visit: Visit | None = None,
        lock: StopLock = StopLock.NONE,
    ) -> None:
        self.steps.append(
            Step(
                type=kind,
                visit=None if visit is None else visit.id,
                residents=() if visit is None else visit.resident_ids,
                location=location,
                arrival_s=arrival,
                waiting_s=begin - setup - arrival,
                setup_s=setup,
                start_service_s=begin,
                service_s=service,
                departure_s=begin + service,
                load=self.load,
                lock=lock,
            )
        )
