"""Days drawn by hand: doors along one straight street, so that every time can be reckoned on paper.

A door stands at its metre along the street, the depot `D` at 0 (a second one, `E`, where it is put). A metre takes a second. Setup is switched off
unless a test asks for it.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from doorroute.model.place import Access, Place, Point, Precision
from doorroute.model.problem import Problem
from doorroute.model.resident import InfectionClass, Resident, ResidentId, Visit, VisitId, Window
from doorroute.model.settings import ServiceTimes, Settings
from doorroute.model.team import Depot, DepotId, Profile, Team, TeamId
from doorroute.model.travel import UNREACHABLE, TravelMatrix, depot_key, visit_key

NO_SETUP = Settings(service=ServiceTimes(entrance_s=0, lift_s=0, floor_s=0))
EIGHT = 8 * 3600
TEN = 10 * 3600
NOON = 12 * 3600


def visit(name: str, **changes: object) -> Visit:
    """Return a visit of five minutes, at any time, by anyone."""
    residents = (Resident(id=ResidentId(f"R-{name}"), row=2),)
    return Visit(**{"id": VisitId(name), "residents": residents, "service_s": 300} | changes)


def team(name: str = "T1", **changes: object) -> Team:
    """Return a team on foot from `D` and back, from eight to twelve, without limits."""
    return Team(
        **{"id": TeamId(name), "start": DepotId("D"), "end": DepotId("D"), "shift": Window(EIGHT, NOON)} | changes
    )


def street(
    doors: Mapping[str, int],
    visits: Sequence[Visit] = (),
    teams: Sequence[Team] = (team(),),
    *,
    depots: Mapping[str, int] | None = None,
    entrances: Mapping[str, str] | None = None,
    access: Mapping[str, Access] | None = None,
    closed: Sequence[tuple[str, str]] = (),
    slow: Mapping[Profile, int] | None = None,
    settings: Settings = NO_SETUP,
) -> Problem:
    """Return the day on a street with `doors` (name to metre); doors not among `visits` are plain visits.

    `closed` are ways (from, to) that no street takes; `slow` the seconds that a profile takes a metre.
    """
    named = {door.id: door for door in visits}
    all_visits = tuple(named.get(VisitId(name)) or visit(name) for name in doors)
    all_depots = {"D": 0} | dict(depots or {})
    names = [*doors, *all_depots]
    metres = np.array([*doors.values(), *all_depots.values()], dtype=np.int64)
    distance = np.abs(metres[:, None] - metres[None, :]).astype(np.int32)
    stops = tuple(visit_key(VisitId(name)) for name in doors) + tuple(depot_key(DepotId(name)) for name in all_depots)
    gaps = [(names.index(a), names.index(b)) for a, b in closed]

    def place(name: str) -> Place:
        return Place(
            point=Point(25.0, 60.0),
            precision=Precision.GIVEN,
            score=1.0,
            source="given",
            entrance_id=(entrances or {}).get(name, name),
            access=(access or {}).get(name, Access()),
        )

    def matrix(profile: Profile) -> TravelMatrix:
        seconds = distance * (slow or {}).get(profile, 1)
        long = distance.copy()
        for gap in gaps:
            seconds[gap] = long[gap] = UNREACHABLE
        return TravelMatrix(profile=profile, stops=stops, duration_s=seconds.astype(np.int32), distance_m=long)

    return Problem(
        visits=all_visits,
        places={VisitId(name): place(name) for name in doors},
        teams=tuple(teams),
        depots={DepotId(name): Depot(id=DepotId(name)) for name in all_depots},
        depot_places={DepotId(name): place(name) for name in all_depots},
        travel={profile: matrix(profile) for profile in Profile},
        settings=settings,
    )


__all__ = ["EIGHT", "NOON", "NO_SETUP", "TEN", "InfectionClass", "street", "team", "visit"]
