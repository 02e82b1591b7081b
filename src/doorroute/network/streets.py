"""The street network of an extract: where doors touch it, how long the ways between them take, and how they run."""

from __future__ import annotations

import hashlib
import json
import threading
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from functools import cached_property
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from doorroute.disk.cache import Cache, load, save
from doorroute.disk.files import sha256_of
from doorroute.errors import BadInputError
from doorroute.extracts import broken, must_be_there, read_in_sandbox
from doorroute.model.directions import Direction
from doorroute.model.place import Point
from doorroute.model.team import Profile
from doorroute.model.travel import UNREACHABLE, StopKey, TravelMatrix
from doorroute.network import keys
from doorroute.network.approach import Approach
from doorroute.network.barriers import SLIVER_M, closed_edges, read_barriers, work_in
from doorroute.network.compiling import Graph, build_graph
from doorroute.network.describing import Describer
from doorroute.network.hierarchy import Hierarchy, build_hierarchy, table
from doorroute.network.hours import Hours
from doorroute.network.moving import apply_rules, reached_from
from doorroute.network.nearest import Neighbours, nearest
from doorroute.network.obstacles import Obstacles
from doorroute.network.profiles import ProfileRules, read_rules
from doorroute.network.raw import DEGREE, Restriction
from doorroute.network.reading import read_extract
from doorroute.network.search import Arcs, Doors, path
from doorroute.network.snapping import Grid, Snapped, build_grid
from doorroute.network.states import SearchGraph
from doorroute.network.today import NO_DOUBT, Doubtful, settled
from doorroute.network.usage import build_states
from doorroute.texts import msg

_FORMAT: Final = 10  # of the cached files; a new number, and old ones are made again
_GRAPH: Final = "streets.arrays"


@dataclass(frozen=True, kw_only=True)
class Leg:
    """The way from one door to the next: its points from door to door, whole metres and whole seconds as in the travel matrix.

    No way: no points, and both numbers UNREACHABLE. `way` says the streets in order, steps and lifts between them.
    """

    points: tuple[Point, ...] = field(repr=False)
    distance_m: int
    duration_s: int
    directions: tuple[Direction, ...] = ()


def open_network(
    extract: Path,
    *,
    cache: Path | None = None,
    profiles: Path | None = None,
    barriers: Path | None = None,
    hours: Hours | None = None,
) -> StreetNetwork:
    """Compile the streets of `extract`, or take them from the folder `cache` where they were compiled before.

    `profiles` is a TOML file that changes the shipped `profiles.toml`. `barriers` is a GeoJSON file of what is closed today. `hours`
    are those in which teams are out: what the map says of opening hours and conditions holds for them; without `hours` it is left aside.
    Without a `cache` nothing is written.

    Raises
    ------
    BadInputError
        The extract (`EXTRACT_...`), the profiles (`PROFILES_...`) or the barriers (`BARRIER...`) cannot be used.
    """
    rules = read_rules(profiles)
    drawn = read_barriers(barriers) if barriers else ()
    must_be_there(extract)
    kept = Cache(cache)
    if kept.folder is None:
        graph, doubtful = _settled(_compile(extract), hours)
        return StreetNetwork(*work_in(graph, drawn), rules, doubtful=doubtful)
    named = _name(extract)
    tagged = _graph_of(kept.load(f"{named}.arrays"))
    if tagged is None:
        tagged = _compile(extract)
        kept.save(f"{named}.arrays", *_arrays_of(tagged))
    graph, doubtful = _settled(tagged, hours)
    if (graph.tag_sets, graph.node_tags) != (tagged.tag_sets, tagged.node_tags):
        named = f"{named}-{_digest(json.dumps([graph.tag_sets, graph.node_tags], sort_keys=True))}"
    if barriers:
        named = f"{named}-{_digest(sha256_of(barriers))}"
    return StreetNetwork(*work_in(graph, drawn), rules, kept, named, doubtful)


def _settled(graph: Graph, hours: Hours | None) -> tuple[Graph, Doubtful]:
    return (graph, NO_DOUBT) if hours is None else settled(graph, hours)


class _Ways(NamedTuple):
    """What one profile needs."""

    states: SearchGraph
    grid: Grid
    hierarchy: Hierarchy


class _Met(NamedTuple):
    """How the doors of one profile that were asked for touch the streets: each is snapped once, however many legs end there."""

    approach: Approach
    row: dict[Point, int]
    found: Snapped


class StreetNetwork:
    """The streets of one extract. Made by `open_network`; may be used from several threads."""

    def __init__(
        self,
        graph: Graph,
        idle_barriers: tuple[int, ...],
        rules: Mapping[Profile, ProfileRules],
        cache: Cache = Cache(None),  # noqa: B008  # nothing is kept in it
        named: str = "",
        doubtful: Doubtful = NO_DOUBT,
    ) -> None:
        self.graph = graph
        self.idle_barriers = idle_barriers  # the numbers of those that touch no street
        self.doubtful = doubtful  # what counts as closed because its hours are unsure
        self.rules = rules
        self.cache = cache
        self._named = named  # the start of the names of the cached files
        self._ways: dict[Profile, _Ways] = {}
        self._met: dict[Profile, _Met] = {}
        self._legs: dict[tuple[Point, Point, Profile], Leg] = {}
        self._lock = threading.RLock()

    @cached_property
    def bounds(self) -> tuple[float, float, float, float]:
        """Return west, south, east, north of all streets, in degrees."""
        low, high = self.graph.vertex.min(axis=0) / DEGREE, self.graph.vertex.max(axis=0) / DEGREE
        return float(low[0]), float(low[1]), float(high[0]), float(high[1])

    def states(self, profile: Profile) -> SearchGraph:
        """Return the part of the streets that `profile` uses, as states and arcs."""
        return self._prepared(profile).states

    def snap(self, points: Sequence[Point], profile: Profile) -> Snapped:
        """Find where each point touches the streets of `profile`; `offset_m` is inf where none is within `REACH_M`."""
        with self._lock:
            if profile not in self._met:
                approach = Approach(self.graph, self._prepared(profile).grid)
                self._met[profile] = _Met(approach, {}, approach.snap(np.zeros((0, 2))))
            approach, row, found = self._met[profile]
            new = [point for point in dict.fromkeys(points) if point not in row]
            if new:
                row.update(zip(new, range(len(row), len(row) + len(new)), strict=True))
                found = found.joined(approach.snap(np.asarray([(point.lon, point.lat) for point in new])))
                self._met[profile] = _Met(approach, row, found)
            return found.rows(np.asarray([row[point] for point in points], dtype=np.int64))

    def closed(self, points: Sequence[Point], profile: Profile) -> NDArray[np.bool_]:
        """Return (n,) bool, which points a barrier cuts off today: their street is closed, or the steps from it to them are."""
        found = self.snap(points, profile)
        closed: NDArray[np.bool_] = closed_edges(self.graph, profile)[found.edge] & (found.edge >= 0)
        return closed | found.shut

    def travel(self, stops: Sequence[tuple[StopKey, Point]], profile: Profile) -> TravelMatrix:
        """Return the seconds and metres between all stops, the steps between door and street included.

        Two stops at the very same point are nothing apart. On foot and by bike no detour by a third door is quicker, unless that door lies on private
        ground; by car one is where the team, who may leave a door either way, turns round there.
        """
        places = {point: None for _, point in stops}
        index = {point: position for position, point in enumerate(places)}
        ways = self._prepared(profile)
        best = table(ways.states, ways.hierarchy, self._doors(list(places), profile))
        which = np.asarray([index[point] for _, point in stops], dtype=np.int64)
        best = best[np.ix_(which, which)]
        return TravelMatrix(
            profile=profile,
            stops=tuple(key for key, _ in stops),
            duration_s=keys.seconds(best),
            distance_m=keys.metres(best),
        )

    def neighbours(self, points: Sequence[Point], profile: Profile, count: int) -> Neighbours:
        """Return the `count` nearest other points each way, by travel time, with the seconds and metres that `travel` would give.

        For many thousand points, where a table of all pairs would not fit.
        """
        index = {point: position for position, point in enumerate(dict.fromkeys(points))}
        same = np.asarray([index[point] for point in points], dtype=np.int64)
        return nearest(self._prepared(profile).states, self._doors(points, profile), same, count)

    def leg(self, start: Point, end: Point, profile: Profile) -> Leg:
        """Return the way from `start` to `end`; its seconds and metres are those of `travel`."""
        asked = (start, end, profile)
        if asked not in self._legs:  # the same ones are drawn, checked and put on maps
            self._legs[asked] = self._leg(*asked)
        return self._legs[asked]

    def _leg(self, start: Point, end: Point, profile: Profile) -> Leg:
        if start == end:
            return Leg(points=(start, end), distance_m=0, duration_s=0)
        states = self._prepared(profile).states
        snapped = self.snap([start, end], profile)
        key, directions = path(states, self._doors_at(snapped, profile))
        duration, distance = int(keys.seconds(np.asarray(key))), int(keys.metres(np.asarray(key)))
        if not directions:
            return Leg(points=(), distance_m=UNREACHABLE, duration_s=UNREACHABLE)
        line = [*_via(snapped, 0), *self._line(directions, snapped), *_via(snapped, 1)[::-1]]
        described = self._describer.describe(directions, self._metres(directions, snapped))
        return Leg(points=(start, *line, end), distance_m=distance, duration_s=duration, directions=described)

    @cached_property
    def _describer(self) -> Describer:
        return Describer(self.graph)

    def _metres(self, directions: Sequence[int], snapped: Snapped) -> list[float]:
        """Return the metres travelled on each direction, the first and last in part."""
        metres = [float(self.graph.length_m[direction // 2]) for direction in directions]
        start, end = snapped.along_m.tolist()
        if len(directions) == 1:
            return [abs(end - start)]
        metres[0] = start if directions[0] % 2 else metres[0] - start
        metres[-1] = metres[-1] - end if directions[-1] % 2 else end
        return metres

    def _doors(self, points: Sequence[Point], profile: Profile) -> Doors:
        return self._doors_at(self.snap(points, profile), profile)

    def _doors_at(self, snapped: Snapped, profile: Profile) -> Doors:
        states = self._prepared(profile).states
        near = (snapped.edge >= 0) & ~snapped.shut
        edge = np.where(near, snapped.edge, 0)
        whole = states.whole.reshape(-1, 2)[edge]
        length = np.maximum(self.graph.length_m[edge], 1e-9)
        share = np.clip(snapped.along_m / length, 0, 1)
        walked = np.where(near, snapped.offset_m, 0.0)
        walk_ms = np.rint(walked * 3600 / self.rules[profile].walk_kmh).astype(np.int64)
        return Doors(
            edge=np.where(near, snapped.edge, -1),
            part=keys.share(whole, np.stack([share, 1 - share], axis=1)),
            whole=whole,
            offset=keys.pack(walk_ms, np.rint(walked * 10).astype(np.int64)),
        )

    def _line(self, directions: Sequence[int], snapped: Snapped) -> list[Point]:
        """Return the points along the travelled directions, from where the first door touches the street to where the second does."""
        ends = [(float(snapped.lon[i]), float(snapped.lat[i])) for i in (0, 1)]
        pieces = []
        for number, direction in enumerate(directions):
            edge, back = divmod(direction, 2)
            span = slice(int(self.graph.vertex_ptr[edge]), int(self.graph.vertex_ptr[edge + 1]))
            metres = self.graph.vertex_m[span]
            inside = np.ones(len(metres), dtype=np.bool_)
            if number == 0:
                inside &= metres < snapped.along_m[0] if back else metres > snapped.along_m[0]
            if number == len(directions) - 1:
                inside &= metres > snapped.along_m[1] if back else metres < snapped.along_m[1]
            vertices = self.graph.vertex[span][inside] / DEGREE
            pieces.append(vertices[::-1] if back else vertices)
        walked = [ends[0], *map(tuple, np.concatenate(pieces).tolist()), ends[1]]
        return [
            Point(lon, lat) for i, (lon, lat) in enumerate(walked) if i == 0 or (lon, lat) != walked[i - 1]
        ]

    def _prepared(self, profile: Profile) -> _Ways:
        if profile not in self._ways:
            self._ways[profile] = self._load_ways(profile) or self._make_ways(profile)
        return self._ways[profile]

    def _ways_file(self, profile: Profile) -> str:
        rules = json.dumps(asdict(self.rules[profile]), sort_keys=True)
        return f"{self._named}-{profile}-{_digest(rules)}.arrays"

    def _load_ways(self, profile: Profile) -> _Ways | None:
        found = self.cache.load(self._ways_file(profile))
        if found is None:
            return None
        parts: dict[str, dict[str, NDArray[Any]]] = defaultdict(dict)
        for name, array in found[0].items():
            part, _, item = name.partition(".")
            parts[part][item] = array
        hierarchy = Hierarchy(parts["rank"][""], Arcs(**parts["up"]), Arcs(**parts["down"]))
        return _Ways(SearchGraph(**parts["states"]), Grid(**parts["grid"]), hierarchy)

    def _make_ways(self, profile: Profile) -> _Ways:
        moving = apply_rules(self.graph, self.rules[profile])
        closed = closed_edges(self.graph, profile)
        states = build_states(self.graph, moving, self.rules[profile], closed)
        gate = closed & (self.graph.length_m <= SLIVER_M)
        grid = build_grid(
            self.graph, reached_from(self.graph, moving, states.usable) & ~gate, moving.last_metres
        )
        ways = _Ways(states, grid, build_hierarchy(states))
        parts = {
            "states": {item.name: getattr(states, item.name) for item in fields(states)},
            "grid": grid._asdict(),
            "up": ways.hierarchy.up._asdict(),
            "down": ways.hierarchy.down._asdict(),
            "rank": {"": ways.hierarchy.rank},
        }
        named = {f"{part}.{name}": array for part, arrays in parts.items() for name, array in arrays.items()}
        self.cache.save(self._ways_file(profile), named)
        return ways


def _via(snapped: Snapped, row: int) -> list[Point]:
    """Return the entrance and the gate between the door and the street, where there are any."""
    return [Point(lon, lat) for lon, lat in snapped.via[row].tolist() if not np.isnan(lon)]


def cached(extract: Path, cache: Path) -> tuple[Path, ...]:
    """Return the files that `open_network` keeps of `extract` in the folder `cache`."""
    return tuple(sorted(cache.glob(f"{_name(extract)}*.arrays"))) if extract.is_file() else ()


def _name(extract: Path) -> str:
    return f"streets-{_digest(sha256_of(extract))}"


def _compile(extract: Path) -> Graph:
    """Compile the streets apart."""
    with read_in_sandbox(compile_to, extract) as folder:
        graph = _graph_of(load(folder / _GRAPH))
    if graph is None:
        raise broken(extract)
    return graph


def compile_to(folder: Path, extract: str) -> None:
    """Read `extract` and write its streets as arrays to the folder; runs apart."""
    path = Path(extract)
    graph = build_graph(read_extract(path))
    if not len(graph.tail):
        raise BadInputError(
            "EXTRACT_NO_STREETS",
            msg("There are no streets in {file}.", file=path.name),
            msg(
                "Take an extract of your town with its streets: a download of OpenStreetMap, or `doorroute network fetch`."
            ),
        )
    save(folder / _GRAPH, *_arrays_of(graph))


def _digest(text: str) -> str:
    return hashlib.sha256(f"{_FORMAT} {text}".encode()).hexdigest()[:20]


def _graph_of(found: tuple[dict[str, NDArray[Any]], Any] | None) -> Graph | None:
    if found is None:
        return None
    arrays, about = found
    around = {item.name: arrays.pop(item.name) for item in fields(Obstacles)}
    return Graph(
        **arrays,
        obstacles=Obstacles(**around),
        tag_sets=tuple(about["tag_sets"]),
        node_tags={int(node): tags for node, tags in about["node_tags"].items()},
        restrictions=tuple(
            Restriction(
                **{
                    **each,
                    "via_nodes": tuple(each["via_nodes"]),
                    "via_ways": tuple(each["via_ways"]),
                    "except_for": frozenset(each["except_for"]),
                }
            )
            for each in about["restrictions"]
        ),
    )


def _arrays_of(graph: Graph) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
    words = ("tag_sets", "node_tags", "restrictions", "obstacles")
    about = {
        "tag_sets": graph.tag_sets,
        "node_tags": {str(node): dict(tags) for node, tags in graph.node_tags.items()},
        "restrictions": [
            {**asdict(each), "except_for": sorted(each.except_for)} for each in graph.restrictions
        ],
    }
    arrays = {item.name: getattr(graph, item.name) for item in fields(graph) if item.name not in words}
    around = {item.name: getattr(graph.obstacles, item.name) for item in fields(Obstacles)}
    return {**arrays, **around}, about
