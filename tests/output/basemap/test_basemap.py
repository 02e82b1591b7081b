"""The base map: what is read from an extract, what is cut out of it, and its packed bytes."""

import base64
import gzip

import numpy as np
import osmnx
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from doorroute.errors import BadInputError
from doorroute.model.place import Point
from doorroute.output.basemap.features import AREAS, UNIT_DEG, FeatureKind, read_features
from doorroute.output.basemap.packed import read_base_map, varints

HERE = (Point(24.9441, 60.1699), Point(24.9465, 60.1682))


class Unpacked:
    """What `frontend/lib/map/packed.js` would read, read by other hands."""

    def __init__(self, packed):
        self.bytes = gzip.decompress(base64.b64decode(packed["data"]))
        self.at = 0
        length = self.number()
        self.names = self.bytes[self.at : self.at + length].decode().split("\n")
        self.at += length
        self.layers = {kind: self.layer(packed["origin"]) for kind in FeatureKind}
        assert self.at == len(self.bytes)

    def number(self):
        value = shift = 0
        while True:
            octet = self.bytes[self.at]
            self.at += 1
            value |= (octet & 127) << shift
            shift += 7
            if octet < 128:
                return value

    def layer(self, origin):
        features, rings = self.number(), self.number()
        names = [self.number() for _ in range(features)]
        rings_of = [self.number() for _ in range(features)]
        points_of = [self.number() for _ in range(rings)]
        columns = [[self.number() for _ in range(sum(points_of))] for _ in "xy"]
        steps = np.array([[(n >> 1) ^ -(n & 1) for n in column] for column in columns]).T
        points = (np.cumsum(steps, axis=0) + origin) * UNIT_DEG if len(steps) else np.empty((0, 2))
        assert sum(rings_of) == rings
        parts = iter(np.split(points, np.cumsum(points_of)[:-1]) if rings else [])
        return [
            (self.names[name - 1] if name else "", [next(parts) for _ in range(count)])
            for name, count in zip(names, rings_of, strict=True)
        ]


@pytest.fixture(scope="module")
def base_map(extract):
    return read_base_map(extract)


@pytest.fixture(scope="module")
def unpacked(base_map):
    return Unpacked(base_map.cut(HERE))


def test_streets_houses_parks_and_numbers_of_the_sample_are_found(base_map):
    found = {kind: len(features.shapes) for kind, features in base_map.layers.items()}
    assert found[FeatureKind.BUILDING] > 400
    assert found[FeatureKind.NUMBER] > 1000
    assert (
        min(
            found[kind]
            for kind in (
                FeatureKind.GREEN,
                FeatureKind.MINOR,
                FeatureKind.MAJOR,
                FeatureKind.TRUNK,
                FeatureKind.FOOT,
                FeatureKind.RAIL,
            )
        )
        > 10
    )
    assert "Mannerheimintie" in base_map.layers[FeatureKind.TRUNK].names


def test_the_pieces_of_a_street_are_joined_so_that_its_name_has_room(base_map):
    streets = base_map.layers[FeatureKind.MINOR]
    longest = max(
        shape.length for shape, name in zip(streets.shapes, streets.names, strict=True) if name == "Yrjönkatu"
    )
    assert longest > 200  # units of about a metre


def test_what_is_packed_can_be_read_again(base_map, unpacked):
    numbers = {name for name, _ in unpacked.layers[FeatureKind.NUMBER]}
    assert numbers <= set(base_map.layers[FeatureKind.NUMBER].names)
    assert len(numbers) > 20
    whole = {
        tuple(map(tuple, np.rint(np.array(p.exterior.coords[:-1])).astype(int))) for p in _polygons(base_map)
    }
    for _, rings in unpacked.layers[FeatureKind.BUILDING]:
        assert tuple(map(tuple, np.rint(rings[0] / UNIT_DEG).astype(int))) in whole


def _polygons(base_map):
    return shapely.get_parts(base_map.layers[FeatureKind.BUILDING].shapes)


def test_a_map_goes_on_300_metres_beyond_the_plan_and_not_far_beyond(base_map):
    packed = base_map.cut(HERE, 300)
    west, south, east, north = packed["bounds"]
    for point, margin in ((HERE[0], 300), (HERE[1], 300)):
        metres = 111_195 * np.array([np.cos(np.radians(60.17)), 1])
        assert min((np.array([point.lon - west, point.lat - south]) * metres).min(), 1e9) >= margin - 2
        assert min((np.array([east - point.lon, north - point.lat]) * metres).min(), 1e9) >= margin - 2
    points = np.concatenate(
        [ring for layer in Unpacked(packed).layers.values() for _, rings in layer for ring in rings]
    )
    near = 0.006 / np.array([1, 2])
    assert (points > np.array([west, south]) - near * 2).all()
    assert (points < np.array([east, north]) + near * 2).all()


def test_fine_things_are_left_out_far_from_every_stop(base_map):
    corners = (Point(24.936, 60.165), Point(24.953, 60.178))
    far = Unpacked(base_map.cut(corners, 100))
    along = Unpacked(base_map.cut((*corners, *HERE), 100))
    assert 0 < len(far.layers[FeatureKind.BUILDING]) < len(along.layers[FeatureKind.BUILDING])
    assert {name for name, _ in far.layers[FeatureKind.TRUNK]} >= {"Mannerheimintie"}


def test_areas_have_three_corners_and_lines_two(unpacked):
    for kind, layer in unpacked.layers.items():
        least = 3 if kind in AREAS else 1 if kind >= FeatureKind.NUMBER else 2
        assert all(len(ring) >= least for _, rings in layer for ring in rings), kind


def test_the_whole_sample_stays_small(base_map):
    everywhere = [Point(lon, lat) for lon in (24.936, 24.944, 24.953) for lat in (60.165, 60.172, 60.178)]
    assert len(base_map.cut(everywhere)["data"]) < 30 * 1024 * 1.68  # PHONE.md's target, KiB a km2


def test_the_same_extract_gives_the_same_bytes(base_map, extract):
    assert read_base_map(extract).cut(HERE) == base_map.cut(HERE)


@pytest.mark.parametrize("name", ["beijing-haidian", "shanghai-centre-roads", "shenzhen-nanshan"])
def test_clipped_extracts_are_drawn_as_far_as_they_go(shared_data, name):
    layers = read_features(shared_data / f"{name}.osm.pbf")
    point = shapely.get_point(layers[FeatureKind.MAJOR].shapes[0], 0)
    packed = read_base_map(shared_data / f"{name}.osm.pbf").cut(
        [Point(point.x * UNIT_DEG, point.y * UNIT_DEG)]
    )
    assert Unpacked(packed).layers[FeatureKind.MAJOR]


def test_an_xml_extract_with_missing_nodes_is_drawn_as_far_as_it_goes(tmp_path):
    path = tmp_path / "cut.osm"
    path.write_text(
        """<osm version="0.6"><node id="1" lat="60.17" lon="24.94"/><node id="2" lat="60.171" lon="24.941"/>
        <node id="3" lat="60.1705" lon="24.942"><tag k="addr:housenumber" v="7"/></node>
        <way id="1"><nd ref="1"/><nd ref="2"/><tag k="highway" v="residential"/><tag k="name" v="Katu"/></way>
        <way id="2"><nd ref="1"/><nd ref="99"/><tag k="highway" v="residential"/></way>
        <way id="3"><nd ref="1"/><nd ref="2"/><nd ref="98"/><nd ref="1"/><tag k="building" v="yes"/></way></osm>""",
        encoding="utf-8",
    )
    layers = read_features(path)
    assert layers[FeatureKind.MINOR].names == ("Katu",)
    assert layers[FeatureKind.NUMBER].names == ("7",)
    assert FeatureKind.BUILDING not in layers


def test_of_a_graphml_the_streets_are_drawn(tmp_path):
    path = tmp_path / "g.graphml"
    graph = osmnx.graph_from_xml(_street(tmp_path), retain_all=True, simplify=False)
    osmnx.save_graphml(graph, path)
    streets = read_features(path)[FeatureKind.MINOR]
    assert streets.names == ("Katu",)
    assert shapely.get_num_coordinates(streets.shapes).tolist() == [2]


def _street(folder):
    path = folder / "street.osm"
    path.write_text(
        """<osm version="0.6"><node id="1" lat="60.17" lon="24.94"/><node id="2" lat="60.171" lon="24.941"/>
        <way id="1"><nd ref="1"/><nd ref="2"/><tag k="highway" v="residential"/><tag k="name" v="Katu"/></way></osm>""",
        encoding="utf-8",
    )
    return path


@pytest.mark.parametrize("suffix", [".osm.pbf", ".osm", ".graphml"])
def test_a_broken_extract_is_refused_in_one_sentence(tmp_path, suffix):
    path = tmp_path / f"broken{suffix}"
    path.write_bytes(b"this is no map")
    with pytest.raises(BadInputError, match="EXTRACT_BROKEN"):
        read_base_map(path)


def test_an_extract_that_is_not_there_is_refused_in_one_sentence(tmp_path):
    with pytest.raises(BadInputError, match="EXTRACT_MISSING"):
        read_base_map(tmp_path / "nowhere.osm.pbf")


@given(st.lists(st.integers(0, 2**40), max_size=50))
def test_varints_are_leb128(values):
    packed, at, read = varints(np.array(values, dtype=np.int64)), 0, []
    while at < len(packed):
        value = shift = 0
        while packed[at] > 127:
            value |= (packed[at] & 127) << shift
            at, shift = at + 1, shift + 7
        read.append(value | packed[at] << shift)
        at += 1
    assert read == values
