"""The search of our own, in phases of one cooling each: fit everybody in, bring the last return forward, then save travel."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from importlib import import_module

import numpy as np

from doorroute.model.settings import Objective
from doorroute.planning.best import Best
from doorroute.planning.bounds import longest_trip
from doorroute.planning.insertion import Filler, repaired
from doorroute.planning.pool import SOLVER, Pool, split
from doorroute.planning.ruin import Ruin
from doorroute.planning.schedule import NEVER
from doorroute.planning.score import left_out

HOT, WARM, COLD = 3.0, 1.0, 0.01
"""How much worse than the current plan one is accepted, in mean legs, at the start and end of a cooling."""

FIT_SHARE, SAVE_SHARE = 0.3, 0.25
"""Of the time for `finish`: at most for fitting everybody in, and at the end for saving travel."""

STEP, STEP_LEAST, PATIENCE = 0.1, 0.004, 0.08
"""The bound on the last return is lowered by this part of what is between it and the lower bound; by half of it, down to the least, after
trying in vain for this share of the time."""

OUTSIDE: float = 10.0
"""What a visit of the least urgent tier costs in mean legs while it stands outside a bound that was lowered."""

OUT: float = 1000.0
"""What it costs otherwise."""

SLICE_S = 0.04
"""Between two looks at the clock."""

SPLIT_SHARE, SPLIT_MOST_S, SPLIT_LEAST_S, REST = 0.12, 6.0, 0.2, 0.2
"""Of the time, and in seconds at most and at least: for the final split, and of that for what comes after."""


class Search:
    """One search, which improves `best` in place until `ends` (`time.monotonic`) or `stopped` says so."""

    def __init__(self, best: Best, ends: float, seed: int, stopped: Callable[[], bool]) -> None:
        self.tables, self.best, self.ends, self.seed, self.stopped = best.tables, best, ends, seed, stopped
        self.begun = time.monotonic()
        self.ruin, self.pool = Ruin(self.tables, seed), Pool(self.tables)
        hopeless = self.tables.tier[[node for node in left_out(self.tables, ()) if not self.ruin.possible[node]]]
        self.least_missed = tuple(np.bincount(hopeless, minlength=self.tables.tiers).tolist())
        self._steps = 50
        # the solver takes a second to import; the search, which holds no lock, goes on meanwhile
        self._loading = threading.Thread(target=import_module, args=(SOLVER,), daemon=True)

    def run(self) -> None:
        """Search."""
        whole = self.ends - self.begun
        for_split = min(SPLIT_SHARE * whole, SPLIT_MOST_S)
        if for_split >= SPLIT_LEAST_S:
            self._loading.start()
        if self.best.objective is Objective.TRAVEL:
            self._begin(by_travel=True)
            self._cool(HOT, self.ends - for_split)
            self._split(for_split, NEVER)
            return
        # whoever is still left out comes before any objective: if need be once more, with nearly all the time there is
        for ends in (self.begun + FIT_SHARE * whole, self.ends - SAVE_SHARE * whole):
            if self.best.missed > self.least_missed:
                self._begin()
                self._cool(HOT, ends, until_all_in=True)
        self._bring_forward(self.ends - SAVE_SHARE * whole, PATIENCE * whole)
        self._begin(by_travel=True, until_s=self.best.finish_s)
        self._cool(WARM, self.ends - for_split)
        self._split(for_split, self.best.finish_s)

    def _split(self, seconds: float, until_s: int) -> None:
        """Choose among the routes met so far, and go on from there, cold, with what time that leaves."""
        if seconds >= SPLIT_LEAST_S and not self._loading.is_alive() and not self.stopped():
            split(self.best, self.pool, seconds * (1 - REST), self.seed)
        self._begin(by_travel=True, until_s=until_s)
        self._cool(10 * COLD, self.ends)

    def _begin(self, *, by_travel: bool = False, until_s: int = NEVER, outside: float = OUT) -> None:
        """Start from the best plan, with what `until_s` cuts off put back in as far as it finds a place."""
        cut = repaired(self.tables, self.best.orders, until_s)
        filler = Filler(self.tables, self.tables.travel_s if by_travel else self.tables.go_s, until_s)
        orders = filler.fill(cut, left_out(self.tables, cut))
        self.best.take(orders)
        self.ruin.begin(orders, by_travel=by_travel, until_s=until_s)
        self.leg_s = 1 + self.ruin.travel_s / (self.tables.n + len(self.tables.crews))
        self.ruin.set_price(outside * self.leg_s)

    def _cool(self, heat: float, ends: float, *, until_all_in: bool = False) -> None:
        """Ruin and recreate, cooling down from now to `ends`."""
        begun = time.monotonic()
        while (now := time.monotonic()) < ends and not self.stopped():
            self._slice(heat * (COLD / heat) ** ((now - begun) / (ends - begun)), until_all_in=until_all_in)
            if until_all_in and self.best.missed <= self.least_missed:
                return

    def _slice(self, heat: float, *, until_all_in: bool = False) -> None:
        """Search for a moment, and tell what came of it."""
        begun, cost = time.monotonic(), self.ruin.best_cost
        made = self.ruin.run(self._steps, heat * self.leg_s, until_all_in=until_all_in)
        if made == self._steps:
            took = time.monotonic() - begun
            self._steps = max(1, round(self._steps * min(2.0, SLICE_S / max(took, 1e-6))))
        if self.ruin.best_cost < cost:
            self.best.take(self.ruin.best)
        self.pool.add(self.ruin.orders)
        self.pool.add(self.best.orders)

    def _bring_forward(self, ends: float, patience_s: float) -> None:
        """Lower a bound on the last return step by step; what it cuts off stands outside at a price until it is fitted in again."""
        best, step, begun = self.best, STEP, time.monotonic()
        floor = longest_trip(self.tables, [node for order in best.orders for node in order])
        while (now := time.monotonic()) < ends and best.finish_s > floor and not self.stopped():
            until = best.finish_s - max(1, round((best.finish_s - floor) * step))
            self._begin(until_s=until, outside=OUTSIDE)
            while time.monotonic() < min(ends, now + patience_s) and best.finish_s > until and not self.stopped():
                passed = (time.monotonic() - begun) / (ends - begun)
                self._slice(WARM * (COLD / WARM) ** passed, until_all_in=True)
            if best.finish_s > until:
                step = max(step / 2, STEP_LEAST)
