"""The problem as numbers: what the schedule and every engine compute with. No name, address or id gets past here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from doorroute.model.problem import Problem
from doorroute.model.settings import ServiceTimes
from doorroute.model.team import DepotId, Profile, Team
from doorroute.model.travel import UNREACHABLE, TravelMatrix, depot_key, visit_key

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

FORBIDDEN: Final = UNREACHABLE
"""Seconds of a way that may not be gone: later than any shift ends, and thousands of them add up without overflow."""

NO_LIMIT: Final = 2**40
"""Stands for the capacity, number of visits, travel or distance of a team that has no limit."""

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
    """A team as numbers.

    `profile` is the row in `Tables.go_s`, `start` and `end` are nodes; `may` : (n,) bool, which visits it has the skills for. `pauses` are in the
    order in which they are taken, without those that lie outside the shift for sure.
    """

    profile: int
    start: int
    end: int
    opens_s: int
    closes_s: int
    pauses: tuple[Pause, ...]
    capacity: int
    max_visits: int
    may: Bools
    max_travel_s: int = NO_LIMIT
    max_distance_m: int = NO_LIMIT


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Tables:
    """All that planning needs to know, with `n` visits as the nodes `0 .. n-1` and the depots behind them (`m` nodes in all).

    go_s : (profiles, m, m) int64, seconds from leaving node `a` to the first moment of service at `b`: travel and the setup of `b` after `a`;
        FORBIDDEN where no street leads and where the infection rank would fall. (A rank that falls nowhere from stop to stop falls
        nowhere on the route.)
    travel_s, distance_m : (profiles, m, m) int64, travel alone; FORBIDDEN where no street leads.
    service_s, kits, rank, tier : (m,) int64; 0 for depots. `tier` counts the priorities that occur from 0, the most urgent.
    opens_s, closes_s : (m, w) int64, the windows of each node, ascending; NO_WINDOW where a node has fewer than `w`; depots are always open.
    """

    n: int
    go_s: Ints
    travel_s: Ints
    distance_m: Ints
    service_s: Ints
    kits: Ints
    rank: Ints
    tier: Ints
    opens_s: Ints
    closes_s: Ints
    crews: tuple[Crew, ...]

    @property
    def tiers(self) -> int:
        """Return how many priorities occur."""
        return int(self.tier.max(initial=0)) + 1


def alike(crews: Sequence[Crew]) -> tuple[int, ...]:
    """Return a number for each team, the same for those that are alike in everything."""
    numbers: dict[tuple[object, ...], int] = {}
    keys = [
        (
            *(c.profile, c.start, c.end, c.opens_s, c.closes_s, c.capacity, c.max_visits, c.may.tobytes()),
            *(c.max_travel_s, c.max_distance_m),
            *((pause.earliest_s, pause.latest_s, pause.duration_s) for pause in c.pauses),
        )
        for c in crews
    ]
    return tuple(numbers.setdefault(key, len(numbers)) for key in keys)


def tabulate(problem: Problem) -> Tables:
    """Turn the problem into numbers; visits and teams keep their order."""
    visits, n = problem.visits, len(problem.visits)
    depots = tuple(dict.fromkeys(depot for team in problem.teams for depot in (team.start, team.end)))
    profiles = tuple(dict.fromkeys(team.profile for team in problem.teams))
    m = n + len(depots)

    def column(values: list[int]) -> Ints:
        return np.array(values + [0] * len(depots), dtype=np.int64)

    rank = column([visit.infection_class.rank for visit in visits])
    priorities = sorted({visit.priority for visit in visits})
    setup = _setup(problem, m)
    falls = (rank[:, None] > rank[None, :]) & (np.arange(m) < n)[None, :]
    travel, distance, go = [], [], []
    for profile in profiles:
        matrix = problem.travel[profile]
        stops, known = _positions(problem, matrix, depots)
        seconds, metres = (
            table[np.ix_(stops, stops)].astype(np.int64) for table in (matrix.duration_s, matrix.distance_m)
        )
        closed = (seconds >= UNREACHABLE) | ~(known[:, None] & known[None, :])
        travel.append(np.where(closed, FORBIDDEN, seconds))
        distance.append(np.where(closed, FORBIDDEN, metres))
        go.append(np.where(closed | falls, FORBIDDEN, seconds + setup))
    opens, closes = _windows(problem, m)
    return Tables(
        n=n,
        go_s=_stack(go, m),
        travel_s=_stack(travel, m),
        distance_m=_stack(distance, m),
        service_s=column([visit.service_s for visit in visits]),
        kits=column([visit.kits for visit in visits]),
        rank=rank,
        tier=column([priorities.index(visit.priority) for visit in visits]),
        opens_s=opens,
        closes_s=closes,
        crews=tuple(_crew(problem, team, profiles, depots) for team in problem.teams),
    )


def _positions(problem: Problem, matrix: TravelMatrix, depots: tuple[DepotId, ...]) -> tuple[Ints, Bools]:
    """Return where each node stands in the matrix, and whether it does: a depot that only other profiles use may be missing."""
    keys = [visit_key(visit.id) for visit in problem.visits] + [depot_key(depot) for depot in depots]
    found = np.array([matrix.index.get(key, -1) for key in keys], dtype=np.int64)
    return np.maximum(found, 0), found >= 0


def _stack(tables: list[Ints], m: int) -> Ints:
    return np.stack(tables) if tables else np.zeros((0, m, m), dtype=np.int64)


def _setup(problem: Problem, m: int) -> Ints:
    """Return the (m, m) seconds of setup at column `b` after row `a`, as `Problem` says; 0 at depots."""
    times: ServiceTimes = problem.settings.service
    places = [problem.places[visit.id] for visit in problem.visits]
    n = len(places)
    up = np.array([max(0, (place.access.floor or 1) - 1) for place in places], dtype=np.int64)
    lift = np.array([place.access.lift is True for place in places], dtype=bool)
    numbers = {entrance: number for number, entrance in enumerate({place.entrance_id for place in places})}
    entrance = np.array([numbers[place.entrance_id] for place in places], dtype=np.int64)
    climb = np.where(lift, np.where(up > 0, times.lift_s, 0), times.floor_s * up)
    setup = np.zeros((m, m), dtype=np.int64)
    setup[:, :n] = times.entrance_s + climb
    shared = entrance[:, None] == entrance[None, :]
    by_lift = np.where(up[:, None] == up[None, :], 0, times.lift_s // 2)
    by_stairs = times.floor_s * np.maximum(0, up[None, :] - up[:, None])
    setup[:n, :n] = np.where(shared, np.where(lift[None, :], by_lift, by_stairs), setup[:n, :n])
    return setup


def _windows(problem: Problem, m: int) -> tuple[Ints, Ints]:
    width = max((len(visit.time_windows) for visit in problem.visits), default=0) or 1
    opens = np.full((m, width), NO_WINDOW, dtype=np.int64)
    closes = np.full((m, width), NO_WINDOW, dtype=np.int64)
    opens[:, 0], closes[:, 0] = 0, FORBIDDEN
    for node, visit in enumerate(problem.visits):
        for place, window in enumerate(sorted(visit.time_windows)):
            opens[node, place], closes[node, place] = window.start_s, window.end_s
    return opens, closes


def _crew(problem: Problem, team: Team, profiles: tuple[Profile, ...], depots: tuple[DepotId, ...]) -> Crew:
    n = len(problem.visits)
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
    shift = team.shift
    pauses = [p for p in pauses if p.earliest_s + p.duration_s > shift.start_s and p.latest_s < shift.end_s]
    return Crew(
        profile=profiles.index(team.profile),
        start=n + depots.index(team.start),
        end=n + depots.index(team.end),
        opens_s=team.shift.start_s,
        closes_s=team.shift.end_s,
        pauses=tuple(pauses),
        capacity=NO_LIMIT if team.capacity is None else team.capacity,
        max_visits=NO_LIMIT if team.max_visits is None else team.max_visits,
        may=np.array([visit.skills <= team.skills for visit in problem.visits], dtype=bool),
        max_travel_s=NO_LIMIT if team.max_travel_s is None else team.max_travel_s,
        max_distance_m=NO_LIMIT if team.max_distance_m is None else team.max_distance_m,
    )
