"""Prove remedies: apply a change to the day, plan it again, and check that the visit has a place.

For a visit without room the changes come from the current routes (`changes`). For a visit that no team could
ever make, they are what each team lacks, rule by rule. Each is applied to a part of the day, the team and its
neighbours, which is planned again and, if necessary, searched for a moment. A change is proven if the visit
then has a place and nobody of the same or a higher priority has lost one. The routes of other teams do not
change.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from doorroute.model.plan import Reason, Unassigned
from doorroute.model.problem import Locks, Problem
from doorroute.model.resident import TeamId, VisitId
from doorroute.model.settings import Objective
from doorroute.planning.core.insertion import Filler
from doorroute.planning.core.schedule import timed, way_of, with_orders_that_can_be_kept
from doorroute.planning.core.score import Orders, left_out
from doorroute.planning.core.tables import FORBIDDEN, NO_LIMIT, Crew, Tables, alike, tabulate
from doorroute.planning.reasons.changes import (
    LONGER_S,
    Change,
    allowed,
    any_time,
    carry,
    earlier,
    further,
    longer,
    more_visits,
    older_samples,
    wider_window,
)
from doorroute.planning.reasons.explain import LOOKED_AT, begins, fails_alone, windows
from doorroute.planning.search.best import Best
from doorroute.planning.search.phases import Search
from doorroute.texts import Text, msg

OFFERED: Final = 2
"""The number of changes offered, in addition to one more team."""

LACKING, TEAMS = 3, 12
"""The most rules that a team may fail for a visit, and the most teams tried."""

AT_ONCE: Final = 4
"""The number of teams planned again for one change."""

LEAST_S, MOST_S, STEPS = 0.05, 0.6, 500
"""The least and most seconds of search for one change; the steps, if those are counted."""

LOOKS, SEARCHES = 150, 10
"""The most changes tried, and searched for, if steps are counted."""

HALVINGS: Final = 3
"""How often a smaller amount of a change is tried."""


def with_proven_remedies(
    problem: Problem,
    tables: Tables,
    orders: Orders,
    unassigned: Sequence[Unassigned],
    room: Mapping[int, Sequence[Change]],
    *,
    seconds: float,
    seed: int,
    counted: bool = False,
) -> tuple[Unassigned, ...]:
    """Return `unassigned` with the cheapest remedies that could be proven within `seconds`.

    `room` has the changes that would make room (`explained`). The text says which remedies are proven.

    With `counted`, steps are counted instead of seconds: the same plan gives the same text.
    """
    if not tables.crews:
        return tuple(unassigned)
    prover = Prover(problem, tables, orders, seconds, seed, counted=counted)
    nodes = {visit.id: node for node, visit in enumerate(problem.visits)}
    by_node = {nodes[left.visit]: left for left in unassigned}
    urgent = sorted(by_node, key=lambda node: int(tables.tier[node]))
    nodes_looked_at = [
        node for ever in (True, False) for node in [n for n in urgent if by_node[n].ever is ever][:LOOKED_AT]
    ]
    found = prover.proven(
        sorted(nodes_looked_at, key=urgent.index),
        lambda node: room.get(node, ()) if by_node[node].ever else for_ever(prover, node),
        {node for node, left in by_node.items() if left.ever},
    )
    return tuple(
        replace(left, remedy=_remedy_text(left, *found.get(node, (room.get(node, ()), ()))))
        for node, left in by_node.items()
    )


def _remedy_text(left: Unassigned, changes: Sequence[Change], proven: Sequence[Change]) -> Text:
    """Return the text of the proven changes, or else of those that were only tried."""
    if proven:
        text = proven[-1].text
        for change in reversed(proven[:-1]):
            text = msg("{first} Or: {second}", first=change.text, second=text)
        return msg("Proven by planning again: {changes}", changes=text)
    if left.ever:
        likely = [change for change in changes if not change.overtime][:OFFERED]
        text = msg("Add one team.")
        for change in reversed(likely):
            text = msg("{first} Or: {second}", first=change.text, second=text)
        return msg("Tried in the current routes, not proven: {changes}", changes=text) if likely else text
    if changes:
        return msg(
            "This would make the visit possible, but no room was found for it yet: {changes}",
            changes=changes[0].text,
        )
    return left.remedy


class Prover:
    """Plans parts of the day again with changes, for `seconds`, or if `counted`, for a number of steps."""

    def __init__(
        self,
        problem: Problem,
        tables: Tables,
        orders: Orders,
        seconds: float,
        seed: int,
        *,
        counted: bool = False,
    ) -> None:
        self.problem, self.tables, self.orders = problem, tables, orders
        self.ends, self.seed, self.counted = time.monotonic() + seconds, seed, counted
        self.slice_s, self.looks, self.searches = 0.0, 0, 0

    @property
    def over(self) -> bool:
        """Return whether the time, or the work, is used up."""
        return self.looks >= LOOKS if self.counted else time.monotonic() >= self.ends

    def proven(
        self, nodes: Sequence[int], changes_of: Callable[[int], Sequence[Change]], roomless: Collection[int]
    ) -> dict[int, tuple[Sequence[Change], Sequence[Change]]]:
        """Return the changes of each visit by cost, and the first that are proven, one of each kind.

        For `roomless` visits one more team is added. All visits are tried in the current routes first, then
        by search, then with smaller amounts.
        """
        todo: dict[int, Sequence[Change]] = {}
        found: dict[int, list[Change]] = {}
        more: dict[int, Change | None] = {}
        for node in nodes:
            if self.over:
                break
            todo[node] = changes_of(node)
            found[node] = self._first(todo[node], node, 0.0)
            more[node] = _one_more_team(self, node) if node in roomless else None
        for search in (self._first_searched, self._least):
            for number, node in enumerate(todo):
                self.slice_s = (self.ends - time.monotonic()) / (len(todo) - number)
                found[node] = search(todo[node], node, found[node])
        return {
            node: (changes, [*found[node], *((team,) if (team := more[node]) is not None else ())])
            for node, changes in todo.items()
        }

    def _first(self, changes: Sequence[Change], node: int, seconds: float) -> list[Change]:
        found: list[Change] = []
        for change in changes:
            if len(found) == OFFERED or self.over:
                break
            same_kind = any(change.text.template == other.text.template for other in found)
            if not same_kind and self.proves(change, node, seconds):
                found.append(change)
        return found

    def _first_searched(self, changes: Sequence[Change], node: int, found: list[Change]) -> list[Change]:
        return found or self._first(changes, node, self.slice_s / 3)

    def _least(self, changes: Sequence[Change], node: int, found: list[Change]) -> list[Change]:
        del changes
        return sorted((self.least(change, node) for change in found), key=lambda change: change.cost)

    def proves(self, change: Change, node: int, seconds: float) -> bool:
        """Return whether the visit has a place with the change.

        It is inserted into the current routes of the change's teams; given `seconds`, these and their
        neighbours are searched too.
        """
        if self._placed(change, node, change.teams, None):
            return True
        if not seconds or self.over or (self.counted and self.searches >= SEARCHES):
            return False
        self.searches += 1
        near = tuple(dict.fromkeys((*change.teams, *self._nearest(node))))[:AT_ONCE]
        left = self.ends - time.monotonic()
        return self._placed(change, node, near, min(MOST_S, max(LEAST_S, seconds), left))

    def least(self, change: Change, node: int) -> Change:
        """Return the change with the least amount that was proven."""
        low = 0
        for _ in range(HALVINGS):
            middle = (low + change.amount) // 2
            if change.by is None or middle == low or self.over:
                break
            less = change.by(middle)
            if self.proves(less, node, self.slice_s / HALVINGS):
                change = less
            else:
                low = middle
        return change

    def _nearest(self, node: int) -> list[TeamId]:
        """Return the teams by the distance of their routes from the visit."""
        away = [
            (int(self.tables.travel_s[crew.profile, node, list(order)].min()), crew.team)
            for crew, order in zip(self.tables.crews, self.orders, strict=True)
            if order
        ]
        return [self.problem.teams[team].id for _, team in sorted(away)]

    def _placed(self, change: Change, node: int, teams: Sequence[TeamId], seconds: float | None) -> bool:
        """Return whether all visits as urgent as this one have a place in the routes of `teams`.

        If given, the routes are searched for `seconds`.
        """
        self.looks += 1
        part, routes = part_of(self.problem, self.tables, self.orders, teams, node)
        try:
            part = change.apply(part)
        except ValueError:  # shifts would overlap, or begin the day before
            return False
        tables = with_orders_that_can_be_kept(tabulate(part))
        nodes = {visit.id: at for at, visit in enumerate(part.visits)}
        urgent = int(tables.tier[nodes[self.problem.visits[node].id]]) + 1
        best = Best(tables, Objective.TRAVEL)
        best.take(
            tuple(
                tuple(nodes[visit] for visit in routes.get((part.teams[crew.team].id, crew.shift), ()))
                for crew in tables.crews
            )
        )
        best.take(Filler(tables, tables.go_s).fill(best.orders, left_out(tables, best.orders)))

        def all_in() -> bool:
            return not any(best.missed[:urgent])

        if seconds is not None and tables.crews and not all_in():
            Search(best, time.monotonic() + seconds, self.seed, all_in, STEPS if self.counted else None).fit()
        return all_in()


def part_of(
    problem: Problem, tables: Tables, orders: Orders, teams: Sequence[TeamId], node: int
) -> tuple[Problem, dict[tuple[TeamId, int], tuple[VisitId, ...]]]:
    """Return the day of `teams` only with one more visit, and their visits by team and shift."""
    named = set(teams)
    routes = {
        (problem.teams[crew.team].id, crew.shift): tuple(problem.visits[stop].id for stop in order)
        for crew, order in zip(tables.crews, orders, strict=True)
        if problem.teams[crew.team].id in named
    }
    locks = tuple(lock for lock in problem.locks if lock.team in named)
    locked = {visit for lock in locks for visit in (*lock.order, *(stop.visit for stop in lock.done))}
    there = locked.union({problem.visits[node].id}, *routes.values())
    part = replace(
        problem,
        visits=tuple(visit for visit in problem.visits if visit.id in there),
        teams=tuple(team for team in problem.teams if team.id in named),
        locks=locks,
    )
    return part, routes


def _one_more_team(prover: Prover, node: int) -> Change | None:
    """Return the change of adding a team like the first that could make the visit alone, if it is proven."""
    problem, tables = prover.problem, prover.tables
    able = [
        crew for crew in tables.crews if not crew.out and fails_alone(problem, tables, crew, node) is None
    ]
    if not able:
        return None
    like = problem.teams[able[0].team]
    new = replace(like, id=TeamId(f"{like.id}+1"))
    now_s = max((lock.free_s for lock in problem.locks), default=0)  # it cannot have been out before
    idle = (
        tuple(Locks(team=new.id, shift=shift, free_s=now_s) for shift in range(len(new.shifts)))
        if now_s
        else ()
    )
    change = Change(
        cost=0,
        text=msg("Add one team like {team}.", team=like.id),
        apply=lambda day: replace(day, teams=(*day.teams, new), locks=(*day.locks, *idle)),
    )
    return change if prover.proves(change, node, 0.0) else None


# --- what each team lacks for a visit that none could ever make ---


def for_ever(prover: Prover, node: int) -> list[Change]:
    """Return the changes that enable each kind of team to make the visit, the cheapest first."""
    problem, tables = prover.problem, prover.tables
    found: list[Change] = []
    seen: set[int] = set()
    for crew, kind in zip(tables.crews, alike(tables.crews), strict=True):
        if kind in seen or len(seen) == TEAMS or prover.over:
            continue
        seen.add(kind)
        prover.looks += 1
        team = problem.teams[crew.team]
        locks = tuple(replace(lock, order=()) for lock in problem.locks if lock.team == team.id)
        there = {problem.visits[node].id, *(stop.visit for lock in locks for stop in lock.done)}
        visits = tuple(visit for visit in problem.visits if visit.id in there)
        alone = replace(problem, visits=visits, teams=(team,), locks=locks)
        found += _enabling(alone, problem.visits[node].id, crew.shift, None, 0)
    return sorted(found, key=lambda change: change.cost)


def _enabling(
    day: Problem, visit: VisitId, shift: int, so_far: Change | None, failed: int
) -> Iterator[Change]:
    """Yield the changes that enable the only team of `day` in one shift, rule by rule."""
    tables = tabulate(day)
    crew = tables.crews[shift]
    node = next(at for at, each in enumerate(day.visits) if each.id == visit)
    code = fails_alone(day, tables, crew, node)
    if code is None:
        if so_far is not None:
            yield so_far
    elif failed < LACKING:
        for change in _lacking(code, day, tables, crew, node):
            try:
                yield from _enabling(
                    change.apply(day),
                    visit,
                    shift,
                    change if so_far is None else so_far.then(change),
                    failed + 1,
                )
            except ValueError:  # shifts would overlap, or begin the day before
                continue


def _lacking(code: Reason, day: Problem, tables: Tables, crew: Crew, node: int) -> list[Change]:
    """Return the changes that satisfy the rule that a team fails for a visit."""
    team, visit, found = day.teams[0], day.visits[node], list[Change]()
    match code:
        case Reason.NOT_ELIGIBLE | Reason.CLASS_CONFLICT | Reason.SKILL:
            found = allowed(day, visit, team)
        case Reason.CAPACITY:
            over = zip(tables.demand[node].tolist(), crew.room, strict=True)
            found = [
                carry(team, goods, need - room) for goods, (need, room) in enumerate(over) if need > room
            ]
        case Reason.MAX_VISITS:
            found = [more_visits(team, 1 - crew.max_visits)]
        case Reason.TOO_FAR:
            found = further(team, crew, way_of(tables, crew, (node,)))
        case Reason.SAMPLE_AGE:
            least_s = int(tables.service_s[node] + tables.go_s[crew.profile, node, crew.end])
            times = timed(tables, replace(crew, max_age_s=NO_LIMIT), (node,))
            oldest_s = least_s if times is None else times.finish_s - times.begin_at(node)
            return [older_samples(day, team, age_s) for age_s in dict.fromkeys((least_s, oldest_s))]
        case Reason.SHIFT_TOO_SHORT:
            times = timed(any_time(tables, [node]), replace(crew, closes_s=FORBIDDEN - 1), (node,))
            if times is not None:
                found = [longer(team, crew.shift, -(-(times.finish_s - crew.closes_s) // 60))]
        case Reason.TIME_WINDOW:
            return _for_window(day, tables, crew, node)
        case _:
            pass
    return found[:1]  # the next rule is tested after this change


def _for_window(day: Problem, tables: Tables, crew: Crew, node: int) -> list[Change]:
    """Return the least changes of window and shift if the team comes too late or would leave too early."""
    team, visit, found = day.teams[0], day.visits[node], []
    for first, last in begins(any_time(tables, [node]), crew, node):
        late = [first - b for _, b in windows(tables, node) if b < first]
        soon = [a - last for a, _ in windows(tables, node) if a > last]
        if late:
            found.append(wider_window(visit, team, first))
            found += [earlier(team, crew.shift, -(-by // 60)) for by in [min(late)] if by <= LONGER_S]
        if soon:
            found.append(wider_window(visit, team, last))
            found += [longer(team, crew.shift, -(-by // 60)) for by in [min(soon)] if by <= LONGER_S]
    return sorted(found, key=lambda change: change.cost)[:3]
