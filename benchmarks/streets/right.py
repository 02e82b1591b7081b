"""Right to the metre: the ways between random doors, ours and OSRM's, and what makes them differ."""

from __future__ import annotations

import random
import statistics
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import osmium

from benchmarks.streets.sides import ask
from doorroute.model.place import Point
from doorroute.model.team import Profile
from doorroute.network import keys, open_network
from doorroute.network.moving import apply_rules
from doorroute.network.search import path
from doorroute.network.snapping import snap
from doorroute.network.turns import _Directions, _turn_ms

PAIRS = 1000
SAME_STREET_M = 1.0  # OSRM keeps coordinates to 0.1 m
TOLD = ("highway", "route", "railway", "public_transport", "man_made", "amenity", "construction", "foot", "access", "motorcar",
        "motor_vehicle", "vehicle", "area", "sidewalk", "barrier")  # fmt: skip
NARROW = ("lanes", "lane_markings", "width")
OSRM_CLOSES = (
    "no",
    "private",
    "delivery",
    "agricultural",
    "forestry",
    "use_sidepath",
)  # foot.lua, nodes with or without a barrier
OSRM_SPEEDS = """[foot]
signal_s = 2
gate_s = 0
[foot.kmh]
steps = 4.8
[foot.surface]
fine_gravel = 0.75
"""

Spot = tuple[int, int]
Ends = tuple[float, float, float, float]


@dataclass(frozen=True)
class Pair:
    """Two points on our streets (lon, lat), our metres and directions between them, and OSRM's answer."""

    ends: Ends
    m: float
    directions: tuple[int, ...]
    osrm: Mapping[str, Any]

    @property
    def ratio(self) -> float:
        return self.m / max(self.osrm["m"], 0.1)

    @property
    def off(self) -> bool:
        return not 0.9 <= self.ratio <= 1.1


class Town:
    """An extract for one profile, and the same streets in OSRM (`base`)."""

    def __init__(self, extract: Path, profile: Profile, python: Path, base: Path, rules: str = "") -> None:
        self.extract, self.profile, self.python, self.base = extract, profile, python, base
        with tempfile.TemporaryDirectory() as folder:
            own = Path(folder) / "own.toml"
            own.write_text(rules)
            self.network = open_network(extract, profiles=own)
        self.states = self.network._prepared(profile).states
        self.graph = self.network.graph
        self.moving = apply_rules(self.graph, self.network.rules[profile])

    def ask(self, do: str, **more: object) -> Any:  # noqa: ANN401  # JSON
        return ask(self.python, "osrm_peer.py", {"do": do, "base": str(self.base), **more})

    @cached_property
    def doors(self) -> list[Point]:
        """Corners of buildings; where few are mapped, middles of the streets' segments."""
        ways = (
            osmium.FileProcessor(str(self.extract))
            .with_locations()
            .with_filter(osmium.filter.KeyFilter("building"))
        )
        spots = [way.nodes[0].location for way in ways if way.is_way()]
        found = [Point(spot.lon, spot.lat) for spot in spots if spot.valid()]
        if len(found) < PAIRS:
            starts = np.ones(len(self.graph.vertex), dtype=bool)
            starts[self.graph.vertex_ptr[1:] - 1] = False
            starts &= np.repeat(self.states.usable, np.diff(self.graph.vertex_ptr))
            at = np.flatnonzero(starts)
            middles = (self.graph.vertex[at].astype(np.float64) + self.graph.vertex[at + 1]) / 2e7
            found = [Point(*spot) for spot in middles.tolist()]
        return found

    def draw(self, seed: int) -> Iterator[Ends]:
        """Draw pairs of doors, moved to where they touch our streets; in a junction either side may choose
        another of its streets.
        """
        dice = random.Random(seed)
        while True:
            snapped = self.network.snap([dice.choice(self.doors) for _ in range(400)], self.profile)
            rest = np.minimum(snapped.along_m, self.graph.length_m[snapped.edge] - snapped.along_m)
            good = np.isfinite(snapped.offset_m) & (rest > 2 * SAME_STREET_M)
            spots = [
                (round(x, 6), round(y, 6))
                for x, y in zip(snapped.lon[good].tolist(), snapped.lat[good].tolist(), strict=True)
            ]
            yield from (
                (*one, *two) for one, two in zip(spots[0::2], spots[1::2], strict=False) if one != two
            )

    def way(self, ends: Ends) -> tuple[float, tuple[int, ...]] | None:
        """Return our metres, to the decimetre, and the directions travelled."""
        lon, lat = np.asarray(ends).reshape(2, 2).T
        snapped = snap(self.graph, self.network._prepared(self.profile).grid, lon, lat)
        key, directions = path(self.states, self.network._doors_at(snapped, self.profile))
        return ((key & ((1 << 24) - 1)) / 10, tuple(directions)) if key < keys.NOWHERE else None

    @cached_property
    def raw(self) -> tuple[dict[int, Spot], dict[frozenset[Spot], dict[str, str]]]:
        """Where each node is, and the tags of the way along each segment, read from the extract once more."""
        at: dict[int, Spot] = {}
        ways: dict[frozenset[Spot], dict[str, str]] = {}
        for way in osmium.FileProcessor(str(self.extract)).with_locations():
            if not way.is_way() or not any(key in way.tags for key in TOLD):
                continue
            tags = {**{tag.k: tag.v for tag in way.tags}, "id": str(way.id)}
            nodes = [(node.ref, (node.x, node.y)) for node in way.nodes if node.location.valid()]
            at.update(nodes)
            for (_, a), (_, b) in pairwise(nodes):
                if "highway" in tags or frozenset((a, b)) not in ways:
                    ways[frozenset((a, b))] = tags
        return at, ways

    @cached_property
    def open_segments(self) -> dict[tuple[Spot, Spot], int]:
        """Return the direction that runs along each segment that we may travel."""
        open_ = np.flatnonzero(self.states.whole < keys.NOWHERE).tolist()
        return {step: direction for direction in open_ for step in pairwise(self.line(direction))}

    @cached_property
    def streets(self) -> _Directions:
        return _Directions(self.graph, self.moving)

    def line(self, direction: int) -> list[Spot]:
        edge, back = divmod(direction, 2)
        span = slice(self.graph.vertex_ptr[edge], self.graph.vertex_ptr[edge + 1])
        line = [(x, y) for x, y in self.graph.vertex[span].tolist()]
        return line[::-1] if back else line

    def tags(self, direction: int) -> dict[str, str]:
        return self.raw[1].get(frozenset(self.line(direction)[:2]), {})

    def theirs(self, pair: Pair) -> list[tuple[Spot, Spot]]:
        """Return the segments of OSRM's way."""
        return list(pairwise(self.raw[0][node] for node in pair.osrm["nodes"] if node in self.raw[0]))


@dataclass(frozen=True)
class Compared:
    """Pairs whose ends lie on the same streets for both, how many others were drawn, and why they were left
    out.
    """

    town: Town
    pairs: Sequence[Pair]
    left_out: Counter[str]


def compare(town: Town, seed: int = 7) -> Compared:
    """Draw pairs until PAIRS of them have both ends on streets that OSRM has too."""
    good: list[Pair] = []
    left: Counter[str] = Counter()
    source = town.draw(seed)
    while len(good) < PAIRS:
        batch = [next(source) for _ in range(PAIRS - len(good) + 50)]
        for ends, osrm in zip(batch, town.ask("routes", pairs=batch), strict=True):
            ours = town.way(ends)
            if osrm is None or ours is None:
                left["no way here" if osrm else "no way in OSRM" if ours else "no way in either"] += 1
            elif max(osrm["off_m"]) > SAME_STREET_M:
                side = 0 if osrm["off_m"][0] > SAME_STREET_M else 2
                left[f"not a street for OSRM: {told(town.tags(ours[1][-1 if side else 0]))}"] += 1
            elif len(good) < PAIRS:
                pair = Pair(ends, *ours, osrm)
                theirs = town.theirs(pair)
                mine = [
                    set(pairwise(town.line(direction & ~1)))
                    for direction in (pair.directions[0], pair.directions[-1])
                ]
                if all(
                    step in way or step[::-1] in way
                    for step, way in zip((theirs[0], theirs[-1]), mine, strict=True)
                ):
                    good.append(pair)
                else:
                    left["OSRM chose another street at the same place (above, below, alongside)"] += 1
    return Compared(town, good, left)


def told(tags: Mapping[str, str]) -> str:
    return " ".join(f"{key}={tags[key]}" for key in TOLD if key in tags) or "an untagged outline"


def explain(town: Town, pairs: Sequence[Pair]) -> list[tuple[str, str]]:
    """Say for each pair why the ways differ, and by which way or node on the map."""
    missing = _missing_in_osrm(town, pairs)
    return [
        _closed_here(town, pair) or _closed_there(town, pair, missing[number]) or _chosen(town, pair)
        for number, pair in enumerate(pairs)
    ]


def _closed_here(town: Town, pair: Pair) -> tuple[str, str] | None:
    """Find what OSRM passes and we do not."""
    theirs = town.theirs(pair)
    for step in theirs:
        if step not in town.open_segments:
            tags = town.raw[1].get(frozenset(step), {})
            against = step[::-1] in town.open_segments
            how = "OSRM goes against our direction" if against else "OSRM goes where we do not"
            return f"{how}: {told(tags)}", f"way {tags.get('id')}"
    directions = list(dict.fromkeys(town.open_segments[step] for step in theirs))
    inner = [town.moving.last_metres[direction // 2] for direction in directions]
    public = np.flatnonzero(~np.asarray(inner))
    if len(public) and any(inner[public[0] : public[-1]]):
        first = directions[public[0] + inner[public[0] :].index(True)]
        return (
            f"OSRM passes through private ground: {told(town.tags(first))}",
            f"way {town.graph.way[first // 2]}",
        )
    for node in town.streets.end[directions[:-1]].tolist():
        if (town.moving.node_ms[node] < 0 or town.moving.node_gate[node]) and pair.ratio > 1:
            return (
                f"OSRM passes a gate: {told(town.graph.node_tags[node])}",
                f"node {town.graph.node_id[node]}",
            )
    return None


def _closed_there(town: Town, pair: Pair, missing: Sequence[int]) -> tuple[str, str] | None:
    """Find what we pass and OSRM does not."""
    for direction in missing:
        return (
            f"we go where OSRM does not: {told(town.tags(direction))}",
            f"way {town.graph.way[direction // 2]}",
        )
    for node in town.streets.end[list(pair.directions[:-1])].tolist():
        tags = town.graph.node_tags.get(node, {})
        if town.profile is Profile.FOOT and (tags.get("foot") or tags.get("access")) in OSRM_CLOSES:
            return f"we pass a node that OSRM closes: {told(tags)}", f"node {town.graph.node_id[node]}"
    return None


def _missing_in_osrm(town: Town, pairs: Sequence[Pair]) -> dict[int, list[int]]:
    """Return the directions of our ways, by pair, that run where OSRM has no street."""
    at = town.raw[0]
    asked = [
        (number, direction, step)
        for number, pair in enumerate(pairs)
        for direction in pair.directions
        for step in list(pairwise(town.line(direction)))[:1]
        if step not in set(town.theirs(pair))
    ]
    middles = [[(a[0] + b[0]) / 2e7, (a[1] + b[1]) / 2e7] for _, _, (a, b) in asked]
    missing: dict[int, list[int]] = defaultdict(list)
    answers = town.ask("segments", points=middles, count=8) if middles else []
    for (number, direction, step), near in zip(asked, answers, strict=True):
        # of a oneway OSRM names the node ahead only, and 0
        oneway = "oneway" in town.tags(direction)
        if not any(
            {at.get(node) for node in ends if node or not oneway} <= set(step) and any(ends) for ends in near
        ):
            missing[number].append(direction)
    return missing


def _chosen(town: Town, pair: Pair) -> tuple[str, str]:
    """Both may go both ways: say by what we take things to cost that OSRM takes otherwise."""
    theirs = list(dict.fromkeys(town.open_segments[step] for step in town.theirs(pair)))
    mine, other = _spent(town, list(pair.directions)), _spent(town, theirs)
    differ = {what: mine[what] - other[what] for what in mine}
    sizes = f"{pair.m:.0f} m and {pair.osrm['m']:.0f} m; " + ", ".join(
        f"{what} {amount:+.0f}" for what, amount in differ.items() if abs(amount) >= 1
    )
    if town.profile is Profile.FOOT:
        for cause, rules in (("signals: 5.5 s a node here, 2 s there", "[foot]\nsignal_s = 2"), ("steps are slower here", "[foot.kmh]\nsteps = 4.8"), ("signals, gates, steps and gravel together", OSRM_SPEEDS)):  # fmt: skip
            other_town = _with(town, rules)
            way = other_town.way(pair.ends)
            if way and 0.97 <= way[0] / pair.osrm["m"] <= 1.03:
                return f"time, not distance: {cause}", sizes
        return "both may go both ways: seconds weigh otherwise", sizes
    if differ["narrow, m"] > 20:
        return "OSRM shuns narrow streets (one lane, no markings), though it takes them to be as quick", sizes
    if abs(differ["gates and signals, s"]) > 30:
        return "gates: a minute in either, but OSRM takes private ones to be open", sizes
    if abs(differ["turning round, s"]) > 1:
        return "turning round in a junction: 2 minutes here, never there", sizes
    return "both may go both ways: turns, signals and speeds weigh otherwise", sizes


_OTHER: dict[tuple[Path, str], Town] = {}


def _with(town: Town, rules: str) -> Town:
    key = (town.extract, rules)
    if key not in _OTHER:
        _OTHER[key] = Town(town.extract, town.profile, town.python, town.base, rules)
    return _OTHER[key]


def _spent(town: Town, directions: list[int]) -> dict[str, float]:
    graph, rules = town.graph, town.network.rules[town.profile]
    before, after = (np.asarray(part, dtype=np.int64) for part in (directions[:-1], directions[1:]))
    turn_ms = _turn_ms(graph, town.streets, rules, before, after)
    back = after == before ^ 1
    length = graph.length_m[np.asarray(directions) // 2]
    tags = [town.tags(direction) for direction in directions]
    return {
        "narrow, m": sum(m for m, t in zip(length, tags, strict=True) if _narrow(t)),
        "steps, m": sum(m for m, t in zip(length, tags, strict=True) if t.get("highway") == "steps"),
        "gates and signals, s": float(np.maximum(town.moving.node_ms[town.streets.end[before]], 0).sum())
        / 1000,
        "turns, s": float(turn_ms[~back].sum()) / 1000,
        "turning round, s": float(turn_ms[back].sum()) / 1000,
    }


def _narrow(tags: Mapping[str, str]) -> bool:
    return tags.get("oneway") != "yes" and (
        tags.get("lanes") == "1" or tags.get("lane_markings") == "no" or "width" in tags
    )


def foreign(cause: str) -> bool:
    """Tell whether OSRM goes where our users must not: private gates and ground, cars on ways for bicycles
    and walkers.
    """
    return cause.startswith(
        ("OSRM passes", *(f"OSRM goes where we do not: highway={way}way" for way in ("cycle", "foot")))
    )


def figures(pairs: Sequence[Pair]) -> str:
    """Return the cells: median ratio, within 3 %, off by more than 10 %."""
    ratios = [pair.ratio for pair in pairs]
    near = sum(0.97 <= ratio <= 1.03 for ratio in ratios) / len(ratios)
    return f"{statistics.median(ratios):.3f} | {near:.1%} | {sum(pair.off for pair in pairs)}"
