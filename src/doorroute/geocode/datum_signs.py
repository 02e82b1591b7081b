"""Find what an address names on the map, and the distance of a point from it in each datum."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import numpy as np
import shapely

from doorroute.geocode.datum import to_wgs84
from doorroute.geocode.datum_guess import DATUMS, Sign
from doorroute.geocode.find import find
from doorroute.geocode.index import AddressIndex
from doorroute.geocode.index_tables import HostKind
from doorroute.geocode.query import Query
from doorroute.geocode.spelling import folded, has_han, key, words
from doorroute.model.place import GivenPoint, Point, Precision

_SURE: Final = 0.9  # minimum score of a door
_LONGEST_NAME: Final = 8  # words
_DOOR_M, _STREET_M, _GROUND_M, _POINT_M = 40.0, 60.0, 60.0, 200.0
_ROAD: Final = ("路", "街", "道", "巷", "弄", "里", "条", "桥", "径", "胡同")
_OFFICE: Final = re.compile(r"街道|社区|居委|派出所|站")  # 南京西路街道 is a subdistrict, not a street


def signs_of(query: Query, point: GivenPoint, index: AddressIndex) -> list[Sign]:
    """Return what an address names: its door if mapped, else compounds and buildings, else streets."""
    read = [to_wgs84(GivenPoint(point.lon, point.lat, datum)) for datum in DATUMS]
    spots = shapely.points(index.plane(np.array([(spot.lon, spot.lat) for spot in read])))
    place = find(query.address, query.access, index).place
    if (
        place is not None
        and place.score >= _SURE
        and place.precision in {Precision.ENTRANCE, Precision.BUILDING}
    ):
        home = place.entrance_id.rpartition("|")[0]
        return [Sign(home, _metres(spots, _spot(place.point, index)), _DOOR_M)]
    hosts = set(_named(query.address + query.access.building, index))
    grounds = {host for host in hosts if index.host(host).kind != HostKind.STREET}
    return [
        Sign(index.host(host).keys[0], _metres(spots, index.shape(host)), _reach(host, index))
        for host in sorted(grounds or hosts)
    ]


def _metres(spots: shapely.Geometry, shape: shapely.Geometry) -> tuple[float, ...]:
    return tuple(shapely.distance(spots, shape).tolist())


def _spot(point: Point, index: AddressIndex) -> shapely.Geometry:
    return shapely.Point(index.plane(np.array([[point.lon, point.lat]]))[0])


def _reach(host: int, index: AddressIndex) -> float:
    kind = index.host(host).kind
    if kind == HostKind.BUILDING:
        return _DOOR_M
    return (_STREET_M if kind == HostKind.STREET else _GROUND_M) if index.drawn(host) else _POINT_M


def _named(text: str, index: AddressIndex) -> Iterator[int]:
    """Yield the hosts whose names are in `text`, the longest name at each position."""
    named = _names_in_han(key(text), index) if has_han(text) else _names_in_words(words(text), index)
    for name in named:
        yield from (host for host in index.named(name) if index.host(host).kind != HostKind.AREA)


def _names_in_han(text: str, index: AddressIndex) -> Iterator[str]:
    at = 0
    while at < len(text) - 1:
        name = next(
            (text[at:end] for end in range(len(text), at + 1, -1) if _is_name(text, at, end, index)), ""
        )
        if name:
            yield name
        at += len(name) or 1


def _is_name(text: str, at: int, end: int, index: AddressIndex) -> bool:
    """Return whether a part of `text` is a whole name; 人民 is not in 人民路."""
    name, rest = text[at:end], text[end:]
    if not index.named(name) or _OFFICE.match(rest):
        return False
    return name.endswith(_ROAD) or (len(name) >= 3 and not rest.startswith(_ROAD))


def _names_in_words(said: tuple[str, ...], index: AddressIndex) -> Iterator[str]:
    at = 0
    while at < len(said):
        ends = range(min(len(said), at + _LONGEST_NAME), at, -1)
        end = next((end for end in ends if index.named(folded("".join(said[at:end])))), 0)
        name = folded("".join(said[at:end])) if end else ""
        if len(name) >= 5:
            yield name
        at = end or at + 1
