"""Addresses of other countries, on maps of a few doors drawn by hand."""

from xml.sax.saxutils import quoteattr

import pytest

from doorroute.geocode import AddressIndex, open_index
from doorroute.model.place import Precision
from tests.helpers.addresses import found, lost


def drawn(tmp_path, doors, extra=()) -> AddressIndex:
    """Draw doors some 110 m from each other, each as its tags without `addr:`, and `extra` nodes."""
    nodes = [{f"addr:{name}": value for name, value in door.items()} for door in doors] + list(extra)
    lines = [
        f'<node id="{at}" lat="{52 + at / 1000}" lon="0.1">'
        + "".join(f"<tag k={quoteattr(k)} v={quoteattr(v)}/>" for k, v in tags.items())
        + "</node>"
        for at, tags in enumerate(nodes, start=1)
    ]
    path = tmp_path / "drawn.osm"
    path.write_text(f'<osm version="0.6">{"".join(lines)}</osm>', encoding="utf-8")
    return open_index(path)


@pytest.mark.parametrize(
    ("door", "addresses"),
    [
        (
            {"street": "Rue de la Paix", "housenumber": "12 bis", "city": "Paris", "postcode": "75002"},
            ["12 bis rue de la Paix, 75002 Paris", "12bis, Rue de la Paix, Paris",
            "12 BIS RUE DE LA PAIX 75002 PARIS", "Rue de la Paix 12bis 3e étage"],
        ),
        (
            {"street": "Straße des 17. Juni", "housenumber": "135", "city": "Berlin", "postcode": "10623"},
            ["Straße des 17. Juni 135, 10623 Berlin", "Strasse des 17. Juni 135",
            "Str. des 17. Juni 135, Berlin", "135 Straße des 17. Juni"],
        ),
        (
            {"street": "Main Street", "housenumber": "123", "city": "Springfield", "postcode": "62704"},
            ["123 Main St, Springfield, IL 62704", "123 Main St Apt 4B, Springfield, IL 62704",
            "123 MAIN STREET #4", "123 main street, 2nd floor, springfield"],
        ),
        (
            {"street": "Saint-Denis-Straße", "housenumber": "4", "city": "Köln"},
            ["St. Denis Str. 4, Koeln", "Sankt-Denis-Strasse 4, Köln", "Saint Denis Straße 4"],
        ),
        (
            {"street": "Calle Mayor", "housenumber": "7", "city": "Alcalá", "postcode": "28801"},
            ["Calle Mayor nº 7, 28801 Alcala", "Calle Mayor 7, Alcalá", "Calle Mayor, 7, Alcalá"],
        ),
    ],
    ids=["France", "Germany", "United States", "Cologne", "Spain"],
)  # fmt: skip
def test_addresses_as_they_are_written_elsewhere(tmp_path, door, addresses):
    index = drawn(tmp_path, [door, {**door, "housenumber": "999"}])
    for address in addresses:
        assert found(index, address).place.label.startswith(f"{door['street']} {door['housenumber']}"), (
            address
        )


def test_where_the_map_names_no_towns_a_town_is_no_contradiction(tmp_path):
    index = drawn(
        tmp_path,
        [{"street": "High Street", "housenumber": "12"}, {"street": "Mill Road", "housenumber": "3"}],
    )
    for address in ("12 High St, Cambridge CB1 2AB", "12 High Street, Cambridge", "12 High Street"):
        assert found(index, address).place.score >= 0.9
    assert lost(index, "12 New High Street, Cambridge").candidates


@pytest.mark.parametrize(
    ("address", "sure"),
    [
        ("Testweg 22-24", True),
        ("Testweg 22 - 24", True),
        ("Testweg 24", True),
        ("Testweg 23", False),
        ("Testweg 22-26", False),
        ("Testweg 5-7", False),
        ("Testweg 5", True),
    ],
)
def test_ranges(tmp_path, address, sure):
    index = drawn(tmp_path, [{"street": "Testweg", "housenumber": number} for number in ("22-24", "5", "7")])
    outcome = (found if sure else lost)(index, address)
    assert outcome


def test_a_slash_before_the_next_number_may_mean_both_houses_and_is_asked_about(tmp_path):
    index = drawn(tmp_path, [{"street": "Testweg", "housenumber": number} for number in ("18", "20")])
    assert found(index, "Testweg 18/3").place.access.room == "3"
    assert lost(index, "Testweg 18/20").candidates[0].label == "Testweg 18"


def test_a_slash_that_the_map_has_is_a_number(tmp_path):
    index = drawn(tmp_path, [{"street": "Testgasse", "housenumber": number} for number in ("12/3", "12")])
    assert found(index, "Testgasse 12/3").place.label == "Testgasse 12/3"
    assert found(index, "Testgasse 12/4").place.label == "Testgasse 12"


def test_another_stairwell_of_the_number_is_asked_about(tmp_path):
    index = drawn(
        tmp_path,
        [
            {"street": "Testikatu", "housenumber": "20 B", "country": "FI"},
            {"street": "Testikatu", "housenumber": "9", "country": "FI"},
        ],
    )
    assert found(index, "Testikatu 20 B 4").place.access.unit == "B"
    assert lost(index, "Testikatu 20 A 4").candidates
    assert found(index, "Testikatu 9 A 4").place.access.unit == "A"


def test_a_letter_set_apart_is_the_number_s_where_the_map_has_such_a_number(tmp_path):
    index = drawn(tmp_path, [{"street": "Testweg", "housenumber": number} for number in ("12", "12a")])
    assert found(index, "Testweg 12 A 3").place.label == "Testweg 12a"
    assert found(index, "Testweg 12").place.label == "Testweg 12"


def test_lanes_villages_and_attached_numbers(tmp_path):
    doors = [
        {"street": "长乐路", "housenumber": "123弄4号"}, {"street": "长乐路", "housenumber": "4"},
        {"place": "王家村", "housenumber": "12号附3"}, {"place": "王家村", "housenumber": "12"},
    ]  # fmt: skip
    index = drawn(tmp_path, doors)
    assert found(index, "长乐路123弄4号501室").place.label == "长乐路123弄4号"
    assert found(index, "长乐路一百二十三弄四号").place.label == "长乐路123弄4号"
    assert found(index, "长乐路4号").place.label == "长乐路4号"
    assert found(index, "某某县王家村12号附3号").place.label.startswith("王家村12号附3")
    assert found(index, "王家村12号之3").place.label.startswith("王家村12号附3")
    assert found(index, "王家村12号").place.label == "王家村12号"
    for address in ("长乐路124弄4号", "长乐路123弄5号", "王家村12号附4号", "王家村3组12号"):
        assert lost(index, address).candidates


def test_a_house_with_a_name_is_found_by_it(tmp_path):
    index = drawn(
        tmp_path,
        [
            {"housename": "Villa Ramona", "city": "Vaduz"},
            {"street": "Weg", "housenumber": "1", "city": "Vaduz"},
        ],
    )
    assert found(index, "Villa Ramona, Vaduz").place.precision is Precision.BUILDING
    assert found(index, "villa ramona").place.label == "Villa Ramona, Vaduz"
    assert lost(index, "Villa Romona, Zug").candidates


def test_a_suburb_tells_two_streets_of_one_town_apart(tmp_path):
    doors = [{"street": "Weg", "housenumber": "1", "city": "Stadt"}] + [
        {"street": "Pfad", "housenumber": str(at), "city": "Stadt"} for at in range(40)
    ]
    doors.append({"street": "Weg", "housenumber": "1", "city": "Stadt"})
    index = drawn(tmp_path, doors, [{"place": "suburb", "name": "Nordvorort"}])
    assert len(lost(index, "Weg 1, Stadt").candidates) >= 2
    assert found(index, "Weg 1, Nordvorort").place.point.lat > 52.04


def test_a_number_without_a_street_belongs_to_the_compound_around_it(tmp_path):
    path = tmp_path / "compound.osm"
    corners = [(0.0, 0.0), (0.0, 0.01), (0.01, 0.01), (0.01, 0.0)]
    nodes = "".join(
        f'<node id="{at}" lat="{30 + y}" lon="{110 + x}"/>' for at, (x, y) in enumerate(corners, start=1)
    )
    house = (
        '<node id="9" lat="30.005" lon="110.005"><tag k="addr:housenumber" v="3号楼"/></node><node '
        'id="10" lat="30.5" lon="110.5"><tag k="addr:housenumber" v="4号楼"/></node>'
    )
    refs = "".join(f'<nd ref="{at}"/>' for at in (1, 2, 3, 4, 1))
    ground = f'<way id="1">{refs}<tag k="landuse" v="residential"/><tag k="name" v="翠湖小区"/></way>'
    path.write_text(f'<osm version="0.6">{nodes}{house}{ground}</osm>', encoding="utf-8")
    index = open_index(path)
    assert found(index, "翠湖小区3号楼2单元501").place.label == "翠湖小区3号楼"
    assert lost(index, "翠湖小区4号楼").candidates
