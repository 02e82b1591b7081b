"""Laws for all paths on real extracts: sums, symmetry, detours, and equal results of all searches."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorroute.model.place import Point
from doorroute.model.team import Profile
from doorroute.model.travel import UNREACHABLE, StopKey, TravelMatrix
from doorroute.network import StreetNetwork, open_network
from doorroute.network.keys import CROSSING, seconds
from doorroute.network.moving import apply_rules
from doorroute.network.search import path
from tests.helpers.drawn_town import sample_points

EXTRACTS = [
    "helsinki-centre",
    "liechtenstein",
    "shanghai-centre-roads",
    "beijing-haidian",
    "shenzhen-nanshan",
]


@cache
def opened(file: Path) -> StreetNetwork:
    return open_network(file)


@pytest.fixture(params=EXTRACTS)
def network(request: pytest.FixtureRequest, extract_of: Callable[[str], Path]) -> StreetNetwork:
    return opened(extract_of(request.param))


@pytest.fixture(scope="module")
def helsinki(demo_data: Path) -> StreetNetwork:
    return opened(demo_data / "helsinki-centre.osm.pbf")


def travel(network: StreetNetwork, points: list[Point], profile: Profile) -> TravelMatrix:
    return network.travel([(StopKey(str(i)), point) for i, point in enumerate(points)], profile)


def directions(network: StreetNetwork, start: Point, end: Point, profile: Profile) -> tuple[int, list[int]]:
    """Return the key of the best way and the directions of edges that it takes."""
    return path(network.states(profile), network._doors([start, end], profile))


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 2**31), profile=st.sampled_from([Profile.FOOT, Profile.BIKE]))
def test_the_time_of_a_way_is_that_of_its_streets_its_crossings_and_the_steps_at_both_ends(
    helsinki: StreetNetwork, seed: int, profile: Profile
) -> None:
    start, end = sample_points(helsinki, 2, seed)
    if start == end:
        return
    key, taken = directions(helsinki, start, end, profile)
    leg, snapped = helsinki.leg(start, end, profile), helsinki.snap([start, end], profile)
    graph, rules = helsinki.graph, helsinki.rules[profile]
    moving = apply_rules(graph, rules)
    walked_ms = snapped.offset_m.sum() * 3600 / rules.walk_kmh
    part = np.ones(len(taken))
    along = snapped.along_m / np.maximum(graph.length_m[snapped.edge], 1e-9)
    if len(taken) == 1:
        part[0] = abs(along[1] - along[0])
    else:
        part[0] = along[0] if taken[0] % 2 else 1 - along[0]
        part[-1] = 1 - along[1] if taken[-1] % 2 else along[1]
    streets_ms = sum(
        moving.ms[direction % 2, direction // 2] * share for direction, share in zip(taken, part, strict=True)
    )
    passed = [int((graph.tail if direction % 2 else graph.head)[direction // 2]) for direction in taken[:-1]]
    expected = (streets_ms + walked_ms + moving.node_ms[passed].clip(0).sum()) / 1000
    assert leg.duration_s == pytest.approx(expected, abs=1.01)
    assert leg.duration_s == int(seconds(np.asarray(key)))
    assert (leg.points[0], leg.points[-1]) == (start, end)


def test_on_foot_it_is_as_far_back_as_there(network: StreetNetwork) -> None:
    moving = apply_rules(network.graph, network.rules[Profile.FOOT])
    # moving stairs, and ways on foot that are tagged one-way
    assert (moving.ms[0] == moving.ms[1]).mean() > 0.999
    table = travel(network, sample_points(network, 150, seed=5), Profile.FOOT)
    if (moving.ms[0] == moving.ms[1]).all():
        assert (table.duration_s == table.duration_s.T).all()
        assert (table.distance_m == table.distance_m.T).mean() > 0.99  # two ways may take the same time
    else:
        assert (table.duration_s == table.duration_s.T).mean() > 0.9


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**31))
def test_by_car_only_a_turn_at_a_door_on_the_way_can_save_time(helsinki: StreetNetwork, seed: int) -> None:
    """A team may leave a door in either direction: a detour is quicker only where it turns round there."""
    points = sample_points(helsinki, 3, seed)
    if len(set(points)) < 3:
        return
    start, door, end = points
    first, before = directions(helsinki, start, door, Profile.CAR)
    then, after = directions(helsinki, door, end, Profile.CAR)
    straight, _ = directions(helsinki, start, end, Profile.CAR)
    if (
        before and after and before[-1] == after[0] and max(first, then) < CROSSING
    ):  # on public ground, straight on
        assert int(seconds(np.asarray(straight))) <= int(seconds(np.asarray(first + then)))


@pytest.mark.parametrize("profile", Profile)
def test_the_nearest_of_a_real_town_are_those_of_the_whole_table(
    network: StreetNetwork, profile: Profile
) -> None:
    points = list(dict.fromkeys(sample_points(network, 70, seed=3)))
    table = travel(network, points, profile).duration_s.astype(np.int64)
    np.fill_diagonal(table, 2**40)
    near = network.neighbours(points, profile, 8)
    for found, seconds_, whole in ((near.to, near.to_s, table), (near.from_, near.from_s, table.T)):
        best = np.sort(whole, axis=1)[:, :8]
        there = found >= 0
        assert (seconds_[there] == best[there]).all()
        assert (best[~there] >= UNREACHABLE).all()
        rows = np.repeat(np.arange(len(points))[:, None], 8, axis=1)
        assert (whole[rows[there], found[there]] == seconds_[there]).all()
