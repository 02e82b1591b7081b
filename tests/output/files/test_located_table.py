"""The table of located doors: the unsure ones first, no cell is a formula, and it is read back as it was
written.
"""

import csv
import json
from dataclasses import replace

import openpyxl
import pytest

from doorroute.errors import BadInputError
from doorroute.intake import read_residents
from doorroute.model.place import Candidate, Datum, GivenPoint, Point, Precision
from doorroute.model.plan import NotLocated, Reason
from doorroute.output.files.located_table import COLUMNS, write_places

FORMULA = '=HYPERLINK("http://a.b","x")'


def day_of(make_day, cell=None):
    """Return six visits, the places of all but the last two, and what is not known of these."""
    _, problem, _ = make_day(cell=cell)
    visits = [
        replace(visit, given=GivenPoint(116.4, 39.9, Datum.GCJ02)) if visit.id == "V6" else visit
        for visit in problem.visits
    ]
    scores = {"V1": 0.9, "V2": 0.7, "V3": 1.0, "V4": 0.8}
    places = {visit: replace(problem.places[visit], score=score) for visit, score in scores.items()}
    found = [
        Candidate(label=cell or name, point=Point(24.9, 60.1), precision=Precision.BUILDING, score=0.5)
        for name in ("First", "Second")
    ]
    unsure = [
        NotLocated(row=one.row, resident=one.id, code=Reason.NO_LOCATION, address="", candidates=tuple(found))
        for visit in visits[4:]
        for one in visit.residents
    ]
    return visits, places, unsure


@pytest.fixture
def write(make_day, tmp_path):
    def written(suffix, cell=None):
        out = tmp_path / f"places{suffix}"
        write_places(out, *day_of(make_day, cell))
        return out

    return written


def csv_rows(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_the_unsure_come_first_with_their_reason_and_then_the_least_certain(write):
    rows = csv_rows(write(".csv"))
    scores = [float(row["score"]) for row in rows if row["score"]]
    assert [bool(row["score"]) for row in rows] == sorted(bool(row["score"]) for row in rows)
    assert scores == sorted(scores)
    for row in rows:
        assert (row["reason"], row["candidates"]) == (
            ("", "") if row["score"] else (Reason.NO_LOCATION.value, "First; Second")
        )


def test_a_door_that_was_found_has_its_position_and_one_that_was_not_keeps_the_given_one(write):
    rows = {row["id"]: row for row in csv_rows(write(".csv"))}
    assert (rows["R1a"]["lon"], rows["R1a"]["lat"], rows["R1a"]["datum"]) == ("24.94", "60.166", "wgs84")
    assert (rows["R6a"]["lon"], rows["R6a"]["lat"], rows["R6a"]["datum"]) == ("116.4", "39.9", "gcj02")
    assert (rows["R5a"]["lon"], rows["R5a"]["datum"]) == ("", "")


@pytest.mark.parametrize("cell", [FORMULA, "+1", "-1", "@x", "\t=1", "＝1+1", "'=1"])
def test_no_cell_is_a_formula_in_any_form(write, cell):
    for row in csv_rows(write(".csv", cell)):
        assert not row["name"].startswith(tuple("=+-@\t＝"))
        assert row["name"].startswith("'")
    for cells in openpyxl.load_workbook(write(".xlsx", cell)).active.iter_rows():
        assert all(each.data_type != "f" and each.hyperlink is None for each in cells)


@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".XLSX"])
@pytest.mark.parametrize("cell", ["Ann", FORMULA, "'=1", '"李四"'])
def test_it_is_read_back_as_it_was_written(make_day, tmp_path, suffix, cell):
    visits, places, unsure = day_of(make_day)
    for at, visit in enumerate(visits):
        people = tuple(replace(one, name=f"{cell}{one.id}", note=cell) for one in visit.residents)
        visits[at] = replace(visit, residents=people)
    out = tmp_path / f"places{suffix}"
    write_places(out, visits, places, unsure)
    read = {one.id: one for one in read_residents(out).residents}
    assert len(read) == sum(len(visit.residents) for visit in visits)
    for visit in visits:
        for one in visit.residents:
            back = read[one.id]
            for name in ("name", "note", "phone", "address", "kits", "people", "infection_class"):
                assert getattr(back, name) == getattr(one, name)
            if place := places.get(visit.id):
                assert back.given == GivenPoint(place.point.lon, place.point.lat, Datum.WGS84)
            else:
                assert back.given == visit.given


@pytest.mark.parametrize("cell", [None, FORMULA, '"</script>\u2028'])
def test_the_geojson_has_a_feature_a_resident_and_no_geometry_for_what_was_not_found(write, cell):
    features = json.loads(write(".geojson", cell).read_text(encoding="utf-8"))["features"]
    assert len(features) == 9
    for feature in features:
        assert set(feature["properties"]) == set(COLUMNS) - {"lon", "lat", "datum"}
        if cell:
            assert feature["properties"]["name"] == cell
        if feature["properties"]["score"] is not None:
            lon, lat = feature["geometry"]["coordinates"]
            assert (24 < lon < 25, 60 < lat < 61) == (True, True)
    assert [feature["properties"]["id"] for feature in features if feature["geometry"] is None] == [
        "R5a",
        "R5b",
    ]


@pytest.mark.parametrize("suffix", ["", ".txt", ".xls"])
def test_another_suffix_is_refused_in_both_languages_and_nothing_is_written(write, tmp_path, suffix):
    with pytest.raises(BadInputError) as caught:
        write(suffix)
    assert caught.value.code == "OUT_SUFFIX"
    for lang in ("en", "zh"):
        assert (suffix or "places") in caught.value.message.into(lang)
        assert ".geojson" in caught.value.advice.into(lang)
    assert list(tmp_path.iterdir()) == []
