"""Pins and gazetteers: confirmed once, remembered for good, told where the map says otherwise."""

import datetime as dt
import zipfile

import geopandas
import openpyxl
import pytest
import shapely

from doorroute.errors import BadInputError
from doorroute.geocode import (
    KnownPlace,
    KnownPlaces,
    Located,
    NotFound,
    Query,
    Sources,
    add_pins,
    locate,
    read_gazetteer,
    read_pins,
    understand_address,
    write_pins,
)
from doorroute.intake.table_files import read_sheets
from doorroute.model.place import Access, Point, Precision
from doorroute.model.settings import Settings

TODAY = dt.date(2022, 4, 6)


def pin(address, lon=24.9401, lat=60.1655, **more):
    return KnownPlace(address=address, point=Point(lon, lat), **more)


def ask(index, address, *known, access=Access()):
    (outcome,), findings = locate(
        [Query("Q", address, access=access)], index, Settings(), sources=Sources(known=known)
    )
    return outcome, [finding.code for finding in findings]


def test_a_second_run_on_the_same_sheet_asks_nothing(helsinki, tmp_path):
    sheet = [
        "Annankatu 12",
        "Nosuchstreet 3",
        "Bulevardi 500",
        "the yellow house behind the market",
        "窑上小区14号楼2单元501",
    ]
    queries = [Query(str(at), address) for at, address in enumerate(sheet)]
    outcomes, _ = locate(queries, helsinki, Settings())
    asked = [query for query, outcome in zip(queries, outcomes, strict=True) if isinstance(outcome, NotFound)]
    assert len(asked) == 4
    add_pins(tmp_path / "pins.csv", [pin(query.address, who="Li") for query in asked], on=TODAY)

    pins, findings = read_pins(tmp_path / "pins.csv")
    outcomes, _ = locate(queries, helsinki, Settings(), sources=Sources(known=(pins,)))
    assert not findings
    assert all(isinstance(outcome, Located) for outcome in outcomes)
    assert [outcome.place.source for outcome in outcomes] == ["extract", "pin", "pin", "pin", "pin"]
    assert outcomes[1].place.precision is Precision.GIVEN


def test_a_pin_helps_the_other_units_of_its_building_and_no_other_building(helsinki):
    pins = KnownPlaces("pin", [pin("窑上小区14号楼2单元501")])
    same, _ = ask(helsinki, "晋中市榆次区窑上小区14号楼3单元102", pins)
    assert isinstance(same, Located)
    assert (same.place.source, same.place.access.unit, same.place.access.room) == ("pin", "3", "102")
    assert same.place.precision in {Precision.BUILDING, Precision.ENTRANCE}
    neighbour, _ = ask(helsinki, "窑上小区14号楼2单元502", pins)
    first, _ = ask(helsinki, "窑上小区14号楼2单元501", pins)
    assert neighbour.place.entrance_id == first.place.entrance_id != same.place.entrance_id
    for other in ("窑上小区15号楼2单元501", "新窑上小区14号楼2单元501", "窑上小区4号楼"):
        outcome, _ = ask(helsinki, other, pins)
        assert isinstance(outcome, NotFound), other


@pytest.mark.parametrize(
    ("address", "helped"),
    [
        ("Keksikuja 4 B 7, Helsinki", True),
        ("keksikuja 4, helsinki", True),
        ("Keksikuja 4", False),
        ("Keksikuja 4, Espoo", False),
        ("Keksikuja 6, Helsinki", False),
    ],
)
def test_a_western_pin_helps_the_same_number_of_the_same_street_in_the_same_town(helsinki, address, helped):
    pins = KnownPlaces("pin", [pin("Keksikuja 4 A 2, Helsinki")])
    outcome, _ = ask(helsinki, address, pins)
    assert isinstance(outcome, Located) is helped


def test_the_pin_of_an_ambiguous_row_holds_for_its_words_alone(liechtenstein):
    pins = KnownPlaces("pin", [pin("Landstrasse 92", 9.52, 47.14)])
    assert isinstance(ask(liechtenstein, "Landstrasse 92", pins)[0], Located)
    outcome, _ = ask(liechtenstein, "Landstrasse 92, 9490 Vaduz", pins)
    assert outcome.place.source == "extract"
    assert isinstance(ask(liechtenstein, "Landstrasse 92/3", pins)[0], NotFound)


def test_a_pin_that_contradicts_the_map_holds_and_is_told(helsinki):
    outcome, codes = ask(helsinki, "Annankatu 12", KnownPlaces("pin", [pin("Annankatu 12", 24.96, 60.18)]))
    assert outcome.place.source == "pin"
    assert outcome.place.point.lon == 24.96
    assert codes == ["PIN_CONTRADICTS_EXTRACT"]


def test_a_pin_near_the_map_shares_the_entrance_with_doors_from_the_map(helsinki):
    mapped, _ = ask(helsinki, "Annankatu 12 A 5")
    near = mapped.place.point
    pins = KnownPlaces("pin", [pin("Annankatu 12 A 7", near.lon + 0.0003, near.lat)])
    outcome, codes = ask(helsinki, "Annankatu 12 A 7", pins)
    assert outcome.place.source == "pin"
    assert outcome.place.entrance_id == mapped.place.entrance_id
    assert not codes


def test_of_two_pins_for_the_same_words_the_later_one_holds(helsinki):
    pins = KnownPlaces("pin", [pin("X 1", 24.95, when="2022-04-06"), pin("x 1", 24.94, when="2022-04-05")])
    assert len(pins) == 1
    assert ask(helsinki, "X 1", pins)[0].place.point.lon == 24.95


def test_a_building_in_a_column_of_its_own_is_part_of_the_words(helsinki):
    pins = KnownPlaces("pin", [pin("窑上小区", access=Access(building="14"))])
    assert isinstance(ask(helsinki, "窑上小区", pins, access=Access(building="14"))[0], Located)
    assert isinstance(ask(helsinki, "窑上小区", pins, access=Access(building="15"))[0], NotFound)


def test_pins_keep_who_when_and_what_was_understood(tmp_path):
    path = tmp_path / "pins.csv"
    add_pins(path, [pin("窑上小区14号楼2单元501", who="王")], on=TODAY)
    text = path.read_text(encoding="utf-8-sig")
    assert "窑上小区 14 [2] #501" in text
    assert "2022-04-06" in text
    (kept,) = read_pins(path)[0].current
    assert (kept.who, kept.when) == ("王", "2022-04-06")


def test_pins_never_start_a_formula_and_come_back_as_they_were(tmp_path):
    path = tmp_path / "pins.csv"
    write_pins(path, [pin("=cmd|' /C calc'!A0", who="@x"), pin('a "quoted", b\nc')])
    assert "\n=" not in path.read_text(encoding="utf-8-sig")
    assert {place.address for place in read_pins(path)[0].current} == {
        "=cmd|' /C calc'!A0",
        'a "quoted", b\nc',
    }


def test_rows_that_cannot_be_used_are_told_and_the_others_hold(tmp_path):
    path = tmp_path / "pins.csv"
    path.write_text(
        "address,lon,lat,datum\nA 1,24.9,60.1,\nB 2,x,60.1,\nC 3,24.9,99,\n,24.9,60.1,\nD 4,24.9,60.1,mars\n",
        encoding="utf-8",
    )
    pins, findings = read_pins(path)
    assert [place.address for place in pins.current] == ["A 1"]
    assert [finding.row for finding in findings] == [3, 4, 5, 6]


def test_a_missing_pins_file_holds_none_and_a_missing_gazetteer_is_refused(tmp_path):
    assert len(read_pins(tmp_path / "none.csv")[0]) == 0
    with pytest.raises(BadInputError, match="GAZETTEER_MISSING"):
        read_gazetteer(tmp_path / "none.csv")


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.csv", b"\0\1\2"), ("a.xlsx", b"PK"), ("a.gpkg", b"SQLite"), ("a.csv", b"name,x1\nA,1\n")],
)
def test_a_file_that_is_no_such_table_is_refused(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(BadInputError) as caught:
        read_gazetteer(path)
    assert caught.value.code in {"TABLE_UNREADABLE", "NO_POSITIONS"}


def rows():
    return [("窑上小区", "14", 112.75, 37.69), ("窑上小区", "A座", 112.76, 37.69)]


def test_a_gazetteer_is_read_from_csv_workbook_and_geopackage(helsinki, tmp_path):
    csv = tmp_path / "g.csv"
    csv.write_bytes(
        ("小区,楼栋,经度,纬度\n" + "\n".join(",".join(map(str, row)) for row in rows())).encode("gb18030")
    )
    book = openpyxl.Workbook()
    for row in [("compound", "building", "lon", "lat"), *rows()]:
        book.active.append(row)
    book.save(tmp_path / "g.xlsx")
    layer = geopandas.GeoDataFrame(
        {"compound": [row[0] for row in rows()], "building": [row[1] for row in rows()]},
        geometry=[shapely.Point(row[2:]) for row in rows()],
        crs=4326,
    )
    layer.to_crs(3857).to_file(tmp_path / "g.gpkg")
    for name in ("g.csv", "g.xlsx", "g.gpkg"):
        places, findings = read_gazetteer(tmp_path / name)
        assert not findings
        outcome, _ = ask(helsinki, "榆次区窑上小区十四号楼2单元501室", places)
        assert outcome.place.source == "gazetteer"
        assert outcome.place.precision is Precision.BUILDING
        assert outcome.place.point.lon == pytest.approx(112.75, abs=1e-6)
        assert ask(helsinki, "窑上小区A座", places)[0].place.point.lon == pytest.approx(112.76, abs=1e-6)


def test_a_gazetteer_in_gcj02_is_converted(helsinki, tmp_path):
    path = tmp_path / "g.csv"
    path.write_text(
        "address,lon,lat,datum\n天安门1号,116.41024449916938,39.91640428150164,GCJ-02\n", encoding="utf-8"
    )
    outcome, _ = ask(helsinki, "天安门1号", read_gazetteer(path)[0])
    assert outcome.place.point.lon == pytest.approx(116.404, abs=1e-7)


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("山西省晋中市榆次区窑上小区十四号楼2单元5层501室", "窑上小区 14 [2] 5F #501 山西省晋中市榆次区"),
        ("Annankatu 12 A 5, 00120 Helsinki", "Annankatu 12 [A] #5 00120 Helsinki"),
        ("Dr. Josef Hoop-Strasse 5, FL-9492 Eschen", "Dr. Josef Hoop-Strasse 5 9492 Eschen"),
        ("", ""),
    ],
)
def test_an_understood_address_is_shown(address, shown):
    assert str(understand_address(address)) == shown
    assert "窑上" not in repr(understand_address(address))


def test_a_pin_without_a_unit_holds_for_every_unit_of_its_words(helsinki):
    pins = KnownPlaces("pin", [pin("the yellow house")])
    ids = set()
    for unit in ("", "A", "B"):
        outcome, _ = ask(helsinki, "the yellow house", pins, access=Access(unit=unit))
        assert outcome.place.precision is Precision.GIVEN
        ids.add(outcome.place.entrance_id)
    assert len(ids) == 3
    assert isinstance(ask(helsinki, "the yellow house", pins, access=Access(building="2"))[0], NotFound)


def _book(path, *sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows_ in sheets:
        sheet = book.create_sheet(name)
        for row in rows_:
            sheet.append(row)
    book.save(path)
    return book


def test_a_workbook_with_one_value_in_its_last_cell_is_refused_and_aborts_nothing(tmp_path):
    book = openpyxl.Workbook()
    for row in [("compound", "building", "lon", "lat"), *rows()]:
        book.active.append(row)
    book.active.cell(1_048_576, 16_384, "x")
    book.save(tmp_path / "stray.xlsx")
    for read in (read_gazetteer, read_pins):
        with pytest.raises(BadInputError, match="TABLE_TOO_LARGE") as caught:
            read(tmp_path / "stray.xlsx")
        assert "delete everything outside the list" in str(caught.value.advice)


def test_a_workbook_that_unpacks_without_end_is_refused_at_once(tmp_path):
    with zipfile.ZipFile(tmp_path / "bomb.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", bytes(80 * 2**20))
    for read in (read_gazetteer, read_sheets):
        with pytest.raises(BadInputError, match="TOO_LARGE"):
            read(tmp_path / "bomb.xlsx")


def test_the_sheet_with_the_places_is_read_wherever_it_stands_and_every_one_of_them(tmp_path):
    head = ("compound", "building", "lon", "lat")
    _book(
        tmp_path / "g.xlsx",
        ("empty", []),
        ("read me", [("Places of our town",)]),
        ("east", [head, rows()[0]]),
        ("west", [head, rows()[1]]),
    )
    places, findings = read_gazetteer(tmp_path / "g.xlsx")
    assert not findings
    assert len(places) == 2


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "gb18030"])
def test_a_gazetteer_as_text_is_read_in_each_encoding(tmp_path, encoding):
    (tmp_path / "g.csv").write_text("address,lon,lat\n阳光路20号,10.002,50.002\n", encoding=encoding)
    (place,) = read_gazetteer(tmp_path / "g.csv")[0].places
    assert place.address == "阳光路20号"


def test_a_table_is_what_it_holds_not_what_it_is_called(tmp_path):
    _book(tmp_path / "g.xlsx", ("s", [("compound", "building", "lon", "lat"), *rows()]))
    (tmp_path / "g.xlsx").rename(tmp_path / "g.csv")
    assert len(read_gazetteer(tmp_path / "g.csv")[0]) == 2
