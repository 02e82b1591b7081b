"""Convert coordinates between WGS 84 and GCJ-02 or BD-09, the datums of maps of mainland China.

The shift is some 300 to 700 m and is applied only inside the outline of mainland China. A box would move Hong
Kong, Macau, Taiwan, Hanoi, Ulan Bator and Seoul. The source of the outline is in `mainland.json`.
"""

from __future__ import annotations

import json
import math
from functools import cache
from importlib import resources
from typing import Final

import shapely

from doorroute.model.place import Datum, GivenPoint, Point

# The published formulas of GCJ-02 (Krasovsky 1940), as in eviltransform, PRCoords and coordtransform.
_AXIS_M: Final = 6378245.0
_ECCENTRICITY_2: Final = 0.00669342162296594323
# BD-09 transforms GCJ-02 again; constants from the same sources.
_BAIDU_TURN: Final = math.pi * 3000.0 / 180.0
_BAIDU_LON, _BAIDU_LAT = 0.0065, 0.006

_CLOSE_DEG: Final = 1e-9  # 0.1 mm: accuracy of the inverse


def to_wgs84(given: GivenPoint, default: Datum = Datum.WGS84) -> Point:
    """Return `given` in WGS 84, to better than a centimetre; unchanged outside mainland China.

    `default` is its datum if it names none. Raises ValueError if the coordinates are not on the earth.
    """
    lon, lat = given.lon, given.lat
    datum = given.datum or default
    Point(lon, lat)  # raises ValueError if not on the earth
    if datum is Datum.BD09:
        lon, lat = _baidu_to_gcj(lon, lat) if in_mainland(lon, lat) else (lon, lat)
    if datum is not Datum.WGS84:
        lon, lat = _gcj_to_wgs(lon, lat)
    return Point(lon, lat)


def from_wgs84(point: Point, datum: Datum) -> GivenPoint:
    """Return `point` in `datum`; outside mainland China the coordinates are the same in all datums."""
    lon, lat = point.lon, point.lat
    if datum is not Datum.WGS84 and in_mainland(lon, lat):
        lon, lat = _wgs_to_gcj(lon, lat)
        if datum is Datum.BD09:
            lon, lat = _gcj_to_baidu(lon, lat)
    return GivenPoint(lon, lat, datum)


def in_mainland(lon: float, lat: float) -> bool:
    """Return whether a position (degrees) is in mainland China, including its waters."""
    return bool(shapely.contains_xy(_outline(), lon, lat))


@cache
def _outline() -> shapely.Polygon:
    outline = json.loads(
        resources.files("doorroute.geocode").joinpath("mainland.json").read_text(encoding="utf-8")
    )
    shell, *holes = outline["rings"]
    polygon = shapely.Polygon(shell, holes)
    shapely.prepare(polygon)
    return polygon


def _wgs_to_gcj(lon: float, lat: float) -> tuple[float, float]:
    x, y = lon - 105.0, lat - 35.0
    swing = 20.0 * math.sin(6.0 * x * math.pi) + 20.0 * math.sin(2.0 * x * math.pi)
    north_m = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x))
    north_m += (swing + 20.0 * math.sin(y * math.pi) + 40.0 * math.sin(y / 3.0 * math.pi)) * 2.0 / 3.0
    north_m += (160.0 * math.sin(y / 12.0 * math.pi) + 320.0 * math.sin(y * math.pi / 30.0)) * 2.0 / 3.0
    east_m = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x))
    east_m += (swing + 20.0 * math.sin(x * math.pi) + 40.0 * math.sin(x / 3.0 * math.pi)) * 2.0 / 3.0
    east_m += (150.0 * math.sin(x / 12.0 * math.pi) + 300.0 * math.sin(x / 30.0 * math.pi)) * 2.0 / 3.0
    phi = math.radians(lat)
    bulge = 1.0 - _ECCENTRICITY_2 * math.sin(phi) ** 2
    meridian_m = _AXIS_M * (1.0 - _ECCENTRICITY_2) / bulge**1.5
    parallel_m = _AXIS_M / math.sqrt(bulge) * math.cos(phi)
    return lon + math.degrees(east_m / parallel_m), lat + math.degrees(north_m / meridian_m)


def _gcj_to_wgs(lon: float, lat: float) -> tuple[float, float]:
    """Invert `_wgs_to_gcj` by fixed-point steps, each about a hundred times closer.

    Whether the shift applies is decided at the resulting WGS 84 position, because that is what was shifted.
    """
    guess_lon, guess_lat = lon, lat
    for _ in range(10):
        mapped_lon, mapped_lat = _wgs_to_gcj(guess_lon, guess_lat)
        off_lon, off_lat = lon - mapped_lon, lat - mapped_lat
        guess_lon, guess_lat = guess_lon + off_lon, guess_lat + off_lat
        if max(abs(off_lon), abs(off_lat)) < _CLOSE_DEG:
            break
    return (guess_lon, guess_lat) if in_mainland(guess_lon, guess_lat) else (lon, lat)


def _gcj_to_baidu(lon: float, lat: float) -> tuple[float, float]:
    radius = math.hypot(lon, lat) + 0.00002 * math.sin(lat * _BAIDU_TURN)
    angle = math.atan2(lat, lon) + 0.000003 * math.cos(lon * _BAIDU_TURN)
    return radius * math.cos(angle) + _BAIDU_LON, radius * math.sin(angle) + _BAIDU_LAT


def _baidu_to_gcj(lon: float, lat: float) -> tuple[float, float]:
    guess_lon, guess_lat = lon - _BAIDU_LON, lat - _BAIDU_LAT
    for _ in range(10):
        mapped_lon, mapped_lat = _gcj_to_baidu(guess_lon, guess_lat)
        off_lon, off_lat = lon - mapped_lon, lat - mapped_lat
        guess_lon, guess_lat = guess_lon + off_lon, guess_lat + off_lat
        if max(abs(off_lon), abs(off_lat)) < _CLOSE_DEG:
            break
    return guess_lon, guess_lat
