"""From a problem to a plan: an own plan at once, then OR-Tools, then leftovers again; at every moment the best so far stands."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from doorroute.model.plan import Route, Unassigned
from doorroute.model.problem import Problem
from doorroute.model.settings import Objective
from doorroute.planning.bounds import lower_bound_finish
from doorroute.planning.child import Child, Engine, Job
from doorroute.planning.explain import explain
from doorroute.planning.insertion import insert
from doorroute.planning.routes import routes_of
from doorroute.planning.score import Orders, left_out, no_orders, scored
from doorroute.planning.tables import Tables, tabulate

FINISHING_S: Final = 0.2
"""Seconds kept back for the leftovers, the reasons and the bound."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """The best plan so far: its last return in seconds after midnight, its travel in seconds, how many visits it leaves out."""

    elapsed_s: float
    finish_s: int
    travel_s: int
    unassigned: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Solution:
    """Routes without geometry, in the order of the teams, and every other visit with its reason.

    No plan that visits the same doors brings the last team home before `lower_bound_finish_s`. `engine` names what searched.
    """

    routes: tuple[Route, ...]
    unassigned: tuple[Unassigned, ...]
    lower_bound_finish_s: int
    engine: str


def solve(
    problem: Problem,
    *,
    objective: Objective = Objective.FINISH,
    time_limit_s: float = 10.0,
    seed: int = 1,
    progress: Callable[[Progress], None] | None = None,
    stop: threading.Event | None = None,
    engine: Callable[[], Engine] = Child,
) -> Solution:
    """Plan the visits: those of the most urgent priority first, then the objective.

    Every visit is on one route or unassigned with its reason, and every route keeps every rule. Setting `stop`, or Ctrl-C, ends the
    search with the best plan so far. `engine` makes what searches.
    """
    ends = time.monotonic() + time_limit_s
    tables = tabulate(problem)
    best = _BestSoFar(tables, objective, progress)
    ran = False
    if tables.n and tables.crews:
        ran = _search(tables, best, engine, ends, seed, stop or threading.Event())
    orders = best.orders
    served = [node for order in orders for node in order]
    return Solution(
        routes=routes_of(problem, tables, orders),
        unassigned=explain(problem, tables, orders),
        lower_bound_finish_s=lower_bound_finish(tables, served),
        engine="ortools" if ran else "insertion",
    )


def _search(
    tables: Tables, best: _BestSoFar, engine: Callable[[], Engine], ends: float, seed: int, stop: threading.Event
) -> bool:
    """Look for the best plan until `ends`, or until `stop` or Ctrl-C; say whether the engine ran."""
    ran = False
    try:
        with engine() as running:  # begins to start up while the first plan is made
            best.take(insert(tables, no_orders(tables), range(tables.n)))
            seconds = ends - time.monotonic() - FINISHING_S
            job = Job(tables=tables, objective=best.objective, first=best.orders, seconds=seconds, seed=seed)
            ran = running.search(job, best.take, stop)
        best.take(insert(tables, best.orders, left_out(tables, best.orders)))
    except KeyboardInterrupt:  # the best so far is the answer
        pass
    return ran


class _BestSoFar:
    """Keeps the best plan that has come in, and tells about it."""

    def __init__(self, tables: Tables, objective: Objective, tell: Callable[[Progress], None] | None) -> None:
        self._tables, self.objective, self._tell = tables, objective, tell
        self._begun = time.monotonic()
        self.orders = no_orders(tables)
        self._score = scored(tables, self.orders, objective)

    def take(self, orders: Orders) -> None:
        """Keep the plan if it is better than the best; one that breaks a rule raises ValueError: an engine gives none."""
        reached = scored(self._tables, orders, self.objective)
        if reached < self._score:
            self.orders, self._score = orders, reached
            if self._tell:
                last_two = reached[-2:] if self.objective is Objective.FINISH else reached[:-3:-1]
                self._tell(
                    Progress(
                        elapsed_s=time.monotonic() - self._begun,
                        finish_s=last_two[0],
                        travel_s=last_two[1],
                        unassigned=len(left_out(self._tables, orders)),
                    )
                )
