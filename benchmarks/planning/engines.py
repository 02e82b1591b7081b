"""Who is compared: each takes tables, an objective, seconds and a seed, and gives routes back, within these
seconds.
"""

from __future__ import annotations

import importlib.util
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import timedelta
from functools import partial
from multiprocessing import get_context

import numpy as np

from doorroute.model.settings import Objective
from doorroute.planning.bounds.lower import bounds_of
from doorroute.planning.core.score import Orders, no_orders, scored
from doorroute.planning.core.tables import FORBIDDEN, NO_LIMIT, Tables, alike
from doorroute.planning.search.best import Best
from doorroute.planning.search.ortools_engine import improve
from doorroute.planning.solve import search

CORES = 2

TRIALS, TRIAL_LEAST_S = 8, 0.3
"""Into how many trials PyVRP's time is cut at most for the last return, and how long the last one has to be:
it has no such objective, so the shift is bisected.
"""

COMMIV_STEPS = 20_000
"""How long commiv's short run is."""

Engine = Callable[[Tables, Objective, float, int], Orders]


def ours(tables: Tables, objective: Objective, seconds: float, seed: int) -> Orders:
    """Search as `doorroute plan` does, on both cores."""
    return search(tables, objective, time_limit_s=seconds, seed=seed).orders


def ortools(tables: Tables, objective: Objective, seconds: float, seed: int) -> Orders:
    """Let OR-Tools' routing library do it all: parallel cheapest insertion, guided local search; for the
    last return a falling bound.
    """
    best = Best(tables, objective)
    improve(best, seconds, seed)
    return best.orders


def pyvrp(tables: Tables, objective: Objective, seconds: float, seed: int) -> Orders:
    """Run PyVRP at its defaults, which has one thread: twice side by side with different seeds, and the
    better counts.
    """
    if objective is Objective.TRAVEL:
        return _pyvrp(tables, FORBIDDEN, seconds, seed) or no_orders(tables)
    ends, low = time.monotonic() + seconds, bounds_of(tables, range(tables.n)).lower_bound_finish_s
    best, over_s = None, 0.0
    for trial in range(TRIALS):
        span = (ends - time.monotonic()) / (TRIALS - trial)
        if (
            best is not None and span - over_s < TRIAL_LEAST_S
        ):  # what a trial takes beside its search leaves no time: fewer, then
            span = ends - time.monotonic()
            if span - over_s < TRIAL_LEAST_S:
                break
        reached = scored(tables, best, objective) if best else None
        high = reached[-2] if reached else max(crew.closes_s for crew in tables.crews)
        until, begun = FORBIDDEN if best is None else (low + high) // 2, time.monotonic()
        found = _pyvrp(tables, until, max(TRIAL_LEAST_S, span - over_s), seed)
        over_s = max(0.0, time.monotonic() - begun - max(TRIAL_LEAST_S, span - over_s))
        best, low = (found, low) if found else (best, until)
    return best or no_orders(tables)


def _pyvrp(tables: Tables, until_s: int, seconds: float, seed: int) -> Orders | None:
    with ProcessPoolExecutor(CORES, get_context("fork")) as pool:
        found = list(
            pool.map(partial(_one_pyvrp, tables, until_s, seconds), range(seed * CORES, (seed + 1) * CORES))
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


def vroom(tables: Tables, objective: Objective, seconds: float, seed: int) -> Orders:
    """Run VROOM at its deepest exploration, with two threads; it has no seed and no other objective, and
    does not always keep its time.
    """
    del objective, seed
    import vroom as peer

    given = peer.Input()
    given.set_durations_matrix("car", np.minimum(tables.go_s[0], FORBIDDEN))
    given.set_costs_matrix("car", np.minimum(tables.travel_s[0], FORBIDDEN))
    goods = range(tables.demand.shape[1])
    given.add_vehicle(
        [
            peer.Vehicle(
                number,
                start=crew.start,
                end=crew.end,
                capacity=[min(crew.capacity[kind], NO_LIMIT) for kind in goods],
                time_window=peer.TimeWindow(crew.opens_s, crew.closes_s),
            )
            for number, crew in enumerate(tables.crews)
        ]
    )
    given.add_job(
        [
            peer.Job(
                node,
                location=node,
                default_service=int(tables.service_s[node]),
                delivery=tables.demand[node].tolist(),
                time_windows=[peer.TimeWindow(int(tables.opens_s[node, 0]), int(tables.closes_s[node, 0]))],
            )
            for node in range(tables.n)
        ]
    )
    found = given.solve(exploration_level=5, nb_threads=CORES, timeout=timedelta(seconds=seconds)).routes
    jobs = found[found["type"] == "job"]
    return tuple(
        tuple(int(node) for node in jobs.loc[jobs["vehicle_id"] == number, "id"])
        for number in range(len(tables.crews))
    )


def commiv(tables: Tables, objective: Objective, seconds: float, seed: int) -> Orders:
    """Run commiv, ruin and recreate in Zig, twice side by side, for its own threads fail here; the better
    counts.

    It knows one depot and one kind of team, all setting out at the same time. It cools by steps, not by the
    clock: a short run says how many there is time for.
    """
    with ProcessPoolExecutor(CORES, get_context("fork")) as pool:
        found = pool.map(partial(_one_commiv, tables, seconds), range(seed * CORES, (seed + 1) * CORES))
        return min(found, key=lambda orders: scored(tables, orders, objective))


def _one_commiv(tables: Tables, seconds: float, seed: int) -> Orders:
    import commiv as peer

    crew, depot = tables.crews[0], tables.n
    stops, begun = [depot, *range(tables.n)], time.monotonic()
    setup = (
        tables.go_s[0] - tables.travel_s[0]
    )  # on every way to a door the same: it becomes part of the visit
    before = np.array([0, *setup[depot, : tables.n].tolist()])
    opens = np.maximum(tables.opens_s[stops, 0] - crew.opens_s, 0) - before
    closes = np.minimum(tables.closes_s[stops, 0], crew.closes_s) - crew.opens_s - before

    def solved(steps: int) -> Orders:
        found = peer.solve_vrptw(
            tables.travel_s[0][np.ix_(stops, stops)],
            [0, *tables.demand[: tables.n, 0].tolist()],
            crew.capacity[0],
            opens.clip(0).tolist(),
            closes.tolist(),
            (tables.service_s[stops] + before).tolist(),
            seed=seed,
            iters=steps,
            max_vehicles=len(tables.crews),
            wall_ms=round(1000 * (seconds - (time.monotonic() - begun))),
        )
        routes = [tuple(node - 1 for node in route if node) for route in found.routes]
        return (*routes, *[()] * (len(tables.crews) - len(routes)))

    solved(COMMIV_STEPS)
    took = time.monotonic() - begun
    return solved(max(1, round(COMMIV_STEPS * (0.98 * seconds - took) / took)))


def there(name: str) -> bool:
    """Say whether the engine is installed."""
    module = MODULES.get(name)
    return module is None or importlib.util.find_spec(module) is not None


ENGINES: dict[str, Engine] = {
    "doorroute": ours,
    "PyVRP": pyvrp,
    "VROOM": vroom,
    "commiv": commiv,
    "OR-Tools": ortools,
}
MODULES = {"PyVRP": "pyvrp", "VROOM": "vroom", "commiv": "commiv"}
"""What an engine needs that this project does not."""
