"""Rules about sums: the totals of a route follow from its steps."""

from __future__ import annotations

from collections.abc import Iterator

from doorroute.checker.case import Breach, Case
from doorroute.model.plan import Route, StepType
from doorroute.model.team import Team
from doorroute.texts import msg


def totals_add_up(case: Case) -> Iterator[Breach]:
    """Require start, finish, travel, service, waiting and distance of a route to follow from its steps."""
    for team, route in case.team_routes():
        for name, right in _totals(case, team, route).items():
            found = getattr(route, name)
            if found != right:
                text = msg(
                    "{name} is {found}; by the steps it should be {right}.",
                    name=name,
                    found=found,
                    right=right,
                )
                yield Breach(team.id, None, text)


def _totals(case: Case, team: Team, route: Route) -> dict[str, int]:
    legs = list(case.legs(team, route))
    totals = {
        "travel_s": sum(leg.seconds for leg in legs),
        "distance_m": sum(leg.metres for leg in legs),
        "service_s": sum(
            step.setup_s + step.service_s for step in route.steps if step.type is not StepType.BREAK
        ),
        "waiting_s": sum(step.waiting_s for step in route.steps),
    }
    if route.steps:
        totals |= {"start_s": route.steps[0].departure_s, "finish_s": route.steps[-1].arrival_s}
    return totals
