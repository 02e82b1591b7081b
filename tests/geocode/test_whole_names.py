"""A name or number counts as a whole: with another word it is never placed at the plain one."""

import pytest

from doorroute.geocode import (
    KnownPlace,
    KnownPlaces,
    Located,
    NotFound,
    Query,
    Sources,
    locate,
    understand_address,
)
from doorroute.geocode.chinese_divisions import split_divisions
from doorroute.geocode.same_sound import sounds
from doorroute.model.place import Access, Point
from doorroute.model.settings import Settings
from tests.helpers.addresses import ask, found, lost
from tests.helpers.compounds import houses, town


def numbered(*numbers):
    return [f"{number}号楼" for number in numbers]


@pytest.fixture(scope="module")
def streets(tmp_path_factory):
    numbers = ["甲20号", "20号", "20号甲", "乙20号", "甲22号", "24号", "24号院", "甲24号院", "26", "甲26",
    "28号丙", "30号附1", "30号附2", "32-1号", "34号之一", "36"]  # fmt: skip
    return houses(tmp_path_factory.mktemp("numbers"), "阳光路", numbers)


@pytest.mark.parametrize(
    ("number", "tag"),
    [
        ("甲20号", "甲20号"), ("20号", "20号"), ("20号甲", "20号甲"), ("乙20号", "乙20号"),
        ("甲22号", "甲22号"), ("24号", "24号"), ("24号院", "24号院"), ("甲24号院", "甲24号院"),
        ("26号", "26号"), ("甲26号", "甲26号"), ("28号丙", "28号丙"), ("30号附1号", "30号附1号"),
        ("30号之一", "30号附1号"), ("32-1号", "32-1号"), ("32号-1", "32-1号"), ("34号之一", "34号之一"),
        ("34号之1", "34号之一"), ("三十四号之一", "34号之一"), ("20號", "20号"), ("２０号", "20号"),
    ],
)  # fmt: skip
def test_a_number_is_found_by_its_whole_spelling(streets, number, tag):
    assert found(streets, f"阳光路{number}").place.label == f"阳光路{tag}"


@pytest.mark.parametrize(
    "number",
    [
        "20号乙", "丙20号", "22号", "甲24号", "28号", "30号", "30号附3号", "32号", "34号", "34号之二",
        "36号甲", "甲36号", "36-1号", "36号附1", "36号之一", "36号院", "20-1号", "临36号", "副36号",
        "36号对面", "36号旁边", "36号后面", "36号隔壁", "36号北侧", "36号楼上", "36号(对面)", "36号（甲）",
        "36号（老）", "36号(后院)", "36、38号", "36-38号", "36/38号", "40号临时住36号", "36号暂住40号",
        "36号和38号", "36号或38号", "36号搬到40号",
    ],
)  # fmt: skip
def test_a_number_that_is_not_on_the_map_as_it_is_written_is_asked_about(streets, number):
    lost(streets, f"阳光路{number}")


@pytest.mark.parametrize(
    "front", ["对面", "临时住", "暂住", "现住", "原住", "旁边", "靠近", "不是", "暂住榆次区", "原住城关镇"]
)
def test_words_in_front_that_move_the_door_are_asked_about(streets, tmp_path, front):
    lost(streets, f"{front}阳光路20号")
    lost(town(tmp_path, {"锦绣家园": numbered(2)}), f"{front}锦绣家园2号楼")


@pytest.mark.parametrize(
    ("address", "building"),
    [
        ("阳光小区3号楼", "3号楼"),
        ("阳光小区甲3号楼", "甲3号楼"),
        ("阳光小区乙3号楼2单元501", "乙3号楼"),
        ("阳光小区三号楼", "3号楼"),
    ],
)
def test_buildings_with_and_without_a_stem_are_different_houses(tmp_path, address, building):
    index = town(tmp_path, {"阳光小区": ["3号楼", "甲3号楼", "乙3号楼"]})
    assert found(index, address).place.label == f"阳光小区{building}"
    for other in ("丙3号楼", "3号楼附1号", "3-1号楼", "新3号楼", "3号楼甲", "副3号楼"):
        lost(index, f"阳光小区{other}")


@pytest.mark.parametrize("address", ["阳光3号楼", "阳光1号楼"])
def test_a_short_name_that_two_compounds_have_is_asked_about(tmp_path, address):
    index = town(tmp_path, {"阳光小区": numbered(1, 3), "阳光新村": numbered(1)})
    assert len(lost(index, address).candidates) > 1


@pytest.fixture(scope="module")
def jinxiu(tmp_path_factory):
    compounds = {
        "西区": numbered(3),
        "二期": numbered(3),
        "锦绣家园": numbered(*range(1, 9)),
        "锦绣江南": numbered(29),
        "怡园28号院": numbered(3),
    }
    return town(tmp_path_factory.mktemp("jinxiu"), compounds)


@pytest.mark.parametrize(
    ("behind", "building", "unit", "floor", "room"),
    [
        ("7号楼2单元902", "7", "2", None, "902"), ("7号楼2单元902电联", "7", "2", None, "902"),
        ("7号楼2单元902（电联）", "7", "2", None, "902"), ("7-2-902", "7", "2", None, "902"),
        ("7 2 902", "7", "2", None, "902"), ("7 902", "7", "", None, "902"),
        ("7号楼东单元902", "7", "东", None, "902"), ("7号楼2单元9楼东户", "7", "2", 9, "东"),
        ("7楼2单元902", "7", "2", None, "902"), ("7#2单元902", "7", "2", None, "902"),
        ("7号2单元902", "7", "2", None, "902"), ("七号楼二单元九楼", "7", "2", 9, ""),
        ("7栋2单元902号", "7", "2", None, "902"), ("7号楼2单元902 13800000000", "7", "2", None, "902"),
        ("(东门)7号楼2单元902", "7", "2", None, "902"), ("小区7号楼", "7", "", None, ""),
        ("2-302", "2", "", None, "302"), ("5-304室", "5", "", None, "304"),
        ("(3栋2单元607)", "3", "2", None, "607"), ("6号楼5单元12楼", "6", "5", 12, ""),
        ("3号楼4楼东户", "3", "", 4, "东"), ("7-2-902号", "7", "2", None, "902"),
    ],
)  # fmt: skip
def test_the_way_in_is_read_behind_the_building(jinxiu, behind, building, unit, floor, room):
    place = found(jinxiu, f"锦绣家园{behind}").place
    assert place.label == f"锦绣家园{building}号楼"
    assert (place.access.unit, place.access.floor, place.access.room) == (unit, floor, room)


@pytest.mark.parametrize(
    "address",
    [
        "怡园小区西区3号楼2单元501", "迎宾街怡园小区二期3号楼", "榆次区怡园小区二期3号楼", "怡园二期3号楼",
        "怡园社区二期3号楼", "榆次区怡园社区西区3号楼", "康城区西区3号楼", "锦绣家园西区3号楼",
        "锦绣家园十七一零八号楼", "锦绣家园17一零八号楼", "锦绣家园1十号楼", "锦绣家园二百五号楼",
        "锦绣家园7一2一902", "锦绣家园7-2-9-2", "锦绣家园南区7号楼902", "锦绣家园(南区)7号楼902",
        "锦绣家园7、8号楼", "锦绣家园7-8号楼", "锦绣家园7号楼8号楼", "锦绣家园对面2号楼",
        "龙湖街锦绣家园对面2号楼", "锦绣家园北侧2号楼", "锦绣家园旁2号楼", "锦绣家园后面平房2号",
        "锦绣家园门口2号", "锦绣家园物业楼上2号楼302", "锦绣家园2号门面", "锦绣家园2号车库",
        "锦绣家园地下室2号", "锦绣家园2号门", "锦绣家园菜鸟驿站2号柜", "锦绣家园商铺2号", "锦绣家园2单元302",
        "锦绣家园302", "锦绣家园3楼", "锦绣家园3楼302", "锦绣家园2组5号", "锦绣家园7-2号楼", "锦绣家园12-302",
        "新锦绣家园2号楼", "锦绣新家园2号楼",
    ],
)  # fmt: skip
def test_what_the_map_does_not_know_is_never_moved_to_what_it_knows(jinxiu, address):
    lost(jinxiu, address)


def test_names_with_a_number_or_a_side_in_them_are_whole(jinxiu):
    assert found(jinxiu, "锦绣江南29幢").place.label == "锦绣江南29号楼"
    assert found(jinxiu, "怡园28号院3号楼2单元601").place.label == "怡园28号院3号楼"
    assert found(jinxiu, "西区3号楼").place.label == "西区3号楼"
    assert found(jinxiu, "锦绣家园锦绣家园7号楼2单元902").place.label == "锦绣家园7号楼"


def test_a_compound_that_is_known_by_its_part_is_offered(jinxiu):
    labels = [candidate.label for candidate in lost(jinxiu, "锦绣家园南区7号楼902").candidates]
    assert "锦绣家园7号楼" in labels


@pytest.mark.parametrize("building", ["7", "7栋", "七号楼"])
def test_cell_and_column_that_name_two_buildings_are_asked_about(jinxiu, building):
    queries = [Query("Q", f"锦绣家园{number}号楼", access=Access(building=building)) for number in (7, 8)]
    (same, other), _ = locate(queries, jinxiu, Settings())
    assert isinstance(same, Located)
    assert isinstance(other, NotFound)


ALIKE = [
    "锦绣家园B区",
    "花城家园梅园",
    "恒大绿洲",
    "晋水世纪城临江苑",
    "康城东区",
    "康城一期",
    "语林小区",
    "怡和庭",
]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("花城家园梅圆", "花城家园梅园"), ("恒大绿州", "恒大绿洲"), ("芋林小区", "语林小区"),
        ("怡和亭", "怡和庭"), ("锦绣家圆B区", "锦绣家园B区"), ("榆次区恒大绿州", "恒大绿洲"),
        ("晋水世纪城临江苑", "晋水世纪城临江苑"),
    ],
)  # fmt: skip
def test_one_character_that_sounds_the_same_is_placed(tmp_path, written, meant):
    index = town(tmp_path, {name: numbered(3, 17, 18) for name in ALIKE})
    assert found(index, f"{written}3号楼2单元501").place.label == f"{meant}3号楼"


@pytest.mark.parametrize(
    "written",
    [
        "锦绣家园A区", "锦绣家园8区", "锦绣家园Ｃ区", "花城家园荷园", "晋水世纪城鸿江苑", "康城西区",
        "康城冬区", "康城二期", "康城义期", "语林大区", "怡乐庭", "怡园庭", "恒大绿", "恒大绿洲湾",
        "恒达绿洲", "横达绿洲", "恒大绿州一期", "恒大蓝洲",
    ],
)  # fmt: skip
def test_another_sound_letter_digit_or_side_is_asked_about(tmp_path, written):
    index = town(tmp_path, {name: numbered(3, 17, 18) for name in ALIKE})
    lost(index, f"{written}3号楼2单元501")


def test_of_two_names_that_sound_alike_none_is_taken_for_a_third(tmp_path):
    index = town(tmp_path, {"语林小区": numbered(3), "雨林小区": numbered(3)})
    assert found(index, "雨林小区3号楼").place.label == "雨林小区3号楼"
    assert len(lost(index, "宇林小区3号楼").candidates) > 1


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("语", "芋", True), ("庭", "亭", True), ("园", "苑", True), ("绣", "秀", True), ("梅", "荷", False),
        ("乐", "月", False), ("绿", "路", False), ("林", "陵", False), ("a", "b", False), ("1", "2", False),
    ],
)  # fmt: skip
def test_the_commonest_reading_without_its_tone_is_the_sound(one, other, same):
    assert (sounds(one) == sounds(other)) is same


@pytest.mark.parametrize(
    ("head", "units", "name"),
    [
        ("山西省晋中市榆次区窑上小区", ["山西省", "晋中市", "榆次区"], "窑上小区"),
        ("新疆维吾尔自治区乌鲁木齐市天山区怡园", ["新疆维吾尔自治区", "乌鲁木齐市", "天山区"], "怡园"),
        ("荆州市沙市区怡园", ["荆州市", "沙市区"], "怡园"),
        ("景德镇市珠山区怡园", ["景德镇市", "珠山区"], "怡园"), ("周市镇怡园小区", ["周市镇"], "怡园小区"),
        ("陈村镇怡园小区", ["陈村镇"], "怡园小区"),
        ("安宁街道办事处锦绣家园", ["安宁街道办事处"], "锦绣家园"),
        ("城关街道第一社区锦绣家园", ["城关街道", "第一社区"], "锦绣家园"),
        ("城关街道迎春社区居委会锦绣家园", ["城关街道", "迎春社区居委会"], "锦绣家园"),
        ("浦东新区锦绣家园", ["浦东新区"], "锦绣家园"), ("城东区锦绣家园", ["城东区"], "锦绣家园"),
        ("锦绣苑东区海滨花园", [], "锦绣苑东区海滨花园"), ("石牌新庆村花园", [], "石牌新庆村花园"),
        ("东古城新区高层", [], "东古城新区高层"), ("四小区东区", [], "四小区东区"),
        ("中怡城市花园", [], "中怡城市花园"), ("北村小区", [], "北村小区"), ("康城小区", [], "康城小区"),
        ("龙湖小镇东苑", [], "龙湖小镇东苑"), ("科技园区公寓", [], "科技园区公寓"),
        ("怡园小区西区", [], "怡园小区西区"), ("天通苑北一区", [], "天通苑北一区"),
        ("香江和苑二期", [], "香江和苑二期"), ("都市花园", [], "都市花园"),
        ("暂住榆次区怡园", [], "暂住榆次区怡园"),
    ],
)  # fmt: skip
def test_units_of_the_state_are_told_from_names(head, units, name):
    assert split_divisions(head) == (units, name)


PLACES = [
    "北村小区6号楼",
    "三小区东区2号楼",
    "中怡城市花园3号楼",
    "北皋营新村高层1号楼",
    "金秋小区二期5号楼",
    "窑上小区14号楼",
    "锦绣家园7-2-902",
]


@pytest.mark.parametrize("source", ["pin", "gazetteer"])
@pytest.mark.parametrize(
    ("address", "same"),
    [
        ("康城小区6号楼3单元902", False), ("四小区东区2号楼1单元301", False),
        ("石牌新庆村花园3号楼201", False), ("东古城新区高层1号楼2单元1204", False),
        ("香江和苑二期5号楼102", False), ("小区6号楼", False), ("东区2号楼", False), ("花园3号楼", False),
        ("高层1号楼", False), ("二期5号楼", False), ("怡园小区二期5号楼", False), ("锦绣家园72-902", False),
        ("北村小区6号楼3单元902", True), ("榆次区三小区东区2号楼1单元301", True),
        ("晋中市榆次区中怡城市花园3号楼201", True), ("北皋营新村高层1号楼2单元1204", True),
        ("金秋小区二期5号楼102", True), ("山西省晋中市榆次区窑上小区十四号楼", True),
        ("锦绣家园7-2-901", True),
    ],
)  # fmt: skip
def test_gazetteers_and_pins_compare_whole_names(tmp_path, source, address, same):
    known = KnownPlaces(source, [KnownPlace(address=place, point=Point(112.75, 37.691)) for place in PLACES])
    index = town(tmp_path, {})
    (outcome,), _ = locate([Query("Q", address)], index, Settings(), sources=Sources(known=(known,)))
    assert isinstance(outcome, Located) is same
    assert not same or outcome.place.source == source


@pytest.mark.parametrize(
    ("pinned", "written"),
    [
        ("2/8 Pike Drive", "28 Pike Drive"),
        ("锦绣家园7-2-902", "锦绣家园72-902"),
        ("朝阳区窑上小区14号楼", "榆次区窑上小区14号楼"),
        ("燕东园-32号楼", "燕东园小楼32号楼"),
    ],
)
def test_a_pin_of_another_door_is_not_taken(tmp_path, pinned, written):
    pins = KnownPlaces("pin", [KnownPlace(address=pinned, point=Point(112.75, 37.691))])
    (outcome,), _ = locate(
        [Query("Q", written)], town(tmp_path, {}), Settings(), sources=Sources(known=(pins,))
    )
    assert isinstance(outcome, NotFound)


def test_a_pin_never_moves_a_resident_whose_compound_the_map_knows(tmp_path):
    index = town(tmp_path, {"燕东园": numbered(32), "燕东园小楼": numbered(32)})
    pins = KnownPlaces("pin", [KnownPlace(address="燕东园-32号楼", point=Point(112.76, 37.70))])
    queries = [Query("1", "燕东园小楼32号楼"), Query("2", "燕东园-32号楼"), Query("3", "燕东园32号楼2单元")]
    outcomes, _ = locate(queries, index, Settings(), sources=Sources(known=(pins,)))
    assert outcomes[0].place.source == "extract"
    assert outcomes[0].place.label == "燕东园小楼32号楼"
    assert outcomes[1].place.source == "pin"
    assert isinstance(outcomes[2], NotFound)  # either may be meant; the pin was for other words


def test_a_pin_that_contradicts_the_map_is_to_be_deleted_from_pins_csv_not_the_resident(tmp_path):
    pins = KnownPlaces("pin", [KnownPlace(address="锦绣家园2号楼", point=Point(112.76, 37.70))])
    index = town(tmp_path, {"锦绣家园": numbered(2)})
    (outcome,), (finding,) = locate(
        [Query("Q", "锦绣家园2号楼3单元")], index, Settings(), sources=Sources(known=(pins,))
    )
    assert outcome.place.source == "pin"
    assert finding.code == "PIN_CONTRADICTS_EXTRACT"
    assert "delete this entry from pins.csv" in finding.advice.into("en")
    assert "请从 pins.csv 里删掉这一条（不要动居民名单）" in finding.advice.into("zh")


def test_what_is_understood_without_a_map_keeps_the_whole_name():
    assert understand_address("怡园小区北区3号楼").name == "怡园小区北区"
    assert understand_address("石牌新庆村花园3号楼201").name == "石牌新庆村花园"


@pytest.mark.parametrize(
    ("address", "label"),
    [
        ("2/8 Pike Drive", ""), ("3/32 Pike Drive", ""), ("14 / 12 Pike Drive", ""), ("3-32 Pike Drive", ""),
        ("2 + 3/32 Pike Drive", ""), ("near 12 Pike Drive", ""), ("opposite 12 Pike Drive", ""),
        ("behind 12 Pike Drive", ""), ("by 12 Pike Drive", ""), ("Lot 12 Pike Drive", ""),
        ("N 12 Pike Drive", ""), ("12 N Pike Drive", ""), ("12 Pike Drive back house", ""),
        ("12 Pike Drive, rear", ""), ("14 Pike Drive - temporarily at 12 Pike Drive", ""),
        ("12 Pike Drive (moved from 14)", ""), ("not 12 Pike Drive but 14", ""), ("12bis Pike Drive", ""),
        ("12 bis Pike Drive 3", ""), ("12-A Pike Drive", ""), ("12½ Pike Drive", ""),
        ("12 1/2 Pike Drive", ""), ("161 Pike Drive", ""), ("next to 12 Pike Drive", ""),
        ("opposite, 12 Pike Drive", ""), ("Pike Drive 12 gegenüber", ""), ("Pike Drive 12 Hinterhaus", ""),
        ("2/8-10 Pike Drive", ""), ("2B/8 Pike Drive", ""), ("12 & 14 Pike Drive", ""),
        ("Pike Drive 12, 14", ""), ("8 Pike Drive 2", ""), ("40 Pike Drive", ""),
        ("Flat 2, 8 Pike Drive", "8"), ("Unit 3, 32 Pike Drive", "32"), ("12 Pike Drive, Unit 14", "12"),
        ("Level 2, 12 Pike Drive", "12"), ("8 Pike Drive #2120", "8"), ("No. 12 Pike Drive", "12"),
        ("16 1/2 Pike Drive", "16½"), ("16½ Pike Drive", "16½"), ("Pike Drive 12, Springfield", "12"),
        ("Pike Drive 12/4", "12"),
    ],
)  # fmt: skip
def test_words_and_numbers_that_move_a_western_door_are_asked_about(tmp_path, address, label):
    index = houses(tmp_path, "Pike Drive", ["2", "3", "8", "12", "14", "32", "16½", "40 rear"])
    outcome = ask(index, address)
    assert isinstance(outcome, Located) is bool(label), outcome
    assert not label or outcome.place.label == f"Pike Drive {label}"


def test_a_house_of_an_associated_street_is_found_by_it(tmp_path):
    from doorroute.geocode import open_index

    path = tmp_path / "associated.osm"
    house = '<node id="{}" lat="50.00{}" lon="10.0" version="1"><tag k="addr:housenumber" v="{}"/></node>'
    nodes = (
        house.format(1, 1, 12) + house.format(2, 2, 14) + '<node id="3" lat="50" lon="10.01" version="1"/>'
    )
    way = (
        '<way id="5" version="1"><nd ref="1"/><nd ref="3"/><tag k="highway" v="residential"/><tag '
        'k="name" v="Ahornweg"/></way>'
    )
    relation = (
        '<relation id="{}" version="1"><member type="way" ref="5" role="street"/><member type="node" '
        'ref="{}" role="house"/>'
        '<tag k="type" v="associatedStreet"/>{}</relation>'
    )
    named = relation.format(8, 1, '<tag k="name" v="Ahornweg"/>') + relation.format(9, 2, "")
    path.write_text(f'<osm version="0.6">{nodes}{way}{named}</osm>', encoding="utf-8")
    index = open_index(path)
    assert found(index, "Ahornweg 12").place.point.lat == 50.001
    assert found(index, "Ahornweg 14").place.point.lat == 50.002
    lost(index, "Ahornweg 16")


def test_a_whole_name_that_the_map_has_once_needs_no_compound_in_front(tmp_path):
    campus = town(tmp_path, {"求是学院": ["东6楼", "8公寓", *numbered(3)], "锦绣家园": numbered(7)})
    assert found(campus, "东6楼101").place.label.endswith("东6楼")
    assert found(campus, "8公寓3单元402").place.label.endswith("8公寓")
    assert found(campus, "求是学院东6楼").place.label.endswith("东6楼")


@pytest.mark.parametrize("address", ["东6楼101", "东6号楼", "3号楼", "3楼", "8楼", "锦绣家园东6楼"])
def test_a_name_that_is_not_whole_or_that_the_map_has_twice_is_asked_about(tmp_path, address):
    twice = {"求是学院": ["东6楼", "8公寓", *numbered(3)], "锦绣家园": numbered(7), "梅园新村": ["东6楼"]}
    lost(town(tmp_path, twice), address)


def test_one_place_is_offered_once(tmp_path):
    campus = town(tmp_path, {"锦绣家园": ["高1楼", *numbered(15)]})
    for address in ("高1楼1503", "锦绣家园15楼", "求是学院高1楼"):
        outcome = ask(campus, address)
        places = [(each.point.lon, each.point.lat) for each in getattr(outcome, "candidates", ())]
        assert len(places) == len(set(places))
