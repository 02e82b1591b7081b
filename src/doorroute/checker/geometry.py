"""What must hold of the drawn line: it goes along the streets, from each step to the next."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import groupby, pairwise
from typing import Final, Protocol

from doorroute.checker.case import Case, Violation
from doorroute.model.directions import Direction
from doorroute.model.place import Point
from doorroute.model.plan import Route
from doorroute.model.problem import Problem
from doorroute.model.team import Profile
from doorroute.texts import msg

DIGITS: Final = 7
"""Points that agree to this digit (1 cm) are the same: `plan.json` keeps no more."""


class DrawnLeg(Protocol):
    """A way between two points, as the street network draws it."""

    @property
    def points(self) -> Sequence[Point]:
        """Return the points along the streets."""

    @property
    def directions(self) -> Sequence[Direction]:
        """Return the streets in order, steps and lifts between them."""


def check_geometry(
    problem: Problem, routes: Sequence[Route], leg: Callable[[Point, Point, Profile], DrawnLeg]
) -> tuple[Violation, ...]:
    """Return each route whose line is not what `leg` draws from stop to stop, and each step whose way is told otherwise."""
    case = Case(problem, routes, ())
    violations = []
    for team, route in case.team_routes():
        # by the points of the inputs: the plan's own are rounded, and half a millimetre may tip the scales between two ways
        stops = [None if stop is None else case.points[stop] for stop in case.stops(team, route)]
        points = [point for point in stops if point is not None]
        right = (point for start, end in pairwise(points) for point in leg(start, end, team.profile).points)
        if _line(route.geometry) != _line(right):
            text = msg("The line drawn does not follow the streets from step to step.")
            violations.append(
                Violation(rule="drawn_along_the_streets", team=team.id, visit=None, message=text)
            )
        before: Point | None = None
        for step, here in zip(route.steps, stops, strict=True):
            if here is None or step.location is None:
                continue
            told = () if before is None else leg(before, here, team.profile).directions
            if step.directions and tuple(step.directions) != tuple(told):  # earlier plans tell none
                text = msg("The way to the step is told otherwise than the streets lead.")
                violations.append(
                    Violation(rule="told_along_the_streets", team=team.id, visit=step.visit, message=text)
                )
            before = here
    return tuple(violations)


def _line(points: Iterable[Point]) -> list[tuple[float, float]]:
    """Round the points, each run of equal ones taken once: legs share their ends."""
    rounded = ((round(point.lon, DIGITS), round(point.lat, DIGITS)) for point in points)
    return [point for point, _ in groupby(rounded)]
