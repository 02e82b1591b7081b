"""GeoPackage, GeoJSON, workbook and list of findings, opened again by other programs' eyes."""

import csv
import json

import geopandas
import openpyxl
import pyogrio
import pytest
import shapely

from doorroute.disk.spreadsheet import escaped
from doorroute.model.place import Access
from doorroute.output.files.manifest import write_manifest
from doorroute.output.views.doors import way_in
from doorroute.output.views.routes import team_routes
from doorroute.output.write import PlanOutput, write_maps


def test_all_that_was_asked_for_is_written(written):
    out, paths = written
    assert [path.relative_to(out).as_posix() for path in paths] == [
        "overview.html",
        "notices-en.txt",
        "notices-zh.txt",
        "notices.html",
        "manifest.xlsx",
        "findings.csv",
        "sheets/T1.html",
        "sheets/T2.html",
        "sheets/T1.pdf",
        "sheets/T2.pdf",
        *(f"teams/{team}.{suffix}" for team in ("T1", "T2") for suffix in ("gpx", "kml", "geojson")),
        "routes.gpkg",
        "routes.geojson",
        "teams/T1.html",
        "teams/T2.html",
        "codes.txt",
        "codes.html",
        "codes.json",
    ]
    assert sorted(path for path in out.rglob("*") if path.is_file()) == sorted(paths)


def test_the_geopackage_has_routes_and_stops(written, make_day):
    plan, problem, _ = make_day()
    path = written[0] / "routes.gpkg"
    assert {name for name, _ in pyogrio.list_layers(path)} == {"routes", "stops"}
    routes, stops = (geopandas.read_file(path, layer=layer) for layer in ("routes", "stops"))
    assert routes.crs == stops.crs == "EPSG:4326"
    assert list(routes.team) == [route.team for route in plan.routes]
    assert list(routes.distance_m) == [route.distance_m for route in plan.routes]
    assert list(stops.visit) == [visit for route in plan.routes for visit in route.visits]
    for visit, point in zip(stops.visit, stops.geometry, strict=True):
        assert (point.x, point.y) == (problem.places[visit].point.lon, problem.places[visit].point.lat)


def test_the_geojson_is_valid_and_longitude_comes_first(written, make_day):
    plan, _, _ = make_day()
    collection = json.loads((written[0] / "routes.geojson").read_text(encoding="utf-8"))
    assert collection["type"] == "FeatureCollection"
    kinds = [feature["properties"]["kind"] for feature in collection["features"]]
    assert kinds == ["route"] * 2 + ["stop"] * 5
    for feature in collection["features"]:
        west, south, east, north = shapely.geometry.shape(feature["geometry"]).bounds
        assert 24.9 < west <= east < 25
        assert 60.1 < south <= north < 60.2
    first = collection["features"][0]
    assert first["geometry"]["coordinates"] == [[point.lon, point.lat] for point in plan.routes[0].geometry]
    assert first["properties"]["finish"] == "08:35"


def test_maps_for_other_programs_name_visits_and_nobody(written):
    for name in ("routes.geojson", "routes.gpkg"):
        content = (written[0] / name).read_bytes()
        for word in (b"Name ", b"Secretstreet", b"+358", b"Note ", b"isolated", b"yellow"):
            assert word not in content


def test_the_workbook_has_a_sheet_a_team_with_the_stops_in_order(written, make_day):
    plan, _, _ = make_day()
    book = openpyxl.load_workbook(written[0] / "manifest.xlsx")
    assert book.sheetnames == ["Summary", "T1", "T2", "On no route", "Not located", "Rejected"]
    for route in plan.routes:
        rows = list(book[route.team].iter_rows(values_only=True))
        assert [row[1] for row in rows[1:]] == list(route.visits)
        assert [row[0] for row in rows[1:]] == list(range(1, len(route.visits) + 1))
    first = dict(zip(*list(book["T1"].iter_rows(values_only=True))[:2], strict=True))
    assert first["address"] == "Secretstreet 1"
    assert first["names"] == "Name 1a\nName 1b"
    assert first["way in"] == "Building B 1, Entrance U 1, Floor 1, No lift, Room 1"
    assert (first["people"], first["class"], first["arrives"]) == (2, "yellow", "08:05")


def test_every_row_that_is_on_no_route_stands_in_the_workbook_with_its_reason(written):
    book = openpyxl.load_workbook(written[0] / "manifest.xlsx")
    left = list(book["On no route"].iter_rows(values_only=True))
    assert left[1][:4] == ("V6", "TIME_WINDOW", "The window ends too soon.", "Ask for a later one.")
    assert [row[0] for row in book["Not located"].iter_rows(min_row=2, values_only=True)] == [90, 91]
    assert book["Not located"]["D2"].value == "Candidatestreet (84 % match)"
    assert [row[0] for row in book["Rejected"].iter_rows(min_row=2, values_only=True)] == [92]


@pytest.mark.parametrize(
    "cell",
    ['=HYPERLINK("http://x/","y")', "+1", "-1", "@SUM(A1)", "http://example.org/", "12345678901234567"],
)
def test_text_of_a_sheet_stays_text_in_the_workbook(make_day, tmp_path, cell):
    plan, problem, _ = make_day(cell=cell)
    write_manifest(plan, problem, team_routes(plan, problem), tmp_path / "m.xlsx", lang="en")
    book = openpyxl.load_workbook(tmp_path / "m.xlsx")
    cells = [one for sheet in book for row in sheet.iter_rows() for one in row if one.value is not None]
    assert sum(one.value == cell for one in cells) > 10
    assert {one.data_type for one in cells} <= {"s", "n"}
    assert not [one for one in cells if one.data_type == "n" and str(one.value) == cell]
    assert not [one for one in cells if one.hyperlink]


def test_a_cell_longer_than_excel_takes_is_cut_and_not_lost(make_day, tmp_path):
    plan, problem, _ = make_day(cell="字" * 40_000)
    write_manifest(plan, problem, team_routes(plan, problem), tmp_path / "m.xlsx", lang="zh")
    book = openpyxl.load_workbook(tmp_path / "m.xlsx")
    longest = max((str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row), key=len)
    assert len(longest) == 32_767
    assert longest.endswith("…")


def test_findings_open_in_excel_and_run_nothing(written):
    content = (written[0] / "findings.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(content.decode("utf-8-sig").splitlines()))
    assert rows[0] == ["severity", "code", "table", "row", "column", "what was found", "what to do", "sheet"]
    assert rows[1] == [
        "error",
        "ODD",
        "residents",
        "92",
        "'=phone",
        "'=1+1 was found",
        "Look at it, please.",
        "",
    ]
    assert rows[3][3] == ""


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＠"])
def test_a_cell_that_a_spreadsheet_would_run_gets_an_apostrophe(start):
    assert escaped(f"{start}x") == f"'{start}x"
    assert escaped(f"x{start}") == f"x{start}"


def test_a_plan_without_a_route_is_written_too(make_day, extract, tmp_path):
    from dataclasses import replace

    plan, problem, findings = make_day()
    none = replace(plan, routes=())
    paths = write_maps(PlanOutput(none, problem, extract, lang="en", findings=findings), tmp_path)
    assert all(path.is_file() for path in paths)
    assert len(pyogrio.read_dataframe(tmp_path / "routes.gpkg", layer="stops")) == 0
    assert "No team has a route." in (tmp_path / "overview.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("access", "way"),
    [
        (Access(), []),
        (
            Access(building="3", unit="2", floor=5, lift=True, room="501"),
            ["Building 3", "Entrance 2", "Floor 5", "Lift", "Room 501"],
        ),
        (Access(building="3号楼", unit="2单元", room="501室"), ["3号楼", "2单元", "501室"]),
        (
            Access(unit="C", floor=0, lift=False, room="Flat 2"),
            ["Entrance C", "Floor 0", "No lift", "Flat 2"],
        ),
    ],
)
def test_the_way_in_is_told_part_by_part(access, way):
    assert [str(part) for part in way_in(access)] == way
