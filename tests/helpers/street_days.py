"""Days drawn by hand: doors along one straight street, so that every time can be reckoned on paper.

A door stands at its metre along the street, the depot `D` at 0 (a second one, `E`, where it is put). A
metre takes a second. Setup is switched off unless a test asks for it.
"""

from collections.abc import Mapping, Sequence
from typing import Self

import numpy as np
from hypothesis import strategies as st

from doorroute.model.place import Access, Place, Point, Precision
from doorroute.model.problem import Problem
from doorroute.model.resident import InfectionClass, Resident, ResidentId, Visit, VisitId, Window
from doorroute.model.settings import ServiceTimes, Settings
from doorroute.model.team import Break, Depot, DepotId, Profile, Team, TeamId
from doorroute.model.travel import UNREACHABLE, TravelMatrix, depot_key, visit_key
from doorroute.planning.core.score import Orders
from doorroute.planning.search.child import Job

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
        **{"id": TeamId(name), "start": DepotId("D"), "end": DepotId("D"), "shift": Window(EIGHT, NOON)}
        | changes
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
    stops = tuple(visit_key(VisitId(name)) for name in doors) + tuple(
        depot_key(DepotId(name)) for name in all_depots
    )
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
        return TravelMatrix(
            profile=profile, stops=stops, duration_s=seconds.astype(np.int32), distance_m=long
        )

    return Problem(
        visits=all_visits,
        places={VisitId(name): place(name) for name in doors},
        teams=tuple(teams),
        depots={DepotId(name): Depot(id=DepotId(name)) for name in all_depots},
        depot_places={DepotId(name): place(name) for name in all_depots},
        travel={profile: matrix(profile) for profile in Profile},
        settings=settings,
    )


class Nobody:
    """An engine that finds nothing: the search of our own is then alone, in this process."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def begin(self, job: Job) -> None:
        pass

    def news(self) -> list[Orders]:
        return []


@st.composite
def problems(draw: st.DrawFn, max_visits: int = 7, max_teams: int = 3) -> Problem:
    """Draw a small day in which any rule may bite, or contradict another."""
    doors = {f"V{i}": draw(st.integers(-1500, 1500)) for i in range(draw(st.integers(0, max_visits)))}
    skills = st.frozensets(st.sampled_from(["infant", "bedridden"]), max_size=2)
    visits = [
        visit(
            name,
            service_s=draw(st.integers(0, 1800)),
            time_windows=tuple(draw(st.lists(windows(), max_size=2))),
            infection_class=draw(st.sampled_from(InfectionClass)),
            kits=draw(st.integers(0, 3)),
            skills=draw(st.just(frozenset()) | skills),
            priority=draw(st.integers(1, 3)),
        )
        for name in doors
    ]
    teams = [
        team(
            f"T{i}",
            start=DepotId(draw(st.sampled_from("DE"))),
            end=DepotId(draw(st.sampled_from("DE"))),
            shift=draw(windows(least_s=600)),
            breaks=tuple(draw(st.lists(breaks(), max_size=2))),
            profile=draw(st.sampled_from(Profile)),
            skills=draw(skills),
            capacity=draw(st.none() | st.integers(0, 8)),
            max_visits=draw(st.none() | st.integers(0, 5)),
            max_travel_s=draw(st.none() | st.integers(0, 9000)),
            max_distance_m=draw(st.none() | st.integers(0, 6000)),
        )
        for i in range(draw(st.integers(0, max_teams)))
    ]
    stops = [*doors, "D", "E"]
    return street(
        doors,
        visits,
        teams,
        depots={"E": draw(st.integers(-500, 500))},
        entrances={name: draw(st.sampled_from(["gate", name])) for name in doors},
        access={
            name: Access(floor=draw(st.none() | st.integers(1, 6)), lift=draw(st.none() | st.booleans()))
            for name in doors
        },
        closed=draw(
            st.lists(
                st.tuples(st.sampled_from(stops), st.sampled_from(stops)).filter(lambda ab: ab[0] != ab[1]),
                max_size=4,
            )
        ),
        slow={Profile.FOOT: 3, Profile.BIKE: 2},
        settings=Settings(),
    )


def windows(least_s: int = 0) -> st.SearchStrategy[Window]:
    """Draw a window between seven and one o'clock, in minutes."""
    return st.tuples(st.integers(420, 760), st.integers(-(-least_s // 60), 240)).map(
        lambda drawn: Window(drawn[0] * 60, (drawn[0] + drawn[1]) * 60)
    )


def breaks() -> st.SearchStrategy[Break]:
    """Draw a break of up to half an hour."""
    return st.tuples(windows(least_s=600), st.integers(1, 30)).map(
        lambda drawn: Break(window=drawn[0], duration_s=min(drawn[1] * 60, drawn[0].end_s - drawn[0].start_s))
    )
