"""Towns with equal names and numbers: each address is found as written, or a person is asked."""

import pytest

from doorroute.geocode import open_index
from tests.helpers.addresses import found, lost
from tests.helpers.compounds import houses, town


def numbered(*numbers):
    return [f"{number}号楼" for number in numbers]


@pytest.fixture(scope="module")
def lakes(tmp_path_factory):
    compounds = {
        "柳湖东区": numbered(5),
        "柳湖西区": numbered(5),
        "金域一期": numbered(3),
        "金域二期": numbered(3),
        "第一小区": numbered(2),
        "第二小区": numbered(2),
        "88号": numbered(6),
    }
    return town(tmp_path_factory.mktemp("lakes"), compounds, streets=["望海路"])


@pytest.mark.parametrize(
    ("address", "label"),
    [
        ("柳湖东区05号楼", "柳湖东区5号楼"), ("柳湖东区05-2-501", "柳湖东区5号楼"),
        ("柳湖东区第5栋", "柳湖东区5号楼"), ("柳湖东区第五栋", "柳湖东区5号楼"),
        ("柳湖东区5号楼二单元五层西", "柳湖东区5号楼"), ("柳湖西区5号楼2单元5楼东", "柳湖西区5号楼"),
        ("金域Ⅱ期3号楼", "金域二期3号楼"), ("金域II期3号楼", "金域二期3号楼"),
        ("金域第2期3号楼", "金域二期3号楼"), ("第1小区2号楼", "第一小区2号楼"),
        ("第一小区2号楼", "第一小区2号楼"),
    ],
)  # fmt: skip
def test_other_ways_to_write_a_number_are_the_same_door(lakes, address, label):
    assert found(lakes, address).place.label == label


@pytest.mark.parametrize(
    "address",
    [
        "柳湖东区5号楼西",
        "柳湖东区5号楼 西",
        "柳湖东区50号楼",
        "金域Ⅲ期3号楼",
        "第3小区2号楼",
        "望海路88号6号楼",
        "柳湖南区05号楼",
    ],
)
def test_what_is_not_the_same_number_or_part_is_asked_about(lakes, address):
    lost(lakes, address)


def test_a_number_with_zeros_is_asked_about_where_both_houses_are_there(tmp_path):
    lost(town(tmp_path, {"柳湖": ["5号楼", "1号楼", "05号楼"]}), "柳湖5号楼")


@pytest.fixture(scope="module")
def lanes(tmp_path_factory):
    return {
        street: houses(tmp_path_factory.mktemp("lanes"), street, ["2", "5", "12"], city="Millbrook")
        for street in ("High Street", "Müllerstraße")
    }


@pytest.mark.parametrize(
    ("street", "address", "number"),
    [
        ("High Street", "no 5, High Street", "5"), ("High Street", "05 High Street", "5"),
        ("High Street", ("Flat 3/12 High Street"), "12"),
        ("High Street", "Basement flat, 5 High Street", "5"),
        ("High Street", "Ground floor flat, 5 High Street", "5"),
        ("High Street", "Top floor, 5 High Street", "5"),
        ("High Street", "first floor flat 2, 12 High Street, Millbrook", "12"),
        ("Müllerstraße", "Müllerstr. 2, 3. OG rechts", "2"), ("Müllerstraße", "Müllerstr. 2 3.OG links", "2"),
    ],
)  # fmt: skip
def test_words_of_the_flat_do_not_hide_the_house(lanes, street, address, number):
    assert found(lanes[street], address).place.label == f"{street} {number}, Millbrook"


@pytest.mark.parametrize(
    ("street", "address"),
    [
        ("Müllerstraße", "Müllerstr. 2 HH"),
        ("Müllerstraße", "Müllerstr. 2 HH, 3. OG rechts"),
        ("High Street", "opp 12 High Street"),
        ("High Street", "12 High Street opp."),
        ("High Street", "Flat 3/5, 12 High Street"),
        ("High Street", "3/12 High Street"),
    ],
)
def test_words_that_may_mean_another_house_are_asked_about(lanes, street, address):
    lost(lanes[street], address)


def test_a_word_of_another_name_here_is_no_misspelling(tmp_path):
    streets = {"Mill Street": "11", "Hill Lane": "9", "Mill Lane": "9"}
    nodes = "".join(
        f'<node id="{at}" lat="51.5" lon="{at / 100}" version="1"><tag k="addr:street" v="{street}"/>'
        f'<tag k="addr:housenumber" v="{number}"/></node>'
        for at, (street, number) in enumerate(streets.items(), start=1)
    )
    index = drawn(tmp_path, nodes)
    lost(index, "11 Hill Street")
    assert found(index, "11 Mil Street").place.label == "Mill Street 11"
    assert found(index, "9 Hill Lane").place.label == "Hill Lane 9"


def drawn(folder, nodes):
    (folder / "drawn.osm").write_text(f'<osm version="0.6">{nodes}</osm>', encoding="utf-8")
    return open_index(folder / "drawn.osm")
