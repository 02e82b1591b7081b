"""What would help a visit that is on no route, proven: with the change made to the day, it is planned again, and the visit has its place.

For a visit that finds no room, the changes are what the routes as they stand would have to give (`changes`); for one that no team could ever make, what each team lacks,
one rule after the other. Each is made to a part of the day, the team and its neighbours, which is put together again and, if need be, searched for a moment. A
change is proven where the visit has a place then and nobody of the same or a higher priority has lost one: what the other teams do stays as it is.
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
"""How many changes are told, besides one more team."""

LACKING, TEAMS = 3, 12
"""How many rules a team may fail for a visit, and how many teams are looked at."""

AT_ONCE: Final = 4
"""How many teams are planned again for one change."""

LEAST_S, MOST_S, STEPS = 0.05, 0.6, 500
"""Seconds of search for one change; or the steps, where those are counted."""

LOOKS, SEARCHES = 150, 10
"""How many changes are made, and how many of them searched for, where no clock is asked."""

HALVINGS: Final = 3
"""How often it is tried whether less would do."""


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
    """Return `unassigned`, for which `room` holds what would make some (`explained`), with the cheapest remedies that could be proven within `seconds`; the others keep theirs. The words say which is which.

    With `counted`, steps are counted instead of seconds: the same plan gives the same words.
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
        replace(left, remedy=_told(left, *found.get(node, (room.get(node, ()), ()))))
        for node, left in by_node.items()
    )


def _told(left: Unassigned, changes: Sequence[Change], proven: Sequence[Change]) -> Text:
    """Put into words what is proven, else what was only thought of."""
    if proven:
        told = proven[-1].text
        for change in reversed(proven[:-1]):
            told = msg("{first} Or: {second}", first=change.text, second=told)
        return msg("Proven by planning again: {changes}", changes=told)
    if left.ever:
        likely = [change for change in changes if not change.overtime][:OFFERED]
        told = msg("Add one team.")
        for change in reversed(likely):
            told = msg("{first} Or: {second}", first=change.text, second=told)
        return (
            msg("Tried in the routes as they stand, not proven: {changes}", changes=told) if likely else told
        )
    if changes:
        return msg(
            "It could be made then, but no room was found for it yet: {changes}", changes=changes[0].text
        )
    return left.remedy


class Prover:
    """Plans parts of the day again, with changes, for `seconds`; or, `counted`, so many of them."""

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
        """Say whether the time, or the work, is used up."""
        return self.looks >= LOOKS if self.counted else time.monotonic() >= self.ends

    def proven(
        self, nodes: Sequence[int], changes_of: Callable[[int], Sequence[Change]], roomless: Collection[int]
    ) -> dict[int, tuple[Sequence[Change], Sequence[Change]]]:
        """Return for each visit its changes, cheapest first, and the first of them that are proven, one of a kind, with one more team for the `roomless`.

        What fits the routes as they stand comes first for all of them, then what a search finds, then whether less would do.
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
            alike_one = any(change.text.template == other.text.template for other in found)
            if not alike_one and self.proves(change, node, seconds):
                found.append(change)
        return found

    def _first_searched(self, changes: Sequence[Change], node: int, found: list[Change]) -> list[Change]:
        return found or self._first(changes, node, self.slice_s / 3)

    def _least(self, changes: Sequence[Change], node: int, found: list[Change]) -> list[Change]:
        del changes
        return sorted((self.least(change, node) for change in found), key=lambda change: change.cost)

    def proves(self, change: Change, node: int, seconds: float) -> bool:
        """Say whether the visit has a place with the change: put into its teams as they stand, or, given `seconds`, after searching them and their neighbours again."""
        if self._placed(change, node, change.teams, None):
            return True
        if not seconds or self.over or (self.counted and self.searches >= SEARCHES):
            return False
        self.searches += 1
        near = tuple(dict.fromkeys((*change.teams, *self._nearest(node))))[:AT_ONCE]
        left = self.ends - time.monotonic()
        return self._placed(change, node, near, min(MOST_S, max(LEAST_S, seconds), left))

    def least(self, change: Change, node: int) -> Change:
        """Return the change with the least amount that still is proven, as far as it is tried."""
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
        """Return the teams by how near they come to the visit."""
        away = [
            (int(self.tables.travel_s[crew.profile, node, list(order)].min()), crew.team)
            for crew, order in zip(self.tables.crews, self.orders, strict=True)
            if order
        ]
        return [self.problem.teams[team].id for _, team in sorted(away)]

    def _placed(self, change: Change, node: int, teams: Sequence[TeamId], seconds: float | None) -> bool:
        """Say whether everybody as urgent as the visit, and it too, has a place in the routes of `teams`; they are searched again for `seconds`."""
        self.looks += 1
        part, kept = part_of(self.problem, self.tables, self.orders, teams, node)
        try:
            part = change.made(part)
        except ValueError:  # shifts would overlap, or begin the day before
            return False
        tables = with_orders_that_can_be_kept(tabulate(part))
        nodes = {visit.id: at for at, visit in enumerate(part.visits)}
        urgent = int(tables.tier[nodes[self.problem.visits[node].id]]) + 1
        best = Best(tables, Objective.TRAVEL)
        best.take(
            tuple(
                tuple(nodes[visit] for visit in kept.get((part.teams[crew.team].id, crew.shift), ()))
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
    """Return the day of `teams` alone with one visit more, and what each of their routes visits, by team and shift."""
    named = set(teams)
    kept = {
        (problem.teams[crew.team].id, crew.shift): tuple(problem.visits[stop].id for stop in order)
        for crew, order in zip(tables.crews, orders, strict=True)
        if problem.teams[crew.team].id in named
    }
    locks = tuple(lock for lock in problem.locks if lock.team in named)
    held = {visit for lock in locks for visit in (*lock.order, *(stop.visit for stop in lock.done))}
    there = held.union({problem.visits[node].id}, *kept.values())
    part = replace(
        problem,
        visits=tuple(visit for visit in problem.visits if visit.id in there),
        teams=tuple(team for team in problem.teams if team.id in named),
        locks=locks,
    )
    return part, kept


def _one_more_team(prover: Prover, node: int) -> Change | None:
    """Return the change of one more team like the first that could make the visit alone, if that is proven."""
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
        made=lambda day: replace(day, teams=(*day.teams, new), locks=(*day.locks, *idle)),
    )
    return change if prover.proves(change, node, 0.0) else None


# --- no team could ever: what each lacks ---


def for_ever(prover: Prover, node: int) -> list[Change]:
    """Return for each kind of team the changes after which it could make the visit, the cheapest first."""
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
        found += _ways(alone, problem.visits[node].id, crew.shift, None, 0)
    return sorted(found, key=lambda change: change.cost)


def _ways(day: Problem, visit: VisitId, shift: int, so_far: Change | None, failed: int) -> Iterator[Change]:
    """Give what makes the one team of `day` able, in one shift, rule by rule."""
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
                yield from _ways(
                    change.made(day),
                    visit,
                    shift,
                    change if so_far is None else so_far.then(change),
                    failed + 1,
                )
            except ValueError:  # shifts would overlap, or begin the day before
                continue


def _lacking(code: Reason, day: Problem, tables: Tables, crew: Crew, node: int) -> list[Change]:
    """Return what would mend the one rule that a team fails for a visit."""
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
    return found[:1]  # the next rule is looked at when this one is mended


def _for_window(day: Problem, tables: Tables, crew: Crew, node: int) -> list[Change]:
    """Return the least changes of the window and of the shift: the team comes too late, or would have to leave too soon."""
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
