"""Streets as drawn in an extract, before any profile is applied, and the tags that are kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from doorroute.network.obstacles import NO_OBSTACLES, Obstacles
from doorroute.network.profiles import ACCESS

DEGREE: Final = 10_000_000
"""Coordinates are whole 1e-7 degrees (about a centimetre), as in OpenStreetMap."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Tags of a way used by profiles or directions. Others are not read.
WAY_KEYS: Final = _words(
    "highway railway public_transport man_made route access foot bicycle vehicle motor_vehicle motorcar "
    "oneway oneway:bicycle oneway:foot oneway:vehicle oneway:motor_vehicle oneway:motorcar junction maxspeed "
    "maxspeed:forward maxspeed:backward maxspeed:type source:maxspeed surface smoothness tracktype service "
    "area tunnel bridge incline conveying indoor cycleway cycleway:left cycleway:right cycleway:both "
    "motorroad impassable construction footway sidewalk sidewalk:left sidewalk:right sidewalk:both crossing "
    "name ref duration interval place area:highway ice_road winter_road opening_hours oneway:conditional"
) | {f"{key}:{kind}" for key in ACCESS for kind in ("forward", "backward", "conditional")}
NODE_KEYS: Final = _words(
    "barrier highway crossing entrance access foot bicycle vehicle motor_vehicle motorcar "
    "traffic_signals bollard locked opening_hours"
) | {f"{key}:conditional" for key in ACCESS}


@dataclass(frozen=True, kw_only=True)
class Restriction:
    """A turn that a relation forbids (`no_...`) or prescribes (`only_...`); all ids are of the extract."""

    kind: str
    start: int
    via_nodes: tuple[int, ...]
    via_ways: tuple[int, ...]
    end: int
    except_for: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class RawStreets:
    """Ways as drawn.

    way_ptr : (w + 1,) int64, the vertices of way i are `node[way_ptr[i]:way_ptr[i + 1]]`.
    node : (r,) int64, positions in `node_id`, `x` and `y`; -1 where the extract has no such node.
    node_id : (n,) int64, ids of the extract. x, y : (n,) int32, 1e-7 degrees, east and north.
    way_id : (w,) int64. way_tags : (w,) int32, position in `tags`.
    """

    way_ptr: NDArray[np.int64]
    node: NDArray[np.int64]
    node_id: NDArray[np.int64]
    x: NDArray[np.int32]
    y: NDArray[np.int32]
    way_id: NDArray[np.int64]
    way_tags: NDArray[np.int32]
    tags: tuple[Mapping[str, str], ...]
    node_tags: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    restrictions: tuple[Restriction, ...] = ()
    obstacles: Obstacles = NO_OBSTACLES


def assemble(  # noqa: PLR0913  # the parts of one value, named
    *,
    refs: NDArray[np.int64],
    x: NDArray[np.int64],
    y: NDArray[np.int64],
    ptr: Iterable[int],
    way_id: Iterable[int],
    way_tags: Iterable[int],
    tags: Iterable[Mapping[str, str]],
    node_tags: Mapping[int, Mapping[str, str]],
    restrictions: Iterable[Restriction] = (),
) -> RawStreets:
    """Return streets with numbered nodes. x, y : 1e-7 degrees of `refs`; nodes off the earth are missing."""
    there = (np.abs(x) <= 180 * DEGREE) & (np.abs(y) <= 90 * DEGREE)
    node_id, first = np.unique(refs[there], return_index=True)
    node = np.full(len(refs), -1, dtype=np.int64)
    node[there] = np.searchsorted(node_id, refs[there])
    known = node_id.searchsorted(np.fromiter(node_tags, dtype=np.int64, count=len(node_tags)))
    return RawStreets(
        way_ptr=np.asarray(list(ptr), dtype=np.int64),
        node=node,
        node_id=node_id,
        x=x[there][first].astype(np.int32),
        y=y[there][first].astype(np.int32),
        way_id=np.asarray(list(way_id), dtype=np.int64),
        way_tags=np.asarray(list(way_tags), dtype=np.int32),
        tags=tuple(tags),
        node_tags={
            int(position): about
            for position, (id_, about) in zip(known, node_tags.items(), strict=True)
            if position < len(node_id) and node_id[position] == id_
        },
        restrictions=tuple(restrictions),
    )
