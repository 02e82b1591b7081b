"""Several people in one cell are several people."""

import pytest

from doorroute.intake import read_residents
from doorroute.intake.names_in_cell import count_names

CELLS = """甲、乙、丙=3|丁/戊=2|Ben, Anna and Tom=3|Anna & Tom Smith=2|Ben Smith, Anna Smith=2
张三和李四=2|张三 李四=2|甲，乙=2
张三等3人=3|张三一家三口=3|老王夫妇=2|Mr and Mrs Smith=2|Smith family (4 people)=4|Ann; Bob; Cy=3
王小明(男)、李红(女)=2|Anna und Tom=2
Smith, John=1|Smith, John Paul=1|Smith, John, Jr.=1|张三（李四代）=1|张 三=1|欧阳 修=1|李和平=1|和珅=1
王芳 女士=1|陈大文先生=1
Anna-Maria Virtanen=1|阿卜杜拉·买买提=1|N/A=1|O'Brien=1|Dr. Smith=1|Ortega y Gasset=1|Sandy Leland=1
三毛=1|../etc/passwd=1"""


@pytest.mark.parametrize("case", CELLS.replace("\n", "|").split("|"))
def test_names_in_a_cell_are_counted(case) -> None:
    cell, _, number = case.rpartition("=")
    assert count_names(cell) == int(number)


def test_names_on_lines_of_their_own_are_counted_too() -> None:
    assert count_names("张三\n李四\r\n王五") == 3


def test_a_row_that_names_several_is_planned_for_as_many_and_told(as_xlsx) -> None:
    table = read_residents(
        as_xlsx(
            [
                ["name", "address", "people"],
                ["甲\n乙", "A 1", ""],
                ["Ben and Tom", "B 1", 2],
                ["Cy, Di, Ed", "C 1", 1],
            ]
        )
    )
    assert [(one.people, one.kits) for one in table.residents] == [(2, 2), (2, 2), (3, 3)]
    assert [each.row for each in table.findings if each.code == "SEVERAL_NAMES"] == [2, 4]


def test_a_name_with_a_comma_is_one_person_and_told_where_others_have_none(as_xlsx) -> None:
    rows = [["name", "address"], ["Ben, Anna", "A 1"], ["Tom", "B 1"], ["Di Smith", "C 1"]]
    table = read_residents(as_xlsx(rows))
    assert [one.people for one in table.residents] == [1, 1, 1]
    assert ["(rows 2)" in str(each.message) for each in table.findings if each.code == "NAME_WITH_COMMA"] == [
        True
    ]
    assert not read_residents(as_xlsx([rows[0], ["Smith, John", "A 1"], ["Jones, Ann", "B 1"]])).findings


def test_those_named_in_a_column_of_housemates_are_counted_and_shown_to_the_team(as_xlsx) -> None:
    rows = [["张三", "A 1", "李四、王五", ""], ["赵六", "A 2", "无", ""], ["钱七", "A 3", "孙八", "周九"]]
    table = read_residents(as_xlsx([["姓名", "地址", "同住人1", "同住人2"], *rows]))
    assert [(one.people, one.note) for one in table.residents] == [
        (3, "同住人1: 李四、王五"),
        (1, ""),
        (3, "同住人1: 孙八、周九"),
    ]
    assert [each.row for each in table.findings if each.code == "SEVERAL_NAMES"] == [2, 4]
