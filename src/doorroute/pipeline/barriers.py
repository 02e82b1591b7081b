"""The datum of barriers. GeoJSON is WGS 84; whether they lie on streets shows if that is true."""

from __future__ import annotations

from dataclasses import replace
from math import cos, radians
from typing import TYPE_CHECKING, Any, Final

from doorroute.model.place import Datum, DatumBy, GivenPoint, TakenDatum

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from doorroute.model.finding import Finding
    from doorroute.network import StreetNetwork
    from doorroute.network.barriers import Barrier
    from doorroute.network.compiling import Graph

_DEGREE_M: Final = 111_320.0
_REACH_M: Final = 15.0  # the accuracy of a gate or street drawn by hand
_UNITS: Final = 1e7  # of the graph's vertices, a degree


def datum_of_barriers(network: StreetNetwork, path: Path | None) -> TakenDatum | None:
    """Return the datum of the barriers in the file `path`; None if none is in mainland China."""
    from doorroute.geocode.datum import in_mainland
    from doorroute.network.barriers import read_barriers

    drawn = read_barriers(path) if path is not None else ()
    inside = [each for each in drawn if in_mainland(*_corners(each)[0])]
    if not inside:
        return None
    from doorroute.geocode.datum_guess import judge

    verdict = judge(_signs(network.graph, inside))
    return TakenDatum(
        source="barriers",
        datum=Datum.WGS84,
        by=DatumBy.FORMAT,
        rows=len(inside),
        witnesses=verdict.rows,
        metres=tuple(round(metres) for metres in verdict.metres),
        fits=verdict.datum or _would_touch(network, inside),
        mixed=verdict.mixed,
    )


def barrier_findings(taken: TakenDatum | None) -> tuple[Finding, ...]:
    """Return a note of the datum used, or a warning if the barriers look as if drawn on a Chinese map."""
    if taken is None:
        return ()
    from doorroute.geocode import DATUM_NAMES
    from doorroute.model.finding import Finding, FindingCode, Severity, warning
    from doorroute.texts import msg

    if taken.fits in {None, taken.datum}:
        message = msg(
            "{n} barriers are read as {datum}, like all GeoJSON.",
            n=taken.rows,
            datum=DATUM_NAMES[taken.datum],
        )
        advice = msg("Nothing to do.")
        code = FindingCode("DATUM_TAKEN")
        return (
            Finding(
                severity=Severity.NOTE,
                code=code,
                table="barriers",
                row=None,
                column="",
                message=message,
                advice=advice,
            ),
        )
    return (
        warning(
            code="BARRIERS_SHIFTED",
            table="barriers",
            message=msg(
                "The barriers are read as WGS 84, like all GeoJSON, but miss the streets. "
                "Read as {datum} (a Chinese map) they would lie on them.",
                datum=DATUM_NAMES[taken.fits],
            ),
            advice=msg(
                "Save them as WGS 84: draw them on an OpenStreetMap map, or convert them from {datum}.",
                datum=DATUM_NAMES[taken.fits],
            ),
        ),
    )


def _corners(barrier: Barrier) -> list[tuple[float, float]]:
    import shapely

    return [(float(lon), float(lat)) for lon, lat in shapely.get_coordinates(barrier.shape)]


def _read_in(points: NDArray[np.float64], datum: Datum) -> NDArray[np.float64]:
    """Return (n, 2) positions in degrees, given in `datum`, as WGS 84."""
    import numpy as np

    from doorroute.geocode.datum import to_wgs84

    read = [to_wgs84(GivenPoint(lon, lat, datum)) for lon, lat in points.tolist()]
    return np.asarray([(point.lon, point.lat) for point in read])


def _signs(graph: Graph, barriers: Sequence[Barrier]) -> list[list[Any]]:
    """Return the distances of gates and lines from the nearest street in each datum. Areas prove nothing."""
    import numpy as np
    import shapely

    from doorroute.geocode.datum_guess import DATUMS, Sign

    spots = [
        (str(each.number), corner) for each in barriers if each.shape.area == 0 for corner in _corners(each)
    ]
    if not spots:
        return []
    corners = np.array([corner for _, corner in spots])
    scale = np.array([cos(radians(float(corners[0, 1]))) * _DEGREE_M, _DEGREE_M])
    of_edge = np.repeat(np.arange(len(graph.vertex_ptr) - 1), np.diff(graph.vertex_ptr))
    streets = shapely.STRtree(shapely.linestrings(graph.vertex / _UNITS * scale, indices=of_edge))
    metres = [
        streets.query_nearest(
            shapely.points(_read_in(corners, datum) * scale), all_matches=False, return_distance=True
        )[1]
        for datum in DATUMS
    ]
    rows = np.transpose(metres).tolist()
    return [[Sign(name, tuple(row), _REACH_M)] for (name, _), row in zip(spots, rows, strict=True)]


def _would_touch(network: StreetNetwork, barriers: Sequence[Barrier]) -> Datum | None:
    """Return the Chinese datum in which most barriers touch a street, if none touches one in WGS 84."""
    import shapely

    from doorroute.network.barriers import work_in

    if {each.number for each in barriers} - set(network.idle_barriers):
        return None
    for datum in (Datum.GCJ02, Datum.BD09):
        shifted = [
            replace(
                each, shape=shapely.transform(each.shape, lambda points, read=datum: _read_in(points, read))
            )
            for each in barriers
        ]
        if len(work_in(network.graph, shifted)[1]) * 2 <= len(barriers):
            return datum
    return None
