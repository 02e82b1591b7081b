"""Count what an extract contains: how much of it each profile can use, and why the rest is cut off."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from doorroute.extracts import read_in_sandbox
from doorroute.model.finding import Finding, warning
from doorroute.model.team import Profile
from doorroute.network.compiling import Graph
from doorroute.network.moving import Moving, apply_rules
from doorroute.network.profiles import FERRY, GATES, passage, way_class
from doorroute.network.raw import DEGREE
from doorroute.network.states import SearchGraph, components
from doorroute.texts import Text, msg

if TYPE_CHECKING:
    from doorroute.network.streets import StreetNetwork

_HALF: Final = 0.5
_COUNTED: Final = "counted.json"


class EdgeUse(StrEnum):
    """Whether a profile can use an edge, and if not, why."""

    OPEN = "open"
    PRIVATE = "private"  # usable at the start or end of a leg, not to pass through
    FORBIDDEN = "forbidden"  # the profile may not or cannot use it
    ISLAND = "island"  # not connected to the other streets
    BARRIER = "barrier"  # behind a wall, bollard or locked gate
    ONEWAY = "oneway"  # can be entered or left, not both
    TURNS = "turns"  # as ONEWAY, because of forbidden turns


EDGE_USES: Final = tuple(EdgeUse)
KEPT: Final = (EdgeUse.OPEN, EdgeUse.PRIVATE)


@dataclass(frozen=True, kw_only=True)
class Use:
    """The streets from the point of view of one profile.

    fate : (m,) int8, position in `EDGE_USES`. parts_m : metres of each usable part, largest first.
    """

    profile: Profile
    fate: NDArray[np.int8]
    metres: Mapping[EdgeUse, float]
    parts_m: tuple[float, ...]

    @property
    def kept_m(self) -> float:
        """Return the usable metres."""
        return sum(self.metres[fate] for fate in KEPT)

    @property
    def allowed_m(self) -> float:
        """Return the metres that the profile could use if they were all connected."""
        return sum(self.metres.values()) - self.metres[EdgeUse.FORBIDDEN]


@dataclass(frozen=True, kw_only=True)
class Counted:
    """What the extract contains other than streets. date : of its data, by its header; '' if not given."""

    date: str
    addresses: int
    entrances: int
    gates: int
    barriers: Mapping[str, int]  # other points, by kind
    lines: Mapping[str, int]  # walls, fences and the like, by kind


def use_of(network: StreetNetwork, profile: Profile) -> Use:
    """Return how `profile` can use the streets."""
    graph, states = network.graph, network.states(profile)
    fate = _fates(graph, apply_rules(graph, network.rules[profile]), states.usable)
    on_land = np.asarray([way_class(tags) != FERRY for tags in graph.tag_sets], dtype=np.bool_)[graph.tags]
    metres = np.bincount(fate, weights=graph.length_m * on_land, minlength=len(EDGE_USES))
    return Use(
        profile=profile,
        fate=fate,
        metres=dict(zip(EDGE_USES, metres.tolist(), strict=True)),
        parts_m=_parts(graph, states),
    )


def classes_of(graph: Graph) -> dict[str, tuple[int, float]]:
    """Return the edges and metres of each class of ways, the longest first."""
    names = [way_class(tags) for tags in graph.tag_sets]
    edges, metres = Counter[str](), Counter[str]()
    count = np.bincount(graph.tags, minlength=len(names)).tolist()
    length = np.bincount(graph.tags, weights=graph.length_m, minlength=len(names)).tolist()
    for name, n, m in zip(names, count, length, strict=True):
        edges[name] += n
        metres[name] += m
    return {name: (edges[name], metre) for name, metre in metres.most_common() if edges[name]}


def count_things(extract: Path, graph: Graph) -> Counted:
    """Count other things in the extract than streets; a graph saved by OSMnx has only points on streets.

    Raises
    ------
    BadInputError
        The extract cannot be read.
    """
    if extract.name.lower().endswith(".graphml"):
        points = Counter[str]()
        for tags in graph.node_tags.values():
            points.update(f"{key}={tags[key]}" for key in ("entrance", "barrier") if key in tags)
        return _counted("", 0, points, Counter())
    with read_in_sandbox(count_to, extract) as folder:
        counted = json.loads((folder / _COUNTED).read_bytes())
    return _counted(
        counted["date"], counted["addresses"], Counter(counted["points"]), Counter(counted["lines"])
    )


def count_to(folder: Path, extract: str) -> None:
    """Write the counts of `extract` to the folder; runs in the sandbox."""
    import osmium

    points, lines = Counter[str](), Counter[str]()
    addresses = 0
    keys = osmium.filter.KeyFilter("addr:housenumber", "entrance", "barrier")
    with osmium.io.Reader(extract) as reader:
        header = reader.header()
        date = header.get("osmosis_replication_timestamp") or header.get("timestamp")
    for item in osmium.FileProcessor(extract).with_filter(keys):
        addresses += "addr:housenumber" in item.tags
        kinds = points if item.is_node() else lines
        kinds.update(f"{key}={item.tags[key]}" for key in ("entrance", "barrier") if key in item.tags)
    counted = {"date": date, "addresses": addresses, "points": points, "lines": lines}
    (folder / _COUNTED).write_text(json.dumps(counted), encoding="utf-8")


def in_pieces(use: Use) -> Finding | None:
    """Return a warning if most streets of a profile are not connected: travel on them cannot be trusted."""
    if use.kept_m >= _HALF * use.allowed_m:
        return None
    return warning(
        code="STREETS_IN_PIECES",
        table="network",
        message=msg(
            "Of {all} km of streets for {profile} only {kept} km are connected;"
            " doors elsewhere are out of reach or assigned to another street.",
            all=f"{use.allowed_m / 1000:.1f}",
            kept=f"{use.kept_m / 1000:.1f}",
            profile=PROFILES[use.profile],
        ),
        advice=msg(
            "Look at `doorroute network info` with --map,"
            " and take an extract that was not cut through the town."
        ),
    )


def barriers_of(network: StreetNetwork, profile: Profile) -> list[tuple[Text, str, NDArray[np.float64]]]:
    """Return barriers on the streets as words, a colour and (k, 2) degrees: closed ones, and gates."""
    graph = network.graph
    at = np.zeros((len(graph.node_id), 2))
    at[graph.tail] = graph.vertex[graph.vertex_ptr[:-1]] / DEGREE
    at[graph.head] = graph.vertex[graph.vertex_ptr[1:] - 1] / DEGREE
    here = {
        node: passage(network.rules[profile], tags)
        for node, tags in graph.node_tags.items()
        if "barrier" in tags
    }
    shut = [node for node, found in here.items() if found.closed]
    gates = [
        node for node, found in here.items() if not found.closed and (found.delay_s or found.last_metres)
    ]
    return [
        (msg("gates that are opened"), "#e08000", at[gates]),
        (msg("closed barriers"), "#8c0d0d", at[shut]),
    ]


EDGE_USE_WORDS: Final = {
    EdgeUse.OPEN: msg("kept, open to all"),
    EdgeUse.PRIVATE: msg("kept, private: for the last metres only"),
    EdgeUse.FORBIDDEN: msg("not for this profile"),
    EdgeUse.ISLAND: msg("cut off: an island without a connection"),
    EdgeUse.BARRIER: msg("cut off: behind a closed barrier"),
    EdgeUse.ONEWAY: msg("cut off: one-way, in or out only"),
    EdgeUse.TURNS: msg("cut off: by forbidden turns"),
}
PROFILES: Final = {Profile.FOOT: msg("foot"), Profile.BIKE: msg("bike"), Profile.CAR: msg("car")}


def _counted(date: str, addresses: int, points: Counter[str], lines: Counter[str]) -> Counted:
    barriers = {
        kind.removeprefix("barrier="): n for kind, n in points.most_common() if kind.startswith("barrier=")
    }
    return Counted(
        date=date,
        addresses=addresses,
        entrances=sum(n for kind, n in points.items() if kind.startswith("entrance=")),
        gates=sum(n for kind, n in barriers.items() if kind in GATES),
        barriers={kind: n for kind, n in barriers.items() if kind not in GATES},
        lines={
            kind.removeprefix("barrier="): n for kind, n in lines.most_common() if kind.startswith("barrier=")
        },
    )


def _fates(graph: Graph, moving: Moving, usable: NDArray[np.bool_]) -> NDArray[np.int8]:
    """Drop one rule after the other until an edge would be usable; the last one dropped is the reason."""
    allowed = (moving.ms >= 0).any(axis=0)
    through = np.stack([graph.tail, graph.head]).astype(np.int64)
    # at a closed node every edge gets an end of its own
    shut = moving.node_ms[through] < 0
    split = np.where(shut, len(graph.node_id) + np.arange(through.size).reshape(through.shape), through)
    why = [
        (EdgeUse.ISLAND, np.ones(len(usable), dtype=np.bool_)),
        (EdgeUse.BARRIER, _joined(through[:, allowed], None, through, usable)),
        (EdgeUse.ONEWAY, _joined(split[:, allowed], None, split, usable)),
        (EdgeUse.TURNS, _joined(split[:, allowed], moving.ms[:, allowed] >= 0, split, usable)),
        (EdgeUse.FORBIDDEN, ~allowed),
        (EdgeUse.OPEN, usable),
        (EdgeUse.PRIVATE, usable & moving.last_metres),
    ]
    fate = np.zeros(len(usable), dtype=np.int8)
    for reason, holds in why:
        fate[holds] = EDGE_USES.index(reason)
    return fate


def _joined(
    ends: NDArray[np.int64],
    open_: NDArray[np.bool_] | None,
    all_ends: NDArray[np.int64],
    usable: NDArray[np.bool_],
) -> NDArray[np.bool_]:
    """Return the edges that are connected with a usable one by the edges `ends` ((2, k) nodes).

    `open_` ((2, k)) says whether those may be used along and against; None: both.
    """
    both = np.ones(ends.shape, dtype=np.bool_) if open_ is None else open_
    tail, head = np.r_[ends[0][both[0]], ends[1][both[1]]], np.r_[ends[1][both[0]], ends[0][both[1]]]
    part = components(int(all_ends.max(initial=0)) + 1, tail, head)
    kept = np.unique(part[all_ends[:, usable]])
    joined: NDArray[np.bool_] = np.all(np.isin(part[all_ends], kept), axis=0)
    return joined


def _parts(graph: Graph, states: SearchGraph) -> tuple[float, ...]:
    """Return the metres of each part within which every state reaches every other, longest first."""
    tail = np.repeat(np.arange(len(states.ptr) - 1), np.diff(states.ptr))
    part = components(len(states.ptr) - 1, tail, states.head.astype(np.int64))
    entered = np.flatnonzero(np.diff(states.enter_ptr))
    _, first = np.unique(entered // 2, return_index=True)  # an edge counts once
    direction = entered[first]
    metres = np.bincount(
        part[states.enter_state[states.enter_ptr[direction]]], weights=graph.length_m[direction // 2]
    )
    return tuple(sorted(metres[metres > 0].tolist(), reverse=True))
