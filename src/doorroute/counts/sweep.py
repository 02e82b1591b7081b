"""Solve every count of teams, one per processor at a time, each starting from a neighbour's plan."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from doorroute.counts import planning_parts as engine
from doorroute.counts.planning_parts import Orders, Tables


def sweep(
    tables: Tables,
    counts: Sequence[int],
    *,
    seconds: float,
    seed: int,
    known: Mapping[int, Orders],
    finished: Callable[[int, Orders], None],
    stop: threading.Event,
    jobs: int | None = None,
) -> dict[int, Orders]:
    """Return a plan for each count, or for those finished when `stop` is set.

    Parameters
    ----------
    tables : tables of all teams; a count uses the first of them.
    seconds : search time for each count.
    known : plans of counts that need no search.
    finished : called with each new plan, from several threads.
    """
    found: dict[int, Orders] = dict(known)
    lock = threading.Lock()

    def one(count: int) -> None:
        if stop.is_set():
            return
        mine = engine.first_teams(tables, count)
        with lock:
            below = max((other for other in found if other < count), default=None)
            above = min((other for other in found if other > count), default=None)
            neighbours = [found[other] for other in (below, above) if other is not None]
        first = engine.warm(mine, neighbours)
        orders = engine.improved(mine, first, seconds=seconds, seed=seed, stop=stop)
        if orders is not None:
            with lock:
                found[count] = orders
            finished(count, orders)

    with ThreadPoolExecutor(jobs or os.cpu_count() or 1) as pool:
        for _ in pool.map(one, _order([count for count in counts if count not in known])):
            pass
    return {count: found[count] for count in counts if count in found}


def monotone(tables: Tables, plans: Mapping[int, Orders]) -> dict[int, Orders]:
    """Return the plans, each replaced by the plan of a smaller count where that one is better.

    A plan of a smaller count is valid with more teams: the others stay at home.
    """
    made: dict[int, Orders] = {}
    last: Orders | None = None
    for count in sorted(plans):
        mine = plans[count]
        if last is not None:
            mine = engine.better(
                engine.first_teams(tables, count), mine, (*last, *((),) * (count - len(last)))
            )
        made[count] = last = mine
    return made


def bounds(tables: Tables, plans: Mapping[int, Orders]) -> dict[int, int]:
    """Return for each count a lower bound of the last return, in seconds after midnight.

    A bound for more teams also holds for fewer.
    """
    made: dict[int, int] = {}
    least, prices = 0, None
    for count in sorted(plans, reverse=True):
        bound_s, prices = engine.bound(engine.first_teams(tables, count), plans[count], prices)
        made[count] = least = max(least, bound_s)
    return made


def _order(counts: Sequence[int]) -> list[int]:
    """Return the counts from both ends inwards, so that each starts next to a solved one."""
    rest = sorted(counts)
    return [rest.pop(0 if turn % 2 else -1) for turn in range(len(rest))]
