"""Chinese addresses on the extracts of Haidian and Nanshan."""

import pytest

from doorroute.model.place import Precision
from tests.helpers.addresses import found, lost

SPELLINGS = [
    "蓝旗营10号楼", "蓝旗营 10 号楼", "蓝旗营１０号楼", "蓝旗营十号楼", "蓝旗营10栋", "蓝旗营10#楼",
    "蓝旗营10幢", "藍旗营10號樓".replace("藍", "蓝"),
    "北京市海淀区蓝旗营10号楼", "海淀区燕园街道蓝旗营10号楼", "北京海淀蓝旗营10号楼",
    "北京市海淀区海淀区蓝旗营10号楼", "成府路20号蓝旗营10号楼",
    "蓝旗营10号楼2单元501室", "蓝旗营10号楼2单元5层501", "蓝旗营10号楼二单元五〇一室", "蓝旗营10号楼2-501",
    "蓝旗营10-2-501", "蓝旗营小区10号楼501",
    "蓝旗营，10号楼，2单元，501室", "蓝旗营10号楼(东门进)",
]  # fmt: skip


@pytest.mark.parametrize("address", SPELLINGS)
def test_one_building_in_many_spellings(haidian, address):
    place = found(haidian, address).place
    assert place.label.endswith("蓝旗营10号楼")
    assert place.precision is Precision.BUILDING


@pytest.mark.parametrize(
    ("address", "unit", "floor", "room"),
    [
        ("蓝旗营10号楼2单元501室", "2", None, "501"), ("蓝旗营10号楼二单元五层五〇一室", "2", 5, "501"),
        ("蓝旗营10号楼3门502", "3", None, "502"), ("蓝旗营10号楼5楼501", "", 5, "501"),
        ("蓝旗营10-2-501", "2", None, "501"), ("蓝旗营10号楼", "", None, ""),
    ],
)  # fmt: skip
def test_unit_floor_and_room_go_to_the_way_in(haidian, address, unit, floor, room):
    access = found(haidian, address).place.access
    assert (access.unit, access.floor, access.room) == (unit, floor, room)


@pytest.mark.parametrize(
    ("address", "count"),
    [("燕东园31号楼", 2), ("燕东园32号楼", 2), ("燕东园34号楼", 2), ("北京大学燕东园34号楼", 2)],
)
def test_doubled_numbers_are_ambiguous(haidian, address, count):
    buildings = [
        candidate
        for candidate in lost(haidian, address).candidates
        if candidate.precision is Precision.BUILDING
    ]
    assert len(buildings) == count


def test_small_house_and_house_are_told_apart(haidian):
    assert found(haidian, "燕东园小楼31号楼").place.label.endswith("小楼31号楼")
    assert found(haidian, "燕东园21号楼").place.label.endswith("小楼21号楼")
    assert found(haidian, "燕东园4号楼").place.label.endswith("燕东园4号楼")


@pytest.mark.parametrize(
    "address",
    [
        "蓝旗营99号楼",
        "蓝旗营",
        "新蓝旗营10号楼",
        "红旗营10号楼",
        "朝阳区蓝旗营10号楼",
        "上海市蓝旗营10号楼",
        "清华大学14号楼",
        "蓝旗营10号楼旁边的小卖部",
    ],
)
def test_what_is_not_sure_is_asked_about_and_never_guessed(haidian, address):
    outcome = lost(haidian, address)
    assert outcome.candidates
    assert max(candidate.score for candidate in outcome.candidates) < 0.9


@pytest.mark.parametrize(
    ("address", "label"),
    [
        ("清华大学15号楼", "清华大学15号楼"),
        ("清华大学12公寓", "清华大学12公寓"),
        ("清华大学1公寓", "清华大学1公寓"),
    ],
)
def test_numbered_buildings_of_a_campus(haidian, address, label):
    assert found(haidian, address).place.label.endswith(label)


def test_apartments_and_buildings_of_one_number_are_two(haidian):
    assert (
        found(haidian, "清华大学1公寓").place.entrance_id != found(haidian, "清华大学1号楼").place.entrance_id
    )


def test_a_street_number(haidian):
    assert found(haidian, "成府路99号5层501").place.label.endswith("成府路99号")


@pytest.mark.parametrize(
    ("address", "label"),
    [
        ("海滨小区3栋", "海滨小区3栋"), ("广东省深圳市南山区海滨小区3栋2单元501室", "海滨小区3栋"),
        ("海滨3栋", "海滨小区3栋"), ("海滨小区三号楼", "海滨小区3栋"),
        ("西海明珠花园A1栋1203", "西海明珠花园A1栋"), ("西海明珠花园a1座", "西海明珠花园A1栋"),
        ("阳光粤海2H座", "阳光粤海2H|2G座"), ("阳光粤海E座", "阳光粤海E座"),
        ("卫星大厦15层1502室", "卫星大厦"),
    ],
)  # fmt: skip
def test_blocks_inside_compounds(nanshan, address, label):
    assert found(nanshan, address).place.label.endswith(label)


def test_the_building_may_stand_in_a_column_of_its_own(nanshan):
    from doorroute.geocode import Located, Query, locate
    from doorroute.model.place import Access
    from doorroute.model.settings import Settings

    for building in ("3栋", "3", "三号楼"):
        (outcome,), _ = locate(
            [Query("Q", "海滨小区", access=Access(building=building, unit="2"))], nanshan, Settings()
        )
        assert isinstance(outcome, Located)
        assert outcome.place.label.endswith("海滨小区3栋")
        assert outcome.place.access.unit == "2"
