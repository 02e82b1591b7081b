"""Tomorrow's list has the open rows with the reason in the remarks, and no cell is a formula."""

import openpyxl

from doorroute.day.closing import End, RowFate
from doorroute.intake import read_residents
from doorroute.intake.original_rows import Originals
from doorroute.output.files.carry_over import carried, write_carry_over

ROWS = {2: ("=A1", 13800138000.0, "x"), 3: ("B", None, None), 4: ("C", "1", "y"), 5: ("D", "2", "z")}
FATES = (
    RowFate(row=2, end=End.NOBODY_HOME, tries=2),
    RowFate(row=3, end=End.NOT_LOCATED, code="NO_LOCATION"),
    RowFate(row=4, end=End.SAMPLED),
    RowFate(row=5, end=End.NO_PERSON, code="DUPLICATE", column="name"),
)


def test_it_can_be_read_as_it_is_and_keeps_numbers_numbers(tmp_path):
    originals = Originals(headers=("name", "phone", "address"), rows=ROWS, notes=())
    table = carried(FATES, originals, day="2022-04-06", lang="zh")
    assert table == [
        ["name", "phone", "address", "备注"],
        ["=A1", 13800138000.0, "x", "2022-04-06: 无人在家，上门 2 次"],
        ["B", None, None, "2022-04-06: 地图上没找到，NO_LOCATION"],
    ]
    write_carry_over(tmp_path / "carry-over.xlsx", table, lang="zh")
    page = openpyxl.load_workbook(tmp_path / "carry-over.xlsx").active
    assert (page["A2"].value, page["A2"].data_type, page["B2"].value) == ("=A1", "s", 13800138000)
    read = read_residents(tmp_path / "carry-over.xlsx")
    assert [(each.row, each.note) for each in read.residents] == [(2, "2022-04-06: 无人在家，上门 2 次")]
    assert [(each.row, each.code) for each in read.rejected] == [(3, "NO_ADDRESS")]


def test_a_remark_is_added_where_it_will_be_read():
    rows = {2: ("A", None, "deaf"), 3: ("B", None, None)}
    originals = Originals(headers=("name", "note", "remarks"), rows=rows, notes=(1, 2))
    fates = [RowFate(row=row, end=End.NOT_VISITED) for row in rows]
    assert carried(fates, originals, day="D", lang="en")[1:] == [
        ["A", None, "deaf; D: not visited"],
        ["B", "D: not visited", None],
    ]


def test_a_day_on_which_nobody_is_left_gives_a_list_of_nobody(tmp_path):
    originals = Originals(headers=("name", "note"), rows=ROWS, notes=(1,))
    write_carry_over(tmp_path / "a.xlsx", carried(FATES[2:3], originals, day="D", lang="en"), lang="en")
    assert list(openpyxl.load_workbook(tmp_path / "a.xlsx").active.iter_rows(values_only=True)) == [
        ("name", "note")
    ]
