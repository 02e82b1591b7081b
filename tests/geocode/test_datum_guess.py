"""Coordinates without a datum: it is found by what the addresses name.

In a drawn town, and on real streets if an extract is available.
"""

import csv
import math
import random
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from doorroute.geocode import (
    AddressIndex,
    Query,
    datum_findings,
    datum_of,
    locate,
    misplaced_rows,
    open_index,
    settle_datums,
)
from doorroute.geocode.datum import from_wgs84
from doorroute.geocode.datum_guess import DATUMS, Sign, judge
from doorroute.geocode.known_places import KnownPlace, KnownPlaces
from doorroute.model.finding import Severity
from doorroute.model.place import Datum, DatumBy, GivenPoint, Point
from doorroute.model.settings import Settings

Row = tuple[str, Point]


def seeded(seed: int) -> random.Random:
    """Return the same draws every time."""
    return random.Random(seed)  # noqa: S311  # no secret


EAST, NORTH = 1 / 95_000, 1 / 111_320  # degrees of a metre
LISTS = Path(__file__).parents[3] / "shared" / "faults" / "addresses" / "d1" / "residents.csv"


@pytest.fixture(scope="module")
def beijing(draw_town, tmp_path_factory: pytest.TempPathFactory) -> AddressIndex:
    return open_index(draw_town(tmp_path_factory.mktemp("town"), 116.33, 39.99))


def people(index: AddressIndex, count: int, chance: random.Random, off_m: float = 30) -> list[Row]:
    """Return addresses on the named streets of a map, with points some `off_m` away on either side."""
    rows = []
    for _ in range(count):
        host, line = chance.choice(index.tables.shapes)
        corner = 2 * chance.randrange(len(line) // 2 - 1)
        share, away, turn = chance.random(), chance.expovariate(1 / off_m), chance.random() * math.tau
        lon = line[corner] + share * (line[corner + 2] - line[corner]) + away * math.cos(turn) * EAST
        lat = line[corner + 1] + share * (line[corner + 3] - line[corner + 1]) + away * math.sin(turn) * NORTH
        number = f"{chance.randrange(1, 900)}弄{chance.randrange(1, 40)}号{chance.randrange(101, 700)}室"
        address = f"{index.host(host).name}{number}"
        rows.append((address, Point(lon, lat)))
    return rows


def asked(rows: list[Row], datum: Datum, said: Datum | None = None) -> list[Query]:
    """Return queries for rows whose points are in `datum`, which they name if it is `said`."""
    return [
        Query(str(at), address, replace(from_wgs84(point, datum), datum=said), row=at)
        for at, (address, point) in enumerate(rows, start=2)
    ]


def named(index: AddressIndex, rows: list[Row], datum: Datum) -> Datum | None:
    (taken,) = settle_datums({"residents": asked(rows, datum)}, index, None)
    assert (taken.fits is None) == (taken.by is DatumBy.ASSUMED)
    return taken.fits


def test_twenty_rows_name_their_datum_in_forty_draws_of_each(beijing):
    chance = seeded(6)
    for datum in Datum:
        found = Counter(named(beijing, people(beijing, 20, chance), datum) for _ in range(40))
        assert found[datum] >= 38, found
        assert set(found) <= {datum, None}


@pytest.mark.skipif(
    not LISTS.exists(), reason="the list and the extract of central Shanghai are not beside the repository"
)
def test_real_streets_name_the_datum_of_twenty_rows_in_forty_draws_of_each(shared_data):
    shanghai = open_index(shared_data / "shanghai-centre-roads.osm.pbf")
    with LISTS.open(encoding="utf-8-sig") as file:
        table = [
            (row["住址"], GivenPoint(float(row["经度"]), float(row["纬度"]))) for row in csv.DictReader(file)
        ]
    (taken,) = settle_datums(
        {"residents": [Query("", address, point) for address, point in table]}, shanghai, None
    )
    assert (taken.datum, taken.by, taken.rows, taken.witnesses) == (Datum.GCJ02, DatumBy.NAMES, 60, 60)
    chance = seeded(15)
    for datum in Datum:
        found = Counter(named(shanghai, people(shanghai, 20, chance, off_m=45), datum) for _ in range(40))
        assert found[datum] >= 38, found
        assert set(found) <= {datum, None}


def test_true_wgs84_is_never_taken_for_another_however_wrong_and_onesided_it_is(beijing):
    chance = seeded(3)
    for wrong in (0.0, 0.3, 0.6, 1.0):
        for _ in range(25):
            rows = people(beijing, 20, chance, off_m=60)
            others = people(beijing, 20, chance)
            rows = [
                (other if chance.random() < wrong else own, at)
                for (own, at), (other, _) in zip(rows, others, strict=True)
            ]
            rows = [(own, Point(at.lon + 50 * EAST, at.lat + 50 * NORTH)) for own, at in rows]
            assert named(beijing, rows, Datum.WGS84) in {Datum.WGS84, None}


def test_a_third_of_wrong_addresses_does_not_hide_the_datum(beijing):
    chance = seeded(4)
    for datum in Datum:
        rows = people(beijing, 30, chance)
        rows = [
            (rows[at - 1][0] if at % 3 == 0 else address, point) for at, (address, point) in enumerate(rows)
        ]
        assert named(beijing, rows, datum) is datum


def test_doors_of_the_map_tell_with_five_rows(beijing):
    doors = [(door.shown + "2单元301", Point(door.lon, door.lat)) for door in beijing.tables.doors]
    assert named(beijing, doors, Datum.GCJ02) is Datum.GCJ02
    assert named(beijing, doors[:4], Datum.GCJ02) is None


def test_one_street_alone_cannot_tell(beijing):
    chance = seeded(5)
    rows = [row for row in people(beijing, 300, chance) if row[0].startswith("学院路")][:20]
    assert len(rows) == 20
    assert named(beijing, rows, Datum.GCJ02) is None


def test_one_point_for_everybody_is_one_witness(beijing):
    rows = people(beijing, 20, seeded(18))
    assert named(beijing, [(address, rows[0][1]) for address, _ in rows], Datum.GCJ02) is None


def test_a_mixed_list_is_asked_about(beijing):
    rows = people(beijing, 40, seeded(8))
    queries = [*asked(rows[:20], Datum.WGS84), *asked(rows[20:], Datum.GCJ02)]
    (taken,) = settle_datums({"residents": queries}, beijing, None)
    assert (taken.datum, taken.by, taken.mixed) == (Datum.WGS84, DatumBy.ASSUMED, True)
    (told,) = datum_findings((taken,))
    assert (told.code, told.severity) == ("DATUM_MIXED", Severity.WARNING)


def test_what_is_said_is_taken_and_contradicted_aloud_where_the_names_say_otherwise(beijing):
    rows = people(beijing, 20, seeded(9))
    (taken,) = settle_datums({"residents": asked(rows, Datum.GCJ02, said=Datum.WGS84)}, beijing, None)
    assert (taken.datum, taken.by, taken.fits) == (Datum.WGS84, DatumBy.SAID, Datum.GCJ02)
    (told,) = datum_findings((taken,))
    assert (told.code, told.severity) == ("DATUM_CONTRADICTED", Severity.WARNING)
    (taken,) = settle_datums({"residents": asked(rows, Datum.WGS84)}, beijing, Datum.BD09)
    assert (taken.datum, taken.by, taken.fits) == (Datum.BD09, DatumBy.SET, Datum.WGS84)
    assert datum_findings((taken,))[0].code == "DATUM_CONTRADICTED"
    (taken,) = settle_datums({"residents": asked(rows, Datum.GCJ02, said=Datum.GCJ02)}, beijing, None)
    assert [each.severity for each in datum_findings((taken,))] == [Severity.NOTE]


def test_a_source_too_small_to_tell_follows_the_list_and_says_so(beijing):
    rows = people(beijing, 21, seeded(10))
    depot = Query("D", "", asked(rows[20:], Datum.GCJ02)[0].given, table="depots")
    listed, base = settle_datums(
        {"depots": [depot], "residents": asked(rows[:20], Datum.GCJ02)}, beijing, None
    )
    assert (listed.source, base.source) == ("residents", "depots")
    assert (base.datum, base.by) == (Datum.GCJ02, DatumBy.LIST)
    assert all(each.severity is Severity.WARNING for each in datum_findings((listed, base)))
    (alone,) = settle_datums({"depots": [depot]}, beijing, None)
    assert (alone.datum, alone.by) == (Datum.WGS84, DatumBy.ASSUMED)
    assert datum_findings((alone,))[0].code == "DATUM_UNKNOWN"
    assert "--datum" in str(datum_findings((alone,))[0].advice)


def test_rows_of_a_file_that_say_nothing_follow_those_that_do(beijing):
    rows = people(beijing, 20, seeded(14))
    queries = [*asked(rows[:17], Datum.BD09, said=Datum.BD09), *asked(rows[17:], Datum.BD09)]
    said, rest = settle_datums({"residents": queries}, beijing, None)
    assert (said.by, rest.by, rest.datum, rest.rows) == (DatumBy.SAID, DatumBy.LIST, Datum.BD09, 3)


def test_a_row_in_another_datum_than_the_rest_is_told_by_its_number(beijing):
    doors = [(door.shown, Point(door.lon, door.lat)) for door in beijing.tables.doors]
    rows = [*people(beijing, 20, seeded(16)), *doors]
    queries = [*asked(rows[:-1], Datum.WGS84), replace(asked(rows, Datum.GCJ02)[-1], row=99)]
    (taken,) = settle_datums({"residents": queries}, beijing, None)
    assert (taken.datum, taken.by) == (Datum.WGS84, DatumBy.NAMES)
    told = misplaced_rows(queries, beijing)
    assert [(each.code, each.row) for each in told] == [("DATUM_OF_ROW", 99)]
    assert "gcj02" in str(told[0].advice)


def test_coordinates_in_the_address_cell_belong_to_their_list(beijing):
    rows = people(beijing, 21, seeded(17))
    given = from_wgs84(rows[20][1], Datum.GCJ02)
    queries = [*asked(rows[:20], Datum.GCJ02), Query("C", f"{given.lon:.6f},{given.lat:.6f}", row=40)]
    (taken,) = settle_datums({"residents": queries}, beijing, None)
    assert (taken.datum, taken.rows, taken.witnesses) == (Datum.GCJ02, 21, 20)
    (place,), _ = locate([replace(queries[-1], datum=taken.datum)], beijing, Settings())
    assert (place.place.point.lon, place.place.point.lat) == pytest.approx(
        (rows[20][1].lon, rows[20][1].lat), abs=1e-5
    )


def test_each_source_is_judged_by_itself(beijing):
    chance = seeded(11)
    told = settle_datums(
        {
            "residents": asked(people(beijing, 20, chance), Datum.WGS84),
            "added-1": asked(people(beijing, 20, chance), Datum.GCJ02),
            "gazetteer": asked(people(beijing, 20, chance), Datum.BD09),
        },
        beijing,
        None,
    )
    assert {each.source: each.datum for each in told} == {
        "residents": Datum.WGS84,
        "added-1": Datum.GCJ02,
        "gazetteer": Datum.BD09,
    }
    assert datum_of(told, "added-1") is Datum.GCJ02


@pytest.mark.parametrize(
    "place", [(24.94, 60.17), (114.17, 22.28), (121.5, 25.04)], ids=["Helsinki", "Hong Kong", "Taipei"]
)
def test_outside_mainland_china_nothing_is_doubted_or_told(draw_town, tmp_path, place):
    index = open_index(draw_town(tmp_path, *place))
    spots = [
        Query(str(at), host.name, GivenPoint(place[0] + 0.005, place[1]))
        for at, host in enumerate(index.tables.hosts * 2)
    ]
    assert settle_datums({"residents": spots}, index, None) == ()
    assert settle_datums({"residents": spots}, index, Datum.GCJ02) == ()


def test_without_a_map_what_is_said_is_known_and_the_rest_is_open(beijing):
    queries = asked(people(beijing, 20, seeded(12)), Datum.GCJ02)
    taken = settle_datums({"residents": queries}, None, None)
    assert [each.code for each in datum_findings(taken, by_map=False)] == ["DATUM_OPEN"]


def test_a_place_is_given_in_the_datum_that_was_taken(beijing):
    rows = people(beijing, 20, seeded(13))
    queries = [replace(query, datum=Datum.GCJ02) for query in asked(rows, Datum.GCJ02)]
    outcomes, _ = locate(queries, beijing, Settings())
    for outcome, (_, point) in zip(outcomes, rows, strict=True):
        assert (outcome.place.point.lon, outcome.place.point.lat) == pytest.approx(
            (point.lon, point.lat), abs=1e-7
        )


def test_known_places_move_where_they_name_no_datum_and_stay_where_they_do():
    point, shifted = Point(116.33, 39.99), from_wgs84(Point(116.33, 39.99), Datum.GCJ02)
    bare = KnownPlace(
        address="成府路1号", point=Point(shifted.lon, shifted.lat), given=replace(shifted, datum=None)
    )
    said = KnownPlace(address="成府路2号", point=point, given=GivenPoint(116.33, 39.99, Datum.WGS84))
    moved = KnownPlaces("pin", [bare, said]).taken_in(Datum.GCJ02)
    for place in moved.places:
        assert (place.point.lon, place.point.lat) == pytest.approx((point.lon, point.lat), abs=1e-7)


def test_no_row_outweighs_the_others_and_none_at_all_cannot_tell():
    near, far = Sign("a", (0.0, 9000.0, 9000.0), 40.0), Sign("b", (9000.0, 9000.0, 9000.0), 40.0)
    assert judge([]).datum is None
    assert judge([[near]] + [[far]] * 19).datum is None
    assert judge([[replace_name(near, at)] for at in range(5)]).datum is DATUMS[0]


def replace_name(sign: Sign, at: int) -> Sign:
    return replace(sign, name=str(at))
