"""The plan to check, and what a rule reports about it."""

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
    """Where and how a rule is broken, in words without personal data."""

    team: TeamId | None
    visit: VisitId | None
    message: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """A broken rule; `rule` is the name of its function."""

    rule: str
    team: TeamId | None
    visit: VisitId | None
    message: Text


class StepLeg(NamedTuple):
    """The leg from one step of a route to the next, by the travel matrix.

    `place` is the index of `after` in the route's steps. Unreachable legs have `UNREACHABLE` seconds.
    """

    place: int
    before: Step
    after: Step
    seconds: int
    metres: int


@dataclass(frozen=True)
class Case:
    """A problem and the plan to check against it; any id, time or order of the plan may be wrong."""

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
        """Return the position of each depot and door."""
        depots = {depot_key(depot): place.point for depot, place in self.problem.depot_places.items()}
        return depots | {visit_key(visit): place.point for visit, place in self.problem.places.items()}

    def team_routes(self) -> Iterator[tuple[Team, Route]]:
        """Yield each route with its team, except routes of unknown teams (see `one_route_a_shift`)."""
        for route in self.routes:
            if route.team in self.teams:
                yield self.teams[route.team], route

    def locks(self, route: Route) -> Locks:
        """Return the route's finished and locked stops; none if the problem has no locks for it."""
        return self._locks.get((route.team, route.shift), Locks(team=route.team))

    @cached_property
    def _locks(self) -> dict[tuple[TeamId, int], Locks]:
        return {(locks.team, locks.shift): locks for locks in self.problem.locks}

    def done(self, route: Route) -> int:
        """Return how many steps after the start are finished; `history_kept` checks which ones."""
        return len(self.locks(route).done)

    def is_out(self, route: Route) -> bool:
        """Return whether the team has left already: it must come home, whatever is planned."""
        return bool(self.done(route)) or self.locks(route).left_s is not None

    def has_plans(self, route: Route) -> bool:
        """Return whether the route has a visit ahead; if not, a limit exceeded already is no breach."""
        return any(step.type is StepType.VISIT for step in route.steps[1 + self.done(route) :])

    def planned(self, route: Route) -> Iterator[tuple[Visit, Step]]:
        """Yield each visit step that is not finished with its visit."""
        ahead = replace(route, steps=route.steps[1 + self.done(route) :]) if self.done(route) else route
        return self.visit_steps(ahead)

    def visit_steps(self, route: Route) -> Iterator[tuple[Visit, Step]]:
        """Yield each visit step with its visit, except unknown visits (see `each_visit_once`)."""
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

    def legs(self, team: Team, route: Route) -> Iterator[StepLeg]:
        """Yield the legs between steps, except at steps without a place (see the rules about places)."""
        travel = self.problem.travel[team.profile]
        stops = self.stops(team, route)
        steps = zip(route.steps, route.steps[1:], stops, stops[1:], strict=False)
        for place, (before, after, start, end) in enumerate(steps, 1):
            if start is not None and end is not None:
                yield StepLeg(place, before, after, travel.seconds(start, end), travel.metres(start, end))


Rule = Callable[[Case], Iterator[Breach]]
"""A rule yields each of its breaches."""


def at(seconds: int) -> str:
    """Return a time with seconds, because a plan may be wrong by less than a minute."""
    minutes, second = divmod(abs(seconds), 60)
    return f"{'-' if seconds < 0 else ''}{minutes // 60:02d}:{minutes % 60:02d}:{second:02d}"
