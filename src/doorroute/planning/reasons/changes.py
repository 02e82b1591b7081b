"""Changes of a day that would give an unassigned visit a place in the current routes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from doorroute.model.clock import clock
from doorroute.model.problem import Problem
from doorroute.model.resident import TeamId, Visit, VisitId, Window
from doorroute.model.team import Team
from doorroute.planning.core.insertion import NOWHERE, Filler
from doorroute.planning.core.schedule import timed, way_of
from doorroute.planning.core.score import Orders
from doorroute.planning.core.tables import (
    FORBIDDEN,
    NO_LIMIT,
    NO_WINDOW,
    Crew,
    Tables,
    classes_of,
    is_eligible,
)
from doorroute.texts import Text, msg

LONGER_S: Final = 2 * 3600
"""The most by which a shift is extended, or started earlier."""
_TRIALS = 3  # the number of teams in which a change is tried for a visit

GOODS_WORDS: Final = (msg("kits"), msg("suits"), msg("tubes"))
_CARRIED: Final = ("capacity", "suits", "tubes")

CONSENT: Final = 30
"""The cost of asking someone for consent, in minutes of a longer shift."""

WALKED_M: Final = 80
"""Metres that count as a minute."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A change of the day: its cost in minutes of a longer shift, its words, and a function that applies it.

    `apply` raises ValueError if that is impossible. `teams` are those that it affects. A change with an
    amount can be made with another one, `by`. `overtime` is asked of people, so it is only offered if it is
    proven to help.
    """

    cost: float
    text: Text
    apply: Callable[[Problem], Problem]
    teams: tuple[TeamId, ...] = ()
    amount: int = 0
    by: Callable[[int], Change] | None = None
    overtime: bool = False

    def then(self, other: Change) -> Change:
        """Return both changes as one."""
        return Change(
            cost=self.cost + other.cost,
            text=msg("{first} And: {second}", first=self.text, second=other.text),
            apply=lambda problem: other.apply(self.apply(problem)),
            teams=self.teams,
            overtime=self.overtime or other.overtime,
        )


def for_room(
    problem: Problem, tables: Tables, orders: Orders, missed: Sequence[int]
) -> dict[int, list[Change]]:
    """Return the changes that make room for each visit in the current routes, least of each kind, by cost."""
    found: dict[int, list[Change]] = {node: [] for node in missed}
    for changes in (_more_of_a_team, _another_time, _older_samples, _by_another_team, _longer_shifts):
        for node, change in changes(problem, tables, orders, missed):
            found[node].append(change)
    return {node: sorted(changes, key=lambda change: change.cost) for node, changes in found.items()}


_Found = Iterator[tuple[int, Change]]


def _relaxed(tables: Tables, **limits: Any) -> list[Crew]:  # noqa: ANN401  # fields of a crew
    return [replace(crew, **limits) for crew in tables.crews]


def _more_of_a_team(problem: Problem, tables: Tables, orders: Orders, missed: Sequence[int]) -> _Found:
    """Yield what a team would have to carry, how many visits to make, and how far to travel."""
    teams = [problem.teams[crew.team] for crew in tables.crews]
    for node, trial in trials(
        tables, _relaxed(tables, capacity=(NO_LIMIT,) * tables.demand.shape[1]), orders, missed
    ):
        load = tables.demand[[*orders[trial.crew], node]].sum(axis=0).tolist()
        lacking = [need - room for need, room in zip(load, tables.crews[trial.crew].room, strict=True)]
        changes = [carry(teams[trial.crew], goods, more) for goods, more in enumerate(lacking) if more > 0]
        if changes:
            yield node, _all_of(changes)
    for node, trial in trials(tables, _relaxed(tables, max_visits=NO_LIMIT), orders, missed):
        more = len(orders[trial.crew]) + 1 - tables.crews[trial.crew].max_visits
        if more > 0:
            yield node, more_visits(teams[trial.crew], more)
    anywhere = _relaxed(tables, max_travel_s=NO_LIMIT, max_distance_m=NO_LIMIT)
    for node, trial in trials(tables, anywhere, orders, missed):
        crew, order = tables.crews[trial.crew], orders[trial.crew]
        travel = way_of(tables, crew, (*order[: trial.place], node, *order[trial.place :]))
        changes = further(teams[trial.crew], crew, travel)
        if changes:
            yield node, _all_of(changes)


def _another_time(problem: Problem, tables: Tables, orders: Orders, missed: Sequence[int]) -> _Found:
    windowed = [node for node in missed if problem.visits[node].time_windows]
    for node, trial in trials(any_time(tables, windowed), tables.crews, orders, windowed):
        yield (
            node,
            another_time(problem.visits[node], problem.teams[tables.crews[trial.crew].team], trial.begin_s),
        )


def _older_samples(problem: Problem, tables: Tables, orders: Orders, missed: Sequence[int]) -> _Found:
    if problem.settings.max_sample_age_s is not None:
        for node, trial in trials(tables, _relaxed(tables, max_age_s=NO_LIMIT), orders, missed):
            if trial.age_s > problem.settings.max_sample_age_s:
                yield node, older_samples(problem, problem.teams[tables.crews[trial.crew].team], trial.age_s)


def _by_another_team(problem: Problem, tables: Tables, orders: Orders, missed: Sequence[int]) -> _Found:
    """Try visits with teams that may not make them, as if they could."""
    rows, crews = list(missed), []
    for crew in tables.crews:
        may = crew.may.copy()
        may[rows] = True
        crews.append(replace(crew, may=may))
    for node, trial in trials(
        tables, crews, orders, missed, lambda crew, node: not tables.crews[crew].may[node]
    ):
        changes = allowed(problem, problem.visits[node], problem.teams[tables.crews[trial.crew].team])
        if changes:
            yield node, _all_of(changes)


def _longer_shifts(problem: Problem, tables: Tables, orders: Orders, missed: Sequence[int]) -> _Found:
    crews = [replace(crew, closes_s=crew.closes_s + LONGER_S) for crew in tables.crews]
    for node, trial in trials(tables, crews, orders, missed):
        if trial.over_s > 0:
            crew = tables.crews[trial.crew]
            yield node, longer(problem.teams[crew.team], crew.shift, -(-trial.over_s // 60))


def _all_of(changes: Sequence[Change]) -> Change:
    whole = changes[0]
    for change in changes[1:]:
        whole = whole.then(change)
    return whole


# --- the kinds of changes ---


def longer(team: Team, shift: int, minutes: int) -> Change:
    """Return the change that a shift ends later."""
    return Change(
        cost=minutes,
        text=msg("Extend the shift of {team} by {minutes} min.", team=team.id, minutes=minutes),
        apply=_shift_moved(team.id, shift, 0, minutes * 60),
        teams=(team.id,),
        amount=minutes,
        by=lambda less: longer(team, shift, less),
        overtime=True,
    )


def earlier(team: Team, shift: int, minutes: int) -> Change:
    """Return the change that a shift begins earlier."""
    return Change(
        cost=minutes,
        text=msg("Let {team} start {minutes} min earlier.", team=team.id, minutes=minutes),
        apply=_shift_moved(team.id, shift, minutes * 60, 0),
        teams=(team.id,),
        amount=minutes,
        by=lambda less: earlier(team, shift, less),
    )


def _shift_moved(team: TeamId, shift: int, before_s: int, after_s: int) -> Callable[[Problem], Problem]:
    def apply(problem: Problem) -> Problem:
        shifts = list(_team(problem, team).shifts)
        shifts[shift] = Window(shifts[shift].start_s - before_s, shifts[shift].end_s + after_s)
        return _with_team(problem, team, shift=shifts[0], more_shifts=tuple(shifts[1:]))

    return apply


def carry(team: Team, goods: int, more: int) -> Change:
    """Return the change that a team carries more of one of the goods."""
    need = (team.capacities[goods] or 0) + more
    return Change(
        cost=2 * more,
        text=msg("Let {team} carry {need} {goods}.", team=team.id, need=need, goods=GOODS_WORDS[goods]),
        apply=lambda problem: _with_team(problem, team.id, **{_CARRIED[goods]: need}),
        teams=(team.id,),
    )


def more_visits(team: Team, more: int) -> Change:
    """Return the change that a team makes more visits."""
    visits = (team.max_visits or 0) + more
    return Change(
        cost=5 * more,
        text=msg("Let {team} make {visits} visits.", team=team.id, visits=visits),
        apply=lambda problem: _with_team(problem, team.id, max_visits=visits),
        teams=(team.id,),
    )


def further(team: Team, crew: Crew, travel: tuple[int, int]) -> list[Change]:
    """Return the changes that allow a team this travel (seconds, metres)."""
    found = []
    over_s, over_m = travel[0] - crew.max_travel_s, travel[1] - crew.max_distance_m
    if over_s > 0 and team.max_travel_s is not None:
        minutes = -(-(team.max_travel_s + over_s) // 60)
        found.append(
            Change(
                cost=over_s / 60,
                text=msg("Let {team} travel {minutes} min in all.", team=team.id, minutes=minutes),
                apply=lambda problem: _with_team(problem, team.id, max_travel_s=minutes * 60),
                teams=(team.id,),
            )
        )
    if over_m > 0 and team.max_distance_m is not None:
        metres = team.max_distance_m + over_m
        found.append(
            Change(
                cost=over_m / WALKED_M,
                text=msg("Let {team} travel {metres} m in all.", team=team.id, metres=metres),
                apply=lambda problem: _with_team(problem, team.id, max_distance_m=metres),
                teams=(team.id,),
            )
        )
    return found


def older_samples(problem: Problem, team: Team, age_s: int) -> Change:
    """Return the change that samples may be older, for a team."""
    minutes = -(-age_s // 60)
    return Change(
        cost=minutes - (problem.settings.max_sample_age_s or 0) / 60,
        text=msg("Let samples be {minutes} min old when they are handed in.", minutes=minutes),
        apply=lambda changed: replace(
            changed, settings=replace(changed.settings, max_sample_age_s=minutes * 60)
        ),
        teams=(team.id,),
    )


def another_time(visit: Visit, team: Team, begin_s: int) -> Change:
    """Return the change that a visit may also begin in the minute of `begin_s`, when a team can come."""
    minute = begin_s // 60 * 60
    away = min((max(w.start_s - minute, minute - w.end_s, 0) for w in visit.time_windows), default=0)
    return Change(
        cost=5 + away / 120,
        text=msg("Let it be visited at {clock}.", clock=clock(minute)),
        apply=lambda problem: _with_visit(
            problem, visit.id, time_windows=(*visit.time_windows, Window(minute, minute + 59))
        ),
        teams=(team.id,),
    )


def wider_window(visit: Visit, team: Team, moment_s: int) -> Change:
    """Return the change that the nearest window reaches to the minute of `moment_s`, when a team can come."""
    near = min(visit.time_windows, key=lambda window: max(window.start_s - moment_s, moment_s - window.end_s))
    if moment_s > near.end_s:
        moment_s = -(-moment_s // 60) * 60
        wide, text = (
            Window(near.start_s, moment_s),
            msg("Open the window until {clock}.", clock=clock(moment_s)),
        )
    else:
        moment_s = moment_s // 60 * 60
        wide, text = (
            Window(moment_s, near.end_s),
            msg("Open the window from {clock} on.", clock=clock(moment_s)),
        )
    others = tuple(window for window in visit.time_windows if window != near)
    return Change(
        cost=5 + max(near.start_s - moment_s, moment_s - near.end_s) / 120,
        text=text,
        apply=lambda problem: _with_visit(problem, visit.id, time_windows=(*others, wide)),
        teams=(team.id,),
    )


def allowed(problem: Problem, visit: Visit, team: Team) -> list[Change]:
    """Return the changes that let a team make a visit: by name, by class, by skills."""
    found = []
    if not is_eligible(visit, team):
        only = None if visit.only_teams is None else visit.only_teams | {team.id}
        found.append(
            Change(
                cost=CONSENT,
                text=msg("Let {team} make this visit.", team=team.id),
                apply=lambda changed: _with_visit(
                    changed, visit.id, only_teams=only, not_teams=visit.not_teams - {team.id}
                ),
                teams=(team.id,),
            )
        )
    classes = classes_of(problem, team)
    if visit.infection_class not in classes:
        found.append(
            Change(
                cost=CONSENT,
                text=msg("Let {team} take homes of this infection class.", team=team.id),
                apply=lambda changed: _with_team(changed, team.id, classes=classes | {visit.infection_class}),
                teams=(team.id,),
            )
        )
    if lacking := visit.skills - team.skills:
        found.append(
            Change(
                cost=CONSENT * len(lacking),
                text=msg("Give {team} the skill {skill}.", team=team.id, skill=", ".join(sorted(lacking))),
                apply=lambda changed: _with_team(changed, team.id, skills=team.skills | visit.skills),
                teams=(team.id,),
            )
        )
    return found


def _team(problem: Problem, team: TeamId) -> Team:
    return next(each for each in problem.teams if each.id == team)


def _with_team(problem: Problem, team: TeamId, **fields: Any) -> Problem:  # noqa: ANN401  # fields of a team
    teams = tuple(replace(each, **fields) if each.id == team else each for each in problem.teams)
    return replace(problem, teams=teams)


def _with_visit(problem: Problem, visit: VisitId, **fields: Any) -> Problem:  # noqa: ANN401
    visits = tuple(replace(each, **fields) if each.id == visit else each for each in problem.visits)
    return replace(problem, visits=visits)


# --- trying changes in the current routes ---


@dataclass(frozen=True, slots=True, order=True)
class Trial:
    """A visit inserted into a route: seconds beyond the shift (negative: left), its start, oldest sample."""

    over_s: int
    crew: int
    place: int
    begin_s: int
    age_s: int


def trials(
    tables: Tables,
    crews: Sequence[Crew],
    orders: Orders,
    missed: Sequence[int],
    only: Callable[[int, int], bool] = lambda crew, node: True,  # noqa: ARG005
) -> Iterator[tuple[int, Trial]]:
    """Yield the visits that fit with these tables and crews, where they exceed the shift least."""
    filler, nodes = Filler(tables, tables.go_s), np.array(missed, dtype=np.int64)
    prices = [
        filler.prices(filler.lane(crew, order), nodes) for crew, order in zip(crews, orders, strict=True)
    ]
    for row, node in enumerate(missed):
        cheap = sorted(
            (int(price[row].min()), crew, int(price[row].argmin()))
            for crew, price in enumerate(prices)
            if only(crew, node)
        )
        found = []
        for price, crew, place in cheap[:_TRIALS]:
            order = (*orders[crew][:place], node, *orders[crew][place:])
            times = timed(tables, crews[crew], order) if price < NOWHERE else None
            if times is not None:
                first_s, began_s = crews[crew].first_s, times.begins_s[0]
                age_s = times.finish_s - (began_s if first_s is None else first_s)
                over_s = times.finish_s - tables.crews[crew].closes_s
                found.append(Trial(over_s, crew, place, times.begin_at(node), age_s))
        if found:
            yield node, min(found)


def any_time(tables: Tables, nodes: Sequence[int]) -> Tables:
    """Return the tables without the windows at `nodes`."""
    opens, closes = tables.opens_s.copy(), tables.closes_s.copy()
    opens[nodes], closes[nodes] = NO_WINDOW, NO_WINDOW
    opens[nodes, 0], closes[nodes, 0] = 0, FORBIDDEN
    return replace(tables, opens_s=opens, closes_s=closes)
