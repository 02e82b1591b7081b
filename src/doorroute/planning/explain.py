"""Why a visit is on no route, and what would help.

First every team is tried with this visit alone: if none could ever do it, the rule that the nearest of them fails is the reason. Otherwise there is
no room in this plan, and the remedies are changes that were tried on it: with a longer shift, another window, more kits or more visits
the visit does fit into a route as it stands.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from doorroute.model.clock import clock
from doorroute.model.plan import Reason, Unassigned
from doorroute.model.problem import Problem
from doorroute.model.resident import Visit
from doorroute.model.team import Team
from doorroute.planning.insertion import NOWHERE, Filler
from doorroute.planning.schedule import Timed, timed
from doorroute.planning.score import Orders, left_out
from doorroute.planning.tables import FORBIDDEN, NO_LIMIT, NO_WINDOW, Crew, Tables
from doorroute.texts import Text, msg, msg_n

_LONGER_S = 4 * 3600  # how much longer a shift is tried at most


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
    Reason.SKILL,
    Reason.CAPACITY,
    Reason.MAX_VISITS,
    Reason.UNREACHABLE,
    Reason.SHIFT_TOO_SHORT,
    Reason.TIME_WINDOW,
)


def _never(problem: Problem, tables: Tables, node: int) -> Why | None:
    """Return why no team could make this visit even if it were the only one; None if one could."""
    if not tables.crews:
        return Why(code=Reason.NO_ROOM_LEFT, ever=False, detail=msg("There is no team."), remedy=msg("Add a team."))
    failed = [_fails_alone(tables, crew, node) for crew in tables.crews]
    if None in failed:
        return None
    code = max((code for code in failed if code is not None), key=_TRIED.index)
    near = [number for number, other in enumerate(failed) if other is code]
    visit = problem.visits[node]
    if code is Reason.TIME_WINDOW:
        detail, remedy = _window_words(tables, near, node)
    elif code is Reason.SHIFT_TOO_SHORT:
        detail, remedy = _shift_words(problem, tables, near, node)
    else:
        detail, remedy = _limit_words(code, visit, [problem.teams[number] for number in near])
    return Why(code=code, ever=False, detail=detail, remedy=remedy)


def _fails_alone(tables: Tables, crew: Crew, node: int) -> Reason | None:
    """Return the first rule that keeps this team from making this one visit, None if it could."""
    travel = tables.travel_s[crew.profile]
    if not crew.may[node]:
        return Reason.SKILL
    if tables.kits[node] > crew.capacity:
        return Reason.CAPACITY
    if crew.max_visits < 1:
        return Reason.MAX_VISITS
    if max(travel[crew.start, node], travel[node, crew.end]) >= FORBIDDEN:
        return Reason.UNREACHABLE
    if timed(tables, crew, (node,)) is not None:
        return None
    return Reason.SHIFT_TOO_SHORT if timed(_any_time(tables, [node]), crew, (node,)) is None else Reason.TIME_WINDOW


def _limit_words(code: Reason, visit: Visit, near: Sequence[Team]) -> tuple[Text, Text]:
    if code is Reason.SKILL:
        lacking = min((visit.skills - team.skills for team in near), key=lambda skills: (len(skills), sorted(skills)))
        return (
            msg("No team has all the skills that this visit needs."),
            msg("Give a team the skill {skill}.", skill=", ".join(sorted(lacking))),
        )
    if code is Reason.CAPACITY:
        most = max(team.capacity for team in near if team.capacity is not None)
        return (
            msg(
                "The visit needs {kits} kits; a team that could come carries at most {most}.",
                kits=visit.kits,
                most=most,
            ),
            msg("Let a team carry {kits} kits.", kits=visit.kits),
        )
    if code is Reason.MAX_VISITS:
        return (
            msg("The teams that could come may make no visit at all."),
            msg("Raise the number of visits that a team may make."),
        )
    return (
        msg("No street leads from a team's depot to this door and back."),
        msg("Check on the map where the door is, or which streets are closed; or send a team by other means."),
    )


def _window_words(tables: Tables, near: Sequence[int], node: int) -> tuple[Text, Text]:
    """Say when the teams `near` could be at the door, which is in none of its windows."""
    spans = [(a, b) for a, b in zip(tables.opens_s[node], tables.closes_s[node], strict=True) if a != NO_WINDOW]
    choices = []
    for number in near:
        crew = tables.crews[number]
        last = _latest_alone(tables, crew, node)
        soonest = crew.opens_s + int(tables.go_s[crew.profile][crew.start, node])
        choices += [(soonest - b, True, soonest) for _, b in spans if b < soonest]
        choices += [(a - last, False, last) for a, _ in spans if a > last]
    _, late, moment = min(choices)
    if late:
        upward = -(-moment // 60) * 60
        return (
            msg("No team can be at the door before {clock}; by then the window is over.", clock=clock(upward)),
            msg("Widen the window past {clock}, or let a team start earlier.", clock=clock(upward)),
        )
    return (
        msg("A team has to be at the door by {clock} to be back in time; the window opens later.", clock=clock(moment)),
        msg("Open the window by {clock}, or extend a shift.", clock=clock(moment)),
    )


def _latest_alone(tables: Tables, crew: Crew, node: int) -> int:
    go = tables.go_s[crew.profile]
    return crew.closes_s - int(tables.service_s[node]) - int(go[node, crew.end])


def _shift_words(problem: Problem, tables: Tables, near: Sequence[int], node: int) -> tuple[Text, Text]:
    """Say by how much the shift is too short, for the team that lacks least."""
    least = None
    for number in near:
        crew = tables.crews[number]
        times = timed(_any_time(tables, [node]), replace(crew, closes_s=FORBIDDEN - 1), (node,))
        if times is not None:
            over = times.finish_s - crew.closes_s
            least = min(least or (over, number), (over, number))
    detail = msg("The way there, the visit and the way back take longer than any shift.")
    if least is None:
        return detail, msg("Give a team a longer shift, without a break that cannot be kept.")
    return detail, _longer(problem.teams[least[1]], least[0])


# --- no room in this plan ---


def _no_room(remedies: Sequence[Text]) -> Why:
    detail = msg("Every team that could come is full or elsewhere at that time.")
    remedy = msg("Add one team.")
    for other in reversed(remedies):
        remedy = msg("{first} Or: {second}", first=other, second=remedy)
    return Why(code=Reason.NO_ROOM_LEFT, ever=True, detail=detail, remedy=remedy)


def _remedies(problem: Problem, tables: Tables, orders: Orders, missed: Sequence[int]) -> dict[int, list[Text]]:
    """Return for each visit the changes that were tried and make room for it in the routes as they are, the least change of each kind."""
    found: dict[int, list[Text]] = {node: [] for node in missed}
    longer = [replace(crew, closes_s=crew.closes_s + _LONGER_S) for crew in tables.crews]
    for node, number, times, _ in _places(tables, longer, orders, missed):
        found[node].append(_longer(problem.teams[number], times.finish_s - tables.crews[number].closes_s))
    windowed = [node for node in missed if problem.visits[node].time_windows]
    for node, _, times, place in _places(_any_time(tables, windowed), tables.crews, orders, windowed):
        found[node].append(msg("Let it be visited at {clock}.", clock=clock(times.begins_s[place])))
    roomy = [replace(crew, capacity=NO_LIMIT) for crew in tables.crews]
    for node, number, _, _ in _places(tables, roomy, orders, missed):
        kits = int(tables.kits[[*orders[number], node]].sum())
        found[node].append(msg("Let {team} carry {kits} kits.", team=problem.teams[number].id, kits=kits))
    tireless = [replace(crew, max_visits=NO_LIMIT) for crew in tables.crews]
    for node, number, _, _ in _places(tables, tireless, orders, missed):
        visits = len(orders[number]) + 1
        found[node].append(msg("Let {team} make {visits} visits.", team=problem.teams[number].id, visits=visits))
    return found


def _places(
    tables: Tables,
    crews: Sequence[Crew],
    orders: Orders,
    missed: Sequence[int],
) -> Iterator[tuple[int, int, Timed, int]]:
    """Give for each visit that would fit with these tables and teams: team, times and place, the least over (or most within) its shift."""
    best: dict[int, tuple[int, int, Timed, int]] = {}
    nodes = np.array(missed, dtype=np.int64)
    filler = Filler(tables, tables.go_s)
    for number, (crew, order) in enumerate(zip(crews, orders, strict=True)):
        price = filler.prices(filler.lane(crew, order), nodes)
        for node, row in zip(missed, price, strict=True):
            place = int(row.argmin())
            times = timed(tables, crew, (*order[:place], node, *order[place:])) if row[place] < NOWHERE else None
            if times is not None:
                cost = times.finish_s - tables.crews[number].closes_s
                if node not in best or cost < best[node][0]:
                    best[node] = (cost, number, times, place)
    for node, (_, number, times, place) in best.items():
        yield node, number, times, place


def _any_time(tables: Tables, nodes: Sequence[int]) -> Tables:
    """Return the tables with no windows at `nodes`."""
    opens, closes = tables.opens_s.copy(), tables.closes_s.copy()
    opens[nodes], closes[nodes] = NO_WINDOW, NO_WINDOW
    opens[nodes, 0], closes[nodes, 0] = 0, FORBIDDEN
    return replace(tables, opens_s=opens, closes_s=closes)


def _longer(team: Team, over_s: int) -> Text:
    minutes = -(-over_s // 60)
    return msg_n(
        "Extend the shift of {team} by {n} min.", "Extend the shift of {team} by {n} min.", minutes, team=team.id
    )
