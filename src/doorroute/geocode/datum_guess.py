"""Tells when coordinates that name no datum lie much better in another one than in that which they are taken in."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from typing import Final

from doorroute.geocode.datum import in_mainland, to_wgs84
from doorroute.geocode.index import AddressIndex
from doorroute.model.finding import Finding, warning
from doorroute.model.place import Datum, GivenPoint, Point
from doorroute.texts import msg

_MUCH_NEARER: Final = (
    0.5  # of the distance in the datum taken; chance alone does not halve the median of several points
)
_FAR_M: Final = 30  # nearer than this to the streets nothing is wrong
_NAMES: Final = {Datum.WGS84: "WGS 84", Datum.GCJ02: "GCJ-02", Datum.BD09: "BD-09"}


def doubtful_datum(
    given: Sequence[GivenPoint], doors: Sequence[tuple[GivenPoint, Point]], index: AddressIndex, taken: Datum
) -> list[Finding]:
    """Return a finding where coordinates without a datum fit another one than `taken`: nothing is converted in silence.

    `given` are the coordinates that name none; `doors` those of them whose address was found, with the door. Doors are the better
    witness; without them it is how far the points lie from the nearest street. Outside mainland China all datums are one.
    """
    inside = [point for point in given if _valid(point) and in_mainland(point.lon, point.lat)]
    if not inside:
        return []
    if doors:
        away = {
            datum: median(index.metres(_in(point, datum), door) for point, door in doors if _valid(point))
            for datum in Datum
        }
    else:
        away = {datum: index.metres_to_street([_in(point, datum) for point in inside]) for datum in Datum}
    best = min(away, key=lambda datum: away[datum])
    if away[taken] < _FAR_M or away[best] > _MUCH_NEARER * away[taken]:
        return []
    where = msg("the addresses of their rows") if doors else msg("the nearest street")
    taken_name, best_name = _NAMES[taken], _NAMES[best]
    message = msg(
        "{n} coordinates name no datum. As {taken} they lie {far} m from {where}, as {best} {near} m. They were taken as {taken}.",
        n=len(inside),
        taken=taken_name,
        best=best_name,
        far=round(away[taken]),
        near=round(away[best]),
        where=where,
    )
    advice = msg(
        'If they are {best}, write {code} in a column named datum, or set datum = "{code}" in the settings.',
        best=best_name,
        code=best.value,
    )
    return [
        warning(
            code="DATUM_DOUBTFUL",
            table="residents",
            column="datum",
            message=message,
            advice=advice,
        )
    ]


def _in(point: GivenPoint, datum: Datum) -> Point:
    return to_wgs84(GivenPoint(point.lon, point.lat, datum))


def _valid(point: GivenPoint) -> bool:
    return -180 <= point.lon <= 180 and -90 <= point.lat <= 90
