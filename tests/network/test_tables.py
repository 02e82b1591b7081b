"""Tables and lists of neighbours: quick, and the same as a plain search."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorroute.model.place import Point
from doorroute.model.team import Profile
from doorroute.model.travel import UNREACHABLE, StopKey
from doorroute.network import StreetNetwork, open_network
from tests.helpers.drawn_town import DrawTown, at, sample_points


@pytest.fixture(scope="module")
def helsinki(demo_data: Path) -> StreetNetwork:
    return open_network(demo_data / "helsinki-centre.osm.pbf")


def table_s(network: StreetNetwork, points: list[Point], profile: Profile) -> np.ndarray:
    return network.travel([(StopKey(str(i)), point) for i, point in enumerate(points)], profile).duration_s


@pytest.mark.parametrize("profile", Profile)
def test_a_table_says_for_every_pair_what_a_search_for_this_pair_says(
    helsinki: StreetNetwork, profile: Profile
) -> None:
    points = sample_points(helsinki, 35, seed=7)
    travel = helsinki.travel([(StopKey(str(i)), point) for i, point in enumerate(points)], profile)
    for i, start in enumerate(points):
        for j, end in enumerate(points):
            leg = helsinki.leg(start, end, profile)
            assert (leg.duration_s, leg.distance_m) == (travel.duration_s[i, j], travel.distance_m[i, j])


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_in_any_town_a_table_says_what_a_search_says(draw_random_town, data: st.DataObject) -> None:
    nodes = data.draw(st.integers(3, 9))
    pairs = st.tuples(st.integers(1, nodes), st.integers(1, nodes)).filter(lambda pair: pair[0] != pair[1])
    streets = data.draw(
        st.lists(
            st.tuples(pairs, st.sampled_from(["no", "yes", "-1"]), st.sampled_from(["yes", "private"])),
            min_size=2,
            max_size=16,
        )
    )
    network = open_network(draw_random_town(nodes, streets))
    points = [
        at(x, y)
        for x, y in data.draw(st.lists(st.tuples(st.floats(0, 4), st.floats(0, 4)), min_size=2, max_size=5))
    ]
    for profile in Profile:
        travel = network.travel([(StopKey(str(i)), point) for i, point in enumerate(points)], profile)
        for i, start in enumerate(points):
            for j, end in enumerate(points):
                leg = network.leg(start, end, profile)
                assert (leg.duration_s, leg.distance_m) == (travel.duration_s[i, j], travel.distance_m[i, j])
                assert travel.duration_s[i, j] >= 0


@pytest.fixture(scope="module")
def draw_random_town(tmp_path_factory: pytest.TempPathFactory):
    path = tmp_path_factory.mktemp("random") / "town.osm"

    def draw(nodes: int, streets: list[tuple[tuple[int, int], str, str]]) -> Path:
        places = "".join(
            f'<node id="{i}" version="1" lon="{25 + (i * 7 % 5) / 1000}" lat="{60 + (i * 3 % 5) / 1000}"/>'
            for i in range(1, nodes + 1)
        )
        ways = "".join(
            f'<way id="{i}" version="1"><nd ref="{a}"/><nd ref="{b}"/>'
            f'<tag k="highway" v="residential"/><tag k="oneway" v="{oneway}"/>'
            f'<tag k="access" v="{access}"/></way>'
            for i, ((a, b), oneway, access) in enumerate(streets, start=1)
        )
        path.write_text(f'<osm version="0.6">{places}{ways}</osm>', encoding="utf-8")
        return path

    return draw


@pytest.mark.parametrize("profile", Profile)
def test_the_nearest_neighbours_are_those_of_the_whole_table(
    helsinki: StreetNetwork, profile: Profile
) -> None:
    points = [*sample_points(helsinki, 140, seed=3), at(0, 0)]  # the last one far away
    points += points[:5]  # and five doors at places that are there already
    time = table_s(helsinki, points, profile).astype(np.int64)
    found = helsinki.neighbours(points, profile, 12)
    np.fill_diagonal(time, 2 * UNREACHABLE)
    for here, list_s, whole in ((found.to, found.to_s, time), (found.from_, found.from_s, time.T)):
        order = np.sort(whole, axis=1)[:, :12]
        reached = order < UNREACHABLE
        assert (np.where(reached, list_s, UNREACHABLE) == np.minimum(order, UNREACHABLE)).all()
        assert ((here >= 0) == reached).all()
        rows = np.nonzero(reached)
        assert (whole[rows[0], here[rows]] == list_s[rows]).all()
        assert all(len(set(row[row >= 0])) == (row >= 0).sum() for row in here)


def test_where_there_are_fewer_doors_than_asked_for_the_lists_end(draw_town: DrawTown) -> None:
    network = open_network(draw_town({1: (0, 0), 2: (3, 0)}, [{"nodes": [1, 2]}]))
    found = network.neighbours([at(1, 0), at(2, 0), at(90, 0)], Profile.FOOT, 4)
    assert found.to.tolist() == [[1, -1, -1, -1], [0, -1, -1, -1], [-1, -1, -1, -1]]
    assert found.to_s[0].tolist() == [42, UNREACHABLE, UNREACHABLE, UNREACHABLE]
