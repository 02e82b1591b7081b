"""Lower bounds: numbers that no plan can beat, however it is made."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from doorroute.machine_code import compiled
from doorroute.planning.bounds.pricing import DayPrices
from doorroute.planning.core.tables import FORBIDDEN, NEVER, NO_WINDOW, Crew, Ints, Tables

Floats = NDArray[np.float64]

ROUNDS, TREE_WORK = 80, 6e7
"""The most rounds of pricing the spanning tree, and its work in pairs of nodes."""

DUAL_ROUNDS: Final = 200
"""The most rounds of lowering dual prices."""


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """Bounds of any plan for the same visits: last return and travel in seconds, teams; 0: unknown."""

    lower_bound_finish_s: int = 0
    lower_bound_travel_s: int = 0
    lower_bound_teams: int = 0


def bounds_of(tables: Tables, served: Sequence[int], prices: DayPrices | None = None) -> Bounds:
    """Return bounds of all plans that visit exactly `served`; `prices` of the day, if any, improve them.

    The bound of the last return is the later of two: the longest trip that a single visit needs, and the end
    if all teams share the work evenly.
    """
    if not served or not tables.crews:
        return Bounds()
    nodes = np.array(served, dtype=np.int64)
    legs, travel, service = (
        _least_legs(tables, nodes, tables.go_s),
        _least_legs(tables, nodes, tables.travel_s),
        int(tables.service_s[nodes].sum()),
    )
    shared = _even_finish(legs + service, tables.crews)
    if prices is not None:
        travel = max(travel, prices.travel.bound(nodes))
        early = _even_finish(prices.go.bound(nodes) + service, tables.crews)
        shared = max(shared, min(early, prices.back_by_s))
    return Bounds(
        lower_bound_finish_s=max(longest_trip(tables, served), shared),
        lower_bound_travel_s=travel,
        lower_bound_teams=_fewest_teams(tables, nodes, max(legs, travel) + service),
    )


def longest_trip(tables: Tables, served: Sequence[int]) -> int:
    """Return the latest of all visits' earliest returns, each with the team that can return from it first.

    A team reaches a visit by the shortest chain of stops, begins in a window, and returns by the shortest
    chain. Of the breaks that are due even so, the longest delays it, on the route or before leaving. Chains
    pass through other visits too, as a shared entrance can make that shorter than the direct leg.
    """
    nodes = np.array(served, dtype=np.int64)
    service, opens, closes = tables.service_s[nodes], tables.opens_s[nodes], tables.closes_s[nodes]
    soonest = np.full(len(nodes), NEVER)
    chains: dict[tuple[int, int, int | None, bool], Ints] = {}  # shared by teams with the same key

    def chain(crew: Crew, depot: int, *, home: bool) -> Ints:
        """Return the seconds of the shortest chain from the depot to each visit, or from each visit home."""
        key = crew.profile, depot, crew.reload if crew.max_reloads else None, home
        if key not in chains:
            go, stops, spent = tables.go_s[crew.profile], nodes, service
            if crew.max_reloads:
                stops, spent = np.append(nodes, crew.reload), np.append(service, crew.reload_s)
            between = go[np.ix_(stops, stops)]
            step = spent[:, None] + (between.T if home else between)
            chains[key] = _chains(go[stops, depot] if home else go[depot, stops], step)[: len(nodes)]
        return chains[key]

    for crew in tables.crews:
        there, on = chain(crew, crew.start, home=False), chain(crew, crew.end, home=True)
        arrive = (crew.opens_s + there)[:, None]
        begin = np.where(arrive <= closes, np.maximum(arrive, opens), NEVER).min(axis=1)
        home = begin + service + on
        rest = np.zeros(len(nodes), dtype=np.int64)
        for pause in crew.pauses:
            delay = min(pause.duration_s, max(0, pause.earliest_s + pause.duration_s - crew.opens_s))
            rest = np.maximum(rest, np.where(home > pause.latest_s, delay, 0))
        home = np.maximum(begin, crew.opens_s + there + rest) + service + on
        np.minimum(soonest, np.where(crew.may[nodes], home, NEVER), out=soonest)
    return int(soonest[soonest < FORBIDDEN].max(initial=0))


def _chains(first: Ints, step: Ints) -> Ints:
    """Return the shortest path to every node of a dense graph (Dijkstra).

    first : (n,), the cost from outside. step : (n, n), the cost from row to column.
    """
    reached, settled = first.copy(), np.zeros(len(first), dtype=bool)
    for _ in range(len(first)):
        node = int(np.where(settled, NEVER, reached).argmin())
        settled[node] = True
        np.minimum(reached, reached[node] + step[node], out=reached)
    return reached


def _least_legs(tables: Tables, nodes: Ints, cost_s: Ints) -> int:
    """Return the least cost of all legs of any plan for `nodes`, by `cost_s` (profiles, m, m).

    Each visit is left and entered once; each team leaves its start and enters its end once, or stays at home.
    The cheapest assignment of what is left to what is entered need not form routes. A spanning tree by its
    reduced costs adds what it costs to connect them (additive bounds: M. Fischetti, P. Toth, Operations
    Research 37(2), 1989). A reload counts as a leg through a depot.
    """
    from scipy.sparse import csr_array  # network loads scipy anyway
    from scipy.sparse.csgraph import min_weight_full_bipartite_matching

    n, crews = len(nodes), tables.crews
    cost = np.full((n + len(crews), n + len(crews)), float(FORBIDDEN))
    between = cost_s[:, nodes[:, None], nodes[None, :]].min(axis=0)
    for depot in range(tables.n, cost_s.shape[1]):
        past = cost_s[:, nodes, depot].min(axis=0)[:, None] + cost_s[:, depot, nodes].min(axis=0)[None, :]
        np.minimum(between, past, out=between)
    cost[:n, :n] = between
    np.fill_diagonal(cost[:n, :n], float(FORBIDDEN))
    for number, crew in enumerate(crews, start=n):
        cost[number, :n] = cost_s[crew.profile][crew.start, nodes]
        cost[:n, number] = cost_s[crew.profile][nodes, crew.end]
        cost[number, number] = 0
    np.minimum(cost, float(FORBIDDEN), out=cost)
    rows, columns = min_weight_full_bipartite_matching(csr_array(cost + 1))  # a weight of 0 means no edge
    paired = int(cost[rows, columns].sum())
    left = _reduced(cost, columns[np.argsort(rows)].astype(np.int64))
    if left is None:
        return paired
    root = np.minimum(left[n:, :n].min(axis=0), left[:n, n:].min(axis=1))
    tree = np.zeros((n + 1, n + 1))
    tree[1:, 1:] = np.minimum(left[:n, :n], left[:n, :n].T)
    tree[0, 1:] = tree[1:, 0] = root
    return paired + max(0, math.ceil(_connection_cost(tree, len(crews)) - 1e-4))


def _reduced(cost: Floats, column_of: Ints) -> Floats | None:
    """Return the reduced cost of each pair under optimal dual prices; None if they were not found."""
    # from the row that has the column
    swap = (cost[:, column_of] - cost[np.arange(len(cost)), column_of][None, :]).T
    price = np.zeros(len(cost))
    for _ in range(DUAL_ROUNDS):  # Bellman and Ford
        lower = (price[:, None] + swap).min(axis=0)
        if (lower >= price - 1e-9).all():
            other = np.empty(len(cost))
            other[column_of] = cost[np.arange(len(cost)), column_of] - price
            return np.maximum(0.0, cost - price[:, None] - other[None, :])
        price = np.minimum(price, lower)
    return None


def _connection_cost(tree: Floats, most_routes: int) -> float:
    """Return a bound on routes connected at root 0; other nodes have two legs (M. Held, R. Karp, 1971).

    Routes without their last leg are a spanning tree; each last leg costs at least the cheapest leg at the
    root.
    """
    n = len(tree) - 1
    price, best, length = np.zeros(n + 1), 0.0, 0.0
    reach, links = np.zeros(n + 1), np.zeros((3, n + 1), dtype=np.int64)
    rounds = int(min(ROUNDS, TREE_WORK / (n + 1) ** 2))
    for number in range(rounds):
        weight, home = spanning_tree(tree, price, reach, links)
        value = weight + (home if home >= 0 else most_routes * home) - 2 * price.sum()
        best = max(best, value)
        if number == 0:
            length = max(1.0, weight / (n + 1)) * 0.5
        price[1:] += length * (links[2, 1:] - 2) * 0.95**number
    return float(best)


@compiled
def spanning_tree(cost: Floats, price: Floats, reach: Floats, links: Ints) -> tuple[float, float]:
    """Return the weight of the minimum spanning tree by `cost` plus prices of the ends, and 0's least leg.

    By Prim's algorithm. reach : (n,) and links : (3, n) are buffers; `links[2]` are then the degrees of the
    nodes.
    """
    n = len(cost)
    parent, inside, degree = links[0], links[1], links[2]
    reach[:], links[:] = 1e18, 0
    node, weight, nearest = 0, 0.0, 1e18
    for other in range(1, n):
        nearest = min(nearest, cost[0, other] + price[0] + price[other])
    for _ in range(n - 1):
        inside[node] = 1
        chosen, least = -1, 1e18
        for other in range(n):
            if inside[other] == 0:
                leg = cost[node, other] + price[node] + price[other]
                if leg < reach[other]:
                    reach[other], parent[other] = leg, node
                if reach[other] < least or chosen < 0:
                    chosen, least = other, reach[other]
        weight += least
        degree[chosen] += 1
        degree[parent[chosen]] += 1
        node = chosen
    return weight, nearest


def _fewest_teams(tables: Tables, nodes: Ints, work_s: int) -> int:
    """Return the least number of teams: by work in the shifts, number of visits, and simultaneous visits."""
    spans, visits = Counter[int](), Counter[int]()
    for crew in tables.crews:  # one a shift
        spans[crew.team] += max(0, crew.closes_s - crew.opens_s)
        visits[crew.team] += min(crew.max_visits, len(nodes))
    by_work, by_visits = (
        int(np.searchsorted(np.cumsum(sorted(room.values(), reverse=True)), most)) + 1
        for room, most in ((spans, work_s), (visits, len(nodes)))
    )
    opens = np.where(tables.opens_s[nodes] == NO_WINDOW, NEVER, tables.opens_s[nodes]).min(axis=1)
    begins, ends = tables.closes_s[nodes].max(axis=1), opens + tables.service_s[nodes]
    sure = begins < ends  # it goes on from the last begin to the first end, whenever it begins
    moments = begins[sure]
    together = max(
        (int(((begins[sure] <= at) & (at < ends[sure])).sum()) for at in moments.tolist()), default=0
    )
    return min(len(spans), max(1, by_work, by_visits, together))


def _even_finish(work_s: int, crews: Sequence[Crew]) -> int:
    """Return the earliest time at which teams that begin one after another have done `work_s` together."""
    starts = sorted(crew.opens_s for crew in crews)
    for count in range(1, len(starts) + 1):
        finish = -(-(work_s + sum(starts[:count])) // count)
        if count == len(starts) or finish <= starts[count]:
            return finish
    raise AssertionError  # the last turn of the loop returns
