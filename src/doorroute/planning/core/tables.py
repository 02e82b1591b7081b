"""The problem as numbers, for the schedule and every engine. No name, address or id gets past here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from doorroute.model.problem import Locks, Problem
from doorroute.model.resident import GOODS, InfectionClass, TeamId, Visit
from doorroute.model.settings import ClassRule, ServiceTimes
from doorroute.model.team import Profile, Team
from doorroute.model.travel import UNREACHABLE, StopKey, TravelMatrix, depot_key, visit_key

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

FORBIDDEN: Final = UNREACHABLE
"""Seconds of a leg that is not allowed: later than any shift ends; thousands add up without overflow."""

NEVER: Final = 2**40
"""A time that does not come."""

NO_LIMIT: Final = 2**40
"""The capacity, number of visits, travel or distance of a team that has no limit."""

NO_WINDOW: Final = -1
"""Both ends of a window that is only there to fill the table: nothing begins in it."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pause:
    """A break: it begins at `earliest_s` to `latest_s` and takes `duration_s`."""

    earliest_s: int
    latest_s: int
    duration_s: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Crew:
    """A team in one of its shifts, as numbers.

    `profile` is the row in `Tables.go_s`, `start` and `end` are nodes; `may` : (n,) bool, which visits it
    is allowed and able to take. `pauses` are in the order in which they are taken, without those that lie
    outside the shift for sure. `capacity` is by goods, as `Tables.demand`.

    A crew that is `out` has begun: it leaves `start`, its position, exactly at `opens_s`. What it has done
    is taken off `max_visits`, `max_travel_s` and `max_distance_m`; `used` are the goods that its open trip
    has used, `first_s` when that trip's first sample was taken. Its order begins with `fixed`. The samples
    of a trip are handed in when they are `max_age_s` old at most. wish_s : (n,) seconds that each visit
    counts if it makes it; None for nothing. Up to `max_reloads` times it may go by the node `reload`, stay
    for `reload_s`, and begin a new trip (`trips`).
    """

    profile: int
    start: int
    end: int
    opens_s: int
    closes_s: int
    pauses: tuple[Pause, ...]
    capacity: tuple[int, ...]
    max_visits: int
    may: Bools
    max_travel_s: int = NO_LIMIT
    max_distance_m: int = NO_LIMIT
    team: int = 0
    shift: int = 0
    out: bool = False
    used: tuple[int, ...] = ()
    fixed: tuple[int, ...] = ()
    first_s: int | None = None
    max_age_s: int = NO_LIMIT
    wish_s: Ints | None = None
    reload: int = 0
    max_reloads: int = 0
    reload_s: int = 0

    @property
    def back_by_s(self) -> int:
        """Return when it must be back if it makes a visit.

        That is the end of its shift, or sooner if it carries a sample that it cannot hand in before.
        """
        if self.first_s is None or self.max_reloads:
            return self.closes_s
        return min(self.closes_s, self.first_s + self.max_age_s)

    @property
    def judged_whole(self) -> bool:
        """Return whether a route must be judged as a whole: it is cut into trips, or samples grow old."""
        return self.max_age_s < NO_LIMIT or self.max_reloads > 0

    @property
    def room(self) -> tuple[int, ...]:
        """Return what is left of its goods, below zero where it has used more than it carries."""
        return tuple(
            most - used
            for most, used in zip(self.capacity, self.used or (0,) * len(self.capacity), strict=True)
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Tables:
    """All that planning needs to know, of m nodes.

    The nodes `0 .. n - 1` are the visits. Then come the depots, the positions of teams that are out, and an
    end that is nowhere.

    go_s : (profiles, m, m) int64, seconds from leaving node `a` to the first moment of service at `b`:
        travel and the setup of `b` after `a`; FORBIDDEN where no street leads and where the infection rank
        would fall, or change where a route holds one class only. (A rank that never falls from stop to
        stop never falls on the route.)
    travel_s, distance_m : (profiles, m, m) int64, travel alone; FORBIDDEN where no street leads.
    service_s, rank, tier : (m,) int64; 0 for depots. demand : (m, goods) int64 likewise. `tier` counts the
        priorities that occur from 0, the most urgent.
    opens_s, closes_s : (m, w) int64, the windows of each node, ascending; NO_WINDOW where a node has fewer
        than `w`; depots are always open.
    arc_s : (m, m) int64, what legs cost in addition to travel (`Wishes`); None for nothing.
    done : (n,) bool, visits that have happened and are no longer to be planned; None for none.
    """

    n: int
    go_s: Ints
    travel_s: Ints
    distance_m: Ints
    service_s: Ints
    demand: Ints
    rank: Ints
    tier: Ints
    opens_s: Ints
    closes_s: Ints
    crews: tuple[Crew, ...]
    arc_s: Ints | None = None
    done: Bools | None = None

    def costing(self, table: Ints) -> Ints:
        """Return the (profiles, m, m) seconds of `table` with what legs cost in addition to travel."""
        return table if self.arc_s is None else np.minimum(table + self.arc_s, FORBIDDEN)

    @property
    def tiers(self) -> int:
        """Return how many priorities occur."""
        return int(self.tier.max(initial=0)) + 1


def alike(crews: Sequence[Crew]) -> tuple[int, ...]:
    """Return a number for each crew, the same for crews that do not differ in anything."""
    numbers: dict[tuple[object, ...], int] = {}
    keys = [
        (
            *(c.profile, c.start, c.end, c.opens_s, c.closes_s, c.capacity, c.max_visits, c.may.tobytes()),
            *(c.max_travel_s, c.max_distance_m, c.out, c.used, c.fixed, c.first_s, c.max_age_s),
            *(c.reload, c.max_reloads, c.reload_s),
            *((pause.earliest_s, pause.latest_s, pause.duration_s) for pause in c.pauses),
            None if c.wish_s is None else c.wish_s.tobytes(),
        )
        for c in crews
    ]
    return tuple(numbers.setdefault(key, len(numbers)) for key in keys)


class _Nodes:
    """What the nodes are: visits, depots, positions of teams that are out, and nowhere.

    keys : where each is in the matrices, None for nowhere. like : (m,) the visit that it is, or that was
        just made there; -1 for none.
    """

    def __init__(self, problem: Problem) -> None:
        visits, teams = problem.visits, problem.teams
        self.node = {visit.id: node for node, visit in enumerate(visits)}
        ends = (d for t in teams for d in (t.start, t.end, *((t.reload_at,) if t.max_reloads else ())))
        depots = tuple(dict.fromkeys(ends))
        self.n = len(visits)
        self.depot = {depot: self.n + place for place, depot in enumerate(depots)}
        self.keys: list[StopKey | None] = [visit_key(visit.id) for visit in visits]
        self.keys += [depot_key(depot) for depot in depots]
        like = [*range(self.n), *[-1] * len(depots)]
        self.locks = {(lock.team, lock.shift): lock for lock in problem.locks}
        self.stands: dict[tuple[TeamId, int], int] = {}
        for team in teams:
            for shift in range(len(team.shifts)):
                lock = self.locks.get((team.id, shift))
                if lock is not None and lock.done:
                    self.stands[team.id, shift] = len(like)
                    last = lock.done[-1].visit
                    like.append(-1 if last is None else self.node[last])
                    self.keys.append(depot_key(team.reload_at) if last is None else visit_key(last))
        self.nowhere = len(like)
        if any(team.open_end for team in teams):
            like.append(-1)
            self.keys.append(None)
        self.like = np.array(like, dtype=np.int64)
        self.m = len(like)


def tabulate(problem: Problem) -> Tables:
    """Turn the problem into numbers. Visits and teams keep their order; a team's shifts stay together."""
    visits, nodes = problem.visits, _Nodes(problem)
    n, m = nodes.n, nodes.m
    profiles = tuple(dict.fromkeys(team.profile for team in problem.teams))

    def column(values: list[int]) -> Ints:
        return np.array(values + [0] * (m - n), dtype=np.int64)

    rank = column([visit.infection_class.rank for visit in visits])
    priorities = sorted({visit.priority for visit in visits})
    setup, never = _setup(problem, nodes), _kept_apart(problem, nodes)
    travel, distance, go = [], [], []
    for profile in profiles:
        matrix = problem.travel[profile]
        stops, known = _positions(nodes, matrix)
        seconds, metres = (
            table[np.ix_(stops, stops)].astype(np.int64) for table in (matrix.duration_s, matrix.distance_m)
        )
        closed = (seconds >= UNREACHABLE) | ~(known[:, None] & known[None, :])
        for table in (seconds, metres, closed):
            table[:, nodes.nowhere :] = 0  # an open end is wherever the team is
        travel.append(np.where(closed, FORBIDDEN, seconds))
        distance.append(np.where(closed, FORBIDDEN, metres))
        go.append(np.where(closed | never, FORBIDDEN, seconds + setup))
    opens, closes = _windows(problem, m)
    demand = np.zeros((m, len(GOODS)), dtype=np.int64)
    demand[:n] = np.array([visit.demand for visit in visits], dtype=np.int64).reshape(n, len(GOODS))
    done = np.zeros(n, dtype=bool)
    done[
        [nodes.node[stop.visit] for lock in problem.locks for stop in lock.done if stop.visit is not None]
    ] = True
    crews = tuple(
        _crew(problem, nodes, team, shift, profiles, (travel, distance), done)
        for team in problem.teams
        for shift in range(len(team.shifts))
    )
    return Tables(
        n=n,
        go_s=_stack(go, m),
        travel_s=_stack(travel, m),
        distance_m=_stack(distance, m),
        service_s=column([visit.service_s for visit in visits]),
        demand=demand,
        rank=rank,
        tier=column([priorities.index(visit.priority) for visit in visits]),
        opens_s=opens,
        closes_s=closes,
        crews=crews,
        arc_s=_ways_between_areas(problem, nodes),
        done=done if done.any() else None,
    )


def _positions(nodes: _Nodes, matrix: TravelMatrix) -> tuple[Ints, Bools]:
    """Return the row of each node in the matrix, and whether it has one.

    A depot that only other profiles use may be missing.
    """
    found = np.array([-1 if key is None else matrix.index.get(key, -1) for key in nodes.keys], dtype=np.int64)
    return np.maximum(found, 0), found >= 0


def _stack(tables: list[Ints], m: int) -> Ints:
    return np.stack(tables) if tables else np.zeros((0, m, m), dtype=np.int64)


def _setup(problem: Problem, nodes: _Nodes) -> Ints:
    """Return the (m, m) seconds of setup at column `b` after row `a`, as `Problem` says; 0 at depots."""
    times: ServiceTimes = problem.settings.service
    places = [problem.places[visit.id] for visit in problem.visits]
    n = len(places)
    up = np.array([max(0, (place.access.floor or 1) - 1) for place in places], dtype=np.int64)
    lift = np.array([place.access.lift is True for place in places], dtype=bool)
    rank = np.array([visit.infection_class.rank for visit in problem.visits], dtype=np.int64)
    numbers = {entrance: number for number, entrance in enumerate({place.entrance_id for place in places})}
    entrance = np.array([numbers[place.entrance_id] for place in places], dtype=np.int64)
    climb = np.where(lift, np.where(up > 0, times.lift_s, 0), times.floor_s * up)
    setup = np.zeros((n + 1, nodes.m), dtype=np.int64)  # the last row: after no visit
    setup[:, :n] = times.entrance_s + climb
    shared = entrance[:, None] == entrance[None, :]
    by_lift = np.where(up[:, None] == up[None, :], 0, times.lift_s // 2)
    by_stairs = times.floor_s * np.maximum(0, up[None, :] - up[:, None])
    setup[:n, :n] = np.where(shared, np.where(lift[None, :], by_lift, by_stairs), setup[:n, :n])
    setup[:n, :n] += np.where(rank[:, None] < rank[None, :], times.gear_s, 0)
    return setup[nodes.like]


def _kept_apart(problem: Problem, nodes: _Nodes) -> Bools:
    """Return the (m, m) ways that the rule of classes forbids, given all that was done before the row."""
    before = [{visit.infection_class} for visit in problem.visits] + [set[InfectionClass]()] * (
        nodes.m - nodes.n
    )
    for key, node in nodes.stands.items():
        done = [
            problem.visits[nodes.node[stop.visit]] for stop in nodes.locks[key].done if stop.visit is not None
        ]
        before[node] = {visit.infection_class for visit in done}
    apart = problem.settings.class_rule is ClassRule.APART
    never = np.zeros((nodes.m, nodes.m), dtype=bool)
    kinds = {frozenset(classes) for classes in before}
    allowed = {
        (kind, after): all(c is after if apart else c.rank <= after.rank for c in kind)
        for kind in kinds
        for after in InfectionClass
    }
    classes = [visit.infection_class for visit in problem.visits]
    rows = {kind: np.array([not allowed[kind, after] for after in classes], dtype=bool) for kind in kinds}
    for node, kind in enumerate(before):
        never[node, : nodes.n] = rows[frozenset(kind)]
    return never


def _ways_between_areas(problem: Problem, nodes: _Nodes) -> Ints | None:
    """Return the (m, m) seconds that ways from one area into another count."""
    weight = problem.settings.wishes.compact_s
    if not weight:
        return None
    areas = ["", *sorted({visit.area for visit in problem.visits} - {""})]
    of = np.array([areas.index(visit.area) for visit in problem.visits] + [0], dtype=np.int64)[nodes.like]
    into = np.where(np.arange(nodes.m) < nodes.n, of, 0)
    return np.where(
        (of[:, None] > 0) & (into[None, :] > 0) & (of[:, None] != into[None, :]), weight, 0
    ).astype(np.int64)


def _wishes(problem: Problem, team: Team) -> Ints | None:
    """Return the (n,) seconds that visits by a team count that was not wished for."""
    weights = problem.settings.wishes
    if not (weights.home_area_s or weights.same_team_s or weights.little_change_s):
        return None
    found = np.zeros(len(problem.visits), dtype=np.int64)
    for node, visit in enumerate(problem.visits):
        away = bool(team.home_area and visit.area and visit.area != team.home_area)
        other = visit.last_team not in (None, team.id)
        changed = problem.before.get(visit.id, team.id) != team.id
        found[node] = (
            away * weights.home_area_s + other * weights.same_team_s + changed * weights.little_change_s
        )
    return found if found.any() else None


def _windows(problem: Problem, m: int) -> tuple[Ints, Ints]:
    width = max((len(visit.time_windows) for visit in problem.visits), default=0) or 1
    opens = np.full((m, width), NO_WINDOW, dtype=np.int64)
    closes = np.full((m, width), NO_WINDOW, dtype=np.int64)
    opens[:, 0], closes[:, 0] = 0, FORBIDDEN
    for node, visit in enumerate(problem.visits):
        for place, window in enumerate(sorted(visit.time_windows)):
            opens[node, place], closes[node, place] = window.start_s, window.end_s
    return opens, closes


def _crew(
    problem: Problem,
    nodes: _Nodes,
    team: Team,
    shift: int,
    profiles: tuple[Profile, ...],
    ways: tuple[Sequence[Ints], Sequence[Ints]],
    done: Bools,
) -> Crew:
    lock = nodes.locks.get((team.id, shift), Locks(team=team.id, shift=shift))
    span, profile = team.shifts[shift], profiles.index(team.profile)
    out = bool(lock.done) or lock.left_s is not None
    opens = max(span.start_s, lock.free_s)
    if out:
        opens = max(lock.free_s, lock.done[-1].departure_s if lock.done else lock.left_s or 0)
    pauses = sorted(
        (
            Pause(
                earliest_s=pause.window.start_s,
                latest_s=pause.window.end_s - pause.duration_s,
                duration_s=pause.duration_s,
            )
            for pause in team.breaks
        ),
        key=lambda pause: (pause.latest_s, pause.earliest_s),
    )
    pauses = [p for p in pauses if p.earliest_s + p.duration_s > opens and p.latest_s < span.end_s]
    if out:
        pauses = [p for p in pauses if opens <= p.latest_s]
    passed = [nodes.depot[team.start]]
    used, first = [0] * len(GOODS), None
    for stop in lock.done:
        if stop.visit is None:
            passed.append(nodes.depot[team.reload_at])
            used, first = [0] * len(GOODS), None
        else:
            passed.append(nodes.node[stop.visit])
            used = [
                so_far + more for so_far, more in zip(used, problem.visits[passed[-1]].demand, strict=True)
            ]
            first = stop.start_service_s if first is None else first
    gone_s, gone_m = (int(table[profile][passed[:-1], passed[1:]].sum()) for table in ways)
    fixed = tuple(nodes.node[visit] for visit in lock.order)
    return Crew(
        profile=profile,
        start=nodes.stands.get((team.id, shift), nodes.depot[team.start]),
        end=nodes.nowhere if team.open_end else nodes.depot[team.end],
        opens_s=opens,
        closes_s=span.end_s,
        pauses=tuple(pauses),
        capacity=tuple(NO_LIMIT if most is None else most for most in team.capacities),
        max_visits=NO_LIMIT
        if team.max_visits is None
        else team.max_visits - sum(s.visit is not None for s in lock.done),
        may=_may(problem, team) & ~done & ~_held(problem, nodes, lock),
        max_travel_s=NO_LIMIT if team.max_travel_s is None else team.max_travel_s - gone_s,
        max_distance_m=NO_LIMIT if team.max_distance_m is None else team.max_distance_m - gone_m,
        team=problem.teams.index(team),
        shift=shift,
        out=out,
        used=tuple(used),
        fixed=fixed,
        first_s=first,
        wish_s=_wishes(problem, team),
        max_age_s=NO_LIMIT
        if problem.settings.max_sample_age_s is None
        else problem.settings.max_sample_age_s,
        reload=nodes.depot[team.reload_at] if team.max_reloads else 0,
        max_reloads=max(0, team.max_reloads - sum(stop.visit is None for stop in lock.done)),
        reload_s=problem.settings.service.reload_s,
    )


def _may(problem: Problem, team: Team) -> Bools:
    """Return which visits, (n,) bool, the team may make by skills, class and the visits' choice of team."""
    classes = classes_of(problem, team)
    may = [
        visit.skills <= team.skills and visit.infection_class in classes and is_eligible(visit, team)
        for visit in problem.visits
    ]
    return np.array(may, dtype=bool)


def classes_of(problem: Problem, team: Team) -> frozenset[InfectionClass]:
    """Return the infection classes that the team takes."""
    if team.classes is not None:
        return team.classes
    by_row = problem.settings.class_rule is ClassRule.TEAMS
    return frozenset({InfectionClass.REGULAR} if by_row else InfectionClass)


def is_eligible(visit: Visit, team: Team) -> bool:
    """Say whether the visit asks for this team or for none, and does not refuse it."""
    return (visit.only_teams is None or team.id in visit.only_teams) and team.id not in visit.not_teams


def _held(problem: Problem, nodes: _Nodes, lock: Locks) -> Bools:
    """Return which visits (n,) are locked in the order of other routes."""
    held = np.zeros(nodes.n, dtype=bool)
    others = (visit for other in problem.locks if other is not lock for visit in other.order)
    held[[nodes.node[visit] for visit in others]] = True
    return held
