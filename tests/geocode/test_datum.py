"""Datums against published values, there and back, and at the borders."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorroute.geocode.datum import from_wgs84, in_mainland, to_wgs84
from doorroute.model.place import Datum, GivenPoint, Point

# Published with googollee/eviltransform: WGS 84 and GCJ-02 of Shanghai, Shenzhen, Beijing.
WGS_AND_GCJ = [
    ((121.5272106, 31.1774276), (121.531541859215, 31.17530398364597)),
    ((113.912316, 22.543847), (113.9171764808363, 22.540796131694766)),
    ((116.377817, 39.911954), (116.38404722455657, 39.91334545536069)),
]
# Published with coordtransform: one place in WGS 84, GCJ-02 and BD-09.
TIANANMEN_WGS, TIANANMEN_GCJ = (116.404, 39.915), (116.41024449916938, 39.91640428150164)
A_GCJ, ITS_BD = (116.404, 39.915), (116.41036949371029, 39.92133699351021)


@pytest.mark.parametrize(("wgs", "gcj"), [*WGS_AND_GCJ, (TIANANMEN_WGS, TIANANMEN_GCJ)])
def test_gcj02_is_as_published_and_comes_back_to_the_millimetre(wgs, gcj):
    shifted = from_wgs84(Point(*wgs), Datum.GCJ02)
    assert (shifted.lon, shifted.lat) == pytest.approx(gcj, abs=1e-9)
    back = to_wgs84(GivenPoint(*gcj, Datum.GCJ02))
    assert (back.lon, back.lat) == pytest.approx(wgs, abs=1e-8)


def test_bd09_is_as_published():
    wgs = to_wgs84(GivenPoint(*A_GCJ, Datum.GCJ02))
    shifted = from_wgs84(wgs, Datum.BD09)
    assert (shifted.lon, shifted.lat) == pytest.approx(ITS_BD, abs=1e-8)
    back = to_wgs84(GivenPoint(*ITS_BD, Datum.BD09))
    assert (back.lon, back.lat) == pytest.approx((wgs.lon, wgs.lat), abs=1e-8)


@given(lon=st.floats(103, 117), lat=st.floats(25, 40), datum=st.sampled_from([Datum.GCJ02, Datum.BD09]))
def test_every_point_well_inside_comes_back(lon, lat, datum):
    back = to_wgs84(from_wgs84(Point(lon, lat), datum))
    assert math.hypot(back.lon - lon, back.lat - lat) < 1e-7  # a centimetre


@pytest.mark.parametrize(
    "place",
    [(114.170, 22.280), (114.130, 22.510), (113.540, 22.190), (121.50, 25.04), (118.32, 24.43), (127.0, 37.5),
     (124.4, 40.09), (106.9, 47.9), (103.97, 22.48), (24.94, 60.17)],
    ids=["Hong Kong", "Sheung Shui", "Macau", "Taipei", "Kinmen", "Seoul", "Sinuiju", "Ulan Bator", "Lao Cai",
    "Helsinki"],
)  # fmt: skip
def test_nothing_is_shifted_outside_mainland_china(place):
    assert not in_mainland(*place)
    for datum in Datum:
        shifted = from_wgs84(Point(*place), datum)
        assert (shifted.lon, shifted.lat) == place
        back = to_wgs84(GivenPoint(*place, datum))
        assert (back.lon, back.lat) == place


@pytest.mark.parametrize(
    "place", [(114.117, 22.535), (113.55, 22.222), (124.38, 40.12), (110.35, 20.02), (87.6, 43.8)]
)
def test_border_towns_of_the_mainland_are_inside(place):
    assert in_mainland(*place)


def test_coordinates_without_a_datum_are_taken_in_the_default_one():
    lon, lat = TIANANMEN_GCJ
    assert to_wgs84(GivenPoint(lon, lat)) == Point(lon, lat)
    assert to_wgs84(GivenPoint(lon, lat), Datum.GCJ02).lon == pytest.approx(TIANANMEN_WGS[0], abs=1e-8)


@pytest.mark.parametrize("broken", [(181.0, 0.0), (0.0, 91.0), (math.nan, 0.0), (0.0, math.inf)])
@pytest.mark.parametrize("datum", list(Datum))
def test_coordinates_off_the_earth_are_refused(broken, datum):
    with pytest.raises(ValueError, match="a point needs"):
        to_wgs84(GivenPoint(*broken, datum))
