"""From a problem to a plan: an own plan at once, then the search, here and in a child; at every moment the best so far stands."""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from doorroute.model.plan import Route, Unassigned
from doorroute.model.problem import Problem
from doorroute.model.settings import Objective
from doorroute.planning.best import Best
from doorroute.planning.bounds import lower_bound_finish
from doorroute.planning.child import Child, Engine, Job
from doorroute.planning.explain import explain
from doorroute.planning.insertion import Filler
from doorroute.planning.routes import routes_of
from doorroute.planning.schedule import with_orders_that_can_be_kept
from doorroute.planning.score import Orders, left_out
from doorroute.planning.search import Search
from doorroute.planning.tables import Tables, tabulate
from doorroute.planning.warm import is_warm, warm_up

_log = logging.getLogger(__name__)

LOADING_S: Final = 3.0
"""What loading takes at most; compiling takes longer."""

LISTENING_S: Final = 0.05
"""How often the parent listens to a child that searches alone."""

CLOSING_S: Final = 0.3
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

    No plan that visits the same doors brings the last team home before `lower_bound_finish_s`. `engine` names what may have searched.
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
    plain: bool = False,
) -> Solution:
    """Plan the visits: those of the most urgent priority first, then the objective.

    Every visit is on one route or unassigned with its reason, and every route keeps every rule. Setting `stop`, or Ctrl-C, ends the
    search with the best plan so far. `engine` makes what searches beside our own search. Same problem and seed, same steps; but how many
    of them there are, and which process is first, is a matter of time. `plain` plans with OR-Tools' routing library alone, in the child. Where the search was never compiled (`warm_up`) that comes first
    and does not count.
    """
    begun = _ready()
    tables = with_orders_that_can_be_kept(tabulate(problem))
    left = time_limit_s - (time.monotonic() - begun)
    best = search(
        tables, objective, time_limit_s=left, seed=seed, progress=progress, stop=stop, engine=engine, plain=plain
    )
    return Solution(
        routes=routes_of(problem, tables, best.orders),
        unassigned=explain(problem, tables, best.orders),
        lower_bound_finish_s=lower_bound_finish(tables, [node for order in best.orders for node in order]),
        engine="ortools" if plain else "ruin+cp-sat",
    )


def search(
    tables: Tables,
    objective: Objective,
    *,
    time_limit_s: float,
    seed: int,
    progress: Callable[[Progress], None] | None = None,
    stop: threading.Event | None = None,
    engine: Callable[[], Engine] | None = Child,
    plain: bool = False,
) -> Best:
    """Search for `time_limit_s`, here and beside us in what `engine` makes, if anything; `plain` there alone, by OR-Tools."""
    begun = _ready()

    def tell(_: Orders) -> None:
        if progress is not None:
            progress(
                Progress(
                    elapsed_s=time.monotonic() - begun,
                    finish_s=best.finish_s,
                    travel_s=best.travel_s,
                    unassigned=sum(best.missed),
                )
            )

    best = Best(tables, objective, tell)
    if tables.n and tables.crews:
        ends = begun + time_limit_s - min(CLOSING_S, time_limit_s / 10)
        with contextlib.suppress(KeyboardInterrupt):  # the best so far is the answer
            if engine is None:
                _fill(best)
                Search(best, ends, seed, stopped=(stop or threading.Event()).is_set).run()
            else:
                _search(best, ends, seed, stop or threading.Event(), engine, plain=plain)
        _fill(best)
    return best


def _ready() -> float:
    """Load the compiled search, or compile it if that was never done; return when the clock starts: now for loading, after it for compiling."""
    begun = time.monotonic()
    if not is_warm():
        _log.info("compiling the search; this is done once")
    warm_up()
    return begun if time.monotonic() - begun < LOADING_S else time.monotonic()


def _search(
    best: Best, ends: float, seed: int, stop: threading.Event, engine: Callable[[], Engine], *, plain: bool
) -> None:
    """Make a plan at once, then improve it until `ends` or `stop`, here and in the engine's process side by side."""
    tables = best.tables
    with engine() as beside:
        _fill(best)
        left = ends - time.monotonic()
        beside.begin(
            Job(
                tables=tables,
                objective=best.objective,
                first=best.orders,
                ends=time.time() + left,
                seed=seed,
                plain=plain,
            )
        )

        def stopped() -> bool:
            for orders in beside.news():
                best.take(orders)
            return stop.is_set()

        if plain:
            while time.monotonic() < ends and not stopped():
                time.sleep(LISTENING_S)
        else:
            Search(best, ends, seed + 1, stopped).run()
        stopped()


def _fill(best: Best) -> None:
    """Put in whatever still finds a place."""
    filler = Filler(best.tables, best.tables.go_s)
    best.take(filler.fill(best.orders, left_out(best.tables, best.orders)))
