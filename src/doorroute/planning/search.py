"""The search of our own, in phases of one cooling each: fit everybody in, bring the last return forward, then save travel."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from doorroute.model.settings import Objective
from doorroute.planning.best import Best
from doorroute.planning.bounds import longest_trip
from doorroute.planning.insertion import Filler, repaired
from doorroute.planning.ruin import Ruin
from doorroute.planning.score import left_out
from doorroute.planning.tables import Tables

HOT, COLD = 0.4, 0.004
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
            self._anneal(Filler(self.tables, self.tables.travel_s), self.ends, done=lambda: False)
            return
        self._anneal(
            Filler(self.tables, self.tables.go_s),
            self.begun + FIT_SHARE * whole,
            done=lambda: self.best.missed <= self.least_missed,
        )
        self._bring_forward(self.ends - SAVE_SHARE * whole, PATIENCE * whole)
        self._anneal(Filler(self.tables, self.tables.travel_s, self.best.finish_s), self.ends, done=lambda: False)

    def _anneal(self, filler: Filler, ends: float, *, done: Callable[[], bool]) -> None:
        """Ruin and recreate from the best plan on, cooling down until `ends`, or until `done`."""
        ruin, begun = self.ruin, time.monotonic()
        cut = repaired(self.tables, self.best.orders, filler.until_s)
        ruin.begin(filler, filler.fill(cut, left_out(self.tables, cut)))
        if self.best.take(ruin.orders) and done():
            return
        leg = 1 + ruin.key[1] / (self.tables.n + len(self.tables.crews))
        lowest = ruin.key
        while (now := time.monotonic()) < ends and not self.stopped():
            ruin.step(leg * HOT * (COLD / HOT) ** ((now - begun) / (ends - begun)))
            if ruin.key < lowest:
                lowest = ruin.key
                if self.best.take(ruin.orders) and done():
                    return

    def _bring_forward(self, ends: float, patience_s: float) -> None:
        """Lower a bound on the last return step by step; what it cuts off has to be fitted in again."""
        floor = longest_trip(self.tables, [node for order in self.best.orders for node in order])
        step = STEP
        while (now := time.monotonic()) < ends and self.best.finish_s > floor and not self.stopped():
            aim, until = self.best.missed, self.best.finish_s - max(1, round((self.best.finish_s - floor) * step))
            self._anneal(
                Filler(self.tables, self.tables.go_s, until),
                min(ends, now + patience_s),
                done=lambda: self.best.missed <= aim and self.best.finish_s <= until,  # noqa: B023  called in this turn only
            )
            if self.best.finish_s > until:
                step = max(step / 2, STEP_LEAST)
