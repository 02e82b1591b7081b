"""The search of our own, in phases of one cooling each: fit everybody in, bring the last return forward, then save travel."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

import numpy as np

from doorroute.model.settings import Objective
from doorroute.planning.best import Best
from doorroute.planning.bounds import longest_trip
from doorroute.planning.insertion import Filler, repaired
from doorroute.planning.ruin import Ruin
from doorroute.planning.score import left_out
from doorroute.planning.tables import Tables

HOT, WARM, COLD = 0.4, 0.3, 0.004
"""How much worse than the current plan one is accepted, in mean legs, at the start and end of a phase."""

FIT_SHARE, SAVE_SHARE = 0.3, 0.15
"""Of the time for `finish`: at most for fitting everybody in, and at the end for saving travel."""

STEP, STEP_LEAST, PATIENCE = 0.1, 0.004, 0.12
"""The bound on the last return is lowered by this part of what is between it and the lower bound; by half of it, down to the least, after
trying in vain for this share of the time."""


class Search:
    """One search, which improves `best` in place until `ends` (`time.monotonic`) or `stopped` says so."""

    def __init__(self, tables: Tables, best: Best, ends: float, seed: int, stopped: Callable[[], bool]) -> None:
        self.tables, self.best, self.ends, self.stopped = tables, best, ends, stopped
        self.begun = time.monotonic()
        self.ruin = Ruin(tables, np.random.default_rng(seed))
        hopeless = tables.tier[: tables.n][~self.ruin.possible]
        self.least_missed = tuple(np.bincount(hopeless, minlength=tables.tiers).tolist())

    def run(self) -> None:
        """Search."""
        whole = self.ends - self.begun
        if self.best.objective is Objective.TRAVEL:
            self._anneal(Filler(self.tables, self.tables.travel_s), self.ends, done=lambda: False, heat=HOT)
            return
        by_time = Filler(self.tables, self.tables.go_s)
        self._anneal(by_time, self.begun + FIT_SHARE * whole, done=self._all_in, heat=HOT)
        # whoever is still left out comes before any objective: once more, with nearly all the time there is
        self._anneal(by_time, self.ends - SAVE_SHARE * whole, done=self._all_in, heat=HOT)
        self._bring_forward(self.ends - SAVE_SHARE * whole, PATIENCE * whole)
        by_travel = Filler(self.tables, self.tables.travel_s, self.best.finish_s)
        self._anneal(by_travel, self.ends, done=lambda: False, heat=WARM)

    def _anneal(self, filler: Filler, ends: float, *, done: Callable[[], bool], heat: float) -> None:
        """Ruin and recreate from the best plan on, cooling down until `ends`, or until `done`, here or by whoever else improves it."""
        ruin, begun = self.ruin, time.monotonic()
        cut = repaired(self.tables, self.best.orders, filler.until_s)
        ruin.begin(filler, filler.fill(cut, left_out(self.tables, cut)))
        self.best.take(ruin.orders)
        leg = 1 + ruin.key[1] / (self.tables.n + len(self.tables.crews))
        lowest = ruin.key
        while not done() and (now := time.monotonic()) < ends and not self.stopped():
            ruin.step(leg * heat * (COLD / heat) ** ((now - begun) / (ends - begun)))
            if ruin.key < lowest:
                lowest = ruin.key
                self.best.take(ruin.orders)

    def _bring_forward(self, ends: float, patience_s: float) -> None:
        """Lower a bound on the last return step by step; what it cuts off has to be fitted in again."""
        best, step = self.best, STEP
        floor = longest_trip(self.tables, [node for order in best.orders for node in order])
        while (now := time.monotonic()) < ends and best.finish_s > floor and not self.stopped():
            until = best.finish_s - max(1, round((best.finish_s - floor) * step))
            filler = Filler(self.tables, self.tables.go_s, until)
            self._anneal(filler, min(ends, now + patience_s), done=partial(self._back_by, until), heat=WARM)
            if not self._back_by(until):
                step = max(step / 2, STEP_LEAST)

    def _all_in(self) -> bool:
        return self.best.missed <= self.least_missed

    def _back_by(self, until_s: int) -> bool:
        return self.best.finish_s <= until_s
