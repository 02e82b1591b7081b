"""Extracts of every kind, whole, cut and broken."""

import gzip
from pathlib import Path

import osmnx as ox
import pytest

from doorroute.errors import BadInputError
from doorroute.model.place import Point
from doorroute.model.team import Profile
from doorroute.network import open_network
from tests.helpers.drawn_town import DrawTown

NODES = {1: (0, 0), 2: (1, 0), 3: (2, 0), 4: (3, 0)}


def refused(path: Path) -> BadInputError:
    with pytest.raises(BadInputError) as caught:
        open_network(path)
    assert str(caught.value.advice)
    return caught.value


def length_m(path: Path) -> float:
    return float(open_network(path).graph.length_m.sum())


@pytest.mark.parametrize("nodes_last", [False, True])
def test_a_way_whose_nodes_are_partly_missing_keeps_the_parts_that_are_there(
    draw_town: DrawTown, *, nodes_last: bool
) -> None:
    path = draw_town(NODES, [{"nodes": [1, 2, 99, 3, 4, 98]}, {"nodes": [97, 96]}], nodes_last=nodes_last)
    graph = open_network(path).graph
    assert len(graph.tail) == 2
    assert length_m(path) == pytest.approx(2 * 55.80, abs=0.1)


def test_nodes_after_the_ways_are_found(draw_town: DrawTown) -> None:
    first = draw_town(NODES, [{"nodes": [1, 2, 3, 4]}])
    last = draw_town(NODES, [{"nodes": [1, 2, 3, 4]}], nodes_last=True, name="late.osm")
    assert length_m(last) == length_m(first)


def test_a_packed_extract_is_the_same_streets(draw_town: DrawTown) -> None:
    plain = draw_town(NODES, [{"nodes": [1, 2, 3, 4]}])
    packed = plain.with_suffix(".osm.gz")
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    assert length_m(packed) == length_m(plain)


def test_negative_ids_of_an_editor_and_nodes_drawn_twice_are_read(draw_town: DrawTown) -> None:
    path = draw_town({-1: (0, 0), -2: (1, 0), -3: (1, 0)}, [{"nodes": [-1, -1, -2, -3, -2]}])
    assert length_m(path) == pytest.approx(55.80, abs=0.1)


def test_a_graph_that_osmnx_saved_gives_the_ways_of_the_extract_it_was_made_from(
    draw_town: DrawTown, tmp_path: Path
) -> None:
    nodes = {1: (0, 0), 2: (2, 0), 3: (2, 1), 4: (0, 1), 5: (1, 0.2), 6: (3, 0)}
    drawn = draw_town(
        nodes,
        [
            {"nodes": [1, 5, 2], "oneway": "yes", "name": "Kirkkokatu"},
            {"nodes": [2, 3, 4, 1]},
            {"nodes": [2, 6], "highway": "footway"},
        ],
    )
    saved = tmp_path / "town.graphml"
    ox.save_graphml(ox.graph_from_xml(drawn, retain_all=True, simplify=True), saved)
    one, other = open_network(drawn), open_network(saved)
    start, end = Point(25.0012, 60.0), Point(25.0003, 60.0002)
    for profile in Profile:
        a, b = one.leg(start, end, profile), other.leg(start, end, profile)
        assert (a.distance_m, a.duration_s) == (b.distance_m, b.duration_s)
    assert any(tags.get("name") == "Kirkkokatu" for tags in other.graph.tag_sets)


def test_a_file_that_is_not_there_or_of_another_kind_is_told(tmp_path: Path) -> None:
    assert refused(tmp_path / "none.osm.pbf").code == "EXTRACT_MISSING"
    assert refused(tmp_path).code == "EXTRACT_MISSING"
    (tmp_path / "list.xlsx").write_bytes(b"PK")
    assert refused(tmp_path / "list.xlsx").code == "EXTRACT_KIND"


@pytest.mark.parametrize("name", ["a.osm.pbf", "a.osm", "a.osm.gz", "a.osm.bz2", "a.graphml"])
@pytest.mark.parametrize(
    "content", [b"", b"\x00\xff" * 500, b"<html><body>404</body></html>", b"<osm", b'{"a": 1}']
)
def test_what_is_no_extract_is_refused_with_advice(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert refused(path).code in {"EXTRACT_BROKEN", "EXTRACT_NO_STREETS"}


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
def test_an_extract_cut_short_is_refused(demo_data: Path, tmp_path: Path, share: float) -> None:
    whole = (demo_data / "helsinki-centre.osm.pbf").read_bytes()
    path = tmp_path / "cut.osm.pbf"
    path.write_bytes(whole[: int(len(whole) * share)])
    assert refused(path).code == "EXTRACT_BROKEN"


def test_an_extract_with_bytes_changed_is_refused_or_read_but_never_crashes(
    demo_data: Path, tmp_path: Path
) -> None:
    whole = bytearray((demo_data / "helsinki-centre.osm.pbf").read_bytes())
    path = tmp_path / "changed.osm.pbf"
    for place in range(50, len(whole), len(whole) // 12):
        changed = bytearray(whole)
        changed[place : place + 8] = b"\xff\x00\x13\x37\xff\xff\xff\xff"
        path.write_bytes(changed)
        try:
            open_network(path)
        except BadInputError as error:
            assert error.code in {"EXTRACT_BROKEN", "EXTRACT_NO_STREETS"}  # noqa: PT017


@pytest.mark.parametrize("name", ["bomb.osm", "bomb.graphml"])
def test_xml_with_entities_is_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    lines = "".join(
        f'<!ENTITY l{i} "{"&l" + str(i - 1) + ";" if i else "lol"}{"&l" + str(i - 1) + ";" if i else ""}">'
        for i in range(30)
    )
    path.write_text(
        f'<?xml version="1.0"?><!DOCTYPE osm [{lines}]><osm version="0.6"><node id="1" user="&l29;"/></osm>',
        encoding="utf-8",
    )
    assert refused(path).code == "EXTRACT_BROKEN"


def test_an_extract_without_streets_is_refused(draw_town: DrawTown) -> None:
    assert refused(draw_town(NODES, [{"nodes": [1, 2], "highway": ""}])).code == "EXTRACT_NO_STREETS"
    assert refused(draw_town(NODES, [{"nodes": [1]}])).code == "EXTRACT_NO_STREETS"
    assert refused(draw_town(NODES, [])).code == "EXTRACT_NO_STREETS"
    assert refused(draw_town({}, [{"nodes": [1, 2]}])).code == "EXTRACT_NO_STREETS"


def test_streets_that_a_profile_cannot_use_leave_it_unreachable(draw_town: DrawTown) -> None:
    network = open_network(draw_town(NODES, [{"nodes": [1, 2, 3, 4], "highway": "steps"}]))
    assert network.leg(Point(25.0001, 60), Point(25.002, 60), Profile.CAR).points == ()
    assert network.leg(Point(25.0001, 60), Point(25.002, 60), Profile.FOOT).distance_m > 100


DIRECT = {"nodes": [1, 4]}
ROUND = {1: (0, 0), 2: (0, 3), 3: (3, 3), 4: (3, 0)}


@pytest.mark.parametrize("mark", ['action="delete"', "action='delete'", 'visible="false"'])
@pytest.mark.parametrize("pack", [False, True])
def test_a_street_that_the_file_says_is_deleted_is_not_walked(
    draw_town: DrawTown, mark: str, *, pack: bool
) -> None:
    path = draw_town(ROUND, [DIRECT, {"nodes": [1, 2, 3, 4]}])
    whole = length_m(path)
    path.write_text(path.read_text().replace('<way id="101"', f'<way id="101" {mark}'))
    if pack:
        packed = path.with_suffix(".osm.gz")
        packed.write_bytes(gzip.compress(path.read_bytes()))
        path = packed
    assert length_m(path) == pytest.approx(whole - 3 * 55.80, abs=0.1)


def test_a_tag_that_says_delete_is_no_mark(draw_town: DrawTown) -> None:
    path = draw_town(
        ROUND, [{**DIRECT, "name": "action delete"}, {"nodes": [1, 2, 3, 4]}], {1: {"action": "delete"}}
    )
    whole = length_m(path)
    path.write_text(path.read_text().replace('<way id="101"', '<way id="101" action="modify" visible="true"'))
    assert length_m(path) == whole


def test_a_street_of_which_the_last_version_is_deleted_is_not_there(draw_town: DrawTown) -> None:
    path = draw_town(ROUND, [DIRECT, {"nodes": [1, 2, 3, 4]}])
    whole = length_m(path)
    gone = '<way id="101" version="2" visible="false"/><way id="102"'
    path.write_text(path.read_text().replace('<way id="102"', gone))
    assert length_m(path) == pytest.approx(whole - 3 * 55.80, abs=0.1)
