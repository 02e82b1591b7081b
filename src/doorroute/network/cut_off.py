"""Explain why a door cannot be reached: what the streets at it lack."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np

from doorroute.model.place import Point
from doorroute.network.census import EDGE_USES, KEPT, EdgeUse, Use
from doorroute.network.profiles import FERRY, way_class
from doorroute.network.snapping import build_grid, snap
from doorroute.texts import Text, msg

if TYPE_CHECKING:
    from doorroute.network.streets import StreetNetwork

_AT_DOOR_M: Final = 100.0

_ISLAND: Final = msg(
    "The streets at the door lead to no others, as on an island:"
    " no bridge, and no ferry that takes the team, goes there."
)
_ONE_WAY: Final = msg(
    "The streets at the door can be entered or left, not both: one-way streets, or forbidden turns."
)
CUT_OFF: Final = {
    EdgeUse.ISLAND: _ISLAND,
    EdgeUse.BARRIER: msg("The streets at the door are behind a barrier that nobody can pass."),
    EdgeUse.ONEWAY: _ONE_WAY,
    EdgeUse.TURNS: _ONE_WAY,
    **dict.fromkeys(KEPT, _ISLAND),  # a large one, kept on the map
}


def why_cut_off(network: StreetNetwork, use: Use, points: Sequence[Point]) -> list[Text | None]:
    """Return for each unreachable point what cuts off its streets.

    None if there is no street nearby, or none for the profile.
    """
    graph = network.graph
    ashore = np.asarray([way_class(tags) != FERRY for tags in graph.tag_sets], dtype=np.bool_)[graph.tags]
    grid = build_grid(graph, ashore, np.zeros(len(ashore), dtype=np.bool_))
    lon_lat = np.asarray([(point.lon, point.lat) for point in points], dtype=np.float64).reshape(-1, 2)
    found = snap(graph, grid, lon_lat[:, 0], lon_lat[:, 1])
    near = found.offset_m <= _AT_DOOR_M
    return [
        CUT_OFF.get(EDGE_USES[use.fate[edge]]) if at_street else None
        for edge, at_street in zip(found.edge.tolist(), near.tolist(), strict=True)
    ]
