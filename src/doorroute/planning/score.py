"""What makes one plan better than another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from doorroute.model.settings import Objective
from doorroute.planning.schedule import timed, way_of
from doorroute.planning.tables import Crew, Tables

Orders = tuple[tuple[int, ...], ...]
"""A plan as the engines see it: for each team, in the order of `Tables.crews`, its visits in order."""

Score = tuple[int, ...]
"""Compared from left to right, less is better: visits left out of each priority tier, the most urgent first, then the objective."""


def no_orders(tables: Tables) -> Orders:
    """Return the plan in which nobody goes anywhere but to what is locked."""
    return tuple(crew.fixed for crew in tables.crews)


def left_out(tables: Tables, orders: Iterable[Sequence[int]]) -> list[int]:
    """Return the visits that are on no route and have not happened, in their own order."""
    taken = {node for order in orders for node in order}
    if tables.done is not None:
        taken |= set(np.flatnonzero(tables.done).tolist())
    return [node for node in range(tables.n) if node not in taken]


def travel_of(tables: Tables, crew: Crew, order: Sequence[int]) -> int:
    """Return the seconds of travel of `crew` through `order`, and what its broken wishes count; 0 where it stays at home."""
    travel, nodes = way_of(tables, crew, order)[0], list(order)
    if order and crew.wish_s is not None:
        travel += int(crew.wish_s[nodes].sum())
    if order and tables.arc_s is not None:
        stops = [crew.start, *nodes, crew.end]
        travel += int(tables.arc_s[stops[:-1], stops[1:]].sum())
    return travel


def scored(tables: Tables, orders: Orders, objective: Objective) -> Score | None:
    """Return how good the plan is; None where a route breaks a rule, or a visit is on two."""
    taken = [node for order in orders for node in order]
    if len(set(taken)) < len(taken):
        return None
    finish = travel = 0
    for crew, order in zip(tables.crews, orders, strict=True):
        if order[: len(crew.fixed)] != crew.fixed:
            return None
        if order or crew.out:
            times = timed(tables, crew, order)
            if times is None:
                return None
            finish = max(finish, times.finish_s)
            travel += travel_of(tables, crew, order)
    missed = np.bincount(tables.tier[left_out(tables, orders)], minlength=tables.tiers).tolist()
    return (*missed, finish, travel) if objective is Objective.FINISH else (*missed, travel, finish)
