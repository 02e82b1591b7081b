"""Every count of teams solved, as many at a time as there are processors, each from the best that its neighbours offer."""

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
    """Return a plan for each count that is done when all are, or when `stop` is set; `tables` hold all teams, a count uses the first of them.

    `known` are those that need no search; `finished` is called with each other one, from several threads.
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
    """Give a count the plan of a smaller one, the further teams at home, wherever that is better: it is valid there too."""
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
    """Return for each count a time before which no plan has its last team back, given the best plan so far; what more teams cannot do, fewer cannot."""
    made: dict[int, int] = {}
    least, prices = 0, None
    for count in sorted(plans, reverse=True):
        bound_s, prices = engine.bound(engine.first_teams(tables, count), plans[count], prices)
        made[count] = least = max(least, bound_s)
    return made


def _order(counts: Sequence[int]) -> list[int]:
    """Return the counts from both ends inwards, so that two processes meet and each begins beside what the other left."""
    rest = sorted(counts)
    return [rest.pop(0 if turn % 2 else -1) for turn in range(len(rest))]
