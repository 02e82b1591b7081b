"""Squares: walked along their outlines, however they are drawn."""

from itertools import pairwise

import pytest

from doorroute.model.team import Profile
from doorroute.network import open_network
from tests.helpers.drawn_town import EAST_M, DrawTown, at

NODES = {
    1: (0, 0), 2: (2, 0), 3: (2, 1), 4: (3, 1), 5: (3, 0), 6: (3, -1), 7: (2, -1), 8: (5, 0),
    9: (2.4, 0.2), 10: (2.6, 0.2), 11: (2.6, -0.2), 12: (2.4, -0.2), 13: (0, 8), 14: (5, 8),
}  # fmt: skip
OUTLINE, HOLE = [2, 3, 4, 5, 6, 7, 2], [9, 10, 11, 12, 9]
STREETS = [{"nodes": [1, 2]}, {"nodes": [5, 8]}, {"nodes": [1, 13, 14, 8]}]
ACROSS_M = 5 * EAST_M + 2 * 111.41


def relation(tags: dict[str, str], ways: dict[int, str]) -> str:
    members = "".join(f'<member type="way" ref="{way}" role="{role}"/>' for way, role in ways.items())
    return (
        '<relation id="1" version="1">'
        + members
        + "".join(f'<tag k="{k}" v="{v}"/>' for k, v in {"type": "multipolygon", **tags}.items())
        + "</relation>"
    )


def metres(
    draw_town: DrawTown, rings: list[dict[str, object]], relations: str = "", profile: Profile = Profile.FOOT
) -> int:
    path = draw_town(NODES, [*STREETS, *rings], relations=relations)
    path.write_text(path.read_text().replace('<tag k="highway" v=""/>', ""))
    return open_network(path).leg(at(0, 0), at(5, 0), profile).distance_m


@pytest.mark.parametrize(
    "tags",
    [
        {"highway": "pedestrian", "area": "yes"},
        {"highway": "pedestrian"},
        {"place": "square"},
        {"area:highway": "pedestrian"},
        {"railway": "platform"},
        {"highway": "footway", "area": "yes", "name": "Market"},
    ],
)
def test_a_square_of_several_ways_is_walked_along_its_edge_as_one_of_a_closed_way_is(
    draw_town: DrawTown, tags: dict[str, str]
) -> None:
    plain = {"highway": ""}
    halves = [
        {"nodes": part, "id": n, **plain} for n, part in ((21, OUTLINE[:4]), (22, OUTLINE[3:]), (23, HOLE))
    ]
    several = metres(draw_town, halves, relation(tags, {21: "outer", 22: "outer", 23: "inner"}))
    closed = metres(draw_town, [{"nodes": OUTLINE, "highway": "", **tags}])
    assert several == closed == pytest.approx(ACROSS_M, abs=1)


@pytest.mark.parametrize(
    "tags",
    [
        {"landuse": "grass"},
        {"highway": "pedestrian", "foot": "no"},
        {"place": "neighbourhood"},
        {"area:highway": "primary"},
        {"type": "site", "highway": "pedestrian"},
    ],
)
def test_relations_that_are_no_squares_for_walkers_open_nothing(
    draw_town: DrawTown, tags: dict[str, str]
) -> None:
    ring = [{"nodes": OUTLINE, "id": 21, "highway": ""}]
    assert metres(draw_town, ring, relation(tags, {21: "outer"})) > 1500


def test_no_car_drives_along_the_edge_of_a_square(draw_town: DrawTown) -> None:
    ring = [{"nodes": OUTLINE, "id": 21, "highway": ""}]
    for tags in ({"highway": "service"}, {"place": "square"}):
        assert metres(draw_town, ring, relation(tags, {21: "outer"}), Profile.CAR) > 1500


def test_a_street_at_the_edge_of_a_square_stays_what_it_is(draw_town: DrawTown) -> None:
    sides = [
        {"nodes": list(side), "id": 30 + n, "highway": "steps"} for n, side in enumerate(pairwise(OUTLINE))
    ]
    square = relation(
        {"highway": "pedestrian", "name": "Market"}, {30 + n: "outer" for n in range(len(sides))}
    )
    path = draw_town(NODES, [*STREETS, *sides], relations=square)
    assert {tags["highway"] for tags in open_network(path).graph.tag_sets} == {"steps", "residential"}
