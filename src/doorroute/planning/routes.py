"""From orders of visits back to the model's routes: steps with all their times."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from doorroute.model.plan import Route, Step, StepType
from doorroute.model.problem import Problem
from doorroute.model.team import Team
from doorroute.planning.schedule import Timed, timed
from doorroute.planning.score import Orders
from doorroute.planning.tables import Crew, Tables

Load = tuple[int, int, int]
NOTHING: Final[Load] = (0, 0, 0)


def routes_of(problem: Problem, tables: Tables, orders: Orders) -> tuple[Route, ...]:
    """Return the routes of the teams that have visits, in the order of the teams.

    Raises ValueError where an order breaks a rule.
    """
    routes = []
    for team, crew, order in zip(problem.teams, tables.crews, orders, strict=True):
        if order:
            times = timed(tables, crew, order)
            if times is None:
                raise ValueError(f"the route of {team.id} breaks a rule")
            routes.append(_route(problem, tables, team, crew, order, times))
    return tuple(routes)


def _route(problem: Problem, tables: Tables, team: Team, crew: Crew, order: Sequence[int], times: Timed) -> Route:
    travel_s, distance_m = tables.travel_s[crew.profile], tables.distance_m[crew.profile]
    steps = [
        Step(
            type=StepType.START,
            location=problem.depot_places[team.start].point,
            arrival_s=times.start_s,
            start_service_s=times.start_s,
            departure_s=times.start_s,
            load=NOTHING,
        )
    ]
    stop, load, travelled, metres = crew.start, NOTHING, 0, 0
    for done, node in enumerate((*order, crew.end)):
        steps += _breaks(crew, times, done, steps[-1].departure_s, load)
        leg = int(travel_s[stop, node])
        arrival = steps[-1].departure_s + leg
        travelled += leg
        metres += int(distance_m[stop, node])
        if done < len(order):
            visit = problem.visits[node]
            setup = int(tables.go_s[crew.profile][stop, node]) - leg
            begin = times.begins_s[done]
            load = (load[0] + visit.kits, load[1] + visit.suits, load[2] + visit.tubes)
            steps.append(
                Step(
                    type=StepType.VISIT,
                    visit=visit.id,
                    residents=visit.resident_ids,
                    location=problem.places[visit.id].point,
                    arrival_s=arrival,
                    waiting_s=begin - setup - arrival,
                    setup_s=setup,
                    start_service_s=begin,
                    service_s=visit.service_s,
                    departure_s=begin + visit.service_s,
                    load=load,
                )
            )
        stop = node
    steps.append(
        Step(
            type=StepType.END,
            location=problem.depot_places[team.end].point,
            arrival_s=arrival,
            start_service_s=arrival,
            departure_s=arrival,
            load=load,
        )
    )
    return Route(
        team=team.id,
        profile=team.profile,
        start_s=times.start_s,
        finish_s=times.finish_s,
        travel_s=travelled,
        service_s=sum(step.setup_s + step.service_s for step in steps if step.type is StepType.VISIT),
        waiting_s=sum(step.waiting_s for step in steps),
        distance_m=metres,
        steps=tuple(steps),
    )


def _breaks(crew: Crew, times: Timed, done: int, now_s: int, load: Load) -> list[Step]:
    """Return the break steps after `done` visits, the team being free at `now_s`."""
    steps = []
    for number, after, begin in times.breaks_s:
        if after == done:
            pause = crew.pauses[number]
            steps.append(
                Step(
                    type=StepType.BREAK,
                    arrival_s=now_s,
                    waiting_s=begin - now_s,
                    start_service_s=begin,
                    service_s=pause.duration_s,
                    departure_s=begin + pause.duration_s,
                    load=load,
                )
            )
            now_s = steps[-1].departure_s
    return steps
