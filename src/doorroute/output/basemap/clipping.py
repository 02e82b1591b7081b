"""Clip shapes at the edge of a map. Rounded outlines are not always valid; that must not stop a plan."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.errors import ShapelyError

FAULTS: Final = (ShapelyError, ArithmeticError, LookupError, TypeError, ValueError)
"""Errors that drawing real geometry may raise; a layer of the map is lost, not the plan."""


def clipped(shapes: NDArray[np.object_], box: tuple[float, float, float, float]) -> NDArray[np.object_]:
    """Return the parts of `shapes` inside `box` (west, south, east, north), shape by shape.

    An invalid outline does not raise. One that cannot be clipped at all is returned whole; the page hides
    what lies beyond the edge.
    """
    try:
        cut: NDArray[np.object_] = shapely.clip_by_rect(shapes, *box)
    except ShapelyError:
        cut = np.empty(len(shapes), dtype=object)
        cut[:] = [_one(shape, box) for shape in shapes]
    return cut


def _one(shape: shapely.Geometry, box: tuple[float, float, float, float]) -> shapely.Geometry:
    for cut in _cuts(shape, box):
        try:
            return cut()
        except ShapelyError:
            continue
    return shape


def _cuts(
    shape: shapely.Geometry, box: tuple[float, float, float, float]
) -> Iterator[Callable[[], shapely.Geometry]]:
    """Yield functions that clip one shape, the fastest first."""
    yield lambda: shapely.clip_by_rect(shape, *box)
    yield lambda: shapely.clip_by_rect(shapely.make_valid(shape), *box)
    yield lambda: shapely.intersection(shapely.make_valid(shape), shapely.box(*box))
    yield lambda: shapely.intersection(shapely.make_valid(shape), shapely.box(*box), grid_size=1.0)
