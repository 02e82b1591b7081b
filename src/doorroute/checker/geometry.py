"""Check that the drawn line and the directions follow the streets from each step to the next."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import groupby, pairwise
from typing import Final, Protocol

from doorroute.checker.case import Case, Violation
from doorroute.model.directions import Direction
from doorroute.model.place import Point
from doorroute.model.plan import Route, StepType
from doorroute.model.problem import Problem
from doorroute.model.team import Profile
from doorroute.texts import msg

DIGITS: Final = 7
"""Decimals at which two points count as equal (1 cm), as many as `plan.json` keeps."""


class DrawnLeg(Protocol):
    """A leg between two points, as the street network draws it."""

    @property
    def points(self) -> Sequence[Point]:
        """Return the points along the streets."""

    @property
    def directions(self) -> Sequence[Direction]:
        """Return the streets in order, with the steps and lifts between them."""


def check_geometry(
    problem: Problem, routes: Sequence[Route], leg: Callable[[Point, Point, Profile], DrawnLeg]
) -> tuple[Violation, ...]:
    """Return each route whose line differs from what `leg` draws, and each step whose directions differ."""
    case = Case(problem, routes, ())
    violations = []
    for team, route in case.team_routes():
        # the plan's own points are rounded, and half a millimetre can decide between two paths
        stops = [None if stop is None else case.points[stop] for stop in case.stops(team, route)]
        ends = [  # of legs; a break is spent at one of them
            (step, stop)
            for step, stop in zip(route.steps, stops, strict=True)
            if stop is not None and step.type is not StepType.BREAK
        ]
        points = [point for _, point in ends]
        right = (point for start, end in pairwise(points) for point in leg(start, end, team.profile).points)
        if _line(route.geometry) != _line(right):
            text = msg("The drawn line does not follow the streets from step to step.")
            violations.append(
                Violation(rule="drawn_along_the_streets", team=team.id, visit=None, message=text)
            )
        before: Point | None = None
        for step, here in ends:
            if step.location is None:
                continue
            directions = () if before is None else leg(before, here, team.profile).directions
            if step.directions and tuple(step.directions) != tuple(directions):  # earlier plans have none
                text = msg("The directions to this step do not follow the streets.")
                violations.append(
                    Violation(rule="told_along_the_streets", team=team.id, visit=step.visit, message=text)
                )
            before = here
    return tuple(violations)


def _line(points: Iterable[Point]) -> list[tuple[float, float]]:
    """Round the points and drop repeats, because consecutive legs share a point."""
    rounded = ((round(point.lon, DIGITS), round(point.lat, DIGITS)) for point in points)
    return [point for point, _ in groupby(rounded)]
