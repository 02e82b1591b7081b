"""Files are whole or not there."""

import hashlib
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from doorroute.disk.files import sha256_of, whole, write_whole


def test_a_file_is_written_with_its_folders(tmp_path):
    path = tmp_path / "a" / "b" / "plan.json"
    write_whole(path, "计划\n")
    assert path.read_bytes() == "计划\n".encode()
    assert [entry.name for entry in path.parent.iterdir()] == ["plan.json"]


def test_bytes_are_written_as_they_are(tmp_path):
    write_whole(tmp_path / "x", b"\r\n\x00")
    assert (tmp_path / "x").read_bytes() == b"\r\n\x00"


def test_the_new_file_stands_where_the_old_one_stood(tmp_path):
    path = tmp_path / "plan.json"
    write_whole(path, "old")
    write_whole(path, "new")
    assert path.read_text() == "new"
    assert list(tmp_path.iterdir()) == [path]


def crash(path, error):
    with whole(path) as written:
        written.write_text("half of the n")
        raise error


def test_a_crash_while_writing_leaves_the_old_file_and_nothing_else(tmp_path):
    path = tmp_path / "plan.json"
    write_whole(path, "old")
    with pytest.raises(RuntimeError, match="crash"):
        crash(path, RuntimeError("crash"))
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_ctrl_c_while_writing_the_first_time_leaves_nothing(tmp_path):
    with pytest.raises(KeyboardInterrupt):
        crash(tmp_path / "plan.json", KeyboardInterrupt())
    assert list(tmp_path.iterdir()) == []


def test_until_all_is_written_readers_see_the_old_file(tmp_path):
    path = tmp_path / "plan.json"
    write_whole(path, "old")
    with whole(path) as written:
        written.write_text("new")
        assert written.parent == path.parent  # a rename across disks would not be at once
        assert written.suffix == ".json"  # libraries choose the format by it
        assert path.read_text() == "old"
    assert path.read_text() == "new"


def test_a_library_may_replace_the_temporary_file_by_its_own(tmp_path):
    """Like GDAL, which deletes a file before it writes a GeoPackage of that name."""
    path = tmp_path / "routes.gpkg"
    with whole(path) as written:
        written.unlink()
        written.write_text("fresh")
    assert path.read_text() == "fresh"


def test_of_two_writers_each_is_whole_and_the_last_one_stands(tmp_path):
    path = tmp_path / "plan.json"
    with whole(path) as first, whole(path) as second:
        assert first != second
        first.write_text("first")
        second.write_text("second")
    assert path.read_text() == "first"  # the inner block was left before the outer one
    assert list(tmp_path.iterdir()) == [path]


def test_many_writers_at_once_leave_one_whole_file(tmp_path):
    path, start = tmp_path / "plan.json", Barrier(4)
    texts = [str(n) * 100_000 for n in range(4)]

    def write(text):
        start.wait()
        for _ in range(20):
            write_whole(path, text)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, texts))
    assert path.read_text() in texts
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("name", [".hidden", "no suffix", "多队 T1.html", "a.tar.gz", "-x", "…" * 60])
def test_any_file_name_will_do(tmp_path, name):
    write_whole(tmp_path / name, "x")
    assert [entry.name for entry in tmp_path.iterdir()] == [name]


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_a_file_and_the_folders_made_for_it_are_for_their_owner_alone(tmp_path):
    there = tmp_path / "there"
    there.mkdir(mode=0o755)
    path = there / "new" / "newer" / "x.gpkg"
    with whole(path) as written:
        written.unlink()  # like GDAL
        written.write_text("x")
        written.chmod(0o644)
    assert (mode(path), mode(path.parent), mode(path.parent.parent), mode(there)) == (
        0o600,
        0o700,
        0o700,
        0o755,
    )
    path.chmod(0o644)
    write_whole(path, "y")
    assert mode(path) == 0o600


def test_a_shared_file_may_be_read_by_whom_the_umask_lets(tmp_path):
    before = os.umask(0o027)
    try:
        write_whole(tmp_path / "new" / "x", "x", shared=True)
    finally:
        os.umask(before)
    assert (mode(tmp_path / "new" / "x"), mode(tmp_path / "new")) == (0o640, 0o750)


@pytest.mark.parametrize("there", [True, False])
def test_nothing_is_written_through_a_link_or_over_it(tmp_path, there):
    if there:
        (tmp_path / "other").write_text("mine")
    (tmp_path / "x").symlink_to("other")
    with pytest.raises(OSError, match="symbolic links"):
        write_whole(tmp_path / "x", "x")
    assert {path.name for path in tmp_path.iterdir()} == ({"other", "x"} if there else {"x"})
    assert not there or (tmp_path / "other").read_text() == "mine"


def test_a_folder_that_is_a_file_is_the_callers_to_tell(tmp_path):
    (tmp_path / "out").write_text("in the way")
    with pytest.raises(OSError, match="out"):
        write_whole(tmp_path / "out" / "plan.json", "x")


@pytest.mark.parametrize("content", [b"", b"abc", b"\xff" * 3_000_000])
def test_the_hash_is_that_of_all_bytes(tmp_path, content):
    (tmp_path / "x").write_bytes(content)
    assert sha256_of(tmp_path / "x") == hashlib.sha256(content).hexdigest()
