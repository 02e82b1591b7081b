"""A small planned day on the sample's streets, for tests of pages and exports; `cell` stands in every column
of text.
"""

from itertools import pairwise

import numpy as np

from doorroute.model.directions import Direction, DirectionKind
from doorroute.model.finding import Finding, FindingCode, Severity
from doorroute.model.place import Access, Candidate, Place, Point, Precision
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
from doorroute.model.settings import Objective, Settings
from doorroute.model.team import Depot, DepotId, Profile, Team, TeamId
from doorroute.model.travel import TravelMatrix, depot_key, visit_key
from doorroute.texts import literal, msg

LEG_S = 300
LEG_M = 330
WEST, SOUTH = 24.940, 60.166
CLASSES = tuple(InfectionClass)
DIRECTIONS = (
    Direction(name="Mannerheimintie", metres=180),
    Direction(kind=DirectionKind.STEPS_UP, metres=12),
    Direction(name="Kaivokatu", metres=138),
)


def day(*, teams=2, visits=6, cell=None, names=None, shares=None, travel=True, settings=()):
    """Return plan, problem and findings; the last visit is on no route. `shares` are the visits of each team
    by number, in turn if not given; without `travel` its table is of noughts; `settings` are pairs of a name
    and a value.
    """
    said = cell or ""
    depot = DepotId(f"Depot {said}".strip())
    everyone = tuple(_visit(number, cell) for number in range(1, visits + 1))
    places = {visit.id: _place(number) for number, visit in enumerate(everyone)}
    home = Place(
        point=Point(24.9441, 60.1699), precision=Precision.GIVEN, score=1, source="given", entrance_id="d"
    )
    ids = names or [f"T{number} {said}".strip() for number in range(1, teams + 1)]
    crew = tuple(Team(id=TeamId(name), start=depot, end=depot, shift=Window(28800, 43200)) for name in ids)
    on_routes, left = everyone[:-1], everyone[-1]
    chosen = (
        [on_routes[number :: len(crew)] for number in range(len(crew))]
        if shares is None
        else [[everyone[number - 1] for number in share] for share in shares]
    )
    routes = tuple(_route(team, share, places, home.point) for team, share in zip(crew, chosen, strict=True))
    problem = Problem(
        visits=everyone,
        places=places,
        teams=crew,
        depots={depot: Depot(id=depot, address=f"Depot street {said}", lab=True)},
        depot_places={depot: home},
        travel={Profile.FOOT: _travel(depot, everyone, apart=travel)},
        settings=Settings(**dict(settings)),
    )
    return _plan(routes, left, said, visits), problem, _findings(said)


def _visit(number, cell):
    def text(kind):
        return cell or f"{kind} {number}"

    people = tuple(
        Resident(
            id=ResidentId(f"R{number}{letter}"),
            row=2 * number + place,
            name=f"{text('Name')}{letter}" if cell is None else cell,
            phone=cell or f"+358 40 55{number:02d} {place}77",
            address=text("Secretstreet"),
            note=text("Note"),
        )
        for place, letter in enumerate("ab"[: 1 + number % 2])
    )
    return Visit(
        id=VisitId(f"V{number}"),
        residents=people,
        address=text("Secretstreet"),
        access=Access(
            building=text("B"), unit=text("U"), floor=number, lift=number % 2 == 0, room=text("Room")
        ),
        service_s=240,
        time_windows=(Window(32400, 39600),) if number % 3 == 0 else (),
        infection_class=CLASSES[number % 3],
        kits=len(people),
    )


def _place(number):
    point = Point(
        round(WEST + 0.0015 * (number % 6), 5),
        round(SOUTH + 0.001 * (number // 6) + 0.0003 * number % 0.004, 5),
    )
    return Place(
        point=point, precision=Precision.BUILDING, score=0.97, source="extract", entrance_id=f"e{number}"
    )


def _route(team, share, places, home):
    points = [home, *(places[visit.id].point for visit in share), home]
    now = 28800
    steps = [Step(type=StepType.START, location=home, arrival_s=now, start_service_s=now, departure_s=now)]
    for visit in share:
        now += LEG_S
        times = {
            "arrival_s": now,
            "setup_s": 60,
            "start_service_s": now + 60,
            "service_s": 240,
            "departure_s": now + 300,
        }
        steps.append(
            Step(
                type=StepType.VISIT,
                visit=visit.id,
                residents=visit.resident_ids,
                location=places[visit.id].point,
                directions=DIRECTIONS,
                **times,
            )
        )
        now += 300
    now += LEG_S
    steps.append(Step(type=StepType.END, location=home, arrival_s=now, start_service_s=now, departure_s=now))
    legs = len(share) + 1
    geometry = [part for a, b in pairwise(points) for part in (a, Point(b.lon, a.lat), b)]
    return Route(
        team=team.id,
        profile=Profile.FOOT,
        start_s=28800,
        finish_s=now,
        travel_s=legs * LEG_S,
        service_s=len(share) * 300,
        waiting_s=0,
        distance_m=legs * LEG_M,
        steps=tuple(steps),
        geometry=tuple(geometry),
    )


def _travel(depot, visits, *, apart):
    stops = (depot_key(depot), *(visit_key(visit.id) for visit in visits))
    if not apart:  # a broadcast takes no memory, however many stops there are
        noughts = np.broadcast_to(np.int32(0), (len(stops), len(stops)))
        return TravelMatrix(profile=Profile.FOOT, stops=stops, duration_s=noughts, distance_m=noughts)
    legs = 1 - np.eye(len(stops), dtype=np.int32)
    return TravelMatrix(
        profile=Profile.FOOT,
        stops=stops,
        duration_s=(legs * LEG_S).astype(np.int32),
        distance_m=(legs * LEG_M).astype(np.int32),
    )


def _plan(routes, left, said, visits):
    candidate = Candidate(
        label=f"Candidatestreet {said}".strip(),
        point=Point(24.945, 60.168),
        precision=Precision.BUILDING,
        score=0.84,
    )
    return Plan(
        date="2022-04-06",
        objective=Objective.FINISH,
        seed=1,
        routes=routes,
        unassigned=(
            Unassigned(
                visit=left.id,
                residents=left.resident_ids,
                code=Reason.TIME_WINDOW,
                ever=False,
                detail=literal(f"The window ends too soon. {said}".strip()),
                remedy=literal(f"Ask for a later one. {said}".strip()),
            ),
        ),
        not_located=(
            NotLocated(
                row=90,
                resident=ResidentId("R90"),
                code=Reason.LOW_GEOCODE_PRECISION,
                address=said or "Misspeltstreet 90",
                candidates=(candidate,),
            ),
            NotLocated(
                row=91, resident=ResidentId("R91"), code=Reason.NO_LOCATION, address=said or "Nostreet 91"
            ),
        ),
        rejected=(
            Rejected(
                row=92, code="BLANK_ROW", column=said, message=msg("The row is blank. {what}", what=said)
            ),
        ),
        summary=Summary(
            residents=sum(len(step.residents) for route in routes for step in route.steps)
            + len(left.residents),
            visits=visits,
            assigned=visits - 1,
            unassigned=1,
            finish_s=max(route.finish_s for route in routes),
            lower_bound_finish_s=max(route.finish_s for route in routes) - 600,
            longest_s=max(route.finish_s - route.start_s for route in routes),
            mean_s=1,
            travel_s=sum(route.travel_s for route in routes),
            service_s=sum(route.service_s for route in routes),
            waiting_s=0,
            distance_m=sum(route.distance_m for route in routes),
        ),
    )


def _findings(said):
    return tuple(
        Finding(
            severity=severity,
            code=FindingCode("ODD"),
            table=table,
            row=row,
            column=said or "=phone",
            message=literal(said or "=1+1 was found"),
            advice=literal(said or "Look at it, please."),
        )
        for severity, row, table in (
            (Severity.ERROR, 92, "residents"),
            (Severity.WARNING, 12, "pins"),
            (Severity.NOTE, None, "a list to come"),
        )
    )
