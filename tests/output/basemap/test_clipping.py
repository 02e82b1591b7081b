"""Edges of maps through real outlines, which are not valid everywhere: the map may lose a layer, the day is
written.
"""

import base64
import gzip
import math

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.errors import GEOSException

from doorroute.output.basemap.clipping import clipped
from doorroute.output.basemap.features import UNIT_DEG, FeatureKind, Features
from doorroute.output.basemap.packed import BaseMap, read_base_map
from doorroute.output.drawings.svg_map import AREA_FILLS, Frame, drawing, svg_map
from doorroute.output.views.routes import team_routes

BOX = (0.35, 0.27, 600.0, 700.0)
# a house as it is left by rounding to whole units: its ring touches itself, and the edge of the map runs
# through it
TINY = shapely.Polygon(
    [(-2, 1), (-2, 0), (-1, 0), (-1, 0), (0, 0), (0, 1), (1, 1), (0, 1), (0, 2), (-1, 2), (-2, 2), (-2, 1)]
)
NO_SHAPE = Features(np.array(["no shape at all"], dtype=object), ("",))


def many(*shapes):
    return np.array(shapes, dtype=object)


def test_a_tiny_outline_that_is_not_valid_is_cut_and_its_neighbours_with_it():
    assert not TINY.is_valid
    with pytest.raises(GEOSException):
        shapely.clip_by_rect(TINY, *BOX)
    square = shapely.box(-10, 10, 10, 20)
    cut = clipped(many(TINY, square), BOX)
    assert cut[1].equals(shapely.box(0.35, 10, 10, 20))
    assert cut[0].within(shapely.box(*BOX).buffer(1e-9))


@given(
    corners=st.lists(st.tuples(st.integers(-4, 4), st.integers(-4, 4)), min_size=4, max_size=12),
    west=st.floats(-4, 4),
    south=st.floats(-4, 4),
    size=st.sampled_from([0.5, 3, 1000]),
)
def test_no_outline_raises_wherever_the_edge_runs(corners, west, south, size):
    outline = shapely.Polygon(corners)
    (cut,) = clipped(many(outline), (west, south, west + size, south + size))
    assert shapely.is_geometry(cut)


def test_every_outline_of_the_sample_can_be_cut_through_its_middle(extract):
    for features in read_base_map(extract).layers.values():
        bounds = shapely.bounds(features.shapes)
        for shape, (west, south, east, north) in zip(features.shapes, bounds.tolist(), strict=True):
            middle = ((west + east) / 2, (south + north) / 2)
            assert len(clipped(many(shape), (*middle, middle[0] + 3000, middle[1] + 3000))) == 1


@pytest.fixture(scope="module")
def team(make_day):
    plan, problem, _ = make_day(teams=1, visits=5)
    return team_routes(plan, problem)[0]


def test_a_layer_that_cannot_be_drawn_costs_that_layer_and_is_noted(extract, team):
    whole = read_base_map(extract)
    assert "could not be drawn" not in svg_map(team, whole)[0]
    broken = BaseMap({**whole.layers, FeatureKind.WATER: NO_SHAPE})
    drawn, _ = drawing(team, broken, lang="en")
    assert "Part of the map could not be drawn" in drawn
    assert broken.faults == {FeatureKind.WATER}
    assert drawn.count('class="stop"') == svg_map(team, whole)[0].count('class="stop"') > 0
    assert "地图有一部分没画出来" in drawing(team, broken, lang="zh")[0]


def test_a_page_is_packed_without_the_layer_and_says_so(extract, team):
    whole = read_base_map(extract)
    assert "note" not in whole.cut(team.points)
    broken = BaseMap({**whole.layers, FeatureKind.BUILDING: NO_SHAPE})
    frame = broken.cut(team.points)
    assert "could not be drawn" in frame["note"]
    assert "地图有一部分没画出来" in frame["note"]
    without = BaseMap(
        {kind: features for kind, features in whole.layers.items() if kind is not FeatureKind.BUILDING}
    )
    assert len(gzip.decompress(base64.b64decode(frame["data"]))) == len(
        gzip.decompress(base64.b64decode(without.cut(team.points)["data"]))
    )


def test_tiny_outlines_on_the_edge_of_a_teams_map_are_no_trouble(team):
    frame = Frame.of(team.points)
    edge, top = frame.west / UNIT_DEG, frame.north / UNIT_DEG
    moved = [(math.floor(edge) + at % 5 - 1, math.floor(top) - 20 * at) for at in range(1, 21)]
    shapes = many(*(shapely.transform(TINY, lambda points, to=to: points + to) for to in moved))
    base_map = BaseMap({FeatureKind.WATER: Features(shapes, ("",) * len(shapes))})
    with pytest.raises(GEOSException):
        shapely.clip_by_rect(shapes, edge, -math.inf, math.inf, top)
    drawn, _ = drawing(team, base_map)
    assert AREA_FILLS[FeatureKind.WATER] in drawn
    assert not base_map.faults
