"""The index: cached, rebuilt where broken, clear about files that are no extract."""

import gzip
import shutil
import subprocess
import sys
import threading

import pytest

from doorroute.disk.cache import CacheProblem
from doorroute.errors import BadInputError
from doorroute.geocode import Query, locate, open_index
from doorroute.model.settings import Settings
from tests.helpers.addresses import found

OSM = """<?xml version='1.0' encoding='UTF-8'?>
<osm version="0.6" generator="test">
  <node id="1" lat="60.0000" lon="24.0000"/>
  <node id="2" lat="60.0000" lon="24.0004"/>
  <node id="3" lat="60.0002" lon="24.0004"/>
  <node id="4" lat="60.0002" lon="24.0000"><tag k="entrance" v="main"/></node>
  <node id="5" lat="60.0010" lon="24.0000"><tag k="addr:housenumber" v="11"/>
    <tag k="addr:street" v="Testgasse"/></node>
  <node id="6" lat="60.0010" lon="24.0040"><tag k="addr:housenumber" v="19"/>
    <tag k="addr:street" v="Testgasse"/></node>
  <node id="7" lat="60.0030" lon="24.0040"><tag k="addr:housenumber" v="31-35"/>
    <tag k="addr:street" v="Testgasse"/></node>
  <way id="10"><nd ref="1"/><nd ref="2"/><nd ref="3"/><nd ref="4"/><nd ref="1"/>
    <tag k="building" v="yes"/><tag k="addr:housenumber" v="4"/><tag k="addr:street" v="Testgasse"/>
    <tag k="addr:city" v="Testdorf"/></way>
  <way id="11"><nd ref="5"/><nd ref="6"/><tag k="addr:interpolation" v="odd"/></way>
  <way id="12"><nd ref="1"/><nd ref="99"/><nd ref="98"/><tag k="building" v="yes"/>
    <tag k="addr:housenumber" v="6"/><tag k="addr:street" v="Testgasse"/></way>
  <way id="13"><nd ref="97"/><nd ref="98"/><tag k="building" v="yes"/><tag k="addr:housenumber" v="8"/>
    <tag k="addr:street" v="Testgasse"/></way>
  <way id="14"><nd ref="1"/><nd ref="2"/><nd ref="3"/></way>
  <way id="15"><nd ref="3"/><nd ref="4"/><nd ref="1"/></way>
  <relation id="20"><member type="way" ref="14" role="outer"/><member type="way" ref="15" role="outer"/>
    <member type="way" ref="77" role="inner"/>
    <tag k="type" v="multipolygon"/><tag k="building" v="yes"/><tag k="addr:housenumber" v="44"/>
    <tag k="addr:street" v="Testgasse"/></relation>
</osm>
"""


@pytest.fixture
def extract(tmp_path):
    path = tmp_path / "test.osm"
    path.write_text(OSM, encoding="utf-8")
    return path


def test_entrances_interpolation_ranges_relations_and_clipped_ways_are_read(extract):
    index = open_index(extract)
    place = found(index, "Testgasse 4, Testdorf").place
    assert (place.point.lon, place.point.lat, place.precision) == (24.0, 60.0002, "entrance")
    assert found(index, "Testgasse 6").place.point.lat == 60.0
    assert found(index, "Testgasse 44").place.precision == "building"
    assert found(index, "Testgasse 33").place.label.startswith("Testgasse 31-35")
    for number, reason in ((8, "LOW_GEOCODE_PRECISION"), (15, "LOW_GEOCODE_PRECISION")):
        (outcome,), _ = locate([Query("Q", f"Testgasse {number}")], index, Settings())
        assert outcome.reason == reason
    guessed = next(
        candidate for candidate in outcome.candidates if candidate.label.startswith("Testgasse 15")
    )
    assert guessed.precision == "street"
    assert guessed.point.lon == pytest.approx(24.002, abs=1e-6)


def test_a_gzipped_extract_is_read(extract, tmp_path):
    packed = tmp_path / "packed.osm.gz"
    packed.write_bytes(gzip.compress(extract.read_bytes()))
    assert found(open_index(packed), "Testgasse 4")


def test_the_index_is_built_once_for_an_extract(extract, tmp_path):
    cache = tmp_path / "cache"
    open_index(extract, cache=cache)
    (kept,) = cache.iterdir()
    before = kept.stat().st_mtime_ns
    assert found(open_index(extract, cache=cache), "Testgasse 4")
    assert kept.stat().st_mtime_ns == before
    extract.write_text(OSM.replace("Testgasse", "Anderegasse"), encoding="utf-8")
    assert found(open_index(extract, cache=cache), "Anderegasse 4")
    assert len(list(cache.iterdir())) == 2


@pytest.mark.parametrize(
    "broken", [b"", b"{", b"[]", b'{"hosts": [[1]], "doors": 3}', b"\xff\xfe", b"null", b"doorroute arrays\n"]
)
def test_a_broken_cache_file_is_made_again(extract, tmp_path, broken):
    cache = tmp_path / "cache"
    open_index(extract, cache=cache)
    (kept,) = cache.iterdir()
    whole = kept.read_bytes()
    kept.write_bytes(broken)
    assert found(open_index(extract, cache=cache), "Testgasse 4")
    assert kept.read_bytes() == whole


def test_a_changed_digit_in_the_cache_moves_no_door(extract, tmp_path):
    cache = tmp_path / "cache"
    right = found(open_index(extract, cache=cache), "Testgasse 4").place.point
    (kept,) = cache.iterdir()
    whole = kept.read_bytes()
    at = whole.index(b'"shown"') if b'"shown"' in whole else whole.index(b"Testgasse 4")
    for place in [spot for spot in range(at, len(whole)) if whole[spot : spot + 1].isdigit()]:
        changed = bytearray(whole)
        changed[place] = ord("0") + (changed[place] - ord("0") + 5) % 10
        kept.write_bytes(changed)
        index = open_index(extract, cache=cache)
        assert index.troubles == {CacheProblem.DAMAGED}
        assert found(index, "Testgasse 4").place.point == right
        assert kept.read_bytes() == whole


def test_an_index_is_built_where_nothing_can_be_kept(extract, tmp_path):
    (tmp_path / "file").touch()
    index = open_index(extract, cache=tmp_path / "file" / "cache")
    assert found(index, "Testgasse 4")
    assert index.troubles == {CacheProblem.NOT_KEPT}


def test_two_runs_may_build_at_once(extract, tmp_path):
    cache = tmp_path / "cache"
    opened = []
    threads = [
        threading.Thread(target=lambda: opened.append(open_index(extract, cache=cache))) for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(opened) == 6
    assert len(list(cache.iterdir())) == 1


OSM_NODE = '<osm version="0.6"><node id="1" lat="1" lon="1"><tag k="name" v="NAME"/></node></osm>'


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.osm.pbf", b""), ("binary.osm.pbf", bytes(range(256)) * 9), ("page.osm", b"<html></html>"),
        ("cut.osm.gz", b"\x1f\x8b\x08\x00"), ("list.xlsx", b"PK"),
        ("latin.osm", OSM_NODE.replace("NAME", "\xe9").encode("latin-1")),
        ("entity.osm", ('<!DOCTYPE o [<!ENTITY x "y">]>' + OSM_NODE.replace("NAME", "&x;")).encode()),
    ],
)  # fmt: skip
def test_what_is_no_extract_is_refused_with_advice(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(BadInputError) as caught:
        open_index(path, cache=tmp_path / "cache")
    assert caught.value.code in {"EXTRACT_BROKEN", "EXTRACT_KIND"}
    assert name in str(caught.value.message)
    assert str(caught.value.advice)
    assert not (tmp_path / "cache").exists()


def test_a_cut_extract_is_refused(demo_data, tmp_path):
    cut = tmp_path / "cut.osm.pbf"
    cut.write_bytes((demo_data / "helsinki-centre.osm.pbf").read_bytes()[:300_000])
    with pytest.raises(BadInputError):
        open_index(cut)


def test_a_missing_extract_and_a_folder_are_refused(tmp_path):
    for path in (tmp_path / "none.osm.pbf", tmp_path):
        with pytest.raises(BadInputError, match="EXTRACT_MISSING"):
            open_index(path)


def test_a_network_file_holds_no_addresses_and_says_so(tmp_path):
    path = tmp_path / "streets.graphml"
    path.write_text("<graphml/>", encoding="utf-8")
    (outcome,), (finding,) = locate([Query("Q", "Annankatu 12")], open_index(path), Settings())
    assert outcome.reason == "NO_LOCATION"
    assert finding.code == "NO_ADDRESSES"


def test_an_extract_of_streets_alone_says_so(shared_data, tmp_path):
    source = shared_data / "shanghai-centre-roads.osm.pbf"
    path = shutil.copy(source, tmp_path)
    index = open_index(tmp_path / source.name)
    assert path
    assert [finding.code for finding in index.findings] == ["NO_ADDRESSES"]


def test_importing_the_package_does_not_read_maps():
    code = (
        "import sys, doorroute.geocode; print([name for name in ('osmium', 'pandas', 'geopandas', "
        "'networkx') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
