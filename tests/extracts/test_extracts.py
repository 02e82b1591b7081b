"""Extracts are foreign files: whatever is wrong with one is told in a sentence with advice, a reader's crash
too.
"""

import gzip
import os
import struct
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from doorroute import sandbox
from doorroute.cli import main
from doorroute.errors import BadInputError
from doorroute.geocode import open_index
from doorroute.network import open_network
from doorroute.output.basemap.features import read_features
from doorroute.sandbox import Failure, Limits, SandboxError, run_in_sandbox

NODES = "".join(f'<node id="{i}" version="1" lat="50.0" lon="{10 + i / 1000}"/>' for i in range(1, 5))
STREET = '<way id="{}" version="1"><nd ref="{}"/><nd ref="{}"/><tag k="highway" v="residential"/></way>'
READERS = [open_network, open_index, read_features]


def osm(path: Path, inner: str) -> Path:
    path.write_text(f'<?xml version="1.0"?><osm version="0.6">{inner}</osm>', encoding="utf-8")
    return path


def varint(number: int) -> bytes:
    out = b""
    while number > 127:
        out, number = out + bytes([number & 127 | 128]), number >> 7
    return out + bytes([number])


def field(number: int, value: bytes | int) -> bytes:
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    return varint(number << 3 | 2) + varint(len(value)) + value


def crashing_pbf(path: Path) -> Path:
    """Write a sound .osm.pbf of one relation whose tag's key is a zero byte: libosmium reads on beyond its
    memory.
    """

    def blob(kind: bytes, data: bytes) -> bytes:
        body = field(1, data)
        head = field(1, kind) + field(3, len(body))
        return struct.pack(">I", len(head)) + head + body

    table = b"".join(field(1, text) for text in (b"", b"\0", b"b"))
    relations = b""
    for number, (key, value) in enumerate([(1, 2), (2, 1)], 1):
        tags = field(1, number) + field(2, varint(key)) + field(3, varint(value))
        relations += field(4, tags + field(8, varint(0)) + field(9, varint(2)) + field(10, varint(1)))
    header = field(4, b"OsmSchema-V0.6") + field(4, b"DenseNodes")
    path.write_bytes(blob(b"OSMHeader", header) + blob(b"OSMData", field(1, table) + field(2, relations)))
    return path


def refused(reader, path: Path) -> BadInputError:
    with pytest.raises(BadInputError) as caught:
        reader(path)
    assert path.name in str(caught.value.message)
    assert str(caught.value.advice)
    return caught.value


@pytest.mark.parametrize("reader", READERS)
def test_a_file_that_crashes_its_reader_ends_nothing_else_and_the_next_one_is_read(
    reader, tmp_path: Path
) -> None:
    # what lies behind its memory decides whether it crashes: in a reader that has read much before it may not
    with suppress(BadInputError):
        reader(crashing_pbf(tmp_path / "crash.osm.pbf"))
    assert reader(osm(tmp_path / "sound.osm", NODES + STREET.format(10, 1, 2))) is not None


@pytest.mark.parametrize(("lang", "words"), [("en", "is damaged"), ("zh", "文件损坏")])
def test_the_command_line_says_so_in_both_languages(
    demo_data: Path, tmp_path: Path, capsys, lang: str, words: str
) -> None:
    cut = tmp_path / "cut.osm.pbf"
    cut.write_bytes((demo_data / "helsinki-centre.osm.pbf").read_bytes()[:30_000])
    assert main(["--lang", lang, "network", "info", str(cut)]) == 2
    told = capsys.readouterr().err
    assert "EXTRACT_BROKEN" in told
    assert words in told
    assert "Traceback" not in told


ODD = [
    ('<node id="x" lat="1" lon="1"/>', "EXTRACT_VALUE", "id=x"),
    ('<node id="1.5" lat="1" lon="1"/>', "EXTRACT_VALUE", "id=1.5"),
    ('<node id="99999999999999999999999" lat="1" lon="1"/>', "EXTRACT_VALUE", "id=9999"),
    ('<node id="1" version="-3" lat="1" lon="1"/>', "EXTRACT_VALUE", "version=-3"),
    ('<node id="1" timestamp="yesterday" lat="1" lon="1"/>', "EXTRACT_VALUE", "timestamp=yesterday"),
    ('<node id="1" uid="me" lat="1" lon="1"/>', "EXTRACT_VALUE", "uid=me"),
    ('<node id="1" changeset="new" lat="1" lon="1"/>', "EXTRACT_VALUE", "changeset=new"),
    (f'<node id="1" lat="1" lon="1"><tag k="name" v="{"x" * 5000}"/></node>', "EXTRACT_VALUE", "v=xxx"),
    (f'<node id="1" lat="1" lon="1"><tag k="{"k" * 2000}" v="x"/></node>', "EXTRACT_VALUE", "k=kkk"),
    ('<way id="1"><nd ref="a"/></way>', "EXTRACT_VALUE", "ref=a"),
    ('<relation id="1"><member type="house" ref="1" role=""/></relation>', "EXTRACT_VALUE", "type=house"),
    (
        f'<relation id="1"><member type="way" ref="1" role="{"r" * 3000}"/></relation>',
        "EXTRACT_VALUE",
        "role=rrr",
    ),
    ('<node id="1" lat="60,1" lon="24.9"/>', "EXTRACT_COORDINATES", "lat=60,1"),
    ('<node id="1" lat="" lon="24.9"/>', "EXTRACT_COORDINATES", "lat="),
    ('<node id="1" lat="500" lon="24.9"/>', "EXTRACT_COORDINATES", "lat=500"),
]


@pytest.mark.parametrize(("inner", "code", "value"), ODD)
def test_a_value_that_cannot_be_read_is_named_with_its_line(
    tmp_path: Path, inner: str, code: str, value: str
) -> None:
    path = osm(tmp_path / "town.osm", f"\n{NODES}\n{inner}")
    for reader in READERS:
        error = refused(reader, path)
        assert error.code == code
        assert f"{value}" in str(error.message)
        assert "line 3" in str(error.message)


def test_what_is_out_of_order_is_to_be_sorted(tmp_path: Path) -> None:
    path = osm(tmp_path / "town.osm", NODES + STREET.format(11, 1, 2) + STREET.format(10, 2, 3))
    for reader in (open_index, read_features):
        error = refused(reader, path)
        assert error.code == "EXTRACT_UNSORTED"
        assert "osmium sort town.osm" in str(error.advice)


@pytest.mark.parametrize(
    "inner",
    [
        2 * (NODES + STREET.format(10, 1, 2) + STREET.format(11, 2, 3)),
        NODES + STREET.format(10, 1, 2) + STREET.format(10, 2, 3),
    ],
)
def test_what_holds_an_object_twice_is_to_be_merged(tmp_path: Path, inner: str) -> None:
    path = osm(tmp_path / "two.osm", inner)
    for reader in (open_index, read_features):
        error = refused(reader, path)
        assert error.code == "EXTRACT_TWICE"
        assert "osmium merge" in str(error.advice)


def test_an_answer_that_the_server_broke_off_is_refused_with_its_words(tmp_path: Path) -> None:
    remark = "<remark> runtime error: Query timed out in 'query' at line 3 after 25 seconds. </remark>"
    path = osm(tmp_path / "answer.osm", NODES + STREET.format(10, 1, 2) + remark)
    for reader in READERS:
        error = refused(reader, path)
        assert error.code == "EXTRACT_INCOMPLETE"
        assert "Query timed out" in str(error.message)


def test_a_remark_that_is_no_error_is_none(tmp_path: Path) -> None:
    path = osm(tmp_path / "answer.osm", NODES + STREET.format(10, 1, 2) + "<remark>have a nice day</remark>")
    assert len(open_network(path).graph.tail) == 1


def test_packed_xml_whose_packing_is_damaged_is_refused(tmp_path: Path) -> None:
    whole = bytearray(gzip.compress(os.urandom(50_000).hex().encode()))
    whole[20_000:20_040] = bytes(40)
    path = tmp_path / "town.osm.gz"
    path.write_bytes(whole)
    for reader in READERS:
        assert refused(reader, path).code == "EXTRACT_BROKEN"


WORK = """
import os, signal, sys, time

def fill(folder, size):
    (folder / "made").write_bytes(bytes(size))

def sleep(folder):
    time.sleep(60)

def crash(folder):
    os.kill(os.getpid(), signal.SIGSEGV)

def stumble(folder):
    raise LookupError("what no reader documents")

def session(folder):
    print("what a library prints is no answer")
    (folder / "session").write_text(str(os.getsid(0)))
    (folder / "mode").write_text(oct(os.stat(folder).st_mode & 0o777))
"""


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[object]:
    """Return a module that the process run_in_sandbox can import."""
    (tmp_path / "work_apart.py").write_text(WORK, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    sys.modules.pop("work_apart", None)
    sandbox._stop()
    import work_apart

    yield work_apart
    sandbox._stop()


SMALL = Limits(memory=500 * 2**20, seconds=60)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux holds a process to its memory")
def test_a_job_that_takes_too_much_memory_ends_and_the_next_goes_on(work) -> None:
    with pytest.raises(SandboxError) as caught, run_in_sandbox(work.fill, 2**30, limits=SMALL):
        pass
    assert caught.value.reason is Failure.MEMORY
    with run_in_sandbox(work.fill, 1000, limits=SMALL) as folder:
        assert (folder / "made").stat().st_size == 1000
    assert not folder.exists()


def test_a_job_that_takes_too_long_crashes_or_stumbles_says_which(work) -> None:
    for job, limits, reason in [
        (work.sleep, Limits(memory=2**30, seconds=0.5), Failure.TIME),
        (work.crash, SMALL, Failure.CRASH),
        (work.stumble, SMALL, Failure.FOREIGN),
    ]:
        with pytest.raises(SandboxError) as caught, run_in_sandbox(job, limits=limits):
            pass
        assert caught.value.reason is reason


@pytest.mark.skipif(os.name == "nt", reason="sessions and modes of POSIX")
def test_ctrl_c_does_not_reach_the_reader_and_what_it_writes_is_private(work) -> None:
    with run_in_sandbox(work.session, limits=SMALL) as folder:
        assert int((folder / "session").read_text()) != os.getsid(0)
        assert (folder / "mode").read_text() == "0o700"
