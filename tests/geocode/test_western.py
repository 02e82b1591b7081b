"""Western addresses on the Helsinki sample and on Liechtenstein: found, asked about, never guessed."""

import pytest

from doorroute.geocode.western import houses, read_western
from doorroute.model.place import Precision
from doorroute.model.plan import Reason
from tests.helpers.addresses import found, lost


@pytest.mark.parametrize(
    "address",
    [
        "Annankatu 12", "annankatu 12", "ANNANKATU 12, HELSINKI", "Annank. 12", "Anankatu 12", "Annnakatu 12",
        "Annankatu 12, 00120 Helsinki", "00120 Helsinki, Annankatu 12", "Helsinki Annankatu 12",
        "Annankatu, 12, Helsinki", "12 Annankatu", "FI-00120 Helsinki, Annankatu 12", "Annankatu 12 A 5",
        "Annankatu 12/5", "Annankatu 12, 2. krs", "Annankatu 12 as 5", "Annagatan 12", "Annankatu Nr. 12",
        "12, Annankatu 00120 Helsinki", "Annankatu 00120 Helsinki, 12", "Helsinki 12 Annankatu",
        "Ａｎｎａｎｋａｔｕ　１２",
    ],
)  # fmt: skip
def test_one_door_in_many_spellings(helsinki, address):
    place = found(helsinki, address).place
    assert place.label == "Annankatu 12, 00120 Helsinki"
    assert place.precision is Precision.BUILDING
    assert place.source == "extract"
    assert place.score >= 0.9


@pytest.mark.parametrize(
    ("address", "unit", "floor", "room"),
    [
        ("Annankatu 12 A 5", "A", None, "5"),
        ("Annankatu 12/3", "", None, "3"),
        ("Annankatu 12, 2. krs", "", 2, ""),
        ("Annankatu 12, 2. Stock", "", 3, ""),
        ("Annankatu 12 rappu B as 7", "B", None, "7"),
        ("Annankatu 12 Top 4", "", None, "4"),
        ("Annankatu 12, 3rd floor, flat 9", "", 3, "9"),
        ("Annankatu 12 EG", "", 1, ""),
    ],
)
def test_flat_and_floor_go_to_the_way_in_not_to_the_search(helsinki, address, unit, floor, room):
    access = found(helsinki, address).place.access
    assert (access.unit, access.floor, access.room) == (unit, floor, room)


def test_doors_of_one_building_and_stairwell_share_their_entrance_and_others_do_not(helsinki):
    ids = [
        found(helsinki, address).place.entrance_id
        for address in ("Annankatu 12 A 5", "Annankatu 12 A 8", "Annankatu 12 B 1", "Annankatu 14 A 1")
    ]
    assert ids[0] == ids[1]
    assert len(set(ids)) == 3


@pytest.mark.parametrize("address", ["Annankatu 500", "Annankatu 12z", "Anankatu 500", "Bulevardi 99/3"])
def test_a_number_that_does_not_exist_is_never_moved_to_another(helsinki, address):
    outcome = lost(helsinki, address)
    assert outcome.reason is Reason.LOW_GEOCODE_PRECISION
    assert any(candidate.precision is Precision.STREET for candidate in outcome.candidates)
    assert max(candidate.score for candidate in outcome.candidates) < 0.9


def test_the_numbers_next_to_a_missing_one_are_offered(helsinki):
    labels = [candidate.label for candidate in lost(helsinki, "Bulevardi 500").candidates]
    assert labels[0] == "Bulevardi"
    assert len(labels) > 1


@pytest.mark.parametrize(
    "address",
    ["", "   ", "🙂🙂", "Keksitynkatu 3", "-", "???", "x" * 5000, "\u202e\u200f", "PO Box 45", "12", "00100"],
)
def test_nothing_is_found_where_nothing_is_meant(helsinki, address):
    assert lost(helsinki, address).reason in {Reason.NO_LOCATION, Reason.LOW_GEOCODE_PRECISION}


def test_a_mapped_entrance_is_where_one_stands(helsinki):
    place = found(helsinki, "Simonkatu 1").place
    assert place.precision is Precision.ENTRANCE


@pytest.mark.parametrize(
    ("address", "label"),
    [
        ("Landstrasse 92, 9490 Vaduz", "Landstrasse 92, 9490 Vaduz"),
        ("Landstr. 92 Vaduz", "Landstrasse 92, 9490 Vaduz"),
        ("9490 Vaduz Landstrasse 92", "Landstrasse 92, 9490 Vaduz"),
        ("Landstrsse 92, 9490 Vaduz", "Landstrasse 92, 9490 Vaduz"),
        ("Landstrasse 92, Vadzu", "Landstrasse 92, 9490 Vaduz"),
        ("Alte Landstrasse 5, Balzers", "Alte Landstrasse 5, 9496 Balzers"),
        ("Untere Pradafant 5", "Untere Pradafant 5, 9490 Vaduz"),
        ("Aeulestrasse 30, FL-9490 Vaduz", "Äulestrasse 30, 9490 Vaduz"),
    ],
)
def test_the_town_tells_streets_of_one_name_apart(liechtenstein, address, label):
    assert found(liechtenstein, address).place.label == label


def test_an_address_that_two_towns_have_is_ambiguous_and_both_are_offered(liechtenstein):
    outcome = lost(liechtenstein, "Landstrasse 92")
    towns = {candidate.label for candidate in outcome.candidates if candidate.precision is Precision.BUILDING}
    assert {"Landstrasse 92, 9490 Vaduz", "Landstrasse 92, 9495 Triesen"} <= towns


@pytest.mark.parametrize(
    "address",
    [
        "Landstrasse 92, 8001 Zürich",
        "Gapetschstrasse 15, Zürich",
        "Neue Gapetschstrasse 15, Schaan",
        "Landstrasse 152, Vaduz",
    ],
)
def test_a_town_or_a_word_that_does_not_fit_is_asked_about(liechtenstein, address):
    assert lost(liechtenstein, address).reason is Reason.LOW_GEOCODE_PRECISION


@pytest.mark.parametrize(
    ("tail", "stairs", "first"),
    [
        ("12a", False, "12a"), ("12 a", False, "12a"), ("4 bis", False, "4bis"), ("22-24", False, "22-24"),
        ("12 A 5", True, "12"), ("12/3", False, "12/3"), ("12/3/4", False, "12/3/4"), ("12", False, "12"),
    ],
)  # fmt: skip
def test_the_plainest_meaning_of_a_number_comes_first(tail, stairs, first):
    assert houses(tail.split(), stairs=stairs)[0].number == first


def test_number_in_front_and_behind_are_both_read():
    readings = read_western("Vaduz 12 Landstrasse", stairs=False, postcodes=frozenset())
    assert any(reading.before == ("vaduz",) for reading in readings)
    assert any(reading.after == ("landstrasse",) for reading in readings)
