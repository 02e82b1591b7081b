"""Every row of a table is a resident or rejected, once; no bytes cause a traceback."""

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from doorroute.errors import BadInputError
from doorroute.intake import ResidentTable, read_depots, read_residents, read_teams, visits_of
from doorroute.model.line import row_of
from doorroute.model.team import Depot, DepotId

T = TypeVar("T")

FIELDS = (
    *("id", "name", "phone", "address", "lon", "lat", "household", "people", "building", "unit", "floor",
    "lift", "room"),
    *("window", "class", "kits", "skills", "priority", "service_min", "note", "经纬度", "身份证号",
    "人员类型", "小区", "", "whatever"),
)  # fmt: skip
CELLS = st.one_of(
    st.sampled_from(
        [
            "",
            "",
            " ",
            "1",
            "5.0",
            "王秀兰",
            "Street 1",
            "9-11",
            "9:00",
            "同上",
            "合计",
            "Total",
            "name",
            "118.8,32.05",
            "999",
            "x",
        ]
    ),
    st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=12),
    st.floats().map(str),
    st.integers().map(str),
)
TABLES = st.tuples(
    st.lists(st.sampled_from(FIELDS), min_size=1, max_size=8),
    st.lists(st.lists(CELLS, max_size=9), max_size=10),
)
RELAXED = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def check_that_nobody_is_lost(table: ResidentTable) -> None:
    numbers = sorted([one.row for one in table.residents] + [one.row for one in table.rejected])
    assert numbers == list(table.lines)
    assert {row_of(line) for line in numbers} == set(
        range(table.header_row + 1, table.header_row + 1 + table.rows)
    )
    assert sum(each.rows for each in table.sheets) == table.rows
    assert all(each.rows == each.with_people + each.to_correct + each.skipped for each in table.sheets)
    assert sum(each.residents for each in table.sheets) == len(table.residents)
    ids = [one.id for one in table.residents]
    assert len(set(ids)) == len(ids)
    assert all(ids)
    in_visits = [one.row for visit in visits_of(table.residents).visits for one in visit.residents]
    assert sorted(in_visits) == sorted(one.row for one in table.residents)
    for told in (*table.findings, *table.rejected):
        assert told.message.into("zh")
        assert told.message.into("en")


def read_or_advice(read: Callable[[Path], T], path: Path) -> T | None:
    """Return what was read, or None where the file was refused in a way that helps its owner."""
    try:
        return read(path)
    except BadInputError as error:
        refused = error
    assert refused.code.isupper()
    assert refused.advice.into("zh")
    return None


def as_bytes(rows: list[list[str]], delimiter: str, encoding: str) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue().encode(encoding, errors="replace")


@given(TABLES, st.sampled_from([",", ";", "\t"]), st.sampled_from(["utf-8", "utf-16"]))
@RELAXED
@example((["name", "address"], [["Ann", "A1"], [], ["", ""], ["Ann", "A1"]]), ",", "utf-8")
@example((["name", "address"], [["\x1c", "\ud800"], ['"', "'"]]), ";", "utf-8")
def test_every_row_of_any_table_ends_in_exactly_one_place(
    tmp_path: Path, drawn, delimiter: str, encoding: str
) -> None:
    head, rows = drawn
    path = tmp_path / "table.csv"
    path.write_bytes(as_bytes([["name", "address", *head], *rows, ["Zoe", "Street 9"]], delimiter, encoding))
    table = read_residents(path)
    check_that_nobody_is_lost(table)
    filled = [row for row in rows if any(cell.strip() for cell in row)]
    assert table.rows >= len(filled) + 1
    assert "Zoe" in [one.name for one in table.residents] or any(
        one.code == "DUPLICATE" for one in table.rejected
    )


@given(TABLES)
@RELAXED
def test_any_table_of_any_headers_is_read_or_refused_with_advice(tmp_path: Path, drawn) -> None:
    head, rows = drawn
    path = tmp_path / "table.csv"
    path.write_bytes(as_bytes([head, *rows], ",", "utf-8"))
    if table := read_or_advice(read_residents, path):
        check_that_nobody_is_lost(table)


@given(
    st.one_of(
        st.binary(max_size=400),
        st.binary(max_size=200).map(lambda tail: "姓名,地址\n甲,".encode("gb18030") + tail),
    )
)
@RELAXED
def test_any_bytes_are_read_or_refused_with_advice(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(content)
    depots = {DepotId("A"): Depot(id=DepotId("A"))}
    for read in (read_residents, read_depots, lambda table: read_teams(table, depots=depots)):
        read_or_advice(read, path)


@pytest.mark.parametrize("name", ["residents.xlsx", "residents_zh.csv"])
@given(
    changes=st.lists(st.tuples(st.integers(0, 10**9), st.integers(0, 255)), min_size=1, max_size=30),
    cut=st.integers(0, 10**9),
)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_spoiled_or_cut_file_is_read_or_refused_with_advice(
    tmp_path: Path, demo_data: Path, name: str, changes, cut: int
) -> None:
    content = bytearray((demo_data / name).read_bytes())
    for place, byte in changes:
        content[place % len(content)] = byte
    path = tmp_path / name
    path.write_bytes(content[: cut % len(content)] if cut % 3 == 0 else content)
    if table := read_or_advice(read_residents, path):
        check_that_nobody_is_lost(table)
