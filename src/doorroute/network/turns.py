"""States for drivers, for whom turns cost time or are forbidden: the start of each edge in each direction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from doorroute.network.compiling import Graph
from doorroute.network.keys import CROSSING, pack
from doorroute.network.moving import Moving
from doorroute.network.profiles import ProfileRules
from doorroute.network.raw import Restriction
from doorroute.network.states import Moves

_SEEN_M: Final = 15.0  # longer than the kerb's curve at a corner, which does not show where a street leads

_LEAN: Final = 1.075  # turns across the oncoming lane cost a little more [as above: turn_bias]

Pairs = tuple[NDArray[np.int64], NDArray[np.int64]]


def turn_moves(
    graph: Graph, moving: Moving, rules: ProfileRules, whole: NDArray[np.int64], passing: NDArray[np.int64]
) -> Moves:
    """Make the states of directed edges.

    whole : (2m,) int64, the key of each direction. passing : (n,) int64, the key to pass each node.
    """
    streets = _Directions(graph, moving)
    before, after = _turns(streets, moving)
    banned = _Banned(graph, streets, rules)
    allowed = banned.allowed(before, after)
    before, after = before[allowed], after[allowed]
    private = np.repeat(moving.last_metres, 2)
    node = streets.end[before]
    turn_key = (
        np.where(moving.node_ms[node] < 0, 0, passing[node])
        + pack(_turn_ms(graph, streets, rules, before, after), np.zeros(len(before), dtype=np.int64))
        + (private[after] & ~private[before]) * CROSSING
    )
    # the state of a direction has its number; copies for restrictions along ways follow
    states, copies, tail, head, key = banned.ways(before, after, turn_key)
    real = np.r_[np.arange(2 * len(graph.tail)), copies]  # the direction of each state
    base = tail < 2 * len(graph.tail)
    return Moves(
        states=states,
        enter=(np.r_[streets.open, copies], np.r_[streets.open, np.arange(2 * len(graph.tail), states)]),
        leave=(tail[base], head[base], key[base]),
        arcs=(tail, head, whole[real[tail]] + key, real[tail]),
    )


class _Directions:
    """The start and end nodes of each open direction, and which directions leave a node."""

    def __init__(self, graph: Graph, moving: Moving) -> None:
        self.open = np.flatnonzero((moving.ms >= 0).T.ravel())
        self.start = np.stack([graph.tail, graph.head], axis=1).ravel().astype(np.int64)
        self.end = np.stack([graph.head, graph.tail], axis=1).ravel().astype(np.int64)
        self.way = np.repeat(graph.way, 2)
        self.is_open = np.zeros(2 * len(graph.tail), dtype=np.bool_)
        self.is_open[self.open] = True
        leaving = np.bincount(self.start[self.open], minlength=len(graph.node_id))[self.end]
        back_open = self.is_open.reshape(-1, 2)[:, ::-1].ravel()
        self.leads_on = (leaving > back_open) & (moving.node_ms[self.end] >= 0)  # not only back
        order = self.open[np.argsort(self.start[self.open], kind="stable")]
        self.out_ptr = np.searchsorted(self.start[order], np.arange(len(graph.node_id) + 1))
        self.out = order

    def from_node(self, node: int) -> NDArray[np.int64]:
        """Return the directions that begin at the node."""
        found: NDArray[np.int64] = self.out[self.out_ptr[node] : self.out_ptr[node + 1]]
        return found


def _turns(streets: _Directions, moving: Moving) -> Pairs:
    """Return all pairs of directions where one ends and the other starts; at closed nodes, only U-turns."""
    node = streets.end[streets.open]
    counts = streets.out_ptr[node + 1] - streets.out_ptr[node]
    before = np.repeat(streets.open, counts)
    inner = np.arange(len(before)) - np.repeat(np.cumsum(counts) - counts, counts)
    after = streets.out[np.repeat(streets.out_ptr[node], counts) + inner]
    passes = (moving.node_ms[streets.end[before]] >= 0) | (after == before ^ 1)
    return before[passes], after[passes]


def _turn_ms(
    graph: Graph,
    streets: _Directions,
    rules: ProfileRules,
    before: NDArray[np.int64],
    after: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Return the milliseconds of each turn; turns other than U-turns only cost time at junctions.

    They are S-curves over the angle with the limits `turn_s`, and `across_s` across the oncoming lane.

    Source: OSRM's car profile (profiles/car.lua, process_turn).
    """
    first, last = _bearings(graph)
    back = after == before ^ 1
    turn = (first[after] - last[before] + np.pi) % (2 * np.pi) - np.pi  # to the left is positive
    turn = np.where(back, np.pi, turn if rules.drive_on == "right" else -turn) / np.pi
    # the number of open edges at each node
    drivable = np.repeat(streets.is_open.reshape(-1, 2).any(axis=1), 2)
    degree = np.bincount(streets.start[drivable], minlength=len(graph.node_id))
    junction = degree[streets.end[before]] > 2
    lean = np.where(turn < 0, _LEAN, 1 / _LEAN)
    seconds = rules.turn_s / (1 + np.exp(6.5 * lean - 13 / lean * np.abs(turn)))
    seconds += (turn > 0) * ~back * rules.across_s / (1 + np.exp(3.25 - 13 * np.abs(turn)))
    turned = np.where(streets.leads_on[before], rules.u_turn_junction_s, rules.u_turn_s)
    seconds = (junction | back) * seconds + back * turned
    ms: NDArray[np.int64] = np.rint(seconds * 1000).astype(np.int64)
    return ms


def _bearings(graph: Graph) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the bearings at the start and end of each direction, in radians from east."""
    shrink = np.cos(np.radians(graph.vertex[:, 1].mean() / 1e7))
    points = graph.vertex.astype(np.float64) * [shrink, 1.0]
    begin, end = graph.vertex_ptr[:-1], graph.vertex_ptr[1:] - 1
    edge = np.repeat(np.arange(len(begin)), np.diff(graph.vertex_ptr))
    to_end = graph.length_m[edge] - graph.vertex_m
    # the number of vertices near each end: the next one gives the bearing
    near_begin = np.bincount(edge, weights=graph.vertex_m < _SEEN_M, minlength=len(begin)).astype(np.int64)
    near_end = np.bincount(edge, weights=to_end < _SEEN_M, minlength=len(begin)).astype(np.int64)
    ahead = points[np.minimum(begin + near_begin, end)] - points[begin]
    arrive = points[end] - points[np.maximum(end - near_end, begin)]
    out, into = np.arctan2(ahead[:, 1], ahead[:, 0]), np.arctan2(arrive[:, 1], arrive[:, 0])
    return np.stack([out, into + np.pi], axis=1).ravel(), np.stack([into, out + np.pi], axis=1).ravel()


class _Banned:
    """The turn restrictions of a graph. A relation that does not fit it (cut off, or wrong) has no effect."""

    def __init__(self, graph: Graph, streets: _Directions, rules: ProfileRules) -> None:
        self.graph, self.streets = graph, streets
        modes = set(rules.access) - {"access"}
        restrictions = [
            each
            for each in graph.restrictions
            if rules.turn_restrictions
            and not modes & each.except_for
            and each.kind.startswith(("no_", "only_"))
        ]
        self.at_nodes = [each for each in restrictions if len(each.via_nodes) == 1 and not each.via_ways]
        self.by_ways = [each for each in restrictions if each.via_ways]
        open_ = streets.open
        order = open_[np.argsort(streets.way[open_], kind="stable")]
        self._ways, self._of_way = streets.way[order], order

    def allowed(self, before: NDArray[np.int64], after: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return which turns are not forbidden by a restriction at a node."""
        allowed = np.ones(len(before), dtype=np.bool_)
        ptr = np.searchsorted(before, np.arange(len(self.streets.way) + 1)) if len(self.at_nodes) else before
        for each in self.at_nodes:
            node = int(np.searchsorted(self.graph.node_id, each.via_nodes[0]))
            if node == len(self.graph.node_id) or self.graph.node_id[node] != each.via_nodes[0]:
                continue
            for direction in self._directions(each.start):
                if self.streets.end[direction] == node:
                    turns = slice(ptr[direction], ptr[direction + 1])
                    allowed[turns] &= ~self._forbids(each, direction, after[turns])
        return allowed

    def ways(
        self, before: NDArray[np.int64], after: NDArray[np.int64], turn_key: NDArray[np.int64]
    ) -> tuple[int, NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """Apply restrictions along ways: whoever comes from their start travels on copies of these ways.

        Return the number of states, the direction of each copy, and the arcs: tail, head, key of the turn.
        """
        count = len(self.streets.way)
        copies: list[int] = []
        changed: dict[int, list[tuple[int, int]]] = {}  # the turns from a state
        ptr = np.searchsorted(before, np.arange(count + 1)) if self.by_ways else np.zeros(1, dtype=np.int64)

        def follow(state: int) -> list[tuple[int, int]]:
            if state not in changed:
                direction = state if state < count else copies[state - count]
                span = slice(ptr[direction], ptr[direction + 1])
                changed[state] = list(zip(after[span].tolist(), turn_key[span].tolist(), strict=True))
            return changed[state]

        for each in self.by_ways:
            for path in self._paths(each):
                state = path[0]
                for step in path[1:]:
                    copy = count + len(copies)
                    copies.append(step)
                    follows = follow(state)
                    changed[copy] = list(follow(step))
                    changed[state] = [(copy if to == step else to, key) for to, key in follows]
                    state = copy
                real = np.asarray(
                    [to if to < count else copies[to - count] for to, _ in changed[state]], dtype=np.int64
                )
                forbidden = self._forbids(each, path[-1], real)
                changed[state] = [item for item, no in zip(changed[state], forbidden, strict=True) if not no]
        rest = ~np.isin(before, list(changed))
        new = [(state, to, key) for state, follows in changed.items() for to, key in follows]
        tail, head, key = (
            np.asarray(column, dtype=np.int64) for column in (zip(*new, strict=True) if new else ((), (), ()))
        )
        return (
            count + len(copies),
            np.asarray(copies, dtype=np.int64),
            np.r_[before[rest], tail],
            np.r_[after[rest], head],
            np.r_[turn_key[rest], key],
        )

    def _forbids(self, each: Restriction, direction: int, after: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return which of the directions `after` must not follow. U-turns on one way need `no_u_turn`."""
        ends: NDArray[np.bool_] = self.streets.way[after] == each.end
        round_: NDArray[np.bool_] = after == direction ^ 1
        if each.kind.startswith("only_"):
            forbidden = ~ends
        elif each.start != each.end or each.via_ways:
            forbidden = ends
        else:
            forbidden = ends & (round_ if each.kind == "no_u_turn" else ~round_)
        return forbidden

    def _directions(self, way: int) -> NDArray[np.int64]:
        low, high = np.searchsorted(self._ways, [way, way + 1])
        found: NDArray[np.int64] = self._of_way[low:high]
        return found

    def _paths(self, each: Restriction) -> Iterator[list[int]]:
        """Yield paths of directions: one on the start's way, then along the `via` ways to the end's way."""
        via = {int(direction) for way in each.via_ways for direction in self._directions(way)}
        goals = {int(self.streets.start[direction]) for direction in self._directions(each.end)}
        for first in self._directions(each.start).tolist():
            came: dict[int, int] = defaultdict(int)
            queue = [
                step
                for step in self.streets.from_node(int(self.streets.end[first])).tolist()
                if step in via and step != first ^ 1
            ]
            came.update(dict.fromkeys(queue, first))
            while queue:
                step = queue.pop(0)
                if int(self.streets.end[step]) in goals:
                    path = [step]
                    while path[-1] != first:
                        path.append(came[path[-1]])
                    yield path[::-1]
                    break
                for further in self.streets.from_node(int(self.streets.end[step])).tolist():
                    if further in via and further not in came and further != step ^ 1:
                        came[further] = step
                        queue.append(further)
