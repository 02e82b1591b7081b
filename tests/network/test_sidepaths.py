"""Streets with a separate sidewalk by their tags: it is used if it is mapped, else the street."""

import pytest

from doorroute.model.team import Profile
from doorroute.network import StreetNetwork, open_network
from tests.helpers.drawn_town import EAST_M, NORTH_M, DrawTown, at

NODES = {
    1: (0, 0),
    2: (4, 0),
    3: (0, 0.1),
    4: (4, 0.1),
    5: (0, 3),
    6: (4, 3),
    7: (2, 0.1),
    8: (2, 3),
    9: (1, 0.1),
}
ROUND = {"nodes": [1, 5, 6, 2]}
SIDEWALK = {"nodes": [1, 3, 7, 4, 2], "highway": "footway", "footway": "sidewalk"}
SAID = [
    {"sidewalk": "separate"},
    {"sidewalk:left": "separate"},
    {"sidewalk:both": "separate"},
    {"sidewalk:right": "separate", "sidewalk:left": "no"},
    {"foot": "use_sidepath"},
]


def metres(network: StreetNetwork, profile: Profile = Profile.FOOT) -> int:
    return network.leg(at(0, 0), at(4, 0), profile).distance_m


@pytest.mark.parametrize("tags", SAID)
def test_where_no_sidewalk_is_drawn_the_street_is_walked(draw_town: DrawTown, tags: dict[str, str]) -> None:
    street = {"nodes": [1, 2], **tags}
    network = open_network(draw_town(NODES, [street, ROUND]))
    assert metres(network) == round(4 * EAST_M)
    assert network.snap([at(2, 0.05)], Profile.FOOT).offset_m[0] == pytest.approx(0.05 * NORTH_M, abs=0.1)
    crossing = {"nodes": [7, 8], "highway": "footway"}  # meets it, does not run along
    assert metres(open_network(draw_town(NODES, [street, ROUND, crossing]))) == round(4 * EAST_M)


@pytest.mark.parametrize("tags", SAID)
def test_where_one_is_drawn_it_is_taken_and_doors_are_reached_from_it(
    draw_town: DrawTown, tags: dict[str, str]
) -> None:
    network = open_network(draw_town(NODES, [{"nodes": [1, 2], **tags}, ROUND, SIDEWALK]))
    assert metres(network) == pytest.approx(4 * EAST_M + 0.2 * NORTH_M, abs=1)
    assert network.snap([at(2, -0.1)], Profile.FOOT).offset_m[0] == pytest.approx(0.2 * NORTH_M, abs=0.1)


def test_a_sidewalk_that_leads_nowhere_cuts_nobody_off(draw_town: DrawTown) -> None:
    street = {"nodes": [1, 2], "sidewalk": "separate"}
    piece = {"nodes": [3, 9, 7, 4], "highway": "footway", "footway": "sidewalk"}  # touches no street
    network = open_network(draw_town(NODES, [street, piece, {"nodes": [2, 6]}]))
    assert metres(network) == round(4 * EAST_M)
    assert network.snap([at(2, 0.2)], Profile.FOOT).offset_m[0] == pytest.approx(0.2 * NORTH_M, abs=0.1)


def test_a_street_with_a_sidewalk_of_its_own_on_the_other_side_is_walked(draw_town: DrawTown) -> None:
    street = {"nodes": [1, 2], "sidewalk:left": "separate", "sidewalk:right": "yes"}
    assert metres(open_network(draw_town(NODES, [street, ROUND, SIDEWALK]))) == round(4 * EAST_M)


def test_riders_use_the_path_beside_a_street_where_there_is_one(draw_town: DrawTown) -> None:
    street = {"nodes": [1, 2], "bicycle": "use_sidepath"}
    assert metres(open_network(draw_town(NODES, [street, ROUND])), Profile.BIKE) == round(4 * EAST_M)
    path = {**SIDEWALK, "highway": "cycleway"}
    with_path = open_network(draw_town(NODES, [street, ROUND, path]))
    assert metres(with_path, Profile.BIKE) == pytest.approx(4 * EAST_M + 0.2 * NORTH_M, abs=1)
