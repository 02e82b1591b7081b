"""Odd address cells: each is reported, nothing is guessed, nothing is lost."""

import pytest

from doorroute.geocode import Located, NotFound, Query, locate
from doorroute.geocode.address_cells import coordinates, is_po_box, parts
from doorroute.model.place import Precision
from doorroute.model.settings import Settings


def one(index, address, settings=None, **more):
    (outcome,), findings = locate([Query("Q", address, row=9, **more)], index, settings or Settings())
    return outcome, [finding.code for finding in findings]


@pytest.mark.parametrize(
    ("cell", "positions"),
    [
        ("37.69, 112.75", [(112.75, 37.69)]), ("112.75 37.69", [(112.75, 37.69)]),
        ("112°45′E 37°41′24″N", [(112.75, 37.69)]), ("N37.69 E112.75", [(112.75, 37.69)]),
        ("北纬37.69度 东经112.75度", [(112.75, 37.69)]), ("(60.17, 24.94)", [(24.94, 60.17), (60.17, 24.94)]),
        ("-33.5, 151.25", [(151.25, -33.5)]), ("33.5S 151.25E", [(151.25, -33.5)]), ("112°45′E", []),
        ("112.75", []), ("lat: 37.69 lon: 112.75", [(112.75, 37.69)]),
        ("经度112.75，纬度37.69", [(112.75, 37.69)]),
    ],
)  # fmt: skip
def test_coordinates_are_read_in_every_order_that_they_may_mean(cell, positions):
    found = coordinates(cell)
    assert found is not None
    assert [(round(point.lon, 6), round(point.lat, 6)) for point in found] == positions


@pytest.mark.parametrize(
    "cell",
    [
        "Annankatu 12",
        "12",
        "12 5",
        "12-14",
        "蓝旗营10号楼",
        "",
        "1.2.3",
        "37.69, 112.75 Annankatu",
        "400.5, 12.5 N 3.5",
    ],
)
def test_what_is_no_pair_of_coordinates_is_none(cell):
    assert coordinates(cell) is None or coordinates(cell) == []


def test_coordinates_in_the_address_cell_are_taken_where_they_can_only_mean_one_place(helsinki):
    outcome, codes = one(helsinki, "60.1655, 24.9402")
    assert isinstance(outcome, Located)
    assert (outcome.place.point.lon, outcome.place.precision) == (24.9402, Precision.GIVEN)
    assert codes == ["COORDINATES_IN_ADDRESS"]


@pytest.mark.parametrize("cell", ["37.69, 112.75", "112°45′E", "24.94"])
def test_coordinates_elsewhere_or_half_are_not_taken(helsinki, cell):
    outcome, codes = one(helsinki, cell)
    assert isinstance(outcome, NotFound)
    assert codes == ["COORDINATES_IN_ADDRESS"]


@pytest.mark.parametrize(
    "cell",
    ["PO Box 45, 00100 Helsinki", "P.O. Box 12", "Postfach 7, 9490 Vaduz", "PL 100, Helsinki", "信箱12号"],
)
def test_a_post_office_box_is_no_door(helsinki, cell):
    assert is_po_box(cell)
    outcome, codes = one(helsinki, cell)
    assert isinstance(outcome, NotFound)
    assert codes == ["PO_BOX"]


@pytest.mark.parametrize(
    "cell",
    [
        "Annankatu 12 / Bulevardi 13",
        "Annankatu 12; Bulevardi 13",
        "Annankatu 12\nBulevardi 13",
        "Annankatu 12 or Bulevardi 13",
    ],
)
def test_two_addresses_in_a_cell_are_both_offered(helsinki, cell):
    outcome, codes = one(helsinki, cell)
    assert codes == ["TWO_ADDRESSES"]
    assert {candidate.label.split(",")[0] for candidate in outcome.candidates} == {
        "Annankatu 12",
        "Bulevardi 13",
    }


@pytest.mark.parametrize(
    "cell", ["Annankatu 12; 00120 Helsinki", "Annankatu 12\nHelsinki", "Annankatu 12 / Annankatu 12 A"]
)
def test_one_address_in_two_lines_is_one(helsinki, cell):
    outcome, codes = one(helsinki, cell)
    assert isinstance(outcome, Located)
    assert codes == []


def test_parts_of_a_cell():
    assert parts("Annankatu 12 A 5") == ["Annankatu 12 A 5"]
    assert parts("") == []


def test_far_too_much_text_is_told_and_not_searched(helsinki):
    outcome, codes = one(helsinki, "Annankatu 12 " + "x" * 5000)
    assert isinstance(outcome, NotFound)
    assert codes == ["ADDRESS_TOO_LONG"]
