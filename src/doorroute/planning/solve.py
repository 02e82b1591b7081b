"""Solve a problem: make a plan at once, then improve it by search, here and in a child process."""

from __future__ import annotations

import contextlib
import logging
import os
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from doorroute.model.finding import Finding
from doorroute.model.plan import Route, Unassigned
from doorroute.model.problem import Problem
from doorroute.model.settings import Objective
from doorroute.planning.bounds.lower import Bounds, bounds_of
from doorroute.planning.bounds.pricing import DayPrices, day_prices
from doorroute.planning.core.insertion import Filler, possible
from doorroute.planning.core.routes import routes_of
from doorroute.planning.core.schedule import with_orders_that_can_be_kept
from doorroute.planning.core.score import Orders, left_out
from doorroute.planning.core.tables import NEVER, Tables, tabulate
from doorroute.planning.reasons.explain import explained
from doorroute.planning.reasons.remedies import with_proven_remedies
from doorroute.planning.search.best import Best
from doorroute.planning.search.child import Child, Engine, Job
from doorroute.planning.search.ortools_gaps import untold
from doorroute.planning.search.phases import Search
from doorroute.planning.search.warm import is_warm, warm_up
from doorroute.texts import Text, msg

_log = logging.getLogger(__name__)

LOADING_S: Final = 3.0
"""The longest time that loading the compiled search takes; compiling takes longer."""

LISTENING_S: Final = 0.05
"""Seconds between two looks at a child that searches alone."""

SIDE: Final = 250
"""The least number of visits of each part that a thread searches; smaller plans are searched whole, twice."""

CLOSING_S: Final = 0.3
"""Seconds reserved for placing leftovers, for reasons and for the bound."""

REASON_S: Final = 0.0004
"""Seconds reserved for the reason of each visit that the first plan leaves out."""

PROVING, PROVING_LEAST_S, PROVING_MOST_S = 0.1, 0.4, 4.0
"""Time reserved for proving remedies: share, least (up to twice the share) and most seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """The best plan so far: last return (seconds after midnight), travel (seconds), unassigned visits."""

    elapsed_s: float
    finish_s: int
    travel_s: int
    unassigned: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Solution:
    """Routes without geometry, in the order of the teams, and every other visit with its reason.

    No plan that visits the same doors has a last return before `lower_bound_finish_s`, travels less than
    `lower_bound_travel_s`, or needs fewer teams than `lower_bound_teams`; 0 if no bound is known. `trade_off`
    compares it with the shortest plan found; None if it is that plan. `engine` names the search methods.
    """

    routes: tuple[Route, ...]
    unassigned: tuple[Unassigned, ...]
    lower_bound_finish_s: int
    lower_bound_travel_s: int
    lower_bound_teams: int
    trade_off: Text | None
    engine: str


def solve(  # noqa: PLR0913  each is a choice of the caller's
    problem: Problem,
    *,
    objective: Objective | Sequence[Objective] = Objective.FINISH,
    time_limit_s: float = 10.0,
    iterations: int | None = None,
    seed: int = 1,
    progress: Callable[[Progress], None] | None = None,
    stop: threading.Event | None = None,
    engine: Callable[[], Engine] = Child,
    plain: bool = False,
    warn: Callable[[Finding], None] | None = None,
) -> Solution:
    """Plan the visits: those of the most urgent priority first, then the objectives in order of importance.

    Every visit is on one route or unassigned with a reason, and every route keeps every rule; locks are kept
    where possible (`replan.locks_that_can_be_kept`). Setting `stop`, or Ctrl-C, ends the search with the best
    plan so far.

    `engine` makes the second search, which runs next to our own. The same problem and seed give the same
    steps, but their number depends on time. With `iterations`, the number of steps, a single process searches
    without a clock, and the same input gives the same plan. `plain` searches with OR-Tools' routing library
    alone, in the child; `warn` is called first, once for each rule that OR-Tools cannot model. If the search
    is not compiled yet, it is compiled first (`warm_up`), which does not count as time.
    """
    begun = _ready()
    tables = with_orders_that_can_be_kept(tabulate(problem))
    if plain and warn is not None:
        named = (objective,) if isinstance(objective, Objective) else tuple(objective)
        for finding in untold(problem, tables, named):
            warn(finding)
    pricing = _Pricing(tables)
    if not problem.locks and iterations is None:  # during the search, which mostly runs outside Python
        pricing.start()

    def tell(so_far: Progress) -> None:
        pricing.note(so_far)
        if progress is not None:
            progress(so_far)

    left = time_limit_s - (time.monotonic() - begun)
    best = search(
        tables,
        objective,
        time_limit_s=left,
        seed=seed,
        iterations=iterations,
        progress=tell,
        stop=stop,
        engine=engine,
        plain=plain,
        proving=True,
    )
    unassigned = reasons(
        problem,
        best,
        seconds=min(proving_s(time_limit_s), begun + time_limit_s - time.monotonic()),
        seed=seed,
        counted=iterations is not None,
        stop=stop,
    )
    bounds = Bounds()
    if not problem.locks:  # done stops may break our rules: no bound holds
        served = [node for order in best.orders for node in order]
        bounds = bounds_of(tables, served, pricing.found())
    return Solution(
        routes=routes_of(problem, tables, best.orders),
        unassigned=unassigned,
        **vars(bounds),
        trade_off=_trade_off(best),
        engine="ortools" if plain else "ruin+cp-sat",
    )


def reasons(
    problem: Problem,
    best: Best,
    *,
    seconds: float,
    seed: int,
    counted: bool,
    stop: threading.Event | None,
) -> tuple[Unassigned, ...]:
    """Return unassigned visits with reason and remedy, proven if possible in `seconds` and before `stop`."""
    unassigned, room = explained(problem, best.tables, best.orders)
    if not unassigned or (stop is not None and stop.is_set()):
        return tuple(unassigned)
    return with_proven_remedies(
        problem, best.tables, best.orders, unassigned, room, seconds=seconds, seed=seed, counted=counted
    )


def search(  # noqa: PLR0913  as above
    tables: Tables,
    objective: Objective | Sequence[Objective],
    *,
    time_limit_s: float,
    seed: int,
    iterations: int | None = None,
    progress: Callable[[Progress], None] | None = None,
    stop: threading.Event | None = None,
    engine: Callable[[], Engine] | None = Child,
    plain: bool = False,
    first: Orders | None = None,
    proving: bool = False,
) -> Best:
    """Search for `time_limit_s` from `first`, if given, here and in the process that `engine` makes, if any.

    `plain` searches only there, with OR-Tools. `proving` leaves some time if the first plan leaves somebody
    out.
    """
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
    if first is not None:
        best.take(first)
    if tables.n and tables.crews:
        ends = begun + time_limit_s - min(CLOSING_S, time_limit_s / 10)
        with contextlib.suppress(KeyboardInterrupt):  # return the best plan so far
            if iterations is None and time.monotonic() >= ends:
                pass  # reading a very large day took all the time: fill a plan without a search
            elif engine is None or iterations is not None or _sides(tables.n) > 1:
                _fill(best)
                if proving:
                    ends -= _reasons_s(best, time_limit_s)
                sides = 1 if engine is None else _sides(tables.n, counted=iterations is not None)
                Search(best, ends, seed, (stop or threading.Event()).is_set, iterations, sides=sides).run()
            else:
                of_s = time_limit_s if proving else 0.0
                _search(best, ends, of_s, seed, stop or threading.Event(), engine, plain=plain)
        _fill(best)
    return best


def _sides(visits: int, *, counted: bool = False) -> int:
    """Return the number of threads, each for a part; with counted steps the same on every computer."""
    cores = (
        2
        if counted
        else len(os.sched_getaffinity(0))
        if hasattr(os, "sched_getaffinity")
        else os.cpu_count() or 1
    )
    return max(1, min(cores, visits // SIDE))


def _ready() -> float:
    """Load or compile the search; return when the clock starts: before loading, or after compiling."""
    begun = time.monotonic()
    if not is_warm():
        _log.info("compiling the search; this is done once")
    warm_up()
    return begun if time.monotonic() - begun < LOADING_S else time.monotonic()


def proving_s(time_limit_s: float) -> float:
    """Return the seconds for proving remedies if somebody is left out."""
    return min(max(PROVING * time_limit_s, PROVING_LEAST_S), 2 * PROVING * time_limit_s, PROVING_MOST_S)


def _reasons_s(best: Best, time_limit_s: float) -> float:
    """Return the seconds for reasons and proofs, by the number of visits that the first plan leaves out."""
    missed = sum(best.missed)
    return min(proving_s(time_limit_s) + REASON_S * missed, time_limit_s / 2) if missed else 0.0


def _search(
    best: Best,
    ends: float,
    proving_of_s: float,
    seed: int,
    stop: threading.Event,
    engine: Callable[[], Engine],
    *,
    plain: bool,
) -> None:
    """Make a plan at once, then improve it until `ends` or `stop`, here and in the engine's process.

    `proving_of_s` is the time limit: some of it is left for reasons and proofs if the plan leaves somebody
    out.
    """
    tables = best.tables
    with engine() as second:
        _fill(best)
        if proving_of_s:
            ends -= _reasons_s(best, proving_of_s)
        left = ends - time.monotonic()
        second.begin(
            Job(
                tables=tables,
                objective=best.goals,
                first=best.orders,
                ends=time.time() + left,
                seed=seed,
                plain=plain,
            )
        )

        def stopped() -> bool:
            for orders in second.news():
                own.hear(orders)
            return stop.is_set()

        own = Search(best, ends, seed + 1, stopped)
        if plain:
            while time.monotonic() < ends and not stopped():
                time.sleep(LISTENING_S)
        else:
            own.run()
        stopped()


def _fill(best: Best) -> None:
    """Insert all visits that still fit."""
    filler = Filler(best.tables, best.tables.go_s)
    best.take(filler.fill(best.orders, left_out(best.tables, best.orders)))


class _Pricing(threading.Thread):
    """Computes the prices of the day in a thread during the search; without `start`, on request."""

    def __init__(self, tables: Tables) -> None:
        super().__init__(daemon=True)
        self._tables, self._over = tables, threading.Event()
        self._hopeless = tables.n - int(possible(tables).sum())
        self._back_by_s = NEVER
        self._found: DayPrices | None = None

    def run(self) -> None:
        """Compute the prices."""
        self._found = day_prices(self._tables, back_by_s=lambda: self._back_by_s, stop=self._over.is_set)

    def note(self, so_far: Progress) -> None:
        """Note the last return of a plan that leaves out nobody who could be visited."""
        if so_far.unassigned <= self._hopeless:
            self._back_by_s = min(self._back_by_s, so_far.finish_s)

    def found(self) -> DayPrices | None:
        """Return the prices so far if they are soon available; all of them if the thread was not started."""
        if self.ident is None:
            self.run()
        else:
            self._over.set()
            self.join(CLOSING_S)
        return self._found


def _trade_off(best: Best) -> Text | None:
    """Compare the plan with the shortest plan found."""
    more = -(-(best.travel_s - best.shortest.travel) // 60)
    if more <= 0 or best.shortest.missed != best.missed:
        return None
    sooner = (best.shortest.finish - best.finish_s) // 60
    if best.objective is Objective.FINISH and sooner > 0:
        return msg(
            "{more} min more travel in all, last team home {sooner} min sooner.", more=more, sooner=sooner
        )
    if best.objective is Objective.TEAMS and best.measures.teams < best.shortest.teams:
        fewer = best.shortest.teams - best.measures.teams
        return msg("{more} min more travel in all, with {fewer} teams fewer.", more=more, fewer=fewer)
    if best.objective is Objective.BALANCE and best.measures.balance < best.shortest.balance:
        closer = (best.shortest.balance - best.measures.balance) // 60
        return msg(
            "{more} min more travel in all, hours {closer} min closer to each other.",
            more=more,
            closer=closer,
        )
    return None
