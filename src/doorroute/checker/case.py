"""What is checked, and what a rule finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

from doorroute.model.place import Point
from doorroute.model.plan import Route, Step, StepType, Unassigned
from doorroute.model.problem import Locks, Problem
from doorroute.model.resident import TeamId, Visit, VisitId
from doorroute.model.team import Team
from doorroute.model.travel import StopKey, depot_key, visit_key
from doorroute.texts import Text


class Breach(NamedTuple):
    """Where a rule is broken, and how, in words without anything personal."""

    team: TeamId | None
    visit: VisitId | None
    message: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """A broken rule, by the name of its function."""

    rule: str
    team: TeamId | None
    visit: VisitId | None
    message: Text


class Leg(NamedTuple):
    """From one step of a route to the next: seconds and metres by the matrix, UNREACHABLE where no street leads; `place` is where `after` stands."""

    place: int
    before: Step
    after: Step
    seconds: int
    metres: int


@dataclass(frozen=True)
class Case:
    """A plan beside the problem that it is to solve. Nothing in it is trusted: any id, time or order may be wrong."""

    problem: Problem
    routes: Sequence[Route]
    unassigned: Sequence[Unassigned]

    @cached_property
    def visits(self) -> dict[VisitId, Visit]:
        """Return the visits of the problem by id."""
        return {visit.id: visit for visit in self.problem.visits}

    @cached_property
    def teams(self) -> dict[TeamId, Team]:
        """Return the teams of the problem by id."""
        return {team.id: team for team in self.problem.teams}

    @cached_property
    def points(self) -> dict[StopKey, Point]:
        """Return where each depot and each door is."""
        depots = {depot_key(depot): place.point for depot, place in self.problem.depot_places.items()}
        return depots | {visit_key(visit): place.point for visit, place in self.problem.places.items()}

    def team_routes(self) -> Iterator[tuple[Team, Route]]:
        """Give each route with its team; routes of unknown teams are left to `one_route_a_shift`."""
        for route in self.routes:
            if route.team in self.teams:
                yield self.teams[route.team], route

    def locks(self, route: Route) -> Locks:
        """Return what of the route has happened or must stay; nothing where the problem does not say."""
        return self._locks.get((route.team, route.shift), Locks(team=route.team))

    @cached_property
    def _locks(self) -> dict[tuple[TeamId, int], Locks]:
        return {(locks.team, locks.shift): locks for locks in self.problem.locks}

    def done(self, route: Route) -> int:
        """Return how many steps after the start have happened; whether they are the right ones is left to `history_kept`."""
        return len(self.locks(route).done)

    def is_out(self, route: Route) -> bool:
        """Say whether the team has left already: it has to come home, whatever is planned."""
        return bool(self.done(route)) or self.locks(route).left_s is not None

    def has_plans(self, route: Route) -> bool:
        """Say whether the route has a visit that has not happened: what history alone breaks is held against nobody."""
        return any(step.type is StepType.VISIT for step in route.steps[1 + self.done(route) :])

    def planned(self, route: Route) -> Iterator[tuple[Visit, Step]]:
        """Give each visit step that has not happened with its visit."""
        ahead = replace(route, steps=route.steps[1 + self.done(route) :]) if self.done(route) else route
        return self.visit_steps(ahead)

    def visit_steps(self, route: Route) -> Iterator[tuple[Visit, Step]]:
        """Give each visit step with its visit; unknown visits are left to `each_visit_once`."""
        for step in route.steps:
            if step.type is StepType.VISIT and step.visit in self.visits:
                yield self.visits[step.visit], step

    def stops(self, team: Team, route: Route) -> list[StopKey | None]:
        """Return where each step is by its type and visit; an open end is where the step before was.

        So is a break without a location. One with a location is at the door of the visit that comes next.
        """
        known = self.problem.travel[team.profile].index
        stops: list[StopKey | None] = []
        for place, step in enumerate(route.steps):
            match step.type:
                case StepType.START:
                    stops.append(depot_key(team.start))
                case StepType.END if team.open_end and stops:
                    stops.append(stops[-1])
                case StepType.RELOAD if depot_key(team.reload_at) in known:
                    stops.append(depot_key(team.reload_at))
                case StepType.END:
                    stops.append(depot_key(team.end))
                case StepType.VISIT if step.visit in self.visits:
                    stops.append(visit_key(step.visit))
                case StepType.BREAK if stops:
                    later = (after.visit for after in route.steps[place:] if after.type is not StepType.BREAK)
                    door = None if step.location is None else next(later, None)
                    stops.append(visit_key(door) if door in self.visits else stops[-1])
                case _:
                    stops.append(None)
        return stops

    def legs(self, team: Team, route: Route) -> Iterator[Leg]:
        """Give what lies between each two steps; steps that are nowhere are left to the rules about places."""
        travel = self.problem.travel[team.profile]
        stops = self.stops(team, route)
        steps = zip(route.steps, route.steps[1:], stops, stops[1:], strict=False)
        for place, (before, after, start, end) in enumerate(steps, 1):
            if start is not None and end is not None:
                yield Leg(place, before, after, travel.seconds(start, end), travel.metres(start, end))


Rule = Callable[[Case], Iterator[Breach]]
"""A rule gives every breach of it; none, if it is kept."""


def at(seconds: int) -> str:
    """Write a time to the second: a plan may be wrong by less than a minute."""
    minutes, second = divmod(abs(seconds), 60)
    return f"{'-' if seconds < 0 else ''}{minutes // 60:02d}:{minutes % 60:02d}:{second:02d}"
