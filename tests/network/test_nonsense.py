"""Extracts of nonsense: a clear word or a sound answer, in bounded time; never a wrong minute."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from doorroute.cli import main
from doorroute.errors import BadInputError
from doorroute.model.place import Point
from doorroute.model.team import Profile
from doorroute.network import open_network
from doorroute.network.census import use_of
from tests.helpers.drawn_town import EAST_M, DrawTown

ROW = {i: (i, 0) for i in range(1, 9)}
WriteOsm = Callable[[str], Path]


@pytest.fixture
def write_osm(tmp_path: Path) -> WriteOsm:
    """Return a function that puts elements into an .osm file as they are."""

    def write(elements: str) -> Path:
        path = tmp_path / "nonsense.osm"
        path.write_text(f'<?xml version="1.0"?><osm version="0.6">{elements}</osm>', encoding="utf-8")
        return path

    return write


def node(number: int, lon: object, lat: object) -> str:
    return f'<node id="{number}" version="1" lon="{lon}" lat="{lat}"/>'


def way(number: int, *nodes: int) -> str:
    refs = "".join(f'<nd ref="{n}"/>' for n in nodes)
    return f'<way id="{number}" version="1">{refs}<tag k="highway" v="residential"/></way>'


def metres(path: Path, start: float = 1.1, end: float = 1.9, profile: Profile = Profile.FOOT) -> int:
    return (
        open_network(path).leg(Point(25 + start / 1000, 60), Point(25 + end / 1000, 60), profile).distance_m
    )


@pytest.mark.parametrize("where", [("nan", 60), ("500", 60), ("1e9", 60), ("abc", 60)])
def test_a_point_that_is_not_on_the_earth_is_told(
    write_osm: WriteOsm, where: tuple[object, object], capsys: pytest.CaptureFixture[str]
) -> None:
    path = write_osm(node(1, *where) + node(2, 25, 60) + node(3, 25.001, 60) + way(1, 1, 2, 3))
    with pytest.raises(BadInputError, match="EXTRACT_COORDINATES"):
        open_network(path)
    for lang, words in (("en", "not on the earth"), ("zh", "不在地球上")):
        assert main(["--lang", lang, "network", "info", str(path)]) == 2
        assert words in capsys.readouterr().err


def test_a_point_beyond_the_pole_is_as_if_it_were_missing(write_osm: WriteOsm) -> None:
    path = write_osm(node(1, 25, "-91") + node(2, 25.001, 60) + node(3, 25.002, 60) + way(1, 1, 2, 3))
    assert open_network(path).graph.length_m.sum() == pytest.approx(EAST_M, abs=0.1)


def test_a_node_that_comes_twice_is_in_one_place(write_osm: WriteOsm) -> None:
    graph = open_network(
        write_osm(node(1, 25, 60) + node(1, 25.01, 60) + node(2, 25.002, 60) + way(1, 1, 2) + way(2, 2, 1))
    ).graph
    assert len(graph.node_id) == 2
    assert graph.length_m[0] == graph.length_m[1]
    assert graph.length_m[0] in (pytest.approx(2 * EAST_M, abs=0.1), pytest.approx(8 * EAST_M, abs=0.1))


def test_two_nodes_on_one_spot_and_ways_without_length_cost_nothing(draw_town: DrawTown) -> None:
    town = draw_town(
        {**ROW, 20: (2, 0)}, [{"nodes": [1, 2, 20]}, {"nodes": [2, 20]}, {"nodes": [20, 3, 3, 3]}]
    )
    assert metres(town, 1.1, 2.9) == pytest.approx(1.8 * EAST_M, abs=1)
    for profile in Profile:
        assert open_network(town).travel([], profile).duration_s.shape == (0, 0)
    only = draw_town({1: (1, 0), 2: (1, 0)}, [{"nodes": [1, 2]}], name="spot.osm")
    assert metres(only, 0.9, 1.1) == pytest.approx(0.2 * EAST_M, abs=1)


def test_a_line_round_the_world_is_no_street(write_osm: WriteOsm) -> None:
    date_line = node(1, 179.9999, 60) + node(2, -179.9999, 60) + way(1, 1, 2)
    with pytest.raises(BadInputError, match="EXTRACT_NO_STREETS"):
        open_network(write_osm(date_line))
    far = node(1, 25.001, 60) + node(2, 25.002, 60) + node(3, -120, -80) + node(4, 25.003, 60)
    graph = open_network(write_osm(far + way(1, 1, 2, 3, 4) + way(2, 2, 4))).graph
    assert graph.length_m.sum() == pytest.approx(2 * EAST_M, abs=0.1)


@pytest.mark.parametrize(
    "speed", ["-50", "1e99", "NaN", "0", "999999", "5O", "fast", "", ";", "³", "٥٠", "30 knots", "inf"]
)
def test_a_speed_of_nonsense_is_as_if_no_sign_stood_there(draw_town: DrawTown, speed: str) -> None:
    def seconds(**tags: str) -> int:
        town = draw_town(ROW, [{"nodes": [1, 2, 3, 4, 5, 6], **tags}])
        return open_network(town).leg(Point(25.0011, 60), Point(25.0059, 60), Profile.CAR).duration_s

    assert seconds(maxspeed=speed) == seconds()
    assert seconds(maxspeed="10") > seconds()


RESTRICTIONS = [
    "",
    '<member type="way" ref="101" role="from"/>',
    '<member type="way" ref="101" role="from"/><member type="way" ref="102" role="to"/>',
    ('<member type="node" ref="1" role="from"/>'
    '<member type="node" ref="2" role="via"/><member type="node" ref="1" role="to"/>'),
    ('<member type="way" ref="99" role="from"/>'
    '<member type="node" ref="98" role="via"/><member type="way" ref="97" role="to"/>'),
    ('<member type="relation" ref="5" role="via"/>'
    '<member type="way" ref="101" role="from"/><member type="way" ref="101" role="to"/>'),
    ('<member type="way" ref="101" role="from"/>'
    '<member type="way" ref="101" role="via"/><member type="way" ref="102" role="to"/>'),
    '<member type="way" ref="101" role="from"/>' * 3000 + '<member type="way" ref="102" role="to"/>' * 3000,
]  # fmt: skip


@pytest.mark.parametrize("kind", ["no_left_turn", "only_straight_on", "no_", "only_", "nonsense"])
def test_restrictions_that_fit_nothing_forbid_nothing(draw_town: DrawTown, kind: str) -> None:
    relations = "".join(
        f'<relation id="{number}" version="1">{members}<tag k="type" v="restriction"/>'
        f'<tag k="restriction" v="{kind}"/></relation>'
        for number, members in enumerate(RESTRICTIONS, start=1)
    )
    town = draw_town(ROW, [{"nodes": [1, 2]}, {"nodes": [2, 3]}], relations=relations)
    assert metres(town, 1.1, 2.9, Profile.CAR) == pytest.approx(1.8 * EAST_M, abs=1)


def test_a_star_of_streets_is_refused(write_osm: WriteOsm) -> None:
    rays = range(2, 400)
    nodes = "".join(node(i, 25 + i * 1e-5, 60 + i % 7 * 1e-4) for i in (1, *rays))
    with pytest.raises(BadInputError, match="EXTRACT_TANGLED"):
        open_network(write_osm(nodes + "".join(way(i, 1, i) for i in rays)))


def tangle(ways: int, nodes: int, *, wide: float, high: float) -> str:
    """Draw ways between points anywhere, some of which are not there."""
    at = random.Random(1)  # noqa: S311  # no secret
    drawn = "".join(
        node(i, f"{25 + wide * at.uniform(-1, 1):.7f}", f"{high * at.uniform(-1, 1):.7f}")
        for i in range(1, nodes + 1)
    )
    return drawn + "".join(
        way(i, *(at.randrange(1, int(nodes * 1.05)) for _ in range(at.randrange(5))))
        for i in range(1, ways + 1)
    )


@pytest.mark.parametrize("ways", [8_000, 16_000])
def test_streets_that_all_cross_one_another_are_refused_before_the_search_has_no_end(
    write_osm: WriteOsm, ways: int
) -> None:
    network = open_network(write_osm(tangle(ways, 2_000, wide=0.03, high=0.03)))
    with pytest.raises(BadInputError, match="EXTRACT_TANGLED"):
        use_of(network, Profile.FOOT)


def test_a_hundred_thousand_ways_across_the_world_leave_nothing_to_trust(write_osm: WriteOsm) -> None:
    path = write_osm(tangle(100_000, 20_000, wide=150, high=89))
    try:
        use = use_of(open_network(path), Profile.FOOT)
    except BadInputError as error:
        assert error.code in {"EXTRACT_NO_STREETS", "EXTRACT_TANGLED"}  # noqa: PT017  # both are true
    else:
        assert use.allowed_m < 5_000_000  # of the hundred million metres drawn
