"""Check the reason of each unassigned visit: it is true, and no team gets further through the rules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from doorroute.checker.case import Case, Violation
from doorroute.checker.limits import classes_taken
from doorroute.checker.times import setup_s
from doorroute.model.plan import Reason, Unassigned
from doorroute.model.problem import Problem
from doorroute.model.resident import Visit
from doorroute.model.team import Team
from doorroute.model.travel import UNREACHABLE, depot_key, visit_key
from doorroute.texts import Text, msg

NEARER: Final = (
    Reason.NOT_ELIGIBLE,
    Reason.CLASS_CONFLICT,
    Reason.SKILL,
    Reason.CAPACITY,
    Reason.MAX_VISITS,
    Reason.UNREACHABLE,
    Reason.TOO_FAR,
    Reason.SHIFT_TOO_SHORT,
    Reason.TIME_WINDOW,
    Reason.SAMPLE_AGE,
)
"""Rules in the order of checking, for a team that makes only this visit.

The later the first rule that it fails, the nearer the team comes to making the visit.
"""

_OF_TIME: Final = frozenset({Reason.SHIFT_TOO_SHORT, Reason.TIME_WINDOW, Reason.SAMPLE_AGE})
_ANY: Final[frozenset[Reason | None]] = frozenset({*NEARER, None})

Failed = frozenset[Reason | None]
"""Rules that a team may fail first; None if it could make the visit. Several if breaks or history decide."""


def check_reasons(problem: Problem, unassigned: Sequence[Unassigned]) -> tuple[Violation, ...]:
    """Return every unassigned visit whose reason contradicts the input, except deliberate ones (LOCKED)."""
    case = Case(problem, (), unassigned)
    return tuple(
        Violation(rule="reasons_hold", team=None, visit=left.visit, message=text)
        for left in unassigned
        if left.visit in case.visits and left.code is not Reason.LOCKED
        for text in _wrong(case, case.visits[left.visit], left)
    )


def _wrong(case: Case, visit: Visit, left: Unassigned) -> Iterator[Text]:
    failed = [
        _fails(case, team, shift, visit) for team in case.problem.teams for shift in range(len(team.shifts))
    ]
    if left.code is Reason.NO_ROOM_LEFT:
        if left.ever is not bool(failed):
            yield msg(
                "The plan says that there is no room left for the visit; this applies only to visits that "
                "some team could make."
            )
        elif failed and not any(None in each for each in failed):
            yield msg(
                "The plan says that there is no room left for the visit; by the input, no team could ever "
                "make it."
            )
        return
    if left.ever:
        yield msg(
            "The plan says that a team could make the visit; the reason {code} is only for visits that no "
            "team could make.",
            code=left.code,
        )
        return
    if left.code not in NEARER:
        yield msg("The reason {code} does not fit a visit that is on the map.", code=left.code)
        return
    if any(each == {None} for each in failed):
        yield msg("The plan says that no team could ever make the visit; by the input one could.")
        return
    place = NEARER.index(left.code)
    if not any(left.code in each for each in failed):
        yield msg("The reason given is {code}; by the input, this does not stop any team.", code=left.code)
    elif any(all(each is not None and NEARER.index(each) > place for each in one) for one in failed):
        yield msg(
            "The reason given is {code}; by the input, a team gets past this rule and fails only at a "
            "later one.",
            code=left.code,
        )


def _fails(case: Case, team: Team, shift: int, visit: Visit) -> Failed:
    """Return the rules that a team, in one shift, may fail first for this one visit."""
    if any(locks.team == team.id for locks in case.problem.locks):
        return _ANY
    static = _limit(case, team, visit)
    if static is not None:
        return frozenset({static})
    of_time = _time(case.problem, team, shift, visit)
    if team.breaks:  # they may use up the time that is left without them
        return frozenset({of_time}) | _OF_TIME
    return frozenset({of_time})


def _limit(case: Case, team: Team, visit: Visit) -> Reason | None:
    """Return the first rule other than time that keeps the team from the visit."""
    travel = case.problem.travel[team.profile]
    start, door, end = depot_key(team.start), visit_key(visit.id), depot_key(team.end)
    legs = [(start, door)] if team.open_end else [(start, door), (door, end)]
    seconds, metres = sum(travel.seconds(*leg) for leg in legs), sum(travel.metres(*leg) for leg in legs)
    limits = (
        (
            Reason.NOT_ELIGIBLE,
            team.id in visit.not_teams or (visit.only_teams is not None and team.id not in visit.only_teams),
        ),
        (Reason.CLASS_CONFLICT, visit.infection_class not in classes_taken(case, team)),
        (Reason.SKILL, bool(visit.skills - team.skills)),
        (
            Reason.CAPACITY,
            any(
                most is not None and need > most
                for need, most in zip(visit.demand, team.capacities, strict=True)
            ),
        ),
        (Reason.MAX_VISITS, team.max_visits is not None and team.max_visits < 1),
        (Reason.UNREACHABLE, any(travel.seconds(*leg) >= UNREACHABLE for leg in legs)),
        (
            Reason.TOO_FAR,
            (team.max_travel_s is not None and seconds > team.max_travel_s)
            or (team.max_distance_m is not None and metres > team.max_distance_m),
        ),
    )
    return next((code for code, broken in limits if broken), None)


def _time(problem: Problem, team: Team, shift: int, visit: Visit) -> Reason | None:
    """Return the time rule that keeps the team, ignoring breaks, from going there and back in the shift."""
    travel, span = problem.travel[team.profile], team.shifts[shift]
    there_s = travel.seconds(depot_key(team.start), visit_key(visit.id))
    back_s = 0 if team.open_end else travel.seconds(visit_key(visit.id), depot_key(team.end))
    first_s = span.start_s + there_s + setup_s(problem, None, visit.id)
    old = problem.settings.max_sample_age_s
    is_old = old is not None and visit.service_s + back_s > old
    begins = [max(first_s, window.start_s) for window in visit.time_windows if first_s <= window.end_s]

    def is_back(begin_s: int) -> bool:
        return begin_s + visit.service_s + back_s <= span.end_s

    in_window = any(map(is_back, begins)) if visit.time_windows else is_back(first_s)
    if in_window:
        return Reason.SAMPLE_AGE if is_old else None
    return Reason.TIME_WINDOW if is_back(first_s) and not is_old else Reason.SHIFT_TOO_SHORT
