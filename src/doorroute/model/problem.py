"""A day to be planned: what the engines are given, and what the checker re-computes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from doorroute.model.place import Place
from doorroute.model.resident import Visit, VisitId
from doorroute.model.settings import Settings
from doorroute.model.team import Depot, DepotId, Profile, Team
from doorroute.model.travel import TravelMatrix, depot_key, visit_key


@dataclass(frozen=True, kw_only=True)
class Problem:
    """Located visits, teams, and the travel between them. Every id that one part names, the others know.

    Setup, in seconds, of visit `b` after the stop `a` on a route, with `s = settings.service`, `up(v)` = floors above the ground
    (`floor - 1`, at least 0; 0 where unknown) and the lift counting only where it is known to be there:

    - `a` is no visit, or has another `place.entrance_id`: `entrance_s`, plus `lift_s` if `b` has a lift and `up(b) > 0`,
      else plus `floor_s * up(b)`;
    - `a` shares the entrance: 0 with a lift if both are on one floor, `lift_s // 2` with a lift otherwise; without a lift
      `floor_s * max(0, up(b) - up(a))` (what goes up must come down: the way back down is paid with the way up).
    """

    visits: tuple[Visit, ...]
    places: Mapping[VisitId, Place]
    teams: tuple[Team, ...]
    depots: Mapping[DepotId, Depot]
    depot_places: Mapping[DepotId, Place]
    travel: Mapping[Profile, TravelMatrix]
    settings: Settings = Settings()

    def __post_init__(self) -> None:
        if len({visit.id for visit in self.visits}) != len(self.visits) or len({t.id for t in self.teams}) != len(
            self.teams
        ):
            raise ValueError("ids of visits and teams are unique")
        if any(visit.id not in self.places for visit in self.visits):
            raise ValueError("every visit of a problem has a place")
        for team in self.teams:
            stops = self.travel[team.profile].index
            if depot_key(team.start) not in stops or depot_key(team.end) not in stops:
                raise ValueError("every team's depots are in its travel matrix")
            if any(visit_key(visit.id) not in stops for visit in self.visits):
                raise ValueError("every visit is in every team's travel matrix")
