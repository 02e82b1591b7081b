"""The header is found, and each column is what it says it is."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from doorroute.errors import BadInputError
from doorroute.intake import header_words
from doorroute.intake.header_meanings import plain
from doorroute.intake.table_files import Sheet
from doorroute.intake.table_layout import Layout, find_list

CANONICAL = {
    "residents": (
        header_words.RESIDENTS,
        (
            "id name phone address lon lat datum household people building unit floor lift room service_min "
            "window class kits skills priority note"
        ),
    ),
    "teams": (
        header_words.TEAMS,
        "team members phone start end shift break profile skills capacity max_visits home_area",
    ),
    "depots": (header_words.DEPOTS, "depot address lon lat datum lab"),
}


def layout(
    *rows: list[str | None], mapping: dict[str, str] | None = None, words=header_words.RESIDENTS
) -> Layout:
    sheet = Sheet("list", tuple(tuple(row) for row in (*rows, ["anything"])))
    return find_list(Path("list.xlsx"), [sheet], words, mapping)


def fields(head: list[str], **kwargs) -> dict[str, str]:
    return {name: columns[0].header for name, columns in layout(head, **kwargs).columns.items()}


@pytest.mark.parametrize("table", CANONICAL)
def test_every_canonical_header_works_in_any_order(table: str) -> None:
    words, names = CANONICAL[table]
    for head in (names.split(), names.upper().split()[::-1]):
        assert fields(head, words=words) == {name.lower(): name for name in head}


@pytest.mark.parametrize("words", [header_words.RESIDENTS, header_words.TEAMS, header_words.DEPOTS])
def test_no_word_stands_for_two_fields(words: header_words.Mapping[str, tuple[str, ...]]) -> None:
    seen = Counter(plain(word) for spellings in words.values() for word in set(map(plain, spellings)))
    assert not [word for word, times in seen.items() if times > 1]


def test_no_word_for_a_field_is_a_trap_or_sensitive() -> None:
    refused = {plain(word) for word in (*header_words.TRAPS, *header_words.SENSITIVE)}
    for words in (header_words.RESIDENTS, header_words.TEAMS, header_words.DEPOTS):
        assert not refused & {plain(word) for spellings in words.values() for word in spellings}


SEEN_AS = {
    "row_id": {"id"},
    "community(社区)": {"community"},
    "combined building+unit+room": {"door"},
    "persons": {"people"},
    "visit_time": {"window", None},  # 预约上门日期 is a day, not a time
    "name": {"name", "name_given", "name_family"},
    "unit": {"unit", "room", "id"},  # in America a unit is a flat; No and # number the rows as often
    "room": {"room", "housenumber"},
    "lonlat": {"lonlat"},
}


def test_headers_seen_in_the_field_are_recognised_and_its_traps_are_not(shared_data: Path) -> None:
    with (shared_data / "header-synonyms.csv").open(encoding="utf-8", newline="") as file:
        seen = list(csv.DictReader(file))
    assert len(seen) > 100
    for row in seen:
        spellings = (
            [row["header"]] if row["lang"] == "zh" or "=" in row["header"] else row["header"].split(" / ")
        )
        for header in spellings:
            header = header.split(" = ")[0]  # noqa: PLW2901  # an example of the value follows
            beside = "详细地址" if row["field"] == "subdistrict" else "有无电梯"
            found = layout([beside, header]).columns
            name = next((name for name, columns in found.items() if columns[0].header == header), None)
            if "trap" in row["field"] or "sensitive" in row["field"]:
                assert name in ({None} if header != "小区名称" else {"compound"}), header
            elif header not in {"Middle Name", "Suffix"}:
                assert name in SEEN_AS.get(row["field"], {row["field"]}), header


@pytest.mark.parametrize(
    "header",
    [
        "户籍住址",
        "户口所在地",
        "身份证地址",
        "公司地址",
        "邮箱",
        "母亲姓名",
        "普查员姓名",
        "被采样人母亲姓名",
        "Registered address",
        "Mother's name",
        "e-mail",
    ],
)
def test_a_column_that_only_looks_like_a_field_is_left_alone(header: str) -> None:
    assert layout(["姓名", "地址", header]).unused == (header,)


@pytest.mark.parametrize(
    "header",
    [
        "身份证号",
        "身份证号码（必填）",
        "证件号码",
        "母亲身份证号",
        "ID card no.",
        "Passport No",
        "National ID",
        "ID number",
    ],
)
def test_a_column_of_identity_numbers_is_dropped_and_never_kept(header: str) -> None:
    sheet = Sheet("list", (("姓名", "地址", header), ("王秀兰", "海滨小区", "11010519491231002X")))
    found = find_list(Path("list.xlsx"), [sheet], header_words.RESIDENTS)
    assert found.dropped == (header,)
    assert "11010519491231002X" not in str(found.rows[0].cells)


@pytest.mark.parametrize(
    ("header", "field"),
    [
        *(("* Full Name *", "name"), ("full_name", "name"), ("fullName", "name"), ("1. 姓名", "name"),
        ("姓 名", "name"), ("被采样人姓名（必填）", "name")),
        *(("联系电话(手机)", "phone"), ("居民联系电话", "phone"), ("Apt #", "room"),
        ("经纬度信息 (如: 118.80,32.05)", "lonlat"), ("Lat/Lon", "latlon")),
        *(("服务时长(分钟)", "service_min"), ("ＷＩＮＤＯＷ", "window"), ("现居住地址", "address"),
        ("是否有电梯？", "lift"), ("#", "id")),
    ],
)  # fmt: skip
def test_case_width_brackets_and_polite_words_do_not_matter(header: str, field: str) -> None:
    assert fields(["备注", header])[field] == header


def test_titles_blank_rows_and_empty_columns_before_the_header_are_passed_over() -> None:
    found = layout(
        [None, "Visits, 6 April"],
        [],
        [None, None, "please fill in the name and address"],
        [None, "姓名", "地址"],
    )
    assert found.header_row == 4
    assert {name: columns[0].place for name, columns in found.columns.items()} == {"name": 1, "address": 2}


def test_of_two_lines_of_headers_the_finer_one_counts() -> None:
    found = layout(["序号", "姓名", "地址", None, None], ["序号", "姓名", "小区", "楼号", "房号"])
    assert found.header_row == 2
    assert set(found.columns) == {"id", "name", "compound", "building", "room"}


def test_the_list_is_found_among_several_sheets() -> None:
    sheets = [
        Sheet("help", (("how to use this form",),)),
        Sheet("old", (("name", "address", "phone"), ("a", "b", "c")), visible=False),
        Sheet("today", (("name", "address", "phone"), ("d", "e", "f"))),
    ]
    found = find_list(Path("list.xlsx"), sheets, header_words.RESIDENTS)
    assert found.sheet == "today"


def test_two_columns_of_one_field_are_read_the_better_word_first() -> None:
    found = layout(["序号", "编号", "姓名", "家庭住址", "现住址"])
    assert [column.header for column in found.columns["id"]] == ["编号", "序号"]
    assert [column.header for column in found.columns["address"]] == ["现住址", "家庭住址"]


def test_a_head_of_household_is_the_person_only_where_no_other_name_stands() -> None:
    assert fields(["户主", "地址"])["name"] == "户主"
    assert fields(["户主", "姓名", "地址"]) == {"household": "户主", "name": "姓名", "address": "地址"}


def test_a_door_plate_is_the_house_number_beside_a_street_and_the_flat_elsewhere() -> None:
    assert fields(["姓名", "路名", "门牌号"])["housenumber"] == "门牌号"
    assert fields(["姓名", "小区", "门牌号"])["room"] == "门牌号"


def test_a_subdistrict_is_a_street_where_nothing_finer_stands() -> None:
    assert fields(["姓名", "街道", "门牌号"]) == {"name": "姓名", "street": "街道", "housenumber": "门牌号"}
    assert fields(["姓名", "街道", "小区"]) == {"name": "姓名", "subdistrict": "街道", "compound": "小区"}


def test_a_mapping_says_which_column_is_which_whatever_its_header() -> None:
    found = fields(
        ["Who", "Where they live", "address"], mapping={"name": "Who", "address": "where they live"}
    )
    assert found == {"name": "Who", "address": "Where they live"}


@pytest.mark.parametrize(
    ("mapping", "code", "hint"),
    [
        ({"adress": "Where"}, "UNKNOWN_FIELD", "address"),
        ({"address": "Nowhere"}, "UNKNOWN_HEADER", "Name, Where"),
        ({"id": "身份证号"}, "SENSITIVE_COLUMN", "id"),
    ],
)
def test_a_wrong_mapping_is_refused_with_what_there_is(mapping: dict[str, str], code: str, hint: str) -> None:
    with pytest.raises(BadInputError) as caught:
        layout(["Name", "Where", "身份证号"], mapping=mapping)
    assert caught.value.code == code
    assert hint in str(caught.value.advice)


def test_a_table_without_headers_or_without_rows_is_refused() -> None:
    with pytest.raises(BadInputError, match="NO_HEADER"):
        layout(["王秀兰", "海滨小区3栋"])
    with pytest.raises(BadInputError, match="NO_ROWS"):
        find_list(Path("list.xlsx"), [Sheet("", (("name", "address"),))], header_words.RESIDENTS)


def test_ditto_marks_stand_for_what_is_above() -> None:
    sheet = Sheet("", (("name", "address"), ("Ann", "Street 1"), ("Bob", "同上"), ("Cy", "〃")))
    found = find_list(Path("list.xlsx"), [sheet], header_words.RESIDENTS)
    assert [row.cells["address"][0][1] for row in found.rows] == ["Street 1"] * 3


def test_headers_of_forms_and_in_traditional_characters_are_understood() -> None:
    asked = [
        "1、您的姓名",
        "2、联系电话",
        "3、您居住的小区",
        "4、楼号",
        "8、方便上门的时间",
        "10、其他需要说明的情况",
    ]
    assert list(fields(asked)) == ["name", "phone", "compound", "building", "window", "note"]
    asked = ["What is your name?", "Your phone number", "Please enter your address", "When can we come?"]
    assert list(fields(asked)) == ["name", "phone", "address", "window"]
    traditional = ["編號", "姓名", "地址", "電話", "樓", "單元", "備註", "類別"]
    assert list(fields(traditional)) == [
        "id",
        "name",
        "address",
        "phone",
        "building",
        "unit",
        "note",
        "class",
    ]


@pytest.mark.parametrize(
    "header", ["居家隔离（必填）", "是否密接", "集中隔离情况", "COVID status", "核酸检测结果"]
)
def test_a_column_that_says_who_is_infectious_is_the_class(header: str) -> None:
    assert fields(["姓名", "地址", header])["class"] == header


@pytest.mark.parametrize(
    "header", ["是否解除隔离", "隔离开始日期", "隔离酒店", "您的工作单位", "您的户籍地址"]
)
def test_a_column_about_something_else_is_not_read_as_class_or_address(header: str) -> None:
    assert header not in fields(["姓名", "地址", header]).values()


def test_a_header_in_both_languages_is_what_both_halves_mean() -> None:
    assert list(fields(["姓名 Name", "地址 Address", "电话/Tel", "微信ID"])) == ["name", "address", "phone"]


def test_a_door_plate_beside_a_building_is_the_flat_and_beside_a_street_the_house() -> None:
    assert fields(["姓名", "小区", "楼号", "门牌"])["room"] == "门牌"
    assert fields(["姓名", "街路", "门牌"])["housenumber"] == "门牌"
