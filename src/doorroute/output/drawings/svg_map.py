"""Draw a route on its streets as an SVG for paper: black on white, with a frame that fits the route."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import shapely
from markupsafe import Markup, escape
from numpy.typing import NDArray

from doorroute.model.place import Point
from doorroute.output.basemap.clipping import FAULTS, clipped
from doorroute.output.basemap.features import UNIT_DEG, FeatureKind, Features
from doorroute.output.basemap.packed import NOT_DRAWN, BaseMap
from doorroute.output.views.markup import trusted
from doorroute.output.views.routes import TeamRoute, pin_label, pins
from doorroute.texts import msg

WIDEST_MM: Final = 186.0  # A4 between margins
HIGHEST_MM: Final = 150.0
_NARROWEST_MM: Final = 84.0
_LOWEST_MM: Final = 62.0
_MARGIN_M: Final = 60.0
_LEAST_M: Final = 160.0  # a route of one stop still shows the streets around it
_METRES_PER_DEGREE: Final = 111_195  # of latitude, on a sphere of 6 371 km
_RADIUS_MM: Final = 2.9
_ARROW_MM: Final = 17.0

# pale, to save ink and to make the route visible on a black-and-white printer: fill or line, and width in mm
AREA_FILLS: Final[Mapping[FeatureKind, str]] = {
    FeatureKind.GREEN: "#edf3e6",
    FeatureKind.WOOD: "#e3ecd9",
    FeatureKind.WATER: "#dbe8f0",
    FeatureKind.PLAZA: "#f1efea",
    FeatureKind.BUILDING: "#e3e0db",
}
_LINES: Final[Mapping[FeatureKind, tuple[str, float]]] = {
    FeatureKind.STREAM: ("#b9d3e2", 0.5),
    FeatureKind.RAIL: ("#bdbab5", 0.3),
    FeatureKind.FOOT: ("#c9c3b8", 0.22),
    FeatureKind.STEPS: ("#a89f90", 0.4),
}
_STREETS: Final[Mapping[FeatureKind, float]] = {
    FeatureKind.SERVICE: 0.9,
    FeatureKind.MINOR: 1.7,
    FeatureKind.MAJOR: 2.3,
    FeatureKind.TRUNK: 2.7,
}
_TEXT_MM: Final = 2.3
_STEP_MM: Final = 1.5
_CLEAR_MM: Final = 2.3
_NOTE_MM: Final = 5.0


@dataclass(frozen=True, slots=True)
class Frame:
    """The area on the paper: north-western corner in degrees, size in mm, scales in mm a degree."""

    west: float
    north: float
    wide_mm: float
    high_mm: float
    east_scale: float
    north_scale: float

    @classmethod
    def of(cls, points: Sequence[Point]) -> Frame:
        """Fit the paper to the points, with a margin."""
        lons, lats = [point.lon for point in points], [point.lat for point in points]
        lat = (min(lats) + max(lats)) / 2
        lon = (min(lons) + max(lons)) / 2
        per_lon = _METRES_PER_DEGREE * math.cos(math.radians(lat))
        wide_m = max((max(lons) - min(lons)) * per_lon + 2 * _MARGIN_M, _LEAST_M)
        high_m = max((max(lats) - min(lats)) * _METRES_PER_DEGREE + 2 * _MARGIN_M, _LEAST_M)
        per_m = min(WIDEST_MM / wide_m, HIGHEST_MM / high_m)
        wide, high = max(wide_m * per_m, _NARROWEST_MM), max(high_m * per_m, _LOWEST_MM)
        west, north = lon - wide / per_m / per_lon / 2, lat + high / per_m / _METRES_PER_DEGREE / 2
        return cls(west, north, wide, high, per_lon * per_m, _METRES_PER_DEGREE * per_m)

    @property
    def mm_per_m(self) -> float:
        """Return the scale in millimetres a metre."""
        return self.north_scale / _METRES_PER_DEGREE

    def on_paper(self, degrees: NDArray[np.float64]) -> NDArray[np.float64]:
        """Convert (n, 2) longitudes and latitudes into millimetres from the upper left corner."""
        x = (degrees[:, 0] - self.west) * self.east_scale
        y = (self.north - degrees[:, 1]) * self.north_scale
        return np.column_stack([x, y])

    def at(self, point: Point) -> tuple[float, float]:
        """Return the position of `point` on the paper, in millimetres."""
        (x, y) = self.on_paper(np.array([[point.lon, point.lat]]))[0]
        return float(x), float(y)


def drawing(team: TeamRoute, base_map: BaseMap, *, lang: str = "en") -> tuple[Markup, float]:
    """Return `svg_map`, without the base map if it cannot be drawn, or a note if nothing can."""
    try:
        return svg_map(team, base_map, lang=lang)
    except FAULTS:
        base_map.faults.update(base_map.layers)
    try:
        return svg_map(team, BaseMap({}, base_map.faults), lang=lang)
    except FAULTS:
        return _framed([_note(lang)], _NARROWEST_MM, 2 * _NOTE_MM, lang), _NARROWEST_MM


def svg_map(team: TeamRoute, base_map: BaseMap, *, lang: str = "en") -> tuple[Markup, float]:
    """Draw the route; return the SVG and its width in millimetres.

    No text of the input is in it but the streets' names of the extract: stops are numbers.
    """
    frame = Frame.of(team.points)
    layers = base_map.around(
        team.points, _MARGIN_M * 2 + max(frame.wide_mm, frame.high_mm) / frame.mm_per_m / 2
    )
    parts = [
        *_ground(layers, frame),
        *_route(team, frame),
        *_closed(team, frame),
        *_names(layers, frame, _sampled(team, frame)),
        *_stops(team, frame),
        *scale(frame),
        *([_note(lang)] if base_map.faults else []),
    ]
    return _framed(parts, frame.wide_mm, frame.high_mm, lang), frame.wide_mm


def _note(lang: str) -> str:
    return f'<text x="4" y="{_NOTE_MM}" class="scale">{escape(NOT_DRAWN.into(lang))}</text>'


def _framed(parts: Sequence[str], wide_mm: float, high_mm: float, lang: str) -> Markup:
    title = msg("Map of the route").into(lang)
    size = f"{wide_mm:.1f}mm", f"{high_mm:.1f}mm"
    head = (
        f'<svg class="map" xmlns="http://www.w3.org/2000/svg" width="{size[0]}" height="{size[1]}" '
        f'viewBox="0 0 {wide_mm:.1f} {high_mm:.1f}" role="img" aria-label="{escape(title)}">'
    )
    return trusted(f"{head}{''.join(parts)}</svg>")  # names are escaped where they are written


def path_data(lines: NDArray[np.object_], frame: Frame, *, closed: bool = False) -> str:
    """Return lines or rings as SVG path data, in 0.1 mm."""
    points, of = shapely.get_coordinates(lines, return_index=True)
    if not len(points):
        return ""
    tenths = np.rint(frame.on_paper(points * UNIT_DEG) * 10).astype(int)
    first = np.flatnonzero(np.append(True, of[1:] != of[:-1]))
    steps = np.diff(tenths, axis=0, prepend=0)
    visible = np.any(steps != 0, axis=1)
    visible[first] = False
    moved = np.array([f"{x} {y} " for x, y in steps.tolist()], dtype=object)
    pieces = []
    for start, end in pairwise([*first, len(of)]):
        line = "".join(moved[start:end][visible[start:end]])
        pieces.append(f"M{tenths[start, 0]} {tenths[start, 1]}l{line}{'z' if closed else ''}" if line else "")
    return "".join(pieces)


def drawn(path: str, style: str) -> str:
    """Return a path element with the data of `path_data`, or nothing if it is empty."""
    return f'<path transform="scale(.1)" d="{path}" {style}/>' if path else ""


def inside(features: Features, frame: Frame) -> NDArray[np.object_]:
    """Clip the features at the frame."""
    west, north = frame.west, frame.north
    east, south = west + frame.wide_mm / frame.east_scale, north - frame.high_mm / frame.north_scale
    return clipped(features.shapes, (west / UNIT_DEG, south / UNIT_DEG, east / UNIT_DEG, north / UNIT_DEG))


def _ground(layers: Mapping[FeatureKind, Features], frame: Frame) -> Iterator[str]:
    for kind, fill in AREA_FILLS.items():
        rings = shapely.get_rings(shapely.get_parts(inside(layers[kind], frame)))
        edge = ' stroke="#c4bfb6" stroke-width="1.2"' if kind is FeatureKind.BUILDING else ""
        yield drawn(path_data(rings, frame, closed=True), f'fill="{fill}" fill-rule="evenodd"{edge}')
    style = 'fill="none" stroke-linecap="round" stroke-linejoin="round"'
    for kind, (colour, width) in _LINES.items():
        yield drawn(
            path_data(_lines(layers[kind], frame), frame),
            f'{style} stroke="{colour}" stroke-width="{width * 10}"',
        )
    paths = {kind: path_data(_lines(layers[kind], frame), frame) for kind in _STREETS}
    for colour, more in (("#b5afa5", 0.5), ("#ffffff", 0.0)):
        for kind, width in _STREETS.items():
            yield drawn(paths[kind], f'{style} stroke="{colour}" stroke-width="{(width + more) * 10:.0f}"')


def _lines(features: Features, frame: Frame) -> NDArray[np.object_]:
    parts = shapely.get_parts(inside(features, frame))
    lines: NDArray[np.object_] = parts[shapely.get_dimensions(parts) == 1]
    return lines


def _sampled(team: TeamRoute, frame: Frame) -> NDArray[np.float64]:
    """Return points (n, 2) along the route and at its stops, to keep free of names."""
    points = frame.on_paper(np.array([(point.lon, point.lat) for point in (*team.path, team.path[-1])]))
    line = shapely.LineString(points)
    along = shapely.line_interpolate_point(line, np.arange(0, line.length + _STEP_MM, _STEP_MM))
    stops = np.array([frame.at(stop.point) for stop in team.stops]).reshape(-1, 2)
    return np.vstack([shapely.get_coordinates(along), stops])


def _names(layers: Mapping[FeatureKind, Features], frame: Frame, taken: NDArray[np.float64]) -> Iterator[str]:
    """Yield each street's name once, on or next to its longest straight part, where there is room."""
    written: set[str] = set()
    for kind in (FeatureKind.TRUNK, FeatureKind.MAJOR, FeatureKind.MINOR):
        streets = zip(layers[kind].names, inside(layers[kind], frame), strict=True)
        for name, shape in sorted(streets, key=lambda street: -street[1].length):
            spot = None if not name or name in written or shape.is_empty else _straightest(shape, frame)
            half = sum(1.0 if letter >= "\u2e80" else 0.56 for letter in name) * _TEXT_MM / 2
            if spot is None or spot[3] < 2 * half + 1:
                continue
            x, y, angle, _ = spot
            ux, uy = math.cos(math.radians(angle)), math.sin(math.radians(angle))
            for offset in (0.0, 2.8, -2.8):
                cx, cy = x - uy * offset, y + ux * offset
                along = (cx, cy) + np.arange(-half, half + _STEP_MM, _STEP_MM)[:, None] * (ux, uy)
                if np.hypot(*(along[:, None] - taken).T).min() > _CLEAR_MM:
                    taken = np.vstack([taken, along])
                    written.add(name)
                    yield (
                        f'<text x="{cx:.1f}" y="{cy:.1f}" transform="rotate({angle:.0f} {cx:.1f} {cy:.1f})" '
                        f'class="street">{escape(name)}</text>'
                    )
                    break


def _straightest(shape: shapely.Geometry, frame: Frame) -> tuple[float, float, float, float] | None:
    """Return middle (mm), direction (degrees, never upside down) and length (mm) of the longest straight."""
    best = None
    simple = shapely.simplify(shape, 0.8 / frame.north_scale / UNIT_DEG)
    for line in shapely.get_parts(simple):
        points = frame.on_paper(shapely.get_coordinates(line) * UNIT_DEG)
        for (ax, ay), (bx, by) in pairwise(points):
            length = math.hypot(bx - ax, by - ay)
            if best is None or length > best[3]:
                angle = math.degrees(math.atan2(by - ay, bx - ax))
                upright = angle - 180 if angle > 90 else angle + 180 if angle <= -90 else angle
                best = ((ax + bx) / 2, (ay + by) / 2, upright, length)
    return best


def _route(team: TeamRoute, frame: Frame) -> Iterator[str]:
    points = frame.on_paper(np.array([(point.lon, point.lat) for point in team.path]))
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    style = 'fill="none" stroke-linecap="round" stroke-linejoin="round"'
    yield f'<polyline points="{line}" {style} stroke="#ffffff" stroke-width="2"/>'
    yield f'<polyline points="{line}" {style} stroke="#000000" stroke-width=".9"/>'
    left = _ARROW_MM / 2
    for (ax, ay), (bx, by) in pairwise(points):
        length = math.hypot(bx - ax, by - ay)
        while left < length:
            x, y = ax + (bx - ax) * left / length, ay + (by - ay) * left / length
            angle = math.degrees(math.atan2(by - ay, bx - ax))
            yield (
                f'<path d="M-1.5 -1.2L1.5 0L-1.5 1.2z" transform="translate({x:.1f} {y:.1f}) '
                f'rotate({angle:.0f})" stroke="#fff" stroke-width=".35"/>'
            )
            left += _ARROW_MM
        left -= length


def _closed(team: TeamRoute, frame: Frame) -> Iterator[str]:
    """Draw what is closed today: a gate as a bar in a circle, a street or the edge of an area in dashes."""
    if not team.closed:
        return
    shapes = shapely.transform([each.shape for each in team.closed], lambda degrees: degrees / UNIT_DEG)
    for part in shapely.get_parts(inside(Features(np.asarray(shapes), ("",) * len(shapes)), frame)):
        if part.geom_type == "Point":
            x, y = frame.on_paper(shapely.get_coordinates(part) * UNIT_DEG)[0]
            yield (
                f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.2" fill="#000" stroke="#fff" '
                f'stroke-width=".5"/><path d="M{x - 1.3:.1f} {y:.1f}h2.600" stroke="#fff" '
                'stroke-width=".9"/>'
            )
        elif not part.is_empty:
            lines = shapely.get_rings(part) if part.geom_type == "Polygon" else np.asarray([part])
            yield drawn(
                path_data(lines, frame), 'fill="none" stroke="#000" stroke-width="14" stroke-dasharray="6 14"'
            )


def _stops(team: TeamRoute, frame: Frame) -> Iterator[str]:
    groups = pins(team.stops)
    homes = [frame.at(group[0].point) for group in groups]
    for (x, y), (left, top), group in zip(_spread(homes, frame), homes, groups, strict=True):
        label = pin_label(group)
        wide = _RADIUS_MM + max(0, len(label) - 2) * 0.9
        if math.hypot(x - left, y - top) > 1:
            yield (
                f'<path d="M{left:.1f} {top:.1f}L{x:.1f} {y:.1f}" stroke="#000" stroke-width=".3"/><circle '
                f'cx="{left:.1f}" cy="{top:.1f}" r=".6"/>'
            )
        yield (
            f'<rect x="{x - wide:.1f}" y="{y - _RADIUS_MM:.1f}" width="{2 * wide:.1f}" '
            f'height="{2 * _RADIUS_MM:.1f}" rx="{_RADIUS_MM}" fill="#fff" stroke="#000" '
            f'stroke-width=".6"/><text x="{x:.1f}" y="{y:.1f}" class="stop">{label}</text>'
        )
    for point in {team.start, team.end}:
        x, y = frame.at(point)
        yield (
            f'<path d="M{x - 3:.1f} {y:.1f}l3 -3.200l3 3.200v3h-6z" fill="#000" stroke="#fff" '
            'stroke-width=".5"/>'
        )


def _spread(homes: Sequence[tuple[float, float]], frame: Frame) -> list[tuple[float, float]]:
    """Move overlapping labels so that each can be read, near its home and inside the frame."""
    spots = [list(home) for home in homes]
    room = 2 * _RADIUS_MM + 0.8
    moved = True
    for _ in range(40):
        if not moved:
            break
        moved = False
        for i, one in enumerate(spots):
            for other in spots[i + 1 :]:
                dx, dy = other[0] - one[0], other[1] - one[1]
                gap = math.hypot(dx, dy)
                if gap >= room:
                    continue
                moved = True
                if gap < 0.01:
                    dx, dy, gap = 0.6, 0.8, 1.0
                push = (room - gap) / 2 / gap if gap < room else 0
                one[0], one[1] = one[0] - dx * push, one[1] - dy * push
                other[0], other[1] = other[0] + dx * push, other[1] + dy * push
    edge = 2 * _RADIUS_MM
    return [
        (min(max(x, edge), frame.wide_mm - edge), min(max(y, edge), frame.high_mm - edge)) for x, y in spots
    ]


def scale(frame: Frame) -> Iterator[str]:
    """Draw a scale bar of a round number of metres."""
    metres = max(
        m
        for m in (20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000)
        if m == 20 or m * frame.mm_per_m <= 40
    )
    long, low = metres * frame.mm_per_m, frame.high_mm - 3
    yield (
        f'<path d="M3 {low - 1.500:.1f}v1.500h{long:.1f}v-1.500" fill="none" stroke="#000" '
        f'stroke-width=".4"/><text x="4" y="{low - 1.200:.1f}" class="scale">{metres} m</text>'
    )
