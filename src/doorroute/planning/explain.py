"""Why a visit is on no route, and what would help.

First every team is tried with this visit alone: if none could ever do it, the rule that the nearest of them fails is the reason. Otherwise there is
no room in this plan, and the remedies are changes that were tried on it: with a longer shift, another window, more kits or more visits
the visit does fit into a route as it stands.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from doorroute.model.clock import clock
from doorroute.model.plan import Reason, Unassigned
from doorroute.model.problem import Problem
from doorroute.model.resident import Visit
from doorroute.model.team import Team
from doorroute.planning.insertion import NOWHERE, Filler
from doorroute.planning.schedule import earliest, latest, road, timed, way_of
from doorroute.planning.score import Orders, left_out
from doorroute.planning.tables import FORBIDDEN, NO_LIMIT, NO_WINDOW, Crew, Tables, classes_of, is_eligible
from doorroute.texts import Text, msg

_LONGER_S = 4 * 3600  # how much longer a shift is tried at most
_TRIALS = 3  # in how many teams a change is tried for a visit
_OFFERED = 2  # how many changes are told


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """A reason in code and words, with what would help."""

    code: Reason
    ever: bool
    detail: Text
    remedy: Text


def explain(problem: Problem, tables: Tables, orders: Orders) -> tuple[Unassigned, ...]:
    """Return every visit that is on no route, in the order of the problem, with its reason."""
    missed = left_out(tables, orders)
    never = {node: _never(problem, tables, node) for node in missed}
    remedies = _remedies(problem, tables, orders, [node for node in missed if never[node] is None])
    found = []
    for node in missed:
        visit, why = problem.visits[node], never[node] or _no_room(remedies[node])
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
    return tuple(found)


# --- no team could ever ---

# the order in which a team is tried: the later the rule it fails, the nearer it comes
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
)


def _never(problem: Problem, tables: Tables, node: int) -> Why | None:
    """Return why no team could make this visit even if it were the only one; None if one could."""
    failed: list[Reason] = []
    for crew in tables.crews:
        code = _fails_alone(problem, tables, crew, node)
        if code is None:
            return None
        failed.append(code)
    if not failed:
        return Why(code=Reason.NO_ROOM_LEFT, ever=False, detail=msg("There is no team."), remedy=msg("Add one team."))
    nearest = max(failed, key=_TRIED.index)
    near = [number for number, code in enumerate(failed) if code is nearest]
    teams = [problem.teams[tables.crews[number].team] for number in near]
    if nearest is Reason.TIME_WINDOW:
        detail, remedy = _window_words(tables, near, node)
    elif nearest is Reason.SHIFT_TOO_SHORT:
        detail, remedy = _shift_words(problem, tables, near, node)
    else:
        detail, remedy = _limit_words(nearest, problem.visits[node], teams)
    return Why(code=nearest, ever=False, detail=detail, remedy=remedy)


def _fails_alone(problem: Problem, tables: Tables, crew: Crew, node: int) -> Reason | None:
    """Return the first rule that keeps this team from making this one visit, None if it could."""
    travel, visit, team = tables.travel_s[crew.profile], problem.visits[node], problem.teams[crew.team]
    limits = (
        (Reason.NOT_ELIGIBLE, not is_eligible(visit, team)),
        (Reason.CLASS_CONFLICT, visit.infection_class not in classes_of(problem, team)),
        (Reason.SKILL, not crew.may[node]),
        (Reason.CAPACITY, (tables.demand[node] > crew.room).any()),
        (Reason.MAX_VISITS, crew.max_visits < 1),
        (Reason.UNREACHABLE, max(travel[crew.start, node], travel[node, crew.end]) >= FORBIDDEN),
        (Reason.TOO_FAR, any(way > most for way, most in _lengths(tables, crew, node))),
    )
    for code, broken in limits:
        if broken:
            return code
    if timed(tables, crew, (node,)) is not None:
        return None
    return Reason.SHIFT_TOO_SHORT if timed(_any_time(tables, [node]), crew, (node,)) is None else Reason.TIME_WINDOW


def _lengths(tables: Tables, crew: Crew, node: int) -> list[tuple[int, int]]:
    """Return seconds and metres there and back, each with what the team may travel."""
    travel_s, distance_m = way_of(tables, crew, (node,))
    return [(travel_s, crew.max_travel_s), (distance_m, crew.max_distance_m)]


_PLAIN: Final = {
    Reason.NOT_ELIGIBLE: (
        msg("None of the teams that are here may make this visit: others are asked for, or these are refused."),
        msg("Look at the columns team and not_team of its row."),
    ),
    Reason.CLASS_CONFLICT: (
        msg("No team takes homes of this infection class."),
        msg("Name the class in the column classes of a team, or set another class_rule."),
    ),
    Reason.MAX_VISITS: (
        msg("The teams that could come may make no visit at all."),
        msg("Raise the number of visits that a team may make."),
    ),
    Reason.TOO_FAR: (
        msg("There and back is further than a team that could come may travel."),
        msg("Raise the travel time or distance that a team may have, or let one start nearer."),
    ),
    Reason.UNREACHABLE: (
        msg("No street leads from a team's depot to this door and back."),
        msg("Check on the map where the door is, or which streets are closed; or send a team by other means."),
    ),
}
"""Detail and remedy where there is nothing to reckon."""


def _limit_words(code: Reason, visit: Visit, near: Sequence[Team]) -> tuple[Text, Text]:
    if code is Reason.SKILL:
        lacking = min((visit.skills - team.skills for team in near), key=lambda skills: (len(skills), sorted(skills)))
        return (
            msg("No team has all the skills that this visit needs."),
            msg("Give a team the skill {skill}.", skill=", ".join(sorted(lacking))),
        )
    if code is Reason.CAPACITY:
        return _goods_words(visit, near)
    return _PLAIN[code]


def _goods_words(visit: Visit, near: Sequence[Team]) -> tuple[Text, Text]:
    """Name the first of the goods that none of the teams carries enough of, as far as one lacks the same everywhere."""
    carried = [[math.inf if most is None else most for most in team.capacities] for team in near]
    lacking = [good for good, need in enumerate(visit.demand) if all(need > carries[good] for carries in carried)]
    short = [good for good, need in enumerate(visit.demand) if any(need > carries[good] for carries in carried)]
    good = (lacking or short or [visit.demand.index(max(visit.demand))])[0]  # the last: what is left was used before
    need = visit.demand[good]
    most = max((int(carries[good]) for carries in carried if carries[good] < need), default=0)
    named = (msg("kits"), msg("suits"), msg("tubes"))[good]
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
    """Say when the teams `near` could begin at the door, which is in none of its windows."""
    windows = _windows(tables, node)
    late, early = [], []
    for number in near:
        for first, last in _begins(_any_time(tables, [node]), tables.crews[number], node):
            late += [(first - b, first) for _, b in windows if b < first]
            early += [(a - last, last) for a, _ in windows if a > last]
    if late and (not early or min(late) <= min(early)):
        moment = clock(min(late)[1] + 59)  # the next full minute: the window has to be open until then
        return (
            msg("No team can begin at the door before {clock}; the window is over by then.", clock=moment),
            msg("Widen the window past {clock}, or let a team start earlier.", clock=moment),
        )
    moment = clock(min(early)[1])
    return (
        msg("To be back in time a team has to begin at the door by {clock}; the window opens later.", clock=moment),
        msg("Open the window by {clock}, or extend a shift.", clock=moment),
    )


def _windows(tables: Tables, node: int) -> list[tuple[int, int]]:
    spans = zip(tables.opens_s[node].tolist(), tables.closes_s[node].tolist(), strict=True)
    return [(a, b) for a, b in spans if a != NO_WINDOW]


def _begins(tables: Tables, crew: Crew, node: int) -> list[tuple[int, int]]:
    """Return from when to when the team could begin, this being its only visit: one stretch by number of breaks taken before."""
    way = road(tables, crew, (node,))
    spans = zip(earliest(way, crew)[0], latest(way, crew, crew.closes_s)[1], strict=True)
    return [(free + way.go_s[0], last) for free, last in spans if free + way.go_s[0] <= last]


def _shift_words(problem: Problem, tables: Tables, near: Sequence[int], node: int) -> tuple[Text, Text]:
    """Say by how much the shift is too short, for the team that lacks least."""
    lacking = []
    for number in near:
        crew = tables.crews[number]
        times = timed(tables, replace(crew, closes_s=FORBIDDEN - 1), (node,))
        if times is not None:
            lacking.append((times.finish_s - crew.closes_s, number))
    if lacking:
        over, number = min(lacking)
        return msg("There and back takes longer than the shift."), _longer(
            problem.teams[tables.crews[number].team], over
        )
    return (
        msg("The shifts, with their breaks, leave no time to go there and back."),
        msg("Look at the shifts and breaks of the teams and at the windows of the visit."),
    )


# --- no room in this plan ---


def _no_room(remedies: Sequence[Text]) -> Why:
    """Offer up to two changes that were tried, and the one that always helps."""
    remedy = msg("Add one team.")
    for other in reversed(remedies[:_OFFERED]):
        remedy = msg("{first} Or: {second}", first=other, second=remedy)
    detail = msg("No room is left in this plan: every team that could come is full, or elsewhere at that time.")
    return Why(code=Reason.NO_ROOM_LEFT, ever=True, detail=detail, remedy=remedy)


def _remedies(problem: Problem, tables: Tables, orders: Orders, missed: Sequence[int]) -> dict[int, list[Text]]:
    """Return for each visit the changes that make room for it in the routes as they are, the least change of each kind."""
    found: dict[int, list[Text]] = {node: [] for node in missed}
    teams = [problem.teams[crew.team] for crew in tables.crews]
    roomy = [replace(crew, capacity=(NO_LIMIT,) * len(crew.capacity)) for crew in tables.crews]
    for node, trial in _trials(tables, roomy, orders, missed):
        team, load = teams[trial.crew], tables.demand[[*orders[trial.crew], node]].sum(axis=0).tolist()
        for need, most, goods in zip(load, team.capacities, (msg("kits"), msg("suits"), msg("tubes")), strict=True):
            if most is not None and need > most:
                found[node].append(msg("Let {team} carry {need} {goods}.", team=team.id, need=need, goods=goods))
    tireless = [replace(crew, max_visits=NO_LIMIT) for crew in tables.crews]
    for node, trial in _trials(tables, tireless, orders, missed):
        visits = len(orders[trial.crew]) + 1
        found[node].append(msg("Let {team} make {visits} visits.", team=teams[trial.crew].id, visits=visits))
    windowed = [node for node in missed if problem.visits[node].time_windows]
    for node, trial in _trials(_any_time(tables, windowed), tables.crews, orders, windowed):
        found[node].append(msg("Let it be visited at {clock}.", clock=clock(trial.begin_s)))
    longer = [replace(crew, closes_s=crew.closes_s + _LONGER_S) for crew in tables.crews]
    for node, trial in _trials(tables, longer, orders, missed):
        found[node].append(_longer(teams[trial.crew], trial.over_s))
    return found


@dataclass(frozen=True, slots=True, order=True)
class Trial:
    """A visit put into the route of a team: seconds beyond its shift (or, below zero, left of it), and when its service begins."""

    over_s: int
    crew: int
    begin_s: int


def _trials(
    tables: Tables, crews: Sequence[Crew], orders: Orders, missed: Sequence[int]
) -> Iterator[tuple[int, Trial]]:
    """Give for each visit that would fit with these tables and crews where it is least beyond the shift; a few cheap places are tried."""
    filler, nodes = Filler(tables, tables.go_s), np.array(missed, dtype=np.int64)
    prices = [filler.prices(filler.lane(crew, order), nodes) for crew, order in zip(crews, orders, strict=True)]
    for row, node in enumerate(missed):
        cheap = sorted((int(price[row].min()), crew, int(price[row].argmin())) for crew, price in enumerate(prices))
        trials = []
        for price, crew, place in cheap[:_TRIALS]:
            order = (*orders[crew][:place], node, *orders[crew][place:])
            times = timed(tables, crews[crew], order) if price < NOWHERE else None
            if times is not None:
                trials.append(Trial(times.finish_s - tables.crews[crew].closes_s, crew, times.begins_s[place]))
        if trials:
            yield node, min(trials)


def _any_time(tables: Tables, nodes: Sequence[int]) -> Tables:
    """Return the tables with no windows at `nodes`."""
    opens, closes = tables.opens_s.copy(), tables.closes_s.copy()
    opens[nodes], closes[nodes] = NO_WINDOW, NO_WINDOW
    opens[nodes, 0], closes[nodes, 0] = 0, FORBIDDEN
    return replace(tables, opens_s=opens, closes_s=closes)


def _longer(team: Team, over_s: int) -> Text:
    return msg("Extend the shift of {team} by {minutes} min.", team=team.id, minutes=-(-over_s // 60))
