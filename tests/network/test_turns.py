"""Turns that cost time, and turns that a relation forbids."""

import pytest

from doorroute.model.place import Point
from doorroute.model.team import Profile
from doorroute.network import StreetNetwork, open_network
from tests.helpers.drawn_town import EAST_M, NORTH_M, DrawTown

# A crossing at 5, with four arms of two steps and a ring road around it.
# Way ids: 1 west, 2 east, 3 south, 4 north, 5 the ring.
NODES = {1: (0, 2), 2: (4, 2), 3: (2, 0), 4: (2, 4), 5: (2, 2), 6: (0, 0), 7: (4, 0), 8: (4, 4), 9: (0, 4)}
ARMS = [
    {"id": 1, "nodes": [1, 5]},
    {"id": 2, "nodes": [5, 2]},
    {"id": 3, "nodes": [3, 5]},
    {"id": 4, "nodes": [5, 4]},
]
RING = {"id": 5, "nodes": [6, 3, 7, 2, 8, 4, 9, 1, 6]}


def restriction(kind: str, start: int, via: str, end: int, extra: str = "") -> str:
    vias = "".join(
        f'<member type="{"node" if each[0] == "n" else "way"}" ref="{each[1:]}" role="via"/>'
        for each in via.split()
    )
    return (
        f'<relation id="900{start}{end}" version="1"><member type="way" ref="{start}" role="from"/>{vias}'
        f'<member type="way" ref="{end}" role="to"/>'
        f'<tag k="type" v="restriction"/><tag k="restriction" v="{kind}"/>{extra}</relation>'
    )


def at(x: float, y: float) -> Point:
    return Point(25 + x / 1000, 60 + y / 1000)


SOUTH, WEST, NORTH, EAST = at(2, 1), at(1, 2), at(2, 3), at(3, 2)
LEFT_M = EAST_M + NORTH_M


def metres(network: StreetNetwork, start: Point, end: Point, profile: Profile = Profile.CAR) -> int:
    return network.leg(start, end, profile).distance_m


def test_a_turn_costs_seconds_and_going_straight_does_not(draw_town: DrawTown) -> None:
    network = open_network(draw_town(NODES, [*ARMS, RING]))
    straight, left, right = (network.leg(SOUTH, end, Profile.CAR).duration_s for end in (NORTH, WEST, EAST))
    assert straight == pytest.approx(2 * NORTH_M * 3.6 / 25, abs=1.5)
    assert right == pytest.approx(LEFT_M * 3.6 / 25 + 2.5, abs=1.5)
    assert left == pytest.approx(LEFT_M * 3.6 / 25 + 6.5, abs=1.5)  # across the oncoming lane
    on_foot = network.leg(SOUTH, WEST, Profile.FOOT)
    assert on_foot.duration_s == pytest.approx(LEFT_M * 3.6 / 4.8, abs=1.1)


def test_who_must_turn_round_does_so_at_a_dead_end_and_not_in_a_junction(draw_town: DrawTown) -> None:
    # from the south, one way, no turn to the west: a little further north a dead end branches off to the east
    nodes = {**NODES, 12: (2, 2.3), 13: (2.5, 2.3)}
    south, north = {**ARMS[2], "oneway": "yes"}, {"id": 4, "nodes": [5, 12, 4]}
    ways = [*ARMS[:2], south, north, {"id": 7, "nodes": [12, 13]}, RING]
    network = open_network(draw_town(nodes, ways, relations=restriction("no_left_turn", 3, "n5", 1)))
    assert metres(network, SOUTH, WEST) == pytest.approx(1.6 * NORTH_M + 2 * EAST_M, abs=1)


@pytest.mark.parametrize("kind", ["no_left_turn", "only_straight_on"])
def test_a_forbidden_turn_is_driven_round_and_walked(draw_town: DrawTown, kind: str) -> None:
    relation = restriction(kind, 3, "n5", 1 if kind.startswith("no") else 4)
    network = open_network(draw_town(NODES, [*ARMS, RING], relations=relation))
    # back down to the ring, or up through the crossing: by the way out to the west either way
    assert metres(network, SOUTH, WEST) > LEFT_M + 100
    assert metres(network, SOUTH, WEST, Profile.FOOT) == pytest.approx(LEFT_M, abs=0.6)
    assert metres(network, SOUTH, NORTH) == pytest.approx(2 * NORTH_M, abs=0.6)
    assert metres(network, WEST, SOUTH) == pytest.approx(LEFT_M, abs=0.6)
    assert (metres(network, SOUTH, EAST) > LEFT_M + 100) is (kind == "only_straight_on")


def test_an_exception_for_cars_lifts_the_ban(draw_town: DrawTown) -> None:
    relation = restriction("no_left_turn", 3, "n5", 1, '<tag k="except" v="psv;motorcar"/>')
    assert metres(
        open_network(draw_town(NODES, [*ARMS, RING], relations=relation)), SOUTH, WEST
    ) == pytest.approx(LEFT_M, abs=0.6)


def test_a_ban_that_runs_along_a_way_holds_for_those_who_came_from_its_start_only(
    draw_town: DrawTown,
) -> None:
    # two crossings, 5 and 10, joined by way 6: from the south over way 6 nobody may turn back south
    nodes = {**NODES, 10: (3, 2), 11: (3, 0)}
    ways = [
        ARMS[0],
        {"id": 6, "nodes": [5, 10]},
        {"id": 2, "nodes": [10, 2]},
        ARMS[2],
        ARMS[3],
        {"id": 7, "nodes": [10, 11]},
        {"id": 5, "nodes": [6, 3, 11, 7, 2, 8, 4, 9, 1, 6]},
    ]
    free = open_network(draw_town(nodes, ways))
    network = open_network(
        draw_town(nodes, ways, relations=restriction("no_u_turn", 3, "w6", 7), name="banned.osm")
    )
    over = at(3, 1.5)
    direct = 1 * NORTH_M + EAST_M + 0.5 * NORTH_M
    assert metres(free, SOUTH, over) == pytest.approx(direct, abs=0.6)
    assert metres(network, SOUTH, over) > direct + 50
    assert (
        metres(network, WEST, over)
        == metres(free, WEST, over)
        == pytest.approx(2 * EAST_M + 0.5 * NORTH_M, abs=0.6)
    )
    between = at(2.5, 2)  # whoever stops on the way between is free again
    assert metres(network, SOUTH, between) == metres(free, SOUTH, between)
    assert metres(network, between, over) == metres(free, between, over)
    assert metres(network, SOUTH, EAST) == metres(free, SOUTH, EAST)


@pytest.mark.parametrize(
    "relation",
    [
        restriction("no_left_turn", 3, "n99", 1),
        restriction("no_left_turn", 98, "n5", 97),
        restriction("no_left_turn", 3, "w96", 1),
        restriction("no_left_turn", 3, "", 1),
        restriction("no_nonsense", 3, "n4", 1),
        restriction("give_way", 3, "n5", 1),
    ],
)
def test_a_relation_that_does_not_fit_the_streets_forbids_nothing(draw_town: DrawTown, relation: str) -> None:
    assert metres(
        open_network(draw_town(NODES, [*ARMS, RING], relations=relation)), SOUTH, WEST
    ) == pytest.approx(LEFT_M, abs=0.6)
