"""What makes one plan better than another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from doorroute.model.settings import Objective
from doorroute.planning.core.schedule import cuts_in, timed, way_of, with_cuts
from doorroute.planning.core.tables import Crew, Tables

Orders = tuple[tuple[int, ...], ...]
"""A plan as the engines see it: for each team, in the order of `Tables.crews`, its visits in order."""

Score = tuple[int, ...]
"""Compared from left to right, less is better.

First the visits left out of each priority tier, the most urgent first, then the goals.
"""

Goals = tuple[Objective, ...]
"""What is to be least, the most important first."""


class Measures(NamedTuple):
    """A plan in numbers.

    missed : visits left out, by tier. finish : last return, seconds after midnight. travel : seconds. teams
        : how many
    have a route.

    `balance` is the seconds from leaving to return of the longest route, less those of the shortest; a team
    at home counts as a route of 0 seconds, for else one team that does everything would be even with
    itself.
    """

    missed: tuple[int, ...]
    finish: int = 0
    travel: int = 0
    teams: int = 0
    balance: int = 0

    def score(self, goals: Goals) -> Score:
        """Return what plans are compared by."""
        return (*self.missed, *(getattr(self, goal.value) for goal in goals))


def goals_of(objective: Objective | Sequence[Objective]) -> Goals:
    """Return the objectives in order, each once; travel and the last return follow if not named."""
    named = (objective,) if isinstance(objective, Objective) else tuple(objective)
    if not named:
        raise ValueError("at least one objective is needed")
    return tuple(dict.fromkeys((*named, Objective.TRAVEL, Objective.FINISH)))


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
    """Return the seconds of travel of `crew` through `order` and of its unmet wishes; 0 at home."""
    cuts = cuts_in(tables, crew, order) or ()
    travel, nodes = way_of(tables, crew, order, cuts)[0], list(order)
    if order and crew.wish_s is not None:
        travel += int(crew.wish_s[nodes].sum())
    if order and tables.arc_s is not None:
        stops = list(with_cuts(crew, nodes, cuts))
        travel += int(tables.arc_s[stops[:-1], stops[1:]].sum())
    return travel


def measured(tables: Tables, orders: Orders) -> Measures | None:
    """Return the plan in numbers; None where a route breaks a rule, or a visit is on two."""
    taken = [node for order in orders for node in order]
    if len(set(taken)) < len(taken):
        return None
    finish = travel = 0
    hours = []
    for crew, order in zip(tables.crews, orders, strict=True):
        if order[: len(crew.fixed)] != crew.fixed:
            return None
        if order or crew.out:
            times = timed(tables, crew, order)
            if times is None:
                return None
            finish = max(finish, times.finish_s)
            travel += travel_of(tables, crew, order)
            hours.append(times.finish_s - times.start_s)
    missed = np.bincount(tables.tier[left_out(tables, orders)], minlength=tables.tiers).tolist()
    shortest = min(hours, default=0) if len(hours) == len(orders) else 0
    return Measures(tuple(missed), finish, travel, len(hours), max(hours, default=0) - shortest)


def scored(tables: Tables, orders: Orders, objective: Objective | Sequence[Objective]) -> Score | None:
    """Return how good the plan is; None where a route breaks a rule, or a visit is on two."""
    measures = measured(tables, orders)
    return None if measures is None else measures.score(goals_of(objective))
