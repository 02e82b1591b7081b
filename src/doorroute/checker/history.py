"""Rules for a day that has begun: finished stops and locks are kept, and nothing is planned in the past."""

from __future__ import annotations

from collections.abc import Iterator

from doorroute.checker.case import Breach, Case, at
from doorroute.model.plan import Route, Step, StepType, StopLock
from doorroute.model.problem import Done, Locks
from doorroute.model.team import Team
from doorroute.model.travel import UNREACHABLE
from doorroute.texts import msg


def history_kept(case: Case) -> Iterator[Breach]:
    """Require a route to begin when its team left, with its finished stops in order and with exact times."""
    routes = {(route.team, route.shift): route for route in case.routes}
    for locks in case.problem.locks:
        route = routes.get((locks.team, locks.shift))
        if route is None:
            if locks.done or locks.order:
                yield Breach(
                    locks.team, None, msg("The team has left or has locked stops, but has no route.")
                )
            continue
        yield from _check_start(locks, route)
        steps = route.steps[1 : 1 + len(locks.done)]
        if len(steps) < len(locks.done):
            yield Breach(locks.team, None, msg("The route lacks finished stops."))
        for step, done in zip(steps, locks.done, strict=False):
            if not _is(step, done):
                text = msg(
                    "The finished stop at {at} is in the wrong place or has other times.",
                    at=at(done.arrival_s),
                )
                yield Breach(locks.team, done.visit, text)


def order_kept(case: Case) -> Iterator[Breach]:
    """Require locked stops to be the next visits, in their order."""
    for team, route in case.team_routes():
        order = case.locks(route).order
        ahead = [step.visit for step in route.steps[1 + case.done(route) :] if step.type is StepType.VISIT]
        for place, visit in enumerate(order):
            if ahead[place : place + 1] != [visit]:
                yield Breach(
                    team.id,
                    visit,
                    msg("The visit is locked as stop {n} of those the team has left.", n=place + 1),
                )


def goes_on_when_free(case: Case) -> Iterator[Breach]:
    """Require that the team reaches its next stop no earlier than it is free and has travelled there."""
    for team, route in case.team_routes():
        locks, done = case.locks(route), case.done(route)
        stops = case.stops(team, route)
        ahead = [
            place
            for place, step in enumerate(route.steps)
            if place > done and step.type is not StepType.BREAK
        ]
        for place in ahead[:1]:
            start, end = stops[done], stops[place]
            if start is None or end is None:
                continue  # reported by the rules about places
            leg_s = case.problem.travel[team.profile].seconds(start, end)
            if leg_s < UNREACHABLE and route.steps[place].arrival_s < locks.free_s + leg_s:
                text = msg(
                    "Arrival is at {found}; the team is free at {free} and needs {way} s to get there.",
                    found=at(route.steps[place].arrival_s),
                    free=at(locks.free_s),
                    way=leg_s,
                )
                yield Breach(team.id, route.steps[place].visit, text)
        pauses = [step for step in route.steps[1 + done :] if step.type is StepType.BREAK]
        if any(step.start_service_s < locks.free_s for step in pauses):
            yield Breach(
                team.id, None, msg("A break begins before the team is free at {free}.", free=at(locks.free_s))
            )


def locks_told(case: Case) -> Iterator[Breach]:
    """Require each step to have the right lock: done, order, or team if only one team may make the visit."""
    for team, route in case.team_routes():
        for place, step in enumerate(route.steps):
            right = _lock(case, route, place, step)
            if step.lock is not right and not (
                step.lock is StopLock.TEAM and right is StopLock.NONE and _is_for(case, team, step)
            ):
                text = msg(
                    "The step is locked as {found}; by the input it should be {right}.",
                    found=step.lock.value,
                    right=right.value,
                )
                yield Breach(team.id, step.visit, text)


def _check_start(locks: Locks, route: Route) -> Iterator[Breach]:
    for start in route.steps[:1]:
        if locks.left_s is not None and start.departure_s != locks.left_s:
            text = msg(
                "The team leaves at {found} in the plan; it left at {right}.",
                found=at(start.departure_s),
                right=at(locks.left_s),
            )
            yield Breach(locks.team, None, text)
        elif locks.left_s is None and locks.done and start.departure_s > locks.done[0].arrival_s:
            yield Breach(locks.team, None, msg("The team leaves after its first finished stop."))


def _is(step: Step, done: Done) -> bool:
    what = (
        step.type is (StepType.RELOAD if done.visit is None else StepType.VISIT) and step.visit == done.visit
    )
    times = (step.arrival_s, step.start_service_s, step.departure_s)
    return what and times == (done.arrival_s, done.start_service_s, done.departure_s)


def _lock(case: Case, route: Route, place: int, step: Step) -> StopLock:
    locks = case.locks(route)
    if 1 <= place <= len(locks.done):
        return StopLock.DONE
    return StopLock.ORDER if step.type is StepType.VISIT and step.visit in locks.order else StopLock.NONE


def _is_for(case: Case, team: Team, step: Step) -> bool:
    visit = case.visits.get(step.visit) if step.visit is not None else None
    return visit is not None and visit.only_teams == frozenset({team.id})
