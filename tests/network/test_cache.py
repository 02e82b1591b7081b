"""Compiled streets, kept."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from doorroute.disk import cache as store
from doorroute.disk.cache import Cache, CacheProblem
from doorroute.model.place import Point
from doorroute.model.team import Profile
from doorroute.network import open_network

A, B = Point(24.9405, 60.1705), Point(24.9472, 60.1668)


def seconds(extract: Path, cache: Path) -> int:
    return open_network(extract, cache=cache).leg(A, B, Profile.FOOT).duration_s


def test_kept_streets_are_those_of_the_extract(demo_data: Path, tmp_path: Path) -> None:
    extract = demo_data / "helsinki-centre.osm.pbf"
    fresh = open_network(extract).leg(A, B, Profile.FOOT)
    first, second = (open_network(extract, cache=tmp_path) for _ in range(2))
    assert first.leg(A, B, Profile.FOOT) == second.leg(A, B, Profile.FOOT) == fresh
    assert second.graph.tag_sets == first.graph.tag_sets
    assert second.graph.node_tags == first.graph.node_tags
    assert len(list(tmp_path.iterdir())) == 2  # the streets, and what a walker needs


@pytest.mark.parametrize("damage", [b"", b"doorroute arrays\n", b"x" * 5000])
def test_a_damaged_cache_is_made_again(demo_data: Path, tmp_path: Path, damage: bytes) -> None:
    extract = demo_data / "helsinki-centre.osm.pbf"
    right = seconds(extract, tmp_path)
    files = sorted(tmp_path.iterdir())
    sizes = [file.stat().st_size for file in files]
    for file in files:
        file.write_bytes(damage)
    assert seconds(extract, tmp_path) == right
    assert [file.stat().st_size for file in files] == sizes


def test_one_changed_byte_anywhere_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "a.arrays"
    store.save(path, {"numbers": np.arange(50), "none": np.zeros((0, 2), dtype=np.int32)}, {"name": "Straße"})
    arrays, about = store.load(path) or ({}, None)
    assert (arrays["numbers"] == np.arange(50)).all()
    assert arrays["none"].shape == (0, 2)
    assert about == {"name": "Straße"}
    content = path.read_bytes()
    for place in range(0, len(content), 7):
        changed = bytearray(content)
        changed[place] ^= 0x41
        path.write_bytes(changed)
        again = store.load(path)
        assert again is None or (again[0]["numbers"] == np.arange(50)).all()
    path.write_bytes(content[:-1])
    assert store.load(path) is None


def test_two_runs_at_once_compile_the_same_extract(demo_data: Path, tmp_path: Path) -> None:
    extract = demo_data / "helsinki-centre.osm.pbf"
    script = f"""
from pathlib import Path
from doorroute.model.place import Point
from doorroute.model.team import Profile
from doorroute.network import open_network
network = open_network(Path({str(extract)!r}), cache=Path({str(tmp_path)!r}))
print(network.leg(Point({A.lon}, {A.lat}), Point({B.lon}, {B.lat}), Profile.FOOT).duration_s)
"""
    runs = [
        subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) for _ in range(2)
    ]
    found = [run.communicate(timeout=60)[0] for run in runs]
    assert found == [f"{seconds(extract, tmp_path)}\n"] * 2
    assert not [file for file in tmp_path.iterdir() if file.name.startswith(".")]


def test_streets_are_measured_where_nothing_can_be_kept(demo_data: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    network = open_network(demo_data / "helsinki-centre.osm.pbf", cache=tmp_path / "file" / "cache")
    assert network.leg(A, B, Profile.FOOT).duration_s > 0
    assert network.cache.troubles == {CacheProblem.NOT_KEPT}


def test_a_full_disk_costs_the_cache_and_leaves_no_half_a_file(tmp_path: Path) -> None:
    resource = pytest.importorskip("resource", reason="this system knows no limit to the size of files")
    cache = Cache(tmp_path)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, before[1]))
    try:
        cache.save("large.arrays", {"numbers": np.arange(50_000)})
        cache.save("small.arrays", {"numbers": np.arange(50)})
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert cache.troubles == {CacheProblem.NOT_KEPT}
    assert [file.name for file in tmp_path.iterdir()] == ["small.arrays"]
    assert cache.load("large.arrays") is None
