"""Everything that the counts use of the planning package, in one place."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from doorroute.model.settings import Objective
from doorroute.planning.bounds.lower import bounds_of
from doorroute.planning.bounds.pricing import DayPrices, day_prices
from doorroute.planning.core.insertion import Filler, possible
from doorroute.planning.core.routes import routes_of
from doorroute.planning.core.schedule import timed
from doorroute.planning.core.score import Orders, Score, left_out, scored
from doorroute.planning.core.tables import NEVER, Crew, Pause, Tables, tabulate
from doorroute.planning.reasons.explain import explain
from doorroute.planning.search.best import Best
from doorroute.planning.search.child import Child, Job
from doorroute.planning.search.phases import Search
from doorroute.planning.search.warm import warm_up

__all__ = [
    "Crew",
    "DayPrices",
    "Orders",
    "Pause",
    "Tables",
    "bound",
    "explain",
    "improved",
    "refilled",
    "routes_of",
    "tabulate",
    "timed",
    "warm",
    "warm_up",
]

_LISTENING_S: Final = 0.05
_CLOSING_S: Final = 0.2
_ROUNDS: Final = 10
"""How often the latest return is raised before it is dropped."""


def first_teams(tables: Tables, count: int) -> Tables:
    """Return the tables with the first `count` teams."""
    return replace(tables, crews=tuple(crew for crew in tables.crews if crew.team < count))


def warm(tables: Tables, neighbours: Sequence[Orders]) -> Orders:
    """Return the best plan that can be made without a search.

    It comes from a plan of another count (with idle teams added, or with the doors of removed teams given to
    the others), or is filled from nothing.
    """
    best = Best(tables, Objective.FINISH)
    count = len(tables.crews)
    for orders in neighbours:
        kept = (*orders[:count], *((),) * (count - len(orders)))
        best.take(refilled(tables, kept, left_out(tables, kept))[0])
    best.take(refilled(tables, ((),) * count, range(tables.n))[0])
    return best.orders


def improved(
    tables: Tables, first: Orders, *, seconds: float, seed: int, stop: threading.Event
) -> Orders | None:
    """Search from `first` for `seconds` in a child process; return None if `stop` is set before the end."""
    begun = time.monotonic()
    best = Best(tables, Objective.FINISH)
    best.take(first)
    if not tables.n or not tables.crews:
        return best.orders
    begun_there = False  # the child sends its first plan as soon as it is ready
    with Child() as child:
        ends = begun + seconds
        child.begin(
            Job(
                tables=tables,
                objective=best.goals,
                first=best.orders,
                ends=time.time() + ends - time.monotonic() - min(_CLOSING_S, seconds / 10),
                seed=seed,
            )
        )
        while time.monotonic() < ends:
            if stop.wait(min(_LISTENING_S, max(0.0, ends - time.monotonic()))):
                return None
            for orders in child.news():
                begun_there = True
                best.take(orders)
    if not begun_there:  # the computer was so busy that the child never got ready
        Search(best, time.monotonic() + seconds, seed, stop.is_set).run()
        if stop.is_set():
            return None
    best.take(Filler(tables, tables.go_s).fill(best.orders, left_out(tables, best.orders)))
    return best.orders


def last_return(tables: Tables, orders: Orders) -> int:
    """Return when the last team is back, in seconds after midnight."""
    times = (timed(tables, crew, order) for crew, order in zip(tables.crews, orders, strict=True) if order)
    return max((each.finish_s for each in times if each is not None), default=0)


def better(tables: Tables, one: Orders, other: Orders) -> Orders:
    """Return the better of two plans, or the first if they are equal."""
    return other if _score(tables, other) < _score(tables, one) else one


def _score(tables: Tables, orders: Orders) -> tuple[float, ...]:
    found: Score | None = scored(tables, orders, Objective.FINISH)
    return (math.inf,) if found is None else found


def bound(tables: Tables, orders: Orders, near: DayPrices | None) -> tuple[int, DayPrices | None]:
    """Return a lower bound of the last return over all complete plans, and the prices that prove it.

    A complete plan visits everybody who can be visited at all. `orders` is the best plan so far, `near` the
    prices of another count of teams.
    """
    able = np.flatnonzero(possible(tables)).tolist()
    whole = not set(left_out(tables, orders)) & set(able)
    prices = day_prices(tables, back_by_s=lambda: last_return(tables, orders) if whole else NEVER, near=near)
    return bounds_of(tables, able, prices).lower_bound_finish_s, prices


def refilled(tables: Tables, orders: Orders, waiting: Sequence[int]) -> tuple[Orders, bool]:
    """Insert `waiting` into `orders` so that the last return is early; also return whether all fit.

    By least detour alone, one team would get all the doors of its neighbour. So all teams must be back by a
    time that is raised until everybody fits.
    """
    if not waiting:
        return orders, True
    busy = [crew for crew in tables.crews if crew.max_visits > 0]
    finish = [
        times.finish_s
        for crew, order in zip(tables.crews, orders, strict=True)
        if order and (times := timed(tables, crew, order))
    ]
    work = int(tables.service_s[list(waiting)].sum()) + 60 * len(waiting)
    share = max(300, work // max(1, len(busy)))
    until = max(finish) + share // 2 if finish else min((crew.opens_s for crew in busy), default=0) + share
    made = orders
    for _ in range(_ROUNDS):
        made = Filler(tables, tables.go_s, until).fill(orders, waiting)
        if set(waiting) <= {node for order in made for node in order}:
            return made, True
        until += share // 3
    made = Filler(tables, tables.go_s, NEVER).fill(orders, waiting)
    return made, set(waiting) <= {node for order in made for node in order}
