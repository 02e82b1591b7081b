"""How soon the last team could be home at best: a number that no plan can beat, however it is made."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from doorroute.planning.schedule import NEVER, first_open
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

    A team comes to a visit by no shorter chain of stops than the shortest, begins in a window, and goes home by no shorter chain; it also
    takes its breaks somewhere. The chains go through other visits too: a shared entrance can make that shorter than to go directly.
    """
    soonest = np.full(len(served), NEVER, dtype=np.int64)
    nodes = np.array(served, dtype=np.int64)
    service = tables.service_s[nodes]
    for crew in tables.crews:
        go = tables.go_s[crew.profile]
        between = go[np.ix_(nodes, nodes)]
        there = _chains(go[crew.start, nodes], service[:, None] + between)
        on = _chains(go[nodes, crew.end], (service[None, :] + between).T)
        rest = sum(pause.duration_s for pause in crew.pauses)
        for place, node in enumerate(served):
            if crew.may[node]:
                begin = first_open(
                    crew.opens_s + int(there[place]), tables.opens_s[node].tolist(), tables.closes_s[node].tolist()
                )
                home = begin + int(service[place] + on[place])
                home = max(home, crew.opens_s + int(there[place] + service[place] + on[place]) + rest)
                soonest[place] = min(soonest[place], home)
    possible = soonest[soonest < FORBIDDEN]
    return int(possible.max(initial=0))


def _chains(first: Ints, step: Ints) -> Ints:
    """Return the shortest way to every node of a dense graph (Dijkstra): `first` (n,) from outside, `step` (n, n) from row to column."""
    reached, settled = first.copy(), np.zeros(len(first), dtype=bool)
    for _ in range(len(first)):
        node = int(np.where(settled, NEVER, reached).argmin())
        settled[node] = True
        np.minimum(reached, reached[node] + step[node], out=reached)
    return reached


def _work_shared(tables: Tables, served: Sequence[int]) -> int:
    """Return when teams that share all service, setup and travel evenly, from the start of their shifts, are done, breaks included.

    Each visit is left once and entered once, each team leaves its start and enters its end once, or stays at home. The cheapest way to pair
    what is left with what is entered (an assignment, which need not be routes) is no more than what any plan spends.
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
    starts = sorted(crew.opens_s + sum(pause.duration_s for pause in crew.pauses) for crew in crews)
    for count in range(1, len(starts) + 1):
        finish = -(-(work_s + sum(starts[:count])) // count)
        if count == len(starts) or finish <= starts[count]:
            return finish
    raise AssertionError  # the loop ends at its last turn
