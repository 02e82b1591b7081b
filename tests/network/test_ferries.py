"""Ferries: their time, their direction, and that nobody walks on water."""

from collections.abc import Callable

import pytest

from doorroute.model.directions import Direction, DirectionKind, directions_text
from doorroute.model.team import Profile
from doorroute.model.travel import UNREACHABLE
from doorroute.network import StreetNetwork, open_network
from doorroute.network.ferries import minutes
from tests.helpers.drawn_town import DrawTown, at

HERE, THERE = at(0, 0), at(30, 0)  # one bank and the other
WAIT_S, WALKED_S = 600, 167  # two streets of 111.6 m at 4.8 km/h
Crossing = Callable[..., StreetNetwork]


@pytest.fixture
def crossing(draw_town: DrawTown) -> Crossing:
    """Return a function that draws two banks, a ferry of 1.45 km, and a road of 15 km or none."""

    def draw(relations: str = "", *, road: bool = True, **ferry: str) -> StreetNetwork:
        nodes = {1: (0, 0), 2: (2, 0), 3: (28, 0), 4: (30, 0), 5: (0, 60), 6: (30, 60), 7: (10, 0.5)}
        lines = [
            {"nodes": [1, 2]},
            {"nodes": [3, 4]},
            {
                "nodes": [2, 7, 3],
                "id": 200,
                "highway": "",
                **{key.replace("__", ":"): v for key, v in ferry.items()},
            },
        ]
        path = draw_town(nodes, lines + [{"nodes": [1, 5, 6, 4]}] * road, relations=relations)
        path.write_text(path.read_text().replace('<tag k="highway" v=""/>', ""))
        return open_network(path)

    return draw


def seconds(network: StreetNetwork, profile: Profile = Profile.FOOT) -> tuple[int, int]:
    return network.leg(HERE, THERE, profile).duration_s, network.leg(THERE, HERE, profile).duration_s


def test_a_ferry_takes_what_its_duration_says_and_a_wait(crossing: Crossing) -> None:
    there, back = seconds(crossing(route="ferry", foot="yes", duration="00:07"))
    assert there == back == pytest.approx(7 * 60 + WAIT_S + WALKED_S, abs=2)


def test_without_a_duration_it_sails_at_the_usual_speed_and_its_interval_says_how_long_one_waits(
    crossing: Crossing,
) -> None:
    sailed = seconds(crossing(route="ferry", foot="yes", interval="00:30"))[0] - WALKED_S - 900
    assert sailed == pytest.approx(1458 / (12 / 3.6), rel=0.01)


def test_nobody_walks_on_water_where_the_duration_means_nothing(crossing: Crossing) -> None:
    usual = seconds(crossing(route="ferry", foot="yes"))
    for nonsense in ("soon", "0", "-5", "99999:00", "0:00:01"):
        assert seconds(crossing(route="ferry", foot="yes", duration=nonsense)) == usual


@pytest.mark.parametrize(
    ("oneway", "open_"), [("yes", (True, False)), ("-1", (False, True)), ("no", (True, True))]
)
def test_it_sails_the_way_it_sails_for_walkers_too(
    crossing: Crossing, oneway: str, open_: tuple[bool, bool]
) -> None:
    network = crossing(route="ferry", foot="yes", duration="5", oneway=oneway)
    assert tuple(time < 1800 for time in seconds(network)) == open_


@pytest.mark.parametrize(
    ("tags", "taken"),
    [
        ({"foot": "yes"}, {"foot"}),
        ({"access": "yes"}, {"foot", "bike"}),
        ({"motor_vehicle": "yes"}, {"car"}),
        ({"foot": "yes", "bicycle": "yes", "motorcar": "designated"}, {"foot", "bike", "car"}),
        ({"foot": "no", "vehicle": "yes"}, {"bike", "car"}),
        ({}, set()),
        ({"foot": "yes", "highway": "footway"}, {"foot"}),
    ],
)
def test_it_takes_whom_its_tags_let_on(crossing: Crossing, tags: dict[str, str], taken: set[str]) -> None:
    network = crossing(route="ferry", duration="1", **tags)
    assert {
        profile.value for profile in Profile if network.leg(HERE, THERE, profile).distance_m < 5000
    } == taken


def test_no_door_is_reached_from_a_ferry(crossing: Crossing) -> None:
    network = crossing(route="ferry", foot="yes", duration="1", name="Blue Line")
    at_sea = network.snap([at(9, 0.5), at(4, 0)], Profile.FOOT)
    assert at_sea.offset_m.tolist() == pytest.approx([7 * 55.8, 2 * 55.8], rel=0.02)


def test_the_ferry_is_named_in_the_directions(crossing: Crossing) -> None:
    directions = (
        crossing(route="ferry", foot="yes", name="Blue Line").leg(HERE, THERE, Profile.FOOT).directions
    )
    assert [(part.kind, part.name) for part in directions] == [(DirectionKind.FERRY, "Blue Line")]
    assert directions_text(directions).into("en") == "ferry Blue Line"
    assert directions_text([Direction(kind=DirectionKind.FERRY, metres=9)]).into("zh") == "轮渡"


def test_a_relation_says_what_its_ways_do_not(crossing: Crossing) -> None:
    line = (
        '<relation id="9" version="1"><member type="way" ref="{way}" role=""/>'
        '<tag k="type" v="route"/><tag k="route" v="ferry"/><tag k="foot" v="yes"/>'
        '<tag k="duration" v="00:07"/></relation>'
    )
    for tags in ({}, {"route": "ferry"}):
        assert seconds(crossing(line.format(way=200), **tags))[0] == pytest.approx(
            7 * 60 + WAIT_S + WALKED_S, abs=2
        )
    assert seconds(crossing(line.format(way=200), road=False, foot="no"))[0] == UNREACHABLE


def test_the_duration_of_a_relation_is_that_of_all_its_ways_together(draw_town: DrawTown) -> None:
    nodes = {1: (0, 0), 2: (2, 0), 3: (28, 0), 4: (30, 0), 5: (15, 0)}
    ways = [
        {"nodes": [1, 2]},
        {"nodes": [3, 4]},
        *({"nodes": part, "route": "ferry"} for part in ([2, 5], [5, 3])),
    ]
    line = (
        '<relation id="9" version="1">'
        '<member type="way" ref="103" role=""/><member type="way" ref="104" role=""/>'
        '<tag k="type" v="route"/><tag k="route" v="ferry"/><tag k="foot" v="yes"/>'
        '<tag k="duration" v="7"/></relation>'
    )
    assert seconds(open_network(draw_town(nodes, ways, relations=line)))[0] == pytest.approx(
        7 * 60 + WAIT_S + WALKED_S, abs=2
    )


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("00:20", 20),
        ("1:05:30", 65),
        ("45", 45),
        ("PT1H20M", 80),
        ("20 min", 20),
        ("1 h", 60),
        ("1h20", 80),
        ("10-20", 20),
        ("15;20", 20),
        ("", None),
        ("0", None),
        ("soon", None),
        ("10 - late", None),
    ],
)
def test_durations_are_read_in_the_ways_they_are_written(text: str, read: float | None) -> None:
    assert minutes(text) == read
