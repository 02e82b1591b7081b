"""Rows become residents, or are rejected with row, column and code."""

import datetime as dt
from pathlib import Path

import pytest

from doorroute.errors import BadInputError
from doorroute.intake import ResidentTable, read_residents
from doorroute.model.finding import Severity
from doorroute.model.place import Datum
from doorroute.model.resident import InfectionClass

HEAD = ["id", "name", "address"]


def codes(table: ResidentTable) -> dict[int | None, set[str]]:
    """Return the codes of the findings by row."""
    found: dict[int | None, set[str]] = {}
    for finding in table.findings:
        found.setdefault(finding.row, set()).add(finding.code)
    return found


def one(as_csv, **cells: str) -> ResidentTable:
    """Read one row with these cells, a name and an address."""
    row = {"name": "Ann", "address": "Street 1", **cells}
    return read_residents(as_csv([list(row), list(row.values())]))


def test_a_whole_row_is_read_field_by_field(as_csv) -> None:
    head = (
        "id name phone address lon lat datum household people building unit floor lift room service_min "
        "window class kits skills priority note"
    )
    row = [
        "7",
        "王秀兰",
        "13800138000",
        "海滨小区",
        "113.9",
        "22.5",
        "gcj02",
        "H1",
        "2",
        "3栋",
        "2",
        "5楼",
        "有",
        "501",
        "5",
        "9-11",
        "黄码",
        "3",
        "nurse;儿童",
        "1",
        "卧床",
    ]
    (resident,) = read_residents(as_csv([head.split(), row])).residents
    assert (resident.id, resident.name, resident.phone, resident.address) == (
        "7",
        "王秀兰",
        "13800138000",
        "海滨小区",
    )
    assert resident.given is not None
    assert (resident.given.lon, resident.given.lat, resident.given.datum) == (113.9, 22.5, Datum.GCJ02)
    access = resident.access
    assert (access.building, access.unit, access.floor, access.lift, access.room) == (
        "3栋",
        "2",
        5,
        True,
        "501",
    )
    assert (resident.household, resident.people, resident.kits, resident.priority) == ("H1", 2, 3, 1)
    assert (resident.service_s, str(resident.time_windows[0])) == (300, "09:00-11:00")
    assert resident.infection_class is InfectionClass.YELLOW
    assert resident.skills == {"nurse", "儿童"}
    assert (resident.row, resident.note) == (2, "卧床")


def test_numbers_and_times_of_a_workbook_read_like_text(as_xlsx) -> None:
    head = ["编号", "姓名", "地址", "房号", "楼层", "电话", "上门时间", "电梯"]
    row = [5, "王秀兰", "海滨小区3栋", 501, 5, 13800138000, dt.time(9, 30), True]
    table = read_residents(as_xlsx([head, row]))
    (resident,) = table.residents
    assert (resident.id, resident.access.room, resident.access.floor, resident.access.lift) == (
        "5",
        "501",
        5,
        True,
    )
    assert resident.phone == "13800138000"
    assert str(resident.time_windows[0]) == "09:30-10:00"
    assert codes(table) == {2: {"PHONE_AS_NUMBER", "WINDOW_ASSUMED"}}


def test_nothing_personal_is_shown_by_repr(as_csv) -> None:
    table = one(
        as_csv,
        phone="13800138000",
        room="501",
        **{"class": "isolated"},
        note="bedridden",
        lon="24.94",
        lat="60.17",
    )
    shown = repr(table)
    for secret in ("Ann", "Street", "13800138000", "501", "isolated", "bedridden", "24.94", "60.17"):
        assert secret not in shown


@pytest.mark.parametrize(
    ("row", "code", "column"),
    [
        (["", "", ""], "EMPTY_ROW", ""),
        ([" ", "\u3000", ""], "EMPTY_ROW", ""),
        (["ID", "Name", "Address"], "HEADER_AGAIN", ""),
        (["Total", "", ""], "TOTALS_ROW", ""),
        (["", "合计", ""], "TOTALS_ROW", ""),
        (["制表人：王五", "", ""], "TOTALS_ROW", ""),
        (["Total: 96", "", ""], "TOTALS_ROW", ""),
        (["", "Sum Wing", ""], "NO_ADDRESS", "address"),
        (["", "", "Street 1"], "NO_NAME", "name"),
        (["4", "Ann", ""], "NO_ADDRESS", "address"),
    ],
)
def test_a_row_that_is_nobody_to_visit_is_named_not_dropped(
    as_csv, row: list[str], code: str, column: str
) -> None:
    table = read_residents(as_csv([HEAD, ["1", "Bob", "Street 2"], row, ["2", "Cy", "Street 3"]]))
    (rejected,) = table.rejected
    assert (rejected.row, rejected.code, rejected.column) == (3, code, column)
    (finding,) = [finding for finding in table.findings if finding.row == 3]
    assert (finding.code, finding.severity, finding.message) == (code, Severity.ERROR, rejected.message)
    assert (table.rows, len(table.residents)) == (3, 2)


def test_somebody_whose_name_begins_like_a_total_is_somebody(as_csv) -> None:
    table = read_residents(as_csv([HEAD, ["1", "Total Ann", "Street 1"], ["合计", "总计", "海滨小区"]]))
    assert len(table.residents) == 2


def test_blank_rows_behind_the_last_are_no_rows(as_csv) -> None:
    table = read_residents(as_csv([HEAD, ["1", "Ann", "Street 1"], ["", "", ""], [" ", "", ""]]))
    assert (table.rows, table.rejected) == (1, ())


@pytest.mark.parametrize(
    ("cells", "code", "column"),
    [
        ({"window": "soon"}, "WINDOW_UNREADABLE", "window"),
        ({"floor": "high"}, "FLOOR_UNREADABLE", "floor"),
        ({"lift": "perhaps"}, "LIFT_UNREADABLE", "lift"),
        ({"people": "some"}, "PEOPLE_UNREADABLE", "people"),
        ({"kits": "many"}, "KITS_UNREADABLE", "kits"),
        ({"service_min": "long"}, "SERVICE_UNREADABLE", "service_min"),
        ({"priority": "very"}, "PRIORITY_UNREADABLE", "priority"),
        ({"lon": "east", "lat": "60"}, "COORDINATES_UNREADABLE", "lat"),
        ({"lon": "", "lat": "60"}, "COORDINATES_UNREADABLE", "lon"),
        ({"lon": "0", "lat": "0"}, "COORDINATES_ZERO", "lat"),
        ({"lon": "24.9", "lat": "60.1", "datum": "mars"}, "DATUM_UNREADABLE", "datum"),
        ({"lon": "60.1", "lat": "118.8"}, "COORDINATES_SWAPPED", "lat"),
        ({"phone": "3.58E+11"}, "PHONE_DIGITS_LOST", "phone"),
        ({"note": "card 11010519491231002X"}, "IDENTITY_NUMBER", "note"),
        ({"room": "2022-02-03"}, "DATE_FOR_TEXT", "room"),
        ({"note": "caf\ufffd"}, "SPOILED_CHARACTERS", "note"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_column_and_the_person_is_kept(
    as_csv, cells: dict[str, str], code: str, column: str
) -> None:
    table = one(as_csv, **cells)
    assert len(table.residents) == 1
    (finding,) = table.findings
    assert (finding.code, finding.row, finding.column) == (code, 2, column)
    assert finding.severity is Severity.WARNING
    for lang in ("en", "zh"):
        said = finding.message.into(lang) + finding.advice.into(lang)
        assert not any(value in said for value in cells.values() if len(value) > 2)


def test_an_unreadable_class_is_never_taken_for_regular(as_csv) -> None:
    table = one(as_csv, **{"class": "??"})
    assert table.residents[0].infection_class is InfectionClass.ISOLATED
    assert codes(table) == {2: {"CLASS_UNREADABLE"}}


def test_a_kind_of_person_that_names_a_class_gives_it_and_else_is_a_remark(as_csv) -> None:
    head = ["姓名", "地址", "人员类型", "备注"]
    table = read_residents(
        as_csv([head, ["甲", "A1", "高龄老人", "卧床"], ["乙", "A2", "老人/居家隔离", ""]])
    )
    first, second = table.residents
    assert (first.infection_class, first.note) == (InfectionClass.REGULAR, "高龄老人; 卧床")
    assert second.infection_class is InfectionClass.ISOLATED
    assert codes(table) == {None: {"CLASS_FROM_TYPE"}}  # once a column
    assert "“居家隔离”按“隔离”处理" in table.findings[0].message.into("zh")


def test_a_class_that_stands_in_the_remarks_alone_is_taken_and_told(as_xlsx) -> None:
    rows = [
        ["Ann", "A 1", "", "居家隔离第3天"],
        ["Ben", "A 2", "", "已解除隔离"],
        ["Cy", "A 3", "绿码", "密接"],
        ["Di", "A 4", "红", "密接"],
    ]
    table = read_residents(as_xlsx([["姓名", "地址", "类别", "备注"], *rows]))
    assert [one.infection_class.value for one in table.residents] == [
        "isolated",
        "regular",
        "regular",
        "isolated",
    ]
    assert [each.row for each in table.findings if each.code == "CLASS_IN_REMARK"] == [2, 4]


def test_coordinates_off_the_earth_reject_the_row(as_csv) -> None:
    table = one(as_csv, lon="24.9", lat="601.69")
    assert [(found.code, found.column) for found in table.rejected] == [("OFF_EARTH", "lat")]


def test_coordinates_alone_are_enough_in_two_columns_or_in_one(as_csv) -> None:
    for head, cells in (
        (["lon", "lat"], ["118.80", "32.05"]),
        (["经纬度"], ["118.80,32.05"]),
        (["lat/lon"], ["32.05 118.80"]),
        (["Location 1"], ["(32.05, 118.80)"]),
    ):
        (resident,) = read_residents(as_csv([["name", *head], ["Ann", *cells]])).residents
        assert resident.given is not None
        assert (resident.given.lon, resident.given.lat) == (118.80, 32.05)


def test_text_that_looks_like_code_stays_text(as_xlsx) -> None:
    evil = [
        '=HYPERLINK("http://x")',
        "+1",
        "@SUM(A1)",
        "<script>x</script>",
        "`${7*7}`",
        "../../etc/passwd",
        "C:\\x",
        "\u202eAnn",
        'O\'Hara "x"',
    ]
    rows = [["name", "address", "note"], *([text, text + " 1", text] for text in evil)]
    table = read_residents(as_xlsx(rows))
    assert [resident.name for resident in table.residents] == evil
    assert [resident.note for resident in table.residents] == evil
    assert table.findings == ()


@pytest.mark.parametrize("long", ["(" * 100_000, "1" * 100_000, "9:" * 50_000, "楼" * 100_000, "-1" * 50_000])
def test_a_cell_without_end_is_cut_and_told_and_takes_no_time(as_csv, long: str) -> None:
    fields = ("window", "floor", "people", "lon", "lat", "class", "room", "楼号、单元、房间号", "note")
    table = one(as_csv, **dict.fromkeys(fields, long))
    assert len(table.residents) + len(table.rejected) == 1
    assert table.rejected or {"TEXT_CUT", "WINDOW_UNREADABLE"} <= codes(table)[2]
    assert one(as_csv, **{long: "x"}).rows == 1


def test_control_characters_are_left_out_and_told(as_csv) -> None:
    table = one(as_csv, note="a\x07b")
    assert table.residents[0].note == "ab"
    assert codes(table) == {2: {"CONTROL_CHARACTERS"}}


def test_identity_numbers_are_in_nothing_that_is_kept(as_csv) -> None:
    number = "11010519491231002X"
    rows = [["编号", "姓名", "身份证号", "地址", "备注"], [number, "甲", number, "A1", f"证{number}"]]
    table = read_residents(as_csv(rows))
    (resident,) = table.residents
    kept = [getattr(resident, name) for name in ("id", "name", "phone", "address", "household", "note")]
    assert number not in str(kept)
    assert table.dropped == ("身份证号",)
    assert resident.id == "R2"
    assert codes(table) == {None: {"IDENTITY_COLUMN"}, 2: {"IDENTITY_NUMBER"}}


def test_the_second_phone_stands_in_where_the_first_is_blank(as_csv) -> None:
    table = read_residents(
        as_csv(
            [
                ["name", "address", "phone", "紧急联系电话"],
                ["Ann", "A1", "", "110"],
                ["Bob", "A2", "120", "110"],
            ]
        )
    )
    assert [resident.phone for resident in table.residents] == ["110", "120"]


def test_names_and_addresses_in_parts_are_joined(as_csv) -> None:
    western = [
        ["First Name", "Last Name", "Street", "House number", "Zip", "City"],
        ["Ann", "Lee", "Annankatu", "25", "00100", "Helsinki"],
    ]
    (resident,) = read_residents(as_csv(western)).residents
    assert (resident.name, resident.address) == ("Ann Lee", "Annankatu 25, 00100 Helsinki")
    chinese = [
        ["姓", "名", "区", "小区", "楼号、单元、房间号"],
        ["王", "秀兰", "南山区", "海滨小区", "3栋2单元501室"],
    ]
    (resident,) = read_residents(as_csv(chinese)).residents
    assert (resident.name, resident.address) == ("王秀兰", "南山区海滨小区")
    assert (resident.access.building, resident.access.unit, resident.access.room) == ("3栋", "2", "501")


def test_earliest_and_latest_in_two_columns_make_one_window(as_csv) -> None:
    table = read_residents(
        as_csv(
            [
                ["name", "address", "earliest", "latest"],
                ["Ann", "A1", "9:00", "11:00"],
                ["Bob", "A2", "", "10:00"],
            ]
        )
    )
    assert [str(resident.time_windows[0]) for resident in table.residents] == ["09:00-11:00", "00:00-10:00"]


def test_who_stands_there_twice_is_refused_the_second_time(as_csv) -> None:
    head = ["id", "name", "phone", "address", "room"]
    rows = [
        ["1", "Ann Lee", "123", "Street 1", "5"],
        ["1", "ann  lee", "", "street 1", "5"],  # the same number, name and door
        ["9", "Ann Lee", "12 3", "Street 1", "5"],  # the same name, phone and door
        ["", "Ann Lee", "123", "Street 1", "6"],  # another door
    ]
    table = read_residents(as_csv([head, *rows]))
    assert [(found.row, found.code) for found in table.rejected] == [(3, "DUPLICATE"), (4, "DUPLICATE")]
    assert all("row 2" in str(found.message) for found in table.rejected)
    assert [resident.row for resident in table.residents] == [2, 5]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("蓝旗营6号楼1204", "蓝旗营6号楼 1204室"),
        ("蓝旗营6号楼1204号", "蓝旗营6号楼1204"),
        ("蓝旗营6号楼#1204", "蓝旗营6号楼1204户"),
        ("蓝旗营6号楼1204房间", "蓝旗营6号楼1204房"),
        ("Main St 5, Apt 12", "Main St 5 #12"),
    ],
)
def test_one_flat_written_in_two_ways_is_one_and_its_person_too(as_csv, first: str, second: str) -> None:
    head = ["name", "address", "phone"]
    table = read_residents(
        as_csv([head, ["何强", first, "13908174466"], ["何强", second, "+86 139 0817 4466"]])
    )
    assert [(found.row, found.code) for found in table.rejected] == [(3, "DUPLICATE")]


@pytest.mark.parametrize(
    "second",
    [
        ["何强", "蓝旗营6号楼1205室", "13908174466"],
        ["何刚", "蓝旗营6号楼1204室", "13908174466"],
        ["何强", "蓝旗营6号楼1204室", "13908174467"],
        ["何强", "蓝旗营6号楼12-04", "13908174466"],
        ["何强", "蓝旗营16号楼1204", "13908174466"],
    ],
)
def test_two_people_are_never_taken_for_one(as_csv, second: list[str]) -> None:
    table = read_residents(
        as_csv([["name", "address", "phone"], ["何强", "蓝旗营6号楼1204", "13908174466"], second])
    )
    assert len(table.residents) == 2


def test_main_street_5_flat_12_is_not_main_street_512(as_csv) -> None:
    rows = [["Ann", "Main St 5, Apt 12", "13908174466"], ["Ann", "Main St 512", "13908174466"]]
    assert len(read_residents(as_csv([["name", "address", "phone"], *rows])).residents) == 2


@pytest.mark.parametrize(
    ("window", "code", "windows"),
    [
        ("2点-4点", "WINDOW_DOUBTED", "14:00-16:00"),
        ("6-8", "WINDOW_AMBIGUOUS", ""),
        ("9-11 (ring twice)", "WINDOW_REMARK", "09:00-11:00"),
        ("周三9点-11点", "WINDOW_DAY", "09:00-11:00"),
        ("9-11 wife only", "WINDOW_UNREADABLE", ""),
    ],
)
def test_what_is_read_in_doubt_is_told(as_csv, window: str, code: str, windows: str) -> None:
    table = read_residents(as_csv([["name", "address", "window"], ["Ann", "A1", window]]))
    assert codes(table) == {2: {code}}
    assert " ".join(map(str, table.residents[0].time_windows)) == windows
    assert "wife" not in str(table.findings)


def test_a_range_of_minutes_or_people_is_told_and_the_larger_taken(as_csv) -> None:
    table = read_residents(
        as_csv([["name", "address", "people", "service_min"], ["Ann", "A1", "2-3", "3-5"]])
    )
    assert (table.residents[0].people, table.residents[0].service_s) == (3, 300)
    assert codes(table) == {2: {"NUMBER_ASSUMED"}}


def test_a_map_link_is_no_point_and_the_address_beside_it_counts(as_csv) -> None:
    link = "https://www.openstreetmap.org/#map=17/50.0001/10.0010"
    table = read_residents(as_csv([["name", "address", "location"], ["Ann", "Ahornweg 3", link]]))
    assert table.residents[0].given is None
    assert codes(table) == {2: {"COORDINATES_UNREADABLE"}}


def test_a_duplicate_that_differs_is_told_to_be_looked_at(as_csv) -> None:
    head = ["id", "name", "address", "class"]
    table = read_residents(as_csv([head, ["1", "Ann", "A1", "regular"], ["1", "Ann", "A1", "isolated"]]))
    assert "differ" in str(table.findings[0].advice)


def test_the_same_name_at_the_same_door_without_a_phone_is_kept_and_told(as_csv) -> None:
    table = read_residents(as_csv([["name", "address"], ["王伟", "A1"], ["王伟", "A1"]]))
    assert len(table.residents) == 2
    assert codes(table) == {3: {"POSSIBLE_DUPLICATE"}}


def test_two_people_with_one_number_are_both_kept_each_with_a_number_of_their_own(as_csv) -> None:
    rows = [
        ["7", "Ann", "A1"],
        ["7", "Bob", "A2"],
        ["7-2", "Cy", "A3"],
        ["", "Di", "A4"],
        ["R5", "Ed", "A5"],
        ["7", "Flo", "A6"],
    ]
    table = read_residents(as_csv([HEAD, *rows]))
    assert [resident.id for resident in table.residents] == ["7", "7-3", "7-2", "R5-2", "R5", "7-4"]
    assert codes(table) == {3: {"SAME_ID"}, 7: {"SAME_ID"}}


def test_kits_follow_the_number_of_people_where_nobody_said(as_csv) -> None:
    assert one(as_csv, people="3人").residents[0].kits == 3
    assert one(as_csv, people="3", kits="1").residents[0].kits == 1


def test_one_column_may_be_mapped_to_two_fields(as_csv) -> None:
    table = read_residents(
        as_csv([["Who", "address"], ["Ann", "A1"]]), mapping={"name": "Who", "household": "Who"}
    )
    assert (table.residents[0].name, table.residents[0].household) == ("Ann", "Ann")


def test_a_mapping_is_obeyed(as_csv) -> None:
    path = as_csv([["Who", "Lives at"], ["Ann", "Street 1"]])
    table = read_residents(path, mapping={"name": "Who", "address": "Lives at"})
    assert table.columns == {"name": "Who", "address": "Lives at"}
    assert table.residents[0].address == "Street 1"


@pytest.mark.parametrize(
    ("head", "code"),
    [
        (["name", "phone"], "NO_ADDRESS_COLUMN"),
        (["name", "lon"], "NO_ADDRESS_COLUMN"),
        (["address", "phone"], "NO_NAME_COLUMN"),
    ],
)
def test_a_list_without_names_or_without_addresses_is_refused_as_a_whole(
    as_csv, head: list[str], code: str
) -> None:
    with pytest.raises(BadInputError) as caught:
        read_residents(as_csv([head, ["a", "b"]]))
    assert caught.value.code == code


def test_another_sheet_with_people_is_read_too(as_xlsx) -> None:
    rows = [["name", "address", "phone"], ["Ann", "A1", "1"]]
    table = read_residents(as_xlsx(rows, [*rows, ["Bob", "A2", "2"]]))
    assert [(one.name, one.sheet, one.at) for one in table.residents] == [
        ("Ann", "Sheet1", "2 (Sheet1)"),
        ("Bob", "Sheet2", "3 (Sheet2)"),
    ]
    assert [(one.sheet, one.code) for one in table.rejected] == [("Sheet2", "DUPLICATE")]


def test_importing_intake_imports_no_heavy_library() -> None:
    import subprocess
    import sys

    code = (
        "import doorroute.intake, sys; print([m for m in ('pandas', 'numpy', 'python_calamine', "
        "'osmium') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_error_names_the_file_and_not_its_folder(tmp_path: Path) -> None:
    with pytest.raises(BadInputError) as caught:
        read_residents(tmp_path / "list.xlsx")
    assert "list.xlsx" in str(caught.value)
    assert str(tmp_path) not in str(caught.value)


def test_what_a_form_writes_for_nothing_is_a_blank_cell(as_csv) -> None:
    head = ["姓名", "地址", "单元", "人数", "时段", "类别", "备注"]
    (resident,) = (
        table := read_residents(as_csv([head, ["张三", "A 1", "(空)", "（跳过）", "(空)", "NULL", "(空)"]]))
    ).residents
    assert (resident.access.unit, resident.people, resident.note, table.findings) == ("", 1, "", ())


def test_rows_that_explain_a_form_are_nobody_and_rows_of_numbers_are_people(as_xlsx) -> None:
    head = ["name", "lon", "lat"]
    rows = [["必填", "必填", "选填"], ["示例：李四", 118.8, 32.05], [17, 118.81, 32.06]]
    table = read_residents(as_xlsx([head, *rows]))
    assert [each.code for each in table.rejected] == ["HEADER_AGAIN", "EXAMPLE_ROW"]
    assert [one.name for one in table.residents] == ["17"]


def test_earliest_and_latest_are_read_as_people_fill_them_in(as_xlsx) -> None:
    rows = [
        ["下午", ""],
        ["not before 9", ""],
        ["after 2", "before 4"],
        ["any", "11:00"],
        [0.375, 0.5],
        ["N/A", "any"],
    ]
    table = read_residents(
        as_xlsx(
            [
                ["name", "address", "earliest", "latest"],
                *([f"P{n}", f"A {n}", *row] for n, row in enumerate(rows)),
            ]
        )
    )
    said = [" ".join(map(str, one.time_windows)) for one in table.residents]
    assert said == ["12:00-24:00", "09:00-24:00", "14:00-16:00", "00:00-11:00", "09:00-12:00", ""]
    assert "WINDOW_UNREADABLE" not in {each.code for each in table.findings}
