"""A small day drawn by hand: six street corners, seven doors, two teams, and its plan computed on paper.

       120 s          240 s up, 180 s down
a (D1) ------- b (V1 V2) ------- c (V3)
  |              |                 |
  | 180 s        | 60 s            | 300 s            on foot; the car's seconds are in CAR,
  |              |                 |                  where b leads to e, but e not to b
d (D2, V7) --- e (V5 V6) ------- f (V4)
       360 s          120 s
"""

from dataclasses import replace
from itertools import product
from typing import NamedTuple

import numpy as np
import pytest

from doorroute.checker import check
from doorroute.model.place import Access, Place, Point, Precision
from doorroute.model.plan import (
    NotLocated,
    Plan,
    Reason,
    Rejected,
    Route,
    Step,
    StepType,
    Summary,
    Unassigned,
)
from doorroute.model.problem import Problem
from doorroute.model.resident import InfectionClass, Resident, ResidentId, Visit, VisitId, Window
from doorroute.model.settings import Objective
from doorroute.model.team import Break, Depot, DepotId, Profile, Team, TeamId
from doorroute.model.travel import UNREACHABLE, StopKey, TravelMatrix, depot_key, visit_key
from doorroute.texts import msg

CORNERS = {
    "a": Point(24.9400, 60.1700),
    "b": Point(24.9427, 60.1700),
    "c": Point(24.9481, 60.1700),
    "d": Point(24.9400, 60.1680),
    "e": Point(24.9427, 60.1680),
    "f": Point(24.9454, 60.1680),
}
# from, to: seconds, metres
FOOT = (
    "ab 120 150, ba 120 150, bc 240 300, cb 180 300, de 360 450, ed 360 450, ef 120 150, fe 120 150, "
    "ad 180 225, da 180 225, be 60 75, eb 60 75, cf 300 375, fc 300 375"
)
CAR = (
    "ab 40 150, ba 40 150, bc 60 300, cb 60 300, de 90 450, ed 90 450, ef 30 150, fe 30 150, "
    "ad 60 225, da 60 225, be 20 75, cf 75 375, fc 75 375"
)
DEPOTS = {"D1": "a", "D2": "d"}
DOORS = {"V1": "b", "V2": "b", "V3": "c", "V4": "f", "V5": "e", "V6": "e", "V7": "d"}


class Drawn(NamedTuple):
    """The day and its plan, with methods to change one thing; `residents_by_row` and `rows` of the list."""

    problem: Problem
    plan: Plan
    residents_by_row: dict[int, ResidentId]
    rows: frozenset[int]

    def broken(self, *, problem=None, routes=None, unassigned=None) -> set[str]:
        """Return the names of the rules that the checker finds broken."""
        violations = check(
            self.problem if problem is None else problem,
            self.plan.routes if routes is None else routes,
            self.plan.unassigned if unassigned is None else unassigned,
        )
        return {violation.rule for violation in violations}

    def with_visit(self, visit: str, /, **changes: object) -> Problem:
        visits = (replace(v, **changes) if v.id == visit else v for v in self.problem.visits)
        return replace(self.problem, visits=tuple(visits))

    def with_team(self, team: str, /, **changes: object) -> Problem:
        teams = (replace(t, **changes) if t.id == team else t for t in self.problem.teams)
        return replace(self.problem, teams=tuple(teams))

    def with_place(self, visit: str, /, **changes: object) -> Problem:
        place = replace(self.problem.places[VisitId(visit)], **changes)
        return replace(self.problem, places=self.problem.places | {VisitId(visit): place})

    def with_way(self, profile: Profile, start: StopKey, end: StopKey, seconds: int, metres: int) -> Problem:
        matrix = self.problem.travel[profile]
        cell = matrix.index[start], matrix.index[end]
        duration_s, distance_m = matrix.duration_s.copy(), matrix.distance_m.copy()
        duration_s[cell], distance_m[cell] = seconds, metres
        changed = replace(matrix, duration_s=duration_s, distance_m=distance_m)
        return replace(self.problem, travel=self.problem.travel | {profile: changed})

    def with_route(self, team: str, /, **changes: object) -> tuple[Route, ...]:
        return tuple(replace(r, **changes) if r.team == team else r for r in self.plan.routes)

    def with_step(self, team: str, position: int, /, **changes: object) -> tuple[Route, ...]:
        steps = list(self.route(team).steps)
        steps[position] = replace(steps[position], **changes)
        return self.with_route(team, steps=tuple(steps))

    def route(self, team: str) -> Route:
        return next(route for route in self.plan.routes if route.team == team)


@pytest.fixture(scope="session")
def drawn() -> Drawn:
    """Return the day drawn by hand, with a sound plan for it."""
    problem = _problem()
    by_row = {resident.row: resident.id for visit in problem.visits for resident in visit.residents}
    return Drawn(problem, _plan(), by_row | {12: ResidentId("R12")}, frozenset(range(2, 13)))


def _problem() -> Problem:
    visits = (
        _visit("V1", "R1 R2", service_s=420),
        _visit("V2", "R3", service_s=240),
        _visit(
            "V3",
            "R4",
            service_s=240,
            time_windows=(Window(30600, 32400), Window(36000, 39600)),
            infection_class=InfectionClass.YELLOW,
        ),
        _visit(
            "V4", "R5", service_s=240, infection_class=InfectionClass.ISOLATED, skills=frozenset({"infant"})
        ),
        _visit("V5", "R6", service_s=240),
        _visit("V6", "R7 R8", service_s=420, infection_class=InfectionClass.YELLOW),
        _visit("V7", "R9", service_s=240),
    )
    entrances = {
        "V1": ("b1", Access(floor=3)),  # no lift
        "V2": ("b1", Access(floor=5, lift=False)),
        "V3": ("c1", Access(floor=4, lift=True)),
        "V4": ("f1", Access(floor=1)),
        "V5": ("e1", Access(floor=2, lift=True)),
        "V6": ("e1", Access(floor=6, lift=True)),
        "V7": ("d1", Access()),
    }
    teams = (
        Team(
            id=TeamId("T1"),
            start=DepotId("D1"),
            end=DepotId("D1"),
            shift=Window(28800, 43200),
            breaks=(Break(window=Window(30600, 34200), duration_s=900),),
        ),
        Team(
            id=TeamId("T2"),
            start=DepotId("D2"),
            end=DepotId("D1"),
            shift=Window(28800, 39600),
            profile=Profile.CAR,
            skills=frozenset({"infant", "night"}),
            capacity=4,
            max_visits=3,
        ),
    )
    return Problem(
        visits=visits,
        places={
            VisitId(visit): _place(DOORS[visit], entrance, access)
            for visit, (entrance, access) in entrances.items()
        },
        teams=teams,
        depots={DepotId(name): Depot(id=DepotId(name)) for name in ("D1", "D2")},
        depot_places={DepotId("D1"): _place("a", "a0"), DepotId("D2"): _place("d", "d0")},
        travel={Profile.FOOT: _travel(Profile.FOOT, FOOT), Profile.CAR: _travel(Profile.CAR, CAR)},
    )


def _visit(name: str, residents: str, **more: object) -> Visit:
    people = tuple(Resident(id=ResidentId(r), row=int(r.removeprefix("R")) + 1) for r in residents.split())
    return Visit(id=VisitId(name), residents=people, kits=len(people), **more)


def _place(corner: str, entrance: str, access: Access = Access()) -> Place:
    return Place(
        point=CORNERS[corner],
        precision=Precision.BUILDING,
        score=1.0,
        source="drawn",
        entrance_id=entrance,
        access=access,
    )


def _travel(profile: Profile, streets: str) -> TravelMatrix:
    """Return the shortest ways between all stops, by Floyd and Warshall."""
    shortest = {a + b: (0, 0) if a == b else (UNREACHABLE, UNREACHABLE) for a in CORNERS for b in CORNERS}
    for street in streets.split(", "):
        way, seconds, metres = street.split()
        shortest[way] = (int(seconds), int(metres))
    for via, a, b in product(CORNERS, repeat=3):
        first, second = shortest[a + via], shortest[via + b]
        shortest[a + b] = min(shortest[a + b], (first[0] + second[0], first[1] + second[1]))
    corner_of = {depot_key(DepotId(depot)): corner for depot, corner in DEPOTS.items()}
    corner_of |= {visit_key(VisitId(visit)): corner for visit, corner in DOORS.items()}
    ways = np.array(
        [[shortest[a + b] for b in corner_of.values()] for a in corner_of.values()], dtype=np.int32
    )
    return TravelMatrix(
        profile=profile,
        stops=tuple(corner_of),
        duration_s=ways[:, :, 0].copy(),
        distance_m=ways[:, :, 1].copy(),
    )


def _plan() -> Plan:
    on_foot = Route(
        team=TeamId("T1"),
        profile=Profile.FOOT,
        start_s=28800,
        finish_s=32040,
        travel_s=660,  # 120 + 0 + 240 + 300
        service_s=1200,  # 540 + 300 + 360
        waiting_s=480,
        distance_m=900,  # 150 + 0 + 300 + 450
        steps=(
            _depot_step(StepType.START, "a", 28800, load=0),
            # gate and hall 60 s, two floors of stairs 60 s; two residents
            _visit_step("V1", "R1 R2", 28920, setup_s=120, service_s=420, load=2),
            # two floors more
            _visit_step("V2", "R3", 29460, setup_s=60, service_s=240, load=3),
            # ten minutes too early, two of them spent on gate and lift
            _visit_step("V3", "R4", 30000, waiting_s=480, setup_s=120, service_s=240, load=4),
            Step(
                type=StepType.BREAK,
                arrival_s=30840,
                start_service_s=30840,
                service_s=900,
                departure_s=31740,
                load=(4, 0, 0),
            ),
            # down to b 180 s, home 120 s
            _depot_step(StepType.END, "a", 32040, load=4),
        ),
        geometry=tuple(CORNERS[corner] for corner in "abcba"),
    )
    by_car = Route(
        team=TeamId("T2"),
        profile=Profile.CAR,
        start_s=29400,
        finish_s=30805,
        travel_s=295,  # 90 + 0 + 30 + 175
        service_s=1110,  # 360 + 450 + 300
        waiting_s=0,
        distance_m=1425,  # 450 + 0 + 150 + 825
        steps=(
            _depot_step(StepType.START, "d", 29400, load=0),
            _visit_step("V5", "R6", 29490, setup_s=120, service_s=240, load=1),
            # half a ride of the lift
            _visit_step("V6", "R7 R8", 29850, setup_s=30, service_s=420, load=3),
            _visit_step("V4", "R5", 30330, setup_s=60, service_s=240, load=4),
            # f c b a: 75 + 60 + 40, since e leads to no b
            _depot_step(StepType.END, "a", 30805, load=4),
        ),
        geometry=tuple(CORNERS[corner] for corner in "defcba"),
    )
    left_out = Unassigned(
        visit=VisitId("V7"),
        residents=(ResidentId("R9"),),
        code=Reason.NO_ROOM_LEFT,
        ever=True,
        detail=msg("No team has {minutes} minutes left.", minutes=9),
        remedy=msg("Send one more team."),
    )
    return Plan(
        date="2022-04-06",
        objective=Objective.FINISH,
        seed=1,
        routes=(on_foot, by_car),
        unassigned=(left_out,),
        summary=Summary(
            residents=9,
            visits=7,
            assigned=6,
            unassigned=1,
            finish_s=32040,
            lower_bound_finish_s=30000,
            longest_s=3240,
            mean_s=2322,
            travel_s=955,
            service_s=2310,
            waiting_s=480,
            distance_m=2325,
            teams=2,
            lower_bound_travel_s=900,
            lower_bound_teams=1,
        ),
        not_located=(
            NotLocated(row=12, resident=ResidentId("R12"), code=Reason.NO_LOCATION, address="Nowhere 1"),
        ),
        rejected=(Rejected(row=11, code="BLANK_ROW", column="", message=msg("The row is blank.")),),
    )


def _depot_step(kind: StepType, corner: str, at_s: int, load: int) -> Step:
    return Step(
        type=kind,
        location=CORNERS[corner],
        arrival_s=at_s,
        start_service_s=at_s,
        departure_s=at_s,
        load=(load, 0, 0),
    )


def _visit_step(
    name: str, residents: str, arrival_s: int, *, setup_s: int, service_s: int, load: int, waiting_s: int = 0
) -> Step:
    start_s = arrival_s + waiting_s + setup_s
    return Step(
        type=StepType.VISIT,
        visit=VisitId(name),
        residents=tuple(ResidentId(resident) for resident in residents.split()),
        location=CORNERS[DOORS[name]],
        arrival_s=arrival_s,
        waiting_s=waiting_s,
        setup_s=setup_s,
        start_service_s=start_s,
        service_s=service_s,
        departure_s=start_s + service_s,
        load=(load, 0, 0),
    )
