"""Rules about what a team carries: kits, suits and tubes out, samples back."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from doorroute.checker.case import Breach, Case, at
from doorroute.model.plan import Route, Step, StepType
from doorroute.model.resident import GOODS
from doorroute.texts import Text, msg

_NAMES: Final[dict[str, Text]] = {"kits": msg("kits"), "suits": msg("suits"), "tubes": msg("tubes")}


def load_counted(case: Case) -> Iterator[Breach]:
    """Require the load of a step to be the goods of all visits since the last reload, including its own."""
    for team, route in case.team_routes():
        for step, right in _loads(case, route):
            if step.load != right:
                text = msg(
                    "The load is {found}; the visits so far add up to {right}.",
                    found=_listed(step.load),
                    right=_listed(right),
                )
                yield Breach(team.id, step.visit, text)


def within_capacity(case: Case) -> Iterator[Breach]:
    """Require that no trip with a visit ahead needs more goods than its team can carry."""
    for team, route in case.team_routes():
        ahead = [
            load
            for place, (step, load) in enumerate(_loads(case, route))
            if _is_ahead(case, route, place, step)
        ]
        for number, (goods, most) in enumerate(zip(GOODS, team.capacities, strict=True)):
            used = max((load[number] for load in ahead), default=0)
            if most is not None and used > most:
                text = msg(
                    "A trip needs {found} {goods}; the team can carry {right}.",
                    found=used,
                    goods=_NAMES[goods],
                    right=most,
                )
                yield Breach(team.id, None, text)


def within_max_reloads(case: Case) -> Iterator[Breach]:
    """Require that a route has no more reloads than its team may make, except for finished ones."""
    for team, route in case.team_routes():
        places = [place for place, step in enumerate(route.steps) if step.type is StepType.RELOAD]
        if len(places) > team.max_reloads and places[-1] > case.done(route):
            text = msg(
                "The route has {found} reloads; the team's limit is {right}.",
                found=len(places),
                right=team.max_reloads,
            )
            yield Breach(team.id, None, text)


def sample_age_kept(case: Case) -> Iterator[Breach]:
    """Require that the first sample of a trip is handed in before it is too old.

    Samples are handed in at the next reload or at the end. Trips with no visit ahead are exempt, because the
    plan can no longer change them.
    """
    most_s = case.problem.settings.max_sample_age_s
    if most_s is None:
        return
    for team, route in case.team_routes():
        ends = [place for place, step in enumerate(route.steps) if step.type is StepType.RELOAD]
        for start, end in pairwise([0, *ends, len(route.steps) - 1]):
            places = [place for place in range(start, end) if route.steps[place].type is StepType.VISIT]
            if not places or places[-1] <= case.done(route):
                continue
            first = route.steps[places[0]]
            age_s = route.steps[end].arrival_s - first.start_service_s
            if age_s > most_s:
                text = msg(
                    "The sample taken at {begin} is handed in at {end}, {found} s later; the limit is "
                    "{right} s.",
                    begin=at(first.start_service_s),
                    end=at(route.steps[end].arrival_s),
                    found=age_s,
                    right=most_s,
                )
                yield Breach(team.id, first.visit, text)


def _is_ahead(case: Case, route: Route, place: int, step: Step) -> bool:
    return step.type is StepType.VISIT and place > case.done(route)


def _loads(case: Case, route: Route) -> Iterator[tuple[Step, tuple[int, ...]]]:
    """Yield each step with the load that it should have."""
    load = (0,) * len(GOODS)
    for step in route.steps:
        if step.type is StepType.RELOAD:
            load = (0,) * len(GOODS)
        elif step.type is StepType.VISIT and step.visit in case.visits:
            load = tuple(used + more for used, more in zip(load, case.visits[step.visit].demand, strict=True))
        yield step, load


def _listed(load: tuple[int, ...]) -> str:
    return ", ".join(str(number) for number in load)
