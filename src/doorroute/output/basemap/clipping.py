"""Cuts shapes at the edge of a map. Real outlines, once rounded, are not always valid: that may not stop a plan."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.errors import ShapelyError

FAULTS: Final = (ShapelyError, ArithmeticError, LookupError, TypeError, ValueError)
"""What drawing real geometry may raise; it costs a layer of a map, not the plan."""


def clipped(shapes: NDArray[np.object_], box: tuple[float, float, float, float]) -> NDArray[np.object_]:
    """Return the parts of `shapes` inside `box` (west, south, east, north), shape by shape.

    An outline that is not valid does not raise; one that no way cuts stays whole: it reaches over the edge, which hides it.
    """
    try:
        cut: NDArray[np.object_] = shapely.clip_by_rect(shapes, *box)
    except ShapelyError:
        cut = np.empty(len(shapes), dtype=object)
        cut[:] = [_one(shape, box) for shape in shapes]
    return cut


def _one(shape: shapely.Geometry, box: tuple[float, float, float, float]) -> shapely.Geometry:
    for way in _ways(shape, box):
        try:
            return way()
        except ShapelyError:
            continue
    return shape


def _ways(
    shape: shapely.Geometry, box: tuple[float, float, float, float]
) -> Iterator[Callable[[], shapely.Geometry]]:
    """Yield the ways to cut one shape, the quickest first."""
    yield lambda: shapely.clip_by_rect(shape, *box)
    yield lambda: shapely.clip_by_rect(shapely.make_valid(shape), *box)
    yield lambda: shapely.intersection(shapely.make_valid(shape), shapely.box(*box))
    yield lambda: shapely.intersection(shapely.make_valid(shape), shapely.box(*box), grid_size=1.0)
