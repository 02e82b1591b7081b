"""Rules of what a team can do: kits, number of visits, skills, and the order that keeps infections from being carried on."""

from __future__ import annotations

from collections.abc import Iterator

from doorroute.model.plan import StepType
from doorroute.model.resident import Visit
from doorroute.texts import msg
from doorroute.verify.case import Breach, Case


def load_counted(case: Case) -> Iterator[Breach]:
    """Require the load of each step to be the kits of all visits so far, its own included."""
    for team, route in case.team_routes():
        kits = 0
        for step in route.steps:
            if step.type is StepType.VISIT and step.visit in case.visits:
                kits += case.visits[step.visit].kits
            if step.load != (kits,):
                found = ", ".join(str(load) for load in step.load)
                text = msg("The load is {found}; the visits so far make it {right}.", found=found, right=kits)
                yield Breach(team.id, step.visit, text)


def within_capacity(case: Case) -> Iterator[Breach]:
    """Require that a route needs no more kits than its team carries."""
    for team, route in case.team_routes():
        kits = sum(visit.kits for visit, _ in case.visit_steps(route))
        if team.capacity is not None and kits > team.capacity:
            text = msg("The route needs {found} kits; the team carries {right}.", found=kits, right=team.capacity)
            yield Breach(team.id, None, text)


def within_max_visits(case: Case) -> Iterator[Breach]:
    """Require that a route has no more visits than its team takes."""
    for team, route in case.team_routes():
        count = sum(step.type is StepType.VISIT for step in route.steps)
        if team.max_visits is not None and count > team.max_visits:
            text = msg("The route has {found} visits; the team takes {right}.", found=count, right=team.max_visits)
            yield Breach(team.id, None, text)


def within_max_travel(case: Case) -> Iterator[Breach]:
    """Require that all ways of a route together are no longer than its team may travel, in seconds and in metres."""
    for team, route in case.team_routes():
        legs = list(case.legs(team, route))
        for found, right, unit in (
            (sum(leg.seconds for leg in legs), team.max_travel_s, "s"),
            (sum(leg.metres for leg in legs), team.max_distance_m, "m"),
        ):
            if right is not None and found > right:
                text = msg("The team travels {found} {unit}; it may {right}.", found=found, right=right, unit=unit)
                yield Breach(team.id, None, text)


def has_skills(case: Case) -> Iterator[Breach]:
    """Require of a team all the skills that any of its visits needs."""
    for team, route in case.team_routes():
        for visit, _ in case.visit_steps(route):
            lacking = len(visit.skills - team.skills)
            if lacking:
                yield Breach(team.id, visit.id, msg("The team lacks {n} of the skills needed here.", n=lacking))


def classes_in_order(case: Case) -> Iterator[Breach]:
    """Require that the infection class never falls on a route: regular homes, then yellow, then isolated ones."""
    for team, route in case.team_routes():
        highest: Visit | None = None
        for visit, _ in case.visit_steps(route):
            if highest is None or visit.infection_class.rank >= highest.infection_class.rank:
                highest = visit
            else:
                text = msg("By the order of infection classes this visit comes before {other}.", other=highest.id)
                yield Breach(team.id, visit.id, text)
