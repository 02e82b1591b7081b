"""Every sheet, list, row and filled cell of a file of residents is read, or told with its place."""

import zipfile
from pathlib import Path

import pytest
import xlsxwriter
import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

from doorroute.errors import BadInputError
from doorroute.intake import ResidentTable, read_depots, read_originals, read_residents, read_teams
from doorroute.model.resident import InfectionClass

PEOPLE = [["姓名", "地址"], ["甲", "蓝旗营6号楼101"], ["乙", "蓝旗营7号楼101"]]
TEAMS = [["team", "start", "shift"], ["T1", "Base", "08:00-12:00"]]
DEPOTS = [["depot", "address", "lab"], ["Base", "Street 9", "yes"]]


@pytest.fixture
def book(tmp_path: Path):
    """Return a function that writes sheets by name, and does to each what `after` says."""

    def write(after=None, **sheets) -> Path:
        path = tmp_path / "book.xlsx"
        with xlsxwriter.Workbook(path, {"strings_to_formulas": False}) as made:
            for name, rows in sheets.items():
                sheet = made.add_worksheet(name)
                for line, row in enumerate(rows):
                    for place, value in enumerate(row):
                        if isinstance(value, tuple):
                            sheet.write_formula(line, place, value[0], None, value[1])
                        elif value is not None:
                            sheet.write(line, place, value)
                if after:
                    after(sheet)
        return path

    return write


def names(table: ResidentTable) -> list[str]:
    return [one.name for one in table.residents]


def found(table: ResidentTable, code: str) -> list[tuple[str, int | None, str, str]]:
    return [
        (each.sheet, each.row_shown, each.column, str(each.message))
        for each in table.findings
        if each.code == code
    ]


def codes(table: ResidentTable) -> set[str]:
    return {each.code for each in table.findings}


# sheets


def test_all_sheets_of_people_are_one_list_and_a_number_used_twice_means_two_people(book) -> None:
    rows = [["id", "name", "address"], [1, "Ann", "A 1"]]
    table = read_residents(book(north=rows, south=[rows[0], [1, "Bob", "B 1"], [2, "Cy", ""]]))
    assert [(one.id, one.name, one.at) for one in table.residents] == [
        ("1", "Ann", "2 (north)"),
        ("1-2", "Bob", "2 (south)"),
    ]
    assert [(one.sheet, one.code) for one in table.rejected] == [("south", "NO_ADDRESS")]
    assert found(table, "SAME_ID")[0][:2] == ("south", 2)
    assert [
        (each.sheet, each.rows, each.with_people, each.to_correct, each.skipped) for each in table.sheets
    ] == [
        ("north", 1, 1, 0, 0),
        ("south", 2, 1, 1, 0),
    ]


def test_sheets_of_teams_depots_and_notes_are_no_residents_and_are_told(book) -> None:
    path = book(
        notes=[["how to fill this in"], ["one person a row"]], teams=TEAMS, depots=DEPOTS, list=PEOPLE
    )
    table = read_residents(path)
    assert names(table) == ["甲", "乙"]
    assert {each[0] for each in found(table, "OTHER_SHEET")} == {"notes", "teams", "depots"}
    assert {each.sheet: each.rows for each in table.sheets if not each.read} == {
        "notes": 2,
        "teams": 2,
        "depots": 2,
    }
    depots = read_depots(path).depots
    assert list(depots) == ["Base"]
    assert [team.id for team in read_teams(path, depots=depots).teams] == ["T1"]


def test_a_sheet_with_names_and_no_addresses_is_warned_about(book) -> None:
    table = read_residents(book(list=PEOPLE, more=[["姓名", "电话"], ["丙", "0301"]]))
    (told,) = (each for each in table.findings if each.code == "OTHER_SHEET")
    assert (told.severity.value, told.sheet) == ("warning", "more")


def test_a_sheet_that_goes_on_without_a_header_is_warned_about(book) -> None:
    (told,) = read_residents(book(list=PEOPLE, more=[["丙", "C 1"], ["丁", "D 1"]])).findings
    assert (told.code, told.severity.value, told.sheet) == ("OTHER_SHEET", "warning", "more")


def test_sheets_are_chosen_by_name(book) -> None:
    path = book(a=PEOPLE, b=[PEOPLE[0], ["丙", "蓝旗营8号楼"]])
    table = read_residents(path, sheets=["b"])
    assert names(table) == ["丙"]
    assert found(table, "OTHER_SHEET")[0][0] == "a"
    with pytest.raises(BadInputError, match="UNKNOWN_SHEET") as caught:
        read_residents(path, sheets=["c"])
    assert "a, b" in str(caught.value.advice)


def test_rows_columns_and_sheets_that_are_hidden_are_planned_and_told(book) -> None:
    def hide(sheet) -> None:
        if sheet.name == "list":
            sheet.autofilter(0, 0, 2, 1)
            sheet.filter_column(0, "x == 甲")
            sheet.set_row(2, None, None, {"hidden": True})
            sheet.set_column(1, 1, None, None, {"hidden": True})
        else:
            sheet.hide()

    table = read_residents(book(hide, list=PEOPLE, old=[PEOPLE[0], ["丙", "蓝旗营8号楼"]]))
    assert names(table) == ["甲", "乙", "丙"]
    assert "A filter hides rows: 1 row (3)" in found(table, "HIDDEN_ROWS")[0][3]
    assert found(table, "HIDDEN_COLUMNS")[0][2] == "地址"
    assert found(table, "HIDDEN_SHEET")[0][0] == "old"


def test_hidden_rows_and_unused_columns_of_a_table_of_teams_are_told(book) -> None:
    rows = [[*TEAMS[0], "car plate"], [*TEAMS[1], "x"], ["T2", "Base", "08:00-12:00", "y"]]
    path = book(lambda sheet: sheet.set_row(2, None, None, {"hidden": True}), teams=rows, depots=DEPOTS)
    told = read_teams(path, depots=read_depots(path).depots).findings
    assert [(each.code, each.sheet) for each in told] == [
        ("UNUSED_COLUMN", "teams"),
        ("HIDDEN_ROWS", "teams"),
    ]


def test_a_mapping_holds_on_the_sheets_that_have_its_headers(book) -> None:
    path = book(a=[["who", "where"], ["Ann", "A 1"]], b=[["name", "address"], ["Bob", "B 1"]])
    assert names(read_residents(path, mapping={"name": "who", "address": "where"})) == ["Ann", "Bob"]


# lists in one sheet


def test_two_lists_side_by_side_are_two_lists(book) -> None:
    head = ["序号", "姓名", "地址", None, "编号", "居民姓名", "住址"]
    table = read_residents(
        book(list=[head, [1, "甲", "A 1", None, 11, "丁", "D 1"], [None, None, None, None, 12, "戊", "E 1"]])
    )
    assert [(one.id, one.name, one.address, one.at) for one in table.residents] == [
        ("1", "甲", "A 1", "2 (list)"),
        ("11", "丁", "D 1", "2 (list)"),
        ("12", "戊", "E 1", "3 (list)"),
    ]
    assert len({one.row for one in table.residents}) == 3
    assert (table.rows, table.rejected) == (2, ())


@pytest.mark.parametrize(
    "head",
    [
        ["姓名", "电话", "地址", "姓名", "电话"],
        ["姓名1", "电话1", "地址", "姓名2", "电话2"],
        ["姓名", "电话", "地址", "姓名（2）", "电话"],
    ],
)
def test_two_people_in_one_row_share_what_the_row_says_once(book, head) -> None:
    table = read_residents(
        book(
            list=[
                [*head, "健康码"],
                ["甲", "0301", "A 1", "乙", "0302", "黄码"],
                ["丙", "0303", "C 1", None, None, None],
            ]
        )
    )
    assert [(one.name, one.phone, one.address) for one in table.residents] == [
        ("甲", "0301", "A 1"),
        ("丙", "0303", "C 1"),
        ("乙", "0302", "A 1"),
    ]
    assert [one.infection_class for one in table.residents if one.address == "A 1"] == [
        InfectionClass.YELLOW
    ] * 2


def test_a_contact_beside_the_person_is_nobody_to_be_sampled(book) -> None:
    table = read_residents(book(list=[["姓名", "地址", "联系人", "联系电话"], ["甲", "A 1", "丁", "0301"]]))
    assert names(table) == ["甲"]
    assert "1 row (2)" in found(table, "SECOND_VALUE")[0][3]


def test_a_list_below_another_has_a_header_of_its_own(book) -> None:
    rows = [
        ["name", "phone", "address"],
        ["Ann", "0301", "A 1"],
        [],
        ["name", "address", "phone"],
        ["Bob", "B 1", "0302"],
    ]
    table = read_residents(book(list=[*rows, *TEAMS]))
    assert [(one.name, one.phone, one.address) for one in table.residents] == [
        ("Ann", "0301", "A 1"),
        ("Bob", "0302", "B 1"),
    ]
    assert [each.code for each in table.rejected] == [
        "EMPTY_ROW",
        "HEADER_AGAIN",
        "OTHER_TABLE",
        "OTHER_TABLE",
    ]
    assert table.rows == 6


def test_a_row_of_two_words_that_could_head_a_table_is_a_row(as_csv) -> None:
    table = read_residents(as_csv([["name", "address"], ["name", "x"], ["Zoe", "Street 9"]]))
    assert [one.name for one in table.residents] == ["name", "Zoe"]


def test_a_header_right_below_another_has_the_rows_below_it(as_csv) -> None:
    table = read_residents(
        as_csv([["name", "address", "phone"], ["name", "phone", "address"], ["Ann", "0301", "A 1"]])
    )
    assert [(one.name, one.phone, one.address) for one in table.residents] == [("Ann", "0301", "A 1")]
    assert [(each.row, each.code) for each in table.rejected] == [(2, "HEADER_AGAIN")]


def test_a_header_of_two_lines_is_one(as_csv) -> None:
    rows = [
        ["序号", "姓名", "家庭住址", "", "", "", "备注"],
        ["", "", "小区", "楼号", "单元", "房号", ""],
        ["1", "甲", "阳光小区", "3", "2", "501", "独居"],
    ]
    (person,) = read_residents(as_csv(rows)).residents
    assert (person.address, person.access.building, person.access.unit, person.access.room, person.note) == (
        "阳光小区", "3", "2", "501", "独居",
    )  # fmt: skip
    rows = [
        ["id", "name", "contact", "", "address", ""],
        ["", "", "phone", "wechat", "street", "no"],
        ["1", "Ann", "03", "w", "Weg", "8"],
    ]
    (person,) = read_residents(as_csv(rows)).residents
    assert (person.phone, person.address) == ("03", "Weg 8")


def test_a_merged_header_heads_all_its_columns(book) -> None:
    rows = [["id", "name", "address", None, "phone"], ["1", "Ann", "Ahornweg 3", "flat 501", "0301"]]
    (person,) = read_residents(
        book(lambda sheet: sheet.merge_range(0, 2, 0, 3, "address"), list=rows)
    ).residents
    assert person.address == "Ahornweg 3, flat 501"


# columns and cells


def test_all_unused_columns_are_one_line_and_what_has_no_header_is_told_with_its_rows(book) -> None:
    rows = [
        ["name", "address", "WeChat", None, "age"],
        ["Ann", "A 1", "w", "infectious!", 80],
        ["Bob", "B 1", None, None, 81, "x"],
    ]
    table = read_residents(book(list=[["a title"], *rows]))
    assert [each[3] for each in found(table, "UNUSED_COLUMN")] == [
        "Not used: WeChat (1 filled), age (2 filled)."
    ]
    assert "D (rows 3), F (rows 4)" in found(table, "CELLS_WITHOUT_HEADER")[0][3]
    assert "(rows 1)" in found(table, "ABOVE_HEADER")[0][3]


def test_a_row_of_text_with_too_many_cells_is_refused_by_name(tmp_path) -> None:
    path = tmp_path / "list.csv"
    path.write_text(
        'id,name,address,phone\n1,Ann,Weg 3, Town,0301\n2,Bob,"Weg 4, Town",0302\n', encoding="utf-8"
    )
    table = read_residents(path)
    assert names(table) == ["Bob"]
    assert [(each.row, each.code) for each in table.rejected] == [(2, "CELLS_SHIFTED")]


def test_remarks_and_phones_of_several_columns_are_all_read_and_other_second_values_told(book) -> None:
    head = ["name", "address", "home address", "phone", "mobile", "note", "remark", "emergency contact"]
    table = read_residents(
        book(
            list=[
                head,
                ["Ann", "A 1", "A 2", "0301", "0302", "dog", "deaf", "0399"],
                ["Bob", "B 1", "B 1", "03", "03", "", "", ""],
            ]
        )
    )
    ann, bob = table.residents
    assert (ann.phone, ann.note, ann.address) == ("0301 / 0302", "dog; deaf; emergency contact: 0399", "A 1")
    assert (bob.phone, bob.note) == ("03", "")
    assert [each[2] for each in found(table, "SECOND_VALUE")] == ["home address"]


def test_a_header_how_many_means_people(book) -> None:
    assert [
        one.people
        for one in read_residents(book(list=[["name", "address", "How many"], ["Ann", "A 1", 3]])).residents
    ] == [3]


@pytest.mark.parametrize("value", ["#N/A", "#REF!", None])
def test_a_cell_in_error_or_never_calculated_is_not_known(book, value) -> None:
    cell = ("=VLOOKUP(A2,x!A:B,2,0)", "" if value is None else value)
    fields = [
        "class",
        "window",
        "people",
        "lift",
        "priority",
        "skills",
        "team",
        "id",
        "service_min",
        "kits",
        "household",
        "phone",
        "floor",
    ]
    table = read_residents(book(list=[["name", "address", *fields], ["Ann", "A 1", *[cell] * len(fields)]]))
    (person,) = table.residents
    assert person.infection_class is InfectionClass.ISOLATED
    assert (person.id, person.household, person.skills, person.only_teams) == ("R2", "", frozenset(), None)
    assert {each.column for each in table.findings if each.severity.value == "warning"} == set(fields)
    only = read_residents(
        book(
            list=[["name", "address", "人员类型"], ["Ann", "A 1", cell], [cell, "A 2", ""], ["Cy", cell, ""]]
        )
    )
    assert only.residents[0].infection_class is InfectionClass.ISOLATED
    assert [each.code for each in only.rejected] == ["NO_NAME", "NO_ADDRESS"]
    assert [each[1:3] for each in found(only, "CELL_NOT_KNOWN")] == [
        (2, "人员类型"),
        (3, "name"),
        (4, "address"),
    ]


def test_errors_and_hidden_rows_of_an_xls_and_an_ods_are_seen_too(tmp_path) -> None:
    rows = [["name", "address", "class"], ["Ann", "A 1"], ["Bob", "B 1"], ["Cy", "C 1"]]
    old = xlwt.Workbook()
    sheet = old.add_sheet("list")
    for line, cells in enumerate(rows):
        for place, cell in enumerate(cells):
            sheet.write(line, place, cell)
    sheet.row(1).set_cell_error(2, 42)
    sheet.row(2).hidden = True
    old.save(str(tmp_path / "old.xls"))
    new = OpenDocumentSpreadsheet()
    table = Table(name="list")
    for line, cells in enumerate(rows):
        row = TableRow(visibility="filter") if line == 2 else TableRow()
        for cell in cells:
            filled = TableCell(valuetype="string")
            filled.addElement(P(text=cell))
            row.addElement(filled)
        if line == 1:
            row.addElement(TableCell(formula="of:=[.X1]"))
        table.addElement(row)
    new.spreadsheet.addElement(table)
    new.save(str(tmp_path / "open.ods"))
    for name, how in (("old.xls", "Rows are hidden"), ("open.ods", "A filter hides rows")):
        table = read_residents(tmp_path / name)
        assert [one.infection_class.value for one in table.residents] == ["isolated", "regular", "regular"], (
            name
        )
        assert found(table, "HIDDEN_ROWS")[0][3].startswith(f"{how}: 1 row (3)")


def test_a_formula_whose_result_is_an_empty_text_is_a_blank_cell(tmp_path) -> None:
    path = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(path) as made:
        sheet = made.add_worksheet()
        sheet.write_row(0, 0, ["name", "address", "class"])
        sheet.write_row(1, 0, ["Ann", "A 1"])
        sheet.write_formula(1, 2, '=""', None, "x")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(tmp_path / "blank.xlsx", "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"<v>x</v>", b"<v></v>"))
    (person,) = read_residents(tmp_path / "blank.xlsx").residents
    assert person.infection_class is InfectionClass.REGULAR


def test_a_table_of_teams_with_a_cell_in_error_is_refused(book) -> None:
    path = book(teams=[TEAMS[0], ["T1", "Base", ("=A9", "#REF!")]], depots=DEPOTS)
    with pytest.raises(BadInputError, match="CELL_NOT_KNOWN"):
        read_teams(path, depots=read_depots(path).depots)


# merged cells


def test_a_number_merged_over_a_family_is_the_total_of_its_rows(book) -> None:
    rows = [
        ["姓名", "地址", "人数", "试剂盒"],
        ["孙一", "A 1", 5, 6],
        ["孙二"],
        ["孙三"],
        ["李", "B 1", 2, 2],
    ]

    def merge(sheet) -> None:
        for place, value in ((1, "A 1"), (2, 5), (3, 6)):
            sheet.merge_range(1, place, 3, place, value)

    path = book(merge, list=rows)
    table = read_residents(path)
    assert [(one.name, one.address, one.people, one.kits) for one in table.residents] == [
        ("孙一", "A 1", 3, 2), ("孙二", "A 1", 1, 2), ("孙三", "A 1", 1, 2), ("李", "B 1", 2, 2),
    ]  # fmt: skip
    assert "(rows 2-4)" in found(table, "MERGED_TOTAL")[0][3]
    assert [read_originals(path).rows[row][2] for row in (2, 3, 4, 5)] == [3, 1, 1, 2]


def test_a_row_that_says_nothing_of_its_own_goes_on_with_the_one_above(book) -> None:
    rows = [["name", "address", "note"], ["Ann", "A 1", "dog"], [None, None, "deaf"], ["Bob", "B 1", ""]]

    def merge(sheet) -> None:
        sheet.merge_range(1, 0, 2, 0, "Ann")
        sheet.merge_range(1, 1, 2, 1, "A 1")

    table = read_residents(book(merge, list=rows))
    assert names(table) == ["Ann", "Bob"]
    assert [(each.row, each.code) for each in table.rejected] == [(3, "CONTINUED_ROW")]
