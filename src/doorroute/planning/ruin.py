"""A plan in the making at native speed: `kernel` with the arrays that it needs, and the way from and to orders."""

from __future__ import annotations

from typing import Final

import numpy as np

from doorroute.planning import kernel
from doorroute.planning.insertion import possible
from doorroute.planning.schedule import NEVER
from doorroute.planning.score import Orders, left_out, no_orders
from doorroute.planning.tables import FORBIDDEN, NO_LIMIT, Ints, Tables, alike

NEAR: Final = 60
"""How many neighbours of a visit are looked at, for ruin and for places beside them."""


class Ruin:
    """A search over one problem; `begin` says from where, by which costs and until when all have to be back."""

    def __init__(self, tables: Tables, seed: int) -> None:
        self.tables, self.possible = tables, possible(tables)
        self._by_time = _ground(tables)
        self._by_travel = self._by_time._replace(cost_s=_shorts(tables.costing(tables.travel_s)))
        self._state = _state(tables, seed)
        self.begin(no_orders(tables))

    def begin(self, orders: Orders, *, by_travel: bool = False, until_s: int = NEVER) -> None:
        """Go on from `orders`, which keep the rules."""
        state = self._state
        self.ground = self._by_travel if by_travel else self._by_time
        state.until_s[0] = until_s
        state.stamp[:] = -1
        state.route[:] = -1
        for crew, order in enumerate(orders):
            state.seq[crew, 0] = self.tables.crews[crew].start
            state.seq[crew, 1 : len(order) + 1] = order
            state.seq[crew, len(order) + 1] = self.tables.crews[crew].end
            state.visits[crew] = len(order)
            kernel.go_on(self.ground, state, crew, 0)
            kernel.go_back(self.ground, state, crew, len(order) + 2)
            kernel.sums(self.ground, state, crew)
        absent = [node for node in left_out(self.tables, orders) if self.possible[node]]
        state.absent[: len(absent)], state.numbers[0] = absent, len(absent)
        state.key[:] = state.cost.sum() + state.price[absent].sum()
        state.best_seq[:], state.best_count[:], state.dirty[:] = state.seq, state.visits, False

    def set_price(self, price_s: float) -> None:
        """Say what it costs to leave out a visit of the least urgent tier; one more urgent costs more than all that are less so."""
        state = self._state
        state.price[:] = price_s * _weights(self.tables)[self.tables.tier[: self.tables.n]]
        state.key[:] = state.cost.sum() + state.price[state.absent[: state.numbers[0]]].sum()

    def run(self, steps: int, heat_s: float, *, until_all_in: bool = False) -> int:
        """Ruin and recreate, accepting what is about `heat_s` worse; return how many steps were made, fewer if asked to stop once nobody is left out."""
        return kernel.anneal(self.ground, self._state, steps, float(heat_s), int(until_all_in))

    @property
    def travel_s(self) -> int:
        """Return what the legs of the current plan cost."""
        return int(self._state.cost.sum())

    def fits(self, crew: int, place: int, node: int) -> bool:
        """Say whether the team keeps every rule with `node` at `place` of its current route."""
        return kernel.has_room(self.ground, self._state, crew, node) and kernel.fits(
            self.ground, self._state, crew, place, node
        )

    @property
    def orders(self) -> Orders:
        """Return the current plan."""
        return _orders(self._state.seq, self._state.visits)

    @property
    def best(self) -> Orders:
        """Return the cheapest plan since `begin`."""
        return _orders(self._state.best_seq, self._state.best_count)

    @property
    def cost(self) -> float:
        """Return what the current plan costs."""
        return float(self._state.key[0])

    @property
    def best_cost(self) -> float:
        """Return what the cheapest plan costs."""
        return float(self._state.key[1])

    @property
    def all_in(self) -> bool:
        """Say whether the current plan leaves out nobody whom some team could visit."""
        return bool(self._state.numbers[0] == 0)


def _orders(seq: kernel.Shorts, count: Ints) -> Orders:
    return tuple(tuple(row[1 : visits + 1].tolist()) for row, visits in zip(seq, count.tolist(), strict=True))


def _weights(tables: Tables) -> kernel.Floats:
    """Return what a visit of each tier counts: more than all that are less urgent together."""
    counts = np.bincount(tables.tier[: tables.n], minlength=tables.tiers)
    return np.array([np.prod(counts[tier + 1 :] + 1.0) for tier in range(tables.tiers)])


def _shorts(table: Ints) -> kernel.Shorts:
    """Return the table in half the memory: nothing in it is above FORBIDDEN."""
    return np.ascontiguousarray(np.minimum(table, FORBIDDEN), dtype=np.int32)


def _ground(tables: Tables) -> kernel.Ground:
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
    goods, room = counted(tables), np.array([crew.room for crew in crews], dtype=np.int64)
    nothing = np.zeros(n if any(crew.wish_s is not None for crew in crews) else 0, dtype=np.int64)
    wishes = np.stack([nothing if crew.wish_s is None else crew.wish_s for crew in crews])
    return kernel.Ground(
        go_s=_shorts(tables.go_s),
        cost_s=_shorts(tables.costing(tables.go_s)),
        near=np.ascontiguousarray(np.take_along_axis(near, order, axis=1), dtype=np.int32),
        far_s=go[sorted({crew.start for crew in crews})].min(axis=0)[:n].copy(),
        service_s=tables.service_s,
        demand=np.ascontiguousarray(tables.demand[:, goods]),
        tier=tables.tier,
        opens_s=tables.opens_s,
        closes_s=tables.closes_s,
        profile=_column([crew.profile for crew in crews]),
        alike=_column(list(alike(crews))),
        shift_s=np.array([(crew.opens_s, crew.back_by_s) for crew in crews], dtype=np.int64),
        capacity=np.ascontiguousarray(room[:, goods]),
        max_visits=_column([crew.max_visits for crew in crews]),
        may=np.ascontiguousarray(np.stack([crew.may for crew in crews])),
        pauses=_column([len(crew.pauses) for crew in crews]),
        pause_s=pauses,
        out=np.array([crew.out for crew in crews], dtype=bool),
        fixed=_column([len(crew.fixed) for crew in crews]),
        age_s=_column([NEVER if crew.first_s is not None else min(crew.max_age_s, NEVER) for crew in crews]),
        wished=np.array([crew.wish_s is not None for crew in crews], dtype=bool),
        wish_s=_shorts(wishes),
        limited=limited,
        most=np.array([(crew.max_travel_s, crew.max_distance_m) for crew in crews], dtype=np.int64),
        ways=np.stack([_shorts(tables.travel_s), _shorts(tables.distance_m)])
        if limited.any()
        else np.zeros((2, 1, 1, 1), dtype=np.int32),
    )


def counted(tables: Tables) -> list[int]:
    """Return the goods that some team has not without limit: the search counts no others."""
    return [
        goods
        for goods in range(tables.demand.shape[1])
        if any(crew.capacity[goods] < NO_LIMIT for crew in tables.crews)
    ]


def _column(values: list[int]) -> Ints:
    return np.array(values, dtype=np.int64)


def _state(tables: Tables, seed: int) -> kernel.State:
    n, crews, goods = tables.n, len(tables.crews), len(counted(tables))
    breaks = max((len(crew.pauses) for crew in tables.crews), default=0)

    def stops() -> kernel.Shorts:
        return np.zeros((crews, n + 3), dtype=np.int32)

    def times() -> Ints:
        return np.zeros((crews, n + 3, breaks + 1), dtype=np.int64)

    def numbers(size: int) -> Ints:
        return np.zeros(size, dtype=np.int64)

    random = np.random.default_rng(seed).integers(1, 2**63, size=1, dtype=np.uint64)
    return kernel.State(
        seq=stops(),
        visits=numbers(crews),
        free_s=times(),
        late_s=times(),
        route=numbers(n),
        at=numbers(n),
        load=np.zeros((crews, goods), dtype=np.int64),
        cost=numbers(crews),
        length=np.zeros((crews, 2), dtype=np.int64),
        price=np.zeros(n),
        absent=numbers(n),
        numbers=numbers(2),
        until_s=numbers(1),
        key=np.zeros(2),
        best_seq=stops(),
        best_count=numbers(crews),
        dirty=np.zeros(crews, dtype=bool),
        stamp=numbers(crews),
        old_seq=stops(),
        old_count=numbers(crews),
        old_free_s=times(),
        old_late_s=times(),
        old_load=np.zeros((crews, goods), dtype=np.int64),
        old_cost=numbers(crews),
        random=random,
        spot=numbers(3),
        before=numbers(n),
        waiting=numbers(n),
        keys=np.zeros(n),
        ready_s=numbers(breaks + 1),
    )
