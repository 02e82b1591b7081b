"""Read a graph saved by OSMnx: turn its edges back into ways, with the tags that OSMnx kept."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any, Final

import networkx as nx
import numpy as np
import osmnx as ox
from pyproj import CRS
from pyproj.exceptions import CRSError

from doorroute.extracts import broken
from doorroute.network.raw import DEGREE, NODE_KEYS, WAY_KEYS, RawStreets, assemble

_ERRORS: Final = (
    nx.NetworkXException,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    SyntaxError,
    OSError,
    CRSError,
)


def read_graphml(path: Path) -> RawStreets:
    """Read `path`, written by `osmnx.save_graphml`, in any coordinate system.

    Raises
    ------
    BadInputError
        `EXTRACT_BROKEN`: it is not such a file.
    """
    try:
        graph = ox.load_graphml(path)
        if not CRS.from_user_input(graph.graph["crs"]).is_geographic:
            graph = ox.project_graph(graph, to_latlong=True)
        return _ways(graph)
    except _ERRORS as error:  # raised by OSMnx and networkx on other XML; XML errors are SyntaxErrors
        raise broken(path) from error


def _ways(graph: nx.MultiDiGraph) -> RawStreets:
    names = {node: number for number, node in enumerate(graph.nodes)}
    refs: list[int] = []
    points: list[tuple[float, float]] = []
    ptr, way_id, way_tags = [0], [], []
    tag_sets: dict[tuple[tuple[str, str], ...], int] = {}
    extra = len(names)
    for (tail, head, line), both in _undirected(graph).items():
        data = both[0]
        tags = {key: _first(data[key]) for key in WAY_KEYS if key in data and key != "oneway"}
        tags["oneway"] = "no" if len(both) > 1 or tail == head else "yes"
        refs += [names[tail], *range(extra, extra + len(line) - 2), names[head]]
        extra += len(line) - 2
        points += line
        ptr.append(len(refs))
        way_id.append(int(_first(data.get("osmid", 0))))
        way_tags.append(tag_sets.setdefault(tuple(sorted(tags.items())), len(tag_sets)))
    where = np.rint(np.asarray(points, dtype=np.float64).reshape(-1, 2) * DEGREE).astype(np.int64)
    return assemble(
        refs=np.asarray(refs, dtype=np.int64),
        x=where[:, 0],
        y=where[:, 1],
        ptr=ptr,
        way_id=way_id,
        way_tags=way_tags,
        tags=[dict(items) for items in tag_sets],
        node_tags={
            names[node]: kept
            for node, data in graph.nodes(data=True)
            if (kept := {key: _first(data[key]) for key in NODE_KEYS if key in data})
        },
    )


def _undirected(
    graph: nx.MultiDiGraph,
) -> dict[tuple[Any, Any, tuple[tuple[float, float], ...]], list[dict[str, Any]]]:
    """Join the two directions of a street: same ends, same line."""
    places = {node: (float(data["x"]), float(data["y"])) for node, data in graph.nodes(data=True)}
    found: dict[tuple[Any, Any, tuple[tuple[float, float], ...]], list[dict[str, Any]]] = defaultdict(list)
    for tail, head, data in graph.edges(data=True):
        inner = (
            tuple((float(x), float(y)) for x, y in data["geometry"].coords)[1:-1]
            if "geometry" in data
            else ()
        )
        line = (places[tail], *inner, places[head])
        back = (head, tail, line[::-1])
        found[back if back in found else (tail, head, line)].append(data)
    return found


def _first(value: object) -> str:
    """Return the value of a tag; the first of several if OSMnx merged ways."""
    return str(value[0] if isinstance(value, list) and value else value)
