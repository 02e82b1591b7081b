"""Rules about time: every second of a route follows from the input and the travel matrix."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from doorroute.checker.case import Breach, Case, at
from doorroute.model.plan import Route, Step, StepType
from doorroute.model.problem import Problem
from doorroute.model.resident import Visit, VisitId
from doorroute.model.team import Break
from doorroute.model.travel import UNREACHABLE
from doorroute.texts import Text, msg

L = TypeVar("L")
R = TypeVar("R")


def streets_lead_there(case: Case) -> Iterator[Breach]:
    """Require that streets lead from each step to the next for the team's means of travel."""
    for team, route in case.team_routes():
        for leg in case.legs(team, route):
            if leg.seconds >= UNREACHABLE and leg.place > case.done(route):
                yield Breach(team.id, leg.after.visit, msg("There is no way here from the previous step."))


def times_add_up(case: Case) -> Iterator[Breach]:
    """Require that times add up.

    Arrival = previous departure + travel; start of service = arrival + waiting + setup; departure = start +
    service. Finished arrivals are exempt; after the last of them the team leaves when it is free
    (`Locks.free_s`).
    """
    for team, route in case.team_routes():
        locks, done = case.locks(route), case.done(route)
        for leg in case.legs(team, route):
            leaves_s = leg.before.departure_s
            if leg.place == done + 1 and (done or locks.left_s is not None):
                leaves_s = max(leaves_s, locks.free_s)
            arrival_s = leaves_s + leg.seconds
            if leg.place > done and leg.seconds < UNREACHABLE and leg.after.arrival_s != arrival_s:
                text = msg(
                    "Arrival is at {found}; by the previous departure and the travel time it should be "
                    "{right}.",
                    found=at(leg.after.arrival_s),
                    right=at(arrival_s),
                )
                yield Breach(team.id, leg.after.visit, text)
        for step in route.steps:
            start_s = step.arrival_s + step.waiting_s + step.setup_s
            if step.start_service_s != start_s:
                text = msg(
                    "Service starts at {found}; by arrival, waiting and setup it should start at {right}.",
                    found=at(step.start_service_s),
                    right=at(start_s),
                )
                yield Breach(team.id, step.visit, text)
            departure_s = step.start_service_s + step.service_s
            if step.departure_s != departure_s:
                text = msg(
                    "Departure is at {found}; by the start and length of the service it should be {right}.",
                    found=at(step.departure_s),
                    right=at(departure_s),
                )
                yield Breach(team.id, step.visit, text)


def waiting_never_negative(case: Case) -> Iterator[Breach]:
    """Require that no waiting time is negative."""
    for route in case.routes:
        for step in route.steps:
            if step.waiting_s < 0:
                yield Breach(
                    route.team,
                    step.visit,
                    msg("Waiting is {found} s; it cannot be negative.", found=step.waiting_s),
                )


def setup_once_a_building(case: Case) -> Iterator[Breach]:
    """Require the setup time that `Problem` defines.

    Gate and hall once a building, then lift or stairs, and gear for a higher infection class; none at steps
    without a door.
    """
    for team, route in case.team_routes():
        before: VisitId | None = None
        for place, step in enumerate(route.steps):
            visit = (
                case.visits.get(step.visit)
                if step.type is StepType.VISIT and step.visit is not None
                else None
            )
            right = (
                setup_s(case.problem, before, visit.id) + _gear_s(case, before, visit)
                if visit is not None
                else 0
            )
            if 1 <= place <= case.done(route):
                right = (
                    step.setup_s if 0 <= step.setup_s <= right else right
                )  # finished: it may have been shorter
            if step.setup_s != right:
                text = msg(
                    "Setup takes {found} s; by the input it should take {right} s.",
                    found=step.setup_s,
                    right=right,
                )
                yield Breach(team.id, step.visit, text)
            if step.type is not StepType.BREAK:  # during a break the team stays in the building
                before = visit.id if visit is not None else None


def _gear_s(case: Case, before: VisitId | None, visit: Visit) -> int:
    rises = before is not None and case.visits[before].infection_class.rank < visit.infection_class.rank
    return case.problem.settings.service.gear_s if rises else 0


def setup_s(problem: Problem, before: VisitId | None, visit: VisitId) -> int:
    """Return the seconds from the street, or the door `before`, to the door of `visit` (see `Problem`)."""
    seconds = problem.settings.service
    here, there = problem.places[visit], None if before is None else problem.places[before]
    lift, up = here.access.lift is True, _floors_up(here.access.floor)
    if there is None or there.entrance_id != here.entrance_id:
        if lift:
            return seconds.entrance_s + (seconds.lift_s if up > 0 else 0)
        return seconds.entrance_s + seconds.floor_s * up
    climb = up - _floors_up(there.access.floor)
    if lift:
        return 0 if climb == 0 else seconds.lift_s // 2
    return seconds.floor_s * max(0, climb)


def _floors_up(floor: int | None) -> int:
    return 0 if floor is None else max(0, floor - 1)


def service_as_asked(case: Case) -> Iterator[Breach]:
    """Require the service times of the input for visits and reloads ahead, and none at starts and ends.

    Breaks are checked by `breaks_kept`, finished stops by `history_kept`.
    """
    reload_s = case.problem.settings.service.reload_s
    for team, route in case.team_routes():
        for visit, step in case.planned(route):
            if step.service_s != visit.service_s:
                yield Breach(team.id, visit.id, _service(step, visit.service_s))
        for place, step in enumerate(route.steps):
            if step.type in (StepType.START, StepType.END) and step.service_s != 0:
                yield Breach(team.id, None, _service(step, 0))
            if step.type is StepType.RELOAD and place > case.done(route) and step.service_s != reload_s:
                yield Breach(team.id, None, _service(step, reload_s))


def inside_window(case: Case) -> Iterator[Breach]:
    """Require that service starts inside one of the visit's windows, if it has any."""
    for team, route in case.team_routes():
        for visit, step in case.planned(route):
            windows = visit.time_windows
            if windows and not any(
                window.start_s <= step.start_service_s <= window.end_s for window in windows
            ):
                text = msg(
                    "Service starts at {found}; it must start within {windows}.",
                    found=at(step.start_service_s),
                    windows=", ".join(str(window) for window in windows),
                )
                yield Breach(team.id, visit.id, text)


def inside_shift(case: Case) -> Iterator[Breach]:
    """Require that a route begins and ends within its shift, unless finished stops broke that already."""
    for team, route in case.team_routes():
        if not 0 <= route.shift < len(team.shifts):
            continue  # reported by `one_route_a_shift`
        shift, locks = team.shifts[route.shift], case.locks(route)
        for step in route.steps[:1]:
            if step.arrival_s < shift.start_s and locks.left_s is None and not locks.done:
                text = msg(
                    "The route begins at {found}, before the shift begins at {right}.",
                    found=at(step.arrival_s),
                    right=at(shift.start_s),
                )
                yield Breach(team.id, None, text)
        for step in route.steps[-1:]:
            if step.departure_s > shift.end_s and (case.has_plans(route) or not case.is_out(route)):
                text = msg(
                    "The route ends at {found}, after the shift ends at {right}.",
                    found=at(step.departure_s),
                    right=at(shift.end_s),
                )
                yield Breach(team.id, None, text)


def breaks_kept(case: Case) -> Iterator[Breach]:
    """Require each break of the team that is due (see `Break`) once, with its duration, inside its window.

    Other pauses are not allowed. Steps do not overlap (`times_add_up`), so breaks do not either. If all
    pauses can be matched with breaks, and all due breaks with pauses, then one matching does both
    (Mendelsohn and Dulmage). Time before the team last became free counts as time before leaving: a break
    that could have been taken then, or can no longer be taken, is not due.
    """
    for team, route in case.team_routes():
        taken = [step for step in route.steps if step.type is StepType.BREAK]
        due = [pause for pause in team.breaks if _is_due(pause, route, case)]
        for step in _unmatched(taken, team.breaks, lambda step, pause: _is_kept_by(pause, step)):
            text = msg(
                "The team has no break from {start} to {end}.",
                start=at(step.start_service_s),
                end=at(step.departure_s),
            )
            yield Breach(team.id, None, text)
        for pause in _unmatched(due, taken, _is_kept_by):
            text = msg(
                "The break of {minutes} min between {start} and {end} is missing.",
                minutes=pause.duration_s // 60,
                start=at(pause.window.start_s),
                end=at(pause.window.end_s),
            )
            yield Breach(team.id, None, text)


def _unmatched(left: Sequence[L], right: Sequence[R], fits: Callable[[L, R], bool]) -> list[L]:
    """Return those of `left` without a partner in `right` in a maximum matching (augmenting paths)."""
    partner: dict[int, int] = {}

    def find(number: int, tried: set[int]) -> bool:
        for other in range(len(right)):
            if other not in tried and fits(left[number], right[other]):
                tried.add(other)
                if other not in partner or find(partner[other], tried):
                    partner[other] = number
                    return True
        return False

    return [left[number] for number in range(len(left)) if not find(number, set())]


def _is_due(pause: Break, route: Route, case: Case) -> bool:
    locks, done = case.locks(route), case.done(route)
    leaves_s = [step.departure_s for step in route.steps[done : done + 1]]
    if done or locks.left_s is not None:
        leaves_s = [max(leaving_s, locks.free_s) for leaving_s in leaves_s]
        if not case.has_plans(route) or any(s > pause.window.end_s - pause.duration_s for s in leaves_s):
            return False
    before = any(leaving_s < pause.window.start_s + pause.duration_s for leaving_s in leaves_s)
    after = any(step.arrival_s > pause.window.end_s - pause.duration_s for step in route.steps[-1:])
    return before and after


def _is_kept_by(pause: Break, step: Step) -> bool:
    inside = pause.window.start_s <= step.start_service_s and step.departure_s <= pause.window.end_s
    return inside and step.service_s == pause.duration_s


def _service(step: Step, right_s: int) -> Text:
    return msg(
        "Service takes {found} s; by the input it should take {right} s.", found=step.service_s, right=right_s
    )
