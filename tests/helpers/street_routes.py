"""Routes worked out by hand along one street: a metre is a second, the depot `D` is at 0."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from doorroute.checker import check
from doorroute.checker.times import setup_s
from doorroute.model.plan import Reason, Route, Step, StepType, StopLock, Unassigned
from doorroute.model.problem import Done, Locks, Problem
from doorroute.model.resident import TeamId, VisitId
from doorroute.texts import msg
from tests.helpers.street_days import EIGHT, street


def a_day(
    doors: Mapping[str, int], visits: Sequence[object] = (), teams: Sequence[object] = (), **more: object
) -> Problem:
    """Return the day, without any setup."""
    return street(doors, visits, teams, depots={"L": 400}, **more)


def walk(
    problem: Problem,
    stops: str,
    *,
    team: str = "T1",
    shift: int = 0,
    start_s: int = EIGHT,
    locks: Locks | None = None,
) -> Route:
    """Return the earliest route over `stops` (doors, `reload`) that keeps the finished stops of `locks`."""
    crew = next(each for each in problem.teams if each.id == team)
    matrix = problem.travel[crew.profile]
    locks = locks or Locks(team=TeamId(team))
    doors = {visit.id: visit for visit in problem.visits}
    steps = [_still(StepType.START, start_s, problem.depot_places[crew.start].point)]
    here, before, load, travel = f"depot:{crew.start}", None, (0, 0, 0), 0
    for number, name in enumerate(stops.split()):
        visit = doors.get(VisitId(name))
        there = f"depot:{crew.reload_at}" if visit is None else f"visit:{name}"
        way = matrix.seconds(here, there)
        travel += way
        done: Done | None = locks.done[number] if number < len(locks.done) else None
        leaves = steps[-1].departure_s
        if number == len(locks.done) and (locks.done or locks.left_s is not None):
            leaves = max(leaves, locks.free_s)
        arrival = leaves + way
        setup = 0
        if visit is not None:
            rises = before is not None and doors[before].infection_class.rank < visit.infection_class.rank
            setup = setup_s(problem, before, visit.id) + (problem.settings.service.gear_s if rises else 0)
        service = problem.settings.service.reload_s if visit is None else visit.service_s
        opens = min((window.start_s for window in visit.time_windows), default=0) if visit is not None else 0
        begin = max(arrival + setup, opens)
        if done is not None:
            arrival, begin, service, setup = (
                done.arrival_s,
                done.start_service_s,
                done.departure_s - done.start_service_s,
                0,
            )
        load = (0, 0, 0) if visit is None else tuple(a + b for a, b in zip(load, visit.demand, strict=True))
        ordered = visit is not None and visit.id in locks.order
        steps.append(
            Step(
                type=StepType.RELOAD if visit is None else StepType.VISIT,
                visit=None if visit is None else visit.id,
                residents=() if visit is None else visit.resident_ids,
                location=(
                    problem.depot_places[crew.reload_at] if visit is None else problem.places[visit.id]
                ).point,
                arrival_s=arrival,
                waiting_s=begin - setup - arrival,
                setup_s=setup,
                start_service_s=begin,
                service_s=service,
                departure_s=begin + service,
                load=load,
                lock=StopLock.DONE if done is not None else StopLock.ORDER if ordered else StopLock.NONE,
            )
        )
        here, before = there, None if visit is None else visit.id
    way = 0 if crew.open_end else matrix.seconds(here, f"depot:{crew.end}")
    leaves = (
        max(steps[-1].departure_s, locks.free_s)
        if locks.done and len(steps) == 1 + len(locks.done)
        else steps[-1].departure_s
    )
    point = steps[-1].location if crew.open_end else problem.depot_places[crew.end].point
    steps.append(replace(_still(StepType.END, leaves + way, point), load=load))
    return Route(
        team=crew.id,
        shift=shift,
        profile=crew.profile,
        start_s=start_s,
        finish_s=leaves + way,
        travel_s=travel + way,
        distance_m=travel + way,
        service_s=sum(step.setup_s + step.service_s for step in steps),
        waiting_s=sum(step.waiting_s for step in steps),
        steps=tuple(steps),
    )


def broken(problem: Problem, *routes: Route) -> set[str]:
    """Return the names of the rules that are broken; visits on no route are unassigned."""
    there = {visit for route in routes for visit in route.visits}
    rest = [
        Unassigned(
            visit=visit.id,
            residents=visit.resident_ids,
            code=Reason.NO_ROOM_LEFT,
            ever=True,
            detail=msg("No room."),
            remedy=msg("One more team."),
        )
        for visit in problem.visits
        if visit.id not in there
    ]
    return {violation.rule for violation in check(problem, routes, rest)}


def _still(kind: StepType, at_s: int, point: object) -> Step:
    return Step(type=kind, location=point, arrival_s=at_s, start_service_s=at_s, departure_s=at_s)
