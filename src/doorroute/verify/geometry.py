"""What must hold of the drawn line: it goes along the streets, from each step to the next."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import groupby, pairwise
from typing import Final, Protocol

from doorroute.model.place import Point
from doorroute.model.plan import Route
from doorroute.model.problem import Problem
from doorroute.model.team import Profile
from doorroute.texts import msg
from doorroute.verify.case import Case, Violation

DIGITS: Final = 7
"""Points that agree to this digit (1 cm) are the same: `plan.json` keeps no more."""


class DrawnLeg(Protocol):
    """A way between two points, as the street network draws it."""

    @property
    def points(self) -> Sequence[Point]:
        """Return the points along the streets."""


def check_geometry(
    problem: Problem, routes: Sequence[Route], leg: Callable[[Point, Point, Profile], DrawnLeg]
) -> tuple[Violation, ...]:
    """Return each route whose line is not what `leg` draws from stop to stop."""
    case = Case(problem, routes, ())
    violations = []
    for team, route in case.team_routes():
        points = [case.points[stop] for stop in case.stops(team, route) if stop is not None]
        right = (point for start, end in pairwise(points) for point in leg(start, end, team.profile).points)
        if _line(route.geometry) != _line(right):
            text = msg("The line drawn does not follow the streets from step to step.")
            violations.append(Violation(rule="drawn_along_the_streets", team=team.id, visit=None, message=text))
    return tuple(violations)


def _line(points: Iterable[Point]) -> list[tuple[float, float]]:
    """Round the points, each run of equal ones taken once: legs share their ends."""
    rounded = ((round(point.lon, DIGITS), round(point.lat, DIGITS)) for point in points)
    return [point for point, _ in groupby(rounded)]
