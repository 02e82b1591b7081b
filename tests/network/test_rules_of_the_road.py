"""No leg breaks the rules for drivers (one-way streets, forbidden turns), read independently of `network`."""

import itertools
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import osmium
import pytest

from doorroute.model.place import Point
from doorroute.model.team import Profile
from doorroute.network import StreetNetwork, open_network
from tests.helpers.drawn_town import sample_points

ROOT = Path(__file__).resolve().parents[2]
EXTRACTS = [
    path
    for folder in (ROOT / "data" / "demo", ROOT.parent / "shared" / "data")
    for path in sorted(folder.glob("*.osm.pbf"))
]
MODES = ("motorcar", "motor_vehicle", "vehicle")
Spot = tuple[int, int]
Step = tuple[Spot, Spot]


@dataclass
class Turn:
    """A restriction at a node: the ways that it joins."""

    kind: str
    start: int
    via: Spot
    end: int


@dataclass
class Drawn:
    """What is drawn: the steps that may be driven, the ways along each, where each way runs, the turns."""

    allowed: set[Step] = field(default_factory=set)
    ways: dict[frozenset[Spot], set[int]] = field(default_factory=lambda: defaultdict(set))
    lines: dict[int, list[Spot]] = field(default_factory=dict)
    turns: list[Turn] = field(default_factory=list)


def oneway_of(tags: osmium.osm.TagList) -> str:
    said = next((tags[key] for key in (*(f"oneway:{mode}" for mode in MODES), "oneway") if key in tags), None)
    if said in ("yes", "true", "1"):
        return "along"
    if said in ("-1", "reverse"):
        return "against"
    implied = tags.get("junction") in ("roundabout", "circular") or tags.get("highway") == "motorway"
    return "along" if implied and said is None else "both"


@pytest.fixture(scope="module", params=EXTRACTS, ids=lambda path: path.name.partition(".")[0])
def extract(request: pytest.FixtureRequest) -> Path:
    """Return the shipped extract, and whatever others are there."""
    return request.param


@pytest.fixture(scope="module")
def drawn(extract: Path) -> Drawn:
    found = Drawn()
    spots: dict[int, Spot] = {}
    for item in osmium.FileProcessor(str(extract)).with_locations():
        if item.is_way() and "highway" in item.tags:
            nodes = [(node.ref, (node.x, node.y)) for node in item.nodes if node.location.valid()]
            spots.update(nodes)
            line = [spot for _, spot in nodes]
            found.lines[item.id] = line
            for a, b in itertools.pairwise(line):
                found.ways[frozenset((a, b))].add(item.id)
            if oneway_of(item.tags) != "against":
                found.allowed.update(itertools.pairwise(line))
            if oneway_of(item.tags) != "along":
                found.allowed.update(itertools.pairwise(line[::-1]))
        elif item.is_relation() and item.tags.get("type") == "restriction":
            kind = item.tags.get("restriction", "")
            roles = {member.role: member for member in item.members}
            lifted = set(item.tags.get("except", "").split(";")) & set(MODES)
            if (
                kind[:3] in ("no_", "onl")
                and not lifted
                and {"from", "via", "to"} <= set(roles)
                and len(item.members) == 3
            ):
                via = roles["via"]
                if via.type == "n" and via.ref in spots:
                    found.turns.append(Turn(kind, roles["from"].ref, spots[via.ref], roles["to"].ref))
    return found


@pytest.fixture(scope="module")
def network(extract: Path) -> StreetNetwork:
    return open_network(extract)


def driven(network: StreetNetwork, start: Point, end: Point) -> list[Spot]:
    """Return the corners of a leg on streets: without doors, entrances, gates and their points on streets."""
    points = network.leg(start, end, Profile.CAR).points
    by = (~np.isnan(network.snap([start, end], Profile.CAR).via[:, :, 0])).sum(axis=1)
    return [
        (round(point.lon * 1e7), round(point.lat * 1e7))
        for point in points[2 + by[0] : len(points) - 2 - by[1]]
    ]


def breaks(drawn: Drawn, turn: Turn, corners: list[Spot]) -> bool:
    for before, via, after in zip(corners, corners[1:], corners[2:], strict=False):
        if via != turn.via or turn.start not in drawn.ways[frozenset((before, via))]:
            continue
        onto = turn.end in drawn.ways[frozenset((via, after))]
        if turn.start == turn.end:
            onto = onto and (before == after) == (turn.kind == "no_u_turn")
        # turning round where all else is shut is not what "only" forbids
        if onto if turn.kind.startswith("no_") else not onto and before != after:
            return True
    return False


def test_no_leg_drives_a_oneway_the_wrong_way(network: StreetNetwork, drawn: Drawn) -> None:
    points = sample_points(network, 60, seed=11)
    steps = [
        step for pair in itertools.pairwise(points) for step in itertools.pairwise(driven(network, *pair))
    ]
    assert len(steps) > 500
    assert [step for step in steps if step not in drawn.allowed] == []


def test_no_leg_makes_a_turn_that_is_forbidden(network: StreetNetwork, drawn: Drawn) -> None:
    pairs = [*itertools.pairwise(sample_points(network, 40, seed=5))]
    # and from before each sign to behind it, wherever the network lets cars go there
    for turn in drawn.turns:
        ends = [
            corner for way in (turn.start, turn.end) for corner in beside(drawn.lines.get(way, []), turn.via)
        ]
        pairs += itertools.permutations(ends, 2)
    broken = []
    for pair in pairs:
        corners = driven(network, *pair)
        broken += [
            (turn, pair) for turn in drawn.turns if turn.via in corners and breaks(drawn, turn, corners)
        ]
    assert broken == []
    assert len(pairs) >= 39 + 2 * len(drawn.turns) * 0.8


def beside(line: list[Spot], via: Spot) -> list[Point]:
    """Return points two corners from `via`, on either side: the segments at `via` are driven in full."""
    at = [place for place, spot in enumerate(line) if spot == via]
    ends = {min(max(place + side, 0), len(line) - 1) for place in at for side in (-2, 2)} - set(at)
    return [Point(line[place][0] / 1e7, line[place][1] / 1e7) for place in sorted(ends)]
