"""A plan in numbers."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from doorroute.model.plan import Route, StepType, Summary

if TYPE_CHECKING:
    from collections.abc import Sequence

    from doorroute.model.problem import Problem
    from doorroute.model.resident import VisitId
    from doorroute.planning.solve import Solution


def summary_of(problem: Problem, routes: Sequence[Route], solution: Solution) -> Summary:
    """Add up the routes and the visits that are on none; the bounds are the solution's."""
    lengths = [route.finish_s - route.start_s for route in routes]
    return Summary(
        residents=sum(resident.people for visit in problem.visits for resident in visit.residents),
        visits=len(problem.visits),
        assigned=len(problem.visits) - len(solution.unassigned),
        unassigned=len(solution.unassigned),
        finish_s=max((route.finish_s for route in routes), default=0),
        lower_bound_finish_s=solution.lower_bound_finish_s,
        longest_s=max(lengths, default=0),
        mean_s=round(sum(lengths) / len(lengths)) if lengths else 0,
        travel_s=sum(route.travel_s for route in routes),
        service_s=sum(route.service_s for route in routes),
        waiting_s=sum(route.waiting_s for route in routes),
        distance_m=sum(route.distance_m for route in routes),
        lower_bound_travel_s=solution.lower_bound_travel_s,
        lower_bound_teams=solution.lower_bound_teams,
        teams=len({route.team for route in routes}),
        wishes_s=wishes_s(problem, routes),
        trade_off=solution.trade_off,
    )


def wishes_s(problem: Problem, routes: Sequence[Route]) -> int:
    """Return the seconds that the broken wishes of the routes count together (`Wishes` defines them)."""
    wishes = problem.settings.wishes
    return sum(
        wishes.home_area_s * _away_from_home(problem, route)
        + wishes.same_team_s * _by_another_team(problem, route)
        + wishes.little_change_s * _moved(problem, route)
        + wishes.compact_s * _ways_between_areas(problem, route)
        for route in routes
    )


def _areas(problem: Problem) -> dict[VisitId, str]:
    return {visit.id: visit.area for visit in problem.visits}


def _away_from_home(problem: Problem, route: Route) -> int:
    home = next(team.home_area for team in problem.teams if team.id == route.team)
    areas = _areas(problem)
    return sum(areas[visit] not in {"", home} for visit in route.visits) if home else 0


def _by_another_team(problem: Problem, route: Route) -> int:
    last = {visit.id: visit.last_team for visit in problem.visits}
    return sum(last[visit] not in {None, route.team} for visit in route.visits)


def _moved(problem: Problem, route: Route) -> int:
    return sum(problem.before.get(visit) not in {None, route.team} for visit in route.visits)


def _ways_between_areas(problem: Problem, route: Route) -> int:
    areas = _areas(problem)
    doors = [step.visit for step in route.steps if step.type is not StepType.BREAK]
    ways = [(areas[a], areas[b]) for a, b in pairwise(doors) if a is not None and b is not None]
    return sum(a != b for a, b in ways if a and b)
