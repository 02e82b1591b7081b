"""The way to a door in words: streets in order, steps up and down."""

import itertools
from pathlib import Path

import pytest

from doorroute.model.directions import Direction, DirectionKind, directions_text
from doorroute.model.team import Profile
from doorroute.network import StreetNetwork, open_network
from tests.helpers.drawn_town import EAST_M, NORTH_M, DrawTown, at, sample_points


def said(
    network: StreetNetwork, start: tuple[float, float], end: tuple[float, float]
) -> list[tuple[str, str]]:
    return [
        (part.kind.value, part.name) for part in network.leg(at(*start), at(*end), Profile.FOOT).directions
    ]


@pytest.fixture
def hill(draw_town: DrawTown) -> StreetNetwork:
    """Low Street, steps that lead up from it (drawn downwards), High Street, and a lane without a name."""
    return open_network(
        draw_town(
            {1: (0, 0), 2: (2, 0), 3: (2, 1), 4: (4, 1), 5: (4, 2), 6: (3, 0)},
            [
                {"nodes": [1, 2, 6], "name": "Low Street"},
                {"nodes": [3, 2], "highway": "steps", "incline": "down"},
                {"nodes": [3, 4], "name": "High Street"},
                {"nodes": [4, 5]},
            ],
        )
    )


def test_streets_are_named_in_order_and_steps_say_up_or_down_as_they_are_walked(hill: StreetNetwork) -> None:
    assert said(hill, (0.5, 0), (3, 1)) == [
        ("street", "Low Street"),
        ("steps_up", ""),
        ("street", "High Street"),
    ]
    assert said(hill, (3, 1), (0.5, 0)) == [
        ("street", "High Street"),
        ("steps_down", ""),
        ("street", "Low Street"),
    ]


def test_the_metres_of_each_stretch_are_those_walked_on_it(hill: StreetNetwork) -> None:
    low, steps, high = hill.leg(at(0.5, 0), at(3, 1), Profile.FOOT).directions
    assert low.metres == pytest.approx(1.5 * EAST_M, abs=0.6)
    assert steps.metres == pytest.approx(NORTH_M, abs=0.6)
    assert high.metres == pytest.approx(EAST_M, abs=0.6)
    (only,) = hill.leg(at(2.7, 0), at(0.5, 0), Profile.FOOT).directions
    assert only == Direction(name="Low Street", metres=round(2.2 * EAST_M))


def test_a_way_over_nameless_lanes_says_nothing_and_one_to_the_same_door_neither(hill: StreetNetwork) -> None:
    assert said(hill, (4, 1.2), (4, 1.8)) == []
    assert said(hill, (1, 0), (1, 0)) == []


def test_a_sidewalk_drawn_on_its_own_is_told_by_its_street_and_crossing_another_is_not_told(
    draw_town: DrawTown,
) -> None:
    network = open_network(
        draw_town(
            {1: (0, 0), 2: (4, 0), 3: (0, 0.1), 4: (2, 0.1), 5: (4, 0.1), 6: (2, 3), 7: (2, -1), 8: (2, 0)},
            [
                {"nodes": [1, 8, 2], "name": "Main Street", "sidewalk": "separate"},
                {"nodes": [3, 4, 5], "highway": "footway", "footway": "sidewalk"},
                {"nodes": [6, 4, 8, 7], "name": "Cross Street"},
            ],
        )
    )
    assert said(network, (0.2, 0.1), (3.8, 0.1)) == [("street", "Main Street")]
    assert said(network, (0.2, 0.1), (2, 2)) == [("street", "Main Street"), ("street", "Cross Street")]


def test_the_words_are_in_both_languages() -> None:
    directions = [Direction(name="{Low} Street", metres=9), Direction(kind=DirectionKind.STEPS_UP, metres=5)]
    assert directions_text(directions).into("en") == "{Low} Street → steps up"
    assert directions_text(directions).into("zh") == "{Low} Street → 上台阶"
    assert directions_text([]).into("zh") == ""


def test_most_legs_of_a_town_name_their_streets(demo_data: Path) -> None:
    network = open_network(demo_data / "helsinki-centre.osm.pbf")
    points = sample_points(network, 60, seed=5)
    legs = [network.leg(a, b, Profile.FOOT) for a, b in itertools.pairwise(points)]
    assert sum(bool(leg.directions) for leg in legs) > 0.9 * len(legs)
    for leg in legs:
        assert sum(part.metres for part in leg.directions) <= leg.distance_m + len(leg.directions)
