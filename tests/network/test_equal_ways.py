"""Of two nearly equal paths the same one is always taken, in a plan and in its check."""

from dataclasses import replace
from pathlib import Path

import pytest

from doorroute.checker import check_geometry
from doorroute.model.directions import Direction
from doorroute.model.place import Access, Place, Point, Precision
from doorroute.model.plan import Route, Step, StepType
from doorroute.model.problem import Problem
from doorroute.model.resident import Resident, ResidentId, Visit, VisitId, Window
from doorroute.model.team import Depot, DepotId, Profile, Team, TeamId
from doorroute.model.travel import depot_key, visit_key
from doorroute.network import StreetNetwork, open_network
from doorroute.pipeline.wiring import drawn
from tests.helpers.drawn_town import DrawTown, sample_points

BASE, DOOR = Point(25.0, 60.0005), Point(25.004, 60.0005 - 4e-8)
"""West and east of a block; the path around the south is millimetres shorter, but not when rounded."""


@pytest.fixture
def block(draw_town: DrawTown) -> StreetNetwork:
    """Return a block with a street of its own on each side."""
    nodes = {1: (0, 0.5), 2: (0, 1), 3: (4, 1), 4: (4, 0.5), 5: (4, 0), 6: (0, 0)}
    sides = {
        "West Street": [6, 1, 2],
        "North Street": [2, 3],
        "East Street": [3, 4, 5],
        "South Street": [5, 6],
    }
    return open_network(draw_town(nodes, [{"nodes": side, "name": name} for name, side in sides.items()]))


def sound(network: StreetNetwork, problem: Problem, route: Route) -> bool:
    return not check_geometry(problem, (route,), network.leg)


def day(network: StreetNetwork) -> tuple[Problem, Route]:
    """Return a team that goes to the door and back, and its route as read from a file, with seven digits."""
    base, door, visit = DepotId("D1"), VisitId("V1"), Resident(id=ResidentId("R1"), row=2)
    stops = [(depot_key(base), BASE), (visit_key(door), DOOR)]
    problem = Problem(
        visits=(Visit(id=door, residents=(visit,), kits=1, service_s=60),),
        places={door: place(DOOR)},
        teams=(Team(id=TeamId("T1"), start=base, end=base, shift=Window(28800, 43200)),),
        depots={base: Depot(id=base)},
        depot_places={base: place(BASE)},
        travel={Profile.FOOT: network.travel(stops, Profile.FOOT)},
    )
    steps = (step(StepType.START, BASE), step(StepType.VISIT, DOOR, door), step(StepType.END, BASE))
    route = Route(
        team=TeamId("T1"),
        profile=Profile.FOOT,
        start_s=28800,
        finish_s=32400,
        travel_s=0,
        service_s=0,
        waiting_s=0,
        distance_m=0,
        steps=steps,
        geometry=(),
    )
    made = drawn(route, network.leg)
    read = (
        replace(s, location=Point(round(s.location.lon, 7), round(s.location.lat, 7))) for s in made.steps
    )
    return problem, replace(made, steps=tuple(read))


def place(point: Point) -> Place:
    return Place(
        point=point, precision=Precision.BUILDING, score=1.0, source="drawn", entrance_id="e", access=Access()
    )


def step(kind: StepType, point: Point, visit: VisitId | None = None) -> Step:
    return Step(
        type=kind,
        visit=visit,
        location=point,
        arrival_s=28800,
        start_service_s=28800,
        service_s=0,
        departure_s=28800,
        load=(0, 0, 0),
    )


def test_a_plan_read_from_its_file_is_told_along_the_ways_that_it_was_made_with(block: StreetNetwork) -> None:
    rounded = Point(DOOR.lon, round(DOOR.lat, 7))
    assert block.leg(BASE, DOOR, Profile.FOOT).directions != block.leg(BASE, rounded, Profile.FOOT).directions
    problem, route = day(block)
    assert sound(block, problem, route)


def test_a_way_that_is_told_wrongly_is_still_refused(block: StreetNetwork) -> None:
    problem, route = day(block)
    start, door, end = route.steps
    other = block.leg(BASE, Point(DOOR.lon, round(DOOR.lat, 7)), Profile.FOOT).directions
    for directions in (
        other,
        door.directions[:-1],
        (*door.directions, Direction(name="Moon Street", metres=9)),
    ):
        assert not sound(
            block, problem, replace(route, steps=(start, replace(door, directions=directions), end))
        )


def test_ways_are_the_same_from_another_network_asked_in_another_order(
    demo_data: Path, tmp_path: Path
) -> None:
    extract = demo_data / "helsinki-centre.osm.pbf"
    made, again, read = (open_network(extract, cache=cache) for cache in (None, tmp_path, tmp_path))
    points = sample_points(made, 24, seed=3)
    pairs = [(a, b) for a in points for b in points[:6]]
    again.travel([(visit_key(VisitId(str(n))), point) for n, point in enumerate(points)], Profile.FOOT)
    ways = [made.leg(a, b, Profile.FOOT) for a, b in pairs]
    assert [again.leg(a, b, Profile.FOOT) for a, b in pairs] == ways
    assert [read.leg(a, b, Profile.FOOT) for a, b in reversed(pairs)][::-1] == ways
