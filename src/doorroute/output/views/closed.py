"""Gates, streets and areas that are closed today, as the maps draw them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import shapely

from doorroute.model.team import Profile
from doorroute.network.barriers import read_barriers
from doorroute.texts import LANGUAGES, msg

CLOSED: Final = msg("closed today")


@dataclass(frozen=True, slots=True, eq=False)
class ClosedShape:
    """One shape of a barrier (a shapely point, line or polygon in degrees), and which profiles it stops."""

    shape: Any
    stops: frozenset[Profile]


def closed_today(barriers: Path | None) -> tuple[ClosedShape, ...]:
    """Read the shapes in a file of barriers.

    Raises
    ------
    BadInputError
        The file cannot be read.
    """
    return tuple(
        ClosedShape(part, barrier.stops)
        for barrier in (read_barriers(barriers) if barriers else ())
        for part in shapely.get_parts(barrier.shape)
        if part.geom_type in {"Point", "LineString", "Polygon"}
    )


def closed_data(shapes: Iterable[ClosedShape]) -> dict[str, object]:
    """Return what `frontend/lib/map/signs.js` draws: a label, and each shape as dimension and points."""
    drawn = []
    for each in dict.fromkeys(shapes):
        outline = shapely.get_exterior_ring(each.shape) if each.shape.geom_type == "Polygon" else each.shape
        points = [[round(lat, 6), round(lon, 6)] for lon, lat in shapely.get_coordinates(outline).tolist()]
        drawn.append([int(shapely.get_dimensions(each.shape)), points])
    return {"word": " · ".join(CLOSED.into(lang) for lang in LANGUAGES), "shapes": drawn}
