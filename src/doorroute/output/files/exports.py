"""The plan for other programs: GeoPackage and GeoJSON; and the findings as CSV.

The map files name visits only, no people.
"""

from __future__ import annotations

import errno
import json
import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from doorroute.disk.files import write_whole
from doorroute.disk.spreadsheet import write_csv
from doorroute.model.clock import clock
from doorroute.model.finding import Finding
from doorroute.model.grouped import is_skipped, worst_first
from doorroute.model.line import row_of
from doorroute.model.place import Point
from doorroute.output.views.routes import TeamRoute
from doorroute.texts import msg


def write_geojson(teams: Sequence[TeamRoute], path: Path) -> None:
    """Write routes and stops as one RFC 7946 collection, longitude first; `kind` is `route` or `stop`."""
    features = [
        {
            "type": "Feature",
            "properties": {"kind": kind, **properties},
            "geometry": {"type": shape, "coordinates": points},
        }
        for kind, shape, rows in (("route", "LineString", _routes(teams)), ("stop", "Point", _stops(teams)))
        for properties, points in rows
    ]
    collection = {"type": "FeatureCollection", "features": features}
    write_whole(
        path, json.dumps(collection, ensure_ascii=False, separators=(",", ":"), allow_nan=False) + "\n"
    )


def write_gpkg(teams: Sequence[TeamRoute], path: Path) -> None:
    """Write a GeoPackage with the layers `routes` (lines) and `stops` (points), EPSG:4326."""
    import geopandas as gpd  # slow to load
    import shapely
    from pyogrio.errors import DataLayerError, DataSourceError

    with tempfile.TemporaryDirectory(prefix="doorroute-") as folder:  # GDAL cannot open every path
        written = Path(folder) / "routes.gpkg"
        for name, shape, rows in (
            ("routes", shapely.LineString, tuple(_routes(teams))),
            ("stops", shapely.Point, tuple(_stops(teams))),
        ):
            columns = {key: [properties[key] for properties, _ in rows] for key in _FIELDS[name]}
            frame = gpd.GeoDataFrame(columns, geometry=[shape(points) for _, points in rows], crs="EPSG:4326")
            try:
                frame.to_file(written, layer=name, driver="GPKG", engine="pyogrio")
            except (DataSourceError, DataLayerError) as error:
                raise OSError(errno.EIO, os.strerror(errno.EIO), str(path)) from error
        write_whole(path, written.read_bytes())


def write_findings(findings: Sequence[Finding], path: Path, *, lang: str) -> None:
    """Write the findings as CSV, the worst first."""
    write_csv(path, (header.into(lang) for header in _FINDING), _finding_rows(findings, lang))


_FINDING: Final = (
    msg("severity"),
    msg("code"),
    msg("table"),
    msg("row"),
    msg("column"),
    msg("what was found"),
    msg("what to do"),
    msg("sheet"),
)


def _finding_rows(findings: Sequence[Finding], lang: str) -> Iterator[tuple[str | int, ...]]:
    for finding in worst_first(findings):
        yield (
            "skipped" if is_skipped(finding) else finding.severity.value,
            finding.code,
            finding.table,
            "" if finding.row is None else row_of(finding.row),
            finding.column,
            finding.message.into(lang),
            finding.advice.into(lang),
            finding.sheet,
        )


_FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "routes": (
        "team",
        "colour",
        "profile",
        "visits",
        "people",
        "start",
        "finish",
        "travel_s",
        "service_s",
        "waiting_s",
        "distance_m",
    ),
    "stops": ("team", "number", "visit", "people", "arrival", "begin", "departure", "windows"),
}


def _routes(teams: Sequence[TeamRoute]) -> Iterator[tuple[dict[str, object], list[list[float]]]]:
    for team in teams:
        route = team.route
        values = (
            team.name,
            team.look.colour,
            route.profile.value,
            len(team.stops),
            team.people,
            clock(route.start_s),
        )
        sums = (clock(route.finish_s), route.travel_s, route.service_s, route.waiting_s, route.distance_m)
        path = [_lon_lat(point) for point in team.path]
        yield dict(zip(_FIELDS["routes"], values + sums, strict=True)), path if len(path) > 1 else path * 2


def _stops(teams: Sequence[TeamRoute]) -> Iterator[tuple[dict[str, object], list[float]]]:
    for team in teams:
        for stop in team.stops:
            step = stop.step
            times = (clock(step.arrival_s), clock(step.start_service_s), clock(step.departure_s))
            values = (team.name, stop.number, stop.visit.id, stop.people, *times, stop.windows)
            yield dict(zip(_FIELDS["stops"], values, strict=True)), _lon_lat(stop.point)


def _lon_lat(point: Point) -> list[float]:
    return [round(point.lon, 7), round(point.lat, 7)]
