"""The way between two doors: its time, its length, its line."""

import itertools
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorroute.model.place import Point
from doorroute.model.team import Profile
from doorroute.model.travel import UNREACHABLE, StopKey
from doorroute.network import StreetNetwork, open_network
from doorroute.network.compiling import metres_per_degree
from doorroute.network.moving import apply_rules
from tests.helpers.drawn_town import EAST_M, NORTH_M, DrawTown, at, sample_points, travel_m

WALK = 4.8 / 3.6  # m/s, as in profiles.toml


@pytest.fixture
def square(draw_town: DrawTown) -> StreetNetwork:
    """A block of four streets, 2 x 1 steps, and a dead end to the east from its south-east corner."""
    return open_network(
        draw_town(
            {1: (0, 0), 2: (2, 0), 3: (2, 1), 4: (0, 1), 5: (3, 0)},
            [{"nodes": [1, 2, 3, 4, 1]}, {"nodes": [2, 5]}],
        )
    )


def test_a_door_is_reached_from_the_nearest_point_of_an_edge_and_the_steps_to_it_count(
    square: StreetNetwork,
) -> None:
    start, end = at(0.5, 0.1), at(1.5, 0.2)  # along the south street, 11 m and 22 m north of it
    leg = square.leg(start, end, Profile.FOOT)
    expected = 0.1 * NORTH_M + 1.0 * EAST_M + 0.2 * NORTH_M
    assert leg.distance_m == pytest.approx(expected, abs=0.6)
    assert leg.duration_s == pytest.approx(expected / WALK, abs=1.1)
    assert leg.points[0] == start
    assert leg.points[-1] == end
    assert square.snap([start, end], Profile.FOOT).offset_m == pytest.approx(
        [0.1 * NORTH_M, 0.2 * NORTH_M], abs=0.05
    )


def test_the_way_goes_round_the_block_by_the_shorter_side(square: StreetNetwork) -> None:
    leg = square.leg(at(0, 0.5), at(2, 0.5), Profile.FOOT)
    assert leg.distance_m == pytest.approx(NORTH_M + 2 * EAST_M, abs=0.6)
    assert travel_m(square, at(0.2, 0), at(0, 0.2)) == pytest.approx(0.2 * EAST_M + 0.2 * NORTH_M, abs=0.6)


def test_a_dead_end_is_entered_and_left_again(square: StreetNetwork) -> None:
    assert travel_m(square, at(2.9, 0), at(2, 0.1)) == pytest.approx(0.9 * EAST_M + 0.1 * NORTH_M, abs=0.6)


def test_a_oneway_is_driven_one_way_and_walked_both(draw_town: DrawTown) -> None:
    network = open_network(
        draw_town(
            {1: (0, 0), 2: (2, 0), 3: (2, 1), 4: (0, 1)},
            [{"nodes": [1, 2], "oneway": "yes"}, {"nodes": [2, 3, 4, 1]}],
        )
    )
    round_trip = 1.0 * EAST_M + 2 * NORTH_M + 2 * EAST_M
    assert travel_m(network, at(0.5, 0), at(1.5, 0), Profile.CAR) == pytest.approx(EAST_M, abs=0.6)
    assert travel_m(network, at(1.5, 0), at(0.5, 0), Profile.CAR) == pytest.approx(round_trip, abs=0.6)
    assert travel_m(network, at(1.5, 0), at(0.5, 0), Profile.BIKE) == pytest.approx(round_trip, abs=0.6)
    assert travel_m(network, at(1.5, 0), at(0.5, 0), Profile.FOOT) == pytest.approx(EAST_M, abs=0.6)


def test_two_doors_at_the_same_point_are_nothing_apart_and_others_pay_their_steps(
    square: StreetNetwork,
) -> None:
    door = at(1, 0.2)
    travel = square.travel(
        [(StopKey("a"), door), (StopKey("b"), door), (StopKey("c"), at(1, -0.2))], Profile.FOOT
    )
    assert travel.metres(StopKey("a"), StopKey("b")) == 0
    assert travel.metres(StopKey("a"), StopKey("c")) == pytest.approx(0.4 * NORTH_M, abs=0.6)


def test_a_point_off_the_extract_is_unreachable_and_not_put_on_a_street_across_town(
    square: StreetNetwork,
) -> None:
    stops = [
        (StopKey("a"), at(1, 0)),
        (StopKey("sea"), at(1, 20)),
        (StopKey("pole"), Point(25, 90)),
        (StopKey("b"), at(0, 0.5)),
    ]
    travel = square.travel(stops, Profile.FOOT)
    assert (
        travel.seconds(StopKey("a"), StopKey("sea"))
        == travel.metres(StopKey("sea"), StopKey("b"))
        == UNREACHABLE
    )
    assert travel.seconds(StopKey("sea"), StopKey("pole")) == UNREACHABLE
    assert travel.seconds(StopKey("a"), StopKey("b")) < 600
    assert np.isinf(square.snap([at(1, 20)], Profile.FOOT).offset_m).all()
    leg = square.leg(at(1, 0), at(1, 20), Profile.FOOT)
    assert (leg.points, leg.duration_s, leg.distance_m) == ((), UNREACHABLE, UNREACHABLE)


def test_no_stops_make_an_empty_matrix(square: StreetNetwork) -> None:
    assert square.travel([], Profile.CAR).duration_s.shape == (0, 0)


def test_a_street_that_can_be_left_but_not_entered_is_not_used(draw_town: DrawTown) -> None:
    network = open_network(
        draw_town(
            {1: (0, 0), 2: (2, 0), 3: (2, 1), 4: (0.2, 0.3)},
            [{"nodes": [1, 2, 3, 1]}, {"nodes": [4, 1], "oneway": "yes"}],
        )
    )
    snapped = network.snap([at(0.2, 0.3)], Profile.CAR)
    assert snapped.offset_m[0] > 10  # on the triangle, not on the street that leads out
    assert network.snap([at(0.2, 0.3)], Profile.FOOT).offset_m[0] < 0.1


def test_private_ground_is_entered_to_reach_a_door_in_it_but_not_passed_through(draw_town: DrawTown) -> None:
    # the straight street across is private; the way round is three times as long
    network = open_network(
        draw_town(
            {1: (0, 0), 2: (2, 0), 3: (2, 2), 4: (0, 2), 5: (1, 0), 6: (1, 2)},
            [{"nodes": [1, 5, 2, 3, 6, 4, 1]}, {"nodes": [5, 6], "access": "private"}],
        )
    )
    for profile in Profile:
        assert travel_m(network, at(1, -0.01), at(1, 2.01), profile) == pytest.approx(
            2 * EAST_M + 2 * NORTH_M, abs=4
        )
        assert travel_m(network, at(1, -0.01), at(1, 1.0), profile) == pytest.approx(NORTH_M, abs=3)
        assert travel_m(network, at(1, 0.5), at(1, 1.5), profile) == pytest.approx(NORTH_M, abs=3)


def test_a_bollard_stops_cars_and_lets_people_pass(draw_town: DrawTown) -> None:
    network = open_network(
        draw_town(
            {1: (0, 0), 2: (2, 0), 3: (2, 1), 4: (0, 1), 5: (1, 0)},
            [{"nodes": [1, 5, 2]}, {"nodes": [2, 3, 4, 1]}],
            {5: {"barrier": "bollard"}},
        )
    )
    assert travel_m(network, at(0.5, 0), at(1.5, 0), Profile.FOOT) == pytest.approx(EAST_M, abs=0.6)
    assert travel_m(network, at(0.5, 0), at(1.5, 0), Profile.CAR) == pytest.approx(
        3 * EAST_M + 2 * NORTH_M, abs=0.6
    )


@pytest.fixture(scope="module")
def helsinki(demo_data: Path) -> StreetNetwork:
    return open_network(demo_data / "helsinki-centre.osm.pbf")


@pytest.mark.parametrize("profile", Profile)
def test_a_leg_says_what_the_matrix_says_and_its_line_is_as_long(
    helsinki: StreetNetwork, profile: Profile
) -> None:
    points = sample_points(helsinki, 40)
    travel = helsinki.travel([(StopKey(str(i)), point) for i, point in enumerate(points)], profile)
    for i, j in itertools.product(range(0, 40, 3), range(1, 40, 3)):
        leg = helsinki.leg(points[i], points[j], profile)
        assert (leg.duration_s, leg.distance_m) == (travel.duration_s[i, j], travel.distance_m[i, j])
        lon, lat = np.asarray([(point.lon, point.lat) for point in leg.points]).T
        east, north = metres_per_degree((lat[1:] + lat[:-1]) / 2)
        drawn = np.hypot(np.diff(lon) * east, np.diff(lat) * north).sum()
        assert leg.distance_m == pytest.approx(drawn, abs=0.6 + 0.005 * drawn)
        assert (leg.points[0], leg.points[-1]) == (points[i], points[j])


def test_on_foot_there_is_as_far_as_back_and_by_car_it_need_not_be(helsinki: StreetNetwork) -> None:
    stops = [(StopKey(str(i)), point) for i, point in enumerate(sample_points(helsinki, 120))]
    foot = helsinki.travel(stops, Profile.FOOT).duration_s
    assert (foot == foot.T).all()
    assert (foot < UNREACHABLE).all()
    car = helsinki.travel(stops, Profile.CAR).duration_s
    assert (car != car.T).any()


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**31), profile=st.sampled_from([Profile.FOOT, Profile.BIKE]))
def test_going_by_way_of_a_third_door_is_never_quicker(
    helsinki: StreetNetwork, seed: int, profile: Profile
) -> None:
    points = sample_points(helsinki, 12, seed)
    time = helsinki.travel(
        [(StopKey(str(i)), point) for i, point in enumerate(points)], profile
    ).duration_s.astype(np.int64)
    edge = helsinki.snap(points, profile).edge
    private = apply_rules(helsinki.graph, helsinki.rules[profile]).last_metres[edge]
    # only teams with a door on private ground may pass through it; drivers may turn round at their doors
    through = (time[:, :, None] + time[None, :, :])[:, (edge >= 0) & ~private].min(axis=1)
    assert (np.minimum(time, UNREACHABLE) <= through).all()


def test_the_same_stops_in_another_order_have_the_same_travel(helsinki: StreetNetwork) -> None:
    points = sample_points(helsinki, 60)
    stops = [(StopKey(str(i)), point) for i, point in enumerate(points)]
    forward, backward = helsinki.travel(stops, Profile.CAR), helsinki.travel(stops[::-1], Profile.CAR)
    assert (forward.duration_s == backward.duration_s[::-1, ::-1]).all()
    assert (forward.distance_m == backward.distance_m[::-1, ::-1]).all()


def test_several_threads_may_ask_at_once(helsinki: StreetNetwork) -> None:
    stops = [(StopKey(str(i)), point) for i, point in enumerate(sample_points(helsinki, 50))]
    with ThreadPoolExecutor(4) as pool:
        tables = list(pool.map(lambda _: helsinki.travel(stops, Profile.FOOT).duration_s, range(8)))
    assert all((table == tables[0]).all() for table in tables)


@pytest.mark.parametrize(
    "extract", ["liechtenstein", "shanghai-centre-roads", "beijing-haidian", "shenzhen-nanshan"]
)
@pytest.mark.parametrize("profile", Profile)
def test_in_each_part_that_is_used_everything_is_reachable_from_everywhere(
    shared_data: Path, extract: str, profile: Profile
) -> None:
    network = open_network(shared_data / f"{extract}.osm.pbf")
    points = sample_points(network, 80)
    near = np.isfinite(network.snap(points, profile).offset_m)
    reached = (
        network.travel([(StopKey(str(i)), point) for i, point in enumerate(points)], profile).duration_s
        < UNREACHABLE
    )
    assert near.sum() > 20
    assert (reached == reached.T).all()
    among = reached[np.ix_(near, near)]
    assert (
        (among.astype(int) @ among.astype(int) > 0) == among
    ).all()  # whoever shares a part reaches all of it
    parts = len(np.unique(among, axis=0))
    # on foot or by bike some extracts have large unconnected parts: river banks without a bridge for walkers
    assert parts == 1 or (
        parts <= 3 and profile is not Profile.CAR and extract in {"liechtenstein", "shanghai-centre-roads"}
    )
    assert among.mean() > 0.6
    assert not reached[~near][:, near].any()


def test_streets_across_a_river_are_kept_where_they_are_many(draw_town: DrawTown) -> None:
    def bank(
        first: int, row: float, columns: int
    ) -> tuple[dict[int, tuple[float, float]], list[dict[str, object]]]:
        nodes = {first + i: (float(i), row) for i in range(columns)}
        return nodes, [{"nodes": list(nodes)}]

    for columns, kept in ((200, True), (100, False)):  # 11 km of street, and 5.5 km
        (north, street), (south, other) = bank(1, 0, 300), bank(1001, -1, columns)
        network = open_network(draw_town({**north, **south}, [*street, *other]))
        one, two, over = at(10, -0.9), at(20, -0.9), at(10, 0)
        assert (network.snap([one], Profile.FOOT).offset_m[0] < 15) == kept
        assert (travel_m(network, over, one) == UNREACHABLE) == kept
        assert travel_m(network, one, two) < UNREACHABLE
