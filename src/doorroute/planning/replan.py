"""Plan the rest of a day again: nearly as good as a new plan, while few visits change their team."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from doorroute.model.problem import Locks, Problem
from doorroute.model.resident import TeamId, VisitId
from doorroute.model.settings import Objective
from doorroute.planning.core.insertion import Filler, repaired
from doorroute.planning.core.routes import routes_of
from doorroute.planning.core.schedule import with_orders_that_can_be_kept
from doorroute.planning.core.score import Orders, left_out
from doorroute.planning.core.tables import Crew, Tables, tabulate
from doorroute.planning.search.best import Best
from doorroute.planning.search.child import Child, Engine
from doorroute.planning.solve import Progress, Solution, proving_s, reasons, search

SLACK: Final = 0.01
"""How much later the last return may be to keep visits, as a share of the time since the first start."""

LEAST_SLACK_S: Final = 60

SHARES: Final = (0.25, 0.4, 0.35)
"""Shares of the time: with visits fixed to their teams; without; with fewest changes in `SLACK`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RestSolution:
    """A plan of the rest of the day, and the last return if any visit may change its team."""

    solution: Solution
    free_finish_s: int


def locks_that_can_be_kept(problem: Problem) -> tuple[Locks, ...]:
    """Return the locks without the next stops that no plan could keep."""
    tables = tabulate(problem)
    crews = with_orders_that_can_be_kept(tables).crews
    left = {(problem.teams[crew.team].id, crew.shift): len(crew.fixed) for crew in crews}
    return tuple(replace(lock, order=lock.order[: left[lock.team, lock.shift]]) for lock in problem.locks)


def solve_rest(  # noqa: PLR0913  each is a choice of the caller's
    problem: Problem,
    old: Mapping[tuple[TeamId, int], Sequence[VisitId]],
    *,
    goals: Sequence[Objective],
    time_limit_s: float,
    iterations: int | None = None,
    seed: int = 1,
    progress: Callable[[Progress], None] | None = None,
    stop: threading.Event | None = None,
    engine: Callable[[], Engine] = Child,
) -> RestSolution:
    """Plan the rest of the day, starting from the `old` visits of each team and shift.

    `Problem.before` is the previous team of each visit; the wish of little change is the price of another. If
    the last return matters most, it may be a little later (`SLACK`); within that the plan has the least
    travel and changes. Proofs of remedies come after the time limit and take a tenth of it more.
    """
    tables = tabulate(problem)

    def better(rows: Tables, by: Sequence[Objective], first: Orders, share: float) -> Best:
        return search(
            rows,
            by,
            time_limit_s=time_limit_s * share,
            iterations=None if iterations is None else max(1, round(iterations * share)),
            seed=seed,
            progress=progress,
            stop=stop,
            engine=engine,
            first=first,
        )

    def solution(best: Best) -> Solution:
        """Return the plan with proven remedies; done stops may break our rules, so there are no bounds."""
        return Solution(
            routes=routes_of(problem, best.tables, best.orders),
            unassigned=reasons(
                problem,
                best,
                seconds=proving_s(time_limit_s),
                seed=seed,
                counted=iterations is not None,
                stop=stop,
            ),
            lower_bound_finish_s=0,
            lower_bound_travel_s=0,
            lower_bound_teams=0,
            trade_off=None,
            engine="ruin+cp-sat",
        )

    first = _old_orders(problem, tables, old)
    if goals[0] is not Objective.FINISH:
        best = better(tables, goals, first, 1.0)
        return RestSolution(solution=solution(best), free_finish_s=best.finish_s)
    settled = better(_settled(problem, tables), goals, first, SHARES[0])
    free = better(tables, goals, settled.orders, SHARES[1])
    until = free.finish_s + _slack(problem, free.finish_s)
    early = replace(
        tables, crews=tuple(replace(crew, closes_s=min(crew.closes_s, until)) for crew in tables.crews)
    )
    start = Best(early, (Objective.TRAVEL,))
    cut = repaired(early, settled.orders)  # moves only visits of teams that would return too late
    for orders in (settled.orders, Filler(early, early.go_s).fill(cut, left_out(early, cut)), free.orders):
        start.take(orders)
    last = better(early, (Objective.TRAVEL,), start.orders, SHARES[2])
    best = Best(tables, goals)
    best.take(last.orders if last.missed <= free.missed else free.orders)
    return RestSolution(solution=solution(best), free_finish_s=free.finish_s)


def _slack(problem: Problem, finish_s: int) -> int:
    begin = min((team.shift.start_s for team in problem.teams), default=finish_s)
    return max(LEAST_SLACK_S, round(SLACK * (finish_s - begin)))


def _old_orders(
    problem: Problem, tables: Tables, old: Mapping[tuple[TeamId, int], Sequence[VisitId]]
) -> Orders:
    """Return the rest of the old routes after the fixed stops."""
    node = {visit.id: number for number, visit in enumerate(problem.visits)}
    done = set() if tables.done is None else {number for number in range(tables.n) if tables.done[number]}
    taken = done | {stop for crew in tables.crews for stop in crew.fixed}
    orders = []
    for crew in tables.crews:
        names = old.get((problem.teams[crew.team].id, crew.shift), ())
        rest = [
            node[name] for name in names if name in node and node[name] not in taken and crew.may[node[name]]
        ]
        taken |= set(rest)
        orders.append((*crew.fixed, *dict.fromkeys(rest)))
    return tuple(orders)


def _settled(problem: Problem, tables: Tables) -> Tables:
    """Return the tables in which visits are fixed to their previous team, if they had one."""
    home = [problem.before.get(visit.id) for visit in problem.visits]

    def with_its_visits(crew: Crew) -> Crew:
        team, may = problem.teams[crew.team].id, crew.may.copy()
        for number, name in enumerate(home):
            may[number] &= name in (None, team) or number in crew.fixed
        return replace(crew, may=may)

    return replace(tables, crews=tuple(with_its_visits(crew) for crew in tables.crews))
