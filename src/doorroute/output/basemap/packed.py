"""The base map inside a page, drawn from the extract, so that no tile server learns the addresses."""

from __future__ import annotations

import base64
import gzip
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from doorroute.model.place import Point
from doorroute.output.basemap.clipping import FAULTS, clipped
from doorroute.output.basemap.features import AREAS, UNIT_DEG, FeatureKind, Features, read_features
from doorroute.texts import LANGUAGES, msg

MARGIN_M: Final = 400
"""How far the base map extends beyond the outermost stop or street of a plan."""

_NEAR_ONLY: Final = frozenset(
    {
        FeatureKind.BUILDING,
        FeatureKind.PLAZA,
        FeatureKind.STEPS,
        FeatureKind.FOOT,
        FeatureKind.SERVICE,
        FeatureKind.NUMBER,
        FeatureKind.LANDMARK,
    }
)
"""Drawn only within the margin of the routes, so that a page for a whole district stays small."""

_METRES_PER_DEGREE: Final = 111_195  # of latitude, on a sphere of 6 371 km


NOT_DRAWN: Final = msg("Part of the map could not be drawn")
_NOTHING: Final = Features(np.array([], dtype=object), ())


@dataclass(frozen=True, eq=False)
class BaseMap:
    """All drawn features of an extract; read once, cut for each page.

    `faults` are the layers that could not be drawn completely.
    """

    layers: Mapping[FeatureKind, Features]
    faults: set[FeatureKind] = field(default_factory=set)

    def cut(self, points: Sequence[Point], margin_m: float = MARGIN_M) -> dict[str, object]:
        """Return the features within `margin_m` of `points` for a page's JSON: base64 of gzip of `pack`."""
        frame, packed = self.pack(points, margin_m)
        return {**frame, "data": base64.b64encode(gzip.compress(packed, 9, mtime=0)).decode()}

    def pack(self, points: Sequence[Point], margin_m: float = MARGIN_M) -> tuple[dict[str, object], bytes]:
        """Pack the features within `margin_m` of `points` (a route's stops and streets).

        Returns their frame as JSON values, and bytes: the names, each once, as UTF-8 lines after their length
        in bytes; then for each `FeatureKind` in order the number of features and of rings, and five columns:
        name of each feature (0 none, else 1 + its line), rings of each feature, points of each ring, and the
        steps east and north from point to point, beginning at `origin`. All numbers are unsigned LEB128
        varints; steps are zigzag encoded first, in `UNIT_DEG`.
        """
        around = _Around.of(points, margin_m)
        labels: dict[str, int] = {}
        columns = [column for kind in FeatureKind for column in self._packed(kind, around, labels)]
        names = "\n".join(labels).encode()
        packed = varints(np.array([len(names)])) + names + b"".join(varints(column) for column in columns)
        bounds = [round(unit * UNIT_DEG, 5) for unit in around.box]
        note = {"note": " · ".join(NOT_DRAWN.into(lang) for lang in LANGUAGES)} if self.faults else {}
        return {"origin": list(around.origin), "unit": UNIT_DEG, "bounds": bounds, **note}, packed

    def around(self, points: Sequence[Point], margin_m: float) -> dict[FeatureKind, Features]:
        """Return the features within `margin_m` of `points`; some reach beyond."""
        around = _Around.of(points, margin_m)
        return {kind: self._near(kind, around) for kind in FeatureKind}

    def _packed(self, kind: FeatureKind, around: _Around, labels: dict[str, int]) -> list[NDArray[np.int64]]:
        try:
            return list(_columns(self._near(kind, around), around.origin, labels))
        except FAULTS:
            self.faults.add(kind)
            return list(_columns(_NOTHING, around.origin, labels))

    def _near(self, kind: FeatureKind, around: _Around) -> Features:
        features = self.layers.get(kind)
        if features is None:
            return _NOTHING
        try:
            return self._cut_out(kind, features, around)
        except FAULTS:
            self.faults.add(kind)
            return _NOTHING

    def _cut_out(self, kind: FeatureKind, features: Features, around: _Around) -> Features:
        chosen = around.near(features.shapes) if kind in _NEAR_ONLY else around.inside(features.shapes)
        shapes = features.shapes[chosen]
        if kind not in _NEAR_ONLY:
            shapes = shapely.transform(clipped(shapes, around.box), np.rint)
        parts, of = shapely.get_parts(shapes, return_index=True)
        dimension = 2 if kind in AREAS else 0 if kind >= FeatureKind.NUMBER else 1
        whole = (shapely.get_dimensions(parts) == dimension) & ~shapely.is_empty(parts)
        parts, of = parts[whole], of[whole]
        order = _near_each_other(parts)
        return Features(parts[order], tuple(features.names[i] for i in chosen[of[order]]))


def read_base_map(extract: Path) -> BaseMap:
    """Read the base map of `extract`.

    Raises
    ------
    BadInputError
        The extract cannot be read.
    """
    return BaseMap(read_features(extract))


@dataclass(frozen=True)
class _Around:
    """The surroundings of a plan in units: `box` (west, south, east, north), `squares` around its points."""

    box: tuple[int, int, int, int]
    squares: NDArray[np.object_]

    @classmethod
    def of(cls, points: Sequence[Point], margin_m: float) -> _Around:
        here = np.array([(point.lon, point.lat) for point in points]) / UNIT_DEG
        north = margin_m / _METRES_PER_DEGREE / UNIT_DEG
        east = north / math.cos(math.radians(float(np.mean(here[:, 1])) * UNIT_DEG))
        margin = np.array([east, north])
        # one square for each grid cell instead of each point of the route: fewer, with the same result
        low = np.unique(np.floor(here / margin * 4), axis=0) * margin / 4
        squares = shapely.box(*(low - margin).T, *(low + margin * 1.25).T)
        return cls(_whole(here.min(axis=0) - margin, here.max(axis=0) + margin), squares)

    @property
    def origin(self) -> tuple[int, int]:
        return self.box[0], self.box[1]

    def inside(self, shapes: NDArray[np.object_]) -> NDArray[np.intp]:
        """Return which shapes reach into the box."""
        west, south, east, north = shapely.bounds(shapes).T
        reach = (
            (west <= self.box[2]) & (east >= self.box[0]) & (south <= self.box[3]) & (north >= self.box[1])
        )
        return np.flatnonzero(reach)

    def near(self, shapes: NDArray[np.object_]) -> NDArray[np.intp]:
        """Return which shapes reach into one of the squares."""
        return np.unique(shapely.STRtree(shapes).query(self.squares)[1])


def _whole(low: NDArray[np.float64], high: NDArray[np.float64]) -> tuple[int, int, int, int]:
    return math.floor(low[0]), math.floor(low[1]), math.ceil(high[0]), math.ceil(high[1])


def _near_each_other(shapes: NDArray[np.object_]) -> NDArray[np.intp]:
    """Return an order (a Z curve) in which neighbours follow each other, so that steps are small."""
    if not len(shapes):
        return np.array([], dtype=np.intp)
    corner = shapely.bounds(shapes)[:, :2]
    cell = ((corner - corner.min(axis=0)) / 64).astype(np.uint64)
    key = np.zeros(len(shapes), dtype=np.uint64)
    for bit in range(20):
        for axis in (0, 1):
            key |= ((cell[:, axis] >> np.uint64(bit)) & np.uint64(1)) << np.uint64(2 * bit + axis)
    return np.argsort(key, kind="stable")


def _columns(
    features: Features, origin: tuple[int, int], labels: dict[str, int]
) -> Iterable[NDArray[np.int64]]:
    """Yield the columns of one layer; new names are added to `labels`."""
    names = [labels.setdefault(name, len(labels)) + 1 if name else 0 for name in features.names]
    shapes = features.shapes
    polygon = shapely.get_dimensions(shapes) == 2
    lines, of = (
        (shapely.get_rings(shapes, return_index=True)) if polygon.any() else (shapes, np.arange(len(shapes)))
    )
    points, ring = shapely.get_coordinates(lines, return_index=True)
    if polygon.any():  # the last point of a ring repeats its first
        keep = np.append(ring[1:] == ring[:-1], False)
        points, ring = points[keep], ring[keep]
    steps = np.diff(points.astype(np.int64), axis=0, prepend=np.array([origin]))
    zigzag = (steps << 1) ^ (steps >> 63)
    yield np.array([len(shapes), len(lines)])
    yield np.array(names, dtype=np.int64)
    yield np.bincount(of, minlength=len(shapes))
    yield np.bincount(ring, minlength=len(lines))
    yield zigzag[:, 0]
    yield zigzag[:, 1]


def varints(values: NDArray[np.int64]) -> bytes:
    """Encode non-negative numbers as unsigned LEB128.

    Each byte has 7 bits, the lowest first; the high bit is set except on the last byte.
    """
    rest = values.astype(np.uint64)
    sevens = rest[:, None] >> (np.arange(0, 42, 7, dtype=np.uint64))
    used = np.maximum((sevens > 0).sum(axis=1), 1)
    place = np.arange(6)
    octets = (sevens & np.uint64(0x7F)).astype(np.uint8) | np.where(
        place < used[:, None] - 1, 0x80, 0
    ).astype(np.uint8)
    packed: bytes = octets[place < used[:, None]].tobytes()
    return packed
