"""The arrays of the kernel, and the conversion of plans from and to orders."""

from __future__ import annotations

import threading
from typing import Any, Final

import numpy as np

from doorroute.planning.core.insertion import possible
from doorroute.planning.core.score import Orders, left_out, no_orders
from doorroute.planning.core.tables import FORBIDDEN, NEVER, NO_LIMIT, Ints, Tables, alike
from doorroute.planning.core.trips import buffers_for, never_quicker, rules_of
from doorroute.planning.core.windows import Stops
from doorroute.planning.search import kernel
from doorroute.planning.search.kernel.state import (
    ABSENT,
    AIM,
    BEST,
    CURRENT,
    LATE_PRICE,
    UNTIL,
    Floats,
    Shorts,
)

NEAR: Final = 60
"""How many neighbours of a visit are tried, in a ruin and for places next to them."""

LEAST_ROUTES: Final = 2
"""How many routes a side has at least; with fewer the whole is searched as one."""

AT_EDGE: Final = 0.7
"""How often routes are shared out by their distance from a place at the edge; else from any visit."""


class Ruin:
    """A search over one problem; `begin` says from where, by which costs and until when all have to be back.

    With several `sides` the routes are shared out anew at each `run`, by where they are, and each share is
    searched in a thread of its own.
    """

    def __init__(self, tables: Tables, seed: int, sides: int = 1) -> None:
        self.tables, self.possible = tables, possible(tables)
        self._by_time = data_of(tables)
        self._by_travel = _costing(self._by_time, tables.costing(tables.travel_s))
        self._random = np.random.default_rng(seed)
        self._state = state_of(tables, self._random)
        self._sides = (
            [self._state._replace(**_own(tables, self._random)) for _ in range(sides)] if sides > 1 else []
        )
        self.begin(no_orders(tables))

    def begin(self, orders: Orders, *, by_travel: bool = False, until_s: int = NEVER) -> None:
        """Go on from `orders`, which keep the rules."""
        state = self._state
        self.data = self._by_travel if by_travel else self._by_time
        state.home_by[UNTIL] = until_s
        state.home_by[AIM], state.home_by[LATE_PRICE] = 0, 0
        state.stamp[:] = -1
        state.route[:] = state.after[:] = -1
        for crew, order in enumerate(orders):
            state.seq[crew, 0] = self.tables.crews[crew].start
            state.seq[crew, 1 : len(order) + 1] = order
            state.seq[crew, len(order) + 1] = self.tables.crews[crew].end
            state.visits[crew] = len(order)
        kernel.settle(self.data, state)
        absent = [node for node in left_out(self.tables, orders) if self.possible[node]]
        state.absent[: len(absent)], state.counts[ABSENT] = absent, len(absent)
        self._set_total()

    def aim(self, at_s: int, price: int) -> None:
        """Say when all should be back (seconds after midnight), and what each second after it costs."""
        self._state.home_by[AIM], self._state.home_by[LATE_PRICE] = at_s, price
        kernel.settle(self.data, self._state)
        self._set_total()

    def set_price(self, price_s: float) -> None:
        """Set what it costs to leave out a visit of the least urgent tier.

        A more urgent visit costs more than all less urgent ones.
        """
        self._state.price[:] = price_s * _weights(self.tables)[self.tables.tier[: self.tables.n]]
        self._set_total()

    def _set_total(self) -> None:
        state = self._state
        state.total[CURRENT] = state.cost.sum() + state.price[state.absent[: state.counts[ABSENT]]].sum()
        self.best, self.best_cost = self.orders, self.cost

    def run(self, steps: int, heat_s: float, *, until_all_in: bool = False) -> int:
        """Ruin and recreate, and return how many steps were made.

        Accept plans that are up to about `heat_s` worse. With `until_all_in`, stop once nobody is left out.
        """
        sides = self._shares()
        for side in sides:
            kernel.mark(side)
        each, made = -(-steps // len(sides)), [0] * len(sides)

        def search(number: int) -> None:
            made[number] = kernel.anneal(self.data, sides[number], each, float(heat_s), int(until_all_in))

        threads = [threading.Thread(target=search, args=(number,)) for number in range(1, len(sides))]
        for thread in threads:
            thread.start()
        search(0)
        for thread in threads:
            thread.join()
        best_cost = float(sum(side.total[BEST] for side in sides))
        if best_cost < self.best_cost:
            self.best, self.best_cost = _orders(self._state.best_seq, self._state.best_count), best_cost
        if len(sides) > 1:
            self._join(sides)
        return sum(made)

    def _shares(self) -> list[kernel.State]:
        """Share routes and visits out by their distance from some place, mostly at the edge.

        Each side gets about as many visits.
        """
        state, n, number = self._state, self.tables.n, len(self._sides)
        used = np.flatnonzero(state.visits)
        if len(used) < LEAST_ROUTES * number or not number:
            return [state]
        away = self.data.go_s[0, self._random.integers(n), :n]
        if self._random.random() < AT_EDGE:
            away = self.data.go_s[0, int(np.where(away < FORBIDDEN, away, -1).argmax()), :n]
        placed = np.flatnonzero(state.route >= 0)
        mean = np.bincount(state.route[placed], weights=away[placed], minlength=len(state.visits))[used]
        used = used[(mean / state.visits[used]).argsort(kind="stable")]
        behind = np.cumsum(state.visits[used])
        of_crew = np.arange(len(state.visits)) % number  # whoever is at home
        of_crew[used] = (behind - state.visits[used] / 2) * number // behind[-1]
        of_visit = np.full(n, -1)
        of_visit[placed] = of_crew[state.route[placed]]
        absent = state.absent[: state.counts[ABSENT]]
        for node in absent.tolist():
            beside = of_visit[self.data.near[node]]
            beside = beside[beside >= 0]
            of_visit[node] = beside[0] if len(beside) else self._random.integers(number)
        state.stamp[:] = -1
        sides = []
        for at, side in enumerate(self._sides):
            mine = of_visit == at
            share = side._replace(
                crews=np.flatnonzero(of_crew == at), members=np.flatnonzero(mine), mine=mine
            )
            out = absent[mine[absent]]
            share.absent[: len(out)], share.counts[ABSENT] = out, len(out)
            share.total[CURRENT] = state.cost[share.crews].sum() + state.price[out].sum()
            sides.append(share)
        return sides

    def _join(self, sides: list[kernel.State]) -> None:
        absent = np.concatenate([side.absent[: side.counts[ABSENT]] for side in sides])
        self._state.absent[: len(absent)], self._state.counts[ABSENT] = absent, len(absent)
        self._state.total[CURRENT] = sum(side.total[CURRENT] for side in sides)

    @property
    def travel_s(self) -> int:
        """Return what the legs of the current plan cost."""
        return int(self._state.cost.sum())

    def fits(self, crew: int, place: int, node: int) -> bool:
        """Say whether the team keeps every rule with `node` at `place` of its current route."""
        return bool(kernel.may_insert(self.data, self._state, crew, place, node))

    @property
    def orders(self) -> Orders:
        """Return the current plan."""
        return _orders(self._state.seq, self._state.visits)

    @property
    def cost(self) -> float:
        """Return what the current plan costs."""
        return float(self._state.total[CURRENT])

    @property
    def all_in(self) -> bool:
        """Say whether the current plan leaves out nobody whom some team could visit."""
        return bool(self._state.counts[ABSENT] == 0)


def _orders(seq: Shorts, count: Ints) -> Orders:
    return tuple(tuple(row[1 : visits + 1].tolist()) for row, visits in zip(seq, count.tolist(), strict=True))


def _weights(tables: Tables) -> Floats:
    """Return what a visit of each tier counts: more than all that are less urgent together."""
    counts = np.bincount(tables.tier[: tables.n], minlength=tables.tiers)
    return np.array([np.prod(counts[tier + 1 :] + 1.0) for tier in range(tables.tiers)])


def _shorts(table: Ints) -> Shorts:
    """Return the table in half the memory: nothing in it is above FORBIDDEN."""
    return np.ascontiguousarray(np.minimum(table, FORBIDDEN), dtype=np.int32)


def _costing(data: kernel.SearchData, cost_s: Ints) -> kernel.SearchData:
    """Return the same with other costs."""
    rows = np.arange(len(data.near))[:, None]
    return data._replace(cost_s=_shorts(cost_s), near_s=_shorts(cost_s[:, data.near, rows]))


def data_of(tables: Tables) -> kernel.SearchData:
    """Return the arrays of `tables` that the kernel reads."""
    n, crews = tables.n, tables.crews
    go = tables.go_s.min(axis=0)
    apart = np.minimum(go, go.T)[:n, :n]
    np.fill_diagonal(apart, NEVER)
    size = min(NEAR, max(0, n - 1))
    near = np.argpartition(apart, size, axis=1)[:, :size] if size < n - 1 else apart.argsort(axis=1)[:, :size]
    order = np.take_along_axis(apart, near, axis=1).argsort(axis=1, kind="stable")
    breaks = max((len(crew.pauses) for crew in crews), default=0)
    pauses = np.zeros((len(crews), max(1, breaks), 3), dtype=np.int64)
    for number, crew in enumerate(crews):
        for k, pause in enumerate(crew.pauses):
            pauses[number, k] = pause.earliest_s, pause.latest_s, pause.duration_s
    limited = np.array([min(crew.max_travel_s, crew.max_distance_m) < NO_LIMIT for crew in crews], dtype=bool)
    goods = counted(tables)
    room = np.array(
        [
            [left + crew.max_reloads * most for left, most in zip(crew.room, crew.capacity, strict=True)]
            for crew in crews
        ],
        dtype=np.int64,
    )
    nothing = np.zeros(n if any(crew.wish_s is not None for crew in crews) else 0, dtype=np.int64)
    wishes = np.stack([nothing if crew.wish_s is None else crew.wish_s for crew in crews])
    none = np.zeros((1, 1, 1), dtype=np.int32)
    go_shorts = _shorts(tables.go_s)
    data = kernel.SearchData(
        go_s=go_shorts,
        travel_s=_shorts(tables.travel_s) if breaks else go_shorts,
        cost_s=none,
        near_s=none,
        near=np.ascontiguousarray(np.take_along_axis(near, order, axis=1), dtype=np.int32),
        far_s=go[sorted({crew.start for crew in crews})].min(axis=0)[:n].copy(),
        stops=Stops(tables.service_s, tables.opens_s, tables.closes_s),
        demand=np.ascontiguousarray(tables.demand[:, goods]),
        tier=tables.tier,
        profile=_column([crew.profile for crew in crews]),
        same_team=_column(list(alike(crews))),
        shift_s=np.array([(crew.opens_s, crew.back_by_s) for crew in crews], dtype=np.int64),
        capacity=np.ascontiguousarray(room[:, goods]),
        max_visits=_column([crew.max_visits for crew in crews]),
        may=np.ascontiguousarray(np.stack([crew.may for crew in crews])),
        pauses=_column([len(crew.pauses) for crew in crews]),
        pause_s=pauses,
        out=np.array([crew.out for crew in crews], dtype=bool),
        fixed=_column([len(crew.fixed) for crew in crews]),
        wished=np.array([crew.wish_s is not None for crew in crews], dtype=bool),
        wish_s=_shorts(wishes),
        limited=limited,
        limit=np.array([(crew.max_travel_s, crew.max_distance_m) for crew in crews], dtype=np.int64),
        lengths=np.stack([_shorts(tables.travel_s), _shorts(tables.distance_m)])
        if limited.any()
        else np.zeros((2, 1, 1, 1), dtype=np.int32),
        trips=rules_of(crews, goods),
        never_quicker=np.array([never_quicker(tables, crew) for crew in crews], dtype=bool),
    )
    return _costing(data, tables.costing(tables.go_s))


def counted(tables: Tables) -> list[int]:
    """Return the goods that some team has not without limit: the search counts no others."""
    return [
        goods
        for goods in range(tables.demand.shape[1])
        if any(crew.capacity[goods] < NO_LIMIT for crew in tables.crews)
    ]


def _column(values: list[int]) -> Ints:
    return np.array(values, dtype=np.int64)


def state_of(tables: Tables, random: np.random.Generator) -> kernel.State:
    """Return the arrays that the kernel writes, for a plan without visits."""
    n, crews, goods = tables.n, len(tables.crews), len(counted(tables))
    breaks = max((len(crew.pauses) for crew in tables.crews), default=0)

    length = _longest(tables) + 3

    def stops() -> Shorts:
        return np.zeros((crews, length), dtype=np.int32)

    def times() -> Ints:
        return np.zeros((crews, length, breaks + 1), dtype=np.int64)

    def numbers(size: int) -> Ints:
        return np.zeros(size, dtype=np.int64)

    def cuts() -> Ints:
        return np.zeros(
            (crews, 1 + max((crew.max_reloads for crew in tables.crews), default=0)), dtype=np.int64
        )

    return kernel.State(
        seq=stops(),
        visits=numbers(crews),
        free_s=times(),
        late_s=times(),
        route=np.full(n, -1, dtype=np.int32),
        at=np.zeros(n, dtype=np.int32),
        after=np.full(n, -1, dtype=np.int32),
        on_s=np.zeros(n, dtype=np.int32),
        slack_s=np.zeros(n, dtype=np.int32),
        load=np.zeros((crews, goods), dtype=np.int64),
        cost=numbers(crews),
        legs_s=stops(),
        length=np.zeros((crews, 2), dtype=np.int64),
        reloads=numbers(crews),
        cuts=cuts(),
        price=np.zeros(n),
        home_by=numbers(3),
        tail_s=np.zeros((crews, length), dtype=np.int64),
        over_s=numbers(crews),
        best_seq=stops(),
        best_count=numbers(crews),
        dirty=np.zeros(crews, dtype=bool),
        stamp=numbers(crews),
        old_seq=stops(),
        old_count=numbers(crews),
        old_free_s=times(),
        old_late_s=times(),
        old_legs_s=stops(),
        old_load=np.zeros((crews, goods), dtype=np.int64),
        old_cost=numbers(crews),
        old_over_s=numbers(crews),
        old_reloads=numbers(crews),
        old_cuts=cuts(),
        **_own(tables, random),
    )


def _longest(tables: Tables) -> int:
    """Return how many visits a route can have: the less memory routes take, the faster is the search."""
    shift_s = max((crew.closes_s - crew.opens_s for crew in tables.crews), default=0)
    shortest = np.cumsum(np.sort(tables.service_s[: tables.n]))
    fixed = max((len(crew.fixed) for crew in tables.crews), default=0)
    return min(tables.n, fixed + int(np.searchsorted(shortest, shift_s, side="right")))


def _own(tables: Tables, random: np.random.Generator) -> dict[str, Any]:
    """Return what a search has of its own; at first all routes and visits are its."""
    n = tables.n
    return {
        "absent": np.zeros(n, dtype=np.int64),
        "counts": np.zeros(2, dtype=np.int64),
        "total": np.zeros(2),
        "crews": np.arange(len(tables.crews)),
        "members": np.arange(n),
        "mine": np.ones(n, dtype=bool),
        "trial": np.zeros(n + 3, dtype=np.int32),
        "buffers": buffers_for(tables.crews, len(counted(tables)), n + 3),
        "random": random.integers(1, 2**63, size=1, dtype=np.uint64),
        "spot": np.zeros(4, dtype=np.int64),
        "before": np.zeros(n, dtype=np.int64),
        "waiting": np.zeros(n, dtype=np.int64),
        "keys": np.zeros(n),
    }
