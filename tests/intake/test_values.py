"""What single cells say."""

import pytest

from doorroute.intake import addresses, coordinates, numbers, values
from doorroute.model.place import Datum
from doorroute.model.resident import InfectionClass


def test_text_is_one_line_without_control_characters_and_else_as_it_was() -> None:
    assert values.text_of(" a\u3000b\r\n c\x00\x07\ud800 ") == "a b c"
    assert values.text_of("<b>\u202e=1+1 ${x} `../`") == "<b>\u202e=1+1 ${x} `../`"
    assert values.has_controls("a\x07b")
    assert not values.has_controls("a\n\u202eb")


def test_numbers_of_a_workbook_read_as_people_write_them() -> None:
    assert [values.text_of(cell) for cell in (5.0, 1.5, 0.1 + 0.2, 358401234567.0, None)] == [
        "5",
        "1.5",
        "0.3",
        "358401234567",
        "",
    ]


@pytest.mark.parametrize(
    ("text", "floor"),
    [
        *(("3", 3), ("3.0", 3), ("3F", 3), ("3楼", 3), ("三楼", 3), ("第十二层", 12), ("二十三", 23), ("３层",
        3), ("3rd floor", 3)),
        *(("3/18", 3), ("5楼(顶楼)", 5), ("L3", 3), ("ground", 1), ("B1", -1), ("-1", -1), ("地下一层", -1),
        ("负二楼", -2)),
    ],
)  # fmt: skip
def test_floors_read_as_people_write_them(text: str, floor: int) -> None:
    assert values.floor(text) == floor


@pytest.mark.parametrize("text", ["high up", "999", "3-5", "?"])
def test_what_is_no_floor_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="floor"):
        values.floor(text)


@pytest.mark.parametrize(
    ("text", "seconds", "told"),
    [
        *(("5", 300, False), ("7.5", 450, False), ("7,5", 450, False), ("5分钟", 300, False), ("10 min", 600,
        False), ("十分钟", 600, False)),
        *(("3-5", 300, True), ("3~5分钟", 300, True), ("3–5 min", 300, True), ("3到5分钟", 300, True),
        ("3 or 5", 300, True), ("约3", 180, True)),
        *(("about 3 minutes", 180, True), ("三五分钟", 300, True), ("十五", 900, False), ("十五六分钟", 960,
        True), ("１０", 600, False), ("two", 120, False)),
        *(("1h", 3600, False), ("半小时", 1800, False), ("half an hour", 1800, False), ("一个半小时", 5400,
        False), ("1小时30分", 5400, False)),
        *(("一刻钟", 900, False), ("90 sec", 90, False), ("5分30秒", 330, False), ("10分钟左右", 600, True),
        ("1h30", 5400, False)),
    ],
)  # fmt: skip
def test_minutes_read_as_people_write_them_and_of_a_range_the_longer_counts(
    text: str, seconds: int, *, told: bool
) -> None:
    assert numbers.minutes_s(text) == numbers.Number(seconds, told)


@pytest.mark.parametrize(
    "text",
    [
        "-5",
        "1 2",
        "5_6",
        "5-3",
        "5-5",
        "9999",
        "soon",
        "00:05:00",
        "5 min 30 x",
        "3-5-7",
        "五三",
        "5%",
        "3,000",
        "",
        "-",
        "3 5分钟",
    ],
)
def test_digits_that_are_no_number_together_are_never_squeezed_into_one(text: str) -> None:
    for parse in (numbers.minutes_s, numbers.people, numbers.goods):
        with pytest.raises(ValueError, match="not"):
            parse(text if parse is not numbers.goods or text != "3,000" else "-")


@pytest.mark.parametrize(
    ("text", "people", "told"),
    [
        *(("2", 2, False), ("2人", 2, False), ("两人", 2, False), ("2.0", 2, False), ("３ persons", 3, False),
        ("三口人", 3, False), ("十五", 15, False)),
        *(("3-4", 4, True), ("3或4人", 4, True), ("3 or 4", 4, True), ("三四个人", 4, True), ("约3人", 3,
        True), ("2大1小", 3, False), ("2+1", 3, False)),
        *(("一家三口", 3, False), ("三口之家", 3, False), ("2老1小1大", 4, False), ("2+1+1", 4, False),
        ("2男1女", 3, False), ("大2小1", 3, False)),
        *(("3人（含1名婴儿）", 3, False), ("family of 3", 3, False), ("夫妻2人", 2, False), ("夫妻", 2,
        False), ("独居", 1, False), ("3？", 3, True)),
        *(("2 adults 1 child", 3, False), ("2 adults and 2 kids", 4, False), ("4口", 4, False), ("two", 2,
        False)),
    ],
)  # fmt: skip
def test_people_are_counted_as_the_cell_says_and_of_a_range_the_larger(
    text: str, people: int, *, told: bool
) -> None:
    assert numbers.people(text) == numbers.Number(people, told)


def test_counts_stay_within_their_bounds() -> None:
    assert numbers.goods("0") == numbers.goods("0套") == numbers.Number(0)
    for parse, text in (
        (numbers.people, "0"),
        (numbers.people, "some"),
        (numbers.people, "2 dogs"),
        (numbers.people, "1.5"),
        (numbers.people, "3²"),
        (numbers.people, "2户5人"),
        (numbers.minutes_s, "0.0034722222"),
        (numbers.goods, "-1"),
    ):
        with pytest.raises(ValueError, match="not"):
            parse(text)


def test_distances_read_with_their_thousands() -> None:
    assert [
        numbers.metres(text).value for text in ("3000", "3,000", "3,000 m", "3.5 km", "3公里", "1'500 m")
    ] == [
        3000,
        3000,
        3000,
        3500,
        3000,
        1500,
    ]
    assert numbers.metres("3", kilometres=True).value == 3000


def test_yes_and_no_read_in_both_languages() -> None:
    assert all(values.yes_or_no(text) for text in ("yes", "Y", "1", "有", "是", "有电梯", "√", "TRUE"))
    assert not any(values.yes_or_no(text) for text in ("no", "N", "0", "无", "否", "无电梯", "FALSE"))
    with pytest.raises(ValueError, match="neither"):
        values.yes_or_no("perhaps")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        *(("regular", "regular"), ("正常", "regular"), ("绿码", "regular"), ("Green code", "regular"),
        ("解除隔离", "regular")),
        *(("yellow", "yellow"), ("黄码", "yellow"), ("居家健康监测", "yellow"), ("黄码/居家隔离", "isolated"),
        ("绿码、黄码", "yellow")),
        *(("绿色", "regular"), ("/", "regular"), ("次密接者", "yellow"), ("黃碼", "yellow"), ("密接人员",
        "isolated"), ("居家隔離", "isolated"), ("黄码┋密接", "isolated")),
        *(("isolated", "isolated"), ("居家隔离", "isolated"), ("红码", "isolated"), ("密接", "isolated"),
        ("Self-isolation", "isolated")),
    ],
)  # fmt: skip
def test_classes_read_in_both_languages_and_the_highest_of_several_counts(text: str, name: str) -> None:
    assert values.infection_class(text) == InfectionClass(name)


@pytest.mark.parametrize("text", ["?", "blue", "绿码/不明", "not isolated maybe"])
def test_a_class_that_is_not_wholly_known_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="class"):
        values.infection_class(text)


def test_skills_are_alike_whatever_their_case_and_width() -> None:
    assert values.skills("Nurse; 儿童采样、ＮＵＲＳＥ") == {"nurse", "儿童采样"}
    assert values.skills("无") == values.skills("") == frozenset()


def test_priorities_are_tiers_or_words() -> None:
    assert [values.priority(text) for text in ("1", "P2", "3.0", "高", "urgent", "普通", "low")] == [
        1,
        2,
        3,
        1,
        1,
        2,
        3,
    ]


def test_datums_read_by_their_names_and_by_who_uses_them() -> None:
    assert values.datum("WGS-84") is values.datum("CGCS2000") is Datum.WGS84
    assert values.datum("GCJ02") is values.datum("高德") is Datum.GCJ02
    assert values.datum("bd-09") is values.datum("百度") is Datum.BD09


def test_a_phone_that_became_a_number_is_text_again() -> None:
    assert values.phone(358401234567.0) == ("358401234567", True)
    assert values.phone("358401234567.0") == ("358401234567", True)
    assert values.phone("+358 40 123 4567") == ("+358 40 123 4567", False)
    with pytest.raises(ValueError, match="lost"):
        values.phone("3.58401E+11")


def test_identity_numbers_are_taken_out_of_any_text_and_phones_are_not() -> None:
    assert values.without_identity_numbers("call 11010519491231002X, twice") == "call ***, twice"
    assert values.without_identity_numbers("13800138000 / +358401234567") == "13800138000 / +358401234567"


def test_two_numbers_in_one_cell_are_split_by_what_stands_around_them() -> None:
    assert coordinates.split_pair("118.80,32.05", lat_first=False) == ("118.80", "32.05")
    assert coordinates.split_pair("(34.05, -118.24)", lat_first=False) == ("-118.24", "34.05")
    assert coordinates.split_pair("(24.94, 60.17)", lat_first=False, order_said=True) == ("24.94", "60.17")
    for text in (
        "经度116.32纬度40.01",
        "北纬40.01°东经116.32°",
        "40.01°N116.32°E",
        "lng=116.32&lat=40.01",
        "【116.32，40.01】",
    ):
        assert coordinates.lon_lat(*coordinates.split_pair(text, lat_first=False))[:2] == (116.32, 40.01)
    assert coordinates.split_pair("POINT (24.94 60.17)", lat_first=False) == ("24.94", "60.17")
    assert coordinates.split_pair("24,94; 60,17", lat_first=False) == ("24,94", "60,17")
    assert coordinates.split_pair("60.17 24.94", lat_first=True) == ("24.94", "60.17")
    with pytest.raises(ValueError, match="two"):
        coordinates.split_pair("24.94", lat_first=False)


@pytest.mark.parametrize(
    ("text", "pair"),
    [
        *(("60.17 N, 24.94 E", (24.94, 60.17)), ("N60.17 E24.94", (24.94, 60.17)), ("24.94E 60.17N", (24.94,
        60.17)), ("北纬39.90，东经116.40", (116.4, 39.9))),
        *(("lat: 60.17, lon: 24.94", (24.94, 60.17)), ("经度116.40 纬度39.90", (116.4, 39.9)),
        ("[116.40, 39.90]", (116.4, 39.9)), ("33.45S 70.66W", (-70.66, -33.45))),
        *(("116.3262，40.0085", (116.3262, 40.0085)), ("40.0085,116.3262", (116.3262, 40.0085)),
        ("60.17°N 24.94°E", (24.94, 60.17))),
    ],
)  # fmt: skip
def test_a_pair_is_read_in_the_order_that_it_says_itself(text: str, pair: tuple[float, float]) -> None:
    found = coordinates.lon_lat(*coordinates.split_pair(text, lat_first=False))
    assert found is not None
    assert found[:2] == pair


@pytest.mark.parametrize(
    "text",
    [
        *("10°00'03.6\"E 50°00'00.4\"N", "50°00'19.1\"N, 10°00'07.6\"E", "N 50° 00.208' E 010° 00.327'",
        "10°50'12\"E 50°00'00\"N", "10 0 7.6 50 0 19.1"),
        *("https://www.openstreetmap.org/#map=17/50.0001/10.0010",
        "https://maps.google.com/?q=50.0053,10.0021", "geo:60.17,24.94", "9F2C+6X Musterstadt",
        "8MXG5QJC+QX"),
        *("Ahornweg 3, 50.00", "24.94, 60.17, 12.5", "24.94", "3, 5", "3-5", "12.5, 3号楼",
        "near 24.94 60.17", "24.94 E, 60.17 E", "1204,1301", "24.94;", "东经112°43'"),
    ],
)  # fmt: skip
def test_what_is_more_than_two_numbers_of_degrees_is_never_searched_for_two(text: str) -> None:
    for lat_first in (False, True):
        with pytest.raises(ValueError, match=r"\w"):
            coordinates.lon_lat(*coordinates.split_pair(text, lat_first=lat_first))


def test_letters_in_two_columns_say_which_is_which() -> None:
    assert coordinates.lon_lat("E10.0055", "N50.0035") == (10.0055, 50.0035, False)
    assert coordinates.lon_lat("N50.0035", "E10.0055") == (10.0055, 50.0035, True)
    with pytest.raises(ValueError, match="degrees"):
        coordinates.lon_lat("10°00'03.6\"E", "50°00'00.4\"N")


def test_coordinates_are_read_swapped_refused_or_passed_over() -> None:
    assert coordinates.lon_lat("24,94° E", "60.17 N") == (24.94, 60.17, False)
    assert coordinates.lon_lat("32.05", "118.80") == (118.80, 32.05, True)
    assert coordinates.lon_lat("70 W", "33 S") == (-70.0, -33.0, False)
    assert coordinates.lon_lat("0", "0.0") is None
    for lon, lat in (("24.94", "601.7"), ("181", "95")):
        with pytest.raises(coordinates.OffEarthError):
            coordinates.lon_lat(lon, lat)
    with pytest.raises(ValueError, match="degrees"):
        coordinates.lon_lat("east", "60")


@pytest.mark.parametrize(
    ("parts", "address"),
    [
        ({"address": "Annankatu 25"}, "Annankatu 25"),
        ({"street": "Annankatu", "housenumber": "25", "postcode": "00100", "city": "Helsinki"},
         "Annankatu 25, 00100 Helsinki"),
        ({"address": "Annankatu", "housenumber": "25"}, "Annankatu 25"),
        ({"address": "Annankatu 25, Helsinki", "housenumber": "25", "postcode": "00100", "city": "Helsinki"},
         "Annankatu 25, Helsinki, 00100"),
        ({"province": "广东省", "city": "深圳市", "district": "南山区", "compound": "海滨小区"},
         "广东省深圳市南山区海滨小区"),
        ({"city": "深圳市", "address": "深圳市南山区海滨小区", "compound": "海滨小区"},
         "深圳市南山区海滨小区"),
        ({"district": "海淀区", "street": "成府路", "housenumber": "28"}, "海淀区成府路28号"),
        ({"compound": "海滨小区", "address": "3栋2单元501"}, "海滨小区3栋2单元501"),
        ({"building": "蓝旗营10号楼"}, "蓝旗营10号楼"), ({"province": "广东省", "city": "深圳市"}, ""),
        ({}, ""),
    ],
)  # fmt: skip
def test_split_addresses_are_joined_and_nothing_is_said_twice(parts: dict[str, str], address: str) -> None:
    assert addresses.joined(parts) == address


@pytest.mark.parametrize(
    ("text", "door"),
    [
        ("3号楼2单元501室", ("3号楼", "2", "501")),
        ("3栋501", ("3栋", "", "501")),
        ("3-2-501", ("3", "2", "501")),
        ("3-501", ("3", "", "501")),
        ("501", ("", "", "501")),
        ("门卫旁", ("", "", "门卫旁")),
    ],
)
def test_building_unit_and_room_in_one_cell_are_split(text: str, door: tuple[str, str, str]) -> None:
    assert addresses.split_door(text) == door


REMARKS = """独居。居家隔离第3天=isolated|密接人员=isolated|次密接=yellow|老人┋红码=isolated
home isolation until Friday=isolated|self-isolating, dog=isolated
已解除隔离=regular|非密接=regular|曾隔离=regular|not isolated=regular|no quarantine=regular
B positive=regular|独居，有狗=regular|=regular"""


@pytest.mark.parametrize("case", REMARKS.replace("\n", "|").split("|"))
def test_a_remark_names_a_class_unless_it_denies_it(case: str) -> None:
    text, _, name = case.rpartition("=")
    assert values.class_in_remark(text) == InfectionClass(name)
