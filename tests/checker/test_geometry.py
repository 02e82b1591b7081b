"""The line on the map."""

from dataclasses import replace
from typing import NamedTuple

import pytest

from doorroute.checker import check_geometry
from doorroute.model.directions import Direction
from doorroute.model.place import Point
from doorroute.model.team import Profile

A, B, C, E, F = (
    Point(24.9400, 60.1700),
    Point(24.9427, 60.1700),
    Point(24.9481, 60.1700),
    Point(24.9427, 60.1680),
    Point(24.9454, 60.1680),
)
CORNERS_BETWEEN = {(C, A): (B,), (F, A): (C, B)}

MAIN_STREET = (Direction(name="Main Street", metres=100),)


class Drawing(NamedTuple):
    points: tuple[Point, ...]
    directions: tuple[Direction, ...]


def streets(start: Point, end: Point, profile: Profile) -> Drawing:
    assert isinstance(profile, Profile)
    return Drawing((start, *CORNERS_BETWEEN.get((start, end), ()), end), MAIN_STREET if start != end else ())


def told(drawn, routes):
    return [(v.rule, v.team) for v in check_geometry(drawn.problem, routes, streets)]


def test_lines_along_the_streets_are_sound(drawn):
    assert told(drawn, drawn.plan.routes) == []


def test_a_line_rounded_by_a_file_is_the_same_line(drawn):
    line = drawn.route("T1").geometry
    rounded = tuple(Point(point.lon + 2e-8, point.lat - 2e-8) for point in line)
    assert told(drawn, drawn.with_route("T1", geometry=rounded)) == []


def test_the_points_where_two_legs_meet_may_stand_there_twice(drawn):
    doubled = tuple(point for point in drawn.route("T1").geometry for _ in range(2))
    assert told(drawn, drawn.with_route("T1", geometry=doubled)) == []


@pytest.mark.parametrize("keep", [slice(0), slice(1, None), slice(-1), slice(None, None, -1)])
def test_a_line_cut_short_or_turned_round_is_told(drawn, keep):
    line = drawn.route("T2").geometry[keep]
    assert told(drawn, drawn.with_route("T2", geometry=line)) == [("drawn_along_the_streets", "T2")]


def test_a_line_across_the_houses_is_told(drawn):
    line = drawn.route("T1").geometry
    moved = replace(line[1], lat=line[1].lat + 1e-6)
    routes = drawn.with_route("T1", geometry=(line[0], moved, *line[2:]))
    assert told(drawn, routes) == [("drawn_along_the_streets", "T1")]


@pytest.mark.parametrize(
    ("position", "directions", "sound"),
    [
        (1, MAIN_STREET, True),
        (1, (), True),
        (1, (*MAIN_STREET, *MAIN_STREET), False),
        (0, MAIN_STREET, False),
    ],
)
def test_the_directions_to_a_step_follow_the_streets(drawn, position, directions, sound):
    found = told(drawn, drawn.with_step("T1", position, directions=directions))
    assert found == ([] if sound else [("told_along_the_streets", "T1")])
