"""Links to navigation apps: three at most, each in the datum that the app expects, and nobody's name in them."""

from urllib.parse import parse_qs, urlsplit

import pytest

from doorroute.geocode.datum import to_wgs84
from doorroute.maps.navigation import links_to
from doorroute.model.place import Datum, GivenPoint, Point
from doorroute.model.team import Profile

SHANGHAI, HELSINKI, HONG_KONG = Point(121.4737, 31.2304), Point(24.94, 60.17), Point(114.16, 22.28)


def queries(door, profile=Profile.FOOT):
    return {urlsplit(href).netloc: parse_qs(urlsplit(href).query) for _, href in links_to(door, profile)}


def test_in_mainland_china_amap_gets_its_own_datum_and_tencent_is_told_which():
    links = queries(SHANGHAI)
    assert set(links) == {"uri.amap.com", "apis.map.qq.com", "osmand.net"}
    lon, lat = map(float, links["uri.amap.com"]["to"][0].split(","))
    assert abs(lon - SHANGHAI.lon) > 0.003  # some 400 m
    back = to_wgs84(GivenPoint(lon, lat, Datum.GCJ02))
    assert (back.lon, back.lat) == pytest.approx((SHANGHAI.lon, SHANGHAI.lat), abs=2e-6)
    tencent = links["apis.map.qq.com"]
    assert (tencent["tocoord"], tencent["coord_type"]) == (["31.230400,121.473700"], ["1"])
    assert links["osmand.net"]["finish"] == ["31.230400,121.473700"]


@pytest.mark.parametrize("door", [HELSINKI, HONG_KONG])
def test_elsewhere_nothing_is_shifted(door):
    links = queries(door)
    here = [f"{door.lat:.6f},{door.lon:.6f}"]
    assert (
        links["www.google.com"]["destination"]
        == links["maps.apple.com"]["daddr"]
        == links["osmand.net"]["finish"]
        == here
    )


@pytest.mark.parametrize("profile", list(Profile))
@pytest.mark.parametrize("door", [SHANGHAI, HELSINKI])
def test_every_way_of_going_has_three_links(door, profile):
    links = links_to(door, profile)
    assert len(links) == 3
    assert all(href.startswith("https://") for _, href in links)
