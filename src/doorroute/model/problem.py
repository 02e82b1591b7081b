"""The problem of one day: the input of the search, from which the checker recomputes the plan."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from doorroute.model.place import Place
from doorroute.model.resident import TeamId, Visit, VisitId
from doorroute.model.settings import Settings
from doorroute.model.team import Depot, DepotId, Profile, Team
from doorroute.model.travel import TravelMatrix, depot_key, visit_key


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """A stop that has happened: a visit, or a reload (`visit` None). It used up what the visit demands.

    Times in seconds after midnight: `arrival_s <= start_service_s <= departure_s`.
    """

    visit: VisitId | None
    arrival_s: int
    start_service_s: int
    departure_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Locks:
    """The fixed part of a team's route: the stops `done`, then the next stops `order`; the rest is free.

    `left_s` is when the team left (or leaves) `start`. From the last stop done it goes on at `free_s` at the
    earliest. Done stops use up goods, count as visits, set the infection class and begin trips, and the
    travel between them counts, as if they had been planned. They need not keep windows, shift or sample age.

    A limit already exceeded by done stops is not a violation, as long as no visit is planned after them; the
    team then only returns, however late, far or full it is. No visit may follow once shift, travel, goods or
    (on its trip) sample age are used up. For breaks, the time until the team is free counts as time before
    leaving (see `Break`); a break that is then too late is lost, and a route without further visits has none.
    """

    team: TeamId
    shift: int = 0
    left_s: int | None = None
    done: tuple[Done, ...] = ()
    order: tuple[VisitId, ...] = ()
    free_s: int = 0


@dataclass(frozen=True, kw_only=True)
class Problem:
    """Located visits, teams, and the travel between them. The parts refer to each other by id.

    Setup is the seconds from arrival at a door to the start of service. For visit `b` after the stop `a`,
    with `s = settings.service` and `up(v)` = floors above the ground (`floor - 1`, at least 0; 0 where
    unknown), and a lift only where one is known:

    - `a` is no visit, or has another `place.entrance_id`: `entrance_s`, plus `lift_s` if `b` has a lift and
      `up(b) > 0`, else plus `floor_s * up(b)`;
    - `a` shares the entrance: with a lift 0 on the same floor, else `lift_s // 2`; without a lift
      `floor_s * max(0, up(b) - up(a))` (climbing down again is included in climbing up);
    - plus `gear_s` if `a` is a visit and the class of `b` is higher than that of `a`.

    A *trip* goes from the start or a reload to the next reload or the end, where its samples are handed in.
    The sample age of a trip is the arrival there less `start_service_s` of its first visit. If
    `settings.max_sample_age_s` limits it, all ends and reloads are at labs.

    The infection rank never falls on a route, even across reloads (`ClassRule`). `locks` say what has
    happened and what is fixed; `before` is each visit's team in the previous plan, for the wish of little
    change.
    """

    visits: tuple[Visit, ...]
    places: Mapping[VisitId, Place]
    teams: tuple[Team, ...]
    depots: Mapping[DepotId, Depot]
    depot_places: Mapping[DepotId, Place]
    travel: Mapping[Profile, TravelMatrix]
    settings: Settings = Settings()
    locks: tuple[Locks, ...] = ()
    before: Mapping[VisitId, TeamId] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if len({visit.id for visit in self.visits}) != len(self.visits) or len(
            {t.id for t in self.teams}
        ) != len(self.teams):
            raise ValueError("ids of visits and teams are unique")
        if any(visit.id not in self.places for visit in self.visits):
            raise ValueError("every visit of a problem has a place")
        for team in self.teams:
            stops = self.travel[team.profile].index
            if depot_key(team.start) not in stops or depot_key(team.end) not in stops:
                raise ValueError("every team's depots are in its travel matrix")
            if any(visit_key(visit.id) not in stops for visit in self.visits):
                raise ValueError("every visit is in every team's travel matrix")
            if team.max_reloads and depot_key(team.reload_at) not in stops:
                raise ValueError("every depot of reloads is in its team's travel matrix")
        self._check_labs()
        self._check_locks()

    def rows_of(self, visits: Collection[VisitId]) -> frozenset[int]:
        """Return the rows of the residents of these visits."""
        return frozenset(one.row for visit in self.visits if visit.id in visits for one in visit.residents)

    def _check_labs(self) -> None:
        if self.settings.max_sample_age_s is None:
            return
        labs = {depot.id for depot in self.depots.values() if depot.lab} or set(self.depots)
        for team in self.teams:
            ends = {team.end} | ({team.reload_at} if team.max_reloads else set())
            if team.open_end or not ends <= labs:
                raise ValueError("where samples may not grow old, every trip ends at a lab")

    def _check_locks(self) -> None:
        known, teams = {visit.id for visit in self.visits}, {team.id: team for team in self.teams}
        held = [
            visit
            for lock in self.locks
            for visit in (*(done.visit for done in lock.done if done.visit), *lock.order)
        ]
        if len(set(held)) != len(held) or not set(held) <= known:
            raise ValueError("locks name visits of the problem, each once")
        routes = [(lock.team, lock.shift) for lock in self.locks]
        if len(set(routes)) != len(routes) or any(
            team not in teams or not 0 <= shift < len(teams[team].shifts) for team, shift in routes
        ):
            raise ValueError("locks name shifts of the problem's teams, each once")
