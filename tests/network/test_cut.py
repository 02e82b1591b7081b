"""A town cut out of a larger extract: whole at its edges, in order, and the streets inside as they were."""

from pathlib import Path

import osmium
import pytest

from doorroute.cli import main
from doorroute.errors import BadInputError
from doorroute.geocode import open_index
from doorroute.model.place import Point
from doorroute.model.team import Profile
from doorroute.network import open_network
from doorroute.network.cut import Box, cut_extract
from doorroute.output.basemap.features import FeatureKind, read_features
from tests.helpers.drawn_town import DrawTown

HELSINKI = "helsinki-centre.osm.pbf"
# around a corner in the middle of the sample; the sample is three times as wide
SMALL = Box(24.940, 60.169, 24.946, 60.173)


@pytest.fixture(scope="module")
def small(demo_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("cut") / "town.osm.pbf"
    cut_extract(demo_data / HELSINKI, SMALL, out)
    return out


def test_ways_that_reach_in_are_whole_and_the_file_is_in_order(small: Path, demo_data: Path) -> None:
    whole = {
        way.id: [n.ref for n in way.nodes]
        for way in osmium.FileProcessor(str(demo_data / HELSINKI), osmium.osm.WAY)
    }
    there = {node.id for node in osmium.FileProcessor(str(demo_data / HELSINKI), osmium.osm.NODE)}
    kinds, nodes, ways = [], [], {}
    for item in osmium.FileProcessor(str(small)):
        kinds.append("nwr".index(item.type_str()))
        if item.is_node():
            nodes.append(item.id)
        elif item.is_way():
            ways[item.id] = [n.ref for n in item.nodes]
    assert kinds == sorted(kinds)
    assert nodes == sorted(set(nodes))
    assert list(ways) == sorted(ways)
    assert 100 < len(ways) < len(whole) / 2
    assert all(whole[way] == refs for way, refs in ways.items())
    assert {ref for refs in ways.values() for ref in refs} & there <= set(nodes)
    with osmium.io.Reader(str(small)) as reader:
        assert reader.header().get("sorting") == "Type_then_ID"


def test_the_streets_the_doors_and_the_map_inside_are_as_in_the_whole(small: Path, demo_data: Path) -> None:
    cut, whole = open_network(small), open_network(demo_data / HELSINKI)
    near, far = Point(24.9420, 60.1705), Point(24.9445, 60.1718)
    one, other = cut.leg(near, far, Profile.FOOT), whole.leg(near, far, Profile.FOOT)
    assert len(one.points) > 5
    assert one == other

    def doors(extract: Path) -> set[tuple[str, float, float]]:
        found = {
            (door.shown, door.lon, door.lat)
            for door in open_index(extract).tables.doors
            if door.known == "node"
        }
        return {door for door in found if SMALL.holds(Point(door[1], door[2]))}

    assert len(doors(small)) > 20
    assert doors(small) == doors(demo_data / HELSINKI)
    inside = {shape.wkb for shape in read_features(demo_data / HELSINKI)[FeatureKind.BUILDING].shapes}
    assert {shape.wkb for shape in read_features(small)[FeatureKind.BUILDING].shapes} <= inside


def test_restrictions_and_buildings_of_several_ways_come_whole(draw_town: DrawTown, tmp_path: Path) -> None:
    nodes = {i: (i, 0) for i in range(10)} | {20: (9, 1), 21: (60, 1), 22: (60, 2), 23: (9, 2)}
    ways = [
        {"nodes": [0, 1]},
        {"nodes": [1, 2]},
        {"nodes": [1, 9]},
        {"nodes": [20, 21], "highway": ""},
        {"nodes": [21, 22], "highway": ""},
        {"nodes": [22, 23, 20], "highway": ""},
        {"nodes": [21, 22]},
    ]
    relations = """
        <relation id="1" version="1">
            <member type="way" ref="101" role="from"/><member type="node" ref="1" role="via"/>
            <member type="way" ref="103" role="to"/>
            <tag k="type" v="restriction"/><tag k="restriction" v="no_left_turn"/></relation>
        <relation id="2" version="1">
            <member type="way" ref="104" role="outer"/><member type="way" ref="105" role="outer"/>
            <member type="way" ref="106" role="outer"/>
            <tag k="type" v="multipolygon"/><tag k="building" v="yes"/></relation>
        <relation id="3" version="1">
            <member type="way" ref="101" role=""/><member type="way" ref="107" role=""/>
            <tag k="type" v="route"/></relation>"""
    town = draw_town(nodes, ways, relations=relations)
    out = tmp_path / "cut.osm.pbf"
    kept = cut_extract(town, Box(24.9995, 59.9, 25.0095, 60.1), out)
    assert (kept.ways, kept.relations) == (6, 3)
    assert len(open_network(out).graph.restrictions) == 1
    assert (
        read_features(out)[FeatureKind.BUILDING].shapes[0].area
        == read_features(town)[FeatureKind.BUILDING].shapes[0].area
        > 0
    )


def test_a_cut_is_the_same_every_time(small: Path, demo_data: Path, tmp_path: Path) -> None:
    told: list[float] = []
    cut_extract(demo_data / HELSINKI, SMALL, tmp_path / "again.osm.pbf", progress=told.append)
    assert (tmp_path / "again.osm.pbf").read_bytes() == small.read_bytes()
    assert told == sorted(told)
    assert told[-1] == 1


def test_what_cannot_be_cut_is_told_and_nothing_is_left(draw_town: DrawTown, tmp_path: Path) -> None:
    row = {i: (i, 0) for i in range(1, 5)}
    (tmp_path / "cuts").mkdir()
    for drawn, box, code in [
        (
            draw_town(row, [{"id": 9, "nodes": [1, 2]}, {"id": 8, "nodes": [2, 3]}], name="turned.osm"),
            Box(24, 59, 26, 61),
            "EXTRACT_UNSORTED",
        ),
        (draw_town(row, [{"nodes": [1, 2]}], name="far.osm"), Box(10, 10, 11, 11), "CUT_EMPTY"),
    ]:
        with pytest.raises(BadInputError, match=code):
            cut_extract(drawn, box, tmp_path / "cuts" / "out.osm.pbf")
    with pytest.raises(BadInputError, match="CUT_KIND"):
        cut_extract(tmp_path / "streets.graphml", SMALL, tmp_path / "cuts" / "out.osm.pbf")
    assert not list((tmp_path / "cuts").iterdir())


def test_a_box_reaches_as_far_as_asked_and_is_rounded_outwards() -> None:
    box = Box.around([Point(25.0, 60.0)], 1000)
    assert box == (24.98, 59.99, 25.02, 60.01)
    assert box.holds(Point(25.0, 60.0), 1000)
    assert not box.holds(Point(25.0, 60.0), 1200)


@pytest.mark.parametrize(("lang", "words"), [("en", "streets and buildings"), ("zh", "街道和建筑")])
def test_the_command_cuts_around_depots_or_a_place(
    demo_data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], lang: str, words: str
) -> None:
    depots, out = tmp_path / "depots.csv", tmp_path / "town.osm.pbf"
    depots.write_text("depot,address,lon,lat\nBase,,24.943,60.171\nOther,,24.944,60.172\n", encoding="utf-8")
    extract = str(demo_data / HELSINKI)
    for around in (str(depots), "24.943,60.171"):
        asked = [
            "--lang",
            lang,
            "network",
            "cut",
            extract,
            "--around",
            around,
            "--km",
            "0.2",
            "--out",
            str(out),
        ]
        assert main(asked) == 0
        assert words in capsys.readouterr().out
        assert out.stat().st_size < Path(extract).stat().st_size
        out.unlink()
    depots.write_text("depot,address\nBase,Unioninkatu 8\n", encoding="utf-8")
    for around, code in [
        (str(depots), "CUT_NO_PLACE"),
        ("200,60", "CUT_OFF_EARTH"),
        ("60.17,24.94", "CUT_EMPTY"),
    ]:
        assert main(["--lang", lang, "network", "cut", extract, "--around", around, "--out", str(out)]) == 2
        assert code in capsys.readouterr().err
    assert main(["--lang", lang, "network", "cut", extract, "--around", "24.9,60.1", "--out", extract]) == 2
    assert not out.exists()
