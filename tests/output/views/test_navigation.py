"""Links to navigation apps: four at most on a phone, each in the datum that the app expects, and nobody's
name in them.
"""

from urllib.parse import parse_qs, urlsplit

import pytest

from doorroute.geocode.datum import to_wgs84
from doorroute.model.place import Datum, GivenPoint, Point
from doorroute.model.settings import Region
from doorroute.model.team import Profile
from doorroute.output.views.navigation import links_to

SHANGHAI, HELSINKI, HONG_KONG = Point(121.4737, 31.2304), Point(24.94, 60.17), Point(114.16, 22.28)
SYSTEMS = ("android", "ios", "other")


def queries(door, system="android", **more):
    return {
        urlsplit(link.href).netloc or urlsplit(link.href).scheme: parse_qs(urlsplit(link.href).query)
        for link in links_to(door, more.pop("profile", Profile.FOOT), **more)
        if system in link.on
    }


def lat_lon(text):
    return tuple(map(float, text.split(",")))


def as_wgs84(lon, lat):
    back = to_wgs84(GivenPoint(lon, lat, Datum.GCJ02))
    return back.lon, back.lat


def test_amap_gets_its_own_datum_longitude_first():
    lon, lat = map(float, queries(SHANGHAI)["uri.amap.com"]["to"][0].split(","))
    assert abs(lon - SHANGHAI.lon) > 0.003  # some 400 m
    assert as_wgs84(lon, lat) == pytest.approx((SHANGHAI.lon, SHANGHAI.lat), abs=2e-6)


def test_apple_gets_the_datum_of_the_maps_of_mainland_china_latitude_first():
    lat, lon = lat_lon(queries(SHANGHAI, "ios")["maps.apple.com"]["daddr"][0])
    assert abs(lon - SHANGHAI.lon) > 0.003
    assert as_wgs84(lon, lat) == pytest.approx((SHANGHAI.lon, SHANGHAI.lat), abs=2e-6)


@pytest.mark.parametrize(
    ("system", "opens", "field"),
    [
        ("android", "bdapp", "destination"),
        ("ios", "baidumap", "destination"),
        ("other", "api.map.baidu.com", "location"),
    ],
)
def test_baidu_is_told_that_it_gets_wgs84(system, opens, field):
    (href,) = [
        link.href for link in links_to(SHANGHAI, Profile.FOOT) if system in link.on and opens in link.href
    ]
    query = parse_qs(urlsplit(href).query)
    assert query["coord_type"] == ["wgs84"]
    assert lat_lon(query[field][0].rpartition(":")[2]) == (SHANGHAI.lat, SHANGHAI.lon)
    assert query["src"][0].endswith(".org.doorroute")


def test_tencent_is_told_that_it_gets_wgs84():
    query = queries(SHANGHAI)["apis.map.qq.com"]
    assert (query["tocoord"], query["coord_type"]) == (["31.230400,121.473700"], ["1"])


@pytest.mark.parametrize("door", [SHANGHAI, HELSINKI, HONG_KONG])
def test_organic_maps_osmand_and_geo_get_wgs84_everywhere(door):
    here = [f"{door.lat:.6f},{door.lon:.6f}"]
    links = {link.href.split(":")[0]: link.href for link in links_to(door, Profile.FOOT, Region.WORLD)}
    assert parse_qs(urlsplit(links["om"]).query)["destination"] == here
    assert links["geo"] == f"geo:{here[0]}?q={here[0]}"
    assert queries(door, region=Region.WORLD)["osmand.net"]["finish"] == here
    china = [link.href for link in links_to(door, Profile.FOOT, Region.CHINA) if link.href.startswith("om:")]
    assert parse_qs(urlsplit(china[0]).query)["destination"] == here


@pytest.mark.parametrize("door", [HELSINKI, HONG_KONG])
@pytest.mark.parametrize("region", list(Region))
def test_outside_mainland_china_nothing_is_shifted_for_anyone(door, region):
    for link in links_to(door, Profile.FOOT, region):
        assert f"{door.lat:.6f},{door.lon:.6f}" in link.href or f"{door.lon:.6f},{door.lat:.6f}" in link.href


def test_which_apps_are_offered_is_set_or_told_by_where_the_door_is():
    china, world = "uri.amap.com", "www.google.com"
    assert china in queries(SHANGHAI)
    assert world in queries(HELSINKI)
    assert world in queries(HONG_KONG)
    assert china in queries(HELSINKI, region=Region.CHINA)
    assert world in queries(SHANGHAI, region=Region.WORLD)
    assert not set(queries(SHANGHAI)) & set(queries(HELSINKI)) - {"v2"}


@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize("profile", list(Profile))
@pytest.mark.parametrize("door", [SHANGHAI, HELSINKI])
def test_every_phone_is_offered_three_or_four_apps_each_once(door, profile, system):
    links = [link for link in links_to(door, profile) if system in link.on]
    assert 3 <= len(links) <= 4
    assert len({link.app.into("en") for link in links}) == len(links)
