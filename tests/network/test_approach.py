"""The steps between a door and the street: entrances, gates and walls."""

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import osmium
import pytest
import shapely

from doorroute.model.place import Point
from doorroute.model.team import Profile
from doorroute.network import StreetNetwork, open_network
from doorroute.network.compiling import metres_per_degree
from tests.helpers.drawn_town import EAST_M, NORTH_M, DrawTown

# Two streets, and between them an estate of 1 x 0.8 steps in a wall (nodes 21-24)
# with a gate (25) in the south
STREETS = {1: (-3, 0), 2: (4, 0), 3: (-3, 1), 4: (4, 1), 5: (0.5, 0)}
WALL = {21: (0, 0.1), 22: (1, 0.1), 23: (1, 0.9), 24: (0, 0.9), 25: (0.5, 0.1)}
ROADS = [{"nodes": [1, 5, 2]}, {"nodes": [2, 4]}, {"nodes": [4, 3]}, {"nodes": [3, 1]}]
AROUND = {"nodes": [21, 25, 22, 23, 24, 21], "highway": "", "barrier": "wall"}
GATE = {25: {"barrier": "gate"}}


def at(x: float, y: float) -> Point:
    return Point(25 + x / 1000, 60 + y / 1000)


def drawn_m(points: Sequence[Point]) -> float:
    lon, lat = np.asarray([(point.lon, point.lat) for point in points]).T
    east, north = metres_per_degree((lat[1:] + lat[:-1]) / 2)
    return float(np.hypot(np.diff(lon) * east, np.diff(lat) * north).sum())


def from_street(network: StreetNetwork, door: Point, profile: Profile = Profile.FOOT) -> float:
    """Return the way from the south-west corner to `door`, whose line must be as long."""
    leg = network.leg(at(-3, 0), door, profile)
    assert leg.distance_m == pytest.approx(drawn_m(leg.points), abs=0.7)
    assert leg.points[-1] == door
    back = network.leg(door, at(-3, 0), profile)
    assert back.distance_m == pytest.approx(drawn_m(back.points), abs=0.7)
    return leg.distance_m


DOOR = at(0.3, 0.85)  # 17 m from the street in the north, behind the wall


def test_a_door_in_a_walled_estate_is_reached_by_the_way_that_leads_in(draw_town: DrawTown) -> None:
    inside = {6: (0.5, 0.7), 7: (0.2, 0.7)}
    network = open_network(
        draw_town({**STREETS, **WALL, **inside}, [*ROADS, {"nodes": [5, 25, 6, 7]}, AROUND], GATE)
    )
    expected = 3.5 * EAST_M + 0.7 * NORTH_M + 0.2 * EAST_M + 0.15 * NORTH_M
    for profile in Profile:
        assert from_street(network, DOOR, profile) == pytest.approx(expected, abs=1)
    # and a door outside is not reached from within
    assert network.snap([at(0.2, 0.95)], Profile.FOOT).offset_m[0] == pytest.approx(0.05 * NORTH_M, abs=0.1)


def test_without_a_way_inside_one_walks_from_the_gate(draw_town: DrawTown) -> None:
    network = open_network(draw_town({**STREETS, **WALL}, [{"nodes": [1, 2]}, *ROADS[1:], AROUND], GATE))
    from_gate = np.hypot(0.2 * EAST_M, 0.75 * NORTH_M)
    assert from_street(network, DOOR) == pytest.approx(3.5 * EAST_M + 0.1 * NORTH_M + from_gate, abs=1)
    via = network.snap([DOOR], Profile.FOOT).via[0]
    assert np.isnan(via[0]).all()
    assert via[1] == pytest.approx([25.0005, 60.0001])


def test_a_wall_that_nothing_leads_through_is_as_if_it_were_not_there(draw_town: DrawTown) -> None:
    for gate in ({}, {25: {"barrier": "gate", "access": "no"}}, {25: {"barrier": "fence"}}):
        network = open_network(draw_town({**STREETS, **WALL}, [*ROADS, AROUND], gate))
        assert network.snap([DOOR], Profile.FOOT).offset_m[0] == pytest.approx(0.15 * NORTH_M, abs=0.1)


def test_one_walks_round_the_end_of_a_wall_but_not_between_it_and_a_house(draw_town: DrawTown) -> None:
    line = {"nodes": [24, 23], "highway": "", "barrier": "hedge"}
    network = open_network(draw_town({**STREETS, **WALL}, [*ROADS, line]))
    round_ = np.hypot(0.3 * EAST_M, 0.05 * NORTH_M) + 0.1 * NORTH_M
    assert network.snap([DOOR], Profile.FOOT).offset_m[0] == pytest.approx(round_, abs=0.2)
    houses = {31: (-0.1, 0.8), 32: (0, 0.8), 33: (-0.1, 0.9), 34: (1.1, 0.8), 35: (1, 0.8), 36: (1.1, 0.9)}
    walls = [
        {"nodes": [31, 32, 24, 33, 31], "highway": "", "building": "house"},
        {"nodes": [35, 34, 36, 23, 35], "highway": "", "building": "house"},
    ]
    network = open_network(draw_town({**STREETS, **WALL, **houses}, [*ROADS, line, *walls]))
    assert network.snap([DOOR], Profile.FOOT).offset_m[0] == pytest.approx(
        0.85 * NORTH_M, abs=0.2
    )  # southwards


def test_a_street_through_a_wall_opens_it_and_a_tunnel_does_not(draw_town: DrawTown) -> None:
    through = {"nodes": [5, 6]}
    nodes = {**STREETS, **WALL, 6: (0.5, 0.95), 7: (0.5, 1)}
    wall = {**AROUND, "nodes": [21, 22, 23, 24, 21]}
    network = open_network(draw_town(nodes, [*ROADS, through, wall]))
    assert network.snap([DOOR], Profile.FOOT).offset_m[0] == pytest.approx(0.2 * EAST_M, abs=0.2)
    network = open_network(draw_town(nodes, [*ROADS, {**through, "tunnel": "yes"}, wall]))
    assert network.snap([DOOR], Profile.FOOT).offset_m[0] == pytest.approx(0.15 * NORTH_M, abs=0.2)


@pytest.mark.parametrize("second_gate", [True, False])
def test_an_estate_that_is_entered_by_gates_alone_counts_as_walled(
    draw_town: DrawTown, *, second_gate: bool
) -> None:
    nodes = {**STREETS, **WALL, 6: (0.5, 0.5), 26: (1, 0.5), 8: (4, 0.5)}
    estate = {"nodes": [21, 25, 22, 26, 23, 24, 21], "highway": "", "landuse": "residential"}
    roads = [
        {"nodes": [1, 5, 2]},
        {"nodes": [2, 8, 4]},
        *ROADS[2:],
        {"nodes": [5, 25, 6]},
        {"nodes": [6, 26, 8]},
    ]
    gates = {
        25: {"barrier": "gate"},
        26: {"barrier": "lift_gate"} if second_gate else {"highway": "crossing"},
    }
    offset = open_network(draw_town(nodes, [*roads, estate], gates)).snap([DOOR], Profile.FOOT).offset_m[0]
    inside = np.hypot(0.2 * EAST_M, 0.35 * NORTH_M)
    assert offset == pytest.approx(inside if second_gate else 0.15 * NORTH_M, abs=0.2)


def test_a_gate_that_is_sealed_today_lets_nobody_through_the_wall(
    draw_town: DrawTown, tmp_path: Path
) -> None:
    nodes = {**STREETS, **WALL, 26: (0.5, 0.9), 6: (0.5, 0.5)}
    around = {**AROUND, "nodes": [21, 25, 22, 23, 26, 24, 21]}
    town = draw_town(nodes, [*ROADS, around], {**GATE, 26: {"barrier": "gate"}})
    to_door = np.hypot(0.2 * EAST_M, 0.05 * NORTH_M) + 0.1 * NORTH_M
    assert open_network(town).snap([DOOR], Profile.FOOT).offset_m[0] == pytest.approx(to_door, abs=0.2)
    sealed = tmp_path / "sealed.geojson"
    sealed.write_text(json.dumps({"type": "Point", "coordinates": [25.0005, 60.0009]}), encoding="utf-8")
    offset = open_network(town, barriers=sealed).snap([DOOR], Profile.FOOT).offset_m[0]
    assert offset == pytest.approx(np.hypot(0.2 * EAST_M, 0.75 * NORTH_M) + 0.1 * NORTH_M, abs=0.2)


def today(town: Path, tmp_path: Path, kind: str, *corners: tuple[float, float]) -> StreetNetwork:
    """Open `town` with a barrier drawn."""
    points = [[25 + x / 1000, 60 + y / 1000] for x, y in corners]
    drawn = {"Point": points[0], "LineString": points, "Polygon": [points]}[kind]
    barriers = tmp_path / "today.geojson"
    barriers.write_text(json.dumps({"type": kind, "coordinates": drawn}), encoding="utf-8")
    return open_network(town, barriers=barriers)


def shut(network: StreetNetwork, door: Point) -> bool:
    """Say whether `door` is cut off today: then no way leads there, nor from there."""
    cut_off = {bool(network.closed([door], profile)[0]) for profile in Profile}
    ways = {network.leg(*ends, Profile.FOOT).points != () for ends in ((at(-3, 0), door), (door, at(-3, 0)))}
    assert len(cut_off) == len(ways) == 1
    assert cut_off != ways
    return cut_off.pop()


def test_whose_only_gate_is_sealed_is_cut_off_today(draw_town: DrawTown, tmp_path: Path) -> None:
    town = draw_town({**STREETS, **WALL}, [*ROADS, AROUND], GATE)
    assert not shut(open_network(town), DOOR)
    sealed = today(town, tmp_path, "Point", (0.5, 0.1))
    assert shut(sealed, DOOR)
    assert not shut(sealed, at(0.3, 0.95))  # outside the wall


def test_whose_gate_is_sealed_goes_to_one_that_is_far(draw_town: DrawTown, tmp_path: Path) -> None:
    wide = {21: (0, 0.1), 22: (3.9, 0.1), 23: (3.9, 0.9), 24: (0, 0.9), 25: (0.5, 0.1), 26: (3.9, 0.5)}
    around = {**AROUND, "nodes": [21, 25, 22, 26, 23, 24, 21]}
    town = draw_town({**STREETS, **wide}, [*ROADS, around], {**GATE, 26: {"barrier": "gate"}})
    assert open_network(town).snap([DOOR], Profile.FOOT).offset_m[0] < NORTH_M
    sealed = today(town, tmp_path, "Point", (0.5, 0.1))
    assert not shut(sealed, DOOR)
    to_gate = np.hypot(3.6 * EAST_M, 0.35 * NORTH_M)
    assert sealed.snap([DOOR], Profile.FOOT).offset_m[0] == pytest.approx(to_gate + 0.1 * EAST_M, abs=0.5)


def test_nobody_steps_over_what_was_drawn_today(draw_town: DrawTown, tmp_path: Path) -> None:
    town = draw_town(STREETS, ROADS)
    north, south = 0.15 * NORTH_M, 0.85 * NORTH_M
    assert open_network(town).snap([DOOR], Profile.FOOT).offset_m[0] == pytest.approx(north, abs=0.1)
    across = today(town, tmp_path, "LineString", (-1, 0.9), (2, 0.9))
    assert across.snap([DOOR], Profile.FOOT).offset_m[0] == pytest.approx(south, abs=0.2)
    assert across.snap([at(2.5, 0.85)], Profile.FOOT).offset_m[0] == pytest.approx(north, abs=0.1)
    around = today(town, tmp_path, "Polygon", (0.2, 0.8), (0.4, 0.8), (0.4, 0.9), (0.2, 0.9), (0.2, 0.8))
    assert shut(around, DOOR)
    assert not shut(around, at(0.5, 0.85))


def test_a_door_on_a_street_that_is_closed_along_is_not_moved_to_another(
    draw_town: DrawTown, tmp_path: Path
) -> None:
    town = draw_town(STREETS, ROADS)
    along = today(town, tmp_path, "LineString", (-1, 0.98), (2, 0.98))  # traced two metres from it
    assert shut(along, DOOR)
    assert along.snap([DOOR], Profile.FOOT).offset_m[0] == pytest.approx(0.15 * NORTH_M, abs=0.1)


HOUSE = {41: (0, 0.2), 42: (1, 0.2), 43: (1, 0.8), 44: (0, 0.8), 45: (0.5, 0.2), 46: (0.7, 0.8)}


@pytest.mark.parametrize(
    ("entrances", "via"),
    [
        ({45: "main", 46: "yes"}, None),  # the nearer one on the whole
        ({45: "main"}, 45),
        ({45: "emergency", 46: "staircase"}, 46),
        ({45: "garage"}, None),
    ],
)
def test_a_door_in_a_building_is_reached_by_the_entrance_that_is_nearest_on_the_whole(
    draw_town: DrawTown, entrances: Mapping[int, str], via: int | None
) -> None:
    house = {"nodes": [41, 45, 42, 43, 46, 44, 41], "highway": "", "building": "apartments"}
    tags = {node: {"entrance": kind} for node, kind in entrances.items()}
    network = open_network(draw_town({**STREETS, **HOUSE}, [*ROADS, house], tags))
    door = at(0.6, 0.55)
    if entrances == {45: "main", 46: "yes"}:
        via = 46
    reached = network.snap([door], Profile.FOOT)
    if via is None:
        assert np.isnan(reached.via).all()
        assert reached.offset_m[0] == pytest.approx(0.45 * NORTH_M, abs=0.1)
    else:
        x, y = HOUSE[via]
        assert reached.via[0, 0] == pytest.approx([25 + x / 1000, 60 + y / 1000])
        outside = min(y, 1 - y) * NORTH_M
        assert reached.offset_m[0] == pytest.approx(
            np.hypot((0.6 - x) * EAST_M, (0.55 - y) * NORTH_M) + outside, abs=0.1
        )
    from_street(network, door)
    # a door at an entrance, or outside, is there already
    for there in (at(0.5, 0.2), at(0.5, 0.1)):
        assert np.isnan(network.snap([there], Profile.FOOT).via).all()


def test_what_was_compiled_before_knows_the_same_walls_and_entrances(demo_data: Path, tmp_path: Path) -> None:
    extract = demo_data / "helsinki-centre.osm.pbf"
    fresh, again = (open_network(extract, cache=tmp_path) for _ in range(2))
    points = doors_of(extract)[:300]
    for one, other in zip(
        *(vars(each.snap(points, Profile.FOOT)).values() for each in (fresh, again)), strict=True
    ):
        assert np.array_equal(one, other, equal_nan=True)


def doors_of(extract: Path) -> list[Point]:
    """Return a point inside each building that can be drawn, read by other means than the network's."""
    wkb = osmium.geom.WKBFactory()
    keys = osmium.filter.KeyFilter("building")
    doors = []
    for item in osmium.FileProcessor(str(extract)).with_areas(keys).with_filter(keys):
        if item.is_area():
            try:
                inside = shapely.from_wkb(wkb.create_multipolygon(item)).representative_point()
            except RuntimeError:
                continue
            doors.append(Point(inside.x, inside.y))
    return doors


@pytest.mark.parametrize(
    "extract", ["helsinki-centre", "liechtenstein", "beijing-haidian", "shenzhen-nanshan"]
)
def test_the_steps_to_the_doors_of_a_real_town_are_as_long_as_drawn_and_their_entrances_are_mapped(
    extract_of: Callable[[str], Path], extract: str
) -> None:
    file = extract_of(extract)
    network = open_network(file)
    doors = doors_of(file)
    reached = network.snap(doors, Profile.FOOT)
    here = np.asarray([(door.lon, door.lat) for door in doors])
    stops = np.stack(
        [here, reached.via[:, 0], reached.via[:, 1], np.stack([reached.lon, reached.lat], axis=1)], axis=1
    )
    by_gate = ~np.isnan(reached.via[:, 1, 0])
    entrances = {
        (node.lon, node.lat)
        for node in osmium.FileProcessor(str(file))
        if node.is_node() and "entrance" in node.tags
    }
    told = 0
    for row in np.flatnonzero(~np.isnan(reached.via[:, :, 0]).all(axis=1)):
        walked = [Point(*stop) for stop in stops[row] if not np.isnan(stop[0])]
        assert drawn_m(walked) == pytest.approx(reached.offset_m[row], abs=0.1)
        if not np.isnan(reached.via[row, 0, 0]):
            assert tuple(np.round(reached.via[row, 0], 7).tolist()) in entrances
            told += 1
    assert by_gate.sum() + told > {"helsinki-centre": 100, "liechtenstein": 30}.get(extract, -1)
