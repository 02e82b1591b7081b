"""Compute the penalty for unfulfilled wishes from the routes."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from doorroute.checker.case import Case
from doorroute.model.plan import Route, StepType
from doorroute.model.problem import Problem


def wishes_s(problem: Problem, routes: Sequence[Route]) -> int:
    """Return the total penalty for unfulfilled wishes in seconds (see `Wishes`)."""
    case, weights = Case(problem, routes, ()), problem.settings.wishes
    total = 0
    for team, route in case.team_routes():
        for visit, _ in case.visit_steps(route):
            if team.home_area and visit.area and visit.area != team.home_area:
                total += weights.home_area_s
            if visit.last_team not in (None, team.id):
                total += weights.same_team_s
            if problem.before.get(visit.id, team.id) != team.id:
                total += weights.little_change_s
        stops = [step for step in route.steps if step.type is not StepType.BREAK]
        areas = [case.visits[stop.visit].area if stop.visit in case.visits else "" for stop in stops]
        total += weights.compact_s * sum(bool(a and b) and a != b for a, b in pairwise(areas))
    return total
