"""Explain why a visit is on no route, and what would help.

First every team is tried with this visit alone. If no team could make it, the reason is the last rule that
the nearest team fails. Otherwise there is no room in this plan, and the remedies are changes with which the
visit fits into one of the current routes. `remedies` proves them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from doorroute.model.clock import clock
from doorroute.model.plan import Reason, Unassigned
from doorroute.model.problem import Problem
from doorroute.model.resident import Visit
from doorroute.model.team import Team
from doorroute.planning.core.insertion import possible
from doorroute.planning.core.schedule import earliest, latest, road, timed, way_of
from doorroute.planning.core.score import Orders, left_out
from doorroute.planning.core.tables import (
    FORBIDDEN,
    NO_LIMIT,
    NO_WINDOW,
    Crew,
    Tables,
    classes_of,
    is_eligible,
)
from doorroute.planning.reasons.changes import GOODS_WORDS, Change, any_time, for_room, longer
from doorroute.texts import Text, listed, msg, msg_n

_OFFERED = 2  # the number of changes offered

LOOKED_AT: Final = 100
"""The number of visits for which room is looked for: with more, the answer is more teams."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """A reason as code and words, with a remedy."""

    code: Reason
    ever: bool
    detail: Text
    remedy: Text


def explain(problem: Problem, tables: Tables, orders: Orders) -> tuple[Unassigned, ...]:
    """Return every visit that is on no route, in the order of the problem, with its reason."""
    return explained(problem, tables, orders)[0]


def explained(
    problem: Problem, tables: Tables, orders: Orders
) -> tuple[tuple[Unassigned, ...], dict[int, list[Change]]]:
    """Return the same, and changes that make room for the most urgent `LOOKED_AT` visits without room."""
    missed = left_out(tables, orders)
    able = possible(tables)
    never = {node: None if able[node] else _never(problem, tables, node) for node in missed}
    roomless = sorted(
        (node for node in missed if never[node] is None), key=lambda node: int(tables.tier[node])
    )
    room = for_room(problem, tables, orders, sorted(roomless[:LOOKED_AT]))
    found = []
    for node in missed:
        visit = problem.visits[node]
        why = never[node] or _no_room(
            _room_words(problem, tables, node), [change.text for change in room.get(node, ())]
        )
        found.append(
            Unassigned(
                visit=visit.id,
                residents=visit.resident_ids,
                code=why.code,
                ever=why.ever,
                detail=why.detail,
                remedy=why.remedy,
            )
        )
    return tuple(found), room


# --- no team could ever ---

# the order in which rules are tested: a team that fails a later one is nearer
_TRIED = (
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


def _never(problem: Problem, tables: Tables, node: int) -> Explanation | None:
    """Return why no team could make this visit even if it were the only one; None if one could."""
    failed: list[Reason] = []
    for crew in tables.crews:
        code = fails_alone(problem, tables, crew, node)
        if code is None:
            return None
        failed.append(code)
    if not failed:
        return Explanation(
            code=Reason.NO_ROOM_LEFT, ever=False, detail=msg("There is no team."), remedy=msg("Add one team.")
        )
    nearest = max(failed, key=_TRIED.index)
    near = [number for number, code in enumerate(failed) if code is nearest]
    teams = [problem.teams[tables.crews[number].team] for number in near]
    if nearest is Reason.TIME_WINDOW:
        detail, remedy = _window_words(tables, near, node)
    elif nearest is Reason.SHIFT_TOO_SHORT:
        detail, remedy = _shift_words(problem, tables, near, node)
    elif nearest is Reason.CLASS_CONFLICT and any(
        _is_past(tables, tables.crews[number], node) for number in near
    ):
        past = [number for number in near if _is_past(tables, tables.crews[number], node)]
        detail, remedy = _past_words(problem, tables, past), _PAST_REMEDY
    else:
        detail, remedy = _limit_words(nearest, problem.visits[node], teams)
    return Explanation(code=nearest, ever=False, detail=detail, remedy=remedy)


def fails_alone(problem: Problem, tables: Tables, crew: Crew, node: int) -> Reason | None:
    """Return the first rule that keeps this team from making only this visit; None if it could.

    Stops that the team has to keep are ignored here: they may leave no room.
    """
    crew = replace(crew, fixed=())
    travel, visit, team = tables.travel_s[crew.profile], problem.visits[node], problem.teams[crew.team]
    limits = (
        (Reason.NOT_ELIGIBLE, not is_eligible(visit, team)),
        (
            Reason.CLASS_CONFLICT,
            visit.infection_class not in classes_of(problem, team) or _is_past(tables, crew, node),
        ),
        (Reason.SKILL, not crew.may[node]),
        (Reason.CAPACITY, (tables.demand[node] > (crew.capacity if crew.max_reloads else crew.room)).any()),
        (Reason.MAX_VISITS, crew.max_visits < 1),
        (Reason.UNREACHABLE, max(travel[crew.start, node], travel[node, crew.end]) >= FORBIDDEN),
        (Reason.TOO_FAR, any(length > most for length, most in _lengths(tables, crew, node))),
    )
    for code, broken in limits:
        if broken:
            return code
    if timed(tables, crew, (node,)) is not None:
        return None
    if timed(tables, replace(crew, max_age_s=NO_LIMIT), (node,)) is not None:
        return Reason.SAMPLE_AGE
    return (
        Reason.SHIFT_TOO_SHORT
        if timed(any_time(tables, [node]), crew, (node,)) is None
        else Reason.TIME_WINDOW
    )


def _is_past(tables: Tables, crew: Crew, node: int) -> bool:
    """Return whether the team has already been at a home of a higher class, and may not come here from it."""
    return bool(
        crew.out
        and tables.travel_s[crew.profile, crew.start, node]
        < FORBIDDEN
        <= tables.go_s[crew.profile, crew.start, node]
    )


def _lengths(tables: Tables, crew: Crew, node: int) -> list[tuple[int, int]]:
    """Return the seconds and metres there and back, each with the team's limit."""
    travel_s, distance_m = way_of(tables, crew, (node,))
    return [(travel_s, crew.max_travel_s), (distance_m, crew.max_distance_m)]


_PLAIN: Final = {
    Reason.NOT_ELIGIBLE: (
        msg("No available team may make this visit: other teams are required, or these are excluded."),
        msg("Check the columns team and not_team of its row."),
    ),
    Reason.CLASS_CONFLICT: (
        msg("No team visits doors of this infection class."),
        msg("Name the class in the column classes of a team, or set another class_rule."),
    ),
    Reason.MAX_VISITS: (
        msg("The teams that could come may make no visit at all."),
        msg("Raise the number of visits that a team may make."),
    ),
    Reason.SAMPLE_AGE: (
        msg("A sample from this door is older than allowed by the time it is handed in."),
        msg("Allow samples to be older, or let a team end nearer, at another lab."),
    ),
    Reason.TOO_FAR: (
        msg("There and back is further than a team that could come may travel."),
        msg("Raise the travel time or distance that a team may have, or let one start nearer."),
    ),
    Reason.UNREACHABLE: (
        msg("No street or ferry that a team may take leads from its depot to this door and back."),
        msg(
            "Check on the map where the door is, or which streets are closed; or send a team by other means."
        ),
    ),
}
"""Detail and remedy of rules without numbers."""


_NO_TIME: Final = (
    msg("The shifts, with their breaks, leave no time to go there and back."),
    msg("Check the shifts and breaks of the teams and the windows of the visit."),
)


_PAST_REMEDY: Final = msg("Send a team that has not been out yet, or visit it first thing tomorrow.")


def _past_words(problem: Problem, tables: Tables, past: Sequence[int]) -> Text:
    """Name the teams that may no longer come, and the rule, but not whose class it was."""
    return msg_n(
        "{teams} has been at a home of a higher infection class (yellow or isolated) and therefore may "
        "not come here.",
        "{teams} have been at a home of a higher infection class (yellow or isolated) and therefore may "
        "not come here.",
        len(past),
        teams=_teams_of(problem, tables, past),
    )


def _teams_of(problem: Problem, tables: Tables, numbers: Sequence[int]) -> Text:
    return listed(*dict.fromkeys(problem.teams[tables.crews[number].team].id for number in numbers))


def _limit_words(code: Reason, visit: Visit, near: Sequence[Team]) -> tuple[Text, Text]:
    if code is Reason.SKILL:
        lacking = min(
            (visit.skills - team.skills for team in near), key=lambda skills: (len(skills), sorted(skills))
        )
        return (
            msg("No team has all the skills that this visit needs."),
            msg("Give a team the skill {skill}.", skill=", ".join(sorted(lacking))),
        )
    if code is Reason.CAPACITY:
        return _goods_words(visit, near)
    return _PLAIN[code]


def _goods_words(visit: Visit, near: Sequence[Team]) -> tuple[Text, Text]:
    """Name the first of the goods that all teams carry too few of, or else that any does."""
    carried = [[math.inf if most is None else most for most in team.capacities] for team in near]
    lacking = [
        good for good, need in enumerate(visit.demand) if all(need > carries[good] for carries in carried)
    ]
    short = [
        good for good, need in enumerate(visit.demand) if any(need > carries[good] for carries in carried)
    ]
    # if no team lacks any when full, they were used up before: name the largest demand
    good = (lacking or short or [visit.demand.index(max(visit.demand))])[0]
    need = visit.demand[good]
    most = max((int(carries[good]) for carries in carried if carries[good] < need), default=0)
    named = GOODS_WORDS[good]
    return (
        msg(
            "The visit needs {need} {goods}; a team that could come carries at most {most}.",
            need=need,
            goods=named,
            most=most,
        ),
        msg("Let a team carry {need} {goods}.", need=need, goods=named),
    )


def _window_words(tables: Tables, near: Sequence[int], node: int) -> tuple[Text, Text]:
    """Explain that the teams `near` could only begin at the door outside its windows."""
    open_s = windows(tables, node)
    late, early = [], []
    for number in near:
        for first, last in begins(any_time(tables, [node]), tables.crews[number], node):
            late += [(first - b, first) for _, b in open_s if b < first]
            early += [(a - last, last) for a, _ in open_s if a > last]
    if late and (not early or min(late) <= min(early)):
        moment = clock(min(late)[1] + 59)  # rounded up: the window must be open until then
        return (
            msg(
                "The earliest anyone can be there is {clock}, after the window {hours} closes.",
                clock=moment,
                hours=max((b, f"{clock(a)}-{clock(b)}") for a, b in open_s if b < min(late)[1])[1],
            ),
            msg("Extend the window past {clock}, or let a team start earlier.", clock=moment),
        )
    if not early:  # the breaks, or the stops already done, leave no time
        return _NO_TIME
    moment = clock(min(early)[1])
    return (
        msg(
            "To be back in time a team has to begin at the door by {clock}; the window opens later.",
            clock=moment,
        ),
        msg("Open the window by {clock}, or extend a shift.", clock=moment),
    )


def windows(tables: Tables, node: int) -> list[tuple[int, int]]:
    """Return when service may begin at a visit."""
    spans = zip(tables.opens_s[node].tolist(), tables.closes_s[node].tolist(), strict=True)
    return [(a, b) for a, b in spans if a != NO_WINDOW]


def begins(tables: Tables, crew: Crew, node: int) -> list[tuple[int, int]]:
    """Return the intervals in which the team could begin its only visit, by number of breaks before it."""
    way = road(tables, crew, (node,))
    spans = zip(earliest(way, crew)[0], latest(way, crew, crew.closes_s)[1], strict=True)
    return [(free + way.go_s[0], last) for free, last in spans if free + way.go_s[0] <= last]


def _shift_words(problem: Problem, tables: Tables, near: Sequence[int], node: int) -> tuple[Text, Text]:
    """Explain by how much the shift is too short, for the team that lacks least."""
    lacking = []
    for number in near:
        crew = tables.crews[number]
        times = timed(tables, replace(crew, closes_s=FORBIDDEN - 1), (node,))
        if times is not None:
            lacking.append((times.finish_s - crew.closes_s, number))
    if lacking:
        over, number = min(lacking)
        crew = tables.crews[number]
        change = longer(problem.teams[crew.team], crew.shift, -(-over // 60))
        return msg("There and back takes longer than the shift."), change.text
    return _NO_TIME


# --- no room in this plan ---


_NAMED: Final = 6
"""The most teams that are named one by one."""


def _room_words(problem: Problem, tables: Tables, node: int) -> Text:
    """Name the teams that may no longer come, with the rule, and until when the others have no room."""
    past = [number for number, crew in enumerate(tables.crews) if _is_past(tables, crew, node)]
    able = [
        number for number, crew in enumerate(tables.crews) if fails_alone(problem, tables, crew, node) is None
    ]
    if not past or not able or max(len(past), len(able)) > _NAMED:
        return msg(
            "No room is left in this plan: every team that could come is full, or elsewhere at that time."
        )
    full = msg_n(
        "{teams} has no room until {time}",
        "{teams} have no room until {time}",
        len(able),
        teams=_teams_of(problem, tables, able),
        time=clock(max(tables.crews[number].closes_s for number in able)),
    )
    return msg("{past} {full}.", past=_past_words(problem, tables, past), full=full)


def _no_room(detail: Text, remedies: Sequence[Text]) -> Explanation:
    """Return the reason, with up to two changes that were tried and one that always helps: another team."""
    remedy = msg("Add one team.")
    for other in reversed(remedies[:_OFFERED]):
        remedy = msg("{first} Or: {second}", first=other, second=remedy)
    return Explanation(code=Reason.NO_ROOM_LEFT, ever=True, detail=detail, remedy=remedy)
