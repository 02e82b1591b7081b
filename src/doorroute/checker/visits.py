"""Rules about places: each visit once, each door with its residents, each route from depot to depot."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from doorroute.checker.case import Breach, Case
from doorroute.model.place import Point
from doorroute.model.plan import StepType
from doorroute.model.resident import ResidentId, TeamId, VisitId
from doorroute.texts import msg

SAME_PLACE_DEG: Final = 1e-6
"""Largest difference at which two points count as equal (11 cm): `plan.json` keeps seven digits."""


def each_visit_once(case: Case) -> Iterator[Breach]:
    """Require each visit of the problem to be in exactly one step or unassigned, and no other visits."""
    times: Counter[VisitId] = Counter(left_out.visit for left_out in case.unassigned)
    team_of: dict[VisitId, TeamId] = {}
    for route in case.routes:
        for step in route.steps:
            if (step.type is StepType.VISIT) != (step.visit is not None):
                yield Breach(
                    route.team,
                    step.visit,
                    msg("A visit step must name its visit; no other step may name one."),
                )
            elif step.visit is not None:
                times[step.visit] += 1
                team_of[step.visit] = route.team
    for visit, count in times.items():
        if visit not in case.visits:
            yield Breach(team_of.get(visit), visit, msg("The input has no such visit."))
        elif count > 1:
            yield Breach(
                team_of.get(visit), visit, msg("The visit is in the plan {count} times.", count=count)
            )
    for visit in case.visits:
        if visit not in times:
            yield Breach(None, visit, msg("The visit is neither on a route nor unassigned."))


def residents_of_their_visit(case: Case) -> Iterator[Breach]:
    """Require visit steps and unassigned visits to list the residents behind their door, other steps none."""
    lists: list[tuple[TeamId | None, VisitId | None, tuple[ResidentId, ...]]] = [
        *((None, left_out.visit, left_out.residents) for left_out in case.unassigned),
        *((route.team, step.visit, step.residents) for route in case.routes for step in route.steps),
    ]
    for team, visit, listed in lists:
        behind = case.visits[visit].resident_ids if visit in case.visits else ()
        if sorted(listed) != sorted(behind):
            missing, foreign = len(set(behind) - set(listed)), len(set(listed) - set(behind))
            text = msg(
                "The residents are not those behind the door: {missing} missing, {foreign} from other "
                "doors, {listed} listed.",
                missing=missing,
                foreign=foreign,
                listed=len(listed),
            )
            yield Breach(team, visit, text)


def one_route_a_shift(case: Case) -> Iterator[Breach]:
    """Require that every route belongs to a shift of its team, and that no shift has two routes."""
    for (team, shift), count in Counter((route.team, route.shift) for route in case.routes).items():
        if team not in case.teams:
            yield Breach(team, None, msg("The input has no such team."))
        elif not 0 <= shift < len(case.teams[team].shifts):
            yield Breach(team, None, msg("The team has no shift {shift}.", shift=shift))
        elif count > 1:
            yield Breach(
                team, None, msg("The team has {count} routes in one shift; it should have one.", count=count)
            )


def moves_like_its_team(case: Case) -> Iterator[Breach]:
    """Require a route to have the profile (foot, bike, car) of its team."""
    for team, route in case.team_routes():
        if route.profile is not team.profile:
            yield Breach(team.id, None, msg("The route has another means of travel than the team."))


def from_start_to_end(case: Case) -> Iterator[Breach]:
    """Require one start, then visits, breaks and reloads, then one end."""
    for route in case.routes:
        ends = [step.type for step in (*route.steps[:1], *route.steps[-1:])]
        if ends != [StepType.START, StepType.END]:
            yield Breach(route.team, None, msg("The route does not go from a start to an end."))
        if any(step.type in (StepType.START, StepType.END) for step in route.steps[1:-1]):
            yield Breach(route.team, None, msg("The route has another start or end in between."))


def steps_at_their_places(case: Case) -> Iterator[Breach]:
    """Require starts, ends and reloads at the team's depots, visits at their doors.

    Open ends, and breaks that have a location, must be where the step before is.
    """
    for team, route in case.team_routes():
        for step, stop in zip(route.steps, case.stops(team, route), strict=True):
            nowhere = step.type is StepType.BREAK and step.location is None
            if stop is not None and not nowhere and not _same(step.location, case.points.get(stop)):
                yield Breach(team.id, step.visit, msg("The step is not at its door or depot."))


def _same(location: Point | None, right: Point | None) -> bool:
    return (
        location is not None
        and right is not None
        and abs(location.lon - right.lon) <= SAME_PLACE_DEG
        and abs(location.lat - right.lat) <= SAME_PLACE_DEG
    )
