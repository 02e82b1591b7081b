"""The coordinates of a row, from two columns or one, with their datum."""

from __future__ import annotations

import re
from typing import Final

from doorroute.intake import coordinates, values
from doorroute.intake.row_reader import RejectedRowError, RowReader
from doorroute.model.place import GivenPoint
from doorroute.texts import msg

_ORDER: Final = re.compile(r"经.*纬|lon.*lat|lng.*lat", re.IGNORECASE)


def given_point(reader: RowReader) -> GivenPoint | None:
    """Return the point of the row, or None; coordinates that cannot be read give a finding.

    Raises RejectedRowError, OFF_EARTH: the other cells of such a row may be wrong too.
    """
    pair, column = _pair(reader)
    if pair is None:
        return None
    try:
        found = coordinates.lon_lat(*pair)
    except coordinates.OffEarthError:
        raise RejectedRowError(
            "OFF_EARTH",
            column,
            msg("The coordinates are not on the earth."),
            msg("Correct longitude and latitude, or clear them and give an address."),
        ) from None
    except ValueError:
        _unreadable(reader, column)
        return None
    if found is None:
        reader.findings.warn(
            "COORDINATES_ZERO",
            reader.row.number,
            column,
            msg("The coordinates are 0, 0, which is in the ocean; they are ignored."),
            msg("Clear them, or enter the right ones."),
        )
        return None
    if found.swapped:
        reader.findings.warn(
            "COORDINATES_SWAPPED",
            reader.row.number,
            column,
            msg("Longitude and latitude are the wrong way round; they were swapped."),
            msg("Check the door on the map, and swap them in the sheet."),
        )
    datum = reader.read(
        "datum",
        values.datum,
        None,
        msg("The datum of the coordinates could not be read; it is ignored."),
        msg("Write wgs84, gcj02 or bd09."),
    )
    return GivenPoint(found.lon, found.lat, datum or values.datum_in(column))


def _pair(reader: RowReader) -> tuple[tuple[str, str] | None, str]:
    """Return longitude and latitude as texts, None unless both are there, and the header for findings."""
    lon, lon_header = reader.cell("lon")
    lat, lat_header = reader.cell("lat")
    if lon is not None and lat is not None:
        text = values.text_of(lat)
        return (values.text_of(lon), text), lat_header
    for field, lat_first in (("lonlat", False), ("latlon", True)):
        cell, header = reader.cell(field)
        if cell is not None:
            try:
                return coordinates.split_pair(
                    values.text_of(cell), lat_first=lat_first, order_said=bool(_ORDER.search(header))
                ), header
            except ValueError:
                _unreadable(reader, header)
                return None, header
    if lon is not None or lat is not None:
        _unreadable(reader, lon_header if lat is not None else lat_header)
    return None, ""


def _unreadable(reader: RowReader, column: str) -> None:
    reader.findings.warn(
        "COORDINATES_UNREADABLE",
        reader.row.number,
        column,
        msg("The coordinates could not be read; they are ignored."),
        msg("Give longitude and latitude in degrees, such as 24.9414 and 60.1699."),
    )
