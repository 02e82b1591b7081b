"""Draw the streets of an extract for one profile as an SVG: used, cut off and why, and barriers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from markupsafe import Markup, escape
from numpy.typing import NDArray

from doorroute.model.place import Point
from doorroute.output.basemap.features import AREAS, UNIT_DEG, FeatureKind
from doorroute.output.basemap.packed import BaseMap
from doorroute.output.drawings.svg_map import AREA_FILLS, Frame, drawn, inside, path_data, scale
from doorroute.output.views.markup import trusted

_GROUND: Final = (
    FeatureKind.GREEN,
    FeatureKind.WOOD,
    FeatureKind.WATER,
    FeatureKind.BUILDING,
    FeatureKind.STREAM,
    FeatureKind.RAIL,
)
_LINES: Final = {FeatureKind.STREAM: "#b9d3e2", FeatureKind.RAIL: "#d3d0cb"}
_TOWN_MM: Final = 0.02  # millimetres a metre: below this scale, buildings are left out and streets are thin
_LINE_MM: Final = 5.2  # of the legend
_SIGN_MM: Final = 0.9


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """A layer in one colour, with its label in the legend.

    points : (v, 2) degrees. ptr : (k + 1,) int64, the first vertex of each line; None if these are points.
    """

    points: NDArray[np.float64]
    ptr: NDArray[np.int64] | None
    colour: str
    width_mm: float
    words: str


def network_svg(
    bounds: tuple[float, float, float, float], base_map: BaseMap, layers: list[Drawn], title: str
) -> Markup:
    """Draw `layers`, the first one lowest, over the base map within `bounds` (west, south, east, north).

    A legend is below the map.
    """
    corners = [Point(bounds[0], bounds[1]), Point(bounds[2], bounds[3])]
    frame = Frame.of(corners)
    high = frame.high_mm + _LINE_MM * (len(layers) + 2.5)
    parts = [
        "<style>.scale{font-size:3px}</style>",
        (
            '<clipPath id="frame"><path d="M0 '
            f'0h{frame.wide_mm:.1f}v{frame.high_mm:.1f}h-{frame.wide_mm:.1f}z"/></clipPath>'
        ),
        f'<rect width="{frame.wide_mm:.1f}" height="{high:.1f}" fill="#fff"/><g clip-path="url(#frame)">',
        *_ground(base_map, frame),
        *(_layer(layer, frame) for layer in layers),
        "</g>",
        *scale(frame),
        *_legend(layers, frame, title),
    ]
    wide = max(frame.wide_mm, 120.0)
    size = f'viewBox="0 0 {wide:.1f} {high:.1f}" width="{wide:.1f}mm" height="{high:.1f}mm"'
    return trusted(  # words are escaped where they are written
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif" role="img" '
        f'aria-label="{escape(title)}">{"".join(parts)}</svg>'
    )


def as_page(svg: Markup, title: str, lang: str) -> str:
    """Return an HTML page with only the drawing."""
    style = (
        "body{margin:0;background:#fff}svg{display:block;width:100%;height:auto;max-width:1100px;margin:auto}"
    )
    return (
        f'<!doctype html>\n<html lang="{lang}"><head><meta charset="utf-8"><meta name="viewport" '
        'content="width=device-width">'
        f"<title>{escape(title)}</title><style>{style}</style></head><body>{svg}</body></html>\n"
    )


def _ground(base_map: BaseMap, frame: Frame) -> Iterator[str]:
    for kind in _GROUND:
        features = base_map.layers.get(kind)
        if features is None or (kind is FeatureKind.BUILDING and frame.mm_per_m < _TOWN_MM):
            continue
        parts = shapely.get_parts(inside(features, frame))
        if kind in AREAS:
            rings = shapely.get_rings(parts[shapely.get_dimensions(parts) == 2])
            yield drawn(
                path_data(rings, frame, closed=True), f'fill="{AREA_FILLS[kind]}" fill-rule="evenodd"'
            )
        else:
            lines = parts[shapely.get_dimensions(parts) == 1]
            yield drawn(path_data(lines, frame), f'fill="none" stroke="{_LINES[kind]}" stroke-width="4"')


def _layer(layer: Drawn, frame: Frame) -> str:
    if layer.ptr is None:
        signs = "".join(f"M{x:.1f} {y:.1f}{_cross()}" for x, y in frame.on_paper(layer.points))
        return f'<path d="{signs}" stroke="{layer.colour}" stroke-width="{layer.width_mm}"/>' if signs else ""
    if len(layer.ptr) < 2:
        return ""
    of = np.repeat(np.arange(len(layer.ptr) - 1), np.diff(layer.ptr))
    lines = shapely.linestrings(layer.points / UNIT_DEG, indices=of)
    lines = shapely.simplify(lines, 0.05 / frame.north_scale / UNIT_DEG, preserve_topology=False)
    width = layer.width_mm * (10 if frame.mm_per_m >= _TOWN_MM else 5)
    style = (
        f'fill="none" stroke="{layer.colour}" stroke-width="{width:g}" stroke-linecap="round" '
        'stroke-linejoin="round"'
    )
    return drawn(path_data(lines, frame), style)


def _cross() -> str:
    a = _SIGN_MM
    return f"m{-a} {-a}l{2 * a} {2 * a}m0 {-2 * a}l{-2 * a} {2 * a}"


def _legend(layers: list[Drawn], frame: Frame, title: str) -> Iterator[str]:
    y = frame.high_mm + _LINE_MM
    yield f'<text x="2" y="{y:.1f}" font-size="4" font-weight="bold">{escape(title)}</text>'
    for layer in reversed(layers):
        y += _LINE_MM
        sign = f"M7 {y - 1.2:.1f}{_cross()}" if layer.ptr is None else f"M2 {y - 1.2:.1f}h10"
        width = max(layer.width_mm, 0.5) if layer.ptr is None else 1.2
        yield (
            f'<path d="{sign}" stroke="{layer.colour}" stroke-width="{width}"/><text x="15" y="{y:.1f}" '
            f'font-size="3.4">{escape(layer.words)}</text>'
        )
    yield (
        f'<text x="2" y="{y + _LINE_MM:.1f}" font-size="2.6" fill="#666">© OpenStreetMap contributors, '
        "ODbL</text>"
    )
