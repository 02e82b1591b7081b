"""A team's route in the formats of navigation apps: valid, in WGS 84, in order, and without names."""

import json
from xml.etree import ElementTree as ET

import pyogrio
import pytest

from doorroute.output.files.tracks import write_tracks
from doorroute.output.views.routes import team_routes

GPX, KML = "{http://www.topografix.com/GPX/1/1}", "{http://www.opengis.net/kml/2.2}"


def parsed(path):
    return ET.parse(path).getroot()


@pytest.fixture(scope="module")
def team(make_day):
    plan, problem, _ = make_day()
    return team_routes(plan, problem)[0]


@pytest.fixture(scope="module")
def files(team, tmp_path_factory):
    return {path.suffix: path for path in write_tracks(team, tmp_path_factory.mktemp("tracks"), lang="en")}


def test_the_gpx_holds_the_doors_in_order_and_the_way_between(team, files):
    root = parsed(files[".gpx"])
    names = [f"{stop.number} {stop.visit.id}" for stop in team.stops]
    for kind in ("wpt", f"rte/{GPX}rtept"):
        assert [point.findtext(f"{GPX}name") for point in root.findall(f"{GPX}{kind}")] == names
    track = [(float(p.get("lon")), float(p.get("lat"))) for p in root.iter(f"{GPX}trkpt")]
    assert track == [(round(point.lon, 7), round(point.lat, 7)) for point in team.path]
    assert [child.tag for child in root] == sorted(
        (child.tag for child in root), key=[f"{GPX}{tag}" for tag in ("metadata", "wpt", "rte", "trk")].index
    )


def test_gdal_reads_gpx_and_geojson_as_they_were_meant(team, files):
    stops = pyogrio.read_dataframe(files[".gpx"], layer="waypoints")
    assert [(p.x, p.y) for p in stops.geometry] == [(s.point.lon, s.point.lat) for s in team.stops]
    assert len(pyogrio.read_dataframe(files[".geojson"])) == 1 + len(team.stops)


def test_the_kml_has_longitude_first_and_the_teams_colour(team, files):
    root = parsed(files[".kml"])
    points = [p.findtext(f"{KML}coordinates") for p in root.iter(f"{KML}Point")]
    assert points == [f"{s.point.lon:.7f},{s.point.lat:.7f}" for s in team.stops]
    assert root.find(f".//{KML}color").text == "ffb27200"  # aabbggrr of #0072B2


def test_no_name_phone_or_address_is_in_them(team, files):
    text = "".join(path.read_text(encoding="utf-8") for path in files.values())
    for stop in team.stops:
        for one in stop.visit.residents:
            assert not [secret for secret in (one.name, one.phone, one.address, one.note) if secret in text]


def test_names_that_xml_cannot_hold_are_written_without_what_it_cannot(make_day, tmp_path):
    plan, problem, _ = make_day(teams=1, names=['T\x00\x0b<&>"\ufffe 第1队'])
    team = team_routes(plan, problem)[0]
    gpx, kml, geojson = write_tracks(team, tmp_path, lang="zh")
    assert parsed(gpx).findtext(f"{GPX}metadata/{GPX}name") == 'T<&>" 第1队'
    assert parsed(kml) is not None
    json.loads(geojson.read_text(encoding="utf-8"))
