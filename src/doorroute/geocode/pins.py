"""Pins: places that someone confirmed, kept in a csv file and not asked about again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Final

from doorroute.disk.spreadsheet import Digits, unescaped, write_csv
from doorroute.errors import BadInputError
from doorroute.geocode.datum import to_wgs84
from doorroute.geocode.known_places import GAZETTEER, PIN, KnownPlace, KnownPlaces
from doorroute.geocode.small_tables import read_rows
from doorroute.geocode.understood import understand_address
from doorroute.model.finding import Finding, warning
from doorroute.model.place import Access, Datum, GivenPoint, Precision, named_datum
from doorroute.texts import msg

PIN_COLUMNS: Final = ("address", "building", "unit", "lon", "lat", "datum", "who", "when", "understood")
_COLUMNS: Final = {
    "address": ("地址", "住址", "full address"),
    "compound": ("小区", "小区名称", "村", "site", "estate"),
    "street": ("街道名", "道路", "road"),
    "number": ("门牌", "门牌号", "housenumber", "house number", "addr:housenumber"),
    "building": ("楼栋", "楼号", "栋", "楼", "block"),
    "unit": ("单元", "entrance", "stairwell"),
    "town": ("city", "城市", "place", "addr:city"),
    "postcode": ("邮编", "addr:postcode", "zip"),
    "lon": ("经度", "longitude", "lng", "x"),
    "lat": ("纬度", "latitude", "y"),
    "datum": ("坐标系", "crs", "坐标系统"),
    "who": ("谁", "确认人", "by"),
    "when": ("日期", "时间", "确认日期", "on", "date"),
    "understood": (),
}


def read_pins(path: Path, *, source: str = PIN) -> tuple[KnownPlaces, tuple[Finding, ...]]:
    """Read confirmed pins: address, lon, lat and, if known, building, unit, datum, who and when.

    A missing file has no pins. A row that cannot be used is reported and left out. Raises BadInputError if
    the file cannot be read or lacks these columns.
    """
    if not path.exists():
        return KnownPlaces(source, ()), ()
    rows = read_rows(path, _COLUMNS)
    if rows and not any({"lon", "lat"} <= row.keys() for _, row in rows):
        raise BadInputError(
            "NO_POSITIONS",
            msg("The table {file} has no columns lon and lat.", file=path.name),
            msg(
                "Name the columns address (or compound and building), lon and lat; datum if it is not WGS 84."
            ),
        )
    places: list[KnownPlace] = []
    findings: list[Finding] = []
    for line, row in rows:
        place = _place(row, source)
        if place is None:
            findings.append(_unusable(line, source))
        else:
            places.append(place)
    return KnownPlaces(source, places), tuple(findings)


def read_gazetteer(path: Path) -> tuple[KnownPlaces, tuple[Finding, ...]]:
    """Read the user's own places (csv, xlsx, GeoPackage), each with a point.

    An address is compound and building, street and number, or a whole address.
    """
    if not path.exists():
        raise BadInputError(
            "GAZETTEER_MISSING",
            msg("{file} was not found.", file=path.name),
            msg("Check the name and the folder."),
        )
    return read_pins(path, source=GAZETTEER)


def _place(row: Mapping[str, str], source: str) -> KnownPlace | None:
    row = {name: unescaped(cell) for name, cell in row.items()}
    address = row.get("address") or _put_together(row)
    own = not row.get("address")
    access = Access(building="" if own else row.get("building", ""), unit=row.get("unit", ""))
    try:
        given = GivenPoint(float(row["lon"]), float(row["lat"]), _datum(row.get("datum", "")))
        point = to_wgs84(given)
    except (ValueError, KeyError):
        return None
    if not (address or access.building):
        return None
    precision = (
        Precision.GIVEN if source == PIN else Precision.ENTRANCE if access.unit else Precision.BUILDING
    )
    return KnownPlace(
        address=address,
        point=point,
        access=access,
        who=row.get("who", ""),
        when=row.get("when", ""),
        precision=precision,
        given=given,
    )


def _datum(cell: str) -> Datum | None:
    word = cell.casefold().replace("-", "").replace(" ", "")
    return named_datum(word) if word else None


def _put_together(row: Mapping[str, str]) -> str:
    compound, building = row.get("compound", ""), row.get("building", "")
    if compound:
        return f"{compound}{building}" + ("号楼" if building[-1:].isalnum() and building.isascii() else "")
    street = " ".join(filter(None, (row.get("street", ""), row.get("number", ""))))
    return ", ".join(
        filter(None, (street, " ".join(filter(None, (row.get("postcode", ""), row.get("town", ""))))))
    )


def _unusable(line: int, source: str) -> Finding:
    return warning(
        code="PIN_UNUSABLE",
        table="pins" if source == PIN else "gazetteer",
        row=line,
        message=msg("This place has no address, or no position on the earth; it is ignored."),
        advice=msg("Give it an address, lon and lat in degrees, and a datum: wgs84, gcj02 or bd09."),
    )


def write_pins(path: Path, places: Iterable[KnownPlace]) -> None:
    """Write pins as csv."""
    write_csv(path, PIN_COLUMNS, map(_cells, places))


def _cells(place: KnownPlace) -> tuple[str, ...]:
    lon, lat, datum = position_of(place)
    understood = str(understand_address(place.address, place.access))
    where = (place.address, place.access.building, place.access.unit)
    return (*where, Digits(lon), Digits(lat), datum, place.who, place.when, understood)


def position_of(place: KnownPlace) -> tuple[str, str, str]:
    """Return lon, lat and datum to write: the coordinates as their table has them.

    Coordinates without a datum are not written as WGS 84.
    """
    given = place.given or GivenPoint(place.point.lon, place.point.lat, Datum.WGS84)
    return f"{given.lon:.7f}", f"{given.lat:.7f}", given.datum or ""


def add_pins(path: Path, confirmed: Iterable[KnownPlace], *, on: date) -> KnownPlaces:
    """Add confirmed places to the pins at `path`, with the date; they replace pins with the same words.

    Returns all pins.
    """
    known, _ = read_pins(path)
    stamped = [place if place.when else replace(place, when=on.isoformat()) for place in confirmed]
    merged = KnownPlaces(PIN, [*known.places, *stamped])
    write_pins(path, merged.current)
    return merged
