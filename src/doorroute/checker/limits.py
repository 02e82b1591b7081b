"""Rules about what a team may do: number of visits, travel, skills, whom it may visit, infection classes."""

from __future__ import annotations

from collections.abc import Iterator

from doorroute.checker.case import Breach, Case
from doorroute.model.plan import StepType
from doorroute.model.resident import InfectionClass, Visit
from doorroute.model.settings import ClassRule
from doorroute.model.team import Team
from doorroute.texts import msg


def within_max_visits(case: Case) -> Iterator[Breach]:
    """Require that a route has no more visits than its team may make."""
    for team, route in case.team_routes():
        count = sum(step.type is StepType.VISIT for step in route.steps)
        if team.max_visits is not None and count > team.max_visits and case.has_plans(route):
            text = msg(
                "The route has {found} visits; the team's limit is {right}.",
                found=count,
                right=team.max_visits,
            )
            yield Breach(team.id, None, text)


def within_max_travel(case: Case) -> Iterator[Breach]:
    """Require that a route's travel is within its team's limits, in seconds and in metres."""
    for team, route in case.team_routes():
        if not case.has_plans(route) and case.is_out(route):
            continue  # it only comes home
        legs = list(case.legs(team, route))
        for found, right, unit in (
            (sum(leg.seconds for leg in legs), team.max_travel_s, "s"),
            (sum(leg.metres for leg in legs), team.max_distance_m, "m"),
        ):
            if right is not None and found > right:
                text = msg(
                    "The team travels {found} {unit}; its limit is {right} {unit}.",
                    found=found,
                    right=right,
                    unit=unit,
                )
                yield Breach(team.id, None, text)


def has_skills(case: Case) -> Iterator[Breach]:
    """Require that a team has all skills that its visits ahead need."""
    for team, route in case.team_routes():
        for visit, _ in case.planned(route):
            lacking = len(visit.skills - team.skills)
            if lacking:
                yield Breach(
                    team.id, visit.id, msg("The team lacks {n} of the skills needed here.", n=lacking)
                )


def by_a_team_that_may(case: Case) -> Iterator[Breach]:
    """Require that each visit ahead allows its team."""
    for team, route in case.team_routes():
        for visit, _ in case.planned(route):
            if visit.only_teams is not None and team.id not in visit.only_teams:
                yield Breach(team.id, visit.id, msg("The visit is for other teams."))
            if team.id in visit.not_teams:
                yield Breach(team.id, visit.id, msg("The team must not make this visit."))


def takes_the_class(case: Case) -> Iterator[Breach]:
    """Require that a team takes the infection class of each of its visits ahead."""
    for team, route in case.team_routes():
        for visit, _ in case.planned(route):
            if visit.infection_class not in classes_taken(case, team):
                yield Breach(team.id, visit.id, msg("The team does not take homes of this infection class."))


def classes_taken(case: Case, team: Team) -> frozenset[InfectionClass]:
    """Return the infection classes that the team takes."""
    if team.classes is not None:
        return team.classes
    by_teams = case.problem.settings.class_rule is ClassRule.TEAMS
    return frozenset({InfectionClass.REGULAR} if by_teams else InfectionClass)


def classes_in_order(case: Case) -> Iterator[Breach]:
    """Require that the class never falls along a route: regular, then yellow, then isolated homes."""
    for team, route in case.team_routes():
        ahead = [visit.id for visit, _ in case.planned(route)]
        highest: Visit | None = None
        for visit, _ in case.visit_steps(route):
            if highest is None or visit.infection_class.rank >= highest.infection_class.rank:
                highest = visit
            elif visit.id in ahead:
                text = msg("By infection class, this visit must come before {other}.", other=highest.id)
                yield Breach(team.id, visit.id, text)


def classes_apart(case: Case) -> Iterator[Breach]:
    """Require, if the settings separate classes, that all visits of a route have the same class."""
    if case.problem.settings.class_rule is not ClassRule.APART:
        return
    for team, route in case.team_routes():
        ahead = [visit.id for visit, _ in case.planned(route)]
        visits = [visit for visit, _ in case.visit_steps(route)]
        for place, visit in enumerate(visits):
            others = [other for other in visits[:place] if other.infection_class is not visit.infection_class]
            if others and visit.id in ahead:
                text = msg(
                    "The visit has another infection class than {other} on the same route.",
                    other=others[0].id,
                )
                yield Breach(team.id, visit.id, text)
