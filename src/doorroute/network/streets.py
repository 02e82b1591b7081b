"""The street network of an extract: where doors touch it, travel times between them, and their legs."""

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

_FORMAT: Final = 10  # of the cached files: a new number makes them all again
_GRAPH: Final = "streets.arrays"


@dataclass(frozen=True, kw_only=True)
class Leg:
    """The leg from one door to the next; metres and seconds as in the travel matrix.

    `points` lead from door to door. Without a path there are none, and both numbers are UNREACHABLE.
    `directions` are the streets in order, with steps, lifts and ferries.
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
    """Compile the streets of `extract`, or read them from the folder `cache` if they were compiled before.

    `profiles` is a TOML file that changes the default `profiles.toml`. `barriers` is a GeoJSON file of what
    is closed today. `hours` are those in which teams are out: opening hours and conditions on the map are
    evaluated for them; without `hours` they are ignored. Without a `cache` nothing is written.

    Raises
    ------
    BadInputError
        The extract (`EXTRACT_...`), the profiles (`PROFILES_...`) or the barriers (`BARRIER...`) cannot be
        used.
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


class _Prepared(NamedTuple):
    """The search data of one profile."""

    states: SearchGraph
    grid: Grid
    hierarchy: Hierarchy


class _SnappedDoors(NamedTuple):
    """Where the doors requested so far touch the streets of one profile: each is snapped once."""

    approach: Approach
    row: dict[Point, int]
    found: Snapped


class StreetNetwork:
    """The streets of one extract. Made by `open_network`; safe to use from several threads."""

    def __init__(
        self,
        graph: Graph,
        idle_barriers: tuple[int, ...],
        rules: Mapping[Profile, ProfileRules],
        cache: Cache = Cache(None),  # noqa: B008  # immutable without a folder
        named: str = "",
        doubtful: Doubtful = NO_DOUBT,
    ) -> None:
        self.graph = graph
        self.idle_barriers = idle_barriers  # the numbers of barriers that touch no street
        self.doubtful = doubtful  # closed because their hours are uncertain
        self.rules = rules
        self.cache = cache
        self._named = named  # the start of the names of the cached files
        self._by_profile: dict[Profile, _Prepared] = {}
        self._snapped: dict[Profile, _SnappedDoors] = {}
        self._legs: dict[tuple[Point, Point, Profile], Leg] = {}
        self._lock = threading.RLock()

    @cached_property
    def bounds(self) -> tuple[float, float, float, float]:
        """Return west, south, east, north of all streets, in degrees."""
        low, high = self.graph.vertex.min(axis=0) / DEGREE, self.graph.vertex.max(axis=0) / DEGREE
        return float(low[0]), float(low[1]), float(high[0]), float(high[1])

    def states(self, profile: Profile) -> SearchGraph:
        """Return the search graph of `profile`."""
        return self._prepared(profile).states

    def snap(self, points: Sequence[Point], profile: Profile) -> Snapped:
        """Return where points touch the streets of `profile`; `offset_m` is inf beyond `REACH_M`."""
        with self._lock:
            if profile not in self._snapped:
                approach = Approach(self.graph, self._prepared(profile).grid)
                self._snapped[profile] = _SnappedDoors(approach, {}, approach.snap(np.zeros((0, 2))))
            approach, row, found = self._snapped[profile]
            new = [point for point in dict.fromkeys(points) if point not in row]
            if new:
                row.update(zip(new, range(len(row), len(row) + len(new)), strict=True))
                found = found.joined(approach.snap(np.asarray([(point.lon, point.lat) for point in new])))
                self._snapped[profile] = _SnappedDoors(approach, row, found)
            return found.rows(np.asarray([row[point] for point in points], dtype=np.int64))

    def closed(self, points: Sequence[Point], profile: Profile) -> NDArray[np.bool_]:
        """Return (n,) bool, the points whose street, or the walk to it, is closed by a barrier today."""
        found = self.snap(points, profile)
        closed: NDArray[np.bool_] = closed_edges(self.graph, profile)[found.edge] & (found.edge >= 0)
        return closed | found.shut

    def travel(self, stops: Sequence[tuple[StopKey, Point]], profile: Profile) -> TravelMatrix:
        """Return the seconds and metres between all stops, including the walk between door and street.

        Two stops at the same point are 0 from each other. On foot and by bike no detour by a third door is
        quicker, unless that door is on private ground. By car one may be: a team may leave a door in either
        direction, and so turn round there.
        """
        places = {point: None for _, point in stops}
        index = {point: position for position, point in enumerate(places)}
        prepared = self._prepared(profile)
        best = table(prepared.states, prepared.hierarchy, self._doors(list(places), profile))
        which = np.asarray([index[point] for _, point in stops], dtype=np.int64)
        best = best[np.ix_(which, which)]
        return TravelMatrix(
            profile=profile,
            stops=tuple(key for key, _ in stops),
            duration_s=keys.seconds(best),
            distance_m=keys.metres(best),
        )

    def neighbours(self, points: Sequence[Point], profile: Profile, count: int) -> Neighbours:
        """Return the `count` nearest points to and from each point, with seconds and metres as in `travel`.

        For many thousand points, where a table of all pairs would not fit into memory.
        """
        index = {point: position for position, point in enumerate(dict.fromkeys(points))}
        same = np.asarray([index[point] for point in points], dtype=np.int64)
        return nearest(self._prepared(profile).states, self._doors(points, profile), same, count)

    def leg(self, start: Point, end: Point, profile: Profile) -> Leg:
        """Return the leg from `start` to `end`; its seconds and metres are those of `travel`."""
        wanted = (start, end, profile)
        if wanted not in self._legs:  # plan, checker and maps use the same legs
            self._legs[wanted] = self._leg(*wanted)
        return self._legs[wanted]

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
        """Return the metres travelled on each directed edge, the first and last in part."""
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
        """Return the points along directed edges, from the first door's street point to the second's."""
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

    def _prepared(self, profile: Profile) -> _Prepared:
        if profile not in self._by_profile:
            self._by_profile[profile] = self._load(profile) or self._prepare(profile)
        return self._by_profile[profile]

    def _cached_file(self, profile: Profile) -> str:
        rules = json.dumps(asdict(self.rules[profile]), sort_keys=True)
        return f"{self._named}-{profile}-{_digest(rules)}.arrays"

    def _load(self, profile: Profile) -> _Prepared | None:
        found = self.cache.load(self._cached_file(profile))
        if found is None:
            return None
        parts: dict[str, dict[str, NDArray[Any]]] = defaultdict(dict)
        for name, array in found[0].items():
            part, _, item = name.partition(".")
            parts[part][item] = array
        hierarchy = Hierarchy(parts["rank"][""], Arcs(**parts["up"]), Arcs(**parts["down"]))
        return _Prepared(SearchGraph(**parts["states"]), Grid(**parts["grid"]), hierarchy)

    def _prepare(self, profile: Profile) -> _Prepared:
        moving = apply_rules(self.graph, self.rules[profile])
        closed = closed_edges(self.graph, profile)
        states = build_states(self.graph, moving, self.rules[profile], closed)
        gate = closed & (self.graph.length_m <= SLIVER_M)
        grid = build_grid(
            self.graph, reached_from(self.graph, moving, states.usable) & ~gate, moving.last_metres
        )
        prepared = _Prepared(states, grid, build_hierarchy(states))
        parts = {
            "states": {item.name: getattr(states, item.name) for item in fields(states)},
            "grid": grid._asdict(),
            "up": prepared.hierarchy.up._asdict(),
            "down": prepared.hierarchy.down._asdict(),
            "rank": {"": prepared.hierarchy.rank},
        }
        named = {f"{part}.{name}": array for part, arrays in parts.items() for name, array in arrays.items()}
        self.cache.save(self._cached_file(profile), named)
        return prepared


def _via(snapped: Snapped, row: int) -> list[Point]:
    """Return the entrance and the gate between the door and the street, if any."""
    return [Point(lon, lat) for lon, lat in snapped.via[row].tolist() if not np.isnan(lon)]


def cached(extract: Path, cache: Path) -> tuple[Path, ...]:
    """Return the files of `extract` in the folder `cache`."""
    return tuple(sorted(cache.glob(f"{_name(extract)}*.arrays"))) if extract.is_file() else ()


def _name(extract: Path) -> str:
    return f"streets-{_digest(sha256_of(extract))}"


def _compile(extract: Path) -> Graph:
    """Compile the streets in the sandbox."""
    with read_in_sandbox(compile_to, extract) as folder:
        graph = _graph_of(load(folder / _GRAPH))
    if graph is None:
        raise broken(extract)
    return graph


def compile_to(folder: Path, extract: str) -> None:
    """Read `extract` and write its streets as arrays to the folder; runs in the sandbox."""
    path = Path(extract)
    graph = build_graph(read_extract(path))
    if not len(graph.tail):
        raise BadInputError(
            "EXTRACT_NO_STREETS",
            msg("There are no streets in {file}.", file=path.name),
            msg(
                "Take an extract of your town with its streets:"
                " a download of OpenStreetMap, or `doorroute network fetch`."
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
