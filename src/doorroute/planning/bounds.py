"""How soon the last team could be home at best: a number that no plan can beat, however it is made."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from doorroute.planning.schedule import NEVER
from doorroute.planning.tables import FORBIDDEN, Crew, Ints, Tables


def lower_bound_finish(tables: Tables, served: Sequence[int]) -> int:
    """Return a time, in seconds after midnight, before which the last team cannot be home if it is exactly `served` that are visited; 0 for none.

    The larger of two bounds: the longest trip that any single visit needs, and all the work shared evenly by all teams.
    """
    if not served or not tables.crews:
        return 0
    return max(longest_trip(tables, served), _work_shared(tables, served))


def longest_trip(tables: Tables, served: Sequence[int]) -> int:
    """Return the latest of all visits' soonest returns, each by the team that can be home from it first.

    A team comes to a visit by no shorter chain of stops than the shortest, begins in a window, and goes home by no shorter chain; of the
    breaks that are due even so, the longest delays it, taken on the way or before leaving. The chains go through other visits too: a shared entrance can make that shorter than to go directly.
    """
    nodes = np.array(served, dtype=np.int64)
    service, opens, closes = tables.service_s[nodes], tables.opens_s[nodes], tables.closes_s[nodes]
    soonest = np.full(len(nodes), NEVER)
    ways: dict[tuple[int, int, bool], Ints] = {}  # teams that are alike share them

    def way(profile: int, depot: int, *, home: bool) -> Ints:
        """Return the seconds of the shortest chain from the depot to each visit, or from each visit home."""
        if (profile, depot, home) not in ways:
            go = tables.go_s[profile]
            between = go[np.ix_(nodes, nodes)]
            step = service[:, None] + (between.T if home else between)
            ways[profile, depot, home] = _chains(go[nodes, depot] if home else go[depot, nodes], step)
        return ways[profile, depot, home]

    for crew in tables.crews:
        there, on = way(crew.profile, crew.start, home=False), way(crew.profile, crew.end, home=True)
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
    """Return the shortest way to every node of a dense graph (Dijkstra): `first` (n,) from outside, `step` (n, n) from row to column."""
    reached, settled = first.copy(), np.zeros(len(first), dtype=bool)
    for _ in range(len(first)):
        node = int(np.where(settled, NEVER, reached).argmin())
        settled[node] = True
        np.minimum(reached, reached[node] + step[node], out=reached)
    return reached


def _work_shared(tables: Tables, served: Sequence[int]) -> int:
    """Return when teams that share all service, setup and travel evenly, from the start of their shifts, are done.

    Breaks do not count: they may not be due. Each visit is left once and entered once, each team leaves its start and enters its end once, or
    stays at home. The cheapest way to pair what is left with what is entered (an assignment, which need not be routes) is no more than what
    any plan spends.
    """
    from scipy.sparse import csr_array  # the network needs these too: no further library is loaded
    from scipy.sparse.csgraph import min_weight_full_bipartite_matching

    nodes = np.array(served, dtype=np.int64)
    n, crews = len(nodes), tables.crews
    cost = np.full((n + len(crews), n + len(crews)), float(NEVER))
    cost[:n, :n] = tables.go_s[:, nodes[:, None], nodes[None, :]].min(axis=0)
    np.fill_diagonal(cost[:n, :n], NEVER)
    for number, crew in enumerate(crews, start=n):
        go = tables.go_s[crew.profile]
        cost[number, :n] = go[crew.start, nodes]
        cost[:n, number] = go[nodes, crew.end]
        cost[number, number] = 0
    rows, columns = min_weight_full_bipartite_matching(csr_array(cost + 1))  # a weight of 0 would be no edge
    work = int(cost[rows, columns].sum()) + int(tables.service_s[nodes].sum())
    return _even_finish(work, crews)


def _even_finish(work_s: int, crews: Sequence[Crew]) -> int:
    """Return the earliest time by which teams that begin one after another have `work_s` behind them together."""
    starts = sorted(crew.opens_s for crew in crews)
    for count in range(1, len(starts) + 1):
        finish = -(-(work_s + sum(starts[:count])) // count)
        if count == len(starts) or finish <= starts[count]:
            return finish
    raise AssertionError  # the loop ends at its last turn
