"""Who is compared: each takes tables, an objective and seconds, and gives routes back."""

from __future__ import annotations

import importlib.util
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import numpy as np

from doorroute.model.settings import Objective
from doorroute.planning.best import Best
from doorroute.planning.bounds import lower_bound_finish
from doorroute.planning.ortools_engine import improve
from doorroute.planning.score import Orders, no_orders, scored
from doorroute.planning.solve import search
from doorroute.planning.tables import FORBIDDEN, Tables, alike

CORES = 2

SLICES = 8
"""Into how many trials PyVRP's time is cut for the last return: it has no such objective, so the shift is bisected."""


def measured(engine: str, tables: Tables, objective: Objective, seconds: float) -> str:
    """Run an engine, score its plan and write it as a cell."""
    begun = time.monotonic()
    orders = ENGINES[engine](tables, objective, seconds)
    took = time.monotonic() - begun
    if orders is None:
        return "not installed"
    reached = scored(tables, orders, objective)
    if reached is None:
        return "breaks a rule"
    missed, first, second = reached[0], reached[-2], reached[-1]
    cell = f"{first:,}" if objective is Objective.TRAVEL else f"{first:,} / {second:,}"
    late = f" in {took:.0f} s" if took > seconds * 1.1 + 1 else ""
    return cell + (f" ({missed})" if missed else "") + late


def ours(tables: Tables, objective: Objective, seconds: float) -> Orders:
    """Search as `doorroute plan` does, on both cores."""
    return search(tables, objective, time_limit_s=seconds, seed=1).orders


def ortools(tables: Tables, objective: Objective, seconds: float) -> Orders:
    """Let OR-Tools' routing library do it all: parallel cheapest insertion, guided local search; for the last return a falling bound."""
    best = Best(tables, objective)
    improve(best, seconds, 1)
    return best.orders


def pyvrp(tables: Tables, objective: Objective, seconds: float) -> Orders | None:
    """Run PyVRP at its defaults, which has one thread: twice side by side with different seeds, and the better counts."""
    if importlib.util.find_spec("pyvrp") is None:
        return None
    if objective is Objective.TRAVEL:
        return _pyvrp(tables, FORBIDDEN, seconds) or no_orders(tables)
    low, best = lower_bound_finish(tables, range(tables.n)), _pyvrp(tables, FORBIDDEN, seconds / SLICES)
    for _ in range(SLICES - 1):
        reached = scored(tables, best, objective) if best else None
        high = reached[-2] if reached else max(crew.closes_s for crew in tables.crews)
        until = (low + high) // 2
        found = _pyvrp(tables, until, seconds / SLICES)
        best, low = (found, low) if found else (best, until)
    return best or no_orders(tables)


def _pyvrp(tables: Tables, until_s: int, seconds: float) -> Orders | None:
    with ProcessPoolExecutor(CORES, get_context("fork")) as pool:
        found = list(
            pool.map(_one_pyvrp, *zip(*[(tables, until_s, seconds, 1 + seed) for seed in range(CORES)], strict=True))
        )
    return min(
        (orders for orders in found if orders),
        key=lambda orders: scored(tables, orders, Objective.TRAVEL),
        default=None,
    )


def _one_pyvrp(tables: Tables, until_s: int, seconds: float, seed: int) -> Orders | None:
    from pyvrp import Client, Depot, Location, ProblemData, VehicleType, solve
    from pyvrp.stop import MaxRuntime

    n, m = tables.n, tables.go_s.shape[1]
    clients = [
        Client(
            location=node,
            delivery=tables.demand[node].tolist(),
            service_duration=int(tables.service_s[node]),
            tw_early=int(tables.opens_s[node, 0]),
            tw_late=int(tables.closes_s[node, 0]),
        )
        for node in range(n)
    ]
    kinds = alike(tables.crews)
    types = [
        VehicleType(
            num_available=count,
            capacity=list(crew.capacity),
            start_depot=crew.start - n,
            end_depot=crew.end - n,
            tw_early=crew.opens_s,
            tw_late=min(crew.closes_s, until_s),
        )
        for kind, count in Counter(kinds).items()
        for crew in [tables.crews[kinds.index(kind)]]
    ]
    data = ProblemData(
        [Location(0, 0) for _ in range(m)],
        clients,
        [Depot(location=node) for node in range(n, m)],
        types,
        [np.ascontiguousarray(tables.travel_s[0])],
        [np.ascontiguousarray(tables.go_s[0])],
    )
    solution = solve(data, MaxRuntime(seconds), seed=seed, display=False).best
    if not solution.is_feasible():
        return None
    waiting = {kind: [at for at, other in enumerate(kinds) if other == kind] for kind in kinds}
    numbers = list(Counter(kinds))
    orders: list[tuple[int, ...]] = [() for _ in tables.crews]
    for route in solution.routes():
        orders[waiting[numbers[route.vehicle_type()]].pop(0)] = tuple(
            visit.idx for visit in route.schedule() if visit.is_client()
        )
    return tuple(orders)


ENGINES: dict[str, Callable[[Tables, Objective, float], Orders | None]] = {
    "doorroute": ours,
    "PyVRP": pyvrp,
    "OR-Tools": ortools,
}
